"""Places to write made into fields: figure boxes, rows of dots, writing lines, empty cells, room beside "please name"."""

import itertools
from collections.abc import Sequence
from dataclasses import replace

from forms.drafting import grids
from forms.drafting.carried import carried_over
from forms.drafting.found import Found, blocks_of, is_lesser, label_of, on_row, parted, said, text_of
from forms.drafting.guesses import asks_for_another, is_known_place, is_office_use, names_somebody, written_kind
from forms.drafting.leading import without_how_to, without_number
from forms.drafting.parts import PageParts, Run, Word, clear_cells, inside, middle
from forms.drafting.wordings import NO_WORDS, YES_WORDS
from forms.geometry import Box, around, overlap
from forms.template import Kind

ABOVE, BELOW = 8.0, 4.0
"""Points of room that handwriting takes above and below a row of underscores."""
SIGN_ABOVE, SIGN_BELOW = 13.0, 6.0
_COMB_SIDES = (9.0, 34.0)
_COMB_GAP = 26.0
_LEAST_WIDE, _LEAST_HIGH, _MOST_HIGH = 45.0, 13.0, 320.0
_LEAST_ROW = 11.0
"""Points that a cell is high at the least between the words of its row and under the head of its column, as a table of small print has it."""
_LINE_ROOM, _UNDER_LINE = 22.0, 2.0
_NEARER_BELOW = 0.5
"""A caption below a line is so much nearer to it than words above, between which and the line people write."""
_INTO_PLACE = 2.0
_NEXT_LINE = 40.0
_FAR_CAPTION = 24.0
_MOST_CAPTION = 8
_SERIES = 60.0
_BEGINS = 4.0
_TO_BOX, _FAR_BOX = 14.0, 40.0
_UNDERLINED = 4.0
_ON_IT = 11.0
"""Points over a line in which words stand on it, so that nobody writes there."""
_PITCH = (14.0, 36.0)
"""Points from one line of ruled room to the next."""


def combs(page: PageParts, taken: set[Box]) -> tuple[list[Found], set[Box]]:
    """Rows of small equal boxes for figures: dates of eight or six; others as one writing area."""
    small = [b for b in [*page.cells, *page.ticks] if b not in taken and _is_comb_cell(page, b)]
    found = [_date_of(page, three) for three in page.dated]
    used = {cell for three in page.dated for cell in three}
    small = [b for b in small if b not in used]
    wide = [cell for cell in clear_cells(page) if cell[2] - cell[0] >= _LEAST_WIDE]
    for row in _comb_rows(small):
        others = [*page.ticks, *page.lines, *wide, *(run.box for run in page.runs), *[b for b in small if b not in row]]
        words = _before(page, row[0], others) or _over(page, around(row))
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


def _date_of(page: PageParts, three: tuple[Box, Box, Box]) -> Found:
    """A date in three cells, with the words before or over them."""
    place = around(three)
    words = _before(page, place, [*page.ticks, *page.lines]) or _over(page, place)
    boxes = {"area": place, "day": three[0], "month": three[1], "year": three[2]}
    return Found(Kind.DATE, page.number, label_of(words), boxes, labels=_text_label(words))


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


def run_fields(page: PageParts, told: PageParts) -> list[Found]:
    """Rows of underscores or dots with the words before them; one without words below another goes on with what that one is for.

    `told`: the page without the words of marks, which say nothing of a place below them.
    """
    found: list[Found] = []
    empty = clear_cells(page)
    for run in sorted(page.runs, key=lambda run: (round(run.box[3] / 4), run.box[0])):
        others = [r.box for r in page.runs if r is not run]
        words = _before(page, run.box, [*page.ticks, *page.lines, *empty, *others])
        if words and not asks_for_another(label_of(words)) and _leads_to_a_box(page, run):
            continue
        if not words:
            words = carried_over(page, run.box) or _caption(told, run.box)
            below = bool(words) and words[0].box[1] > run.box[1] and not is_known_place(label_of(words), _MOST_CAPTION)
            words = [] if below and found and _goes_on_with(page, run.box, found[-1]) else words
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


def _goes_on_with(page: PageParts, box: Box, before: Found) -> bool:
    """Whether a row of dots is the next line of the room to write above it: nothing is printed between, and words stood before that."""
    above = before.boxes["area"]
    between = [w for w in page.words if above[3] - BELOW <= w.box[1] and w.box[3] <= box[3] - ABOVE]
    return bool(before.labels) and 0 < box[1] - above[1] < _NEXT_LINE and box[0] <= above[0] + 2 and not between


