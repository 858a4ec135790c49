"""R43: post in no child's file is looked at a year after it came, then erased or kept; what nobody has sorted is never erased here."""

import html
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import delete, event
from sqlmodel import Session, select

from intake import retaining, sorting
from intake.app import _keeping
from intake.sorting import NotForUs
from intake.wiring import Paperchain
from records.clock import Clock, fixed
from records.custody.tables import Original
from records.desk import paging
from records.documents import holdings
from records.documents.tables import Document, WrappedKey
from records.errors import NotFound, RefusedByRule
from records.holds import many
from records.holds import register as holds
from records.holds.kinds import Category, HoldKind, Scope
from records.holds.tables import HoldRow
from records.people.tables import Person
from records.post.tables import Duplicate, Item, Page, Part, StorageRefusal
from records.retention import childless_post, ledger, reach
from records.retention.tables import Destroyed, PostKept
from records.retention.verifying import still_there
from records.staff.access import Actor
from records.vocabulary import DocumentKind, PartKind, PartState, Role
from tests import builders
from tests.intake.test_erasing import shared_scan
from tests.intake.test_retaining import dump, restore
from tests.lettering import filed, letter
from tests.records.desk.test_retention_pages import plain
from tests.retaining import family
from tests.reviewing import Browser, arrived, rows

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
    late = manager.post(f"/retention/no-file/{number}/erase", {})
    assert late.status_code == 409 and "Somebody else erased it first" in plain(late)


def test_what_is_wrong_is_said_on_the_piece_of_the_list_where_it_was_typed(
    chain: Paperchain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "PER_PAGE", 1)  # two items in place of fifty-one
    came(chain, 500), came(chain, 400)
    manager = Browser(chain, Role.MANAGER, "Kim")
    last = manager.get("/retention/no-file?page=2").text
    action = re.findall(r'action="(/retention/no-file/\d+/keep[^"]*)"', last)[0]
    long = "words " * 200
    refused = manager.post(html.unescape(action), {"why": long})
    assert refused.status_code == 422 and long.strip() in refused.text
    wrong = re.findall(r'href="#(why-\d+)"', refused.text)[0]
    assert f'id="{wrong}"' in refused.text


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


def mixed(chain: Paperchain, *, theirs: PartState = PartState.NOT_OURS) -> tuple[int, UUID, UUID]:
    """A scan of two pages that came long ago: a form that is in a file, and a page that is not ours. The item's number, and both parts."""
    scan, _ = shared_scan()
    ours, other = arrived(chain, forms=2, scanned=scan, by_hand=False)
    family(chain, part=ours, closed=False)
    with chain.db.writing() as session:
        part = session.get_one(Part, other)
        part.kind, part.state = PartKind.OTHER, PartState.TO_SORT
        item = session.get_one(Item, part.item_id)
        item.received_on = chain.clock.today() - timedelta(days=400)
        number, version = item.number, part.version
    if theirs is PartState.NOT_OURS:
        with chain.db.reading() as session:
            version = session.get_one(Part, other).version
        sorting.sort_part(chain, number, other, NotForUs(), actor=BY, version=version)
    return number, ours, other


def test_a_page_that_is_not_ours_goes_alone_from_a_scan_that_a_file_shares(chain: Paperchain) -> None:
    """The family's page stays whole, and no picture of the other is left; an older backup loses it too (P12)."""
    number, ours, other = mixed(chain)
    with chain.db.reading() as session:
        documents = session.exec(select(Document)).all()
        scan = next(each.blob for each in documents if each.kind == DocumentKind.SCAN)
        theirs = [each.blob for each in documents if each.part_id == other]
        kept = {each.id: holdings.fetch(session, chain.store, each) for each in documents if each.part_id == ours}
    saved, blobs = dump(chain), {name: chain.store.get(name) for name in chain.store.names()}
    manager = Browser(chain, Role.MANAGER, "Kim")
    page = plain(manager.get("/retention/no-file"))
    assert "Page 2 is in no file; the rest stays. A person has said that it is not ours." in page
    assert manager.post(f"/retention/no-file/{number}/erase", {}).status_code == 303
    assert theirs and not any(still_there(chain.store, name) for name in [scan, *theirs])

    def ours_is_whole() -> None:
        with chain.db.reading() as session:
            assert session.get(Part, other) is None and session.get_one(Item, ours_item(session)).pages == 1
            found = {each.id: each for each in session.exec(select(Document).where(Document.part_id == ours))}
            assert (
                kept.items() <= {one: holdings.fetch(session, chain.store, each) for one, each in found.items()}.items()
            )
            (copy,) = [each for each in found.values() if each.kind == DocumentKind.SCAN]
            shown = Image.open(io.BytesIO(holdings.fetch(session, chain.store, copy))).convert("L")
            assert np.array_equal(np.asarray(shown), np.asarray(shared_scan()[1][0]))

    def ours_item(session: Session) -> UUID:
        return session.get_one(Part, ours).item_id

    ours_is_whole()
    assert [(row.pages, row.paper) for row in rows(chain, StorageRefusal)] == [(1, "task")]
    assert waiting(chain) == {}
    with chain.db.reading() as session:
        entries = ledger.entries(session)
    restore(chain, saved)
    for name, data in blobs.items():
        chain.store.put(name, [data])
    with chain.db.writing() as session:
        ledger.replay(session, chain.store, entries, without=retaining.tools(chain).without)
    ours_is_whole()


