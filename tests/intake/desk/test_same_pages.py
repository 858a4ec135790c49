"""The same post again, on the desk: offered on the list and the item, answered once, told only to those who may know."""

from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from intake.wiring import Paperchain
from records.clock import Clock
from records.db import Database
from records.documents.store import FolderStore
from records.people.tables import ChildFile
from records.post import duplicates, inbox
from records.post.duplicates import FiledForm, Why, same_form
from records.post.tables import Duplicate
from records.vocabulary import ItemState, Role
from tests.builders import settings
from tests.reviewing import Browser, arrived, confirm, rows, text


@pytest.fixture
def chain(tmp_path: Path, database: Database, clock: Clock) -> Paperchain:
    home = settings(tmp_path / "home")
    home.inbox.mkdir(parents=True)
    home.documents.mkdir()
    return Paperchain(home, database, FolderStore(home.documents), clock)


def twice(chain: Paperchain) -> str:
    """Two items of the same bytes, and the address of the answer on the later one."""
    for _ in range(2):
        arrived(chain)
    with chain.db.writing() as session:
        one, two = inbox.by_number(session, 1), inbox.by_number(session, 2)
        pair = duplicates.offer(session, two, one, Why.SAME_BYTES, 1, chain.clock.now())
        assert pair is not None
        return f"/items/2/same/{pair.id}"


def test_a_copy_is_offered_on_the_list_and_both_items(chain: Paperchain) -> None:
    twice(chain)
    who = Browser(chain, Role.ADMIN)

    assert text(who.get("/post")).count("Same as item 1?") == 1
    assert "Same as item 1?" in text(who.get("/items/2")) and "Same as item 2?" in text(who.get("/items/1"))


def test_a_copy_is_discarded_only_after_comparing(chain: Paperchain) -> None:
    address = twice(chain)
    who = Browser(chain, Role.ADMIN)

    who.post(address, {"answer": "discard"})
    assert "Compare the two first" in text(who.get("/items/2"))
    gone = who.post(address, {"answer": "discard", "compared": "yes"})

    assert gone.headers["location"] == "/post"
    page = text(who.get("/post"))
    assert "Item 2 was discarded" in page and "A copy, discarded" in page and "Same as item" not in page
    assert "A copy, discarded" in text(who.get("/items/2"))


def test_both_are_kept_and_the_later_of_two_is_told(chain: Paperchain) -> None:
    address = twice(chain)
    first, second = Browser(chain), Browser(chain, Role.ADMIN)

    assert first.post(address, {"answer": "keep_both"}).headers["location"] == "/items/2"
    late = second.post(address, {"answer": "discard", "compared": "yes"})

    assert late.status_code == 409 and "Somebody else has answered" in text(late)
    assert "Same as item 1?" not in text(first.get("/items/2"))
    with chain.db.reading() as session:
        assert {inbox.by_number(session, n).state for n in (1, 2)} == {ItemState.TO_REVIEW}


def test_nonsense_and_strangers_change_nothing(chain: Paperchain) -> None:
    address = twice(chain)

    assert Browser(chain).post(address, {"answer": "burn"}).status_code == 409
    assert Browser(chain).post(f"/items/2/same/{uuid4()}", {"answer": "keep_both"}).status_code == 404
    assert Browser(chain, Role.MANAGER).post(address, {"answer": "keep_both"}).status_code == 404
    assert [one.answer for one in rows(chain, Duplicate)] == [None]


def filed_twice(chain: Paperchain, who: Browser) -> None:
    """Two confirmed forms of one child, signed the same day."""
    (first,), (second,) = arrived(chain), arrived(chain)
    assert confirm(who, first).status_code == 303
    (file,) = rows(chain, ChildFile)
    assert confirm(who, second, file=str(file.number)).status_code == 303
    assert len(rows(chain, ChildFile)) == 1


def test_the_same_form_of_one_day_is_told_to_those_who_may_open_the_file(chain: Paperchain) -> None:
    officer, admin = Browser(chain), Browser(chain, Role.ADMIN)
    filed_twice(chain, officer)
    (pair,) = rows(chain, Duplicate)

    assert pair.why == "same_form"
    assert "Same as item 1? The same form for the same child, signed the same day." in text(officer.get("/post"))
    assert "Same as item 1?" not in text(admin.get("/post"))
    address = f"/items/2/same/{pair.id}"
    assert admin.post(address, {"answer": "keep_both"}).status_code == 404
    officer.post(address, {"answer": "discard", "compared": "yes"})
    assert "Nothing was discarded. A confirmed form is the proof" in text(officer.get("/post"))
    assert officer.post(address, {"answer": "keep_both"}).headers["location"] == "/post"
    assert "Same as item 1?" not in text(officer.get("/post"))


ITEM, DAY = uuid4(), date(2026, 3, 1)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        pytest.param(FiledForm(uuid4(), uuid4(), "a", DAY), True, id="same form and day"),
        pytest.param(FiledForm(uuid4(), uuid4(), "a", date(2026, 3, 2)), False, id="another day"),
        pytest.param(FiledForm(uuid4(), uuid4(), "b", DAY), False, id="another form"),
        pytest.param(FiledForm(ITEM, uuid4(), "a", DAY), False, id="in the same item"),
        pytest.param(FiledForm(uuid4(), uuid4(), "a", None), False, id="without a date"),
    ],
)
def test_when_two_forms_on_a_file_are_the_same(other: FiledForm, same: bool) -> None:
    new = FiledForm(ITEM, uuid4(), "a", DAY)

    assert (same_form(new, [other]) == other) is same
    assert same_form(FiledForm(ITEM, uuid4(), "a", None), [other]) is None