def line_fields(page: PageParts, told: PageParts) -> list[Found]:
    """Drawn writing lines with the words before, below or above them; rules that only divide the page are left out. `told`: as for `run_fields`."""
    found = []
    further = set[Box]()
    for line in sorted(page.lines, key=lambda line: (round(line[1]), line[0])):
        ruled = _ruled(page, line)
        if line in further:
            continue
        if line[2] - line[0] > 0.8 * page.width and not ruled and not _is_written_over(told, line):
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
        words = (
            _before(page, level, stops)
            or _before(page, hung, stops)
            or carried_over(page, line)
            or _caption(told, line)
        )
        on_it = [
            w
            for w in page.words
            if line[0] <= middle(w.box)[0] <= line[2] and -_UNDERLINED <= line[1] - w.box[3] < _ON_IT
        ]
        if not words or on_it:
            continue
        label = label_of(words)
        top = max([line[1] - _LINE_ROOM, *_floors(page, line)])
        kind = written_kind(label)
        ruled = ruled if kind is Kind.TEXT else []
        further |= set(ruled)
        box = (line[0], top, line[2], (ruled[-1] if ruled else line)[1] + _UNDER_LINE)
        if box[3] - box[1] >= _LEAST_HIGH - 2:
            found.append(_area(page, kind, label, box, _text_label(words)))
    return found


def _ruled(page: PageParts, line: Box) -> list[Box]:
    """The lines below one that rule the same room to write in: of its length, a line of writing apart, with nothing printed between."""
    found: list[Box] = []
    for one in sorted((b for b in page.lines if b[1] > line[1]), key=lambda b: b[1]):
        last = found[-1] if found else line
        if abs(one[0] - line[0]) > 2 or abs(one[2] - line[2]) > 2:
            continue
        between = (0.0, last[1], one[2], one[1])
        if not _PITCH[0] <= one[1] - last[1] <= _PITCH[1] or any(inside(w.box, between, 0) for w in page.words):
            break
        found.append(one)
    return found


def cell_fields(page: PageParts, told: PageParts, taken: set[Box]) -> list[Found]:
    """Empty cells, and the room under a small heading or behind a label in the same cell. `told`: as for `run_fields`."""
    found: list[Found] = []
    used = [*taken, *page.ticks]
    above: Found | None = None
    empty = clear_cells(page)
    for cell in sorted(empty, key=lambda c: (c[1], c[0])):
        if not _is_room(cell, _LEAST_ROW) or any(overlap_much(cell, b) for b in used):
            continue
        row = on_row(page, cell[1] + 2, cell[3] - 2)
        words, head = grids.row_says(page, cell) or _nearest_left(row, cell), grids.head_of(page, cell)
        if not _is_room(cell) and not (words and head):
            continue
        if not words and not head and above is not None and abs(above.boxes["area"][3] - cell[1]) < 3:
            found.append(replace(above, boxes=_area_boxes(above.kind, cell)))
            above = found[-1]
            continue
        beside = any(cell[1] < middle(tick)[1] < cell[3] for tick in page.ticks)
        if words and head and (beside or grids.shares_its_row(cell, empty)):
            row_says, head_says = label_of(words), label_of(head)
            if written_kind(row_says) is not Kind.TEXT and not is_known_place(head_says):
                row_says, head_says = head_says, row_says  # who signs is over the column, and that they sign beside it
            found.append(_area(page, written_kind(head_says), f"{row_says}: {head_says}", cell, {}))
            continue
        words = words or head
        if grids.is_over_boxes(page, cell) or (not words and grids.is_corner(page, cell)):
            continue
        words = words or _over(told, cell) or _plainly_under(told, cell)
        if not words:
            continue  # an ornament, or nobody could say what it is for
        found.append(_named_by(page, words, cell, cell))
        above = found[-1]
    return found + _headed_cells(page, used, empty) + _labelled_cells(page, used, empty)


def _labelled_cells(page: PageParts, used: Sequence[Box], empty: Sequence[Box]) -> list[Found]:
    """Cells that are written in behind their own words."""
    found = []
    for cell in page.cells:
        held = None if grids.is_in_head_row(page, cell) else grids.room_beside(page, cell, empty)
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
    kind, band = written_kind(label), without_number(label_of(grids.band_over(page, cell)))
    if is_known_place(label) and names_somebody(band) and not names_somebody(label):
        return _area(page, kind, f"{band}: {label}", room, {})
    return _area(page, kind, label, room, _text_label(words))


