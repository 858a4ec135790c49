"""P11, P15: what is due each day runs by itself, and one job that fails does not silence the others."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from intake import daily
from intake.wiring import Paperchain
from records.clock import Clock
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
