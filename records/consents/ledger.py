"""Consent events: recorded, read back, asked. Appended only; what holds is computed by `standing`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy
from sqlmodel import Session, col, func, select

from records.consents.givers import Capacity, Giver, own_word_from
from records.consents.items import ORDER
from records.consents.standing import Answer, ConsentState, Lapses, Route, Standing, closed_by, standing
from records.consents.tables import ConsentEvent
from records.documents import keyring
from records.documents.envelope import seal_json, unseal_json
from records.people import merging, register
from records.people.birthdates import across
from records.people.register import PersonShown
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
    giver_person_id: UUID | None = None
    capacity: str | None = None


def record_form(session: Session, file: ChildFile, source: FromForm, answers: Sequence[Given], at: datetime) -> None:
    """Appends one event for each answer."""
    key = keyring.open_key(session, file.key_id)
    for answer in answers:
        event = ConsentEvent(
            file_id=file.id, item_code=answer.item_code, state=answer.state, giver=source.giver,
            giver_person_id=source.giver_person_id, capacity=source.capacity,
            effective_on=source.effective_on, effective_assumed=source.effective_assumed,
            received_on=source.received_on, recorded_at=at, confirmed_by=source.confirmed_by, route=Route.FORM,
            form=source.form, edition=source.edition, wording=answer.wording, part_id=source.part_id,
            field_id=answer.field_id, evidence_id=source.evidence_id, page=answer.page,
            policy_version=source.policy_version,
        )  # fmt: skip
        if answer.named is not None:
            event.sealed_detail = seal_json(key, {"named": answer.named}, event.id.bytes)
        session.add(event)
    session.flush()


def events(session: Session, file_id: UUID) -> Sequence[ConsentEvent]:
    """Every event of a child's file, and of files joined to it, in the order recorded."""
    ids = merging.ids_of(session, file_id)
    return session.exec(
        select(ConsentEvent).where(col(ConsentEvent.file_id).in_(ids)).order_by(col(ConsentEvent.recorded_at))
    ).all()


def first_signed(session: Session, file_id: UUID) -> date | None:
    """The earliest day on which a form of this file was signed: nobody on it can be born later (R39)."""
    ids = merging.ids_of(session, file_id)
    return session.exec(
        select(func.min(ConsentEvent.effective_on)).where(
            col(ConsentEvent.file_id).in_(ids),
            ConsentEvent.route == Route.FORM,
            col(ConsentEvent.effective_assumed).is_(False),
        )
    ).one()


def named(session: Session, file: ChildFile, event: ConsentEvent) -> str | None:
    """The body that an "Other" answer names."""
    if event.sealed_detail is None:
        return None
    its_file = file if event.file_id == file.id else register.get(session, event.file_id)
    return str(unseal_json(keyring.open_key(session, its_file.key_id), event.sealed_detail, event.id.bytes)["named"])


def as_answer(event: ConsentEvent, person: UUID | None = None) -> Answer:
    """The event as the pure rule takes it. `person`: who stands behind an event that names nobody."""
    whose = event.giver_person_id or person
    return Answer(
        id=str(event.id), item=event.item_code, state=ConsentState(event.state), effective_on=event.effective_on,
        received_on=event.received_on, recorded_at=event.recorded_at, route=Route(event.route),
        giver=Giver(event.giver), person=str(whose) if whose else None,
        capacity=Capacity(event.capacity) if event.capacity else None,
        settles=frozenset((event.settles or "").split()),
    )  # fmt: skip


# Columns instead of whole rows, and put together once: this is asked on every page, and building took most of its time.
_COLUMNS: tuple[Any, ...] = (  # Any: a tuple of columns of many types has no shorter one
    ConsentEvent.id, ConsentEvent.item_code, ConsentEvent.state, ConsentEvent.effective_on, ConsentEvent.received_on,
    ConsentEvent.recorded_at, ConsentEvent.route, ConsentEvent.giver, ConsentEvent.giver_person_id,
    ConsentEvent.capacity, ConsentEvent.settles,
)  # fmt: skip
_ANSWERS = (
    sqlalchemy.select(*_COLUMNS)
    .where(col(ConsentEvent.file_id).in_(sqlalchemy.bindparam("ids", expanding=True)))
    .order_by(col(ConsentEvent.recorded_at))
)


