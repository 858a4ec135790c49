"""Which store belongs to which database. A machine that mounted another folder must be told so before it works: it would find
no document, and stop every item as unreadable.
"""

import hashlib
import hmac
import secrets

from sqlmodel import Session, select

from records.db import Database, keys_of
from records.documents.store import DocumentStore
from records.documents.tables import Document, DocumentPlace
from records.errors import NotSetUp


class OtherKey(NotSetUp):
    """This machine's master key is not the one that the database was begun with."""


def join(database: Database, store: DocumentStore, *, made_by_hand: bool) -> None:
    """What each machine does at its start: `claim` in a transaction, unless that was done before and all fits."""
    with database.reading() as session:
        row = session.get(DocumentPlace, 1)
        if row is not None and key_fits(session) and row.mark == store.mark():
            return
    with database.writing() as session:
        claim(session, store, made_by_hand=made_by_hand)


def claim(session: Session, store: DocumentStore, *, made_by_hand: bool) -> None:
    """Checks that key and store are the database's own; the first machine marks them. Raises OtherKey, or NotSetUp.

    `made_by_hand`: the place was set (a shared folder, a bucket) and is not simply documents/ of some home.
    """
    if not key_fits(session):
        raise OtherKey("This machine's master key is not that of the database.")
    row, there = session.get(DocumentPlace, 1), store.mark()
    if row is None and there is None:
        there = secrets.token_hex(16)
        if not made_by_hand and _any_document(session) and next(iter(store.names()), None) is None:
            raise NotSetUp(_WRONG)
        store.set_mark(there)
    if row is None and there is not None:
        session.add(DocumentPlace(mark=there, key_check=_check(session, there)))
    elif row is not None and row.mark != there:
        raise NotSetUp(_WRONG)


def key_fits(session: Session) -> bool:
    """Whether this machine's keys are those that the database was begun with; true while nobody has said."""
    row = session.get(DocumentPlace, 1)
    return row is None or hmac.compare_digest(row.key_check, _check(session, row.mark))


def _check(session: Session, mark: str) -> bytes:
    """A value that only the right key gives, and that gives nothing of the key away."""
    return hmac.new(keys_of(session).search, b"place" + mark.encode("ascii"), hashlib.sha256).digest()


def _any_document(session: Session) -> bool:
    return session.exec(select(Document.id).limit(1)).first() is not None


_WRONG = (
    "The documents of this database lie elsewhere. Several machines need one place for them: set the same folder that every "
    "machine sees, or the same bucket, under [store] (see docs/scaling.md), and check that the folder is mounted."
)
