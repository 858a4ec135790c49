"""Records of other agencies: looked at and filed only when the family specifically asked us to (N13, S13).

A yes to contact, or to get information in general, is not enough: each request says whose records, of which body, what for, who asked,
when and how. A document that is filed as another agency's is tied to the request that lets us open it. What comes of a request stands in
`look_steps`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, func, or_, select

from records.audit import trail
from records.consents import bodies, look_steps
from records.consents.items import KIND_IN_A_SENTENCE, Category
from records.consents.look_rules import Step
from records.consents.standing import Route
from records.consents.tables import AgencyRecord, LookRequest
from records.documents import keyring
from records.documents.envelope import seal_json, unseal_json
from records.errors import NotFound, RefusedByRule
from records.people import merging, register
from records.people.relations import Kind
from records.people.tables import ChildFile
from records.policies.settings import Policy
from records.policies.values import AgencyRecords

FAMILY = frozenset({Kind.CHILD, Kind.CARER, Kind.RELATIVE})
"""Who can ask us to look: a school or another body on the file cannot, nor can a friend."""
ONLY_FAMILY = "Only the family can ask us to look. Choose the parent, carer or young person who asked"


class NotAskedToLook(RefusedByRule):
    """The family has not asked us to look at the records of such a body."""

    def __init__(self, category: Category) -> None:
        super().__init__(
            f"The family has not asked us to look at records of {KIND_IN_A_SENTENCE[category]}. Read no further. Ask them, and record it "
            "under “Who we talk to” of the file; or give the pages back.",
            "N13",
        )  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What the family asked. `entry`: the press of the button; `whose`, `by`: people of the file; `what`: in words."""

    entry: UUID
    body: UUID
    whose: UUID
    by: UUID
    what: str
    on: date
    route: Route


@dataclass(frozen=True)
class Look:
    """A request to look, opened. `filed`: how many documents were filed by it."""

    row: LookRequest
    what: str
    filed: int


def ask(
    session: Session, file: ChildFile, asked: Asked, *, policy: Policy, actor: str, at: datetime
) -> None:  # fmt: skip
    """Records that the family asked us to look at a body's records. The same press twice adds nothing.

    RefusedByRule without words on what, or where nobody of the family asked; NotFound for somebody or a body that is not on the file.
    """
    if session.get(LookRequest, asked.entry) is not None:
        return
    if not asked.what.strip():
        raise RefusedByRule("Write what they asked us to look at.", "N13")
    people = {each.id: each.kind for each in register.people(session, file)}
    if not {asked.whose, asked.by} <= set(people):
        raise NotFound("There is nobody like that on this file.")
    if people[asked.by] not in FAMILY:
        raise RefusedByRule(f"{ONLY_FAMILY}.", "N13")
    body = next(
        (each for each in bodies.of_file(session, file) if each.id == asked.body and each.ended_on is None), None
    )
    if body is None:
        raise NotFound("There is nothing here.")
    row = LookRequest(
        id=asked.entry, file_id=file.id, body_id=body.id, whose_id=asked.whose, asked_by_id=asked.by, asked_on=asked.on, route=asked.route,
        sealed=b"", policy_version=policy.version, recorded_by=actor, recorded_at=at,
    )  # fmt: skip
    row.sealed = seal_json(keyring.open_key(session, file.key_id), {"what": asked.what.strip()}, row.id.bytes)
    session.add(row)
    if body.looked_at_since is None or asked.on < body.looked_at_since:
        bodies.may_look(session, file, body.id, body.version, on=asked.on, actor=actor, at=at)
    session.flush()
    look_steps.remind(session, row, actor=actor, at=at)
    trail.append(
        session, actor=actor, act="look_asked", subject_kind="file", subject_id=str(file.id), at=at, detail={"look": str(row.id)}
    )  # fmt: skip


def of_file(session: Session, file: ChildFile) -> Mapping[UUID, Sequence[Look]]:
    """The requests to look of a file, by body, newest first."""
    keys = {each.id: each.key_id for each in merging.files_of(session, file)}
    rows = session.exec(
        select(LookRequest).where(col(LookRequest.file_id).in_(keys)).order_by(col(LookRequest.asked_on).desc())
    ).all()
    filed = dict(
        session.exec(
            select(AgencyRecord.look_id, func.count()).where(col(AgencyRecord.file_id).in_(keys)).group_by(col(AgencyRecord.look_id))
        ).all()
    )  # fmt: skip
    found: dict[UUID, list[Look]] = {}
    for row in rows:
        key = keyring.open_key(session, keys[row.file_id])
        what = str(unseal_json(key, row.sealed, row.id.bytes)["what"])
        found.setdefault(row.body_id, []).append(Look(row, what, filed.get(row.id, 0)))
    return found


def file_under(
    session: Session, file: ChildFile, part_id: UUID, category: Category, *, policy: Policy, today: date, actor: str, at: datetime
) -> None:  # fmt: skip
    """Files pages as the record of an agency of this kind, by the newest request to look. NotAskedToLook where there is none (N13)."""
    allowed = _allowed(session, file, category, today)
    if policy.agency_records is AgencyRecords.ONLY_WHEN_ASKED and allowed is None:
        raise NotAskedToLook(category)
    row = AgencyRecord(
        file_id=file.id, part_id=part_id, category=category, look_id=allowed, policy_version=policy.version, recorded_by=actor, recorded_at=at
    )  # fmt: skip
    session.add(row)
    session.flush()
    trail.append(
        session, actor=actor, act="agency_record_filed", subject_kind="file", subject_id=str(file.id), at=at,
        detail={"part": str(part_id), "category": category, "look": str(allowed)},
    )  # fmt: skip


def _allowed(session: Session, file: ChildFile, category: Category, today: date) -> UUID | None:
    """The newest request to look at a body of this kind that the family still wants, one that waits for an answer before one that had it.

    What comes after it was answered, or given up, is still what the family asked for; once they took it back, nothing is filed by it.
    """
    wanted = {each.id for each in bodies.of_file(session, file) if each.category is category and each.ended_on is None}
    return session.exec(
        select(LookRequest.id)
        .where(
            col(LookRequest.body_id).in_(wanted),
            col(LookRequest.asked_on) <= today,
            or_(col(LookRequest.ended).is_(None), LookRequest.ended != Step.WITHDRAWN),
        )
        .order_by(
            col(LookRequest.ended).is_not(None), col(LookRequest.asked_on).desc(), col(LookRequest.recorded_at).desc()
        )
        .limit(1)
    ).first()
