"""Places to write made into fields: figure boxes, rows of dots, writing lines, empty cells, room beside "please name"."""

import itertools
from collections.abc import Sequence
from dataclasses import replace

from forms.drafting import grids
from forms.drafting.found import Found, label_of, on_row
from forms.drafting.guesses import asks_for_another, is_known_place, is_office_use, names_somebody, written_kind
from forms.drafting.parts import PageParts, Word, clear_cells, inside, middle
from forms.geometry import Box, around, overlap
from forms.template import Kind

ABOVE, BELOW = 8.0, 4.0
"""Points of room that handwriting takes above and below a row of underscores."""
SIGN_ABOVE, SIGN_BELOW = 13.0, 6.0
_COMB_SIDES = (9.0, 34.0)
_COMB_GAP = 26.0
_LEAST_WIDE, _LEAST_HIGH, _MOST_HIGH = 45.0, 13.0, 320.0
_LINE_ROOM, _UNDER_LINE = 22.0, 2.0
_NEARER_BELOW = 0.5
"""A caption below a line is so much nearer to it than words above, between which and the line people write."""
_INTO_PLACE = 2.0
_NEXT_LINE = 40.0


def combs(page: PageParts, taken: set[Box]) -> tuple[list[Found], set[Box]]:
    """Rows of small equal boxes for figures: dates of eight or six; others as one writing area."""
    small = [b for b in [*page.cells, *page.ticks] if b not in taken and _is_comb_cell(page, b)]
    found: list[Found] = []
    used: set[Box] = set()
    for row in _comb_rows(small):
        others = [*page.ticks, *page.lines, *(run.box for run in page.runs), *[b for b in small if b not in row]]
        words = _before(page, row[0], others)
        label, labels = label_of(words), _text_label(words)
        used |= {*row, *(t for t in page.ticks if any(inside(t, c) for c in row))}
        if len(row) in (6, 8):
            day, month, year = row[:2], row[2:4], row[4:]
            boxes = {"area": around(row), "day": around(day), "month": around(month), "year": around(year)}
            comb = tuple(row) if len(row) == 8 else ()
            found.append(Found(Kind.DATE, page.number, label, boxes, labels=labels, comb=comb))
        else:
            found.append(Found(Kind.TEXT, page.number, label, {"area": around(row)}, labels=labels))
    return found, used


def _is_comb_cell(page: PageParts, box: Box) -> bool:
    width, height = box[2] - box[0], box[3] - box[1]
    right_size = _COMB_SIDES[0] <= width <= _COMB_SIDES[1] and 12.0 <= height <= 42.0
    return right_size and not any(inside(w.box, box, -1) and len(w.text) > 1 for w in page.words)


def _comb_rows(small: Sequence[Box]) -> list[list[Box]]:
    """Chains of at least four boxes of one size whose neighbours stand close, with or without a slash between."""
    left = sorted(set(small), key=lambda b: (round(middle(b)[1] / 3), b[0]))
    rows: list[list[Box]] = []
    for box in left:
        last = rows[-1][-1] if rows else None
        same = last is not None and abs(last[1] - box[1]) < 2 and abs(last[3] - box[3]) < 2
        if last is not None and same and 0 <= box[0] - last[2] + 1.5 < _COMB_GAP and _like(last, box):
            rows[-1].append(box)
        elif last is None or not (same and overlap(last, box) and _like(last, box)):
            rows.append([box])
    return [row for row in rows if len(row) >= 4 and _close(row)]


def _like(one: Box, two: Box) -> bool:
    return abs((one[2] - one[0]) - (two[2] - two[0])) < 2.5


def _close(row: Sequence[Box]) -> bool:
    """Most neighbours touch or nearly do; tick boxes with words between them do not."""
    gaps = [b[0] - a[2] for a, b in itertools.pairwise(row)]
    return sum(gap < 6 for gap in gaps) >= len(gaps) / 2


def run_fields(page: PageParts) -> list[Found]:
    """Rows of underscores or dots with the words before them; one without words below another goes on with what that one is for."""
    found: list[Found] = []
    for run in sorted(page.runs, key=lambda run: (round(run.box[3] / 4), run.box[0])):
        others = [r.box for r in page.runs if r is not run]
        words = _before(page, run.box, [*page.ticks, *others])
        if not words:
            words = _caption(page, run.box)
        label, labels = label_of(words), _text_label(words)
        if not words and found and 0 < run.box[1] - found[-1].boxes["area"][1] < _NEXT_LINE:
            label, labels = found[-1].label, found[-1].labels
        kind = written_kind(label)
        if len(run.parts) == 3:
            day, month, year = (_room(page, part, Kind.DATE) for part in run.parts)
            boxes = {"area": around([day, month, year]), "day": day, "month": month, "year": year}
            found.append(Found(Kind.DATE, page.number, label, boxes, labels=labels))
        else:
            found.append(_area(page, kind, label, _room(page, run.box, kind), labels))
    return found


