"""Consent events: recorded, read back, asked. Appended only; what holds is computed by `standing`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from records.consents.standing import Answer, ConsentState, Kind, Standing, standing
from records.consents.tables import ConsentEvent
from records.documents import keyring
from records.documents.envelope import seal_json, unseal_json
from records.people.tables import ChildFile


@dataclass(frozen=True)
class Given:
    """One answer of a confirmed form, ready to be recorded."""

    item_code: str
    field_id: str
    state: ConsentState
    wording: str
    page: int
    named: str | None = None
    """The body that an "Other" box names; sealed under the file's key."""


@dataclass(frozen=True)
class FromForm:
    """What all answers of one form share: its form, dates, evidence and the officer who confirmed them (G2)."""

    form: str
    edition: str
    part_id: UUID
    evidence_id: UUID
    giver: str
    effective_on: date
    effective_assumed: bool
    received_on: date
    confirmed_by: str
    policy_version: str


def record_form(session: Session, file: ChildFile, source: FromForm, answers: Sequence[Given], at: datetime) -> None:
    """Appends one event for each answer."""
    key = keyring.open_key(session, file.key_id)
    for answer in answers:
        event = ConsentEvent(
            file_id=file.id, item_code=answer.item_code, state=answer.state, giver=source.giver,
            effective_on=source.effective_on, effective_assumed=source.effective_assumed,
            received_on=source.received_on, recorded_at=at, confirmed_by=source.confirmed_by, route="form",
            form=source.form, edition=source.edition, wording=answer.wording, part_id=source.part_id,
            field_id=answer.field_id, evidence_id=source.evidence_id, page=answer.page,
            policy_version=source.policy_version,
        )  # fmt: skip
        if answer.named is not None:
            event.sealed_detail = seal_json(key, {"named": answer.named}, event.id.bytes)
        session.add(event)
    session.flush()


def events(session: Session, file_id: UUID) -> Sequence[ConsentEvent]:
    """Every event of a file, in the order recorded."""
    return session.exec(
        select(ConsentEvent).where(ConsentEvent.file_id == file_id).order_by(col(ConsentEvent.recorded_at))
    ).all()


def named(session: Session, file: ChildFile, event: ConsentEvent) -> str | None:
    """The body that an "Other" answer names."""
    if event.sealed_detail is None:
        return None
    return str(unseal_json(keyring.open_key(session, file.key_id), event.sealed_detail, event.id.bytes)["named"])


def as_answer(event: ConsentEvent) -> Answer:
    """The event as the pure rule takes it."""
    return Answer(
        id=str(event.id), item=event.item_code, state=ConsentState(event.state), effective_on=event.effective_on,
        received_on=event.received_on, recorded_at=event.recorded_at, kind=Kind(event.route),
    )  # fmt: skip


def what_holds(
    session: Session, file_id: UUID, on: date, *, known_at: datetime | None = None, refresh_months: int | None = None
) -> Mapping[str, Standing]:
    """What holds on a day for each item that was ever answered, by the one rule (R26, F27)."""
    return standing(
        [as_answer(event) for event in events(session, file_id)], on, known_at=known_at, refresh_months=refresh_months
    )
