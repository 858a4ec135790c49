"""W33–W37: notes are appended and corrected, never overwritten; actions and outcomes; drafts for their writer alone."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from records import holds, tasks
from records.cases import drafts, notes, progress, referrals
from records.cases.tables import AgreedAction, CaseNote, NoteDraft, Referral, ReferralEnd
from records.cases.words import NoteKind, Outcome, ReferralState
from records.clock import Clock, fixed
from records.db import Database
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.holds import HoldKind, Scope
from records.people import merging
from records.policies.settings import Policy
from records.retention import reach
from records.staff.access import Actor
from records.vocabulary import Role
from tests.records.cases.conftest import OFFICER, TODAY, a_file, on_file, rows_with

ME = str(OFFICER)
YESTERDAY = TODAY - timedelta(days=1)


def test_a_correction_keeps_what_was_written(database: Database, westminster: Policy, clock: Clock) -> None:
    with database.writing() as session:
        file, referral = on_file(session, westminster, clock)
        thread = notes.write(
            session,
            file,
            referral,
            NoteKind.PROGRESS,
            "Meeting on Tusday",
            happened_on=YESTERDAY,
            actor=ME,
            at=clock.now(),
        )
        notes.correct(
            session, file, thread, "Meeting on Tuesday", happened_on=YESTERDAY, based_on=1, actor=ME, at=clock.now()
        )
    with database.reading() as session:
        [note] = notes.of_file(session, file)
        assert (note.now.text, note.now.number) == ("Meeting on Tuesday", 2)
        assert [before.text for before in note.before] == ["Meeting on Tusday"]
        assert notes.count(session, file.id) == 1
    assert rows_with(database, "Meeting on") == []


def test_of_two_corrections_one_wins_and_the_other_is_told(
    database: Database, westminster: Policy, clock: Clock
) -> None:
    with database.writing() as session:
        file, referral = on_file(session, westminster, clock)
        thread = notes.write(
            session, file, referral, NoteKind.DETAILS, "One", happened_on=TODAY, actor=ME, at=clock.now()
        )
        notes.correct(session, file, thread, "Two", happened_on=TODAY, based_on=1, actor=ME, at=clock.now())
    with database.writing() as session, pytest.raises(ChangedMeanwhile, match="at 12:00pm"):
        notes.correct(session, file, thread, "Three", happened_on=TODAY, based_on=1, actor=ME, at=clock.now())
    with database.reading() as session:
        assert [row.version for row in session.exec(select(CaseNote).order_by(CaseNote.version)).all()] == [1, 2]  # type: ignore[arg-type]


def test_a_note_needs_a_referral_of_its_file_and_a_day_that_has_come(
    database: Database, westminster: Policy, clock: Clock
) -> None:
    with database.writing() as session:
        file, referral = on_file(session, westminster, clock)
        other = a_file(session, clock)
        with pytest.raises(RefusedByRule, match="belongs to a referral"):
            notes.write(session, other, referral, NoteKind.DETAILS, "x", happened_on=TODAY, actor=ME, at=clock.now())
        with pytest.raises(RefusedByRule, match="future"):
            notes.write(
                session,
                file,
                referral,
                NoteKind.DETAILS,
                "x",
                happened_on=TODAY + timedelta(days=1),
                actor=ME,
                at=clock.now(),
            )
        thread = notes.write(
            session, file, referral, NoteKind.DETAILS, "x", happened_on=TODAY, actor=ME, at=clock.now()
        )
        with pytest.raises(NotFound):
            notes.one(session, other, thread)


def test_the_latest_progress_comes_first_and_a_late_note_is_marked(
    database: Database, westminster: Policy, clock: Clock
) -> None:
    with database.writing() as session:
        file, referral = on_file(session, westminster, clock)
        for day, text in ((10, "Old, written late"), (20, "Today"), (15, "Last week")):
            notes.write(
                session,
                file,
                referral,
                NoteKind.PROGRESS,
                text,
                happened_on=date(2026, 11, day),
                actor=ME,
                at=clock.now(),
            )
        assert [(note.now.text, note.now.late) for note in notes.of_file(session, file)] == [
            ("Today", False), ("Last week", False), ("Old, written late", True),
        ]  # fmt: skip


def test_an_action_is_agreed_late_and_done_once(database: Database, westminster: Policy, clock: Clock) -> None:
    with database.writing() as session:
        file, referral = on_file(session, westminster, clock)
        row = progress.agree(
            session, file, referral, what="Write to the school", who="Lee", agreed_with="The parent", due=YESTERDAY, actor=ME, at=clock.now()
        )  # fmt: skip
        me = Actor(OFFICER, Role.OFFICER)
        assert [(task.due, task.mine) for task in tasks.open_for(session, me, lambda _: True)] == [(YESTERDAY, True)]
        [action] = progress.actions(session, file)
        assert (action.what, action.open, action.late(TODAY), action.late(YESTERDAY)) == (
            "Write to the school",
            True,
            True,
            False,
        )
        progress.finish(session, file, row.id, done_on=TODAY, done="Letter sent", actor=ME, at=clock.now())
        [action] = progress.actions(session, file)
        assert (action.done, action.open, action.late(TODAY)) == ("Letter sent", False, False)
        assert tasks.open_for(session, me, lambda _: True) == []
        with pytest.raises(ChangedMeanwhile):
            progress.finish(session, file, row.id, done_on=TODAY, done="Again", actor=ME, at=clock.now())
    assert rows_with(database, "Letter sent") == []


def test_a_referral_ends_with_an_outcome_and_can_be_taken_up_again(
    database: Database, westminster: Policy, clock: Clock
) -> None:
    with database.writing() as session:
        file, referral = on_file(session, westminster, clock)
        progress.close(
            session, file, referral, Outcome.PARTLY, "A place from January", on=TODAY, actor=ME, at=clock.now()
        )
        assert (referral.state, referral.outcome) == (ReferralState.CLOSED, Outcome.PARTLY)
        with pytest.raises(ChangedMeanwhile):
            progress.close(session, file, referral, Outcome.RESOLVED, "", on=TODAY, actor=ME, at=clock.now())
        with pytest.raises(RefusedByRule):
            progress.agree(
                session, file, referral, what="x", who="x", agreed_with="", due=TODAY, actor=ME, at=clock.now()
            )
        progress.reopen(session, file, referral, "The place fell through", on=TODAY, actor=ME, at=clock.now())
        assert (referral.state, referral.outcome) == (ReferralState.OPEN, None)
        [history] = progress.ends(session, file).values()
        assert {(end.row.outcome, end.words) for end in history} == {
            (None, "The place fell through"), ("partly", "A place from January"),
        }  # fmt: skip
    with database.reading() as session:
        assert [row.number for row in referrals.of_file(session, file.id)] == [referral.number]


def test_a_draft_is_its_writers_alone_and_goes_when_saved_or_old(
    database: Database, westminster: Policy, clock: Clock
) -> None:
    with database.writing() as session:
        file, referral = on_file(session, westminster, clock)
        slot = f"new:{referral.id}"
        drafts.keep(session, file, OFFICER, slot, {"text": "Half a thou"}, at=clock.now())
        drafts.keep(session, file, OFFICER, slot, {"text": "Half a thought"}, at=clock.now())
    assert rows_with(database, "Half a") == []
    with database.writing() as session:
        found = drafts.find(session, file, OFFICER, slot)
        assert found is not None and found[0] == {"text": "Half a thought"}
        assert drafts.find(session, file, uuid4(), slot) is None
        assert drafts.forget_old(session, at=clock.now() + timedelta(days=30)) == 0
        hold = holds.place(
            session, kind=HoldKind.COURT, scope=Scope.FILE, subject_id=file.id, authority="A court", reason="A claim.", by="kim", at=clock.now()
        )  # fmt: skip
        assert drafts.forget_old(session, at=clock.now() + timedelta(days=31)) == 0, (
            "R44: what is on hold is not thrown away"
        )
        holds.release(session, hold.id, why="Settled.", by="kim", at=clock.now())
        assert drafts.forget_old(session, at=clock.now() + timedelta(days=31)) == 1
        assert session.exec(select(NoteDraft)).all() == []
        drafts.keep(session, file, OFFICER, slot, {"text": "Again"}, at=clock.now())
        drafts.keep(session, file, OFFICER, slot, {"text": "  "}, at=clock.now())
        assert drafts.find(session, file, OFFICER, slot) is None


def test_a_draft_far_too_long_is_refused_and_the_last_one_stays(database: Database, westminster: Policy, clock: Clock) -> None:  # fmt: skip
    with database.writing() as session:
        file, _ = on_file(session, westminster, clock)
        drafts.keep(session, file, OFFICER, "s", {"text": "Kept"}, at=clock.now())
    with database.writing() as session, pytest.raises(RefusedByRule):
        drafts.keep(session, file, OFFICER, "s", {"text": "a" * (drafts.MOST + 1)}, at=clock.now())
    with database.reading() as session:
        found = drafts.find(session, file, OFFICER, "s")
        assert found is not None and found[0] == {"text": "Kept"}


def test_a_clock_in_another_zone_counts_the_day_in_london(
    database: Database, westminster: Policy, clock: Clock
) -> None:
    """Half past midnight in London on 1 July is still 30 June in UTC."""
    night = fixed(clock.now().replace(month=6, day=30, hour=23, minute=30))
    with database.writing() as session:
        file, referral = on_file(session, westminster, night)
        notes.write(
            session, file, referral, NoteKind.RISK, "None known", happened_on=date(2026, 7, 1), actor=ME, at=night.now()
        )
        assert notes.count(session, file.id) == 1


def test_notes_of_joined_files_stand_together_and_part_again(
    database: Database, westminster: Policy, clock: Clock
) -> None:
    with database.writing() as session:
        kept, first = on_file(session, westminster, clock)
        taken, second = on_file(session, westminster, clock)
        notes.write(
            session, kept, first, NoteKind.DETAILS, "On the kept file", happened_on=TODAY, actor=ME, at=clock.now()
        )
        thread = notes.write(
            session, taken, second, NoteKind.DETAILS, "On the other", happened_on=TODAY, actor=ME, at=clock.now()
        )
        merging.merge(session, kept, taken, why="One child", by=ME, at=clock.now())
        notes.correct(session, kept, thread, "Corrected", happened_on=TODAY, based_on=1, actor=ME, at=clock.now())
        progress.agree(
            session, kept, second, what="Ring", who="We", agreed_with="", due=TODAY, actor=ME, at=clock.now()
        )
        assert {note.now.text for note in notes.of_file(session, kept)} == {"On the kept file", "Corrected"}
        assert {row.number for row in referrals.of_file(session, kept.id)} == {first.number, second.number}
        assert [action.what for action in progress.actions(session, kept)] == ["Ring"]
        assert {row.file_id for row in session.exec(select(CaseNote)).all() if row.thread_id == thread} == {taken.id}


def test_nothing_of_a_destroyed_file_is_left(database: Database, westminster: Policy, clock: Clock) -> None:
    """R48: the run that destroys a file finds every table of this slice by itself."""
    with database.writing() as session:
        file, referral = on_file(session, westminster, clock)
        notes.write(session, file, referral, NoteKind.DETAILS, "x", happened_on=TODAY, actor=ME, at=clock.now())
        progress.agree(session, file, referral, what="x", who="x", agreed_with="", due=TODAY, actor=ME, at=clock.now())
        progress.close(session, file, referral, Outcome.PARTLY, "", on=TODAY, actor=ME, at=clock.now())
        drafts.keep(session, file, OFFICER, f"new:{referral.id}", {"text": "x"}, at=clock.now())
        found = reach.of_files(session, [file])
        reach.erase(session, found)
        assert reach.left(session, found) == 0
        for table in (CaseNote, NoteDraft, Referral, AgreedAction, ReferralEnd):
            assert session.exec(select(table)).all() == [], table
