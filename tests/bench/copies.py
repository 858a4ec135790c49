"""How well traces know paper again: `python -m tests.bench.copies [--forms 40]`. Prints figures; asserts nothing.

Each form is filled by another family and scanned twice by different recipes, and so is each typed letter, every second one under the
same letterhead. Every scan of a page is compared with every other of its kind.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import cv2
import numpy as np

from forms import looks, traces
from forms.catalogue import load_catalogue
from forms.reading import read_page
from forms.results import PageKind
from tests.generator import pens, scanner
from tests.generator.post import a_letter
from tests.generator.respondent import Respondent
from tests.generator.samples import Picture, Set, a_template, blank, inked


@dataclass(frozen=True)
class Scan:
    """One page that was scanned and read as a form's: whose, which page, and its trace."""

    family: int
    page: str
    cells: int


def scans(forms: int) -> list[Scan]:
    """Two scans of each page of so many filled forms, as far as they are read as forms and are written on."""
    catalogue, made = load_catalogue(), []
    for family in range(forms):
        rng = np.random.default_rng([31, family])
        level = str(rng.choice(["clean", "typical", "hard"], p=[0.3, 0.5, 0.2]))
        template, base = a_template(catalogue, rng), scanner.a_recipe(rng, level)
        papers = [blank(page, base.dpi) for page in catalogue.known_pages() if page.template is template]
        sheets = [
            pens.Sheet(paper.shape, base.dpi, np.random.default_rng([family, n])) for n, paper in enumerate(papers)
        ]
        person = Respondent(template, sheets, base.dpi, level, Set.PROVE.fonts, rng)
        person.fill()
        for paper, sheet in zip(papers, sheets, strict=True):
            for _ in range(2):
                recipe = replace(scanner.a_recipe(rng, level), dpi=base.dpi, fax=False)
                reading, _crops = read_page(_scanned(paper, sheet, person.pen, recipe), recipe.resolution, 1, catalogue)
                if reading.kind is PageKind.FORM:
                    cells = traces.bits(reading.trace) if reading.trace else 0
                    made.append(Scan(family, f"{reading.form} {reading.template_page}", cells))
    return made


def letters(count: int) -> list[Scan]:
    """Two scans of each of so many typed letters, as far as they have a look."""
    catalogue, made = load_catalogue(), []
    for number in range(count):
        large = a_letter(np.full((3508, 2480), 255, np.uint8), 300.0, np.random.default_rng([41, number]))
        if number % 2:
            for line, words in enumerate(
                ("The council of an invented county", "Team for special needs", "High Street")
            ):
                cv2.putText(large, words, (1400, 160 + 60 * line), cv2.FONT_HERSHEY_SIMPLEX, 1.3, 0, 3)
            for line in range(3):
                cv2.putText(large, "This letter is for its addressee only. Please send it back if " * 2, (200, 3280 + 50 * line),
                            cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 2)  # fmt: skip
        for turn in range(2):
            rng = np.random.default_rng([42, number, turn])
            recipe = replace(
                scanner.a_recipe(rng, str(rng.choice(["clean", "typical", "hard"], p=[0.3, 0.5, 0.2]))), fax=False
            )
            sheet = np.asarray(
                cv2.resize(large, None, fx=recipe.dpi / 300, fy=recipe.dpi / 300, interpolation=cv2.INTER_AREA),
                np.uint8,
            )
            shown = np.repeat(sheet[:, :, None], 3, axis=2) if recipe.mode == "rgb" else sheet
            shown = scanner.scanned(scanner.worn(shown, recipe, np.full_like(sheet, 255)), recipe)
            reading, _crops = read_page(scanner.turn(shown, recipe), recipe.resolution, 1, catalogue)
            if reading.kind is PageKind.OTHER:
                made.append(Scan(number, "a letter", looks.bits(reading.trace) if reading.trace else 0))
    return made


def _scanned(paper: Picture, sheet: pens.Sheet, pen: pens.Pen, recipe: scanner.Recipe) -> Picture:
    filled = inked(paper, sheet, pen)
    if recipe.mode == "rgb":
        filled = np.repeat(filled[:, :, None], 3, axis=2)
    worn = scanner.worn(filled, recipe, np.ascontiguousarray(paper[::-1]))
    return scanner.turn(scanner.scanned(worn, recipe), recipe)


def report(what: str, made: Sequence[Scan], least: int, same_at: float, likeness: Callable[[int, int], float]) -> None:
    """Prints how alike the same paper and other families' paper are."""
    enough = [one for one in made if one.cells.bit_count() >= least]
    alike: dict[bool, list[float]] = {True: [], False: []}
    for one, other in combinations(enough, 2):
        if one.page == other.page:
            alike[one.family == other.family].append(likeness(one.cells, other.cells))
    sys.stdout.write(f"{len(made)} scans of {what}, {len(enough)} with enough on them\n")
    for same, values in alike.items():
        known = sum(value >= same_at for value in values)
        ends = f"{min(values, default=0):.2f} to {max(values, default=0):.2f}"
        sys.stdout.write(
            f"{'same paper' if same else 'other paper'}: {known} of {len(values)} pairs taken for the same; likeness {ends}\n"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.copies", description=__doc__)
    parser.add_argument("--forms", type=int, default=40)
    parser.add_argument("--letters", type=int, default=60)
    asked = parser.parse_args()
    report("forms' pages", scans(asked.forms), traces.LEAST_CELLS, traces.SAME_AT, traces.likeness)
    report("letters", letters(asked.letters), looks.LEAST_CELLS, looks.SAME_AT, looks.likeness)
