"""Giving papers back on the desk: who asks, proof, two people, receipt; locked out of waste from the first moment (N16, R58-R61)."""

import io
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx2 as httpx
import pdfplumber
import pytest
from sqlmodel import Session, select

from records import holds
from records.audit.tables import AuditEntry
from records.custody import originals, returns
from records.custody.moves import Custody, Facts
from records.custody.tables import Original, PaperReturn
from records.db import Database
from records.desk import return_prints
from records.desk.return_pages import working_days_after
from records.guard import glass, marks, restrictions
from records.holds import HoldKind, Scope
from records.people import known, merging, register
from records.people.entitlement import GivenByChild
from records.people.facts import SafeContact
from records.people.relations import Kind
from records.people.tables import ChildFile
from records.policies.settings import load as load_policy
from records.staff.access import Actor, Restriction
from records.tasks.tables import TaskRow
from records.vocabulary import Role
from tests.builders import CARER, CHILD
from tests.records.desk.paper_desk import PaperDesk, database_kind, desk, paper_desk, words

__all__ = ["database_kind", "desk"]  # fixtures, found by their names here

BACK = "/originals/returns/1"
ADDRESS = "1 Invented Street\nNorthampton\nNN1 1AA"
ASKED = {"asked-day": "11", "asked-month": "1", "asked-year": "2027"}
PROVEN = {"proof": "passport", "entitled": "gave_it", "picture": "keep", "address": ADDRESS}


class Staff:
    """An officer who owns the file of two papers, and two admins."""

    def __init__(self, desk: PaperDesk) -> None:
        self.papers = desk.papers.log(2)
        self.officer = desk.person(Role.OFFICER, "Olive Sample")
        self.anna, self.ben = desk.person(Role.ADMIN, "Anna Sample"), desk.person(Role.ADMIN, "Ben Sample")
        self.file = desk.owned_by(self.papers[0], self.officer)
        self.person = str(desk.papers.person(self.papers[0]).id)

    def ask(self, numbers: list[str] | None = None) -> httpx.Response:
        return self.officer.post(
            f"/files/{self.file}/originals/return", number=numbers or ["1", "2"], person=self.person, **ASKED
        )

    def ready(self, **proven: str) -> None:
        self.ask()
        assert self.officer.step(BACK, "prove", **{**PROVEN, **proven}).status_code == 303
        assert self.anna.step(BACK, "found", number=["1", "2"]).status_code == 303
        assert self.ben.step(BACK, "check", contents="2").status_code == 303


@pytest.fixture
def staff(desk: PaperDesk) -> Staff:
    return Staff(desk)


def states(desk: PaperDesk) -> list[str]:
    with desk.desk.db.reading() as session:
        return [paper.state for paper in session.exec(select(Original).order_by(Original.number))]  # type: ignore[arg-type]


def one(desk: PaperDesk) -> PaperReturn:
    with desk.desk.db.reading() as session:
        return returns.by_number(session, 1)


def test_a_request_has_a_day_and_locks_the_papers_out_of_waste(desk: PaperDesk, staff: Staff) -> None:
    staff.anna.step("/originals/1", "waste")
    assert staff.ask().headers["location"] == BACK
    assert states(desk) == [Custody.TO_RETURN] * 2  # out of the sack too
    assert one(desk).due_on == date(2027, 1, 25)  # ten working days
    with desk.desk.db.reading() as session:
        assert all(holds.blocking(session, original_id=paper.id) for paper in staff.papers)
    assert staff.anna.step("/originals/1", "waste").status_code == 422
    assert "There is nothing in this sack." in words(staff.anna.get("/originals/waste/1"))
    again = staff.ask(["1"])
    assert again.status_code == 422
    assert "O-1 is already being given back: see return R-1." in words(again)


def test_a_return_of_a_joined_file_stands_on_the_one_that_is_kept(desk: PaperDesk, staff: Staff) -> None:
    """N16, F22: its paper does, so the return that sends it back does too."""
    staff.ask(["1"])
    with desk.desk.db.writing() as session:
        at = desk.desk.clock.now()
        kept = register.open_file(session, officer_id=staff.officer.id, child_name=CHILD, actor="o", at=at, number=900)
        merging.merge(session, kept, register.by_number(session, staff.file), why="The mother said so", by="o", at=at)
    page = words(staff.officer.get("/files/900/originals"))
    assert "O-1" in page
    assert "R-1 , asked" in page or "R-1, asked" in page


def test_ten_working_days_skip_weekends_and_bank_holidays() -> None:
    assert working_days_after(date(2026, 12, 18), 10) == date(2027, 1, 6)


