"""The register of staff and volunteers: who works here, and what each was trained in, given and checked for; appended (N7, W25, S19, S20).

Whoever has an account is on it; others, such as volunteers, are added by name. A certificate's number or content is never kept (N7).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from records.audit import trail
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.policies.settings import Policy
from records.policies.values import Register
from records.staff import accounts, duties
from records.staff.duties import Entry, Standing
from records.staff.tables import StaffEntry, StaffPerson

LEFT = "left"


@dataclass(frozen=True)
class Member:
    """Somebody who works here. `added`: they have no account, and were added by name."""

    id: UUID
    name: str
    volunteer: bool
    added: bool
    duties: tuple[Standing, ...]
    rows: tuple[StaffEntry, ...]

    @property
    def open(self) -> int:
        """How many duties a manager must see to."""
        return sum(each.open for each in self.duties)


@dataclass(frozen=True)
class Doing:
    """What a manager enters. `key`: the press of the button; `words`: course, level or who saw it; `version`, `read`: of a copy of the policy."""

    key: UUID
    who: UUID
    kind: Register
    on: date
    words: str = ""
    version: str | None = None
    read: bool = False


def members(session: Session, policy: Policy, today: date) -> list[Member]:
    """Everybody who works here now, by name, with how each duty stands."""
    by_who: dict[UUID, list[StaffEntry]] = {}
    for row in session.exec(
        select(StaffEntry).order_by(col(StaffEntry.done_on).desc(), col(StaffEntry.recorded_at).desc())
    ):
        by_who.setdefault(row.who, []).append(row)
    found = [(one.id, one.display_name, False, False) for one in accounts.everybody(session) if one.disabled_at is None]
    for person in session.exec(select(StaffPerson)):
        if not any(row.kind == LEFT for row in by_who.get(person.id, ())):
            found.append((person.id, person.name, person.volunteer, True))
    return [
        Member(id, name, volunteer, added, _duties(by_who.get(id, ()), policy, today, volunteer=volunteer), tuple(by_who.get(id, ())))
        for id, name, volunteer, added in sorted(found, key=lambda each: each[1].casefold())
    ]  # fmt: skip


def count_open(session: Session, policy: Policy, today: date) -> int:
    """How many people have something missing or overdue."""
    return sum(bool(member.open) for member in members(session, policy, today))


def count_soon(session: Session, policy: Policy, today: date) -> int:
    """How many people have something that is due again soon, before it is overdue (N7)."""
    return sum(
        any(each.state is duties.State.SOON for each in member.duties) for member in members(session, policy, today)
    )


def add(session: Session, name: str, *, volunteer: bool, key: UUID, by: str, at: datetime) -> None:
    """Adds somebody without an account. The same press twice adds nobody; RefusedByRule without a name, or for one who is there."""
    name = " ".join(name.split())
    if session.get(StaffPerson, key) is not None:
        return
    if not name:
        raise RefusedByRule("Enter their name", "W25")
    row = StaffPerson(id=key, name=name, volunteer=volunteer, added_by=by, added_at=at)
    session.add(row)
    session.flush()
    _note(session, "staff_added", row.id, by, at, volunteer=volunteer)


def enter(session: Session, doing: Doing, *, by: str, at: datetime) -> None:
    """Appends what was done. The same press twice adds nothing. NotFound for somebody who is not on the register."""
    if session.get(StaffEntry, doing.key) is not None:
        return
    if session.get(StaffPerson, doing.who) is None and str(doing.who) not in accounts.display_names(session):
        raise NotFound("There is nobody like that.")
    row = StaffEntry(
        id=doing.key, who=doing.who, kind=doing.kind, done_on=doing.on, words=doing.words.strip(), policy_version=doing.version,
        read=doing.read, recorded_by=by, recorded_at=at,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _note(session, "staff_entered", row.id, by, at, kind=doing.kind)


@dataclass(frozen=True)
class Leaver:
    """Somebody on the register without an account, as they are told before it is entered that they left. `entries`: what is entered of them."""

    id: UUID
    name: str
    volunteer: bool
    added_at: datetime
    entries: int


def to_leave(session: Session, person: UUID) -> Leaver:
    """Whom `leave` would take off. NotFound for nobody who was added by name; ChangedMeanwhile when it is entered already that they left."""
    row = session.get(StaffPerson, person)
    if row is None:
        raise NotFound("There is nobody like that.")
    kinds = session.exec(select(StaffEntry.kind).where(StaffEntry.who == person)).all()
    if LEFT in kinds:
        raise ChangedMeanwhile("It is entered already that they left.")
    return Leaver(row.id, row.name, row.volunteer, row.added_at, len(kinds))


def leave(session: Session, person: UUID, *, on: date, by: str, at: datetime) -> None:
    """Somebody who was added by name does not work here any more. NotFound and ChangedMeanwhile as `to_leave`."""
    to_leave(session, person)
    # Under their own id: of two at once, one is refused by the database.
    session.add(StaffEntry(id=person, who=person, kind=LEFT, done_on=on, recorded_by=by, recorded_at=at))
    session.flush()
    _note(session, "staff_left", person, by, at)


def _duties(rows: Sequence[StaffEntry], policy: Policy, today: date, *, volunteer: bool) -> tuple[Standing, ...]:
    entries = [Entry(Register(row.kind), row.done_on, row.policy_version, row.read) for row in rows if row.kind != LEFT]
    return tuple(duties.standing(kind, entries, policy, today) for kind in duties.needed(policy, volunteer=volunteer))


def _note(session: Session, act: str, subject: UUID, by: str, at: datetime, **detail: str | int | bool | None) -> None:
    trail.append(session, actor=by, act=act, subject_kind="staff", subject_id=str(subject), at=at, detail=detail)
