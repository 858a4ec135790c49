"""Who may see a file, on the desk: passing on, break-glass, restrictions, marks, and who looked."""

import io
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from pypdf import PdfReader
from sqlmodel import select

from intake.wiring import Paperchain
from records.audit import trail
from records.audit.tables import AuditEntry
from records.clock import Clock, fixed
from records.consents.outward import went_out
from records.documents.tables import Document
from records.guard import looks as guard_looks
from records.guard import marks
from records.people import merging, register
from records.people.entitlement import GivenByChild
from records.people.tables import ChildFile
from records.post.tables import Part
from records.vocabulary import Role
from tests.builders import CARER, CHILD, at, home
from tests.conftest import NOON
from tests.reviewing import Browser, arrived, confirm, rows, text

WHY = "Invented reason"


@pytest.fixture
def chain(tmp_path: Path, request: pytest.FixtureRequest):  # type: ignore[no-untyped-def]  # a generator of Paperchain
    service = getattr(request, "param", "westminster")
    with home(tmp_path, fixed(NOON), service__policy=service) as chain:
        yield chain


northamptonshire = pytest.mark.parametrize("chain", ["northamptonshire"], indirect=True)


def filed(chain: Paperchain, officer: Browser) -> int:
    """A file with one confirmed form: its number."""
    assert confirm(officer, arrived(chain)[0]).status_code == 303
    return int(rows(chain, ChildFile)[-1].number)


def part(chain: Paperchain) -> UUID:
    return UUID(str(next(one.id for one in rows(chain, Part) if one.file_id)))


def looks(chain: Paperchain) -> int:
    with chain.db.reading() as session:
        found = session.exec(select(AuditEntry.act).where(AuditEntry.subject_kind == "file")).all()
    return len([act for act in found if act.endswith("_seen")])


def finds(who: Browser, number: int) -> bool:
    return f'href="/files/{number}"' in who.post("/files/search", {"q": CHILD}).text


def everything(who: Browser, number: int) -> list[int]:
    paths = ("", "/history", "/access", "/who-looked")
    return [who.get(f"/files/{number}{path}").status_code for path in paths]


@northamptonshire
def test_passing_a_file_on_takes_it_from_one_officer_and_gives_it_to_another(chain: Paperchain) -> None:
    before, after, manager = Browser(chain), Browser(chain, name="Kim"), Browser(chain, Role.MANAGER)
    number = filed(chain, before)
    assert (everything(before, number), everything(after, number)) == ([200] * 4, [404] * 4)
    page = text(manager.get(f"/allocation?of={before.id}"))
    assert f"PC-{number:04d}" in page and CHILD not in page
    sent = {"number": f"PC-{number:04d}", "to": str(after.id), "why": WHY}
    assert manager.post("/allocation/file", sent).status_code == 303
    assert (everything(before, number), everything(after, number)) == ([404] * 4, [200] * 4)
    assert WHY in text(after.get(f"/files/{number}/access"))
    assert (finds(before, number), finds(after, number)) == (False, True)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"number": "PC-9999"}, "There is no file with that number"),
        ({"number": "x"}, "There is no file with that number"),
        ({"to": ""}, "Choose an officer"),
        ({"to": "not an id"}, "Choose an officer"),
        ({"why": "  "}, "Enter the reason"),
    ],
)
def test_what_is_wrong_with_passing_on_is_said_and_what_was_typed_stays(
    chain: Paperchain, wrong: dict[str, str], words: str
) -> None:
    before, after, manager = Browser(chain), Browser(chain), Browser(chain, Role.MANAGER)
    number = filed(chain, before)
    sent = {"number": str(number), "to": str(after.id), "why": WHY} | wrong
    answer = manager.post("/allocation/file", sent)
    assert answer.status_code == 422
    assert words in text(answer) and f'value="{sent["number"]}"' in text(answer)
    assert rows(chain, ChildFile)[0].officer_id == before.id


