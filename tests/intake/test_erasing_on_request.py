"""R31, R68, R69, P12: erase or keep, item by item; a manager approves; erased for good; two at once; shared scans."""

import io
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import pytest
from PIL import Image
from sqlmodel import Session, col, select

from intake import retaining, sorting
from intake.wiring import Paperchain
from records.audit.tables import AuditEntry
from records.clock import Clock
from records.consents import changes
from records.consents.givers import Giver
from records.consents.items import STORE
from records.consents.standing import Route as Said
from records.consents.tables import ConsentEvent
from records.custody import facts as paper_facts
from records.custody import returns
from records.custody.proposal import ProposalKind
from records.custody.returning import Entitlement, PictureWish, Proof
from records.custody.tables import Original, PaperReturn
from records.db import Database
from records.desk import erasure_form
from records.documents import holdings, keyring
from records.documents.tables import Document
from records.documents.text import index
from records.documents.text.index import Word
from records.errors import RefusedByRule
from records.holds import register as holds
from records.holds.kinds import HoldKind, Scope
from records.people import merging
from records.people import register as people
from records.people.entitlement import Values
from records.people.tables import ChildFile
from records.policies.settings import load
from records.policies.values import ParentAccess
from records.post.tables import Item, Page, Part
from records.requests import erasure_list, register
from records.requests.erasure import Decided, Ground, UnitKind, Verdict, cannot_decide
from records.requests.follows import pictures_unwanted, storing_withdrawn
from records.requests.kinds import Closing, Event, Kind, Requester, Route
from records.requests.register import Asking
from records.requests.tables import RequestRow
from records.retention import certificate, erased, ledger, run
from records.retention.verifying import still_there
from records.tasks.tables import TaskRow
from records.vocabulary import DocumentKind, PartKind, PartState, Role
from tests.builders import made_on
from tests.intake.test_erasing import shared_scan
from tests.intake.test_retaining import BOTH, dump, restore
from tests.records.consents.homes import open_file
from tests.requesting import add_page, recorded, step, words_of
from tests.retaining import MANAGER, OFFICER, family, there
from tests.reviewing import Browser, arrived
from tests.together import at_once

LATER = date(2027, 5, 20)
ERASE = (Decided(Verdict.ERASE), "")
KEEP = (Decided(Verdict.KEEP, Ground.LEGAL_CLAIM, LATER), "Claim 17 of the family")


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def chain(tmp_path: Path, database: Database, clock: Clock) -> Paperchain:
    return made_on(database, tmp_path, clock)


def asked(chain: Paperchain, file_id: UUID) -> int:
    with chain.db.writing() as session:
        row = register.record(
            session, kind=Kind.ERASURE, route=Route.POST, requester=Requester.PARENT, asking=Asking("Morgan Canaryone"),
            received_on=date(2026, 11, 19), by=OFFICER, at=chain.clock.now(), file=session.get_one(ChildFile, file_id),
        )  # fmt: skip
        return row.number


def of(session: Session, number: int) -> tuple[RequestRow, ChildFile]:
    row = register.get(session, number)
    return row, erasure_list.need_file(session, row)


def settle(chain: Paperchain, number: int, keep: frozenset[UUID] = frozenset(), by: str = OFFICER) -> None:
    with chain.db.writing() as session:
        row, file = of(session, number)
        given = {unit.id: KEEP if unit.id in keep else ERASE for unit in erasure_list.units(session, file)}
        erasure_list.settle(session, row, file, given, by=by, at=chain.clock.now())


def approve(chain: Paperchain, number: int, by: str = MANAGER) -> None:
    with chain.db.writing() as session:
        row, file = of(session, number)
        erasure_list.approve(session, row, file, by=by, at=chain.clock.now())


def letter(chain: Paperchain, number: int) -> None:
    with chain.db.writing() as session:
        register.append(
            session, register.get(session, number), Event.LETTER, on=chain.clock.today(), by=OFFICER, at=chain.clock.now(),
            code="answer",
        )  # fmt: skip


