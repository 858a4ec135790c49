"""Is there a heading or sentence near above a mark that says no, though it is not taken to lead it in? Then no consent is guessed for it.

Under "We may NOT talk to" a tick at "My school" would let the opposite happen of what a family asks for, wherever the words stand.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from forms.drafting.consents import says_no
from forms.drafting.found import Found, blocks_of, text_of
from forms.drafting.parts import PageParts, Word, inside, middle
from forms.geometry import Box, around

_NEAREST = 3
"""Lines over the first row of a list, and over the heads of its table."""
_GAP = 45.0
_ASIDE = 30.0
_LINE = 3.0
_MOST_WORDS, _MOST_TOLD = 14, 10
"""In a heading, and in one that ends with a stop: longer ones tell something."""
_HOW = re.compile(r"\byes\b", re.IGNORECASE)


def undenied(page: PageParts, found: Sequence[Found]) -> list[Found]:
    """The finds, those marks doubtful over which something says no."""
    told = [
        box for one in found for name, box in one.labels.items() if one.kind.is_mark and not name.startswith("lead")
    ]
    free = [w for w in page.words if not any(inside(w.box, box) for box in told)]
    lines = [block for line in _lines(free) for block in blocks_of(line)]
    rows = [around([*one.boxes.values(), *one.labels.values()]) for one in found if one.kind.is_mark]
    made = [replace(one, doubtful=True) if one.kind.is_mark and _denied(one, lines, rows) else one for one in found]
    by_place = {id(one): new for one, new in zip(found, made, strict=True)}
    return [one if one.of is None else replace(one, of=by_place.get(id(one.of), one.of)) for one in made]


def _denied(one: Found, lines: Sequence[Sequence[Word]], rows: Sequence[Box]) -> bool:
    """Whether one of the nearest lines above a mark says no; rows of other marks between do not part it from them."""
    place = around([*one.boxes.values(), *(box for name, box in one.labels.items() if name.startswith("text"))])
    over = sorted((line for line in lines if _is_over(line, place)), key=lambda line: -line[0].box[3])
    top, seen = place[1], 0
    for line in over:
        held = around(w.box for w in line)
        while nearer := [row for row in rows if held[3] - _LINE < row[1] < top - _LINE and row[3] > top - _GAP]:
            top = min(row[1] for row in nearer)
        if top - held[3] > _GAP or seen == _NEAREST:
            return False
        if _denies(text_of(line)):
            return True
        top, seen = min(top, held[1]), seen + 1
    return False


def _denies(text: str) -> bool:
    """Whether a line says no as a heading does: a few words, none of a list, and nothing of how to answer ("Tick yes or no")."""
    words = text.split()
    heads = len(words) <= _MOST_WORDS - (_MOST_WORDS - _MOST_TOLD) * text.endswith(".")
    return heads and says_no(text) and not _HOW.search(text) and words[0][0].isalnum()


def _is_over(line: Sequence[Word], place: Box) -> bool:
    held = around(w.box for w in line)
    return held[3] <= place[1] + _LINE and held[0] < place[2] and place[0] - _ASIDE < held[2]


def _lines(words: Sequence[Word]) -> list[list[Word]]:
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda w: middle(w.box)[1]):
        if lines and abs(middle(lines[-1][0].box)[1] - middle(word.box)[1]) < _LINE:
            lines[-1].append(word)
        else:
            lines.append([word])
    return lines
