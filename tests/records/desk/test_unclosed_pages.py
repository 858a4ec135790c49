"""Due files that nobody has closed, closed in one go: chosen ones or all, refused ones by name, by a manager alone."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, col, select

from intake.wiring import Paperchain
from records.audit import trail
from records.audit.chain import Whole
from records.audit.tables import AuditEntry
from records.cases import closing, closing_many, referrals
from records.cases.tables import FileTurn
from records.cases.words import Capacity
from records.errors import RefusedByRule
from records.people import merging, register
from records.people.birthdates import BirthDate
from records.people.tables import ChildFile
from records.retention import facts, months, unclosed
from records.tasks.tables import TaskRow
from records.vocabulary import Role
from tests.records.desk.test_retention_pages import chain, database_kind, plain
from tests.reviewing import Browser, errors

__all__ = ["chain", "database_kind"]  # fixtures, found by their names here

ME = str(uuid4())
WHY = {"why": "Over long ago", "which": "ticked"}


@pytest.fixture
def manager(chain: Paperchain) -> Browser:
    return Browser(chain, Role.MANAGER, "Kim")


def due_files(chain: Paperchain, count: int, *, first: int = 1, years_ago: int = 3) -> list[UUID]:
    """Files of grown-up people, opened some years ago, that nobody closed."""
    at, ids = chain.clock.now() - timedelta(days=365 * years_ago), []
    with chain.db.writing() as session:
        for number in range(first, first + count):
            file = register.open_file(
                session, officer_id=UUID(ME), child_name="Rowan Testwood", actor=ME, at=at, number=number
            )
            register.add_birth_date(session, file, BirthDate.on(date(2000, 5, 14)), part_id=None, actor=ME, at=at)
            ids.append(file.id)
        months.refresh(session, facts.rules(chain.policy_on, chain.clock.today()))
    return ids


def open_numbers(chain: Paperchain) -> list[int]:
    with chain.db.reading() as session:
        return sorted(session.exec(select(ChildFile.number).where(col(ChildFile.closed_at).is_(None))))


def refer(session: Session, chain: Paperchain, file_id: UUID) -> None:
    referrals.log_on_file(
        session, register.get(session, file_id), Capacity.PARENT, "A place", chain.policy(), received_on=chain.clock.today(), actor=ME,
        at=chain.clock.now(),
    )  # fmt: skip


def test_a_manager_closes_the_ticked_files_each_with_a_fact_and_an_entry_of_its_own(
    chain: Paperchain, manager: Browser
) -> None:
    due_files(chain, 3)
    with chain.db.writing() as session:
        closing.call_for(session, register.by_number(session, 1), today=chain.clock.today(), at=chain.clock.now())
    assert "3 of these are open without a referral" in plain(manager.get("/retention"))
    page = plain(manager.get("/retention/unclosed"))
    worked = (chain.clock.now() - timedelta(days=365 * 3)).date()
    assert "PC-0001" in page and f"{worked.day} {worked:%B %Y}" in page and "Rowan" not in page
    answer = manager.post("/retention/unclosed", {**WHY, "file": ["1", "3"]})
    assert answer.status_code == 200 and "2 files are closed." in plain(answer)
    assert open_numbers(chain) == [2]
    with chain.db.reading() as session:
        turns = session.exec(select(FileTurn)).all()
        assert [(one.closed, one.happened_on, one.recorded_by) for one in turns] == [
            (True, worked, str(manager.id))
        ] * 2
        assert [one.words for one in closing.turns(session, register.by_number(session, 1))] == ["Over long ago"]
        acts = [row.act for row in session.exec(select(AuditEntry).order_by(col(AuditEntry.sequence)))]
        assert acts.count("file_closed") == 2 and isinstance(trail.check(session), Whole)
        assert session.exec(select(TaskRow.closed_by)).all() == [str(manager.id)]


def test_what_cannot_be_closed_is_named_with_its_reason_and_the_others_are_closed(
    chain: Paperchain, manager: Browser
) -> None:
    ids = due_files(chain, 4)
    at, today = chain.clock.now(), chain.clock.today()
    days = dict.fromkeys(ids, today)
    with chain.db.writing() as session:
        refer(session, chain, ids[0])
        closing.close(session, register.get(session, ids[1]), "Over", on=today, actor=str(manager.id), at=at)
        restricted = register.get(session, ids[2])
        restricted.restricted = "processing"
        session.add(restricted)
    with chain.db.writing() as session:
        with pytest.raises(RefusedByRule, match="Write why"):
            closing_many.close_many(session, days, " ", actor=ME, at=at)
        done = closing_many.close_many(session, days, "Over", actor=ME, at=at)
    assert done.count == 1 and [one.number for one in done.refused] == [1, 2, 3]
    assert "referral is still open" in done.refused[0].why and "Kim closed this file at" in done.refused[1].why
    assert "restricted" in done.refused[2].why


def test_joined_files_are_one_row_and_are_closed_together(chain: Paperchain, manager: Browser) -> None:
    ids = due_files(chain, 2)
    with chain.db.writing() as session:
        kept, taken = (register.get(session, one) for one in ids)
        closing.close(session, kept, "Over", on=chain.clock.today(), actor=ME, at=chain.clock.now())
        merging.merge(session, kept, taken, why="The same birthday", by=ME, at=chain.clock.now())
    page = plain(manager.get("/retention/unclosed"))
    assert "PC-0001" in page and "PC-0002" not in page
    assert "1 file is closed" in plain(manager.post("/retention/unclosed", {**WHY, "file": "1"}))
    assert open_numbers(chain) == []
    assert "Every file that is due is closed" in plain(manager.get("/retention/unclosed"))


def test_all_on_the_list_needs_their_number_and_leaves_out_what_was_worked_on_lately(
    chain: Paperchain, manager: Browser
) -> None:
    due_files(chain, 60)
    due_files(chain, 1, first=61, years_ago=0)
    assert "Files 51 to 61 of 61" in plain(manager.get("/retention/unclosed?page=2"))
    everything = {"which": "all", "why": "Over long ago"}
    wrong = manager.post("/retention/unclosed", {**everything, "count": "60"})
    assert wrong.status_code == 422 and "not the number of files" in plain(wrong) and "Over long ago" in wrong.text
    done = plain(manager.post("/retention/unclosed", {**everything, "count": "61"}))
    assert "60 files are closed. 1 stays open: PC-0061: Something was done on it on" in done
    assert open_numbers(chain) == [61]
    assert "1 file is closed" in plain(manager.post("/retention/unclosed", {**WHY, "file": "61"}))


def test_mistakes_are_said_and_what_was_chosen_stays(chain: Paperchain, manager: Browser) -> None:
    due_files(chain, 2)
    none = manager.post("/retention/unclosed", WHY)
    assert none.status_code == 422 and "Tick at least one file" in " ".join(errors(none))
    nothing = manager.post("/retention/unclosed", {"which": "ticked", "file": "2", "why": " "})
    assert nothing.status_code == 422 and 'value="2" checked' in nothing.text
    for odd in ("", "x", "9" * 30, "-1", "77"):
        assert manager.post("/retention/unclosed", {**WHY, "file": odd}).status_code == 422
    assert open_numbers(chain) == [1, 2]
    manager.post("/retention/unclosed", {**WHY, "file": "2"})
    late = manager.post("/retention/unclosed", {**WHY, "file": "2"})
    assert late.status_code == 422 and "closed already" in plain(late)


def test_what_is_not_due_or_has_an_open_referral_is_not_listed(chain: Paperchain, manager: Browser) -> None:
    ids = due_files(chain, 3)
    with chain.db.writing() as session:
        refer(session, chain, ids[0])
        young = register.get(session, ids[1])
        register.add_birth_date(
            session, young, BirthDate.on(date(2012, 5, 14)), part_id=None, actor=ME, at=chain.clock.now()
        )
    page = plain(manager.get("/retention/unclosed"))
    assert "PC-0003" in page and "PC-0001" not in page and "PC-0002" not in page
    manager.post("/retention/unclosed", {**WHY, "file": ["1", "2"]})
    assert open_numbers(chain) == [1, 2, 3]


def test_only_managers_may(chain: Paperchain) -> None:
    due_files(chain, 1)
    for role in (Role.OFFICER, Role.ADMIN):
        who = Browser(chain, role, "Lee")
        assert "/retention/unclosed" not in who.get("/retention").text
        assert who.get("/retention/unclosed").status_code == 404
        assert who.post("/retention/unclosed", {**WHY, "file": "1"}).status_code == 404
    assert open_numbers(chain) == [1]


def test_files_are_read_in_their_order(chain: Paperchain) -> None:
    ids = due_files(chain, 3)
    with chain.db.reading() as session:
        rules = facts.rules(chain.policy_on, chain.clock.today())
        assert unclosed.ids(session, rules, chain.clock.today()) == ids
        assert [one.number for one in unclosed.read(session, [ids[2], uuid4(), ids[0]])] == [3, 1]
