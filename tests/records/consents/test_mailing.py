"""F8–F12, R32: who gets news today, by one channel; worked out by the gate, and never a way into the case."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from records.clock import Clock
from records.consents import changes, ledger, mailing
from records.consents.changes import Told
from records.consents.givers import Giver
from records.consents.items import STORE, Channel
from records.consents.ledger import FromForm, Given
from records.consents.mailing import LeftOut, Mailing
from records.consents.outward import Leave, NoLeave, went_out
from records.consents.standing import ConsentState, Route
from records.consents.tables import Disclosure
from records.db import Database
from records.people import known, merging, register
from records.people.facts import Channel as Way
from records.people.facts import ContactDetails, SafeContact
from records.people.tables import ChildFile
from records.policies.settings import Policy, load
from records.staff.access import Actor
from records.tasks.tables import TaskRow
from records.vocabulary import Role
from tests.questions import asked
from tests.records.consents.homes import CARER, CHILD, OFFICER, WESTMINSTER, Home, open_file

S, TODAY = ConsentState, date(2026, 11, 20)
MANAGER = Actor(uuid4(), Role.MANAGER)
ALL = {STORE: S.GIVEN, **{f"news:{channel}": S.GIVEN for channel in Channel}}
REACHED = ContactDetails("07700 900123", "morgan@example.org", "1 Elm Road\nLondon")


def family(
    database: Database, clock: Clock, answers: dict[str, S], details: ContactDetails | SafeContact | None = REACHED
) -> Home:
    with database.writing() as session:
        home = open_file(session, clock.now(), answers)
        if details is not None:
            known.record(session, home.file.id, home.carer, details, true_on=TODAY, actor="lee", at=clock.now())
        return home


def made(database: Database, clock: Clock, channel: Channel, at_once: int = mailing.AT_ONCE) -> mailing.Mailing:
    return mailing.make(database, clock, MANAGER, channel, WESTMINSTER, checked="done", at_once=at_once)


@pytest.mark.parametrize(("channel", "where"), [
    (Channel.EMAIL, "morgan@example.org"), (Channel.TELEPHONE, "07700900123"), (Channel.TEXT, "07700900123"), (Channel.POST, "1 Elm Road London"),
])  # fmt: skip
def test_each_channel_has_its_own_list_and_goes_through_the_gate(
    database: Database, clock: Clock, channel: Channel, where: str
) -> None:
    yes = family(database, clock, {STORE: S.GIVEN, f"news:{channel}": S.GIVEN})
    others = {f"news:{each}": S.GIVEN for each in Channel if each is not channel}
    family(database, clock, {STORE: S.GIVEN, **others})
    for state in (S.REFUSED, S.NOT_ANSWERED, S.UNCLEAR, S.WITHDRAWN):
        family(database, clock, ALL | {f"news:{channel}": state})
    assert made(database, clock, channel).lines == [(CARER, where, "en", "standard")]
    with database.reading() as session:
        (row,) = went_out(session, yes.file.id)
        assert (row.purpose, row.how, row.things, row.person_id) == ("news", "export", "news", yes.carer)
        assert len(session.exec(select(Disclosure)).all()) == 1


@pytest.mark.parametrize(
    ("storing", "left_out"),
    [(S.GIVEN, LeftOut.NOT_NOTED), (S.REFUSED, LeftOut.NOT_KEPT)],
    ids=["kept", "not to be kept"],
)
def test_a_yes_of_whom_nobody_noted_is_on_no_list_and_leaves_a_task(
    database: Database, clock: Clock, storing: S, left_out: LeftOut
) -> None:
    """F9, F24: a form without the parent's name is a yes all the same; without a word the family would never get what it asked for."""
    with database.writing() as session:
        file = register.open_file(
            session, officer_id=OFFICER.id, child_name=CHILD, actor="lee", at=clock.now(), number=9
        )
        source = FromForm(
            form="westminster-consent", edition="2023", part_id=uuid4(), evidence_id=uuid4(), giver="parent_or_carer",
            effective_on=TODAY, effective_assumed=False, received_on=TODAY, confirmed_by="lee", policy_version="1",
        )  # fmt: skip
        given = [Given(item, item, state, "", 1) for item, state in ((STORE, storing), ("news:email", S.GIVEN))]
        ledger.record_form(session, file, source, given, clock.now())
    for _ in range(2):
        assert made(database, clock, Channel.EMAIL).left_out == {left_out: 1}
    with database.reading() as session:
        asked_for = [row.words for row in session.exec(select(TaskRow)).all()]
    noted = "Somebody wants news by email, and it is not noted who."
    assert [words.startswith(noted) for words in asked_for] == ([True] if left_out is LeftOut.NOT_NOTED else [])
    with database.writing() as session:
        file = register.by_number(session, 9)
        carer = register.add_person(session, file, kind=register.CARER, name=CARER, actor="lee", at=clock.now())
        session.flush()
        if left_out is LeftOut.NOT_NOTED:
            known.record(session, file.id, carer.id, REACHED, true_on=TODAY, actor="lee", at=clock.now())
    assert len(made(database, clock, Channel.EMAIL).lines) == len(asked_for), (
        "once they are on the file, they are reached"
    )


