"""`python -m tests.generator OUT --forms 3000`: writes a folder of scans with their truth, to measure the reader on.

`paperchain forms accuracy OUT` then reads and scores them. Two processes share the work on two cores.
"""

import argparse
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from forms.catalogue import load_catalogue
from tests.generator.layouts import layouts
from tests.generator.post import write_folder
from tests.generator.samples import Set

STRANGERS = {Set.FIT: 300, Set.PROVE: 400}


def _part(told: tuple[str, int, str, int, int]) -> int:
    which, forms, folder, part, parts = told
    chosen = Set(which)
    with tempfile.TemporaryDirectory() as made_up:
        layouts(Path(made_up), f"stranger-{which}", 12, STRANGERS.get(chosen, chosen.seed))
        strangers = load_catalogue(Path(made_up))
        return write_folder(chosen, load_catalogue(), strangers, forms, Path(folder), part, parts)


def main() -> int:
    """Writes the folder."""
    parser = argparse.ArgumentParser(prog="python -m tests.generator", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--forms", type=int, default=3000)
    parser.add_argument("--set", choices=[one.value for one in Set], default=Set.PROVE.value)
    parser.add_argument("--workers", type=int, default=2)
    told = parser.parse_args()
    share = -(-told.forms // told.workers)
    parts = [(told.set, share, str(told.folder), part, told.workers) for part in range(told.workers)]
    with ProcessPoolExecutor(told.workers) as pool:
        made = sum(pool.map(_part, parts))
    for name in ("truth.jsonl", "pages.jsonl"):
        pieces = [told.folder / (name if told.workers == 1 else f"{name}.{part}") for part in range(told.workers)]
        text = "".join(piece.read_text("utf-8") for piece in pieces)
        for piece in pieces:
            piece.unlink()
        (told.folder / name).write_text(text, "utf-8")
    sys.stdout.write(f"{made} forms in {told.folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
