"""Filled, scanned forms with the truth about each: of any template, for fitting or for proving, never for both.

The two sets have other seeds, other typefaces and other draws of hands, pens and scanners; what is fitted on one is only
ever measured on the other. The same set, template, difficulty and number always make the same form.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.catalogue import Catalogue, KnownPage
from forms.drafting.parts import opened
from forms.geometry import MM_PER_INCH
from forms.marks import Content
from forms.template import Template
from tests.generator import pens, scanner, writing
from tests.generator.answered import Answered
from tests.generator.paper import Rng
from tests.generator.respondent import Respondent, as_truth
from tests.generator.scanner import Recipe

Picture = NDArray[np.uint8]
SEEN, LOST = 0.35, 0.20
"""Less of a mark than this share can be seen (`Shown.mark`, set by looking at pictures): unclear; or as if it were not there."""
HIDDEN = 0.06
"""Less of a piece of writing than this is as if it were not there."""
FOLLOWED_MM = 0.3
"""The eye follows a broken stroke over gaps as wide as twice this: a worn pen's dots in a row are a line."""

EYE_MM, LEAST_GREY, UNEVEN = 0.18, 9.0, 2.5
"""How far the eye brings dots together; how much darker ink must be than the paper, in grey levels and in times the paper's own unevenness."""

READABLE = 0.45
"""Less of a piece of writing than this cannot be read by anybody."""
VISIBLE = 22
"""A change of fewer grey levels than this is lost in the grain of a scan, to a person as well."""
SURELY_SEEN, PLAIN_GAIN = 0.5, 1.25
"""A pen this dark shows on every scan that keeps greys."""


class Set(StrEnum):
    """What a generated form may be used for. No two sets share a form: each has seeds and numbers of its own.

    `fit` the network; `prove` the figures by which costs and borders were chosen; `develop` to see what is asked about and to try changes;
    `check` that a change chosen there makes nothing worse; `fresh` for figures to be reported, by which nothing is ever chosen;
    `release` for the 3,000 forms of a release, looked at only when the reader stands.
    """

    FIT = "fit"
    PROVE = "prove"
    DEVELOP = "develop"
    CHECK = "check"
    FRESH = "fresh"
    RELEASE = "release"

    @property
    def fonts(self) -> tuple[str, ...]:
        """The typefaces of this set: what is chosen by never shows those of the proofs."""
        return writing.PROVE_FONTS if self in (Set.PROVE, Set.FRESH, Set.RELEASE) else writing.FIT_FONTS

    @property
    def first(self) -> int:
        """The number of its first scan."""
        return {Set.FRESH: 60_000, Set.DEVELOP: 70_000, Set.CHECK: 80_000, Set.RELEASE: 180_000}.get(self, 0)

    @property
    def seed(self) -> int:
        """What its whole scans and its strangers' forms are drawn from."""
        seeds = {Set.FIT: 55, Set.PROVE: 66, Set.DEVELOP: 77, Set.CHECK: 88, Set.FRESH: 99, Set.RELEASE: 111}
        return seeds[self]


def a_template(catalogue: Catalogue, rng: Rng) -> Template:
    """One of the templates: three times in four a form as families have it, else one that we print."""
    old = [one for one in catalogue.templates() if one.code is None]
    printed = [one for one in catalogue.templates() if one.code is not None]
    some = printed if printed and (not old or rng.random() < 0.25) else old
    return some[int(rng.integers(len(some)))]


@dataclass(frozen=True)
class Made:
    """One filled and scanned form: a picture for each of its pages, and what is on it."""

    template: Template
    difficulty: str
    pages: tuple[Picture, ...]
    recipes: tuple[Recipe, ...]
    fields: Mapping[str, Answered]

    @property
    def resolution(self) -> tuple[tuple[float, float], ...]:
        """Of each page, in dots to the inch across and down."""
        return tuple(recipe.resolution for recipe in self.recipes)

    # Any: a line of a truth file.
    def truth(self, file: str, pages: list[int]) -> dict[str, Any]:
        """The form as a line of `truth.jsonl`."""
        return {
            "file": file, "pages": pages, "form": self.template.id, "edition": self.template.edition,
            "difficulty": self.difficulty, "fields": as_truth(self.fields),
            "placements": {
                str(page): scanner.placement(recipe) for page, recipe in zip(pages, self.recipes, strict=True)
            },
            "scan": [f"{r.mode} {r.dpi:.0f} {'fax' if r.fax else 'phone' if r.phone else ''} {' '.join(r.effects)}" for r in self.recipes],
        }  # fmt: skip