def test_all_files_of_one_person_are_passed_on(chain: Paperchain) -> None:
    before, after, manager = Browser(chain), Browser(chain), Browser(chain, Role.MANAGER)
    filed(chain, before)
    empty = manager.post("/allocation/all", {"from": str(after.id), "all_to": str(before.id), "all_why": WHY})
    assert "has no files" in text(empty)
    assert "Choose whose" in text(manager.post("/allocation/all", {}))
    moved = manager.post("/allocation/all", {"from": str(before.id), "all_to": str(after.id), "all_why": WHY})
    assert moved.status_code == 303
    assert "1 file was passed on" in text(manager.get("/allocation"))


@northamptonshire
@pytest.mark.parametrize("by", ["number", "name and birth date"])
@pytest.mark.parametrize("role", [Role.OFFICER, Role.MANAGER])
def test_break_glass_opens_tells_and_ends(chain: Paperchain, role: Role, by: str) -> None:
    own, other, manager = Browser(chain), Browser(chain, role, name="Kim Sample"), Browser(chain, Role.MANAGER)
    number = filed(chain, own)
    which = (
        {"number": str(number)}
        if by == "number"
        else {"name": " ".join(reversed(CHILD.upper().split())), "born": "14/5/2011"}
    )
    assert everything(other, number) == [404] * 4
    answer = other.post("/break-glass", {**which, "ground": "absence", "why": WHY})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/files/{number}")
    assert everything(other, number) == [200] * 4
    assert "You opened this file with a reason" in text(other.get(f"/files/{number}"))
    assert other.post(f"/files/{number}/restrict", {"why": WHY}).status_code == 404
    tasks = text(own.get("/tasks"))
    assert "Somebody else opened this file with a reason" in tasks
    history = text(own.get(f"/files/{number}/access"))
    assert "Kim Sample" in history and WHY in history
    assert "file opened with a reason in the last 7 days" in text(manager.get("/"))
    listed = text(manager.get("/break-glass/list"))
    assert WHY in listed and f"PC-{number:04d}" in listed and CHILD not in listed


@northamptonshire
def test_break_glass_ends_for_whoever_broke_it(chain: Paperchain) -> None:
    number, moment = filed(chain, Browser(chain)), [NOON]
    ticking = at(chain, Clock(lambda: moment[0]))
    other = Browser(ticking)
    other.post("/break-glass", {"number": str(number), "ground": "absence", "why": WHY})
    for minutes in range(0, 240, 10):  # a session that is used stays alive
        moment[0] = NOON + timedelta(minutes=minutes)
        assert other.get(f"/files/{number}").status_code == 200
    moment[0] = NOON + timedelta(minutes=240)
    assert other.get(f"/files/{number}").status_code == 404


@northamptonshire
@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"number": "1", "why": WHY}, "Choose why you must open it"),
        ({"number": "1", "ground": "absence"}, "Enter the reason"),
        ({"number": "99", "ground": "absence", "why": WHY}, "No file of that number"),
        ({"name": CHILD, "ground": "absence", "why": WHY}, "No file of that number"),
        ({"born": "14/5/2011", "ground": "absence", "why": WHY}, "No file of that number"),
        ({"name": "Somebody Else", "born": "14/5/2011", "ground": "absence", "why": WHY}, "No file of that number"),
        ({"name": CHILD, "born": "31/2/2011", "ground": "absence", "why": WHY}, "Date of birth must be a real date"),
        ({"name": CHILD, "born": "May 2011", "ground": "absence", "why": WHY}, "Date of birth must be a real date"),
        ({"number": "1", "ground": "curious", "why": WHY}, "Choose why you must open it"),
        ({"number": "1", "ground": "absence", "why": "x" * 501}, "Use at most 500 letters"),
    ],
)
def test_break_glass_with_something_missing_opens_nothing(chain: Paperchain, sent: dict[str, str], words: str) -> None:
    number = filed(chain, Browser(chain))
    other = Browser(chain)
    answer = other.post("/break-glass", sent)
    assert (answer.status_code, words in text(answer)) == (422, True)
    assert everything(other, number) == [404] * 4


