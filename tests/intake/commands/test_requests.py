"""`paperchain requests due` (contract, R1–R9): what it prints, and what it refuses."""

import json

import pytest

from intake.commands import app
from intake.commands.outcome import Exit, run_command


def clock(*words: str) -> int:
    return run_command(lambda: app(["requests", "due", *words], standalone_mode=False))


@pytest.mark.parametrize(
    ("words", "due"),
    [
        pytest.param(["--received", "2024-11-25"], "2024-12-27", id="R4 regulator's example"),
        pytest.param(["--received", "2026-09-03", "--identity", "2026-09-10"], "2026-10-12", id="R2 identity"),
        pytest.param(["--received", "2026-09-01", "--asked", "2026-09-03..2026-09-09"], "2026-10-08", id="R6 pause"),
        pytest.param(
            ["--received", "2026-09-01", "--asked", "2026-09-03..2026-09-09", "--asked", "2026-09-08..2026-09-14"],
            "2026-10-13",
            id="R6 two pauses that overlap",
        ),
        pytest.param(["--received", "2027-01-31", "--extended"], "2027-04-30", id="R7 extended"),
    ],
)
def test_one_json_object(words: list[str], due: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert clock(*words, "--json") == Exit.DONE
    out, err = capsys.readouterr()
    assert (out.count("\n"), err) == (1, "")
    found = json.loads(out)
    assert found["due"] == due
    assert {"base", "due", "notice_by", "target", "reason"} <= set(found)
    assert found["reason"]


def test_base_notice_and_target(capsys: pytest.CaptureFixture[str]) -> None:
    """R5, R7: notice before the roll to a working day; the target is 28 days."""
    assert clock("--received", "2026-09-03", "--json") == Exit.DONE
    found = json.loads(capsys.readouterr().out)
    assert (found["base"], found["due"], found["notice_by"], found["target"]) == (
        "2026-10-03", "2026-10-05", "2026-10-03", "2026-10-01",
    )  # fmt: skip


def test_people_read_dates_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert clock("--received", "2026-09-03") == Exit.DONE
    out = capsys.readouterr().out
    assert "Monday 5 October 2026" in out
    assert "next working day" in out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(["--received", "2026-02-30"], "--received", id="impossible day"),
        pytest.param(["--received", "yesterday"], "--received", id="no day"),
        pytest.param(["--received", "2026-09-01", "--identity", "x"], "--identity", id="no day of identity"),
        pytest.param(["--received", "2026-09-01", "--asked", "2026-09-03"], "--asked", id="half a pause"),
        pytest.param(
            ["--received", "2026-09-01", "--asked", "2026-09-09..2026-09-03"], "before its question", id="backwards"
        ),
        pytest.param(["--received", "2032-12-15"], "calendar", id="R4 past the bank holidays"),
        pytest.param(["--received", "9999-12-31"], "9999", id="past the last year"),
        pytest.param([], "--received", id="nothing"),
    ],
)
def test_wrong_usage_says_how_it_is_right(words: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert clock(*words) == Exit.USAGE
    out, err = capsys.readouterr()
    assert out == ""
    assert says in " ".join(err.replace("│", " ").split())
