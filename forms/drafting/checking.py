"""What is wrong with a template when it is laid over its blank, in plain words.

A fault would let a form be read wrongly. Advice is what a form could do better: the form is read all the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.blank_pages import BLANK_DPI
from forms.catalogue import KnownPage
from forms.drafting import belonging, items, labels, outlined, printed
from forms.drafting.guesses import written_kind
from forms.drafting.handwritten import told_by
from forms.geometry import MM_PER_INCH, POINTS_PER_INCH, Box, overlap
from forms.template import Field, Kind, Template

Grey = NDArray[np.uint8]
MM = POINTS_PER_INCH / MM_PER_INCH
SMALLEST_MM, NEAREST_MM = 3.0, 2.0
_WHOLE_CELL_MM = 8.0
_FEW = 3
"""So many sentences of one kind are said one by one."""
_SCALE = BLANK_DPI / POINTS_PER_INCH
_HINTED = "In the place of {} is printed how a date is written: what is written over print is harder to read. Better to print it beside or under the place."
_PRINTED = 0.012  # share of a box; specks and the inner edge of an outline stay below


_LEAST_ROUND, _CORNER, _ROUND_RAYS, _ROUND = 12, 0.1, 48, 0.95
_WITHIN_ROUND = 0.75
"""Of a round box's inside, squared: what lies farther out is its outline."""


@dataclass(frozen=True)
class Findings:
    """Sentences about one template: what must be mended, what could be better, and what helps to mend it."""

    faults: tuple[str, ...]
    advice: tuple[str, ...]
    help: tuple[str, ...] = ()


def check(template: Template, known: Sequence[KnownPage]) -> Findings:
    """What is wrong. `known`: the template's pages as the catalogue knows them, in order."""
    faults: list[str] = []
    advice: list[str] = []
    for page in known:
        grey, wrong = _looked_at(page)
        faults += wrong
        if grey is not None:
            fields = template.on_page(page.page)
            hinted = printed.hinted_dates(fields, page)
            faults += [fault for one in fields if one.id not in hinted for fault in _over_print(one, grey)]
            faults += outlined.faults(fields, grey)
            faults += labels.faults(fields, grey, page.page)
            advice += [_HINTED.format(name) for name in hinted]
            advice += labels.advice(fields, grey) + outlined.advice(fields, grey)
        faults += _too_close(template.on_page(page.page))
        faults += belonging.misplaced(template.on_page(page.page))
        faults += printed.faults(template.on_page(page.page), page)
        advice += printed.advice(template.on_page(page.page), page)
        advice += _near(template.on_page(page.page)) + _small(template.on_page(page.page))
    for one in template.fields:
        faults += _own_faults(one)
        advice += _own_advice(one)
    if not any(one.kind.is_mark for one in template.fields):
        faults.append(
            "It has no box to tick, so no form could say what a family agrees to."
            if template.fields
            else "It has no fields: nothing would be read."
        )
    if template.fields and not any(one.kind is Kind.SIGNATURE for one in template.fields):
        advice.append("It has no signature: a form that nobody signed counts as signed.")
    wrong_items = items.faults(template)
    faults += wrong_items
    advice += items.advice(template)
    if known and known[0].pdf is None:
        advice.append(
            f"There is no {template.id}.{template.edition}.pdf beside it: forms that are filled in on a screen "
            "cannot be read without recognition."
        )
    return Findings(tuple(faults), tuple(advice), (items.ALL,) if wrong_items else ())


def policy_faults(known: Sequence[KnownPage]) -> tuple[str, ...]:
    """The first thing that is wrong with policies' pages: they have no fields, but a page is told from others by what is printed on it."""
    for page in known:
        wrong = [*_looked_at(page)[1], *printed.faults((), page)]
        if wrong:
            return (wrong[0],)
    return ()


def _looked_at(page: KnownPage) -> tuple[Grey | None, list[str]]:
    """The page's picture if it can be used, and what is wrong with it otherwise."""
    grey = picture_of(page)
    if grey is None:
        return None, [_no_picture(page)]
    if _fits(grey, page.size.width, page.size.height):
        return grey, []
    return None, [
        f"The picture of page {page.page} is {grey.shape[1]} × {grey.shape[0]} dots; at {BLANK_DPI} dots to "
        f"the inch the page needs {round(page.size.width * _SCALE)} × {round(page.size.height * _SCALE)}."
    ]


