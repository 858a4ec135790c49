"""G4, N2, W9–W11, R72: sharing for safety takes every fact, changes no consent, and is no standing permission."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from records.clock import Clock
from records.consents import safety
from records.consents.asking import ask
from records.consents.gate import Body, Outsider, Purpose
from records.consents.items import STORE, Category
from records.consents.safety_facts import (
    ConcernFrom,
    ConsentSought,
    FamilyTold,
    LawfulRoute,
    SafetyFacts,
    wrong,
)
from records.consents.standing import ConsentState
from records.consents.tables import ConsentEvent, Disclosure, NamedBody, SafetyShare
from records.db import Database
from records.errors import ChangedMeanwhile, RefusedByRule
from records.policies.settings import Policy, load
from records.policies.values import OverrideGround
from records.staff.access import Actor
from records.tasks.tables import TaskRow
from records.vocabulary import Role
from tests.records.consents.homes import OFFICER, WESTMINSTER, Home, open_file

NORTHAMPTONSHIRE = load("northamptonshire", WESTMINSTER.effective_from.replace(year=2026))
FACTS = SafetyFacts(
    ground=OverrideGround.RISK_OF_HARM, lawful_route=LawfulRoute.SAFEGUARDING_CONDITION, source=ConcernFrom.TOLD_BY_PERSON,
    consent_sought=ConsentSought.WOULD_PREJUDICE, family_told=FamilyTold.NOT_SAFE, at_risk="A neighbour’s child",
    facts="What was said on the telephone", threat="", recipient="Duty worker, children’s services", what="The call, in short",
    why_not_asked="The caller would be in danger", decided_by="Lee Sample",
)  # fmt: skip
REFUSED = {
    STORE: ConsentState.REFUSED,
    "contact:social_care": ConsentState.REFUSED,
    "contact:health": ConsentState.WITHDRAWN,
}


@pytest.fixture
def home(database: Database, clock: Clock) -> Home:
    with database.writing() as session:
        return open_file(session, clock.now(), REFUSED)


def share(database: Database, clock: Clock, home: Home | None, facts: SafetyFacts = FACTS, **more: object):  # type: ignore[no-untyped-def]
    given = {
        "sent_key": uuid4(),
        "shared_at": clock.now(),
        "actor": OFFICER,
        "at": clock.now(),
        "policy": WESTMINSTER,
    } | more
    with database.writing() as session:
        return safety.share(session, facts, file=home.file if home else None, things=("page-1",), **given)  # type: ignore[arg-type]


def rows(database: Database, table: type) -> list[dict[str, object]]:
    with database.reading() as session:
        return [row.model_dump() for row in session.exec(select(table)).all()]


@pytest.mark.parametrize(
    ("policy", "offered"),
    [
        (WESTMINSTER, {OverrideGround.RISK_OF_HARM, OverrideGround.ILLEGAL_ACTIVITY}),
        (NORTHAMPTONSHIRE, {OverrideGround.SAFEGUARDING_CONCERN}),
    ],
)
@pytest.mark.parametrize("ground", OverrideGround)
def test_the_grounds_are_those_of_the_policy(
    policy: Policy, offered: set[OverrideGround], ground: OverrideGround
) -> None:
    """W9, S2: two under Westminster, one under Northamptonshire."""
    facts = replace(FACTS, ground=ground, threat="A threat to staff")
    assert ("ground" in wrong(facts, policy.override_grounds)) is (ground not in offered)


@pytest.mark.parametrize(
    "field",
    [
        "ground",
        "facts",
        "source",
        "at_risk",
        "recipient",
        "what",
        "lawful_route",
        "consent_sought",
        "why_not_asked",
        "family_told",
        "decided_by",
    ],
)
def test_each_missing_fact_alone_refuses(database: Database, clock: Clock, home: Home, field: str) -> None:
    empty = (
        None
        if getattr(FACTS, field) is None
        or field in ("ground", "source", "lawful_route", "consent_sought", "family_told")
        else " "
    )
    facts = replace(FACTS, **{field: empty})  # type: ignore[arg-type]
    assert list(wrong(facts, WESTMINSTER.override_grounds)) == [field]
    with pytest.raises(RefusedByRule):
        share(database, clock, home, facts)
    assert rows(database, SafetyShare) == rows(database, Disclosure) == []


def test_illegal_activity_needs_the_threat_stated() -> None:
    """W11."""
    facts = replace(FACTS, ground=OverrideGround.ILLEGAL_ACTIVITY)
    assert "threat" in wrong(facts, WESTMINSTER.override_grounds)
    assert wrong(replace(facts, threat="He said he would come with a knife"), WESTMINSTER.override_grounds) == {}


@pytest.mark.parametrize("source", ConcernFrom)
def test_every_source_of_concern_is_taken(source: ConcernFrom) -> None:
    """W10."""
    assert wrong(replace(FACTS, source=source), WESTMINSTER.override_grounds) == {}


def test_consents_stay_byte_for_byte_and_nothing_else_opens(database: Database, clock: Clock, home: Home) -> None:
    """N2: with every consent refused the chosen things go out, once, and the gate stays as it was."""
    before = rows(database, ConsentEvent)
    _, leave = share(database, clock, home)
    assert leave is not None and leave.things == {"page-1"}
    assert rows(database, ConsentEvent) == before
    assert rows(database, NamedBody) == []
    with database.reading() as session:
        for to in (Body(Category.SOCIAL_CARE), Outsider("children’s services")):
            assert not ask(
                session, OFFICER, home.file.id, to, ("page-1",), Purpose.SHARE, clock.now(), policy=WESTMINSTER
            ).allowed


def test_a_second_share_needs_its_own_entry_and_a_second_press_gives_none(
    database: Database, clock: Clock, home: Home
) -> None:
    key = uuid4()
    first, leave = share(database, clock, home, sent_key=key)
    again, none = share(database, clock, home, sent_key=key)
    assert (again.id, leave is not None, none) == (first.id, True, None)
    share(database, clock, home)
    assert len(rows(database, SafetyShare)) == len(rows(database, Disclosure)) == 2


def test_somebody_outside_every_case_can_be_protected(database: Database, clock: Clock) -> None:
    """W10: it links to no family's data."""
    row, leave = share(database, clock, None)
    assert (row.file_id, leave) == (None, None)
    with database.reading() as session:
        assert safety.told(session, safety.get(session, row.id))["at_risk"] == "A neighbour’s child"


