"""A box that lies under something is neither empty nor marked: nobody can see it."""

from dataclasses import fields as dataclass_fields

import cv2
import numpy as np
import pytest

from forms.blank_pages import POINT, blank_pages
from forms.geometry import Box
from forms.ink import BoxInk
from forms.judging import FEW_BOXES, HIDDEN, Measured, judge_page
from forms.marks import Content
from forms.outlines import gone_of
from forms.reading import read_page
from forms.template import Field, Kind
from tests.golden.drawn import CATALOGUE, Pixels, blank, filled, noisy, skewed, squeezed

PAGES = [("westminster-consent", 1), ("northamptonshire-consent", 1), ("northamptonshire-consent", 2)]
SCANS = ["grey", "1 bit", "photo"]
NOTE, FLUID, STAIN = 215, 255, 110


def marks_of(form: str, page: int) -> list[Field]:
    template = blank(form, page).known.template
    assert template is not None
    return [one for one in template.on_page(page) if one.kind.is_mark]


def covered(pixels: Pixels, box: Box, shade: int, margin: float = 3.0) -> Pixels:
    """The page with something of one shade over a box and so many points around it."""
    out = pixels.copy()
    left, top, right, bottom = (round(edge * POINT) for edge in box)
    by = round(margin * POINT)
    cv2.rectangle(out, (left - by, top - by), (right + by, bottom + by), shade, -1)
    return out


def scanned(pixels: Pixels, how: str) -> Pixels:
    """The page as a scanner or a telephone shows it."""
    askew = noisy(skewed(pixels, 0.4), 4.0)
    if how == "1 bit":
        return np.where(askew > 150, 255, 0).astype(np.uint8)
    if how == "photo":
        light = np.linspace(0.6, 1.0, askew.shape[1])[None, :]
        return squeezed((askew * light).astype(np.uint8), 60)
    return askew


def answers(pixels: Pixels) -> dict[str, tuple[str | None, bool, str | None]]:
    reading, _ = read_page(pixels, (200.0, 200.0), 1, CATALOGUE)
    assert reading.fields, reading.reason
    return {one.id: (one.value, one.review, one.reason) for one in reading.fields if one.kind.is_mark}


@pytest.mark.parametrize("how", SCANS)
@pytest.mark.parametrize(("form", "page"), PAGES)
@pytest.mark.parametrize("shade", [NOTE, FLUID, STAIN], ids=["note", "fluid", "stain"])
def test_a_covered_box_is_asked_about_and_nothing_else(form: str, page: int, how: str, shade: int) -> None:
    fields = marks_of(form, page)
    pixels = filled(form, page, [(one.id, "yes" if "yes" in one.boxes else "tick", "tick") for one in fields[::2]])
    hidden = fields[1]
    found = answers(scanned(covered(pixels, hidden.boxes[list(hidden.boxes)[-1]], shade), how))
    assert found[hidden.id][:2] == ("unclear", True)
    if shade != STAIN:  # a small dark one counts as ink, and is asked about as a filled box
        assert found[hidden.id][2] == HIDDEN
    assert [name for name, (_, _, reason) in found.items() if reason == HIDDEN and name != hidden.id] == []


@pytest.mark.parametrize("how", SCANS)
@pytest.mark.parametrize(("form", "page"), PAGES)
def test_a_tick_in_the_other_box_does_not_answer_for_a_covered_one(form: str, page: int, how: str) -> None:
    """Correction fluid over No beside a tick in Yes: what stood there nobody knows."""
    pairs = [one for one in marks_of(form, page) if one.kind is Kind.YES_NO]
    pixels = filled(form, page, [(one.id, "yes", "tick") for one in pairs])
    found = answers(scanned(covered(pixels, pairs[1].boxes["no"], FLUID), how))
    assert found[pairs[1].id] == ("unclear", True, HIDDEN)
    assert found[pairs[0].id][0] == "yes"


@pytest.mark.parametrize("how", SCANS)
@pytest.mark.parametrize(("form", "page"), PAGES)
def test_a_plain_page_has_all_its_boxes(form: str, page: int, how: str) -> None:
    pixels = scanned(filled(form, page, []), how)
    assert [name for name, (_, _, reason) in answers(pixels).items() if reason == HIDDEN] == []


