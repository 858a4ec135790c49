"""`paperchain retention explain` (contract, W40, S10): what it prints, and what it refuses."""

import json
from collections.abc import Sequence

import pytest

from intake.commands import app
from intake.commands.outcome import Exit, run_command


def explain(*words: str) -> int:
    return run_command(lambda: app(["retention", "explain", *words], standalone_mode=False))


@pytest.fixture(autouse=True)
def _no_service_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PAPERCHAIN_SERVICE__POLICY", raising=False)


@pytest.mark.parametrize(
    ("born", "due", "last"),
    [
        pytest.param(["2008-05-14"], "2033-05-14", "2033-05-13", id="R34 one child"),
        pytest.param(["2004-02-29"], "2029-03-01", "2029-02-28", id="R11 leap day"),
        pytest.param(["2010-06"], "2035-06-30", "2035-06-29", id="R38 month"),
        pytest.param(["2010"], "2035-12-31", "2035-12-30", id="R38 year"),
        pytest.param(["2008-07-20", "2011-03-28"], "2036-03-28", "2036-03-27", id="R42 two children"),
        pytest.param(["unknown"], None, None, id="R37 unknown"),
        pytest.param(["2008-07-20", "unknown"], None, None, id="R37 one of two unknown"),
    ],
)
@pytest.mark.parametrize("repeated", [True, False], ids=["option repeated", "dates after one option"])
def test_one_json_object(
    born: Sequence[str], due: str | None, last: str | None, repeated: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [word for text in born for word in ("--born", text)] if repeated else ["--born", *born]
    assert explain(*words, "--json") == Exit.DONE
    out, err = capsys.readouterr()
    assert (out.count("\n"), err) == (1, "")
    found = json.loads(out)
    assert (found["due"], found["last_day_kept"]) == (due, last)
    assert found["reason"]
    assert "W40" in found["rule"]


@pytest.mark.parametrize("by_environment", [True, False])
def test_northamptonshire_destroys_nothing_until_its_manager_sets_a_period(
    by_environment: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """S10; G8: the service is a setting."""
    words = ["--born", "2008-05-14", "--json"]
    if by_environment:
        monkeypatch.setenv("PAPERCHAIN_SERVICE__POLICY", "northamptonshire")
    else:
        words += ["--policy", "northamptonshire"]
    assert explain(*words) == Exit.DONE
    found = json.loads(capsys.readouterr().out)
    assert (found["due"], found["last_day_kept"]) == (None, None)
    assert "manager" in found["reason"]
    assert "S10" in found["rule"]


def test_people_read_dates_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain("--born", "2011-05-14") == Exit.DONE
    out = capsys.readouterr().out
    assert "14 May 2036" in out
    assert "13 May 2036" in out
    assert "25th birthday" in out
    assert "2036-05" not in out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(["--born", "2011-02-29"], "no such day", id="impossible day"),
        pytest.param(["--born", "14/05/2011"], "2010-06-15", id="another order"),
        pytest.param(["--born", ""], "2010-06-15", id="empty"),
        pytest.param(["--born", "2011-05-14", "nonsense"], "2010-06-15", id="second date"),
        pytest.param(["--born", "2011-05-14", "--policy", "elsewhere"], "westminster", id="unknown service"),
        pytest.param(["--json"], "--born", id="no birth date"),
    ],
)
def test_wrong_usage_says_how_it_is_right(words: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(*words) == Exit.USAGE
    out, err = capsys.readouterr()
    assert out == ""
    assert says in " ".join(err.replace("│", " ").split())
