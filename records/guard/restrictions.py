"""Restrictions placed and lifted: safeguarding, to named staff and managers; processing (R69), to managers alone, stored and not used."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from records.audit import trail
from records.errors import ChangedMeanwhile, RefusedByRule
from records.guard import words
from records.guard.belonging import file_of
from records.guard.tables import AccessRestriction, RestrictionNamed
from records.people import merging
from records.people.tables import ChildFile
from records.staff.access import Restriction

RULES = {Restriction.SAFEGUARDING: "N10", Restriction.PROCESSING: "R69"}


@dataclass(frozen=True)
class Standing:
    """A restriction in force, or one that was."""

    id: UUID
    thing_id: UUID
    kind: Restriction
    why: str
    placed_by: str
    placed_at: datetime
    named: frozenset[UUID]
    lifted_by: str | None
    lifted_at: datetime | None
    why_lifted: str | None


def place(
    session: Session, file: ChildFile, kind: Restriction, *, why: str, by: str, at: datetime,
    named: Collection[UUID] = (), part_id: UUID | None = None,
) -> UUID:  # fmt: skip
    """Restricts a file, or with `part_id` one document in it (safeguarding only). `named`: accounts that still see it.

    RefusedByRule without a reason, or for a document and another kind; ChangedMeanwhile when it is restricted already.
    """
    why = words.checked(why, RULES[kind])
    if part_id is not None and kind is not Restriction.SAFEGUARDING:
        raise RefusedByRule("Processing is restricted for a whole file", "R69")
    file = file_of(session, file, part_id) if part_id is not None else file
    thing = part_id or file.id
    if session.exec(select(AccessRestriction.id).where(AccessRestriction.in_force == thing)).first() is not None:
        raise ChangedMeanwhile("This is restricted already. Lift that restriction first, or leave it.")
    row = AccessRestriction(
        file_id=file.id, thing_id=thing, kind=kind, sealed=b"", placed_by=by, placed_at=at, in_force=thing
    )
    row.sealed = words.sealed(session, file, why, row.id)
    session.add(row)
    if part_id is None:
        _stand(session, file, kind)
    session.flush()
    if kind is Restriction.SAFEGUARDING:
        session.add_all(RestrictionNamed(restriction_id=row.id, account_id=account) for account in set(named))
    session.flush()
    trail.append(
        session, actor=by, act="restriction_placed", subject_kind="file", subject_id=str(file.id), at=at,
        detail={"kind": kind.value, "part": str(part_id) if part_id else None},
    )  # fmt: skip
    return row.id


def lift(session: Session, file: ChildFile, restriction_id: UUID, *, why: str, by: str, at: datetime) -> None:
    """Ends a restriction of this file, or of one joined to it. RefusedByRule without a reason; ChangedMeanwhile when it is lifted already."""
    row = session.get(AccessRestriction, restriction_id)
    why = words.checked(why, "N10")
    files = {each.id: each for each in merging.files_of(session, file)}
    if row is None or row.file_id not in files or row.in_force is None:
        raise ChangedMeanwhile("This restriction was lifted already.")
    row.sealed_end = words.sealed(session, files[row.file_id], why, row.id)
    row.in_force, row.lifted_by, row.lifted_at = None, by, at
    session.add(row)
    if row.thing_id == row.file_id:
        _stand(session, file, None)
    session.flush()
    trail.append(
        session, actor=by, act="restriction_lifted", subject_kind="file", subject_id=str(file.id), at=at,
        detail={"kind": row.kind},
    )  # fmt: skip


def _stand(session: Session, file: ChildFile, kind: Restriction | None) -> None:
    """What restricts a child's file restricts all that was joined to it."""
    for one in merging.files_of(session, file):
        one.restricted = kind
        session.add(one)


def of_file(session: Session, file: ChildFile) -> list[Standing]:
    """Every restriction of a file, of those joined to it and of their documents, newest first, those that were lifted too."""
    files = {each.id: each for each in merging.files_of(session, file)}
    wanted = select(AccessRestriction).where(col(AccessRestriction.file_id).in_(list(files)))
    rows = session.exec(wanted.order_by(col(AccessRestriction.placed_at).desc())).all()
    named: dict[UUID, set[UUID]] = {row.id: set() for row in rows}
    for link in session.exec(select(RestrictionNamed).where(col(RestrictionNamed.restriction_id).in_(list(named)))):
        named[link.restriction_id].add(link.account_id)
    return [
        Standing(
            row.id, row.thing_id, Restriction(row.kind), words.opened(session, files[row.file_id], row.sealed, row.id), row.placed_by,
            row.placed_at, frozenset(named[row.id]), row.lifted_by, row.lifted_at,
            words.opened(session, files[row.file_id], row.sealed_end, row.id) if row.sealed_end else None,
        )
        for row in rows
    ]  # fmt: skip
