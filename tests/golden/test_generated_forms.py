"""A small part, in every test run, of what a release is measured on: generated scans of the proving set, read and scored.

`python -m tests.generator` makes the thousands of a release; `paperchain forms accuracy` measures them.
"""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image

from forms.assemble import assemble
from forms.catalogue import Catalogue, load_catalogue
from forms.reading import read_page
from forms.results import FormReading
from tests.generator import samples, scanner
from tests.generator.layouts import layouts
from tests.generator.post import Scan, a_scan
from tests.generator.samples import Set, a_form

CATALOGUE = load_catalogue()
SCANS = 14


@pytest.fixture(scope="module")
def strangers(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    folder = tmp_path_factory.mktemp("strangers")
    layouts(folder, "stranger", 4, 400)
    return load_catalogue(folder)


def forms_of(scan: Scan) -> list[FormReading]:
    """The forms that are read in a scan."""
    pages = [
        read_page(picture, recipe.resolution, number, CATALOGUE)[0]
        for number, (picture, recipe) in enumerate(zip(scan.pages, scan.recipes, strict=True), start=1)
    ]
    return [part for part in assemble(pages, CATALOGUE) if isinstance(part, FormReading)]


@pytest.mark.slow
@pytest.mark.parametrize("number", range(SCANS))
def test_nothing_is_taken_that_was_not_meant(number: int, strangers: Catalogue) -> None:
    scan = a_scan(Set.PROVE, CATALOGUE, strangers, 70_000 + number)
    truths = {tuple(sorted(row["pages"])): row for row in scan.forms}
    for form in forms_of(scan):
        row = truths.get(tuple(sorted(form.pages)))
        found = {page: scan.kinds[page - 1] for page in form.pages}
        assert set(found.values()) == {"form"}, f"read as {form.form}: {found}"
        if row is None:  # a form of which a page could not be read is put together from what there is
            continue
        assert (form.form, form.edition) == (row["form"], row["edition"])
        for name, field in form.fields.items():
            told = row["fields"][name]
            # Where a worn pen shows less than three tenths of a mark the truth says unclear, though many people would read it.
            settled = "barely_visible" not in told["flags"]
            if field.kind.is_mark and settled and not field.review and field.value == "yes":
                assert told["value"] == "yes", (name, told)


@pytest.mark.slow
def test_plain_forms_are_read_whole_and_hardly_asked_about() -> None:
    asked = answers = wrong = 0
    for number in range(10):
        template = CATALOGUE.get(("westminster-consent", "northamptonshire-consent")[number % 2])
        made = a_form(Set.PROVE, CATALOGUE, template, "clean", 71_000 + number)
        for page, (picture, recipe) in enumerate(zip(made.pages, made.recipes, strict=True), start=1):
            reading, _ = read_page(picture, recipe.resolution, 1, CATALOGUE)
            assert (reading.form, reading.template_page) == (template.id, page)
            for field in reading.fields:
                if field.kind.is_mark:
                    answers += 1
                    asked += field.review
                    settled = "barely_visible" not in made.fields[field.id].flags
                    wrong += settled and not field.review and field.value != made.fields[field.id].value
    assert wrong == 0
    assert asked <= 0.15 * answers


def test_the_same_number_makes_the_same_form_and_the_sets_share_none() -> None:
    template = CATALOGUE.get("westminster-consent", "2023")
    one, again = (a_form(Set.PROVE, CATALOGUE, template, "typical", 3) for _ in range(2))
    other = a_form(Set.FIT, CATALOGUE, template, "typical", 3)
    assert (one.pages[0] == again.pages[0]).all()
    assert one.truth("a", [1]) == again.truth("a", [1])
    assert one.pages[0].shape != other.pages[0].shape or (one.pages[0] != other.pages[0]).any()
    assert not set(Set.FIT.fonts) & set(Set.PROVE.fonts)


@pytest.mark.parametrize(("shade", "seen"), [(120, True), (190, True), (226, False)])
def test_on_a_dithered_page_a_mark_is_seen_by_the_grey_that_its_dots_stand_for(shade: int, seen: bool) -> None:
    """Dot by dot a pale tick is hardly there; a person sees the grey line all the same, unless it is as grey as the paper."""
    paper = np.full((300, 300), 228, np.uint8)
    owner = np.zeros(paper.shape, np.int32)
    cv2.polylines(owner, [np.array([[90, 150], [130, 200], [220, 80]], np.int32)], False, 1, 6)
    drawn = np.where(owner > 0, np.uint8(shade), paper)
    plain, page = (np.asarray(Image.fromarray(one).convert("1").convert("L"), np.uint8) for one in (paper, drawn))
    recipe = replace(
        scanner.a_recipe(np.random.default_rng(1), "clean"), mode="dither", dpi=200.0, scale=1.0, fax=False
    )
    change, _ = samples._as_greys(page, plain, recipe, owner)
    assert (float((change[owner > 0] > samples.VISIBLE).mean()) > samples.SEEN) is seen
    assert float((change[owner == 0] > 0).mean()) < 0.1
