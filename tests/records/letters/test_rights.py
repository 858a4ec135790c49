"""W17, W24: the sheet of promises and rights says what the service's own settings say, and names every right."""

from datetime import date

import pypdfium2
import pytest

from records.letters import rights
from records.letters.writing import Layout, Points, Sender
from records.policies.settings import load
from records.requests import letters
from records.requests.kinds import Kind
from records.requests.letters import About, Article15, LetterKind, To

TODAY = date(2026, 11, 20)
SENDER = Sender("Testwood SENDIASS", ("020 7946 0018",))


@pytest.mark.parametrize("service", ["westminster", "northamptonshire"])
def test_every_right_is_on_the_sheet_of_each_service(service: str) -> None:
    said = " ".join(rights.rights(load(service, TODAY)))
    for right in ("get a copy", "put right", "erased", "stop using it", "object", "change your mind"):
        assert right in said


@pytest.mark.parametrize(
    ("service", "said", "not_said"),
    [
        pytest.param("westminster", ("25th birthday", "16th birthday", "age of 13", "illegal activity", "shred"), ("your own supporter",), id="W"),
        pytest.param(
            "northamptonshire", ("your own supporter", "safeguarding concern", "Ask us to keep a paper"),
            ("25th", "16th birthday", "illegal activity", "shred"), id="N",
        ),
    ],
)  # fmt: skip
def test_the_sheet_says_what_the_settings_say(service: str, said: tuple[str, ...], not_said: tuple[str, ...]) -> None:
    policy = load(service, TODAY)
    words = " ".join((*rights.promises(policy), *rights.rights(policy)))
    assert all(each in words for each in said)
    assert not any(each in words for each in not_said)


@pytest.mark.parametrize("which", list(LetterKind))
def test_the_rights_go_with_every_answer_but_a_refusal_which_says_as_little_as_can_be(which: LetterKind) -> None:
    told = rights.rights(load("westminster", TODAY))
    about = About(SENDER, To("Invented Person"), Kind.ACCESS, 3, "PC-0042", TODAY, TODAY, "the manager", told)
    made = letters.letter(about, which, words="Words of the officer.")
    on_the_way = (LetterKind.RECEIVED, LetterKind.NEED_MORE, LetterKind.MORE_TIME)
    responds = which not in (*on_the_way, LetterKind.REFUSED)
    assert (Points(told) in made.blocks) is responds


def test_the_rights_go_with_a_copy() -> None:
    told = rights.rights(load("northamptonshire", TODAY))
    about = About(SENDER, To("Invented Person"), Kind.ACCESS, 3, "PC-0042", TODAY, TODAY, "the manager", told)
    assert Points(told) in letters.covering(about, Article15(), 2, {}, (), ()).blocks


@pytest.mark.parametrize("layout", list(Layout))
def test_the_sheet_prints_with_its_number_and_whom_to_complain_to(layout: Layout) -> None:
    made = rights.sheet(load("westminster", TODAY), SENDER, TODAY, "R-7K2X-9QFD", layout=layout)
    with pypdfium2.PdfDocument(made) as pdf:
        text = " ".join(" ".join(page.get_textpage().get_text_bounded() for page in pdf).split())
    assert "R-7K2X-9QFD" in text and "the line manager of our service" in text and "0303 123 1113" in text
    assert "20 November 2026" in text


def test_a_sheet_for_anybody_names_no_reference_that_is_none() -> None:
    """“Our reference: Copy” leads a family that rings us up nowhere."""
    made = rights.sheet(load("westminster", TODAY), SENDER, TODAY, "")
    with pypdfium2.PdfDocument(made) as pdf:
        text = " ".join(page.get_textpage().get_text_bounded() for page in pdf)
    assert "Our reference" not in text and "20 November 2026" in text and "Page 1 of" in text
