"""What stands on one page of a blank: words, tick boxes, cells, writing lines and rows of dots. No meaning yet.

All boxes are in points from the top left of the page.
"""

import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import pdfplumber
import pypdfium2
from numpy.typing import NDArray
from pdfplumber.table import TableFinder, TableSettings
from pdfplumber.utils.text import extract_words

from forms.drafting.bracketed import bracket_boxes
from forms.drafting.cropped import as_seen
from forms.drafting.dated import parts_of_dates
from forms.drafting.dotted import lines_of_dots
from forms.drafting.guesses import is_date_hint
from forms.drafting.outlines import boxes_of_lines
from forms.drafting.shaded import layered_boxes, pictured_boxes, shaded_boxes
from forms.drafting.widgets import Place, places_of
from forms.geometry import POINTS_PER_INCH, Box, around, overlap

PICTURE_DPI = 200
_GLYPH_DPI = 400
_GLYPH_REACH = 12
_RULE_BEYOND = 12
"""Dots at 400 to the inch, as the reach is."""
_GLYPHS = frozenset("☐☑☒□▢▫◻◽⬜⬚❏❐❑❒❍🔲🗆🗌🞎🞏🞐○◯⚪")
_SYMBOLS = {
    "wingdings2": "£\uf0a3",
    "wingding": "o\uf06f¨\uf0a8q\uf071r\uf072\uf0a1¡",
    "webdings": "c\uf063",
    "zapfdingbats": "mopqr",
    "opensymbol": "\uf06f\uf0a8\uf071\uf072\uf0a1\uf0a3",
}
"""Which letters of a font of symbols are empty boxes or circles: the first name that the font's has."""
_TICK_SIDES = (6.0, 42.0)
_SQUARE = (0.72, 1.4)
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_HEAVY = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)
_LEAST_RUN = 4  # characters; an ellipsis has three dots
_LEAST_LINE = 40.0
_LEAST_CELL = 12.0
_LEAST_CORNERS = 8  # points of a path round four rounded corners; a circle has four
_MOST_ROUND = 14.0
"""Points of a corner's radius at the most."""
_LINES = {
    "vertical_strategy": "lines", "horizontal_strategy": "lines",
    "snap_tolerance": 1.5, "join_tolerance": 3, "intersection_tolerance": 3, "edge_min_length": 3,
}  # fmt: skip

# pdfplumber describes everything on a page as a dictionary of this kind.
Thing = dict[str, Any]


@dataclass(frozen=True)
class Word:
    """One printed word. `light`: printed in a light colour, as headings on dark bars are; `size` in points; `bold`: in heavy letters."""

    text: str
    box: Box
    light: bool
    size: float
    bold: bool = False


@dataclass(frozen=True)
class Run:
    """A row of underscores or dots to write on, in parts where slashes divide it."""

    parts: tuple[Box, ...]

    @property
    def box(self) -> Box:
        """All of it."""
        return around(self.parts)


