"""N17, R19, R63-R68, P8, W12-W16: an access request from recording to sending, on the desk."""

import io
import time
from collections.abc import Iterator
from pathlib import Path

import pdfplumber
import pypdfium2
import pytest
from pypdf import PdfReader
from sqlmodel import select

from intake import bundling
from intake.desk import bundle_pages
from intake.wiring import Paperchain
from records.clock import Clock
from records.consents.outward import went_out
from records.documents import holdings, keyring
from records.documents.tables import Document
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.holds import register as holds
from records.people import merging
from records.people.facts import ContactDetails, LanguageAndFormat
from records.people.known import record
from records.people.tables import ChildFile
from records.policies.periods import add_months
from records.requests import pages as page_rows
from records.requests import register
from records.requests.bundle import Box, Decision, Exemption
from records.requests.tables import Redaction
from records.vocabulary import DocumentKind, Role
from tests import builders
from tests.builders import CARER, CHILD
from tests.requesting import SECRET, a_file, act, colleague, recorded, settle_beside, step, version, words_of
from tests.reviewing import Browser, blobs, rows

LOOKED = {"looked": "yes"}
SHOWN = {"decision": "include", "others": "none", "health": "none"}
THIRD = {
    "box_code": "third", "box_without": "no", "box_agreed": "no", "box_reasonable": "no", "box_third": "An aunt, who refused",
}  # fmt: skip
ADDRESS = "1 High Street\nNorthampton\nNN1 1AA"


@pytest.fixture
def chain(tmp_path: Path, clock: Clock) -> Iterator[Paperchain]:
    with builders.home(tmp_path / "home", clock) as made:
        yield made


@pytest.fixture
def officer(chain: Paperchain) -> Browser:
    return Browser(chain)


@pytest.fixture
def manager(chain: Paperchain) -> Browser:
    return Browser(chain, Role.MANAGER, name="Sam Manager")


def to_pages(chain: Paperchain, officer: Browser, carer: object) -> str:
    """A request as far as its pages."""
    path = recorded(officer)
    assert step(officer, path, "who", person=str(carer), address=ADDRESS, address_again=ADDRESS).status_code == 303
    assert step(officer, path, "allowed", understanding="yes", view="agrees", confirm="14").status_code == 303
    settled = step(
        officer, path, "what", searched="This file", **{"for": CHILD}, left="Nothing", recipients="The school"
    )
    assert settled.status_code == 303
    assert settle_beside(officer, path).status_code == 303
    return path


def test_a_copy_goes_from_request_to_receipt(chain: Paperchain, officer: Browser, manager: Browser) -> None:
    file, carer, ids = a_file(chain, officer.id)
    path = to_pages(chain, officer, carer)
    with chain.db.reading() as session:
        assert len(holds.blocking(session, file_id=file)) == 1
    look = f"{path}/look"
    assert officer.post(f"{look}/{ids[0]}/decide", SHOWN).headers["location"] == f"{look}/{ids[1]}"
    covered = {"left": "5", "top": "8", "width": "60", "height": "8", **THIRD}
    assert officer.post(f"{look}/{ids[0]}/cover", covered).status_code == 303
    assert officer.post(f"{look}/{ids[1]}/cover", covered).status_code == 303
    assert officer.post(f"{look}/{ids[2]}/decide", {"decision": "withhold", "code": "privilege"}).status_code == 303
    assert officer.post(f"{path}/make", {}).status_code == 409  # page 2 is not decided
    assert officer.post(f"{look}/rest", LOOKED).status_code == 303
    assert officer.post(f"{path}/make", {}).status_code == 303
    pdf = officer.get(f"{path}/copy.pdf").content
    checked(pdf, ["PC-0042, page 1 of 2", "PC-0042, page 2 of 2"])
    assert step(officer, path, "approve").status_code == 404
    assert step(manager, path, "approve").status_code == 303
    letter = "".join(
        page.extract_text() for page in PdfReader(io.BytesIO(officer.get(f"{path}/covering.pdf").content)).pages
    )
    for words in (
        "The school",
        "legal advice",
        "About another person",
        "How long we keep it",
        "Information Commissioner",
        "1 page",
    ):
        assert words in letter, words
    assert CHILD not in letter
    assert officer.get(f"{path}/receipt.pdf").content.startswith(b"%PDF")
    good = {
        "method": "tracked_post", "typed_name": CARER, "typed_address": ADDRESS, "reference": "AB 12", "second_person": colleague(chain),
    }  # fmt: skip
    wrong = step(officer, path, "send", **{**good, "typed_name": CHILD})
    assert wrong.status_code == 422
    assert "not the name of the person who asked" in wrong.text
    assert step(officer, path, "send", **good).status_code == 303
    assert "Closed." in officer.get(path).text
    assert "No open requests." in officer.get("/requests").text
    with chain.db.reading() as session:
        after = add_months(chain.clock.today(), 3)  # R45: the time to complain about the answer
        assert [hold.ends_on for hold in holds.blocking(session, file_id=file)] == [after]
        assert [(one.purpose, one.how) for one in went_out(session, file)] == [("access", "letter")]