def erase(chain: Paperchain, number: int, typed: int, version: int | None = None) -> erasure_list.Erased:
    tools = retaining.tools(chain)
    with chain.db.writing() as session:
        row = register.get(session, number, version)
        done = erasure_list.execute(
            session, row, erasure_list.need_file(session, row), typed, tools=erasure_list.Tools(tools.without, tools.along),
            policy_version="test", by=MANAGER, at=chain.clock.now(),
        )  # fmt: skip
    run.finish_blobs(chain.db, chain.store)
    chain.db.scrub()
    return done


def units(chain: Paperchain, file_id: UUID) -> list[erasure_list.Unit]:
    with chain.db.reading() as session:
        return erasure_list.units(session, session.get_one(ChildFile, file_id))


def one(found: list[erasure_list.Unit], kind: UnitKind) -> UUID:
    return next(unit.id for unit in found if unit.kind is kind)


@BOTH
def test_a_form_is_erased_and_a_page_kept_whole(chain: Paperchain) -> None:
    file_id = family(chain)
    with chain.db.writing() as session:
        page = add_page(chain, session, session.get_one(ChildFile, file_id), 1, UUID(OFFICER))
        blob = session.get_one(Document, page).blob
    before = {UnitKind.FORM, UnitKind.DOCUMENT, UnitKind.ANSWERS}
    found = units(chain, file_id)
    assert {unit.kind for unit in found} == before
    with chain.db.reading() as session:
        form = one(found, UnitKind.FORM)
        old = [each.blob for each in session.exec(select(Document).where(Document.part_id == form))]
    number = asked(chain, file_id)
    settle(chain, number, frozenset({page}))
    approve(chain, number)
    done = erase(chain, number, 2)
    assert (done.items, done.kept, done.whole) == (2, 1, False)
    assert old and not any(still_there(chain.store, name) for name in old)
    assert (
        old and not any((chain.settings.documents / name).exists() for name in old)
        if hasattr(chain.settings, "documents")
        else old
    )
    with chain.db.reading() as session:
        assert session.get(Part, form) is None
        assert session.exec(select(ConsentEvent).where(ConsentEvent.file_id == file_id)).all() == []
        kept = session.get_one(Document, page)
        assert kept.blob == blob and len(holdings.fetch(session, chain.store, kept)) > 100
        entry = ledger.entries(session)[-1]
        assert (entry.kind, entry.rule, entry.proposed_by, entry.approved_by) == (
            ledger.ERASURE,
            "R31",
            OFFICER,
            MANAGER,
        )
        assert entry.file_id is None
        (task,) = session.exec(select(TaskRow).where(TaskRow.kind == erasure_list.REVIEW)).all()
        assert (task.due, task.file_id) == (LATER, file_id)
        row = register.get(session, number)
        assert (
            register.stand(session, row, chain.clock.today()).next_step.value == "who"
        )  # steps before are the page's to ask
        assert any(each.what is Event.ERASED for each in register.events(session, row))


@BOTH
def test_when_nothing_is_kept_the_file_goes_and_its_names_are_nowhere(chain: Paperchain) -> None:
    file_id = family(chain, "Rowan Canaryone", "Morgan Canaryone", with_text=True)
    number = asked(chain, file_id)
    settle(chain, number)
    approve(chain, number)
    with pytest.raises(RefusedByRule, match="Print the letter first"):
        erase(chain, number, len(units(chain, file_id)))
    letter(chain, number)
    with pytest.raises(RefusedByRule, match="Count them again"):
        erase(chain, number, 99)
    assert erase(chain, number, len(units(chain, file_id))).whole
    with chain.db.reading() as session:
        assert session.get(ChildFile, file_id) is None
        assert session.exec(select(RequestRow)).all() == []
    assert retaining.search(chain, ["Rowan Canaryone", "Morgan Canaryone"]) == 0
    with chain.db.reading() as session:
        said = certificate.answer(ledger.asked_later(session, 1))
        found = erased.of_entry(session, 1)
    assert said is not None and said.endswith("The family had asked for it: certificate E-1.")
    assert found.whole
    assert "not noted that anybody looked" in erased.checked(found)[0]  # as when the machine stops in between