def picture_of(page: KnownPage) -> Grey | None:
    """The blank's picture, grey, 0 is black; None if it is missing or broken."""
    try:
        data = np.frombuffer(page.picture.read_bytes(), np.uint8)
    except OSError:
        return None
    grey = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE) if data.size else None
    return None if grey is None else np.asarray(grey, np.uint8)


def _no_picture(page: KnownPage) -> str:
    """Why there is none to look at."""
    name = page.picture.name
    try:
        page.picture.read_bytes()
    except FileNotFoundError:
        return f"Page {page.page} has no picture. It should be called {name}."
    except OSError as error:
        return f"The picture {name} cannot be opened: {(error.strerror or 'unknown reason').lower()}."
    return f"{name} is no picture. Put the picture of page {page.page} there."


def _fits(grey: Grey, width: float, height: float) -> bool:
    high, wide = grey.shape
    return bool(abs(wide - width * _SCALE) < 4 and abs(high - height * _SCALE) < 4)


def _marks(fields: Sequence[Field]) -> list[tuple[str, Box]]:
    """Every box that a mark goes in, with how a person calls it."""
    return [
        (one.id if name == "tick" else f"{one.id} ({name})", box)
        for one in fields
        if one.kind.is_mark
        for name, box in one.boxes.items()
    ]


def _too_close(fields: Sequence[Field]) -> list[str]:
    boxes = [*_marks(fields), *((one.id, one.boxes["area"]) for one in fields if not one.kind.is_mark)]
    return [
        f"The boxes of {a} and {b} lie on one another."
        for (a, one), (b, two) in combinations(boxes, 2)
        if _shared(one, two) > 4.0
    ]


def _shared(one: Box, two: Box) -> float:
    if not overlap(one, two):
        return 0.0
    return (min(one[2], two[2]) - max(one[0], two[0])) * (min(one[3], two[3]) - max(one[1], two[1]))


def _near(fields: Sequence[Field]) -> list[str]:
    """Tick boxes so near to each other that one stroke may reach both. Whole cells of a table are meant to touch."""
    small = [(name, box) for name, box in _marks(fields) if min(_sides(box)) < _WHOLE_CELL_MM * MM]
    found = {}
    for (a, one), (b, two) in combinations(small, 2):
        gap = max(one[0] - two[2], two[0] - one[2], one[1] - two[3], two[1] - one[3])
        if 0 <= gap < NEAREST_MM * MM and min(max(_sides(one)), max(_sides(two))) < _WHOLE_CELL_MM * MM:
            found[f"{a} and {b}"] = gap / MM
    if len(found) > _FEW:
        return [
            f"{len(found)} pairs of boxes are under {NEAREST_MM:g} mm apart, the nearest {min(found.values()):.1f} mm: {', '.join(found)}. "
            f"{NEAREST_MM:g} mm is the least."
        ]
    return [
        f"The boxes of {both} are only {gap:.1f} mm apart; {NEAREST_MM:g} mm is the least."
        for both, gap in found.items()
    ]


def _sides(box: Box) -> tuple[float, float]:
    return box[2] - box[0], box[3] - box[1]


def _own_faults(one: Field) -> list[str]:
    found = []
    if one.kind.is_mark:
        missing = [name for name in _labels_wanted(one.kind) if name not in one.labels]
        if missing:
            found.append(
                f"{one.id} does not say where its printed {' and '.join(missing)} "
                f"{'stand' if len(missing) > 1 else 'stands'}: a newer edition of the form could be read by mistake."
            )
        if one.item is not None and len(one.wording.split()) < 2:
            found.append(f"{one.id} is a consent, but its wording does not say what is agreed to.")
    return found


def _labels_wanted(kind: Kind) -> tuple[str, ...]:
    return ("text", "yes", "no") if kind is Kind.YES_NO else ("text",)


