"""Fields that look empty on a page where something else hardly shows. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from forms.marks import FAINT
from forms.results import FieldReading

FAINT_WRITING = "Something faint or small may be written here."
PALE_BESIDE = "Something else on this page is barely visible. Look whether something is written here."


def empty_beside_pale(fields: Sequence[FieldReading]) -> list[FieldReading]:
    """The fields of one page; those for writing that look empty are asked about where a mark or other writing is faint.

    One pen fills in a page: where its tick is all but lost, a name may be lost altogether. In 606 generated forms 14 of 15 pieces of
    writing that a person could read and the computer had not seen stood on such pages, and 33 of 629 empty fields.
    """
    if not any(one.reason in (FAINT, FAINT_WRITING) for one in fields):
        return list(fields)
    return [
        replace(one, review=True, confidence=0.4, reason=PALE_BESIDE)
        if not one.kind.is_mark and not one.review and one.value in (None, "absent")
        else one
        for one in fields
    ]
