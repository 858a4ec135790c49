"""On which of a child's joined files a document lies: what is said of it is kept there, and stays with it when they are taken apart."""

from uuid import UUID

from sqlmodel import Session, col, select

from records.documents.tables import Document
from records.people import merging
from records.people.tables import ChildFile


def file_of(session: Session, file: ChildFile, part_id: UUID) -> ChildFile:
    """The file that this document was filed on, among those joined to this one; this one where no document of it is kept."""
    ids = merging.ids_of(session, file.id)
    if len(ids) == 1:
        return file
    kept = select(Document.file_id).where(Document.part_id == part_id, col(Document.file_id).in_(ids))
    return session.get_one(ChildFile, session.exec(kept.limit(1)).first() or file.id)
