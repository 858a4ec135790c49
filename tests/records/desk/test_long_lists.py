"""Lists longer than one page holds: every row can be reached, fifty at a time, and none stands on two pages."""

import re
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from intake.wiring import Paperchain
from records import holds, tasks
from records.clock import Clock
from records.consents import bodies
from records.consents.items import Category
from records.consents.tables import Disclosure
from records.custody.returning import ReturnState
from records.custody.tables import PaperReturn, WasteBatch
from records.custody.waste import WasteState
from records.desk.paging import PER_PAGE
from records.holds.kinds import HoldKind, Scope
from records.holds.tables import HoldRow
from records.people import register
from records.post.tables import Part
from records.requests import incidents
from records.requests import register as requests
from records.requests.breach import IncidentKind
from records.requests.kinds import Kind, Requester, Route
from records.requests.register import Asking
from records.retention import erased, ledger
from records.retention.disposal import LineState, ListState
from records.retention.reach import Reach
from records.retention.tables import DestructionRun, DisposalLine, DisposalList
from records.vocabulary import Role
from tests.builders import home
from tests.questions import asked
from tests.reviewing import Browser, arrived, text

MANY = 501


def some_tasks(session: Session, chain: Paperchain, who: Browser) -> None:
    for at in range(MANY):
        tasks.raise_task(
            session, kind="ask_family", file_id=None, due=chain.clock.today() + timedelta(days=at), words=f"Marked {at:03d}.", for_officer=who.id,
            raised_by="system", at=chain.clock.now(),
        )  # fmt: skip


def some_breaches(session: Session, chain: Paperchain, who: Browser) -> None:
    for _ in range(MANY):
        incidents.record(
            session,
            kind=IncidentKind.DAMAGED,
            words="Invented",
            aware_at=chain.clock.now(),
            by=str(who.id),
            at=chain.clock.now(),
        )


def some_holds(session: Session, chain: Paperchain, who: Browser) -> None:
    now = chain.clock.now()
    file = register.open_file(session, officer_id=who.id, child_name="Rowan Testwood", actor="lee", at=now, number=1)
    for _ in range(MANY):
        holds.place(
            session, kind=HoldKind.COMPLAINT, scope=Scope.FILE, subject_id=file.id, authority="The manager", reason="Invented",
            review_on=date(2027, 3, 27), by=str(who.id), at=chain.clock.now(),
        )  # fmt: skip


LISTS = {
    "/tasks": (some_tasks, r"Marked (\d{3})\.<"), "/incidents": (some_breaches, r'href="/incidents/(\d+)"'),
    "/retention/holds": (some_holds, r'href="/retention/holds/([0-9a-f-]{36})"'),
}  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
def test_every_row_of_a_list_of_more_than_five_hundred_stands_on_one_page(
    tmp_path: Path, clock: Clock, path: str
) -> None:
    fill, row = LISTS[path]
    with home(tmp_path / "home", clock) as chain:
        who = Browser(chain, Role.MANAGER, "Kim")
        with chain.db.writing() as session:
            fill(session, chain, who)
        pages = [sorted(set(re.findall(row, who.get(f"{path}?page={page}").text))) for page in range(1, 12)]
        assert [len(each) for each in pages] == [PER_PAGE] * 10 + [1]
        assert len({one for each in pages for one in each}) == MANY
        assert set(re.findall(row, who.get(f"{path}?page=99").text)) == set(pages[-1]), (
            "a page beyond the last is the last"
        )


def test_what_went_out_of_a_file_and_its_contacts_are_shown_fifty_at_a_time(tmp_path: Path, clock: Clock) -> None:
    with home(tmp_path / "home", clock) as chain:
        who = Browser(chain)
        with chain.db.writing() as session:
            now = chain.clock.now()
            file = register.open_file(
                session, officer_id=who.id, child_name="Rowan Testwood", actor="lee", at=now, number=1
            )
            body = bodies.add(
                session, file, Category.HEALTH, "Elm Clinic", since=chain.clock.today(), actor="lee", at=now
            )
            session.add_all(
                Disclosure(
                    file_id=file.id, purpose="contact", recipient="body", category="health", body_id=body, how="telephone", actor=str(who.id),
                    at=now - timedelta(hours=at), policy_version="1",
                )
                for at in range(MANY)
            )  # fmt: skip
        for path, name in (("/files/1/contacts", "made"), ("/files/1/history", "out")):
            counts = [
                text(who.get(f"{path}?{name}={page}")).count("Contact for the family") for page in (1, 10, 11, 12)
            ]
            assert counts == [PER_PAGE, PER_PAGE, 1, 1]


