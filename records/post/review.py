"""Parts of items that wait for a person: the review queue, who has a form open, quarantine, and erasure on refusal."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Mapped, defer
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, and_, col, func, or_, select

from records.audit import trail
from records.documents import keyring
from records.documents.envelope import seal_json, unseal_json
from records.documents.tables import Document
from records.errors import ChangedMeanwhile, NotFound
from records.post import inbox
from records.post.tables import (
    Confirmation,
    Duplicate,
    Item,
    Page,
    PageEdit,
    PagePrint,
    Part,
    StorageRefusal,
)
from records.vocabulary import PaperOutcome, PartState, QuarantineReason

HOLD_MINUTES = 20
# A second click on a slow day comes second too: whoever is told so must not look for a colleague who was never there.
MEANWHILE_SETTLED = (
    "This form is settled already, by somebody else or by an earlier click of yours. Nothing more was saved."
)
MEANWHILE_SAVED = "This form was saved meanwhile, by somebody else or by an earlier click of yours. Nothing was saved this time; look at it again."
WITHOUT_READING = defer(Part.sealed_reading)  # type: ignore[arg-type]  # SQLModel types a column by what it holds
"""For lists: some 40 kB a form."""
_AT_ONCE = 50
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Holder:
    """Who has a form open, and until when."""

    actor: str
    until: datetime


def queue(
    session: Session, state: PartState = PartState.TO_REVIEW, limit: int = 500, leaving_out: int = 0
) -> Sequence[Part]:
    """Forms that wait, oldest first: so many of them. What was read of each is fetched only when it is asked for."""
    of_these = select(Part.id).where(Part.state == state).order_by(col(Part.read_at), col(Part.id))
    ids = session.exec(of_these.limit(limit).offset(leaving_out)).all()
    found = select(Part).where(col(Part.id).in_(ids)).options(WITHOUT_READING)
    return session.exec(found.order_by(col(Part.read_at), col(Part.id))).all() if ids else []


def to_ask_by(session: Session, day: date) -> Sequence[Part]:
    """All forms in quarantine whose family is to answer by this day or an earlier one; the first day first."""
    found = select(Part).where(Part.state == PartState.QUARANTINED, col(Part.ask_by) <= day).options(WITHOUT_READING)
    return session.exec(found.order_by(col(Part.ask_by), col(Part.read_at), col(Part.id))).all()


def place_of(session: Session, part: Part) -> int | None:
    """The how-manieth it is of the forms to review, from 1; None for a form that is none of these."""
    if part.state != PartState.TO_REVIEW:
        return None
    earlier = or_(col(Part.read_at) < part.read_at, and_(col(Part.read_at) == part.read_at, col(Part.id) < part.id))
    before = select(func.count()).select_from(Part).where(Part.state == PartState.TO_REVIEW, earlier)
    return session.exec(before).one() + 1


def count(session: Session, state: PartState) -> int:
    return session.exec(select(func.count()).select_from(Part).where(Part.state == state)).one()


def get(session: Session, part_id: UUID) -> Part:
    part = session.get(Part, part_id)
    if part is None:
        raise NotFound("There is no such form.")
    return part


def item_of(session: Session, part: Part) -> Item:
    return session.get_one(Item, part.item_id)


def holder(part: Part, now: datetime) -> Holder | None:
    """Who has the form open now; nobody after twenty minutes."""
    if part.held_by is None or part.held_until is None or part.held_until <= now:
        return None
    return Holder(part.held_by, part.held_until)


def hold(session: Session, part: Part, actor: str, now: datetime) -> Holder | None:
    """Opens a form for an officer. Returns who else has it open, in which case nothing changes."""
    other = holder(part, now)
    if other is not None and other.actor != actor:
        return other
    until = now + timedelta(minutes=HOLD_MINUTES)
    if part.held_by == actor:  # opened again, in a second tab: the page of the first is still the newest
        session.execute(
            update(Part).where(col(Part.id) == part.id, col(Part.held_by) == actor).values(held_until=until)
        )
        session.refresh(part)
        return holder(part, now) if part.held_by != actor else None
    part.held_by, part.held_until = actor, until
    session.add(part)
    session.flush()
    return None


def leave(session: Session, part: Part, actor: str) -> None:
    """Lets go of a form, for later."""
    if part.held_by == actor:
        part.held_by, part.held_until = None, None
        session.add(part)


def next_to_review(
    session: Session, actor: str, now: datetime, after: UUID | None = None, opens: Callable[[Part], bool] = lambda _: True
) -> Part | None:  # fmt: skip
    """The oldest form that nobody else has open. `opens`: whether a form can be opened at all; one that cannot is passed over.

    Forms that were read by one text open all or none, so one of each is asked about. Each is asked about only where that is not known.
    """
    free: list[ColumnElement[bool]] = [
        or_(col(Part.held_by).is_(None), Part.held_by == actor, col(Part.held_until) <= now),
        *([col(Part.id) != after] if after else []),
    ]
    first: Part | None = None
    for by in _read_by(session):
        if first is not None and by.oldest > _age(first)[0]:
            break
        found = _first(session, by, free, opens)
        if found is not None and (first is None or _age(found) < _age(first)):
            first = found
    return first


@dataclass(frozen=True)
class _ReadBy:
    """One text of a form by which forms to review were read, and when the oldest of them was. `told`: whether that is kept beside each."""

    these: tuple[ColumnElement[bool], ...]
    told: bool
    oldest: datetime


def _read_by(session: Session) -> list[_ReadBy]:
    """All texts, that of the oldest form first."""
    text, oldest = (col(Part.form), col(Part.edition), col(Part.template_sum)), func.min(col(Part.read_at))
    rows = session.exec(
        select(*text, oldest).where(Part.state == PartState.TO_REVIEW).group_by(*text).order_by(oldest)
    ).all()
    return [
        _ReadBy(tuple(_is(one, value) for one, value in zip(text, row, strict=False)), row[2] is not None, row[3] or NEVER)
        for row in rows
    ]  # fmt: skip


def _is(column: Mapped[str | None], value: object) -> ColumnElement[bool]:
    return column.is_(None) if value is None else column == value


def _first(
    session: Session, by: _ReadBy, free: Sequence[ColumnElement[bool]], opens: Callable[[Part], bool]
) -> Part | None:
    """The oldest of these that may be opened."""
    query = select(Part).where(Part.state == PartState.TO_REVIEW, *by.these, *free).options(WITHOUT_READING)
    query, done = query.order_by(col(Part.read_at), col(Part.id)), 0
    if by.told:
        found = session.exec(query.limit(1)).first()
        return found if found is not None and opens(found) else None
    while some := session.exec(query.limit(_AT_ONCE).offset(done)).all():
        for part in some:
            if opens(part):
                return part
        done += len(some)
    return None


def _age(part: Part) -> tuple[datetime, UUID]:
    return part.read_at or NEVER, part.id


def reading_json(session: Session, part: Part) -> dict[str, Any]:
    """What the computer read, as `forms` wrote it."""
    if part.sealed_reading is None:
        raise NotFound("This part was not read as a form.")
    return unseal_json(_key(session, part), part.sealed_reading, part.id.bytes)


def keep_reading(part: Part, key: bytes, reading: Mapping[str, Any]) -> None:
    """Keeps what was read, sealed, and beside it by which text of the form."""
    part.sealed_reading = seal_json(key, dict(reading), part.id.bytes)
    part.template_sum = reading.get("template_sum")


def forget_reading(part: Part) -> None:
    """It is no read form any more."""
    part.sealed_reading = part.evidence_id = part.template_sum = None


def _key(session: Session, part: Part) -> bytes:
    """The key of the reading: that of its evidence, which moves to the child's file when the form is confirmed."""
    evidence = session.get(Document, part.evidence_id) if part.evidence_id else None
    return keyring.open_key(session, evidence.key_id if evidence else item_of(session, part).key_id)