def a_letter(chain: Paperchain, file_id: UUID) -> UUID:
    """A letter of two pages that differ, filed from one scan. Its first page names somebody, in its picture and in its words."""
    scan, _ = shared_scan()
    letter, other = arrived(chain, forms=2, scanned=scan, by_hand=False)
    with chain.db.writing() as session:
        part = session.get_one(Part, letter)
        for page in session.exec(select(Page).where(Page.part_id == other)):
            page.part_id = letter
        for document in session.exec(select(Document).where(col(Document.part_id).in_([letter, other]))):
            if document.kind == DocumentKind.PAGE:
                document.part_id = letter
            else:
                session.delete(document)
        session.delete(session.get_one(Part, other))
        part.kind, part.state, part.form, part.sealed_reading, part.evidence_id = (
            PartKind.OTHER,
            PartState.TO_SORT,
            None,
            None,
            None,
        )
        session.flush()
        item, version, file = session.get_one(Item, part.item_id), part.version, session.get_one(ChildFile, file_id)
        number, to = item.number, file.number
    decided = sorting.ForFile(sorting.SortedAs.LETTER, to, ProposalKind.CABINET, legible=True)
    sorting.sort_part(chain, number, letter, decided, actor=OFFICER, version=version)
    with chain.db.writing() as session:
        paper = session.exec(select(Original).where(Original.part_id == letter)).one()
        paper.state = "returned"
        for page in session.exec(
            select(Document).where(Document.part_id == letter, Document.kind == DocumentKind.PAGE)
        ):
            who = AUNT if page.page == 1 else "Nobody in particular"
            index.begin(session, page.id)
            said = [Word(word, 0, 0, 9, 9, 0) for word in f"{who} wrote this page".split()]
            key = keyring.open_key(session, page.key_id)
            index.keep(
                session,
                page,
                key,
                said,
                item_id=number_id(session, number),
                today=chain.clock.today(),
                at=chain.clock.now(),
            )
    return letter


def number_id(session: Session, number: int) -> UUID:
    return session.exec(select(Item.id).where(Item.number == number)).one()


AUNT = "Auntcanary Wrenfield"


def test_one_page_of_a_letter_is_erased_and_the_other_kept(chain: Paperchain) -> None:
    """R31, page by page: afterwards neither the page's picture nor a word of it can be read from anything that is stored."""
    file_id = family(chain)
    letter = a_letter(chain, file_id)
    (unit,) = [unit for unit in units(chain, file_id) if unit.id == letter]
    assert len(unit.pages) == 2
    gone, stays = unit.pages
    number = asked(chain, file_id)
    with chain.db.reading() as session:
        assert [page.page for page in index.find(session, AUNT)] == [1]
        pictures = {page.id: session.get_one(Document, page.picture_id) for page in session.exec(select(Page))}
        last = session.exec(select(Item).order_by(col(Item.number).desc()).limit(1)).one()
        blobs_before = {pictures[gone].blob, session.get_one(Document, last.scan_id).blob}
        kept_picture = holdings.fetch(session, chain.store, pictures[stays])

    def list_it(pages: tuple[UUID, ...]) -> None:
        with chain.db.writing() as session:
            row, file = of(session, number)
            some = (Decided(Verdict.PAGES, Ground.LEGAL_CLAIM, LATER, pages), "Claim 17")
            given = {each.id: some if each.id == letter else KEEP for each in erasure_list.units(session, file)}
            erasure_list.settle(session, row, file, given, by=OFFICER, at=chain.clock.now())

    for wrong in ((), (gone, stays), (letter,)):
        with pytest.raises(RefusedByRule):
            list_it(wrong)
    list_it((stays,))
    approve(chain, number)
    list_it((gone,))
    with pytest.raises(RefusedByRule, match="not approved exactly this list"):
        erase(chain, number, 1)  # another page than the one that was approved
    approve(chain, number)
    done = erase(chain, number, 1)
    assert not done.whole

    assert not any(still_there(chain.store, name) for name in blobs_before)
    with chain.db.reading() as session:
        assert session.get(Page, gone) is None
        page = session.get_one(Page, stays)
        assert page.part_id == letter
        assert holdings.fetch(session, chain.store, session.get_one(Document, page.picture_id)) == kept_picture
        assert index.find(session, AUNT) == []
        assert ledger.entries(session)[-1].pages == 1
        for document in session.exec(select(Document)):
            assert AUNT.encode() not in holdings.fetch(session, chain.store, document)
            read = index.words(session, document, keyring.open_key(session, document.key_id))
            assert not read or "Auntcanary" not in [word.text for word in read]
        scans = [
            each
            for each in session.exec(select(Document).where(Document.kind == DocumentKind.SCAN))
            if each.part_id == letter
        ]
        assert [each.page for each in scans] == [2]
        with Image.open(io.BytesIO(holdings.fetch(session, chain.store, scans[0]))) as scan:
            assert np.array_equal(np.asarray(scan.convert("L")), np.asarray(shared_scan()[1][1]))
        (task,) = session.exec(select(TaskRow).where(TaskRow.kind == erasure_list.REVIEW)).all()
        assert task.words.startswith(f"{done.kept} items were kept")
    assert retaining.search(chain, [AUNT]) == 0


