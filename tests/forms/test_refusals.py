"""Words and dates where a signature should be are asked about; a name in plain letters is a signature."""

from dataclasses import replace
from datetime import date

import pytest

from forms.recognised import OcrText
from forms.refusals import FIGURES, SAYS_NO, SURE_WORDS, WORDS, no_signature, refusals_asked
from forms.results import FieldReading, FormReading
from forms.suggest import suggest
from forms.template import Kind

SIGNED = FieldReading("signature", Kind.SIGNATURE, "present", False, 0.98, None, 1, (0, 0, 10, 10), 1)
FORM = FormReading("a-form", "1", (1,), {"signature": SIGNED})


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        *[(words, WORDS) for words in (
            "NO", "No.", "no", "None", "nil", "Not", "Never", "N/A", "n/a", "N / A", "n\\a", "REFUSED", "I refuse", "declined",
            "Parent declined", "unable", "unable to sign", "Unableto sign", "cannot", "I cannot sign", "can't sign", "won’t sign",
            "I do not sign this", "l do not sigu", "il do not sign", "I donot sign", "I DO NOT", "not signed", "Notsigned",
            "will not sign", "I do not agree", "Idonotconsent", "no thank you", "No consent", "see over", "See overleaf", "cant sign",
            "see attached letter", "x sign here", "X Signhere",
        )],
        *[(figures, FIGURES) for figures in (
            "12/11/26", "12.11.2026", "12/11//26", "1.1.26", "3rd Nov 2026", "12 Nov 26", "07700 900123",
        )],
    ],
)  # fmt: skip
def test_what_plainly_is_no_signature_is_asked_about(written: str, reason: str) -> None:
    """R23: nobody is taken to have signed who did not."""
    found = suggest(FORM, {"signature": OcrText(written, 0.9)}, date(2026, 11, 28)).fields["signature"]
    assert (found.value, found.review, found.reason) == ("absent", True, reason)
    assert found.needs_answer


@pytest.mark.parametrize(
    "written",
    [
        "", "Rosa Flint", "ROSA FLINT", "R Flint", "Noor Khan", "Nora", "Noe", "Nona No", "Kim No", "N. O'Brien", "N.O.", "NA", "N A",
        "Na Li", "N-A", "Nil Sen", "Ann Nott", "Will Nott", "Will Not", "Ida Not", "Ido Nott", "Don Otis", "Dr Noble", "Una Ble", "Lee See", "See Overton", "Cant Smith",
        "See Lee", "Ed Cann", "Dee Cline", "Declan Over", "T. Hanks", "No T. Hanks", "Rosa Flint 12/11/26", "R Flint 12 Nov 2026",
        "12/11/26 R Flint", "R 1 1 2026", "HS,", "2t", "OBruywx", "NEeand", "M", "W1", "3 16 6",
    ],
)  # fmt: skip
def test_a_name_and_what_nobody_can_read_is_a_signature(written: str) -> None:
    """The last rows are what real signatures were read as."""
    assert suggest(FORM, {"signature": OcrText(written, 1.0)}, date(2026, 11, 28)) == FORM


def test_what_was_not_read_surely_says_nothing() -> None:
    assert no_signature(OcrText("no", SURE_WORDS)) == WORDS
    assert no_signature(OcrText("no", SURE_WORDS - 0.001)) is None


def test_a_tick_that_is_asked_about_keeps_its_own_reason_beside_a_written_no() -> None:
    ticked = FieldReading("contact_other_1", Kind.TICK, "yes", False, 0.98, None, 1, (0, 0, 10, 10), 1)
    line = FieldReading("contact_other_1_name", Kind.TEXT, "No", True, 0.9, "Check", 1, (0, 0, 10, 10), 1)
    for before, reason in (
        (ticked, SAYS_NO),
        (replace(ticked, review=True, reason="It may be a cross."), "It may be a cross."),
        (replace(ticked, value="blank"), None),
    ):
        form = FormReading("a-form", "1", (1,), {ticked.id: before, line.id: line})
        assert refusals_asked(form).fields[ticked.id].reason == reason


@pytest.mark.parametrize(
    "field", [replace(SIGNED, value="absent"), replace(SIGNED, review=True, reason="A typed name stands there.")]
)
def test_what_is_asked_about_already_or_is_none_stays_as_it_is(field: FieldReading) -> None:
    form = FORM.with_field(field)
    assert suggest(form, {"signature": OcrText("refused", 1.0)}, date(2026, 11, 28)) == form
