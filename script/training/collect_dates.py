"""Collects what the model of figures is fitted on and proved by: dates cut out of scanned sheets, with what they say.

`python script/training/collect_dates.py OUT.pkl --hands FOLDER [--side proof] --sheets 500 [--part 0/2]`, in the project's own
environment. FOLDER holds the packages that script/train-digits fetches. A sheet has some forty dates and takes about a second and a half.
Kept are the cuts themselves, so that what is done with them later can be changed without scanning again.
"""

import argparse
import pickle
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "script"), str(ROOT / "script/training")]

import date_sheets
import hands
import written_dates

from forms.blank_pages import FEATURE_DPI, blank_pages
from forms.catalogue import load_catalogue
from forms.crops import for_recognition
from forms.geometry import POINTS_PER_INCH
from forms.page import page_of
from forms.register import register, turn
from forms.writing.places import date_places
from tests.generator import scanner

LAYOUTS = 40
FIRST = {"fit": 0, "proof": 100_000}
LATEST = {"fit": None, "proof": 2026}


def main() -> None:
    """Writes the file: a list of (PNG, places, text, difficulty)."""
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--hands", type=Path, required=True)
    parser.add_argument("--side", choices=("fit", "proof"), default="fit")
    parser.add_argument("--sheets", type=int, default=100)
    parser.add_argument("--part", default="0/1")
    told = parser.parse_args()
    part, parts = (int(value) for value in told.part.split("/"))
    first = FIRST[told.side]
    writer = written_dates.Writer(hands.load_hands(told.hands, proof=told.side == "proof"), first + part + 11)
    rng = np.random.default_rng([first, part])
    cuts: list[tuple[bytes, object, str, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(LAYOUTS):
            date_sheets.a_sheet(Path(folder), f"sheet-{number}", np.random.default_rng([first, 9, number]))
        catalogue = load_catalogue(Path(folder))
        blanks = blank_pages(catalogue)
        for number in range(part, told.sheets, parts):
            blank = blanks[int(rng.integers(len(blanks)))]
            difficulty = str(rng.choice(list(date_sheets.MIX), p=list(date_sheets.MIX.values())))
            picture, recipe, written = date_sheets.filled(
                blank.known, writer, first + number, difficulty, LATEST[told.side]
            )
            page = page_of(picture, recipe.resolution)
            if page is None:
                continue
            upright = turn(page, picture, 0)
            fit = register(blank, upright, _placed(recipe, picture, upright.small))
            if fit is None or fit.found < 0.75:
                continue
            for one in written:
                if one.seen >= date_sheets.LEAST_SEEN:
                    field = blank.known.template.field(one.field)
                    cuts.append((for_recognition(fit, field), date_places(field), one.text, difficulty))
            if number % 20 < parts:
                sys.stderr.write(f"{number} {len(cuts)}\n")
                save(told.out, cuts)
    save(told.out, cuts)


def _placed(recipe: scanner.Recipe, picture: np.ndarray, small: np.ndarray) -> np.ndarray:
    """From the blank to the small upright page. It is told, not searched for: a page of nothing but date fields looks alike everywhere."""
    lies = np.array(scanner.placement(recipe)).reshape(3, 3)
    smaller = np.diag([small.shape[1] / picture.shape[1], small.shape[0] / picture.shape[0], 1.0])
    return smaller @ lies @ np.diag([POINTS_PER_INCH / FEATURE_DPI] * 2 + [1.0])


def save(out: Path, cuts: object) -> None:
    """Writes what there is so far; a run that is ended while it writes keeps what was written before."""
    unfinished = out.with_suffix(".part")
    unfinished.write_bytes(pickle.dumps(cuts))
    unfinished.replace(out)


if __name__ == "__main__":
    main()
