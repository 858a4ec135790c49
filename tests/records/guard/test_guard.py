"""Allocation, restrictions, break-glass and marks as kept: what stands, what it says to the access rule, and two people at once."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from records.audit.tables import AuditEntry
from records.clock import Clock
from records.db import Database
from records.documents.tables import Document
from records.errors import ChangedMeanwhile, RefusedByRule
from records.guard import allocation, glass, looks, marks, restrictions
from records.guard.glass import LASTS, Ground
from records.guard.standing import about, about_part, restricted_parts, with_standing
from records.people import merging, register
from records.people.entitlement import GivenByChild
from records.people.tables import ChildFile
from records.policies.values import NotesSeenBy
from records.staff.access import Act, Actor, Allowed, Restriction, may
from records.staff.tables import Account
from records.tasks.tables import TaskRow
from records.vocabulary import Role
from tests.invariants.source import ROOT

OWN, STAFF = NotesSeenBy.ALLOCATED_SUPPORTER, NotesSeenBy.SERVICE_STAFF
WHY = "The invented reason"


def account(session: Session, clock: Clock, role: Role = Role.OFFICER) -> Account:
    made = Account(
        sign_in_name=uuid4().hex, display_name="Sam Sample", role=role, password_hash="-", created_at=clock.now()
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def a_file(session: Session, clock: Clock, officer: UUID, number: int = 1) -> ChildFile:
    return register.open_file(
        session, officer_id=officer, child_name="Rowan Testwood", actor=str(officer), at=clock.now(), number=number
    )


def sees(
    session: Session, clock: Clock, who: Account, file: ChildFile, notes: NotesSeenBy, part: UUID | None = None
) -> bool:
    actor = with_standing(session, Actor(who.id, Role(who.role)), clock.now())
    return isinstance(may(actor, Act.SEE_FILE_DOCUMENT, about_part(session, file, part), notes), Allowed)


def test_passing_a_file_on_moves_access_and_is_kept_with_its_reason(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        before, after, manager = (account(session, clock) for _ in range(3))
        file = a_file(session, clock, before.id)
        allocation.allocate(session, file, after.id, why=WHY, by=manager.id, at=clock.now(), expected=before.id)
        assert (sees(session, clock, before, file, OWN), sees(session, clock, after, file, OWN)) == (False, True)
        [(row, why)] = allocation.history(session, file)
        assert (row.from_id, row.to_id, row.recorded_by, why) == (before.id, after.id, str(manager.id), WHY)
        entries = session.exec(select(AuditEntry).where(AuditEntry.act == "file_allocated")).all()
        assert [WHY in entry.detail for entry in entries] == [False]


@pytest.mark.parametrize("wrong", ["no reason", "same officer", "a manager", "disabled", "nobody"])
def test_a_file_is_passed_only_to_another_officer_and_with_a_reason(
    database: Database, clock: Clock, wrong: str
) -> None:
    with database.writing() as session:
        before, after, manager = account(session, clock), account(session, clock), account(session, clock, Role.MANAGER)
        file = a_file(session, clock, before.id)
        if wrong == "disabled":
            after.disabled_at = clock.now()
        to = {"same officer": before.id, "a manager": manager.id, "nobody": uuid4()}.get(wrong, after.id)
        with pytest.raises(RefusedByRule):
            allocation.allocate(
                session, file, to, why=" " if wrong == "no reason" else WHY, by=manager.id, at=clock.now()
            )
        assert file.officer_id == before.id


def test_of_two_managers_who_pass_a_file_on_one_wins(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        before, one, other, manager = (account(session, clock) for _ in range(4))
        file = a_file(session, clock, before.id)
        allocation.allocate(session, file, one.id, why=WHY, by=manager.id, at=clock.now(), expected=before.id)
        with pytest.raises(ChangedMeanwhile, match="passed this file on already"):
            allocation.allocate(session, file, other.id, why=WHY, by=manager.id, at=clock.now(), expected=before.id)
        assert file.officer_id == one.id


def test_all_files_of_somebody_who_leaves_go_to_another(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        leaving, staying, third, manager = (account(session, clock) for _ in range(4))
        files = [a_file(session, clock, leaving.id, number) for number in (1, 2, 3)]
        theirs = a_file(session, clock, third.id, 4)
        files[2].closed_at = clock.now()
        session.flush()
        assert allocation.allocate_all(session, leaving.id, staying.id, why=WHY, by=manager.id, at=clock.now()) == 3
        assert [file.officer_id for file in (*files, theirs)] == [staying.id, staying.id, staying.id, third.id], (
            "closed ones too"
        )
        with pytest.raises(RefusedByRule, match="has no files"):
            allocation.allocate_all(session, leaving.id, staying.id, why=WHY, by=manager.id, at=clock.now())


def test_break_glass_opens_a_file_ends_by_itself_and_tells_its_officer(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        own, other = account(session, clock), account(session, clock)
        file, another = a_file(session, clock, own.id, 1), a_file(session, clock, own.id, 2)
        assert not sees(session, clock, other, file, OWN)
        actor = Actor(other.id, Role.OFFICER)
        until = glass.break_glass(session, actor, file, Ground.ABSENCE, why=WHY, at=clock.now())
        assert until == clock.now() + LASTS
        assert sees(session, clock, other, file, OWN) and not sees(session, clock, other, another, OWN)
        assert with_standing(session, actor, until - timedelta(seconds=1)).glass == {file.id}
        assert with_standing(session, actor, until).glass == set()
        [task] = session.exec(select(TaskRow)).all()
        assert (task.file_id, task.for_officer) == (file.id, None)
        assert "“Who may see it”" in task.words  # where the reason stands
        [opened] = glass.of_file(session, file)
        assert (opened.account_id, opened.ground, opened.why) == (other.id, Ground.ABSENCE, WHY)
        assert glass.since(session, clock.now() - glass.WEEK) == [opened]
        assert glass.since(session, clock.now() + timedelta(seconds=1)) == []
        [entry] = session.exec(select(AuditEntry).where(AuditEntry.act == "glass_broken")).all()
        assert WHY not in entry.detail


def test_break_glass_without_a_reason_opens_nothing(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        own, other = account(session, clock), account(session, clock)
        file = a_file(session, clock, own.id)
        for why in ("", "  \n", "x" * 501):
            with pytest.raises(RefusedByRule):
                glass.break_glass(session, Actor(other.id, Role.OFFICER), file, Ground.ABSENCE, why=why, at=clock.now())
        assert not sees(session, clock, other, file, OWN)


def test_a_restricted_file_is_seen_by_those_named_until_it_is_lifted(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        own, named, other = (account(session, clock) for _ in range(3))
        manager, file = account(session, clock, Role.MANAGER), a_file(session, clock, own.id)
        placed = restrictions.place(
            session, file, Restriction.SAFEGUARDING, why=WHY, named=[named.id], by=str(manager.id), at=clock.now()
        )
        assert [sees(session, clock, who, file, STAFF) for who in (own, named, other, manager)] == [
            False,
            True,
            False,
            True,
        ]
        with pytest.raises(ChangedMeanwhile, match="already"):
            restrictions.place(session, file, Restriction.PROCESSING, why=WHY, by=str(manager.id), at=clock.now())
        with pytest.raises(RefusedByRule):
            restrictions.lift(session, file, placed, why="", by=str(manager.id), at=clock.now())
        restrictions.lift(session, file, placed, why="Over", by=str(manager.id), at=clock.now())
        assert all(sees(session, clock, who, file, STAFF) for who in (own, named, other, manager))
        with pytest.raises(ChangedMeanwhile, match="lifted already"):
            restrictions.lift(session, file, placed, why="Again", by=str(manager.id), at=clock.now())
        [kept] = restrictions.of_file(session, file)
        assert (kept.why, kept.why_lifted, kept.named) == (WHY, "Over", {named.id})


def test_one_document_can_be_restricted_by_itself(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        own, named, part, plain = account(session, clock), account(session, clock), uuid4(), uuid4()
        file = a_file(session, clock, own.id)
        restrictions.place(
            session,
            file,
            Restriction.SAFEGUARDING,
            why=WHY,
            named=[named.id],
            by=str(own.id),
            at=clock.now(),
            part_id=part,
        )
        assert restricted_parts(session, file.id) == {part}
        assert (sees(session, clock, own, file, STAFF, part), sees(session, clock, named, file, STAFF, part)) == (
            False,
            True,
        )
        assert sees(session, clock, own, file, STAFF, plain) and sees(session, clock, own, file, STAFF)
        with pytest.raises(RefusedByRule):
            restrictions.place(session, file, Restriction.PROCESSING, why=WHY, by="x", at=clock.now(), part_id=plain)


def test_restricted_processing_stands_on_the_file(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        own, manager = account(session, clock), account(session, clock, Role.MANAGER)
        file = a_file(session, clock, own.id)
        restrictions.place(session, file, Restriction.PROCESSING, why=WHY, named=[own.id], by="system", at=clock.now())
        assert about(file).restricted is Restriction.PROCESSING
        assert (sees(session, clock, own, file, OWN), sees(session, clock, manager, file, OWN)) == (False, True)


def test_the_newest_mark_of_a_document_counts(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        own = account(session, clock)
        file, part, other = a_file(session, clock, own.id), uuid4(), uuid4()
        for place, given in enumerate((GivenByChild.NOT_ASKED, GivenByChild.AGREES, GivenByChild.REFUSES)):
            at = clock.now() + timedelta(seconds=place)
            marks.mark(session, file, part, given, by=str(own.id), at=at)
        marks.mark(session, file, other, GivenByChild.NO, by=str(own.id), at=clock.now())
        assert marks.of_file(session, file.id) == {part: GivenByChild.REFUSES, other: GivenByChild.NO}


def joined(session: Session, clock: Clock, officer: UUID) -> tuple[ChildFile, ChildFile]:
    kept, taken = a_file(session, clock, officer, 1), a_file(session, clock, officer, 2)
    merging.merge(session, kept, taken, why="The mother said so.", by=str(officer), at=clock.now())
    return kept, taken


def test_joined_files_are_passed_on_together_and_nobody_is_left_before_a_shut_door(
    database: Database, clock: Clock
) -> None:
    """N10: reallocation moves access; of two files of one child both must be open, so both move, by whichever number."""
    with database.writing() as session:
        before, after, manager = (account(session, clock) for _ in range(3))
        kept, taken = joined(session, clock, before.id)
        allocation.allocate(session, taken, after.id, why=WHY, by=manager.id, at=clock.now(), expected=before.id)
        assert [sees(session, clock, after, each, OWN) for each in (kept, taken)] == [True, True]
        assert [sees(session, clock, before, each, OWN) for each in (kept, taken)] == [False, False]
        assert {why for _, why in allocation.history(session, kept)} == {WHY}
        assert len(allocation.history(session, kept)) == 2
        with pytest.raises(RefusedByRule, match="already"):
            allocation.allocate(session, kept, after.id, why=WHY, by=manager.id, at=clock.now())
        allocation.allocate_all(session, after.id, before.id, why=WHY, by=manager.id, at=clock.now())
        assert {kept.officer_id, taken.officer_id} == {before.id}


def test_who_is_named_on_a_joined_child_or_broke_glass_for_them_sees_all_its_files(
    database: Database, clock: Clock
) -> None:
    with database.writing() as session:
        own, other = account(session, clock), account(session, clock)
        kept, taken = joined(session, clock, own.id)
        glass.break_glass(session, Actor(other.id, Role.OFFICER), kept, Ground.ABSENCE, why=WHY, at=clock.now())
        assert [sees(session, clock, other, each, OWN) for each in (kept, taken)] == [True, True]
        assert len(glass.of_file(session, taken)) == 1
        restrictions.place(
            session, kept, Restriction.SAFEGUARDING, why=WHY, named=[own.id], by=str(own.id), at=clock.now()
        )
        assert [sees(session, clock, own, each, OWN) for each in (kept, taken)] == [True, True]
        assert [sees(session, clock, other, each, STAFF) for each in (kept, taken)] == [False, False]


def test_what_restricts_a_joined_child_is_listed_and_lifted_by_any_of_its_numbers(
    database: Database, clock: Clock
) -> None:
    """A document of the second file was restricted before they were joined: nobody could see that, or end it."""
    with database.writing() as session:
        own, part = account(session, clock), uuid4()
        kept, taken = a_file(session, clock, own.id, 1), a_file(session, clock, own.id, 2)
        by = str(own.id)
        placed = restrictions.place(
            session, taken, Restriction.SAFEGUARDING, why=WHY, by=by, at=clock.now(), part_id=part
        )
        merging.merge(session, kept, taken, why="The mother said so.", by=by, at=clock.now())
        assert [(one.id, one.why) for one in restrictions.of_file(session, kept)] == [(placed, WHY)]
        restrictions.lift(session, kept, placed, why="Over", by=by, at=clock.now())
        assert restricted_parts(session, kept.id) == frozenset()
        assert [one.why_lifted for one in restrictions.of_file(session, taken)] == ["Over"]


def test_restricted_files_are_not_taken_apart(database: Database, clock: Clock) -> None:
    """The other file would stay shut for ever: the one restriction is that of the file which was kept."""
    with database.writing() as session:
        own = account(session, clock)
        kept, taken = joined(session, clock, own.id)
        by, [joining] = str(own.id), merging.joined(session, kept)
        placed = restrictions.place(session, kept, Restriction.SAFEGUARDING, why=WHY, by=by, at=clock.now())
        with pytest.raises(RefusedByRule, match="restricted"):
            merging.unmerge(session, joining.id, by=by, at=clock.now())
        restrictions.lift(session, kept, placed, why="Over", by=by, at=clock.now())
        merging.unmerge(session, joining.id, by=by, at=clock.now())
        assert (kept.restricted, taken.restricted) == (None, None)


def test_what_is_said_of_a_document_stays_with_it_when_two_files_are_taken_apart(
    database: Database, clock: Clock
) -> None:
    """N10, W29: a restriction and the child's own no were kept with the other file, and the document lay open."""
    with database.writing() as session:
        own, part = account(session, clock), uuid4()
        kept, taken = joined(session, clock, own.id)
        by, [joining] = str(own.id), merging.joined(session, kept)
        session.add(
            Document(
                kind="page", key_id=taken.key_id, part_id=part, file_id=taken.id, blob=uuid4().hex,
                media_type="image/png", size=1, sha256=bytes(32), stored_at=clock.now(),
            )
        )  # fmt: skip
        session.flush()
        restrictions.place(session, kept, Restriction.SAFEGUARDING, why=WHY, by=by, at=clock.now(), part_id=part)
        marks.mark(session, kept, part, GivenByChild.REFUSES, by=by, at=clock.now())
        assert marks.of_file(session, kept.id) == {part: GivenByChild.REFUSES}
        merging.unmerge(session, joining.id, by=by, at=clock.now())
        assert (restricted_parts(session, kept.id), restricted_parts(session, taken.id)) == (frozenset(), {part})
        assert marks.of_file(session, taken.id) == {part: GivenByChild.REFUSES}
        assert marks.of_file(session, kept.id) == {}
        assert [one.why for one in restrictions.of_file(session, taken)] == [WHY]


def test_every_way_to_look_at_a_file_has_words_that_a_family_understands() -> None:
    """W24: a page whose entry reads as its code does ("Pack", "Several", "Told") tells them nothing."""
    source = [each for folder in ("records", "intake") for each in (ROOT / folder).rglob("*.py")]
    acts = {act for each in source for act in re.findall(r'"(file_[a-z_]+_seen)"', each.read_text())}
    assert len(acts) > 15
    assert acts - set(looks.WORDS) == set()
    assert (
        looks.said_to_family("file_pack_seen") == "The file"
    )  # that one parent gets copies is not for the other to read
