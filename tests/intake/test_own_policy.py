"""A third service runs by a policy file of its own: a copy with other values (G8)."""

from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from intake.wiring import open_paperchain
from records.clock import Clock
from records.errors import NotSetUp
from records.people.birthdates import BirthDate
from records.retention.schedule import Due, falls_due
from tests.builders import home, settings

COPY = files("records.policies").joinpath("westminster.toml").read_text("utf-8")


def own(place: Path, text: str) -> None:
    place.mkdir(exist_ok=True)
    (place / "testshire.toml").write_text(text, "utf-8")


def test_a_third_service_runs_by_its_own_file(tmp_path: Path, clock: Clock) -> None:
    text = COPY.replace('service = "westminster"', 'service = "testshire"').replace("birthday = 25", "birthday = 26")
    own(tmp_path / "home", text.replace('"Westminster IASS"', '"Testshire IASS"'))
    with home(tmp_path / "home", clock, service__policy="testshire.toml") as chain:
        policy = chain.policy()
        assert (policy.service, policy.title) == ("testshire", "Testshire IASS")
        due = falls_due([BirthDate.on(date(2011, 5, 14))], policy.retention)
        assert isinstance(due, Due)
        assert due.due == date(2037, 5, 14)
        assert "Testshire IASS" in due.rule
        assert chain.book.on(clock.today() + timedelta(days=1)).service == "testshire"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("not toml [", "not right"),
        (COPY.replace("birthday = 25", "birthday = true"), "whole number"),
        (None, "cannot be read"),
    ],
)
def test_a_wrong_policy_file_stops_the_start_and_says_where(
    tmp_path: Path, clock: Clock, text: str | None, words: str
) -> None:
    if text is not None:
        own(tmp_path / "home", text)
    with pytest.raises(NotSetUp, match=words):
        open_paperchain(settings(tmp_path / "home", service__policy="testshire.toml"), clock=clock)
