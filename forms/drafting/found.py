"""A field as it is found on a blank, before it has a name; and words put together to labels and lead-ins."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from forms.drafting.parts import PageParts, Word, is_right_to_left, middle
from forms.geometry import Box, around
from forms.template import Kind

_FAR = 26.0
"""Points between two lines from which they are two paragraphs: nearly twice the pitch of ordinary print."""

_GAP = 2.5
"""Of the print's size: the space between two columns is wider, that between two words is not."""
LEADERS = " :…_"
"""What only leads from a printed label to the place to write."""
_PARTED = 0.8
"""Of the print's size."""
_LARGER = 0.8
"""Points by which print is plainly larger."""
_ENDED = (".", "?", "!", ":", ";")
_NUMBERED = re.compile(r"\(?(\d{1,2}|[A-Za-z])[.):]\)?|[•●–▪*-]|[A-Za-z]?\d{1,2}(\.\d{1,2})?")


@dataclass(frozen=True)
class Found:
    """One thing to read. `lead` is the paragraph above a group of marks; `of` the question that a third answer belongs to.

    `doubtful`: a mark beside one with no words of its own, so that its words may not be its own either.
    """

    kind: Kind
    page: int
    label: str
    boxes: dict[str, Box]
    lead: str = ""
    labels: dict[str, Box] = field(default_factory=dict)
    comb: tuple[Box, ...] = ()
    of: "Found | None" = None
    doubtful: bool = False

    @property
    def place(self) -> tuple[int, float, float]:
        """Where it stands, for sorting: page, then rows of about a line's height, then from the left."""
        box = around(self.boxes.values())
        return (self.page, round(middle(box)[1] / 6), box[0])


def text_of(words: Sequence[Word]) -> str:
    """Words in reading order as one text."""
    ordered = sorted(words, key=lambda w: (round(w.box[3] / 4), w.box[0]))
    lines = [list(line) for _, line in groupby(ordered, key=lambda w: round(w.box[3] / 4))]
    return " ".join(w.text for line in lines for w in _as_spoken(line))


def _as_spoken(line: Sequence[Word]) -> list[Word]:
    """A line from left to right as it is read: words that are written from right to left the other way round, as far as they stand together."""
    runs = [(turned, list(run)) for turned, run in groupby(line, key=lambda w: is_right_to_left(w.text))]
    return [w for turned, run in runs for w in (reversed(run) if turned else run)]


def said(words: Sequence[Word]) -> str:
    """Words as they are compared: see `said_text`."""
    return said_text(" ".join(w.text for w in words))


def said_text(text: str) -> str:
    """A text as it is compared: small letters, straight apostrophes, no punctuation at the ends of its words."""
    words = (word.strip(" :.,/()?*").replace("’", "'").lower() for word in text.split())
    return " ".join(word for word in words if word)


def label_of(words: Sequence[Word]) -> str:
    """A printed label without the colon and dots that only lead to the writing space."""
    return text_of(words).strip(LEADERS)


def on_row(page: PageParts, top: float, bottom: float) -> list[Word]:
    """The words whose middle lies between two heights, from left to right."""
    held = [w for w in page.words if top <= middle(w.box)[1] <= bottom]
    return sorted(held, key=lambda w: w.box[0])


def lines_above(
    page: PageParts, top: float, left: float, right: float, without: Set[Word] = frozenset()
) -> list[list[Word]]:
    """The lines of the paragraph that ends above a height, nearest first; headings on dark bars end it."""
    held = [w for w in page.words if w.box[3] <= top + 2 and w.box[0] < right and left < w.box[2] and w not in without]
    held = [w for w in held if not (w.light and is_only_number([w]))]  # on a disc or a tab of its own
    rows: list[list[Word]] = []
    for word in sorted(held, key=lambda w: -w.box[3]):
        if rows and abs(rows[-1][0].box[3] - word.box[3]) < 3:
            rows[-1].append(word)
            continue
        if rows and rows[-1][0].box[3] - word.box[3] > min(_FAR, 1.75 * rows[-1][0].size):
            break
        rows.append([word])
    bright = next((n for n, row in enumerate(rows) if all(w.light for w in row)), len(rows))
    return [[w for w in row if not w.light] for row in rows[:bright]]  # a number on a tab of its own says nothing


def whole_lines(page: PageParts, rows: Sequence[Sequence[Word]]) -> list[list[Word]]:
    """Lines of print with the words that run on to their right: those over a table's columns of answers belong to the sentence before them."""
    whole = []
    for row in rows:
        level = [w for w in page.words if abs(w.box[3] - row[0].box[3]) < 3]
        blocks = [block for block in blocks_of(level) if any(w in row for w in block)]
        first = min(w.box[0] for w in row)
        whole.append([w for block in blocks for w in block if w.box[0] >= first])
    return whole


