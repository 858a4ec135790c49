"""What a right changes as soon as it is used: news stops, a file is hidden, a page is noted (R31, R32, R69)."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from records.audit import trail
from records.consents import ledger
from records.consents.changes import state_of
from records.consents.items import NEWS
from records.consents.standing import ConsentState
from records.consents.standing import Route as Said
from records.consents.tables import ConsentEvent
from records.documents import keyring
from records.documents.envelope import seal_json, unseal_json
from records.documents.tables import Document
from records.errors import NotFound, RefusedByRule
from records.guard import restrictions
from records.people import merging
from records.people.tables import ChildFile
from records.requests.kinds import Requester, Route
from records.requests.tables import PageNote, RequestRow
from records.staff.access import Restriction

_SAID = {Route.POST: Said.LETTER, Route.EMAIL: Said.EMAIL, Route.PHONE: Said.TELEPHONE, Route.IN_PERSON: Said.IN_PERSON}


def said_no_since(session: Session, file: ChildFile, day: date) -> bool:
    """Whether any no was recorded on this child's files that holds from this day or later: without one, no withdrawal counts (R30)."""
    noes = select(ConsentEvent.id).where(
        col(ConsentEvent.file_id).in_(merging.ids_of(session, file.id)),
        col(ConsentEvent.state).in_((ConsentState.WITHDRAWN, ConsentState.REFUSED)),
        ConsentEvent.effective_on >= day,
    )
    return session.exec(noes.limit(1)).first() is not None


def stop_news(session: Session, row: RequestRow, file: ChildFile, *, policy_version: str, by: str, at: datetime) -> int:
    """An objection to news stops every way of it from the day it was received, also one that nobody was asked about yet: a form that was
    signed before and comes later opens none (R26, R32, R69). Returns how many were stopped."""
    known, items = ledger.answers_of(session, file.id), [item for item, _ in NEWS]
    giver = "young_person" if row.requester == Requester.CHILD else "parent_or_carer"
    for item in items:
        session.add(
            ConsentEvent(
                file_id=file.id, item_code=item, state=state_of(item, False, known, row.received_on), giver=giver, giver_person_id=row.person_id,
                effective_on=row.received_on, received_on=row.received_on, recorded_at=at, confirmed_by=by,
                route=_SAID.get(Route(row.route), Said.LETTER), policy_version=policy_version,
            )
        )  # fmt: skip
    session.flush()
    trail.append(
        session, actor=by, act="news_stopped", subject_kind="file", subject_id=str(file.id), at=at,
        detail={"request": row.number, "ways": len(items)},
    )  # fmt: skip
    return len(items)


def restrict(session: Session, row: RequestRow, file: ChildFile, *, by: str, at: datetime) -> None:
    """Stores a file and uses it no more: the manager alone sees it (R69). Nothing when it is so already."""
    if file.restricted != Restriction.PROCESSING:
        restrictions.place(session, file, Restriction.PROCESSING, why=f"Request {row.number}.", by=by, at=at)


def note_page(
    session: Session, row: RequestRow, file: ChildFile, document_id: UUID | None, words: str, *, by: str, at: datetime
) -> None:  # fmt: skip
    """Attaches a correction to a page, or to the file: the picture stays as it is (R69). RefusedByRule without words; NotFound for another file's page."""
    if not words.strip():
        raise RefusedByRule("Say what is wrong, and what is right.", "R69")
    document = session.get(Document, document_id) if document_id else None
    if document_id is not None and (document is None or document.file_id not in merging.ids_of(session, file.id)):
        raise NotFound("There is nothing here.")
    note = PageNote(request_id=row.id, file_id=file.id, document_id=document_id, sealed=b"", noted_by=by, noted_at=at)
    note.sealed = seal_json(keyring.open_key(session, file.key_id), {"words": words.strip()[:2000]}, note.id.bytes)
    session.add(note)
    session.flush()
    _note(session, "correction_noted", file, row, by, at)


def notes(session: Session, file: ChildFile) -> Sequence[tuple[PageNote, str]]:
    """Every correction noted on a file, or on one joined to it, oldest first."""
    keys = {each.id: keyring.open_key(session, each.key_id) for each in merging.files_of(session, file)}
    rows = session.exec(select(PageNote).where(col(PageNote.file_id).in_(keys)).order_by(col(PageNote.noted_at)))
    return [(row, str(unseal_json(keys[row.file_id], row.sealed, row.id.bytes)["words"])) for row in rows]


def _note(session: Session, act: str, file: ChildFile, row: RequestRow, by: str, at: datetime) -> None:
    trail.append(
        session, actor=by, act=act, subject_kind="file", subject_id=str(file.id), at=at, detail={"request": row.number}
    )
