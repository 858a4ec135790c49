"""Destroying what was approved: one file, one transaction, everything counted anew inside it (G7, R46, P11).

A hold placed one statement before wins, because it is looked for in the transaction that destroys. A crash leaves whole files
destroyed or whole files standing; the next run goes on where this one stopped. Looking for what is left is in `verifying`.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from sqlmodel import Session, col, func, select

from records.audit import trail
from records.audit.chain import Whole
from records.audit.tables import AuditEntry
from records.clock import Clock
from records.db import Database
from records.documents.store import DocumentStore
from records.documents.tables import Document
from records.errors import Damaged, RefusedByRule
from records.people import register
from records.people.tables import ChildFile
from records.policies.settings import Policy
from records.post.tables import Item
from records.retention import disposal, facts, ledger, reach, the_clock, verifying
from records.retention.clock_guard import Cap, grace_is_over, has_jumped
from records.retention.disposal import LineState, ListState
from records.retention.ledger import What, month_of
from records.retention.reach import Reach
from records.retention.schedule import Due
from records.retention.stops import Stop
from records.retention.tables import DestructionRun, DisposalLine, DisposalList, PendingBlob, RetentionTurn


class Result(StrEnum):
    """How a run ended."""

    NOTHING = "nothing_to_do"
    THIS_MONTH_DONE = "this_month_done"
    DONE = "done"
    CLOCK = "clock_doubted"
    CHAIN = "chain_broken"
    CAP = "too_many"
    UNVERIFIED = "not_verified"


@dataclass(frozen=True)
class Outcome:
    """What a run did, in words; `number` is that of its certificate."""

    result: Result
    words: str
    number: int | None = None
    files: int = 0
    stopped: int = 0


@dataclass(frozen=True)
class Tools:
    """What a run works with. `without` and `along` know about scans that families share; `search` looks through stored bytes; `covers`
    covers again in an older backup what was covered on pictures that stay."""

    db: Database
    store: DocumentStore
    clock: Clock
    policy_on: Callable[[date], Policy]
    cap: Cap = field(default_factory=Cap)
    without: ledger.Without | None = None
    along: Callable[[Session, Item, frozenset[UUID]], set[UUID]] = lambda session, item, parts: set()
    covers: ledger.Covers | None = None
    search: Callable[[Sequence[str]], int] = lambda needles: 0
    elapsed: Callable[[], float] = time.monotonic
    ledger_file: Path | None = None


@dataclass
class _Going:
    """A run under way. `needles`: what to look for afterwards; they are held in memory only. `unsearched`: files that were destroyed before
    the run broke off, whose names are therefore not known any more (R52)."""

    number: int
    list_id: UUID
    by: str
    needles: set[str] = field(default_factory=set)
    unsearched: int = 0


def run(tools: Tools, *, by: str, vouched: bool = False) -> Outcome:
    """Destroys what the oldest list holds whose grace is over. `vouched`: a person says that today's date is right.

    By itself (`by` is the system) it runs once a month at most, so that the day of a destruction tells nothing (R51).
    """
    now = tools.clock.now()
    with tools.db.writing() as session:
        if vouched:
            the_clock.vouch(session, by=by, at=now)
        doubt = _doubt(session, now)
        _turn(session, now, doubt.result if doubt else Result.DONE)
    if doubt is not None:
        return doubt
    _finish_blobs(tools)
    with tools.db.writing() as session:
        going = _begin(session, tools, by)
    if isinstance(going, Outcome):
        return going
    began, started = tools.clock.now(), tools.elapsed()
    with tools.db.reading() as session:
        waiting = [
            line.id for line in disposal.lines(session, session.get_one(DisposalList, going.list_id), LineState.LISTED)
        ]
    for line_id in waiting:
        if has_jumped(began, tools.clock.now(), tools.elapsed() - started):
            return Outcome(Result.CLOCK, "The clock jumped during the run. The rest was left alone.", going.number)
        _destroy(tools, going, line_id)
    _finish_blobs(tools)
    tools.db.scrub()
    verifying.compact(tools.db)
    return _finish(tools, going)


def _doubt(session: Session, now: datetime) -> Outcome | None:
    clock = the_clock.clock_doubt(session, now)
    if clock is not None:
        return Outcome(Result.CLOCK, clock.reason)
    if not isinstance(trail.check(session), Whole):
        return Outcome(
            Result.CHAIN, "The record of what happened has been changed. Nothing is destroyed until that is explained."
        )
    return None


def _turn(session: Session, now: datetime, outcome: Result) -> None:
    """Notes that the keeping times were gone through, so that a silence is noticed (P11)."""
    row = session.get(RetentionTurn, 1) or RetentionTurn()
    if outcome is not Result.CLOCK:
        row.ran_at = now
    row.outcome = outcome
    session.add(row)
    session.flush()


def looked(session: Session, now: datetime) -> None:
    """The keeping times were gone through without a run, because the settings leave runs to a person."""
    _turn(session, now, Result.NOTHING)


def last_turn(session: Session) -> datetime | None:
    """When the keeping times were last gone through; None for never."""
    row = session.get(RetentionTurn, 1)
    return row.ran_at if row is not None else None


def next_list(session: Session, today: date) -> DisposalList | None:
    """A list that a run broke off, else the oldest whose grace is over."""
    for found in disposal.oldest_first(session, ListState.RUNNING):
        return found
    for found in disposal.oldest_first(session, ListState.APPROVED):
        if found.grace_until is not None and grace_is_over(found.grace_until, today):
            return found
    return None


def listed_and_most(session: Session, found: DisposalList, cap: Cap) -> tuple[int, int]:
    """How many files a list holds, and how many a run may destroy (P11)."""
    lines = select(func.count()).select_from(DisposalLine)
    listed = session.exec(lines.where(DisposalLine.list_id == found.id, DisposalLine.state == LineState.LISTED)).one()
    return listed, cap.of(session.exec(select(func.count()).select_from(ChildFile)).one())


def _begin(session: Session, tools: Tools, by: str) -> _Going | Outcome:
    today = tools.clock.today()
    found = next_list(session, today)
    if found is None:
        return Outcome(Result.NOTHING, "No approved list is waiting whose days of grace are over.")
    month = month_of(today)
    earlier = session.exec(select(DestructionRun).where(DestructionRun.list_id == found.id)).first()
    if earlier is not None:
        return _Going(earlier.number, found.id, by, unsearched=earlier.files)
    if by == trail.SYSTEM and session.exec(select(DestructionRun).where(DestructionRun.month == month)).first():
        return Outcome(Result.THIS_MONTH_DONE, "This month’s run has been. The next list waits for next month.")
    listed, most = listed_and_most(session, found, tools.cap)
    if listed > most:
        return Outcome(
            Result.CAP, f"List {found.number} holds {listed} files; a run destroys {most} at most. Nothing was destroyed.",
        )  # fmt: skip
    number = (session.exec(select(func.max(DestructionRun.number))).one() or 0) + 1
    session.add(DestructionRun(number=number, list_id=found.id, month=month, started_by=by))
    found.state = ListState.RUNNING
    session.add(found)
    session.flush()
    trail.append(
        session, actor=by, act="destruction_begun", subject_kind="disposal_list", subject_id=str(found.id),
        at=tools.clock.now(), detail={"run": number, "files": listed},
    )  # fmt: skip
    return _Going(number, found.id, by)


def _destroy(tools: Tools, going: _Going, line_id: UUID) -> None:
    try:
        with tools.db.writing() as session:
            _destroy_line(session, tools, going, line_id)
    except RefusedByRule:  # a shared scan that cannot be copied: nothing of it was saved
        with tools.db.writing() as session:
            _stop(session, tools, going, session.get_one(DisposalLine, line_id), Stop.MIXED_SCAN)


def _destroy_line(session: Session, tools: Tools, going: _Going, line_id: UUID) -> None:
    line = session.get_one(DisposalLine, line_id)
    of = session.get_one(DisposalList, line.list_id)
    if line.state != LineState.LISTED or of.state != ListState.RUNNING:
        return
    file, today = session.get(ChildFile, line.file_id), tools.clock.today()
    if file is None:
        _stop(session, tools, going, line, Stop.GONE)
        return
    rules = facts.rules(tools.policy_on, today)
    situation, why = disposal.against(session, line, file, rules, today)
    if why or not isinstance(situation.found, Due):
        _stop(session, tools, going, line, why[0].why)
        return
    every = [file, *(session.get_one(ChildFile, one) for one in facts.joined(session).get(file.id, []))]
    going.needles |= {person.name for each in every for person in register.people(session, each)}
    what = What(
        kind=ledger.FILE, rule=situation.found.rule.split(",")[0], policy_version=rules.version, due=situation.found.due,
        done=today, proposed_by=of.proposed_by, witnessed_by=of.looked_by or "", approved_by=of.approved_by or "",
        run=going.number, file_id=file.id, file_number=file.number,
    )  # fmt: skip
    gone = erase_files(session, every, what, without=tools.without, along=tools.along)
    line.state, line.due, line.changed_by, line.changed_at = LineState.DESTROYED, None, going.by, tools.clock.now()
    session.add(line)
    ran = session.get_one(DestructionRun, going.number)
    ran.files, ran.documents, ran.pages = ran.files + 1, ran.documents + gone.documents, ran.pages + gone.pages
    session.add(ran)
    trail.append(
        session, actor=going.by, act="file_destroyed", subject_kind="file", subject_id=str(line.file_id), at=tools.clock.now(),
        detail={"run": going.number, "documents": gone.documents},
    )  # fmt: skip


def erase_files(
    session: Session, files: Sequence[ChildFile], what: What, *, without: ledger.Without | None,
    along: Callable[[Session, Item, frozenset[UUID]], set[UUID]] = lambda session, item, parts: set(),
) -> Reach:  # fmt: skip
    """Erases a child's file, with those joined to it and all that belongs to them, in the caller's transaction, and enters it in the ledger.

    Whoever calls has decided that it may go. Blobs are put down to be deleted: call `finish_blobs` after the commit.
    RefusedByRule when a scan that other families share cannot be divided; then nothing may be committed.
    """
    found = reach.of_files(session, files)
    parts = frozenset(found.ids("part"))
    extra, blobs = set(parts), []
    for item in [session.get_one(Item, one) for one in sorted(found.shared)]:
        mine = parts | along(session, item, parts) | reach.replaced(session, [item.id])
        extra |= mine
        scan = session.get(Document, item.scan_id)
        if scan is not None and scan.part_id is None:
            if without is None:
                raise RefusedByRule(
                    "A scan of this child also holds other families’ pages and cannot be divided here.", "P6"
                )
            blobs += without(session, item, mine)
    gone = reach.of_ids(
        session, files=[file.id for file in files], items=found.ids("item"), parts=extra, shared=found.shared
    )
    ledger.record(session, what, gone)
    for name in dict.fromkeys([*gone.blobs, *blobs]):
        session.add(PendingBlob(name=name, run=what.run))
    reach.erase(session, gone)
    return gone


def _stop(session: Session, tools: Tools, going: _Going, line: DisposalLine, why: Stop) -> None:
    line.state, line.why, line.due = LineState.STOPPED, why, None
    line.changed_by, line.changed_at = going.by, tools.clock.now()
    session.add(line)
    ran = session.get_one(DestructionRun, going.number)
    ran.stopped += 1
    session.add(ran)
    trail.append(
        session, actor=going.by, act="disposal_stopped", subject_kind="file", subject_id=str(line.file_id),
        at=tools.clock.now(), detail={"run": going.number, "why": why},
    )  # fmt: skip


def finish_blobs(db: Database, store: DocumentStore) -> int:
    """Deletes the bytes of what was erased, and forgets their names only when they are gone. Safe to repeat."""
    with db.reading() as session:
        names = list(session.exec(select(PendingBlob.name)))
    for name in names:
        store.delete(name)
        if verifying.still_there(store, name):
            raise OSError("a stored document could not be deleted")
    if names:
        with db.writing() as session:
            for name in names:
                row = session.get(PendingBlob, name)
                if row is not None:
                    session.delete(row)
    return len(names)


def _finish_blobs(tools: Tools) -> None:
    finish_blobs(tools.db, tools.store)


def _finish(tools: Tools, going: _Going) -> Outcome:
    with tools.db.reading() as session:
        found = verifying.rows_left(session, ledger.entries(session, going.number))
        found += verifying.words_left(session, going.needles)
        found += session.exec(select(func.count()).select_from(PendingBlob)).one()
    found += tools.search(sorted(going.needles))
    with tools.db.writing() as session:
        now = tools.clock.now()
        ran, of = session.get_one(DestructionRun, going.number), session.get_one(DisposalList, going.list_id)
        if not ran.finished:
            ran.finished, ran.verified, ran.found = True, found == 0, found
            if found:
                verifying.traces_found(session, str(ran.number), by=going.by, at=now)
            of.state = ListState.DONE
            session.add(of)
            trail.append(
                session, actor=going.by, act="destruction_finished", subject_kind="disposal_list", subject_id=str(of.id),
                at=now, detail={"run": ran.number, "files": ran.files, "stopped": ran.stopped, "found": found,
                    **({"unsearched": going.unsearched} if going.unsearched else {})},
            )  # fmt: skip
            last = session.exec(select(AuditEntry).order_by(col(AuditEntry.sequence).desc()).limit(1)).one()
            ran.head_sequence, ran.head_mac = last.sequence, bytes(last.mac).hex()
            session.add(ran)
        every = ledger.entries(session)
    if tools.ledger_file is not None:
        with suppress(Damaged):  # a copy that cannot be read stays as it is; each day's job tells of it
            ledger.keep(tools.ledger_file, every)
    tools.db.scrub()
    words = f"{_files(ran.files)} destroyed, {ran.documents} documents; {_files(ran.stopped)} left alone."
    if found:
        return Outcome(
            Result.UNVERIFIED, f"{words} Something of them was still found.", ran.number, ran.files, ran.stopped
        )
    looked = "Nothing of them was found afterwards."
    if going.unsearched:
        looked += (
            f" The run had broken off: the names on {_files(going.unsearched)} destroyed before were not searched for."
        )
    return Outcome(Result.DONE, f"{words} {looked}", ran.number, ran.files, ran.stopped)


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"
