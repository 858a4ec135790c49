"""Marks to answers, one row for each pair: doubt is never yes or no without a question."""

import itertools

import pytest

from forms.answers import (
    BARELY,
    CROSS_AMONG_TICKS,
    IN_THE_GAP,
    NOT_MARKED,
    NOT_NAMED,
    PERHAPS_CROSS,
    STRUCK,
    THIRD,
    Answer,
    Sign,
    barely_visible,
    lone_crosses,
    named,
    third_answers,
    tick,
    with_words,
    yes_no,
)
from forms.drafting.wordings import NEITHER
from forms.marks import Judged, Mark
from forms.thresholds import STANDARD

E, M, U, S = Mark.EMPTY, Mark.MARKED, Mark.UNSURE, Mark.SOLID

PAIRS = {
    (E, E): ("blank", False),
    (M, E): ("yes", False),
    (E, M): ("no", False),
    (M, M): ("unclear", True),
    (U, E): ("unclear", True),
    (E, U): ("unclear", True),
    (U, U): ("unclear", True),
    (U, M): ("unclear", True),
    (M, U): ("unclear", True),
    (S, E): ("unclear", True),
    (E, S): ("unclear", True),
    (S, S): ("unclear", True),
    (S, M): ("unclear", True),
    (M, S): ("unclear", True),
    (S, U): ("unclear", True),
    (U, S): ("unclear", True),
}
SINGLE = {E: ("blank", False), M: ("yes", False), U: ("unclear", True), S: ("unclear", True)}


def judged(mark: Mark) -> Judged:
    """A mark as `judge` would give it."""
    return Judged(mark, 0.97, "Why." if mark in (U, S) else None)


def test_the_table_has_every_pair() -> None:
    assert set(PAIRS) == set(itertools.product(Mark, Mark))


@pytest.mark.parametrize(("pair", "expected"), PAIRS.items())
def test_pair(pair: tuple[Mark, Mark], expected: tuple[str, bool]) -> None:
    answer = yes_no(judged(pair[0]), judged(pair[1]))
    assert (answer.value, answer.review) == expected
    assert bool(answer.reason) is answer.review


@pytest.mark.parametrize(("mark", "expected"), SINGLE.items())
def test_single_box(mark: Mark, expected: tuple[str, bool]) -> None:
    answer = tick(judged(mark))
    assert (answer.value, answer.review) == expected
    assert bool(answer.reason) is answer.review


@pytest.mark.parametrize("value", ["yes", "no", "blank", "unclear"])
def test_ink_over_the_words_is_asked_about(value: str) -> None:
    answer = with_words(Answer(value, False, 0.97, None), {"text": STANDARD.words})
    assert answer.review
    assert answer.reason
    assert answer.value == ("unclear" if value == "blank" else value)


@pytest.mark.parametrize(("value", "told"), [("yes", "yes"), ("no", "no"), ("blank", "unclear")])
def test_words_that_are_struck_out_are_asked_about(value: str, told: str) -> None:
    """R23: a Yes of which the word was struck out is none, and a question that was struck out was not answered."""
    answer = with_words(Answer(value, False, 0.999, None), {"struck": 1.0, "text": 0.0})
    assert answer == Answer(told, True, 0.5, STRUCK)
    assert with_words(Answer(value, False, 0.999, None), {"struck": 0.0}).review is False


def test_words_without_ink_change_nothing() -> None:
    answer = Answer("yes", False, 0.97, None)
    assert with_words(answer, {"text": STANDARD.words - 0.01, "yes": 0.0}) == answer


def test_words_keep_an_earlier_reason() -> None:
    assert (
        with_words(Answer("unclear", True, 0.5, "Both boxes have marks."), {"no": 9.0}).reason
        == "Both boxes have marks."
    )


@pytest.mark.parametrize(
    ("answer", "asked"),
    [
        (Answer("blank", False, 0.99, None), True),
        (Answer("yes", False, 0.999, None), False),
        (Answer("no", False, 0.99, None), False),
    ],
)
def test_a_mark_between_two_questions_may_be_that_of_one_without_any(answer: Answer, asked: bool) -> None:
    told = with_words(answer, {"gap": STANDARD.in_the_gap})
    assert told == (Answer("unclear", True, 0.5, IN_THE_GAP, "blank") if asked else answer)
    assert with_words(answer, {"gap": STANDARD.in_the_gap - 0.01}) == answer