def _headed_cells(page: PageParts, used: Sequence[Box], empty: Sequence[Box]) -> list[Found]:
    found = []
    for cell in page.cells:
        words = [w for w in page.words if inside(w.box, cell, 0)]
        # What is asked behind boxes of its own ("If no, please say why:") is written below it in the same cell.
        ticked = {tick for tick in page.ticks if inside(tick, cell, 0)}
        low = max((w.box[3] for w in words), default=0.0)
        last = [w for w in words if low - w.box[3] < 3]
        asked = bool(ticked) and bool(last) and last[-1].text.endswith(":")
        if not words or any(w.light for w in words) or grids.is_in_head_row(page, cell):
            continue
        if any(overlap_much(cell, b) for b in used if not (asked and b in ticked)):
            continue
        if any((_is_room(c) and grids.follows(c, cell)) or grids.is_head_of(page, cell, c) for c in empty):
            continue  # what it names is written in the empty cells beside it or below it
        room = (cell[0], low + 1, cell[2], cell[3])
        words = last if asked else words
        # A heading, and under it what is to be written.
        headed = asked or (len(last) < len(words) and is_known_place(label_of(last)))
        least = (0.3 if headed else 0.4 if grids.has_room_all_along(page, cell) else 0.55) * (cell[3] - cell[1])
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


def _is_room(box: Box, least: float = _LEAST_HIGH) -> bool:
    return box[2] - box[0] >= _LEAST_WIDE and least <= box[3] - box[1] <= _MOST_HIGH


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
    """The room in which people write on a row of dots: mostly above it, but not into the line above, nor into the room of the next."""
    up, down = (SIGN_ABOVE, SIGN_BELOW) if kind is Kind.SIGNATURE else (ABOVE, BELOW)
    top = max([box[1] - up, *(f for f in _floors(page, box) if f <= box[1] + 1)])
    under = [r.box for r in page.runs if r.box[0] < box[2] and box[0] < r.box[2] and r.box[1] > box[3]]
    below = [max(box[3], one[1] - ABOVE) for one in under]
    return (box[0], top, box[2], min([page.height, box[3] + down, *below]))


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
    if any(abs(tick[2] - edge) < 1 for tick in page.ticks):
        row = row[parted(row) :]  # the words of a box before it are not its own
    blocks = blocks_of(row)
    # What leads to something far before it has its own place, on the line below; larger print is a heading.
    if len(blocks) > 1 and (blocks[-2][-1].text.endswith(":") or blocks[-2][-1].size > blocks[-1][0].size + 1):
        row = blocks[-1]
    if (
        edge and row and row[0].text.startswith("(")
    ):  # behind a place to write, of which it says what that was ("(parent)")
        closed = next((n for n, w in enumerate(row, start=1) if w.text.endswith(")")), 0)
        row = row[closed:]
    told = [n for n, w in enumerate(row) if any(c.isalnum() for c in w.text)]
    return row[told[0] : told[-1] + 1] if told else []


def _nearest_left(row: Sequence[Word], cell: Box) -> list[Word]:
    """The words left of a cell that belong together: one phrase, not the next column's."""
    words = [w for w in row if w.box[2] <= cell[0] + 2]
    for n in range(len(words) - 1, 0, -1):
        if words[n].box[0] - words[n - 1].box[2] > 40:
            return words[n:]
    return words


def _caption(page: PageParts, line: Box) -> list[Word]:
    """What a writing line is for where nothing stands before it: words close below it, or those above the room to write."""
    under, over = _captioning(page, line, 14), _over_line(page, line)
    over = over if without_how_to(text_of(over)) else []
    if not under or not over:
        return under or over or _further_under(page, line)
    first, last = _series(page, line)
    if first != last and not _captioning(page, last, 14) and _over_line(page, first):
        return over  # words stand over each line of a list, and so under the line before
    below, above = min(w.box[1] for w in under) - line[3], line[3] - max(w.box[3] for w in over)
    return under if below < _NEARER_BELOW * above else over


def _plainly_under(page: PageParts, cell: Box) -> list[Word]:
    """Words right under a cell that plainly say what is written in it ("Date")."""
    words = _captioning(page, cell, 12)
    return words if words and is_known_place(label_of(words), _MOST_CAPTION) else []


def _series(page: PageParts, line: Box) -> tuple[Box, Box]:
    """The first and the last of the lines that stand under one another with a line of writing between, of one length."""
    like = sorted((b for b in page.lines if abs(b[0] - line[0]) < 3 and abs(b[2] - line[2]) < 3), key=lambda b: b[1])
    runs = [run.box for run in page.runs if abs(run.box[0] - line[0]) < 3 and abs(run.box[2] - line[2]) < 3]
    series, found = sorted([*like, *runs], key=lambda b: b[1]), [line]
    for one in series:
        if one[1] > found[-1][1] and one[1] - found[-1][1] < _SERIES:
            found.append(one)
    for one in reversed(series):
        if one[1] < found[0][1] and found[0][1] - one[1] < _SERIES:
            found.insert(0, one)
    return found[0], found[-1]


