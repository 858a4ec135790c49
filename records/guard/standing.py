"""Loads what the access rule asks for: how a person and a file stand to one another now. The one way from rows to `access.may`.

    call.may(Act.OPEN_FILE, about(file))

`Subject(...)` is written out nowhere else for a file: a test looks.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlmodel import Session, col, select

from records.guard.tables import AccessRestriction, BrokenGlass, RestrictionNamed
from records.people import merging
from records.people.tables import ChildFile
from records.staff.access import BY_ROLE, OF_A_FILE, Actor, Restriction, Subject


class Filed(Protocol):
    """What the access rule asks of a file: a `ChildFile`, or these columns of one."""

    @property
    def id(self) -> UUID: ...

    @property
    def officer_id(self) -> UUID: ...

    @property
    def restricted(self) -> str | None: ...


def about(file: Filed, sealed_off: Collection[UUID] = ()) -> Subject:
    """A file as the access rule sees it. `sealed_off`: restricted documents that are asked for (`restricted_parts`)."""
    restricted = Restriction(file.restricted) if file.restricted else None
    return Subject(file.officer_id, file.id, restricted, frozenset(sealed_off))


def about_part(session: Session, file: ChildFile, part_id: UUID | None) -> Subject:
    """One document of a file, by the part that it came in."""
    return about(file, restricted_parts(session, file.id) & {part_id} if part_id else ())


def restricted_parts(session: Session, file_id: UUID) -> frozenset[UUID]:
    """The documents of a file, and of those joined to it, by their parts, that are restricted by themselves."""
    found = session.exec(
        select(AccessRestriction.thing_id).where(
            col(AccessRestriction.file_id).in_(merging.ids_of(session, file_id)),
            AccessRestriction.thing_id != AccessRestriction.file_id,
            col(AccessRestriction.in_force).is_not(None),
        )
    )
    return frozenset(found.all())


def with_standing(session: Session, actor: Actor, now: datetime) -> Actor:
    """The person with the files that they opened by break-glass, while it lasts, and the restricted things they are named for."""
    if not BY_ROLE[actor.role] & OF_A_FILE:
        return actor
    glass = session.exec(
        select(BrokenGlass.file_id).where(BrokenGlass.account_id == actor.id, col(BrokenGlass.until) > now)
    ).all()
    named = session.exec(
        select(AccessRestriction.in_force)
        .join(RestrictionNamed, col(RestrictionNamed.restriction_id) == col(AccessRestriction.id))
        .where(RestrictionNamed.account_id == actor.id, col(AccessRestriction.in_force).is_not(None))
    ).all()
    every = [_with_joined(session, things) for things in (glass, [thing for thing in named if thing is not None])]
    return replace(actor, glass=every[0], named=every[1])


def _with_joined(session: Session, things: Iterable[UUID]) -> frozenset[UUID]:
    """The same, and the files joined to each: of one child all are opened, or none. What is no file stays as it is."""
    return frozenset(each for thing in things for each in merging.ids_of(session, thing))
