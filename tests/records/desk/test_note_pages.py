"""Notes on the desk: who may read them, drafts that survive, corrections, actions, outcomes, and the sheet for a hand-over."""

import html
import io
import re
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx2 as httpx
import pdfplumber
import pytest
from sqlmodel import select

from records.audit.tables import AuditEntry
from records.cases import notes, referrals, telling
from records.cases.handover import MORE, cut
from records.cases.tables import CaseNote, NoteDraft
from records.cases.telling import Telling
from records.cases.told import How, Matter
from records.cases.words import Capacity
from records.clock import Clock
from records.db import Database
from records.documents.store import FolderStore
from records.people import known, register
from records.people.birthdates import BirthDate
from records.people.facts import SafeContact, Wishes
from records.policies.settings import load as load_policy
from records.post import inbox
from records.vocabulary import Role
from tests.records.desk.cases_desk import TODAY, Browser, on

NOTE = {"kind": "progress", "text": "The school agreed to meet.\r\nOn Tuesday.", "act": "save", **on("day")}
SECRET = "The school agreed"


@pytest.fixture
def database_kind() -> str:
    """The pages; the services below them are tried on both databases."""
    return "sqlite"


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    (tmp_path / "documents").mkdir()
    return FolderStore(tmp_path / "documents")


@pytest.fixture
def officer(database: Database, store: FolderStore, clock: Clock) -> Browser:
    return Browser(database, store, clock, Role.OFFICER)


@pytest.fixture
def referral(database: Database, clock: Clock, officer: Browser) -> UUID:
    """File 1 of the officer, with a parent's open referral REF-1."""
    with database.writing() as session:
        file = register.open_file(
            session, officer_id=officer.id, child_name="Rowan Testwood", actor="system", at=clock.now(),
            number=inbox.next_number(session, "file"),
        )  # fmt: skip
        row = referrals.log_on_file(
            session, file, Capacity.PARENT, "Wants a school place", load_policy("westminster", TODAY), received_on=TODAY,
            actor="system", at=clock.now(),
        )  # fmt: skip
        child, both = register.people(session, file)[0].id, frozenset(Matter)
        told = Telling(
            uuid4(), child, both, How.SAID, "en", TODAY, officer.id
        )  # without it a case stays where it is (W26)
        telling.record(session, file, told, policy=load_policy("westminster", TODAY), actor="system", at=clock.now())
        return row.id


def text(answer: httpx.Response) -> str:
    return html.unescape(answer.text)


def all_of(database: Database, table: type) -> list:  # type: ignore[type-arg]
    with database.reading() as session:
        return list(session.exec(select(table)).all())


def written(officer: Browser, referral: UUID, **change: str) -> httpx.Response:
    return officer.post(f"/files/1/notes/{referral}/write", **{**NOTE, **change})


def thread_of(database: Database) -> UUID:
    return UUID(str(all_of(database, CaseNote)[0].thread_id))


def test_a_note_is_written_corrected_and_both_can_be_read(database: Database, officer: Browser, referral: UUID) -> None:
    assert written(officer, referral).headers["location"] == "/files/1/notes"
    page = officer.get("/files/1/notes").text
    assert "The school agreed to meet.<br>On Tuesday." in page and "Progress, 20 November 2026" in page
    thread = thread_of(database)
    assert "The school agreed" in text(officer.get(f"/files/1/notes/note/{thread}"))
    done = officer.post(f"/files/1/notes/note/{thread}", **{**NOTE, "text": "On Wednesday.", "based_on": "1"})
    assert done.status_code == 303
    page = text(officer.get("/files/1/notes"))
    assert "On Wednesday." in page and "What it said before" in page and SECRET in page and "Version 2" in page


