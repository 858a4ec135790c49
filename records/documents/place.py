"""Which store belongs to which database. A machine that mounted another folder must be told so before it works: it would find
no document, and stop every item as unreadable.
"""

import secrets

from sqlmodel import Session, select

from records.documents.store import DocumentStore
from records.documents.tables import Document, DocumentPlace
from records.errors import NotSetUp


def claim(session: Session, store: DocumentStore, *, made_by_hand: bool) -> None:
    """Checks that the store is the database's own; the first machine marks both. Raises NotSetUp when it is another.

    `made_by_hand`: the place was set (a shared folder, a bucket) and is not simply documents/ of some home.
    """
    row, there = session.get(DocumentPlace, 1), store.mark()
    if row is None and there is None:
        there = secrets.token_hex(16)
        if not made_by_hand and _any_document(session) and next(store.names(), None) is None:
            raise NotSetUp(_WRONG)
        store.set_mark(there)
    if row is None and there is not None:
        session.add(DocumentPlace(mark=there))
    elif row is not None and row.mark != there:
        raise NotSetUp(_WRONG)


def _any_document(session: Session) -> bool:
    return session.exec(select(Document.id).limit(1)).first() is not None


_WRONG = (
    "The documents of this database lie elsewhere. Several machines need one place for them: set the same folder that every "
    "machine sees, or the same bucket, under [store] (see docs/scaling.md), and check that the folder is mounted."
)