@pytest.mark.parametrize(
    ("typed", "pages"),
    [
        ("2", [2]), ("1, 3-4", [1, 3, 4]), ("2 – 3", [2, 3]), ("", []), ("0", []), ("6", []), ("3-2", []), ("1,,2", []), ("two", []),
        ("1-99999", []), ("-3", []), ("²", []),
    ],
)  # fmt: skip
def test_pages_are_typed_as_people_write_them(typed: str, pages: list[int]) -> None:
    five = [UUID(int=n) for n in range(1, 6)]
    assert erasure_form.pages_in(typed, five) == tuple(UUID(int=n) for n in pages)


def test_a_no_outlives_the_form_it_stood_on(chain: Paperchain) -> None:
    file_id = family(chain)
    found = units(chain, file_id)
    answers = one(found, UnitKind.ANSWERS)
    with chain.db.reading() as session:
        before = {each.id: each.state for each in session.exec(select(ConsentEvent))}
    number = asked(chain, file_id)
    settle(chain, number, frozenset({answers}))
    approve(chain, number)
    erase(chain, number, len(found) - 1)
    with chain.db.reading() as session:
        assert {each.id: each.state for each in session.exec(select(ConsentEvent))} == before
        assert all(each.part_id is None for each in session.exec(select(ConsentEvent)))
        entries = ledger.entries(session)
    with chain.db.writing() as session:  # replaying it changes nothing, and takes no answer
        ledger.replay(session, chain.store, entries)
        assert {each.id for each in session.exec(select(ConsentEvent))} == set(before)


def test_whoever_listed_cannot_approve_and_a_new_item_undoes_the_approval(chain: Paperchain) -> None:
    file_id = family(chain)
    number = asked(chain, file_id)
    settle(chain, number, by=MANAGER)
    with pytest.raises(RefusedByRule, match="Somebody else must approve"):
        approve(chain, number, by=MANAGER)
    settle(chain, number, by=OFFICER)
    with pytest.raises(RefusedByRule, match="Somebody else must approve"):
        approve(chain, number, by=MANAGER)  # who ever listed stays out
    other = "33333333-3333-3333-3333-333333333333"
    approve(chain, number, by=other)
    letter(chain, number)
    with chain.db.writing() as session:
        add_page(chain, session, session.get_one(ChildFile, file_id), 1, UUID(OFFICER))
    with pytest.raises(RefusedByRule, match="not approved exactly this list"):
        erase(chain, number, 3)


@BOTH
@pytest.mark.parametrize("since", ["an answer", "a joined file"])
def test_what_came_since_was_not_approved_though_it_stands_on_no_line_of_its_own(chain: Paperchain, since: str) -> None:
    """F22, R26, R31: the answers are one line however many there are. The mother says yes again, or a file with answers alone turns out to be
    the same child's."""
    file_id, now = family(chain), chain.clock.now()
    number = asked(chain, file_id)
    settle(chain, number)
    with chain.db.writing() as session:
        other = open_file(session, now, {}).file.id
    approve(chain, number)
    letter(chain, number)
    with chain.db.writing() as session:
        file = session.get_one(ChildFile, file_id)
        if since == "an answer":
            said = changes.Told(
                answers={STORE: True}, giver=Giver.PARENT_OR_CARER, person=None, route=Said.LETTER, told_on=chain.clock.today(), sent_key=uuid4()
            )  # fmt: skip
            changes.record(session, file, said, actor=OFFICER, at=now, policy=chain.policy())
        else:
            merging.merge(
                session, file, session.get_one(ChildFile, other), why="The mother says so.", by=OFFICER, at=now
            )
    count = len(units(chain, file_id))
    with pytest.raises(RefusedByRule, match="has not approved exactly this list"):
        erase(chain, number, count)
    assert there(chain, file_id) and there(chain, other)
    approve(chain, number)
    assert erase(chain, number, count).whole


