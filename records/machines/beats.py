"""Signs of life of the machines, and the guard of their clocks. Services work in the caller's session."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select

from records.audit.chain import Broken, Whole
from records.machines.tables import Machine

BEAT_EVERY = timedelta(seconds=10)
SILENT_AFTER = timedelta(seconds=40)
FORGOTTEN_AFTER = timedelta(days=7)
CLOCK_SLACK = timedelta(minutes=2)
"""A clock is set right by seconds all the time; dates are only in danger from more."""


@dataclass(frozen=True)
class Beat:
    """What a process says about itself. `protected` is None where nothing is read, `chain` until it was first checked."""

    id: str
    node: str
    watches: bool
    works: bool
    started_at: datetime
    free_mb: int
    protected: bool | None
    chain: Whole | Broken | None = None
    chain_checked_at: datetime | None = None


def beat(session: Session, said: Beat, now: datetime) -> None:
    """Keeps what a process says. A clock that went back is remembered until it has caught up again."""
    row = session.get(Machine, said.id)
    if row is None:
        row = Machine(
            id=said.id, node=said.node, watches=said.watches, works=said.works, started_at=said.started_at, seen_at=now,
            free_mb=said.free_mb,
        )  # fmt: skip
    latest = max(row.seen_at, row.clock_was or row.seen_at)
    row.clock_was = latest if now < latest - CLOCK_SLACK else None
    row.started_at, row.seen_at, row.free_mb, row.protected = said.started_at, now, said.free_mb, said.protected
    if said.chain is not None:
        row.chain_checked_at = said.chain_checked_at
        row.chain_entries = said.chain.entries if isinstance(said.chain, Whole) else None
        row.chain_broken_at = said.chain.sequence if isinstance(said.chain, Broken) else None
    session.add(row)
    session.exec(delete(Machine).where(col(Machine.seen_at) < now - FORGOTTEN_AFTER, col(Machine.id) != said.id))


def stopped(session: Session, machine_id: str) -> None:
    """A process that stops in order is not missed."""
    session.exec(delete(Machine).where(col(Machine.id) == machine_id))


def known(session: Session) -> Sequence[Machine]:
    """Every machine, by name."""
    return session.exec(select(Machine).order_by(col(Machine.node), col(Machine.id))).all()