@pytest.mark.parametrize(
    ("actor", "reads"),
    [
        (Actor(uuid4(), Role.MANAGER), True), (Actor(uuid4(), Role.MANAGER, active=False), False), (Actor(uuid4(), Role.ADMIN), False),
        (Actor(uuid4(), Role.OFFICER), False), (OFFICER, True),
    ],
)  # fmt: skip
def test_the_restricted_group_alone_reads_it(actor: Actor, reads: bool) -> None:
    assert safety.may_read(actor, "somebody", OFFICER.id) is reads
    assert safety.may_read(Actor(actor.id, actor.role), str(actor.id), None)


def test_a_manager_is_alerted_until_one_has_looked(database: Database, clock: Clock, home: Home) -> None:
    row, _ = share(database, clock, home)
    with database.writing() as session:
        assert safety.count_unseen(session) == 1
        safety.seen(session, safety.get(session, row.id), actor="m", at=clock.now())
        assert safety.count_unseen(session) == 0
    with pytest.raises(ChangedMeanwhile), database.writing() as session:
        safety.seen(session, safety.get(session, row.id), actor="n", at=clock.now())


@pytest.mark.parametrize("told", FamilyTold)
@pytest.mark.parametrize("on_file", [True, False])
def test_a_family_that_is_to_be_told_later_is_not_forgotten(
    database: Database, clock: Clock, home: Home, told: FamilyTold, on_file: bool
) -> None:
    """G4: a task for those alone who may read the share, and none where they were told or cannot be."""
    key = uuid4()
    for _ in range(2):
        share(database, clock, home if on_file else None, replace(FACTS, family_told=told), sent_key=key)
    expected = [(home.file.id if on_file else None, clock.today() + timedelta(days=7))]
    found = [(row["file_id"], row["due"]) for row in rows(database, TaskRow)]
    assert found == (expected if told is FamilyTold.LATER else [])
    assert not any("neighbour" in str(row["words"]) for row in rows(database, TaskRow))


def test_nothing_that_was_written_lies_in_clear(database: Database, clock: Clock, home: Home) -> None:
    share(database, clock, home)
    clear = str(rows(database, Disclosure)) + str(
        [{k: v for k, v in row.items() if k != "sealed"} for row in rows(database, SafetyShare)]
    )
    for secret in (FACTS.at_risk, FACTS.facts, FACTS.recipient, FACTS.what, FACTS.why_not_asked):
        assert secret not in clear
