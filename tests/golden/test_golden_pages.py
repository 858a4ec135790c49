"""Pages whose answers are known, read as they come; and proof that this comparison fails when the reading is off.

The sample scans come with their answers in `samples/truth.jsonl`. A yes that nobody was asked about is never accepted.
"""

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from forms import ink
from forms.accuracy import score, table
from forms.answers import tick, yes_no
from forms.assemble import assemble
from forms.blank_pages import FEATURE_DPI
from forms.catalogue import Catalogue
from forms.identify import candidates_for, corners_of
from forms.marks import judge
from forms.page import Page, halved, page_of
from forms.reading import FOUND_WHOLE, read_page
from forms.register import register, rough_on, turn
from forms.results import FormReading
from forms.template import Field, Kind, Template
from intake.pages import open_pages
from intake.sandbox.limits import Limits
from intake.sandbox.opening import PageProblem
from tests.golden import drawn
from tests.golden.drawn import CATALOGUE, Pixels

SAMPLES = Path(__file__).parents[2] / "samples"
GOLDEN = json.loads((Path(__file__).parent / "pages.json").read_text("utf-8"))
NAMES = [page["name"] for page in GOLDEN]


def made(page: dict[str, object]) -> Pixels:
    """The picture of one golden page."""
    marks = [(field, box, shape) for field, box, shape in page["marks"]]  # type: ignore[attr-defined]
    pixels = drawn.filled(str(page["form"]), int(str(page["page"])), marks, seed=int(str(page["seed"])))
    turned = np.ascontiguousarray(np.rot90(pixels, int(str(page["quarter_turns"]))))
    return drawn.noisy(drawn.skewed(turned, float(str(page["skew"])), 0.98), 8.0)


def right(found: dict[str, str], page: dict[str, object]) -> float:
    """The share of mark fields whose answer is as it should be; all that is not named should be blank."""
    told: dict[str, str] = page["answers"]  # type: ignore[assignment]
    return sum(value == told.get(name, "blank") for name, value in found.items()) / len(found)


def answers(pixels: Pixels, catalogue: Catalogue = CATALOGUE) -> dict[str, str]:
    reading, _ = read_page(pixels, None, 1, catalogue)
    return {one.id: "asked" if one.review else str(one.value) for one in reading.fields if one.kind.is_mark}


def moved(template: Template, share: float) -> Template:
    """The template with every mark box moved right and down by this share of its size."""

    def down(field: Field) -> Field:
        if not field.kind.is_mark:
            return field
        boxes = {}
        for name, (x0, y0, x1, y1) in field.boxes.items():
            across, below = share * (x1 - x0), share * (y1 - y0)
            boxes[name] = (x0 + across, y0 + below, x1 + across, y1 + below)
        return replace(field, boxes=boxes)

    return replace(template, fields=tuple(down(field) for field in template.fields))


def off_by(share: float) -> Catalogue:
    """The catalogue with all mark boxes in the wrong place."""
    known = [
        replace(one, template=moved(one.template, share) if one.template else None) for one in CATALOGUE.known_pages()
    ]
    return Catalogue([moved(one, share) for one in CATALOGUE.templates()], known)


@pytest.mark.parametrize("page", GOLDEN, ids=NAMES)
def test_golden_page(page: dict[str, object]) -> None:
    found = answers(made(page))
    assert right(found, page) == 1.0, found


@pytest.mark.parametrize("share", [0.5, 1.0])
def test_boxes_off_by_half_a_box_fail_the_comparison(share: float) -> None:
    catalogue = off_by(share)
    shares = [right(answers(made(page), catalogue), page) for page in GOLDEN]
    # Large ticks and crosses reach into a box that is off by half: of two pages all is still read rightly.
    assert sum(one < 1.0 for one in shares) >= 2, shares


@pytest.mark.parametrize("page", GOLDEN, ids=NAMES)
def test_a_page_measured_upside_down_fails_the_comparison(page: dict[str, object]) -> None:
    marks = [(field, box, shape) for field, box, shape in page["marks"]]  # type: ignore[attr-defined]
    pixels = drawn.filled(str(page["form"]), int(str(page["page"])), marks)
    upright = page_of(pixels, (200.0, 200.0))
    assert upright is not None
    seen = corners_of(halved(turn(upright, pixels, 0).work))
    best = candidates_for(seen, (drawn.blank(str(page["form"]), int(str(page["page"]))),))[0]
    small = (pixels.shape[1] * FEATURE_DPI // 200, pixels.shape[0] * FEATURE_DPI // 200)
    found = register(best.blank, turn(upright, pixels, 0), rough_on(best, small, 0))
    assert found is not None
    assert best.blank.known.template is not None
    fields = [one for one in best.blank.known.template.on_page(best.blank.known.page) if one.kind.is_mark]
    flipped = replace(found)
    vars(flipped)["darkness"] = np.asarray(cv2.rotate(found.darkness, cv2.ROTATE_180), np.uint8)
    scores = []
    for registration in (found, flipped):
        read = {}
        for field in fields:
            boxes = {n: judge(vars(box)) for n, box in ink.measure(registration, fields)[field.id].boxes.items()}
            answer = tick(boxes["tick"]) if field.kind is Kind.TICK else yes_no(boxes["yes"], boxes["no"])
            read[field.id] = answer.value
        scores.append(right(read, page))
    assert scores[0] == 1.0
    assert scores[1] < 0.5


def test_a_page_that_is_not_turned_is_not_believed() -> None:
    pixels = drawn.picture("westminster-consent")
    upside_down = np.ascontiguousarray(np.rot90(pixels, 2))
    blank = drawn.blank("westminster-consent")
    found = register(blank, turn(Page(upside_down, (200.0, 200.0)), upside_down, 0), np.eye(3))
    assert found is None or found.found < FOUND_WHOLE / 2


@pytest.mark.slow
def test_sample_scans_hold_no_yes_without_asking() -> None:
    truth = [json.loads(line) for line in (SAMPLES / "truth.jsonl").read_text("utf-8").splitlines()]
    read: dict[str, list[FormReading]] = {}
    for name in sorted({row["file"] for row in truth}):
        pages = [
            read_page(page.pixels, page.dpi, page.number, CATALOGUE)[0]
            for page in open_pages((SAMPLES / name).read_bytes(), Limits())
            if not isinstance(page, PageProblem)
        ]
        read[name] = [part for part in assemble(pages, CATALOGUE) if isinstance(part, FormReading)]
    scores = score(truth, read)
    for difficulty, one in scores.items():
        # A mark of which hardly anything is on the scan may pass for an empty box, which is no consent. A yes may not be invented or lost.
        assert one.counts["false yes taken"] == one.counts["missed yes taken"] == 0, table(scores)
        assert one.counts["other wrong answer taken"] <= 2, table(scores)
        assert one.counts["forms missed"] == 0, table(scores)
        assert difficulty != "clean" or one.counts["asked"] <= 0.03 * one.counts["answers"], table(scores)
        assert difficulty != "typical" or one.counts["asked"] <= 0.22 * one.counts["answers"], table(scores)
    assert scores["all"].counts["forms found that are none"] == 0