def line_fields(page: PageParts) -> list[Found]:
    """Drawn writing lines with the words before, below or above them; rules that only divide the page are left out."""
    found = []
    for line in page.lines:
        if line[2] - line[0] > 0.8 * page.width:
            continue
        level = (line[0], line[1] - 11, line[2], line[1] + 1)
        others = [b for b in [*page.lines] if b is not line and abs(b[1] - line[1]) < 3]
        hung = (
            line[0],
            line[1] - 3,
            line[2],
            line[1] + 9,
        )  # as where the words and the line stand in cells side by side
        stops = [*page.ticks, *others]
        words = _before(page, level, stops) or _before(page, hung, stops) or _caption(page, line)
        on_it = [w for w in page.words if line[0] <= middle(w.box)[0] <= line[2] and 0 <= line[1] - w.box[3] < 8]
        if not words or on_it:
            continue
        label = label_of(words)
        top = max([line[1] - _LINE_ROOM, *_floors(page, line)])
        box = (line[0], top, line[2], line[1] + _UNDER_LINE)
        if box[3] - box[1] >= _LEAST_HIGH - 2:
            found.append(_area(page, written_kind(label), label, box, _text_label(words)))
    return found


def cell_fields(page: PageParts, taken: set[Box]) -> list[Found]:
    """Empty cells, and the room under a small heading or behind a label in the same cell."""
    found: list[Found] = []
    used = [*taken, *page.ticks]
    above: Found | None = None
    empty = clear_cells(page)
    for cell in sorted(empty, key=lambda c: (c[1], c[0])):
        if not _is_room(cell) or any(overlap_much(cell, b) for b in used):
            continue
        row = on_row(page, cell[1] + 2, cell[3] - 2)
        words, head = _nearest_left(row, cell), grids.head_of(page, cell)
        if not words and not head and above is not None and abs(above.boxes["area"][3] - cell[1]) < 3:
            found.append(replace(above, boxes=_area_boxes(above.kind, cell)))
            above = found[-1]
            continue
        if words and head and grids.shares_its_row(cell, empty):
            label = f"{label_of(words)}: {label_of(head)}"
            found.append(_area(page, written_kind(label_of(head)), label, cell, {}))
            continue
        words = words or head
        if not words and grids.is_corner(page, cell):
            continue
        words = words or _over(page, cell)
        found.append(_named_by(page, words, cell, cell))
        above = found[-1]
    return found + _headed_cells(page, used) + _labelled_cells(page, used, empty)


def _labelled_cells(page: PageParts, used: Sequence[Box], empty: Sequence[Box]) -> list[Found]:
    """Cells that are written in behind their own words."""
    found = []
    for cell in page.cells:
        held = grids.room_beside(page, cell, empty)
        if held is None or not _is_room(held[1]) or any(overlap_much(cell, b) for b in used):
            continue
        words, room = held
        if is_office_use(label_of(words)) or any(overlap(room, b) for b in [*(r.box for r in page.runs), *page.lines]):
            continue
        found.append(_named_by(page, words, cell, room))
    return found


def _named_by(page: PageParts, words: Sequence[Word], cell: Box, room: Box) -> Found:
    """What is written in a cell, by its own words; a bare "Name" or "Signature" is that of the person whom the band over it names."""
    label = label_of(words)
    kind, band = written_kind(label), label_of(grids.band_over(page, cell))
    if is_known_place(label) and names_somebody(band) and not names_somebody(label):
        return _area(page, kind, f"{band}: {label}", room, {})
    return _area(page, kind, label, room, _text_label(words))


def _headed_cells(page: PageParts, used: Sequence[Box]) -> list[Found]:
    found = []
    for cell in page.cells:
        words = [w for w in page.words if inside(w.box, cell, 0)]
        if not words or any(w.light for w in words) or any(overlap_much(cell, b) for b in used):
            continue
        low = max(w.box[3] for w in words)
        room = (cell[0], low + 1, cell[2], cell[3])
        last = [w for w in words if low - w.box[3] < 3]
        # A heading, and under it what is to be written.
        headed = len(last) < len(words) and is_known_place(label_of(last))
        least = (0.3 if headed else 0.55) * (cell[3] - cell[1])
        if is_office_use(label_of(words)) or not _is_room(room) or room[3] - room[1] < least:
            continue
        if any(overlap(room, b) for b in [*page.ticks, *(r.box for r in page.runs), *page.lines]):
            continue
        label = label_of(words)
        found.append(_area(page, written_kind(label), label, room, _text_label(words)))
    return found


def beside_labels(page: PageParts, questions: Sequence[Found]) -> list[Found]:
    """Room to name something in the cell of a row's own label: "Other agency (please name):"."""
    found = []
    for one in questions:
        box = one.labels.get("text")
        cells = [c for c in page.cells if box is not None and inside(box, c) and c not in one.boxes.values()]
        if box is None or not cells or not asks_for_another(one.label):
            continue
        cell = min(cells, key=lambda c: (c[2] - c[0]) * (c[3] - c[1]))
        room = (box[2] + 4, cell[1], cell[2], cell[3])
        if _is_room(room):
            found.append(_area(page, Kind.TEXT, one.label, room, {"text": box}))
    return found