@pytest.mark.parametrize("edition", ["2023", "2025", "2026", "2026-large", "2026-cy"])
def test_every_box_of_a_blank_has_an_outline_that_would_be_missed(edition: str) -> None:
    paper = np.zeros((2600, 2000), np.uint8)
    count = 0
    for one in blank_pages(CATALOGUE):
        known, dark = one.known, one.darkness
        if known.template is not None and known.edition == edition:
            for field in known.template.on_page(known.page):
                for box in field.boxes.values() if field.kind.is_mark else ():
                    count += 1
                    assert gone_of(dark, dark, box, (0, 0)) < 0.05
                    assert gone_of(dark, paper, box, (0, 0)) == 1.0
    assert count


BOX: Box = (20.0, 20.0, 40.0, 40.0)


def outline(*sides: str, off: int = 0) -> Pixels:
    """A picture's darkness with these sides of BOX printed."""
    dark = np.zeros((200, 200), np.uint8)
    first, last = (round(edge * POINT) + off for edge in (BOX[0], BOX[2]))
    corners = {
        "top": ((first, first), (last, first)), "bottom": ((first, last), (last, last)),
        "left": ((first, first), (first, last)), "right": ((last, first), (last, last)),
    }  # fmt: skip
    for side in sides:
        cv2.line(dark, *corners[side], 255, 2)
    return dark


ALL = ("top", "bottom", "left", "right")
SEEN = [
    ("as it is", ALL, ALL, 0, 0.0),
    ("a little off", ALL, ALL, 3, 0.0),
    ("one side gone", ALL, ALL[1:], 0, 0.25),
    ("one side left", ALL, ALL[:1], 0, 0.75),
    ("nothing left", ALL, (), 0, 1.0),
    ("a blank that has three sides", ALL[1:], ALL[1:], 0, 0.0),
    ("a blank that has three sides, all gone", ALL[1:], (), 0, 1.0),
    ("a blank without an outline", ALL[:2], (), 0, 0.0),
]


@pytest.mark.parametrize(("printed", "seen", "off", "gone"), [row[1:] for row in SEEN], ids=[row[0] for row in SEEN])
def test_the_share_of_an_outline_that_is_gone(
    printed: tuple[str, ...], seen: tuple[str, ...], off: int, gone: float
) -> None:
    assert gone_of(outline(*printed), outline(*seen, off=off), BOX, (0, 0)) == pytest.approx(gone, abs=0.03)


def test_print_over_a_box_is_no_outline() -> None:
    """Lines of words on a receipt that lies over a box."""
    dark = np.zeros((200, 200), np.uint8)
    for y in range(20, 200, 24):
        cv2.putText(dark, "BREAD 1.20 EGGS", (0, y), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 255, 1, cv2.LINE_AA)
    assert gone_of(outline(*ALL), dark, BOX, (0, 0)) > 0.3


def page(gone: list[float]) -> dict[str, Measured]:
    """Ticks that all look empty, of whose outlines so much is gone."""
    ink = {f"tick.{one.name}": 0.0 for one in dataclass_fields(BoxInk)}
    chances = {f"tick.chance.{one}": 0.99994 if one is Content.EMPTY else 0.00001 for one in Content}
    return {
        f"f{n}": Measured(Kind.TICK, {"fit": 1.0, "inside_scan": 1.0, **ink, **chances, "tick.gone": share})
        for n, share in enumerate(gone)
    }


WHERE = [
    ("one hidden", [1.0, 0, 0, 0, 0, 0], {0}),
    ("most hidden", [1.0, 1.0, 1.0, 1.0, 0, 0], {0, 1, 2, 3}),
    ("outlines lost all over the page", [1.0] * 6, set()),
    ("the only boxes of a page hidden", [1.0] * (FEW_BOXES - 1), {0, 1, 2}),
    ("worn outlines", [0.15, 0.1, 0.05, 0.2, 0.25, 0.1], set()),
    ("half of a box hidden", [0.5, 0, 0, 0, 0, 0.2], {0}),
    ("halves of outlines lost on a page of worn ones", [0.5, 0.6, 0.4, 0, 0, 0.2], set()),
]


@pytest.mark.parametrize(("gone", "hidden"), [row[1:] for row in WHERE], ids=[row[0] for row in WHERE])
def test_a_box_is_hidden_where_others_of_the_page_are_not(gone: list[float], hidden: set[int]) -> None:
    found = judge_page(page(gone))
    assert {n for n in range(len(gone)) if found[f"f{n}"].reason == HIDDEN} == hidden
    assert {found[f"f{n}"].value for n in hidden} <= {"unclear"}


def test_a_reading_older_than_this_measure_is_judged_as_before() -> None:
    old = {
        name: Measured(one.kind, {key: value for key, value in one.evidence.items() if not key.endswith(".gone")})
        for name, one in page([1.0] * 3).items()
    }
    assert {answer.value for answer in judge_page(old).values()} == {"blank"}
