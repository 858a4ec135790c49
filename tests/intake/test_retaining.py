"""G7, R46-R53, P11, P12: destroyed are the approved files, whole, once, late rather than early, and nothing of them is found again."""

import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import pytest
from PIL import Image
from sqlmodel import Session, col, func, select

from intake import erasing, retaining
from intake.dispatch.worker import limits_from
from intake.wiring import Paperchain
from records import holds
from records.audit import trail
from records.audit.chain import Whole
from records.audit.tables import AuditEntry
from records.cases import closing
from records.cases.tables import CaseNote, Referral
from records.clock import Clock, fixed
from records.custody import pictures
from records.custody.tables import Original
from records.db import Database
from records.documents import holdings, keyring
from records.documents.envelope import seal_json
from records.documents.store import FolderStore
from records.documents.tables import Document, WrappedKey
from records.errors import ChangedMeanwhile, Damaged, NotFound, RefusedByRule
from records.holds import Category, HoldKind, Scope, many
from records.people import merging, register
from records.people.birthdates import BirthDate
from records.people.register import add_birth_date
from records.people.tables import ChildFile, Person
from records.post.tables import Item, Page, Part, StorageRefusal
from records.requests import incidents
from records.requests.breach import IncidentKind, Risk
from records.requests.tables import Incident
from records.retention import (
    alarms,
    certificate,
    disposal,
    erased,
    facts,
    keeping,
    ledger,
    months,
    reach,
    run,
    the_clock,
    verifying,
)
from records.retention.clock_guard import Cap
from records.retention.disposal import ListState, TakeOff
from records.retention.run import Result
from records.retention.stops import Stop, stops
from records.retention.tables import Destroyed, DestructionRun, DisposalLine, DisposalList, PendingBlob
from records.tasks.tables import TaskRow
from records.vocabulary import DocumentKind, PaperOutcome
from tests.builders import at, made_on, settings
from tests.intake.test_erasing import everything, plain_bytes, shared_scan
from tests.retaining import (
    ADMIN,
    GENEROUS,
    LONG_DUE,
    MANAGER,
    OFFICER,
    approved,
    clock_at,
    days_on,
    family,
    number_of,
    run_over,
    there,
)
from tests.retaining import tools as retaining_tools
from tests.reviewing import arrived, rows
from tests.together import at_once

BOTH = pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])
"""The embedded database for all, PostgreSQL as well where the database itself matters."""


def list_one(session: Session, chain: Paperchain, file: UUID, rules: facts.Rules) -> None:
    """Proposes one file for destruction."""
    number = session.get_one(ChildFile, file).number
    disposal.propose(session, [number], rules=rules, cap=GENEROUS, by=ADMIN, at=chain.clock.now())


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def chain(tmp_path: Path, database: Database, clock: Clock) -> Paperchain:
    return made_on(database, tmp_path, clock)


def line_of(chain: Paperchain, file: UUID) -> DisposalLine:
    with chain.db.reading() as session:
        return session.exec(select(DisposalLine).where(DisposalLine.file_id == file)).one()


def hold(chain: Paperchain, file: UUID) -> None:
    with chain.db.writing() as session:
        holds.place(
            session, kind=HoldKind.COMPLAINT, scope=Scope.FILE, subject_id=file, authority="The regulator",
            reason="A complaint.", by=OFFICER, at=chain.clock.now(),
        )  # fmt: skip


@BOTH
def test_an_approved_file_goes_whole_and_no_other(chain: Paperchain) -> None:
    going, staying = family(chain, with_text=True), family(chain, "Ash Canarytwo", "Robin Canarytwo", with_text=True)
    approved(chain, going)
    done = run_over(days_on(chain, 32))

    assert (done.result, done.files, done.stopped) == (Result.DONE, 1, 0)
    assert not there(chain, going) and there(chain, staying)
    with chain.db.reading() as session:
        kept = session.exec(select(Document)).all()
        assert {document.file_id for document in kept} == {staying}
        assert sorted(document.blob for document in kept) == sorted(chain.store.names())
        for document in kept:
            holdings.fetch(session, chain.store, document)
        assert isinstance(trail.check(session), Whole)
    assert line_of(chain, going).due is None, "with the date somebody's birthday would remain (R51)"


@BOTH
def test_nothing_of_four_destroyed_families_is_found_and_four_others_are_whole(
    chain: Paperchain, tmp_path: Path
) -> None:
    """P12: names in every place where a person can write one, looked for in rows, in files, and in the opened database."""
    names = [f"Canary{letter} Wrenfield" for letter in "abcdefgh"]
    files = [family(chain, name, f"Carer {name}", with_text=True) for name in names]
    secrets: dict[UUID, list[bytes]] = {}
    for name, file in zip(names, files, strict=True):
        written(chain, file, name)
        secrets[file] = sealed(chain, file)
    going, staying = files[::2], files[1::2]
    approved(chain, *going)
    done = run_over(days_on(chain, 32))
    assert (done.result, done.files) == (Result.DONE, 4)

    found = "\n".join(everything(chain))
    assert not any(name in found for name in names), "no name stands in clear anywhere, destroyed or not"
    for path in chain.settings.home.rglob("*"):
        assert not path.is_file() or not any(name.encode() in path.read_bytes() for name in names)
    if chain.db.embedded:
        assert (tmp_path / "paperchain.db-wal").stat().st_size == 0
        after = plain_bytes(chain, tmp_path / "paperchain.db")
        assert [secret for file in going for secret in secrets[file] if secret in after] == []
        assert all(secret in after for file in staying for secret in secrets[file]), "the search itself must find"
    with chain.db.reading() as session:
        names_left = {person.name for file in session.exec(select(ChildFile)) for person in people(session, file)}
        assert set(names[1::2]) <= names_left
        assert session.exec(select(func.count()).select_from(WrappedKey)).one() > 0


def people(session: Session, file: ChildFile):  # type: ignore[no-untyped-def]
    from records.people import register

    return register.people(session, file)


