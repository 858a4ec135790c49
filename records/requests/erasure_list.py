"""The list of an erasure: every item of the file, what is decided about it, what stands against erasing, and the erasing (R31, R69).

One person lists, a manager who listed nothing approves exactly that list, and it is erased for good. Nothing goes while any hold but the
request's own stands, or while the paper of what goes is still here.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

from records import tasks
from records.audit import trail
from records.cases.tables import CaseNote
from records.clock import LONDON
from records.consents.tables import ConsentEvent
from records.custody.moves import Custody
from records.custody.tables import Original
from records.documents import keyring
from records.documents.envelope import seal_json, unseal_json
from records.documents.tables import Document
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.holds import register as holds
from records.holds.kinds import in_lines
from records.people import merging
from records.people.tables import ChildFile
from records.policies.periods import in_words
from records.post.parting import give
from records.post.tables import Item, Page, Part
from records.requests import register
from records.requests.erasure import (
    GOES,
    Decided,
    Ground,
    UnitKind,
    Verdict,
    all_go,
    cannot_decide,
    fingerprint,
    undecided,
)
from records.requests.kinds import Event, Kind
from records.requests.tables import PageDecision, RequestEvent, RequestRow
from records.retention import disposal, ledger, partly, run
from records.retention.facts import STILL_HERE
from records.retention.ledger import What
from records.vocabulary import DocumentKind, PartKind

REVIEW = "erasure_review"
KIND_OF = {PartKind.FORM.value: UnitKind.FORM}


@dataclass(frozen=True)
class Unit:
    """One item of the list, in words without a name; `papers`: numbers of its originals that are still here; `pages`: a letter's, in order."""

    id: UUID
    kind: UnitKind
    words: str
    papers: tuple[int, ...] = ()
    pages: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Tools:
    """What erasing works with: how a scan that others share is divided, and which blank backs go with a form."""

    without: ledger.Without | None = None
    along: Callable[[Session, Item, frozenset[UUID]], set[UUID]] = lambda session, item, parts: set()


@dataclass(frozen=True)
class Erased:
    """What was erased and kept. `whole`: nothing was kept, so the file is gone, and this request with it. `entry`: of the ledger, and so
    of its certificate; None when nothing was erased."""

    items: int
    kept: int
    whole: bool
    entry: int | None = None


def units(session: Session, file: ChildFile) -> list[Unit]:
    """Every item of a file and of those joined to it: forms, letters, other documents, notes, and the answers as one."""
    ids = merging.ids_of(session, file.id)
    papers: dict[UUID | None, list[int]] = {}
    for paper in session.exec(
        select(Original).where(col(Original.file_id).in_(ids), col(Original.state).in_(STILL_HERE))
    ):
        papers.setdefault(paper.part_id, []).append(paper.number)
    pages: dict[UUID | None, list[UUID]] = {}
    wanted = col(Page.part_id).in_(select(Part.id).where(col(Part.file_id).in_(ids)))
    for page in session.exec(select(Page).where(wanted).order_by(col(Page.number))):
        pages.setdefault(page.part_id, []).append(page.id)
    found = []
    rows = session.exec(
        select(Part, Item).join(Item, col(Item.id) == Part.item_id).where(col(Part.file_id).in_(ids))
        .order_by(col(Item.received_on), col(Item.number), col(Part.id))
    )  # fmt: skip
    for part, item in rows:
        kind = KIND_OF.get(part.kind, UnitKind.LETTER)
        own = tuple(pages.get(part.id, ()))
        count = len(own)
        what = "Form" if kind is UnitKind.FORM else "Letter or report"
        words = f"{what} of item {item.number}, {'1 page' if count == 1 else f'{count} pages'}, received {in_words(item.received_on)}"
        single = own if kind is UnitKind.LETTER and count > 1 else ()
        found.append(Unit(part.id, kind, words, tuple(sorted(papers.get(part.id, []))), single))
    loose = select(Document).where(
        col(Document.file_id).in_(ids), col(Document.part_id).is_(None), Document.kind != DocumentKind.SCAN
    )  # fmt: skip
    for one in session.exec(loose.order_by(col(Document.stored_at), col(Document.page), col(Document.id))):
        what = "Access copy that was sent" if one.kind == DocumentKind.BUNDLE else "Page"
        words = f"{what}, kept since {in_words(one.stored_at.astimezone(LONDON).date())}"
        found.append(Unit(one.id, UnitKind.DOCUMENT, words))
    threads = session.exec(
        select(CaseNote.thread_id, func.max(CaseNote.happened_on)).where(col(CaseNote.file_id).in_(ids))
        .group_by(col(CaseNote.thread_id)).order_by(func.max(CaseNote.happened_on), col(CaseNote.thread_id))
    )  # fmt: skip
    found += [Unit(thread, UnitKind.NOTE, f"Note of {in_words(day)}") for thread, day in threads]
    answers = session.exec(
        select(func.count()).select_from(ConsentEvent).where(col(ConsentEvent.file_id).in_(ids))
    ).one()
    if answers:
        words = f"The answers about consent, {'1 answer' if answers == 1 else f'{answers} answers'}"
        found.append(Unit(file.id, UnitKind.ANSWERS, words))
    return found