def a_form(
    which: Set,
    catalogue: Catalogue,
    template: Template,
    difficulty: str,
    number: int,
    like: Recipe | None = None,
    cheap: bool = False,
) -> Made:
    """The form of this number. `difficulty`: clean, typical, hard, adversarial, or `study` (adversarial, full of odd marks).

    `like`: a recipe of the stack that it lies in, to be scanned as the rest of it is. `cheap`: two in three are scanned at 200 dpi and
    in grey, which takes a third of the time and looks all but the same in a window of 127 dpi.
    """
    seed = zlib.crc32(f"{which} {template.id} {template.edition} {difficulty}".encode())
    rng = np.random.default_rng([seed, number])
    base = scanner.a_recipe(rng, "hard" if difficulty == "study" else difficulty)
    base = base if like is None else replace(like, seed=base.seed)
    if cheap and rng.random() < 2 / 3:
        base = scanner.cheaper(base)
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
        page, seen = scanned_form(picture, sheet, person.pen, recipe, rng)
        _hide(told, seen)
        pages.append(page)
        recipes.append(recipe)
    return Made(template, difficulty, tuple(pages), tuple(recipes), told)


@dataclass(frozen=True)
class Shown:
    """How much of a mark a scan shows, 0 to 1: of its ink, and of its strokes as the eye follows them over small gaps."""

    ink: float
    strokes: float

    @property
    def mark(self) -> float:
        """As one number, for a tick or a cross; writing has to be read by its ink."""
        return float((self.ink * self.strokes) ** 0.5)


def scanned_form(
    picture: Picture, sheet: pens.Sheet, pen: pens.Pen, recipe: Recipe, rng: Rng
) -> tuple[Picture, dict[int, Shown]]:
    """The scanned page, and how much of each mark can be seen on it."""
    colour = recipe.mode == "rgb"
    paper = np.repeat(picture[:, :, None], 3, axis=2) if colour else picture
    filled = pens.onto(paper, sheet.ink, pen) if colour else inked(paper, sheet, pen)
    back = np.ascontiguousarray(picture[::-1])
    page = scanner.scanned(scanner.worn(filled, recipe, back), recipe)
    owner = scanner.placed(sheet.owner, recipe)
    change = np.where(owner > 0, 255, 0).astype(np.uint8)  # a pen this dark shows wherever it went
    bare = owner > 0
    washed = "copy" in recipe.effects or recipe.gain > PLAIN_GAIN
    if recipe.mode not in ("grey", "rgb") or washed or pen.strength * (1 - pens.tone(pen)) < SURELY_SEEN:
        plain = scanner.scanned(scanner.worn(paper, recipe, back), recipe)
        if recipe.mode == "dither":
            change, soft = _as_greys(page, plain, recipe, owner)
        else:
            change = _noticed(cv2.absdiff(page, plain))
            soft = cv2.blur(plain if plain.ndim == 2 else plain.min(axis=2), (3, 3))
        # Ink that only makes a printed line a little thicker is not seen: what counts is where the paper was bare.
        print_near = cv2.erode(soft, np.ones((3, 3), np.uint8))
        bare &= print_near > 0.6 * float(np.median(print_near))
    held = owner > 0
    total = np.bincount(owner[held], minlength=1)
    open_paper = np.bincount(owner[bare], minlength=len(total))
    shows = ((change > VISIBLE) & held).astype(np.uint8)
    near = 2 * max(1, round(FOLLOWED_MM / 25.4 * recipe.dpi * recipe.scale)) + 1
    followed = cv2.dilate(shows, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (near, near)))
    seen, traced = (
        np.bincount(owner[bare], weights=layer[bare].astype(np.float64), minlength=len(total))
        for layer in (shows, followed)
    )
    # Dots of a dithered page move about where there is no ink, too, and a copier may shift every colour a little: what changes
    # as much as the paper around it is not seen. The soft edge of a stroke is left out.
    ink_there = held.astype(np.uint8)
    close, wide = (cv2.dilate(ink_there, np.ones((side, side), np.uint8)) > 0 for side in (near, 3 * near))
    around = wide & ~close
    stray = float((change[around] > VISIBLE).mean()) if around.any() else 0.0
    seen = np.maximum(0.0, seen - stray * open_paper) / max(0.1, 1 - stray)
    drawn = np.bincount(sheet.owner[sheet.owner > 0], minlength=1)
    shares = {}
    for number in np.nonzero(drawn)[0]:
        there = int(total[number]) if number < len(total) else 0
        whole = max(1.0, float(drawn[number]) * there_scale(recipe))
        # What the edge of the picture cut off cannot be seen either.
        cut = min(1.0, there / whole * 1.15)
        held_back = cut / max(1, int(open_paper[number])) if there else 0.0
        shares[int(number)] = (
            Shown(float(seen[number]) * held_back, float(traced[number]) * held_back) if there else Shown(0.0, 0.0)
        )
    return scanner.turn(page, recipe), shares


