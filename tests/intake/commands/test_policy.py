"""`paperchain policy list` and `policy show` (contract, S1–S23, G8)."""

import json
from pathlib import Path

import pytest

from intake.commands import app
from intake.commands.outcome import Exit, run_command
from records.policies import book
from tests.builders import home


def policy(*words: str) -> int:
    return run_command(lambda: app(["policy", *words], standalone_mode=False))


def test_list_names_both_services(capsys: pytest.CaptureFixture[str]) -> None:
    assert policy("list", "--json") == Exit.DONE
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["service"] for row in rows] == ["northamptonshire", "westminster"]
    assert all(row["version"] and row["effective_from"] for row in rows)
    assert policy("list") == Exit.DONE
    assert "Westminster IASS" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("service", "code", "value"),
    [
        ("westminster", "S8", 16),
        ("westminster", "S10", {"birthday": 25, "may_extend": True}),
        ("westminster", "S2", ["risk_of_harm", "illegal_activity"]),
        ("northamptonshire", "S1", "allocated_supporter"),
        ("northamptonshire", "S10", {"birthday": "not_set", "may_extend": False}),
        ("northamptonshire", "S22", False),
    ],
)
def test_show_gives_every_setting_with_its_value_and_source(
    service: str, code: str, value: object, capsys: pytest.CaptureFixture[str]
) -> None:
    assert policy("show", service, "--json") == Exit.DONE
    rows = {row["setting"]: row for row in map(json.loads, capsys.readouterr().out.splitlines())}
    assert {f"S{number}" for number in range(1, 24)} <= set(rows)
    assert rows[code]["value"] == value
    assert rows[code]["source"]
    assert rows[code]["version"] == "1"


def test_people_see_what_a_policy_leaves_open(capsys: pytest.CaptureFixture[str]) -> None:
    assert policy("show", "northamptonshire", "--on", "2026-11-24") == Exit.DONE
    out = capsys.readouterr().out
    assert "in force since 1 April 2021" in out
    assert "the manager must set a period" in out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(["show", "elsewhere"], "westminster", id="unknown service"),
        pytest.param(["show", "westminster", "--on", "2018-05-24"], "25 May 2018", id="before the first version"),
        pytest.param(["show", "westminster", "--on", "soon"], "--on", id="no day"),
        pytest.param(["show"], "service", id="no service"),
    ],
)
def test_wrong_usage_says_how_it_is_right(words: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert policy(*words) == Exit.USAGE
    out, err = capsys.readouterr()
    assert out == ""
    assert says in " ".join(err.replace("│", " ").split())


def test_a_home_shows_its_own_policy_with_what_its_manager_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with home(tmp_path / "home") as chain, chain.db.writing() as session:
        book.record(
            session, chain.book.versions, code="waste_wait_days", value=60, begins=chain.clock.today(), reason="The council asked",
            seen=0, actor="m", at=chain.clock.now(), today=chain.clock.today(),
        )  # fmt: skip
    monkeypatch.setenv("PAPERCHAIN_HOME", str(tmp_path / "home"))
    assert policy("show", "--here", "--json") == Exit.DONE
    rows = {row["setting"]: row for row in map(json.loads, capsys.readouterr().out.splitlines())}
    assert rows["waste_wait_days"]["value"] == 60
    assert rows["S10"]["version"].startswith("1+1.")
    assert policy("show", "westminster", "--here") == Exit.USAGE
    assert policy("show", "westminster", "--json") == Exit.DONE
    assert '"version": "1"' in capsys.readouterr().out