def written(chain: Paperchain, file_id: UUID, name: str) -> None:
    """Everything that staff may have written about a family."""
    now = chain.clock.now()
    with chain.db.writing() as session:
        file = session.get_one(ChildFile, file_id)
        key = keyring.open_key(session, file.key_id)
        placed = holds.place(
            session, kind=HoldKind.COURT, scope=Scope.FILE, subject_id=file_id, authority=f"Lawyer of {name}",
            reason=f"{name} claims.", by=OFFICER, at=now,
        )  # fmt: skip
        holds.release(session, placed.id, why=f"{name} has settled.", by=OFFICER, at=now)
        row = session.get_one(holds.register.HoldRow, placed.id)
        row.lifted_on = date(2026, 1, 1)  # long enough ago for the notice of R45
        session.add(row)
        referral = Referral(
            number=file.number, state="closed", capacity="parent", by_self=True, received_on=date(2026, 1, 5), file_id=file_id,
            outcome="advice_given", policy_version="1", recorded_by=OFFICER, recorded_at=now, changed_by=OFFICER, changed_at=now,
        )  # fmt: skip
        referral.sealed = seal_json(key, {"name": name}, referral.id.bytes)
        session.add(referral)
        session.flush()
        note = CaseNote(
            file_id=file_id, referral_id=referral.id, thread_id=uuid4(), version=1, kind="call", happened_on=date(2026, 2, 1),
            sealed=b"", recorded_by=OFFICER, recorded_at=now,
        )  # fmt: skip
        note.sealed = seal_json(key, {"text": f"Talked with {name}."}, note.id.bytes)
        session.add(note)


def sealed(chain: Paperchain, file_id: UUID) -> list[bytes]:
    """Bytes of the database that belong to one family: its wrapped key, its sealed names, notes and pages' text."""
    with chain.db.reading() as session:
        file = session.get_one(ChildFile, file_id)
        found = [bytes(session.get_one(WrappedKey, file.key_id).wrapped)]
        found += [bytes(row.sealed) for row in session.exec(select(Person).where(Person.file_id == file_id))]
        found += [bytes(row.sealed) for row in session.exec(select(CaseNote).where(CaseNote.file_id == file_id))]
    return found


@pytest.mark.parametrize("minutes", [0.0, 31 * 24 * 60])
def test_nothing_goes_before_the_days_of_grace_are_over(chain: Paperchain, minutes: float) -> None:
    """Approved on day 0, 30 days of grace, and a day's margin for a clock that is a day ahead."""
    file = family(chain)
    approved(chain, file)
    assert run_over(days_on(chain, minutes / 1440)).result is Result.NOTHING
    assert there(chain, file)
    assert run_over(days_on(chain, 32)).files == 1


@BOTH
def test_a_hold_placed_one_statement_before_wins(chain: Paperchain) -> None:
    file = family(chain)
    approved(chain, file)
    later = days_on(chain, 32)
    hold(later, file)
    done = run_over(later)

    assert (done.files, done.stopped) == (0, 1)
    assert there(chain, file) and line_of(chain, file).why == "hold"


def test_a_hold_placed_while_the_run_is_under_way_saves_the_next_file(chain: Paperchain) -> None:
    first, second = family(chain), family(chain, "Ash Canarytwo", "Robin Canarytwo")
    approved(chain, first, second)
    later, calls = days_on(chain, 32), []

    def elapsed() -> float:
        calls.append(1)
        if len(calls) == 3:  # asked before the second file
            hold(later, second)
        return 0.0

    done = run_over(later, elapsed=elapsed)
    assert (done.files, done.stopped) == (1, 1)
    assert not there(chain, first) and there(chain, second)


def open_case(chain: Paperchain, file: UUID) -> None:
    now = chain.clock.now()
    with chain.db.writing() as session:
        session.add(Referral(
            number=900, state="open", capacity="parent", by_self=True, received_on=chain.clock.today(), file_id=file,
            policy_version="1", recorded_by=OFFICER, recorded_at=now, changed_by=OFFICER, changed_at=now,
        ))  # fmt: skip


def another_date(chain: Paperchain, file: UUID) -> None:
    with chain.db.writing() as session:
        born = BirthDate.on(date(2001, 3, 2))
        add_birth_date(
            session, session.get_one(ChildFile, file), born, part_id=None, actor=OFFICER, at=chain.clock.now()
        )


def keep_longer(chain: Paperchain, file: UUID) -> None:
    with chain.db.writing() as session:
        keeping.keep_to(
            session, session.get_one(ChildFile, file), date(2030, 1, 1), "A sister is with us.",
            rules=facts.rules(chain.policy_on, chain.clock.today()), by=MANAGER, at=chain.clock.now(),
        )  # fmt: skip


def paper_back(chain: Paperchain, file: UUID) -> None:
    with chain.db.writing() as session:
        paper = session.exec(select(Original).where(Original.file_id == file)).one()
        paper.state = "held"
        session.add(paper)


def open_again(chain: Paperchain, file: UUID) -> None:
    with chain.db.writing() as session:
        closing.reopen(
            session, session.get_one(ChildFile, file), "They rang", on=chain.clock.today(), actor=OFFICER, at=chain.clock.now()
        )  # fmt: skip


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (hold, "hold"), (open_case, "open"), (open_again, "open"), (another_date, "date_changed"), (keep_longer, "not_due"), (paper_back, "papers"),
    ],
)  # fmt: skip
def test_whatever_changed_since_the_approval_keeps_the_file(
    chain: Paperchain, happens: Callable[[Paperchain, UUID], None], why: str
) -> None:
    """R46: counted anew at the moment of destruction."""
    file, other = family(chain), family(chain, "Ash Canarytwo", "Robin Canarytwo")
    approved(chain, file, other)
    later = days_on(chain, 32)
    happens(later, file)
    done = run_over(later)

    assert (done.files, done.stopped) == (1, 1)
    assert there(chain, file) and not there(chain, other)
    assert line_of(chain, file).why == why


def test_a_due_file_that_nobody_closed_stays_and_its_officer_is_asked_each_time_anew(chain: Paperchain) -> None:
    """R36: neither destroyed unseen nor kept for ever unseen."""
    file, over = family(chain, closed=False), family(chain, "Ash Canarytwo", "Robin Canarytwo")
    retaining.daily(chain)
    retaining.daily(days_on(chain, 1))
    with chain.db.writing() as session:
        rules = facts.rules(chain.policy_on, chain.clock.today())
        found, total = disposal.candidates(session, rules, chain.clock.today())
        assert total == 2 and {one.facts.file_id: [each.why for each in one.why] for one in found} == {
            file: [Stop.OPEN],
            over: [],
        }
        with pytest.raises(RefusedByRule, match="Nobody has closed this file"):
            list_one(session, chain, file, rules)
    [asked] = [task for task in rows(chain, TaskRow) if task.kind == "close_or_keep"]
    assert (asked.file_id, asked.closed_at, "14" in asked.words) == (file, None, False)
    keep_longer(chain, file)
    [asked] = [task for task in rows(chain, TaskRow) if task.kind == "close_or_keep"]
    assert asked.closed_at is not None, "it was decided"


