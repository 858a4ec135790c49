"""Do a template's labels lie on the words that it says? The blank's PDF knows its words; its picture does not.

Where boxes and labels of two questions are exchanged together, everything lies in its place and means another thing.
"""

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

import pypdfium2

from forms.catalogue import KnownPage
from forms.drafting.found import said_text
from forms.drafting.guesses import is_date_hint
from forms.drafting.wordings import NO_WORDS, YES_WORDS
from forms.geometry import Box, overlap
from forms.template import Field, Kind

_ROOM = 1.0
_LIKE, _CLEARLY = 0.9, 0.1
"""How like words are that are the same, but for a sign or two; by how much another question's words must be liker than the own."""
_UNLIKE = 0.6
_SHOWN = 60


def faults(fields: Sequence[Field], page: KnownPage) -> list[str]:
    """What is wrong with the words under the labels of one page, in words; empty where the blank's words are not known."""
    if page.pdf is None:
        return []
    try:
        words = _words(fields, page)
    except pypdfium2.PdfiumError:
        return [f"{page.pdf.name} cannot be opened. Put the blank as a PDF there, or take the file away."]
    except IndexError:
        return [
            f"{page.pdf.name} has no page {page.pdf_page}. Put the blank of this form there, or take the file away."
        ]
    return [fault for one in fields for fault in (*_answers(one, words[one.id]), *_question(one, fields, words))]


def advice(fields: Sequence[Field], page: KnownPage) -> list[str]:
    """Labels that say something else than what is printed under them."""
    if page.pdf is None or faults(fields, page):
        return []
    words = _words(fields, page)
    return [
        f"Where the words of {one.id} should stand is printed “{_cut(said)}”."
        for one in fields
        if (said := words.get(one.id, {}).get("text")) and one.label and not _begins(said, one.label)
    ]


def hinted_dates(fields: Sequence[Field], page: KnownPage) -> list[str]:
    """The ids of the dates in whose place only DD/MM/YYYY is printed; empty where the blank's words are not known."""
    dates = {one.id: {"area": one.boxes["area"]} for one in fields if one.kind is Kind.DATE}
    try:
        return [name for name, said in _printed_in(dates, page).items() if is_date_hint(said.get("area", ""))]
    except (pypdfium2.PdfiumError, IndexError):
        return []  # told as a fault


def _begins(said: str, label: str) -> bool:
    """Whether what is printed is the label, or its first line."""
    return _like(said, label) >= _UNLIKE or said_text(label).startswith(said_text(said))


def _words(fields: Sequence[Field], page: KnownPage) -> dict[str, dict[str, str]]:
    """What is printed under each label. PdfiumError or IndexError where the PDF does not show it."""
    return _printed_in({one.id: one.labels for one in fields}, page)


def _printed_in(places: Mapping[str, Mapping[str, Box]], page: KnownPage) -> dict[str, dict[str, str]]:
    """What is printed in each place of each field. PdfiumError or IndexError where the PDF does not show it."""
    if page.pdf is None:
        return {}
    document = pypdfium2.PdfDocument(page.pdf)
    try:
        if page.pdf_page > len(document):
            raise IndexError
        sheet = document[page.pdf_page - 1]
        if sheet.get_rotation():  # its text is measured along the sheet as it was before it was turned
            return {field: {} for field in places}
        text, (left, _, _, top) = sheet.get_textpage(), sheet.get_cropbox()
        return {
            field: {
                name: text.get_text_bounded(
                    left + box[0] - _ROOM, top - box[3] - _ROOM, left + box[2] + _ROOM, top - box[1] + _ROOM
                )
                for name, box in boxes.items()
            }
            for field, boxes in places.items()
        }
    finally:
        document.close()


def _answers(one: Field, words: Mapping[str, str]) -> list[str]:
    found = []
    for name, wrong in (("yes", NO_WORDS - YES_WORDS), ("no", YES_WORDS - NO_WORDS)):
        if said_text(words.get(name, "")) in wrong:
            found.append(f"The {name} label of {one.id} lies on the printed “{_cut(words[name])}”.")
    return found


def _question(one: Field, fields: Sequence[Field], words: Mapping[str, Mapping[str, str]]) -> list[str]:
    said = words[one.id].get("text", "")
    if not said.strip():
        return []
    own = _like(said, one.label)
    others = [
        (_like(said, other.label), other)
        for other in fields
        if _is_other(other, one) and said_text(words[other.id].get("text", "")) != said_text(said)
    ]
    theirs, other = max(others, key=lambda pair: pair[0], default=(0.0, one))
    if theirs <= own or theirs < max(_LIKE, own + min(_CLEARLY, (1 - own) / 2)):
        return []
    return [f"The label of {one.id} lies on “{_cut(said)}”, the words of {other.id}."]


def _is_other(other: Field, one: Field) -> bool:
    """A third answer may be a field of its own that shares its question's words."""
    own, theirs = one.labels.get("text"), other.labels.get("text")
    return own is None or theirs is None or not overlap(theirs, own)


def _like(one: str, two: str) -> float:
    return SequenceMatcher(None, said_text(one), said_text(two), autojunk=False).ratio()


def _cut(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= _SHOWN else plain[:_SHOWN].rsplit(" ", 1)[0] + " …"
