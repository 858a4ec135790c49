"""Two files that were joined are taken apart: what was decided for both as one child goes on keeping each of them (R40, R44, R45, R68).

Nobody knows any more which of the two it was meant for. A person who looks lifts what is not about a file; until then doubt keeps.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from records.audit import trail
from records.clock import LONDON
from records.documents import keyring
from records.documents.envelope import seal_json
from records.holds import register as holds
from records.holds.kinds import HoldKind, Scope
from records.holds.tables import HoldRow
from records.people import merging
from records.people.tables import ChildFile, FileMerge
from records.retention.tables import KeepDecision

AUTHORITY = "Paperchain"
WHY_HELD = "A hold was placed on this file and another while they were one. Lift it if it is not about this file."
WHY_KEPT = "A manager decided this while this file and another were one."


def keep_both(session: Session, was: FileMerge, *, by: str, at: datetime) -> int:
    """Called in the transaction that takes them apart. Each file gets the holds and the decisions to keep longer that were made on the other
    since they were joined; of their words nothing is copied, which are about somebody else. Returns how many."""
    sides = [merging.ids_of(session, one) for one in (was.kept_id, was.taken_id)]
    found = [(other[0], *_since(session, mine, was.merged_at)) for mine, other in (sides, sides[::-1])]
    for other, held, kept in found:
        for hold in held:
            _hold(session, hold, other, by, at)
        for decision in kept:
            _keep(session, decision, other, by, at)
    session.flush()
    return sum(len(held) + len(kept) for _, held, kept in found)


def _since(
    session: Session, files: Collection[UUID], since: datetime
) -> tuple[Sequence[HoldRow], Sequence[KeepDecision]]:
    """Holds over one of these files that stand, and decisions to keep it longer, made since a moment."""
    held = select(HoldRow).where(
        col(HoldRow.subject_id).in_(files), HoldRow.scope == Scope.FILE, col(HoldRow.lifted_on).is_(None), HoldRow.placed_at >= since
    )  # fmt: skip
    kept = select(KeepDecision).where(col(KeepDecision.file_id).in_(files), KeepDecision.decided_at >= since)
    return session.exec(held).all(), session.exec(kept).all()


def _hold(session: Session, row: HoldRow, other: UUID, by: str, at: datetime) -> None:
    later = row.review_on if row.review_on > at.astimezone(LONDON).date() else None
    made = holds.place(
        session, kind=HoldKind(row.kind), scope=Scope.FILE, subject_id=other, authority=AUTHORITY, reason=WHY_HELD,
        source=row.source, review_on=later, by=by, at=at,
    )  # fmt: skip
    if row.ends_on is not None:
        holds.let_run_out(session, made.id, ends_on=row.ends_on, by=by, at=at)


def _keep(session: Session, row: KeepDecision, other: UUID, by: str, at: datetime) -> None:
    made = KeepDecision(file_id=other, until=row.until, sealed=b"", decided_by=row.decided_by, decided_at=at)
    key = keyring.open_key(session, session.get_one(ChildFile, other).key_id)
    made.sealed = seal_json(key, {"reason": WHY_KEPT}, made.id.bytes)
    session.add(made)
    trail.append(session, actor=by, act="kept_longer", subject_kind="file", subject_id=str(other), at=at)
