"""Tick boxes that stand under the heads Yes and No, as in a table without lines, made into questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from forms.drafting.found import Found, continued, label_of, text_of
from forms.drafting.leading import begun_above, column_above, is_numbered_like, lead_above
from forms.drafting.parts import PageParts, Word, inside, middle
from forms.drafting.tables import Heads, beside_question, level_with
from forms.geometry import Box, around
from forms.template import Kind

_NEAR = 60.0


@dataclass(frozen=True)
class Headed:
    """The fields of one row under heads; where its words and boxes end; what led in, as printed, and the heads."""

    found: tuple[Found, ...]
    bottom: float
    lead: str
    printed: str
    heads: frozenset[Box]


def headed_row(
    page: PageParts,
    row: Sequence[Box],
    pieces: Sequence[Sequence[Word]],
    heads: Heads,
    spoken: set[Word],
    floor: float,
    last: Headed | None,
) -> Headed | None:
    """The question of a row of boxes that stand under heads; None if they do not. Adds the words of its label to `spoken`.

    `pieces`: the words before, between and after the boxes; `floor`: where the next row begins; `last`: the row under heads before it.
    """
    words = list(pieces[0] or pieces[-1])
    if len(row) < 2 or not words or any(pieces[1:-1]):
        return None
    reach = min(middle(b)[0] - middle(a)[0] for a, b in pairwise(row)) / 2
    over = [(box, head) for box in row if (head := _head_over(box, heads, reach)) is not None]
    if len(over) < len(row) or not all(level_with(head, over[0][1]) for _, head in over):
        return None
    yes, no, third = (
        [(box, head) for box, head in over if head in kind] for kind in (heads.yes, heads.no, heads.neither)
    )
    if len(yes) != 1 or len(no) != 1 or len(third) != len(row) - 2:
        return None
    spoken |= {w for w in page.words if any(inside(w.box, head.box, 0) for _, head in over)}
    labels = {"yes": yes[0][1].box, "no": no[0][1].box, "text": around(w.box for w in words)}
    held = frozenset(head.box for _, head in over)
    said = _whole(page, words, row[0][0] if pieces[0] else None, spoken, floor)
    lead, printed = _led_in(page, row, said, held, spoken, last)
    spoken |= set(said)
    question = Found(Kind.YES_NO, page.number, label_of(said), {"yes": yes[0][0], "no": no[0][0]}, lead, labels)
    fields = (question, *(beside_question(page, question, [head], box) for box, head in third))
    bottom = max(w.box[3] for w in said)
    return Headed(fields, max(bottom, row[0][3]), lead, printed, held)


def _whole(
    page: PageParts, words: Sequence[Word], boxes_at: float | None, spoken: set[Word], floor: float
) -> list[Word]:
    """All lines of a question of which one stands beside its boxes; `boxes_at`: where they begin, if behind it."""
    begun = begun_above(page, words, boxes_at, spoken) if boxes_at is not None else []
    return [*begun, *continued(page, words, floor)]


def _led_in(
    page: PageParts,
    row: Sequence[Box],
    said: Sequence[Word],
    heads: frozenset[Box],
    spoken: set[Word],
    last: Headed | None,
) -> tuple[str, str]:
    """What leads in, and how it is printed: what stands over the row, else what led in the row before, else what stands over the heads."""
    top, left = min(row[0][1], *(w.box[1] for w in said)), min(w.box[0] for w in said)
    if last is None or last.heads != heads or top - last.bottom > _NEAR + max(w.size for w in said):
        over = min(box[1] for box in heads)
        own = lead_above(page, top, left, spoken, text_of(said))
        above = own or lead_above(page, over, left, spoken, text_of(said))
        return above, _printed(page, top if own else over, left, spoken)
    if any(last.bottom - 2 < w.box[1] and w.box[3] < top + 2 for w in page.words if w not in spoken and w not in said):
        return lead_above(page, top, left, spoken, text_of(said)), _printed(page, top, left, spoken)
    return ("", "") if is_numbered_like(last.printed, text_of(said)) else (last.lead, last.printed)


def _printed(page: PageParts, top: float, left: float, spoken: set[Word]) -> str:
    rows = column_above(page, top, left, spoken)
    return text_of([w for line in rows for w in line])


def _head_over(box: Box, heads: Heads, reach: float) -> Word | None:
    """The head in whose column a box stands, the lowest, and of those on one line the nearest; `reach`: how far aside of it, half way to the next box."""
    over = [
        (round(head.box[3] / 3), -aside, head)
        for head in (*heads.yes, *heads.no, *heads.neither)
        if head.box[3] <= box[1] + 2
        and (aside := abs(middle(head.box)[0] - middle(box)[0])) < max(12.0, reach, (head.box[2] - head.box[0]) / 2)
    ]
    return max(over, key=lambda one: one[:2])[2] if over else None
