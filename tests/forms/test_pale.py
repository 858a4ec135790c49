"""What looks empty beside something that hardly shows is looked at by a person; “not seen” is never “not there”."""

import pytest

from forms.marks import FAINT
from forms.pale import FAINT_WRITING, PALE_BESIDE, empty_beside_pale
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
