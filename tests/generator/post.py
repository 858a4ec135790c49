"""Whole scans as they come by post: forms of one or several families with policy pages, letters, blank backs and strangers between.

Each scan is written as a scanner would write it, with its rows for `truth.jsonl` and `pages.jsonl`.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from forms.catalogue import Catalogue
from forms.template import Template
from tests.generator import scanner
from tests.generator.paper import Rng
from tests.generator.samples import Picture, Set, a_form, a_template, blank
from tests.generator.scanner import Recipe

MIX = {"clean": 0.25, "typical": 0.50, "hard": 0.18, "adversarial": 0.07}


@dataclass(frozen=True)
class Scan:
    """One file: its pages as pictures and recipes, what each page is, and the forms in it."""

    name: str
    difficulty: str
    pages: tuple[Picture, ...]
    recipes: tuple[Recipe, ...]
    kinds: tuple[str, ...]
    # Any: lines of a truth file.
    forms: tuple[dict[str, Any], ...]


def scans(which: Set, catalogue: Catalogue, strangers: Catalogue, forms: int, *, first: int = 0) -> Iterator[Scan]:
    """Scans with this many forms in all. `strangers`: forms that the reader does not know, to be refused."""
    made, number = 0, first
    while made < forms:
        scan = a_scan(which, catalogue, strangers, number)
        made += len(scan.forms)
        number += 1
        yield scan


def a_scan(which: Set, catalogue: Catalogue, strangers: Catalogue, number: int) -> Scan:
    """The scan of this number."""
    rng = np.random.default_rng([which.seed, number])
    difficulty = str(rng.choice(list(MIX), p=list(MIX.values())))
    pages: list[Picture] = []
    recipes: list[Recipe] = []
    kinds: list[str] = []
    truths: list[dict[str, Any]] = []
    name = f"{difficulty}-{number:05d}"

    def add(picture: Picture, recipe: Recipe, kind: str) -> None:
        pages.append(picture)
        recipes.append(recipe)
        kinds.append(kind)

    def other(kind: str) -> None:
        recipe = scanner.a_recipe(rng, difficulty)
        sheet = _sheet(kind, catalogue, strangers, rng, recipe.dpi)
        if recipe.mode == "rgb":
            sheet = np.asarray(cv2.merge([sheet] * 3), np.uint8)
        shown = scanner.scanned(
            scanner.worn(sheet, recipe, np.ascontiguousarray(sheet[..., 0] if sheet.ndim == 3 else sheet)), recipe
        )
        add(scanner.turn(shown, recipe), recipe, kind)

    families = int(rng.choice([1, 1, 1, 1, 2, 3]))
    if rng.random() < 0.15:
        other(str(rng.choice(["letter", "stranger", "edition"])))
    for family in range(families):
        template = a_template(catalogue, rng)
        if rng.random() < 0.12:
            for page in range(3):
                other(f"policy-{page + 1}")
        form = a_form(which, catalogue, template, difficulty, number * 8 + family)
        order = list(range(len(form.pages)))
        if len(order) > 1 and rng.random() < 0.08:
            order.reverse()
        numbers = {}
        for place in order:
            if place != order[0] and rng.random() < 0.12:
                other("blank")
            add(form.pages[place], form.recipes[place], "form")
            numbers[place] = len(pages)
        truths.append(form.truth(name, [numbers[place] for place in range(len(form.pages))]))
        if rng.random() < 0.18:
            other(str(rng.choice(["blank", "letter", "stranger", "edition"], p=[0.5, 0.25, 0.15, 0.10])))
    return Scan(name, difficulty, tuple(pages), tuple(recipes), tuple(kinds), tuple(truths))


def _sheet(kind: str, catalogue: Catalogue, strangers: Catalogue, rng: Rng, dpi: float) -> Picture:
    """A page that is no form to be read, before it is scanned."""
    if kind.startswith("policy"):
        pages = [page for page in catalogue.known_pages() if page.template is None]
        return blank(pages[min(int(kind[-1]), len(pages)) - 1], dpi)
    if kind == "stranger":
        return blank(strangers.known_pages()[int(rng.integers(len(strangers.known_pages())))], dpi)
    if kind == "edition":
        template = a_template(catalogue, rng)
        return another_edition(catalogue, template, dpi, rng)
    picture = np.full((round(11.69 * dpi), round(8.27 * dpi)), 255, np.uint8)
    return picture if kind == "blank" else a_letter(picture, dpi, rng)


_WORDS = [
    "Dear", "thank", "you", "for", "your", "letter", "about", "the", "meeting", "at", "school", "on",
    "Tuesday", "we", "would", "like", "to", "ask", "whether", "the", "plan", "has", "been", "agreed", "with",
    "the", "local", "authority", "and", "when", "support", "will", "begin", "please", "find", "the",
    "report", "enclosed", "as", "we", "discussed", "by", "telephone", "Yes", "No", "the", "panel", "will",
    "consider", "the", "request", "within", "six", "weeks", "of", "receipt", "and", "write", "to", "parents",
    "with", "its", "decision",
]  # fmt: skip


def a_letter(picture: Picture, dpi: float, rng: Rng) -> Picture:
    """A typed letter, some with a table or boxes."""
    image = Image.fromarray(picture)
    draw = ImageDraw.Draw(image)
    size = float(rng.uniform(10, 13)) * dpi / 72
    face = ImageFont.load_default(round(size))
    left, y = rng.uniform(20, 28) * dpi / 25.4, rng.uniform(20, 45) * dpi / 25.4
    for _ in range(int(rng.integers(12, 42))):
        words = " ".join(rng.choice(_WORDS, int(rng.integers(3, 14))))
        draw.text((left, y), words[: int(rng.integers(30, 92))], fill=int(rng.integers(0, 60)), font=face)
        if rng.random() < 0.06:
            draw.rectangle([left, y + size * 1.5, left + size, y + size * 2.5], outline=0, width=2)
        y += size * float(rng.choice([1.45, 1.45, 2.6]))
    return np.array(image, np.uint8)


def another_edition(catalogue: Catalogue, template: Template, dpi: float, rng: Rng) -> Picture:
    """A page of a form as a later edition might have it: two questions changed over, a line more, or a part moved."""
    known = [page for page in catalogue.known_pages() if page.template is template and template.on_page(page.page)]
    page = known[int(rng.integers(len(known)))]
    picture = blank(page, dpi).copy()
    fields = [one for one in template.on_page(page.page) if one.kind.is_mark]
    if not fields:  # a page for writing only
        page = next(one for one in known if any(each.kind.is_mark for each in template.on_page(one.page)))
        picture = blank(page, dpi).copy()
        fields = [one for one in template.on_page(page.page) if one.kind.is_mark]
    pt = dpi / 72
    how = str(rng.choice(["swap", "insert", "shift"]))
    if how == "swap":
        labelled = [one.labels["text"] for one in fields if "text" in one.labels]
        pairs = [(a, b) for a in labelled for b in labelled if a[1] < b[1] - 4 and abs(a[0] - b[0]) < 3]
        if pairs:
            a, b = pairs[int(rng.integers(len(pairs)))]
            right = max(a[2], b[2]) + 2
            height = min(a[3] - a[1], b[3] - b[1]) + 1
            one, other = (
                (slice(int(box[1] * pt), int((box[1] + height) * pt)), slice(int(box[0] * pt), int(right * pt)))
                for box in (a, b)
            )
            kept, there = picture[one].copy(), picture[other].copy()
            high, wide = min(kept.shape[0], there.shape[0]), min(kept.shape[1], there.shape[1])
            picture[one][:high, :wide], picture[other][:high, :wide] = there[:high, :wide], kept[:high, :wide]
            return picture
    at = (
        int((min(one.box[1] for one in fields) - 3) * pt)
        if how == "insert"
        else int(min(one.box[3] for one in fields) * pt + 4)
    )
    by = int(rng.uniform(18, 40) * pt)
    moved = picture.copy()
    moved[at + by :] = picture[at : picture.shape[0] - by]
    moved[at : at + by] = 255
    return moved


def written(scan: Scan, folder: Path, rng: Rng) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Writes the scan as a file; the rows for `truth.jsonl` and for `pages.jsonl`."""
    odd = any(recipe.fax or recipe.phone for recipe in scan.recipes)
    bilevel = all(recipe.mode in ("fixed", "adaptive", "dither") for recipe in scan.recipes)
    kind = "tif" if odd and bilevel else "jpg" if odd and len(scan.pages) == 1 else "pdf"
    file = f"{scan.name}.{kind}"
    images = [_image(page, recipe) for page, recipe in zip(scan.pages, scan.recipes, strict=True)]
    first, rest = images[0], images[1:]
    if kind == "tif":
        for image, recipe in zip(images, scan.recipes, strict=True):
            image.encoderinfo = {"dpi": recipe.resolution or (200, 200)}
        first.save(
            folder / file, save_all=True, append_images=rest, compression="group4", dpi=scan.recipes[0].resolution
        )
    elif kind == "jpg":
        first.convert("RGB").save(folder / file, quality=90)
    else:
        _as_pdf(images, scan.recipes, folder / file)
    rows = [row | {"file": file} for row in scan.forms]
    effects = sorted({effect for recipe in scan.recipes for effect in recipe.effects})
    return rows, {"file": file, "pages": list(scan.kinds), "difficulty": scan.difficulty, "effects": effects}


