"""What is wrong with the machine is said in one line that tells how to mend it, with exit 5, and nothing is lost."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from intake.commands.outcome import Exit
from intake.commands.run import tell_of_languages
from intake.dispatch.worker import make_tools
from intake.preflight import languages
from intake.settings import Settings
from tests.builders import home as opened
from tests.builders import settings
from tests.commanding import WITHOUT_RIGHTS, Done, paperchain, started

LETTER = b"%PDF-1.4 an invented letter that waits in the folder"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one item taken in and one letter waiting."""
    place = tmp_path_factory.mktemp("template") / "home"
    first = place.with_name("first.pdf")
    first.write_bytes(b"%PDF-1.4 the first invented letter")
    assert paperchain(place, "take", first).returncode == Exit.DONE
    (place / "inbox" / "waiting.pdf").write_bytes(LETTER)
    return place


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "home"))


def refused(told: Done, *says: str) -> None:
    """Exit 5 and one line on stderr with these words in it; nothing on stdout."""
    assert told.returncode == Exit.NOT_SET_UP, told.stderr
    assert told.stdout == ""
    assert told.stderr.endswith(".\n") or told.stderr.rstrip().split()[-1].startswith("tesseract-ocr"), told.stderr
    assert told.stderr.count("\n") == 1, told.stderr
    for words in says:
        assert words in told.stderr, told.stderr


def nothing_is_lost(home: Path) -> None:
    assert (home / "inbox" / "waiting.pdf").read_bytes() == LETTER
    told = paperchain(home, "items", "--json")
    assert told.returncode == Exit.DONE, told.stderr
    assert [line.split(",")[0] for line in told.stdout.splitlines()] == ['{"item": 1']


@pytest.mark.parametrize("command", [("run", "--no-desk"), ("items",), ("desk",)], ids=lambda words: words[0])
def test_an_unknown_setting_is_named(home: Path, command: tuple[str, ...]) -> None:
    refused(paperchain(home, *command, PAPERCHAIN_DESK__PROT="1"), "desk.prot", "mend its name")
    refused(paperchain(home, *command, PAPERCHAIN_DISK__PORT="1"), "PAPERCHAIN_DISK__PORT", "mend its name")
    (home / "paperchain.toml").write_text("[intake]\n\nstill_secs = 3\n")
    refused(paperchain(home, *command), "paperchain.toml, line 3", "intake.still_secs")
    (home / "paperchain.toml").unlink()
    nothing_is_lost(home)


def test_a_missing_home_is_not_made_by_a_look(tmp_path: Path) -> None:
    refused(paperchain(tmp_path / "none", "items", "--json"), "Start `paperchain run` first")
    refused(paperchain(tmp_path / "none", "audit", "verify"), "Start `paperchain run` first")
    assert not (tmp_path / "none").exists()


