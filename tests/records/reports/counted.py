"""Rows to count, as they are stored: invented families, enquiries, referrals, notes and contacts."""

from datetime import UTC, date, datetime, time
from uuid import UUID, uuid4

from sqlmodel import Session

from records.cases.tables import CaseNote, Enquiry, Referral, ReferralEnd
from records.consents.tables import Disclosure
from records.people import register
from records.people.birthdates import BirthDate
from records.people.tables import ChildFile
from records.post import inbox
from tests.builders import CHILD

OFFICER = UUID(int=7)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


def enquiries(session: Session, many: int, day: date, topic: str = "plan", channel: str = "email") -> None:
    session.add_all(Enquiry(day=day, topic=topic, channel=channel, outcome="answered") for _ in range(many))


def family(session: Session, opened: date, born: BirthDate | None = None, carers: int = 1) -> ChildFile:
    """A child's file begun on a day."""
    at = noon(opened)
    file = register.open_file(
        session, officer_id=OFFICER, child_name=CHILD, actor="system", at=at, number=inbox.next_number(session, "file")
    )
    if born is not None:
        register.add_birth_date(session, file, born, part_id=None, actor="system", at=at)
    for _ in range(carers):
        register.add_person(session, file, kind=register.CARER, name="Morgan Testwood", actor="system", at=at)
    return file


def referral(session: Session, received: date, file: ChildFile | None = None, capacity: str = "parent") -> Referral:
    row = Referral(
        number=inbox.next_number(session, "referral"), state="open" if file else "holding", capacity=capacity, by_self=True, received_on=received,
        file_id=file.id if file else None, sealed=b"", policy_version="1", recorded_by="system", recorded_at=noon(received), changed_by="system",
        changed_at=noon(received),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def note(session: Session, row: Referral, day: date, by: str = str(OFFICER), version: int = 1) -> None:
    assert row.file_id is not None
    session.add(
        CaseNote(
            file_id=row.file_id, referral_id=row.id, thread_id=uuid4(), version=version, kind="progress", happened_on=day, sealed=b"",
            recorded_by=by, recorded_at=noon(day),
        )
    )  # fmt: skip


def end(session: Session, row: Referral, day: date, outcome: str | None = "resolved") -> None:
    assert row.file_id is not None
    session.add(
        ReferralEnd(
            file_id=row.file_id, referral_id=row.id, outcome=outcome, ended_on=day, sealed=b"", recorded_by="system", recorded_at=noon(day)
        )
    )  # fmt: skip


def contact(session: Session, file: ChildFile, at: datetime, category: str = "education") -> None:
    session.add(
        Disclosure(file_id=file.id, purpose="contact", recipient="body", category=category, how="telephone", actor="system", at=at, policy_version="1")
    )  # fmt: skip