def asked_for(session: Session, row: RequestRow, file: ChildFile) -> list[Unit]:
    """The items that a request is about: all of the file, or only those that were asked for (R61)."""
    only = register.asking(session, row).only
    return [unit for unit in units(session, file) if not only or str(unit.id) in only]


def goes_whole(session: Session, row: RequestRow, every: Sequence[Unit], found: Mapping[UUID, Decided]) -> bool:
    """Whether nothing is kept, so that the file itself goes; never where only some items were asked for."""
    return not register.asking(session, row).only and all_go([unit.id for unit in every], found)


def decided(session: Session, row: RequestRow) -> dict[UUID, Decided]:
    """The newest decision about each item."""
    rows = session.exec(
        select(PageDecision).where(PageDecision.request_id == row.id).order_by(col(PageDecision.sequence))
    )
    return {
        each.document_id: Decided(
            Verdict(each.decision),
            Ground(each.code) if each.code else None,
            each.review_on,
            tuple(UUID(one) for one in each.pages.split(",")) if each.pages else (),
        )
        for each in rows
    }


def reasons(session: Session, row: RequestRow) -> dict[UUID, str]:
    """Why what is kept is kept, in the words of the newest decision about each item, so that a list is confirmed again without typing."""
    key = keyring.open_key(session, row.key_id)
    rows = session.exec(
        select(PageDecision).where(PageDecision.request_id == row.id).order_by(col(PageDecision.sequence))
    )
    newest = {each.document_id: each for each in rows}
    return {
        item: str(unseal_json(key, each.sealed, each.id.bytes)["words"]) for item, each in newest.items() if each.sealed
    }


def settle(
    session: Session, row: RequestRow, file: ChildFile, given: Mapping[UUID, tuple[Decided, str]], *, by: str, at: datetime,
    words: str = "",
) -> None:  # fmt: skip
    """Decides about every item at once; an approval that was given before falls. RefusedByRule, in words; ChangedMeanwhile for an item nobody saw."""
    today = at.astimezone(LONDON).date()
    of = asked_for(session, row, file)
    if {unit.id for unit in of} != set(given):
        raise ChangedMeanwhile("Something came to this file, or left it, meanwhile. Look at the list again.")
    for unit in of:
        found, reason = given[unit.id]
        wrong = cannot_decide(unit.kind, found, reason, today, unit.pages)
        if wrong:
            raise RefusedByRule(f"{unit.words}: {wrong}.", "R31")
    key = keyring.open_key(session, row.key_id)
    last = session.exec(select(func.max(PageDecision.sequence)).where(PageDecision.request_id == row.id)).one() or 0
    for place, unit in enumerate(of, start=1):
        found, reason = given[unit.id]
        made = PageDecision(
            request_id=row.id, sequence=last + place, document_id=unit.id, decision=found.verdict, code=found.code,
            review_on=found.review_on if found.verdict is not Verdict.ERASE else None, decided_by=by, decided_at=at,
            pages=",".join(page.hex for page in found.pages) or None,
        )  # fmt: skip
        if reason.strip() and found.verdict is not Verdict.ERASE:
            made.sealed = seal_json(key, {"words": reason.strip()[: register.LONGEST_WORDS]}, made.id.bytes)
        session.add(made)
    session.flush()
    register.move(session, row, Event.WHAT_SETTLED, on=today, by=by, at=at, words=words)


def approve(session: Session, row: RequestRow, file: ChildFile, *, by: str, at: datetime, words: str = "") -> None:
    """A manager's yes to exactly this list. RefusedByRule from whoever listed, or while an item is not decided."""
    if by in _listers(session, row):
        raise RefusedByRule("Somebody else must approve: you listed what is erased.", "R31")
    ids, found = _now(session, row, file)
    if undecided(ids, found):
        raise RefusedByRule("An item came to the file that nobody has decided about. Look at the list again.", "R31")
    today = at.astimezone(LONDON).date()
    register.move(
        session,
        row,
        Event.APPROVED,
        on=today,
        by=by,
        at=at,
        code=fingerprint(ids, found, _beside(session, row, file)),
        words=words,
    )


def approved(session: Session, row: RequestRow, file: ChildFile) -> bool:
    """Whether a manager approved exactly what is decided and there now."""
    return _approval(session, row, file) is not None


