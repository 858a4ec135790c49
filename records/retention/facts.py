"""What decides about keeping one file, read from the records: births, last contact, holds, open cases, papers.

Every page, list and job that says something about a date comes through here to `falls_due` and `stops`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from records.cases import closing
from records.cases.tables import CaseNote, Referral
from records.cases.words import ReferralState
from records.consents.tables import ConsentChange
from records.custody.moves import ENDED, Custody
from records.custody.tables import Original
from records.holds import register as holds
from records.holds.kinds import HoldKind
from records.people import known, register
from records.people.birthdates import BirthDate, across
from records.people.facts import Answer, Capacity, FactKind
from records.people.tables import ChildFile, FileMerge, PersonFact
from records.policies.settings import NoSuchPolicy, Policy, RetentionRule
from records.post.tables import Item, Part
from records.retention.schedule import Due, Kept, Undated, falls_due, the_later
from records.retention.stops import Situation
from records.retention.tables import KeepDecision

CHUNK = 500
# Requests belong to a slice above this one; that a family made one is read here.
REQUEST = sa.table("rights_request", sa.column("file_id", sa.Uuid()), sa.column("received_on", sa.Date()))
STILL_HERE = frozenset(set(Custody) - ENDED - {Custody.LOST})


@dataclass(frozen=True)
class Rules:
    """The keeping time in force, and the one before it while a change is on notice (R46). `version` names both.

    `limit_months`: within so long of its day a file is destroyed, or somebody knows what keeps it (R34).
    """

    now: RetentionRule
    before: RetentionRule | None
    notice_days: int
    service: str
    limit_months: int

    @property
    def version(self) -> str:
        return self.now.version if self.before is None else f"{self.now.version}, {self.before.version} on notice"


@dataclass(frozen=True)
class FileFacts:
    """What the date of one file is counted from. `kept`: the latest decision of a manager to keep longer."""

    file_id: UUID
    number: int
    born: BirthDate | None
    last_contact: date | None
    kept: Kept | None


def rules(policy_on: Callable[[date], Policy], today: date) -> Rules:
    """The rules that count today, by the policy of today and of the day before the notice of a change began."""
    policy = policy_on(today)
    try:
        before = policy_on(today - timedelta(days=policy.periods.shorter_keeping_notice_days)).retention
    except NoSuchPolicy:
        before = policy.retention
    changed = (before.age, before.months_after_last_contact) != (
        policy.retention.age, policy.retention.months_after_last_contact,
    )  # fmt: skip
    return Rules(
        policy.retention, before if changed else None, policy.periods.notice_after_hold_days,
        policy.title, policy.periods.destruction_limit_months,
    )  # fmt: skip


def due_by(facts: FileFacts, rules: Rules) -> Due | Undated:
    """When a file falls due, by the one rule."""
    found = due_under(facts, rules.now)
    return found if rules.before is None else the_later(found, due_under(facts, rules.before))


def due_under(facts: FileFacts, rule: RetentionRule) -> Due | Undated:
    """When a file would fall due under this rule alone: for the preview of a change."""
    return falls_due([facts.born], rule, last_contact=facts.last_contact, kept=facts.kept)


def of_file(session: Session, file: ChildFile) -> FileFacts:
    """The facts of one file, with all that is joined to it: they are one child."""
    return next(_facts(session, [_Alone(file.id, file.number, file.key_id)]))


def of_files(session: Session, ids: Sequence[UUID] | None = None) -> Iterator[FileFacts]:
    """The facts of many files (None: of all), a few hundred at a time in memory. A file that was joined to another has none of its own."""
    taken = {one for each in joined(session).values() for one in each}
    wanted = list(ids) if ids is not None else list(session.exec(select(ChildFile.id).order_by(col(ChildFile.number))))
    wanted = [one for one in wanted if one not in taken]
    for start in range(0, len(wanted), CHUNK):
        # The columns that are wanted alone: making ten thousand whole files takes longer than asking for them.
        files = session.exec(
            select(ChildFile.id, ChildFile.number, ChildFile.key_id)
            .where(col(ChildFile.id).in_(wanted[start : start + CHUNK]))
            .order_by(col(ChildFile.number))
        )
        yield from _facts(session, [_Alone(*row) for row in files])


def joined(session: Session) -> dict[UUID, list[UUID]]:
    """Files that were joined to another, by the file that is kept (F22)."""
    above = dict(
        session.exec(select(FileMerge.taken_id, FileMerge.kept_id).where(col(FileMerge.in_force).is_not(None))).all()
    )
    found: dict[UUID, list[UUID]] = {}
    for taken in above:
        root = taken
        while root in above:
            root = above[root]
        found.setdefault(root, []).append(taken)
    return found


class _Alone(NamedTuple):
    """What a date hangs on of a file itself."""

    id: UUID
    number: int
    key_id: UUID


def _facts(session: Session, files: Sequence[_Alone]) -> Iterator[FileFacts]:
    more = joined(session)
    group = {file.id: [file.id, *more.get(file.id, [])] for file in files}
    ids = [one for each in group.values() for one in each]
    births = register.birth_dates_of(session, [file for file in files if len(group[file.id]) == 1])
    contact, kept = last_contacts(session, ids), kept_to(session, ids)
    for file in files:
        mine = group[file.id]
        yield FileFacts(
            file.id, file.number, across(births[file.id] if len(mine) == 1 else register.birth_dates(session, session.get_one(ChildFile, file.id))),
            max((contact[one] for one in mine if one in contact), default=None),
            max((kept[one] for one in mine if one in kept), default=None, key=lambda each: each.until),
        )  # fmt: skip


def last_contacts(session: Session, ids: Sequence[UUID]) -> dict[UUID, date]:
    """The last day on which each family was in touch: post that came in, a referral, a note of a contact, what they told us of their
    consents, a request of theirs (R36)."""
    found: dict[UUID, date] = {}
    post = (
        select(Part.file_id, func.max(Item.received_on))
        .join(Item, col(Item.id) == Part.item_id)
        .where(col(Part.file_id).in_(ids))
        .group_by(col(Part.file_id))
    )
    notes = select(CaseNote.file_id, func.max(CaseNote.happened_on)).group_by(col(CaseNote.file_id))
    asked = select(Referral.file_id, func.max(Referral.received_on)).group_by(col(Referral.file_id))
    told = select(ConsentChange.file_id, func.max(ConsentChange.told_on)).group_by(col(ConsentChange.file_id))
    requests = sa.select(REQUEST.c.file_id, sa.func.max(REQUEST.c.received_on)).group_by(REQUEST.c.file_id)
    for query in (
        post, notes.where(col(CaseNote.file_id).in_(ids)), asked.where(col(Referral.file_id).in_(ids)),
        told.where(col(ConsentChange.file_id).in_(ids)), requests.where(REQUEST.c.file_id.in_(ids)),
    ):  # fmt: skip
        for file_id, day in session.execute(query):
            if file_id is not None and day is not None:
                found[file_id] = max(day, found.get(file_id, day))
    return found


def kept_to(session: Session, ids: Sequence[UUID]) -> dict[UUID, Kept]:
    """The latest day to which a manager has decided to keep each file (W40)."""
    query = select(KeepDecision.file_id, func.max(KeepDecision.until)).where(col(KeepDecision.file_id).in_(ids))
    return {file_id: Kept(until) for file_id, until in session.exec(query.group_by(col(KeepDecision.file_id)))}


def situation(session: Session, file: ChildFile, facts: FileFacts, rules: Rules) -> Situation:
    """All that decides about a file, and whatever is joined to it, as it stands in this transaction."""
    ids = [file.id, *joined(session).get(file.id, [])]
    files = [file, *(session.get_one(ChildFile, one) for one in ids[1:])]
    papers = select(func.count()).select_from(Original).where(
        col(Original.file_id).in_(ids), col(Original.state).in_(STILL_HERE)
    )  # fmt: skip
    lifted = [day for one in ids if (day := holds.last_lifted(session, one)) is not None]
    standing = {hold.id: hold for one in ids for hold in holds.blocking(session, file_id=one)}
    return Situation(
        found=due_by(facts, rules),
        holds=tuple(standing.values()),
        last_lifted=max(lifted, default=None),
        open_by=closing.open_by(session, files),
        disputed=facts.born is not None and facts.born.disputed,
        papers=session.exec(papers).one(),
        review=to_review(session, ids) if facts.kept is None else None,
    )


def situations(session: Session, some: Sequence[FileFacts], rules: Rules) -> list[Situation]:
    """The same of many files, for lists, in a few questions for them all. Whatever a hold of its own, a joined file or a word about capacity
    touches is asked one by one. Nothing is destroyed by it: the destroyer asks `situation`.
    """
    ids = [each.file_id for each in some]
    files = {file.id: file for file in session.exec(select(ChildFile).where(col(ChildFile.id).in_(ids)))}
    merged = joined(session)
    judged = select(PersonFact.file_id).where(col(PersonFact.file_id).in_(ids), PersonFact.kind == FactKind.CAPACITY)
    special = holds.touched(session, ids) | set(session.exec(judged)) | (set(ids) & merged.keys())
    wide, last_lifted = holds.blocking(session), holds.last_lifted(session, None)
    on_case = select(Referral.file_id).where(col(Referral.file_id).in_(ids), Referral.state == ReferralState.OPEN)
    with_case = set(session.exec(on_case))
    here = select(Original.file_id, func.count()).where(
        col(Original.file_id).in_(ids), col(Original.state).in_(STILL_HERE)
    )  # fmt: skip
    papers = dict(session.exec(here.group_by(col(Original.file_id))).all())

    def of(each: FileFacts) -> Situation:
        file = files[each.file_id]
        if each.file_id in special:
            return situation(session, file, each, rules)
        return Situation(
            found=due_by(each, rules), holds=wide, last_lifted=last_lifted, open_by=closing.open_by_one(file, each.file_id in with_case),
            disputed=each.born is not None and each.born.disputed, papers=papers.get(each.file_id, 0),
        )  # fmt: skip

    return [of(each) for each in some]


def to_review(session: Session, ids: Sequence[UUID]) -> str | None:
    """Why these files of one child are looked at by a manager instead of being listed by their date alone; None when they are not.

    Time may not run against a person who lacks capacity (R35), and what a safeguarding enquiry touched follows a longer rule (R46).
    Once a manager has set a day to which it is kept, that day counts.
    """
    if holds.ever(session, ids, HoldKind.SAFEGUARDING):
        return "It has had a safeguarding hold."
    for person_id, found in known.of_file(session, ids[0]).items():
        if not any(fact.kind is FactKind.CAPACITY for fact in found):
            continue
        judged = [fact.value for fact in known.capacity(session, ids[0], person_id)]
        if any(isinstance(value, Capacity) and value.outcome == Answer.NO for value in judged):
            return "It is recorded that the person could not make a decision for themselves."
    return None