@pytest.mark.parametrize(
    ("change", "says", "shown"),
    [
        ({"text": " \r\n "}, "Write the note", ""),
        ({"text": "a" * 20_001}, "The note must be 20,000 characters or fewer. There are 20,001", "a" * 20_001),
        ({"text": "Ring\x07 \u202eme"}, "The note held 2 hidden marks that were taken out", "Ring me"),
        ({"kind": ""}, "Choose what the note tells", SECRET),
        ({"day": "31", "day-month": "2"}, "The day must be a real date", SECRET),
        ({"day-year": "2027"}, "The day must not be in the future", SECRET),
    ],
)
def test_bad_input_is_said_at_the_field_kept_and_not_stored(
    database: Database, officer: Browser, referral: UUID, change: dict[str, str], says: str, shown: str
) -> None:
    answer = written(officer, referral, **change)
    assert answer.status_code == 422 and says in text(answer) and shown in text(answer)
    assert all_of(database, CaseNote) == []
    if shown:  # and it is kept even if this page is lost
        assert shown in text(officer.get(f"/files/1/notes/{referral}/write")).replace("\x07", "").replace("\u202e", "")


def test_twenty_thousand_characters_are_a_note(database: Database, officer: Browser, referral: UUID) -> None:
    assert written(officer, referral, text="é" * 20_000).status_code == 303
    assert len(all_of(database, CaseNote)) == 1


def test_a_draft_is_there_after_signing_in_again_and_gone_once_saved(
    database: Database, store: FolderStore, clock: Clock, officer: Browser, referral: UUID
) -> None:
    assert written(officer, referral, act="draft", text="Half a thought", kind="risk").status_code == 303
    page = text(officer.get(f"/files/1/notes/{referral}/write"))
    assert "Half a thought" in page and "This is your draft" in page and re.search('value="risk" checked', page)
    assert "Go on writing" in text(officer.get("/files/1/notes")) and "PC-0001" in text(officer.get("/drafts"))
    colleague = Browser(database, store, clock, Role.OFFICER, name="Pat Example")
    assert "Half a thought" not in text(colleague.get(f"/files/1/notes/{referral}/write"))
    assert "You have no drafts" in text(colleague.get("/drafts"))
    written(officer, referral)
    assert all_of(database, NoteDraft) == []


def test_the_script_keeps_a_draft_of_known_notes_only(database: Database, officer: Browser, referral: UUID) -> None:
    kept = officer.post("/files/1/notes/draft", slot=f"new:{referral}", text="Typing", kind="details")
    assert (kept.status_code, kept.text) == (204, "")
    assert officer.post("/files/1/notes/draft", slot=f"new:{referral}", text="a" * 60_001).status_code == 422
    assert "Typing" in text(officer.get(f"/files/1/notes/{referral}/write"))
    for slot in ("", "new:", f"new:{uuid4()}", f"note:{uuid4()}", f"other:{referral}", "x" * 5000):
        assert officer.post("/files/1/notes/draft", slot=slot, text="x").status_code == 404
    assert len(all_of(database, NoteDraft)) == 1
    assert officer.post("/files/1/notes/draft", slot=f"new:{referral}", text=" ").status_code == 204
    assert all_of(database, NoteDraft) == []


def test_a_draft_can_be_thrown_away(database: Database, officer: Browser, referral: UUID) -> None:
    written(officer, referral, act="draft")
    assert written(officer, referral, act="forget").status_code == 303
    assert all_of(database, NoteDraft) == []


def test_the_second_correction_is_told_who_was_first_and_its_words_are_kept(
    database: Database, store: FolderStore, clock: Clock, officer: Browser, referral: UUID
) -> None:
    written(officer, referral)
    thread = thread_of(database)
    colleague = Browser(database, store, clock, Role.OFFICER, name="Pat Example")
    colleague.post(f"/files/1/notes/note/{thread}", **{**NOTE, "text": "First", "based_on": "1"})
    late = officer.post(f"/files/1/notes/note/{thread}", **{**NOTE, "text": "Second", "based_on": "1"})
    assert late.status_code == 409 and "Pat Example corrected this note at 12:00pm" in text(late)
    assert "Second" in text(officer.get(f"/files/1/notes/note/{thread}"))
    assert len(all_of(database, CaseNote)) == 2


