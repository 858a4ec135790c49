"""`paperchain print`: sheets and receipts as files, with nothing personal in them."""

import io
from datetime import date
from pathlib import Path

import pypdf
import pytest

from intake.commands import app
from intake.commands.outcome import Exit, run_command
from records.clock import Clock
from tests.builders import home
from tests.commanding import environment
from tests.reviewing import arrived


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in environment(tmp_path / "home").items():
        if name.startswith("PAPERCHAIN_"):
            monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def command(*words: str | Path) -> int:
    return run_command(lambda: app([*map(str, words)], standalone_mode=False))


def text_of(path: Path) -> str:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(path.read_bytes())).pages)


def test_sheets_are_written_where_asked(place: Path) -> None:
    assert command("print", "separators", "--count", "3", "--to", place / "a.pdf") == Exit.DONE
    assert command("print", "covers", "42", "43") == Exit.DONE

    assert text_of(place / "a.pdf").count("New item starts") == 3
    assert "PC-0042" in text_of(place / "covers.pdf")


def test_a_file_is_named_as_it_is_written_everywhere(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("print", "covers", "PC-0001", "pc-42", "7") == Exit.DONE
    assert all(f"PC-{number}" in text_of(place / "covers.pdf") for number in ("0001", "0042", "0007"))
    capsys.readouterr()
    for wrong in ("one", "0", "PC-", "R-1"):
        assert command("print", "covers", wrong) == Exit.USAGE
        assert "A file is named by its number, like PC-0042 or 42." in capsys.readouterr().err
    assert command("print", "covers", "1000000") == Exit.USAGE


def test_a_receipt_is_for_a_day_with_post(place: Path, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    with home(place / "home", clock) as chain:
        arrived(chain, forms=2)

    assert command("print", "receipt", "2026-11-20") == Exit.DONE
    assert "2 pages in, 2 out" in capsys.readouterr().err
    assert "Waiting for a person" in text_of(place / "receipt-2026-11-20.pdf")
    assert command("print", "receipt", date(2026, 11, 19).isoformat()) == Exit.UNUSABLE
    assert "2026-11-19" in capsys.readouterr().err


@pytest.mark.parametrize("words", [("separators", "--count", "0"), ("covers", "0"), ("covers",), ("receipt", "today")])
def test_wrong_usage_is_said(place: Path, words: tuple[str, ...]) -> None:
    assert command("print", *words) == Exit.USAGE


@pytest.mark.parametrize("words", [("print", "separators"), ("forms", "print", "westminster-consent")])
def test_a_print_goes_into_a_folder_that_is_named_and_a_place_that_cannot_be_written_is_named_too(
    place: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    (place / "prints").mkdir()
    assert command(*words, "--to", place / "prints") == Exit.DONE
    (made,) = (place / "prints").iterdir()
    assert made.suffix == ".pdf"

    assert command(*words, "--to", place / "nowhere" / "a.pdf") == Exit.NOT_SET_UP
    said = capsys.readouterr().err
    assert (
        f"{place / 'nowhere' / 'a.pdf'} cannot be written: no such file or directory. Name another place with --to."
        in said
    )
    assert "PAPERCHAIN_HOME" not in said