def checked(pdf: bytes, stamps: list[str]) -> None:
    """The copy as anybody outside could look into it: nothing but page numbers, and no metadata."""
    reader = PdfReader(io.BytesIO(pdf))
    assert [page.extract_text().strip() for page in reader.pages] == stamps
    assert not reader.metadata
    assert "/Metadata" not in reader.root_object
    with pdfplumber.open(io.BytesIO(pdf)) as plumber:
        assert [page.extract_text().strip() for page in plumber.pages] == stamps
    drawn = pypdfium2.PdfDocument(pdf)
    for page in drawn:
        grey = page.render(scale=1).to_pil().convert("L")
        wide, high = grey.size
        inside = [grey.getpixel((wide * x // 100, high * y // 100)) for x in range(12, 60, 4) for y in (11, 13)]
        assert sum(value < 60 for value in inside) > len(inside) * 0.7
    assert SECRET.encode() not in pdf


def test_a_change_after_the_copy_makes_it_out_of_date(chain: Paperchain, officer: Browser, manager: Browser) -> None:
    _, carer, ids = a_file(chain, officer.id, pages=2)
    path = to_pages(chain, officer, carer)
    officer.post(f"{path}/look/rest", LOOKED)
    officer.post(f"{path}/make", {})
    assert step(manager, path, "approve").status_code == 303
    officer.post(f"{path}/look/{ids[0]}/decide", {"decision": "withhold", "code": "crime"})
    assert officer.get(f"{path}/copy.pdf").status_code == 404
    sent = step(officer, path, "send", method="in_hand", typed_name=CARER, second_person=colleague(chain))
    assert sent.status_code == 422
    assert "not done yet" in sent.text


def test_an_officer_is_told_when_the_letter_is_not_in_the_familys_language(chain: Paperchain, officer: Browser) -> None:
    file, carer, _ = a_file(chain, officer.id, pages=1)
    path = to_pages(chain, officer, carer)
    words = "This person prefers Welsh; the letter is in English. Arrange a translation"
    assert words not in officer.get(path).text
    with chain.db.writing() as session:
        record(
            session, file, carer, LanguageAndFormat("cy", "standard", ""), true_on=chain.clock.today(), actor=str(officer.id),
            at=chain.clock.now(),
        )  # fmt: skip
    assert words in officer.get(path).text
    assert words in officer.get(f"{path}/send").text


def test_a_page_for_the_manager_is_decided_by_the_manager_alone(
    chain: Paperchain, officer: Browser, manager: Browser
) -> None:
    _, carer, ids = a_file(chain, officer.id, pages=1)
    page = f"{to_pages(chain, officer, carer)}/look/{ids[0]}"
    refused = officer.post(f"{page}/decide", {"decision": "withhold", "code": "harm"})
    assert refused.status_code == 422
    assert "Only a manager" in refused.text
    assert officer.post(f"{page}/decide", {"decision": "manager", "reason": "Who reported it?"}).status_code == 303
    assert officer.post(f"{page}/decide", SHOWN).status_code == 422
    assert manager.post(f"{page}/decide", {"decision": "withhold", "code": "harm"}).status_code == 303


def test_another_person_on_a_page_needs_three_answers_and_they_decide(chain: Paperchain, officer: Browser) -> None:
    _, carer, ids = a_file(chain, officer.id, pages=2)
    path = to_pages(chain, officer, carer)
    page = f"{path}/look/{ids[0]}"
    where = {"left": "5", "top": "8", "width": "60", "height": "8"}
    for change, words in (
        ({"box_without": ""}, "answered without it"), ({"box_agreed": ""}, "the other person agreed"), ({"box_reasonable": ""}, "is reasonable"),
        ({"box_third": ""}, "whose information"), ({"box_agreed": "yes"}, "may be shown"), ({"box_reasonable": "yes"}, "may be shown"),
    ):  # fmt: skip
        answer = officer.post(f"{page}/cover", {**where, **THIRD, **change})
        assert answer.status_code == 422, change
        assert words in answer.text
    shown = {**SHOWN, "others": "shown", "without": "no", "agreed": "no", "reasonable": "no", "third": "An aunt"}
    for change, words in (
        ({"others": ""}, "tells of other people"), ({"others": "covered"}, "Cover it first"), ({}, "may not be shown"),
        ({"reasonable": "yes", "third": ""}, "whose information"), ({"reasonable": "yes", "health": ""}, "health information"),
    ):  # fmt: skip
        answer = officer.post(f"{page}/decide", {**shown, **change})
        assert answer.status_code == 422, change
        assert words in answer.text
    assert officer.post(f"{page}/cover", {**where, **THIRD}).status_code == 303
    assert officer.post(f"{page}/decide", {**SHOWN, "others": "covered"}).status_code == 303
    other = f"{path}/look/{ids[1]}"
    assert officer.post(f"{other}/decide", {"decision": "withhold", "code": "third_refused"}).status_code == 422
    left = {"decision": "withhold", "code": "third", "without": "yes", "third": "A neighbour"}
    assert officer.post(f"{other}/decide", left).status_code == 303
    assert "An aunt, who refused" in officer.get(page).text
    assert "A neighbour" in officer.get(other).text
    with chain.db.reading() as session:
        row = register.get(session, 1)
        decided, boxes = page_rows.decisions(session, row), page_rows.boxes(session, row)
        assert (decided[ids[0]].others, boxes[ids[0]][0].steps, boxes[ids[0]][0].code) == (
            "covered",
            "refused",
            "third_refused",
        )
        assert (decided[ids[1]].steps, decided[ids[1]].code) == ("without", "third_not_needed")


def test_health_that_they_may_not_know_waits_for_a_health_professional(chain: Paperchain, manager: Browser) -> None:
    _, carer, ids = a_file(chain, manager.id, pages=1)
    page = f"{to_pages(chain, manager, carer)}/look/{ids[0]}"
    withheld = {"decision": "withhold", "code": "health"}
    shown = {**SHOWN, "health": "unknown"}
    for sent in (withheld, shown):
        answer = manager.post(f"{page}/decide", sent)
        assert answer.status_code == 422
        assert "opinion about this page is needed first" in answer.text
    good = {
        "advice": "harm",
        "who": "Dr Invented, paediatrician",
        "given_on": "10 11 2026",
        "said": "It would distress him",
    }
    for field in ("advice", "who", "given_on"):
        assert manager.post(f"{page}/opinion", {**good, field: ""}).status_code == 422, field
    assert manager.post(f"{page}/opinion", {**good, "given_on": "1 12 2026"}).status_code == 422  # a day to come
    assert manager.post(f"{page}/opinion", {**good, "given_on": "10 5 2026"}).status_code == 303
    assert "more than six months old" in manager.post(f"{page}/decide", withheld).text
    assert manager.post(f"{page}/opinion", good).status_code == 303
    assert "serious harm is likely" in manager.post(f"{page}/decide", shown).text
    assert manager.post(f"{page}/decide", withheld).status_code == 303
    assert manager.post(f"{page}/opinion", {**good, "advice": "no_harm"}).status_code == 303
    assert manager.post(f"{page}/decide", withheld).status_code == 422
    assert manager.post(f"{page}/decide", shown).status_code == 303
    assert "Dr Invented" in manager.get(page).text


def test_the_rest_goes_in_only_when_somebody_says_that_they_looked(chain: Paperchain, officer: Browser) -> None:
    _, carer, _ = a_file(chain, officer.id, pages=2)
    path = to_pages(chain, officer, carer)
    refused = officer.post(f"{path}/look/rest", {})
    assert refused.status_code == 422
    assert "Look at each of them first" in refused.text
    assert "2 not decided" in refused.text


def test_another_familys_page_is_not_there(chain: Paperchain, officer: Browser) -> None:
    _, carer, _ = a_file(chain, officer.id, pages=1)
    _, _, others = a_file(chain, officer.id, number=43, pages=1)
    path = to_pages(chain, officer, carer)
    for tail in ("", "/picture"):
        assert officer.get(f"{path}/look/{others[0]}{tail}").status_code == 404
    assert officer.post(f"{path}/look/{others[0]}/decide", SHOWN).status_code == 404
    with chain.db.writing() as session:
        row = register.get(session, 1)
        box = Box(1, 1, 10, 10, Exemption.CRIME)
        with pytest.raises(NotFound):
            page_rows.cover(session, row, others[0], box, is_manager=False, by="x", at=chain.clock.now())
        # A row that says that another family's page is on this file: it is under another key, and so it is not among its pages.
        other = session.get_one(Document, others[0])
        other.file_id = row.file_id
        session.flush()
        assert others[0] not in {one.document.id for one in page_rows.held(session, row)}


def test_a_request_about_joined_files_covers_all_of_them_and_no_more_when_they_are_apart(
    chain: Paperchain, officer: Browser
) -> None:
    kept, carer, ids = a_file(chain, officer.id, pages=1)
    taken, _, others = a_file(chain, officer.id, number=43, pages=2)
    with chain.db.writing() as session:
        one, two = session.get_one(ChildFile, kept), session.get_one(ChildFile, taken)
        joining = merging.merge(session, one, two, why="The mother said so.", by=str(officer.id), at=chain.clock.now())
    path = recorded(officer, file="PC-0043")  # it stands on the file that is kept
    step(officer, path, "who", person=str(carer), address=ADDRESS, address_again=ADDRESS)
    step(officer, path, "allowed", understanding="yes", view="agrees", confirm="14")
    step(officer, path, "what", searched="Both files", **{"for": CHILD}, recipients="Nobody")
    with chain.db.reading() as session:
        row = register.get(session, 1)
        assert row.file_id == kept
        assert {one.document.id for one in page_rows.held(session, row)} == {*ids, *others}
        assert len(holds.blocking(session, file_id=taken)) == len(holds.blocking(session, file_id=kept)) == 1
    assert officer.post(f"{path}/look/rest", LOOKED).status_code == 303
    assert officer.post(f"{path}/make", {}).status_code == 303
    assert len(PdfReader(io.BytesIO(officer.get(f"{path}/copy.pdf").content)).pages) == 3
    for number in (42, 43):
        assert "Access to information" in officer.get(f"/files/{number}/requests").text
    with chain.db.writing() as session:
        merging.unmerge(session, joining, by=str(officer.id), at=chain.clock.now())
    with chain.db.reading() as session:
        row = register.get(session, 1)
        assert [one.document.id for one in page_rows.held(session, row)] == ids
    assert officer.get(f"{path}/copy.pdf").status_code == 404  # made of pages that are another child's now
    assert officer.get(f"{path}/look/{others[0]}").status_code == 404


def test_a_decision_while_the_copy_is_made_keeps_nothing(chain: Paperchain, officer: Browser) -> None:
    _, carer, ids = a_file(chain, officer.id, pages=2)
    path = to_pages(chain, officer, carer)
    officer.post(f"{path}/look/rest", LOOKED)
    before = len(blobs(chain))

    def meanwhile(done: int, of: int) -> None:
        if done == 1:
            with chain.db.writing() as session:
                page_rows.decide(
                    session, register.get(session, 1), ids[1], Decision.WITHHOLD, Exemption.PRIVILEGE, "", is_manager=False,
                    by="x", at=chain.clock.now(),
                )  # fmt: skip

    with pytest.raises(ChangedMeanwhile):
        bundling.make_copy(chain, 1, actor=str(officer.id), on_page=meanwhile)
    with chain.db.reading() as session:
        assert session.exec(select(Document).where(Document.kind == DocumentKind.BUNDLE)).all() == []
    assert len(blobs(chain)) == before


def test_a_page_that_is_no_picture_stops_the_copy_with_a_reason(chain: Paperchain, officer: Browser) -> None:
    _, carer, ids = a_file(chain, officer.id, pages=1)
    path = to_pages(chain, officer, carer)
    officer.post(f"{path}/look/rest", LOOKED)
    with chain.db.writing() as session:
        row = session.get_one(Document, ids[0])
        key = keyring.open_key(session, row.key_id)
        bad = holdings.put(chain.store, key, [b"no picture"], "image/png")
        file = session.exec(select(ChildFile)).one()
        session.delete(row)
        holdings.hold(
            session, bad, kind=DocumentKind.PAGE, key_id=file.key_id, at=chain.clock.now(), file_id=file.id, page=1
        )
    officer.post(f"{path}/look/rest", LOOKED)
    with pytest.raises(RefusedByRule, match="no picture"):
        bundling.make_copy(chain, 1, actor=str(officer.id))


def test_a_box_outside_the_page_is_told_at_the_field(chain: Paperchain, officer: Browser) -> None:
    _, carer, ids = a_file(chain, officer.id, pages=1)
    page = f"{to_pages(chain, officer, carer)}/look/{ids[0]}"
    for left, width in (("90", "20"), ("", "5"), ("nan", "5"), ("inf", "5"), ("-1", "5"), ("1e400", "5")):
        answer = officer.post(
            f"{page}/cover", {"left": left, "top": "1", "width": width, "height": "5", "box_code": "crime"}
        )
        assert answer.status_code == 422, left
        assert "enter four numbers" in answer.text


def test_who_may_not_open_the_file_finds_nothing(chain: Paperchain, officer: Browser) -> None:
    _, carer, ids = a_file(chain, officer.id, pages=1)
    path = to_pages(chain, officer, carer)
    admin = Browser(chain, Role.ADMIN, name="Ada")
    for tail in ("", "/who", "/look", f"/look/{ids[0]}", f"/look/{ids[0]}/picture", "/copy.pdf", "/send"):
        assert admin.get(path + tail).status_code == 404
    listed = admin.get("/requests").text
    assert "PC-0042" in listed
    assert CARER not in listed


def test_a_late_save_is_told_and_changes_nothing(chain: Paperchain, officer: Browser) -> None:
    a_file(chain, officer.id, pages=1)
    path = recorded(officer)
    seen = version(officer, path)
    assert act(officer, path, "paused", words="Which years?").status_code == 303
    late = officer.post(f"{path}/act", {"do": "close", "version": seen, "code": "taken_back", "words": "Rang us"})
    assert late.status_code == 409
    assert "Lee changed request 1 on 20 November 2026 at 12:00pm" in late.text


def test_a_long_copy_is_made_beside_with_its_progress_shown(
    chain: Paperchain, officer: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, carer, _ = a_file(chain, officer.id, pages=2)
    path = to_pages(chain, officer, carer)
    officer.post(f"{path}/look/rest", LOOKED)
    monkeypatch.setattr(bundle_pages, "AT_ONCE", 0)
    assert officer.post(f"{path}/make", {}).status_code == 303
    first = officer.get(f"{path}/look")
    assert "The copy is being made" in first.text or "The copy is made and checked." in first.text
    until = time.monotonic() + 30
    while "The copy is made and checked." not in (page := officer.get(f"{path}/look")).text:
        assert page.headers.get("refresh") == "3" or "The copy is made" in officer.get(f"{path}/look").text
        assert time.monotonic() < until
        time.sleep(0.2)
    assert "refresh" not in officer.get(f"{path}/look").headers


@pytest.mark.parametrize("code", ["harm", "abuse", "health"])
def test_an_officer_covers_nothing_for_a_reason_that_is_the_managers(
    chain: Paperchain, officer: Browser, manager: Browser, code: str
) -> None:
    """R66: asked where the part is kept, so that a form that was made by hand does not pass either."""
    _, carer, ids = a_file(chain, officer.id, pages=1)
    page = f"{to_pages(chain, officer, carer)}/look/{ids[0]}"
    part = {"left": "10", "top": "10", "width": "50", "height": "5", "box_code": code}
    refused = officer.post(f"{page}/cover", part)
    assert refused.status_code == 422
    assert "Only a manager can cover a part for this reason" in refused.text
    assert rows(chain, Redaction) == []
    if code != "health":  # for health an opinion is needed too
        assert manager.post(f"{page}/cover", part).status_code == 303
        assert [one.code for one in rows(chain, Redaction)] == [code]


def test_what_is_on_no_page_is_settled_before_a_copy_is_approved(
    chain: Paperchain, officer: Browser, manager: Browser
) -> None:
    """N17, R64: named on the page, told in the letter, and open again when more has come."""
    file_id, carer, _ = a_file(chain, officer.id, pages=1)
    path = to_pages(chain, officer, carer)
    look = officer.get(f"{path}/look").text
    assert "Names, dates of birth, contact and other facts, 4 entries" in look
    assert "Our notes" not in look  # there are none
    officer.post(f"{path}/look/rest", LOOKED)
    officer.post(f"{path}/make", {})
    with chain.db.writing() as session:
        told = ContactDetails(telephone="01604 000000")
        record(session, file_id, carer, told, true_on=chain.clock.today(), actor="system", at=chain.clock.now())
    refused = step(manager, path, "approve")
    assert refused.status_code == 409
    assert "names, dates of birth, contact and other facts" in refused.text
    assert "it is not settled whether this goes with the copy" in manager.get(f"{path}/approve").text
    assert settle_beside(officer, path, beside_facts="left_out").status_code == 422
    assert settle_beside(officer, path, beside_facts="").status_code == 422
    quiet = settle_beside(officer, path, beside_facts="quiet", why_facts="A new address")
    assert quiet.status_code == 422
    assert "Only a manager" in quiet.text
    assert settle_beside(manager, path, beside_facts="quiet", why_facts="A new address").status_code == 303
    assert "A new address" not in words_of(manager.get(f"{path}/covering.pdf").content)
    assert settle_beside(officer, path, beside_facts="left_out", why_facts="You know these already").status_code == 303
    assert step(manager, path, "approve").status_code == 303
    letter = words_of(officer.get(f"{path}/covering.pdf").content)
    assert "other facts that we hold: You know these already" in letter
    assert settle_beside(officer, path).status_code == 303  # decided otherwise: it is approved anew
    with chain.db.reading() as session:
        assert register.stand(session, register.get(session, 1), chain.clock.today()).next_step == "approve"
    assert "What goes with the copy" in words_of(officer.get(f"{path}/covering.pdf").content)
