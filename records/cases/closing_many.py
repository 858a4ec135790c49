"""Many files closed in one go, by a manager: after an upgrade thousands may be due that nobody ever closed (W37, R36).

Each is closed as by hand: with a fact, a day and an audit entry of its own, and refused for the same reasons, each by name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from records.cases import closing
from records.cases.tables import Referral
from records.cases.words import ReferralState, TurnedBy
from records.errors import RefusedByRule
from records.people import merging
from records.people.tables import ChildFile, FileMerge
from records.staff.access import Restriction

AT_ONCE = 500
"""So many in one transaction: the next writer waits a fraction of a second."""


@dataclass(frozen=True)
class Refused:
    """One file that stays open, and why."""

    number: int
    why: str


@dataclass(frozen=True)
class Closed:
    """How many were closed, and which were not."""

    count: int
    refused: tuple[Refused, ...] = ()


def close_many(session: Session, days: Mapping[UUID, date], why: str, *, actor: str, at: datetime) -> Closed:
    """Closes these files, at most `AT_ONCE`, each on its own day, with whatever is joined to it. RefusedByRule without a reason.

    A file that is gone by now is passed over.
    """
    if not why.strip():
        raise RefusedByRule("Write why the files are closed.", "W37")
    if len(days) > AT_ONCE:
        raise ValueError(f"at most {AT_ONCE} files at once")
    found = session.exec(select(ChildFile).where(col(ChildFile.id).in_(days)).order_by(col(ChildFile.number))).all()
    joined = set(session.exec(select(FileMerge.kept_id).where(col(FileMerge.in_force).is_not(None))))
    children = {file.number: merging.files_of(session, file) if file.id in joined else [file] for file in found}
    every = [each.id for files in children.values() for each in files]
    open_cases = select(Referral.file_id).where(
        col(Referral.file_id).in_(every), Referral.state == ReferralState.OPEN
    )  # fmt: skip
    with_case = set(session.exec(open_cases))
    turned: list[tuple[ChildFile, date]] = []
    refused: list[Refused] = []
    for file in found:
        files = children[file.number]
        against = _against(session, files, with_case, at)
        if against is not None:
            refused.append(Refused(file.number, against))
        else:
            turned += [(each, days[file.id]) for each in files]
    closing.turn_each(session, turned, TurnedBy.HAND, why, closed=True, actor=actor, at=at)
    closing.called_off(session, [file.id for file, _ in turned], actor=actor, at=at)
    return Closed(len(found) - len(refused), tuple(refused))


def _against(session: Session, files: list[ChildFile], with_case: set[UUID | None], at: datetime) -> str | None:
    """What speaks against closing the files of one child; None when nothing does."""
    if any(file.id in with_case for file in files):
        return "A referral is still open. Close it with its outcome first."
    if any(file.restricted == Restriction.PROCESSING for file in files):
        return "Its processing is restricted: it is kept, and nothing is done with it."
    if all(file.closed_at is not None for file in files):
        return closing.settled(session, files, at).message
    return None
