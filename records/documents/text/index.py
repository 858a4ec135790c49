"""Recognised text kept and found again. Services work in the caller's session.

The index holds keyed hashes of whole words (HMAC under the search key), so it works alike on both databases, and nothing in it
can be read without the master key. It finds words, not parts of words. Who may see what was found is not decided here.
"""

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, func, insert, select

from records.audit import trail
from records.db import keys_of
from records.documents.envelope import seal, unseal
from records.documents.tables import Document
from records.documents.text.spotting import RequestKind, Spotted, possible_requests
from records.documents.text.tables import PageText, PossibleRequest, TextWord
from records.errors import ChangedMeanwhile

MAX_ATTEMPTS = 3
SHORTEST_WORD, LONGEST_WORD = 2, 40
MOST_HITS = 500
_BOUND = b"text"


class TextState(StrEnum):
    """How far the text of a page is. FAILED: it was tried MAX_ATTEMPTS times; the page has a picture but no text."""

    DUE = "due"
    READ = "read"
    FAILED = "failed"


class Outcome(StrEnum):
    """What a person made of a possible request."""

    PASSED_ON = "passed_on"
    NO_REQUEST = "no_request"


@dataclass(frozen=True)
class Word:
    """One recognised word and where it stands, in pixels of the page picture. Words of one line share `line`."""

    text: str
    left: int
    top: int
    width: int
    height: int
    line: int


def words_of(text: str) -> frozenset[str]:
    """The words of a text as they are compared: without case and accents, letters and figures only."""
    folded = "".join(
        sign for sign in unicodedata.normalize("NFKD", text).casefold() if unicodedata.category(sign)[0] != "M"
    )
    parts = "".join(sign if sign.isalnum() else " " for sign in folded.replace("'", "").replace("’", "")).split()
    return frozenset(part[:LONGEST_WORD] for part in parts if len(part) >= SHORTEST_WORD)


def in_lines(words: Sequence[Word]) -> str:
    """The text of a page, one line of writing in each line."""
    lines: dict[int, list[str]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word.text)
    return "\n".join(" ".join(line) for line in lines.values())


def begin(session: Session, document_id: UUID) -> bool:
    """Counts one attempt at a page. False when it was read before, or failed too often: then nothing is to be done."""
    row = session.get(PageText, document_id)
    if row is None:
        row = PageText(document_id=document_id, state=TextState.DUE)
    if row.state != TextState.DUE:
        return False
    row.attempts += 1
    if row.attempts > MAX_ATTEMPTS:
        row.state = TextState.FAILED
    session.add(row)
    session.flush()
    return row.state == TextState.DUE


def give_back(session: Session, document_id: UUID) -> None:
    """Takes back one attempt that failed for a reason of the machine's."""
    row = session.get(PageText, document_id)
    if row is not None and row.state == TextState.DUE and row.attempts > 0:
        row.attempts -= 1
        session.add(row)


def keep(
    session: Session, document: Document, key: bytes, words: Sequence[Word], *, item_id: UUID, today: date, at: datetime
) -> tuple[Spotted, ...]:  # fmt: skip
    """Keeps the words of a page, sealed under `key` (the document's own), indexes them, and raises possible requests."""
    row = session.get_one(PageText, document.id)
    text = in_lines(words)
    spotted = possible_requests(text)
    row.sealed = seal(key, _packed(words), document.id.bytes + _BOUND)
    row.state, row.read_at = TextState.READ, at
    session.add(row)
    tokens = {_token(session, word) for word in words_of(text)}
    if tokens:
        session.exec(insert(TextWord), params=[{"token": one, "document_id": document.id} for one in sorted(tokens)])
    told = set(session.exec(select(PossibleRequest.kind).where(PossibleRequest.document_id == document.id)))
    for one in spotted:
        if one.kind in told:  # it was found before the page was turned
            continue
        session.add(PossibleRequest(document_id=document.id, item_id=item_id, kind=one.kind, raised_on=today))
        trail.append(
            session, actor=trail.SYSTEM, act="possible_request", subject_kind="item", subject_id=str(item_id), at=at,
            detail={"kind": one.kind},
        )  # fmt: skip
    session.flush()
    return spotted


