"""N3, W28: a referral by others waits for permission, becomes a file with it, and is gone without it."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from records import holds
from records.audit import trail
from records.audit.chain import Whole
from records.audit.tables import AuditEntry
from records.cases import referrals
from records.cases.tables import Referral, ReferralPermission
from records.cases.words import Capacity, ErasedBecause, ReferralState, Route
from records.clock import Clock
from records.consents import ledger
from records.consents.standing import ConsentState
from records.db import Database
from records.documents.tables import WrappedKey
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.holds import HoldKind, Scope
from records.people import register
from records.people.tables import ChildFile
from records.policies.settings import Policy
from records.retention import referral_scan
from tests.records.cases.conftest import OFFICER, PARENT, TODAY, TOLD, a_file, from_school, rows_with

LAST_DAY = TODAY + timedelta(days=27)
DAY_OF_ERASING = TODAY + timedelta(days=28)


def test_a_teachers_referral_waits_and_is_in_no_search(database: Database, westminster: Policy, clock: Clock) -> None:
    with database.writing() as session:
        row = from_school(session, westminster, clock)
        assert (row.state, row.erase_on) == (ReferralState.HOLDING, DAY_OF_ERASING)
        with pytest.raises(ChangedMeanwhile):
            referrals.open_as_file(session, row, westminster, officer_id=OFFICER, actor=str(OFFICER), at=clock.now())
        assert session.exec(select(ChildFile)).all() == []
        assert register.find_by_name(session, TOLD.child) == []
    assert rows_with(database, "Testwood") == rows_with(database, "Elm Tree") == []


@pytest.mark.parametrize(
    ("giver", "says"), [(Capacity.SCHOOL, "Only the family"), (Capacity.COUNCIL, "Only the family"), (Capacity.CHILD, "officer decides")]
)  # fmt: skip
def test_a_word_that_does_not_count_opens_nothing(
    database: Database, northamptonshire: Policy, clock: Clock, giver: Capacity, says: str
) -> None:
    with database.writing() as session:
        row = from_school(session, northamptonshire, clock)
        with pytest.raises(RefusedByRule, match=says):
            referrals.permit(
                session, row, replace(PARENT, giver=giver), northamptonshire, today=TODAY, actor="x", at=clock.now()
            )
        assert row.state == ReferralState.HOLDING
        assert session.get(ReferralPermission, row.id) is None


def test_permission_without_leave_to_keep_details_opens_nothing(
    database: Database, westminster: Policy, clock: Clock
) -> None:
    with database.writing() as session, pytest.raises(RefusedByRule) as refused:
        row = from_school(session, westminster, clock)
        referrals.permit(
            session, row, replace(PARENT, storing_agreed=False), westminster, today=TODAY, actor="x", at=clock.now()
        )
    assert refused.value.rule == "N8"


def test_permission_makes_it_a_childs_file_under_the_files_key(
    database: Database, westminster: Policy, clock: Clock
) -> None:
    with database.writing() as session:
        row = from_school(session, westminster, clock)
        own = row.key_id
        referrals.permit(session, row, PARENT, westminster, today=TODAY, actor=str(OFFICER), at=clock.now())
        assert row.erase_on is None
        file = referrals.open_as_file(session, row, westminster, officer_id=OFFICER, actor=str(OFFICER), at=clock.now())
    with database.writing() as session:
        again = referrals.by_number(session, 1)
        assert (again.state, again.file_id, again.key_id) == (ReferralState.OPEN, file.id, None)
        assert session.get(WrappedKey, own) is None
        assert referrals.opened(session, again) == TOLD
        permission = referrals.permission_of(session, again)
        assert permission is not None and (permission.name, permission.row.route) == (
            "Morgan Testwood",
            Route.TELEPHONE,
        )
        assert [(person.kind, person.name) for person in register.people(session, file)] == [
            ("child", "Rowan Testwood"), ("carer", "Morgan Testwood"),
        ]  # fmt: skip
        assert [hit.file.id for hit in register.find_by_birth_date(session, date(2012, 3, 1))] == [file.id]
        assert isinstance(trail.check(session), Whole)


@pytest.mark.parametrize(
    ("route", "kept", "days"), [(Route.TELEPHONE, True, 27), (Route.EMAIL, True, 400), (Route.FORM, False, 0)]
)
def test_the_yes_to_keeping_is_an_answer_of_the_file_and_a_spoken_one_lapses(
    database: Database, westminster: Policy, clock: Clock, route: Route, kept: bool, days: int
) -> None:
    """W27: spoken, it holds for its days; on a form, the form itself will tell."""
    with database.writing() as session:
        row = from_school(session, westminster, clock)
        referrals.permit(
            session, row, replace(PARENT, route=route), westminster, today=TODAY, actor="x", at=clock.now()
        )
        file = referrals.open_as_file(session, row, westminster, officer_id=OFFICER, actor="x", at=clock.now())

        def keeps(on: date) -> bool:
            held = ledger.what_holds(session, file.id, on, spoken_days=westminster.periods.spoken_consent_days).get(
                "store"
            )
            return held is not None and held.state is ConsentState.GIVEN

        assert (keeps(TODAY), keeps(TODAY + timedelta(days=days))) == (kept, kept)
        assert route is not Route.TELEPHONE or not keeps(TODAY + timedelta(days=40))


def test_it_can_join_a_file_that_is_there(database: Database, westminster: Policy, clock: Clock) -> None:
    with database.writing() as session:
        file, row = a_file(session, clock), from_school(session, westminster, clock)
        referrals.permit(session, row, PARENT, westminster, today=TODAY, actor="x", at=clock.now())
        referrals.attach(session, row, file, actor="x", at=clock.now())
        assert [each.number for each in referrals.of_file(session, file.id)] == [1]
        assert len(session.exec(select(ChildFile)).all()) == 1


def test_a_fourteen_year_old_may_refer_herself_to_westminster(
    database: Database, westminster: Policy, clock: Clock
) -> None:
    own = replace(PARENT, giver=Capacity.YOUNG_PERSON, name="")
    with database.writing() as session:
        row = referrals.log(session, TOLD, Capacity.YOUNG_PERSON, own, westminster, received_on=TODAY, today=TODAY, actor="x", at=clock.now())  # fmt: skip
        assert (row.state, row.by_self) == (ReferralState.READY, True)


def test_in_northamptonshire_an_officer_decides_and_says_why(database: Database, northamptonshire: Policy, clock: Clock) -> None:  # fmt: skip
    own = replace(PARENT, giver=Capacity.YOUNG_PERSON, name="")
    with database.writing() as session, pytest.raises(RefusedByRule, match="officer decides"):
        referrals.log(session, TOLD, Capacity.YOUNG_PERSON, own, northamptonshire, received_on=TODAY, today=TODAY, actor="x", at=clock.now())  # fmt: skip
    with database.writing() as session:
        assert session.exec(select(Referral)).all() == []
        row = referrals.log(
            session, TOLD, Capacity.YOUNG_PERSON, replace(own, decision="Understands, and asked alone"), northamptonshire,
            received_on=TODAY, today=TODAY, actor="x", at=clock.now(),
        )  # fmt: skip
        shown = referrals.permission_of(session, row)
        assert shown is not None and shown.decision == "Understands, and asked alone"


def test_it_is_erased_on_its_day_for_good_never_before_and_once(
    database: Database, westminster: Policy, clock: Clock
) -> None:
    with database.writing() as session:
        row = from_school(session, westminster, clock)
        own, id = row.key_id, row.id
    with database.writing() as session:
        assert referral_scan.erase_due(session, policy_version="1", today=LAST_DAY, at=clock.now()) == []
        with pytest.raises(RefusedByRule, match="still has days"):
            referrals.erase(
                session, referrals.get(session, id), ErasedBecause.NO_PERMISSION_IN_TIME, today=LAST_DAY, actor="x", at=clock.now()
            )  # fmt: skip
    with database.writing() as session:
        assert referral_scan.erase_due(session, policy_version="1", today=DAY_OF_ERASING, at=clock.now()) == [1]
    with database.writing() as session:
        assert referral_scan.erase_due(session, policy_version="1", today=DAY_OF_ERASING, at=clock.now()) == []
        left = referrals.get(session, id)
        assert (left.state, left.sealed, left.key_id, left.erased_on) == (
            ReferralState.ERASED,
            None,
            None,
            DAY_OF_ERASING,
        )
        assert session.get(WrappedKey, own) is None
        with pytest.raises(NotFound):
            referrals.opened(session, left)
        acts = [entry.act for entry in session.exec(select(AuditEntry)).all()]
        assert acts.count("referral_erased") == 1


def test_permission_ends_the_waiting(database: Database, westminster: Policy, clock: Clock) -> None:
    with database.writing() as session:
        row = from_school(session, westminster, clock)
        referrals.permit(session, row, PARENT, westminster, today=TODAY, actor="x", at=clock.now())
        assert (
            referral_scan.erase_due(session, policy_version="1", today=TODAY + timedelta(days=400), at=clock.now())
            == []
        )


def test_a_hold_over_everything_stops_the_erasing_until_it_is_lifted(
    database: Database, westminster: Policy, clock: Clock
) -> None:
    with database.writing() as session:
        row = from_school(session, westminster, clock)
        hold = holds.place(
            session, kind=HoldKind.MORATORIUM, scope=Scope.EVERYTHING, authority="Public inquiry", reason="Keep all", by="x", at=clock.now()
        )  # fmt: skip
        assert referral_scan.erase_due(session, policy_version="1", today=DAY_OF_ERASING, at=clock.now()) == []
        with pytest.raises(RefusedByRule, match="on hold"):
            referrals.erase(session, row, ErasedBecause.PERMISSION_REFUSED, today=TODAY, actor="x", at=clock.now())
        holds.release(session, hold.id, why="Over", by="x", at=clock.now())
        assert referral_scan.erase_due(session, policy_version="1", today=DAY_OF_ERASING, at=clock.now()) == [1]


def test_a_ground_of_law_keeps_one_referral_until_its_day(
    database: Database, westminster: Policy, clock: Clock
) -> None:
    until = DAY_OF_ERASING + timedelta(days=10)
    with database.writing() as session:
        row = from_school(session, westminster, clock)
        referrals.keep_longer(session, row, HoldKind.SAFEGUARDING, until, today=TODAY, actor="x", at=clock.now())
        assert (
            referral_scan.erase_due(session, policy_version="1", today=until - timedelta(days=1), at=clock.now()) == []
        )
        assert referral_scan.erase_due(session, policy_version="1", today=until, at=clock.now()) == [1]


@pytest.mark.parametrize(("ground", "days"), [(HoldKind.OPEN_CASE, 10), (HoldKind.COURT, 0), (HoldKind.COURT, 400)])
def test_no_other_ground_and_no_endless_day_keeps_it(
    database: Database, westminster: Policy, clock: Clock, ground: HoldKind, days: int
) -> None:
    with database.writing() as session:
        row = from_school(session, westminster, clock)
        with pytest.raises(RefusedByRule):
            referrals.keep_longer(
                session, row, ground, TODAY + timedelta(days=days), today=TODAY, actor="x", at=clock.now()
            )


def test_of_two_people_at_once_one_wins_and_the_other_is_told(
    database: Database, westminster: Policy, clock: Clock
) -> None:
    with database.writing() as session:
        row = from_school(session, westminster, clock)
        id = row.id
    with database.writing() as session:
        referrals.erase(
            session,
            referrals.get(session, id),
            ErasedBecause.PERMISSION_REFUSED,
            today=TODAY,
            actor="x",
            at=clock.now(),
        )
    with database.writing() as session, pytest.raises(ChangedMeanwhile, match="12:00pm: it was erased"):
        referrals.permit(
            session, referrals.get(session, id), PARENT, westminster, today=TODAY, actor="y", at=clock.now()
        )


def test_the_wish_of_another_on_a_file_is_no_referral_of_the_family(database: Database, westminster: Policy, clock: Clock) -> None:  # fmt: skip
    with database.writing() as session:
        file = a_file(session, clock)
        with pytest.raises(RefusedByRule):
            referrals.log_on_file(
                session,
                file,
                Capacity.SCHOOL,
                "Asks",
                westminster,
                received_on=TODAY,
                actor=str(uuid4()),
                at=clock.now(),
            )
