"""The index of names and birth dates: keyed hashes only, so that neither the database nor a backup of it holds a name in clear.

A file keeps the words of its names; beside the files each word is kept once with the keys under which it is found although it is
spelt differently. Who may open a file is asked before anything is counted: a limit never hides a file behind others that this person
may not see. In which order spellings are looked at: `waves.py`.
"""

import hashlib
import hmac
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from records.db import keys_of
from records.people import merging, waves
from records.people.matching import words_of
from records.people.name_keys import keys_of_word, written_together
from records.people.tables import ChildFile, FileMerge, SearchSpelling, SearchToken
from records.people.waves import SAME, Asking, Spelt

FORM = "form:4"
"""Marks a file whose keys are of this form; when the form changes, files without it are indexed anew."""
MOST_WORDS = 5
AT_ONCE = 30

_SOME: sa.BindParameter[Any] = sa.bindparam("some", expanding=True)
_FILES = select(ChildFile).where(col(ChildFile.id).in_(_SOME))
_JOINED = select(FileMerge.in_force, FileMerge.kept_id).where(
    col(FileMerge.in_force).is_not(None), sa.or_(col(FileMerge.in_force).in_(_SOME), col(FileMerge.kept_id).in_(_SOME))
)

MayOpen = Callable[[ChildFile], bool]


@dataclass(frozen=True)
class Found:
    """A file that a search found: `score` from 0 to 1 tells how much of what was typed it holds."""

    file: ChildFile
    score: float


def everybody(_: ChildFile) -> bool:
    """For jobs and for matching a form, where a person sees no more than that there is a file."""
    return True


def add(session: Session, file_id: UUID, *, name: str | None = None, born: date | None = None) -> None:
    """Keeps the words of a name or a birth date for a file; those that are there already are left."""
    session.flush()
    wanted: set[bytes] = set()
    if name is not None:
        spellings = spellings_of(session, name)
        _learn(session, spellings)
        wanted |= {*spellings, _hash(session, FORM)}
    if born is not None:
        wanted |= {_hash(session, key) for key in born_keys(born)}
    there = set(
        session.exec(
            select(SearchToken.token).where(SearchToken.file_id == file_id, col(SearchToken.token).in_(wanted))
        )
    )
    session.add_all([SearchToken(token=token, file_id=file_id) for token in sorted(wanted - there)])
    session.flush()


def spellings_of(session: Session, name: str) -> dict[bytes, frozenset[bytes]]:
    """Each word of a name, hashed, with the keys under which it is found."""
    words = (keys_of_word(word) for word in (*words_of(name), *written_together(words_of(name))))
    return {_hash(session, word.same): frozenset(_hash(session, key) for key in word.kept) for word in words}


def born_keys(born: date) -> set[str]:
    """A birth date is found by its day and by its month."""
    return {f"born:{born.isoformat()}", f"born:{born.isoformat()[:7]}"}


def _learn(session: Session, spellings: Mapping[bytes, Collection[bytes]]) -> None:
    known = set(session.exec(select(SearchSpelling.word).where(col(SearchSpelling.word).in_(spellings)).distinct()))
    rows = [
        {"key": key, "word": word}
        for word, keys in sorted(spellings.items())
        if word not in known
        for key in sorted(keys)
    ]
    if rows:
        session.execute(sa.insert(SearchSpelling), rows)


def forget_words(session: Session, tokens: Collection[bytes]) -> None:
    """Of the words of files that are gone, takes those away that no other file holds: nothing tells that they ever were here."""
    held = set(session.exec(select(SearchToken.token).where(col(SearchToken.token).in_(tokens)).distinct()))
    if gone := set(tokens) - held:
        session.execute(sa.delete(SearchSpelling).where(col(SearchSpelling.word).in_(gone)))


