"""W41, R25, R29–R31: a word by any route, in force at once; who heard of it; named bodies; ways out."""

import inspect
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from records.audit.tables import AuditEntry
from records.clock import Clock
from records.consents import bodies, changes, counter, following, ledger, outward
from records.consents.asking import ask
from records.consents.changes import Told
from records.consents.gate import Body, OnFile, Outcome, Outsider, Purpose
from records.consents.givers import Giver
from records.consents.items import STORE, Category
from records.consents.outward import Leave, NoLeave, let_out
from records.consents.standing import ConsentState, Route, Standing
from records.consents.tables import ConsentChange, Disclosure
from records.db import Database
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.policies.settings import load
from records.requests import follows
from records.requests.tables import RequestRow
from records.tasks.tables import TaskRow
from tests.records.consents.homes import OFFICER, WESTMINSTER, Home, open_file

S = ConsentState
TODAY = date(2026, 11, 20)
ANSWERS = {
    STORE: S.GIVEN,
    "contact:health": S.GIVEN,
    "contact:education": S.GIVEN,
    "contact:legal": S.REFUSED,
    "news:email": S.GIVEN,
}
BY = str(OFFICER.id)


def told(
    home: Home, answers: dict[str, bool], *, route: Route = Route.TELEPHONE, on: date = TODAY, **more: object
) -> Told:
    made = Told(answers, Giver.PARENT_OR_CARER, home.carer, route, on, uuid4())
    return replace(made, **more)  # type: ignore[arg-type]


@pytest.fixture
def home(database: Database, clock: Clock) -> Home:
    with database.writing() as session:
        return open_file(session, clock.now(), ANSWERS)


def name_body(
    database: Database, clock: Clock, home: Home, category: Category = Category.HEALTH, name: str = "Elm Clinic"
) -> UUID:
    with database.writing() as session:
        return bodies.add(session, home.file, category, name, since=TODAY, actor=BY, at=clock.now())


def may(database: Database, clock: Clock, home: Home, body: UUID) -> Outcome:
    with database.reading() as session:
        to = Body(Category.HEALTH, str(body))
        return ask(session, OFFICER, home.file.id, to, (), Purpose.CONTACT, clock.now(), policy=WESTMINSTER).outcome


def test_a_no_of_the_day_of_a_yes_is_taken_and_one_of_a_day_before_it_is_not(
    database: Database, clock: Clock, home: Home
) -> None:
    """R26: on one day a withdrawal beats a yes; of an earlier day it would not be in force, and whoever takes it must not say so."""
    with database.writing() as session:
        changes.record(
            session, home.file, told(home, {"contact:legal": True}), actor=BY, at=clock.now(), policy=WESTMINSTER
        )
    with database.reading() as session:
        for day, stands in ((TODAY - timedelta(days=1), True), (TODAY, False)):
            assert counter.later_yes(session, home.file, ["contact:legal"], day, WESTMINSTER) is stands
            assert counter.later_yes(session, home.file, [counter.EVERYTHING], day, WESTMINSTER) is stands
        assert not counter.later_yes(session, home.file, ["news:text"], TODAY - timedelta(days=1), WESTMINSTER)


@pytest.mark.parametrize("route", [Route.TELEPHONE, Route.IN_PERSON, Route.EMAIL, Route.LETTER, Route.TEXT])
def test_a_withdrawal_by_any_route_shuts_the_gate_at_once(
    database: Database, clock: Clock, home: Home, route: Route
) -> None:
    """W41, R29, R30: one act, as a yes is one act."""
    body = name_body(database, clock, home)
    assert may(database, clock, home, body) is Outcome.ALLOW
    with database.writing() as session:
        recorded = changes.record(
            session,
            home.file,
            told(home, {"contact:health": False}, route=route),
            actor=BY,
            at=clock.now(),
            policy=WESTMINSTER,
        )
    assert recorded.withdrawn == ("contact:health",)
    assert may(database, clock, home, body) is Outcome.REFUSE
    with database.reading() as session:
        last = ledger.history_of(session, home.file.id)[0].event
        assert (last.state, last.route, last.wording, last.edition) == (
            S.WITHDRAWN,
            route,
            "The words asked about contact:health",
            "2023",
        )


