"""P2: nothing that was told is lost by a power cut. A short run here; the whole: `python -m tests.faults.power`."""

from pathlib import Path

import pytest

from tests.faults.disc import Act, Cut, Made, Moved, Removed, Synced, Told, Written
from tests.faults.power import Recorded, recorded, replay
from tests.faults.recording import record, whole

pytestmark = pytest.mark.slow


def short(folder: Path, *, normal: bool = False) -> Recorded:
    """Four scans taken in, one form confirmed and its paper disposed of, one form erased."""
    place = folder / "run"
    place.mkdir()
    return recorded(place, forms=2, files=4, normal=normal)


def test_the_recording_tells_what_was_done(tmp_path: Path) -> None:
    def work() -> None:
        file = tmp_path / "a\nb \u202e"
        with file.open("wb", buffering=0) as out:
            out.write(b"one")
        with file.open("r+b", buffering=0) as out:
            out.truncate(1)
        (tmp_path / "folder").mkdir()
        file.rename(tmp_path / "folder" / "c")
        (tmp_path / "folder" / "c").unlink()

    name = "/a\nb \u202e"
    expected: list[Act] = [
        Made(name), Cut(name, 0), Written(name, None, b"one"), Cut(name, 1), Made("/folder", folder=True),
        Moved(name, "/folder/c"), Removed("/folder/c"),
    ]  # fmt: skip
    assert whole(record(work, tmp_path), {"/"}) == expected


def test_no_power_cut_loses_what_was_told(tmp_path: Path) -> None:
    run = short(tmp_path)
    assert sum(isinstance(act, Told) for act in run.acts) == 8
    assert sum(isinstance(act, Synced) for act in run.acts) > 20
    found = replay(run, tmp_path / "cut" / "home", every=9, restart_every=3)
    assert found.states > 80
    assert found.wrong == []


def test_a_database_that_does_not_sync_is_found_out(tmp_path: Path) -> None:
    found = replay(short(tmp_path, normal=True), tmp_path / "cut" / "home", every=25)
    assert any("lost" in words for words in found.wrong)
