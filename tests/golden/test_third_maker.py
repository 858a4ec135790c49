"""The third maker of scans: what it says was drawn is on its pages, its truth can be relied on, and every kind of content occurs."""

import itertools
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest

from forms.accuracy.truth import file_truths, form_truths
from forms.catalogue import load_catalogue
from forms.marks import Content
from forms.reading import read_page
from tests.generator.answered import in_mm
from tests.generator.samples import blank
from tests.second_maker.making import known_pages
from tests.third_maker import __main__ as writing
from tests.third_maker.answers import fill
from tests.third_maker.curves import Hand, traced
from tests.third_maker.making import CHECK, FIT, Filled, a_form, empty, scan, somebody
from tests.third_maker.people import Person
from tests.third_maker.scanners import TWO, Scanner, a_scanner
from tests.third_maker.tools import KINDS, Tool, of_kind

CATALOGUE = load_catalogue()
WESTMINSTER = CATALOGUE.get("westminster-consent", "2023")
EMPTY = Content.EMPTY
STEADY = Hand(slack=0.0, wobble=0.0, pauses=0.0)


def _filled(number: int, dpi: float = 100.0) -> Person:
    rng = np.random.default_rng(number)
    sheets = {
        page.page: empty(blank(page, dpi), Scanner(1, dpi=dpi), rng) for page in known_pages(CATALOGUE, WESTMINSTER)
    }
    who = somebody(WESTMINSTER, sheets, "hard", rng)
    fill(who, "hard")
    return who


def _line(tool: Tool, scanner: Scanner, number: int = 7):
    page = known_pages(CATALOGUE, WESTMINSTER)[0]
    print_ = blank(page, scanner.dpi)
    sheet = empty(print_, scanner, np.random.default_rng(1))
    sheet.draw(
        [traced([[60.0, 240.0], [65.0, 245.0], [70.0, 250.0]], STEADY, np.random.default_rng(2), tapers=False)],
        tool,
        number,
    )
    return print_, sheet


@pytest.mark.parametrize("mode", ["grey", "rgb", *sorted(TWO)])
def test_a_sheet_without_ink_shows_no_mark_and_a_black_line_is_seen_in_every_mode(mode: str) -> None:
    scanner = Scanner(5, mode=mode)
    print_, sheet = _line(Tool("gel", 0.5, (0.05, 0.05, 0.05)), scanner)
    without, none = scan(print_, print_, empty(print_, scanner, np.random.default_rng(1)), scanner)
    assert none == {}
    with_ink, shown = scan(print_, print_, sheet, scanner)
    assert list(shown) == [7] and shown[7].ink > 0.7 and shown[7].strokes > 0.9
    if mode in TWO:
        assert set(np.unique(with_ink)) <= {0, 255}
    changed = np.abs(without.astype(int) - with_ink.astype(int)).reshape(*without.shape[:2], -1).max(axis=2) > 60
    rows, columns = np.nonzero(cv2.blur(changed.astype(np.float32), (9, 9)) > 0.3)
    assert 235 < np.median(rows) / 200 * 25.4 < 255 and 55 < np.median(columns) / 200 * 25.4 < 75


@pytest.mark.parametrize("kind", sorted({kind for kinds in KINDS.values() for kind in kinds}))
def test_every_pen_leaves_ink_where_its_tip_goes_and_nowhere_else(kind: str) -> None:
    tool = of_kind(kind, "typical", np.random.default_rng(3))
    _, sheet = _line(tool, Scanner(5, mode="rgb"))
    held, inked = sheet.owner == 7, sheet.through.min(axis=2) < 235
    assert (inked & held).sum() > 0.45 * held.sum()
    reach = cv2.dilate(held.astype(np.uint8), np.ones((15, 15), np.uint8)) > 0
    assert not (inked & ~reach).any()


def test_hard_pencil_breaks_up_on_the_tooth_of_the_paper_where_gel_does_not() -> None:
    _, lead = _line(Tool("pencil", 0.6, (0.25, 0.25, 0.25), 0.75, hard=1.0), Scanner(5))
    _, gel = _line(Tool("gel", 0.6, (0.25, 0.25, 0.25)), Scanner(5))
    spread = [
        float(one.through[cv2.erode((one.owner == 7).astype(np.uint8), np.ones((3, 3))) > 0].std())
        for one in (lead, gel)
    ]
    assert spread[0] > 3 * spread[1]


def test_the_ink_of_a_box_is_that_of_a_mark_that_is_told_of() -> None:
    for number in range(6):
        who = _filled(number)
        owned = set(np.unique(who.sheets[1].owner)) - {0}
        told_of = {mark for told in who.told.values() for marks in told.marks.values() for mark in marks}
        assert owned and owned <= told_of
        for told in who.told.values():
            assert {name for name, content in told.boxes.items() if content is not EMPTY} <= {*told.marks}


