"""Recognised text beside written fields: a suggestion, never over what was already read; dates judged by R39-R41."""

from dataclasses import replace
from datetime import date

import pytest

from forms.assemble import ANOTHER_NAME
from forms.recognised import OcrText
from forms.refusals import SAYS_NO
from forms.results import LETTERS, FieldReading, FormReading
from forms.suggest import DATE_TAKEN, suggest
from forms.template import Kind


def field(name: str, kind: Kind, value: str | None = None) -> FieldReading:
    """A field in which something was seen but not read."""
    return FieldReading(name, kind, value, True, 0.3, "Something is written here.", 1, (0, 0, 10, 10), 1)


RECEIVED = date(2026, 11, 24)
FORM = FormReading(
    "a", "1", (1,),
    {
        "child_name": field("child_name", Kind.TEXT),
        "date_of_birth": field("date_of_birth", Kind.DATE),
        "signed_on": field("signed_on", Kind.DATE),
        "tell_others": field("tell_others", Kind.YES_NO, "unclear"),
        "parent_name": field("parent_name", Kind.TEXT, "Rosa Flint"),
        "signature": field("signature", Kind.SIGNATURE),
    },
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "confidence", "value"),
    [
        ("child_name", "Pia  Flint\n", 0.8, "Pia Flint"),
        ("child_name", "Pia\x00Flint", 0.8, "Pia Flint"),
        ("child_name", "x" * 500, 0.8, "X" + "x" * 199),
        ("child_name", "~~ |", 0.1, None),
        ("child_name", "", 0.9, None),
        ("child_name", "Pia Flint", 0.5, None),
        ("signed_on", "03/04/2026", 0.8, "2026-04-03"),
        ("signed_on", "03/04/2026", 0.2, "2026-04-03"),
        ("signed_on", "03/04/2026", 0.1, None),
        ("date_of_birth", "03/04/2012", 1.0, "2012-04-03"),
        ("signed_on", "31/02/2026", 0.9, None),
        ("tell_others", "yes", 0.99, "unclear"),
        ("parent_name", "Rose Flynt", 0.99, "Rosa Flint"),
        ("signature", "R Flint", 0.99, None),
    ],
)
def test_suggestion(name: str, text: str, confidence: float, value: str | None) -> None:
    found = suggest(FORM, {name: OcrText(text, confidence)}, RECEIVED).fields[name]
    assert found.value == value
    assert found.review
    assert found.reason


def test_a_date_that_cannot_be_read_says_why() -> None:
    found = suggest(FORM, {"signed_on": OcrText("31/02/2026", 0.9)}, RECEIVED).fields["signed_on"]
    assert found.reason == "There is no such day in the calendar. Read it from the picture."


def test_a_text_for_no_field_changes_nothing() -> None:
    assert suggest(FORM, {"nowhere": OcrText("text", 0.9)}, RECEIVED) == FORM


def read(signed: str, birth: str, confidence: float = 1.0) -> FormReading:
    """The form with both dates recognised."""
    texts = {"signed_on": OcrText(signed, confidence), "date_of_birth": OcrText(birth, confidence)}
    return suggest(FORM, texts, RECEIVED)


def test_a_plausible_date_of_signing_is_taken_only_when_it_is_sure() -> None:
    sure, less = (read("20/11/2026", "9/3/2012", c).fields["signed_on"] for c in (DATE_TAKEN, DATE_TAKEN - 0.001))
    assert (sure.value, sure.review, sure.reason) == ("2026-11-20", False, None)
    assert (less.value, less.review) == ("2026-11-20", True)


@pytest.mark.parametrize(
    "reason", ["Part of this field is cut off the scan.", "Something faint or small may be written here."]
)
def test_a_date_of_signing_that_is_not_plain_is_never_taken(reason: str) -> None:
    form = FORM.with_field(replace(FORM.fields["signed_on"], reason=reason))
    assert suggest(form, {"signed_on": OcrText("20/11/2026", 1.0)}, RECEIVED).fields["signed_on"].review


def test_a_date_of_birth_is_never_taken() -> None:
    """It decides when a child's papers are destroyed."""
    assert read("20/11/2026", "9/3/2012").fields["date_of_birth"].review


@pytest.mark.parametrize(
    ("signed", "birth", "field", "value", "reason"),
    [
        pytest.param("20/11/2026", "20/11/2026", "date_of_birth", "2026-11-20", "written twice", id="same twice"),
        pytest.param("20/11/2026", "9/3/1985", "date_of_birth", "1985-03-09", "25 or older", id="a parent's"),
        pytest.param("20/12/2026", "9/3/2012", "signed_on", "2026-12-20", "later than the day", id="future"),
        pytest.param("20/11/26", "9/3/12", "date_of_birth", "2012-03-09", "handwriting", id="century by signature"),
        pytest.param("", "9/3/12", "date_of_birth", "2012-03-09", "two figures", id="no signature, no century"),
        pytest.param("20/11/2026", "30/02/2012", "date_of_birth", None, "no such day", id="no day"),
    ],
)  # fmt: skip
def test_dates_are_judged_against_each_other(
    signed: str, birth: str, field: str, value: str | None, reason: str
) -> None:
    """R39, R41: the query says why, and what was written stays."""
    found = read(signed, birth).fields[field]
    assert (found.value, found.review) == (value, True)
    assert found.reason is not None
    assert reason in found.reason
    assert found.evidence["written"]