def check_open(part: Part, actor: str, version: int, now: datetime, allowed: Sequence[PartState]) -> None:
    """Raises ChangedMeanwhile, saying so, when somebody else was first or has the form open."""
    if PartState(part.state) not in allowed:
        raise ChangedMeanwhile(MEANWHILE_SETTLED)
    other = holder(part, now)
    if other is not None and other.actor != actor:
        raise ChangedMeanwhile("Somebody else opened this form. Choose another, or ask them.")
    if part.version != version:
        raise ChangedMeanwhile(MEANWHILE_SAVED)


def remember(
    session: Session, part: Part, answers: Mapping[str, Mapping[str, Any]], *, key: bytes, policy_version: str, actor: str,
    at: datetime,
) -> Confirmation:  # fmt: skip
    """Appends what the officer decided: proposal, confidence and confirmed value of each field (G3)."""
    confirmation = Confirmation(
        part_id=part.id, confirmed_by=actor, confirmed_at=at, policy_version=policy_version, sealed_answers=b""
    )
    confirmation.sealed_answers = seal_json(key, answers, confirmation.id.bytes)
    session.add(confirmation)
    return confirmation


def last_confirmation(session: Session, part: Part) -> dict[str, Any] | None:
    """The newest decision about a form: field id → {proposed, confidence, confirmed}."""
    row = session.exec(
        select(Confirmation).where(Confirmation.part_id == part.id).order_by(col(Confirmation.confirmed_at).desc())
    ).first()
    return None if row is None else unseal_json(_key(session, part), row.sealed_answers, row.id.bytes)