def test_a_moratorium_keeps_everything_in_one_step(chain: Paperchain) -> None:
    files = [family(chain, f"Ash Canary{number}", "Robin Canary") for number in range(3)]
    approved(chain, *files)
    later = days_on(chain, 32)
    with later.db.writing() as session:
        holds.place(
            session, kind=HoldKind.MORATORIUM, scope=Scope.EVERYTHING, authority="Statutory inquiry", reason="Letter of today.",
            by=MANAGER, at=later.clock.now(),
        )  # fmt: skip
    assert (run_over(later).files, all(there(chain, file) for file in files)) == (0, True)


def test_a_hold_stops_a_refusal_to_store_too(chain: Paperchain) -> None:
    (part,) = arrived(chain)
    with chain.db.writing() as session:
        item = session.exec(select(Item)).one()
        holds.place(
            session, kind=HoldKind.SAFEGUARDING, scope=Scope.ITEM, subject_id=item.id, authority="Lead for safeguarding",
            reason="An enquiry.", by=OFFICER, at=chain.clock.now(),
        )  # fmt: skip
    with pytest.raises(RefusedByRule, match="on hold"):
        erasing.refuse_storing(
            chain, part, paper=PaperOutcome.RETURNED, actor=uuid4(), version=rows(chain, Part)[0].version,
            limits=limits_from(chain.settings),
        )  # fmt: skip
    assert rows(chain, StorageRefusal) == [] and rows(chain, Part)


def test_a_safeguarding_hold_of_before_the_filing_is_one_of_the_file(chain: Paperchain) -> None:
    """R46: it was placed on the item, which belonged to no file then. A manager looks at the file all the same, and so for a hold over
    every file that has had one."""
    part, at = arrived(chain)[0], chain.clock.now()
    with chain.db.writing() as session:
        item = session.exec(select(Item)).one()
        early = holds.place(
            session, kind=HoldKind.SAFEGUARDING, scope=Scope.ITEM, subject_id=item.id, authority="Lead for safeguarding",
            reason="An enquiry.", by=OFFICER, at=at,
        )  # fmt: skip
    file, other = family(chain, part=part), family(chain, "Ash Canarytwo", "Robin Canarytwo")
    with chain.db.writing() as session:
        holds.release(session, early.id, why="It is over.", by=MANAGER, at=at)
        rules, later = facts.rules(chain.policy_on, chain.clock.today()), chain.clock.today() + timedelta(days=60)
        for each, wanted in ((file, [Stop.REVIEW]), (other, [])):
            row = register.get(session, each)
            found = facts.of_file(session, row)
            for situation in (
                facts.situation(session, row, found, rules),
                *facts.situations(session, [found], rules),
            ):
                assert [one.why for one in stops(situation, later)] == wanted
        category = Category.SAFEGUARDING_FILES
        kept = holds.place(
            session, kind=HoldKind.MORATORIUM, scope=Scope.CATEGORY, category=category, authority="An inquiry",
            reason="Its letter.", by=MANAGER, at=at,
        )  # fmt: skip
        assert [one.id for one in holds.blocking(session, file_id=file)] == [kept.id]
        assert holds.blocking(session, file_id=other) == ()
        of = {
            one.id: session.exec(select(Part.item_id).where(Part.file_id == one.id)).one()
            for one in session.exec(select(ChildFile))
        }
        lists = many.of_items(session, list(of.values()))
        assert {file_id: len(lists[item_id]) for file_id, item_id in of.items()} == {file: 1, other: 0}


NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(datetime(1970, 1, 1, tzinfo=UTC), id="1970"),
        pytest.param(datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC), id="2038"),
        pytest.param(datetime(2070, 6, 1, tzinfo=UTC), id="2070"),
        pytest.param(NOON - timedelta(hours=1), id="an hour back"),
        pytest.param(NOON + timedelta(days=36), id="36 days without a word"),
    ],
)
def test_a_wrong_clock_destroys_nothing(chain: Paperchain, wrong: datetime) -> None:
    file, young = family(chain), family(chain, "Ash Canarytwo", "Robin Canarytwo", born=date(2012, 1, 1))
    approved(chain, file)
    done = run_over(chain, clock=fixed(wrong))

    assert done.result is Result.CLOCK and "Nothing is destroyed" in done.words
    assert there(chain, file) and there(chain, young)


def test_a_clock_a_day_ahead_ends_no_grace_early(chain: Paperchain) -> None:
    file = family(chain)
    approved(chain, file)
    true_day = days_on(chain, 30)  # the last day of grace
    assert run_over(days_on(true_day, 1)).result is Result.NOTHING
    assert there(chain, file)


def test_one_sign_in_under_a_wrong_clock_does_not_make_it_right(chain: Paperchain) -> None:
    """Without looking for gaps along the record, any entry of 2038 would vouch for 2038."""
    file = family(chain)
    approved(chain, file)
    wrong = clock_at(chain, datetime(2038, 1, 19, tzinfo=UTC))
    with wrong.db.writing() as session:
        trail.append(
            session, actor=OFFICER, act="signed_in", subject_kind="account", subject_id=OFFICER, at=wrong.clock.now()
        )
    assert run_over(days_on(wrong, 0.1)).result is Result.CLOCK
    assert there(chain, file)


def test_a_person_may_say_that_the_date_is_right_after_a_long_silence(chain: Paperchain) -> None:
    file = family(chain)
    approved(chain, file)
    later = days_on(chain, 60)
    assert run_over(later).result is Result.CLOCK
    assert run_over(later, vouched=True).files == 1
    with chain.db.reading() as session:
        vouched = session.exec(select(AuditEntry).where(AuditEntry.act == "clock_vouched")).one()
    assert vouched.actor == MANAGER


def test_a_clock_that_jumps_during_the_run_ends_it(chain: Paperchain) -> None:
    first, second = family(chain), family(chain, "Ash Canarytwo", "Robin Canarytwo")
    approved(chain, first, second)
    start, asked = chain.clock.now() + timedelta(days=32), []

    def now() -> datetime:
        asked.append(1)
        return start if there(chain, first) else start + timedelta(hours=1)

    done = run_over(at(chain, Clock(now)), elapsed=lambda: 0.0)
    assert done.result is Result.CLOCK and "jumped" in done.words
    assert not there(chain, first) and there(chain, second)
    assert run_over(days_on(chain, 32.1)).files == 2, "the run goes on when the clock is right"


def test_a_changed_record_destroys_nothing(chain: Paperchain) -> None:
    file = family(chain)
    approved(chain, file)
    with chain.db.writing() as session:
        entry = session.exec(select(AuditEntry).order_by(col(AuditEntry.sequence))).first()
        assert entry is not None
        entry.actor = "somebody-else"
        session.add(entry)
    assert run_over(days_on(chain, 32)).result is Result.CHAIN
    assert there(chain, file)