def test_whoever_else_writes_need_not_wait_for_a_long_list(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each few files are a transaction of their own, and what was withdrawn while the list is made counts in it."""
    first, second = family(database, clock, ALL), family(database, clock, ALL)
    real = mailing._add

    def added(session: Session, made: Mailing, actor: Actor, file: ChildFile, *rest: Any) -> None:
        real(session, made, actor, file, *rest)
        if file.id == first.file.id:
            session.commit()
            no = Told({"news:email": False}, Giver.PARENT_OR_CARER, second.carer, Route.TELEPHONE, TODAY, uuid4())
            with database.writing() as other:
                changes.record(other, second.file, no, actor=str(OFFICER.id), at=clock.now(), policy=WESTMINSTER)

    monkeypatch.setattr(mailing, "_add", added)  # somebody writes between two files
    assert len(made(database, clock, Channel.EMAIL, at_once=1).lines) == 1


def test_nobody_sees_an_address_of_a_file_that_they_may_not_open_and_every_family_is_on_one_list(
    database: Database, clock: Clock
) -> None:
    """S1, G10: where each officer alone opens their own files, the manager's list holds none of them, and each officer is set to make theirs."""
    north = load("northamptonshire", TODAY)
    officers = [Actor(uuid4(), Role.OFFICER) for _ in range(2)]
    for officer in (officers[0], *officers):
        with database.writing() as session:
            home = open_file(session, clock.now(), ALL, officer=officer.id)
            known.record(session, home.file.id, home.carer, REACHED, true_on=TODAY, actor="lee", at=clock.now())

    def of(actor: Actor, policy: Policy = north) -> Mailing:
        return mailing.make(database, clock, actor, Channel.EMAIL, policy, checked="")

    def open_tasks() -> list[tuple[str, object]]:
        with database.reading() as session:
            rows = session.exec(select(TaskRow).where(TaskRow.kind == mailing.OWN_LIST)).all()
            return [(row.kind, row.for_officer) for row in rows if row.closed_at is None]

    with database.reading() as session:
        assert mailing.ever_agreed(session, MANAGER, Channel.EMAIL, north) == (0, 3)
        assert mailing.ever_agreed(session, officers[0], Channel.EMAIL, north) == (2, 1)
        assert mailing.ever_agreed(session, MANAGER, Channel.EMAIL, WESTMINSTER) == (3, 0)
        with_a_reason = replace(MANAGER, glass=frozenset({home.file.id}))
        assert mailing.ever_agreed(session, with_a_reason, Channel.EMAIL, north) == (1, 2)

    for _ in range(2):
        theirs = of(MANAGER)
        assert (theirs.lines, theirs.of_others) == ([], {officers[0].id: 2, officers[1].id: 1})
        assert sorted(open_tasks(), key=str) == sorted([(mailing.OWN_LIST, each.id) for each in officers], key=str)
    assert [len(of(officer).lines) for officer in officers] == [2, 1]
    assert open_tasks() == [], "whoever made their list has done it"
    with database.reading() as session:
        assert len(session.exec(select(Disclosure)).all()) == 3, "each family once"
    of(MANAGER)
    assert len(open_tasks()) == 2, "the next mailing asks anew"
    assert len(of(MANAGER, WESTMINSTER).lines) == 3


def test_a_yes_of_somebody_else_on_the_file_sends_nothing_to_who_took_theirs_back(
    database: Database, clock: Clock
) -> None:
    """F8, R32: asked about the two, the other parent settled it for themselves; the first one's own word is still no."""
    home = family(database, clock, ALL)
    with database.writing() as session:
        other = register.add_person(
            session, home.file, kind=register.CARER, name="Alex Sample", actor="lee", at=clock.now()
        ).id
        known.record(
            session,
            home.file.id,
            other,
            ContactDetails("", "alex@example.org", ""),
            true_on=TODAY,
            actor="lee",
            at=clock.now(),
        )
    before = TODAY - timedelta(days=1)
    with database.writing() as session:
        no = Told({"news:email": False}, Giver.PARENT_OR_CARER, home.carer, Route.TELEPHONE, before, uuid4())
        changes.record(session, home.file, no, actor="lee", at=clock.now(), policy=WESTMINSTER)
    with database.writing() as session:
        settled = [each.id for each in ledger.answers_of(session, home.file.id) if each.item == "news:email"]
        yes = Told(
            {"news:email": True},
            Giver.PARENT_OR_CARER,
            other,
            Route.LETTER,
            TODAY,
            uuid4(),
            settles={"news:email": settled},
        )
        changes.record(session, home.file, yes, actor="lee", at=clock.now(), policy=WESTMINSTER)
    assert [line[:2] for line in made(database, clock, Channel.EMAIL).lines] == [("Alex Sample", "alex@example.org")]


def test_how_many_ever_agreed_is_counted_by_officer_and_not_file_by_file(database: Database, clock: Clock) -> None:
    for _ in range(3):
        with database.writing() as session:
            open_file(session, clock.now(), ALL, officer=MANAGER.id)
    with asked(database) as questions, database.reading() as session:
        assert mailing.ever_agreed(session, MANAGER, Channel.EMAIL, WESTMINSTER) == (3, 0)
    assert any("GROUP BY child_file.officer_id" in each.statement for each in questions)


def test_a_withdrawal_counts_at_once_and_only_for_its_channel(database: Database, clock: Clock) -> None:
    home = family(database, clock, ALL)
    assert len(made(database, clock, Channel.EMAIL).lines) == 1
    with database.writing() as session:
        no = Told({"news:email": False}, Giver.PARENT_OR_CARER, home.carer, Route.TELEPHONE, TODAY, uuid4())
        changes.record(session, home.file, no, actor=str(OFFICER.id), at=clock.now(), policy=WESTMINSTER)
    assert made(database, clock, Channel.EMAIL).lines == []
    assert len(made(database, clock, Channel.POST).lines) == 1


@pytest.mark.parametrize(("details", "channel"), [
    (None, Channel.EMAIL), (ContactDetails("020 7946 0000", "", ""), Channel.TEXT), (ContactDetails("070 0000 0000", "", ""), Channel.TEXT),
    (ContactDetails("07700 900123", "", ""), Channel.POST),
])  # fmt: skip
def test_a_yes_that_reaches_nobody_is_a_task_and_no_line(
    database: Database, clock: Clock, details: ContactDetails | None, channel: Channel
) -> None:
    """F9, F11: once, however often the list is made."""
    home = family(database, clock, ALL, details)
    for _ in range(2):
        found = made(database, clock, channel)
        assert (found.lines, found.left_out) == ([], {LeftOut.NO_DETAILS: 1})
    with database.reading() as session:
        (task,) = session.exec(select(TaskRow)).all()
        assert (task.file_id, task.kind) == (home.file.id, mailing.NEWS_DETAILS)
        assert CARER not in task.words


@pytest.mark.parametrize(("safe", "channel", "where"), [
    (SafeContact(do_not_contact=True), Channel.EMAIL, None), (SafeContact(not_by=(Way.EMAIL,)), Channel.EMAIL, None),
    (SafeContact(not_by=(Way.EMAIL,)), Channel.POST, "1 Elm Road London"), (SafeContact(address="2 Safe Lane"), Channel.POST, "2 Safe Lane"),
])  # fmt: skip
def test_safe_contact_comes_before_a_yes(
    database: Database, clock: Clock, safe: SafeContact, channel: Channel, where: str | None
) -> None:
    home = family(database, clock, ALL)
    with database.writing() as session:
        known.record(session, home.file.id, home.carer, safe, true_on=TODAY, actor="lee", at=clock.now())
    found = made(database, clock, channel)
    assert [line[1] for line in found.lines] == ([where] if where else [])
    assert found.left_out == ({} if where else {LeftOut.UNSAFE: 1})


def test_details_are_used_only_while_they_may_be_kept_and_the_file_is_not_restricted(
    database: Database, clock: Clock
) -> None:
    family(database, clock, ALL | {STORE: S.WITHDRAWN})
    shut = family(database, clock, ALL)
    with database.writing() as session:
        file = session.merge(shut.file)
        file.restricted = "right"
    assert made(database, clock, Channel.EMAIL).left_out == {LeftOut.NOT_KEPT: 1, LeftOut.RESTRICTED: 1}


def test_a_restriction_of_a_joined_file_leaves_the_child_out(database: Database, clock: Clock) -> None:
    kept, taken = family(database, clock, ALL), family(database, clock, ALL)
    with database.writing() as session:
        merging.merge(
            session, session.merge(kept.file), session.merge(taken.file), why="One child", by="x", at=clock.now()
        )
        session.get_one(ChildFile, taken.file.id).restricted = "right"
    assert made(database, clock, Channel.EMAIL).lines == []


@pytest.mark.parametrize(("typed", "rung"), [
    ("07700 900123", "07700900123"), ("+44 7700 900123", "07700900123"), ("+44 (0)7700 900123", "07700900123"), ("+33 6 12 34 56 78", "0033612345678"),
])  # fmt: skip
def test_a_number_is_as_it_is_rung_from_england(typed: str, rung: str) -> None:
    assert mailing._number(typed) == rung


def test_a_line_needs_leave_and_holds_nothing_that_a_spreadsheet_works_out() -> None:
    with pytest.raises(NoLeave):
        mailing.line(("=1+1", "x"), leave=cast(Leave, None))
    assert [mailing._cell(text) for text in ("=1+1", "@SUM(1)", "-1", "+44", "Morgan")] == [
        "'=1+1",
        "'@SUM(1)",
        "'-1",
        "'+44",
        "Morgan",
    ]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\ufe66", "\u2212"])
@pytest.mark.parametrize("before", ["", " ", "\t", "\r", "\n", "\0", "\u200b", "\ufeff", "\u202e", "\x1b"])
def test_however_a_formula_is_hidden_a_cell_begins_as_text(sign: str, before: str) -> None:
    """P14: one hundred beginnings."""
    (cell,) = mailing.line.__wrapped__((f"{before}{sign}1+1",), leave=cast(Leave, None))
    assert cell.startswith("'") and cell.endswith(f"{sign}1+1") and "\0" not in cell


@pytest.mark.parametrize("name", ["Morgan Testwood", "نرگس\u200cسادات", "Zoë O'Test", "1 Elm Road - rear"])
def test_a_name_stays_as_it_is_written(name: str) -> None:
    assert mailing._cell(name) == name