def answers_of(session: Session, file_id: UUID, people: Sequence[PersonShown] | None = None) -> list[Answer]:
    """Every answer of a file, and of files joined to it, as the pure rule takes it. `people`: all of the file, where at hand.

    An answer that names nobody is the child's where a young person gave it, and the carer's where the file has one carer alone. What the
    young person said on any of joined files is the word of one child, the one who is shown.
    """
    ids = merging.ids_of(session, file_id)
    rows = session.execute(_ANSWERS, {"ids": ids}).all()
    behind: dict[str, UUID | None] = {}
    if len(ids) > 1 or any(row.giver_person_id is None for row in rows):
        known = register.people(session, register.get(session, file_id), ended=True) if people is None else people
        carers = [person.id for person in known if person.kind == register.CARER]
        behind[Giver.YOUNG_PERSON] = next((person.id for person in known if person.kind == register.CHILD), None)
        behind[Giver.PARENT_OR_CARER] = carers[0] if len(carers) == 1 else None

    def whose(row: sqlalchemy.Row[Any]) -> UUID | None:
        named: UUID | None = row.giver_person_id
        if len(ids) > 1 and row.giver == Giver.YOUNG_PERSON:
            return behind[row.giver]
        return named or behind.get(row.giver)

    return [
        Answer(
            id=str(row.id), item=row.item_code, state=ConsentState(row.state), effective_on=row.effective_on,
            received_on=row.received_on, recorded_at=row.recorded_at, route=Route(row.route), giver=Giver(row.giver),
            person=str(who) if (who := whose(row)) else None,
            capacity=Capacity(row.capacity) if row.capacity else None, settles=frozenset((row.settles or "").split()),
        )
        for row in rows
    ]  # fmt: skip


def lapses_of(session: Session, file_id: UUID, *, refresh_months: int, spoken_days: int) -> Lapses:
    """How a yes on this file ends by itself: R33's months, W27's days, and the age of an own word (R20)."""
    born = across(register.birth_dates(session, register.get(session, file_id)))
    return Lapses(refresh_months, spoken_days, own_word_from(born))


def what_holds(
    session: Session,
    file_id: UUID,
    on: date,
    *,
    known_at: datetime | None = None,
    refresh_months: int | None = None,
    spoken_days: int = 0,
) -> Mapping[str, Standing]:
    """What holds on a day for each item that was ever answered, by the one rule (R26, F27)."""
    held = register.with_key(session, file_id)  # held on to: else each reader below would fetch it anew
    lapses = lapses_of(session, file_id, refresh_months=refresh_months or 0, spoken_days=spoken_days)
    found = standing(answers_of(session, file_id), on, known_at=known_at, lapses=lapses)
    del held
    return found


@dataclass(frozen=True)
class HistoryEntry:
    """One answer as it stands in the history: the event, its named body, and the later answer that closed it, if one did."""

    event: ConsentEvent
    named: str | None
    closed_by: UUID | None


def history_of(session: Session, file_id: UUID) -> list[HistoryEntry]:
    """Every answer of a file, the latest effective day first, and those of one day as a form asks them: for the history page, the receipt and the export."""
    file = register.get(session, file_id)
    found = events(session, file_id)
    closed = closed_by([as_answer(event) for event in found])
    asked = sorted(found, key=lambda event: (ORDER.get(event.item_code, len(ORDER)), str(event.id)))
    ordered = sorted(asked, key=lambda event: (event.effective_on, event.recorded_at), reverse=True)
    return [
        HistoryEntry(
            event, named(session, file, event), UUID(closed[str(event.id)]) if str(event.id) in closed else None
        )
        for event in ordered
    ]