def test_break_glass_of_a_restricted_file_looks_as_if_there_were_none(chain: Paperchain) -> None:
    own, other = Browser(chain), Browser(chain)
    number = filed(chain, own)
    own.post(f"/files/{number}/restrict", {"why": WHY, "named": str(own.id)})
    sent = {"ground": "absence", "why": WHY}
    there = other.post("/break-glass", {"number": str(number), **sent})
    missing = other.post("/break-glass", {"number": "98", **sent})
    assert there.status_code == missing.status_code == 422
    assert there.text.replace(f'value="{number}"', "") == missing.text.replace('value="98"', "")


def test_a_restricted_file_is_gone_for_whoever_is_not_named(chain: Paperchain) -> None:
    own, named, other, manager = (Browser(chain), Browser(chain), Browser(chain), Browser(chain, Role.MANAGER))
    number = filed(chain, own)
    assert "Enter the reason" in text(own.post(f"/files/{number}/restrict", {}))
    answer = own.post(f"/files/{number}/restrict", {"why": WHY, "named": str(named.id)})
    assert answer.headers["location"] == "/files"
    assert [everything(who, number)[0] for who in (own, named, other, manager)] == [404, 200, 404, 200]
    for who in (own, other):
        assert not finds(who, number)
    page = text(manager.get(f"/files/{number}/access"))
    assert "Restricted for safeguarding" in page and WHY in page
    lift = page.split(f"/files/{number}/restrictions/")[1].split("/lift")[0]
    assert named.post(f"/files/{number}/restrictions/{lift}/lift", {"why_lifted": "Over"}).status_code == 404
    assert "Enter the reason" in text(manager.post(f"/files/{number}/restrictions/{lift}/lift", {}))
    assert manager.post(f"/files/{number}/restrictions/{lift}/lift", {"why_lifted": "Over"}).status_code == 303
    assert everything(other, number)[0] == 200
    assert manager.post(f"/files/{number}/restrictions/{lift}/lift", {"why_lifted": "Over"}).status_code == 409


def test_a_restricted_document_is_gone_from_every_place_for_whoever_is_not_named(chain: Paperchain) -> None:
    own, other = Browser(chain), Browser(chain)
    number, form = filed(chain, own), part(chain)
    page = text(own.get(f"/files/{number}"))
    picture = next(p.split('"')[0] for p in page.split('href="') if f"/files/{number}/pages/" in p.split('"')[0])
    crop = next(p.split('"')[0] for p in page.split('href="') if f"/files/{number}/crops/" in p.split('"')[0])
    assert [other.get(path).status_code for path in (picture, crop)] == [200, 200]
    own.post(f"/files/{number}/restrict", {"why": WHY, "named": str(own.id), "part": str(form)})
    assert [other.get(path).status_code for path in (picture, crop)] == [404, 404]
    assert [own.get(path).status_code for path in (picture, crop)] == [200, 200]
    assert picture not in text(other.get(f"/files/{number}"))
    assert str(form) not in text(other.get(f"/files/{number}/access")) and WHY not in text(
        other.get(f"/files/{number}/access")
    )
    assert other.post(f"/files/{number}/given", {"part": str(form), "given": "refuses"}).status_code == 404


def test_a_document_that_the_young_person_will_not_share_is_marked_and_warned_of(chain: Paperchain) -> None:
    own = Browser(chain)
    number, form = filed(chain, own), part(chain)
    assert own.post(f"/files/{number}/given", {"part": str(form), "given": "refuses"}).status_code == 303
    assert "does not want a parent to see it" in text(own.get(f"/files/{number}"))
    with chain.db.reading() as session:
        assert marks.of_file(session, rows(chain, ChildFile)[0].id) == {form: GivenByChild.REFUSES}
    assert own.post(f"/files/{number}/given", {"part": str(form), "given": "perhaps"}).status_code == 422
    assert own.post(f"/files/{number}/given", {"part": "x", "given": "no"}).status_code == 404


