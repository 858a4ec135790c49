"""Pages of a file looked through for an access copy: decided, covered, noted. Each decision is appended; the newest counts.

Only pages that are filed on the request's own file, or on one joined to it as the same child, are ever shown or taken (P8).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, and_, col, func, or_, select

from records.audit import trail
from records.clock import LONDON
from records.documents import keyring
from records.documents.envelope import seal_json, unseal_json
from records.documents.tables import Document
from records.errors import NotFound, RefusedByRule
from records.guard import marks
from records.people import merging
from records.people.entitlement import Outcome, RequesterKind, given_stops
from records.people.tables import ChildFile
from records.people.typed import text_problem
from records.post.tables import Item, Part
from records.requests import register
from records.requests.asker import asks_as
from records.requests.bundle import (
    GROUNDS,
    MOST_BOXES,
    Box,
    Decision,
    Exemption,
    Judged,
    Plan,
    PlanPage,
    cannot_decide,
    plan_for,
)
from records.requests.kinds import Event, Requester
from records.requests.others import (
    HEALTH_WORDS,
    ON_PAGE_WORDS,
    STEPS_WORDS,
    THIRD,
    Advice,
    Health,
    Looked,
    NotAnswered,
    OnPage,
    Opinion,
    Steps,
    may_cover,
    may_show,
)  # fmt: skip
from records.requests.tables import BundleMade, HealthOpinion, PageDecision, Redaction, RequestRow
from records.vocabulary import DocumentKind


@dataclass(frozen=True)
class Held:
    """One stored page of the file. `item_number`, `received`: the post it came in; `number`: its place among the file's pages."""

    document: Document
    number: int
    item_number: int | None
    received: date
    kind: str


def held(session: Session, row: RequestRow) -> list[Held]:
    """Every page that is filed on the request's file, in the order in which it came. NotFound while it belongs to no file."""
    of_file = or_(*(
        and_(col(Document.file_id) == each.id, col(Document.key_id) == each.key_id) for each in _files(session, row)
    ))  # fmt: skip
    rows = session.exec(
        select(Document)
        .where(of_file, Document.kind == DocumentKind.PAGE)
        .order_by(col(Document.stored_at), col(Document.item_id), col(Document.page), col(Document.id))
    ).all()
    items = {
        item.id: item
        for item in session.exec(select(Item).where(col(Item.id).in_({r.item_id for r in rows if r.item_id})))
    }
    parts = {
        part.id: part
        for part in session.exec(select(Part).where(col(Part.id).in_({r.part_id for r in rows if r.part_id})))
    }
    ordered = sorted(
        rows, key=lambda each: (items[each.item_id].number if each.item_id in items else 0, each.page or 0)
    )
    return [
        Held(
            each, place, items[each.item_id].number if each.item_id in items else None,
            items[each.item_id].received_on if each.item_id in items else each.stored_at.astimezone(LONDON).date(),
            parts[each.part_id].kind if each.part_id in parts else "other",
        )
        for place, each in enumerate(ordered, start=1)
    ]  # fmt: skip


def _file(session: Session, row: RequestRow) -> ChildFile:
    if row.file_id is None:
        raise NotFound("This request belongs to no file yet.")
    return session.get_one(ChildFile, row.file_id)


def _files(session: Session, row: RequestRow) -> list[ChildFile]:
    """The request's file, and those joined to it."""
    return merging.files_of(session, _file(session, row))


def one(session: Session, row: RequestRow, document_id: UUID) -> Document:
    """One page of this request's child. NotFound for any other."""
    keys = {each.id: each.key_id for each in _files(session, row)}
    document = session.get(Document, document_id)
    if (
        document is None
        or document.file_id not in keys
        or document.key_id != keys[document.file_id]
        or document.kind != DocumentKind.PAGE
    ):
        raise NotFound("There is nothing here.")
    return document


def decisions(session: Session, row: RequestRow) -> dict[UUID, PageDecision]:
    """The newest decision about each page."""
    rows = session.exec(
        select(PageDecision).where(PageDecision.request_id == row.id).order_by(col(PageDecision.sequence))
    )
    return {each.document_id: each for each in rows}


def reason_of(session: Session, row: RequestRow, decided: PageDecision) -> str:
    """What was written about a decision."""
    if decided.sealed is None:
        return ""
    return str(unseal_json(keyring.open_key(session, row.key_id), decided.sealed, decided.id.bytes)["words"])


