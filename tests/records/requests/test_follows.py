"""R60, R71, W49: a paper that is lost, or missing in a stocktake, is an incident with its 72 hours, in the same transaction."""

from datetime import timedelta

import pytest
from sqlmodel import select

from records.clock import Clock
from records.custody import losses
from records.custody.tables import Original
from records.db import Database
from records.errors import RefusedByRule
from records.requests import follows, incidents
from records.requests.tables import Incident
from records.tasks.tables import TaskRow
from tests.records.requests.test_register import WHO, a_file


@pytest.fixture(autouse=True)
def entered() -> None:
    follows.enter()


def a_paper(session, clock: Clock) -> Original:  # type: ignore[no-untyped-def]
    file = a_file(session, clock)
    paper = Original(
        number=1, item_id=file.id, file_id=file.id, sheets=1, state="held", proposal="cabinet", proposal_reason="Kept",
        proposal_rule="S11", policy_version="test", logged_at=clock.now(),
    )  # fmt: skip
    session.add(paper)
    session.flush()
    return paper


def test_a_missing_paper_that_is_then_lost_is_one_incident_and_one_task(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        paper = a_paper(session, clock)
        losses.report(session, paper, "missing:1", "Paper O-1 was not in its drawer.", actor=WHO, at=clock.now())
        losses.report(session, paper, "lost:1", "Paper O-1 is lost.", actor=WHO, at=clock.now() + timedelta(hours=1))
    with database.reading() as session:
        incident = session.exec(select(Incident)).one()
        paper = session.exec(select(Original)).one()
        assert (incident.original_id, incident.file_id, incident.aware_at) == (paper.id, None, clock.now())
        assert [line.words for line in incidents.lines(session, incident)] == ["Paper O-1 is lost."]
        assert [row.kind for row in session.exec(select(TaskRow))] == ["incident"]


def test_what_is_undone_leaves_no_incident(database: Database, clock: Clock) -> None:
    with pytest.raises(RefusedByRule), database.writing() as session:
        losses.report(session, a_paper(session, clock), "lost:1", "Paper O-1 is lost.", actor=WHO, at=clock.now())
        raise RefusedByRule("Something else went wrong.", "P10")
    with database.reading() as session:
        assert session.exec(select(Incident)).all() == []