def test_more_than_the_cap_destroys_nothing_at_all(chain: Paperchain) -> None:
    files = [family(chain, f"Ash Canary{number}", "Robin Canary") for number in range(3)]
    approved(chain, *files)
    done = run_over(days_on(chain, 32), cap=Cap(files=2, percent=100))
    assert done.result is Result.CAP and all(there(chain, file) for file in files)


def test_a_list_that_has_become_too_long_for_a_run_is_told_until_files_are_taken_off(chain: Paperchain) -> None:
    """P11: the share of all files shrinks with every run, so a list of the right length can wait too long and stop those after it."""
    files = [family(chain, f"Ash Canary{number}", "Robin Canary") for number in range(2)]
    number, smaller, then = approved(chain, *files), Cap(files=1, percent=100), days_on(chain, 32)
    assert run_over(then, cap=smaller, by=trail.SYSTEM).result is Result.CAP
    stuck = f"List {number} holds more files than one run may destroy"
    with chain.db.reading() as session:
        assert any(each.startswith(stuck) for each in alarms.warnings(session, then.clock.now(), smaller))
        last = session.get_one(ChildFile, files[1]).number
    with chain.db.writing() as session:
        disposal.take_off(session, number, last, TakeOff.STILL_NEEDED, by=MANAGER, at=then.clock.now())
    with chain.db.reading() as session:  # at once, not after the next run
        assert not any(each.startswith(stuck) for each in alarms.warnings(session, then.clock.now(), smaller))
    assert run_over(then, cap=smaller, by=trail.SYSTEM).files == 1
    with chain.db.reading() as session:
        assert not any(each.startswith(stuck) for each in alarms.warnings(session, then.clock.now(), smaller))


def test_the_oldest_list_is_next_however_many_came_after_it(chain: Paperchain) -> None:
    first = approved(chain, family(chain))
    with chain.db.writing() as session:
        grace = disposal.get(session, first).grace_until
        for number in range(first + 1, first + 102):
            session.add(
                DisposalList(
                    number=number, state=ListState.APPROVED, policy_version="1", proposed_by=ADMIN, grace_until=grace,
                    proposed_at=chain.clock.now(),
                )
            )  # fmt: skip
    with chain.db.reading() as session:
        found = run.next_list(session, days_on(chain, 32).clock.today())
    assert found is not None and found.number == first


@pytest.mark.parametrize(("files", "most"), [(0, 1), (10, 1), (49, 1), (100, 2), (999, 19), (1000, 20), (50000, 20)])
def test_the_cap_is_the_smaller_of_twenty_and_two_in_a_hundred(files: int, most: int) -> None:
    assert Cap().of(files) == most


def test_by_itself_it_runs_once_a_month_and_by_hand_when_somebody_says_so(chain: Paperchain) -> None:
    """R51: the day of what it destroys by itself tells nothing; a person may not want to wait for the next month."""
    files = [family(chain, f"Ash Canary{number}", f"Robin Canary{number}") for number in range(3)]
    for file in files:
        approved(chain, file)
    later = clock_at(chain, datetime(2026, 12, 23, 9, tzinfo=UTC))
    assert run_over(later, by=trail.SYSTEM).files == 1
    assert run_over(days_on(later, 1), by=trail.SYSTEM).result is Result.THIS_MONTH_DONE
    assert [there(chain, file) for file in files] == [False, True, True]
    assert run_over(days_on(later, 1)).files == 1
    assert run_over(days_on(later, 9), by=trail.SYSTEM).files == 1
    assert not any(there(chain, file) for file in files)


@BOTH
def test_a_crash_in_the_middle_is_finished_by_the_next_run(chain: Paperchain) -> None:
    files = [family(chain, f"Ash Canary{number}", "Robin Canary") for number in range(3)]
    approved(chain, *files)
    later, deleted = days_on(chain, 32), []

    class Killed(BaseException):
        pass

    class Dying(FolderStore):
        def delete(self, name: str) -> None:
            deleted.append(name)
            if len(deleted) == 2:
                raise Killed
            super().delete(name)

    with pytest.raises(Killed):
        run_over(later, store=Dying(chain.settings.documents))
    assert [there(chain, file) for file in files] == [False, False, False]
    assert rows(chain, PendingBlob), "their bytes are known to be still there"
    done = run_over(later)
    assert (done.result, done.files) == (Result.DONE, 3)
    assert rows(chain, PendingBlob) == [] and list(chain.store.names()) == []
    assert len(rows(chain, Destroyed)) == 3 and len(rows(chain, DestructionRun)) == 1
    assert run_over(later).result is Result.NOTHING


def test_the_certificate_says_whose_names_could_not_be_looked_for(chain: Paperchain) -> None:
    """R52: names are held in memory only; those of files that went before a crash are known to nobody."""
    first, second = family(chain), family(chain, "Ash Canarytwo", "Robin Canarytwo")
    approved(chain, first, second)
    later = days_on(chain, 32)
    with chain.db.writing() as session:
        going = run._begin(session, retaining_tools(later), MANAGER)
    assert not isinstance(going, run.Outcome)
    with chain.db.reading() as session:
        line = session.exec(select(DisposalLine).where(DisposalLine.file_id == first)).one().id
    run._destroy(retaining_tools(later), going, line)  # and here the machine stopped
    done = run_over(later)
    assert done.files == 2 and "names on 1 file destroyed before were not searched for" in done.words
    with chain.db.reading() as session:
        made = certificate.of_run(session, going.number)
        assert made.unsearched == 1
        assert (
            "The names on 1 file that had been destroyed before were not searched for"
            in certificate.checked(made.run, 1)[0]
        )
        assert "not searched" not in certificate.checked(made.run)[0]


def test_asked_about_a_file_that_was_erased_on_request_its_certificate_is_named(chain: Paperchain) -> None:
    """R53."""
    file = family(chain)
    what = ledger.What(
        ledger.ERASURE, "R31", "1", None, chain.clock.today(), OFFICER, "", MANAGER, file_id=file, file_number=1
    )
    with chain.db.writing() as session:
        run.erase_files(session, [session.get_one(ChildFile, file)], what, without=None)
        said = certificate.answer(ledger.asked_later(session, 1))
    assert said is not None and "None" not in said and said.endswith("certificate E-1.")


def test_a_crash_between_two_files_leaves_whole_files(chain: Paperchain) -> None:
    files = [family(chain, f"Ash Canary{number}", "Robin Canary") for number in range(3)]
    approved(chain, *files)
    later, calls = days_on(chain, 32), []

    def elapsed() -> float:
        calls.append(1)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return 0.0

    with pytest.raises(KeyboardInterrupt):
        run_over(later, elapsed=elapsed)
    assert [there(chain, file) for file in files].count(False) == 2
    assert run_over(later).files == 3
    assert list(chain.store.names()) == []


