"""Scratch folders are private, in memory, and gone afterwards."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from intake.sandbox.scratch import scratch, scratch_root, wipe_leftovers

ROOT = Path(__file__).resolve().parents[3]


def test_a_folder_is_private_and_goes() -> None:
    with scratch() as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert os.path.commonpath([folder, "/dev/shm"]) == "/dev/shm"
        (folder / "sub").mkdir()
        (folder / "sub" / "line.png").write_bytes(b"x")
    assert not folder.exists()


def test_it_goes_when_the_work_fails() -> None:
    with pytest.raises(KeyError), scratch() as folder:
        raise KeyError
    assert not folder.exists()


def test_a_link_out_of_it_is_not_followed(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "scan.pdf").write_bytes(b"x")
    with scratch() as folder:
        (folder / "out").symlink_to(kept)
    assert (kept / "scan.pdf").exists()


SCRIPT = """
import os, pathlib, sys
from intake.sandbox import scratch
scratch.MEMORY = pathlib.Path(sys.argv[1])
held = scratch.scratch()
print(held.__enter__(), flush=True)
os._exit(9)
"""


def test_only_what_nobody_holds_is_wiped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("intake.sandbox.scratch.MEMORY", tmp_path)  # other tests start and wipe, too
    told = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    left = Path(told.stdout.strip())
    assert left.parent == scratch_root()
    assert left.exists()
    with scratch() as held:
        assert wipe_leftovers() >= 1
        assert held.exists()
    assert not left.exists()
