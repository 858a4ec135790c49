"""A child's file with answers, for tests of consents and their pages. Nobody here exists."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlmodel import Session

from records.consents import ledger
from records.consents.ledger import FromForm, Given
from records.consents.standing import ConsentState
from records.people import known, register
from records.people.birthdates import BirthDate
from records.people.facts import Details
from records.people.tables import ChildFile
from records.policies.settings import load
from records.post import inbox
from records.staff.access import Actor
from records.vocabulary import Role

CHILD, CARER = "Rowan Testwood", "Morgan Testwood"
SIGNED = date(2026, 3, 1)
WESTMINSTER = load("westminster", date(2026, 11, 20))
OFFICER = Actor(UUID(int=7), Role.OFFICER)


@dataclass
class Home:
    """A file, its child and its one carer, whose relationship is noted."""

    file: ChildFile
    child: UUID
    carer: UUID


def open_file(
    session: Session,
    at: datetime,
    answers: Mapping[str, ConsentState],
    *,
    born: date = date(2015, 5, 14),
    officer: UUID = OFFICER.id,
    named: str | None = None,
) -> Home:
    """A new file with one form, signed by the carer on 1 March 2026 and confirmed now. `named`: written beside "Other"."""
    by = str(officer)
    file = register.open_file(
        session, officer_id=officer, child_name=CHILD, actor=by, at=at, number=inbox.next_number(session, "file")
    )
    register.add_birth_date(session, file, BirthDate.on(born), part_id=None, actor=by, at=at)
    carer = register.add_person(session, file, kind=register.CARER, name=CARER, actor=by, at=at)
    session.flush()
    known.record(session, file.id, carer.id, Details(CARER, "mother"), true_on=SIGNED, actor=by, at=at)
    source = FromForm(
        form="westminster-consent", edition="2023", part_id=uuid4(), evidence_id=uuid4(), giver="parent_or_carer",
        effective_on=SIGNED, effective_assumed=False, received_on=SIGNED, confirmed_by=by, policy_version="1",
        giver_person_id=carer.id,
    )  # fmt: skip
    given = [
        Given(item, item, state, f"The words asked about {item}", 1, named if ":other" in item else None)
        for item, state in answers.items()
    ]
    ledger.record_form(session, file, source, given, at)
    child = next(person.id for person in register.people(session, file) if person.kind == register.CHILD)
    return Home(file, child, carer.id)
