"""Lists of files to destroy: proposed, looked through, approved by a manager who did not propose them, taken off again (R47, P11).

Nothing here destroys anything. Until the last day of grace has passed, every file on a list can be taken off it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session, col, func, select

from records.audit import trail
from records.clock import LONDON, time_in_words
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.people import merging
from records.people.tables import ChildFile
from records.policies.periods import in_words
from records.post import inbox
from records.retention import facts, months
from records.retention.clock_guard import Cap
from records.retention.facts import FileFacts, Rules
from records.retention.schedule import Due
from records.retention.stops import STOP_WORDS, Situation, Stop, Stopped, may_be_listed, stops
from records.retention.tables import DisposalLine, DisposalList
from records.staff import accounts

GRACE_DAYS = 30
MOST_SHOWN = 100


class ListState(StrEnum):
    """How far a list has come."""

    PROPOSED = "proposed"
    LOOKED = "looked"
    APPROVED = "approved"
    RUNNING = "running"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class LineState(StrEnum):
    """What became of one file on a list."""

    LISTED = "listed"
    TAKEN_OFF = "taken_off"
    STOPPED = "stopped"
    DESTROYED = "destroyed"


class TakeOff(StrEnum):
    """Why somebody takes a file off a list."""

    STILL_NEEDED = "still_needed"
    CONTACT = "contact"
    DATE_DOUBTED = "date_doubted"
    MISTAKE = "mistake"


TAKE_OFF_WORDS = {
    TakeOff.STILL_NEEDED: "The family or the service still needs it",
    TakeOff.CONTACT: "There has been contact with the family",
    TakeOff.DATE_DOUBTED: "The date of birth is in doubt",
    TakeOff.MISTAKE: "It was listed by mistake",
}
OPEN = (ListState.PROPOSED, ListState.LOOKED, ListState.APPROVED, ListState.RUNNING)
MAY_CHANGE = (ListState.PROPOSED, ListState.LOOKED, ListState.APPROVED)


@dataclass(frozen=True)
class Candidate:
    """A file that falls due, with everything that stops it and the list that it is on."""

    facts: FileFacts
    situation: Situation
    why: tuple[Stopped, ...]
    on_list: int | None

    @property
    def due(self) -> date:
        assert isinstance(self.situation.found, Due)
        return self.situation.found.due

    @property
    def can_be_listed(self) -> bool:
        return self.on_list is None and may_be_listed(self.why)


def candidates(
    session: Session, rules: Rules, today: date, *, start: int = 0, limit: int = MOST_SHOWN
) -> tuple[list[Candidate], int]:
    """Files that are due today, longest due first: `limit` of them from `start` on, and how many there are in all."""
    month = today.replace(day=1)
    earlier = months.count_before(session, month)
    in_month = months.in_month(session, month)
    by_now = {one.file_id for one in facts.of_files(session, in_month) if is_due(one, rules, today)}
    this_month = [one for one in in_month if one in by_now]
    ids = months.before(session, month, start, limit) if start < earlier else []
    first = max(0, start - earlier)
    ids += this_month[first : first + limit - len(ids)]
    listed = on_lists(session)
    due = [one for one in facts.of_files(session, ids) if is_due(one, rules, today)]
    found = [
        Candidate(one, situation, stops(situation, today, notice_days=rules.notice_days), listed.get(one.file_id))
        for one, situation in zip(due, facts.situations(session, due, rules), strict=True)
    ]
    return sorted(found, key=lambda each: (each.due, each.facts.number)), earlier + len(this_month)


def is_due(one: FileFacts, rules: Rules, today: date) -> bool:
    """Whether a file need not be kept any longer today, holds aside."""
    found = facts.due_by(one, rules)
    return isinstance(found, Due) and found.due <= today


def _candidate(
    session: Session, one: FileFacts, rules: Rules, today: date, listed: dict[UUID, int]
) -> Candidate:  # fmt: skip
    situation = facts.situation(session, session.get_one(ChildFile, one.file_id), one, rules)
    why = stops(situation, today, notice_days=rules.notice_days)
    return Candidate(one, situation, why, listed.get(one.file_id))


def on_lists(session: Session) -> dict[UUID, int]:
    """Files on a list that is not finished, with the list's number."""
    query = select(DisposalLine.file_id, DisposalList.number).join(DisposalList).where(
        col(DisposalList.state).in_(OPEN), DisposalLine.state == LineState.LISTED
    )  # fmt: skip
    return dict(session.exec(query).all())