def test_a_colleague_reads_and_takes_over_where_the_policy_lets_service_staff(
    database: Database, store: FolderStore, clock: Clock, officer: Browser, referral: UUID
) -> None:
    written(officer, referral)
    for role, may_write in ((Role.OFFICER, True), (Role.MANAGER, False)):
        who = Browser(database, store, clock, role)
        page = text(who.get("/files/1/notes"))
        assert SECRET in page and ("Write a note" in page) is may_write
        assert (written(who, referral).status_code == 303) is may_write


def test_nobody_but_the_supporter_reads_where_the_policy_says_so(
    database: Database, store: FolderStore, clock: Clock, officer: Browser, referral: UUID
) -> None:
    written(officer, referral)
    thread = thread_of(database)
    for role in Role:
        who = Browser(database, store, clock, role, "northamptonshire")
        for path in (
            "",
            f"/{referral}/write",
            f"/note/{thread}",
            f"/{referral}/action",
            f"/{referral}/end",
            f"/{referral}/handover",
        ):
            answer = who.get(f"/files/1/notes{path}")
            assert SECRET not in answer.text and "school place" not in answer.text, (role, path)
            assert path == "" or answer.status_code == 404, (role, path)
        assert written(who, referral).status_code == 404
    assert len(all_of(database, CaseNote)) == 1


def test_a_note_of_another_file_is_not_there(
    database: Database, clock: Clock, officer: Browser, referral: UUID
) -> None:
    with database.writing() as session:
        register.open_file(
            session, officer_id=officer.id, child_name="Other Child", actor="x", at=clock.now(), number=2
        )
    written(officer, referral)
    thread = thread_of(database)
    for path in (
        f"/{referral}/write",
        f"/note/{thread}",
        f"/{referral}/action",
        f"/{referral}/end",
        f"/{referral}/handover",
    ):
        assert officer.get(f"/files/2/notes{path}").status_code == 404, path
    assert officer.post(f"/files/2/notes/{referral}/write", **NOTE).status_code == 404


def test_an_action_is_agreed_and_done(database: Database, officer: Browser, referral: UUID) -> None:
    gap = officer.post(f"/files/1/notes/{referral}/action", who="We", **on("due", TODAY - timedelta(days=1)))
    assert "Write what is to be done" in text(gap) and "must be today or later" in text(gap)
    officer.post(
        f"/files/1/notes/{referral}/action", what="Write to the school", who="We", agreed_with="The parent", **on("due")
    )
    page = text(officer.get("/files/1/notes"))
    assert "Write to the school" in page and "Agreed with The parent" in page
    found = re.search(r"/notes/actions/([0-9a-f-]+)/done", page)
    assert found
    wrong = officer.post(f"/files/1/notes/actions/{found[1]}/done", done="", **on("done_on"))
    assert wrong.status_code == 422 and "Write what was done" in text(wrong)
    assert officer.post(f"/files/1/notes/actions/{found[1]}/done", done="Sent", **on("done_on")).status_code == 303
    assert "Done on 20 November 2026: Sent" in text(officer.get("/files/1/notes"))
    again = officer.post(f"/files/1/notes/actions/{found[1]}/done", done="Sent", **on("done_on"))
    assert again.status_code == 409 and "Lee Sample recorded" in text(again)


def test_a_referral_closes_with_an_outcome_only(database: Database, officer: Browser, referral: UUID) -> None:
    assert "Choose an outcome" in text(officer.post(f"/files/1/notes/{referral}/end", act="close", **on("on")))
    assert (
        officer.post(
            f"/files/1/notes/{referral}/end", act="close", outcome="resolved", words="A place", **on("on")
        ).status_code
        == 303
    )
    page = text(officer.get("/files/1/notes"))
    assert "What the family wanted was reached" in page and "Write a note" not in page
    assert "Write why it is taken up again" in text(
        officer.post(f"/files/1/notes/{referral}/end", act="reopen", **on("on"))
    )
    assert (
        officer.post(f"/files/1/notes/{referral}/end", act="reopen", words="It fell through", **on("on")).status_code
        == 303
    )
    assert "It fell through" in text(officer.get("/files/1/notes"))