def test_a_mark_lies_in_its_box_unless_it_is_told_to_lie_beside_it() -> None:
    inside = Counter()
    for number in range(12):
        who = _filled(number)
        for one in WESTMINSTER.fields:
            for name, content in who.told[one.id].boxes.items():
                if content in (Content.TICKED, Content.CROSSED, Content.FILLED, Content.BESIDE):
                    left, top, right, bottom = (value * 100 / 25.4 for value in in_mm(one.boxes[name]))
                    rows, columns = np.nonzero(who.sheets[one.page].owner == who.told[one.id].marks[name][0])
                    share = (
                        (rows > top - 2) & (rows < bottom + 2) & (columns > left - 2) & (columns < right + 2)
                    ).mean()
                    inside[content is Content.BESIDE, bool(share > 0.27)] += 1
    assert inside[False, False] == inside[True, True] == 0
    assert inside[False, True] > 60 and inside[True, False] > 3


def test_every_kind_of_content_occurs_and_plain_answers_are_the_most() -> None:
    held = Counter(
        content for number in range(36) for told in _filled(number, 50).told.values() for content in told.boxes.values()
    )
    assert set(held) == set(Content)
    assert held[EMPTY] > 0.45 * held.total()
    assert held[Content.TICKED] > 3 * max(
        held[content] for content in (Content.CANCELLED, Content.DOUBTFUL, Content.BESIDE)
    )


def _made(number: int, prefix: str = "third") -> Filled:
    return a_form(CATALOGUE, WESTMINSTER, "typical", number, prefix)


def test_the_same_number_makes_the_same_form_and_another_does_not() -> None:
    one, again = _made(3), _made(3)
    assert all((page == other).all() for page, other in zip(one.pages, again.pages, strict=True))
    assert one.truth("a", [1]) == again.truth("a", [1])
    for other in (_made(4), _made(3, "other")):
        assert one.pages[0].shape != other.pages[0].shape or (one.pages[0] != other.pages[0]).any()
    assert set(one.fields) == {field.id for field in WESTMINSTER.fields}
    for field in WESTMINSTER.fields:
        told = one.fields[field.id]
        assert set(told.boxes) == (set(field.boxes) if field.kind.is_mark else set())
        assert all(0 <= ink <= 1 and 0 <= strokes <= 1 for _, ink, strokes in told.drawn.values())


def test_harder_scanners_do_more_harm_and_none_turns_a_page_far() -> None:
    scanners = {
        hard: [a_scanner(hard, np.random.default_rng(n)) for n in range(200)] for hard in ("clean", "typical", "hard")
    }
    noise = [np.mean([one.noise for one in some]) for some in scanners.values()]
    assert noise == sorted(noise) and noise[0] < noise[2] / 1.5
    assert max(abs(one.skew) for some in scanners.values() for one in some) <= 2.5


def test_parts_share_no_form_and_what_is_written_is_a_truth_to_score_by(tmp_path: Path, monkeypatch) -> None:
    assert not set(FIT) & set(CHECK)
    for part in ("0/2", "1/2"):
        monkeypatch.setattr("sys.argv", ["third_maker", str(tmp_path), "--forms", "2", "--seed-part", part])
        assert writing.main() == 0
    truths = form_truths((tmp_path / "truth.jsonl").read_text().splitlines())
    kinds = {
        one.file: one.pages for one in file_truths((tmp_path / "pages.jsonl").read_text().splitlines(), "pages.jsonl")
    }
    files = {one.file for one in truths}
    assert len(files) == len(truths) == 2
    assert {path.name for path in tmp_path.iterdir()} == {*files, "truth.jsonl", "pages.jsonl"}
    assert all(kinds[one.file][page - 1] == "form" for one in truths for page in one.pages)


@pytest.mark.slow
def test_its_clean_pages_are_found_and_no_plain_mark_is_read_wrongly() -> None:
    found = pages = read = 0
    for number, template in enumerate(itertools.islice(CATALOGUE.templates(), 4)):
        form = a_form(CATALOGUE, template, "clean", 10_300 + number)
        for page, (picture, resolution) in enumerate(zip(form.pages, form.resolution, strict=True), start=1):
            reading, _ = read_page(picture, resolution, 1, CATALOGUE)
            pages += 1
            found += (reading.form, reading.template_page) == (template.id, page)
            for field in reading.fields:
                told = form.fields[field.id]
                if field.kind.is_mark and not field.review and not told.flags:
                    read += 1
                    assert field.value == told.value
    assert found >= 0.9 * pages
    assert read > 30
