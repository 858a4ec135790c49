"""Blanks of which a page shows only a part of its sheet: boxes lie where the picture has them."""

import io
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from pypdf.generic import RectangleObject

from forms.catalogue import pages_of
from forms.drafting.checking import check
from forms.drafting.cropped import as_seen
from forms.drafting.draft import propose, write_beside
from tests.forms.drafting.drawing import BOX, pdf_of, table

BLANK = pdf_of(
    f"May we ring you? #h(1fr) {BOX} Yes {BOX} No\n\n{table('Yes', 'No')}\n\nSignature #box(width: 1fr, repeat[.])"
)


def changed(change: Callable[[pypdf.PageObject], object]) -> bytes:
    made = pypdf.PdfWriter(clone_from=io.BytesIO(BLANK))
    change(made.pages[0])
    out = io.BytesIO()
    made.write(out)
    return out.getvalue()


def cut(page: pypdf.PageObject) -> None:
    page.cropbox = RectangleObject((30, 20, 575, 830))


def moved(page: pypdf.PageObject) -> None:
    page.add_transformation(pypdf.Transformation().translate(100, 200))
    page.mediabox = page.cropbox = RectangleObject((100, 200, 695.28, 1041.89))


def bled(page: pypdf.PageObject) -> None:
    """A sheet larger than the page, with a word of the printer's beside it."""
    page.add_transformation(pypdf.Transformation().translate(40, 40))
    page.mediabox, page.cropbox = RectangleObject((0, 0, 675.28, 921.89)), RectangleObject((40, 40, 635.28, 881.89))


def turned(page: pypdf.PageObject) -> None:
    page.add_transformation(pypdf.Transformation().rotate(90).translate(841.89, 0))
    page.mediabox = page.cropbox = RectangleObject((0, 0, 841.89, 595.28))
    page.rotate(90)


@pytest.mark.parametrize("change", [cut, moved, bled, turned])
def test_a_draft_of_a_part_of_a_sheet_is_as_right_as_one_of_the_whole(
    change: Callable[[pypdf.PageObject], None], tmp_path: Path
) -> None:
    plain, made = propose(BLANK, "x", "1"), propose(changed(change), "x", "1")
    assert [one.label for one in made.template.fields] == [one.label for one in plain.template.fields]
    write_beside(made.template, changed(change), tmp_path / "x.1.json")
    found = check(made.template, pages_of(made.template, tmp_path))
    assert found.faults == check(plain.template, []).faults == ()
    assert not any("should stand is printed" in one for one in found.advice)


def test_a_page_that_is_shown_whole_is_left_alone() -> None:
    assert as_seen(BLANK) is BLANK


def test_words_along_the_other_edge_are_said_not_to_be_relied_on() -> None:
    (said,) = [one for one in propose(changed(lambda page: page.rotate(90)), "x", "1").notes if "sideways" in one]
    assert said.startswith("The words on page 1 are printed sideways")
