"""The second maker of scans: what it says was drawn is on its pages, and its truth follows the rules of the samples."""

import itertools
from pathlib import Path

import cv2
import numpy as np
import pytest

from forms.accuracy.truth import file_truths, form_truths
from forms.catalogue import load_catalogue
from forms.marks import Content
from forms.reading import read_page
from forms.template import Kind
from tests.generator.answered import Answered
from tests.generator.samples import blank
from tests.second_maker import __main__ as writing
from tests.second_maker import seen
from tests.second_maker.filling import fill
from tests.second_maker.ink import Pen
from tests.second_maker.machine import Machine, a_machine
from tests.second_maker.making import CHECK, FIT, Filled, a_form, empty, known_pages, scan, somebody
from tests.second_maker.motor import Muscles, Plan, moved
from tests.second_maker.truth import settle

CATALOGUE = load_catalogue()
WESTMINSTER = CATALOGUE.get("westminster-consent", "2023")
TICKED, CROSSED, EMPTY = Content.TICKED, Content.CROSSED, Content.EMPTY
FULL, PART, NONE = (1.0, 1.0), (0.1, 0.4), (0.02, 0.1)


@pytest.mark.parametrize(
    ("boxes", "shown", "instead", "value", "flag"),
    [
        pytest.param({"yes": EMPTY, "no": EMPTY}, {}, None, "blank", None, id="nothing"),
        pytest.param({"yes": TICKED, "no": EMPTY}, {"yes": FULL}, None, "yes", None, id="a tick"),
        pytest.param({"tick": Content.BESIDE}, {"tick": FULL}, None, "yes", None, id="beside a tick box"),
        pytest.param({"tick": Content.CANCELLED}, {"tick": FULL}, None, "unclear", None, id="scribbled out"),
        pytest.param({"yes": Content.CANCELLED, "no": CROSSED}, {"yes": FULL, "no": FULL}, None, "no", None, id="put right"),
        pytest.param({"yes": TICKED, "no": TICKED}, {"yes": FULL, "no": FULL}, "unclear", "unclear", None, id="both"),
        pytest.param({"yes": CROSSED, "no": TICKED}, {"yes": FULL, "no": FULL}, None, "no", None, id="tick and cross"),
        pytest.param({"tick": Content.DOUBTFUL}, {"tick": FULL}, "yes", "yes", None, id="one stroke down a column"),
        pytest.param({"tick": TICKED}, {"tick": PART}, None, "unclear", "barely_visible", id="hardly seen"),
        pytest.param({"tick": TICKED}, {"tick": NONE}, None, "blank", "lost", id="not seen"),
        pytest.param({"yes": TICKED, "no": TICKED}, {"yes": FULL, "no": NONE}, "unclear", "yes", "other_mark_lost", id="one of two"),
    ],
)  # fmt: skip
def test_the_truth_is_what_can_be_seen(boxes, shown, instead, value, flag) -> None:
    told = Answered(Kind.TICK if "tick" in boxes else Kind.YES_NO, None, boxes=dict(boxes))
    settle(told, instead, shown)
    assert told.value == value
    assert told.flags == ([flag] if flag else [])
    assert {name: drawn[0] for name, drawn in told.drawn.items()} == {name: boxes[name] for name in shown}


def test_ink_that_shows_in_part_has_a_share_and_the_eye_follows_dots_in_a_row() -> None:
    bare = np.full((200, 200), 240, np.uint8)
    owner = np.zeros_like(bare)
    for number, y in enumerate((20, 70, 120, 170), start=1):
        owner[y : y + 4, 20:180] = number
    page = bare.copy()
    page[20:24, 20:180] = 60
    for x in range(20, 180, 6):
        page[70:74, x : x + 3] = 60
    for x in range(20, 180, 20):
        page[170:174, x : x + 2] = 60
    shown = seen.shown(page, bare, owner, (8.0, 8.0), "grey")
    assert (shown[1].ink, shown[1].strokes) == (1.0, 1.0)
    assert shown[2].ink < 0.95 and shown[2].strokes > 0.97
    assert (shown[3].ink, shown[3].strokes) == (0.0, 0.0)
    assert 0.05 < shown[4].ink < 0.3 and shown[4].strokes < 0.1


@pytest.mark.parametrize("mode", ["grey", "rgb", "level", "otsu", "local", "diffused", "ordered"])
def test_a_sheet_without_ink_shows_no_mark_and_a_black_line_is_seen_in_every_mode(mode: str) -> None:
    page = known_pages(CATALOGUE, WESTMINSTER)[0]
    print_, machine = blank(page, 200), Machine(5, mode=mode)
    sheet = empty(print_, machine, np.random.default_rng(1))
    without, none = scan(print_, print_, sheet, machine)
    assert none == {}
    stroke = moved(Plan(np.array([[60.0, 240.0], [70.0, 250.0]])), Muscles(1, 0, 0, 1, 0), np.random.default_rng(2))
    sheet.draw([stroke], Pen("gel", 0.5, (0.1, 0.1, 0.1)), 7)
    with_ink, shown = scan(print_, print_, sheet, machine)
    assert list(shown) == [7] and shown[7].ink > 0.7 and shown[7].strokes > 0.9
    changed = np.abs(without.astype(int) - with_ink.astype(int)).reshape(*without.shape[:2], -1).max(axis=2) > 60
    rows, columns = np.nonzero(cv2.blur(changed.astype(np.float32), (9, 9)) > 0.3)
    assert 235 < np.median(rows) / 200 * 25.4 < 255 and 55 < np.median(columns) / 200 * 25.4 < 75


