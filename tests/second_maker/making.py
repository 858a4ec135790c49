"""One form, filled in and scanned, with what a careful person reads of it. The same words and number always make the same form."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from forms.catalogue import Catalogue, KnownPage
from forms.template import Template
from tests.generator.answered import Answered
from tests.generator.samples import blank
from tests.second_maker import scanning, seen, shapes
from tests.second_maker.filling import fill
from tests.second_maker.ink import Sheet, a_pen
from tests.second_maker.machine import Machine, a_machine
from tests.second_maker.motor import Muscles, Rng
from tests.second_maker.scanning import Picture
from tests.second_maker.truth import hide, settle
from tests.second_maker.writer import Desk, a_habit

FIT, CHECK = range(10_000), range(10_000, 1_000_000)
"""Numbers of forms that something may be fitted on, and of those that it is checked with."""
CARELESS = {"clean": 0.15, "typical": 0.45, "hard": 1.0}
DIFFICULTIES = tuple(CARELESS)


class Scanned(Protocol):
    """What is told of the machine that a page went through."""

    @property
    def mode(self) -> str:
        """What it makes of greys."""
        ...

    @property
    def dpi(self) -> float:
        """Dots to the inch across."""
        ...

    @property
    def down(self) -> float:
        """Dots to the inch down the page."""
        ...

    @property
    def fax(self) -> int | bool:
        """Whether it is a fax machine."""
        ...

    @property
    def phone(self) -> bool:
        """Whether it is a telephone."""
        ...

    @property
    def resolution(self) -> tuple[float, float]:
        """Dots to the inch, across and down."""
        ...


@dataclass(frozen=True)
class Filled:
    """One filled and scanned form: a picture for each page (uint8, grey or RGB), its resolution (dots to the inch across and down)."""

    template: Template
    difficulty: str
    pages: tuple[Picture, ...]
    machines: tuple[Scanned, ...]
    fields: Mapping[str, Answered]

    @property
    def resolution(self) -> tuple[tuple[float, float], ...]:
        """Of each page."""
        return tuple(machine.resolution for machine in self.machines)

    # Any: a line of a truth file.
    def truth(self, file: str, pages: list[int]) -> dict[str, Any]:
        """The form as a line of `truth.jsonl`."""
        fields = {
            name: {"kind": told.kind.value, "value": told.value, "flags": told.flags}
            | ({"raw": told.raw} if told.raw is not None else {})
            for name, told in self.fields.items()
        }
        scan = [f"{m.mode} {m.dpi:.0f}{' fax' if m.fax else ''}{' phone' if m.phone else ''}" for m in self.machines]
        return {
            "file": file, "pages": pages, "form": self.template.id, "edition": self.template.edition,
            "difficulty": self.difficulty, "fields": fields, "scan": scan,
        }  # fmt: skip


def a_form(catalogue: Catalogue, template: Template, difficulty: str, number: int, prefix: str = "second") -> Filled:
    """The form of this number. `difficulty`: clean, typical or hard; `prefix`: another one makes other forms of the same numbers."""
    seed = zlib.crc32(f"{prefix} {template.id} {template.edition} {difficulty}".encode())
    rng = np.random.default_rng([seed, number])
    base = a_machine(difficulty, rng)
    known = known_pages(catalogue, template)
    machines = [
        replace(base, seed=base.seed + n, skew=base.skew + float(rng.normal(0, 0.3))) for n in range(len(known))
    ]
    prints = [blank(page, base.dpi) for page in known]
    desk = somebody(template, [empty(one, base, np.random.default_rng([seed, number, n])) for n, one in enumerate(prints)],
                    difficulty, rng)  # fmt: skip
    fill(desk, difficulty)
    backs = [_with_ink(print_, sheet) for print_, sheet in zip(prints, desk.sheets, strict=True)]
    pages: list[Picture] = []
    found: dict[int, Mapping[int, seen.Shown]] = {}
    for n, (print_, sheet, machine) in enumerate(zip(prints, desk.sheets, machines, strict=True)):
        other = backs[n ^ 1] if (n ^ 1) < len(prints) and prints[n ^ 1].shape == print_.shape else print_
        page, found[known[n].page] = scan(print_, other, sheet, machine)
        pages.append(page)
    settle_fields(template, desk.told, desk.instead, found)
    return Filled(template, difficulty, tuple(pages), tuple(machines), desk.told)


def _with_ink(print_: Picture, sheet: Sheet) -> Picture:
    """A side as it shows through on the other: its print and what is written on it, without colour."""
    through = sheet.through if sheet.through.ndim == 2 else sheet.through.min(axis=2)
    return np.minimum(print_, through)


def empty(print_: Picture, machine: Machine, rng: Rng) -> Sheet:
    """A sheet with nothing written on it."""
    height, width = print_.shape
    return Sheet((height, width), machine.dpi, machine.mode == "rgb", scanning.lamp_of(machine), rng)


def somebody(template: Template, sheets: Sequence[Sheet], difficulty: str, rng: Rng) -> Desk:
    """A person with a pen, about to fill in these sheets."""
    careless = float(np.clip(rng.beta(1.2, 2) * 1.5 * CARELESS[difficulty], 0, 1))
    shaky = rng.random() < 0.08
    muscles = Muscles(
        float(rng.uniform(0.6, 1.7)), 0.18 if shaky else float(rng.uniform(0, 0.04)), float(rng.uniform(0.02, 0.10)),
        float(rng.uniform(0.5, 1.1)), float(rng.uniform(0.02, 0.15)),
    )  # fmt: skip
    return Desk(template, sheets, a_pen(difficulty, rng), a_habit(careless, rng), shapes.a_taste(rng), muscles, rng)


def scan(print_: Picture, back: Picture, sheet: Sheet, machine: Machine) -> tuple[Picture, dict[int, seen.Shown]]:
    """The scanned page as it lies in the file, and how much of each mark shows on it."""
    page = scanning.scanned(scanning.reflected(print_, back, sheet.through, machine), machine)
    shown: dict[int, seen.Shown] = {}
    if sheet.owner.any():
        bare = scanning.scanned(scanning.reflected(print_, back, np.full_like(sheet.through, 255), machine), machine)
        owner = np.asarray(scanning.placed(sheet.owner, machine, sharp=True), np.uint8)
        shown = seen.shown(page, bare, owner, (machine.dpi / 25.4, machine.down / 25.4), machine.look)
    return scanning.turned(page, machine), shown


def settle_fields(
    template: Template,
    told: Mapping[str, Answered],
    instead: Mapping[str, str],
    found: Mapping[int, Mapping[int, seen.Shown]],
) -> None:
    """Sets what a careful person reads of every field; `found`: what shows of each mark, by page and by the mark's number."""
    nothing = seen.Shown(0.0, 0.0)
    for one in template.fields:
        answer = told[one.id]
        if not one.kind.is_mark:
            if "area" in answer.marks:
                hide(answer, found[one.page].get(answer.marks["area"][0], nothing).ink)
            continue
        shares = {name: found[one.page].get(numbers[0], nothing) for name, numbers in answer.marks.items()}
        settle(answer, instead.get(one.id), {name: (share.ink, share.strokes) for name, share in shares.items()})


def known_pages(catalogue: Catalogue, template: Template) -> list[KnownPage]:
    """The pages of a template, in order."""
    return [page for page in catalogue.known_pages() if page.template is template]
