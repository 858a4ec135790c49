"""Does a confidence mean what it says? Draws, of the answers given at each confidence, the share that is right.

`python script/training/reliability.py FOLDER`, a folder written by `python -m tests.generator` from the proving set, which
nothing was fitted on. Prints the table and writes `docs/pictures/reliability.svg`. Reads in this process, without the sandbox.
"""

import math
import sys
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from forms.accuracy.bounds import lower, upper
from forms.accuracy.figures import as_lines, figures
from forms.accuracy.scoring import ScanRead, Score, What, score_scan
from forms.assemble import assemble
from forms.catalogue import load_catalogue
from forms.reading import read_page
from forms.results import FormReading
from intake.measuring import Labelled, labelled
from intake.pages import open_pages
from intake.sandbox.limits import Limits
from intake.sandbox.opening import Page

CERTAINLY_ASKED = 0.5
"""Doubts have no confidence of their own: at or below this a value is never taken."""
EDGES = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 1.0001)
Answer = tuple[float, bool]
"""Confidence, and whether it is right."""


def answers(scan: Labelled) -> tuple[list[Answer], dict[str, Score]]:
    """Every answer of one file that the reader put a confidence to, and the scores of the file."""
    catalogue = load_catalogue()
    opened = open_pages(scan.path.read_bytes(), Limits())
    pages = [page for page in opened if isinstance(page, Page)]
    readings = [read_page(page.pixels, page.dpi, page.number, catalogue)[0] for page in pages]
    forms = [form for form in assemble(readings, catalogue) if isinstance(form, FormReading)]
    scores = score_scan(scan.path.name, scan.forms, scan.kinds, ScanRead(tuple(forms), tuple(readings), None))
    found = []
    for form in forms:
        truth = next(
            (one for one in scan.forms if sorted(one.pages) == sorted(form.pages) and one.form == form.form), None
        )
        for name, field in form.fields.items():
            if truth is not None and field.kind.is_mark and field.confidence > CERTAINLY_ASKED:
                guess = field.evidence.get("guess", field.value)
                found.append((field.confidence, guess == truth.fields[name].value))
    return found, scores


def drawn(table: list[tuple[float, float, float, float, int]]) -> str:
    """The plot: what was said across, what was right up, both as nines (0.9, 0.99, 0.999)."""

    def nines(share: float) -> float:
        return min(4.0, -math.log10(max(1e-4, 1 - share)))

    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 520 420" font-family="sans-serif" font-size="13" role="img">',
        "<title>Share of answers that are right, by the confidence they were given</title>",
        '<rect width="520" height="420" fill="white"/>',
        '<line x1="70" y1="360" x2="470" y2="40" stroke="#888" stroke-dasharray="5 4"/>',
        '<text x="270" y="405" text-anchor="middle">confidence given</text>',
        '<text x="20" y="200" text-anchor="middle" transform="rotate(-90 20 200)">share that is right</text>',
    ]
    for power, label in ((0, "0"), (1, "0.9"), (2, "0.99"), (3, "0.999"), (4, "0.9999")):
        x, y = 70 + power * 100, 360 - power * 80
        parts.append(
            f'<line x1="{x}" y1="360" x2="{x}" y2="40" stroke="#eee"/><text x="{x}" y="380" text-anchor="middle">{label}</text>'
        )
        parts.append(
            f'<line x1="70" y1="{y}" x2="470" y2="{y}" stroke="#eee"/><text x="62" y="{y + 4}" text-anchor="end">{label}</text>'
        )
    for said, right, low, high, count in table:
        x = 70 + nines(said) * 100
        parts.append(
            f'<line x1="{x:.0f}" y1="{360 - nines(low) * 80:.0f}" x2="{x:.0f}" y2="{360 - nines(high) * 80:.0f}" stroke="#1d70b8"/>'
            f'<circle cx="{x:.0f}" cy="{360 - nines(right) * 80:.0f}" r="4" fill="#1d70b8"><title>{count} answers</title></circle>'
        )
    return "\n".join([*parts, "</svg>"]) + "\n"


def main() -> None:
    """Prints the table and writes the plot."""
    folder = Path(sys.argv[1])
    found: list[Answer] = []
    scores: dict[str, Score] = {}
    with ProcessPoolExecutor(2) as pool:
        for some, of_file in pool.map(answers, labelled(folder), chunksize=8):
            found += some
            for difficulty, one in of_file.items():
                scores.setdefault(difficulty, Score()).add(one)
    sys.stdout.write("\n".join(as_lines(figures(scores), None)) + "\n\n")
    for one in scores.values():
        for case in one.cases:
            if case.what in (What.FALSE_YES, What.MISSED_YES, What.OTHER_WRONG, What.FALSE_FORM, What.MISPLACED):
                sys.stdout.write(f"{case.what}: {case.file} page {case.page} {case.field}, {' '.join(case.flags)}\n")
    table = []
    for low, high in pairwise(EDGES):
        here = [(confidence, right) for confidence, right in found if low <= confidence < high]
        if not here:
            continue
        count, good = len(here), sum(right for _, right in here)
        said = sum(confidence for confidence, _ in here) / count
        table.append((said, good / count, lower(good, count), upper(good, count), count))
        sys.stdout.write(
            f"| {said:.4f} | {count} | {good / count:.4f} | {lower(good, count):.4f} to {upper(good, count):.4f} |\n"
        )
    (ROOT / "docs" / "pictures" / "reliability.svg").write_text(drawn(table), "utf-8")


if __name__ == "__main__":
    main()