@dataclass(frozen=True)
class LastWord:
    """The newest decision of an officer about a form that waits."""

    part: Part
    said: Confirmation
    answers: Mapping[str, Any]


def last_words(session: Session, states: Sequence[PartState]) -> list[LastWord]:
    """Of all forms in these states about which an officer has decided something, what that was last: in the order of the decisions.

    Some questions for every `_AT_ONCE` forms, and no reading is opened.
    """
    return _last_words(session, col(Part.state).in_(states))


def last_words_of(session: Session, parts: Sequence[Part]) -> list[LastWord]:
    """The same of these forms."""
    return _last_words(session, col(Part.id).in_([part.id for part in parts])) if parts else []


def _last_words(session: Session, of: ColumnElement[bool]) -> list[LastWord]:
    found = select(Part, Confirmation).join(Confirmation, col(Confirmation.part_id) == col(Part.id))
    of_these = found.where(of).options(WITHOUT_READING)
    last = {part.id: (part, said) for part, said in session.exec(of_these.order_by(col(Confirmation.confirmed_at)))}
    rows, words = sorted(last.values(), key=lambda one: one[1].confirmed_at), []
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        keys = _keys(session, [part for part, _ in some])
        words += [
            LastWord(part, said, unseal_json(keys[part.id], said.sealed_answers, said.id.bytes))
            for part, said in some
            if part.id in keys
        ]
    return words


@dataclass(frozen=True)
class KeptReading:
    """What the computer read of a form, and what an officer last decided about it: field id → {proposed, confidence, confirmed}."""

    reading: dict[str, Any]
    answers: Mapping[str, Any] | None


def kept_readings(session: Session) -> Iterator[KeptReading]:
    """Every form's reading that can still be opened, a few at a time: each takes some 40 kB."""
    ids = list(session.exec(select(Part.id).where(col(Part.sealed_reading).is_not(None)).order_by(col(Part.id))).all())
    for start in range(0, len(ids), _AT_ONCE):
        parts = session.exec(select(Part).where(col(Part.id).in_(ids[start : start + _AT_ONCE]))).all()
        keys, said = _keys(session, parts), {word.part.id: word.answers for word in last_words_of(session, parts)}
        for part in parts:
            if part.id in keys and part.sealed_reading is not None:
                yield KeptReading(unseal_json(keys[part.id], part.sealed_reading, part.id.bytes), said.get(part.id))
        session.expunge_all()


def _keys(session: Session, parts: Sequence[Part]) -> dict[UUID, bytes]:
    """What `_key` gives for each of these parts, by the id of the part; one whose key was shredded is left out."""
    evidence, items = [part.evidence_id for part in parts if part.evidence_id], [part.item_id for part in parts]
    by_evidence = dict(session.exec(select(Document.id, Document.key_id).where(col(Document.id).in_(evidence))).all())
    by_item = dict(session.exec(select(Item.id, Item.key_id).where(col(Item.id).in_(items))).all())
    ids = {
        part.id: (by_evidence.get(part.evidence_id) if part.evidence_id else None) or by_item[part.item_id]
        for part in parts
    }
    opened = keyring.open_keys(session, list(ids.values()))
    return {part: opened[key] for part, key in ids.items() if key in opened}


def forget_noted(session: Session, part: Part) -> None:
    """Takes away what officers had noted about a part that was put aside and now goes: another reading of its pages counts."""
    session.exec(delete(Confirmation).where(col(Confirmation.part_id) == part.id))


def quarantine(
    session: Session, part: Part, reason: QuarantineReason, *, ask_by: date, actor: str, at: datetime
) -> None:
    """Puts a form out of sight of files and search until a person settles it (R28, F25)."""
    part.state, part.quarantine, part.ask_by = PartState.QUARANTINED, reason, ask_by
    _decided(session, part, actor, at)
    trail.append(
        session, actor=actor, act="form_quarantined", subject_kind="part", subject_id=str(part.id), at=at,
        detail={"reason": reason},
    )  # fmt: skip


