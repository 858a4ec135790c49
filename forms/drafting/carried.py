"""Places to write that went to a line of their own because they did not fit behind their words."""

from forms.drafting.found import blocks_of, label_of
from forms.drafting.guesses import is_known_place
from forms.drafting.parts import PageParts, Word, middle
from forms.geometry import Box, around

_ROOM = 22.0
_BEGINS = 4.0
_LEVEL = 4.0


def carried_over(page: PageParts, box: Box) -> list[Word]:
    """The words on the line above that a place to write goes on with, of which nothing stands before it on its own; empty if there are none.

    Either those above its begin, if they lead to something ("Name:") and nothing to write on stands behind them; or, at the edge where
    that line begins, those at its end behind another place to write.
    """
    near = [w for w in page.words if box[3] - _ROOM - w.size < w.box[3] <= box[3] - 0.7 * w.size]
    low = max((w.box[3] for w in near), default=0.0)
    row = sorted((w for w in near if low - w.box[3] < 3), key=lambda w: w.box[0])
    if not row or any(abs(middle(w.box)[1] - middle(box)[1]) < _LEVEL for w in row):
        return []
    top = min(w.box[1] for w in row)
    places = [
        place
        for place in (*page.lines, *page.ticks, *(run.box for run in page.runs))
        if place != box and top < middle(place)[1] < low + _LEVEL
    ]
    return _above_its_begin(row, box, places) or _at_the_end(row, box, places)


def _above_its_begin(row: list[Word], box: Box, places: list[Box]) -> list[Word]:
    blocks = blocks_of(row)
    at = next((n for n, block in enumerate(blocks) if abs(block[0].box[0] - box[0]) < _BEGINS), None)
    if at is None or not blocks[at][-1].text.endswith(":"):
        return []
    held = around(w.box for w in blocks[at])
    further = blocks[at + 1][0].box[0] if at + 1 < len(blocks) else box[2]
    return [] if any(held[2] - 1 <= place[0] < further for place in places) else blocks[at]


def _at_the_end(row: list[Word], box: Box, places: list[Box]) -> list[Word]:
    behind = max((place[2] for place in places), default=0.0)
    held = [w for w in row if w.box[0] >= behind - 1]
    begins = abs(row[0].box[0] - box[0]) < _BEGINS
    return held if begins and behind and held and is_known_place(label_of(held)) else []
