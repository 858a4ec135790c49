"""`paperchain items`: one line an item; a name that would redraw the screen is made harmless. And `forms list`."""

import json
from pathlib import Path

import pytest

from forms.catalogue import load_catalogue
from intake.commands import app
from intake.commands.outcome import Exit, run_command
from tests.builders import home
from tests.commanding import environment

KEYS = {"item", "name", "arrived", "state", "kind", "pages", "form", "forms", "reason"}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in environment(tmp_path / "home").items():
        if name.startswith("PAPERCHAIN_"):
            monkeypatch.setenv(name, value)
    return tmp_path


def command(*words: str | Path) -> int:
    return run_command(lambda: app([*map(str, words)], standalone_mode=False))


def taken(place: Path, *names: str) -> None:
    files = [place / name for name in names]
    for file in files:
        file.write_bytes(b"%PDF-1.4 invented " + file.name.encode())
    assert command("take", *files) == Exit.DONE


def test_each_item_is_one_object_in_order_of_arrival(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    taken(place, "one.pdf", "two.pdf")
    capsys.readouterr()
    assert command("items", "--json") == Exit.DONE
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert all(set(row) == KEYS for row in rows)
    assert [(row["item"], row["name"], row["state"]) for row in rows] == [
        (1, "one.pdf", "arriving"),
        (2, "two.pdf", "arriving"),
    ]


def test_a_name_does_not_redraw_the_screen(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    taken(place, "a\x1b[2J\u202egnp.pdf", "[bold]b.pdf")
    capsys.readouterr()
    assert command("items") == Exit.DONE
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "[bold]b.pdf" in out


def test_an_empty_home_says_what_to_do(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with home(place / "home"):
        pass
    assert command("items", "--json") == Exit.DONE
    assert capsys.readouterr().out == ""
    assert command("items") == Exit.DONE
    assert "paperchain take FILE" in capsys.readouterr().out


def test_forms_list_names_every_template(capsys: pytest.CaptureFixture[str]) -> None:
    assert command("forms", "list", "--json") == Exit.DONE
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {row["form"] for row in rows} == {each.id for each in load_catalogue().templates()}
    assert all(row["pages"] >= 1 and row["fields"] >= 1 for row in rows)
