"""An answer sheet's whole way: printed from a child's file, scanned, read, confirmed by an officer, in the history of that file."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import cv2
import pytest
from sqlmodel import select

from forms import again
from forms.catalogue import load_catalogue
from forms.drafting.parts import pictures_of
from forms.page import Grey
from forms.reading import read_page
from intake.sandbox.client import DocumentResult, PageResult
from intake.sandbox.limits import Limits
from intake.stages import Tools, read_item
from intake.wiring import Paperchain
from records.clock import Clock
from records.consents.standing import ConsentState
from records.consents.tables import ConsentEvent
from records.db import Database
from records.documents import holdings
from records.documents.envelope import new_key
from records.documents.store import FolderStore
from records.letters import replies
from records.people import register
from records.people.tables import ChildFile, Person
from records.post import inbox
from records.post.tables import Part
from records.requests.tables import RequestRow
from records.vocabulary import PartKind, PartState, QuarantineReason, Source
from tests.builders import settings
from tests.forms.test_again import ticked
from tests.records.consents.homes import CARER, CHILD, Home, open_file
from tests.reviewing import Browser, errors, rows, state_of, text, typed

CATALOGUE = load_catalogue()
ANSWERS = {
    "store": ConsentState.GIVEN, "news:email": ConsentState.REFUSED, "news:post": ConsentState.UNCLEAR,
    "contact:education": ConsentState.GIVEN, "contact:health": ConsentState.NOT_ANSWERED,
}  # fmt: skip
ASKED = {"contact_by_post", "contact_health"}


@pytest.fixture
def chain(tmp_path: Path, database: Database, clock: Clock) -> Iterator[Paperchain]:
    home = settings(tmp_path / "home")
    for folder in (home.inbox, home.stopped, home.documents):
        folder.mkdir(parents=True)
    yield Paperchain(home, database, FolderStore(home.documents), clock)
    replies.use(None)


@pytest.fixture
def officer(chain: Paperchain) -> Browser:
    return Browser(chain)


class Scanned:
    """Stands for the sandbox: the reader without its walls."""

    def __init__(self, picture: Grey) -> None:
        self.picture = picture

    def read(self, data: bytes, limits: Limits, on_page: Callable[[PageResult], None]) -> DocumentResult:
        found, crops = read_page(self.picture, (200.0, 200.0), 1, CATALOGUE)
        height, width = self.picture.shape
        on_page(PageResult(1, 1, width, height, None, b"picture", "image/png", found, crops))
        return DocumentResult(1, None, False)


class NoWriting:
    def lines(self, crops: object, dates: object, latest: int) -> dict[str, object]:
        return {}


def opened(chain: Paperchain, who: Browser, answers: dict[str, ConsentState] | None = None) -> Home:
    with chain.db.writing() as session:
        return open_file(session, chain.clock.now(), answers or ANSWERS, officer=who.id)


def printed(who: Browser, number: int, person: UUID) -> list[Grey]:
    """The letter's pages, the answer sheet last."""
    made = who.post(f"/files/{number}/letters", {"kind": "again", "for": str(person)})
    assert made.headers["content-type"] == "application/pdf", text(made)
    return pictures_of(made.content)


