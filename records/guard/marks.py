"""What the child or young person gave, and whether they agree that anybody else sees it (S7, W16, W29). Appended; the newest mark counts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from records.audit import trail
from records.guard.belonging import file_of
from records.guard.tables import GivenMark
from records.people import merging
from records.people.entitlement import GivenByChild
from records.people.tables import ChildFile

WORDS = {
    GivenByChild.NO: "Not given by the child or young person",
    GivenByChild.AGREES: "Given by them; they agree that others see it",
    GivenByChild.REFUSES: "Given by them; they do not let anybody else see it",
    GivenByChild.NOT_ASKED: "Given by them; not asked yet whether others may see it",
}


def mark(session: Session, file: ChildFile, part_id: UUID, given: GivenByChild, *, by: str, at: datetime) -> None:
    """Says of one document of a file whether the child gave it. The caller has checked that the part is on the file, or one joined to it."""
    file = file_of(session, file, part_id)
    session.add(GivenMark(file_id=file.id, part_id=part_id, given=given, recorded_by=by, recorded_at=at))
    session.flush()
    trail.append(
        session, actor=by, act="document_marked", subject_kind="file", subject_id=str(file.id), at=at,
        detail={"part": str(part_id), "given": given.value},
    )  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What stands of a document that was marked, since when."""

    given: GivenByChild
    at: datetime


def of_file(session: Session, file_id: UUID, *, known_at: datetime | None = None) -> dict[UUID, GivenByChild]:
    """What stands of each marked document of a child, by the part that it came in. One without a mark: nobody has said (`NO`).

    `known_at`: as it stood at a moment (None: now).
    """
    return {part: said.given for part, said in said_of(session, file_id, known_at=known_at).items()}


def said_of(session: Session, file_id: UUID, *, known_at: datetime | None = None) -> dict[UUID, Said]:
    """The same, with the moment of each mark."""
    wanted = select(GivenMark).where(col(GivenMark.file_id).in_(merging.ids_of(session, file_id)))
    if known_at is not None:
        wanted = wanted.where(col(GivenMark.recorded_at) <= known_at)
    rows = session.exec(wanted.order_by(col(GivenMark.recorded_at), col(GivenMark.id)))
    return {row.part_id: Said(GivenByChild(row.given), row.recorded_at) for row in rows}