def test_who_may_have_the_papers_is_decided_by_a_version_of_the_policy_that_is_named(
    desk: PaperDesk, staff: Staff
) -> None:
    """G8."""
    staff.ask()
    staff.officer.step(BACK, "prove", **PROVEN)
    with desk.desk.db.reading() as session:
        (entry,) = session.exec(select(AuditEntry).where(AuditEntry.act == "return_to_find")).all()
    assert f'"policy":"{desk.desk.policy().version}"' in entry.detail.replace(" ", "")


def test_nothing_is_found_before_proof_and_a_decision_by_the_files_officer(desk: PaperDesk, staff: Staff) -> None:
    staff.ask()
    assert staff.anna.step(BACK, "prove", **PROVEN).status_code == 404
    assert "must first see proof of identity and decide" in words(staff.anna.get(BACK))
    assert staff.anna.step(BACK, "found", number=["1", "2"]).status_code == 422
    for missing, said in (
        ("proof", "Choose what proof"),
        ("entitled", "Choose why"),
        ("picture", "Choose what they said"),
    ):
        answer = staff.officer.step(BACK, "prove", **{**PROVEN, missing: ""})
        assert answer.status_code == 422
        assert said in words(answer)
    assert one(desk).state == "asked"


def test_by_hand_two_people_and_a_signature(desk: PaperDesk, staff: Staff) -> None:
    staff.ask()
    staff.officer.step(BACK, "prove", **PROVEN)
    half = staff.anna.step(BACK, "found", number=["1"])
    assert "Find O-2 too" in words(half)
    staff.anna.step(BACK, "found", number=["1", "2"])
    assert "A second person must sign in" in words(staff.anna.get(BACK))
    assert "you found the papers yourself" in words(staff.anna.step(BACK, "check", contents="2"))
    assert "You counted 3, but 2 papers" in words(staff.ben.step(BACK, "check", contents="3"))
    staff.ben.step(BACK, "check", contents="2")
    assert "Enter the number of the signed receipt" in words(staff.ben.step(BACK, "receive"))
    staff.ben.step(BACK, "receive", receipt="R-1")

    assert states(desk) == [Custody.RETURNED] * 2
    assert (one(desk).state, one(desk).method, one(desk).receipt) == ("received", "by_hand", "R-1")
    with desk.desk.db.reading() as session:
        last = originals.moves_of(session, staff.papers[0])[-1]
        assert not any(holds.blocking(session, original_id=paper.id) for paper in staff.papers)
    assert (last.moved_by, last.second_person, last.reference) == (str(staff.ben.id), str(staff.anna.id), "R-1")


def test_by_tracked_post_with_the_address_compared_and_a_receipt_awaited(
    desk: PaperDesk, staff: Staff, database: Database, tmp_path: Path
) -> None:
    staff.ready()
    assert "Confirm that you compared the address" in words(staff.anna.step(BACK, "send", tracking="AB 123 GB"))
    assert "Enter the tracking number" in words(staff.anna.step(BACK, "send", address_checked="yes"))
    staff.anna.step(BACK, "send", address_checked="yes", tracking="AB 123 GB")
    assert states(desk) == [Custody.SENT] * 2
    assert one(desk).receipt_due == date(2027, 1, 25)
    later = paper_desk(database, tmp_path, datetime(2027, 1, 26, 9, tzinfo=UTC)).person(Role.ADMIN)
    assert "Receipt overdue" in words(later.get("/originals/returns"))
    staff.anna.step(BACK, "receive", receipt="delivered 12 January")
    assert states(desk) == [Custody.RETURNED] * 2


def test_it_came_back_and_goes_again(desk: PaperDesk, staff: Staff) -> None:
    staff.ready()
    staff.anna.step(BACK, "send", address_checked="yes", tracking="AB 123 GB")
    staff.anna.step(BACK, "came-back")
    assert states(desk) == [Custody.CAME_BACK] * 2
    staff.anna.step(BACK, "again")
    assert (states(desk), one(desk).state, one(desk).tracking) == ([Custody.TO_RETURN] * 2, "to_find", None)


def test_what_never_arrived_is_lost_and_an_incident_for_each_paper(desk: PaperDesk, staff: Staff) -> None:
    staff.ready()
    staff.anna.step(BACK, "send", address_checked="yes", tracking="AB 123 GB")
    staff.anna.step(BACK, "lost")
    assert states(desk) == [Custody.LOST] * 2
    with desk.desk.db.reading() as session:
        assert sorted(task.kind for task in session.exec(select(TaskRow))) == ["incident", "incident"]


