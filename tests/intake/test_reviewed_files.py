"""R35, R46: what a person without capacity or a safeguarding enquiry left is reviewed by a manager, never listed by its date alone."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import Session, select

from intake.wiring import Paperchain
from records.clock import Clock
from records.errors import RefusedByRule
from records.holds import HoldKind, Scope
from records.holds import register as holds
from records.people import known
from records.people.facts import Answer, Capacity
from records.people.register import CHILD
from records.people.tables import ChildFile, Person
from records.retention import facts, keeping
from records.retention.stops import Stop, stops
from tests import builders
from tests.retaining import MANAGER, OFFICER, approved, clock_at, family


@pytest.fixture(params=["northamptonshire", "westminster"])
def chain(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Paperchain]:
    with builders.home(tmp_path / "home", clock, service__policy=request.param) as made:
        yield made


def why(chain: Paperchain, file_id: UUID, today: date) -> list[Stop]:
    rules = facts.rules(chain.policy_on, chain.clock.today())
    with chain.db.reading() as session:
        file = session.get_one(ChildFile, file_id)
        found = facts.situation(session, file, facts.of_file(session, file), rules)
        return [one.why for one in stops(found, today, notice_days=rules.notice_days)]


def a_lifted_hold(chain: Paperchain, session: Session, file_id: UUID) -> None:
    hold = holds.place(
        session, kind=HoldKind.SAFEGUARDING, scope=Scope.FILE, subject_id=file_id, authority="Lead", reason="An enquiry.", by=OFFICER,
        at=chain.clock.now() - timedelta(days=30),
    )  # fmt: skip
    holds.release(session, hold.id, why="Over.", by=MANAGER, at=chain.clock.now() - timedelta(days=20))


def no_capacity(chain: Paperchain, session: Session, file_id: UUID) -> None:
    child = session.exec(select(Person).where(Person.file_id == file_id, Person.kind == CHILD)).one()
    no = Answer.NO
    value = Capacity("Where to live", no, no, no, no, no, "They could not say back what was said.")
    known.record(session, file_id, child.id, value, true_on=date(2026, 11, 1), actor=OFFICER, at=chain.clock.now())


@pytest.mark.parametrize("left", [a_lifted_hold, no_capacity])
def test_it_is_reviewed_until_a_manager_sets_its_day(
    chain: Paperchain, left: Callable[[Paperchain, Session, UUID], None]
) -> None:
    file = family(chain)
    with chain.db.writing() as session:
        left(chain, session, file)
    today = chain.clock.today()
    undated = chain.policy().retention.age is None  # a policy that sets no age lists nothing by date at all
    assert why(chain, file, today) == [Stop.UNDATED if undated else Stop.REVIEW]
    with pytest.raises(RefusedByRule):
        approved(chain, file)
    if undated:
        return
    until = today + timedelta(days=10)
    with chain.db.writing() as session:
        row = session.get_one(ChildFile, file)
        keeping.keep_to(
            session, row, until, "Looked at: nothing is expected.", rules=facts.rules(chain.policy_on, today), by=MANAGER,
            at=chain.clock.now(),
        )  # fmt: skip
    assert why(chain, file, today) == [Stop.NOT_DUE]
    assert why(clock_at(chain, chain.clock.now() + timedelta(days=10)), file, until) == []
