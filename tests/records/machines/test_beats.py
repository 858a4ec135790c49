"""P15: a machine that goes silent is seen, one that stops in order is not missed, and a clock that went back is remembered."""

from dataclasses import replace
from datetime import timedelta

from records.audit.chain import Broken, Whole
from records.db import Database
from records.machines import beats
from records.machines.beats import Beat
from tests.conftest import NOON

HERE = Beat(
    id="a", node="reading-room", watches=True, works=True, started_at=NOON, free_mb=4000, protected=True
)  # fmt: skip


def test_the_newest_word_counts_and_an_orderly_stop_leaves_nothing(database: Database) -> None:
    with database.writing() as session:
        beats.beat(session, HERE, NOON)
        beats.beat(session, replace(HERE, free_mb=3000, chain=Whole(7, b""), chain_checked_at=NOON), NOON)
        beats.beat(session, replace(HERE, id="b", works=False, protected=None), NOON)
    with database.reading() as session:
        first, second = beats.known(session)
        assert (first.free_mb, first.chain_entries, first.chain_broken_at) == (3000, 7, None)
        assert (second.protected, second.chain_checked_at) == (None, None)
    with database.writing() as session:
        beats.stopped(session, "a")
    with database.reading() as session:
        assert [row.id for row in beats.known(session)] == ["b"]


def test_a_broken_chain_is_kept_with_its_place(database: Database) -> None:
    with database.writing() as session:
        beats.beat(session, replace(HERE, chain=Broken(3), chain_checked_at=NOON), NOON)
        beats.beat(session, HERE, NOON + timedelta(seconds=10))
    with database.reading() as session:
        assert beats.known(session)[0].chain_broken_at == 3, "a beat without a new check forgets nothing"


def test_a_clock_that_went_back_is_remembered_until_it_has_caught_up(database: Database) -> None:
    def clock_was(minutes: float) -> object:
        with database.writing() as session:
            beats.beat(session, HERE, NOON + timedelta(minutes=minutes))
        with database.reading() as session:
            return beats.known(session)[0].clock_was

    assert clock_was(0) is None
    assert clock_was(-1) is None, "a minute is a correction"
    assert clock_was(-60) == NOON - timedelta(minutes=1)
    assert clock_was(-30) == NOON - timedelta(minutes=1)
    assert clock_was(0) is None


def test_machines_long_gone_are_forgotten(database: Database) -> None:
    with database.writing() as session:
        beats.beat(session, HERE, NOON)
        beats.beat(session, replace(HERE, id="b"), NOON + timedelta(days=8))
        assert [row.id for row in beats.known(session)] == ["b"]