def test_a_return_that_is_called_off_puts_papers_back_where_they_were(desk: PaperDesk, staff: Staff) -> None:
    staff.anna.step("/originals/1", "move", to="held", cabinet="1", drawer="2", folder="A")
    staff.ask()
    staff.officer.step(BACK, "cancel", why="withdrawn")
    assert states(desk) == [Custody.HELD, Custody.CHECKED]
    with desk.desk.db.reading() as session:
        assert originals.by_number(session, 1).place == "Cabinet 1, drawer 2, folder A"
        assert not holds.blocking(session, original_id=staff.papers[0].id)


def test_a_hold_pauses_the_return(desk: PaperDesk, staff: Staff) -> None:
    staff.ready()
    with desk.desk.db.writing() as session:
        holds.place(
            session, kind=HoldKind.POLICE_OR_INQUIRY, scope=Scope.FILE, subject_id=staff.papers[0].file_id,
            authority="Invented police", reason="An enquiry.", by="officer", at=desk.papers.at,
        )  # fmt: skip
    assert "Paused." in words(staff.anna.get(BACK))
    answer = staff.anna.step(BACK, "send", address_checked="yes", tracking="AB 123 GB")
    assert "A hold pauses this return." in words(answer)
    assert states(desk) == [Custody.TO_RETURN] * 2


def test_the_time_to_complain_after_an_answer_pauses_no_return(desk: PaperDesk, staff: Staff) -> None:
    """R45, R58: an open request pauses it; once that is answered its hold only keeps things from being destroyed."""
    staff.ready()
    with desk.desk.db.writing() as session:
        hold = holds.place(
            session, kind=HoldKind.REQUEST, scope=Scope.FILE, subject_id=staff.papers[0].file_id,
            authority="Paperchain", reason="A request is open.", by="officer", at=desk.papers.at,
        )  # fmt: skip
    assert "Paused." in words(staff.anna.get(BACK))
    with desk.desk.db.writing() as session:
        holds.let_run_out(session, hold.id, ends_on=date(2030, 1, 1), by="officer", at=desk.papers.at)
    assert "Paused." not in words(staff.anna.get(BACK))
    staff.anna.step(BACK, "send", address_checked="yes", tracking="AB 123 GB")
    assert states(desk) == [Custody.SENT] * 2


def test_nothing_is_posted_against_a_safe_contact_instruction(desk: PaperDesk, staff: Staff) -> None:
    """P8: the instruction blocks, it does not warn; it is asked when it is sent, not when it was decided."""
    staff.ready()
    paper = staff.papers[0]
    assert paper.file_id is not None
    with desk.desk.db.writing() as session:
        known.record(
            session, paper.file_id, desk.papers.person(paper).id, SafeContact(address="9 Another Road, Testwood"),
            true_on=date(2027, 1, 11), actor="officer", at=desk.papers.at,
        )  # fmt: skip
    answer = staff.anna.step(BACK, "send", address_checked="yes", tracking="AB 123 GB")
    assert "only to the safe address on the file" in words(answer)
    assert staff.anna.get(f"{BACK}/label").status_code == 409
    assert states(desk) == [Custody.TO_RETURN] * 2


def test_nothing_is_handed_over_against_a_safe_contact_instruction(desk: PaperDesk, staff: Staff) -> None:
    """P8, F28, R59: a meeting can be as unsafe as a letter; the access copy asks the same."""
    staff.ready()
    paper = staff.papers[0]
    assert paper.file_id is not None
    assert "They have signed for it" in words(staff.anna.get(BACK))
    with desk.desk.db.writing() as session:
        known.record(
            session, paper.file_id, desk.papers.person(paper).id, SafeContact(not_by=("in_person",)),
            true_on=date(2027, 1, 11), actor="officer", at=desk.papers.at,
        )  # fmt: skip
    page = words(staff.anna.get(BACK))
    assert "It cannot be handed over: This person must not be contacted in this way." in page
    assert "They have signed for it" not in page
    assert staff.anna.step(BACK, "receive", receipt="R-1").status_code == 422
    assert states(desk) == [Custody.TO_RETURN] * 2
    assert staff.anna.step(BACK, "send", address_checked="yes", tracking="AB 123 GB").status_code == 303


LEAVES = pytest.mark.parametrize(
    ("act", "sent"),
    [("receive", {"receipt": "R-1"}), ("send", {"address_checked": "yes", "tracking": "AB 123 GB"})],
)
"""Both ways in which papers leave: into a hand, and in an envelope."""


def _refused_by_the_child(session: Session, paper: Original, at: datetime) -> ChildFile:
    """The young person does not want this paper to be shown to others. Returns the file that it is on."""
    assert paper.file_id is not None
    assert paper.part_id is not None
    file = session.get_one(ChildFile, paper.file_id)
    marks.mark(session, file, paper.part_id, GivenByChild.REFUSES, by="officer", at=at)
    return file