def marked(crossed: str, ticked: str, other: str = "") -> tuple[dict[str, Answer], dict[str, Sign]]:
    """Yes answers, one a letter, and what their marks look like."""
    answers = {name: Answer("yes", False, 0.97, None) for name in crossed + ticked + other}
    signs = {name: Sign.CROSS if name in crossed else Sign.TICK if name in ticked else Sign.OTHER for name in answers}
    return answers, signs


def test_a_cross_among_ticks_is_asked_about() -> None:
    changed = lone_crosses(*marked("a", "bcd"))
    assert changed["a"].review
    assert changed["a"].reason == "This mark is a cross; others on the form are ticks. A cross may mean no."
    assert not any(changed[name].review for name in "bcd")


@pytest.mark.parametrize(
    ("crossed", "ticked"), [("ab", "cdef"), ("abc", "defghij"), ("abc", "def"), ("abcde", "fgh"), ("abcdef", "gh")]
)
def test_every_cross_of_a_writer_who_ticks_as_well_is_asked_about(crossed: str, ticked: str) -> None:
    changed = lone_crosses(*marked(crossed, ticked))
    assert {name for name, one in changed.items() if one.review} == set(crossed)


@pytest.mark.parametrize(
    ("crossed", "other", "asked"),
    [("a", "bc", True), ("ab", "cdef", True), ("abc", "def", False), ("abcde", "fgh", False), ("a", "b", False)],
)
def test_marks_that_may_be_crosses_speak_only_against_a_few(crossed: str, other: str, asked: bool) -> None:
    """A cross in a hurry, or one that the scan lost in part, is no plain tick: whoever crosses throughout is believed."""
    changed = lone_crosses(*marked(crossed, "", other))
    assert {name for name, one in changed.items() if one.review} == (set(crossed) if asked else set())


def test_ticks_that_are_asked_about_show_how_the_writer_marks_as_well() -> None:
    answers, crosses = marked("a", "bcd")
    answers |= {
        name: Answer("unclear", True, 0.9, "This looks like a mark, but not clearly enough.", "yes") for name in "bcd"
    }
    assert lone_crosses(answers, crosses)["a"].review


@pytest.mark.parametrize(
    ("crossed", "ticked"), [("abcd", ""), ("", "abcd"), ("abc", "d"), ("abcdefghi", "jk"), ("a", ""), ("a", "b")]
)
def test_a_writer_who_crosses_is_not_asked(crossed: str, ticked: str) -> None:
    answers, crosses = marked(crossed, ticked)
    assert lone_crosses(answers, crosses) == answers


def test_crosses_that_say_no_make_nobody_one_who_crosses_for_yes() -> None:
    """Two ticks are a fifth of the eight marks that say yes, and fewer of all: four No boxes were crossed."""
    answers, signs = marked("abcdef", "gh")
    assert lone_crosses(answers, signs)["a"].review
    nos = {name: Answer("no", False, 0.97, None) for name in "ijkl"}
    changed = lone_crosses(answers | nos, signs | dict.fromkeys("ijkl", Sign.CROSSED_NO))
    assert {name for name, one in changed.items() if one.review} == set("abcdef")


@pytest.mark.parametrize(
    ("perhaps", "ticked", "crossed", "asked"),
    [("a", "bcde", "", True), ("ab", "cdefg", "", True), ("a", "bcd", "", False), ("a", "bcdef", "g", True)],
)
def test_what_may_be_a_cross_is_asked_about_among_plain_ticks(
    perhaps: str, ticked: str, crossed: str, asked: bool
) -> None:
    """R23: among the marks of a writer whose ticks are plain, one that is not may be the cross that says no."""
    answers, signs = marked(crossed, ticked, perhaps)
    signs |= dict.fromkeys(perhaps, Sign.PERHAPS_CROSS)
    changed = lone_crosses(answers, signs)
    assert {name for name, one in changed.items() if one.reason == PERHAPS_CROSS} == (set(perhaps) if asked else set())
    assert all(changed[name].value == "yes" for name in perhaps)
    assert {name for name, one in changed.items() if one.reason == CROSS_AMONG_TICKS} == set(crossed)


