"""What somebody was typing into a note, kept for its writer alone, so that a lost session loses no words.

Sealed under the file's key. Saving the note deletes it; so does its age. It is no record: nothing else ever reads it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, delete, func, select

from records.cases.joined import keys_of
from records.cases.rules import DRAFT_DAYS
from records.cases.tables import NoteDraft
from records.documents import keyring
from records.documents.envelope import seal_json, unseal_json
from records.errors import RefusedByRule
from records.holds import register as holds
from records.people.tables import ChildFile

MOST = 60_000
"""Characters of a draft: more than a note may have, so that too long a text can be shortened after signing in again."""


def keep(
    session: Session, file: ChildFile, account_id: UUID, slot: str, fields: Mapping[str, str], *, at: datetime
) -> None:
    """Keeps what is in a form now, in place of what was; an empty form keeps nothing. RefusedByRule when it is far too long."""
    if sum(len(value) for value in fields.values()) > MOST:
        raise RefusedByRule(f"A draft can hold {MOST:,} characters. Shorten it.", "W33")
    row = session.get(NoteDraft, (account_id, slot))
    if not any(value.strip() for value in fields.values()):
        forget(session, account_id, slot)
        return
    if row is None:
        row = NoteDraft(account_id=account_id, slot=slot, file_id=file.id, sealed=b"", saved_at=at)
    row.file_id = file.id
    row.sealed = seal_json(keyring.open_key(session, file.key_id), dict(fields), _bound(account_id, slot))
    row.saved_at = at
    session.add(row)
    session.flush()


def find(session: Session, file: ChildFile, account_id: UUID, slot: str) -> tuple[Mapping[str, str], datetime] | None:
    """What this person was typing there, and when it was kept."""
    row = session.get(NoteDraft, (account_id, slot))
    keys = keys_of(session, file)
    if row is None or row.file_id not in keys:
        return None
    found = unseal_json(keys[row.file_id], row.sealed, _bound(account_id, slot))
    return {str(name): str(value) for name, value in found.items()}, row.saved_at


def of(session: Session, file: ChildFile, account_id: UUID) -> Sequence[NoteDraft]:
    """This person's drafts in a file, newest first; unopened."""
    mine = select(NoteDraft).where(
        NoteDraft.account_id == account_id, col(NoteDraft.file_id).in_(keys_of(session, file))
    )
    return session.exec(mine.order_by(col(NoteDraft.saved_at).desc())).all()


def files_of(session: Session, account_id: UUID) -> list[tuple[UUID, datetime]]:
    """The files in which this person has drafts, each with the moment of its newest, newest first."""
    newest = func.max(NoteDraft.saved_at)
    mine = select(NoteDraft.file_id, newest).where(NoteDraft.account_id == account_id).group_by(col(NoteDraft.file_id))
    return [(file_id, at) for file_id, at in session.exec(mine.order_by(newest.desc()))]


def forget(session: Session, account_id: UUID, slot: str) -> None:
    """The note was saved, or its writer does not want it."""
    row = session.get(NoteDraft, (account_id, slot))
    if row is not None:
        session.delete(row)
        session.flush()


def forget_old(session: Session, *, at: datetime) -> int:
    """Deletes every draft that nobody touched for `DRAFT_DAYS`, but for those of a file on hold (R44); returns how many."""
    old = col(NoteDraft.saved_at) < at - timedelta(days=DRAFT_DAYS)
    files = session.exec(select(NoteDraft.file_id).where(old).distinct()).all()
    free = [one for one in files if not holds.blocking(session, file_id=one)]
    done = session.exec(delete(NoteDraft).where(old, col(NoteDraft.file_id).in_(free)))
    return int(done.rowcount)


def _bound(account_id: UUID, slot: str) -> bytes:
    return account_id.bytes + slot.encode()