def test_such_a_page_stays_while_nobody_has_sorted_it_or_something_stands_against_it(chain: Paperchain) -> None:
    unsorted, _, _ = mixed(chain, theirs=PartState.TO_SORT)
    number, ours, other = mixed(chain)
    assert waiting(chain) == {number: None}
    with chain.db.writing() as session:
        item = session.get_one(Item, session.get_one(Part, other).item_id)
        with pytest.raises(RefusedByRule, match="cannot be divided"):
            childless_post.erase(session, item, policy_version="1", by=BY, at=chain.clock.now())
        session.rollback()
    with chain.db.writing() as session:
        with pytest.raises(NotFound):
            childless_post.one(session, unsorted, chain.clock.today(), 12)
        holds.place(
            session, kind=HoldKind.COURT, scope=Scope.FILE, subject_id=session.get_one(Part, ours).file_id, by=BY, at=chain.clock.now(),
            authority="A court", reason="A claim.", reference="1",
        )  # fmt: skip
    assert "on hold" in str(waiting(chain)[number])
    assert Browser(chain, Role.MANAGER, "Kim").post(f"/retention/no-file/{number}/erase", {}).status_code == 422
    assert len(rows(chain, Page)) == 4


def test_a_reason_that_is_too_long_stays_in_its_field(chain: Paperchain) -> None:
    manager, long = Browser(chain, Role.MANAGER), "words " * 2000
    number, _ = came(chain, 400), came(chain, 500)
    answer = manager.post(f"/retention/no-file/{number}/keep", {"why": long})
    assert answer.status_code == 422 and answer.text.count(f'value="{long}"') == 1


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


# ---------------------------------------------------------------------------------------------- several together


def test_the_ticked_items_go_together_and_what_is_held_stays_with_its_reason(chain: Paperchain) -> None:
    held, first, second, unticked = (came(chain, 400 + each) for each in range(4))
    unsorted = came(chain, 500, ours=True)
    manager = Browser(chain, Role.MANAGER, "Kim")
    page = manager.get("/retention/no-file").text
    assert "All 4 on this page that can be erased" in page and f'id="tick-{unsorted}"' in page
    hold(chain, held)  # while the page stands open
    chosen = {"item": [str(each) for each in (held, first, second)], "which": "ticked"}
    for count in ("", "2", "three"):
        wrong = manager.post("/retention/no-file/erase", chosen | {"count": count})
        assert wrong.status_code == 422 and "Nothing was erased" in wrong.text and len(rows(chain, Item)) == 5
        ticked = re.findall(r'value="(\d+)" checked', wrong.text)
        assert sorted(map(int, ticked)) == [held, first, second], "what was ticked stays ticked"
    answer = manager.post("/retention/no-file/erase", chosen | {"count": "3"})
    assert answer.status_code == 200
    assert "What was not ours of 2 items was erased for good. 1 stays: Item 1: It is on hold." in plain(answer)
    assert {row.number for row in rows(chain, Item)} == {held, unticked, unsorted}
    assert len(rows(chain, Destroyed)) == len(rows(chain, StorageRefusal)) == 2
    with chain.db.reading() as session:
        left = {each.blob for each in session.exec(select(Document))}
    assert set(chain.store.names()) == left


def test_all_that_a_page_shows_and_that_can_go_go_together_but_nothing_that_it_did_not_show(chain: Paperchain) -> None:
    first, second = came(chain, 400), came(chain, 410)
    unsorted = came(chain, 500, ours=True)
    manager = Browser(chain, Role.MANAGER, "Kim")
    shown = re.findall(r'name="shown" value="(\d+)"', manager.get("/retention/no-file").text)
    assert sorted(map(int, shown)) == [first, second]
    later = came(chain, 420)
    answer = manager.post("/retention/no-file/erase", {"shown": shown, "which": "all", "count": "2"})
    assert "2 items was erased" in plain(answer)
    assert {row.number for row in rows(chain, Item)} == {unsorted, later}
    gone = manager.post("/retention/no-file/erase", {"shown": shown, "which": "all", "count": "2"})
    assert plain(gone).count("Somebody else erased it first") == 2
    nothing = manager.post("/retention/no-file/erase", {"which": "ticked", "count": "0"})
    assert nothing.status_code == 422 and "Tick at least one item" in nothing.text