def test_every_view_is_one_entry_and_stands_in_the_list_of_who_looked(chain: Paperchain) -> None:
    own, other = Browser(chain, name="Lee Own"), Browser(chain, name="Kim Other")
    number = filed(chain, own)
    for path in ("", "/history", "/access", "/who-looked"):
        before = looks(chain)
        assert other.get(f"/files/{number}{path}").status_code == 200
        assert looks(chain) == before + 1, path
    page = text(own.get(f"/files/{number}/history")).partition("Who looked at this file")[2]
    assert page.count("Kim Other") == 4 and page.count("Lee Own") == 1
    before = looks(chain)
    assert other.get("/files/99").status_code == 404
    assert looks(chain) == before


def test_the_list_of_who_looked_is_printed_for_one_person_and_asked_of_the_gate(chain: Paperchain) -> None:
    """G1, P8: it has an addressee, and it tells no parent that the other asked for a copy."""
    own = Browser(chain, name="Lee Own")
    number = filed(chain, own)
    place = f"/files/{number}/who-looked"
    with chain.db.writing() as session:
        file = session.exec(select(ChildFile)).one()
        people = {each.name: str(each.id) for each in register.people(session, file)}
        stranger = register.add_person(
            session,
            file,
            kind="carer",
            name="Pat Testwood",
            actor="system",
            at=chain.clock.now(),
            relationship="father",
        )
        session.flush()
        never = str(stranger.id)
    assert own.get(f"/files/{number}/requests").status_code == 200
    assert "Choose for whom" in text(own.post(place, {}))
    refused = own.post(place, {"for": never})
    assert refused.status_code == 422 and not refused.content.startswith(b"%PDF")
    printed = own.post(place, {"for": people[CARER]})
    assert printed.headers["content-type"] == "application/pdf"
    words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(printed.content)).pages)
    assert CARER in words and "Lee Own" in words
    assert "Requests" not in words and "The file" in words
    with chain.db.reading() as session:
        assert [one.things for one in went_out(session, file.id)] == ["letter:looks"]


def test_who_looked_at_a_joined_file_or_printed_it_stands_in_the_one_list(chain: Paperchain) -> None:
    own = Browser(chain, name="Lee Own")
    number = filed(chain, own)
    with chain.db.writing() as session:
        kept = session.exec(select(ChildFile)).one()
        taken = register.open_file(
            session, officer_id=own.id, child_name=CHILD, actor=str(own.id), at=chain.clock.now(), number=77
        )
        kept_id, taken_id = kept.id, taken.id
    assert own.get("/files/77").status_code == 200
    with chain.db.writing() as session:
        kept, taken = session.get_one(ChildFile, kept_id), session.get_one(ChildFile, taken_id)
        for act, kind, subject in (
            ("file_handover_printed", "file", taken.id),
            ("document_seen", "document", session.exec(select(Document.id).where(Document.file_id == kept.id)).first()),
        ):
            trail.append(
                session, actor=str(own.id), act=act, subject_kind=kind, subject_id=str(subject), at=chain.clock.now()
            )
        before = len(guard_looks.of_file(session, taken.id))
        merging.merge(session, kept, taken, why=WHY, by=str(own.id), at=chain.clock.now())
        found = guard_looks.of_file(session, kept.id)
    assert before == 2
    assert {"The summary", "A hand-over sheet, printed", "A page of a document"} <= {one.what for one in found}
    assert number != 77


def test_the_warning_says_what_comes_of_a_parents_request(chain: Paperchain) -> None:
    own = Browser(chain)
    page = text(own.get(f"/files/{filed(chain, own)}/access"))
    assert "There is no evidence that this person has parental responsibility." in page
    assert date(2011, 5, 14) < NOON.date() and "The child asks, and nobody has noted" in page