def test_what_is_still_found_is_told_as_an_incident(chain: Paperchain) -> None:
    file = family(chain, "Rowan Canaryone")
    approved(chain, file)
    forgotten = chain.settings.home / "logs" / "old.txt"
    forgotten.parent.mkdir()
    forgotten.write_text("about Rowan Canaryone, who asked")
    done = run_over(days_on(chain, 32))
    assert done.result is Result.UNVERIFIED
    (ran,) = rows(chain, DestructionRun)
    assert (ran.verified, ran.found) == (False, 1)
    with (
        chain.db.writing() as session
    ):  # an erasure on request that leaves something is one too; looked for twice, it is one
        for _ in range(2):
            erased.note_looked(session, 7, erased.Looked(3, 1), by=MANAGER, clock=chain.clock)
        erased.note_looked(session, 8, erased.Looked(0, 1), by=MANAGER, clock=chain.clock)
    with chain.db.reading() as session:
        said = [
            session.exec(select(TaskRow.words).where(TaskRow.key == f"incident:{row.id}")).one()
            for row in rows(chain, Incident)
        ]
    assert [words.partition(":")[0] for words in said] == ["Incident 1, certificate 1", "Incident 2, certificate E-7"]


def test_a_breach_stays_in_its_register_without_the_family(chain: Paperchain) -> None:
    """R71: everything is logged, and the log outlives the file; R50: nothing that was written about the family does."""
    file, now = family(chain, "Rowan Canaryone"), chain.clock.now()
    with chain.db.writing() as session:
        row = incidents.record(
            session, kind=IncidentKind.WRONG_ENVELOPE, words="The letter of Rowan Canaryone went astray", aware_at=now, by=MANAGER, at=now,
            file=session.get_one(ChildFile, file),
        )  # fmt: skip
        key_id = row.key_id
    with pytest.raises(RefusedByRule, match="A complaint, or a case with the regulator"):
        approved(chain, file)  # nothing that is looked into is destroyed meanwhile
    with chain.db.writing() as session:
        row = incidents.get(session, 1)
        incidents.judge(session, row, Risk.UNLIKELY, "Rowan Canaryone has it back", by=MANAGER, at=now)
        incidents.close(session, row, "New envelopes", by=MANAGER, at=now)
    later = days_on(chain, 20)
    approved(later, file)
    assert run_over(days_on(later, 32)).result is Result.DONE  # with the search of every stored byte for the names
    with chain.db.reading() as session:
        (kept,) = session.exec(select(Incident)).all()
        assert (kept.kind, kept.risk, kept.file_id, kept.sealed) == ("wrong_envelope", "unlikely", None, b"")
        assert kept.closed_at == now
        assert incidents.words_of(session, kept) == incidents.GONE
        assert [(line.what, line.words) for line in incidents.lines(session, kept)] == [("judged", ""), ("closed", "")]
        assert session.get(WrappedKey, key_id) is None


@BOTH
def test_another_familys_pages_in_the_same_scan_stay(chain: Paperchain) -> None:
    scan, drawn = shared_scan()
    one, two = arrived(chain, forms=2, scanned=scan)
    going = family(chain, part=one)
    staying = family(chain, "Ash Canarytwo", "Robin Canarytwo", part=two, born=date(2012, 1, 1))
    approved(chain, going)
    assert run_over(days_on(chain, 32)).result is Result.DONE

    assert not there(chain, going)
    with chain.db.reading() as session:
        item = session.exec(select(Item)).one()
        assert [page.part_id for page in session.exec(select(Page))] == [two]
        copy = session.get_one(Document, item.scan_id)
        shown = np.asarray(Image.open(io.BytesIO(holdings.fetch(session, chain.store, copy))).convert("L"))
        every = session.exec(select(Document)).all()
        assert sorted(document.blob for document in every) == sorted(chain.store.names())
        assert session.exec(select(Document).where(Document.file_id == staying)).first() is not None
    assert np.array_equal(shown, np.asarray(drawn[1]))


def mixed(chain: Paperchain, parts: Sequence[UUID]) -> UUID:
    """All pages of the item in one part, as before somebody arranged them: what was read and cut out shows every family."""
    with chain.db.writing() as session:
        item = session.exec(select(Item)).one()
        key = keyring.open_key(session, item.key_id)
        crops = holdings.put(chain.store, key, [b"cut-outs of both families"], "application/octet-stream")
        old = Part(item_id=item.id, kind="other", state="to_sort", read_at=chain.clock.now(), evidence_id=crops.id)
        old.sealed_reading = seal_json(key, {"child_name": "Rowan Canaryone"}, old.id.bytes)
        session.add(old)
        session.flush()
        holdings.hold(
            session, crops, kind=DocumentKind.EVIDENCE, key_id=item.key_id, at=chain.clock.now(), item_id=item.id, part_id=old.id
        )  # fmt: skip
        _give_pages(session, dict.fromkeys(range(1, len(parts) + 1), old.id))
        return old.id


def _give_pages(session: Session, owners: dict[int, UUID]) -> None:
    for page in session.exec(select(Page)).all():
        page.part_id = owners[page.number]
        for document in session.exec(select(Document).where(Document.page == page.number)).all():
            document.part_id = owners[page.number]


def arranged(chain: Paperchain, old: UUID, parts: Sequence[UUID]) -> None:
    """Somebody gives each page to its family: the part from which they were arranged is kept, to undo it."""
    with chain.db.writing() as session:
        _give_pages(session, dict(enumerate(parts, 1)))
        session.get_one(Part, old).state = "replaced"


@BOTH
def test_what_was_read_before_pages_were_arranged_goes_too(chain: Paperchain) -> None:
    """R48, G7: the old part keeps every answer that was read, and its cut-outs, until the whole item is settled."""
    one, two = arrived(chain, forms=2, scanned=shared_scan()[0])
    arranged(chain, old := mixed(chain, [one, two]), [one, two])
    going = family(chain, part=one)
    approved(chain, going)
    assert run_over(days_on(chain, 32)).result is Result.DONE
    with chain.db.reading() as session:
        assert session.get(Part, old) is None
        assert session.exec(select(Document).where(Document.part_id == old)).all() == []
        assert str(old) in ledger.entries(session)[0].ids["part"], (
            "looked for afterwards, and taken out of older backups"
        )
        every = session.exec(select(Document)).all()
        assert sorted(document.blob for document in every) == sorted(chain.store.names())
        assert session.get(Part, two) is not None


