"""Where the words stand that lead in a mark: were they changed or exchanged in a newer edition, its answer would mean another thing."""

from collections.abc import Sequence
from dataclasses import replace

from forms.drafting.found import Found, blocks_of, said_text, text_of
from forms.drafting.parts import PageParts, Word
from forms.geometry import Box, around

_LEAST_WORDS = 2
_LINE = 3.0


def with_leads(page: PageParts, found: Sequence[Found]) -> list[Found]:
    """The finds, each mark that is led in with the place of those words (label `lead`), as far as whole pieces of lines say them."""
    pieces = [(said_text(text_of(piece)), around(w.box for w in piece)) for piece in _pieces(page)]
    made = [_led(one, pieces) for one in found]
    by_place = {id(one): new for one, new in zip(found, made, strict=True)}
    return [one if one.of is None else replace(one, of=by_place.get(id(one.of), one.of)) for one in made]


def _led(one: Found, pieces: Sequence[tuple[str, Box]]) -> Found:
    if not one.kind.is_mark or one.of is not None or "lead" in one.labels:
        return one
    place = _place(one, pieces)
    return one if place is None else replace(one, labels=one.labels | {"lead": place})


def _pieces(page: PageParts) -> list[list[Word]]:
    """The lines of print in pieces, as columns stand side by side."""
    rows: list[list[Word]] = []
    for word in sorted(page.words, key=lambda w: (w.box[3], w.box[0])):
        if rows and abs(rows[-1][0].box[3] - word.box[3]) < _LINE:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [block for row in rows for block in blocks_of(row)]


def _place(one: Found, pieces: Sequence[tuple[str, Box]]) -> Box | None:
    """The nearest piece of print above a mark's box that is the end of what leads in; None where it is not found, or shares its line with a label."""
    lead, top = said_text(one.lead), max(box[3] for box in one.boxes.values())
    own = one.labels.get("text")
    ends = [
        box
        for text, box in pieces
        if len(text.split()) >= _LEAST_WORDS
        and lead.endswith(text)
        and box[3] <= top
        and (own is None or box[3] <= own[3] - _LINE)
    ]
    return max(ends, key=lambda box: box[3], default=None)