def test_several_are_kept_for_one_reason_or_none_is(chain: Paperchain) -> None:
    numbers = [str(came(chain, 400 + each)) for each in range(3)]
    manager = Browser(chain, Role.MANAGER, "Kim")
    for sent, words in (
        ({"why": "A claim"}, "Tick at least one item"), ({"item": numbers, "why": " "}, "Say why it is kept"),
        ({"item": [*numbers, "999"], "why": "A claim"}, "Some of these items do not wait any more"),
    ):  # fmt: skip
        refused = manager.post("/retention/no-file/keep", sent)
        assert refused.status_code == 422 and words in plain(refused) and rows(chain, PostKept) == []
    assert manager.post("/retention/no-file/keep", {"item": numbers[:2], "why": "A claim"}).status_code == 303
    assert len(rows(chain, PostKept)) == 2 and list(waiting(chain)) == [int(numbers[2])]
    for role in (Role.OFFICER, Role.ADMIN):
        for act in ("keep", "erase"):
            sent = {"item": numbers, "why": "No", "count": "3"}
            assert Browser(chain, role).post(f"/retention/no-file/{act}", sent).status_code == 404
    assert len(rows(chain, Item)) == 3


def hold(chain: Paperchain, number: int) -> None:
    with chain.db.writing() as session:
        item = session.exec(select(Item).where(Item.number == number)).one()
        holds.place(
            session, kind=HoldKind.COURT, scope=Scope.ITEM, subject_id=item.id, by=BY, at=chain.clock.now(), authority="A court",
            reason="A claim.", reference="1",
        )  # fmt: skip


def test_the_list_asks_as_many_questions_for_many_items_as_for_few(chain: Paperchain) -> None:
    asked: list[str] = []
    event.listen(chain.db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))

    def questions() -> int:
        with chain.db.reading() as session:
            due = childless_post.waiting(session, chain.clock.today(), 12)
            asked.clear()
            childless_post.read(session, due)
            return len(asked)

    came(chain, 400)
    mixed(chain)
    hold(chain, came(chain, 410))
    few = questions()
    for each in range(3):
        mixed(chain)
        hold(chain, came(chain, 420 + each))
    assert len(waiting(chain)) == 9 and questions() == few


def test_the_list_says_of_each_item_what_the_eraser_says_of_it_alone(chain: Paperchain) -> None:
    """Holds over each kind of thing, and everything that may rest on an item: asked of many, and one by one."""
    number, ours, other = mixed(chain)
    plainly, held = came(chain, 400), came(chain, 410)
    sorted_number, part = letter(chain)
    filed(chain, sorted_number, part)
    with chain.db.writing() as session:
        ids = [each.id for each in session.exec(select(Item)).all()]
        file = session.get_one(Part, ours).file_id
        assert file is not None
        person = session.exec(select(Person.id).where(Person.file_id == file)).first()
        document = session.exec(select(Document.id).where(Document.part_id == other)).first()
        paper = session.exec(select(Original.id).where(Original.part_id == part)).first()
        session.add(Duplicate(item_id=ids[1], other_id=ids[2], why="same_bytes", pages=1, found_at=chain.clock.now()))
    subjects: list[tuple[Scope, UUID | None, Category | None]] = [
        (Scope.FILE, file, None), (Scope.PERSON, person, None), (Scope.DOCUMENT, document, None), (Scope.ORIGINAL, paper, None),
        (Scope.ITEM, ids[1], None), (Scope.CATEGORY, None, Category.FORMS), (Scope.CATEGORY, None, Category.SAFEGUARDING_FILES),
        (Scope.EVERYTHING, None, None),
    ]  # fmt: skip
    seen = set[int]()
    for scope, subject, category in [(Scope.ITEM, ids[2], None), *subjects]:
        with chain.db.writing() as session:
            session.execute(delete(HoldRow))
            holds.place(
                session, kind=HoldKind.COURT, scope=scope, subject_id=subject, category=category, by=BY, at=chain.clock.now(),
                authority="A court", reason="A claim.", reference="1",
            )  # fmt: skip
        with chain.db.reading() as session:
            together = many.of_items(session, ids)
            assert together == {one: holds.blocking(session, item_id=one) for one in ids}, scope
            seen.add(sum(bool(each) for each in together.values()))
            assert reach.tables_of(session, ids) == {
                one: {name for name, rows in reach.of_ids(session, items=[one]).rows.items() if rows} for one in ids
            }
    assert {1, 4} <= seen and number and plainly and held


def test_of_two_managers_at_one_item_the_second_is_told_who_was_first(chain: Paperchain) -> None:
    number = came(chain, 400)
    kim, robin = Browser(chain, Role.MANAGER, "Kim"), Browser(chain, Role.MANAGER, "Robin")
    assert kim.post(f"/retention/no-file/{number}/keep", {"why": "A claim"}).status_code == 303
    for act in ("keep", "erase"):
        late = robin.post(f"/retention/no-file/{number}/{act}", {"why": "Another"})
        assert late.status_code == 409
        assert f"Item {number}: It does not wait here any more. Kim kept it on 20 November 2026 at 12:00pm." in plain(
            late
        )
    assert len(rows(chain, PostKept)) == len(rows(chain, Item)) == 1