@BOTH
def test_the_paper_of_the_family_that_stays_is_not_stuck(chain: Paperchain) -> None:
    """R54: pages scanned and pictures kept of the item still agree."""
    one, two = arrived(chain, forms=2, scanned=shared_scan()[0])
    going = family(chain, part=one)
    staying = family(chain, "Ash Canarytwo", "Robin Canarytwo", part=two, born=date(2012, 1, 1), paper_gone=False)
    approved(chain, going)
    assert run_over(days_on(chain, 32)).files == 1
    with chain.db.reading() as session:
        paper = session.exec(select(Original).where(Original.file_id == staying)).one()
        assert pictures.sides(session, paper)[:2] == (1, 1)


def test_a_shared_scan_that_cannot_be_divided_keeps_the_file(chain: Paperchain) -> None:
    one, two = arrived(chain, forms=2)  # its bytes are no scan
    going = family(chain, part=one)
    family(chain, "Ash Canarytwo", "Robin Canarytwo", part=two)
    approved(chain, going)
    assert run_over(days_on(chain, 32)).stopped == 1
    assert there(chain, going) and line_of(chain, going).why == "mixed_scan"


@BOTH
def test_an_older_backup_is_purged_of_what_was_destroyed_since(chain: Paperchain, tmp_path: Path) -> None:
    """R49: rows and bytes as before the destruction, put back, and taken out again by the ledger alone."""
    going, staying = family(chain, with_text=True), family(chain, "Ash Canarytwo", "Robin Canarytwo")
    saved = dump(chain)
    kept = {name: chain.store.get(name) for name in chain.store.names()}
    approved(chain, going)
    run_over(days_on(chain, 32))
    told = ledger.read(retaining.ledger_file(chain).read_text("ascii"))

    restore(chain, saved)
    for name, data in kept.items():
        chain.store.put(name, [data])
    assert there(chain, going)
    with chain.db.writing() as session:
        back = ledger.replay(session, chain.store, told)
    assert (back.files, back.items, back.parts) == (1, 1, 1)
    assert not there(chain, going) and there(chain, staying)
    with chain.db.writing() as session:
        assert len(session.exec(select(Destroyed)).all()) == 1
        assert not ledger.replay(session, chain.store, told).anything, "again changes nothing"
        every = session.exec(select(Document)).all()
        assert {document.file_id for document in every} == {staying}
        assert sorted(document.blob for document in every) == sorted(chain.store.names())
        for document in every:
            holdings.fetch(session, chain.store, document)


@BOTH
@pytest.mark.parametrize("backed_up", ["not arranged", "tidied since", "not read"])
def test_an_older_backup_does_not_know_whose_page_it_is(chain: Paperchain, backed_up: str) -> None:
    """P12: the backup was made before anybody had given the pages of the scan to their families, or before it was read."""
    one, two = arrived(chain, forms=2, scanned=shared_scan()[0])
    old = mixed(chain, [one, two])
    saved, kept = dump(chain), {name: chain.store.get(name) for name in chain.store.names()}
    if backed_up == "not read":
        saved = unread(saved)
    arranged(chain, old, [one, two])
    if backed_up == "tidied since":
        with chain.db.writing() as session:
            for document in session.exec(select(Document).where(Document.part_id == old)).all():
                session.delete(document)
            session.delete(session.get_one(Part, old))
    going = family(chain, part=one)
    approved(chain, going)
    assert run_over(days_on(chain, 32)).files == 1
    told = ledger.read(retaining.ledger_file(chain).read_text("ascii"))

    restore(chain, saved)
    for name, data in kept.items():
        chain.store.put(name, [data])
    for turn in range(2):
        with chain.db.writing() as session:
            ledger.replay(session, chain.store, told, without=retaining.tools(chain).without)
        with chain.db.reading() as session:
            item = session.exec(select(Item)).one()
            (page,) = session.exec(select(Page)).all()
            part = session.get_one(Part, page.part_id)
            assert (page.number, item.pages, part.kind, part.state) == (2, 1, "other", "to_sort"), turn
            assert (part.sealed_reading, part.evidence_id) == (None, None)
            every = session.exec(select(Document)).all()
            others = [
                document for document in every if document.part_id != two
            ]  # the form that the other family's page became later
            assert {(document.kind, document.page) for document in others} == {("page", 2), ("scan", 2)}
            shown = holdings.fetch(session, chain.store, session.get_one(Document, item.scan_id))
            assert np.array_equal(
                np.asarray(Image.open(io.BytesIO(shown)).convert("L")), np.asarray(shared_scan()[1][1])
            )
            if backed_up != "not read":
                assert set(chain.store.names()) & set(kept) <= {document.blob for document in every}


def unread(saved: list[tuple[str, list[dict[str, object]]]]) -> list[tuple[str, list[dict[str, object]]]]:
    """The same rows before the item was read: nothing but the item and its scan."""
    gone = {"part": lambda row: True, "page": lambda row: True, "document": lambda row: row["kind"] != "scan"}
    again = [(name, [row for row in found if not gone.get(name, lambda row: False)(row)]) for name, found in saved]
    for name, found in again:
        for row in found if name == "item" else []:
            row.update(state="arriving", pages=None, read_at=None)
    return again


def dump(chain: Paperchain) -> list[tuple[str, list[dict[str, object]]]]:
    from records.schema import metadata

    with chain.db.reading() as session:
        return [
            (table.name, [dict(row._mapping) for row in session.execute(table.select())])
            for table in metadata().sorted_tables
        ]


def restore(chain: Paperchain, saved: list[tuple[str, list[dict[str, object]]]]) -> None:
    from records.schema import metadata

    with chain.db.writing() as session:
        for table in reversed(metadata().sorted_tables):
            session.execute(table.delete())
        for name, found in saved:
            if found:
                session.execute(metadata().tables[name].insert(), found)


def test_a_ledger_that_was_changed_is_not_replayed(chain: Paperchain) -> None:
    going = family(chain)
    approved(chain, going)
    run_over(days_on(chain, 32))
    text = retaining.ledger_file(chain).read_text("ascii").replace('"documents":', '"documents":1')
    with chain.db.writing() as session, pytest.raises(Damaged, match="entry 1"):
        ledger.replay(session, chain.store, ledger.read(text))


def test_the_ledger_holds_months_and_ids_and_no_word_about_a_person(chain: Paperchain) -> None:
    going = family(chain)
    number = number_of(chain, going)
    approved(chain, going)
    run_over(days_on(chain, 32))
    with chain.db.reading() as session:
        (entry,) = ledger.entries(session)
        told = ledger.asked_later(session, number)
    line = next(ledger.lines([entry]))
    assert (entry.month_due, entry.month_done, entry.rule) == ("2025-05", "2026-12", "R34")
    assert (entry.proposed_by, entry.witnessed_by, entry.approved_by) == (ADMIN, OFFICER, MANAGER)
    assert "2000" not in line.replace(entry.mac, "") or "2000-05" not in line
    assert "14" not in (entry.month_due or "") and "Canary" not in line
    assert told == [entry]


