"""What looks like a request is said the same day, with the words that look like one (R62)."""

import time

import pytest

from records.documents.text.spotting import KIND_WORDS, MOST_TEXT, RequestKind, possible_requests

K = RequestKind


def kinds(text: str) -> list[RequestKind]:
    return [one.kind for one in possible_requests(text)]


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("Please send me a copy of my records.", K.COPY, "copy of my records"),
        ("I want copies of every single\nreport", K.COPY, "copies of every single report"),
        ("I would like to know what you hold about us", K.COPY, "what you hold"),
        ("everything that you have about my son", K.COPY, "everything that you have about"),
        ("This is a Subject Access Request.", K.COPY, "Subject Access Request"),
        ("I wish to withdraw my consent", K.WITHDRAW, "withdraw"),
        ("I am with-\ndrawing it", K.WITHDRAW, "withdrawing"),
        ("we no longer agree to this", K.WITHDRAW, "no longer agree"),
        ("I don’t consent any more", K.WITHDRAW, "don't consent"),
        ("Please stop sharing with the school", K.WITHDRAW, "stop sharing"),
        ("DELETE all of it", K.DELETE, "DELETE"),
        ("please remove all of our details from your list", K.DELETE, "remove all of our details"),
        ("Please correct the spelling in your records", K.CORRECT, "correct the spelling in your records"),
        ("the information you sent is wrong", K.CORRECT, "information you sent is wrong"),
        ("I want to complain about this", K.COMPLAIN, "complain"),
        ("We will go to the Ombudsman", K.COMPLAIN, "Ombudsman"),
    ],
)
def test_a_phrase_raises_its_kind_with_the_words(text: str, kind: RequestKind, words: str) -> None:
    (found,) = possible_requests(text)
    assert found.kind is kind
    assert words in found.words


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Thank you for the meeting in March. We look forward to the next one.",
        "The draft plan has been sent to the school. She reads well and enjoys music.",
        "The answer is correct. The file was thick.",
        "Copying the letters of the alphabet is part of her daily work.",
    ],
)
def test_an_ordinary_letter_raises_nothing(text: str) -> None:
    assert possible_requests(text) == ()


def test_one_letter_may_ask_for_several_things_and_each_is_said_once() -> None:
    text = "I complain. I complain! Delete my data after you have sent a copy of my file."
    assert kinds(text) == [K.COPY, K.DELETE, K.COMPLAIN]
    (complaint,) = [one for one in possible_requests(text) if one.kind is K.COMPLAIN]
    assert complaint.words == ("complain",)


def test_every_kind_has_words_for_the_desk() -> None:
    assert set(KIND_WORDS) == set(RequestKind)


def test_text_made_to_be_slow_is_not() -> None:
    started = time.process_time()
    for text in ("copy of " * 20_000, "remove " * 20_000, "records is " * 20_000, "a " * MOST_TEXT):
        possible_requests(text)
    assert time.process_time() - started < 20