def test_the_family_of_a_file_may_ask_again(officer: Browser, referral: UUID) -> None:
    assert "Choose who asks" in text(officer.post("/files/1/notes/new-referral", asks="Transport", **on("received")))
    assert (
        officer.post("/files/1/notes/new-referral", capacity="carer", asks="Transport", **on("received")).status_code
        == 303
    )
    assert "Referral REF-2" in text(officer.get("/files/1/notes"))


@pytest.mark.parametrize(
    ("policy", "capacity", "born", "asked"),
    [
        pytest.param("northamptonshire", "child", [date(2015, 3, 27)], True, id="the policy does not name a child"),
        pytest.param("northamptonshire", "young_person", [date(2009, 3, 27)], False, id="past school age, by law"),
        pytest.param(
            "northamptonshire", "young_person", [date(2011, 3, 27), date(2009, 3, 27)], True, id="of two dates one is too late"
        ),
        pytest.param("westminster", "child", [date(2015, 3, 27)], False, id="the policy names a child"),
    ],
)  # fmt: skip
def test_a_child_alone_on_a_known_file_needs_an_officers_reason_as_on_a_new_one(
    database: Database, store: FolderStore, clock: Clock, policy: str, capacity: str, born: list[date], asked: bool
) -> None:
    """N3, S3, R20, R40."""
    officer = Browser(database, store, clock, Role.OFFICER, policy)
    with database.writing() as session:
        file = register.open_file(
            session, officer_id=officer.id, child_name="Rowan Testwood", actor="system", at=clock.now(), number=7
        )
        for day in born:
            register.add_birth_date(session, file, BirthDate.on(day), part_id=None, actor="system", at=clock.now())
    sent = {"capacity": capacity, "asks": "Transport", **on("received")}
    first = officer.post("/files/7/notes/new-referral", **sent)
    assert (first.status_code == 422) is asked
    if asked:
        assert "an officer decides. Write why" in text(first)
        assert "Referral REF-" not in text(officer.get("/files/7/notes"))
        again = officer.post("/files/7/notes/new-referral", **sent, decision="Knows what we do")
        assert again.status_code == 303
    page = text(officer.get("/files/7/notes"))
    assert "Transport" in page
    assert ("Knows what we do" in page) is asked


def test_why_an_officer_took_a_child_who_came_alone_stays_with_the_referral_on_the_file(
    database: Database, store: FolderStore, clock: Clock
) -> None:
    """N3: the page of a referral leads to its file once it is there, so the reason is read there."""
    officer = Browser(database, store, clock, Role.OFFICER, "northamptonshire")
    alone = {"child": "Rowan Testwood", "capacity": "child", "storing": "yes", "route": "in_person", "asks": "Help"}
    came = officer.post("/referrals/new", **alone, **on("received"), decision="Knows what we do")
    assert came.status_code == 303
    put = officer.post(f"{came.headers['location']}/file", where="new", officer=str(officer.id))
    assert "Knows what we do" in text(officer.get(put.headers["location"]))


def printed(officer: Browser, referral: UUID) -> tuple[int, str]:
    answer = officer.get(f"/files/1/notes/{referral}/handover")
    assert (
        answer.headers["content-type"] == "application/pdf" and "Testwood" not in answer.headers["content-disposition"]
    )
    with pdfplumber.open(io.BytesIO(answer.content)) as pdf:
        for page in pdf.pages:
            assert max(char["bottom"] for char in page.chars) < page.height - 17, (
                "printers leave out what is nearer to the edge than 6 mm"
            )
        return len(pdf.pages), "\n".join(page.extract_text() for page in pdf.pages)


