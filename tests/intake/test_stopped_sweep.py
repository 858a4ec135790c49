"""P12, P14: what lies unsealed in `stopped/` and the watched folder, and nobody would come back for, goes by itself; nothing else does."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake import claiming, daily, stopped, stopping
from intake.admission import RefusalCode, refuse
from intake.claiming import claims_folder
from intake.wiring import Paperchain
from records.clock import Clock
from records.post import inbox
from records.vocabulary import ItemState
from tests.builders import home

SCAN = b"%PDF-1.7 of an invented family\n%%EOF" * 100
NAME = "Rowan Testwood.pdf"


@pytest.fixture
def chain(tmp_path: Path, clock: Clock) -> Iterator[Paperchain]:
    with home(tmp_path / "home", clock) as chain:
        yield chain


def aged(path: Path, days: float) -> Path:
    then = time.time() - days * 86400
    os.utime(path, (then, then))
    return path


def stopped_item(chain: Paperchain, days: float) -> tuple[int, Path]:
    """An item that stopped, and its copy in `stopped/`, so old."""
    (chain.settings.inbox / NAME).write_bytes(SCAN)
    number = claiming.take(chain, claiming.claim(chain.settings.inbox, chain.settings.inbox / NAME))
    refusal = refuse(RefusalCode.READER_DIED)
    name = stopping.set_aside(chain.settings.stopped, number, NAME, SCAN, refusal)
    with chain.db.writing() as session:
        item = inbox.by_number(session, number)
        inbox.move(session, item, ItemState.READING, actor="system", at=chain.clock.now())
        inbox.stop(
            session, item, code=refusal.code, reason=refusal.message, stopped_as=name, actor="system", at=chain.clock.now()
        )  # fmt: skip
    copy = aged(chain.settings.stopped / name, days)
    aged(copy.with_name(copy.name + stopping.REASON), days)
    return number, copy


def settled_elsewhere(chain: Paperchain, number: int) -> None:
    """As on the desk of another machine, which cannot reach this folder."""
    with chain.db.writing() as session:
        item = inbox.by_number(session, number)
        inbox.move(session, item, ItemState.NOT_OURS, actor="system", at=chain.clock.now())


def lying(chain: Paperchain) -> list[str]:
    return sorted(path.name for path in chain.settings.stopped.iterdir())


def test_a_copy_whose_item_was_settled_on_another_machine_goes(chain: Paperchain) -> None:
    number, _ = stopped_item(chain, days=2)
    settled_elsewhere(chain, number)
    assert ("left behind", stopped.sweep) in daily.JOBS
    assert stopped.sweep(chain) == 1
    assert lying(chain) == []


def test_what_is_stopped_still_and_what_is_fresh_stays(chain: Paperchain) -> None:
    stopped_item(chain, days=2)
    assert stopped.sweep(chain) == 0
    assert len(lying(chain)) == 2
    with chain.db.reading() as session:
        assert inbox.by_number(session, 1).state == ItemState.STOPPED
    settled_elsewhere(chain, 1)
    for name in lying(chain):
        aged(chain.settings.stopped / name, days=0.5)
    assert stopped.sweep(chain) == 0
    assert len(lying(chain)) == 2


def test_other_bytes_than_the_items_own_stay_since_they_may_be_the_only_ones(chain: Paperchain) -> None:
    """After a restore a number may be another item's."""
    number, copy = stopped_item(chain, days=2)
    settled_elsewhere(chain, number)
    copy.write_bytes(SCAN + b"another")
    aged(copy, days=2)
    unknown = chain.settings.stopped / "by hand.pdf"
    unknown.write_bytes(SCAN)
    aged(unknown, days=400)
    assert stopped.sweep(chain) == 0
    assert len(lying(chain)) == 3


def test_halves_of_a_killed_process_go_after_a_day(chain: Paperchain) -> None:
    half, fresh = chain.settings.stopped / ".4711.writing", chain.settings.stopped / ".4712.writing"
    hidden = claims_folder(chain.settings.inbox)
    hidden.mkdir()
    dropped, beginning = hidden / "drop-1f", hidden / "drop-2f"
    for path, days in ((half, 2), (fresh, 0.5), (dropped, 2), (beginning, 0.5)):
        path.write_bytes(SCAN[:100])
        aged(path, days)
    assert stopped.sweep(chain) == 2
    assert not half.exists() and fresh.exists()
    assert not dropped.exists() and beginning.exists()
