"""What the tests of cases share: an invented referral and an invented file."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session

from records.cases import referrals
from records.cases.referrals import Permission, Told
from records.cases.tables import Referral
from records.cases.words import Capacity, Route
from records.clock import Clock
from records.db import Database
from records.people import register
from records.people.tables import ChildFile
from records.policies.settings import Policy, load
from records.post import inbox

TODAY = date(2026, 11, 20)
CHILD = "Rowan Testwood"
TOLD = Told(CHILD, "2012-03-01", "Sam Specimen", "Elm Tree School", "020 7946 0018", "Rowan is out of school.")
PARENT = Permission(Capacity.PARENT, "Morgan Testwood", Route.TELEPHONE, TODAY, "Rang us back", True)
OFFICER = uuid4()


@pytest.fixture
def westminster() -> Policy:
    return load("westminster", TODAY)


@pytest.fixture
def northamptonshire() -> Policy:
    return load("northamptonshire", TODAY)


def from_school(session: Session, policy: Policy, clock: Clock) -> Referral:
    """A teacher's referral, without permission."""
    return referrals.log(
        session, TOLD, Capacity.SCHOOL, None, policy, received_on=TODAY, today=clock.today(), actor=str(OFFICER),
        at=clock.now(),
    )  # fmt: skip


def a_file(session: Session, clock: Clock, officer_id: UUID = OFFICER) -> ChildFile:
    return register.open_file(
        session, officer_id=officer_id, child_name=CHILD, actor="system", at=clock.now(),
        number=inbox.next_number(session, "file"),
    )  # fmt: skip


def on_file(session: Session, policy: Policy, clock: Clock) -> tuple[ChildFile, Referral]:
    """A file with a parent's open referral."""
    file = a_file(session, clock)
    row = referrals.log_on_file(
        session,
        file,
        Capacity.PARENT,
        "Wants a school place",
        policy,
        received_on=TODAY,
        actor=str(OFFICER),
        at=clock.now(),
    )
    return file, row


def rows_with(database: Database, words: str) -> list[str]:
    """The tables in which these words stand in clear."""
    found = []
    with database.engine.connect() as connection:
        from records.schema import metadata

        for table in metadata().sorted_tables:
            for row in connection.execute(table.select()):
                if any(words.encode() in (value if isinstance(value, bytes) else str(value).encode()) for value in row):
                    found.append(table.name)
    return found
