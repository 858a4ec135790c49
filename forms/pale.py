"""Fields that look empty on a page where something else hardly shows, and a signature that hardly shows where all else is dark. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import median

from forms.marks import FAINT
from forms.results import FieldReading
from forms.template import Kind

FAINT_WRITING = "Something faint or small may be written here."
PALER = "What stands here is much paler than the writing on this page: it may show through from the back. Check whether the form is signed."
AS_DARK, LEAST_OTHERS = 0.5, 3
"""A signature is at least half as dark as the page's other writing, where there is enough of that to tell. Of 702 signatures of generated
forms the palest had 0.67; print that showed through 0.39."""
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


def paler_than_the_page(fields: Sequence[FieldReading], darkness: Mapping[str, float | None]) -> list[FieldReading]:
    """The fields of one page; signatures much paler than its other writing are asked about: one pen fills in a page, and signs it.

    `darkness`: how dark the ink of each field is (`forms.ink.darkness_of`), by the field's id.
    """
    signatures = {one.id for one in fields if one.kind is Kind.SIGNATURE}
    others = [dark for name, dark in darkness.items() if dark is not None and name not in signatures]
    if len(others) < LEAST_OTHERS:
        return list(fields)
    pen = median(others)
    return [
        replace(one, value="absent", review=True, confidence=0.5, reason=PALER)
        if one.id in signatures
        and one.value == "present"
        and not one.review
        and (own := darkness.get(one.id)) is not None
        and own < AS_DARK * pen
        else one
        for one in fields
    ]
