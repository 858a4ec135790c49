"""A worker that dies takes nothing with it: its item is handed out again, and every item is read exactly once."""

import contextlib
import os
import shutil
import signal
from concurrent.futures import FIRST_COMPLETED, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from time import monotonic, sleep

import pytest
from sqlmodel import func, select

from intake import claiming
from intake.commands.run import ended_by_signal
from intake.dispatch.processes import Processes
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
    found = []
    for task in Path(f"/proc/{os.getpid()}/task").iterdir():  # each is started by a thread of its own
        with contextlib.suppress(FileNotFoundError):
            for pid in (task / "children").read_text().split():
                if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    found.append(int(pid))
    return found


def finish(service: Service, *, kill_after: float | None, within: float = 400) -> int:
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


def took(chain: Paperchain, number: int) -> tuple[int, str | None]:
    """How often an item was tried, and under which name it is leased."""
    with chain.db.reading() as session:
        item = inbox.by_number(session, number)
        return item.attempts, item.leased_by


@pytest.mark.parametrize("killed", ["older", "younger"])
def test_a_killed_process_is_known_at_once_and_its_neighbour_goes_on(tmp_path: Path, killed: str) -> None:
    """Both are at work from the start, as after a worker was replaced; nothing else happens meanwhile."""
    with home(tmp_path / "home") as chain:
        processes = Processes(chain.settings)
        futures = [processes.submit(sleep, 3600) for _ in range(2)]
        try:
            ends = monotonic() + 60
            while len(workers()) < 2:
                assert monotonic() < ends, "they never began"
                sleep(0.05)
            os.kill(sorted(workers())[-1 if killed == "younger" else 0], signal.SIGKILL)
            done, going_on = wait(futures, timeout=60, return_when=FIRST_COMPLETED)
            assert len(done) == len(going_on) == 1
            with pytest.raises(BrokenProcessPool):
                done.pop().result()
            assert len(workers()) == 1
            again = processes.submit(os.getpid)  # by a new process: the other is busy
            again.result(timeout=60)
            assert len(workers()) == 2 and not going_on.pop().done()
        finally:
            processes.let_go()
            processes.close(futures, patience=0.0)
        assert workers() == []


def test_what_nobody_reads_waits_for_no_lease_to_run_out(tmp_path: Path) -> None:
    """Whatever left it: the service was running when it came, and its lease is good for another hour."""
    with home(tmp_path / "home") as chain:
        shutil.copyfile(SAMPLES / POST[0], chain.settings.inbox / POST[0])
        claiming.take(chain, claiming.claim(chain.settings.inbox, chain.settings.inbox / POST[0]))
        service = Service(chain, watch=False, work=True)
        try:
            with chain.db.writing() as session:
                assert inbox.lease(session, 1, "somebody who is gone", chain.clock.now(), 3600)
            finish(service, kill_after=None)
        finally:
            service.close()
        assert took(chain, 1) == (2, None)
        assert counts(chain)[0] == 1


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
