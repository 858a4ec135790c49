"""The ledger of a day follows its pages through confirming, filing and erasing."""

from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from intake.wiring import Paperchain
from records.clock import Clock
from records.db import Database
from records.documents.store import FolderStore
from records.post import batches, inbox, review
from records.post.page_ledger import Place
from records.post.tables import Part
from records.vocabulary import PaperOutcome, PartKind, PartState
from tests.builders import settings
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
        found = batches.of_day(session, TODAY)
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
        assert batches.of_day(session, TODAY).pages_in == 3
        assert batches.days(session) == [TODAY]


def test_a_page_without_its_row_is_missed(chain: Paperchain) -> None:
    arrived(chain, forms=2)
    with chain.db.writing() as session:
        session.delete(inbox.pages_of(session, inbox.by_number(session, 1))[1])

    with chain.db.reading() as session:
        found = batches.of_day(session, TODAY)
    assert (found.lost, found.balances, found.places[Place.WAITING]) == ((1,), False, 1)


def test_a_page_whose_part_is_gone_still_waits(chain: Paperchain) -> None:
    arrived(chain)
    with chain.db.writing() as session:
        (row,) = inbox.pages_of(session, inbox.by_number(session, 1))
        row.part_id = uuid4()
        session.add(row)

    assert places(chain) == {"waiting": 1}
