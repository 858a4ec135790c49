"""Holds: placed, reviewed, lifted, and asked for before anything is destroyed, binned or erased (R44, R45).

`blocking` is asked inside the transaction that destroys: there is one writer at a time, so a hold placed one statement
before is seen, and one placed after comes too late.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from records.audit import trail
from records.clock import LONDON
from records.documents import keyring
from records.documents.envelope import seal_json, unseal_json
from records.documents.tables import Document
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.holds.kinds import (
    ONE_THING,
    Category,
    Hold,
    HoldKind,
    Scope,
    cannot_be_placed,
    review_date,
)
from records.holds.tables import HoldReview, HoldRow
from records.people import merging
from records.people.tables import ChildFile, Person
from records.post.tables import Item, Part
from records.vocabulary import PartKind

# Papers belong to a slice above this one, but a hold over a file must also keep its papers: what they belong to is read here.
ORIGINAL = sa.table(
    "original", sa.column("id", sa.Uuid()), sa.column("item_id", sa.Uuid()), sa.column("file_id", sa.Uuid())
)


@dataclass(frozen=True)
class Written:
    """What was written about a hold."""

    authority: str
    reference: str
    reason: str
    released: str | None = None


STANDS = sa.case((col(HoldRow.lifted_on).is_(None), sa.true()), else_=sa.false())
"""As `lifted_on is null`, in words that no index answers: so the embedded database looks by what a hold is over, or when it is to be
reviewed, and does not read every hold that stands (of 30,000 that took 50 ms a question)."""


_WAS_LIFTED = col(HoldRow.lifted_on) >= date.min
"""Any day at all: the embedded database looks that up, and reads every hold for "is not null"."""


@dataclass
class _Reach:
    """Everything that one thing touches: a hold over any of it holds that thing too."""

    files: set[UUID]
    items: set[UUID]
    documents: set[UUID]
    originals: set[UUID]
    people: set[UUID]


def place(
    session: Session, *, kind: HoldKind, scope: Scope, authority: str, reason: str, by: str, at: datetime,
    subject_id: UUID | None = None, category: Category | None = None, reference: str = "", review_on: date | None = None,
    review_months: int | None = None, source: str | None = None,
) -> Hold:  # fmt: skip
    """Places a hold. A second one of the same `source` over the same thing is the first one (so that a job may repeat itself).

    RefusedByRule, in words, when something is missing; NotFound when there is no such thing to hold.
    """
    wrong = cannot_be_placed(scope, subject_id, category, reason, authority)
    if wrong:
        raise RefusedByRule(wrong, "R44")
    if scope not in ONE_THING:
        subject_id = None
    today = at.astimezone(LONDON).date()
    if source is not None:
        before = session.exec(
            _standing().where(HoldRow.source == source, HoldRow.scope == scope, HoldRow.subject_id == subject_id)
        ).first()
        if before is not None:
            if (
                before.ends_on is not None
            ):  # its reason is back, such as a request that was opened again (R8): it runs out no more
                before.ends_on = None
                session.add(before)
                session.flush()
                _note(session, before, "hold_stays", by, at)
            return as_hold(before)
    file_id, key_id = _belongs(session, scope, subject_id)
    row = HoldRow(
        kind=HoldKind(kind), scope=Scope(scope), subject_id=subject_id, file_id=file_id, key_id=key_id, source=source,
        category=Category(category) if scope is Scope.CATEGORY and category else None, sealed=b"", placed_by=by,
        placed_on=today, placed_at=at,
        review_on=review_on or (review_date(today) if review_months is None else review_date(today, review_months)),
    )  # fmt: skip
    if row.review_on <= today:
        raise RefusedByRule("The review date must be after today.", "R44")
    row.sealed = _seal(
        session, row, {"authority": authority.strip(), "reference": reference.strip(), "reason": reason.strip()}
    )
    session.add(row)
    session.flush()
    _note(session, row, "hold_placed", by, at)
    return as_hold(row)


def release(
    session: Session, hold_id: UUID, *, why: str, by: str, at: datetime, version: int | None = None
) -> Hold:  # fmt: skip
    """Lifts a hold for good. ChangedMeanwhile when somebody did already; RefusedByRule without a reason."""
    row = _get(session, hold_id)
    if row.lifted_on is not None or (version is not None and row.version != version):
        raise ChangedMeanwhile("Somebody else changed this hold first. Nothing of yours was saved; look at it again.")
    if not why.strip():
        raise RefusedByRule("Say why the hold can be lifted.", "R44")
    _lift(session, row, why=why, by=by, at=at, on=at.astimezone(LONDON).date())
    return as_hold(row)


def let_run_out(session: Session, hold_id: UUID, *, ends_on: date, by: str, at: datetime) -> Hold:
    """The reason is over, but the hold stays to the end of a day (R45: the time to complain after an answer)."""
    row = _get(session, hold_id)
    if row.lifted_on is not None:
        raise ChangedMeanwhile("Somebody else lifted this hold first.")
    row.ends_on = ends_on
    session.add(row)
    session.flush()
    _note(session, row, "hold_ends_on", by, at, ends=ends_on.isoformat())
    return as_hold(row)


def lift_ended(session: Session, *, today: date, at: datetime) -> int:
    """Lifts every hold whose last day has passed; returns how many. The notice of R45 counts from that last day."""
    ended = session.exec(_standing().where(col(HoldRow.ends_on) < today)).all()
    for row in ended:
        assert row.ends_on is not None
        _lift(session, row, why="Its last day has passed.", by=trail.SYSTEM, at=at, on=row.ends_on)
    return len(ended)


def reviewed(
    session: Session, hold_id: UUID, *, next_on: date, by: str, at: datetime, version: int | None = None
) -> Hold:  # fmt: skip
    """Somebody looked: the hold stays, and is looked at again on another day."""
    row = _get(session, hold_id)
    if row.lifted_on is not None or (version is not None and row.version != version):
        raise ChangedMeanwhile("Somebody else changed this hold first. Nothing of yours was saved; look at it again.")
    if next_on <= at.astimezone(LONDON).date():
        raise RefusedByRule("The review date must be after today.", "R44")
    session.add(HoldReview(hold_id=row.id, reviewed_by=by, reviewed_at=at, was_due_on=row.review_on, next_on=next_on))
    row.review_on = next_on
    session.add(row)
    session.flush()
    _note(session, row, "hold_reviewed", by, at, next=next_on.isoformat())
    return as_hold(row)


def blocking(
    session: Session, *, file_id: UUID | None = None, original_id: UUID | None = None, document_id: UUID | None = None,
    item_id: UUID | None = None, part_id: UUID | None = None,
) -> tuple[Hold, ...]:  # fmt: skip
    """Every standing hold that stops the destruction of this, oldest first; empty when nothing does.

    What belongs together is held together: a hold over a file keeps its items, documents and papers, and a hold over one of
    them keeps the file, which could not go without it.
    """
    reach = _reach(session, file_id, original_id, document_id, item_id, part_id)
    wide = (Scope.EVERYTHING, Scope.CATEGORY)
    ids = reach.files | reach.items | reach.documents | reach.originals | reach.people
    rows = session.exec(
        select(HoldRow)
        .where(STANDS, or_(col(HoldRow.scope).in_(wide), col(HoldRow.subject_id).in_(ids)))
        .order_by(col(HoldRow.placed_at), col(HoldRow.id))
    )
    return tuple(as_hold(row) for row in rows if row.scope != Scope.CATEGORY or _in_category(session, row, reach))


def touched(session: Session, file_ids: Collection[UUID]) -> set[UUID]:
    """Those of these files, each by itself, that any hold has ever reached but one over everything: for lists, which then ask about these
    alone. A hold over a kind of document may reach any of them.
    """
    if _any(session, select(HoldRow.id).where(HoldRow.scope == Scope.CATEGORY)):
        return set(file_ids)
    reached = (
        sa.select(col(Person.file_id)).join(HoldRow, col(HoldRow.subject_id) == Person.id).where(col(Person.file_id).in_(file_ids)),
        sa.select(col(Part.file_id)).join(HoldRow, col(HoldRow.subject_id) == Part.item_id).where(col(Part.file_id).in_(file_ids)),
        sa.select(col(Document.file_id)).join(HoldRow, col(HoldRow.subject_id) == Document.id).where(col(Document.file_id).in_(file_ids)),
        sa.select(ORIGINAL.c.file_id).join(HoldRow, col(HoldRow.subject_id) == ORIGINAL.c.id).where(ORIGINAL.c.file_id.in_(file_ids)),
    )  # fmt: skip
    found = {one for query in reached for one in session.execute(query).scalars()}
    found |= {
        one for one in session.exec(select(HoldRow.subject_id).where(col(HoldRow.subject_id).in_(file_ids))) if one
    }
    found |= {one for one in session.exec(select(HoldRow.file_id).where(col(HoldRow.file_id).in_(file_ids))) if one}
    return found


def last_lifted(session: Session, file_id: UUID | None) -> date | None:
    """The day the last hold over this file, or something in it, ended (R45); None if there never was one. Without a file: of the wide ones."""
    reach = _reach(session, file_id, None, None, None, None)
    ids = reach.files | reach.items | reach.documents | reach.originals | reach.people
    wide = (Scope.EVERYTHING, Scope.CATEGORY)
    return session.exec(
        select(func.max(HoldRow.lifted_on)).where(or_(col(HoldRow.scope).in_(wide), col(HoldRow.subject_id).in_(ids)))
    ).one()


def ever(session: Session, ids: Iterable[UUID], kind: HoldKind) -> bool:
    """Whether any of these files, or something in one, has had a hold of this kind, standing or lifted: also one that was placed on an item
    before it was filed."""
    return any(_ever(session, _reach(session, one, None, None, None, None), kind) for one in ids)


def standing(session: Session, limit: int = 500, leaving_out: int = 0, kind: HoldKind | None = None) -> list[Hold]:
    """The holds that stand, the next review first, those of one kind, day and person together; so many of them, of one kind where it is given.
    Found by their ids alone: what is left out is not read.
    """
    order = (
        col(HoldRow.review_on), col(HoldRow.kind), col(HoldRow.scope), col(HoldRow.placed_on), col(HoldRow.placed_by), col(HoldRow.id),
    )  # fmt: skip
    ids = select(HoldRow.id).where(STANDS, *([HoldRow.kind == kind] if kind else []))
    shown = ids.order_by(*order).offset(leaving_out).limit(limit).subquery()
    wanted = select(HoldRow).where(col(HoldRow.id).in_(select(shown.c.id))).order_by(*order)
    return [as_hold(row) for row in session.exec(wanted)]


def moratorium(session: Session) -> bool:
    """Whether a hold over everything stands."""
    return _any(session, select(HoldRow.id).where(HoldRow.scope == Scope.EVERYTHING, STANDS))


def lifted(session: Session, limit: int = 100, leaving_out: int = 0) -> list[Hold]:
    """Holds that were lifted, newest first: so many after leaving out so many."""
    order = (col(HoldRow.released_at).desc(), col(HoldRow.id))
    query = select(HoldRow).where(_WAS_LIFTED).order_by(*order).offset(leaving_out).limit(limit)
    return [as_hold(row) for row in session.exec(query)]


def count_lifted(session: Session) -> int:
    """How many were lifted."""
    return session.exec(select(func.count()).where(_WAS_LIFTED)).one()


def of_source(session: Session, source: str) -> list[Hold]:
    """What a request or another process has placed, standing or lifted."""
    return [as_hold(row) for row in session.exec(select(HoldRow).where(HoldRow.source == source))]


def get(session: Session, hold_id: UUID) -> Hold:
    """One hold. NotFound when there is none."""
    return as_hold(_get(session, hold_id))


def written(session: Session, hold_id: UUID) -> Written:
    """What was written about a hold; NotFound when the key it was sealed under is gone."""
    row = _get(session, hold_id)
    first = _unseal(session, row, row.sealed)
    last = _unseal(session, row, row.sealed_release)["why"] if row.sealed_release is not None else None
    return Written(first["authority"], first["reference"], first["reason"], last)


def counts_standing(session: Session) -> dict[HoldKind, int]:
    """How many holds of each kind stand; a kind without any is left out."""
    counted = select(HoldRow.kind, func.count()).where(col(HoldRow.lifted_on).is_(None)).group_by(HoldRow.kind)
    return {HoldKind(kind): count for kind, count in session.exec(counted)}


def to_review(session: Session, today: date) -> int:
    """How many holds somebody should look at by today."""
    query = select(func.count()).select_from(HoldRow)
    return session.exec(query.where(STANDS, HoldRow.review_on <= today)).one()


def _standing() -> SelectOfScalar[HoldRow]:
    return select(HoldRow).where(col(HoldRow.lifted_on).is_(None))


def _get(session: Session, hold_id: UUID) -> HoldRow:
    row = session.get(HoldRow, hold_id)
    if row is None:
        raise NotFound("There is no such hold.")
    return row


def as_hold(row: HoldRow) -> Hold:
    return Hold(
        id=row.id, kind=HoldKind(row.kind), scope=Scope(row.scope), subject_id=row.subject_id,
        category=Category(row.category) if row.category else None, file_id=row.file_id, placed_on=row.placed_on,
        placed_by=row.placed_by, review_on=row.review_on, ends_on=row.ends_on, lifted_on=row.lifted_on,
        released_by=row.released_by, version=row.version, source=row.source,
    )  # fmt: skip


def _lift(session: Session, row: HoldRow, *, why: str, by: str, at: datetime, on: date) -> None:
    row.lifted_on, row.released_by, row.released_at = on, by, at
    row.sealed_release = _seal(session, row, {"why": why.strip()})
    session.add(row)
    session.flush()
    _note(session, row, "hold_released", by, at)


def _note(session: Session, row: HoldRow, act: str, by: str, at: datetime, **more: str) -> None:
    trail.append(
        session, actor=by, act=act, subject_kind="hold", subject_id=str(row.id), at=at,
        detail={"kind": row.kind, "scope": row.scope, "over": str(row.subject_id or row.category or "-"), **more},
    )  # fmt: skip


def _seal(session: Session, row: HoldRow, value: dict[str, str]) -> bytes:
    if row.key_id is None:
        return json.dumps(value, ensure_ascii=False).encode()
    return seal_json(keyring.open_key(session, row.key_id), value, row.id.bytes)


def _unseal(session: Session, row: HoldRow, sealed: bytes) -> dict[str, str]:
    if row.key_id is None:
        found: dict[str, str] = json.loads(sealed)
        return found
    return unseal_json(keyring.open_key(session, row.key_id), sealed, row.id.bytes)


def _belongs(session: Session, scope: Scope, subject_id: UUID | None) -> tuple[UUID | None, UUID | None]:
    """The file, and the key, that a held thing belongs to. NotFound when there is no such thing."""
    if subject_id is None:
        return None, None
    reach = _reach(
        session, subject_id if scope is Scope.FILE else None, subject_id if scope is Scope.ORIGINAL else None,
        subject_id if scope is Scope.DOCUMENT else None, subject_id if scope is Scope.ITEM else None, None,
        person_id=subject_id if scope is Scope.PERSON else None, joined=False,
    )  # fmt: skip
    if len(reach.files) == 1:
        file = session.get(ChildFile, next(iter(reach.files)))
        if file is not None:
            return file.id, file.key_id
    for item_id in reach.items:
        item = session.get(Item, item_id)
        if item is not None:
            return None, item.key_id
    raise NotFound("There is nothing with that number to hold.")


def _reach(
    session: Session, file_id: UUID | None, original_id: UUID | None, document_id: UUID | None, item_id: UUID | None,
    part_id: UUID | None, *, person_id: UUID | None = None, joined: bool = True,
) -> _Reach:  # fmt: skip
    """What one thing touches, upwards and downwards. An item that other families share brings in none of their files.

    Files that were joined are one child: a hold over one of them keeps what lies on any.
    """
    found = _Reach(set(), set(), set(), set(), set())
    document = session.get(Document, document_id) if document_id else None
    if document is not None:
        found.documents.add(document.id)
        _some(found.files, document.file_id)
        _some(found.items, document.item_id)
        part_id = part_id or document.part_id
    if original_id is not None:
        row = session.execute(sa.select(ORIGINAL).where(ORIGINAL.c.id == original_id)).first()
        if row is not None:
            found.originals.add(original_id)
            _some(found.files, row.file_id)
            _some(found.items, row.item_id)
    part = session.get(Part, part_id) if part_id else None
    if part is not None:
        _some(found.files, part.file_id)
        found.items.add(part.item_id)
    if person_id is not None:
        person = session.get(Person, person_id)
        if person is not None:
            found.people.add(person_id)
            found.files.add(person.file_id)
    _some(found.files, file_id)
    _some(found.items, item_id)
    if item_id is not None:
        found.files |= _filed(session, item_id)
        found.documents |= set(session.exec(select(Document.id).where(Document.item_id == item_id)))
        found.originals |= _ids(session, ORIGINAL.c.item_id == item_id)
    if joined:
        found.files |= {each for one in set(found.files) for each in merging.ids_of(session, one)}
    for one in set(found.files):
        found.people |= set(session.exec(select(Person.id).where(Person.file_id == one)))
    if file_id is not None or person_id is not None:
        for one in set(found.files):
            found.items |= set(session.exec(select(Part.item_id).where(Part.file_id == one)))
            found.documents |= set(session.exec(select(Document.id).where(Document.file_id == one)))
            found.originals |= _ids(session, ORIGINAL.c.file_id == one)
    return found


def _filed(session: Session, item_id: UUID) -> set[UUID]:
    rows = session.exec(select(Part.file_id).where(Part.item_id == item_id, col(Part.file_id).is_not(None)))
    return {one for one in rows if one is not None}


def _ids(session: Session, where: sa.ColumnElement[bool]) -> set[UUID]:
    return set(session.execute(sa.select(ORIGINAL.c.id).where(where)).scalars())


def _some(into: set[UUID], one: UUID | None) -> None:
    if one is not None:
        into.add(one)


def _in_category(session: Session, row: HoldRow, reach: _Reach) -> bool:
    """Whether anything touched is of the kind that is held. Nothing known about it: held, since doubt keeps."""
    if row.category == Category.SAFEGUARDING_FILES:
        return _ever(session, reach, HoldKind.SAFEGUARDING)
    wanted = PartKind.FORM if row.category == Category.FORMS else PartKind.OTHER
    parts = select(Part.id).where(or_(col(Part.item_id).in_(reach.items), col(Part.file_id).in_(reach.files)))
    return not _any(session, parts) or _any(session, parts.where(Part.kind == wanted))


def _ever(session: Session, reach: _Reach, kind: HoldKind) -> bool:
    ids = reach.files | reach.items | reach.documents | reach.originals | reach.people
    over = or_(col(HoldRow.file_id).in_(reach.files), col(HoldRow.subject_id).in_(ids))
    return _any(session, select(HoldRow.id).where(HoldRow.kind == kind, over))


def _any(session: Session, query: SelectOfScalar[UUID]) -> bool:
    return session.exec(query.limit(1)).first() is not None
