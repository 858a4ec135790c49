"""`paperchain doctor` finds each thing that is wrong, says how to mend it, and ends with exit 5."""

import json
import os
import secrets
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from intake.commands.outcome import Exit
from tests.builders import home as opened
from tests.commanding import WITHOUT_RIGHTS, Done, paperchain, started

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("template") / "home"
    first = place.with_name("first.pdf")
    first.write_bytes(b"%PDF-1.4 an invented letter")
    assert paperchain(place, "take", first).returncode == Exit.DONE
    return place


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "home"))


@pytest.fixture
def port() -> str:
    """A port that is free."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])


def rows(told: Done) -> dict[str, dict[str, Any]]:
    assert told.stderr == ""
    return {row["check"]: row for row in map(json.loads, told.stdout.splitlines())}


def finds(told: Done, check: str, *says: str) -> None:
    """This one check fails, all others hold, and the words say what to do."""
    assert told.returncode == Exit.NOT_SET_UP, told.stdout
    found = rows(told)
    assert [name for name, row in found.items() if not row["ok"]] == [check]
    for words in says:
        assert words in found[check]["says"]


def test_a_sound_home_passes_every_check(home: Path, port: str) -> None:
    told = paperchain(home, "doctor", "--json", PAPERCHAIN_DESK__PORT=port)
    assert told.returncode == Exit.DONE, told.stdout
    found = rows(told)
    assert list(found) == [
        "python", "settings", "tesseract", "languages", "sandbox", "disc", "forms", "home", "reading", "post", "clock", "audit chain", "audit anchor", "backup",
        "keeping times", "daily work", "watcher", "folder", "desk",
    ]  # fmt: skip
    assert all(row["ok"] for row in found.values())
    assert found["post"]["says"].startswith("1 item")


def test_people_read_the_same(home: Path, port: str) -> None:
    told = paperchain(home, "doctor", PAPERCHAIN_DESK__PORT=port, PATH="/nowhere")
    assert told.returncode == Exit.NOT_SET_UP
    wrong = [line for line in told.stdout.splitlines() if line.startswith("WRONG")]
    assert wrong == [
        "WRONG tesseract: Tesseract is missing. "
        "Type: apt-get install -y tesseract-ocr tesseract-ocr-eng tesseract-ocr-osd"
    ]


def test_an_empty_folder_is_no_home_yet(tmp_path: Path, port: str) -> None:
    """As systemd's StateDirectory leaves it before the first start."""
    told = paperchain(tmp_path, "doctor", "--json", PAPERCHAIN_DESK__PORT=port)
    assert told.returncode == Exit.DONE, told.stdout
    assert "the first start makes it" in rows(told)["home"]["says"] and list(tmp_path.iterdir()) == []


def test_no_home_yet_is_sound_and_none_is_made(tmp_path: Path, port: str) -> None:
    told = paperchain(tmp_path / "a" / "home", "doctor", "--json", PAPERCHAIN_DESK__PORT=port)
    assert told.returncode == Exit.DONE, told.stdout
    assert "the first start makes it" in rows(told)["home"]["says"]
    assert not (tmp_path / "a").exists()


def test_an_unknown_setting(home: Path) -> None:
    finds(paperchain(home, "doctor", "--json", PAPERCHAIN_DESK__PROT="1"), "settings", "desk.prot", "mend its name")


def test_a_missing_tesseract_or_language(home: Path, port: str) -> None:
    told = paperchain(home, "doctor", "--json", PATH="/nowhere", PAPERCHAIN_DESK__PORT=port)
    finds(told, "tesseract", "apt-get install")
    told = paperchain(home, "doctor", "--json", PAPERCHAIN_WORK__LANGUAGES="xyz", PAPERCHAIN_DESK__PORT=port)
    finds(told, "languages", "xyz", "apt-get install -y tesseract-ocr-xyz")


def test_a_wrong_template_and_a_missing_folder_of_forms(home: Path, port: str) -> None:
    (home / "forms").mkdir()
    (home / "forms" / "wrong.json").write_text('{"id": 1}')
    environment = {"PAPERCHAIN_DESK__PORT": port, "PAPERCHAIN_FORMS__FOLDER": "forms"}
    told = paperchain(home, "doctor", "--json", **environment)
    finds(told, "forms", "wrong.json is not used", "id must be words")
    told = paperchain(home, "doctor", "--json", **environment | {"PAPERCHAIN_FORMS__FOLDER": "formes"})
    finds(told, "forms", f"{home / 'formes'}, is not there")


def test_a_disc_with_too_little_room(home: Path, port: str) -> None:
    told = paperchain(
        home, "doctor", "--json", PAPERCHAIN_INTAKE__SMALLEST_FREE_MB="999999999", PAPERCHAIN_DESK__PORT=port
    )
    finds(told, "disc", "Free some space")


def test_a_home_without_write_rights(home: Path, port: str) -> None:
    before = WITHOUT_RIGHTS if os.geteuid() == 0 else ()
    home.chmod(0o500)
    try:
        told = paperchain(home, "doctor", "--json", before=before, PAPERCHAIN_DESK__PORT=port)
        finds(told, "home", "may not write", "Give it write rights")
        told = paperchain(home / "new", "doctor", "--json", before=before, PAPERCHAIN_DESK__PORT=port)
        finds(told, "home", "may not write", "Give it write rights")
    finally:
        home.chmod(0o700)


def test_a_file_in_the_place_of_the_home(tmp_path: Path, port: str) -> None:
    (tmp_path / "home").write_text("mine")
    told = paperchain(tmp_path / "home", "doctor", "--json", PAPERCHAIN_DESK__PORT=port)
    assert told.returncode == Exit.NOT_SET_UP
    assert "is not a folder" in rows(told)["home"]["says"]


def test_a_lost_and_a_wrong_key(home: Path, port: str) -> None:
    key = home / "keys" / "master.key"
    key.unlink()
    told = paperchain(home, "doctor", "--json", PAPERCHAIN_DESK__PORT=port)
    finds(told, "home", "is missing", "Put the key file back")
    assert not key.exists()
    key.write_text(secrets.token_hex(32))
    told = paperchain(home, "doctor", "--json", PAPERCHAIN_DESK__PORT=port)
    finds(told, "home", "does not open the database", "Put the key")


def test_a_port_in_use(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        told = paperchain(home, "doctor", "--json", PAPERCHAIN_DESK__PORT=port)
        finds(told, "desk", "in use", "PAPERCHAIN_DESK__PORT")


def test_a_tampered_audit(home: Path, port: str) -> None:
    with opened(home) as chain, chain.db.engine.begin() as connection:
        connection.execute(text("UPDATE audit_entry SET actor = 'somebody else' WHERE sequence = 1"))
    told = paperchain(home, "doctor", "--json", PAPERCHAIN_DESK__PORT=port)
    finds(told, "audit chain", "broken at entry 1", "tell the manager")


def test_a_running_copy_is_named_and_is_no_fault(home: Path, port: str) -> None:
    with started(home, "watch", until="Watching"):
        told = paperchain(home, "doctor", "--json", PAPERCHAIN_DESK__PORT=port)
    assert told.returncode == Exit.DONE, told.stdout
    assert rows(told)["folder"]["says"].endswith("is watched")
