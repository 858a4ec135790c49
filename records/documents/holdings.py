"""Storing and fetching documents: blob first, row after, so that no row ever points at bytes that are not on the disc."""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlmodel import Session, select

from records.documents import keyring
from records.documents.envelope import fingerprint, seal_chunks, unseal
from records.documents.store import DocumentStore
from records.documents.tables import Document
from records.documents.text import index as text
from records.errors import Damaged
from records.vocabulary import DocumentKind


@dataclass(frozen=True)
class Stored:
    """A sealed blob that is safely in the store and has no row yet."""

    id: UUID
    blob: str
    media_type: str
    size: int
    sha256: bytes


def put(store: DocumentStore, key: bytes, blocks: Iterable[bytes], media_type: str) -> Stored:
    """Seals a stream into the store. Returns when a power cut can no longer lose it."""
    document_id, blob, hasher, size = uuid4(), secrets.token_hex(16), hashlib.sha256(), 0

    def counted() -> Iterator[bytes]:
        nonlocal size
        for block in blocks:
            hasher.update(block)
            size += len(block)
            yield block

    store.put(blob, seal_chunks(key, counted(), document_id.bytes))
    return Stored(document_id, blob, media_type, size, hasher.digest())


def hold(
    session: Session,
    stored: Stored,
    *,
    kind: DocumentKind,
    key_id: UUID,
    at: datetime,
    item_id: UUID | None = None,
    part_id: UUID | None = None,
    file_id: UUID | None = None,
    page: int | None = None,
) -> Document:
    """The row for a blob that was put."""
    document = Document(
        id=stored.id,
        kind=kind,
        key_id=key_id,
        item_id=item_id,
        part_id=part_id,
        file_id=file_id,
        page=page,
        blob=stored.blob,
        media_type=stored.media_type,
        size=stored.size,
        sha256=stored.sha256,
        stored_at=at,
    )
    session.add(document)
    return document


def fetch(session: Session, store: DocumentStore, document: Document) -> bytes:
    """The plaintext, checked against its hash. Raises Damaged, or NotFound when its key was shredded."""
    plain = unseal(keyring.open_key(session, document.key_id), store.get(document.blob), document.id.bytes)
    if fingerprint(plain) != document.sha256:
        raise Damaged("A stored document does not match its fingerprint.")
    return plain


def reseal(session: Session, store: DocumentStore, document: Document, key_id: UUID, key: bytes) -> str:
    """Moves a document and its recognised text under another key. Returns the old blob's name, to be deleted after the commit."""
    plain = fetch(session, store, document)
    text.reseal(session, document.id, keyring.open_key(session, document.key_id), key)
    old, blob = document.blob, secrets.token_hex(16)
    store.put(blob, seal_chunks(key, [plain], document.id.bytes))
    document.blob, document.key_id = blob, key_id
    session.add(document)
    return old


def replace(session: Session, store: DocumentStore, document: Document, plain: bytes, media_type: str) -> str:
    """Puts other bytes in a document's place, under its key and its id. Returns the old blob's name, to be deleted after the commit."""
    old, blob, key = document.blob, secrets.token_hex(16), keyring.open_key(session, document.key_id)
    store.put(blob, seal_chunks(key, [plain], document.id.bytes))
    document.blob, document.media_type, document.size, document.sha256 = (
        blob,
        media_type,
        len(plain),
        fingerprint(plain),
    )
    session.add(document)
    return old


def sweep(session: Session, store: DocumentStore, old: Iterable[str]) -> int:
    """Deletes blobs without a row, which a process that died between blob and row leaves behind. Returns how many.

    `old`: names of blobs so old that no running process can still be about to write their row.
    """
    gone = 0
    for name in old:
        if session.exec(select(Document.id).where(Document.blob == name)).first() is None:
            store.delete(name)
            gone += 1
    return gone
