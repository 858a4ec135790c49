"""The documents of a child's file as staff choose among them: each by the part that it came in, and only those that this person may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from records.desk.shell import Call, moment
from records.documents.tables import Document
from records.guard import marks
from records.guard.standing import about, restricted_parts
from records.people import merging
from records.people.entitlement import GivenByChild
from records.people.tables import ChildFile
from records.post.tables import Part
from records.staff.access import Act
from records.vocabulary import DocumentKind, PartKind


@dataclass(frozen=True)
class Paper:
    """One document of the file, by the part that it came in. `first_page`: its picture."""

    part_id: UUID
    pages: int
    stored_at: datetime
    given: GivenByChild
    restricted: bool
    first_page: UUID
    is_form: bool = False

    @property
    def words(self) -> str:
        """What tells it from the others: "Consent form, 2 pages, stored 20 November 2026 at 10:00am"."""
        kind = "Consent form" if self.is_form else "Letter or other paper"
        return f"{kind}, {self.pages} page{'' if self.pages == 1 else 's'}, stored {moment(self.stored_at)}"


def papers_of(session: Session, call: Call, file: ChildFile) -> list[Paper]:
    """The documents of the file, and of those joined to it, that this person may see, newest first."""
    if not call.may(Act.SEE_FILE_DOCUMENT, about(file)):
        return []
    ids = merging.ids_of(session, file.id)
    wanted = select(Document).where(col(Document.file_id).in_(ids), Document.kind == DocumentKind.PAGE)
    by_part: dict[UUID, list[Document]] = {}
    for row in session.exec(wanted.order_by(col(Document.stored_at).desc(), col(Document.page))):
        if row.part_id is not None:
            by_part.setdefault(row.part_id, []).append(row)
    given, closed = marks.of_file(session, file.id), restricted_parts(session, file.id)
    forms = set(session.exec(select(Part.id).where(col(Part.id).in_(list(by_part)), Part.kind == PartKind.FORM)).all())
    return [
        Paper(
            part, len(rows), rows[0].stored_at, given.get(part, GivenByChild.NO), part in closed, rows[0].id, part in forms
        )
        for part, rows in by_part.items()
        if call.may(Act.SEE_FILE_DOCUMENT, about(file, closed & {part}))
    ]  # fmt: skip


def chosen(call: Call, papers: Sequence[Paper], name: str = "thing") -> tuple[frozenset[str], bool]:
    """The documents ticked, by their ids, and whether each of them is one of `papers`."""
    ticked = frozenset(value for value in call.form.getlist(name) if isinstance(value, str))
    return ticked, ticked <= {str(paper.part_id) for paper in papers}


GONE = "A document that is no longer here, or that you may not open"


def in_words(things: Sequence[str], papers: Sequence[Paper]) -> list[str]:
    """Documents that were shared, in words for whoever sees `papers`; one that is gone or closed to them is not described."""
    known: Mapping[str, str] = {str(paper.part_id): paper.words for paper in papers}
    return [known.get(thing, GONE) for thing in things]