@LEAVES
def test_what_the_young_person_says_before_the_papers_leave_still_stops_them(
    desk: PaperDesk, staff: Staff, act: str, sent: dict[str, str]
) -> None:
    """R19 row 3, N16: days lie between the decision and the envelope. Whoever sends it learns no more than that it waits."""
    staff.ready()
    paper = staff.papers[0]
    with desk.desk.db.writing() as session:
        _refused_by_the_child(session, paper, desk.papers.at)
    answer = staff.anna.step(BACK, act, **sent)
    assert answer.status_code == 422
    assert "O-1 may not leave yet. Ask the file’s officer" in words(answer)
    assert not any(word in words(answer) for word in ("share", "young", "child"))
    assert states(desk) == [Custody.TO_RETURN] * 2


@LEAVES
def test_what_was_said_before_it_was_decided_stops_nothing_as_it_leaves(
    desk: PaperDesk, staff: Staff, act: str, sent: dict[str, str]
) -> None:
    """R58, R19: a school gets back the report that it gave us, whatever the young person says of who may read it; nothing has changed since."""
    paper = staff.papers[0]
    with desk.desk.db.writing() as session:
        file = _refused_by_the_child(session, paper, desk.papers.at)
        school = register.add_person(
            session, file, kind=Kind.PROFESSIONAL, name="Larch School", actor="officer", at=desk.papers.at
        )
        staff.person = str(school.id)
    staff.ready()
    assert staff.anna.step(BACK, act, **sent).status_code == 303


def test_the_prints_name_the_person_and_the_outside_never_names_the_service(desk: PaperDesk, staff: Staff) -> None:
    staff.ready()
    with pdfplumber.open(io.BytesIO(staff.anna.get(f"{BACK}/papers").content)) as pdf:
        letter = "\n".join(page.extract_text() for page in pdf.pages)
    with pdfplumber.open(io.BytesIO(staff.anna.get(f"{BACK}/label").content)) as pdf:
        label = pdf.pages[0].extract_text()
    assert CARER in letter
    assert letter.count("I have received these papers.") == 2
    assert "O-1" in letter
    assert "PC-0001" in letter
    assert label.startswith(f"{CARER}\n1 Invented Street\nNorthampton\nNN1 1AA")
    assert "SENDIASS" not in label
    assert "Testwood SENDIASS" in letter


def test_a_paper_that_is_gone_is_answered_by_a_certified_print_of_its_picture(desk: PaperDesk, staff: Staff) -> None:
    with desk.desk.db.writing() as session:
        for paper in staff.papers[:1]:
            found = originals.lock(session, paper.id)
            found.state = Custody.COLLECTED
            originals.move(session, found, Custody.DESTROYED, Facts(reference="C-1"), actor="anna", at=desk.papers.at)
    staff.ask()
    staff.officer.step(BACK, "prove", **PROVEN)
    page = words(staff.officer.get(BACK))
    assert "O-1: Destroyed. Print its certified picture" in page
    assert states(desk) == [Custody.DESTROYED, Custody.TO_RETURN]
    assert staff.anna.step(BACK, "found", number=["2"]).status_code == 303
    assert staff.anna.get(f"{BACK}/certified/1").status_code == 404  # pictures are for who may open the file
    assert staff.officer.get(f"{BACK}/certified/2").status_code == 404  # it is not gone