def test_what_was_written_is_kept_where_it_makes_no_day() -> None:
    """R39."""
    assert read("20/11/2026", "30/02/2012").fields["date_of_birth"].evidence["written"] == "30/02/2012"


def test_typed_dates_are_judged_too() -> None:
    """R39: a date that needed no recognition can be as implausible."""
    form = FORM.with_field(replace(FORM.fields["date_of_birth"], value="2026-11-20", review=False, reason=None))
    form = form.with_field(replace(FORM.fields["signed_on"], value="2026-11-20", review=False, reason=None))
    found = suggest(form, {}, RECEIVED).fields
    assert (found["date_of_birth"].value, found["date_of_birth"].review) == ("2026-11-20", True)
    assert not found["signed_on"].review


@pytest.mark.parametrize(
    ("child", "parent", "signer", "told"),
    [
        pytest.param("Ada Okafor", "Ngozi Okafor", "Ngozi Okafor", False, id="the parent signed"),
        pytest.param("Ada Okafor", "Ngozi Okafor", "ADA OKAFOR", False, id="the young person signed"),
        pytest.param("Ada Okafor", "Ngozi Okafor", "N Okator", False, id="one letter misread"),
        pytest.param("Ada Okafor", "Ngozi Okafor", "Wilhelm Brzycki", True, id="somebody else"),
        pytest.param("Ada Okafor", None, "Wilhelm Brzycki", False, id="the parent's name was not read"),
    ],
)
def test_a_signer_whom_the_other_page_does_not_name_is_asked_about(
    child: str, parent: str | None, signer: str, told: bool
) -> None:
    pages = {"child_name": 1, "parent_name": 1, "signer_name": 2}
    form = FormReading(
        "a-form", "1", (1, 2), {name: replace(field(name, Kind.TEXT), page=page) for name, page in pages.items()}
    )
    texts = {"child_name": child, "parent_name": parent, "signer_name": signer}
    read = suggest(form, {name: OcrText(text, 0.95) for name, text in texts.items() if text}, date(2026, 11, 28))
    assert read.notes == ((ANOTHER_NAME.format(one=1, other=2),) if told else ())

    unsure = suggest(form, {name: OcrText(text, 0.7) for name, text in texts.items() if text}, date(2026, 11, 28))
    assert unsure.notes == ()


OTHER = FORM.with_field(field("share_with_other", Kind.YES_NO, "yes")).with_field(
    field("share_with_other_name", Kind.TEXT)
)


def beside(written: str, answer: str = "yes") -> FieldReading:
    form = OTHER.with_field(replace(OTHER.fields["share_with_other"], value=answer, review=False, reason=None))
    return suggest(form, {"share_with_other_name": OcrText(written, 0.9)}, RECEIVED).fields["share_with_other"]


@pytest.mark.parametrize("written", ["NO", "No.", "none", "N/A", "no one", "Nobody", "NO THANKS"])
def test_a_no_on_the_line_of_a_question_is_for_a_person(written: str) -> None:
    """R23: it may be the answer, whatever stands in the boxes."""
    assert (beside(written).review, beside(written).reason, beside(written).value) == (True, SAYS_NO, "yes")


@pytest.mark.parametrize("written", ["Noor Example", "Nora", "Dr Noble", "Grandmother", ""])
def test_a_name_on_the_line_is_no_refusal(written: str) -> None:
    assert not beside(written).review


@pytest.mark.parametrize("answer", ["no", "blank"])
def test_a_no_beside_what_is_no_yes_changes_nothing(answer: str) -> None:
    assert not beside("NO", answer).review


@pytest.mark.parametrize(
    ("name", "letters", "spelt", "value", "kept"),
    [
        ("child_name", "Steven Keatina", "Steven Keating", "Steven Keating", "Steven Keatina"),
        ("child_name", "rhys hussain", "Rhys Hussain", "Rhys Hussain", None),
        ("child_name", "Zae Ingleby", None, "Zae Ingleby", None),
        ("telephone", "07100 900736", "of 100 900736", "07100 900736", None),
        ("carer_postcode", "NN28 12P", "in 28 12 P", "NN28 1ZP", None),
        ("email", "kay@example.org", "kay example", "kay@example.org", None),
    ],
)
def test_what_is_spelt_is_offered_and_its_letters_stay(
    name: str, letters: str, spelt: str | None, value: str, kept: str | None
) -> None:
    """G3: the reading keeps what was seen; numbers and addresses of the internet have no spelling."""
    form = FORM.with_field(field(name, Kind.TEXT))
    found = suggest(form, {name: OcrText(letters, 0.9, spelt)}, RECEIVED).fields[name]
    assert (found.value, found.evidence.get(LETTERS), found.review) == (value, kept, True)


@pytest.mark.parametrize(("letters", "spelt"), [("NO", "JO"), ("Ne", "No")])
def test_a_no_is_seen_in_the_letters_and_in_the_spelling(letters: str, spelt: str) -> None:
    """R23: spelling must not make a name of a “no”."""
    form = OTHER.with_field(replace(OTHER.fields["share_with_other"], value="yes", review=False, reason=None))
    read = suggest(form, {"share_with_other_name": OcrText(letters, 0.9, spelt)}, RECEIVED)
    assert read.fields["share_with_other"].reason == SAYS_NO
