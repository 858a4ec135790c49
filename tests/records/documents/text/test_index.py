"""Text is kept sealed and found by whole words; it moves, and goes, with its page."""

from datetime import date, datetime
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from records.clock import Clock
from records.db import Database
from records.documents import keyring
from records.documents.tables import Document
from records.documents.text import index
from records.documents.text.index import Outcome, TextState, Word, in_lines, words_of
from records.documents.text.spotting import RequestKind
from records.documents.text.tables import PageText, PossibleRequest, TextWord
from records.errors import ChangedMeanwhile
from records.vocabulary import DocumentKind

TODAY = date(2026, 11, 20)
LETTER = "Dear Ms Quill\nRowan’s café visit on 3 May went well"


def words(text: str) -> list[Word]:
    return [
        Word(word, 10 * at, 20 * line, 9, 18, line)
        for line, said in enumerate(text.split("\n"))
        for at, word in enumerate(said.split())
    ]


def page(session: Session, at: datetime, key_id: UUID) -> Document:
    made = Document(
        kind=DocumentKind.PAGE, key_id=key_id, blob=uuid4().hex, media_type="image/png", size=1, sha256=b"0" * 32,
        stored_at=at,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def kept(session: Session, at: datetime, text: str = LETTER, item: UUID | None = None) -> tuple[Document, bytes]:
    key_id, key = keyring.make(session, at)
    document = page(session, at, key_id)
    assert index.begin(session, document.id)
    index.keep(session, document, key, words(text), item_id=item or uuid4(), today=TODAY, at=at)
    return document, key


def test_words_are_compared_without_case_accents_and_apostrophes() -> None:
    assert words_of("Rowan’s CAFÉ, 3rd\tMay — x") == {"rowans", "cafe", "3rd", "may"}
    assert words_of(" . ") == frozenset()


def test_lines_come_back_as_lines() -> None:
    assert in_lines(words(LETTER)) == LETTER


@pytest.mark.parametrize("typed", ["quill", "CAFE rowans", "café May", "Dear, Ms. QUILL!"])
def test_a_page_is_found_by_all_words_typed(database: Database, clock: Clock, typed: str) -> None:
    with database.writing() as session:
        document, key = kept(session, clock.now())
        kept(session, clock.now(), "Something else about May")
        assert [one.id for one in index.find(session, typed)] == [document.id]
        assert index.words(session, document, key) == words(LETTER)


@pytest.mark.parametrize("typed", ["", "quil", "quill elsewhere", ". ,"])
def test_nothing_else_is_found(database: Database, clock: Clock, typed: str) -> None:
    with database.writing() as session:
        kept(session, clock.now())
        assert index.find(session, typed) == []


def test_no_row_holds_the_text_in_the_clear(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        document, _ = kept(session, clock.now())
        row = session.get_one(PageText, document.id)
        assert row.sealed is not None
        tokens = [word.token for word in session.exec(select(TextWord))]
        assert len(tokens) == len(words_of(LETTER))
        for stored in (row.sealed, *tokens):
            assert b"Quill" not in stored and b"quill" not in stored


def test_text_moves_under_another_key(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        document, key = kept(session, clock.now())
        _, new = keyring.make(session, clock.now())
        index.reseal(session, document.id, key, new)
        assert index.words(session, document, new) == words(LETTER)
        with pytest.raises(Exception, match="seal does not fit"):
            index.words(session, document, key)


def test_erasing_the_page_erases_everything_about_its_text(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        document, _ = kept(session, clock.now(), "I want to complain")
        other, _ = kept(session, clock.now(), "I want to withdraw")
        session.delete(document)
    with database.reading() as session:
        for table in (PageText, TextWord, PossibleRequest):
            assert {row.document_id for row in session.exec(select(table))} == {other.id}


def test_a_page_is_tried_three_times_and_read_once(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        key_id, _ = keyring.make(session, clock.now())
        document = page(session, clock.now(), key_id)
        tries = [index.begin(session, document.id) for _ in range(5)]
        assert tries == [True, True, True, False, False]
        assert session.get_one(PageText, document.id).state == TextState.FAILED
        read, _ = kept(session, clock.now())
        assert not index.begin(session, read.id)


def test_a_possible_request_stays_until_one_person_closes_it(database: Database, clock: Clock) -> None:
    item = uuid4()
    with database.writing() as session:
        kept(session, clock.now(), "I complain and withdraw", item)
        kept(session, clock.now(), "I complain again", item)
    with database.writing() as session:
        assert [one.kind for one in index.open_requests(session, [item])[item]] == ["complain", "complain", "withdraw"]
        index.close_requests(session, item, RequestKind.COMPLAIN, Outcome.NO_REQUEST, actor="somebody", at=clock.now())
    with database.writing() as session:
        assert [one.kind for one in index.open_requests(session, [item])[item]] == ["withdraw"]
        with pytest.raises(ChangedMeanwhile):
            index.close_requests(
                session, item, RequestKind.COMPLAIN, Outcome.PASSED_ON, actor="another", at=clock.now()
            )
