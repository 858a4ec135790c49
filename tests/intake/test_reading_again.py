"""A letter whose form was changed while it waited is read again from its scan, by the text in use, and then filed by that."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import select

from forms.catalogue import Catalogue
from forms.results import PageKind, PageReading
from forms.template import Template
from intake import arranging, quarantine_days, reading_again, stopped
from intake.sandbox.client import DocumentResult, PageResult
from intake.sandbox.limits import Limits
from intake.stages import Tools, read_item
from intake.wiring import Paperchain
from records.audit import trail
from records.audit.chain import Whole
from records.clock import Clock, fixed
from records.consents.tables import ConsentEvent
from records.documents import holdings
from records.documents.tables import Document
from records.documents.text.tables import PossibleRequest
from records.errors import ChangedMeanwhile, RefusedByRule
from records.post import inbox, review
from records.post.arrangement import Edit
from records.post.tables import Confirmation, Item, Page, PageEdit, Part, StorageRefusal
from records.tasks.tables import TaskRow
from records.vocabulary import DocumentKind, ItemState, PartState, Role
from tests.builders import CHILD, at, home
from tests.conftest import NOON
from tests.reviewing import TEMPLATE, Browser, arrived, blobs, confirm, errors, reading, rows, state_of, text, typed

EXCHANGED = {"contact:health": "contact:legal", "contact:legal": "contact:health"}
CHANGED = replace(
    TEMPLATE,
    fields=tuple(replace(field, item=EXCHANGED.get(field.item or "", field.item)) for field in TEMPLATE.fields),
)
"""Two boxes answer each the other's consent."""
SCAN = b"%PDF-1.7 invented\n%%EOF"


@pytest.fixture
def chain(tmp_path: Path, clock: Clock) -> Iterator[Paperchain]:
    with home(tmp_path / "home", clock) as made:
        yield made


@pytest.fixture
def officer(chain: Paperchain) -> Browser:
    return Browser(chain)


