"""Filled, scanned forms with the truth about each: of any template, for fitting or for proving, never for both.

The two sets have other seeds, other typefaces and other draws of hands, pens and scanners; what is fitted on one is only
ever measured on the other. The same set, template, difficulty and number always make the same form.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray

from forms.catalogue import Catalogue, KnownPage
from forms.template import Template
from tests.generator import pens, scanner, writing
from tests.generator.paper import Rng
from tests.generator.respondent import Answered, Content, Respondent, as_truth
from tests.generator.scanner import Recipe

Picture = NDArray[np.uint8]
SEEN, LOST = 0.30, 0.06
"""Less of a mark than this share can be seen: unclear; or as if it were not there."""


SURELY_SEEN = 0.5
"""A pen this dark shows on every scan that keeps greys."""


class Set(StrEnum):
    """What a generated form may be used for."""

    FIT = "fit"
    PROVE = "prove"

    @property
    def fonts(self) -> tuple[str, ...]:
        """The typefaces of this set."""
        return writing.FIT_FONTS if self is Set.FIT else writing.PROVE_FONTS


@dataclass(frozen=True)
class Made:
    """One filled and scanned form: a picture for each of its pages, and what is on it."""

    template: Template
    difficulty: str
    pages: tuple[Picture, ...]
    recipes: tuple[Recipe, ...]
    fields: Mapping[str, Answered]

    # Any: a line of a truth file.
    def truth(self, file: str, pages: list[int]) -> dict[str, Any]:
        """The form as a line of `truth.jsonl`."""
        return {
            "file": file, "pages": pages, "form": self.template.id, "edition": self.template.edition,
            "difficulty": self.difficulty, "fields": as_truth(self.fields),
            "scan": [f"{r.mode} {r.dpi:.0f} {'fax' if r.fax else 'phone' if r.phone else ''} {' '.join(r.effects)}" for r in self.recipes],
        }  # fmt: skip


def a_form(which: Set, catalogue: Catalogue, template: Template, difficulty: str, number: int) -> Made:
    """The form of this number. `difficulty`: clean, typical, hard, adversarial, or `study` (adversarial, full of odd marks)."""
    seed = zlib.crc32(f"{which} {template.id} {template.edition} {difficulty}".encode())
    rng = np.random.default_rng([seed, number])
    base = scanner.a_recipe(rng, "hard" if difficulty == "study" else difficulty)  # type: ignore[arg-type]
    blanks = [blank(page, base.dpi) for page in catalogue.known_pages() if page.template is template]
    sheets = [
        pens.Sheet(picture.shape, base.dpi, np.random.default_rng([seed, number, n]))
        for n, picture in enumerate(blanks)
    ]
    person = Respondent(template, sheets, base.dpi, difficulty, which.fonts, rng)
    told = person.fill()
    pages, recipes = [], []
    for n, (picture, sheet) in enumerate(zip(blanks, sheets, strict=True)):
        recipe = replace(base, seed=base.seed + n, turned=base.turned if n == 0 else int(rng.choice([0, base.turned])))
        page, seen = _scan(picture, sheet, person.pen, recipe, rng)
        _hide(told, seen)
        pages.append(page)
        recipes.append(recipe)
    return Made(template, difficulty, tuple(pages), tuple(recipes), told)


def _scan(
    picture: Picture, sheet: pens.Sheet, pen: pens.Pen, recipe: Recipe, rng: Rng
) -> tuple[Picture, dict[int, float]]:
    """The scanned page, and how much of each mark can be seen on it (0 to 1)."""
    colour = recipe.mode == "rgb"
    paper = np.repeat(picture[:, :, None], 3, axis=2) if colour else picture
    inked = pens.onto(paper, sheet.ink, pen) if colour else _grey_ink(paper, sheet.ink, pen)
    back = np.ascontiguousarray(picture[::-1])
    page = scanner.scanned(scanner.worn(inked, recipe, back), recipe)
    owner = scanner.placed(sheet.owner, recipe)
    change = np.full(owner.shape, 255, np.uint8)
    if recipe.mode not in ("grey", "rgb") or pen.strength * (1 - pens.tone(pen)) < SURELY_SEEN:
        plain = scanner.scanned(scanner.worn(paper, recipe, back), recipe)
        change = cv2.absdiff(page, plain)
        change = cv2.max(cv2.max(change[..., 0], change[..., 1]), change[..., 2]) if change.ndim == 3 else change
        change = cv2.dilate(change, np.ones((3, 3), np.uint8))
    held = owner > 0
    numbers = owner[held]
    total = np.bincount(numbers, minlength=1)
    seen = np.bincount(numbers, weights=np.clip(change[held].astype(np.float64) / 40.0, 0, 1), minlength=1)
    drawn = np.bincount(sheet.owner[sheet.owner > 0], minlength=1)
    shares = {}
    for number in np.nonzero(drawn)[0]:
        there = int(total[number]) if number < len(total) else 0
        whole = max(1.0, float(drawn[number]) * there_scale(recipe))
        # What the edge of the picture cut off cannot be seen either.
        cut = min(1.0, there / whole * 1.15)
        shares[int(number)] = float(seen[number] / there) * cut if there else 0.0
    return scanner.turn(page, recipe), shares


def there_scale(recipe: Recipe) -> float:
    """How many pixels of the picture stand for one of the sheet."""
    return recipe.scale**2 * (98 / 204 if recipe.fax else 1.0)


def _grey_ink(paper: Picture, ink: Picture, pen: pens.Pen) -> Picture:
    tone = pens.tone(pen)
    cover = ink.astype(np.uint16)
    plain = paper.astype(np.uint16)
    return np.asarray((plain * (255 - cover) + (plain * round(tone * 255) // 255) * cover) // 255, np.uint8)


def _hide(told: Mapping[str, Answered], seen: Mapping[int, float]) -> None:
    """Sets to unclear or blank what the scan shows too little of."""
    for one in told.values():
        for name, numbers in one.marks.items():
            shares = [seen[number] for number in numbers if number in seen]
            if len(shares) != len(numbers) or max(shares) >= SEEN:
                continue
            if name not in one.boxes:
                continue
            share = max(shares)
            others = [other for other in one.marks if other != name and other in one.boxes]
            if share >= LOST:
                one.value, one.boxes[name] = "unclear", Content.DOUBTFUL
                one.flags.append("barely_visible")
            else:
                one.boxes[name] = Content.EMPTY
                if one.value != "unclear" or not others:
                    one.value = others[0] if others and one.kind == "yes_no" else "blank"
                one.flags.append("other_mark_lost" if others else "lost")


@lru_cache(maxsize=24)
def _pdf_page(path: Path, number: int, dpi: float) -> Picture:
    document = pdfium.PdfDocument(path)
    bitmap = document[number - 1].render(scale=dpi / 72, grayscale=True)
    return np.array(bitmap.to_numpy().squeeze(), np.uint8)


def blank(page: KnownPage, dpi: float) -> Picture:
    """The blank page at a resolution: height × width, 255 is paper."""
    if page.pdf is not None:
        return _pdf_page(page.pdf, page.pdf_page, round(dpi / 10) * 10 if dpi not in (204.0,) else dpi)
    picture = cv2.imread(str(page.picture), cv2.IMREAD_GRAYSCALE)
    return np.asarray(cv2.resize(picture, None, fx=dpi / 200, fy=dpi / 200, interpolation=cv2.INTER_AREA), np.uint8)