def _as_greys(page: Picture, plain: Picture, recipe: Recipe, owner: NDArray[np.int32]) -> tuple[Picture, Picture]:
    """What ink changed on a dithered page, 255 where it is seen, and the page without ink: both as the eye takes dots, for the greys they stand for.

    Dot by dot a mark in grey is hardly there. Seen is what is darker by more than the paper itself is uneven.
    """
    mm = recipe.dpi * recipe.scale / MM_PER_INCH
    down = mm * (98 / 204 if recipe.fax else 1.0)
    with_ink, without = (
        cv2.GaussianBlur(one.astype(np.float32), (0, 0), sigmaX=EYE_MM * mm, sigmaY=EYE_MM * down)
        for one in (page, plain)
    )
    uneven = without - cv2.GaussianBlur(without, (0, 0), 2 * mm)
    paper = (cv2.dilate((owner > 0).astype(np.uint8), np.ones((3, 3), np.uint8)) == 0) & (
        without > 0.75 * float(np.percentile(without, 80))
    )
    least = max(LEAST_GREY, UNEVEN * float(uneven[paper].std())) if paper.any() else LEAST_GREY
    seen = np.where(without - with_ink > least, 255, 0)
    return np.asarray(seen, np.uint8), np.asarray(np.clip(without, 0, 255), np.uint8)


def _noticed(change: Picture) -> Picture:
    """The change as the eye takes it: by how light it is; a change of colour alone counts for half."""
    if change.ndim == 2:
        return change
    light = cv2.cvtColor(change, cv2.COLOR_RGB2GRAY)
    colour = cv2.max(cv2.max(change[..., 0], change[..., 1]), change[..., 2])
    return np.asarray(cv2.max(light, colour // 2), np.uint8)


def there_scale(recipe: Recipe) -> float:
    """How many pixels of the picture stand for one of the sheet."""
    return recipe.scale**2 * (98 / 204 if recipe.fax else 1.0)


def inked(paper: Picture, sheet: pens.Sheet, pen: pens.Pen) -> Picture:
    """A grey page with what was written on it."""
    tone = pens.tone(pen)
    cover = sheet.ink.astype(np.uint16)
    plain = paper.astype(np.uint16)
    return np.asarray((plain * (255 - cover) + (plain * round(tone * 255) // 255) * cover) // 255, np.uint8)


def _hide(told: Mapping[str, Answered], seen: Mapping[int, Shown]) -> None:
    """Sets to unclear or blank what the scan shows too little of."""
    for one in told.values():
        for name, numbers in one.marks.items():
            shares = [seen[number] for number in numbers if number in seen]
            if not shares or len(shares) != len(numbers):
                continue
            if name == "area":
                # A date wants every figure, a name most of its letters.
                share = min(one_seen.ink for one_seen in shares)
                one.flags += ["lost"] if share < HIDDEN else ["barely_visible"] if share < READABLE else []
                continue
            most = max(shares, key=lambda one_seen: one_seen.mark)
            share = most.mark
            if name in one.boxes:
                one.drawn[name] = one.boxes[name], most.ink, most.strokes
            if name == "word" and share < SEEN:
                # A ring or a line at a printed Yes or No is all the answer there is.
                one.value = "unclear" if share >= LOST else "blank"
                one.flags.append("barely_visible" if share >= LOST else "lost")
            if share >= SEEN or name not in one.boxes:
                continue
            others = [
                other
                for other in one.marks
                if other != name and one.boxes.get(other, Content.EMPTY) is not Content.EMPTY
            ]
            if share >= LOST:
                one.value, one.boxes[name] = "unclear", Content.DOUBTFUL
                one.flags.append("barely_visible")
            else:
                one.boxes[name] = Content.EMPTY
                if one.value != "unclear" or not others or "both_ticked" in one.flags:
                    one.value = _left(one, others)
                one.flags.append("other_mark_lost" if others else "lost")


def _left(one: Answered, others: Sequence[str]) -> str:
    """What a field says of which the scan lost one mark. `others`: its boxes that still hold something."""
    if not others or one.kind != "yes_no":
        return "blank"
    # Scribbled out and nothing else: nobody can tell.
    return "unclear" if one.boxes[others[0]] in (Content.CANCELLED, Content.DOUBTFUL) else others[0]


@lru_cache(maxsize=24)
def _pdf_page(path: Path, number: int, dpi: float) -> Picture:
    document = opened(path.read_bytes())
    bitmap = document[number - 1].render(scale=dpi / 72, grayscale=True)
    return np.array(bitmap.to_numpy().squeeze(), np.uint8)


def blank(page: KnownPage, dpi: float) -> Picture:
    """The blank page at a resolution: height × width, 255 is paper."""
    if page.pdf is not None:
        return _pdf_page(page.pdf, page.pdf_page, dpi)
    picture = cv2.imread(str(page.picture), cv2.IMREAD_GRAYSCALE)
    return np.asarray(cv2.resize(picture, None, fx=dpi / 200, fy=dpi / 200, interpolation=cv2.INTER_AREA), np.uint8)