def test_another_hold_or_request_stops_it_and_its_own_hold_does_not(chain: Paperchain) -> None:
    file_id = family(chain)
    number = asked(chain, file_id)
    settle(chain, number)
    approve(chain, number)
    letter(chain, number)
    with chain.db.writing() as session:
        assert len(holds.blocking(session, file_id=file_id)) == 1
        hold = holds.place(
            session, kind=HoldKind.SAFEGUARDING, scope=Scope.FILE, subject_id=file_id, authority="The council", reason="Enquiry",
            by=OFFICER, at=chain.clock.now(),
        )  # fmt: skip
    count = len(units(chain, file_id))
    with pytest.raises(RefusedByRule, match="safeguarding"):
        erase(chain, number, count)
    with chain.db.writing() as session:
        holds.release(session, hold.id, why="Ended", by=OFFICER, at=chain.clock.now())
        other = register.record(
            session, kind=Kind.ACCESS, route=Route.POST, requester=Requester.PARENT, asking=Asking("Morgan Canaryone"),
            received_on=date(2026, 11, 19), by=OFFICER, at=chain.clock.now(), file=session.get_one(ChildFile, file_id),
        ).number  # fmt: skip
    with pytest.raises(RefusedByRule, match="Nothing was erased"):
        erase(chain, number, count)
    with chain.db.writing() as session:
        register.close(
            session, register.get(session, other), Closing.DONE, hold_months=3, by=OFFICER, at=chain.clock.now()
        )
        assert len(holds.blocking(session, file_id=file_id)) == 2, "the answer leaves time to complain"
    # R31: only an open request is a ground to keep; R1: the family is not made to wait three months for what is due in one.
    assert erase(chain, number, count).whole


def test_the_paper_of_what_goes_must_leave_first_and_may(chain: Paperchain) -> None:
    file_id = family(chain, paper_gone=False)
    number = asked(chain, file_id)
    settle(chain, number)
    with chain.db.reading() as session:
        paper = session.exec(select(Original).where(Original.file_id == file_id)).one()
        assert len(paper_facts.on_hold(session, paper)) == 1
    with (
        chain.db.writing() as session
    ):  # another request was answered: its time to complain keeps the paper too, until a manager approves
        other = register.record(
            session, kind=Kind.ACCESS, route=Route.POST, requester=Requester.PARENT, asking=Asking("Morgan Canaryone"),
            received_on=date(2026, 11, 19), by=OFFICER, at=chain.clock.now(), file=session.get_one(ChildFile, file_id),
        )  # fmt: skip
        register.close(session, other, Closing.DONE, hold_months=3, by=OFFICER, at=chain.clock.now())
        paper = session.exec(select(Original).where(Original.file_id == file_id)).one()
        assert len(paper_facts.on_hold(session, paper)) == 2
    approve(chain, number)
    letter(chain, number)
    with chain.db.reading() as session:
        paper = session.exec(select(Original).where(Original.file_id == file_id)).one()
        assert paper_facts.on_hold(session, paper) == ()
    with pytest.raises(RefusedByRule, match="Return it to the family"):
        erase(chain, number, len(units(chain, file_id)))
    with chain.db.writing() as session:
        paper = session.exec(select(Original).where(Original.file_id == file_id)).one()
        paper.state = "returned"
        session.add(paper)
    assert erase(chain, number, len(units(chain, file_id))).whole


@pytest.mark.parametrize(
    ("found", "reason", "says"),
    [
        (Decided(Verdict.KEEP), "Claim", "Choose the ground"),
        (Decided(Verdict.KEEP, Ground.HONOUR, LATER), "x", "Only the answers"),
        (Decided(Verdict.KEEP, Ground.LEGAL_DUTY, LATER), " ", "Say what the ground is"),
        (Decided(Verdict.KEEP, Ground.LEGAL_DUTY), "Act", "Enter the day"),
        (Decided(Verdict.KEEP, Ground.LEGAL_DUTY, date(2026, 11, 20)), "Act", "after today"),
    ],
)
def test_keeping_needs_a_named_ground_and_a_day(found: Decided, reason: str, says: str) -> None:
    assert says in (cannot_decide(UnitKind.FORM, found, reason, date(2026, 11, 20)) or "")
    assert cannot_decide(UnitKind.FORM, Decided(Verdict.ERASE), "", date(2026, 11, 20)) is None
    assert "25" not in "".join(Ground)