def propose(
    session: Session, numbers: Collection[int], *, rules: Rules, cap: Cap, by: str, at: datetime
) -> DisposalList:
    """A new list of these files. Each is counted anew; RefusedByRule, naming the first that may not be listed."""
    today = at.astimezone(LONDON).date()
    wanted = sorted(set(numbers))
    if not wanted:
        raise RefusedByRule("Choose at least one file.", "R47")
    most = cap.of(session.exec(select(func.count()).select_from(ChildFile)).one())
    if len(wanted) > most:
        raise RefusedByRule(
            f"One list may hold {most} {'file' if most == 1 else 'files'} at most. Make a second list later.", "P11"
        )
    files = session.exec(
        select(ChildFile).where(col(ChildFile.number).in_(wanted)).order_by(col(ChildFile.number))
    ).all()
    taken = {one for each in facts.joined(session).values() for one in each}
    if len(files) != len(wanted) or any(file.id in taken for file in files):
        raise NotFound("There is no such file.")
    listed = on_lists(session)
    made = DisposalList(
        number=inbox.next_number(session, "disposal_list"), state=ListState.PROPOSED, policy_version=rules.version,
        proposed_by=by, proposed_at=at,
    )  # fmt: skip
    session.add(made)
    session.flush()
    for file in files:
        one = _candidate(session, facts.of_file(session, file), rules, today, listed)
        if not one.can_be_listed:
            reason = f"It is on list {one.on_list} already." if one.on_list else one.why[0].reason
            raise RefusedByRule(f"PC-{file.number:04d} cannot be listed. {reason}", "R47")
        session.add(
            DisposalLine(list_id=made.id, file_id=file.id, number=file.number, due=one.due, state=LineState.LISTED)
        )
    session.flush()
    _note(session, made, "disposal_listed", by, at, files=len(files))
    return made


def look(session: Session, number: int, *, version: int, by: str, at: datetime) -> DisposalList:
    """An officer has looked through the list: every file on it may go as far as anybody who knows the family can tell."""
    found = _changeable(session, number, version, (ListState.PROPOSED,))
    if not lines(session, found, LineState.LISTED):
        raise RefusedByRule("No file is left on this list. Withdraw it.", "R47")
    found.state, found.looked_by, found.looked_at = ListState.LOOKED, by, at
    _save(session, found)
    _note(session, found, "disposal_looked_through", by, at)
    return found


def approve(
    session: Session, number: int, typed: int | None, *, rules: Rules, version: int, by: str, at: datetime
) -> DisposalList:
    """A manager who proposed nothing on it approves; the count that was typed must be the count on the list (R47)."""
    found = _changeable(session, number, version, (ListState.LOOKED,))
    if by in (found.proposed_by, found.looked_by):
        raise RefusedByRule("Somebody else must approve: you proposed this list, or looked it through.", "R47")
    left = lines(session, found, LineState.LISTED)
    if typed != len(left):
        raise RefusedByRule("The number you typed is not the number of files on the list. Count them again.", "R47")
    today = at.astimezone(LONDON).date()
    for line in left:
        why = why_not(session, line, rules, today)
        if not may_be_listed(why):
            raise RefusedByRule(f"PC-{line.number:04d} must be taken off first. {why[0].reason}", "R47")
    found.state, found.approved_by, found.approved_at = ListState.APPROVED, by, at
    found.approved_count, found.grace_until = len(left), today + timedelta(days=GRACE_DAYS)
    _save(session, found)
    _note(session, found, "disposal_approved", by, at, files=len(left))
    return found


def take_off(session: Session, number: int, file_number: int, why: TakeOff, *, by: str, at: datetime) -> None:
    """Takes one file off a list, at any time before the run. A list with nothing left on it is withdrawn."""
    found = _changeable(session, number, None, MAY_CHANGE)
    line = next((each for each in lines(session, found, LineState.LISTED) if each.number == file_number), None)
    if line is None:
        raise ChangedMeanwhile("This file is not on the list any more. Look at the list again.")
    line.state, line.why, line.changed_by, line.changed_at, line.due = LineState.TAKEN_OFF, why, by, at, None
    session.add(line)
    session.flush()
    _note(session, found, "disposal_taken_off", by, at, file=str(line.file_id), why=why)
    if not lines(session, found, LineState.LISTED):
        _withdraw(session, found, by, at)
    else:
        _save(session, found)  # whoever has the list open counts anew


def withdraw(session: Session, number: int, *, version: int, by: str, at: datetime) -> None:
    """Gives up a whole list; its files stay."""
    _withdraw(session, _changeable(session, number, version, MAY_CHANGE), by, at)


def _withdraw(session: Session, found: DisposalList, by: str, at: datetime) -> None:
    for line in lines(session, found, LineState.LISTED):
        line.state, line.due, line.changed_by, line.changed_at = LineState.TAKEN_OFF, None, by, at
        session.add(line)
    found.state = ListState.WITHDRAWN
    _save(session, found)
    _note(session, found, "disposal_withdrawn", by, at)


