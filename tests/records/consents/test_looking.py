"""N13, S13: another agency's record is filed only by a request to look; a general yes to contact is not enough."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from records.clock import Clock
from records.consents import bodies, looking
from records.consents.items import Category
from records.consents.looking import Asked, NotAskedToLook
from records.consents.standing import ConsentState, Route
from records.consents.tables import AgencyRecord, LookRequest
from records.db import Database
from records.errors import NotFound, RefusedByRule
from records.people import register
from records.policies.settings import Policy, load
from tests.records.consents.homes import OFFICER, Home, open_file

BY = str(OFFICER.id)
EVERYTHING = dict.fromkeys(("store", "contact:social_care", "share:social_care", "obtain_information", "contact_others"), ConsentState.GIVEN)  # fmt: skip


@pytest.fixture(params=["westminster", "northamptonshire"])
def policy(request: pytest.FixtureRequest, clock: Clock) -> Policy:
    return load(request.param, clock.today())


def named(session: Session, home: Home, clock: Clock, category: Category = Category.SOCIAL_CARE) -> UUID:
    return bodies.add(session, home.file, category, "Invented Team", since=clock.today(), actor=BY, at=clock.now())


def asked(home: Home, body: UUID, clock: Clock) -> Asked:
    return Asked(uuid4(), body, home.child, home.carer, "The plan of last spring", clock.today(), Route.TELEPHONE)


def file_it(
    session: Session, home: Home, clock: Clock, policy: Policy, category: Category = Category.SOCIAL_CARE
) -> None:
    looking.file_under(
        session, home.file, uuid4(), category, policy=policy, today=clock.today(), actor=BY, at=clock.now()
    )


def test_without_a_request_it_is_refused_whatever_was_agreed_and_with_one_it_is_tied_to_it(
    database: Database, clock: Clock, policy: Policy
) -> None:
    with database.writing() as session:
        home = open_file(session, clock.now(), EVERYTHING)
        body = named(session, home, clock)
        with pytest.raises(NotAskedToLook, match="has not asked us to look at records of social care"):
            file_it(session, home, clock, policy)
        assert session.exec(select(AgencyRecord)).all() == []
        wanted = asked(home, body, clock)
        for _ in range(2):
            looking.ask(session, home.file, wanted, policy=policy, actor=BY, at=clock.now())
        file_it(session, home, clock, policy)
        assert session.exec(select(AgencyRecord.look_id)).one() == wanted.entry
        (look,) = looking.of_file(session, home.file)[body]
        assert (look.what, look.filed) == ("The plan of last spring", 1)
        assert b"spring" not in look.row.sealed
        assert (
            bodies.of_file(session, home.file)[0].looked_at_since == clock.today()
        )  # the gate opens by the same request
        with pytest.raises(NotAskedToLook):  # of one agency is not of another
            file_it(session, home, clock, policy, Category.HEALTH)


@pytest.mark.parametrize(
    ("kind", "relationship"), [("professional", "council"), ("professional", "solicitor"), ("other", "friend")]
)
def test_nobody_but_the_family_can_ask_us_to_look(
    database: Database, clock: Clock, policy: Policy, kind: str, relationship: str
) -> None:
    """N13: what a school or a council asks us to open stays shut."""
    with database.writing() as session:
        home = open_file(session, clock.now(), EVERYTHING)
        body = named(session, home, clock)
        one = register.add_person(
            session, home.file, kind=kind, name="Sam Example", relationship=relationship, actor=BY, at=clock.now()
        )
        session.flush()
        with pytest.raises(RefusedByRule, match="Only the family"):
            wanted = replace(asked(home, body, clock), by=one.id)
            looking.ask(session, home.file, wanted, policy=policy, actor=BY, at=clock.now())
        with pytest.raises(NotAskedToLook):
            file_it(session, home, clock, policy)


def test_a_body_that_the_family_does_not_want_any_more_is_not_looked_at(
    database: Database, clock: Clock, policy: Policy
) -> None:
    with database.writing() as session:
        home = open_file(session, clock.now(), EVERYTHING)
        body = named(session, home, clock)
        looking.ask(session, home.file, asked(home, body, clock), policy=policy, actor=BY, at=clock.now())
        version = bodies.of_file(session, home.file)[0].version
        bodies.end(session, home.file, body, version, on=clock.today(), actor=BY, at=clock.now())
        with pytest.raises(NotAskedToLook):
            file_it(session, home, clock, policy)
        with pytest.raises(NotFound):
            looking.ask(session, home.file, asked(home, body, clock), policy=policy, actor=BY, at=clock.now())


def test_a_request_needs_words_and_people_of_the_file_and_counts_from_its_day(
    database: Database, clock: Clock, policy: Policy
) -> None:
    with database.writing() as session:
        home = open_file(session, clock.now(), EVERYTHING)
        wanted = asked(home, named(session, home, clock), clock)
        for wrong, error in ((replace(wanted, what=" "), RefusedByRule), (replace(wanted, by=uuid4()), NotFound)):
            with pytest.raises(error):
                looking.ask(session, home.file, wrong, policy=policy, actor=BY, at=clock.now())
        assert session.exec(select(LookRequest)).all() == []
        later = replace(wanted, on=clock.today() + timedelta(days=1))
        looking.ask(session, home.file, later, policy=policy, actor=BY, at=clock.now())
        with pytest.raises(NotAskedToLook):
            file_it(session, home, clock, policy)