@dataclass(frozen=True)
class PageParts:
    """Everything on one page that a field could be made of."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    ticks: tuple[Box, ...]
    cells: tuple[Box, ...]
    lines: tuple[Box, ...]
    runs: tuple[Run, ...]
    pictures: tuple[Box, ...] = ()
    sideways: bool = False
    dated: tuple[tuple[Box, Box, Box], ...] = ()
    """Three cells side by side, for a day, a month and a year."""
    unread: float = 0.0
    """Share of the letters of which the PDF does not say which they are."""


def parts_of(pdf: bytes) -> list[PageParts]:
    """The parts of each page. Raises what pdfplumber and PDFium raise when a file is not a PDF."""
    pictures, places = opened(pdf), places_of(pdf)
    with pdfplumber.open(io.BytesIO(as_seen(pdf))) as document:
        pages = zip(document.pages, pictures, places, strict=True)
        return [_page(page, n, picture, held) for n, (page, picture, held) in enumerate(pages, start=1)]


# Any: PDFium carries no types.
def opened(pdf: bytes) -> Any:
    """A PDF as PDFium has it, that shows the outlines of the fields that are filled in on a screen, as every printer does."""
    document = pypdfium2.PdfDocument(pdf)
    if document.get_formtype() != pypdfium2.raw.FORMTYPE_NONE:
        document.init_forms()
    return document


def pictures_of(pdf: bytes) -> list[NDArray[np.uint8]]:
    """Each page as the reader wants it: grey, uint8, height × width, 0 is black, 200 dots to the inch."""
    return [_picture(page, PICTURE_DPI) for page in opened(pdf)]


def middle(box: Box) -> tuple[float, float]:
    """The centre of a box."""
    return ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)


def inside(box: Box, held: Box, slack: float = 1.0) -> bool:
    """Whether the centre of `box` lies in `held`."""
    x, y = middle(box)
    return held[0] - slack <= x <= held[2] + slack and held[1] - slack <= y <= held[3] + slack


# Any: pdfplumber and PDFium carry no types.
def _page(page: Any, number: int, picture: Any, places: Sequence[Place]) -> PageParts:
    width, height = float(page.width), float(page.height)
    page = page.filter(lambda o: "x0" not in o or inside(_box_of(o), (0.0, 0.0, width, height)))
    glyphs = [c for c in page.chars if _is_glyph(c)]
    bracketed, brackets = bracket_boxes(page.chars)
    glyphs += brackets
    between = {id(c) for c in brackets}
    runs, run_chars = _runs([c for c in page.chars if id(c) not in between])
    left_out = {id(c) for c in [*glyphs, *run_chars]}
    plain = page.filter(lambda o: o["object_type"] == "char" and id(o) not in left_out)
    kept = [c for c in plain.chars if (c["text"], c["x0"], c["top"]) not in _keys([*glyphs, *run_chars])]
    words = _words(kept)
    filled = [box for o in [*page.rects, *page.curves] if not o.get("stroke") and (box := _fit_for_a_tick(_box_of(o)))]
    small = [box for o in page.images if (box := _fit_for_a_tick(_box_of(o))) is not None]
    layered = [box for o in page.rects if not o.get("stroke") and (box := _fit_for_a_tick(_box_of(o))) is not None]
    grey = _picture(picture, _GLYPH_DPI) if glyphs or places or filled or small or layered else None
    drawn_glyphs = [c for c in glyphs if id(c) not in between]
    ticks = [_inked(grey, _cell_of(c), _GLYPH_REACH) for c in drawn_glyphs] if grey is not None else []
    ticks += bracketed
    ticks += [box for one in [*page.rects, *page.curves] if (box := _drawn_box(one)) is not None]
    if grey is not None:
        ticks += shaded_boxes(grey, _GLYPH_DPI, filled) + pictured_boxes(grey, _GLYPH_DPI, small)
        ticks += layered_boxes(grey, _GLYPH_DPI, layered)
    cells = [_upright(c) for c in TableFinder(page, TableSettings.resolve(_LINES)).cells]
    cells += [box for one in page.curves if (box := _rounded(one)) is not None]
    cells = _once(c for c in cells if c[2] - c[0] > 4 and c[3] - c[1] > 4)
    gone, dated = parts_of_dates([(w.text, w.box) for w in words], cells)
    words = [w for n, w in enumerate(words) if n not in gone]
    words = _without_hints(words, [*cells, *ticks])
    lines = [_box_of(o) for o in [*page.lines, *page.rects]]
    ticks += boxes_of_lines(lines)
    dotted = lines_of_dots([*lines, *(b for b in map(_box_of, page.curves) if b[3] - b[1] < 2)])
    flat = _once(b for b in [*lines, *dotted] if b[3] - b[1] < 2 and b[2] - b[0] >= _LEAST_LINE)
    pictures = tuple(_box_of(o) for o in page.images)
    free = [b for b in flat if not any(_is_edge_of(b, c) for c in cells)]
    drawn = [*cells, *free, *(run.box for run in runs)]
    ticked = [one.box for one in places if one.ticked and not any(_share(one.box, tick) for tick in ticks)]
    ticks += [_outline_in(grey, box) for box in ticked] if grey is not None else []
    written = [one for one in places if not one.ticked and not any(_share(one.box, other) for other in drawn)]
    cells += [cell for one in written for cell in one.divided()]
    sideways = sum(not c["upright"] for c in page.chars) > len(page.chars) / 2
    return PageParts(
        number, width, height, tuple(words), tuple(_once(ticks)), tuple(cells), tuple(free), tuple(runs), pictures, sideways,
        tuple(dated), _share_unread(kept),
    )  # fmt: skip


def _share_unread(chars: Sequence[Thing]) -> float:
    """The share of letters that a font only numbers, or that lie where no letter is."""
    said = [c["text"] for c in chars if c["text"].strip()]
    unknown = sum(text.startswith("(cid:") or unicodedata.category(text[0]) in ("Co", "Cc", "Cn") for text in said)
    return unknown / len(said) if said else 0.0


def _keys(things: Iterable[Thing]) -> set[tuple[str, float, float]]:
    return {(c["text"], c["x0"], c["top"]) for c in things}


def _upright(box: Sequence[float]) -> Box:
    left, top, right, bottom = (float(n) for n in box)
    return (min(left, right), min(top, bottom), max(left, right), max(top, bottom))


def _once(boxes: Iterable[Box]) -> list[Box]:
    """The boxes without those that lie on one another: a path is often drawn twice, once to fill and once to stroke."""
    kept: list[Box] = []
    for box in sorted(boxes, key=lambda b: (b[1], b[0])):
        if not any(all(abs(a - b) < 1.5 for a, b in zip(box, other, strict=True)) for other in kept[-60:]):
            kept.append(box)
    return kept


def _is_glyph(char: Thing) -> bool:
    font = str(char["fontname"]).lower().replace(" ", "").replace("-", "")
    boxes = next((letters for name, letters in _SYMBOLS.items() if name in font), "")
    return char["text"] in _GLYPHS or (bool(boxes) and char["text"] in boxes)


def _cell_of(char: Thing) -> Box:
    """The place of a letter; as wide as it is high where the PDF does not say how wide, as of the symbols that every viewer has."""
    left, top, right, bottom = _box_of(char)
    return (left, top, right if right - left > 1 else left + 0.9 * float(char["size"]), bottom)


def _is_light(colour: object) -> bool:
    values = [colour] if isinstance(colour, int | float) else colour
    return isinstance(values, list | tuple) and len(values) in (1, 3) and all(float(v) > 0.8 for v in values)


def _drawn_box(thing: Thing) -> Box | None:
    """The box of a drawn outline that a tick would fit in; None for bullets, bars and everything else."""
    return _fit_for_a_tick(_box_of(thing)) if thing.get("stroke") else None


def _fit_for_a_tick(box: Box) -> Box | None:
    width, height = box[2] - box[0], box[3] - box[1]
    if not (_TICK_SIDES[0] <= min(width, height) and max(width, height) <= _TICK_SIDES[1]):
        return None
    return box if _SQUARE[0] <= width / height <= _SQUARE[1] else None


def _rounded(thing: Thing) -> Box | None:
    """The frame of a curve that is a box with rounded corners, too large for a tick; None for every other curve."""
    box, ends = _box_of(thing), thing.get("pts") or []
    corner = min(_MOST_ROUND, 0.3 * (box[3] - box[1]))
    away = [(min(x - box[0], box[2] - x), min(y - box[1], box[3] - y)) for x, y in ends]
    on_edge = all(min(one) < 1 or max(one) < corner for one in away)  # browsers draw a corner in many short pieces
    large = min(box[2] - box[0], box[3] - box[1]) > _LEAST_CELL and box[2] - box[0] > _TICK_SIDES[1]
    return box if thing.get("stroke") and len(ends) >= _LEAST_CORNERS and on_edge and large else None


def _share(one: Box, two: Box) -> bool:
    """Whether the middle of either lies in the other: a field for the screen lies on what is printed there for the pen."""
    return inside(one, two, 4.0) or inside(two, one, 4.0)


def _is_edge_of(line: Box, cell: Box) -> bool:
    level = middle(line)[1]
    on_edge = min(abs(level - cell[1]), abs(level - cell[3])) < 2
    return on_edge and line[0] < cell[2] - 1 and cell[0] + 1 < line[2]


def _runs(chars: Sequence[Thing]) -> tuple[list[Run], list[Thing]]:
    """Rows of underscores or dots, with the characters that they are made of."""
    rows: dict[int, list[Thing]] = {}
    for char in chars:
        if char["text"] in "_.…/- ":
            rows.setdefault(round(char["bottom"] / 2), []).append(char)
    found, used = [], []
    for row in rows.values():
        row.sort(key=lambda c: c["x0"])
        sequence: list[Thing] = []
        ended: list[Thing | None] = [*row, None]
        for next_one in ended:
            if next_one is not None and (not sequence or next_one["x0"] - sequence[-1]["x1"] < 3):
                sequence.append(next_one)
                continue
            taken = _stripped(sequence)
            if sum(len(c["text"]) if c["text"] != "…" else 3 for c in taken if c["text"] in "_.…") >= _LEAST_RUN:
                found.append(_run(taken))
                used += taken
            sequence = [] if next_one is None else [next_one]
    return found, used


def _stripped(sequence: Sequence[Thing]) -> list[Thing]:
    solid = [n for n, c in enumerate(sequence) if c["text"] in "_.…"]
    return list(sequence[solid[0] : solid[-1] + 1]) if solid else []


def _run(chars: Sequence[Thing]) -> Run:
    parts: list[list[Box]] = [[]]
    for char in chars:
        if char["text"] == "/" or (char["text"] == "-" and parts[-1]):
            parts.append([])
        elif char["text"] != " ":
            parts[-1].append(_box_of(char))
    held = tuple(around(part) for part in parts if part)
    return Run(held if len(held) == 3 else (around(held),))


def _words(chars: Sequence[Thing]) -> list[Word]:
    found = extract_words(
        list(chars), keep_blank_chars=False, extra_attrs=["size"], x_tolerance=2, y_tolerance=2, return_chars=True
    )
    return [
        Word(
            _as_written(w["chars"]),
            _box_of(w),
            _is_light(w["chars"][0].get("non_stroking_color")),
            float(w["size"]),
            _HEAVY.search(str(w["chars"][0]["fontname"])) is not None,
        )
        for w in found
    ]


def _without_hints(words: Sequence[Word], cells: Sequence[Box]) -> list[Word]:
    """The words without those of cells that only show how a date is written there ("DD / MM / YYYY"): such a cell is one to write in."""
    hinted = set[Word]()
    for cell in cells:
        held = [w for w in words if inside(w.box, cell, 0)]
        if is_date_hint(" ".join(w.text for w in held)) or (len(held) == 1 and _is_hint_of_one(held[0], cell)):
            hinted |= set(held)
    return [w for w in words if w not in hinted]


def _is_hint_of_one(word: Word, cell: Box) -> bool:
    """Whether a letter stands in a box for one figure and says which it is: D, M or Y."""
    return word.text in ("D", "M", "Y") and max(cell[2] - cell[0], cell[3] - cell[1]) <= _TICK_SIDES[1]


def _as_written(chars: Sequence[Thing]) -> str:
    """The letters of a word in the order in which they are written: a PDF's lie from left to right, Arabic and Urdu too."""
    text = _LIGATURE.sub(lambda one: unicodedata.normalize("NFKC", one[0]), "".join(char["text"] for char in chars))
    return "".join(char["text"] for char in reversed(chars)) if is_right_to_left(text) else text


