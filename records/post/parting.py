"""Pages of an item put into a part of their own, so that they can go where the others do not."""

from collections.abc import Sequence

from sqlmodel import Session, and_, col, or_, select

from records.documents.tables import Document
from records.post.tables import Page, Part


def give(session: Session, pages: Sequence[Page], part: Part) -> None:
    """These pages of the part's item, with their pictures and whatever else was kept of them, belong to this new part from now on."""
    session.add(part)
    session.flush()
    for page in pages:
        page.part_id = part.id
        session.add(page)
    of_page = and_(
        col(Document.item_id) == part.item_id, col(Document.page).in_([page.number for page in pages]),
        col(Document.part_id).is_not(None),
    )  # fmt: skip
    pictures = [page.picture_id for page in pages]
    for document in session.exec(select(Document).where(or_(col(Document.id).in_(pictures), of_page))).all():
        document.part_id = part.id
        session.add(document)
    session.flush()