def put_aside(session: Session, part: Part, *, actor: str, at: datetime) -> None:
    """Puts pages that were read as no form out of sight of sorting and search: their family says No to keeping them, and they go (R28)."""
    part.state = PartState.QUARANTINED
    _decided(session, part, actor, at)
    trail.append(session, actor=actor, act="pages_put_aside", subject_kind="part", subject_id=str(part.id), at=at)
    inbox.settle(session, item_of(session, part), actor=actor, at=at)


def settle(session: Session, part: Part, state: PartState, *, file_id: UUID | None, actor: str, at: datetime) -> None:
    """Closes a part for good and brings its item's state up to date."""
    part.state, part.file_id, part.quarantine, part.ask_by = state, file_id, None, None
    _decided(session, part, actor, at)
    trail.append(
        session, actor=actor, act=f"part_{state}", subject_kind="part", subject_id=str(part.id), at=at,
        detail={"file": str(file_id) if file_id else None},
    )  # fmt: skip
    inbox.settle(session, item_of(session, part), actor=actor, at=at)


def seen(session: Session, parts: Sequence[Part], actor: str, at: datetime) -> None:
    """A person has seen pages that were read as blank or as our own print, and says that nothing is to be done with them (P6)."""
    for part in parts:
        if part.state == PartState.NOTHING_TO_DO and part.decided_by is None:
            part.decided_by, part.decided_at = actor, at
            session.add(part)
            trail.append(
                session, actor=actor, act="pages_seen", subject_kind="part", subject_id=str(part.id), at=at,
                detail={"kind": part.kind},
            )  # fmt: skip
    session.flush()


def _decided(session: Session, part: Part, actor: str, at: datetime) -> None:
    part.decided_by, part.decided_at, part.held_by, part.held_until = actor, at, None, None
    session.add(part)
    session.flush()


def forget(
    session: Session, part: Part, along: Sequence[Part], *, paper: PaperOutcome, actor: str, on: date, at: datetime,
    unanswered: bool = False,
) -> list[str]:  # fmt: skip
    """Erases a form whose family does not agree to storing, or never answered (R28): one line without personal data remains.

    Takes the part and what goes `along` (its blank backs, policy pages), their pages, pictures, the evidence and every
    decision; and the whole item with its scan and key when nothing else is left in it. Returns the names of the blobs to
    be deleted after the commit. A scan that also holds other families' pages must have been replaced before: see
    `intake.erasing`.
    """
    item, gone = item_of(session, part), [part, *along]
    # What was read of these pages is also kept in the parts from which they were arranged, so that an edit can be undone.
    gone += session.exec(select(Part).where(Part.item_id == item.id, Part.state == PartState.REPLACED)).all()
    ids = [each.id for each in gone]
    pages = session.exec(select(Page).where(col(Page.part_id).in_(ids))).all()
    documents = list(session.exec(select(Document).where(col(Document.part_id).in_(ids))))
    others = session.exec(select(Part).where(Part.item_id == item.id, col(Part.id).not_in(ids))).all()
    if not others:
        documents += session.exec(select(Document).where(Document.item_id == item.id, col(Document.part_id).is_(None)))
    blobs = [document.blob for document in documents]
    session.add(
        StorageRefusal(refused_on=on, pages=len(pages), paper=paper, confirmed_by=actor, received_on=item.received_on)
    )
    trail.append(
        session, actor=actor, act="storage_refused", subject_kind="part", subject_id=str(part.id), at=at,
        detail={"pages": len(pages), "paper": paper, **({"unanswered": True} if unanswered else {})},
    )  # fmt: skip
    if item.pages is not None:
        item.pages -= len(pages)  # the ledger counts them with the refusal from now on
    session.exec(delete(Confirmation).where(col(Confirmation.part_id).in_(ids)))
    session.exec(delete(PagePrint).where(col(PagePrint.page_id).in_([page.id for page in pages])))
    session.exec(delete(Page).where(col(Page.part_id).in_(ids)))
    for document in documents:
        session.delete(document)
    session.flush()
    for each in gone:
        session.delete(each)
    session.flush()
    if others:
        inbox.settle(session, item, actor=actor, at=at)
    else:
        session.exec(delete(PageEdit).where(col(PageEdit.item_id) == item.id))
        session.exec(
            delete(Duplicate).where(or_(col(Duplicate.item_id) == item.id, col(Duplicate.other_id) == item.id))
        )
        session.delete(item)
        session.flush()
        keyring.shred(session, item.key_id)
    return blobs