def against(session: Session, row: RequestRow, file: ChildFile) -> tuple[str, ...]:
    """Everything that stands against erasing now, in words.

    The hold that this request placed itself does not, nor one that runs out after another was answered: only an open request is a
    ground to keep (R31), and the family would wait months for what is due in one (R45, R1).
    """
    own, why = register.source(row), list[str]()
    ids = merging.ids_of(session, file.id)
    standing = {hold.id: hold for one in ids for hold in holds.blocking(session, file_id=one) if hold.source != own}
    why += in_lines(hold for hold in standing.values() if not hold.running_out)
    others = session.exec(
        select(RequestRow.number).where(
            col(RequestRow.file_id).in_(ids), col(RequestRow.closed_at).is_(None), RequestRow.id != row.id
        ).order_by(col(RequestRow.number))
    )  # fmt: skip
    why += [f"Request {number} about this file is open. Close it first." for number in others]
    listed = disposal.on_lists(session)
    why += [f"The file is on list {listed[one]} for destruction. Take it off first." for one in ids if one in listed]
    found = decided(session, row)
    every = asked_for(session, row, file)
    whole = goes_whole(session, row, every, found)
    papers = {
        number
        for unit in every
        if (one := found.get(unit.id)) is not None and one.verdict in GOES
        for number in unit.papers
    }
    if whole:
        papers |= set(
            session.exec(
                select(Original.number).where(col(Original.file_id).in_(ids), col(Original.state).in_(STILL_HERE))
            )
        )
    why += [
        f"Paper O-{number} is still here. Return it to the family, or put it in confidential waste, first."
        for number in sorted(papers)
    ]
    return tuple(dict.fromkeys(why))


def execute(
    session: Session, row: RequestRow, file: ChildFile, typed: int | None, *, tools: Tools, policy_version: str, by: str,
    at: datetime,
) -> Erased:  # fmt: skip
    """Erases what was approved, for good. `typed`: the number of items to erase, counted by whoever does it.

    Everything is asked anew in this transaction. RefusedByRule, in words, when anything stands against it; call `finish_blobs` after
    the commit.
    """
    approval = _approval(session, row, file)
    if row.closed_at is not None or approval is None:
        raise RefusedByRule("A manager has not approved exactly this list. Look at it again.", "R31")
    stops = against(session, row, file)
    if stops:
        raise RefusedByRule(f"Nothing was erased. {stops[0]}", "R68")
    every, found = asked_for(session, row, file), decided(session, row)
    going = [unit for unit in every if found[unit.id].verdict in GOES]
    if typed != len(going):
        raise RefusedByRule("The number you typed is not the number of items to erase. Count them again.", "R47")
    whole, today = goes_whole(session, row, every, found), at.astimezone(LONDON).date()
    if whole and not any(each.what is Event.LETTER for each in register.events(session, row)):
        raise RefusedByRule("Print the letter first: the address goes with the file.", "R31")
    listers = sorted(_listers(session, row))
    what = What(
        kind=ledger.ERASURE, rule="R31", policy_version=policy_version, due=None, done=today, proposed_by=listers[-1] if listers else by,
        witnessed_by="", approved_by=approval, file_id=file.id if whole else None, file_number=file.number if whole else None,
    )  # fmt: skip
    files, number = merging.files_of(session, file), row.number
    if whole:
        run.erase_files(session, files, what, without=tools.without, along=tools.along)
    elif going:
        single = {_apart(session, unit, found[unit.id].pages) for unit in going if found[unit.id].pages}
        parts = _of([unit for unit in going if not found[unit.id].pages], UnitKind.FORM, UnitKind.LETTER)
        partly.erase_some(
            session, files, what, parts=parts | single, documents=_of(going, UnitKind.DOCUMENT),
            notes=_of(going, UnitKind.NOTE), answers=bool(_of(going, UnitKind.ANSWERS)), without=tools.without,
            along=tools.along,
        )  # fmt: skip
    trail.append(
        session, actor=by, act="erased_on_request", subject_kind="request", subject_id=str(number), at=at,
        detail={"items": len(going), "kept": sum(found[unit.id].verdict is not Verdict.ERASE for unit in every)},
    )  # fmt: skip
    stay = [unit for unit in every if found[unit.id].verdict is not Verdict.ERASE]
    done = Erased(len(going), len(stay), whole, ledger.head(session)[0] if whole or going else None)
    if not whole:
        row = register.get(session, number)
        register.move(
            session, row, Event.ERASED, on=today, by=by, at=at, words=f"{done.items} erased, {done.kept} kept."
        )
        _look_again(session, row, file.id, [found[unit.id] for unit in stay], by, at)
    return done