def test_a_crossed_no_stays_no() -> None:
    answers, crosses = marked("a", "bcd")
    answers["a"] = Answer("no", False, 0.97, None)
    assert lone_crosses(answers, crosses)["a"] == Answer("no", False, 0.97, None)


@pytest.mark.parametrize(
    ("faint", "plain", "asked"),
    [(0, 0, False), (3, 0, False), (4, 0, True), (4, 3, True), (4, 4, False), (5, 9, False)],
)
def test_empty_boxes_among_barely_visible_marks_are_asked_about(faint: int, plain: int, asked: bool) -> None:
    blank, no = Answer("blank", False, 0.97, None), Answer("no", False, 0.97, None)
    changed = barely_visible({"a": blank, "b": no}, faint, plain)
    assert changed["a"] == (Answer("unclear", True, 0.4, BARELY) if asked else blank)
    assert changed["b"] == no


@pytest.mark.parametrize("end", THIRD)
@pytest.mark.parametrize("value", ["yes", "no"])
@pytest.mark.parametrize(("third", "asked"), [("yes", True), ("unclear", True), ("blank", False)])
def test_a_yes_or_no_beside_a_third_answer_is_asked_about(end: str, value: str, third: str, asked: bool) -> None:
    """Agree and Not sure were both ticked, and the Yes was taken."""
    answers = {
        "share_health": Answer(value, False, 0.999, None),
        f"share_health_{end}": Answer(third, third == "unclear", 0.9, "Why." if third == "unclear" else None),
        "share_school": Answer("yes", False, 0.999, None),
    }
    found = third_answers(answers)
    assert found["share_health"].review is asked
    assert found["share_health"].value == ("unclear" if asked else value)
    assert {name: found[name] for name in answers if name != "share_health"} == {
        name: answers[name] for name in answers if name != "share_health"
    }


def test_a_third_answer_alone_leaves_the_question_blank() -> None:
    answers = {"a": Answer("blank", False, 0.99, None), "a_not_sure": Answer("yes", False, 0.99, None)}
    assert third_answers(answers) == answers


@pytest.mark.parametrize(
    ("value", "words", "after"),
    [
        pytest.param("yes", True, ("yes", False, None), id="a tick with words"),
        pytest.param("yes", False, ("yes", True, NOT_NAMED), id="a tick without words"),
        pytest.param("blank", True, ("unclear", True, NOT_MARKED), id="words without a tick"),
        pytest.param("blank", False, ("blank", False, None), id="neither"),
        pytest.param("yes", None, ("yes", False, None), id="a tick, and perhaps words"),
        pytest.param("blank", None, ("blank", False, None), id="perhaps words"),
        pytest.param("no", True, ("no", False, None), id="a No with words beside it"),
        pytest.param("no", False, ("no", False, None), id="a No without words"),
    ],
)  # fmt: skip
def test_a_mark_and_the_words_beside_it_belong_together(
    value: str, words: bool | None, after: tuple[str, bool, str | None]
) -> None:
    """F20, F21: the four combinations, on each of two boxes."""
    answers = {name: Answer(value, False, 0.999, None) for name in ("contact_other_1", "contact_other_2", "a")}
    for one, other in (("contact_other_1", "contact_other_2"), ("contact_other_2", "contact_other_1")):
        found = named(answers, {one: words})
        assert (found[one].value, found[one].review, found[one].reason) == after
        assert {found[name] for name in (other, "a")} == {answers["a"]}


def test_what_is_asked_about_already_keeps_its_reason() -> None:
    answers = {"a": Answer("unclear", True, 0.5, "Why."), "b": Answer("yes", True, 0.5, "Why.")}
    assert named(answers, {"a": True, "b": False}) == answers


def test_a_draft_names_third_answers_as_they_are_judged() -> None:
    assert set(NEITHER.values()) == set(THIRD)
