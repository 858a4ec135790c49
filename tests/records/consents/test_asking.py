"""What the gate is told of a file as it is kept: also what the young person gave and does not let go (W29, W16)."""

from datetime import datetime, timedelta
from uuid import uuid4

import sqlalchemy as sa

from records.clock import Clock
from records.consents import asking, bodies, ledger
from records.consents.gate import Body, Outcome, Purpose
from records.consents.items import Category
from records.consents.standing import ConsentState
from records.consents.tables import NamedBody
from records.db import Database
from records.documents import keyring
from records.documents.envelope import seal_json
from records.documents.tables import Document
from records.guard import marks
from records.people import merging
from records.people.entitlement import GivenByChild
from records.people.tables import ChildFile
from records.vocabulary import DocumentKind
from tests.records.consents.homes import OFFICER, WESTMINSTER, open_file


def test_a_document_the_young_person_keeps_back_goes_to_nobody_and_their_last_word_counts(
    database: Database, clock: Clock
) -> None:
    part, other = uuid4(), uuid4()
    now = clock.now()
    with database.writing() as session:
        home = open_file(session, now - timedelta(days=2), {"contact:health": ConsentState.GIVEN})
        surgery = NamedBody(
            file_id=home.file.id, category=Category.HEALTH, sealed=b"", since=now.date(), recorded_by="x",
            recorded_at=now - timedelta(days=1),
        )  # fmt: skip
        surgery.sealed = seal_json(
            keyring.open_key(session, home.file.key_id), {"name": "Invented Surgery"}, surgery.id.bytes
        )
        page = Document(
            kind=DocumentKind.PAGE, key_id=home.file.key_id, part_id=part, file_id=home.file.id, page=1, blob=uuid4().hex,
            media_type="image/png", size=1, sha256=bytes(32), stored_at=now,
        )  # fmt: skip
        session.add_all([surgery, page])
        marks.mark(session, home.file, part, GivenByChild.REFUSES, by=str(OFFICER.id), at=now)

    def allowed(*things: object, when: datetime = now) -> bool:
        with database.reading() as session:
            to = Body(Category.HEALTH, str(surgery.id))
            return asking.ask(
                session, OFFICER, home.file.id, to, list(map(str, things)), Purpose.SHARE, when, policy=WESTMINSTER
            ).allowed

    later = now + timedelta(minutes=1)
    assert allowed(other)
    assert not allowed(part)
    assert not allowed(other, page.id)
    with database.writing() as session:
        marks.mark(session, home.file, part, GivenByChild.AGREES, by=str(OFFICER.id), at=later)
    assert allowed(part, page.id, when=later)
    assert not allowed(part)  # what they say later makes no earlier share right (N14)
    with database.writing() as session:
        marks.mark(
            session, home.file, part, GivenByChild.NOT_ASKED, by=str(OFFICER.id), at=later + timedelta(minutes=1)
        )
    assert not allowed(page.id, when=later + timedelta(minutes=1))


def test_a_body_under_other_must_bear_the_name_that_the_family_wrote(database: Database, clock: Clock) -> None:
    """F20, R25: more words may stand beside it, such as whom to ask for."""
    now = clock.now()
    with database.writing() as session:
        home = open_file(
            session, now - timedelta(days=2), {"contact:other_1": ConsentState.GIVEN}, named="Autism Group"
        )
        for name, expected in (
            ("Smith Solicitors", Outcome.NEEDS_DECISION),
            ("Group", Outcome.NEEDS_DECISION),
            ("autism group", Outcome.ALLOW),
            ("The Autism Group, Ms Park", Outcome.ALLOW),
        ):
            body = bodies.add(session, home.file, Category.OTHER_1, name, since=now.date(), actor="x", at=now)
            asked = asking.ask(
                session,
                OFFICER,
                home.file.id,
                Body(Category.OTHER_1, str(body)),
                (),
                Purpose.CONTACT,
                now,
                policy=WESTMINSTER,
            )
            assert asked.outcome is expected, name


def test_what_held_and_what_may_go_out_cost_few_questions(database: Database, clock: Clock) -> None:
    """On a server each question is a round trip. A file that is joined to another still gives the answers of both."""
    now = clock.now()
    with database.writing() as session:
        home = open_file(session, now - timedelta(days=2), {"contact:health": ConsentState.GIVEN})
        other = open_file(session, now - timedelta(days=1), {"contact:education": ConsentState.GIVEN})
    asked: list[str] = []

    def listen(_: object, __: object, statement: str, *more: object) -> None:
        asked.append(statement)

    sa.event.listen(database.engine, "before_cursor_execute", listen)
    with database.reading() as session:
        assert set(ledger.what_holds(session, home.file.id, now.date())) == {"contact:health"}
    held = [statement for statement in asked if statement.startswith("SELECT")]
    asked.clear()
    with database.reading() as session:
        asking.ask(session, OFFICER, home.file.id, Body(Category.HEALTH), ["x"], Purpose.SHARE, now, policy=WESTMINSTER)
    gate = [statement for statement in asked if statement.startswith("SELECT")]
    sa.event.remove(database.engine, "before_cursor_execute", listen)
    assert len(held) <= 3 and len(gate) <= 8, (len(held), len(gate))
    with database.writing() as session:
        files = [session.get_one(ChildFile, each.file.id) for each in (home, other)]
        merging.merge(session, files[0], files[1], why="The same child", by="x", at=now)
    for file in files:
        with database.reading() as session:
            assert set(ledger.what_holds(session, file.id, now.date())) == {"contact:health", "contact:education"}
