"""N14: consent must come in advance. What was told before it is recorded as it was, without leave, and the manager sees it."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from records.clock import LONDON, Clock
from records.consents import bodies, changes, outward
from records.consents.bodies import BodyShown
from records.consents.changes import Told
from records.consents.gate import Purpose
from records.consents.givers import Giver
from records.consents.items import Category
from records.consents.outward import NoLeave
from records.consents.standing import ConsentState, Route
from records.consents.tables import Disclosure
from records.db import Database
from records.errors import RefusedByRule
from records.guard import marks
from records.people import known, merging, register
from records.people.entitlement import GivenByChild
from records.people.facts import Details, Ended
from records.requests import contacts, incidents
from records.requests.contacts import Contact, Entered
from records.requests.tables import Incident
from tests.records.consents.homes import OFFICER, WESTMINSTER, Home, open_file

CALLED = datetime(2026, 5, 3, 10, 0, tzinfo=LONDON)
AGREED = datetime(2026, 5, 4, 9, 0, tzinfo=LONDON)
RECORDED = datetime(2026, 5, 4, 12, 0, tzinfo=LONDON)


@pytest.fixture
def home(database: Database, clock: Clock) -> Home:
    with database.writing() as session:
        return open_file(session, CALLED - timedelta(days=7), {"store": ConsentState.GIVEN})


@pytest.fixture
def clinic(database: Database, home: Home) -> BodyShown:
    """Named on 1 May; the family agrees to talk to a health service on 4 May."""
    with database.writing() as session:
        bodies.add(
            session, home.file, Category.HEALTH, "Elm Clinic", since=date(2026, 5, 1), actor="x", at=CALLED - timedelta(days=2)
        )  # fmt: skip
        told = Told(
            answers={"contact:health": True}, giver=Giver.PARENT_OR_CARER, person=home.carer, route=Route.LETTER,
            told_on=AGREED.date(), sent_key=uuid4(),
        )  # fmt: skip
        changes.record(session, home.file, told, actor="x", at=AGREED, policy=WESTMINSTER)
        return bodies.of_file(session, home.file)[0]


def recorded(
    session: Session, home: Home, body: BodyShown, happened: datetime | None, *, key: UUID | None = None, things: tuple[str, ...] = ()
) -> Entered:  # fmt: skip
    contact = Contact(body, Purpose.SHARE, "telephone", key or uuid4(), things, "What was said", happened)
    return contacts.record(session, OFFICER, home.file, contact, at=RECORDED, policy=WESTMINSTER)


def test_a_call_of_the_day_before_the_consent_is_kept_without_leave_and_opens_an_incident(
    database: Database, home: Home, clinic: BodyShown
) -> None:
    """Called on 3 May, agreed on 4 May, recorded on 4 May."""
    with database.writing() as session:
        entered = recorded(session, home, clinic, CALLED)
    with database.reading() as session:
        (row,) = outward.went_out(session, home.file.id)
        assert (row.at, row.recorded_at, row.without_leave, row.relied_on) == (CALLED, RECORDED, True, "")
        assert outward.told(session, row) == "What was said"
        incident = session.exec(select(Incident)).one()
        assert (incident.number, incident.kind, incident.file_id, incident.happened_on, incident.aware_at) == (
            entered.incident, "shared_without_consent", home.file.id, date(2026, 5, 3), RECORDED,
        )  # fmt: skip
        said = incidents.words_of(session, incident)
        assert "on 3 May 2026 at 10:00 was without leave" in said and "We do not have consent" in said
        assert "What was said" not in said
    assert entered.reason.startswith("We do not have consent to contact a health service")


@pytest.mark.parametrize("happened", [AGREED, RECORDED - timedelta(minutes=1), RECORDED, None])
def test_a_contact_after_the_consent_stands_with_leave(
    database: Database, home: Home, clinic: BodyShown, happened: datetime | None
) -> None:
    with database.writing() as session:
        assert recorded(session, home, clinic, happened) == Entered()
    with database.reading() as session:
        (row,) = outward.went_out(session, home.file.id)
        assert (row.at, row.recorded_at, row.without_leave) == (happened or RECORDED, RECORDED, False)
        assert row.relied_on
        assert session.exec(select(Incident)).all() == []


def test_a_form_of_before_that_was_confirmed_only_later_was_no_leave_either(
    database: Database, home: Home, clinic: BodyShown
) -> None:
    """What counts is what we knew: the answer of 4 May at 9:00 was not known at 8:59."""
    with database.writing() as session:
        assert recorded(session, home, clinic, AGREED - timedelta(minutes=1)).incident is not None


def test_what_has_not_happened_is_stopped_and_the_future_is_no_past(
    database: Database, home: Home, clinic: BodyShown
) -> None:
    with database.writing() as session:
        bodies.end(session, home.file, clinic.id, clinic.version, on=AGREED.date(), actor="x", at=AGREED)
    with pytest.raises(NoLeave), database.writing() as session:
        recorded(session, home, clinic, None)
    with pytest.raises(RefusedByRule), database.writing() as session:
        recorded(session, home, clinic, RECORDED + timedelta(minutes=1))
    with database.reading() as session:
        assert session.exec(select(Disclosure)).all() == []


def test_one_press_is_one_contact_and_one_incident(database: Database, home: Home, clinic: BodyShown) -> None:
    key = uuid4()
    for _ in range(2):
        with database.writing() as session:
            recorded(session, home, clinic, CALLED, key=key)
    with database.reading() as session:
        assert len(session.exec(select(Disclosure)).all()) == len(session.exec(select(Incident)).all()) == 1


@pytest.mark.parametrize(
    ("given", "goes"),
    [
        (GivenByChild.NO, True),
        (GivenByChild.AGREES, True),
        (GivenByChild.NOT_ASKED, False),
        (GivenByChild.REFUSES, False),
    ],
)
def test_a_document_of_the_young_person_goes_only_with_their_word(
    database: Database, home: Home, clinic: BodyShown, given: GivenByChild, goes: bool
) -> None:
    """W29."""
    part = uuid4()
    with database.writing() as session:
        marks.mark(session, home.file, part, given, by="x", at=AGREED)
    with database.writing() as session:
        if goes:
            recorded(session, home, clinic, None, things=(str(part),))
        else:
            with pytest.raises(NoLeave, match="young person gave part of this"):
                recorded(session, home, clinic, None, things=(str(part),))


@pytest.mark.parametrize(("days", "known_on", "leave"), [
    pytest.param(0, 0, False, id="taken off that day"),
    pytest.param(1, 1, True, id="taken off the day after"),
    pytest.param(0, 1, True, id="nobody knew it then"),
])  # fmt: skip
def test_a_yes_of_who_is_no_longer_on_the_file_needs_asking_from_then_on(
    database: Database, home: Home, clinic: BodyShown, days: int, known_on: int, leave: bool
) -> None:
    """R27, G2: a father whom a court has taken off the file speaks for the family no more; what was done before stays as it was."""
    called = AGREED + timedelta(days=2)
    with database.writing() as session:
        known.record(
            session, home.file.id, home.carer, Ended("A court order"), true_on=called.date() + timedelta(days=days),
            actor="x", at=called.replace(hour=8) + timedelta(days=known_on),
        )  # fmt: skip
    with database.writing() as session:
        contact = Contact(clinic, Purpose.SHARE, "telephone", uuid4(), (), "What was said", called)
        later = called + timedelta(days=3)
        entered = contacts.record(session, OFFICER, home.file, contact, at=later, policy=WESTMINSTER)
    assert (entered.incident is None) is leave
    if not leave:
        assert "Who answered is no longer on the file." in entered.reason


def test_a_yes_of_somebody_who_stood_there_twice_and_was_tidied_away_once_goes_on(
    database: Database, home: Home, clinic: BodyShown
) -> None:
    """F22: joined files have the same mother twice, and whoever takes one of the two off means no court order."""
    called = AGREED + timedelta(days=2)
    with database.writing() as session:
        other = open_file(session, AGREED, {"store": ConsentState.GIVEN})
        merging.merge(session, home.file, other.file, why="The mother said so", by="x", at=AGREED)
        known.record(session, home.file.id, home.carer, Ended("Twice"), true_on=called.date(), actor="x", at=called)
    with database.writing() as session:
        contact = Contact(clinic, Purpose.SHARE, "telephone", uuid4(), (), "What was said", None)
        assert contacts.record(session, OFFICER, home.file, contact, at=called, policy=WESTMINSTER) == Entered()


def test_a_yes_of_somebody_who_is_still_on_the_file_goes_on(database: Database, home: Home, clinic: BodyShown) -> None:
    """One who may answer is enough: the mother's yes does not end with the father's."""
    called = AGREED + timedelta(days=2)
    with database.writing() as session:
        other = register.add_person(session, home.file, kind=register.CARER, name="Alex Testwood", actor="x", at=AGREED)
        session.flush()
        known.record(
            session,
            home.file.id,
            other.id,
            Details("Alex Testwood", "mother"),
            true_on=AGREED.date(),
            actor="x",
            at=AGREED,
        )
        yes = Told({"contact:health": True}, Giver.PARENT_OR_CARER, other.id, Route.LETTER, AGREED.date(), uuid4())
        changes.record(session, home.file, yes, actor="x", at=AGREED, policy=WESTMINSTER)
        known.record(session, home.file.id, home.carer, Ended("Moved"), true_on=called.date(), actor="x", at=called)
    with database.writing() as session:
        contact = Contact(clinic, Purpose.SHARE, "telephone", uuid4(), (), "What was said", None)
        assert contacts.record(session, OFFICER, home.file, contact, at=called, policy=WESTMINSTER) == Entered()