def test_every_form_that_waits_for_review_stands_on_one_page_also_of_more_than_five_hundred(
    tmp_path: Path, clock: Clock
) -> None:
    with home(tmp_path / "home", clock) as chain:
        who = Browser(chain)
        first = arrived(chain)[0]
        with chain.db.writing() as session:
            form = session.get_one(Part, first)
            session.add_all(
                Part(item_id=form.item_id, kind=form.kind, state=form.state, form=form.form, edition=form.edition, read_at=form.read_at)
                for _ in range(MANY - 1)
            )  # fmt: skip
        shown = [
            set(re.findall(r'href="/review/([0-9a-f-]{36})">', who.get(f"/review?page={at}").text))
            for at in (1, 10, 11)
        ]
        assert [len(each) for each in shown] == [PER_PAGE, PER_PAGE, 1]
        assert len(set().union(*shown)) == 2 * PER_PAGE + 1


def test_a_list_of_requests_that_is_cut_says_so(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "MOST_SHOWN", 2)
    with home(tmp_path / "home", clock) as chain:
        who = Browser(chain, Role.MANAGER, "Kim")
        for at in range(3):
            if at == 2:
                assert "The list holds" not in text(who.get("/requests"))
            with chain.db.writing() as session:
                requests.record(
                    session, kind=Kind.CORRECTION, route=Route.EMAIL, requester=Requester.PARENT, asking=Asking("Morgan Testwood"),
                    received_on=chain.clock.today(), by=str(who.id), at=chain.clock.now(),
                )  # fmt: skip
        page = text(who.get("/requests"))
        assert "The list holds 2 of 3 requests, those recorded first." in page
        assert "those recorded last" in text(who.get("/requests?show=all"))


def test_the_tasks_are_gone_through_once_for_a_page_and_its_number(tmp_path: Path, clock: Clock) -> None:
    with home(tmp_path / "home", clock) as chain:
        who = Browser(chain)
        with chain.db.writing() as session:
            some_tasks(session, chain, who)

        def passes(page: int) -> int:
            with asked(chain.db) as questions:
                assert f"Page {min(page, 11)} of 11." in text(who.get(f"/tasks?page={page}"))
            return sum("task.closed_at IS NULL" in each.statement for each in questions)

        assert [passes(page) for page in (1, 11, 99)] == [1, 1, 2]


OF_DESTRUCTION = 120


def some_destructions(session: Session, chain: Paperchain, who: Browser) -> None:
    """Lists that have ended, each of two files of which one was taken off, with their certificates, and as many erasures that were looked at."""
    by, now, month = str(who.id), chain.clock.now(), "2026-11"
    what = ledger.What(ledger.ERASURE, "R31", "1", None, chain.clock.today(), by, "", by, file_number=7)
    for number in range(1, OF_DESTRUCTION + 1):
        made = DisposalList(number=number, state=ListState.DONE, policy_version="1", proposed_by=by, proposed_at=now)
        session.add(made)
        session.flush()
        session.add_all(
            DisposalLine(list_id=made.id, file_id=uuid4(), number=number * 10 + at, due=chain.clock.today(), rule="R34", state=state)
            for at, state in enumerate((LineState.DESTROYED, LineState.TAKEN_OFF))
        )  # fmt: skip
        session.add(
            DestructionRun(number=number, list_id=made.id, month=month, started_by=by, finished=True, verified=True)
        )
        entry = ledger.record(session, what, Reach())
        for found in (5, number % 2):  # looked for again after something was found
            erased.note_looked(session, entry.sequence, erased.Looked(found, 1), by=by, clock=chain.clock)


