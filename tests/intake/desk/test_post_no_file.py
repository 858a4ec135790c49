"""R43: post in no child's file is looked at a year after it came, then erased or kept; what nobody has sorted is never erased here."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlmodel import select

from intake import sorting
from intake.app import _keeping
from intake.sorting import NotForUs
from intake.wiring import Paperchain
from records.clock import Clock, fixed
from records.documents.tables import Document, WrappedKey
from records.errors import NotFound, RefusedByRule
from records.holds import register as holds
from records.holds.kinds import HoldKind, Scope
from records.post.tables import Item, Page, Part, StorageRefusal
from records.retention import childless_post, ledger
from records.retention.tables import Destroyed, PostKept
from records.staff.access import Actor
from records.vocabulary import Role
from tests import builders
from tests.lettering import filed, letter
from tests.records.desk.test_retention_pages import plain
from tests.reviewing import Browser, rows

BY = str(uuid4())


@pytest.fixture
def chain(tmp_path: Path, clock: Clock) -> Iterator[Paperchain]:
    with builders.home(tmp_path / "home", clock) as made:
        yield made


def came(chain: Paperchain, days_ago: int, *, ours: bool = False) -> int:
    """A letter that came so long ago and is not ours, or that nobody has sorted."""
    number, part = letter(chain)
    if not ours:
        with chain.db.reading() as session:
            version = session.get_one(Part, part).version
        sorting.sort_part(chain, number, part, NotForUs(), actor=BY, version=version)
    with chain.db.writing() as session:
        item = session.exec(select(Item).where(Item.number == number)).one()
        item.received_on = chain.clock.today() - timedelta(days=days_ago)
        session.add(item)
    return number


def waiting(chain: Paperchain, months: int = 12) -> dict[int, str | None]:
    with chain.db.reading() as session:
        found = childless_post.read(session, childless_post.waiting(session, chain.clock.today(), months))
        return {each.item.number: each.against for each in found}


def test_only_old_post_in_no_file_waits_and_what_nobody_sorted_cannot_be_erased(chain: Paperchain) -> None:
    old, young, unsorted = came(chain, 400), came(chain, 100), came(chain, 500, ours=True)
    number, part = letter(chain)
    filed(chain, number, part)
    with chain.db.writing() as session:
        item = session.exec(select(Item).where(Item.number == number)).one()
        item.received_on = chain.clock.today() - timedelta(days=4000)
        session.add(item)
    assert waiting(chain) == {unsorted: "Nobody has said what it is. It must be sorted first.", old: None}
    assert young in waiting(chain, months=3)
    with chain.db.writing() as session:
        for each, error in ((young, NotFound), (number, NotFound), (999, NotFound)):
            with pytest.raises(error):
                childless_post.one(session, each, chain.clock.today(), 12)
        with pytest.raises(RefusedByRule, match="sorted first"):
            row = childless_post.one(session, unsorted, chain.clock.today(), 12)
            childless_post.erase(session, row, policy_version="1", by=BY, at=chain.clock.now())


def test_a_manager_erases_it_with_every_byte_and_a_line_and_the_ledger_stay(chain: Paperchain) -> None:
    number = came(chain, 400)
    manager = Browser(chain, Role.MANAGER, "Kim")
    with chain.db.reading() as session:
        lines = _keeping(chain, session, Actor(manager.id, Role.MANAGER))
    assert (1, "items of post in no file, to erase or keep", "/retention/no-file") in lines
    page = plain(manager.get("/retention/no-file"))
    assert f"Item {number}" in page and "A person has said that it is not ours." in page
    assert manager.post(f"/retention/no-file/{number}/erase", {}).status_code == 303
    for table in (Item, Part, Page, Document, WrappedKey):
        assert rows(chain, table) == [], table.__tablename__
    assert list(chain.store.names()) == []
    assert [(row.pages, row.received_on) for row in rows(chain, StorageRefusal)] == [
        (1, chain.clock.today() - timedelta(days=400))
    ]
    assert [(row.kind, row.rule) for row in rows(chain, Destroyed)] == [(ledger.NO_CHILD, "R43")]
    assert "Nothing waits here" in plain(manager.get("/retention/no-file"))
    assert manager.post(f"/retention/no-file/{number}/erase", {}).status_code == 404


def test_it_is_kept_for_a_reason_and_looked_at_again_after_the_same_time(chain: Paperchain) -> None:
    number = came(chain, 400)
    manager = Browser(chain, Role.MANAGER, "Kim")
    empty = manager.post(f"/retention/no-file/{number}/keep", {"why": " "})
    assert empty.status_code == 422 and "Say why it is kept" in plain(empty)
    assert manager.post(f"/retention/no-file/{number}/keep", {"why": "The council asked"}).status_code == 303
    assert waiting(chain) == {} and b"council" not in rows(chain, PostKept)[0].sealed
    with chain.db.reading() as session:
        later = chain.clock.today() + timedelta(days=370)
        assert [last for _, last in childless_post.waiting(session, later, 12)] == [chain.clock.today()]
    seen = plain(Browser(chain, Role.ADMIN, "Ash").get(f"/items/{number}"))
    assert "Kept on 20 November 2026 at 12:00pm by Kim: The council asked" in seen
    year = builders.at(chain, fixed(chain.clock.now() + timedelta(days=370)))
    again = plain(Browser(year, Role.MANAGER, "Robin").get("/retention/no-file"))
    assert "Kept on 20 November 2026 at 12:00pm by Kim: The council asked" in again
    with chain.db.writing() as session:  # and it goes with its reason
        row = session.exec(select(Item)).one()
        childless_post.erase(session, row, policy_version="1", by=BY, at=chain.clock.now())
    assert rows(chain, PostKept) == []


def test_a_hold_keeps_it(chain: Paperchain) -> None:
    number = came(chain, 400)
    with chain.db.writing() as session:
        holds.place(
            session, kind=HoldKind.MORATORIUM, scope=Scope.EVERYTHING, subject_id=None, by=BY, at=chain.clock.now(), authority="An inquiry",
            reason="Nothing is destroyed.", reference="1",
        )  # fmt: skip
    manager = Browser(chain, Role.MANAGER, "Kim")
    assert "Erase item" not in plain(manager.get("/retention/no-file"))
    refused = manager.post(f"/retention/no-file/{number}/erase", {})
    assert refused.status_code == 422 and "on hold" in plain(refused) and len(rows(chain, Item)) == 1


def test_an_older_backup_loses_it_too(chain: Paperchain) -> None:
    """P12: the ledger names the item, so that a replay takes it out with its key."""
    came(chain, 400)
    with pytest.raises(ZeroDivisionError), chain.db.writing() as session:
        childless_post.erase(session, session.exec(select(Item)).one(), policy_version="1", by=BY, at=chain.clock.now())
        entries = ledger.entries(session)
        raise ZeroDivisionError  # as a backup that was made before
    assert len(rows(chain, Item)) == 1
    with chain.db.writing() as session:
        ledger.replay(session, chain.store, entries)
    assert (rows(chain, Item), rows(chain, WrappedKey), list(chain.store.names())) == ([], [], [])


def test_only_managers_may(chain: Paperchain) -> None:
    number = came(chain, 400)
    for role in (Role.OFFICER, Role.ADMIN):
        who = Browser(chain, role, "Lee")
        assert who.get("/retention/no-file").status_code == 404
        for act in ("keep", "erase"):
            assert who.post(f"/retention/no-file/{number}/{act}", {"why": "No"}).status_code == 404
    assert len(rows(chain, Item)) == 1
