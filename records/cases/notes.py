"""Case notes of a referral: appended, corrected by a next version, read in order (W33–W35, N10).

Who may read them is asked of the one access function by the page; nothing here decides it. A count tells that notes exist.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlmodel import Session, col, func, select

from records.audit import trail
from records.cases.joined import keys_of
from records.cases.rules import is_late
from records.cases.tables import CaseNote, Referral
from records.cases.words import NoteKind
from records.clock import LONDON, time_in_words
from records.documents import keyring
from records.documents.envelope import seal_json, unseal_json
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.people import merging, register
from records.people.tables import ChildFile
from records.staff import accounts


@dataclass(frozen=True)
class Version:
    """One version of a note, opened. `late`: written long after what it tells."""

    id: UUID
    number: int
    text: str
    happened_on: date
    recorded_by: str
    recorded_at: datetime
    late: bool


@dataclass(frozen=True)
class Note:
    """A note as it stands, and what it said before, newest first."""

    thread_id: UUID
    referral_id: UUID
    kind: NoteKind
    now: Version
    before: tuple[Version, ...]


def write(
    session: Session, file: ChildFile, referral: Referral, kind: NoteKind, text: str, *, happened_on: date, actor: str, at: datetime
) -> UUID:  # fmt: skip
    """A new note; returns its thread. RefusedByRule without a referral of this file, or before the referral or after today."""
    owner = _fits(session, file, referral, happened_on, at)
    thread = uuid4()
    row = CaseNote(
        file_id=owner.id, referral_id=referral.id, thread_id=thread, version=1, kind=kind, happened_on=happened_on,
        sealed=b"", recorded_by=actor, recorded_at=at,
    )  # fmt: skip
    _append(session, owner, row, text)
    return thread


def correct(
    session: Session, file: ChildFile, thread_id: UUID, text: str, *, happened_on: date, based_on: int, actor: str, at: datetime
) -> None:  # fmt: skip
    """The next version of a note. ChangedMeanwhile, with who and when, if somebody corrected it first."""
    rows = _versions(session, file, thread_id)
    last = rows[-1]
    if last.version != based_on:
        who = accounts.display_names(session).get(last.recorded_by, "Somebody else")
        raise ChangedMeanwhile(
            f"{who} corrected this note at {time_in_words(last.recorded_at, at)}. Nothing of yours was saved; your text is kept as a draft."
        )
    referral = session.get(Referral, last.referral_id)
    assert referral is not None
    owner = _fits(session, file, referral, happened_on, at)
    row = CaseNote(
        file_id=owner.id, referral_id=last.referral_id, thread_id=thread_id, version=last.version + 1, kind=last.kind,
        happened_on=happened_on, sealed=b"", recorded_by=actor, recorded_at=at,
    )  # fmt: skip
    _append(session, owner, row, text)


def one(session: Session, file: ChildFile, thread_id: UUID) -> Note:
    """One note. NotFound when this file has none such."""
    return _note(session, file, _versions(session, file, thread_id))


def of_file(session: Session, file: ChildFile) -> list[Note]:
    """Every note of a file: what happened last first (W35)."""
    threads: dict[UUID, list[CaseNote]] = {}
    for row in session.exec(
        select(CaseNote).where(col(CaseNote.file_id).in_(keys_of(session, file))).order_by(col(CaseNote.version))
    ):
        threads.setdefault(row.thread_id, []).append(row)
    notes = [_note(session, file, rows) for rows in threads.values()]
    return sorted(
        notes, key=lambda note: (note.now.happened_on, (note.before or (note.now,))[-1].recorded_at), reverse=True
    )


def count(session: Session, file_id: UUID) -> int:
    """How many notes there are, for those who may know only that (N10)."""
    threads = select(func.count(func.distinct(CaseNote.thread_id))).where(
        col(CaseNote.file_id).in_(merging.ids_of(session, file_id))
    )
    return session.exec(threads).one()


def _versions(session: Session, file: ChildFile, thread_id: UUID) -> Sequence[CaseNote]:
    rows = session.exec(
        select(CaseNote)
        .where(CaseNote.thread_id == thread_id, col(CaseNote.file_id).in_(merging.ids_of(session, file.id)))
        .order_by(col(CaseNote.version))
    ).all()
    if not rows:
        raise NotFound("There is no such note.")
    return rows


def _note(session: Session, file: ChildFile, rows: Sequence[CaseNote]) -> Note:
    keys = keys_of(session, file)
    opened = [
        Version(
            row.id, row.version, str(unseal_json(keys[row.file_id], row.sealed, row.id.bytes)["text"]), row.happened_on, row.recorded_by,
            row.recorded_at, is_late(row.happened_on, rows[0].recorded_at.astimezone(LONDON).date()),
        )
        for row in rows
    ]  # fmt: skip
    return Note(
        rows[0].thread_id, rows[0].referral_id, NoteKind(rows[0].kind), opened[-1], tuple(reversed(opened[:-1]))
    )


def _fits(session: Session, file: ChildFile, referral: Referral, happened_on: date, at: datetime) -> ChildFile:
    """The file that the referral lies on, which may have been joined to this one."""
    if referral.file_id is None or referral.file_id not in merging.ids_of(session, file.id):
        raise RefusedByRule("A note belongs to a referral of this file.", "W33")
    if happened_on > at.astimezone(LONDON).date():
        raise RefusedByRule("A note tells what has happened: its day must not be in the future.", "W33")
    return register.get(session, referral.file_id)


def _append(session: Session, file: ChildFile, row: CaseNote, text: str) -> None:
    row.sealed = seal_json(keyring.open_key(session, file.key_id), {"text": text}, row.id.bytes)
    session.add(row)
    session.flush()
    trail.append(
        session, actor=row.recorded_by, act="note_written" if row.version == 1 else "note_corrected", subject_kind="file",
        subject_id=str(file.id), at=row.recorded_at,
        detail={"note": str(row.thread_id), "version": row.version, "kind": row.kind},
    )  # fmt: skip