def test_a_file_in_the_place_of_the_home(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("mine")
    refused(paperchain(tmp_path / "home", "run", "--no-desk"), "is not a folder", "Move that file away")
    assert (tmp_path / "home").read_text() == "mine"


def test_a_home_without_write_rights(home: Path) -> None:
    before = WITHOUT_RIGHTS if os.geteuid() == 0 else ()
    home.chmod(0o500)
    try:
        refused(paperchain(home, "run", "--no-desk", before=before), "may not write in", "PAPERCHAIN_HOME")
    finally:
        home.chmod(0o700)
    nothing_is_lost(home)


def test_a_home_that_may_not_be_made(tmp_path: Path) -> None:
    before = WITHOUT_RIGHTS if os.geteuid() == 0 else ()
    (tmp_path / "locked").mkdir(mode=0o500)
    refused(paperchain(tmp_path / "locked" / "home", "run", "--no-desk", before=before), "may not write in")
    assert not (tmp_path / "locked" / "home").exists()


@pytest.fixture
def small_disc(tmp_path: Path) -> Iterator[Path]:
    """A disc of 8 MB of its own."""
    place = tmp_path / "disc"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("this account may not mount a disc")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(place: Path) -> None:
    with (place / "filler").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass


@pytest.mark.parametrize(
    "command", [("run", "--no-desk"), ("take", "letter.pdf"), ("desk",)], ids=lambda words: words[0]
)
def test_a_full_disc(template: Path, small_disc: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    home = Path(shutil.copytree(template, small_disc / "home"))
    (tmp_path / "letter.pdf").write_bytes(LETTER)
    fill(small_disc)
    words = [str(tmp_path / word) if word.endswith(".pdf") else word for word in command]
    refused(paperchain(home, *words), "disc", "is full", "nothing is lost")
    (small_disc / "filler").unlink()
    nothing_is_lost(home)


def test_a_read_only_disc(template: Path, small_disc: Path) -> None:
    home = Path(shutil.copytree(template, small_disc / "home"))
    subprocess.run(["mount", "-o", "remount,ro", str(small_disc)], check=True)
    refused(paperchain(home, "run", "--no-desk"), "read-only", "Mount it writable")
    subprocess.run(["mount", "-o", "remount,rw", str(small_disc)], check=True)
    nothing_is_lost(home)


@pytest.mark.parametrize("command", [("run", "--no-desk"), ("work",)], ids=lambda words: words[0])
def test_a_missing_tesseract(home: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    refused(paperchain(home, *command, PATH=str(tmp_path / "bin")), "Tesseract is missing", "apt-get install")
    nothing_is_lost(home)


def test_a_missing_language_is_told_and_stops_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here = settings(tmp_path, work__languages="eng+chi_sim+xyz")
    tell_of_languages(here)
    told = capsys.readouterr()
    assert "Letters are read without chi_sim, xyz" in told.err + told.out
    assert "apt-get install -y tesseract-ocr-chi-sim tesseract-ocr-xyz" in told.err + told.out
    assert languages(here).used == read_with(here) == "eng"
    assert languages(settings(tmp_path, work__languages="xyz")).used == "eng"


def read_with(here: Settings) -> str:
    """The languages that a worker on this home reads with."""
    tools = make_tools(here)
    tools.chain.db.close()
    return tools.ocr._languages


@pytest.fixture
def taken_port() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield str(server.getsockname()[1])


@pytest.mark.parametrize("command", ["run", "desk"])
def test_a_port_in_use(home: Path, taken_port: str, command: str) -> None:
    told = paperchain(home, command, PAPERCHAIN_DESK__PORT=taken_port)
    refused(told, f"Port {taken_port}", "in use", "PAPERCHAIN_DESK__PORT")
    nothing_is_lost(home)


@pytest.mark.parametrize("command", [("run", "--no-desk"), ("items",), ("audit", "verify")], ids=lambda words: words[0])
def test_a_lost_and_a_wrong_key(home: Path, command: tuple[str, ...]) -> None:
    key = home / "keys" / "master.key"
    kept = key.read_bytes()
    key.unlink()
    refused(paperchain(home, *command), "master key", "is missing", "Put the key file back")
    assert not key.exists()
    key.write_text(secrets.token_hex(32))
    refused(paperchain(home, *command), "does not open the database", "Put the key that belongs to this home back")
    key.write_bytes(kept)
    nothing_is_lost(home)


def test_a_second_copy_on_the_same_folder(home: Path, taken_port: str) -> None:
    (home / "inbox" / "waiting.pdf").unlink()
    with started(home, "watch", until="Watching"):
        refused(paperchain(home, "run", "--no-desk"), "already watches", "Stop it first")
        refused(paperchain(home, "watch"), "already watches", "Stop it first")
        # the first copy holds the desk's port as well: the reason is the copy, not the port
        refused(paperchain(home, "run", PAPERCHAIN_DESK__PORT=taken_port), "already watches")
        (home / "inbox" / "waiting.pdf").write_bytes(LETTER + b" %%EOF")
    with started(home, "work", until="Reading"):
        refused(paperchain(home, "work"), "already works", "Stop it first")
    told = paperchain(home, "items", "--json").stdout
    left = (home / "inbox" / "waiting.pdf").exists()
    assert len(told.splitlines()) + left == 2


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["nonsense"], id="command"),
        pytest.param(["items", "--nonsense"], id="option"),
        pytest.param(["take"], id="no file"),
        pytest.param(["audit", "nonsense"], id="subcommand"),
        pytest.param(["run", "extra"], id="extra word"),
    ],
)
def test_wrong_usage_is_shown(tmp_path: Path, words: list[str]) -> None:
    told = paperchain(tmp_path / "home", *words)
    assert told.returncode == Exit.USAGE
    assert "Usage:" in told.stderr
    assert "Traceback" not in told.stderr
    assert told.stdout == ""
    assert not (tmp_path / "home").exists()


def test_a_tampered_audit_is_found(home: Path) -> None:
    assert paperchain(home, "audit", "verify").returncode == Exit.DONE
    with opened(home) as chain, chain.db.engine.begin() as connection:
        connection.execute(text("UPDATE audit_entry SET actor = 'somebody else' WHERE sequence = 1"))
    told = paperchain(home, "audit", "verify", "--json")
    assert told.returncode == Exit.REFUSED
    assert told.stdout == '{"whole": false, "broken_at": 1, "why": "altered"}\n'
    assert "broken at entry 1" in told.stderr
    assert "Traceback" not in told.stderr


def test_a_reader_of_the_results_may_leave_early(home: Path) -> None:
    """`paperchain policy show westminster --json | true` is no fault."""
    told = subprocess.run(
        ["bash", "-c", f"'{sys.executable}' -m intake.commands policy show westminster --json | true; echo ${{PIPESTATUS[0]}}"],
        cwd=Path(__file__).resolve().parents[3], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.stdout == "0\n"
    assert told.stderr == ""


def test_a_folder_of_our_own_forms_that_is_not_there_ends_what_would_wait_for_it(tmp_path: Path) -> None:
    told = paperchain(tmp_path / "home", "run", "--samples", "--until-idle", PAPERCHAIN_FORMS__FOLDER="formes")
    refused(told, "formes, is not there", "Bring it back or make it")
    assert not list((tmp_path / "home" / "inbox").glob("*"))
