"""Named bodies: which school, which clinic a family's yes is used for (R25). Recorded, told to the family, narrowed (F13)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from records.audit import trail
from records.consents.items import Category
from records.consents.tables import NamedBody
from records.documents import keyring
from records.documents.envelope import seal_json, unseal_json
from records.errors import ChangedMeanwhile, NotFound
from records.people import merging
from records.people.tables import ChildFile


@dataclass(frozen=True)
class BodyShown:
    """A named body, opened for somebody who may see the file."""

    id: UUID
    category: Category
    name: str
    since: date
    looked_at_since: date | None
    told_family_at: datetime | None
    ended_on: date | None
    version: int


def add(
    session: Session, file: ChildFile, category: Category, name: str, *, since: date, actor: str, at: datetime
) -> UUID:
    """Records a body by name. The same name of the same kind is recorded once. The family is still to be told (R25)."""
    wanted = " ".join(name.split())
    for body in of_file(session, file):
        if body.category is category and body.name.casefold() == wanted.casefold() and body.ended_on is None:
            return body.id
    row = NamedBody(file_id=file.id, category=category, sealed=b"", since=since, recorded_by=actor, recorded_at=at)
    row.sealed = seal_json(keyring.open_key(session, file.key_id), {"name": wanted}, row.id.bytes)
    session.add(row)
    _entered(session, row, "body_named", actor, at)
    return row.id


def of_file(session: Session, file: ChildFile) -> Sequence[BodyShown]:
    """Every body named on a file and on those joined to it, ended ones too, in the order recorded."""
    found = []
    for its_file in merging.files_of(session, file):
        rows = session.exec(
            select(NamedBody)
            .where(NamedBody.file_id == its_file.id)
            .order_by(col(NamedBody.recorded_at), col(NamedBody.id))
        ).all()
        key = keyring.open_key(session, its_file.key_id) if rows else b""
        found += [_shown(row, str(unseal_json(key, row.sealed, row.id.bytes)["name"])) for row in rows]
    return found


def _shown(row: NamedBody, name: str) -> BodyShown:
    return BodyShown(
        row.id, Category(row.category), name, row.since, row.looked_at_since, row.told_family_at, row.ended_on, row.version,
    )  # fmt: skip


def told_family(session: Session, file: ChildFile, body_id: UUID, version: int, *, actor: str, at: datetime) -> None:
    """The family was told that this body was added."""
    row = _row(session, file, body_id, version)
    row.told_family_at, row.told_family_by = at, actor
    _entered(session, row, "body_told_family", actor, at)


def end(session: Session, file: ChildFile, body_id: UUID, version: int, *, on: date, actor: str, at: datetime) -> None:
    """The family does not want this one (F13): from `on` the gate is shut for it."""
    row = _row(session, file, body_id, version)
    row.ended_on, row.ended_by = on, actor
    _entered(session, row, "body_ended", actor, at)


def may_look(
    session: Session, file: ChildFile, body_id: UUID, version: int, *, on: date, actor: str, at: datetime
) -> None:
    """The family specifically asked us to look at this body's records (N13, S13)."""
    row = _row(session, file, body_id, version)
    row.looked_at_since = on
    _entered(session, row, "body_may_look", actor, at)


def _row(session: Session, file: ChildFile, body_id: UUID, version: int) -> NamedBody:
    row = session.get(NamedBody, body_id)
    if row is None or row.file_id not in merging.ids_of(session, file.id):
        raise NotFound("There is nothing here.")
    if row.version != version:
        raise ChangedMeanwhile("Somebody else changed this first. Look at it again.")
    return row


def _entered(session: Session, row: NamedBody, act: str, actor: str, at: datetime) -> None:
    session.flush()
    trail.append(
        session, actor=actor, act=act, subject_kind="file", subject_id=str(row.file_id), at=at,
        detail={"body": str(row.id), "category": row.category},
    )  # fmt: skip
