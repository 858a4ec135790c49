"""The holds over many items of post, for lists: what `register.blocking` says of each, in as many questions for many as for one.

Whatever destroys asks `register.blocking` itself, inside its own transaction.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, or_, select

from records.documents.tables import Document
from records.holds.kinds import WIDE, Category, Hold, HoldKind, Scope
from records.holds.register import ORIGINAL, STANDS, as_hold
from records.holds.tables import HoldRow
from records.people import merging
from records.people.tables import Person
from records.post.tables import Part
from records.vocabulary import PartKind

CHUNK = 5000


@dataclass(frozen=True)
class _Kinds:
    """What is known of the kinds of document that each item touches."""

    kinds: Mapping[UUID, set[str]]
    safeguarding: Collection[UUID]

    def held(self, category: str | None, item: UUID) -> bool:
        """As `register.blocking` judges it: nothing known about an item is held, since doubt keeps."""
        if category == Category.SAFEGUARDING_FILES:
            return item in self.safeguarding
        wanted = PartKind.FORM if category == Category.FORMS else PartKind.OTHER
        return not self.kinds[item] or wanted in self.kinds[item]


def of_items(session: Session, items: Collection[UUID]) -> dict[UUID, tuple[Hold, ...]]:
    """Every standing hold that stops the erasure of each of these items, oldest first."""
    found: dict[UUID, list[Hold]] = {one: [] for one in items}
    standing = select(HoldRow).where(STANDS)
    if found and session.exec(standing.limit(1)).first() is not None:
        files = _files(session, found)
        touched = _touched(session, found, files)
        rows = list(session.exec(standing.where(col(HoldRow.scope).in_(WIDE))))
        for chunk in _chunks(touched):
            rows += session.exec(
                standing.where(col(HoldRow.subject_id).in_(chunk), col(HoldRow.scope).not_in(WIDE))
            ).all()
        kinds = _kinds(session, files, touched) if any(row.scope == Scope.CATEGORY for row in rows) else _Kinds({}, ())
        for row in sorted(rows, key=lambda each: (each.placed_at, each.id)):
            for one in found if row.subject_id is None else touched[row.subject_id]:
                if row.scope != Scope.CATEGORY or kinds.held(row.category, one):
                    found[one].append(as_hold(row))
    return {one: tuple(each) for one, each in found.items()}


def _files(session: Session, items: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """The files that each item has pages in, with those joined to them."""
    query = select(Part.item_id, Part.file_id).where(col(Part.item_id).in_(items), col(Part.file_id).is_not(None))
    filed = [(item, file) for item, file in session.exec(query) if file is not None]
    groups = merging.groups(session, {file for _, file in filed})
    found: dict[UUID, set[UUID]] = {one: set() for one in items}
    for item, file in filed:
        found[item].update(groups[file])
    return found


def _touched(
    session: Session, items: Collection[UUID], files: Mapping[UUID, Collection[UUID]]
) -> dict[UUID, set[UUID]]:
    """Everything over which a hold keeps an item, and which items it keeps."""
    found: dict[UUID, set[UUID]] = {one: {one} for one in items}
    for item, each in files.items():
        for file in each:
            found.setdefault(file, set()).add(item)
    every = {file for each in files.values() for file in each}
    for person, file in session.exec(select(Person.id, Person.file_id).where(col(Person.file_id).in_(every))):
        found.setdefault(person, set()).update(found[file])
    of_items = (
        sa.select(col(Document.id), col(Document.item_id)).where(col(Document.item_id).in_(items)),
        sa.select(ORIGINAL.c.id, ORIGINAL.c.item_id).where(ORIGINAL.c.item_id.in_(items)),
    )
    for query in of_items:
        for one, item in session.execute(query):
            found.setdefault(one, set()).add(item)
    return found


def _kinds(session: Session, files: Mapping[UUID, Collection[UUID]], touched: Mapping[UUID, set[UUID]]) -> _Kinds:
    every = {file for each in files.values() for file in each}
    query = select(Part.item_id, Part.file_id, Part.kind)
    rows = session.exec(query.where(or_(col(Part.item_id).in_(list(files)), col(Part.file_id).in_(every)))).all()
    ever = set(
        session.exec(
            select(HoldRow.file_id).where(HoldRow.kind == HoldKind.SAFEGUARDING, col(HoldRow.file_id).in_(every))
        )
    )
    safeguarding = {item for item, mine in files.items() if ever & set(mine)}
    for chunk in _chunks(touched):  # placed on an item, or on a thing in it, before it was filed
        over = select(HoldRow.subject_id).where(
            HoldRow.kind == HoldKind.SAFEGUARDING, col(HoldRow.subject_id).in_(chunk)
        )
        safeguarding.update(item for one in session.exec(over) if one is not None for item in touched[one])
    return _Kinds(
        {item: {kind for at, file, kind in rows if at == item or file in mine} for item, mine in files.items()},
        safeguarding,
    )


def _chunks(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    every = list(ids)
    for start in range(0, len(every), CHUNK):
        yield every[start : start + CHUNK]