def read_again(session: Session, document_id: UUID) -> None:
    """Forgets the text of a page whose picture was turned, so that it is recognised anew. What a person must look at stays."""
    row = session.get(PageText, document_id)
    if row is None:
        return
    session.exec(delete(TextWord).where(col(TextWord.document_id) == document_id))
    row.sealed, row.state, row.read_at, row.attempts = None, TextState.DUE, None, 0
    session.add(row)
    session.flush()


def copy(session: Session, document_id: UUID, to: UUID, key: bytes, to_key: bytes) -> None:
    """The text of a page for a copy of its picture under another key. A page that never had text is not read anew for its copy."""
    row = session.get(PageText, document_id)
    made = PageText(document_id=to, state=TextState.FAILED)
    if row is not None and row.sealed is not None:
        plain = unseal(key, row.sealed, document_id.bytes + _BOUND)
        made.state, made.sealed, made.read_at = row.state, seal(to_key, plain, to.bytes + _BOUND), row.read_at
    session.add(made)
    session.flush()
    tokens = session.exec(select(TextWord.token).where(TextWord.document_id == document_id)).all()
    if tokens:
        session.exec(insert(TextWord), params=[{"token": one, "document_id": to} for one in tokens])


def words(session: Session, document: Document, key: bytes) -> list[Word] | None:
    """The words of a page; None while it has not been read, or could not be."""
    row = session.get(PageText, document.id)
    if row is None or row.sealed is None:
        return None
    return [Word(*one) for one in json.loads(unseal(key, row.sealed, document.id.bytes + _BOUND))]


def reseal(session: Session, document_id: UUID, old_key: bytes, new_key: bytes) -> None:
    """Moves the text of a page under another key, with its picture."""
    row = session.get(PageText, document_id)
    if row is not None and row.sealed is not None:
        bound = document_id.bytes + _BOUND
        row.sealed = seal(new_key, unseal(old_key, row.sealed, bound), bound)
        session.add(row)


def find(session: Session, typed: str) -> list[Document]:
    """Pages that hold every word that was typed, newest first. Of too many, the newest MOST_HITS."""
    tokens = [_token(session, word) for word in words_of(typed)]
    if not tokens:
        return []
    holding = (
        select(TextWord.document_id)
        .where(col(TextWord.token).in_(tokens))
        .group_by(col(TextWord.document_id))
        .having(func.count() == len(tokens))
    )
    query = select(Document).where(col(Document.id).in_(holding)).order_by(col(Document.stored_at).desc())
    return list(session.exec(query.limit(MOST_HITS)))


def open_requests(session: Session, item_ids: Collection[UUID]) -> Mapping[UUID, list[PossibleRequest]]:
    """The possible requests of these items that nobody has closed."""
    found: dict[UUID, list[PossibleRequest]] = {}
    query = select(PossibleRequest).where(
        col(PossibleRequest.item_id).in_(item_ids), col(PossibleRequest.closed_at).is_(None)
    )
    for one in session.exec(query.order_by(col(PossibleRequest.kind), col(PossibleRequest.id))):
        found.setdefault(one.item_id, []).append(one)
    return found


def close_requests(
    session: Session, item_id: UUID, kind: RequestKind, outcome: Outcome, *, actor: str, at: datetime
) -> None:
    """A person says what a possible request of this kind in an item is. Raises ChangedMeanwhile when somebody did already."""
    still = [one for one in open_requests(session, [item_id]).get(item_id, []) if one.kind == kind]
    if not still:
        raise ChangedMeanwhile("Somebody else has settled this first. Nothing of yours was saved; look at it again.")
    for one in still:
        one.closed_by, one.closed_at, one.outcome = actor, at, outcome
        session.add(one)
    trail.append(
        session, actor=actor, act="possible_request_closed", subject_kind="item", subject_id=str(item_id), at=at,
        detail={"kind": kind, "outcome": outcome},
    )  # fmt: skip


def _packed(words: Sequence[Word]) -> bytes:
    rows = [[one.text, one.left, one.top, one.width, one.height, one.line] for one in words]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


def _token(session: Session, word: str) -> bytes:
    return hmac.new(keys_of(session).search, b"page word " + word.encode(), hashlib.sha256).digest()[:16]