def is_right_to_left(text: str) -> bool:
    """Whether a word is written from right to left."""
    return any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)


def _picture(page: Any, dpi: int) -> NDArray[np.uint8]:
    image = page.render(scale=dpi / POINTS_PER_INCH, grayscale=True).to_numpy()
    return np.asarray(image[:, :, 0] if image.ndim == 3 else image, np.uint8)


def _box_of(thing: Thing) -> Box:
    return _upright((thing["x0"], thing["top"], thing["x1"], thing["bottom"]))


def _outline_in(grey: NDArray[np.uint8], box: Box) -> Box:
    """The outline that a field for the screen shows, as a circle may not fill it; the field itself where it shows none."""
    inked = _inked(grey, box, 0)
    return inked if min(inked[2] - inked[0], inked[3] - inked[1]) >= _TICK_SIDES[0] else box


def _inked(grey: NDArray[np.uint8], cell: Box, reach: int) -> Box:
    """What is printed in a cell, which is smaller: the outline of a box character; `reach`: dots above and below that it may reach to."""
    scale = _GLYPH_DPI / POINTS_PER_INCH
    left, top = max(0, int(cell[0] * scale) - 2), max(0, int(cell[1] * scale) - reach)
    right, bottom = int(cell[2] * scale) + 2, int(cell[3] * scale) + reach
    wider = grey[top:bottom, max(0, left - _RULE_BEYOND) : right + _RULE_BEYOND] < 128
    # A row of dots that runs through beyond the letter is a line of the table, not of the box.
    ink = (grey[top:bottom, left:right] < 128) & ~wider.all(axis=1, keepdims=True)
    _, _, pieces, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    if len(pieces) < 2:
        return cell
    # The largest piece is the box: what else is in reach belongs to the lines of print above and below.
    x, y, wide, high, _ = (int(n) for n in max(pieces[1:], key=lambda piece: int(piece[2]) * int(piece[3])))
    return (
        round((left + x) / scale, 2), round((top + y) / scale, 2),
        round((left + x + wide) / scale, 2), round((top + y + high) / scale, 2),
    )  # fmt: skip


def clear_cells(page: PageParts) -> list[Box]:
    """The cells with neither words nor smaller cells in them."""
    return [
        c for c in page.cells
        if not any(inside(w.box, c) for w in page.words)
        and not any(o != c and overlap(o, c) and inside(o, c) and _area(o) < _area(c) * 0.9 for o in page.cells)
    ]  # fmt: skip


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
