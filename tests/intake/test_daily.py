"""P11, P15: what is due each day runs by itself, and one job that fails does not silence the others."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from intake import checkup, daily, health
from intake.health import Level
from intake.wiring import Paperchain
from records.clock import Clock, fixed
from records.errors import RefusedByRule
from tests import builders


@pytest.fixture
def chain(tmp_path: Path, clock: Clock) -> Iterator[Paperchain]:
    with builders.home(tmp_path / "home", clock) as made:
        yield made


def test_every_job_runs_although_one_is_refused(chain: Paperchain, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def refused(_: Paperchain) -> None:
        raise RefusedByRule("Not now.", "R46")

    monkeypatch.setattr(
        daily,
        "JOBS",
        (("first", lambda _: ran.append("first")), ("bad", refused), ("last", lambda _: ran.append("last"))),
    )
    assert daily.run_due(chain) == ["bad"]
    assert ran == ["first", "last"]


def test_a_fault_of_ours_does_not_end_the_clock(chain: Paperchain, monkeypatch: pytest.MonkeyPatch) -> None:
    stop = Event()
    calls: list[int] = []

    def broken(_: Paperchain) -> None:
        calls.append(1)
        if len(calls) == 3:
            stop.set()
        raise ZeroDivisionError

    monkeypatch.setattr(daily, "JOBS", (("broken", broken),))
    monkeypatch.setattr(daily, "EVERY_SECONDS", 0.0)
    daily.keep_running(chain, stop)
    assert len(calls) == 3


@pytest.mark.parametrize("fault", [ZeroDivisionError, RefusedByRule("Not now.", "R46")])
def test_whatever_a_job_fails_of_the_others_run_and_health_tells_since_when(
    chain: Paperchain, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    ran: list[str] = []
    breaks = [True]

    def job(_: Paperchain) -> None:
        if breaks[0]:
            raise fault

    monkeypatch.setattr(daily, "JOBS", (("anchor mail", job), ("retention", lambda _: ran.append("retention"))))
    assert daily.run_due(chain) == ["anchor mail"] and ran == ["retention"]
    tomorrow = builders.at(chain, fixed(chain.clock.now() + timedelta(days=1)))
    daily.run_due(tomorrow)
    assert told(tomorrow) == [
        (Level.WRONG, "‘anchor mail’ has failed each time since 20 November 2026. Tell whoever looks after Paperchain; the log says where.")
    ]  # fmt: skip
    breaks[0] = False
    daily.run_due(tomorrow)
    assert told(tomorrow) == [(Level.GOOD, "What runs by itself each day ended well.")]


def told(chain: Paperchain) -> list[tuple[Level, str]]:
    with chain.db.reading() as session:
        found = health.findings(checkup.gather(chain, session))
    return [(finding.level, finding.words) for finding in found if finding.check is health.Check.DAILY]