def _further_under(page: PageParts, box: Box) -> list[Word]:
    """Print further below a line, if it begins where the line does, plainly says what is written, and has no place of its own."""
    far = _captioning(page, box, _FAR_CAPTION)
    begins = bool(far) and abs(far[0].box[0] - box[0]) < _BEGINS
    held = around(w.box for w in far) if far else box
    own = [
        p
        for p in (*page.lines, *(run.box for run in page.runs))
        if held[1] < middle(p)[1] < held[3] + 4 and p[2] > held[2]
    ]
    plain = (
        not own
        and len(far) <= _MOST_CAPTION
        and (written_kind(label_of(far)) is not Kind.TEXT or is_known_place(label_of(far)))
    )
    return far if begins and plain else []


def _is_written_over(page: PageParts, line: Box) -> bool:
    """Whether a line across the page is no rule between its parts: the words over it plainly say what is written on it."""
    words = _over_line(page, line)
    return bool(words) and is_known_place(label_of(words), _MOST_CAPTION)


def _captioning(page: PageParts, box: Box, reach: float) -> list[Word]:
    return [
        w for w in on_row(page, box[3], box[3] + reach)
        if box[0] - 4 <= middle(w.box)[0] <= box[2] + 4 and w.box[1] >= box[3] - 3
    ]  # fmt: skip


def _leads_to_a_box(page: PageParts, run: Run) -> bool:
    """Whether a row of dots only leads the eye from words to the box behind it, or to the answer of which the box is."""
    level = [
        tick for tick in page.ticks if run.box[1] - 4 < middle(tick)[1] < run.box[3] + 4 and tick[0] >= run.box[2] - 2
    ]
    box = min(level, default=None)
    if box is None:
        return False
    behind = [w for w in on_row(page, run.box[1] - 4, run.box[3] + 4) if run.box[2] - 1 <= w.box[0]]
    between = [w for w in behind if w.box[2] <= box[0] + 2]
    if said(between) in YES_WORDS | NO_WORDS:
        return between[0].box[0] - run.box[2] < _TO_BOX
    return box[0] - run.box[2] < (_TO_BOX if behind else _FAR_BOX)


def _over_line(page: PageParts, line: Box) -> list[Word]:
    """The line of print over what is written on: at least as far up as words that stand on it, and no further than the room to write is high."""
    return _over(page, (line[0], line[3] - _ON_IT, line[2], line[3]), _LINE_ROOM - _ON_IT)


def _over(page: PageParts, box: Box, room: float = 0.0) -> list[Word]:
    """The line of print just above a place to write: within `room` and one and a half times its own size. A hint under the label is none ("For example, 27 3 2015")."""
    near = [
        w for w in page.words
        if box[0] - 4 <= w.box[0] <= box[2] and 0 <= box[1] + _INTO_PLACE - w.box[3] < _INTO_PLACE + room + 1.5 * w.size
    ]  # fmt: skip
    lowest = max((w.box[3] for w in near), default=0.0)
    row = sorted((w for w in near if lowest - w.box[3] < 3), key=lambda w: w.box[0])
    if any(w.light for w in row) or _runs_past(page, row, box):
        return []
    return _hinted_at(page, row) or row


def _runs_past(page: PageParts, row: Sequence[Word], box: Box) -> bool:
    """Whether words over a place are only the begin of a line that goes on for longer beyond it: a title over an ornament."""
    line = [w for w in page.words if row and abs(w.box[3] - row[0].box[3]) < 3]
    block = next((held for held in blocks_of(line) if row and row[-1] in held), [])
    return bool(block) and block[-1].box[2] - box[2] > max(1.0, box[2] - block[0].box[0])


def _hinted_at(page: PageParts, hint: Sequence[Word]) -> list[Word]:
    """The label right above words that are only a hint to it, in lesser print: it plainly says what is written, and they do not."""
    if not hint or is_known_place(label_of(hint), _MOST_CAPTION):
        return []
    top, left = min(w.box[1] for w in hint), hint[0].box[0]
    over = [w for w in page.words if -2 < top - w.box[3] < 0.6 * w.size and abs(middle(w.box)[1] - top) < 1.5 * w.size]
    row = next((block for block in blocks_of(over) if abs(block[0].box[0] - left) < _BEGINS), [])
    plain = bool(row) and is_lesser(hint, row) and is_known_place(label_of(row), _MOST_CAPTION)
    return row if plain else []


def _text_label(words: Sequence[Word]) -> dict[str, Box]:
    return {"text": around(w.box for w in words)} if words else {}
