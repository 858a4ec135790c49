"""What looks empty beside something that hardly shows is looked at by a person; “not seen” is never “not there”."""

import pytest

from forms.marks import FAINT
from forms.pale import FAINT_WRITING, PALE_BESIDE, PALER, empty_beside_pale, paler_than_the_page
from forms.results import FieldReading
from forms.template import Kind


def field(name: str, kind: Kind, value: str | None, reason: str | None = None) -> FieldReading:
    return FieldReading(name, kind, value, reason is not None, 0.95, reason, 1, (0, 0, 10, 10), 1)


NAME, DAY = field("child_name", Kind.TEXT, None), field("signed_on", Kind.DATE, None)
SIGNATURE = field("signature", Kind.SIGNATURE, "absent")
PLAIN, BLANK = field("a", Kind.YES_NO, "yes"), field("b", Kind.TICK, "blank")
FAINT_MARK = field("c", Kind.YES_NO, "unclear", FAINT)
FAINT_NAME = field("parent_name", Kind.TEXT, None, FAINT_WRITING)
READ = field("school", Kind.TEXT, None, "Something is written here that was not read. Read it from the picture.")


@pytest.mark.parametrize("faint", [FAINT_MARK, FAINT_NAME])
def test_beside_something_faint_empty_fields_are_asked_about(faint: FieldReading) -> None:
    found = {one.id: one for one in empty_beside_pale([NAME, DAY, SIGNATURE, PLAIN, BLANK, READ, faint])}
    for name in ("child_name", "signed_on", "signature"):
        assert (found[name].review, found[name].reason) == (True, PALE_BESIDE)
    assert found["signature"].value == "absent"
    assert [found[one.id] for one in (PLAIN, BLANK, READ, faint)] == [PLAIN, BLANK, READ, faint]


def test_on_a_plain_page_an_empty_field_is_empty() -> None:
    fields = [NAME, DAY, SIGNATURE, PLAIN, BLANK, READ]
    assert empty_beside_pale(fields) == fields


SIGNED = field("signature", Kind.SIGNATURE, "present")
DARK: dict[str, float | None] = {"a": 150.0, "child_name": 160.0, "signed_on": 120.0, "b": None}


def test_a_signature_much_paler_than_the_pages_writing_is_asked_about() -> None:
    told, other = paler_than_the_page([SIGNED, PLAIN], DARK | {"signature": 52.0})
    assert (told.value, told.review, told.reason, other) == ("absent", True, PALER, PLAIN)


@pytest.mark.parametrize(
    "darkness",
    [
        DARK | {"signature": 100.0},
        DARK | {"signature": None},
        {"a": 150.0, "child_name": 160.0, "signature": 52.0},
        {"a": 55.0, "child_name": 160.0, "signed_on": 60.0, "signature": 52.0},
        {"young_person_signature": 200.0, "signature": 52.0},
    ],
    ids=["as dark", "no ink", "too little else", "the page is pale", "other signatures tell nothing"],
)
def test_a_signature_in_the_pages_pen_is_taken(darkness: dict[str, float | None]) -> None:
    fields = [SIGNED, PLAIN, BLANK]
    assert paler_than_the_page(fields, darkness) == fields


def test_one_that_is_asked_about_or_absent_stays_as_it_is() -> None:
    asked = field("signature", Kind.SIGNATURE, "absent", "There is only a cross where the signature goes.")
    for one in (asked, SIGNATURE):
        assert paler_than_the_page([one], DARK | {"signature": 52.0}) == [one]