@BOTH
def test_of_two_who_erase_at_once_one_is_told(chain: Paperchain) -> None:
    file_id = family(chain)
    with chain.db.writing() as session:
        page = add_page(chain, session, session.get_one(ChildFile, file_id), 1, UUID(OFFICER))
    number = asked(chain, file_id)
    settle(chain, number, frozenset({page}))
    approve(chain, number)
    with chain.db.reading() as session:
        seen = register.get(session, number).version
    told = at_once(*[lambda: erase(chain, number, 2, seen)] * 2)
    assert len(told) == 1 and "changed request 1 on 20 November 2026" in told[0].message
    with chain.db.reading() as session:
        assert len(ledger.entries(session)) == 1 and session.get(Document, page) is not None


def test_on_the_desk_from_the_list_to_the_end(chain: Paperchain) -> None:
    officer, manager = Browser(chain), Browser(chain, Role.MANAGER, name="Sam")
    file_id = family(chain)
    with chain.db.writing() as session:
        file = session.get_one(ChildFile, file_id)
        file.officer_id = officer.id
        session.add(file)
        number = file.number
        page_id = add_page(chain, session, file, 1, officer.id)
    path = recorded(officer, kind="erasure", file=f"PC-{number:04d}", name="Morgan Canaryone")
    step(officer, path, "who", person="none", address="", address_again="")
    found = units(chain, file_id)
    form, answers = one(found, UnitKind.FORM), one(found, UnitKind.ANSWERS)
    missing = step(officer, path, "what", **{f"verdict-{form}": "erase", f"verdict-{answers}": "keep"})
    assert missing.status_code == 422 and "choose the ground" in missing.text
    fields = {
        f"verdict-{form}": "erase", f"verdict-{answers}": "keep", f"ground-{answers}": "honour", f"why-{answers}": "No news",
        f"review-{answers}": "20 5 2027", f"verdict-{page_id}": "erase",
    }  # fmt: skip
    assert step(officer, path, "what", **fields).status_code == 303
    again = officer.get(f"{path}/what").text
    assert 'value="No news"' in again and 'value="20 5 2027"' in again, (
        "nothing is typed twice to confirm the list again"
    )
    assert officer.post(f"{path}/approve", {"version": "5"}).status_code in (403, 404)
    page = manager.get(f"{path}/approve").text
    assert "Form of item" in page and "To honour what they no longer agree to" in page
    with chain.db.writing() as session:
        row = register.get(session, 1)
        register.move(
            session, row, Event.ALLOWED, on=chain.clock.today(), by=OFFICER, at=chain.clock.now(), code="release"
        )
    assert step(manager, path, "approve").status_code == 303
    assert "Count them in the list" in manager.get(f"{path}/erase").text
    assert step(manager, path, "approve").status_code == 409, "what is approved is not approved twice"
    with (
        chain.db.writing() as session
    ):  # R26: an answer comes, and the approval falls; the list is as it was, so nobody lists it again
        said = changes.Told(
            answers={"news:post": False}, giver=Giver.PARENT_OR_CARER, person=None, route=Said.LETTER, told_on=chain.clock.today(), sent_key=uuid4()
        )  # fmt: skip
        file = session.get_one(ChildFile, file_id)
        changes.record(session, file, said, actor=OFFICER, at=chain.clock.now(), policy=chain.policy())
    fallen = manager.get(f"{path}/erase").text
    assert "Count them in the list" not in fallen and f'href="{path}/approve"' in fallen
    assert f'href="{path}/approve"' not in officer.get(f"{path}/erase").text
    assert step(manager, path, "approve").status_code == 303
    assert "Count them in the list" in manager.get(f"{path}/erase").text
    wrong = step(manager, path, "erase", count="7", look_for=AUNT)
    assert wrong.status_code == 422 and "Count them again" in wrong.text
    assert f">{AUNT}</textarea>" in wrong.text, "the names that were typed are not lost with the count"
    looked = step(manager, path, "erase", count="2", look_for=AUNT)
    assert looked.status_code == 303
    with chain.db.reading() as session:
        (entry,) = session.exec(select(AuditEntry).where(AuditEntry.act == "erasure_looked_for"))
        assert (entry.subject_kind, entry.detail) == ("erasure", '{"found":0,"words":1}')
    assert "Certificate E-1 is at Retention." in manager.get(path).text
    assert "Part of a file" in manager.get("/retention/certificates").text
    printed = words_of(manager.get("/retention/certificates/erasures/1").content)
    for words in (
        "Certificate of erasure E-1",
        "November 2026",
        "Listed by Lee",
        "searched for 1 name or word",
        "Nothing was found.",
    ):
        assert words in printed, words
    for words in (AUNT, "Canaryone", f"PC-{number:04d}", "20 November"):
        assert words not in printed, words
    assert manager.get(f"{path}/send").status_code == 200
    assert "2 erased, 1 kept" in manager.get(path).text
    assert "Look whether the ground still holds" in officer.get("/tasks").text


