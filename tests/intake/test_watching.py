"""Several folders, and the heartbeat by which the desk knows what the watcher saw (P3)."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from intake.commands.run import drop_samples
from intake.watching import Watching, watcher_of
from intake.wiring import Paperchain
from records.clock import Clock, fixed
from records.errors import NotSetUp
from records.folders import looks
from records.folders.looks import Trouble
from records.folders.tables import WatchedFolder
from tests.builders import at, home

WHOLE = b"%PDF-1.7 invented\nstartxref\n9\n%%EOF\n"


@pytest.fixture
def second(tmp_path: Path) -> Path:
    folder = tmp_path / "scanner 2"
    folder.mkdir()
    return folder


@pytest.fixture
def chain(tmp_path: Path, clock: Clock, second: Path):  # type: ignore[no-untyped-def]  # a generator fixture
    with home(tmp_path / "home", clock, intake__folders=str(second), intake__look_every_seconds="0.001") as chain:
        yield chain


def told(chain: Paperchain) -> dict[str, WatchedFolder]:
    with chain.db.reading() as session:
        return {Path(row.path).name: row for row in looks.watched(session)}


def test_every_folder_is_taken_from(chain: Paperchain, second: Path) -> None:
    (chain.settings.inbox / "one.pdf").write_bytes(WHOLE)
    (second / "two.pdf").write_bytes(WHOLE)
    watching = Watching(chain)
    assert watching.look_when_due().taken == 2
    assert set(told(chain)) == {"inbox", "scanner 2"}
    watching.close()


def test_a_trouble_is_told_at_once_and_so_is_its_end(chain: Paperchain, second: Path) -> None:
    watching = Watching(chain)
    second.rename(second.with_name("away"))
    assert watching.look_when_due().trouble is Trouble.UNREACHABLE
    seen = told(chain)
    assert (seen["scanner 2"].trouble, seen["inbox"].trouble) == (Trouble.UNREACHABLE, None)
    assert seen["scanner 2"].since == chain.clock.now()
    second.with_name("away").rename(second)
    watching.look_when_due()
    assert told(chain)["scanner 2"].trouble is None
    watching.close()


def test_the_heartbeat_goes_on_while_nothing_happens(chain: Paperchain, clock: Clock) -> None:
    now = clock.now()
    watching = Watching(at(chain, Clock(lambda: now)))
    for seconds in range(0, 40, 4):
        now = clock.now() + timedelta(seconds=seconds)
        watching.look_when_due()
    assert now - told(chain)["inbox"].looked_at < timedelta(seconds=12)
    watching.close()


def test_a_folder_replaced_while_nobody_watched_is_told_at_the_start(chain: Paperchain, second: Path) -> None:
    Watching(chain).close()
    second.rename(second.with_name("the real one"))
    second.mkdir()
    watching = Watching(chain)
    assert told(chain)["scanner 2"].trouble == Trouble.REPLACED
    watching.close()


def test_a_second_home_is_refused_the_same_folder(
    chain: Paperchain, tmp_path: Path, second: Path, clock: Clock
) -> None:
    watching = Watching(chain)
    with home(tmp_path / "other", clock, intake__folders=str(second)) as other:
        for _ in range(20):
            with pytest.raises(NotSetUp, match="already watches"):
                Watching(other)
        watching.close()
        Watching(other).close()


def test_a_home_keeps_its_name(chain: Paperchain) -> None:
    later = replace(chain, clock=fixed(chain.clock.now() + timedelta(days=1)))
    assert watcher_of(chain.settings) == watcher_of(later.settings) != ""


def test_samples_are_seen_at_once_though_no_event_has_come(tmp_path: Path, clock: Clock) -> None:
    """Else `run --samples --until-idle` on a busy machine finds nothing to wait for, and ends."""
    with home(tmp_path / "home", clock, intake__look_every_seconds="60", intake__still_seconds="60") as chain:
        watching = Watching(chain)  # looks, and listens to no events
        assert watching.look_when_due().waiting == 0
        drop_samples(chain.settings, watching)
        assert watching.look_when_due().waiting == sum(each.is_file() for each in chain.settings.inbox.iterdir())
        watching.close()