def overlap_much(one: Box, other: Box) -> bool:
    """Whether two boxes share more than a tenth of the smaller one."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0:
        return False
    smaller = min((b[2] - b[0]) * (b[3] - b[1]) for b in (one, other))
    return wide * high > 0.1 * smaller


def _is_room(box: Box) -> bool:
    return box[2] - box[0] >= _LEAST_WIDE and _LEAST_HIGH <= box[3] - box[1] <= _MOST_HIGH


def _area(page: PageParts, kind: Kind, label: str, box: Box, labels: dict[str, Box]) -> Found:
    return Found(kind, page.number, label, _area_boxes(kind, box), labels=labels)


def _area_boxes(kind: Kind, box: Box) -> dict[str, Box]:
    """The boxes of a writing area; a date with no division of its own is divided in the shares of 2, 2 and 4 figures."""
    if kind is not Kind.DATE:
        return {"area": box}
    step = (box[2] - box[0]) / 8
    one, two = box[0] + 2 * step, box[0] + 4 * step
    return {
        "area": box, "day": (box[0], box[1], one, box[3]), "month": (one, box[1], two, box[3]),
        "year": (two, box[1], box[2], box[3]),
    }  # fmt: skip


def _room(page: PageParts, box: Box, kind: Kind) -> Box:
    """The room in which people write on a row of dots: mostly above it, but not into the line above."""
    up, down = (SIGN_ABOVE, SIGN_BELOW) if kind is Kind.SIGNATURE else (ABOVE, BELOW)
    top = max([box[1] - up, *(f for f in _floors(page, box) if f <= box[1] + 1)])
    return (box[0], top, box[2], min(page.height, box[3] + down))


def _floors(page: PageParts, box: Box) -> list[float]:
    """The lower edges of the print just above a box, and the top of the page. A line or row of dots above has room below it, too."""
    rules = [(b[0], b[1], b[2], b[3] + _UNDER_LINE) for b in page.lines if abs(b[1] - box[1]) > 3]
    runs = [(b[0], b[1], b[2], b[3] + BELOW) for b in (run.box for run in page.runs)]
    things = [*(w.box for w in page.words), *page.ticks, *page.cells, *runs, *rules]
    return [0.0, *(b[3] for b in things if b[0] < box[2] and box[0] < b[2] and box[1] - 60 < b[3] <= box[1] + 1)]


def _before(page: PageParts, box: Box, stops: Sequence[Box]) -> list[Word]:
    """The words left of a box on its row, back to the next thing that is a field of its own."""
    level = middle(box)[1]
    near = max(5.0, (box[3] - box[1]) / 2)
    edge = max((s[2] for s in stops if s[2] <= box[0] + 1 and abs(middle(s)[1] - level) < near + 4), default=0.0)
    row = [w for w in on_row(page, level - near, level + near) if edge - 1 <= w.box[0] and w.box[2] <= box[0] + 2]
    said = [n for n, w in enumerate(row) if any(c.isalnum() for c in w.text)]
    return row[said[0] : said[-1] + 1] if said else []


def _nearest_left(row: Sequence[Word], cell: Box) -> list[Word]:
    """The words left of a cell that belong together: one phrase, not the next column's."""
    words = [w for w in row if w.box[2] <= cell[0] + 2]
    for n in range(len(words) - 1, 0, -1):
        if words[n].box[0] - words[n - 1].box[2] > 40:
            return words[n:]
    return words


def _caption(page: PageParts, line: Box) -> list[Word]:
    """What a writing line is for where nothing stands before it: words close below it, or those above the room to write."""
    under, over = _under(page, line), _over(page, (line[0], line[1] - _LINE_ROOM, line[2], line[3]))
    if not under or not over:
        return under or over
    below, above = min(w.box[1] for w in under) - line[3], line[1] - max(w.box[3] for w in over)
    return under if below < _NEARER_BELOW * above else over


def _under(page: PageParts, box: Box) -> list[Word]:
    """A caption just below a line."""
    return [
        w for w in on_row(page, box[3], box[3] + 14)
        if box[0] - 4 <= middle(w.box)[0] <= box[2] + 4 and w.box[1] >= box[3] - 3
    ]  # fmt: skip


def _over(page: PageParts, box: Box) -> list[Word]:
    """The line of print just above a place to write: within one and a half times its own size."""
    near = [
        w for w in page.words
        if box[0] - 4 <= w.box[0] <= box[2] and 0 <= box[1] + _INTO_PLACE - w.box[3] < _INTO_PLACE + 1.5 * w.size
    ]  # fmt: skip
    lowest = max((w.box[3] for w in near), default=0.0)
    row = sorted((w for w in near if lowest - w.box[3] < 3), key=lambda w: w.box[0])
    return [] if any(w.light for w in row) else row


def _text_label(words: Sequence[Word]) -> dict[str, Box]:
    return {"text": around(w.box for w in words)} if words else {}