def third_of(session: Session, row: RequestRow, kept: PageDecision | Redaction) -> str:
    """Whose information a decision or a covered part is about, and why the three steps were answered so."""
    if kept.sealed is None:
        return ""
    return str(unseal_json(keyring.open_key(session, row.key_id), kept.sealed, kept.id.bytes).get("third", ""))


def decide(
    session: Session, row: RequestRow, document_id: UUID, decision: Decision, code: Exemption | None, reason: str, *,
    is_manager: bool, by: str, at: datetime, looked: Looked | None = None,
) -> None:  # fmt: skip
    """Decides about one page. A page that waits for the manager is decided by a manager alone.

    `looked`: what it tells of other people and of health. RefusedByRule in words, NotAnswered at its field (R65, R66).
    """
    document, looked = one(session, row, document_id), looked or Looked()
    wrong = cannot_decide(decision, code, is_manager=is_manager, reason=reason)
    before = decisions(session, row).get(document.id)
    if (
        before is not None
        and before.decision == Decision.MANAGER
        and decision is not Decision.MANAGER
        and not is_manager
    ):
        wrong = "This page waits for the manager, who decides it."
    if decision is Decision.INCLUDE and not _for_the_child(session, row):
        marked = marks.of_file(session, _file(session, row).id)
        given = given_stops(marked[document.part_id]) if document.part_id in marked else None
        if given is not None and given.outcome is Outcome.WITHHOLD:
            wrong = "The young person gave this and has not agreed, so it is left out."
        elif given is not None and not is_manager:
            wrong = "The young person gave this and was not asked. Ask them first, or ask the manager."
    if wrong:
        raise RefusedByRule(wrong, "R66")
    on, opinion = at.astimezone(LONDON).date(), opinion_on(session, row, document.id)
    if decision is Decision.WITHHOLD and code is not None:
        may_cover(code, looked, opinion, on)
    if decision is Decision.INCLUDE:
        may_show(looked, _covered(session, row, document.id), opinion, on)
    code = code if decision is Decision.WITHHOLD else None
    keep(session, row, document_id, decision, code, reason, by=by, at=at, looked=looked)


def _covered(session: Session, row: RequestRow, document_id: UUID) -> frozenset[Exemption]:
    return frozenset(Exemption(box.code) for box in boxes(session, row).get(document_id, []))


def decide_rest(
    session: Session, row: RequestRow, *, by: str, at: datetime, leave: Collection[UUID] = frozenset()
) -> int:
    """The pages that nobody has decided go in: whoever looked at them says that none tells of another person who is not covered, other than
    professionals in their work, nor of health that the person may not know. Returns how many. Raises as `decide`.

    `leave`: pages that this person may not look at, and so does not decide.
    """  # fmt: skip
    waiting = [
        each.page.document_id
        for each in judged(session, row)
        if each.decision is None and each.page.document_id not in leave
    ]
    for document in waiting:
        others = OnPage.COVERED if _covered(session, row, document) & THIRD else OnPage.PROFESSIONALS
        looked = Looked(others=others, health=Health.NONE)
        decide(session, row, document, Decision.INCLUDE, None, "", is_manager=False, by=by, at=at, looked=looked)
    return len(waiting)


def opinion_on(session: Session, row: RequestRow, document_id: UUID) -> Opinion | None:
    """The newest opinion of a health professional about a page; None when none was recorded."""
    found = opinions(session, row, document_id)
    return Opinion(Advice(found[-1].advice), found[-1].given_on) if found else None


def opinions(session: Session, row: RequestRow, document_id: UUID) -> Sequence[HealthOpinion]:
    """What health professionals said about a page, in order."""
    query = select(HealthOpinion).where(HealthOpinion.request_id == row.id, HealthOpinion.document_id == document_id)
    return session.exec(query.order_by(col(HealthOpinion.sequence))).all()


def opinion_words(session: Session, row: RequestRow, opinion: HealthOpinion) -> tuple[str, str]:
    """Who gave it, and what they said."""
    read = unseal_json(keyring.open_key(session, row.key_id), opinion.sealed, opinion.id.bytes)
    return str(read["who"]), str(read["words"])