def returned(chain: Paperchain, sheet: Grey, *, signed: bool = True, **marks: str) -> UUID:
    """The sheet filled in, scanned and read. `marks`: yes or no by question."""
    picture = sheet.copy()
    found, _ = read_page(picture, (200.0, 200.0), 1, CATALOGUE)
    assert found.form == again.ID, found.reason
    template = CATALOGUE.get(again.ID, found.edition)
    for field, name in marks.items():
        ticked(picture, template.field(field).boxes[name])
    if signed:
        left, top, _, bottom = (round(n / again.PX) for n in template.field("signature").boxes["area"])
        for n in range(12):
            start = (left + 60 + 30 * n, (top + bottom) // 2 + (-25 if n % 2 else 25))
            cv2.line(picture, start, (left + 90 + 30 * n, (top + bottom) // 2 + (25 if n % 2 else -25)), 30, 4)
    key, scan_id = new_key(), uuid4()
    scan = holdings.put(chain.store, key, [b"%PDF-1.7 ", scan_id.bytes, b"\n%%EOF"], "application/pdf")
    with chain.db.writing() as session:
        number = inbox.take_in(
            session, claim_id=uuid4(), key_id=uuid4(), key=key, scan=scan, name="x.pdf", source=Source.FOLDER,
            actor="system", at=chain.clock.now(),
        ).number  # fmt: skip
    read_item(Tools(chain, Scanned(picture), NoWriting(), CATALOGUE, Limits(), "here"), number)  # type: ignore[arg-type]  # stand-ins
    with chain.db.reading() as session:
        (part,) = inbox.parts_of(session, inbox.by_number(session, number))
        assert part.kind == PartKind.FORM
        return part.id


def answers(version: str, file: int | None, **more: str | None) -> dict[str, str]:
    sent: dict[str, str | None] = {
        "version": version, "giver": "parent_or_carer", "legible": "yes", "signature": "present", "parent_name": CARER,
        "contact_by_post": "no", "contact_health": "yes", "file": str(file) if file else None,
    }  # fmt: skip
    sent |= typed("signed_on", date(2026, 11, 18))
    return {name: value for name, value in (sent | more).items() if value is not None}


def of(chain: Paperchain, part: UUID) -> dict[str, ConsentEvent]:
    return {one.item_code: one for one in rows(chain, ConsentEvent) if one.part_id == part}


def test_from_the_letter_to_the_history_of_the_same_file(chain: Paperchain, officer: Browser) -> None:
    home = opened(chain, officer)
    before = len(rows(chain, ConsentEvent))
    part = returned(chain, printed(officer, 1, home.carer)[-1], contact_by_post="no", contact_health="yes")
    page = text(officer.get(f"/review/{part}"))
    assert "Check this answer sheet" in page
    assert f"File PC-0001: the sheet was printed for it, {CHILD}" in page
    assert "open a new file" not in page
    done = officer.post(f"/review/{part}", answers(officer.open(part), 1))
    assert done.status_code == 303, errors(done)

    events = of(chain, part)
    assert len(rows(chain, ConsentEvent)) == before + 2, "only what was asked is answered"
    assert {item: one.state for item, one in events.items()} == {"news:post": "refused", "contact:health": "given"}
    one = events["contact:health"]
    assert (one.file_id, one.giver_person_id, one.effective_on) == (home.file.id, home.carer, date(2026, 11, 18))
    assert one.wording == "May we contact the health service to help you or your child?"
    assert (one.form, one.field_id, one.page, one.confirmed_by) == (again.ID, "contact_health", 1, str(officer.id))
    assert one.evidence_id is not None
    assert len(rows(chain, ChildFile)) == 1
    assert len(rows(chain, Person)) == 2
    assert state_of(chain, part) is PartState.CONFIRMED
    assert "Every answer" in text(officer.post("/files/1/letters", {"kind": "again", "for": str(home.carer)}))


def test_what_the_scan_says_is_what_the_officer_is_shown(chain: Paperchain, officer: Browser) -> None:
    home = opened(chain, officer)
    part = returned(chain, printed(officer, 1, home.carer)[-1], contact_by_post="yes")
    page = " ".join(text(officer.get(f"/review/{part}")).split())
    assert "News by post: <strong>Yes</strong>" in page
    assert "Health service: <strong>Left blank</strong>" in page


def test_the_sheet_carries_no_name_and_the_letter_asks_nothing_twice(chain: Paperchain, officer: Browser) -> None:
    home = opened(chain, officer)
    pages = printed(officer, 1, home.carer)
    found, _ = read_page(pages[-1], (200.0, 200.0), 1, CATALOGUE)
    assert {field.id for field in found.fields if field.kind.is_mark} == ASKED
    assert [read_page(page, (200.0, 200.0), 1, CATALOGUE)[0].form for page in pages[:-1]] == [None] * (len(pages) - 1)


def test_nothing_is_filed_before_a_person_took_up_the_file(chain: Paperchain, officer: Browser) -> None:
    home = opened(chain, officer)
    opened(chain, officer)
    part = returned(chain, printed(officer, 1, home.carer)[-1], contact_health="yes")
    for chosen in (None, "new", "2"):
        asked = officer.post(
            f"/review/{part}", answers(officer.open(part), None) | ({"file": chosen} if chosen else {})
        )
        assert errors(asked) == ["Check the file, and choose it if the sheet is for it"]
    assert not of(chain, part)


def test_a_name_that_is_not_on_the_file_adds_nobody_to_it(chain: Paperchain, officer: Browser) -> None:
    home = opened(chain, officer)
    part = returned(chain, printed(officer, 1, home.carer)[-1], contact_health="yes")
    asked = officer.post(f"/review/{part}", answers(officer.open(part), 1, parent_name="Nobody Known"))
    assert errors(asked) == [
        "Type the name as it stands on the file, or choose ‘Somebody else’ if no such parent or carer is on it"
    ]
    sent = answers(officer.open(part), 1, parent_name="Nobody Known", giver="representative")
    assert officer.post(f"/review/{part}", sent).status_code == 303
    assert of(chain, part)["contact:health"].giver_person_id is None
    assert len(rows(chain, Person)) == 2


def test_an_unsigned_sheet_waits_and_a_blank_answer_stays_not_answered(chain: Paperchain, officer: Browser) -> None:
    home = opened(chain, officer)
    part = returned(chain, printed(officer, 1, home.carer)[-1], signed=False, contact_health="yes")
    sent = answers(officer.open(part), 1, signature="absent", contact_by_post="blank")
    assert officer.post(f"/review/{part}", sent).status_code == 303
    with chain.db.reading() as session:
        assert session.get_one(Part, part).quarantine == QuarantineReason.NOT_SIGNED
    assert not of(chain, part)
    sent = answers(officer.open(part), 1, contact_by_post="blank")
    assert officer.post(f"/review/{part}", sent).status_code == 303
    assert {item: one.state for item, one in of(chain, part).items()} == {
        "news:post": "not_answered",
        "contact:health": "given",
    }


def test_a_no_to_keeping_is_written_on_the_file_and_a_person_decides_on_erasing(
    chain: Paperchain, officer: Browser
) -> None:
    home = opened(chain, officer, {"store": ConsentState.UNCLEAR, "news:post": ConsentState.GIVEN})
    part = returned(chain, printed(officer, 1, home.carer)[-1], store_on_database="no")
    assert officer.get(f"/review/{part}/refused").status_code == 404, (
        "a sheet's No is about the file, not about the scan"
    )
    with chain.db.writing() as session:  # a later form gave it, so that the No takes it back
        row = session.exec(select(ConsentEvent).where(ConsentEvent.item_code == "store")).one()
        given = ConsentEvent(**(row.model_dump() | {"id": uuid4(), "state": ConsentState.GIVEN}))
        session.add(given)
    version = officer.open(part)
    sent = {k: v for k, v in answers(version, 1, store_on_database="no").items() if k not in ASKED}
    done = officer.post(f"/review/{part}", sent)
    assert done.status_code == 303, errors(done)
    assert {item: one.state for item, one in of(chain, part).items()} == {"store": "withdrawn"}
    assert [request.kind for request in rows(chain, RequestRow)] == ["erasure"]
    with chain.db.reading() as session:
        assert register.by_number(session, 1).id == home.file.id