def _image(page: NDArray[np.uint8], recipe: Recipe) -> Image.Image:
    image = Image.fromarray(page)
    return image.convert("1", dither=Image.Dither.NONE) if recipe.mode in ("fixed", "adaptive", "dither") else image


def _as_pdf(images: list[Image.Image], recipes: tuple[Recipe, ...], path: Path) -> None:
    from pypdf import PdfWriter

    writer = PdfWriter()
    for image, recipe in zip(images, recipes, strict=True):
        part = path.with_suffix(".part")
        across, down = recipe.resolution or (200.0, 200.0)
        damage = {} if image.mode == "1" else {"quality": recipe.jpeg or 92}
        image.save(part, "PDF", dpi=(across, down), **damage)
        writer.append(part)
        part.unlink()
    with path.open("wb") as out:
        writer.write(out)


def write_folder(
    which: Set, catalogue: Catalogue, strangers: Catalogue, forms: int, folder: Path, part: int = 0, parts: int = 1
) -> int:
    """Writes scans with about this many forms into a folder. Returns how many forms there are. Told in parts, for several processes."""
    folder.mkdir(parents=True, exist_ok=True)
    count, number = 0, which.first + part
    suffix = "" if parts == 1 else f".{part}"
    with (folder / f"truth.jsonl{suffix}").open("w") as truth, (folder / f"pages.jsonl{suffix}").open("w") as kinds:
        while count < forms:
            scan = a_scan(which, catalogue, strangers, number)
            rows, row = written(replace(scan), folder, np.random.default_rng([9, number]))
            for one in rows:
                truth.write(json.dumps(one) + "\n")
            kinds.write(json.dumps(row) + "\n")
            count += len(rows)
            number += parts
    return count
