"""The core never loads a library that parses documents or images: only the locked-down processes do."""

import subprocess
import sys

from tests.invariants.source import ROOT, modules

PARSERS = {"PIL", "cv2", "numpy", "pdfminer", "pdfplumber", "pypdf", "pypdfium2", "pytesseract"}

# What runs inside the locked-down processes; everything else in intake and records is core.
INSIDE_THE_SANDBOX = {
    "intake.sandbox.burning",
    "intake.sandbox.filling",
    "intake.sandbox.child",
    "intake.sandbox.reader",
    "intake.sandbox.opening",
    "intake.pages",
    "intake.mail",
}

LOADS = """
import importlib, sys
for name in sys.argv[2:]:
    importlib.import_module(name)
print(" ".join(sorted(set(sys.argv[1].split(",")) & set(sys.modules))))
"""


def loaded_by(*names: str) -> str:
    """Which parsers a fresh process has loaded after importing these modules."""
    words = [sys.executable, "-c", LOADS, ",".join(sorted(PARSERS)), *names]
    ended = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    return ended.stdout.strip()


def core() -> list[str]:
    return [
        name
        for name in modules()
        if name.split(".")[0] in {"intake", "records"}
        and name not in INSIDE_THE_SANDBOX
        and not name.endswith("__main__")
        and name != "records.migrations.env"  # runs only inside Alembic
    ]


def test_the_core_loads_no_parser() -> None:
    assert {"intake.commands.run", "intake.stages", "records.db"} <= set(core())
    if loaded_by(*core()):  # then one by one, to name the culprits
        assert {name: found for name in core() if (found := loaded_by(name))} == {}


def test_a_parser_would_be_noticed() -> None:
    assert "PIL" in loaded_by("PIL.Image")
