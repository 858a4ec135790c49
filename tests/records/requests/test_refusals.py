"""W15, W16: the young person refuses somebody; the gate and a request for access heed it, and everybody else stands as before."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from records.clock import Clock
from records.consents import asking
from records.consents.gate import OnFile, Outcome, Purpose
from records.consents.standing import ConsentState
from records.db import Database
from records.people import known, merging, register
from records.people.birthdates import BirthDate
from records.people.entitlement import RELEASES, Understanding, View
from records.people.entitlement import Outcome as Entitled
from records.people.facts import Answer, Details, Evidence, Fact, FactKind, Responsibility, SomebodyElse, Wishes
from records.people.refusals import EVERYBODY, refused, refuses_everybody
from records.policies.settings import Policy, load
from records.requests import allowed
from records.requests import register as requests
from records.requests.kinds import Event, Kind, Requester, Route
from records.requests.register import Asking
from records.requests.tables import RequestRow
from tests.records.consents.homes import OFFICER, Home, open_file

TODAY = date(2026, 11, 20)
BOTH = [pytest.param(load(name, TODAY), id=name) for name in ("westminster", "northamptonshire")]
CHILD, MOTHER, FATHER = UUID(int=1), UUID(int=2), UUID(int=3)


def wishes(day: date, *who: object, words: str = "Not my dad") -> Fact:
    from datetime import UTC, datetime

    at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    return Fact(FactKind.WISHES, Wishes(words, tuple(map(str, who))), day, at, "lee")


@pytest.mark.parametrize(
    ("said", "expected", "everybody"),
    [
        pytest.param([], set(), False, id="nothing said"),
        pytest.param([wishes(TODAY, words="Ask me first")], set(), False, id="a wish that refuses nobody"),
        pytest.param([wishes(TODAY, FATHER)], {FATHER}, False, id="the father"),
        pytest.param([wishes(TODAY, EVERYBODY)], {MOTHER, FATHER}, True, id="everybody"),
        pytest.param([wishes(TODAY, FATHER), wishes(TODAY - timedelta(days=1), EVERYBODY)], {FATHER}, False, id="the last word counts"),
        pytest.param([wishes(TODAY - timedelta(days=1), FATHER), wishes(TODAY)], set(), False, id="taken back"),
    ],
)  # fmt: skip
def test_whom_they_refuse(said: list[Fact], expected: set[UUID], everybody: bool) -> None:
    """W15."""
    assert refused({CHILD: said}, [CHILD], [MOTHER, FATHER]) == expected
    assert refuses_everybody({CHILD: said}, [CHILD]) is everybody


@given(
    st.lists(st.tuples(st.dates(date(2026, 1, 1), TODAY), st.sampled_from([(), (FATHER,), (EVERYBODY,)])), max_size=6),
    st.randoms(),
)
def test_the_order_in_which_it_was_told_changes_nothing(
    told: list[tuple[date, tuple[object, ...]]], random: st.DataObject
) -> None:
    facts = [wishes(day, *who) for day, who in told]
    turned = list(facts)
    random.shuffle(turned)  # type: ignore[attr-defined]  # Hypothesis hands over a random.Random
    assert refused({CHILD: facts}, [CHILD], [MOTHER, FATHER]) == refused({CHILD: turned}, [CHILD], [MOTHER, FATHER])


def family(session: Session, clock: Clock) -> tuple[Home, UUID]:
    """A child of thirteen whose parents both have parental responsibility; the mother signed a form."""
    home = open_file(session, clock.now(), {"store": ConsentState.GIVEN}, born=date(2013, 1, 2))
    father = register.add_person(
        session, home.file, kind=register.CARER, name="Pat Testwood", actor="lee", at=clock.now()
    )
    session.flush()
    known.record(
        session, home.file.id, father.id, Details("Pat Testwood", "father"), true_on=TODAY, actor="lee", at=clock.now()
    )
    for one in (home.carer, father.id):
        seen = Responsibility(Answer.YES, Evidence.BIRTH_CERTIFICATE)
        known.record(session, home.file.id, one, seen, true_on=TODAY, actor="lee", at=clock.now())
    return home, father.id


def asked(session: Session, home: Home, who: UUID, clock: Clock) -> RequestRow:
    """A parent's request for access to what is held."""
    row = requests.record(
        session, kind=Kind.ACCESS, route=Route.POST, requester=Requester.PARENT, asking=Asking("Somebody"), received_on=TODAY,
        by=str(OFFICER.id), at=clock.now(), file=home.file,
    )  # fmt: skip
    row.person_id = who
    return row