def question_lines(rows: Sequence[Sequence[Word]], right: float | None = None) -> int:
    """How many of the lines, nearest first, make the question that ends in the first: it may run over several.

    `right`: how far a full line reaches; as far as the longest if not given.
    A line before belongs to it if it is full (the next word would not have fitted), in the same print, begins at the
    same edge and does not end a sentence. A number or bullet begins a question.
    """
    count = 1
    right = max(w.box[2] for row in rows for w in row) if right is None else right
    for below, above in pairwise(rows):
        first, last = min(below, key=lambda w: w.box[0]), max(above, key=lambda w: w.box[2])
        begun = _NUMBERED.fullmatch(first.text) is not None
        left = min(w.box[0] for w in above)
        hangs = _NUMBERED.fullmatch(min(above, key=lambda w: w.box[0]).text) is not None and left < first.box[0]
        same = abs(first.size - last.size) < 0.5 and (abs(left - first.box[0]) < 3 or hangs)
        full = last.box[2] + 0.2 * first.size + first.box[2] - first.box[0] > right - 2
        if begun or not same or not full or last.text.endswith(_ENDED):
            break
        count += 1
    return count


def paragraph(rows: Sequence[Sequence[Word]]) -> str:
    """Lines, nearest first, as the text that a person reads."""
    return " ".join(text_of(row) for row in reversed(rows))


def prints_of(rows: Sequence[Sequence[Word]]) -> list[list[Sequence[Word]]]:
    """Lines, nearest first, apart where the print changes: heavy letters, or plainly larger ones."""
    parts: list[list[Sequence[Word]]] = []
    for row in rows:
        if parts and _same_print(parts[-1][-1], row):
            parts[-1].append(row)
        else:
            parts.append([row])
    return parts


def _same_print(below: Sequence[Word], above: Sequence[Word]) -> bool:
    heavy = [all(w.bold for w in row) for row in (below, above)]
    return heavy[0] == heavy[1] and abs(max(w.size for w in below) - max(w.size for w in above)) < _LARGER


def is_lesser(below: Sequence[Word], above: Sequence[Word]) -> bool:
    """Whether a line is in lesser print than the one above it: no heavy letters under heavy ones, or plainly smaller ones."""
    return not _same_print(below, above) and (
        all(w.bold for w in above) or max(w.size for w in above) > max(w.size for w in below)
    )


def is_only_number(words: Sequence[Word]) -> bool:
    """Whether words only number a row: a cell of its own in many tables."""
    return _NUMBERED.fullmatch(text_of(words)) is not None


def blocks_of(row: Sequence[Word]) -> list[list[Word]]:
    """A line in pieces between which there is more than the space of a few letters, from left to right."""
    blocks: list[list[Word]] = []
    for word in sorted(row, key=lambda w: w.box[0]):
        if blocks and word.box[0] - blocks[-1][-1].box[2] < _GAP * word.size:
            blocks[-1].append(word)
        else:
            blocks.append([word])
    return blocks


def parted(words: Sequence[Word]) -> int:
    """After how many words of a line a gap is plainly wider than between words, the widest; 0 if there is none."""
    gaps = [(b.box[0] - a.box[2], n) for n, (a, b) in enumerate(pairwise(words), start=1)]
    wide, at = max(gaps, default=(0.0, 0))
    return at if words and wide > _PARTED * words[0].size else 0


def continued(page: PageParts, line: Sequence[Word], floor: float, edge: float | None = None) -> list[Word]:
    """The words of a label on one line with those that it runs on to below, as far as `floor`.

    `edge`: where lines below may begin, too, because the box itself stands there and they do not hang: only with a small letter.
    """
    words, last = list(line), list(line)
    begun = sorted(line, key=lambda w: w.box[0])
    numbered = len(begun) > 1 and _NUMBERED.fullmatch(begun[0].text) is not None
    edges = [
        w.box[0] for w in begun[: 2 if numbered else 1]
    ]  # a line below hangs under the number or the words behind it
    while last:
        left, bottom = edges[0], max(w.box[3] for w in last)
        begin = left if edge is None else min(left, edge)
        near = [w for w in page.words if bottom - 2 < w.box[1] < bottom + 0.6 * last[0].size and w.box[3] < floor]
        under = next(iter(blocks_of([w for w in near if w.box[0] >= begin - 2])), [])
        hangs = bool(under) and any(abs(under[0].box[0] - at) < 3 for at in edges)
        runs_on = bool(under) and abs(under[0].box[0] - begin) < 3 and under[0].text[:1].islower()
        last = under if hangs or (runs_on and not words[-1].text.endswith(_ENDED)) else []
        words += last
    return words