def test_the_certified_print_of_a_restricted_document_is_for_those_who_may_see_it(
    desk: PaperDesk, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    """N10: a restriction of one document holds for its picture as well, whichever page shows it."""
    # Nothing was scanned here that could be printed; who may have the print is decided before it is made.
    monkeypatch.setattr(return_prints, "certified", lambda *_, **__: b"%PDF")
    paper, manager = staff.papers[0], desk.person(Role.MANAGER, "Mona Sample")
    with desk.desk.db.writing() as session:
        found = originals.lock(session, paper.id)
        found.state = Custody.COLLECTED
        originals.move(session, found, Custody.DESTROYED, Facts(reference="C-1"), actor="anna", at=desk.papers.at)
    staff.ask()
    staff.officer.step(BACK, "prove", **PROVEN)
    assert staff.officer.get(f"{BACK}/certified/1").status_code == 200
    with desk.desk.db.writing() as session:
        restrictions.place(
            session, session.get_one(ChildFile, paper.file_id), Restriction.SAFEGUARDING, why="Invented", by="manager",
            at=desk.papers.at, part_id=paper.part_id,
        )  # fmt: skip
    assert staff.officer.get(f"{BACK}/certified/1").status_code == 404
    assert manager.get(f"{BACK}/certified/1").status_code == 200
    assert "certified/1" not in staff.officer.get(BACK).text


def test_who_broke_glass_reads_and_decides_nothing_about_papers(
    desk: PaperDesk, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    """N10: break-glass is for reading; who may have a family's papers is decided by the file's officer."""
    other = desk.person(Role.OFFICER, "Oscar Sample")
    clock = desk.desk.clock
    # This desk stands in Northamptonshire, where an officer sees nobody else's files without a reason.
    monkeypatch.setattr(desk.desk, "policy", lambda: load_policy("northamptonshire", clock.today()))
    with desk.desk.db.writing() as session:
        file = session.get_one(ChildFile, staff.papers[0].file_id)
        glass.break_glass(
            session, Actor(other.id, Role.OFFICER), file, glass.Ground.ABSENCE, why="Invented", at=clock.now()
        )
    page = f"/files/{staff.file}/originals"
    assert other.get(page).status_code == 200
    assert "Return papers" not in words(other.get(page))
    asked = other.post(f"{page}/return", number=["1"], person=staff.person, **ASKED)
    assert asked.status_code == 404
    staff.ask()
    assert "Who is asking, and may they have it?" not in words(other.get(BACK))
    assert other.step(BACK, "prove", **PROVEN).status_code == 404
    assert one(desk).state == "asked"
    assert staff.officer.step(BACK, "prove", **PROVEN).status_code == 303


def test_what_the_young_person_gave_is_theirs_to_refuse_when_papers_go_back(desk: PaperDesk, staff: Staff) -> None:
    """R19 row 3, asked of the one function: an officer's tick alone does not hand it to a parent."""
    paper = staff.papers[0]
    staff.ask()

    def marked(given: GivenByChild, minute: int) -> None:
        with desk.desk.db.writing() as session:
            assert paper.file_id is not None
            assert paper.part_id is not None
            file = session.get_one(ChildFile, paper.file_id)
            marks.mark(session, file, paper.part_id, given, by="officer", at=desk.papers.at + timedelta(minutes=minute))

    marked(GivenByChild.NOT_ASKED, 1)
    answer = staff.officer.step(BACK, "prove", **PROVEN)
    assert answer.status_code == 422
    assert "O-1 may not go to this person. The child gave this and has not been asked" in words(answer)
    marked(GivenByChild.REFUSES, 2)
    for why in ("gave_it", "authorised"):
        answer = staff.officer.step(BACK, "prove", **{**PROVEN, "entitled": why})
        assert answer.status_code == 422, why
        assert "will not share it" in words(answer)
    assert one(desk).state == "asked"
    marked(GivenByChild.NOT_ASKED, 3)
    assert staff.officer.step(BACK, "prove", **{**PROVEN, "entitled": "authorised"}).status_code == 303


def test_another_officers_file_and_another_familys_papers_stay_closed(desk: PaperDesk, staff: Staff) -> None:
    [other] = desk.papers.log()
    answer = staff.ask([str(other.number), "1"])
    assert answer.status_code == 303  # only papers of this file are taken
    with desk.desk.db.reading() as session:
        assert [paper.number for paper, _ in returns.lines(session, returns.by_number(session, 1))] == [1]
    assert staff.anna.get(f"/files/{staff.file}/originals").status_code == 404


def test_an_ask_without_papers_person_or_day_keeps_what_was_typed(staff: Staff) -> None:
    answer = staff.officer.post(f"/files/{staff.file}/originals/return", **{**ASKED, "asked-year": "2028"})
    assert answer.status_code == 422
    said = words(answer)
    for each in (
        "Choose at least one paper",
        "Choose who asks",
        "The day they asked must be a real date, today or before",
    ):
        assert said.count(each) == 2
    assert 'value="2028"' in answer.text


def test_empty_lists_say_what_would_be_there(desk: PaperDesk) -> None:
    page = words(desk.person(Role.ADMIN).get("/originals/returns"))
    assert "No paper is to be found." in page


def test_two_people_at_one_return_one_is_told(desk: PaperDesk, staff: Staff) -> None:
    staff.ask()
    version = re.search(r'name="version" value="(\d+)"', staff.officer.get(BACK).text)[1]  # type: ignore[index]
    assert staff.officer.post(f"{BACK}/prove", version=version, **PROVEN).status_code == 303
    late = staff.officer.post(f"{BACK}/prove", version=version, **PROVEN)
    assert late.status_code == 409
    assert "Olive Sample changed return R-1 first. It is now: to find." in words(late)
