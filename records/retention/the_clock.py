"""Whether the clock of the machine is believed, asked of the record of what happened, and a person's word that it is right (P11).

Whatever ends by a date asks here first: runs, holds with a last day, waiting referrals, old backups, paper that waits for the sack.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from records.audit import trail
from records.audit.tables import AuditEntry
from records.clock import LONDON
from records.custody import facts
from records.retention.clock_guard import ClockDoubted, check_clock
from records.retention.tables import RetentionTurn

UNSETTLED = 200
"""So many of the newest entries are read again each time: a transaction may still take them back."""


@dataclass(frozen=True)
class _Read:
    """Entries from `since` up to `sequence` agree with each other; `latest` is the latest moment in them."""

    since: int
    sequence: int
    latest: datetime | None


_READ: WeakKeyDictionary[Engine, _Read] = WeakKeyDictionary()
"""How far each database was read by this process, so that a page need not read years of entries."""


def enter() -> None:
    """Enters with custody below, which cannot ask here. Doing it again changes nothing."""
    if on_day not in facts.CLOCK_DOUBTS:
        facts.CLOCK_DOUBTS.append(on_day)


def vouch(session: Session, *, by: str, at: datetime) -> None:
    """A person says that the clock is right: what was recorded so far is not held against it any more."""
    trail.append(session, actor=by, act="clock_vouched", subject_kind="clock", subject_id="-", at=at)
    row = session.get(RetentionTurn, 1) or RetentionTurn()
    row.vouched_sequence = session.exec(select(func.max(AuditEntry.sequence))).one()
    session.add(row)
    session.flush()


def clock_doubt(session: Session, now: datetime) -> ClockDoubted | None:
    """What speaks against the clock, if anything does."""
    row = session.get(RetentionTurn, 1)
    since = row.vouched_sequence if row is not None else 0
    engine = session.get_bind().engine
    before = _READ.get(engine)
    if before is None or before.since != since:
        before = _Read(since, since - 1, None)
    rows = list(
        session.exec(
            select(AuditEntry.sequence, AuditEntry.at).where(AuditEntry.sequence > before.sequence)
            .order_by(col(AuditEntry.sequence))
        )
    )  # fmt: skip
    settled, fresh = rows[:-UNSETTLED], [at for _, at in rows[-UNSETTLED:]]
    if settled:
        found = check_clock(settled[-1][1], (at for _, at in settled), before.latest)
        if isinstance(found, ClockDoubted):
            return found
        latest = max(at for _, at in settled)
        before = _Read(since, settled[-1][0], latest if before.latest is None else max(before.latest, latest))
        _READ[engine] = before
    last = check_clock(now, fresh, before.latest)
    return last if isinstance(last, ClockDoubted) else None


def on_day(session: Session, today: date) -> str | None:
    """Why a day is not believed, in words; None when it is. Asked with the last moment of the day: a gap is found early, never late."""
    found = clock_doubt(session, datetime.combine(today, time.max, LONDON))
    return found.reason if found is not None else None