def test_every_list_and_certificate_of_destruction_is_reached_and_a_page_asks_as_much_for_many(
    tmp_path: Path, clock: Clock
) -> None:
    with home(tmp_path / "home", clock) as chain:
        who = Browser(chain, Role.MANAGER, "Kim")
        with chain.db.writing() as session:
            some_destructions(session, chain, who)
        for path, name, row in (
            ("/retention/lists", "page", r'href="/retention/lists/(\d+)"'),
            ("/retention/certificates", "page", r'href="/retention/certificates/(\d+)"'),
            ("/retention/certificates", "erasures", r'href="/retention/certificates/erasures/(\d+)"'),
        ):
            found, counts = list[str](), list[int]()
            for page in (1, 2, 3):
                with asked(chain.db) as questions:
                    found += re.findall(row, who.get(f"{path}?{name}={page}").text)
                counts.append(len(questions))
            assert found == [str(number) for number in range(OF_DESTRUCTION, 0, -1)], "newest first, each once"
            assert max(counts) < 25, "not one for each row"
        page = text(who.get("/retention/certificates?erasures=3"))
        assert page.count("Nothing found") == 50 + 10 and page.count("1 found") == 10 and "5 found" not in page
        assert who.get("/retention/lists?page=3").text.count('numeric">2</td>') == 20, "how many files each was made of"


def some_papers(session: Session, chain: Paperchain, who: Browser) -> None:
    """As many returns that are asked for and that have ended, the later the newer; as many sacks that were destroyed, and lists on the way."""
    now, by, today = chain.clock.now(), str(who.id), chain.clock.today()
    file = register.open_file(session, officer_id=who.id, child_name="Rowan Testwood", actor=by, at=now, number=1)
    child = next(each.id for each in register.people(session, file))
    for number in range(1, OF_DESTRUCTION + 1):
        for state, of in ((ReturnState.ASKED, number), (ReturnState.RECEIVED, OF_DESTRUCTION + number)):
            ended = state is ReturnState.RECEIVED
            session.add(
                PaperReturn(
                    number=of, state=state, file_id=file.id, person_id=child, asked_on=today, due_on=today + timedelta(days=number), opened_by=by,
                    opened_at=now, closed_at=now + timedelta(minutes=number) if ended else None,
                )
            )  # fmt: skip
        session.add(WasteBatch(number=number, state=WasteState.DESTROYED, opened_by=by, opened_at=now))
        session.add(
            DisposalList(number=number, state=ListState.PROPOSED, policy_version="1", proposed_by=by, proposed_at=now)
        )
        hold = holds.place(
            session, kind=HoldKind.FOI, scope=Scope.FILE, subject_id=file.id, authority="A newspaper", reason="Invented", by=by,
            at=now, source=str(number),
        )  # fmt: skip
        holds.release(session, hold.id, why="Over.", by=by, at=now + timedelta(minutes=number))


def test_every_return_sack_and_list_on_the_way_is_reached(tmp_path: Path, clock: Clock) -> None:
    """W47, R56, R60: what ended last is found first, and the hundredth sack does not hide the first one's certificate."""
    with home(tmp_path / "home", clock) as chain:
        who = Browser(chain, Role.MANAGER, "Kim")
        with chain.db.writing() as session:
            some_papers(session, chain, who)
            names = {str(row.id): int(row.source or 0) for row in session.exec(select(HoldRow))}
        upwards, downwards = list(range(1, OF_DESTRUCTION + 1)), list(range(OF_DESTRUCTION, 0, -1))
        for path, name, wanted in (
            ("/originals/returns", "asked", upwards),
            ("/originals/returns", "back", [OF_DESTRUCTION + number for number in downwards]),
            ("/originals/waste", "destroyed", downwards),
            ("/retention/lists", "waiting", downwards),
            ("/retention/holds", "lifted", downwards),
        ):
            found, counts = list[int](), list[int]()
            for page in (1, 2, 3):
                with asked(chain.db) as questions:
                    shown = who.get(f"{path}?{name}={page}").text.partition(f'id="{name}"')[2].partition("<h2")[0]
                if name == "lifted":
                    found += map(names.get, re.findall(rf'href="{path}/([0-9a-f-]{{36}})"', shown))
                found += map(int, re.findall(rf'href="{path}/(\d+)"', shown))
                counts.append(len(questions))
            assert found == wanted, name
            assert max(counts) < 40, "not one for each row"