def test_the_ink_of_a_box_is_that_of_a_mark_that_is_told_of() -> None:
    for number in range(6):
        rng = np.random.default_rng(number)
        pages = [blank(page, 100) for page in known_pages(CATALOGUE, WESTMINSTER)]
        desk = somebody(WESTMINSTER, [empty(one, Machine(1, dpi=100.0), rng) for one in pages], "hard", rng)
        fill(desk, "hard")
        owned = set(np.unique(desk.sheets[0].owner)) - {0}
        told_of = {mark for told in desk.told.values() for marks in told.marks.values() for mark in marks}
        assert owned and owned <= told_of
        for told in desk.told.values():
            assert {name for name, content in told.boxes.items() if content is not EMPTY} <= {*told.marks} | (
                {"yes", "no"} if {"circled_word", "struck_word"} & set(told.flags) else set()
            )


def _made(number: int, prefix: str = "second") -> Filled:
    return a_form(CATALOGUE, WESTMINSTER, "typical", number, prefix)


def test_the_same_number_makes_the_same_form_and_another_does_not() -> None:
    one, again = _made(3), _made(3)
    assert all((page == other).all() for page, other in zip(one.pages, again.pages, strict=True))
    assert one.truth("a", [1]) == again.truth("a", [1])
    for other in (_made(4), _made(3, "third")):
        assert one.pages[0].shape != other.pages[0].shape or (one.pages[0] != other.pages[0]).any()


def test_what_is_drawn_has_shares_and_every_field_is_told_of() -> None:
    for number in range(3):
        form = _made(200 + number)
        assert set(form.fields) == {one.id for one in WESTMINSTER.fields}
        for one in WESTMINSTER.fields:
            told = form.fields[one.id]
            assert set(told.boxes) == (set(one.boxes) if one.kind.is_mark else set())
            for content, ink, strokes in told.drawn.values():
                assert isinstance(content, Content) and 0 <= ink <= 1 and 0 <= strokes <= 1


def test_harder_machines_do_more_harm() -> None:
    blurs = [
        np.mean([a_machine(hard, np.random.default_rng(n)).noise for n in range(200)])
        for hard in ("clean", "typical", "hard")
    ]
    assert blurs == sorted(blurs) and blurs[0] < blurs[2] / 1.5


def test_parts_share_no_form_and_what_is_written_is_a_truth_to_score_by(tmp_path: Path, monkeypatch) -> None:
    assert not set(FIT) & set(CHECK)
    monkeypatch.setattr("sys.argv", ["second_maker", str(tmp_path), "--forms", "3", "--seed-part", "0/2"])
    assert writing.main() == 0
    first = {one.file for one in form_truths((tmp_path / "truth.jsonl.0").read_text().splitlines())}
    monkeypatch.setattr("sys.argv", ["second_maker", str(tmp_path), "--forms", "3", "--seed-part", "1/2"])
    assert writing.main() == 0
    truths = form_truths((tmp_path / "truth.jsonl").read_text().splitlines())
    kinds = {
        one.file: one.pages for one in file_truths((tmp_path / "pages.jsonl").read_text().splitlines(), "pages.jsonl")
    }
    files = {one.file for one in truths}
    assert len(first) == 2 and len(files) == len(truths) == 3 and first < files
    assert {path.name for path in tmp_path.iterdir()} == {*files, "truth.jsonl", "pages.jsonl"}
    assert all(kinds[one.file][page - 1] == "form" for one in truths for page in one.pages)


@pytest.mark.slow
def test_its_clean_pages_are_found_and_no_plain_mark_is_read_wrongly() -> None:
    found = pages = 0
    for number, template in enumerate(itertools.islice(itertools.cycle(CATALOGUE.templates()), 8)):
        form = a_form(CATALOGUE, template, "clean", 300 + number)
        for page, (picture, resolution) in enumerate(zip(form.pages, form.resolution, strict=True), start=1):
            reading, _ = read_page(picture, resolution, 1, CATALOGUE)
            pages += 1
            found += (reading.form, reading.template_page) == (template.id, page)
            for field in reading.fields:
                told = form.fields[field.id]
                if field.kind.is_mark and not field.review and not told.flags:
                    assert field.value == told.value
    assert found >= 0.9 * pages
