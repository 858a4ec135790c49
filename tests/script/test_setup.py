"""What `script/run` does before Paperchain starts, as far as that can be tried without installing anything."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("bash", "cat", "dirname", "flock", "mktemp", "mv", "readlink", "rm", "sha256sum", "sleep", "sync", "tail")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in a folder with a blank in its name, with an environment that has only a Python."""
    folder = tmp_path / "check out"
    shutil.copytree(ROOT / "script", folder / "script")
    for name in ("pyproject.toml", "requirements.lock", "requirements-build.lock", "requirements-test.lock"):
        shutil.copy(ROOT / name, folder)
    (folder / ".venv/bin").mkdir(parents=True)
    (folder / ".venv/bin/python").symlink_to(sys.executable)
    return folder


@pytest.fixture
def bare_path(tmp_path: Path) -> Path:
    """Programs of a machine that has neither Tesseract nor apt nor sudo."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in NEEDED:
        (folder / name).symlink_to(shutil.which(name) or name)
    return folder


def bash(checkout: Path, commands: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    script = f'set -euo pipefail; source "{checkout}/script/setup.sh"; {commands}'
    return subprocess.run(
        ["bash", "-c", script],
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_what_cannot_be_installed_is_named_with_exit_5(checkout: Path, bare_path: Path) -> None:
    ended = bash(checkout, "set_up_run", PATH=str(bare_path))
    assert ended.returncode == 5
    assert "tesseract-ocr tesseract-ocr-eng tesseract-ocr-osd" in ended.stderr
    assert ended.stdout == ""


def test_a_finished_layer_is_not_installed_again(checkout: Path) -> None:
    assert bash(checkout, 'write_stamp "run 1"; layer_is_in "run 1"').returncode == 0


@pytest.mark.parametrize(
    "change",
    [
        pytest.param('rm "$stamp"', id="interrupted: the stamp is gone"),
        pytest.param('rm "$venv/bin/python"', id="Python was removed"),
        pytest.param('ln -sf /bin/sh "$venv/bin/python"', id="Python is another"),
        pytest.param('sed -i "s/^run 1/run 2/" "$stamp"', id="other versions are locked now"),
    ],
)
def test_an_environment_that_no_longer_fits_is_noticed(checkout: Path, change: str) -> None:
    assert bash(checkout, f'write_stamp "run 1"; {change}; ! layer_is_in "run 1"').returncode == 0


def test_a_moved_checkout_is_noticed(checkout: Path) -> None:
    assert bash(checkout, 'write_stamp "run 1"').returncode == 0
    moved = checkout.rename(checkout.with_name("moved"))
    assert bash(moved, '! layer_is_in "run 1"').returncode == 0


def test_two_starts_at_once_wait_for_each_other(checkout: Path, tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    step = f'step() {{ echo begin >>"{diary}"; sleep 0.5; echo end >>"{diary}"; }}; locked step'
    ended = bash(checkout, f"{step} & (sleep 0.1; {step}) & wait")
    assert ended.returncode == 0
    assert diary.read_text().split() == ["begin", "end", "begin", "end"]
    assert "waiting for another start" in ended.stderr


def test_settings_of_other_python_work_do_not_reach_us(checkout: Path) -> None:
    ended = bash(
        checkout, 'echo "${PYTHONPATH-none} ${VIRTUAL_ENV-none}"', PYTHONPATH="/elsewhere", VIRTUAL_ENV="/other"
    )
    assert ended.stdout == "none none\n"
