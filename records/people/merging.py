"""Two files that turn out to be one child: joined, and taken apart again exactly.

Joining moves nothing. Each answer, paper and fact stays on its own file, under its own key; `ids_of` names all files of one
child, and whatever asks about a child asks about all of them. So nothing can be lost, and taking apart brings back what was.
What is added while they are joined belongs to the file under which it was added.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import Session, col, or_, select

from records.audit import trail
from records.documents import keyring
from records.documents.envelope import seal_json, unseal_json
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.people.tables import ChildFile, FileMerge

LONGEST_WHY = 500


@dataclass(frozen=True)
class Joined:
    """One joining, opened for somebody who may see both files."""

    id: UUID
    kept_id: UUID
    taken_id: UUID
    why: str
    merged_by: str
    merged_at: datetime


def root_id(session: Session, file_id: UUID) -> UUID:
    """The file under which this child is seen: itself, unless it was joined to another."""
    while True:
        above = session.exec(select(FileMerge.kept_id).where(FileMerge.in_force == file_id)).first()
        if above is None:
            return file_id
        file_id = above


def ids_of(session: Session, file_id: UUID) -> tuple[UUID, ...]:
    """Every file of this child, the one that is kept first. A file that was never joined: itself alone.

    Found once for each session: one page asks it many times over. Joining and taking apart forget what was found.
    """
    known: dict[UUID, tuple[UUID, ...]] = session.info.setdefault(_FOUND, {})
    if file_id not in known:
        known[file_id] = _ids(session, file_id)
    return known[file_id]


_FOUND = "joined_files"
_TOUCHED = (  # put together once: every page asks
    select(FileMerge.id)
    .where(
        or_(col(FileMerge.kept_id) == bindparam("file"), col(FileMerge.taken_id) == bindparam("file")),
        col(FileMerge.in_force).is_not(None),
    )
    .limit(1)
)


JOINED = (  # of a file in whose question it stands
    select(FileMerge.id)
    .where(
        or_(col(FileMerge.kept_id) == col(ChildFile.id), col(FileMerge.taken_id) == col(ChildFile.id)),
        col(FileMerge.in_force).is_not(None),
    )
    .exists()
)


def alone(session: Session, file_id: UUID) -> None:
    """Keeps for this session that a file is joined to no other, as the caller has just found (`JOINED`)."""
    session.info.setdefault(_FOUND, {})[file_id] = (file_id,)


def _ids(session: Session, file_id: UUID) -> tuple[UUID, ...]:
    if session.execute(_TOUCHED, {"file": file_id}).first() is None:
        return (file_id,)  # nearly every file, in one question
    found = [root_id(session, file_id)]
    layer = list(found)
    while layer:
        layer = list(
            session.exec(
                select(FileMerge.taken_id)
                .where(col(FileMerge.kept_id).in_(layer), col(FileMerge.in_force).is_not(None))
                .order_by(col(FileMerge.merged_at), col(FileMerge.id))
            )
        )
        found += layer
    return tuple(found)


def groups(session: Session, file_ids: Collection[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """`ids_of` of each of these files; files that were never joined cost one question together."""
    pairs = select(FileMerge.kept_id, FileMerge.taken_id).where(
        or_(col(FileMerge.kept_id).in_(file_ids), col(FileMerge.taken_id).in_(file_ids)),
        col(FileMerge.in_force).is_not(None),
    )
    joined = {one for pair in session.exec(pairs) for one in pair} if file_ids else set()
    return {one: ids_of(session, one) if one in joined else (one,) for one in file_ids}


def files_of(session: Session, file: ChildFile) -> list[ChildFile]:
    """Every file of this child, the one that is kept first."""
    ids = ids_of(session, file.id)
    return [file] if ids == (file.id,) else [session.get_one(ChildFile, one) for one in ids]


def merge(session: Session, kept: ChildFile, taken: ChildFile, *, why: str, by: str, at: datetime) -> UUID:
    """Joins two files; the caller has checked that this person may open both. RefusedByRule in words when they cannot be joined."""
    if not why.strip():
        raise RefusedByRule("Enter how you know that this is the same child.", "F22")
    if kept.restricted or taken.restricted:
        raise RefusedByRule("One of the two files is restricted. A manager must lift that first.", "N10")
    if len(why) > LONGEST_WHY:
        raise RefusedByRule(f"Say how you know in at most {LONGEST_WHY} letters.", "F22")
    upper, lower = root_id(session, kept.id), root_id(session, taken.id)
    if upper == lower:
        raise RefusedByRule("These two are one file already.", "F22")
    row = FileMerge(kept_id=upper, taken_id=lower, sealed=b"", merged_by=by, merged_at=at, in_force=lower)
    key = keyring.open_key(session, session.get_one(ChildFile, upper).key_id)
    row.sealed = seal_json(key, {"why": why.strip()}, row.id.bytes)
    session.add(row)
    session.flush()
    session.info.pop(_FOUND, None)
    _note(session, row, "files_joined", by, at)
    return row.id


def unmerge(session: Session, merge_id: UUID, *, by: str, at: datetime) -> FileMerge:
    """Takes two files apart again. NotFound when they never were joined; ChangedMeanwhile when somebody was first.

    RefusedByRule while they are restricted: the restriction was placed on them as one child, and could be lifted from one of them alone.
    """
    row = session.get(FileMerge, merge_id)
    if row is None:
        raise NotFound("There is nothing here.")
    if row.in_force is None:
        raise ChangedMeanwhile("Somebody else has already taken these two files apart.")
    if any(session.get_one(ChildFile, one).restricted for one in (row.kept_id, row.taken_id)):
        raise RefusedByRule("The two files are restricted. A manager must lift that first.", "N10")
    row.in_force, row.unmerged_by, row.unmerged_at = None, by, at
    session.info.pop(_FOUND, None)
    session.add(row)
    session.flush()
    session.info.pop(_FOUND, None)
    _note(session, row, "files_taken_apart", by, at)
    return row


def joined(session: Session, file: ChildFile) -> list[Joined]:
    """The joinings in force below the kept file, oldest first."""
    ids = ids_of(session, file.id)
    if len(ids) == 1:
        return []
    rows = session.exec(
        select(FileMerge).where(col(FileMerge.in_force).in_(ids)).order_by(col(FileMerge.merged_at), col(FileMerge.id))
    ).all()
    return [_opened(session, row) for row in rows]


def touched_since(session: Session, file_id: UUID, moment: datetime) -> bool:
    """Whether files of this child were joined or taken apart after a moment: then other facts may count than did before."""
    ids = ids_of(session, file_id)
    found = select(FileMerge.id).where(
        or_(col(FileMerge.kept_id).in_(ids), col(FileMerge.taken_id).in_(ids)),
        or_(col(FileMerge.merged_at) > moment, col(FileMerge.unmerged_at) > moment),
    )
    return session.exec(found.limit(1)).first() is not None


def forget(session: Session, file_id: UUID) -> None:
    """Takes away every trace of joinings of a file that is destroyed, so that its row can go."""
    touching = or_(col(FileMerge.kept_id) == file_id, col(FileMerge.taken_id) == file_id)
    for row in session.exec(select(FileMerge).where(touching)).all():
        session.delete(row)
    session.flush()


def _opened(session: Session, row: FileMerge) -> Joined:
    key = keyring.open_key(session, session.get_one(ChildFile, row.kept_id).key_id)
    why = str(unseal_json(key, row.sealed, row.id.bytes)["why"])
    return Joined(row.id, row.kept_id, row.taken_id, why, row.merged_by, row.merged_at)


def _note(session: Session, row: FileMerge, act: str, by: str, at: datetime) -> None:
    trail.append(
        session, actor=by, act=act, subject_kind="file", subject_id=str(row.kept_id), at=at,
        detail={"other": str(row.taken_id), "joining": str(row.id)},
    )  # fmt: skip
