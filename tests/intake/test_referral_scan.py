"""A referral that is erased takes its scan along, when that is the letter and nothing else (N3, W28)."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from intake import retaining
from intake.wiring import Paperchain
from records.cases import referrals
from records.cases.referrals import Told
from records.cases.tables import Referral
from records.cases.words import Capacity, ErasedBecause
from records.clock import Clock
from records.db import Database
from records.documents.tables import Document, WrappedKey
from records.post import batches
from records.post.tables import Item, Page, Part, StorageRefusal
from records.retention import ledger, referral_scan
from records.retention.tables import Destroyed
from records.tasks.tables import TaskRow
from records.vocabulary import ItemState, PartKind, PartState
from tests.builders import CHILD, made_on
from tests.lettering import letter
from tests.retaining import days_on
from tests.reviewing import Browser, arrived, rows

WHO = uuid4()
DAY = 29  # the day after the 28 days of waiting


@pytest.fixture
def chain(tmp_path: Path, database: Database, clock: Clock) -> Paperchain:
    return made_on(database, tmp_path, clock)


def referred(chain: Paperchain, item: int | None, who: UUID = WHO) -> int:
    """A teacher's referral that waits for permission, which came in this item."""
    with chain.db.writing() as session:
        found = session.exec(select(Item).where(Item.number == item)).one() if item else None
        return referrals.log(
            session, Told(CHILD, "", "Sam Teacher", "Invented School", "", "Needs help"), Capacity.SCHOOL, None, chain.policy(),
            received_on=chain.clock.today(), today=chain.clock.today(), actor=str(who), at=chain.clock.now(),
            item_id=found.id if found else None,
        ).number  # fmt: skip


def test_the_scan_goes_in_the_same_act_and_the_pages_of_the_day_add_up(chain: Paperchain) -> None:
    number, _ = letter(chain, pages=2)
    other, _ = letter(chain)
    referred(chain, number)
    retaining.tidy_cases(days_on(chain, DAY - 2))
    assert len(rows(chain, Item)) == 2, "it still has days to wait"
    retaining.tidy_cases(days_on(chain, DAY))

    assert [item.number for item in rows(chain, Item)] == [other]
    assert (len(rows(chain, Part)), len(rows(chain, Page)), len(rows(chain, WrappedKey))) == (1, 1, 1)
    assert set(chain.store.names()) == {row.blob for row in rows(chain, Document)}, "no byte of it is left"
    [row] = rows(chain, Referral)
    assert (row.state, row.sealed, row.item_id) == ("erased", None, None)
    [line], [entry] = rows(chain, StorageRefusal), rows(chain, Destroyed)
    assert (line.pages, line.paper, entry.rule) == (2, "task", "N3")
    with chain.db.reading() as session:
        day = batches.of_day(session, chain.clock.today()).sums
    assert (day.pages_in, day.erased, day.balances) == (3, 2, True)
    [task] = rows(chain, TaskRow)
    assert (task.for_officer, task.file_id, CHILD in task.words) == (WHO, None, False)


def of_another_referral(chain: Paperchain, item: int, part: UUID) -> None:
    referred(chain, item)
    with chain.db.writing() as session:  # that one was permitted and waits to be put on a file
        row = session.exec(select(Referral).where(Referral.number == 2)).one()
        row.state, row.erase_on = "ready", None


def two_letters(chain: Paperchain, item: int, part: UUID) -> None:
    with chain.db.writing() as session:
        found = session.get_one(Part, part)
        session.add(Part(item_id=found.item_id, kind=PartKind.OTHER, state=PartState.TO_SORT))


def a_form(chain: Paperchain, item: int, part: UUID) -> None:
    with chain.db.writing() as session:
        found = session.get_one(Part, part)
        session.add(Part(item_id=found.item_id, kind=PartKind.FORM, state=PartState.TO_REVIEW))


def filed(chain: Paperchain, item: int, part: UUID) -> None:
    with chain.db.writing() as session:
        found = session.get_one(Part, part)
        found.file_id, found.state = uuid4(), PartState.FILED


def stopped(chain: Paperchain, item: int, part: UUID) -> None:
    with chain.db.writing() as session:
        session.exec(select(Item)).one().state = ItemState.STOPPED


@pytest.mark.parametrize("more", [of_another_referral, two_letters, a_form, filed, stopped])
def test_a_scan_on_which_anything_else_rests_stays_whole_and_a_person_is_asked(
    chain: Paperchain, more: Callable[[Paperchain, int, UUID], None]
) -> None:
    number, part = letter(chain)
    referred(chain, number)
    more(chain, number, part)
    before = len(rows(chain, Page)), len(rows(chain, Document))
    retaining.tidy_cases(days_on(chain, DAY))
    assert "erased" in {row.state for row in rows(chain, Referral)}
    assert (len(rows(chain, Page)), len(rows(chain, Document))) == before and rows(chain, StorageRefusal) == []
    [task] = rows(chain, TaskRow)
    assert f"item {number} with other things" in task.words


def test_while_the_scan_is_being_read_both_wait(chain: Paperchain) -> None:
    number, _ = letter(chain)
    referred(chain, number)
    with chain.db.writing() as session:
        session.exec(select(Item)).one().state = ItemState.READING
    retaining.tidy_cases(days_on(chain, DAY))
    assert [row.state for row in rows(chain, Referral)] == ["holding"] and len(rows(chain, Item)) == 1


def test_an_older_backup_does_not_bring_the_scan_back(chain: Paperchain) -> None:
    number, _ = letter(chain)
    referred(chain, number)
    with chain.db.writing() as session:
        row = referrals.by_number(session, 1)
        item = session.exec(select(Item)).one().id
        referral_scan.erase(
            session, row, ErasedBecause.PERMISSION_REFUSED, policy_version="1", today=chain.clock.today(), actor=str(WHO),
            at=chain.clock.now(),
        )  # fmt: skip
        [entry] = ledger.entries(session)
    assert entry.ids["item"] == [str(item)] and (entry.kind, entry.rule) == ("refusal", "N3")


def test_the_page_says_what_becomes_of_the_scan_and_a_person_erases_both(chain: Paperchain) -> None:
    officer = Browser(chain)
    number, _ = letter(chain)
    arrived(chain)
    referred(chain, number, officer.id)
    assert f"Item {number}. If the referral is erased, the scan is erased with it" in officer.get("/referrals/1").text
    assert officer.post("/referrals/1/erase", {"because": "permission_refused"}).status_code == 303
    assert [item.number for item in rows(chain, Item)] == [2]
    assert (
        officer.get(f"/items/{number}").status_code == 404
        and "Referral REF-1 was erased with its scan" in officer.get("/tasks").text
    )


def test_without_a_scan_the_referral_is_erased_as_before(chain: Paperchain) -> None:
    referred(chain, None)
    retaining.tidy_cases(days_on(chain, DAY))
    assert [row.state for row in rows(chain, Referral)] == ["erased"] and rows(chain, TaskRow) == []