@pytest.fixture
def in_use(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Sets the forms that are in use."""

    def use(*templates: Template) -> None:
        monkeypatch.setattr("intake.known_forms.catalogue", lambda: Catalogue(templates, []))

    return use


class Reader:
    """Stands in for the locked-in reader: forms that were read by this template, or other pages."""

    def __init__(self, template: Template | None, pages: int = 1) -> None:
        self.template, self.pages, self.scans = template, pages, list[bytes]()

    def read(self, data: bytes, limits: Limits, on_page: Callable[[PageResult], None]) -> DocumentResult:
        self.scans.append(bytes(data))
        for number in range(1, self.pages + 1):
            page = PageReading(number, PageKind.OTHER, reason="This is not one of our forms.")
            if self.template is not None:
                fields = tuple(reading(number).fields.values())
                page = PageReading(
                    number, PageKind.FORM, self.template.id, self.template.edition, 1, fields=fields,
                    template_sum=self.template.content_sum,
                )  # fmt: skip
            crops = {field.id: b"\x89PNG new crop" for field in page.fields}
            on_page(PageResult(number, self.pages, 100, 140, (72.0, 72.0), b"new picture", "image/png", page, crops))
        return DocumentResult(self.pages, None, False)


class NoWriting:
    """Stands in for text recognition, of which nothing is asked here."""


def read_by(chain: Paperchain, template: Template | None, number: int = 1, pages: int = 1) -> Reader:
    """Reads an item as a worker does that knows this template."""
    reader = Reader(template, pages)
    known = Catalogue([template] if template else [], [])
    tools = Tools(chain, reader, NoWriting(), known, Limits(file_bytes=1 << 20), "a worker")  # type: ignore[arg-type]  # stand-ins
    read_item(tools, number)
    return reader


def press(chain: Paperchain, who: Browser, number: int = 1) -> str:
    """Presses *Read again* on the item's page; what the desk says."""
    with chain.db.reading() as session:
        version = inbox.by_number(session, number).version
    answer = who.post(f"/items/{number}/read-again", {"version": version})
    assert answer.status_code == 303, answer.text
    return text(who.get(answer.headers["location"]))


def waiting(chain: Paperchain, number: int = 1) -> UUID:
    """The one form of an item that waits."""
    with chain.db.reading() as session:
        (part,) = inbox.parts_of(session, inbox.by_number(session, number))
        return part.id


def state(chain: Paperchain, number: int = 1) -> ItemState:
    with chain.db.reading() as session:
        return ItemState(inbox.by_number(session, number).state)


def test_a_letter_is_read_again_and_filed_by_the_text_in_use(
    chain: Paperchain, officer: Browser, in_use: Callable[..., None]
) -> None:
    old = arrived(chain, scanned=SCAN)[0]
    in_use(CHANGED)
    page = text(officer.get("/items/1"))
    assert "Read the letter again." in page or "is not known. Read" in page
    assert 'action="/items/1/read-again"' in page
    assert "Item 1 is being read again." in press(chain, officer)
    assert state(chain) is ItemState.ARRIVING and state_of(chain, old) is PartState.REPLACED
    assert rows(chain, Page) == [] and rows(chain, Item)[0].read_at is None

    assert read_by(chain, CHANGED).scans == [SCAN], "the scan stayed as it came"
    part = waiting(chain)
    assert part != old and state(chain) is ItemState.TO_REVIEW
    assert confirm(officer, part, contact_legal="blank").status_code == 303
    told = {event.item_code: event.state for event in rows(chain, ConsentEvent)}
    assert told["contact:health"] == "not_answered" and told["contact:legal"] == "given", "by the text in use now"
    assert [row.id for row in rows(chain, Part)] == [part], "what was put aside went when the item was settled"
    assert {row.kind for row in rows(chain, Document)} == {DocumentKind.SCAN, DocumentKind.PAGE, DocumentKind.EVIDENCE}
    assert len(blobs(chain)) == len(rows(chain, Document)) == 3
    with chain.db.reading() as session:
        assert isinstance(trail.check(session), Whole)
        assert "item_read_again" in {entry.act for entry, _ in trail.entries(session)}


def test_a_letter_whose_form_was_taken_away_is_sorted_by_hand_once_it_was_read_again(
    chain: Paperchain, officer: Browser, in_use: Callable[..., None]
) -> None:
    arrived(chain, scanned=SCAN)
    in_use()
    assert "no longer in use" in text(officer.get("/items/1"))
    press(chain, officer)
    read_by(chain, None)
    assert state(chain) is ItemState.TO_SORT
    assert "template is gone" not in text(officer.get("/post")), "what was put aside is not what it is"
    assert "Read it again" not in text(officer.get("/items/1"))


def test_what_waits_for_a_family_or_said_no_is_not_read_again_and_stays_as_it_was(
    chain: Paperchain, officer: Browser, in_use: Callable[..., None]
) -> None:
    """The No, the day by which it is carried out, and the day by which a family is to answer hang on the form that was read (R28)."""
    aside, no = arrived(chain, scanned=SCAN)[0], arrived(chain, scanned=SCAN)[0]
    confirm(officer, aside, store_on_database="blank")
    confirm(officer, no, store_on_database="no")
    in_use(CHANGED)
    before = rows(chain, Part), rows(chain, Confirmation)
    for number in (1, 2):
        assert reading_again.HELD in press(chain, officer, number)
        admin = text(Browser(chain, Role.ADMIN, "Ash").get(f"/items/{number}"))
        assert reading_again.HELD in admin and "No to keeping" not in admin and "/read-again" not in admin
        page = text(officer.get(f"/items/{number}"))
        assert reading_again.SETTLE in page and "Read the letter again" not in page, (
            "nobody is told to do what is refused"
        )
        assert ("Split after this page" in page) == (number == 2), "nothing of the first can be arranged"
    queue = text(officer.get("/review"))
    assert queue.count("this letter was read is not known") == 2 and "Read the letter again" not in queue
    assert (
        queue.count("On the page of its item it is filed once") == 1 == queue.count("It says No to keeping: erase it")
    )
    assert (rows(chain, Part), rows(chain, Confirmation)) == before
    assert [state_of(chain, part) for part in (aside, no)] == [PartState.QUARANTINED, PartState.TO_REVIEW]


def test_where_the_stored_scan_is_damaged_the_pictures_of_its_pages_stay(
    chain: Paperchain, officer: Browser, in_use: Callable[..., None]
) -> None:
    arrived(chain, scanned=SCAN)
    in_use(CHANGED)
    before = rows(chain, Part), rows(chain, Page), len(blobs(chain))
    chain.store.delete(next(one.blob for one in rows(chain, Document) if one.kind == DocumentKind.SCAN))
    assert reading_again.DAMAGED in press(chain, officer)
    assert (rows(chain, Part), rows(chain, Page), len(blobs(chain)) + 1) == before
    assert state(chain) is ItemState.TO_REVIEW


def test_what_looks_like_a_request_is_answered_before_its_page_is_read_again(
    chain: Paperchain, officer: Browser, in_use: Callable[..., None]
) -> None:
    """It hangs on the page's picture, with the day on which it came."""
    arrived(chain, scanned=SCAN)
    in_use(CHANGED)
    with chain.db.writing() as session:
        item = inbox.by_number(session, 1)
        page = inbox.pages_of(session, item)[0]
        session.add(
            PossibleRequest(document_id=page.picture_id, item_id=item.id, kind="access", raised_on=chain.clock.today())
        )
    assert reading_again.ASKED in press(chain, officer)
    assert len(rows(chain, PossibleRequest)) == 1


def test_what_was_put_aside_goes_with_an_item_that_stops_and_is_not_ours(
    chain: Paperchain, officer: Browser, in_use: Callable[..., None]
) -> None:
    arrived(chain, scanned=SCAN)
    in_use(CHANGED)
    press(chain, officer)
    with chain.db.writing() as session:
        item = inbox.by_number(session, 1)
        inbox.move(session, item, ItemState.READING, actor="a worker", at=chain.clock.now())
        inbox.move(session, item, ItemState.STOPPED, actor="a worker", at=chain.clock.now())
    assert {row.state for row in rows(chain, Part)} == {PartState.REPLACED}
    stopped.not_ours(chain, 1, actor=str(officer.id), version=rows(chain, Item)[0].version)
    assert rows(chain, Part) == [] and [row.kind for row in rows(chain, Document)] == [DocumentKind.SCAN]
    assert len(blobs(chain)) == 1


def test_edits_of_its_pages_are_not_undone_over_the_new_reading(
    chain: Paperchain, officer: Browser, in_use: Callable[..., None]
) -> None:
    arrived(chain, 2, scanned=SCAN)
    in_use(TEMPLATE)
    arranging.edit(chain, 1, Edit.TURN, 2, actor=str(officer.id), arranged=0)
    in_use(CHANGED)
    press(chain, officer)
    read_by(chain, CHANGED, pages=2)
    assert rows(chain, PageEdit) == []
    with pytest.raises(ChangedMeanwhile):
        arranging.edit(chain, 1, Edit.BY_HAND, 1, actor=str(officer.id), arranged=1)
    arranging.edit(chain, 1, Edit.BY_HAND, 1, actor=str(officer.id), arranged=2)
    arranging.undo(chain, 1, actor=str(officer.id), arranged=3)
    assert {row.state for row in rows(chain, Part)} == {PartState.REPLACED, PartState.TO_REVIEW}
    with chain.db.reading() as session:
        assert len(inbox.parts_of(session, inbox.by_number(session, 1))) == 2


def test_nothing_is_read_again_that_need_not_or_must_not_be(
    chain: Paperchain, officer: Browser, in_use: Callable[..., None]
) -> None:
    first, second = arrived(chain, 2, scanned=SCAN)
    assert reading_again.NOTHING in press(chain, officer)
    officer.open(second)
    in_use(CHANGED)
    other = Browser(chain, name="Sam")
    version = rows(chain, Item)[0].version
    answer = other.post("/items/1/read-again", {"version": version})
    assert answer.status_code == 409 and "Somebody else has this form open" in text(answer)
    assert other.post("/items/1/read-again", {"version": version - 1}).status_code == 409
    assert Browser(chain, Role.MANAGER, "Kim").post("/items/1/read-again", {"version": version}).status_code == 404
    in_use(TEMPLATE)
    confirm(officer, first)
    in_use(CHANGED)
    assert reading_again.SETTLED in press(chain, officer)
    page = text(officer.get("/items/1"))
    assert reading_again.SETTLED in page and 'action="/items/1/read-again"' not in page
    assert state_of(chain, second) is PartState.TO_REVIEW


def test_a_copy_for_another_child_has_no_scan_to_be_read_again(
    chain: Paperchain, officer: Browser, in_use: Callable[..., None]
) -> None:
    part = arrived(chain, scanned=SCAN)[0]
    confirm(officer, part)
    officer.post("/files/1/several/form", {"form": str(part)})
    in_use(CHANGED)
    assert reading_again.NO_SCAN in press(chain, officer, 2)
    assert state(chain, 2) is ItemState.TO_REVIEW


def test_by_which_text_a_form_was_read_stands_beside_its_reading(
    chain: Paperchain, officer: Browser, in_use: Callable[..., None]
) -> None:
    """Then Review need not open the readings of all forms that it lists."""
    arrived(chain, scanned=SCAN)
    in_use(CHANGED)
    press(chain, officer)
    read_by(chain, CHANGED)
    assert CHANGED.content_sum in {row.template_sum for row in rows(chain, Part)}


def test_what_is_being_read_again_is_counted_like_what_is_being_read(
    chain: Paperchain, officer: Browser, in_use: Callable[..., None]
) -> None:
    arrived(chain, 3, scanned=SCAN)
    in_use(CHANGED)
    press(chain, officer)
    read_by(chain, CHANGED, pages=3)
    with chain.db.reading() as session:
        item = inbox.by_number(session, 1)
        assert (item.pages, len(inbox.pages_of(session, item)), len(inbox.parts_of(session, item))) == (3, 3, 3)
        for document in session.exec(select(Document).where(Document.kind == DocumentKind.PAGE)).all():
            assert holdings.fetch(session, chain.store, document) == b"new picture"


def test_a_form_that_said_no_and_was_then_sorted_by_hand_is_settled(chain: Paperchain, officer: Browser) -> None:
    """What was noted about it goes with the part that it was noted about."""
    part = arrived(chain, scanned=SCAN)[0]
    confirm(officer, part, store_on_database="no")
    arranging.edit(chain, 1, Edit.BY_HAND, 1, actor=str(officer.id), arranged=0)
    made = waiting(chain)
    with chain.db.reading() as session:
        version = session.get_one(Part, made).version
    answer = officer.post(f"/items/1/sort/{made}", {"kind": "not_ours", "version": version})
    assert answer.status_code == 303, text(answer)
    assert [row.id for row in rows(chain, Part)] == [made] and rows(chain, Confirmation) == []


def test_a_noted_no_is_carried_out_by_whatever_text_its_form_has_now(
    chain: Paperchain, officer: Browser, in_use: Callable[..., None]
) -> None:
    """The noes that count on the child's file are those of the text that was confirmed, not what the boxes answer now."""
    first, no = arrived(chain)[0], arrived(chain)[0]
    in_use(TEMPLATE)
    confirm(officer, first)
    confirm(officer, no, store_on_database="no", contact_by_email="no")
    news = {"news:email": "news:post", "news:post": "news:email"}
    in_use(
        replace(
            TEMPLATE, fields=tuple(replace(each, item=news.get(each.item or "", each.item)) for each in TEMPLATE.fields)
        )
    )
    page = text(officer.get(f"/review/{no}/refused"))
    assert "an officer answered" in page and f'href="/review/{no}"' not in page, "nobody is led where nothing opens"
    assert f"/review/{no}/refused" in text(officer.get("/review"))
    with chain.db.reading() as session:
        version = session.get_one(Part, no).version
    answer = officer.post(f"/review/{no}/refused", {"paper": "no_paper", "version": version, "file": "1"})
    assert answer.status_code == 303, text(answer)
    assert {row.number for row in rows(chain, Item)} == {1}
    now = {event.item_code for event in rows(chain, ConsentEvent) if event.state == "withdrawn"}
    assert now == {"store", "news:email"}


@pytest.mark.parametrize("now", [(CHANGED,), ()], ids=["changed", "taken away"])
def test_a_form_with_a_noted_no_that_opens_no_more_is_not_sorted_by_hand(
    chain: Paperchain, officer: Browser, in_use: Callable[..., None], now: tuple[Template, ...]
) -> None:
    no, other = arrived(chain, 2, scanned=SCAN)
    in_use(TEMPLATE)
    confirm(officer, no, store_on_database="no")
    in_use(*now)
    with pytest.raises(RefusedByRule, match="says No to keeping this form, so it is not sorted by hand: erase it"):
        arranging.edit(chain, 1, Edit.BY_HAND, 1, actor=str(officer.id), arranged=0)
    assert state_of(chain, no) is PartState.TO_REVIEW
    arranging.edit(chain, 1, Edit.BY_HAND, 2, actor=str(officer.id), arranged=0)
    assert state_of(chain, other) is PartState.REPLACED


@pytest.mark.parametrize("now", [(CHANGED,), ()], ids=["changed", "taken away"])
@pytest.mark.parametrize("place", ["on_form", "telephone"])
def test_a_no_is_carried_out_at_once_though_the_form_waits_and_opens_no_more(
    chain: Paperchain, officer: Browser, in_use: Callable[..., None], now: tuple[Template, ...], place: str
) -> None:
    """R28: a No needs no template. Before, it waited for the form's own day, weeks later."""
    first, waits = arrived(chain)[0], arrived(chain)[0]
    in_use(TEMPLATE)
    confirm(officer, first)
    path = f"/review/{waits}/no"
    assert officer.get(path).status_code == 404, "while its text is in use the No is answered in Review"
    confirm(officer, waits, store_on_database="blank")
    assert officer.get(f"/review/{waits}/refused").status_code == 404
    in_use(*now)
    chain = at(chain, fixed(NOON + timedelta(minutes=1)))
    officer = Browser(chain, name="Late")
    assert path in officer.get("/items/2").text and path not in Browser(chain, Role.ADMIN, "Kim").get("/items/2").text
    page = officer.get(path)
    assert f'value="{CHILD}"' in page.text, "the name that was typed before; never a birth date"
    version = page.text.split('name="version" value="')[1].split('"')[0]
    sent = {
        "version": version,
        "child_name": CHILD,
        **typed("date_of_birth", date(2011, 5, 14)),
        "giver": "parent_or_carer",
    }
    missing = officer.post(path, sent)
    assert (missing.status_code, errors(missing)) == (422, ["Choose where they say it"])
    assert "name is missing" not in text(missing) and rows(chain, StorageRefusal) == []
    assert officer.post(path, sent | {"place": place}).headers["location"] == f"/review/{waits}/refused"
    assert (
        "It says No to keeping: erase it" in text(officer.get("/review")) and path not in officer.get("/items/2").text
    )
    with chain.db.writing() as session:
        assert review.get(session, waits).state == PartState.QUARANTINED
    quarantine_days.remind(chain)
    assert {task.kind for task in rows(chain, TaskRow) if task.closed_at is None} >= {"erase_form"}
    assert "File PC-0001: Same name and date of birth" in text(officer.get(f"/review/{waits}/refused"))
    answer = officer.post(f"/review/{waits}/refused", {"paper": "no_paper", "version": version, "file": "1"})
    assert answer.status_code == 303, text(answer)
    assert {row.number for row in rows(chain, Item)} == {1} and len(rows(chain, StorageRefusal)) == 1
    [no] = [event for event in rows(chain, ConsentEvent) if event.state == "withdrawn"]
    assert (no.item_code, no.route, no.giver) == ("store", "letter" if place == "on_form" else place, "parent_or_carer")


def test_a_family_that_has_said_no_is_not_asked(
    chain: Paperchain, officer: Browser, in_use: Callable[..., None]
) -> None:
    part = arrived(chain)[0]
    in_use(TEMPLATE)
    confirm(officer, part, store_on_database="blank")
    [row] = rows(chain, Part)
    then = at(chain, fixed(NOON + timedelta(days=(row.ask_by - NOON.date()).days - 3)))
    quarantine_days.remind(then)
    confirm(Browser(then, name="Late"), part, store_on_database="no")
    quarantine_days.remind(then)
    assert [task.kind for task in rows(chain, TaskRow) if task.closed_at is None] == ["erase_form"]
    in_use(replace(TEMPLATE, fields=TEMPLATE.fields[::-1]))
    quarantine_days.remind(then)
    assert [task.kind for task in rows(chain, TaskRow) if task.closed_at is None] == ["erase_form"]


def test_a_no_that_was_told_stands_when_the_old_text_is_used_again(
    chain: Paperchain, officer: Browser, in_use: Callable[..., None]
) -> None:
    part = arrived(chain)[0]
    in_use()
    sent = {"version": "1", "name-unreadable": "yes", "giver": "young_person", "place": "text"}
    with chain.db.reading() as session:
        sent["version"] = str(review.get(session, part).version)
    assert officer.post(f"/review/{part}/no", sent).status_code == 303
    in_use(TEMPLATE)
    assert officer.post(f"/review/{part}/no", sent).status_code == 404
    assert f"/review/{part}/refused" in officer.get("/review").text
    assert officer.post(f"/review/{part}/refused", {"paper": "returned", "version": sent["version"]}).status_code == 303
    assert rows(chain, Part) == []


def test_a_form_that_waits_for_the_family_and_cannot_be_read_again_is_filed_as_paper_or_erased_on_its_day(
    chain: Paperchain, officer: Browser, in_use: Callable[..., None]
) -> None:
    first, waits = arrived(chain, 2, scanned=SCAN)
    in_use(TEMPLATE)
    confirm(officer, first)
    confirm(officer, waits, store_on_database="blank")
    path, before = f"/items/1/sort/{waits}", len(rows(chain, ConsentEvent))

    def send(**what: str) -> int:
        with chain.db.reading() as session:
            version = session.get_one(Part, waits).version
        return officer.post(path, {"version": version, **what}).status_code

    as_paper = {"kind": "unknown_form", "file": "1", "paper": "cabinet"}
    assert path not in officer.get("/items/1").text and send(**as_paper) == 409, "while its text is in use it is opened"
    in_use(CHANGED)
    assert path in officer.get("/items/1").text
    assert send(kind="not_ours") == 422, "nothing is kept without a yes"
    with chain.db.reading() as session:
        part = session.get_one(Part, waits)
        assert part.state == PartState.QUARANTINED and part.ask_by is not None and part.sealed_reading is not None
    assert send(**as_paper) == 303
    with chain.db.reading() as session:
        part = session.get_one(Part, waits)
        assert (part.state, part.kind, part.form, part.ask_by) == (PartState.FILED, "other", None, None)
        assert part.sealed_reading is None and part.file_id is not None
    assert len(rows(chain, ConsentEvent)) == before, "it counts for no consent"
    assert waits not in {row.part_id for row in rows(chain, Confirmation)}
    assert len(blobs(chain)) == len(rows(chain, Document))
    assert officer.get("/items/1").status_code in (200, 404) and officer.get("/files/1").status_code == 200