def test_another_familys_page_in_the_same_scan_stays(chain: Paperchain) -> None:
    scan, drawn = shared_scan()
    first, second = arrived(chain, forms=2, scanned=scan)
    going, staying = family(chain, part=first), family(chain, "Ash Staying", "Kit Staying", part=second)
    with chain.db.reading() as session:
        item = session.get_one(Part, second).item_id
    number = asked(chain, going)
    answers = one(units(chain, going), UnitKind.ANSWERS)
    settle(chain, number, frozenset({answers}))
    approve(chain, number)
    assert erase(chain, number, 1).kept == 1
    with chain.db.reading() as session:
        left = session.exec(select(Document).where(Document.item_id == item)).all()
        copy = session.get_one(Document, session.get_one(Item, item).scan_id)
        shown = np.asarray(Image.open(io.BytesIO(holdings.fetch(session, chain.store, copy))).convert("L"))
        assert left and all(each.part_id == second for each in left)
        assert session.get(ChildFile, staying) is not None and session.get(Part, first) is None
    assert np.array_equal(shown, np.asarray(drawn[1]))


@BOTH
def test_an_older_backup_loses_what_was_erased_and_nothing_else(chain: Paperchain) -> None:
    """P12: the form and the note-free page of it are gone again; what was kept, and the answers, are whole."""
    file_id = family(chain)
    with chain.db.writing() as session:
        pages = [
            add_page(chain, session, session.get_one(ChildFile, file_id), place, UUID(OFFICER)) for place in (1, 2)
        ]
    found = units(chain, file_id)
    form, answers = one(found, UnitKind.FORM), one(found, UnitKind.ANSWERS)
    number = asked(chain, file_id)
    saved = dump(chain)
    settle(chain, number, frozenset({pages[1], answers}))
    approve(chain, number)
    assert erase(chain, number, 2).kept == 2
    with chain.db.reading() as session:
        entries = ledger.entries(session)
        said = {each.id for each in session.exec(select(ConsentEvent))}
    restore(chain, saved)
    with chain.db.writing() as session:
        assert session.get(Part, form) is not None and session.get(Document, pages[0]) is not None
        ledger.replay(session, chain.store, entries)
    with chain.db.reading() as session:
        assert session.get(Part, form) is None and session.get(Document, pages[0]) is None
        assert holdings.fetch(session, chain.store, session.get_one(Document, pages[1]))
        assert {each.id for each in session.exec(select(ConsentEvent))} == said
        assert all(each.part_id is None for each in session.exec(select(ConsentEvent)))


def gave_back(chain: Paperchain, file_id: UUID, wish: PictureWish) -> None:
    """The file's one paper is asked for, found, checked and handed over."""
    at = chain.clock.now()
    with chain.db.writing() as session:
        paper = session.exec(select(Original).where(Original.file_id == file_id)).one()
        carer = next(one for one in people.people(session, session.get_one(ChildFile, file_id)) if one.kind == "carer")
        back = returns.begin(
            session, [paper], number=1, file_id=file_id, person_id=carer.id, asked_on=at.date(), due_on=at.date(), actor=OFFICER, at=at
        )  # fmt: skip
        returns.prove(
            session, back, proof=Proof.KNOWN, entitled=Entitlement.GAVE_IT, picture=wish, address="", actor=OFFICER, at=at,
            values=Values(ParentAccess.YES_SUBJECT_TO_LAW, None, None), version=back.version,
        )  # fmt: skip
        returns.found(session, back, {paper.number}, actor="anna", at=at, version=back.version)
        returns.check(session, back, 1, actor="ben", at=at, version=back.version)
        assert register.open_one(session, file_id, Kind.ERASURE) is None  # its hold would keep the paper here
        returns.receive(
            session, back, receipt="R-1", by_hand=True, actor="anna", at=at, version=back.version, target_days=21
        )


