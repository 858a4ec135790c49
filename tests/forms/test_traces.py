"""Traces of written pages: the same paper is known again, other paper and empty forms are not."""

import zlib
from base64 import b64encode
from dataclasses import replace

import numpy as np
import pytest

from forms import traces
from forms.catalogue import load_catalogue
from forms.reading import read_page
from forms.results import PageKind
from forms.traces import COLUMNS, LEAST_CELLS, ROWS
from intake.sandbox import checking
from tests.generator import pens, scanner
from tests.generator.respondent import Respondent
from tests.generator.samples import Set, blank, inked

CATALOGUE = load_catalogue()
KNOWN = next(one for one in CATALOGUE.known_pages() if one.template and one.template.id == "westminster-consent")


def scan(family: int | None, scanned: int) -> str | None:
    """The trace of one page, filled by a family (None: by nobody), from one of several scanners."""
    dpi = 200.0
    rng = np.random.default_rng([3, family or 0])
    paper = blank(KNOWN, dpi)
    assert KNOWN.template is not None
    if family is not None:
        sheets = [
            pens.Sheet(paper.shape, dpi, np.random.default_rng([family, n])) for n, _ in enumerate(KNOWN.template.pages)
        ]
        person = Respondent(KNOWN.template, sheets, dpi, "clean", Set.PROVE.fonts, rng)
        person.fill()
        paper = inked(paper, sheets[KNOWN.page - 1], person.pen)
    recipe = replace(
        scanner.a_recipe(np.random.default_rng([9, scanned]), "clean"), dpi=dpi, mode="grey" if scanned else "fixed", turned=0
    )  # fmt: skip
    shown = scanner.scanned(scanner.worn(paper, recipe, np.ascontiguousarray(paper[::-1])), recipe)
    reading, _ = read_page(shown, recipe.resolution, 1, CATALOGUE)
    assert reading.kind is PageKind.FORM
    return reading.trace


def test_the_same_paper_is_known_on_another_scanner_and_another_familys_is_not() -> None:
    one, again, other = (scan(1, 0), scan(1, 1), scan(2, 1))
    assert one and again and other and one != again

    assert traces.same_paper(traces.bits(one), traces.bits(again))
    assert not traces.same_paper(traces.bits(one), traces.bits(other))
    assert not traces.same_paper(traces.bits(again), traces.bits(other))


def test_empty_forms_are_the_same_as_nothing() -> None:
    for scanned in (0, 1):
        trace = scan(None, scanned)
        assert trace is None or traces.bits(trace).bit_count() < LEAST_CELLS
    assert not traces.same_paper(0, 0)
    few = (1 << LEAST_CELLS - 1) - 1
    assert traces.likeness(few, few) == 1 and not traces.same_paper(few, few)


def test_a_scan_may_be_off_by_one_cell_and_no_more() -> None:
    rng = np.random.default_rng(5)
    cells = sum(1 << int(at) for at in set(rng.integers(COLUMNS * 9, COLUMNS * 400, 900)))
    across = cells | cells << 1
    wide = across | across << COLUMNS  # as strokes are, two cells wide

    assert traces.likeness(wide, wide << COLUMNS + 1) == 1 and traces.same_paper(wide, wide << COLUMNS + 1)
    assert not traces.same_paper(wide, wide << 5)


def packed(data: bytes) -> str:
    return b64encode(zlib.compress(data)).decode("ascii")


@pytest.mark.parametrize(
    "wrong",
    ["", "not base 64!", packed(b"short"), packed(bytes(50_000_000)), b64encode(b"junk").decode(),
     packed(bytes(-(-COLUMNS * ROWS // 8)))[:-8]],
    ids=["empty", "letters", "short", "bomb", "junk", "cut"],
)  # fmt: skip
def test_what_is_no_trace_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError):
        traces.bits(wrong)


def test_the_longest_trace_passes_the_sandbox() -> None:
    assert traces.MOST_TEXT <= checking.MOST_TEXT