def add_opinion(
    session: Session, row: RequestRow, document_id: UUID, advice: Advice, *, who: str, words: str, given_on: date, by: str, at: datetime
) -> None:  # fmt: skip
    """Records a health professional's opinion about a page (R66). NotAnswered without who gave it, or for a day to come."""
    document = one(session, row, document_id)
    if not who.strip():
        raise NotAnswered("who", "Enter the health professional’s name and what they are", "R66")
    if given_on > at.astimezone(LONDON).date():
        raise NotAnswered("given_on", "The day must be today or in the past", "R66")
    _changed(session, row, by, at)
    count = session.exec(
        select(func.count()).select_from(HealthOpinion).where(HealthOpinion.request_id == row.id)
    ).one()
    made = HealthOpinion(
        request_id=row.id, sequence=count + 1, document_id=document.id, advice=advice, given_on=given_on, sealed=b"", recorded_by=by,
        recorded_at=at,
    )  # fmt: skip
    _readable(who=(who, "The name"), said=(words, "What they said"))
    said = {"who": who.strip(), "words": words.strip()}
    made.sealed = seal_json(keyring.open_key(session, row.key_id), said, made.id.bytes)
    session.add(made)
    session.flush()
    _note(session, row, "request_health_opinion", by, at, document.id, advice=advice.value)


def keep(
    session: Session,
    row: RequestRow,
    document_id: UUID,
    decision: str,
    code: str | None,
    reason: str,
    *,
    by: str,
    at: datetime,
    review_on: date | None = None,
    looked: Looked | None = None,
) -> PageDecision:
    """Appends a decision, and marks what was made from the pages before as out of date."""
    _changed(session, row, by, at)
    count = session.exec(select(func.count()).select_from(PageDecision).where(PageDecision.request_id == row.id)).one()
    made = PageDecision(
        request_id=row.id, sequence=count + 1, document_id=document_id, decision=decision, code=code, review_on=review_on,
        decided_by=by, decided_at=at,
    )  # fmt: skip
    _readable(reason=(reason, "The reason"), third=(looked.third if looked else "", "Who it is about"))
    said = {"words": reason.strip()}
    if looked is not None:
        made.others, made.steps, made.health = looked.others, looked.steps, looked.health
        said["third"] = looked.third.strip()
    if any(said.values()):
        made.sealed = seal_json(keyring.open_key(session, row.key_id), said, made.id.bytes)
    session.add(made)
    session.flush()
    _note(session, row, "request_page_decided", by, at, document_id, decision=str(decision), code=code or "-")
    return made


def _readable(**typed: tuple[str, str]) -> None:
    """NotAnswered at the box in which something cannot be kept whole: its words and what they are called, by field."""
    for field, (words, label) in typed.items():
        if problem := text_problem(words, label):
            raise NotAnswered(field, problem, "R65")


def boxes(session: Session, row: RequestRow) -> dict[UUID, list[Redaction]]:
    """What is covered now, by page."""
    found: dict[UUID, list[Redaction]] = {}
    rows = session.exec(
        select(Redaction)
        .where(Redaction.request_id == row.id, col(Redaction.removed_at).is_(None))
        .order_by(col(Redaction.drawn_at), col(Redaction.top), col(Redaction.left), col(Redaction.id))
    )
    for each in rows:
        found.setdefault(each.document_id, []).append(each)
    return found


def cover(
    session: Session,
    row: RequestRow,
    document_id: UUID,
    box: Box,
    *,
    by: str,
    is_manager: bool,
    at: datetime,
    looked: Looked | None = None,
) -> Redaction:
    """Covers a part of a page. RefusedByRule when there are too many, NotAnswered while its reason is not settled, or is the manager's (R65, R66)."""
    one(session, row, document_id)
    looked = looked or Looked()
    if GROUNDS[box.code].manager and not is_manager:
        raise NotAnswered(
            "code", "Only a manager can cover a part for this reason. Choose ‘Ask the manager’ for the page", "R66"
        )
    may_cover(box.code, looked, opinion_on(session, row, document_id), at.astimezone(LONDON).date())
    if len(boxes(session, row).get(document_id, [])) >= MOST_BOXES:
        raise RefusedByRule(f"A page can have at most {MOST_BOXES} covered parts. Leave the page out instead.", "R65")
    _readable(third=(looked.third, "Who it is about"))
    _changed(session, row, by, at)
    made = Redaction(
        request_id=row.id, document_id=document_id, left=box.left, top=box.top, width=box.width, height=box.height,
        code=box.code, steps=looked.steps, drawn_by=by, drawn_at=at,
    )  # fmt: skip
    if looked.third.strip():
        said = {"third": looked.third.strip()}
        made.sealed = seal_json(keyring.open_key(session, row.key_id), said, made.id.bytes)
    session.add(made)
    session.flush()
    _note(session, row, "request_page_covered", by, at, document_id, code=str(box.code))
    return made