def test_pictures_that_a_family_wants_erased_with_its_papers_are_a_request_about_those_alone(chain: Paperchain) -> None:
    """R61: the rest of the file is not asked about, and never goes with them."""
    file_id = family(chain, paper_gone=False)
    with chain.db.writing() as session:
        add_page(chain, session, session.get_one(ChildFile, file_id), 1, UUID(OFFICER))
    gave_back(chain, file_id, PictureWish.ERASE)
    form = one(units(chain, file_id), UnitKind.FORM)
    with chain.db.reading() as session:
        row, file = of(session, 1)
        asking = register.asking(session, row)
        assert [unit.id for unit in erasure_list.asked_for(session, row, file)] == [form]
        assert (row.requester, row.person_id is not None, asking.name) == ("parent", True, "Morgan Canaryone")
        assert "went back in return R-1" in asking.words
        assert len(holds.blocking(session, file_id=file_id)) == 1  # R68
        call = session.exec(select(TaskRow).where(TaskRow.kind == "request")).one()
        assert call.due == date(2026, 12, 11), "21 days, as this policy sets it, and not 28"
    with chain.db.writing() as session:
        row, file = of(session, 1)
        erasure_list.settle(session, row, file, {form: ERASE}, by=OFFICER, at=chain.clock.now())
    approve(chain, 1)
    done = erase(chain, 1, 1)
    assert (done.items, done.kept, done.whole) == (1, 0, False)
    left = {unit.kind for unit in units(chain, file_id)}
    assert UnitKind.FORM not in left and {UnitKind.DOCUMENT, UnitKind.ANSWERS} <= left


def test_pictures_that_may_stay_open_nothing_and_a_withdrawal_makes_a_short_list_the_whole_file(
    chain: Paperchain,
) -> None:
    kept = family(chain, paper_gone=False)
    gave_back(chain, kept, PictureWish.KEEP)
    with chain.db.reading() as session:
        assert session.exec(select(RequestRow)).all() == []
    with chain.db.writing() as session:
        file = session.get_one(ChildFile, kept)
        form = next(unit for unit in erasure_list.units(session, file) if unit.kind is UnitKind.FORM)
        row = register.record(
            session, kind=Kind.ERASURE, route=Route.POST, requester=Requester.PARENT, received_on=chain.clock.today(), by=OFFICER,
            at=chain.clock.now(), file=file, asking=Asking("Morgan Canaryone", only=(str(form.id),)),
        )  # fmt: skip
        erasure_list.settle(session, row, file, {form.id: ERASE}, by=OFFICER, at=chain.clock.now())
    approve(chain, 1)
    with chain.db.writing() as session:
        row, file = of(session, 1)
        assert erasure_list.approved(session, row, file)
        storing_withdrawn(
            session, file, chain.clock.today(), OFFICER, chain.clock.now(), load("westminster", chain.clock.today())
        )
        assert not erasure_list.approved(session, row, file)
        assert len(erasure_list.asked_for(session, row, file)) > 1
        assert session.exec(select(RequestRow)).all() == [row]
        back = PaperReturn(
            number=7, file_id=kept, person_id=file.id, state="received", asked_on=LATER, due_on=LATER, opened_by=OFFICER,
            opened_at=chain.clock.now(),
        )  # fmt: skip
        paper = session.exec(select(Original).where(Original.file_id == kept)).one()
        pictures_unwanted(session, back, [paper], chain.clock.now(), 28)  # two about one file would wait for each other
        assert session.exec(select(RequestRow)).all() == [row]
        assert any("return R-7. See to it in request 1." in task.words for task in session.exec(select(TaskRow)))