def get(session: Session, number: int) -> DisposalList:
    """One list by its number."""
    found = session.exec(select(DisposalList).where(DisposalList.number == number)).first()
    if found is None:
        raise NotFound("There is no such list.")
    return found


def lines(session: Session, of: DisposalList, *states: LineState) -> Sequence[DisposalLine]:
    """The files of a list by number; of all states when none is named."""
    query = select(DisposalLine).where(DisposalLine.list_id == of.id).order_by(col(DisposalLine.number))
    return session.exec(query.where(col(DisposalLine.state).in_(states)) if states else query).all()


def in_states(session: Session, *states: ListState, limit: int = 100, leave_out: int = 0) -> Sequence[DisposalList]:
    """Lists, newest first: so many after leaving out so many."""
    query = select(DisposalList).where(col(DisposalList.state).in_(states)).order_by(col(DisposalList.number).desc())
    return session.exec(query.offset(leave_out).limit(limit)).all()


def oldest_first(session: Session, state: ListState) -> Sequence[DisposalList]:
    """Every list in this state, however many: which one is next must not depend on how many came after it."""
    return session.exec(
        select(DisposalList).where(DisposalList.state == state).order_by(col(DisposalList.number))
    ).all()


def count_in(session: Session, *states: ListState) -> int:
    """How many lists are in these states."""
    return session.exec(select(func.count()).where(col(DisposalList.state).in_(states))).one()


def sizes(session: Session, lists: Sequence[DisposalList]) -> dict[UUID, int]:
    """How many files are on each of these lists still; how many ever were where none is."""
    query = (
        select(DisposalLine.list_id, DisposalLine.state, func.count())
        .where(col(DisposalLine.list_id).in_([each.id for each in lists]))
        .group_by(col(DisposalLine.list_id), col(DisposalLine.state))
    )
    ever, listed = dict[UUID, int](), dict[UUID, int]()
    for of, state, number in session.exec(query):
        ever[of] = ever.get(of, 0) + number
        if state == LineState.LISTED:
            listed[of] = number
    return ever | listed


def why_not(session: Session, line: DisposalLine, rules: Rules, today: date) -> tuple[Stopped, ...]:
    """What stands today against destroying a file on a list."""
    file = session.get(ChildFile, line.file_id)
    if file is None:
        raise NotFound("There is no such file.")
    return against(session, line, file, rules, today)[1]


def against(
    session: Session, line: DisposalLine, file: ChildFile, rules: Rules, today: date
) -> tuple[Situation, tuple[Stopped, ...]]:
    """How a listed file stands today, and what stands against destroying it.

    Somebody may have found since that it and another are one child, or that they are not: then it was listed by the facts of another child than
    it belongs to now, and what would go is not what was approved (R46, P11).
    """
    found = facts.situation(session, file, facts.of_file(session, file), rules)
    why = stops(found, today, notice_days=rules.notice_days, listed_for=line.due)
    listed_at = session.get_one(DisposalList, line.list_id).proposed_at
    if merging.touched_since(session, file.id, listed_at):
        words = f"{STOP_WORDS[Stop.JOINED]}. Take it off; what is due then can be listed anew."
        why = (Stopped(Stop.JOINED, words, "R46"), *why)
    return found, why


def _changeable(session: Session, number: int, version: int | None, states: Collection[ListState]) -> DisposalList:
    found = get(session, number)
    if found.state not in states or (version is not None and found.version != version):
        raise ChangedMeanwhile(_first(session, found))
    return found


def _first(session: Session, found: DisposalList) -> str:
    """What is said to whoever comes second: who changed the list last, and when."""
    acts = [
        (found.proposed_at, found.proposed_by),
        (found.looked_at, found.looked_by),
        (found.approved_at, found.approved_by),
    ]
    acts += [(line.changed_at, line.changed_by) for line in lines(session, found)]
    at, by = max((at, by) for at, by in acts if at is not None and by is not None)
    who = accounts.display_names(session).get(by, "Paperchain")
    when = f"{in_words(at.astimezone(LONDON).date())} at {time_in_words(at, at)}"
    return f"{who} changed this list on {when}. Nothing of yours was saved; look at it again."


def _save(session: Session, found: DisposalList) -> None:
    session.add(found)
    session.flush()


def _note(session: Session, of: DisposalList, act: str, by: str, at: datetime, **detail: str | int) -> None:
    trail.append(
        session, actor=by, act=act, subject_kind="disposal_list", subject_id=str(of.id), at=at,
        detail={"number": of.number, **detail},
    )  # fmt: skip
