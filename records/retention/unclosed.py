"""Files that are due and that nobody has closed, with the day on which each was last worked on: what a manager closes in one go (R36, W37)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, func, or_, select

from records.cases import closing
from records.cases.tables import AgreedAction, FileTurn, Referral, ReferralEnd
from records.cases.words import Openness, ReferralState
from records.clock import LONDON
from records.consents.tables import Disclosure
from records.people import merging
from records.people.tables import ChildFile, FileMerge
from records.retention import facts
from records.retention.disposal import is_due
from records.retention.facts import CHUNK, Rules
from records.retention.tables import DueMonth


@dataclass(frozen=True)
class Unclosed:
    """One file that is due and open. `worked_on`: the last day on which anything was done on it, or came for it."""

    file_id: UUID
    number: int
    worked_on: date


def ids(session: Session, rules: Rules, today: date) -> list[UUID]:
    """Every file that is due and that nobody has closed, longest due first; one with an open referral is not among them."""
    month = today.replace(day=1)
    joined = select(FileMerge.kept_id).where(col(FileMerge.in_force).is_not(None))
    on_case = select(Referral.file_id).where(
        Referral.state == ReferralState.OPEN, col(Referral.file_id).is_not(None)
    )  # fmt: skip
    dated = (
        select(DueMonth.file_id, col(DueMonth.month))
        .join(ChildFile, col(ChildFile.id) == col(DueMonth.file_id))
        .where(
            col(DueMonth.month) <= month,
            or_(col(ChildFile.closed_at).is_(None), col(ChildFile.id).in_(joined)),
            col(ChildFile.id).not_in(on_case),
        )
        .order_by(col(DueMonth.month), col(ChildFile.number))
    )
    rows, shared = session.exec(dated).all(), set(session.exec(joined))
    in_month = [file_id for file_id, due in rows if due == month]
    late = (
        {one.file_id for one in facts.of_files(session, in_month) if is_due(one, rules, today)} if in_month else set()
    )
    return [
        file_id
        for file_id, due in rows
        if (due != month or file_id in late) and (file_id not in shared or _is_open(session, file_id))
    ]


def read(session: Session, file_ids: Sequence[UUID]) -> list[Unclosed]:
    """These files, in this order."""
    found: dict[UUID, Unclosed] = {}
    for start in range(0, len(file_ids), CHUNK):
        some = file_ids[start : start + CHUNK]
        files = session.exec(select(ChildFile).where(col(ChildFile.id).in_(some))).all()
        days = _worked_on(session, files)
        found |= {file.id: Unclosed(file.id, file.number, days[file.id]) for file in files}
    return [found[one] for one in file_ids if one in found]


def numbered(session: Session, numbers: Sequence[int], among: Sequence[UUID]) -> list[UUID]:
    """Files by their numbers, as far as they are among these: what was not due, or is closed by now, is left out."""
    wanted = set(session.exec(select(ChildFile.id).where(col(ChildFile.number).in_(numbers))))
    return [one for one in among if one in wanted]


def _is_open(session: Session, file_id: UUID) -> bool:
    files = merging.files_of(session, session.get_one(ChildFile, file_id))
    return closing.open_by(session, files) is Openness.NOT_CLOSED


def _worked_on(session: Session, files: Sequence[ChildFile]) -> dict[UUID, date]:
    """The last contact (R36), note, agreed action, way out, end of a referral or reopening; else the day the file was opened."""
    more = facts.joined(session)
    group = {file.id: [file.id, *more.get(file.id, ())] for file in files}
    every = [one for ones in group.values() for one in ones]
    opened = session.exec(select(ChildFile.id, ChildFile.opened_at).where(col(ChildFile.id).in_(every)))
    found = {file_id: at.astimezone(LONDON).date() for file_id, at in opened}
    for file_id, day in facts.last_contacts(session, every).items():
        found[file_id] = max(found[file_id], day)
    ended = select(ReferralEnd.file_id, func.max(ReferralEnd.ended_on)).where(col(ReferralEnd.file_id).in_(every))
    turned = select(FileTurn.file_id, func.max(FileTurn.happened_on)).where(col(FileTurn.file_id).in_(every))
    done = select(AgreedAction.file_id, func.max(AgreedAction.done_on)).where(col(AgreedAction.file_id).in_(every))
    days = [
        *session.exec(ended.group_by(col(ReferralEnd.file_id))),
        *session.exec(turned.group_by(col(FileTurn.file_id))),
        *session.exec(done.where(col(AgreedAction.done_on).is_not(None)).group_by(col(AgreedAction.file_id))),
    ]
    for file_id, on in days:
        found[file_id] = max(found[file_id], on or found[file_id])
    out = select(Disclosure.file_id, func.max(Disclosure.at)).where(col(Disclosure.file_id).in_(every))
    for file_id, at in session.exec(out.group_by(col(Disclosure.file_id))):
        found[file_id] = max(found[file_id], at.astimezone(LONDON).date())
    return {root: max(found[one] for one in ones) for root, ones in group.items()}
