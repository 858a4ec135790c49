"""`paperchain consents export` (R21): a record for each person who may have theirs, a sentence for each who may not."""

import json
from pathlib import Path

import pytest

from intake.commands import app
from intake.commands.outcome import Exit, run_command
from records.consents.standing import ConsentState
from records.guard import restrictions
from records.staff.access import Restriction
from tests.builders import home
from tests.records.consents.homes import open_file


def test_each_person_gets_a_record_of_their_own_and_the_others_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place, out = tmp_path / "home", tmp_path / "out"
    out.mkdir()
    with home(place) as chain, chain.db.writing() as session:
        carer = open_file(session, chain.clock.now(), {"store": ConsentState.GIVEN}).carer
    monkeypatch.setenv("PAPERCHAIN_HOME", str(place))

    def export(number: str) -> int:
        return run_command(lambda: app(["consents", "export", number, "--to", str(out)], standalone_mode=False))

    assert export("PC-0001") == Exit.DONE
    assert "has not answered anything" in capsys.readouterr().err
    (written,) = out.iterdir()
    assert written.stat().st_mode & 0o077 == 0, (
        "it holds what a family answered: other accounts of the machine do not read it"
    )
    record = json.loads(written.read_text("utf-8"))
    assert record["pii_principal_id"] == f"urn:uuid:{carer}"
    assert export("2") != Exit.DONE
    assert len(list(out.iterdir())) == 1


def test_nothing_leaves_a_file_whose_processing_is_restricted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """R69: stored, not used; on the desk no letter is made of it either."""
    place = tmp_path / "home"
    with home(place) as chain, chain.db.writing() as session:
        now = chain.clock.now()
        made = open_file(session, now, {"store": ConsentState.GIVEN})
        restrictions.place(session, made.file, Restriction.PROCESSING, why="They say it is wrong.", by="kim", at=now)
    monkeypatch.setenv("PAPERCHAIN_HOME", str(place))
    words = ["consents", "export", "1", "--to", str(tmp_path)]
    assert run_command(lambda: app(words, standalone_mode=False)) == Exit.REFUSED
    assert "restricted: it is kept, and not used" in capsys.readouterr().err
    assert not list(tmp_path.glob("*.jsonld"))
