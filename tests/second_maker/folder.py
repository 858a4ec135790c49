"""Writes a folder of scans by one of the makers, a form in each, with their truth: `python -m tests.second_maker FOLDER --forms 300`.

`paperchain forms accuracy FOLDER` then reads and scores them. Parts of one run (`--seed-part 0/2`, `1/2`) share no form; the rows of
all are put together when the last part ends. `--fit` takes the numbers for fitting; without it, those for checks.
"""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from forms.catalogue import Catalogue, load_catalogue
from forms.template import Template
from tests.generator.samples import a_template
from tests.second_maker.making import CHECK, FIT, Filled, Scanned
from tests.second_maker.motor import Rng
from tests.second_maker.scanning import Picture

MIX = {"clean": 0.25, "typical": 0.5, "hard": 0.25}
LETTER = 0.15
"""How many of the scans have a letter before, between or after the pages of the form."""
ROWS = ("truth.jsonl", "pages.jsonl")
_WORDS = ["thank", "you", "for", "the", "report", "which", "we", "have", "now", "read", "and", "will", "bring", "to", "our",
          "meeting", "please", "ring", "us", "if", "that", "day", "is", "no", "good"]  # fmt: skip


@dataclass(frozen=True)
class Maker:
    """One of the makers: its package's name, what its mixtures are drawn from, how it makes the form of a number, how it scans
    a page that nobody wrote on, and which modes of its machines are black and white.
    """

    name: str
    seed: int
    a_form: Callable[[Catalogue, Template, str, int], Filled]
    bare: Callable[[Picture, Scanned], Picture]
    two: frozenset[str]


def a_scan(maker: Maker, catalogue: Catalogue, number: int, folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Writes the scan of this number; its rows for `truth.jsonl` and `pages.jsonl`."""
    rng = np.random.default_rng([maker.seed, number])
    difficulty = str(rng.choice(list(MIX), p=list(MIX.values())))
    form = maker.a_form(catalogue, a_template(catalogue, rng), difficulty, number)
    pages, kinds = list(form.pages), ["form"] * len(form.pages)
    if rng.random() < LETTER:
        place = int(rng.integers(len(pages) + 1))
        machine = form.machines[0]
        pages.insert(place, maker.bare(a_letter(pages[0].shape, machine, rng), machine))
        kinds.insert(place, "letter")
    file = _written(maker, pages, form, folder, f"{difficulty}-{number:06d}", rng)
    numbers = [n for n, kind in enumerate(kinds, start=1) if kind == "form"]
    return form.truth(file, numbers), {"file": file, "pages": kinds, "difficulty": difficulty}


def a_letter(shape: tuple[int, ...], machine: Scanned, rng: Rng) -> Picture:
    """A typed letter, as large as the pages of its stack before a machine has squeezed them."""
    height = round(shape[0] * machine.dpi / machine.down)
    image = Image.new("L", (shape[1], height), 255)
    draw, size = ImageDraw.Draw(image), float(rng.uniform(10, 12.5)) * machine.dpi / 72
    face, y = ImageFont.load_default(round(size)), height * 0.1
    for _ in range(int(rng.integers(8, 30))):
        draw.text(
            (shape[1] * 0.11, y),
            " ".join(rng.choice(_WORDS, int(rng.integers(4, 13)))).capitalize(),
            fill=10,
            font=face,
        )
        y += size * float(rng.choice([1.4, 1.4, 2.8]))
    return np.asarray(image, np.uint8)


def _written(maker: Maker, pages: list[Picture], form: Filled, folder: Path, name: str, rng: Rng) -> str:
    """Writes the pages as one file: TIFF for faxes and some others, PNG for some single pages, else PDF. The file's name."""
    machine = form.machines[0]
    two = machine.mode in maker.two
    images = [
        Image.fromarray(page).convert("1", dither=Image.Dither.NONE) if two else Image.fromarray(page) for page in pages
    ]
    ending = "tif" if machine.fax or rng.random() < 0.15 else "png" if len(pages) == 1 and rng.random() < 0.2 else "pdf"
    path, first, rest = folder / f"{name}.{ending}", images[0], images[1:]
    if ending == "png":
        first.save(path, dpi=machine.resolution)
    elif ending == "tif":
        for image in images:
            image.encoderinfo = {"dpi": machine.resolution}
        first.save(
            path, save_all=True, append_images=rest, dpi=machine.resolution, compression="group4" if two else "tiff_lzw"
        )
    else:
        first.save(
            path, "PDF", save_all=True, append_images=rest, dpi=machine.resolution, **({} if two else {"quality": 95})
        )
    return path.name


def _put_together(folder: Path, parts: int) -> None:
    """Joins the rows of all parts, once every part has ended."""
    pieces = {name: [folder / f"{name}.{part}" for part in range(parts)] for name in ROWS}
    if not all(piece.exists() for some in pieces.values() for piece in some):
        return
    for name, some in pieces.items():
        (folder / name).write_text("".join(piece.read_text("utf-8") for piece in some), "utf-8")
    for piece in (piece for some in pieces.values() for piece in some):
        piece.unlink()


def write(maker: Maker) -> int:
    """Writes the folder that the command line asks for."""
    parser = argparse.ArgumentParser(prog=f"python -m tests.{maker.name}", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--forms", type=int, default=100, help="in all parts together")
    parser.add_argument("--first", type=int, default=0, help="how many numbers to pass over")
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--seed-part", default="0/1")
    told = parser.parse_args()
    part, parts = (int(value) for value in told.seed_part.split("/"))
    numbers = (FIT if told.fit else CHECK)[told.first : told.first + told.forms][part::parts]
    if not 0 <= part < parts or told.first + told.forms > len(FIT if told.fit else CHECK):
        parser.error("there are no such numbers")
    told.folder.mkdir(parents=True, exist_ok=True)
    catalogue = load_catalogue()
    rows = [a_scan(maker, catalogue, number, told.folder) for number in numbers]
    for name, lines in zip(ROWS, zip(*rows, strict=True), strict=True):
        (told.folder / f"{name}.{part}").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    _put_together(told.folder, parts)
    sys.stdout.write(f"{len(rows)} forms in {told.folder}\n")
    return 0
