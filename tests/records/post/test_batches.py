"""The ledger of a day follows its pages through confirming, filing and erasing."""

from datetime import date, timedelta
from itertools import product
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from intake.wiring import Paperchain
from records.clock import Clock
from records.db import Database
from records.documents.store import FolderStore
from records.post import batches, inbox, review
from records.post.page_ledger import Place
from records.post.tables import Item, Page, Part, StorageRefusal
from records.vocabulary import ItemState, PaperOutcome, PartKind, PartState
from tests.builders import settings
from tests.questions import asked
from tests.reviewing import arrived

TODAY = date(2026, 11, 20)


@pytest.fixture
def chain(tmp_path: Path, database: Database, clock: Clock) -> Paperchain:
    home = settings(tmp_path / "home")
    home.documents.mkdir(parents=True)
    return Paperchain(home, database, FolderStore(home.documents), clock)


def settle(chain: Paperchain, part: UUID, state: PartState) -> None:
    with chain.db.writing() as session:
        review.settle(
            session, session.get_one(Part, part), state, file_id=uuid4(), actor="somebody", at=chain.clock.now()
        )


def places(chain: Paperchain) -> dict[str, int]:
    with chain.db.reading() as session:
        found = batches.of_day(session, TODAY).sums
        assert batches.sums(session, [TODAY])[TODAY] == found
    assert found.balances
    return {place.value: count for place, count in found.places.items() if count}


def test_pages_are_followed_to_where_they_end(chain: Paperchain) -> None:
    first, second, back, _ = arrived(chain, forms=2, backs=PartKind.BLANK)
    assert places(chain) == {"waiting": 2, "unseen": 2}

    settle(chain, first, PartState.CONFIRMED)
    settle(chain, back, PartState.NOTHING_TO_DO)
    settle(chain, second, PartState.COPY)

    assert places(chain) == {"filed": 1, "copy": 1, "blank": 1, "unseen": 1}


def test_erased_pages_stay_in_the_count_of_their_day(chain: Paperchain) -> None:
    first, _ = arrived(chain, forms=2)
    (alone,) = arrived(chain)
    with chain.db.writing() as session:
        for part in (first, alone):
            review.forget(
                session, session.get_one(Part, part), (), paper=PaperOutcome.RETURNED, actor="somebody", on=TODAY,
                at=chain.clock.now(),
            )  # fmt: skip

    assert places(chain) == {"erased": 2, "waiting": 1}
    with chain.db.reading() as session:
        assert batches.of_day(session, TODAY).sums.pages_in == 3
        assert batches.days(session) == [TODAY]


def test_a_page_without_its_row_is_missed(chain: Paperchain) -> None:
    arrived(chain, forms=2)
    with chain.db.writing() as session:
        session.delete(inbox.pages_of(session, inbox.by_number(session, 1))[1])

    with chain.db.reading() as session:
        found = batches.of_day(session, TODAY).sums
    assert (found.lost, found.balances, found.places[Place.WAITING]) == ((1,), False, 1)


def test_a_page_whose_part_is_gone_still_waits(chain: Paperchain) -> None:
    arrived(chain)
    with chain.db.writing() as session:
        (row,) = inbox.pages_of(session, inbox.by_number(session, 1))
        row.part_id = uuid4()
        session.add(row)

    assert places(chain) == {"waiting": 1}


def everything_once(chain: Paperchain, first: UUID) -> None:
    """On two days an item of each state, read and not, counted right, wrong and not at all, with a page of each kind in turn; erased pages too."""
    kinds = [(kind, state, by) for kind in PartKind for state in PartState for by in (None, "somebody")]
    with chain.db.writing() as session:
        pattern = session.get_one(Item, session.get_one(Part, first).item_id)
        like, page = pattern.model_dump(), inbox.pages_of(session, pattern)[0].model_dump()
        turns = product((TODAY, TODAY - timedelta(days=1)), ItemState, (None, pattern.arrived_at), (None, 0, 2, 3))
        for number, (day, state, read, counted) in enumerate(turns, start=2):
            new = {"id": uuid4(), "number": number, "claim_id": uuid4(), "received_on": day, "state": state}
            item = Item(**like | new | {"read_at": read, "pages": counted})
            session.add(item)
            session.flush()
            for at in (1, 2):
                kind, settled, by = kinds[(2 * number + at) % len(kinds)]
                part = Part(item_id=item.id, kind=kind, state=settled, decided_by=by)
                session.add(part)
                session.add(
                    Page(
                        **page
                        | {"id": uuid4(), "item_id": item.id, "part_id": part.id if at == 1 else None, "number": at}
                    )
                )
        for day in (TODAY, None):
            session.add(
                StorageRefusal(refused_on=TODAY, pages=3, paper="returned", confirmed_by="somebody", received_on=day)
            )


def test_what_the_database_counts_is_what_the_items_come_to_one_by_one(chain: Paperchain) -> None:
    everything_once(chain, arrived(chain)[0])
    wanted = [TODAY, TODAY - timedelta(days=1), TODAY - timedelta(days=2)]
    with chain.db.reading() as session:
        assert batches.days(session) == wanted[:2]
        each = {day: batches.of_day(session, day) for day in wanted}
        assert batches.sums(session, wanted) == {day: found.sums for day, found in each.items()}
        assert all(each[day].sums.lost and each[day].sums.uncounted for day in wanted[:2])
        cut = [line for start in range(0, 200, 7) for line in batches.lines(session, TODAY, 7, start)]
    assert tuple(cut) == each[TODAY].lines and len(cut) == each[TODAY].sums.files


def test_a_list_of_days_asks_no_more_for_many_days_and_items_than_for_one(chain: Paperchain) -> None:
    (first,) = arrived(chain)
    with chain.db.reading() as session, asked(chain.db) as few:
        batches.sums(session, batches.days(session))
    everything_once(chain, first)
    with chain.db.reading() as session, asked(chain.db) as many:
        batches.sums(session, batches.days(session))
    assert len(many) == len(few)
