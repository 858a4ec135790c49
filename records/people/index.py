"""The index of names and birth dates: keyed hashes only, so that neither the database nor a backup of it holds a name in clear.

A search narrows with the rarest word first, and who may open a file is asked before anything is counted: a limit never hides a
file behind others that this person may not see.
"""

import hashlib
import hmac
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from records.db import keys_of
from records.people import merging
from records.people.matching import words_of
from records.people.name_keys import WordKeys, keys_of_name, keys_of_word
from records.people.tables import ChildFile, FileMerge, SearchToken

FORM = "form:2"
"""Marks a file whose keys are of this form; when the form changes, files without it are indexed anew."""
MOST_WORDS = 5
PAGE = 300
SAME, NEAR, LOOSE = 10, 7, 4
MOST_COUNTED = 20_000
WORTH_LEADING = 20
"""Looking each file of the rarest word up costs about twenty times as much as running through one more file of a common word."""

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
    """Keeps the keys of a name or a birth date for a file; those that are there already are left."""
    wanted = set(keys_of_name(name)) | {FORM} if name is not None else set()
    if born is not None:
        wanted |= {f"born:{born.isoformat()}", f"born:{born.isoformat()[:7]}"}
    session.flush()
    hashed = {_hash(session, key) for key in wanted}
    there = set(
        session.exec(
            select(SearchToken.token).where(SearchToken.file_id == file_id, col(SearchToken.token).in_(hashed))
        )
    )
    session.add_all([SearchToken(token=token, file_id=file_id) for token in sorted(hashed - there)])
    session.flush()


def renew(session: Session, file_id: UUID, names: Collection[str], births: Collection[date]) -> None:
    """Makes the keys of a file anew, in today's form."""
    session.execute(sa.delete(SearchToken).where(col(SearchToken.file_id) == file_id))
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
    words = [keys_of_word(word) for word in list(dict.fromkeys(words_of(typed)))[:MOST_WORDS]]
    if not words:
        return []
    exact = _gather(session, _scored(session, words, len(words), exactly=True), len(words), may_open, limit)
    if len(exact) >= limit:  # those spelt otherwise would come after all of these
        return exact
    found = {one.file.id: one for one in exact}
    for needed in range(len(words), max(len(words) - 2, 0), -1):
        if found and needed < len(words):
            break
        more = _gather(session, _scored(session, words, needed, exactly=False), len(words), may_open, limit)
        for one in more:
            if one.file.id not in found or found[one.file.id].score < one.score:
                found[one.file.id] = one
    return sorted(found.values(), key=lambda one: (-one.score, one.file.number))[:limit]


def by_birth(session: Session, born: str, may_open: MayOpen, limit: int) -> list[Found]:
    """The files with this birth date: `2011-05-14`, or `2011-05` for any day of a month."""
    hits: Any = sa.select(col(SearchToken.file_id).label("file_id"), sa.literal(SAME).label("score")).where(
        col(SearchToken.token) == _hash(session, f"born:{born}")
    )
    return _gather(session, hits, 1, may_open, limit)


def _scored(session: Session, words: Sequence[WordKeys], needed: int, *, exactly: bool) -> sa.Select[Any]:
    """Files and how well they fit, for at least `needed` of the words. The rarest words are looked up first where the others are far commoner."""
    token, file_id = col(SearchToken.token), col(SearchToken.file_id)
    hashed = [_levels(session, word, exactly) for word in words]
    counts = [_count(session, set().union(*levels)) for levels in hashed]
    rarity = sorted(range(len(words)), key=lambda at: counts[at])
    # Whoever has `needed` of n words has at least one of the n - needed + 1 rarest.
    first, rest = rarity[: len(words) - needed + 1], rarity[len(words) - needed + 1 :]
    lead = set().union(*(level for at in first for level in hashed[at]))
    every = set().union(*(level for levels in hashed for level in levels))
    slots = [
        func.max(sa.case(*((token.in_(level), weight) for level, weight in zip(levels, (SAME, NEAR, LOOSE), strict=True) if level), else_=0))
        for levels in hashed
    ]  # fmt: skip
    total = sum(slots[1:], start=slots[0])
    held = sum((sa.case((slot > 0, 1), else_=0) for slot in slots[1:]), start=sa.case((slots[0] > 0, 1), else_=0))
    query: Any = sa.select(file_id.label("file_id"), total.label("score")).where(token.in_(every))
    if rest and sum(counts[at] for at in rest) > WORTH_LEADING * sum(counts[at] for at in first):
        query = query.where(file_id.in_(sa.select(file_id).where(token.in_(lead))))
    grouped: sa.Select[Any] = query.group_by(file_id).having(held >= needed)
    return grouped


def _levels(session: Session, word: WordKeys, exactly: bool) -> tuple[set[bytes], set[bytes], set[bytes]]:
    same = {_hash(session, word.same)}
    if exactly:
        return same, set(), set()
    return same, {_hash(session, key) for key in word.near}, {_hash(session, key) for key in word.loose}


def _count(session: Session, tokens: set[bytes]) -> int:
    most = sa.select(sa.literal(1)).where(col(SearchToken.token).in_(tokens)).limit(MOST_COUNTED).subquery()
    return int(session.execute(sa.select(func.count()).select_from(most)).scalar_one())


def _gather(session: Session, hits: sa.Select[Any], words: int, may_open: MayOpen, limit: int) -> list[Found]:
    """The best that this person may open. A joined file leads to the file that is kept, once."""
    found: dict[UUID, Found] = {}
    for page in _pages(session, hits):
        scores = dict(page)
        files = {file.id: file for file in session.exec(select(ChildFile).where(col(ChildFile.id).in_(scores)))}
        joined = _joined(session, files)
        for file_id, score in page:
            family = merging.files_of(session, files[file_id]) if file_id in joined else [files[file_id]]
            if family[0].id not in found and all(may_open(each) for each in family):
                found[family[0].id] = Found(family[0], score / (SAME * words))
            if len(found) >= limit:
                return list(found.values())
    return list(found.values())


def _joined(session: Session, ids: Collection[UUID]) -> set[UUID]:
    """Those that are joined to another file, above or below."""
    rows = session.exec(
        select(FileMerge.in_force, FileMerge.kept_id).where(
            col(FileMerge.in_force).is_not(None),
            sa.or_(col(FileMerge.in_force).in_(ids), col(FileMerge.kept_id).in_(ids)),
        )
    ).all()
    return {one for pair in rows for one in pair if one is not None}


def _pages(session: Session, hits: sa.Select[Any]) -> Iterator[list[tuple[UUID, int]]]:
    """Best first; newer files first among equals."""
    sub = hits.subquery()
    ordered = (
        sa.select(sub.c.file_id, sub.c.score)
        .join(ChildFile, col(ChildFile.id) == sub.c.file_id)
        .order_by(sub.c.score.desc(), col(ChildFile.number).desc())
    )
    rows = session.execute(ordered)
    while page := rows.fetchmany(PAGE):
        yield [(row[0], int(row[1])) for row in page]
    rows.close()


def _hash(session: Session, key: str) -> bytes:
    return hmac.new(keys_of(session).search, key.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()[:16]