def test_nobody_destroys_what_was_taken_off_in_the_days_of_grace(chain: Paperchain) -> None:
    first, second = family(chain), family(chain, "Ash Canarytwo", "Robin Canarytwo")
    number = approved(chain, first, second)
    with chain.db.writing() as session:
        disposal.take_off(
            session, number, session.get_one(ChildFile, first).number, TakeOff.CONTACT, by=OFFICER, at=chain.clock.now()
        )
    assert run_over(days_on(chain, 32)).files == 1
    assert there(chain, first) and not there(chain, second)


def test_who_proposed_or_looked_cannot_approve_and_the_count_must_be_right(chain: Paperchain) -> None:
    file, now = family(chain), chain.clock.now()
    rules = facts.rules(chain.policy_on, chain.clock.today())
    with chain.db.writing() as session:
        months.refresh(session, rules)
        made = disposal.propose(
            session, [session.get_one(ChildFile, file).number], rules=rules, cap=GENEROUS, by=MANAGER, at=now
        )
        with pytest.raises(ChangedMeanwhile):
            disposal.approve(session, made.number, 1, rules=rules, version=made.version, by=str(uuid4()), at=now)
        disposal.look(session, made.number, version=made.version, by=OFFICER, at=now)
        for who, typed, says in (
            (MANAGER, 1, "Somebody else"),
            (OFFICER, 1, "Somebody else"),
            (str(uuid4()), 2, "not the number"),
        ):
            with pytest.raises(RefusedByRule, match=says):
                disposal.approve(session, made.number, typed, rules=rules, version=made.version, by=who, at=now)
        with pytest.raises(RefusedByRule, match="already"):
            disposal.propose(
                session, [session.get_one(ChildFile, file).number], rules=rules, cap=GENEROUS, by=ADMIN, at=now
            )


@BOTH
def test_two_managers_approve_and_one_is_told(chain: Paperchain) -> None:
    file, now = family(chain), chain.clock.now()
    rules = facts.rules(chain.policy_on, chain.clock.today())
    with chain.db.writing() as session:
        made = disposal.propose(
            session, [session.get_one(ChildFile, file).number], rules=rules, cap=GENEROUS, by=ADMIN, at=now
        )
        disposal.look(session, made.number, version=made.version, by=OFFICER, at=now)
        version = made.version
        disposal.approve(session, made.number, 1, rules=rules, version=version, by=MANAGER, at=now)
    with chain.db.writing() as session, pytest.raises(ChangedMeanwhile):
        disposal.approve(session, made.number, 1, rules=rules, version=version, by=str(uuid4()), at=now)


@BOTH
def test_of_managers_who_approve_at_the_same_instant_one_wins(chain: Paperchain) -> None:
    """With them somebody takes the file off: the list is approved or withdrawn, never both, and a run follows what it says."""
    file, now = family(chain), chain.clock.now()
    rules = facts.rules(chain.policy_on, chain.clock.today())
    with chain.db.writing() as session:
        of = session.get_one(ChildFile, file).number
        made = disposal.propose(session, [of], rules=rules, cap=GENEROUS, by=ADMIN, at=now)
        disposal.look(session, made.number, version=made.version, by=OFFICER, at=now)
        number, version = made.number, made.version

    def approve() -> None:
        with chain.db.writing() as session:
            disposal.approve(session, number, 1, rules=rules, version=version, by=str(uuid4()), at=now)

    assert [type(told) for told in at_once(*[approve] * 4)] == [ChangedMeanwhile] * 3
    assert [entry.act for entry in rows(chain, AuditEntry)].count("disposal_approved") == 1

    def take_off() -> None:
        with chain.db.writing() as session:
            disposal.take_off(session, number, of, disposal.TakeOff.CONTACT, by=OFFICER, at=now)

    later = days_on(chain, 32)
    told = at_once(take_off, lambda: run_over(later))
    assert there(chain, file) == (not told), "destroyed, and whoever took it off was told; or taken off in time"
    assert line_of(chain, file).state == ("destroyed" if told else "taken_off")
    assert len(rows(chain, Destroyed)) == len(told)


def test_only_what_is_due_can_be_listed(chain: Paperchain) -> None:
    young, unknown = (
        family(chain, born=date(2001, 11, 21)),
        family(chain, "Ash Canarytwo", "Robin Canarytwo", born=None),
    )
    rules = facts.rules(chain.policy_on, chain.clock.today())
    with chain.db.writing() as session:
        for file, says in ((young, "kept to 20 November 2026"), (unknown, "not known")):
            with pytest.raises(RefusedByRule, match=says):
                list_one(session, chain, file, rules)
        found, total = disposal.candidates(session, rules, chain.clock.today())
    assert (found, total) == ([], 0)


def test_each_day_it_counts_anew_runs_when_due_and_says_that_it_did(chain: Paperchain) -> None:
    file = family(chain)
    approved(chain, file, cap=Cap(files=1, percent=100))
    retaining.daily(days_on(chain, 31))
    assert there(chain, file)
    retaining.daily(days_on(chain, 32))
    assert not there(chain, file)
    with chain.db.reading() as session:
        assert run.last_turn(session) == chain.clock.now() + timedelta(days=32)


def test_a_service_may_leave_the_run_to_a_person(tmp_path: Path, database: Database, clock: Clock) -> None:
    home = settings(tmp_path / "home", retention__run_by_itself="false")
    for folder in (home.inbox, home.stopped, home.documents, home.key_file.parent):
        folder.mkdir(parents=True)
    chain = Paperchain(home, database, FolderStore(home.documents), clock)
    file = family(chain)
    approved(chain, file, cap=Cap(files=1, percent=100))
    retaining.daily(days_on(chain, 32))
    assert there(chain, file)
    assert retaining.by_hand(days_on(chain, 33), vouched=False).files == 1


def test_every_table_is_reached_by_an_erasure_or_named_as_kept() -> None:
    """A table added later is either found by what it points at, or somebody must say why it may stay."""
    from records.schema import metadata

    metadata()
    reached, rest = reach.everything_about_people()
    assert {"person", "birth_date_fact", "search_token", "consent_event", "case_note", "page_text", "hold"} <= reached
    assert rest - set(reach.KEPT) - reach.OF_NOBODY == set(), "say in records/retention/reach.py why these may stay"


