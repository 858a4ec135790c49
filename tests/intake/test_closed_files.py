"""Post filed on a closed file: it is open again, whoever files it is told, its officer has a task, and nothing of it is destroyed meanwhile."""

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import col, select

from intake import filing, sorting
from intake.filing import Confirmed, KnownChild
from intake.sorting import ForFile, SortedAs
from intake.wiring import Paperchain
from records import tasks
from records.cases import closing
from records.clock import Clock
from records.custody.proposal import ProposalKind
from records.db import Database
from records.people import register
from records.post.tables import Part
from records.retention.stops import Stop
from records.retention.tables import DisposalLine
from records.tasks.tables import TaskRow
from records.vocabulary import Role
from tests.builders import made_on
from tests.lettering import letter
from tests.records.desk.test_retention_pages import plain
from tests.retaining import OFFICER, approved, days_on, family, number_of, run_over, there
from tests.reviewing import TEMPLATE, Browser, arrived, confirm, value_of


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def chain(tmp_path: Path, database: Database, clock: Clock) -> Paperchain:
    return made_on(database, tmp_path, clock)


def is_open(chain: Paperchain, file_id: UUID) -> bool:
    with chain.db.reading() as session:
        return closing.standing(session, register.get(session, file_id)).open


def open_tasks(chain: Paperchain) -> list[str]:
    with chain.db.reading() as session:
        return list(session.exec(select(TaskRow.kind).where(col(TaskRow.closed_at).is_(None))))


def version_of(chain: Paperchain, part: UUID) -> int:
    with chain.db.reading() as session:
        return session.get_one(Part, part).version


def test_a_letter_filed_on_a_closed_file_opens_it_and_says_so(chain: Paperchain) -> None:
    file_id = family(chain)
    officer = Browser(chain, Role.OFFICER, "Lee")
    number, part = letter(chain)
    sent = {
        "kind": "letter",
        "file": "PC-0001",
        "paper": "cabinet",
        "legible": "yes",
        "version": str(version_of(chain, part)),
    }
    assert officer.post(f"/items/{number}/sort/{part}", sent).status_code == 303
    assert "This file was closed. It is open again, and its officer has a task." in plain(officer.get("/post"))
    page = plain(officer.get("/files/1"))
    assert "This file was closed, and is open again because a letter or other paper that came on" in page
    assert "A letter or other paper was filed on it" in plain(officer.get("/files/1/history"))
    assert open_tasks(chain).count(closing.OPENED_BY_POST) == 1
    with chain.db.writing() as session:
        file = register.get(session, file_id)
        closing.close(session, file, "Read", on=chain.clock.today(), actor=OFFICER, at=chain.clock.now())
    assert closing.OPENED_BY_POST not in open_tasks(chain)
    assert "is open again because" not in plain(officer.get("/files/1"))


def test_each_time_that_post_opens_a_file_its_officer_has_a_task(chain: Paperchain) -> None:
    """Also when they said themselves, the time before, that they had looked at it."""
    file_id = family(chain)
    for _ in range(2):
        number, part = letter(chain)
        decision = ForFile(SortedAs.LETTER, 1, ProposalKind.CABINET, legible=True)
        assert sorting.sort_part(chain, number, part, decision, actor=OFFICER, version=version_of(chain, part)).reopened
        assert open_tasks(chain).count(closing.OPENED_BY_POST) == 1
        with chain.db.writing() as session:
            wanted = select(TaskRow.id).where(TaskRow.kind == closing.OPENED_BY_POST, col(TaskRow.closed_at).is_(None))
            tasks.close(session, session.exec(wanted).one(), OFFICER, chain.clock.now())
            file = register.get(session, file_id)
            closing.close(session, file, "Read", on=chain.clock.today(), actor=OFFICER, at=chain.clock.now())


def test_a_letter_filed_on_an_open_file_says_nothing(chain: Paperchain) -> None:
    family(chain, closed=False)
    number, part = letter(chain)
    decision = ForFile(SortedAs.LETTER, 1, ProposalKind.CABINET, legible=True)
    done = sorting.sort_part(chain, number, part, decision, actor=OFFICER, version=version_of(chain, part))
    assert not done.reopened and closing.OPENED_BY_POST not in open_tasks(chain)


@pytest.mark.parametrize("what", ["letter", "form"])
def test_a_file_that_was_approved_for_destruction_stays_when_post_is_filed_on_it_meanwhile(
    chain: Paperchain, what: str
) -> None:
    stays, goes = family(chain, "Rowan Canaryone"), family(chain, "Sorrel Canarytwo")
    approved(chain, stays, goes)
    if what == "letter":
        number, part = letter(chain)
        decision = ForFile(SortedAs.LETTER, number_of(chain, stays), ProposalKind.RETURN, legible=True)
        assert sorting.sort_part(chain, number, part, decision, actor=OFFICER, version=version_of(chain, part)).reopened
    else:
        part = arrived(chain)[0]
        answers: dict[str, str | None] = {field.id: value_of(field.kind) for field in TEMPLATE.fields}
        answers |= {"contact_other_1": "blank", "contact_other_2": "blank"}
        done = filing.confirm(
            chain, part,
            Confirmed(
                answers=answers, child=KnownChild(stays, None), giver="young_person", signed_on=date(2026, 3, 1), legible=True,
                actor=UUID(OFFICER), version=version_of(chain, part),
            ),
        )  # fmt: skip
        assert done.reopened
    assert is_open(chain, stays)
    later = days_on(chain, 32)
    run_over(later)
    assert there(later, stays) and not there(later, goes)
    with later.db.reading() as session:
        lines = session.exec(select(DisposalLine).where(DisposalLine.file_id == stays)).all()
        assert [line.why for line in lines] == [Stop.OPEN]


def test_an_officer_sees_before_filing_that_a_file_is_closed(chain: Paperchain) -> None:
    officer = Browser(chain, Role.OFFICER, "Lee")
    confirm(officer, arrived(chain)[0])
    with chain.db.writing() as session:
        file = register.by_number(session, 1)
        closing.close(session, file, "Over", on=chain.clock.today(), actor=OFFICER, at=chain.clock.now())
    part = arrived(chain)[0]
    assert "Same name and date of birth. Closed since" in plain(confirm(officer, part))
    assert confirm(officer, part, file="1").status_code == 303
    assert closing.OPENED_AGAIN in plain(officer.get("/review"))