def forget(session: Session, file_id: UUID) -> None:
    """Takes the keys of a file away, and the words that it alone held."""
    tokens = session.exec(select(SearchToken.token).where(SearchToken.file_id == file_id)).all()
    session.execute(sa.delete(SearchToken).where(col(SearchToken.file_id) == file_id))
    forget_words(session, tokens)


def renew(session: Session, file_id: UUID, names: Collection[str], births: Collection[date]) -> None:
    """Makes the keys of a file anew, in today's form."""
    forget(session, file_id)
    for name in names:
        add(session, file_id, name=name)
    for born in births:
        add(session, file_id, born=born)


def not_in_form(session: Session, limit: int) -> list[UUID]:
    """Files whose keys are of an older form."""
    marked = sa.exists().where(
        col(SearchToken.token) == _hash(session, FORM), col(SearchToken.file_id) == col(ChildFile.id)
    )
    return list(session.exec(select(ChildFile.id).where(~marked).order_by(col(ChildFile.number)).limit(limit)))


def by_name(session: Session, typed: str, may_open: MayOpen, limit: int) -> list[Found]:
    """The files that hold most of the words typed, spelt so or nearly so, best first."""
    keys = [keys_of_word(word) for word in list(dict.fromkeys(words_of(typed)))[:MOST_WORDS]]
    if not keys:
        return []
    asking = Asking(session)
    same = [_hash(session, word.same) for word in keys]
    exact = [Spelt({token: SAME}) for token in same]
    found = _gather(asking, waves.exactly(asking, same), exact, may_open, limit)
    if len(found) >= limit:  # those spelt otherwise would come after all of these
        return found
    words = waves.spelt(asking, [(word, {key: _hash(session, key) for key in word.all}) for word in keys])
    found += _gather(asking, waves.nearly(asking, words), words, may_open, limit)
    if not found and len(words) > 1:
        for without in range(len(words)):
            fewer = [word for at, word in enumerate(words) if at != without]
            found += _gather(asking, waves.nearly(asking, fewer), words, may_open, limit)
    best: dict[UUID, Found] = {}
    for one in sorted(found, key=lambda one: (-one.score, -one.file.number)):
        best.setdefault(one.file.id, one)
    return list(best.values())[:limit]


def by_birth(session: Session, born: str, may_open: MayOpen, limit: int) -> list[Found]:
    """The files with this birth date, newer ones first: `2011-05-14`, or `2011-05` for any day of a month."""
    day = _hash(session, f"born:{born}")
    asking = Asking(session)
    return _gather(asking, waves.exactly(asking, [day]), [Spelt({day: SAME})], may_open, limit)


def _gather(
    asking: Asking, pages: Iterator[list[UUID]], words: Sequence[Spelt], may_open: MayOpen, limit: int
) -> list[Found]:
    """The best that this person may open. A joined file leads to the file that is kept, once."""
    found: dict[UUID, Found] = {}
    looked: set[UUID] = set()
    session = asking.session
    for page in pages:
        fresh = [one for one in page if one not in looked]
        looked.update(fresh)
        ordered = waves.in_order(asking, fresh, words)
        for start in range(0, len(ordered), AT_ONCE):
            weights = dict(ordered[start : start + AT_ONCE])
            files = {file.id: file for file in session.exec(_FILES, params={"some": list(weights)})}
            joined = _joined(session, files)
            for file_id, weight in weights.items():
                family = merging.files_of(session, files[file_id]) if file_id in joined else [files[file_id]]
                if family[0].id not in found and all(may_open(each) for each in family):
                    found[family[0].id] = Found(family[0], weight / (SAME * len(words)))
                if len(found) >= limit:
                    return list(found.values())
    return list(found.values())


def _joined(session: Session, ids: Collection[UUID]) -> set[UUID]:
    """Those that are joined to another file, above or below."""
    rows = session.execute(_JOINED, {"some": list(ids)}).all()
    return {one for pair in rows for one in pair if one is not None}


def _hash(session: Session, key: str) -> bytes:
    return hmac.new(keys_of(session).search, key.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()[:16]