def judged(session: Session, home: Home, who: UUID, policy: Policy, clock: Clock, view: View) -> Entitled:
    row = asked(session, home, who, clock)
    return allowed.judge(session, row, home.file, policy, TODAY, Understanding.YES, view).result.whole.outcome


@pytest.mark.parametrize("policy", BOTH)
def test_a_refusal_of_the_father_stops_his_and_leaves_the_mothers_to_its_own_decision(
    database: Database, clock: Clock, policy: Policy
) -> None:
    with database.writing() as session:
        home, father = family(session, clock)
        before = {who: judged(session, home, who, policy, clock, View.AGREES) for who in (home.carer, father)}
        assert before[father] in RELEASES, "else there is nothing to stop"
        known.record(
            session,
            home.file.id,
            home.child,
            Wishes("Not my dad", (str(father),)),
            true_on=TODAY,
            actor="lee",
            at=clock.now(),
        )
        for view in (View.NOT_ASKED, View.AGREES):
            assert judged(session, home, father, policy, clock, view) not in RELEASES
        assert judged(session, home, home.carer, policy, clock, View.AGREES) is before[home.carer]

        def advice(who: UUID) -> asking.Decision:
            to = OnFile(str(who))
            return asking.ask(session, OFFICER, home.file.id, to, (), Purpose.ADVICE, clock.now(), policy=policy)

        assert advice(home.carer).outcome is Outcome.ALLOW
        assert advice(father).outcome is Outcome.NEEDS_DECISION
        assert not any(word in advice(father).reason.lower() for word in ("child", "young", "refus", "object", "dad"))
        known.record(
            session,
            home.file.id,
            home.child,
            Wishes("He may know now"),
            true_on=TODAY,
            actor="lee",
            at=clock.now() + timedelta(minutes=1),
        )
        assert judged(session, home, father, policy, clock, View.AGREES) is before[father]


def settled(session: Session, home: Home, who: UUID, clock: Clock) -> RequestRow:
    """A request for access of which it was settled that they are allowed."""
    row = asked(session, home, who, clock)
    requests.move(session, row, Event.ALLOWED, on=TODAY, by=str(OFFICER.id), at=clock.now(), code="release")
    return row


@pytest.mark.parametrize("change", ["nothing", "wishes", "responsibility", "a birthday"])
def test_what_was_settled_is_settled_again_when_what_decided_it_has_changed(
    database: Database, clock: Clock, change: str
) -> None:
    """R19: between the yes and the envelope a wish may be told, an order may come, a sixteenth birthday may pass."""
    policy = load("westminster", TODAY)
    with database.writing() as session:
        home, father = family(session, clock)
        row = settled(session, home, father, clock)
        later = clock.now() + timedelta(minutes=1)
        told = {"true_on": TODAY, "actor": "lee", "at": later}
        if change == "wishes":
            known.record(session, home.file.id, home.child, Wishes("Not him", (str(father),)), **told)  # type: ignore[arg-type]
        if change == "responsibility":
            known.record(session, home.file.id, father, Responsibility(Answer.NO, Evidence.COURT_ORDER), **told)  # type: ignore[arg-type]
        day = date(2029, 1, 2) if change == "a birthday" else TODAY
        assert allowed.changed_since(session, row, home.file, policy, day) is (change != "nothing")


