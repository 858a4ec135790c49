"""In which month each file falls due, kept so that a list need not count ten thousand dates. Months only (R51).

The month only says which files are worth looking at; what a page shows and what a run destroys is counted anew each time.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import String, cast, exists, literal
from sqlmodel import Session, and_, col, delete, func, insert, select
from sqlmodel.sql.expression import Select

from records.people.tables import BirthDateFact, ChildFile, FileMerge
from records.retention.facts import Rules, due_by, joined, of_files
from records.retention.schedule import Due
from records.retention.tables import DueMonth, KeepDecision

BLOCK = 2000


def refresh(session: Session, rules: Rules, *, everything: bool = False) -> int:
    """Counts anew every file whose dates, decisions or rules have changed; returns how many. A few thousand are in memory at a time."""
    groups = _of_joined(session)
    taken = [one for each in joined(session).values() for one in each]
    for some in _blocks(taken):
        session.exec(delete(DueMonth).where(col(DueMonth.file_id).in_(some)))
    count, last = 0, None
    fresh: dict[UUID, str]
    while fresh := dict(session.exec(_alone(rules, everything=everything, after=last).limit(BLOCK)).all()):
        last = max(fresh)
        _write(session, rules, list(fresh), fresh)
        count += len(fresh)
    kept = _kept(session, list(groups))
    stale = [one for one, facts in groups.items() if everything or kept.get(one) != (facts, rules.version)]
    for some in _blocks(stale):
        _write(session, rules, some, groups)
    return count + len(stale)


def is_stale(session: Session, rules: Rules) -> bool:
    """Whether `refresh` would have something to do."""
    if session.exec(_alone(rules).limit(1)).first() is not None:
        return True
    groups = _of_joined(session)
    if any(_kept(session, list(groups)).get(one) != (facts, rules.version) for one, facts in groups.items()):
        return True
    taken = select(FileMerge.taken_id).where(col(FileMerge.in_force).is_not(None))
    return session.exec(select(DueMonth.file_id).where(col(DueMonth.file_id).in_(taken)).limit(1)).first() is not None


def before(session: Session, month: date, start: int, limit: int) -> list[UUID]:
    """Files that fall due in a month before this one, longest due first: `limit` of them from `start` on."""
    query = select(DueMonth.file_id).where(col(DueMonth.month) < month)
    return list(session.exec(query.order_by(col(DueMonth.month), col(DueMonth.file_id)).offset(start).limit(limit)))


def count_before(session: Session, month: date) -> int:
    """How many files fall due in a month before this one."""
    return session.exec(select(func.count()).select_from(DueMonth).where(col(DueMonth.month) < month)).one()


def in_month(session: Session, month: date) -> list[UUID]:
    """Files that fall due in this month."""
    return list(session.exec(select(DueMonth.file_id).where(DueMonth.month == month).order_by(col(DueMonth.file_id))))


def undated(session: Session, limit: int) -> list[UUID]:
    """Files without a date."""
    return list(session.exec(select(DueMonth.file_id).where(col(DueMonth.month).is_(None)).limit(limit)))


def count_undated(session: Session) -> int:
    return session.exec(select(func.count()).select_from(DueMonth).where(col(DueMonth.month).is_(None))).one()


def next_month(session: Session, after: date) -> date | None:
    """The first month after this one in which a file falls due."""
    return session.exec(select(func.min(DueMonth.month)).where(col(DueMonth.month) > after)).one()


def _alone(rules: Rules, *, everything: bool = False, after: UUID | None = None) -> Select[UUID, str]:
    """Files that nothing is joined to and whose month is to be counted (anew), with what it hangs on: a count of facts that are only ever
    added to. Found by the database: a hundred thousand files need not pass through here to say that none has changed.
    """  # fmt: skip
    births = select(func.count()).where(BirthDateFact.file_id == ChildFile.id).correlate(ChildFile).scalar_subquery()
    decisions = select(func.count()).where(KeepDecision.file_id == ChildFile.id).correlate(ChildFile).scalar_subquery()
    facts = literal("1.") + cast(births, String) + "." + cast(decisions, String)
    in_force = col(FileMerge.in_force).is_not(None)
    query = select(ChildFile.id, facts).where(
        col(ChildFile.id).not_in(select(FileMerge.kept_id).where(in_force)),
        col(ChildFile.id).not_in(select(FileMerge.taken_id).where(in_force)),
    ).order_by(col(ChildFile.id))  # fmt: skip
    if after is not None:
        query = query.where(col(ChildFile.id) > after)
    if everything:
        return query
    counted = and_(
        col(DueMonth.file_id) == ChildFile.id,
        col(DueMonth.policy_version) == rules.version,
        col(DueMonth.facts) == facts,
    )
    return query.where(~exists().where(counted).correlate(ChildFile))


def _of_joined(session: Session) -> dict[UUID, str]:
    """What the month of a file hangs on that others are joined to: they count as one."""
    groups = {root: (root, *others) for root, others in joined(session).items()}
    every = [one for group in groups.values() for one in group]
    births, decisions = _counted(session, BirthDateFact, every), _counted(session, KeepDecision, every)
    return {
        root: f"{len(mine)}.{sum(births.get(x, 0) for x in mine)}.{sum(decisions.get(x, 0) for x in mine)}"
        for root, mine in groups.items()
    }


def _counted(session: Session, table: type[BirthDateFact] | type[KeepDecision], ids: Sequence[UUID]) -> dict[UUID, int]:
    query = select(table.file_id, func.count()).where(col(table.file_id).in_(ids)).group_by(col(table.file_id))
    return dict(session.exec(query).all()) if ids else {}


def _kept(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    query = select(DueMonth.file_id, DueMonth.facts, DueMonth.policy_version).where(col(DueMonth.file_id).in_(ids))
    return {file_id: (facts, version) for file_id, facts, version in session.exec(query)} if ids else {}


def _blocks(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(ids), BLOCK):
        yield ids[start : start + BLOCK]


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