def test_a_yes_takes_the_same_one_act(database: Database, clock: Clock, home: Home) -> None:
    with database.writing() as session:
        changes.record(
            session,
            home.file,
            told(home, {"contact:legal": True}, route=Route.LETTER),
            actor=BY,
            at=clock.now(),
            policy=WESTMINSTER,
        )
        holds = ledger.what_holds(session, home.file.id, TODAY)
    assert holds["contact:legal"].state is S.GIVEN


def test_a_no_to_what_was_never_agreed_is_a_refusal(database: Database, clock: Clock, home: Home) -> None:
    with database.writing() as session:
        answers = ledger.answers_of(session, home.file.id)
    assert changes.state_of("contact:social_care", False, answers, TODAY) is S.REFUSED
    assert changes.state_of("contact:health", False, answers, TODAY) is S.WITHDRAWN


def test_a_no_dated_before_any_yes_withdraws_nothing(database: Database, clock: Clock, home: Home) -> None:
    """R26: by that day nothing had been agreed; a form of that day tells the same."""
    with database.writing() as session:
        sent = told(home, {"contact:health": False, STORE: False}, on=date(2026, 2, 1))
        recorded = changes.record(session, home.file, sent, actor=BY, at=clock.now(), policy=WESTMINSTER)
        change = session.exec(select(ConsentChange)).one()
        states = {
            one.event.state for one in ledger.history_of(session, home.file.id) if one.event.change_id == change.id
        }
    assert (recorded.withdrawn, recorded.tell, recorded.storing_withdrawn) == ((), (), False)
    assert (change.kind, states) == (changes.CHANGE, {S.REFUSED})


def test_one_press_is_one_change_however_often_it_arrives(database: Database, clock: Clock, home: Home) -> None:
    word = told(home, {"contact:health": False})
    for _ in range(2):
        with database.writing() as session:
            recorded = changes.record(session, home.file, word, actor=BY, at=clock.now(), policy=WESTMINSTER)
            following.after_change(session, home.file, recorded, actor=BY, at=clock.now(), policy=WESTMINSTER)
    assert recorded.repeated
    with database.reading() as session:
        assert len(session.exec(select(ConsentChange)).all()) == 1
        assert len(ledger.events(session, home.file.id)) == len(ANSWERS) + 1


def test_those_who_heard_are_listed_and_a_task_stands_for_each(database: Database, clock: Clock, home: Home) -> None:
    """R30."""
    clinic, school = (
        name_body(database, clock, home),
        name_body(database, clock, home, Category.EDUCATION, "Oak School"),
    )
    for category, body in ((Category.HEALTH, clinic), (Category.HEALTH, clinic), (Category.EDUCATION, school)):
        with database.writing() as session:
            let_out(
                session,
                OFFICER,
                home.file.id,
                Body(category, str(body)),
                (),
                Purpose.CONTACT,
                clock.now(),
                policy=WESTMINSTER,
                how="telephone",
            )
    with database.writing() as session:
        recorded = changes.record(
            session, home.file, told(home, {"contact:health": False}), actor=BY, at=clock.now(), policy=WESTMINSTER
        )
        following.after_change(session, home.file, recorded, actor=BY, at=clock.now(), policy=WESTMINSTER)
    assert [(past.body_id, past.times) for past in recorded.tell] == [(clinic, 2)]
    with database.reading() as session:
        kinds = [row.kind for row in session.exec(select(TaskRow)).all()]
    assert kinds == [following.TELL_RECIPIENT]


@pytest.mark.parametrize("first", ["withdrawal", "yes"])
def test_a_withdrawal_that_a_later_yes_stands_against_opens_no_decision_on_erasing(
    database: Database, clock: Clock, home: Home, first: str
) -> None:
    """W41, R26: they said no on the 10th and yes on the 15th. In the order told, the decision is opened; recorded after the yes, it is not."""
    follows.enter()
    no = told(home, {STORE: False}, on=date(2026, 11, 10), route=Route.LETTER)
    yes = told(home, {STORE: True}, on=date(2026, 11, 15), route=Route.LETTER)
    for each in (no, yes) if first == "withdrawal" else (yes, no):
        with database.writing() as session:
            recorded = changes.record(session, home.file, each, actor=BY, at=clock.now(), policy=WESTMINSTER)
            following.after_change(session, home.file, recorded, actor=BY, at=clock.now(), policy=WESTMINSTER)
            assert recorded.storing_withdrawn is (each is no and first == "withdrawal")
            assert (STORE in recorded.withdrawn) is (each is no)
    with database.reading() as session:
        assert ledger.what_holds(session, home.file.id, TODAY)[STORE].state is S.GIVEN
        assert len(session.exec(select(RequestRow)).all()) == (1 if first == "withdrawal" else 0)
        assert len(session.exec(select(TaskRow)).all()) == (1 if first == "withdrawal" else 0)


