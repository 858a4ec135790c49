"""N4, N5, S23: an enquiry keeps a topic, a channel and a day, and nothing by which a caller could be found."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlmodel import select

from records import holds
from records.audit.tables import AuditEntry
from records.cases import enquiries
from records.cases.enquiries import Asked
from records.cases.tables import Enquiry
from records.cases.words import Channel, EnquiryOutcome, Passed, Topic
from records.clock import Clock
from records.db import Database
from records.errors import NotFound, RefusedByRule
from records.holds import HoldKind, Scope
from records.policies.settings import Policy
from tests.records.cases.conftest import TODAY

ASKED = Asked(TODAY, Topic.TRANSPORT, Channel.TELEPHONE, EnquiryOutcome.ANSWERED)


def test_topic_channel_and_day_are_enough(database: Database, northamptonshire: Policy, clock: Clock) -> None:
    with database.writing() as session:
        enquiries.log(session, ASKED, northamptonshire, actor="x", at=clock.now())
    with database.reading() as session:
        [row] = enquiries.latest(session)
        assert (row.day, row.topic, row.channel, row.words) == (TODAY, "transport", "telephone", "")


def test_nothing_kept_can_hold_a_moment_or_a_person() -> None:
    assert set(Enquiry.model_fields) == {"id", "day", "topic", "channel", "outcome", "words", "passed"}
    assert not any(field.annotation is datetime for field in Enquiry.model_fields.values())


def test_the_audit_names_the_day_and_not_which_enquiry(database: Database, westminster: Policy, clock: Clock) -> None:
    with database.writing() as session:
        enquiries.log(session, ASKED, westminster, actor="x", at=clock.now())
        [row], [entry] = session.exec(select(Enquiry)).all(), session.exec(select(AuditEntry)).all()
        assert entry.subject_id == "2026-11-20"
        assert str(row.id) not in entry.detail and "transport" not in entry.detail


def test_words_that_look_personal_need_a_reason(database: Database, westminster: Policy, clock: Clock) -> None:
    typed = replace(ASKED, words="Born 14/5/2011")
    with database.writing() as session, pytest.raises(RefusedByRule):
        enquiries.log(session, typed, westminster, actor="x", at=clock.now())
    with database.writing() as session:
        assert enquiries.latest(session) == []
        enquiries.log(session, replace(typed, passed=Passed.NOT_A_PERSON), westminster, actor="x", at=clock.now())
        enquiries.log(
            session, replace(ASKED, words="School travel", passed=Passed.PUBLIC), westminster, actor="x", at=clock.now()
        )
    with database.reading() as session:
        assert sorted((row.words, row.passed) for row in enquiries.latest(session)) == [
            ("Born 14/5/2011", "not_a_person"), ("School travel", None),
        ]  # fmt: skip


def test_a_policy_without_anonymous_contact_takes_none(database: Database, westminster: Policy, clock: Clock) -> None:
    with database.writing() as session, pytest.raises(RefusedByRule) as refused:
        enquiries.log(session, ASKED, replace(westminster, anonymous_contact=False), actor="x", at=clock.now())
    assert refused.value.rule == "S23"


def test_they_are_counted_by_topic_between_two_days(database: Database, westminster: Policy, clock: Clock) -> None:
    with database.writing() as session:
        for day, topic in ((19, Topic.PLAN), (20, Topic.PLAN), (20, Topic.MONEY), (21, Topic.PLAN)):
            enquiries.log(
                session, replace(ASKED, day=date(2026, 11, day), topic=topic), westminster, actor="x", at=clock.now()
            )
        assert enquiries.by_topic(session, date(2026, 11, 19), date(2026, 11, 20)) == {Topic.PLAN: 2, Topic.MONEY: 1}


def test_one_logged_by_mistake_can_be_taken_out_once(database: Database, westminster: Policy, clock: Clock) -> None:
    with database.writing() as session:
        enquiries.log(session, ASKED, westminster, actor="x", at=clock.now())
        [row] = enquiries.latest(session)
        id = row.id
        hold = holds.place(
            session, kind=HoldKind.MORATORIUM, scope=Scope.EVERYTHING, authority="An inquiry", reason="Its letter.", by="kim", at=clock.now()
        )  # fmt: skip
        with pytest.raises(RefusedByRule, match="Everything is on hold"):
            enquiries.remove(session, id, actor="x", at=clock.now())
        holds.release(session, hold.id, why="Over.", by="kim", at=clock.now())
        enquiries.remove(session, id, actor="x", at=clock.now())
    with database.writing() as session, pytest.raises(NotFound):
        enquiries.remove(session, id, actor="x", at=clock.now())


def test_whether_we_know_somebody_has_one_answer_and_it_is_recorded(
    database: Database, westminster: Policy, clock: Clock
) -> None:
    """N11: also where the service takes no anonymous enquiries otherwise."""
    shut = replace(westminster, anonymous_contact=False)
    asked = replace(ASKED, topic=Topic.WHO_WE_KNOW, outcome=EnquiryOutcome.NEITHER)
    wrong = [replace(asked, topic=topic) for topic in Topic if topic is not Topic.WHO_WE_KNOW]
    wrong += [replace(asked, outcome=outcome) for outcome in EnquiryOutcome if outcome is not EnquiryOutcome.NEITHER]
    for each in wrong:
        with pytest.raises(RefusedByRule), database.writing() as session:
            enquiries.log(session, each, westminster, actor="x", at=clock.now())
    with database.writing() as session:
        enquiries.log(session, asked, shut, actor="x", at=clock.now())
        [row], [entry] = enquiries.latest(session), session.exec(select(AuditEntry)).all()
        assert (row.topic, row.outcome) == ("who_we_know", "neither")
        assert "neither" not in entry.detail and "who_we_know" not in entry.detail