def test_looking_for_names_finds_them(chain: Paperchain, tmp_path: Path) -> None:
    """A search that cannot find would verify everything."""
    (tmp_path / "note.txt").write_bytes(b"x" * (4 << 20) + b" Rowan Canaryone ")
    (tmp_path / "sealed").write_bytes(b"PC1 Rowan Canaryone")
    assert verifying.bytes_left([tmp_path / "home", tmp_path], ["rowan canaryone", "Ash"]) >= 1
    assert verifying.telling(["Ash", "Rowan Canaryone"]) == ["Rowan Canaryone"]
    with chain.db.writing() as session:
        session.add(Referral(
            number=1, state="open", capacity="Rowan Canaryone", by_self=True, received_on=LONG_DUE, policy_version="1",
            recorded_by="x", recorded_at=chain.clock.now(), changed_by="x", changed_at=chain.clock.now(),
        ))  # fmt: skip
        session.flush()
        assert verifying.words_left(session, ["Rowan Canaryone"]) == 1


def test_two_files_that_were_joined_are_one_child_and_go_together(chain: Paperchain) -> None:
    """F22, R42: due by both, listed once, destroyed and replayed together; a hold over one keeps the other."""
    kept, taken = family(chain), family(chain, "Rowan Canary", "Morgan Canary", born=date(2001, 2, 3))
    with chain.db.writing() as session:
        merging.merge(
            session, session.get_one(ChildFile, kept), session.get_one(ChildFile, taken), why="Same child.", by=OFFICER,
            at=chain.clock.now(),
        )  # fmt: skip

        rules = facts.rules(chain.policy_on, chain.clock.today())
        (one,) = facts.of_files(session)
        assert (one.number, one.born) == (1, BirthDate(LONG_DUE, date(2001, 2, 3), disputed=True))
        with pytest.raises(RefusedByRule, match="disagree"):
            disposal.propose(session, [1], rules=rules, cap=GENEROUS, by=ADMIN, at=chain.clock.now())
        register.settle_birth_date(
            session, session.get_one(ChildFile, kept), BirthDate.on(LONG_DUE), evidence=next(iter(register.EVIDENCE_OF_BIRTH)),
            why="Seen.", actor=OFFICER, at=chain.clock.now() + timedelta(seconds=1),
        )  # fmt: skip
    later = days_on(chain, 0.01)
    with pytest.raises(NotFound):  # by its own dates alone it would have been due, and half a child destroyed
        approved(later, taken)
    approved(later, kept)
    done = run_over(days_on(later, 32))
    assert (done.files, done.stopped) == (1, 0)
    assert not there(chain, kept) and not there(chain, taken)
    assert list(chain.store.names()) == []
    with chain.db.reading() as session:
        assert set(ledger.entries(session)[0].ids["child_file"]) == {str(kept), str(taken)}


def test_a_refusal_to_store_stands_in_the_ledger_and_is_replayed(chain: Paperchain) -> None:
    """P12: an older backup that still holds the form is purged of it."""
    (part,) = arrived(chain)
    saved, kept = dump(chain), {name: chain.store.get(name) for name in chain.store.names()}
    erasing.refuse_storing(
        chain, part, paper=PaperOutcome.RETURNED, actor=uuid4(), version=rows(chain, Part)[0].version,
        limits=limits_from(chain.settings),
    )  # fmt: skip
    retaining.keep_ledger(chain)
    told = ledger.read(retaining.ledger_file(chain).read_text("ascii"))
    assert [(entry.kind, entry.ids["part"]) for entry in told] == [(ledger.REFUSAL, [str(part)])]
    restore(chain, saved)
    for name, data in kept.items():
        chain.store.put(name, [data])
    with chain.db.writing() as session:
        assert ledger.replay(session, chain.store, told).parts == 1
    assert rows(chain, Item) == rows(chain, Part) == [] and list(chain.store.names()) == []


def test_managers_are_asked_about_files_without_a_date_as_often_as_the_policy_says(chain: Paperchain) -> None:
    """R37: 12 months."""
    family(chain, born=None)

    def asked(days: float) -> list[date]:
        with chain.db.writing() as session:  # after so long a silence somebody says that the clock is right
            the_clock.vouch(session, by=MANAGER, at=days_on(chain, days).clock.now())
        retaining.daily(days_on(chain, days))
        found = [task for task in rows(chain, TaskRow) if task.kind == "undated_files"]
        assert all((task.file_id, task.for_officer) == (None, None) for task in found)
        return sorted(task.due for task in found)

    first = chain.clock.today()
    assert asked(0) == asked(1) == asked(364) == [first]
    assert asked(366) == [first, first + timedelta(days=366)]


def test_what_is_due_for_longer_than_the_policy_lets_it_lie_is_warned_of(chain: Paperchain) -> None:
    """R34: one month, counted by the months that are kept."""
    rules = facts.rules(chain.policy_on, chain.clock.today())

    def said(day: date, months_late: int = 1) -> str | None:
        with chain.db.writing() as session:
            months.refresh(session, rules)
            return alarms.too_late(session, replace(rules, limit_months=months_late), day)

    assert said(chain.clock.today()) is None
    file = family(chain)  # due on 14 May 2025
    assert said(date(2025, 6, 30)) is None
    assert (
        said(date(2025, 7, 1))
        == "1 file has been due for more than 1 month. List it, or see below what keeps it (R34)."
    )
    assert said(date(2025, 7, 1), 2) is None
    approved(chain, file)
    assert said(date(2025, 7, 1)) is None, "it is on a list"


@pytest.mark.parametrize("both_due", [False, True])
@pytest.mark.parametrize("listed_is_kept", [False, True])
def test_a_listed_file_that_was_joined_to_another_is_not_what_was_approved(
    chain: Paperchain, listed_is_kept: bool, both_due: bool
) -> None:
    """F22, R46, P11: it was approved as a child of its own, and is half of one whose case is open; or the other half was never approved."""
    listed = family(chain)
    born = LONG_DUE if both_due else date(2012, 1, 1)
    other = family(chain, "Ash Canarytwo", "Robin Canarytwo", born=born, closed=both_due)
    number, later = approved(chain, listed), days_on(chain, 1)
    with later.db.writing() as session:
        kept, taken = (listed, other) if listed_is_kept else (other, listed)
        merging.merge(
            session, register.get(session, kept), register.get(session, taken), why="The mother says so.", by=OFFICER, at=later.clock.now()
        )  # fmt: skip
        line = session.exec(select(DisposalLine)).one()
        rules = facts.rules(later.policy_on, later.clock.today())
        (first, *_) = disposal.why_not(session, line, rules, later.clock.today())
    assert first.why is Stop.JOINED and "listed anew" in first.reason
    done = run_over(days_on(chain, 32))
    assert (done.files, done.stopped) == (0, 1)
    assert there(chain, listed) and there(chain, other)
    (line,) = rows(chain, DisposalLine)
    assert line.why == Stop.JOINED and number == 1
