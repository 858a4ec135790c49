"""A worker that dies takes nothing with it: its item is handed out again, and every item is read exactly once."""

import os
import shutil
import signal
from pathlib import Path
from time import monotonic

import pytest
from sqlmodel import func, select

from intake.commands.run import ended_by_signal
from intake.service import Service
from intake.wiring import Paperchain
from records.audit import trail
from records.audit.chain import Whole
from records.errors import NotSetUp
from records.post import inbox
from records.post.tables import Item, Page, Part
from tests.builders import home

SAMPLES = Path(__file__).parents[3] / "samples"
POST = ("IASS-MFP_4767.pdf", "SCN_20251225121206_4765.pdf", "Scan 20250820 (4791).pdf", "IASS-MFP_4782.tif")

pytestmark = pytest.mark.slow


def workers() -> list[int]:
    """Process numbers of our worker processes."""
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    return [int(pid) for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def finish(service: Service, *, kill_after: float | None, within: float = 90) -> int:
    """Turns until everything is read; kills every worker once if asked to. Returns how many were killed."""
    killed, started, calm = 0, monotonic(), 0
    while calm < 2:
        assert monotonic() - started < within, "not finished in time"
        state = service.turn()
        if kill_after is not None and not killed and state.reading and monotonic() - started > kill_after:
            for pid in workers():
                os.kill(pid, signal.SIGKILL)
                killed += 1
        calm = calm + 1 if state.idle else 0
    return killed


def counts(chain: Paperchain) -> tuple[int, int, int]:
    with chain.db.reading() as session:
        assert isinstance(trail.check(session), Whole)
        return (
            session.exec(select(func.count()).select_from(Item).where(Item.state == "to_review")).one(),
            session.exec(select(func.count()).select_from(Part)).one(),
            session.exec(select(func.count()).select_from(Page)).one(),
        )


@pytest.mark.parametrize("kill_after", [None, 0.0, 2.5])
def test_everything_is_read_once_also_when_every_worker_is_killed(tmp_path: Path, kill_after: float | None) -> None:
    with home(tmp_path / "home") as chain:
        for name in POST:
            shutil.copyfile(SAMPLES / name, chain.settings.inbox / name)
        service = Service(chain, watch=True, work=True)
        try:
            killed = finish(service, kill_after=kill_after)
        finally:
            service.close()
        assert bool(killed) is (kill_after is not None) or kill_after == 2.5
        assert counts(chain) == (3, 6, 6)


def break_off(chain: Paperchain) -> None:
    """Closes a service in the middle of a reading."""
    service = Service(chain, watch=True, work=True)
    try:
        ends = monotonic() + 60
        while not leased(chain):
            assert monotonic() < ends, "nothing was begun"
            service.turn()
        assert service.pool is not None
        service.pool.close(patience=0.0)  # any reading is a long one
    finally:
        service.close()


def leased(chain: Paperchain) -> list[int]:
    with chain.db.reading() as session:
        return list(inbox.leased(session))


def test_a_stop_breaks_a_long_reading_off_and_holds_nothing_against_it(tmp_path: Path) -> None:
    with home(tmp_path / "home") as chain:
        shutil.copyfile(SAMPLES / POST[0], chain.settings.inbox / POST[0])
        break_off(chain)
        assert leased(chain) == []
        with chain.db.reading() as session:
            assert inbox.by_number(session, 1).attempts == 0
            assert inbox.waiting(session, chain.clock.now()) == [1]


def test_a_signal_is_heard_also_where_an_error_would_be_dropped() -> None:
    class Cleared:
        def __del__(self) -> None:
            os.kill(os.getpid(), signal.SIGTERM)

    with ended_by_signal("Stopping.") as ended:
        assert not ended()
        Cleared()
        assert ended()
        with pytest.raises(KeyboardInterrupt):  # the second one does not wait for the end of a round
            os.kill(os.getpid(), signal.SIGINT)


def test_a_second_copy_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with home(tmp_path / "home") as chain:
        first = Service(chain, watch=True, work=False)
        try:
            with pytest.raises(NotSetUp, match="already watches"):
                Service(chain, watch=True, work=False)
        finally:
            first.close()