def _own_advice(one: Field) -> list[str]:
    found = []
    if one.kind is Kind.TEXT and written_kind(one.label) is Kind.SIGNATURE:
        found.append(
            f"{one.id} is called “{one.label}” and is of kind text: if people sign there, its kind must be signature, or nobody is "
            "told that a form is not signed."
        )
    if not one.label:
        found.append(f"{one.id} has no label. Say what is printed beside it.")
    asked = told_by(one.label, one.kind)
    if asked is not None:
        found.append(
            f"{one.id} asks for {asked} in writing, which is not read as an answer. Take it out; have the form printed with boxes to tick."
        )
    if not one.kind.is_mark and _sides(one.boxes["area"])[1] / MM < SMALLEST_MM:
        found.append(f"There is hardly room to write in {one.id}.")
    return found


def _small(fields: Sequence[Field]) -> list[str]:
    """The boxes that are too small to read well: a sentence each where they are few, else one for all."""
    sides = {name: min(_sides(box)) / MM for name, box in _marks(fields) if min(_sides(box)) / MM < SMALLEST_MM}
    if len(sides) > _FEW:
        return [
            f"{len(sides)} boxes are under {SMALLEST_MM:g} mm, the smallest {min(sides.values()):.1f} mm, which read badly: {', '.join(sides)}. "
            f"{SMALLEST_MM:g} mm is the least."
        ]
    return [
        f"The box of {name} is only {side:.1f} mm; {SMALLEST_MM:g} mm is the least that reads well."
        for name, side in sides.items()
    ]


def _over_print(one: Field, grey: Grey) -> list[str]:
    """Boxes with print in them other than lines and dots to write on."""
    boxes = (
        one.boxes if one.kind.is_mark else {n: b for n, b in one.boxes.items() if n != "area" or len(one.boxes) == 1}
    )
    called = {"tick": "", "area": ""}
    return [
        f"Something is printed in the box of {one.id}{called.get(name, f' ({name})')}: it does not lie where it should."
        for name, box in boxes.items()
        if _printed(grey, box) > _PRINTED
    ]


def _is_round(grey: Grey, box: Box) -> bool:
    """Whether the outline of a box is a circle: nothing in its corners, and ink all the way round."""
    left, top, right, bottom = (round(edge * _SCALE) for edge in box)
    ink = grey[max(0, top) : bottom, max(0, left) : right] < 128
    if min(ink.shape) < _LEAST_ROUND or not 0.8 <= ink.shape[0] / ink.shape[1] <= 1.25:
        return False
    down, across = (round(_CORNER * side) for side in ink.shape)
    corners = (ink[:down, :across], ink[:down, -across:], ink[-down:, :across], ink[-down:, -across:])
    angles = np.linspace(0, 2 * np.pi, _ROUND_RAYS, endpoint=False)
    out = np.linspace(0.8, 1.0, 12)[:, None]
    rows = ((1 + out * np.sin(angles)) / 2 * (ink.shape[0] - 1)).round().astype(int)
    columns = ((1 + out * np.cos(angles)) / 2 * (ink.shape[1] - 1)).round().astype(int)
    return not any(corner.any() for corner in corners) and bool(ink[rows, columns].any(axis=0).mean() > _ROUND)


def _printed(grey: Grey, box: Box) -> float:
    """Share of a box that holds print, its own outline, ruled lines and dots left out."""
    edge = min(2.2, 0.18 * min(_sides(box))) * _SCALE
    left, top, right, bottom = (
        round(box[0] * _SCALE + edge), round(box[1] * _SCALE + edge),
        round(box[2] * _SCALE - edge), round(box[3] * _SCALE - edge),
    )  # fmt: skip
    inner = (grey[max(0, top) : bottom, max(0, left) : right] < 128).astype(np.uint8)
    if inner.size == 0:
        return 0.0
    if _is_round(grey, box):
        down, across = np.ogrid[-1 : 1 : complex(inner.shape[0]), -1 : 1 : complex(inner.shape[1])]
        inner[down**2 + across**2 > _WITHIN_ROUND] = 0
    for shape in ((25, 1), (1, 33)):
        inner[cv2.morphologyEx(inner, cv2.MORPH_OPEN, np.ones(shape[::-1], np.uint8)) > 0] = 0
    _, labels, stats, _ = cv2.connectedComponentsWithStats(inner, connectivity=8)
    small = stats[:, cv2.CC_STAT_HEIGHT] < 8
    small[0] = True
    return float((~small[labels]).sum()) / inner.size
