"""Parts that wait for a person: one officer at a time, decisions appended, and a refusal that leaves one line."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from intake.wiring import Paperchain
from records.audit import trail
from records.audit.chain import Whole
from records.clock import Clock, fixed
from records.db import Database
from records.documents import keyring
from records.documents.store import FolderStore
from records.documents.tables import Document, WrappedKey
from records.errors import ChangedMeanwhile, NotFound
from records.post import inbox, review
from records.post.tables import Confirmation, Item, Page, Part, StorageRefusal
from records.vocabulary import ItemState, PaperOutcome, PartState, QuarantineReason
from tests.builders import at, settings
from tests.questions import asked
from tests.reviewing import TEMPLATE, arrived, rows, state_of

LEE, SAM = "lee", "sam"
OPEN = (PartState.TO_REVIEW, PartState.QUARANTINED)


@pytest.fixture
def chain(tmp_path: Path, database: Database, clock: Clock) -> Paperchain:
    home = settings(tmp_path / "home")
    home.documents.mkdir(parents=True)
    return Paperchain(home, database, FolderStore(home.documents), clock)


def hold(chain: Paperchain, part: UUID, actor: str, minutes: int = 0) -> review.Holder | None:
    with chain.db.writing() as session:
        return review.hold(session, review.get(session, part), actor, chain.clock.now() + timedelta(minutes=minutes))


def put_aside(chain: Paperchain, part: UUID) -> None:
    with chain.db.writing() as session:
        review.quarantine(
            session, review.get(session, part), QuarantineReason.NOT_SIGNED, ask_by=chain.clock.today(), actor=LEE,
            at=chain.clock.now(),
        )  # fmt: skip


def remember(chain: Paperchain, part: UUID, value: str, minutes: int = 0) -> None:
    with chain.db.writing() as session:
        row = review.get(session, part)
        review.remember(
            session, row, {"store_on_database": {"confirmed": value}}, actor=LEE, policy_version="1",
            key=keyring.open_key(session, review.item_of(session, row).key_id),
            at=chain.clock.now() + timedelta(minutes=minutes),
        )  # fmt: skip


def forget(chain: Paperchain, part: UUID, *along: UUID) -> list[str]:
    with chain.db.writing() as session:
        return review.forget(
            session, review.get(session, part), [review.get(session, each) for each in along],
            paper=PaperOutcome.RETURNED, actor=LEE, on=chain.clock.today(), at=chain.clock.now(),
        )  # fmt: skip


def test_forms_wait_oldest_first_and_quarantine_is_a_queue_of_its_own(chain: Paperchain) -> None:
    (young,) = arrived(at(chain, fixed(chain.clock.now() + timedelta(minutes=5))))
    (old,) = arrived(chain)
    (aside,) = arrived(chain)
    put_aside(chain, aside)

    with chain.db.reading() as session:
        assert [part.id for part in review.queue(session)] == [old, young]
        assert [part.id for part in review.queue(session, PartState.QUARANTINED)] == [aside]
        assert [part.id for part in review.queue(session, limit=1)] == [old]
        assert review.count(session, PartState.TO_REVIEW) == 2


def test_a_form_is_held_by_one_officer_for_twenty_minutes(chain: Paperchain) -> None:
    (part,) = arrived(chain)

    assert hold(chain, part, LEE) is None
    other = hold(chain, part, SAM, minutes=19)
    assert other is not None
    assert (other.actor, other.until) == (LEE, chain.clock.now() + timedelta(minutes=review.HOLD_MINUTES))
    assert hold(chain, part, LEE, minutes=19) is None, "whoever has it may open it again"
    assert hold(chain, part, SAM, minutes=38) is not None, "and has it for twenty minutes from then"
    assert hold(chain, part, SAM, minutes=39) is None


def test_only_whoever_has_a_form_can_let_go_of_it(chain: Paperchain) -> None:
    (part,) = arrived(chain)
    hold(chain, part, LEE)
    for actor in (SAM, LEE):
        with chain.db.writing() as session:
            review.leave(session, review.get(session, part), actor)
        assert (hold(chain, part, "third") is None) == (actor == LEE)


def test_the_next_form_is_the_oldest_that_nobody_else_has_open(chain: Paperchain) -> None:
    (first,) = arrived(chain)
    (second,) = arrived(at(chain, fixed(chain.clock.now() + timedelta(minutes=1))))
    hold(chain, first, LEE)

    def following(actor: str, minutes: int = 0, after: UUID | None = None) -> UUID | None:
        with chain.db.reading() as session:
            found = review.next_to_review(session, actor, chain.clock.now() + timedelta(minutes=minutes), after)
            return found.id if found else None

    assert following(SAM) == second
    assert following(LEE) == first
    assert following(LEE, after=first) == second
    assert following(SAM, minutes=20) == first
    hold(chain, second, SAM)
    assert following("third") is None


def read_by(chain: Paperchain, template_sum: str | None, minutes: int, forms: int = 1) -> list[UUID]:
    """Forms that were read by this text, so many minutes later."""
    parts = arrived(at(chain, fixed(chain.clock.now() + timedelta(minutes=minutes))), forms)
    with chain.db.writing() as session:
        for each in parts:
            row = review.get(session, each)
            row.template_sum = template_sum
            session.add(row)
    return parts


def test_one_form_of_each_text_is_asked_whether_it_opens(chain: Paperchain) -> None:
    read_by(chain, "gone", 0, 3)
    read_by(chain, "gone too", 1, 3)
    untold = read_by(chain, None, 2, 2)
    kept = read_by(chain, "kept", 3, 3)
    young = read_by(chain, "young", 4)

    def following(*opening: UUID) -> tuple[UUID | None, int]:
        """What is found, and how many were asked about."""
        looked: list[UUID] = []

        def opens(part: Part) -> bool:
            looked.append(part.id)
            return part.id in opening

        with chain.db.reading() as session:
            found = review.next_to_review(session, LEE, chain.clock.now(), opens=opens)
            return found.id if found else None, len(looked)

    first = min(kept)  # by one scan at one moment: their ids say which comes first
    assert following(*kept, *young) == (first, 5), "two that are gone, both of which nothing is told, one that is kept"
    assert following(*untold, *kept)[0] == min(untold)
    assert following(*young) == (young[0], 6)
    assert following() == (None, 6)
    hold(chain, first, SAM)
    assert following(*kept)[0] == sorted(kept)[1]


def test_a_form_has_its_place_among_all_that_wait(chain: Paperchain) -> None:
    later, same = read_by(chain, "kept", 5), read_by(chain, "kept", 0, 3)
    (aside,) = arrived(chain)
    put_aside(chain, aside)
    with chain.db.reading() as session:
        places = [review.place_of(session, review.get(session, each)) for each in [*sorted(same), *later, aside]]
        assert places == [1, 2, 3, 4, None]
        assert [part.id for part in review.queue(session)] == [*sorted(same), *later]


def test_every_form_is_called_for_by_its_day_however_many_wait(chain: Paperchain) -> None:
    parts = [arrived(chain)[0] for _ in range(3)]
    today = chain.clock.today()
    for place, part in enumerate(parts):
        put_aside(chain, part)
        with chain.db.writing() as session:
            row = review.get(session, part)
            row.ask_by = today - timedelta(days=place)
            session.add(row)
    with chain.db.reading() as session:
        assert [part.id for part in review.to_ask_by(session, today)] == parts[::-1]
        assert [part.id for part in review.to_ask_by(session, today - timedelta(days=1))] == parts[:0:-1]


def test_the_last_word_about_each_form_is_found_for_all_in_a_few_questions(chain: Paperchain) -> None:
    silent, *said = (arrived(chain)[0] for _ in range(4))
    for place, part in enumerate(said):
        remember(chain, part, "yes", 10 - place)
        remember(chain, part, "no", 20 - place)
    with chain.db.reading() as session, asked(chain.db) as questions:
        found = review.last_words(session, OPEN)
        assert [(one.part.id, one.answers["store_on_database"]["confirmed"]) for one in found] == [
            (part, "no") for part in said[::-1]
        ]
        assert len(questions) <= 5
        some = review.last_words_of(session, [review.get(session, each) for each in (silent, said[0])])
        assert [one.part.id for one in some] == [said[0]] and review.last_words_of(session, []) == []


@pytest.mark.parametrize("refused", ["settled", "held", "older version"])
def test_a_late_save_is_refused(chain: Paperchain, refused: str) -> None:
    (part,) = arrived(chain)
    now = chain.clock.now()
    with chain.db.reading() as session:
        row = review.get(session, part)
        review.check_open(row, LEE, row.version, now, OPEN)
        version = row.version - 1 if refused == "older version" else row.version
    if refused == "settled":
        row.state = PartState.CONFIRMED
    if refused == "held":
        row.held_by, row.held_until = SAM, now + timedelta(minutes=1)

    with pytest.raises(ChangedMeanwhile):
        review.check_open(row, LEE, version, now, OPEN)


def test_a_hold_that_ran_out_stands_in_nobodys_way(chain: Paperchain) -> None:
    (part,) = arrived(chain)
    hold(chain, part, SAM)

    with chain.db.reading() as session:
        row = review.get(session, part)
        review.check_open(row, LEE, row.version, chain.clock.now() + timedelta(minutes=20), OPEN)
        assert review.holder(row, chain.clock.now() + timedelta(minutes=20)) is None


def test_decisions_are_appended_and_the_newest_is_shown(chain: Paperchain) -> None:
    (part,) = arrived(chain)
    with chain.db.reading() as session:
        assert review.last_confirmation(session, review.get(session, part)) is None
    remember(chain, part, "blank")
    remember(chain, part, "yes", minutes=1)

    assert len(rows(chain, Confirmation)) == 2
    with chain.db.reading() as session:
        kept = review.last_confirmation(session, review.get(session, part))
    assert kept == {"store_on_database": {"confirmed": "yes"}}
    assert all(b"store_on_database" not in bytes(row.sealed_answers) for row in rows(chain, Confirmation))


def test_a_reading_is_opened_with_the_key_of_its_evidence(chain: Paperchain) -> None:
    (part,) = arrived(chain)

    with chain.db.reading() as session:
        row = review.get(session, part)
        assert review.reading_json(session, row)["form"] == TEMPLATE.id
        assert TEMPLATE.id.encode() not in bytes(row.sealed_reading or b"")


def test_a_part_that_was_read_as_no_form_has_no_reading(chain: Paperchain) -> None:
    (part,) = arrived(chain)
    with chain.db.writing() as session:
        review.get(session, part).sealed_reading = None

    with chain.db.reading() as session, pytest.raises(NotFound):
        review.reading_json(session, review.get(session, part))


def test_putting_aside_lets_go_of_the_form_and_the_item_still_waits(chain: Paperchain) -> None:
    (part,) = arrived(chain)
    hold(chain, part, LEE)
    put_aside(chain, part)

    (row,) = rows(chain, Part)
    assert (row.state, row.quarantine, row.ask_by) == ("quarantined", "not_signed", chain.clock.today())
    assert (row.held_by, row.held_until, row.decided_by) == (None, None, LEE)
    assert rows(chain, Item)[0].state == ItemState.TO_REVIEW


def test_settling_the_last_part_files_the_item(chain: Paperchain) -> None:
    first, second = arrived(chain, forms=2)
    put_aside(chain, second)
    file_id = uuid4()
    for part, state in ((first, ItemState.TO_REVIEW), (second, ItemState.FILED)):
        with chain.db.writing() as session:
            review.settle(
                session, review.get(session, part), PartState.CONFIRMED, file_id=file_id, actor=LEE,
                at=chain.clock.now(),
            )  # fmt: skip
        assert rows(chain, Item)[0].state == state
    assert {(row.state, row.file_id, row.quarantine, row.ask_by) for row in rows(chain, Part)} == {
        ("confirmed", file_id, None, None)
    }


def test_forgetting_the_only_form_takes_the_item_and_its_key(chain: Paperchain) -> None:
    (part,) = arrived(chain)
    remember(chain, part, "no")
    named = {document.blob for document in rows(chain, Document)}

    assert set(forget(chain, part)) == named
    assert [rows(chain, table) for table in (Item, Page, Part, Document, Confirmation, WrappedKey)] == [[]] * 6
    (line,) = rows(chain, StorageRefusal)
    assert (line.pages, line.paper, line.confirmed_by, line.refused_on) == (1, "returned", LEE, chain.clock.today())


def test_forgetting_one_form_of_two_leaves_the_other_whole(chain: Paperchain) -> None:
    first, second = arrived(chain, forms=2)
    remember(chain, first, "no")
    remember(chain, second, "yes")
    theirs = {document.blob for document in rows(chain, Document) if document.part_id == first}

    assert set(forget(chain, first)) == theirs
    assert [row.id for row in rows(chain, Part)] == [second]
    assert [row.part_id for row in rows(chain, Page)] == [second]
    assert [row.part_id for row in rows(chain, Confirmation)] == [second]
    assert state_of(chain, second) is PartState.TO_REVIEW
    with chain.db.reading() as session:
        assert review.reading_json(session, review.get(session, second))["form"] == TEMPLATE.id
        assert inbox.pages_of(session, session.exec(select(Item)).one())
    assert len(rows(chain, WrappedKey)) == 1


def test_what_goes_along_is_counted_and_forgotten(chain: Paperchain) -> None:
    first, second = arrived(chain, forms=2)
    forget(chain, first, second)

    assert [line.pages for line in rows(chain, StorageRefusal)] == [2]
    assert rows(chain, Item) == []


def test_the_audit_chain_is_whole_after_a_refusal(chain: Paperchain) -> None:
    (part,) = arrived(chain)
    forget(chain, part)

    with chain.db.reading() as session:
        assert isinstance(trail.check(session), Whole)


def test_a_form_that_is_not_there_is_not_found(chain: Paperchain) -> None:
    with chain.db.reading() as session, pytest.raises(NotFound):
        review.get(session, uuid4())


def test_a_failed_erasure_changes_nothing(chain: Paperchain) -> None:
    """Whatever stops the transaction: the form is there as before, and no line says that it was erased."""
    (part,) = arrived(chain)
    with pytest.raises(RuntimeError), chain.db.writing() as session:
        review.forget(
            session, review.get(session, part), [], paper=PaperOutcome.RETURNED, actor=LEE, on=chain.clock.today(),
            at=chain.clock.now(),
        )  # fmt: skip
        raise RuntimeError

    assert state_of(chain, part) is PartState.TO_REVIEW
    assert rows(chain, StorageRefusal) == []