def _apart(session: Session, unit: Unit, pages: Collection[UUID]) -> UUID:
    """Puts the pages of a letter that go into a part of their own, so that they are erased like one. ChangedMeanwhile when it was sorted anew."""
    letter = session.get_one(Part, unit.id)
    rows = session.exec(select(Page).where(Page.part_id == letter.id, col(Page.id).in_(pages))).all()
    if len(rows) != len(set(pages)):
        raise ChangedMeanwhile("The pages of this letter were sorted anew meanwhile. Look at the list again.")
    made = Part(
        item_id=letter.item_id, kind=letter.kind, state=letter.state, file_id=letter.file_id, read_at=letter.read_at,
        decided_by=letter.decided_by, decided_at=letter.decided_at,
    )  # fmt: skip
    give(session, rows, made)
    return made.id


def lets_go(session: Session, original: Original) -> frozenset[str]:
    """Holds of requests that do not keep this paper: a manager approved to erase exactly what it shows."""
    if original.file_id is None:
        return frozenset()
    rows = session.exec(
        select(RequestRow).where(
            RequestRow.kind == Kind.ERASURE, col(RequestRow.closed_at).is_(None),
            col(RequestRow.file_id).in_(merging.ids_of(session, original.file_id)),
        )
    ).all()  # fmt: skip
    free = set()
    for row in rows:
        file = session.get(ChildFile, row.file_id) if row.file_id else None
        if file is None or not approved(session, row, file):
            continue
        found = decided(session, row)
        one = found.get(original.part_id) if original.part_id else None
        if one is not None and one.verdict in GOES:
            free.add(register.source(row))
            standing = holds.blocking(session, original_id=original.id)
            free |= {hold.source for hold in standing if hold.running_out and hold.source}
    return frozenset(free)


def papers_of(session: Session, file: ChildFile) -> list[tuple[int, Custody]]:
    """Papers of the file that are still here, with where they are."""
    ids = merging.ids_of(session, file.id)
    rows = session.exec(
        select(Original.number, Original.state)
        .where(col(Original.file_id).in_(ids), col(Original.state).in_(STILL_HERE))
        .order_by(col(Original.number))
    )
    return [(number, Custody(state)) for number, state in rows]


def _of(going: list[Unit], *kinds: UnitKind) -> set[UUID]:
    return {unit.id for unit in going if unit.kind in kinds}


def _now(session: Session, row: RequestRow, file: ChildFile) -> tuple[list[UUID], dict[UUID, Decided]]:
    return [unit.id for unit in asked_for(session, row, file)], decided(session, row)


def _listers(session: Session, row: RequestRow) -> set[str]:
    """Whoever decided about an item, ever: none of them approves."""
    return set(session.exec(select(PageDecision.decided_by).where(PageDecision.request_id == row.id)))


def _approval(session: Session, row: RequestRow, file: ChildFile) -> str | None:
    """Who approved exactly what is decided and there now; None when nobody did."""
    last = session.exec(
        select(RequestEvent)
        .where(
            RequestEvent.request_id == row.id, col(RequestEvent.what).in_((Event.APPROVED, Event.WHAT_SETTLED))
        )
        .order_by(col(RequestEvent.sequence).desc())
        .limit(1)
    ).first()  # fmt: skip
    if last is None or last.what != Event.APPROVED:
        return None
    ids, found = _now(session, row, file)
    return last.recorded_by if last.code == fingerprint(ids, found, _beside(session, row, file)) else None


def _beside(session: Session, row: RequestRow, file: ChildFile) -> list[str]:
    """What stands on no line of the list and goes with the whole file: which files are one child, and the answers there are. A file that was joined
    since, and a yes that came since, were never approved (F22, R26)."""
    if register.asking(session, row).only:
        return []
    answers = select(ConsentEvent.id).where(col(ConsentEvent.file_id).in_(merging.ids_of(session, file.id)))
    return sorted(each.hex for each in (*merging.ids_of(session, file.id), *session.exec(answers)))


def _look_again(session: Session, row: RequestRow, file_id: UUID, kept: list[Decided], by: str, at: datetime) -> None:
    days: dict[date, int] = {}
    for one in kept:
        if one.review_on is not None:
            days[one.review_on] = days.get(one.review_on, 0) + 1
    for day, count in sorted(days.items()):
        things = "1 item was" if count == 1 else f"{count} items were"
        tasks.raise_task(
            session, kind=REVIEW, file_id=file_id, due=day, for_officer=None, raised_by=by, at=at,
            key=f"{REVIEW}:{row.id}:{day.isoformat()}",
            words=f"{things} kept after request {row.number}. Look whether the ground still holds; if not, record an erasure.",
        )  # fmt: skip


def need_file(session: Session, row: RequestRow) -> ChildFile:
    """The file of an erasure. NotFound while it has none, or for another kind of request."""
    file = session.get(ChildFile, row.file_id) if row.file_id else None
    if file is None or row.kind != Kind.ERASURE:
        raise NotFound("There is nothing here.")
    return file
