"""P8: the receipt of an access copy comes back after the request was closed; ten working days, then it is overdue. R68: no waste meanwhile."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from records.clock import Clock
from records.custody import waste
from records.custody.moves import Custody
from records.custody.tables import Original, WasteBatch
from records.db import Database
from records.errors import ChangedMeanwhile, RefusedByRule
from records.people.tables import ChildFile
from records.requests import receipts, register
from records.requests.kinds import Closing, Event, Kind, Requester, Route
from records.requests.receipts import awaited_since
from records.requests.register import Asking
from records.requests.standing import Happened
from tests.builders import CARER
from tests.records.custody.papers import WESTMINSTER, Cabinet, cabinet
from tests.records.requests.test_register import WHO, a_file, a_request
from tests.together import at_once

DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("events", "since"),
    [
        ([], None),
        ([Happened(Event.SENT, DAY)], DAY),
        ([Happened(Event.SENT, DAY), Happened(Event.RECEIPT, DAY)], None),
        ([Happened(Event.REFUSED, DAY), Happened(Event.SENT, DAY)], None),
        ([Happened(Event.SENT, DAY), Happened(Event.RECEIPT, DAY), Happened(Event.REOPENED, DAY), Happened(Event.SENT, DAY)], DAY),
    ],
)  # fmt: skip
def test_a_copy_that_left_awaits_its_receipt(events: list[Happened], since: date | None) -> None:
    assert awaited_since(events) == since


@pytest.mark.parametrize(
    ("sent", "last"),
    [
        pytest.param(date(2026, 11, 20), date(2026, 12, 4), id="Friday to Friday fortnight"),
        pytest.param(date(2026, 12, 18), date(2027, 1, 6), id="over Christmas, Boxing Day observed and New Year"),
    ],
)
def test_ten_working_days(sent: date, last: date) -> None:
    assert receipts.due(sent) == last


def test_a_receipt_is_recorded_once_after_closing(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        row = a_request(session, clock, a_file(session, clock))
        with pytest.raises(RefusedByRule, match="No copy has been sent"):
            receipts.came(session, row, on=DAY, by=WHO, at=clock.now(), words="Signed")
        register.move(session, row, Event.SENT, on=DAY, by=WHO, at=clock.now(), code="in_hand")
        register.close(session, row, Closing.DONE, hold_months=3, by=WHO, at=clock.now())
        number = row.number
    with database.reading() as session:
        assert receipts.overdue(session, date(2026, 12, 4)) == []
        assert [one.number for one in receipts.overdue(session, date(2026, 12, 5))] == [number]
    with database.writing() as session:
        row = register.get(session, number)
        for day in (DAY - timedelta(days=1), DAY + timedelta(days=1)):
            with pytest.raises(RefusedByRule, match="before the copy was sent"):
                receipts.came(session, row, on=day, by=WHO, at=clock.now(), words="Signed")
        receipts.came(session, row, on=DAY, by=WHO, at=clock.now(), words=f"Signed by {CARER}")
        assert register.stand(session, row, DAY).state.value == "closed"
        with pytest.raises(ChangedMeanwhile, match="recorded already"):
            receipts.came(session, row, on=DAY, by=WHO, at=clock.now(), words="Signed")
    with database.reading() as session:
        assert receipts.overdue(session, date(2027, 3, 1)) == []


@pytest.fixture
def papers(database: Database, tmp_path: Path) -> Cabinet:
    return cabinet(database, tmp_path)


def ask(papers: Cabinet, paper: Original) -> None:
    with papers.db.writing() as session:
        register.record(
            session, kind=Kind.ACCESS, route=Route.POST, requester=Requester.PARENT, asking=Asking(CARER),
            received_on=date(2027, 1, 8), by=WHO, at=papers.at, file=session.get_one(ChildFile, paper.file_id),
        )  # fmt: skip


def shut(papers: Cabinet, batch: WasteBatch) -> None:
    with papers.db.writing() as session:
        found = session.get_one(WasteBatch, batch.id)
        waste.close(
            session,
            found,
            seal="S-1",
            counted=1,
            least_level=4,
            policy=WESTMINSTER,
            actor="anna",
            at=papers.at,
            version=found.version,
        )


def test_a_request_recorded_while_a_paper_is_bagged_keeps_it_from_leaving(papers: Cabinet) -> None:
    """R68: the request is always recorded; bagging is refused, or its sack cannot be closed with the paper in it."""
    [paper] = papers.log()
    told = at_once(lambda: ask(papers, paper), lambda: papers.bag([paper]))
    assert len(told) <= 1 and all("on hold" in error.message for error in told)
    assert (papers.now(paper).state == Custody.TO_DISPOSE) is not bool(told)
    with papers.db.reading() as session:
        assert register.count_open(session) == 1
        batch = waste.open_now(session)
    if batch is not None:
        with pytest.raises(RefusedByRule, match="Take O-1 out first"):
            shut(papers, batch)


def test_a_request_recorded_while_a_sack_is_closed_stops_it_at_the_seal(papers: Cabinet) -> None:
    [paper] = papers.log()
    batch = papers.bag([paper])
    told = at_once(lambda: ask(papers, paper), lambda: shut(papers, batch))
    assert all("Take O-1 out first" in error.message for error in told)
    with papers.db.writing() as session:
        found = session.get_one(WasteBatch, batch.id)
        if not told:  # it was closed one moment before: the second person is told
            with pytest.raises(RefusedByRule, match="Take O-1 out first"):
                waste.seal(
                    session,
                    found,
                    seal="S-1",
                    counted=1,
                    policy=WESTMINSTER,
                    actor="ben",
                    at=papers.at,
                    version=found.version,
                )
    assert papers.now(paper).state == Custody.TO_DISPOSE
