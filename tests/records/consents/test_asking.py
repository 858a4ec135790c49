"""What the gate is told of a file as it is kept: also what the young person gave and does not let go (W29, W16)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from records.clock import Clock
from records.consents import asking, bodies, ledger
from records.consents.gate import Body, OnFile, Outcome, Purpose
from records.consents.items import Category
from records.consents.standing import ConsentState
from records.consents.tables import NamedBody
from records.db import Database
from records.desk.entitled_view import of_the_child
from records.documents import keyring
from records.documents.envelope import seal_json
from records.documents.tables import Document
from records.guard import marks
from records.people import known, merging, register
from records.people.entitlement import GivenByChild
from records.people.facts import Channel, SafeContact, Wishes
from records.people.preferences import send_refused
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


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        pytest.param(lambda carer: Wishes("Not my mother", (str(carer),)), Outcome.NEEDS_DECISION, id="the child refuses them"),
        pytest.param(lambda _: SafeContact(do_not_contact=True), Outcome.REFUSE, id="not to be contacted"),
        pytest.param(lambda carer: SafeContact(do_not_tell=(str(carer),)), Outcome.REFUSE, id="not to be told"),
    ],
)  # fmt: skip
def test_what_keeps_a_parent_out_on_one_file_keeps_them_out_on_the_file_joined_to_it(
    database: Database, clock: Clock, said: Callable[[UUID], Wishes | SafeContact], outcome: Outcome
) -> None:
    """W15, F22: joining moves nothing, so the same mother stands there twice."""
    now, day = clock.now(), clock.today()
    with database.writing() as session:
        one, other = (open_file(session, now - timedelta(days=2), {"store": ConsentState.GIVEN}) for _ in range(2))
        what = said(one.carer)
        whose = one.carer if isinstance(what, SafeContact) and what.do_not_contact else one.child
        known.record(session, one.file.id, whose, what, true_on=day, actor="x", at=now)

    def answers() -> tuple[Outcome, bool, bool]:
        """Of the gate, of the safe-contact instructions, and whether R19 is told that the child objects."""
        to = OnFile(str(other.carer))
        with database.reading() as session:
            asked = asking.ask(session, OFFICER, other.file.id, to, (), Purpose.ADVICE, now, policy=WESTMINSTER)
            stopped = send_refused(session, other.file.id, other.carer, channel=Channel.POST)
            child = of_the_child(session, other.file, register.people(session, other.file))
            return asked.outcome, bool(stopped), other.carer in child.refuses

    assert answers() == (Outcome.ALLOW, False, False)
    with database.writing() as session:
        joining = merging.merge(session, one.file, other.file, why="The mother said so", by="x", at=now)
    assert answers() == (outcome, isinstance(what, SafeContact), isinstance(what, Wishes))
    with database.writing() as session:
        merging.unmerge(session, joining, by="x", at=now)
    assert answers() == (Outcome.ALLOW, False, False)


@pytest.mark.parametrize(
    ("name", "named_after", "outcome"),
    [
        ("Invented Surgery", -9, Outcome.REFUSE),
        ("Invented  SURGERY", -9, Outcome.REFUSE),
        ("Another Surgery", -9, Outcome.ALLOW),
        ("Invented Surgery", 1, Outcome.ALLOW),  # the family named it again since
    ],
)
def test_a_body_that_the_family_does_not_want_is_shut_on_the_joined_file_too(
    database: Database, clock: Clock, name: str, named_after: int, outcome: Outcome
) -> None:
    """F13, F22. `named_after`: days after the no on which the other file's was named."""
    now, no_on = clock.now(), clock.today() - timedelta(days=3)
    since = no_on + timedelta(days=named_after)
    with database.writing() as session:
        one, other = (
            open_file(session, now - timedelta(days=20), {"contact:health": ConsentState.GIVEN}) for _ in range(2)
        )
        shut = bodies.add(
            session, one.file, Category.HEALTH, "Invented Surgery", since=no_on - timedelta(days=9), actor="x", at=now
        )
        bodies.end(session, one.file, shut, session.get_one(NamedBody, shut).version, on=no_on, actor="x", at=now)
        body = bodies.add(session, other.file, Category.HEALTH, name, since=since, actor="x", at=now)

    def answer() -> Outcome:
        with database.reading() as session:
            to = Body(Category.HEALTH, str(body))
            return asking.ask(session, OFFICER, other.file.id, to, (), Purpose.CONTACT, now, policy=WESTMINSTER).outcome

    assert answer() is Outcome.ALLOW
    with database.writing() as session:
        merging.merge(session, one.file, other.file, why="The mother said so", by="x", at=now)
    assert answer() is outcome


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
