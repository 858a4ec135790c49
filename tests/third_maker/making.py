"""One form, filled in and scanned, with what a careful person reads of it. The same words and number always make the same form."""

import zlib
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from forms.catalogue import Catalogue
from forms.template import Template
from tests.generator.samples import blank
from tests.second_maker import seen
from tests.second_maker.making import CARELESS, CHECK, DIFFICULTIES, FIT, Filled, known_pages, settle_fields
from tests.second_maker.truth import LOST, share
from tests.third_maker.answers import fill
from tests.third_maker.curves import Rng, a_hand
from tests.third_maker.imaging import Feed, Picture, lamp_of, reflected
from tests.third_maker.people import Person, a_habit
from tests.third_maker.scanners import Scanner, a_scanner
from tests.third_maker.tools import Sheet, a_tool

KEEN, SUSPECTED = 0.45, 0.15
"""How much paler a mark may be for the eye that looks hard at one place; and how much is then said to show: neither nothing nor enough."""

__all__ = ["CARELESS", "CHECK", "DIFFICULTIES", "FIT", "Filled", "a_form"]


def a_form(catalogue: Catalogue, template: Template, difficulty: str, number: int, prefix: str = "third") -> Filled:
    """The form of this number. `difficulty`: clean, typical or hard; `prefix`: another one makes other forms of the same numbers."""
    seed = zlib.crc32(f"{prefix} {template.id} {template.edition} {difficulty}".encode())
    rng = np.random.default_rng([seed, number])
    base = a_scanner(difficulty, rng)
    known = known_pages(catalogue, template)
    scanners = [
        replace(base, seed=base.seed + n, skew=base.skew + float(rng.normal(0, 0.2))) for n in range(len(known))
    ]
    prints = [blank(page, base.dpi) for page in known]
    sheets = [empty(one, base, np.random.default_rng([seed, number, n])) for n, one in enumerate(prints)]
    who = somebody(template, dict(zip((page.page for page in known), sheets, strict=True)), difficulty, rng)
    fill(who, difficulty)
    backs = [np.minimum(one, sheet.through if sheet.through.ndim == 2 else sheet.through.min(axis=2))
             for one, sheet in zip(prints, sheets, strict=True)]  # fmt: skip
    pages: list[Picture] = []
    found: dict[int, Mapping[int, seen.Shown]] = {}
    for n, (print_, sheet, scanner) in enumerate(zip(prints, sheets, scanners, strict=True)):
        other = backs[n ^ 1] if (n ^ 1) < len(prints) and prints[n ^ 1].shape == print_.shape else print_
        page, found[known[n].page] = scan(print_, other, sheet, scanner)
        pages.append(page)
    settle_fields(template, who.told, who.instead, found)
    return Filled(template, difficulty, tuple(pages), tuple(scanners), who.told)


def empty(print_: Picture, scanner: Scanner, rng: Rng) -> Sheet:
    """A sheet with nothing written on it."""
    height, width = print_.shape
    return Sheet((height, width), scanner.dpi, scanner.colour, lamp_of(scanner), rng)


def somebody(template: Template, sheets: Mapping[int, Sheet], difficulty: str, rng: Rng) -> Person:
    """A person with a pen, about to fill in these sheets (by the number of the page)."""
    careless = float(np.clip(rng.beta(1.2, 2) * 1.5 * CARELESS[difficulty], 0, 1))
    return Person(template, sheets, a_tool(difficulty, rng), a_hand(careless, rng), a_habit(careless, rng), rng)


def scan(print_: Picture, back: Picture, sheet: Sheet, scanner: Scanner) -> tuple[Picture, dict[int, seen.Shown]]:
    """The scanned page as it lies in the file, and how much of each mark shows on it."""
    feed = Feed(sheet.shape, scanner)
    page = feed.scanned(reflected(print_, back, sheet.through, sheet.fluid, scanner))
    if not sheet.owner.any():
        return page, {}
    bare = feed.scanned(reflected(print_, back, np.full_like(sheet.through, 255), sheet.fluid, scanner))
    across, down = scanner.resolution
    owner, px_mm = feed.placed(sheet.owner), (across / 25.4, down / 25.4)
    plain = seen.shown(page, bare, owner, px_mm, scanner.look)
    if all(share(one.ink, one.strokes) >= LOST for one in plain.values()):
        return page, plain
    keen = seen.shown(page, bare, owner, px_mm, scanner.look, KEEN)
    return page, {number: _suspected(one, keen[number]) for number, one in plain.items()}


def _suspected(plain: seen.Shown, keen: seen.Shown) -> seen.Shown:
    """What shows of a mark, where somebody who looks hard at what is all but gone may still make it out: nobody can say that nothing is there."""
    if share(plain.ink, plain.strokes) < LOST <= share(keen.ink, keen.strokes) / 2:
        return seen.Shown(SUSPECTED, SUSPECTED)
    return plain
