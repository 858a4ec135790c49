"""R43: a closed request that belongs to no child's file is looked at a year after the last contact, then erased or kept."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from intake import retaining
from intake.app import _keeping
from intake.wiring import Paperchain
from records.clock import Clock
from records.documents.tables import WrappedKey
from records.errors import RefusedByRule
from records.holds import register as holds
from records.holds.kinds import HoldKind, Scope
from records.people.tables import ChildFile
from records.requests import childless, register
from records.requests.kinds import Closing, Kind, Requester, Route
from records.requests.register import Asking
from records.requests.tables import RequestEvent, RequestRow
from records.retention import ledger, reach
from records.staff.access import Actor
from records.vocabulary import Role
from tests import builders
from tests.requesting import a_file
from tests.reviewing import Browser, rows

BY = "00000000-0000-0000-0000-000000000001"


@pytest.fixture
def chain(tmp_path: Path, clock: Clock) -> Iterator[Paperchain]:
    with builders.home(tmp_path / "home", clock) as made:
        yield made


def closed(chain: Paperchain, days_ago: int, *, on_file: bool = False, open_still: bool = False) -> int:
    """A request of somebody whom nobody found, closed so long ago."""
    at = chain.clock.now() - timedelta(days=days_ago)
    file = None
    if on_file:
        file_id, _, _ = a_file(chain, Browser(chain).id, pages=0)
    with chain.db.writing() as session:
        if on_file:
            file = session.get_one(ChildFile, file_id)
        row = register.record(
            session, kind=Kind.ACCESS, route=Route.EMAIL, requester=Requester.PARENT, asking=Asking("Quinn Nowhere"),
            received_on=at.date(), by=BY, at=at, file=file,
        )  # fmt: skip
        if not open_still:
            register.close(session, row, Closing.TAKEN_BACK, hold_months=0, by=BY, at=at)
        return row.number


def test_only_closed_requests_without_a_file_wait_and_only_after_their_time(chain: Paperchain) -> None:
    old, young = closed(chain, 400), closed(chain, 100)
    closed(chain, 400, on_file=True)
    closed(chain, 400, open_still=True)
    with chain.db.reading() as session:
        assert [each.row.number for each in childless.waiting(session, chain.clock.today(), 12)] == [old]
        with pytest.raises(RefusedByRule, match="does not wait"):
            childless.one(session, young, chain.clock.today(), 12)
        lines = _keeping(chain, session, Actor(Browser(chain).id, Role.MANAGER))
    assert (1, "closed requests without a file, to erase or keep", "/requests/no-file") in lines


def test_a_manager_keeps_one_with_a_reason_and_erases_another_for_good(chain: Paperchain) -> None:
    manager, officer = Browser(chain, Role.MANAGER), Browser(chain)
    kept, gone = closed(chain, 400), closed(chain, 500)
    with chain.db.reading() as session:
        key = register.get(session, gone).key_id
    assert officer.get("/requests/no-file").status_code == 404
    page = manager.get("/requests/no-file").text
    assert f"Request {gone}" in page and "Quinn" not in page
    assert manager.post(f"/requests/no-file/{kept}/keep", {"why": ""}).status_code == 422
    assert manager.post(f"/requests/no-file/{kept}/keep", {"why": "They may write again"}).status_code == 303
    assert manager.post(f"/requests/no-file/{kept}/erase", {}).status_code == 422  # it was just looked at
    assert officer.post(f"/requests/no-file/{gone}/erase", {}).status_code == 404
    assert manager.post(f"/requests/no-file/{gone}/erase", {}).status_code == 303
    assert manager.post(f"/requests/no-file/{gone}/erase", {}).status_code == 422
    assert [row.number for row in rows(chain, RequestRow)] == [kept]
    with chain.db.reading() as session:
        assert session.get(WrappedKey, key) is None
        of_gone = select(RequestEvent).where(col(RequestEvent.request_id).not_in(select(RequestRow.id)))
        assert session.exec(of_gone).all() == []
        assert [entry.rule for entry in ledger.entries(session)] == ["R43"]
    assert "Nothing waits here" in manager.get("/requests/no-file").text


def test_a_reason_that_cannot_be_taken_stays_in_its_field(chain: Paperchain) -> None:
    """At the request it was typed at alone."""
    manager, odd = Browser(chain, Role.MANAGER), "They wrote \u202aagain"
    first, _ = closed(chain, 400), closed(chain, 500)
    answer = manager.post(f"/requests/no-file/{first}/keep", {"why": odd})
    assert answer.status_code == 422 and answer.text.count(f'value="{odd}"') == 1


def test_a_hold_over_everything_keeps_it_and_a_request_on_a_file_never_takes_the_files_key(chain: Paperchain) -> None:
    number, on_file = closed(chain, 400), closed(chain, 400, on_file=True)
    with chain.db.writing() as session:
        holds.place(
            session, kind=HoldKind.MORATORIUM, scope=Scope.EVERYTHING, subject_id=None, by=BY, at=chain.clock.now(), authority="An inquiry",
            reason="Nothing is destroyed.", reference="1",
        )  # fmt: skip
        with pytest.raises(RefusedByRule, match="on hold"):
            childless.erase(session, register.get(session, number), policy_version="1", by=BY, at=chain.clock.now())
        found = reach.of_ids(session, more={"rights_request": [register.get(session, on_file).id]})
        assert not found.rows.get("wrapped_key")


def test_an_older_backup_loses_it_too(chain: Paperchain) -> None:
    """P12: the ledger names it, so that a replay takes it out with its key."""
    number = closed(chain, 400)
    with chain.db.reading() as session:
        row_id, key = register.get(session, number).id, register.get(session, number).key_id
    with pytest.raises(ZeroDivisionError), chain.db.writing() as session:
        childless.erase(session, register.get(session, number), policy_version="1", by=BY, at=chain.clock.now())
        entries = ledger.entries(session)
        raise ZeroDivisionError  # as a backup that was made before
    with chain.db.writing() as session:
        ledger.replay(session, chain.store, entries)
    with chain.db.reading() as session:
        assert session.get(RequestRow, row_id) is None
        assert session.get(WrappedKey, key) is None
    assert retaining.search(chain, ["Quinn Nowhere"]) == 0