@pytest.mark.parametrize(
    ("born", "again"),
    [
        pytest.param(date(2009, 1, 2), True, id="seventeen after all: the right is the young person's"),
        pytest.param(date(2013, 1, 3), False, id="a day later: nothing turns on it"),
    ],
)
def test_what_was_settled_is_settled_again_when_another_birth_date_decides_otherwise(
    database: Database, clock: Clock, born: date, again: bool
) -> None:
    """R19, R40, W12: between the yes and the envelope the birth date may turn out to have been wrong."""
    policy = load("westminster", TODAY)
    with database.writing() as session:
        home, father = family(session, clock)
        row = settled(session, home, father, clock)
        later = clock.now() + timedelta(minutes=1)
        register.settle_birth_date(
            session, home.file, BirthDate.on(born), evidence="passport", why="", actor="lee", at=later
        )
        assert allowed.changed_since(session, row, home.file, policy, TODAY) is again


def test_what_was_settled_is_settled_again_when_files_of_the_child_are_joined_or_taken_apart(
    database: Database, clock: Clock
) -> None:
    """R19, W15, F22: what the child said on the other file counts from then, and no longer when they turn out to be two children."""
    policy = load("westminster", TODAY)
    with database.writing() as session:
        home, father = family(session, clock)
        other = open_file(session, clock.now(), {})
        known.record(
            session,
            other.file.id,
            other.child,
            Wishes("Nobody", (EVERYBODY,)),
            true_on=TODAY,
            actor="lee",
            at=clock.now(),
        )
        row = settled(session, home, father, clock)
        assert not allowed.changed_since(session, row, home.file, policy, TODAY)
        later = clock.now() + timedelta(minutes=1)
        joining = merging.merge(session, home.file, other.file, why="The mother said so", by="lee", at=later)
        assert allowed.changed_since(session, row, home.file, policy, TODAY)
        requests.move(session, row, Event.ALLOWED, on=TODAY, by=str(OFFICER.id), at=later, code="release")
        assert not allowed.changed_since(session, row, home.file, policy, TODAY)
        merging.unmerge(session, joining, by="lee", at=later + timedelta(minutes=1))
        assert allowed.changed_since(session, row, home.file, policy, TODAY)


def test_who_was_told_apart_is_settled_again_when_that_is_taken_back(database: Database, clock: Clock) -> None:
    """W15, R19: that two of one name are two people may have been recorded of the one who asked for nothing."""
    policy = load("westminster", TODAY)
    with database.writing() as session:
        home, father = family(session, clock)
        other = open_file(session, clock.now(), {})
        twin = register.add_person(
            session, other.file, kind=register.CARER, name="Pat Testwood", actor="lee", at=clock.now()
        )
        session.flush()
        merging.merge(session, home.file, other.file, why="x", by="lee", at=clock.now())
        row = settled(session, home, father, clock)
        assert not allowed.changed_since(session, row, home.file, policy, TODAY)
        later = clock.now() + timedelta(minutes=1)
        known.record(
            session, other.file.id, twin.id, SomebodyElse((), "The same"), true_on=TODAY, actor="lee", at=later
        )
        assert allowed.changed_since(session, row, home.file, policy, TODAY)


@pytest.mark.parametrize("policy", BOTH)
def test_a_refusal_of_the_father_stops_his_request_also_as_he_stands_on_a_joined_file(
    database: Database, clock: Clock, policy: Policy
) -> None:
    """W15, F22: joining moves nothing, so he stands there twice."""
    with database.writing() as session:
        (home, father), (other, again) = (family(session, clock) for _ in range(2))
        said = Wishes("Not my dad", (str(father),))
        known.record(session, home.file.id, home.child, said, true_on=TODAY, actor="lee", at=clock.now())
        before = judged(session, other, again, policy, clock, View.AGREES)
        merging.merge(session, home.file, other.file, why="The mother said so", by="lee", at=clock.now())
        assert judged(session, other, again, policy, clock, View.AGREES) != before
        assert judged(session, other, again, policy, clock, View.AGREES) == judged(
            session, home, father, policy, clock, View.AGREES
        )
        assert (
            judged(session, other, other.carer, policy, clock, View.AGREES) == before
        )  # the mother's own is as it was