def test_the_hand_over_is_one_side_and_says_what_is_missing(
    database: Database, officer: Browser, referral: UUID
) -> None:
    pages, words = printed(officer, referral)
    assert pages == 1
    for wanted in (
        "REF-1",
        "PC-0001",
        "Rowan Testwood",
        "Wants a school place",
        "Missing before",
        "no next action",
        "staff of the service only",
    ):
        assert wanted in words
    assert [entry.act for entry in all_of(database, AuditEntry)].count("file_handover_printed") == 1


def test_a_colleague_reads_first_whom_nobody_may_call(
    database: Database, clock: Clock, officer: Browser, referral: UUID
) -> None:
    """W38: whoever takes over from the sheet alone would ring the wrong parent; the commands stay whatever else was written."""
    with database.writing() as session:
        file = register.by_number(session, 1)
        mother, father = (
            register.add_person(session, file, kind=register.CARER, name=name, actor="lee", at=clock.now()).id
            for name in ("Morgan Testwood", "Kit Testwood")
        )
        session.flush()
        child = next(each.id for each in register.people(session, file) if each.kind == register.CHILD)
        safe = SafeContact(do_not_tell=(str(father),), not_by=("post",), words="More to know. " * 120)
        for who, fact in ((mother, safe), (child, Wishes("Not Dad", (str(father),)))):
            known.record(session, file.id, who, fact, true_on=clock.today(), actor="lee", at=clock.now())
    for kind in ("details", "progress", "risk"):
        written(officer, referral, kind=kind, text="Wide words " * 1800)
    pages, words = printed(officer, referral)
    words = " ".join(words.split())
    assert pages == 1
    assert "Safe contact, Morgan Testwood: Do not tell Kit Testwood. Never by post." in words
    assert "The young person lets Kit Testwood neither see nor hear of their records." in words
    assert words.index("Heed this first") < words.index("Child or young person")


@pytest.mark.parametrize(
    "letters", ["W" * 20_000, "Wide words " * 1800, "Line\n" * 4000, "نص عربي طويل " * 1500, "#[*_$`\\" * 2800]
)
def test_the_hand_over_is_one_side_whatever_was_written(officer: Browser, referral: UUID, letters: str) -> None:
    for kind in ("details", "progress", "risk"):
        assert written(officer, referral, kind=kind, text=letters[:20_000]).status_code == 303
    for number in range(12):
        officer.post(
            f"/files/1/notes/{referral}/action",
            what=letters[:150].replace("\n", " "),
            who="We",
            **on("due", TODAY + timedelta(days=number)),
        )
    pages, words = printed(officer, referral)
    assert pages == 1 and "on the file" in words


def test_a_text_is_cut_at_a_word_with_a_mark() -> None:
    assert cut("A short text", 60) == "A short text"
    assert cut("word " * 100, 62).endswith(f"word{MORE}")
    assert cut("a\n" * 50, 120) == f"a\na{MORE}"


def test_each_view_is_an_entry_and_none_holds_words(database: Database, officer: Browser, referral: UUID) -> None:
    written(officer, referral)
    officer.get("/files/1/notes")
    entries = all_of(database, AuditEntry)
    assert [entry.act for entry in entries].count("file_notes_seen") == 1
    assert not any(SECRET in entry.detail for entry in entries)


def test_missing_files_and_strange_days_are_no_fault(officer: Browser, referral: UUID) -> None:
    assert officer.get("/files/99/notes").status_code == 404
    assert written(officer, referral, **{"day": "9" * 400}).status_code == 422
    assert written(officer, uuid4()).status_code == 404


def test_a_late_note_is_marked(database: Database, officer: Browser, referral: UUID) -> None:
    written(officer, referral, **on("day", date(2026, 11, 1)))
    assert "Written more than 7 days later" in text(officer.get("/files/1/notes"))
    with database.reading() as session:
        assert notes.count(session, register.by_number(session, 1).id) == 1
