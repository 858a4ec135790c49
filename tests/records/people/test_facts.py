"""What is known about a person: appended, both times kept, and a rule for what stands (R17, R18)."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from records.audit.tables import AuditEntry
from records.clock import Clock
from records.db import Database
from records.errors import NotFound, RefusedByRule
from records.people import known, preferences, register
from records.people.facts import (
    Answer,
    Capacity,
    Channel,
    Details,
    Ended,
    Evidence,
    Fact,
    FactKind,
    LanguageAndFormat,
    Responsibility,
    SafeContact,
    Value,
    Wishes,
    newest,
    wrong_with,
)
from records.people.tables import PersonFact
from records.vocabulary import Format

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
START = datetime(2026, 1, 1, tzinfo=UTC)


def able(
    *tests: str, outcome: str = YES, decision: str = "To see their own records", why: str = "We talked."
) -> Capacity:
    return Capacity(decision, outcome, *tests, why)


@pytest.mark.parametrize(
    ("value", "fields"),
    [
        (Responsibility(), set()),
        (Responsibility(UNKNOWN, Evidence.THEIR_WORD), set()),
        (Responsibility(YES, Evidence.THEIR_WORD), {"evidence"}),
        (Responsibility(YES, Evidence.NONE), {"evidence"}),
        (Responsibility(NO, Evidence.NONE), {"evidence"}),
        (Responsibility(YES, Evidence.BIRTH_CERTIFICATE), set()),
        (Responsibility(NO, Evidence.COURT_ORDER), set()),
        (able(YES, YES, YES, YES), set()),
        (able(YES, YES, YES, NO), {"outcome"}),
        (able(YES, YES, YES, UNKNOWN), {"outcome"}),
        (able(YES, YES, YES, NO, outcome=NO), set()),
        (able(YES, YES, YES, YES, outcome=NO), {"outcome"}),
        (able(YES, YES, UNKNOWN, YES, outcome=UNKNOWN), set()),
        (able(YES, YES, YES, YES, decision=" ", why=""), {"decision", "why"}),
        (Wishes(" "), {"words"}),
        (Ended(""), {"why"}),
        (LanguageAndFormat("en", Format.OTHER), {"other"}),
        (LanguageAndFormat("pl", Format.EASY_READ), set()),
    ],
)  # fmt: skip
def test_a_fact_that_cannot_stand_says_at_which_field(value: Value, fields: set[str]) -> None:
    """R17: somebody who can decide can do all four; R18: their word is no evidence."""
    assert set(wrong_with(value)) == fields


@pytest.mark.parametrize(
    "value",
    [
        Details("Zoë \N{RIGHT-TO-LEFT OVERRIDE}O’Invented", "mother"), Responsibility(YES, Evidence.AGREEMENT, "Not alone"),
        SafeContact(True, ("a", "b"), (Channel.POST,), "after 5pm", "1 Example Road", "Ask for Alex"),
        LanguageAndFormat("cy", Format.OTHER, "Braille"), Wishes("Ask me first"), able(YES, NO, YES, YES, outcome=NO), Ended("Moved"),
    ],
)  # fmt: skip
def test_a_fact_comes_back_from_its_sealed_form_as_it_was(value: Value) -> None:
    assert type(value).from_json(value.as_json() | {"added_later": 1}) == value


FACTS = st.lists(
    st.builds(
        Fact,
        st.just(FactKind.RESPONSIBILITY),
        st.builds(Responsibility, st.sampled_from(list(Answer)), st.just(Evidence.COURT_ORDER)),
        st.dates(date(2026, 1, 1), date(2026, 1, 5)),
        st.integers(0, 3).map(lambda hours: START + timedelta(hours=hours)),
        st.just("lee"),
    ),
    max_size=4,
)


@given(FACTS, st.dates(date(2026, 1, 1), date(2026, 1, 5)), st.integers(0, 3))
def test_the_order_of_arrival_never_changes_what_stands(facts: list[Fact], on: date, hours: int) -> None:
    known_at = START + timedelta(hours=hours)
    found = {newest(order, FactKind.RESPONSIBILITY, on=on, known_at=known_at) for order in permutations(facts)}
    assert len(found) == 1
    one = found.pop()
    if one is not None:
        assert one.true_on <= on
        assert one.recorded_at <= known_at
        assert all(one.true_on >= fact.true_on for fact in facts if fact.true_on <= on and fact.recorded_at <= known_at)


def a_family(database: Database, clock: Clock) -> tuple[UUID, UUID, UUID]:
    with database.writing() as session:
        file = register.open_file(
            session, officer_id=uuid4(), child_name="Rowan Testwood", actor="lee", at=clock.now(), number=1
        )
        carer = register.add_person(
            session, file, kind=register.CARER, name="Morgan Testwood", actor="lee", at=clock.now()
        )
        session.flush()
        return file.id, register.people(session, file)[0].id, carer.id


def say(database: Database, clock: Clock, file_id: UUID, person: UUID, value: Value, days_ago: int = 0) -> None:
    with database.writing() as session:
        true_on = clock.today() - timedelta(days=days_ago)
        known.record(session, file_id, person, value, true_on=true_on, actor="lee", at=clock.now())


def test_a_change_is_seen_and_what_was_before_is_kept(database: Database, clock: Clock) -> None:
    file_id, _, carer = a_family(database, clock)
    say(database, clock, file_id, carer, Details("Morgan Sample", "mother"))
    say(database, clock, file_id, carer, Responsibility(YES, Evidence.BIRTH_CERTIFICATE))
    with database.reading() as session:
        shown = register.people(session, register.get(session, file_id))[1]
        assert (shown.name, shown.relationship, shown.kind) == ("Morgan Sample", "mother", "carer")
        assert shown.parental_responsibility == YES
        rows = session.exec(select(PersonFact)).all()
        assert len(rows) == 2
        assert all(b"Sample" not in row.sealed and b"mother" not in row.sealed for row in rows)
        entries = session.exec(select(AuditEntry).where(AuditEntry.act == "person_fact_recorded")).all()
        assert [entry.subject_id for entry in entries] == [str(carer)] * 2
        assert all("Sample" not in entry.detail for entry in entries)


def test_somebody_who_left_is_shown_only_when_asked_for(database: Database, clock: Clock) -> None:
    file_id, _, carer = a_family(database, clock)
    say(database, clock, file_id, carer, Ended("Was put on the wrong file"))
    with database.reading() as session:
        file = register.get(session, file_id)
        assert [person.kind for person in register.people(session, file)] == ["child"]
        assert [person.ended for person in register.people(session, file, ended=True)] == [False, True]


def test_capacity_is_kept_for_each_decision_by_itself(database: Database, clock: Clock) -> None:
    """R17."""
    file_id, child, _ = a_family(database, clock)
    say(database, clock, file_id, child, able(YES, YES, YES, YES))
    say(database, clock, file_id, child, able(YES, NO, YES, YES, outcome=NO, decision="To move school"), days_ago=3)
    say(database, clock, file_id, child, able(NO, NO, YES, YES, outcome=NO), days_ago=9)
    with database.reading() as session:
        found = [fact.value for fact in known.capacity(session, file_id, child)]
    assert [(value.as_json()["decision"], value.as_json()["outcome"]) for value in found] == [
        ("To see their own records", YES), ("To move school", NO),
    ]  # fmt: skip


def test_another_files_person_is_not_there(database: Database, clock: Clock) -> None:
    file_id, _, _ = a_family(database, clock)
    with pytest.raises(NotFound):
        say(database, clock, file_id, uuid4(), Wishes("x"))
    with database.writing() as session:
        other = register.open_file(
            session, officer_id=uuid4(), child_name="Alex Sample", actor="lee", at=clock.now(), number=2
        )
        stranger = register.people(session, other)[0].id
    with pytest.raises(NotFound):
        say(database, clock, file_id, stranger, Wishes("x"))
    with database.reading() as session, pytest.raises(NotFound):
        preferences.preferences_of(session, file_id, stranger)


def test_nothing_becomes_true_in_the_future(database: Database, clock: Clock) -> None:
    file_id, child, _ = a_family(database, clock)
    with pytest.raises(RefusedByRule):
        say(database, clock, file_id, child, Wishes("x"), days_ago=-1)


def test_preferences_are_plain_until_somebody_says_otherwise(database: Database, clock: Clock) -> None:
    file_id, child, carer = a_family(database, clock)
    with database.reading() as session:
        assert preferences.preferences_of(session, file_id, child) == preferences.Preferences(
            "en", Format.STANDARD, None
        )
    say(database, clock, file_id, carer, LanguageAndFormat("pl", Format.LARGE_PRINT), days_ago=1)
    say(database, clock, file_id, carer, SafeContact(times="after 5pm"), days_ago=1)
    with database.reading() as session:
        found = preferences.preferences_of(session, file_id, carer)
    assert (found.language, found.format) == ("pl", Format.LARGE_PRINT)
    assert found.safe_contact == SafeContact(times="after 5pm")
    say(database, clock, file_id, carer, SafeContact())
    with database.reading() as session:
        assert preferences.preferences_of(session, file_id, carer).safe_contact is None


ONE, TWO = uuid4(), uuid4()
HOME = SafeContact(address="1 Example Road, Testtown TE1 1ST")


@pytest.mark.parametrize(
    ("everybody", "channel", "address", "about", "refused"),
    [
        ({}, Channel.POST, None, None, 0),
        ({ONE: None, TWO: None}, Channel.POST, "x", None, 0),
        ({ONE: SafeContact(do_not_contact=True)}, Channel.TELEPHONE, None, None, 1),
        ({TWO: SafeContact(do_not_contact=True)}, Channel.TELEPHONE, None, None, 0),
        ({ONE: SafeContact(not_by=(Channel.POST,))}, Channel.POST, None, None, 1),
        ({ONE: SafeContact(not_by=(Channel.POST,))}, Channel.EMAIL, None, None, 0),
        ({ONE: HOME}, Channel.POST, "1 example road\nTesttown, te11st", None, 0),
        ({ONE: HOME}, Channel.POST, "2 Example Road, Testtown TE1 1ST", None, 1),
        ({ONE: HOME}, Channel.POST, None, None, 1),
        ({ONE: HOME}, Channel.EMAIL, None, None, 0),
        ({TWO: SafeContact(do_not_tell=(str(ONE),))}, Channel.EMAIL, None, None, 1),
        ({TWO: SafeContact(do_not_tell=(str(ONE),))}, Channel.EMAIL, None, TWO, 1),
        ({TWO: SafeContact(do_not_tell=(str(ONE),))}, Channel.EMAIL, None, ONE, 0),
        ({ONE: SafeContact(do_not_tell=(str(TWO),))}, Channel.EMAIL, None, None, 0),
        ({ONE: SafeContact(times="after 5pm", words="Ask for Alex")}, Channel.TELEPHONE, None, None, 0),
        ({ONE: SafeContact(True, (), (Channel.POST,), address="x")}, Channel.POST, "y", None, 3),
    ],
)  # fmt: skip
def test_a_safe_contact_instruction_blocks_a_send(
    everybody: dict[UUID, SafeContact | None], channel: Channel, address: str | None, about: UUID | None, refused: int
) -> None:
    found = preferences.refusals(everybody, ONE, channel=channel, address=address, about=about)
    assert len(found) == refused
    assert all(sentence.endswith(".") for sentence in found)


def test_the_block_is_asked_of_the_file_at_the_moment_of_sending(database: Database, clock: Clock) -> None:
    file_id, child, carer = a_family(database, clock)
    with database.reading() as session:
        assert preferences.send_refused(session, file_id, carer, channel=Channel.POST) == ()
    say(database, clock, file_id, child, SafeContact(do_not_tell=(str(carer),)))
    with database.reading() as session:
        assert len(preferences.send_refused(session, file_id, carer, channel=Channel.POST)) == 1
        assert preferences.send_refused(session, file_id, child, channel=Channel.POST) == ()