@pytest.mark.parametrize("days", [28, 5])
def test_the_decision_on_erasing_has_the_target_that_the_service_has_set(
    database: Database, clock: Clock, home: Home, days: int
) -> None:
    """R5, R31: the task goes by the setting, as for a request that somebody records."""
    follows.enter()
    policy = replace(WESTMINSTER, periods=replace(WESTMINSTER.periods, request_target_days=days))
    with database.writing() as session:
        no = told(home, {STORE: False}, on=TODAY)
        changes.record(session, home.file, no, actor=BY, at=clock.now(), policy=policy)
    with database.reading() as session:
        assert session.exec(select(TaskRow.due)).one() == TODAY + timedelta(days=days)


def test_a_withdrawal_of_storing_opens_the_decision_on_erasing(database: Database, clock: Clock, home: Home) -> None:
    """R31: in the same transaction, through the hook, and as a task."""
    follows.enter()
    called: list[UUID] = []
    changes.ON_STORING_WITHDRAWN.append(lambda session, file, on, actor, at, policy: called.append(file.id))
    try:
        with database.writing() as session:
            recorded = changes.record(
                session, home.file, told(home, {STORE: False}), actor=BY, at=clock.now(), policy=WESTMINSTER
            )
            following.after_change(session, home.file, recorded, actor=BY, at=clock.now(), policy=WESTMINSTER)
    finally:
        changes.ON_STORING_WITHDRAWN.pop()
    assert recorded.storing_withdrawn
    assert called == [home.file.id]
    with database.reading() as session:
        row = session.exec(select(TaskRow)).one()
    assert (row.kind, row.due) == ("request", TODAY + timedelta(days=28))  # one task, that of the request
    with database.reading() as session:
        opened = session.exec(select(RequestRow)).one()
    assert (opened.kind, opened.file_id, opened.received_on) == ("erasure", home.file.id, TODAY)


def test_a_change_without_an_answer_or_with_an_unknown_one_is_refused(
    database: Database, clock: Clock, home: Home
) -> None:
    for answers in ({}, {"contact:nobody": False}):
        with pytest.raises(RefusedByRule, match="at least one answer"), database.writing() as session:
            changes.record(session, home.file, told(home, answers), actor=BY, at=clock.now(), policy=WESTMINSTER)


def test_a_spoken_yes_needs_a_policy_that_takes_one(database: Database, clock: Clock, home: Home) -> None:
    """W27."""
    never = replace(WESTMINSTER, periods=replace(WESTMINSTER.periods, spoken_consent_days=0))
    with pytest.raises(RefusedByRule, match="yes in writing"), database.writing() as session:
        changes.record(session, home.file, told(home, {"contact:legal": True}), actor=BY, at=clock.now(), policy=never)
    with database.writing() as session:
        changes.record(
            session, home.file, told(home, {"contact:health": False}), actor=BY, at=clock.now(), policy=never
        )


def test_an_answer_settles_what_was_open(database: Database, clock: Clock, home: Home) -> None:
    with database.writing() as session:
        other = told(home, {"contact:health": False}, person=home.child, giver=Giver.YOUNG_PERSON, on=date(2026, 2, 1))
        changes.record(session, home.file, other, actor=BY, at=clock.now(), policy=WESTMINSTER)
        before = ledger.what_holds(session, home.file.id, TODAY)["contact:health"]
        assert before.state is S.UNCLEAR
        settled = told(home, {"contact:health": True}, route=Route.LETTER, settles={"contact:health": before.open})
        changes.record(session, home.file, settled, actor=BY, at=clock.now(), policy=WESTMINSTER)
        assert ledger.what_holds(session, home.file.id, TODAY)["contact:health"].state is S.GIVEN


def test_the_audit_holds_numbers_and_codes_only(database: Database, clock: Clock, home: Home) -> None:
    body = name_body(database, clock, home)
    with database.writing() as session:
        word = told(home, {"contact:health": False}, note="Morgan said Elm Clinic told everybody")
        changes.record(session, home.file, word, actor=BY, at=clock.now(), policy=WESTMINSTER)
        bodies.end(session, home.file, body, 1, on=TODAY, actor=BY, at=clock.now())
    with database.reading() as session:
        text = " ".join(f"{row.act} {row.detail}" for row in session.exec(select(AuditEntry)).all())
    for secret in ("Elm", "Morgan", "Rowan"):
        assert secret not in text


