"""The strip of pages on the desk: edits, undo, the later of two people, and blank pages that somebody has seen."""

from pathlib import Path

import pytest

from intake.wiring import Paperchain
from records.clock import Clock
from records.db import Database
from records.documents.store import FolderStore
from records.post import batches, inbox
from records.vocabulary import ItemState, PartKind, Role
from tests.builders import settings
from tests.reviewing import Browser, arrived, confirm, text

STRIP = "/items/1/arrange"


@pytest.fixture
def chain(tmp_path: Path, database: Database, clock: Clock) -> Paperchain:
    home = settings(tmp_path / "home")
    home.inbox.mkdir(parents=True)
    home.documents.mkdir()
    return Paperchain(home, database, FolderStore(home.documents), clock)


def state(chain: Paperchain) -> ItemState:
    with chain.db.reading() as session:
        return ItemState(inbox.by_number(session, 1).state)


def test_an_edit_is_made_shown_and_undone(chain: Paperchain) -> None:
    arrived(chain, backs=PartKind.BLANK)
    who = Browser(chain, Role.ADMIN)

    made = who.post(STRIP, {"act": "by_hand", "page": "1", "arranged": "0"})

    assert made.headers["location"] == "/items/1?page=1#page-1"
    page = text(who.get("/items/1?page=1"))
    assert "These pages are to be sorted by hand." in page and "Undo: page 1 to be sorted by hand" in page
    assert state(chain) is ItemState.TO_SORT
    who.post(STRIP, {"act": "undo", "arranged": "1"})
    assert state(chain) is ItemState.TO_REVIEW


def test_the_later_of_two_people_is_told(chain: Paperchain) -> None:
    arrived(chain, backs=PartKind.BLANK)
    first, second = Browser(chain), Browser(chain, Role.ADMIN)
    first.post(STRIP, {"act": "turn", "page": "1", "arranged": "0"})

    for path, sent in ((STRIP, {"act": "join", "page": "1"}), ("/items/1/seen", {})):
        late = second.post(path, {**sent, "arranged": "0"})
        assert late.status_code == 409 and "Somebody else arranged" in text(late)


def test_what_makes_no_sense_is_said_and_changes_nothing(chain: Paperchain) -> None:
    arrived(chain)
    who = Browser(chain)

    who.post(STRIP, {"act": "split", "page": "1", "arranged": "0"})

    assert "Nothing was changed. Nothing follows page 1" in text(who.get("/items/1"))
    for wrong in ({"act": "burn", "page": "1", "arranged": "0"}, {"act": "turn", "page": "1", "arranged": "x"}):
        assert who.post(STRIP, wrong).status_code == 409


def test_blank_backs_are_shown_with_their_form_and_settled_with_it(chain: Paperchain) -> None:
    front, _ = arrived(chain, backs=PartKind.BLANK)
    who = Browser(chain)

    assert f"/review/{front}/pages/2" in text(who.get(f"/review/{front}"))
    assert who.get(f"/review/{front}/pages/2").status_code == 200
    assert confirm(who, front).status_code == 303
    assert state(chain) is ItemState.FILED


def test_our_own_sheets_keep_an_item_open_until_somebody_has_seen_them(chain: Paperchain) -> None:
    one, two, *_ = arrived(chain, forms=2, backs=PartKind.SHEET)
    who = Browser(chain)
    assert confirm(who, one).status_code == 303
    assert who.post("/items/1/seen", {"arranged": "0"}).headers["location"] == "/items/1"
    assert confirm(who, two, child_name="Ash Otherwood").status_code == 303

    assert state(chain) is ItemState.FILED
    with chain.db.reading() as session:
        assert batches.of_day(session, chain.clock.today()).sums.done


def test_a_manager_arranges_nothing(chain: Paperchain) -> None:
    arrived(chain)
    who = Browser(chain, Role.MANAGER)

    assert who.post(STRIP, {"act": "turn", "page": "1", "arranged": "0"}).status_code == 404
    assert who.post("/items/1/seen", {"arranged": "0"}).status_code == 404
