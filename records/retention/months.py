"""In which month each file falls due, kept so that a list need not count ten thousand dates. Months only (R51).

The month only says which files are worth looking at; what a page shows and what a run destroys is counted anew each time.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, delete, func, insert, select

from records.people.tables import BirthDateFact, ChildFile
from records.retention.facts import Rules, due_by, joined, of_files
from records.retention.schedule import Due
from records.retention.tables import DueMonth, KeepDecision


def refresh(session: Session, rules: Rules, *, everything: bool = False) -> int:
    """Counts anew every file whose dates, decisions or rules have changed; returns how many."""
    fresh = _fingerprints(session)
    kept = {
        file_id: (facts, version)
        for file_id, facts, version in session.exec(select(DueMonth.file_id, DueMonth.facts, DueMonth.policy_version))
    }
    stale = [one for one, facts in fresh.items() if everything or kept.get(one) != (facts, rules.version)]
    gone = [one for one in kept if one not in fresh]
    if gone:
        session.exec(delete(DueMonth).where(col(DueMonth.file_id).in_(gone)))
    for start in range(0, len(stale), 2000):
        _write(session, rules, stale[start : start + 2000], fresh)
    return len(stale)


def is_stale(session: Session, rules: Rules) -> bool:
    """Whether `refresh` would have something to do."""
    query = select(DueMonth.file_id, DueMonth.facts).where(DueMonth.policy_version == rules.version)
    kept = dict(session.exec(query).all())
    return kept != _fingerprints(session)


def due_by_month(session: Session, month: date) -> list[UUID]:
    """Files that fall due in this month or before it, longest due first."""
    query = select(DueMonth.file_id).where(col(DueMonth.month) <= month)
    return list(session.exec(query.order_by(col(DueMonth.month), col(DueMonth.file_id))))


def in_month(session: Session, month: date) -> list[UUID]:
    """Files that fall due in this month."""
    return list(session.exec(select(DueMonth.file_id).where(DueMonth.month == month)))


def undated(session: Session, limit: int) -> list[UUID]:
    """Files without a date."""
    return list(session.exec(select(DueMonth.file_id).where(col(DueMonth.month).is_(None)).limit(limit)))


def count_undated(session: Session) -> int:
    return session.exec(select(func.count()).select_from(DueMonth).where(col(DueMonth.month).is_(None))).one()


def next_month(session: Session, after: date) -> date | None:
    """The first month after this one in which a file falls due."""
    return session.exec(select(func.min(DueMonth.month)).where(col(DueMonth.month) > after)).one()


def _fingerprints(session: Session) -> dict[UUID, str]:
    """What the date of each file hangs on, as a count of facts that are only ever added to. Joined files count as one."""
    births = dict(session.exec(select(BirthDateFact.file_id, func.count()).group_by(col(BirthDateFact.file_id))).all())
    decisions = dict(session.exec(select(KeepDecision.file_id, func.count()).group_by(col(KeepDecision.file_id))).all())
    more = joined(session)
    taken = {one for each in more.values() for one in each}
    found = {}
    for one in session.exec(select(ChildFile.id)):
        if one not in taken:
            mine = (one, *more.get(one, ()))
            found[one] = f"{len(mine)}.{sum(births.get(x, 0) for x in mine)}.{sum(decisions.get(x, 0) for x in mine)}"
    return found


def _write(session: Session, rules: Rules, ids: Sequence[UUID], fresh: dict[UUID, str]) -> None:
    session.exec(delete(DueMonth).where(col(DueMonth.file_id).in_(ids)))
    rows = []
    for facts in of_files(session, ids):
        found = due_by(facts, rules)
        rows.append({
            "file_id": facts.file_id,
            "month": found.due.replace(day=1) if isinstance(found, Due) else None,
            "facts": fresh[facts.file_id],
            "policy_version": rules.version,
        })  # fmt: skip
    if rows:
        session.exec(insert(DueMonth), params=rows)
