"""How well traces know paper again: `python -m tests.bench.copies [--forms 40]`. Prints figures; asserts nothing.

Each form is filled by another family and scanned twice by different recipes. Every scan of a page is compared with every other.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from forms import traces
from forms.catalogue import load_catalogue
from forms.reading import read_page
from forms.results import PageKind
from tests.generator import pens, scanner
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


def _scanned(paper: Picture, sheet: pens.Sheet, pen: pens.Pen, recipe: scanner.Recipe) -> Picture:
    filled = inked(paper, sheet, pen)
    if recipe.mode == "rgb":
        filled = np.repeat(filled[:, :, None], 3, axis=2)
    worn = scanner.worn(filled, recipe, np.ascontiguousarray(paper[::-1]))
    return scanner.turn(scanner.scanned(worn, recipe), recipe)


def report(made: Sequence[Scan]) -> None:
    """Prints how alike the same paper and other families' paper are."""
    enough = [one for one in made if one.cells.bit_count() >= traces.LEAST_CELLS]
    alike: dict[bool, list[float]] = {True: [], False: []}
    for one, other in combinations(enough, 2):
        if one.page == other.page:
            alike[one.family == other.family].append(traces.likeness(one.cells, other.cells))
    sys.stdout.write(f"{len(made)} scans of forms' pages, {len(enough)} with enough writing\n")
    for same, values in alike.items():
        known = sum(value >= traces.SAME_AT for value in values)
        ends = f"{min(values, default=0):.2f} to {max(values, default=0):.2f}"
        sys.stdout.write(
            f"{'same paper' if same else 'other families'}: {known} of {len(values)} pairs taken for the same; likeness {ends}\n"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.copies", description=__doc__)
    parser.add_argument("--forms", type=int, default=40)
    report(scans(parser.parse_args().forms))
