"""P11 "Bad input": one tick under a wrong clock ends nothing that is kept by a date, and all goes on once the clock is right."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from intake import backing_up, daily, retaining
from intake.wiring import Paperchain
from records.audit import trail
from records.backups import register as backups
from records.cases import referrals
from records.cases.words import ReferralState
from records.clock import Clock
from records.custody import waste
from records.custody.bagging import Condition
from records.custody.facts import NO_BACKUP_RULE
from records.custody.tables import Original
from records.db import Database
from records.holds import HoldKind, Scope
from records.holds import register as holds
from records.policies.settings import versions_of
from records.retention import the_clock
from tests.builders import made_on
from tests.records.cases.conftest import from_school
from tests.retaining import MANAGER, OFFICER, clock_at, days_on, family

BOTH = pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])
FUTURE = datetime(2070, 6, 1, tzinfo=UTC)


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def chain(tmp_path: Path, database: Database, clock: Clock) -> Paperchain:
    return made_on(database, tmp_path, clock)


@pytest.fixture
def kept(chain: Paperchain) -> Iterator[Paperchain]:
    """A referral that waits, a draft, and a hold with a last day."""
    with chain.db.writing() as session:
        from_school(session, versions_of("westminster")[0], chain.clock)
    file = family(chain)
    with chain.db.writing() as session:
        hold = holds.place(
            session, kind=HoldKind.REQUEST, scope=Scope.FILE, subject_id=file, authority="Paperchain", reason="A request.",
            by=OFFICER, at=chain.clock.now(),
        )  # fmt: skip
        holds.let_run_out(session, hold.id, ends_on=date(2026, 12, 1), by=OFFICER, at=chain.clock.now())
    yield chain


def standing(chain: Paperchain) -> tuple[int, str]:
    """How many holds stand, and the referral's state."""
    with chain.db.reading() as session:
        return sum(holds.counts_standing(session).values()), referrals.by_number(session, 1).state


@BOTH
def test_one_tick_in_2070_lifts_no_hold_and_erases_no_referral(kept: Paperchain) -> None:
    daily.run_due(clock_at(kept, FUTURE))
    assert standing(kept) == (1, ReferralState.HOLDING)


def test_a_step_back_lifts_nothing_either(kept: Paperchain) -> None:
    retaining.daily(clock_at(kept, datetime(2020, 1, 1, tzinfo=UTC)))
    assert standing(kept) == (1, ReferralState.HOLDING)


def test_under_a_right_clock_both_end_on_their_day(kept: Paperchain) -> None:
    daily.run_due(days_on(kept, 30))
    assert standing(kept) == (0, ReferralState.ERASED)


def test_after_a_person_vouched_for_the_date_what_was_due_ends(kept: Paperchain) -> None:
    later = clock_at(kept, datetime(2027, 3, 1, tzinfo=UTC))
    retaining.by_hand(later, vouched=False)
    assert standing(kept)[0] == 1
    retaining.by_hand(later, vouched=True)
    assert standing(kept)[0] == 0


def test_a_backup_under_a_wrong_clock_throws_no_older_one_away(chain: Paperchain, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    family(chain)
    first = backing_up.make(chain, folder)
    wrong = backing_up.make(clock_at(chain, FUTURE), folder)
    assert wrong.gone == 0 and first.path in backing_up.known(folder)
    with chain.db.reading() as session:  # and it does not pass for a backup of what is stored after it
        assert not backups.covers(session, chain.clock.now() + timedelta(days=30))
        assert (made := backups.newest(session, not_after=chain.clock.now())) is not None
        assert made.began_at == chain.clock.now()


def test_a_paper_waits_on_under_a_wrong_clock(chain: Paperchain) -> None:
    family(chain, paper_gone=False)
    with chain.db.reading() as session:
        paper = session.exec(select(Original)).one()
        for day, doubted in ((date(2026, 11, 20), False), (date(2026, 12, 22), False), (FUTURE.date(), True)):
            found = waste.why_not(session, paper, policy=chain.policy(), today=day, proof=None, backups=NO_BACKUP_RULE)
            assert (Condition.CLOCK in {one.condition for one in found}) == doubted


def test_the_record_is_read_once_and_a_gap_in_it_is_never_forgotten(chain: Paperchain) -> None:
    """What was read before is not read again; a gap among the oldest entries is found each time all the same."""
    now = chain.clock.now()
    with chain.db.writing() as session:
        for number in range(the_clock.UNSETTLED + 50):
            trail.append(
                session, actor=MANAGER, act="signed_in", subject_kind="account", subject_id="-", at=now + timedelta(minutes=number)
            )  # fmt: skip
    later = now + timedelta(hours=6)
    with chain.db.reading() as session:
        assert the_clock.clock_doubt(session, later) is None
        assert the_clock.clock_doubt(session, later) is None
        assert the_clock.clock_doubt(session, later + timedelta(days=36)) is not None
        assert the_clock.clock_doubt(session, now - timedelta(days=1)) is not None
    with chain.db.writing() as session:
        trail.append(session, actor=MANAGER, act="signed_in", subject_kind="account", subject_id="-", at=FUTURE)
        for _ in range(the_clock.UNSETTLED + 50):
            trail.append(session, actor=MANAGER, act="signed_in", subject_kind="account", subject_id="-", at=FUTURE)
    with chain.db.reading() as session:
        for _ in range(2):
            assert the_clock.clock_doubt(session, FUTURE + timedelta(minutes=1)) is not None