def uncover(session: Session, row: RequestRow, box_id: UUID, *, by: str, at: datetime) -> None:
    """Takes a covered part away; who drew it and who took it away stays known. NotFound when there is none."""
    box = session.get(Redaction, box_id)
    if box is None or box.request_id != row.id or box.removed_at is not None:
        raise NotFound("There is nothing here.")
    _changed(session, row, by, at)
    box.removed_by, box.removed_at = by, at
    session.add(box)
    session.flush()
    _note(session, row, "request_page_uncovered", by, at, box.document_id, code=box.code)


def judged(session: Session, row: RequestRow) -> list[Judged]:
    """Every page of the file as decided, in order."""
    decided, covered = decisions(session, row), boxes(session, row)
    said = {} if _for_the_child(session, row) else marks.said_of(session, _file(session, row).id)
    found = []
    for each in held(session, row):
        drawn = tuple(
            Box(box.left, box.top, box.width, box.height, Exemption(box.code))
            for box in covered.get(each.document.id, [])
        )
        file_id = each.document.file_id
        assert file_id is not None
        last = decided.get(each.document.id)
        if last is not None and last.decision == Decision.INCLUDE and last.others is None:
            last = None  # nobody said what it tells of other people: it is open again
        mark = said.get(each.document.part_id) if each.document.part_id else None
        stopped = last is not None and last.decision == Decision.INCLUDE and _stopped_since(mark, last)
        if stopped:
            last = None
        found.append(
            Judged(
                PlanPage(each.document.id, file_id, drawn), Decision(last.decision) if last else None,
                Exemption(last.code) if last and last.code else None,
                said_of(last) if last else MARKED_SINCE if stopped else "",
            )
        )  # fmt: skip
    return found


MARKED_SINCE = "The young person gave it: this was marked after it was decided"


def _stopped_since(mark: marks.Said | None, decided: PageDecision) -> bool:
    """Whether what the young person said takes back that a page goes in (W29): a no always, and not asked when it was noted since."""
    stops = given_stops(mark.given) if mark is not None else None
    if mark is None or stops is None:
        return False
    return stops.outcome is Outcome.WITHHOLD or mark.at > decided.decided_at


def _for_the_child(session: Session, row: RequestRow) -> bool:
    """Whether it is the child's or young person's own request, by themselves or by an agent of theirs."""
    return asks_as(Requester(row.requester), register.asking(session, row).acts_as) is RequesterKind.CHILD


def said_of(decided: PageDecision) -> str:
    """What was answered about other people and health on a page, in one line; empty when nothing had to be said."""
    found = []
    if decided.others in (OnPage.COVERED, OnPage.SHOWN):
        found.append(f"Other people: {ON_PAGE_WORDS[OnPage(decided.others)].lower()}")
    if decided.steps:
        found.append(STEPS_WORDS[Steps(decided.steps)])
    if decided.health in (Health.KNOWN, Health.UNKNOWN):
        found.append(f"Health: {HEALTH_WORDS[Health(decided.health)].lower()}")
    return ". ".join(found)


def plan(session: Session, row: RequestRow) -> Plan:
    """What the copy is made of. RefusedByRule while a page is open."""
    return plan_for(_file(session, row).id, judged(session, row), [each.id for each in _files(session, row)])


def made(session: Session, row: RequestRow) -> BundleMade | None:
    """The newest copy that still is what was decided; None when none is."""
    rows = session.exec(
        select(BundleMade).where(BundleMade.request_id == row.id).order_by(col(BundleMade.made_at).desc())
    )
    try:
        now = plan(session, row).fingerprint()
    except RefusedByRule:
        return None
    return next((each for each in rows if each.plan == now), None)


def _changed(session: Session, row: RequestRow, by: str, at: datetime) -> None:
    """One event for a run of changes: a copy, or an approval, that came before them no longer counts."""
    last = register.events(session, row)[-1:]
    if not last or last[0].what is not Event.LOOKED:
        register.move(session, row, Event.LOOKED, on=at.astimezone(LONDON).date(), by=by, at=at)


def _note(session: Session, row: RequestRow, act: str, by: str, at: datetime, document_id: UUID, **more: str) -> None:
    trail.append(
        session, actor=by, act=act, subject_kind="request", subject_id=str(row.number), at=at,
        detail={"document": str(document_id), **more},
    )  # fmt: skip


def count(found: Sequence[Judged]) -> dict[str, int]:
    """How many pages are decided in each way, for the line above the list."""
    return {
        "pages": len(found), "open": sum(each.decision is None for each in found),
        "include": sum(each.decision is Decision.INCLUDE for each in found),
        "withhold": sum(each.decision is Decision.WITHHOLD for each in found),
        "manager": sum(each.decision is Decision.MANAGER for each in found),
    }  # fmt: skip