# Named bodies


def test_a_body_is_named_once_and_narrowed_by_one_of_two(database: Database, clock: Clock, home: Home) -> None:
    """R25, F13; two people at once: exactly one wins."""
    body = name_body(database, clock, home)
    assert name_body(database, clock, home, name="elm  CLINIC") == body
    with database.writing() as session:
        bodies.end(session, home.file, body, 1, on=TODAY, actor=BY, at=clock.now())
    with pytest.raises(ChangedMeanwhile), database.writing() as session:
        bodies.end(session, home.file, body, 1, on=TODAY, actor=BY, at=clock.now())
    assert may(database, clock, home, body) is Outcome.REFUSE


def test_a_body_of_another_file_is_not_there(database: Database, clock: Clock, home: Home) -> None:
    body = name_body(database, clock, home)
    with database.writing() as session:
        other = open_file(session, clock.now(), ANSWERS)
    with pytest.raises(NotFound), database.writing() as session:
        bodies.end(session, other.file, body, 1, on=TODAY, actor=BY, at=clock.now())


# Ways out


def test_what_is_not_allowed_leaves_no_trace_of_having_gone(database: Database, clock: Clock, home: Home) -> None:
    with pytest.raises(NoLeave), database.writing() as session:
        let_out(
            session, OFFICER, home.file.id, Outsider(), (), Purpose.SHARE, clock.now(), policy=WESTMINSTER, how="letter"
        )
    with database.reading() as session:
        assert session.exec(select(Disclosure)).all() == []


def test_a_marked_function_runs_with_a_true_leave_alone(database: Database, clock: Clock, home: Home) -> None:
    marked = list(outward.OUTWARD)

    @outward.outward
    def send(text: str, *, leave: Leave) -> str:
        return text

    outward.OUTWARD[:] = marked
    with database.writing() as session:
        leave = let_out(
            session,
            OFFICER,
            home.file.id,
            OnFile(str(home.carer)),
            ("letter",),
            Purpose.ADVICE,
            clock.now(),
            policy=WESTMINSTER,
            how="letter",
        )
    assert send("x", leave=leave) == "x"
    forged = Leave(home.file.id, uuid4(), frozenset(), "I may")
    for wrong in ({}, {"leave": None}, {"leave": forged}):
        with pytest.raises(NoLeave):
            send("x", **wrong)
    assert "leave" in inspect.signature(send).parameters


def test_a_no_counts_whoever_brings_it(database: Database, clock: Clock, home: Home) -> None:
    """Doubt about a giver never keeps the gate open."""
    body = name_body(database, clock, home)
    with database.writing() as session:
        word = told(home, {"contact:health": False}, giver=Giver.REPRESENTATIVE, person=None)
        changes.record(session, home.file, word, actor=BY, at=clock.now(), policy=load("northamptonshire", TODAY))
    assert may(database, clock, home, body) is Outcome.REFUSE


@pytest.mark.parametrize(
    ("held", "some", "never"),
    [
        pytest.param({}, {STORE, "contact:health", "news:post", "share:health"}, {"talk:family"}, id="nothing was asked"),
        pytest.param(
            {"contact:health": S.GIVEN}, {STORE, "contact:health", "contact:legal", "news:post"}, {"share:health"}, id="one form"
        ),
        pytest.param({"share:health": S.GIVEN}, {STORE, "tell_others"}, {"contact:health", "news:post"}, id="the other form"),
        pytest.param({"talk:family": S.GIVEN, "share:health": S.GIVEN}, {"talk:family"}, {"news:post"}, id="told besides"),
        pytest.param(
            {"contact:health": S.REFUSED, STORE: S.WITHDRAWN}, {STORE, "contact:legal"}, {"contact:health"}, id="shut already"
        ),
    ],
)  # fmt: skip
def test_a_no_to_everything_is_a_no_to_what_its_form_asks(
    held: dict[str, ConsentState], some: set[str], never: set[str]
) -> None:
    """R26, W41."""
    found = set(changes.everything({item: Standing(item, state, TODAY, "1", "") for item, state in held.items()}))
    assert some <= found
    assert not never & found
