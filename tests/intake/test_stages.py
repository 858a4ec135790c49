"""An item is read: everything enters in one transaction, also after a crash, and no page is lost (P6)."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from PIL import Image
from sqlmodel import SQLModel, col, select

from forms.assemble import WRITTEN_ON, WRITTEN_ON_POLICY
from forms.catalogue import Catalogue, load_catalogue
from forms.recognised import OcrText
from forms.results import FieldReading, FormReading, PageKind, PageReading
from forms.template import Kind
from forms.writing.places import Groups
from intake import early, erasing, known_forms
from intake.admission import RefusalCode, refuse
from intake.desk import post_view
from intake.sandbox.client import DocumentResult, DocumentSandbox, PageResult, lossless
from intake.sandbox.limits import Limits
from intake.sandbox.ocr import OcrSandbox
from intake.stacks import pieces
from intake.stages import Tools, read_item
from intake.wiring import Paperchain
from records.audit import trail
from records.audit.chain import Whole
from records.clock import Clock, fixed
from records.db import Database
from records.documents import holdings
from records.documents.envelope import new_key
from records.documents.pack import unpack
from records.documents.store import FolderStore
from records.documents.tables import Document, WrappedKey
from records.errors import ChangedMeanwhile, NotSetUp
from records.post import inbox, review
from records.post.tables import Confirmation, Item, Page, Part, StorageRefusal
from records.vocabulary import DocumentKind, ItemState, PaperOutcome, PartKind, Role, Source
from tests.builders import CHILD, at, settings
from tests.reviewing import Browser, blobs, rows, text

CATALOGUE = load_catalogue()
TEMPLATE = CATALOGUE.get("westminster-consent", "2023")
SCAN = b"%PDF-1.7 invented\n%%EOF"
SHARED = Path(__file__).parents[2] / "samples" / "SCN_20251225121206_4765.pdf"
HERE = "this worker"


def page(number: int, kind: PageKind) -> PageReading:
    """A page as the sandbox reads it; a form's answers are all Yes but for one that it doubts."""
    if kind is not PageKind.FORM:
        return PageReading(number, kind)
    fields = tuple(
        FieldReading(
            each.id, each.kind, "yes" if each.kind.is_mark else None, each.id == "contact_by_post", 0.9, None, number,
            each.box, 1,
        )
        for each in TEMPLATE.fields
    )  # fmt: skip
    return PageReading(
        number, kind, TEMPLATE.id, TEMPLATE.edition, 1, fields=fields, template_sum=TEMPLATE.content_sum
    )  # fmt: skip


@dataclass
class Reader:
    """Stands in for the sandbox: hands over these pages, then ends, breaks, or lets something happen meanwhile."""

    kinds: tuple[PageKind, ...]
    reasons: dict[int, str] = field(default_factory=dict)
    refusal: RefusalCode | None = None
    meanwhile: Callable[[], None] | None = None
    read_times: int = field(default=0)

    def read(self, data: bytes, limits: Limits, on_page: Callable[[PageResult], None]) -> DocumentResult:
        self.read_times += 1
        for number, kind in enumerate(self.kinds, start=1):
            reading = page(number, kind)
            if number in self.reasons:
                reading = replace(reading, reason=self.reasons[number])
            crops = {each.id: f"crop {each.id}".encode() for each in reading.fields}
            crops |= {f"ocr:{each.id}": b"line" for each in reading.fields if each.kind is Kind.TEXT}
            on_page(
                PageResult(number, len(self.kinds), 100, 140, (72.0, 72.0), b"picture", "image/png", reading, crops)
            )
        if self.meanwhile:
            self.meanwhile()
        return DocumentResult(len(self.kinds), refuse(self.refusal) if self.refusal else None, False)


class Writing:
    """Stands in for text recognition."""

    def lines(self, crops: dict[str, bytes], dates: dict[str, Groups], latest: int) -> dict[str, OcrText]:
        return {name: OcrText("Rowan Testwood", 0.8) for name in crops}


@pytest.fixture
def chain(tmp_path: Path, database: Database, clock: Clock) -> Paperchain:
    home = settings(tmp_path / "home")
    for folder in (home.inbox, home.stopped, home.documents):
        folder.mkdir(parents=True)
    return Paperchain(home, database, FolderStore(home.documents), clock)


def tools(chain: Paperchain, reader: Reader) -> Tools:
    return Tools(chain, reader, Writing(), CATALOGUE, Limits(), HERE)  # type: ignore[arg-type]  # stand-ins


def arrived(chain: Paperchain, scan: bytes = SCAN) -> int:
    key = new_key()
    stored = holdings.put(chain.store, key, [scan], "application/pdf")
    with chain.db.writing() as session:
        return inbox.take_in(
            session, claim_id=uuid4(), key_id=uuid4(), key=key, scan=stored, name=f"{CHILD}.pdf", source=Source.FOLDER,
            actor="system", at=chain.clock.now(),
        ).number  # fmt: skip


def item(chain: Paperchain) -> Item:
    (found,) = rows(chain, Item)
    assert isinstance(found, Item)
    return found


FORM, BLANK, POLICY, LETTER, LOST = (
    PageKind.FORM, PageKind.BLANK, PageKind.POLICY, PageKind.OTHER, PageKind.UNREADABLE,
)  # fmt: skip


@pytest.mark.parametrize(
    ("kinds", "state", "parts"),
    [
        ((FORM,), ItemState.TO_REVIEW, [("form", "to_review", [1])]),
        ((FORM, BLANK), ItemState.TO_REVIEW, [("form", "to_review", [1]), ("blank", "nothing_to_do", [2])]),
        ((POLICY, FORM), ItemState.TO_REVIEW, [("policy", "nothing_to_do", [1]), ("form", "to_review", [2])]),
        ((FORM, FORM), ItemState.TO_REVIEW, [("form", "to_review", [1]), ("form", "to_review", [2])]),
        ((LETTER, LETTER), ItemState.TO_SORT, [("other", "to_sort", [1, 2])]),
        ((BLANK,), ItemState.TO_SORT, [("blank", "to_sort", [1])]),
        ((POLICY,), ItemState.TO_SORT, [("policy", "to_sort", [1])]),
        ((LOST, FORM), ItemState.TO_REVIEW, [("other", "to_sort", [1]), ("form", "to_review", [2])]),
    ],
)
def test_every_page_is_in_one_part_that_somebody_sees(
    chain: Paperchain, kinds: tuple[PageKind, ...], state: ItemState, parts: list[tuple[str, str, list[int]]]
) -> None:
    number = arrived(chain)

    assert read_item(tools(chain, Reader(kinds)), number) is state
    with chain.db.reading() as session:
        found = inbox.by_number(session, number)
        entered = [
            (part.kind, part.state, [each.number for each in inbox.pages_of(session, found, part)])
            for part in inbox.parts_of(session, found)
        ]
        assert entered == parts
        assert (found.state, found.pages, found.pages_read) == (state, len(kinds), len(kinds))
        assert (found.leased_by, found.lease_until, found.read_at) == (None, None, chain.clock.now())
        for document in session.exec(select(Document)).all():
            assert document.key_id == found.key_id
            assert holdings.fetch(session, chain.store, document)
    assert len(blobs(chain)) == len(rows(chain, Document))


@pytest.mark.parametrize(
    ("kinds", "state", "reason"),
    [
        ((POLICY, FORM), "nothing_to_do", WRITTEN_ON_POLICY.format(page=1)),
        ((POLICY, LETTER), "to_sort", None),
        ((POLICY,), "to_sort", None),
    ],
)
def test_a_policy_that_is_written_on_is_seen_by_somebody(
    chain: Paperchain, kinds: tuple[PageKind, ...], state: str, reason: str | None
) -> None:
    """A withdrawal may stand on it (R28): with a form its officer is told, and beside anything else it is sorted."""
    read_item(tools(chain, Reader(kinds, reasons={1: WRITTEN_ON})), arrived(chain))
    parts = {part.kind: part for part in rows(chain, Part)}
    assert (parts["policy"].state, parts["policy"].reason) == (state, WRITTEN_ON)
    assert reason is None or parts["form"].reason == reason
    page = text(Browser(chain, Role.ADMIN).get("/items/1"))
    assert ("Something is written or stamped on page 1." in page) == (state == "nothing_to_do")
    assert "Something is written or stamped on" in page


def test_a_forms_reading_is_sealed_and_its_cut_outs_are_its_evidence(chain: Paperchain) -> None:
    read_item(tools(chain, Reader((FORM,))), arrived(chain))

    (part,) = rows(chain, Part)
    with chain.db.reading() as session:
        reading = FormReading.from_json(review.reading_json(session, part))
        evidence = holdings.fetch(session, chain.store, session.get_one(Document, part.evidence_id))
    name = reading.fields["child_name"]
    assert (name.value, name.review) == ("Rowan Testwood", True), "handwriting is always looked at"
    assert unpack(evidence, "child_name") == b"crop child_name"
    assert unpack(evidence, "ocr:child_name") is None
    assert b"Rowan" not in bytes(part.sealed_reading or b"")
    assert part.doubtful == 1
    assert (part.form, part.edition) == (TEMPLATE.id, TEMPLATE.edition)


def test_a_worker_with_the_text_of_before_says_so_of_what_it_reads(chain: Paperchain) -> None:
    first = TEMPLATE.fields[0]
    changed = replace(TEMPLATE, fields=(replace(first, wording="Something else"), *TEMPLATE.fields[1:]))
    both = (TEMPLATE, Catalogue([TEMPLATE], [])), (changed, Catalogue([changed], []))
    for _, loaded in both:  # its locked-in reader has the text of before each time
        read_item(replace(tools(chain, Reader((FORM,))), catalogue=loaded), arrived(chain))
    with chain.db.reading() as session:
        kept = [
            FormReading.from_json(review.reading_json(session, part)).template_sum
            for item in session.exec(select(Item).order_by(col(Item.number)))
            for part in inbox.parts_of(session, item)
        ]
    assert [[known_forms.made_by(template, one) for template, _ in both] for one in kept] == [
        [True, False],
        [False, False],
    ]


def test_what_was_read_is_not_read_again(chain: Paperchain) -> None:
    number, reader = arrived(chain), Reader((FORM,))
    read_item(tools(chain, reader), number)

    assert read_item(tools(chain, reader), number) is None
    assert reader.read_times == 1
    assert len(rows(chain, Part)) == 1


def test_what_somebody_else_reads_is_left_to_them(chain: Paperchain) -> None:
    number, reader = arrived(chain), Reader((FORM,))
    with chain.db.writing() as session:
        inbox.lease(session, number, "another worker", chain.clock.now(), 60)

    assert read_item(tools(chain, reader), number) is None
    assert reader.read_times == 0


def test_a_worker_that_lost_its_lease_enters_nothing(chain: Paperchain) -> None:
    """A machine that slept: another worker has read the item meanwhile, and no page may stand twice."""
    number = arrived(chain)
    other = replace(tools(at(chain, fixed(chain.clock.now() + timedelta(minutes=10))), Reader((FORM,))), worker="other")

    with pytest.raises(ChangedMeanwhile):
        read_item(tools(chain, Reader((FORM,), meanwhile=lambda: assert_read(other, number))), number)
    assert len(rows(chain, Part)) == len(rows(chain, Page)) == 1
    assert item(chain).state == ItemState.TO_REVIEW


def assert_read(tools: Tools, number: int) -> None:
    assert read_item(tools, number) is ItemState.TO_REVIEW


LONG = (FORM,) + (LETTER,) * early.LONG


def first_seen(chain: Paperchain, *, opens_forms: bool = True) -> bool:
    """Whether the desk shows a first page."""
    with chain.db.reading() as session:
        only = session.exec(select(Item)).one()
        return post_view.picture(session, only, 1, opens_forms=opens_forms) is not None


def test_the_first_page_of_a_long_scan_is_shown_while_the_rest_is_read_and_is_then_its_page(chain: Paperchain) -> None:
    number = arrived(chain)

    def look() -> None:
        assert first_seen(chain) and not first_seen(chain, opens_forms=False)
        assert rows(chain, Page) == [] and item(chain).pages == len(LONG)

    read_item(tools(chain, Reader(LONG, meanwhile=look)), number)
    pictures = {page.picture_id for page in rows(chain, Page)}
    assert len(pictures) == len(LONG) == sum(one.kind == "page" for one in rows(chain, Document))
    assert all(one.part_id is not None for one in rows(chain, Document) if one.kind == "page")
    assert len(blobs(chain)) == len(rows(chain, Document))


def test_nothing_of_a_short_scan_is_shown_before_it_is_read(chain: Paperchain) -> None:
    number = arrived(chain)

    def look() -> None:
        assert not first_seen(chain)

    read_item(tools(chain, Reader(LONG[: early.LONG], meanwhile=look)), number)


def test_the_first_page_goes_when_the_scan_stops_or_another_worker_begins_anew(chain: Paperchain) -> None:
    number = arrived(chain)

    def fail() -> None:
        raise OSError("the disc is full")

    with pytest.raises(OSError, match="full"):
        read_item(tools(chain, Reader(LONG, meanwhile=fail)), number)
    assert len(rows(chain, Document)) == 2
    assert read_item(tools(chain, Reader(LONG, refusal=RefusalCode.READER_DIED)), number) is ItemState.STOPPED
    (scan,) = rows(chain, Document)
    assert scan.kind == "scan"


@pytest.mark.parametrize("code", [RefusalCode.READER_DIED, RefusalCode.PASSWORD])
def test_a_document_that_breaks_off_is_stopped_whole(chain: Paperchain, code: RefusalCode) -> None:
    number = arrived(chain)

    assert read_item(tools(chain, Reader((FORM, LETTER), refusal=code)), number) is ItemState.STOPPED
    assert (item(chain).reason_code, item(chain).reason) == (code, refuse(code).message)
    assert rows(chain, Part) == rows(chain, Page) == []
    (scan,) = rows(chain, Document)
    assert len(blobs(chain)) == 1, "the pages that were read before it broke off are not left behind"
    with chain.db.reading() as session:
        assert holdings.fetch(session, chain.store, scan) == SCAN
    assert (chain.settings.stopped / f"{CHILD}.pdf").read_bytes() == SCAN


@pytest.mark.parametrize(
    ("scan", "code"), [(b"", RefusalCode.EMPTY), (b"invented words\n" * 9, RefusalCode.WRONG_TYPE)]
)
def test_what_is_no_scan_never_reaches_the_reader(chain: Paperchain, scan: bytes, code: RefusalCode) -> None:
    reader = Reader((FORM,))

    assert read_item(tools(chain, reader), arrived(chain, scan)) is ItemState.STOPPED
    assert item(chain).reason_code == code
    assert reader.read_times == 0


def test_an_item_that_kills_its_workers_is_stopped_after_three_times(chain: Paperchain) -> None:
    number, reader = arrived(chain), Reader((FORM,))
    for attempt in range(inbox.MAX_ATTEMPTS):
        with chain.db.writing() as session:
            assert inbox.lease(session, number, f"dead {attempt}", chain.clock.now(), -1)

    assert read_item(tools(chain, reader), number) is ItemState.STOPPED
    assert item(chain).reason_code == RefusalCode.BROKEN_OFF
    assert reader.read_times == 0


@pytest.mark.parametrize("fault", [OSError("full"), NotSetUp("No sandbox.")])
def test_when_the_machine_is_at_fault_the_item_waits_unharmed(chain: Paperchain, fault: Exception) -> None:
    def fail() -> None:
        raise fault

    number = arrived(chain)
    for _ in range(inbox.MAX_ATTEMPTS + 2):
        with pytest.raises(type(fault)):
            read_item(tools(chain, Reader((FORM,), meanwhile=fail)), number)
    with chain.db.reading() as session:
        assert inbox.waiting(session, chain.clock.now()) == [number]
    assert item(chain).attempts == 0
    assert read_item(tools(chain, Reader((FORM,))), number) is ItemState.TO_REVIEW


def test_parts_of_nothing_are_none() -> None:
    assert pieces([], CATALOGUE) == []


def test_blank_and_policy_pages_are_told_from_letters() -> None:
    kinds = [piece.kind for piece in pieces([page(n, k) for n, k in enumerate((BLANK, POLICY, LETTER), 1)], CATALOGUE)]

    assert kinds == [PartKind.BLANK, PartKind.POLICY, PartKind.OTHER]


@pytest.mark.slow
def test_a_family_that_refuses_leaves_nothing_in_a_scan_that_another_shares(chain: Paperchain, tmp_path: Path) -> None:
    """Real pages, read in the real sandbox: one form goes, the other stays to the last dot, and no byte tells of the first."""
    data, actor = SHARED.read_bytes(), uuid4()
    number, limits = arrived(chain, data), Limits()
    with DocumentSandbox() as documents, OcrSandbox() as ocr:
        assert read_item(Tools(chain, documents, ocr, CATALOGUE, limits, HERE), number) is ItemState.TO_REVIEW
    pictures = lossless(data, [1, 3], limits)
    assert isinstance(pictures, dict)
    with chain.db.reading() as session:
        first, blank, second = inbox.parts_of(session, item(chain))
        reading = FormReading.from_json(review.reading_json(session, second))
        old_scan, theirs = item(chain).scan_id, {row.blob for row in rows(chain, Document) if row.part_id == second.id}
    assert [part.kind for part in (first, blank, second)] == ["form", "blank", "form"]
    assert reading.fields["store_on_database"].value == "no"

    erasing.refuse_storing(
        chain, second.id, paper=PaperOutcome.RETURNED, actor=actor, version=second.version, limits=limits
    )

    with chain.db.reading() as session:
        found = item(chain)
        assert session.get(Document, old_scan) is None
        scans = session.exec(select(Document).where(Document.kind == DocumentKind.SCAN)).all()
        kept = {scan.page: holdings.fetch(session, chain.store, scan) for scan in scans}
        assert np.array_equal(seen(kept[1]), seen(pictures[1]))
        assert not any(np.array_equal(seen(one), seen(pictures[3])) for one in kept.values())
        assert inbox.name_of(session, found) == f"item {number}"
        assert review.reading_json(session, session.get_one(Part, first.id))["pages"] == [1]
        assert isinstance(trail.check(session), Whole)
    assert not theirs & {path.name for path in blobs(chain)}
    assert len(rows(chain, StorageRefusal)) == 1
    assert len(blobs(chain)) == len(rows(chain, Document))

    first = next(part for part in rows(chain, Part) if part.id == first.id)
    erasing.refuse_storing(
        chain, first.id, paper=PaperOutcome.NO_PAPER, actor=actor, version=first.version, limits=limits
    )
    gone: list[type[SQLModel]] = [Item, Part, Page, Document, Confirmation, WrappedKey]
    assert [table.__name__ for table in gone if rows(chain, table)] == []
    assert blobs(chain) == []
    for path in tmp_path.rglob("*"):
        assert CHILD not in path.name
        assert not (path.is_file() and CHILD.encode() in path.read_bytes())


def seen(picture: bytes) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    return np.asarray(Image.open(io.BytesIO(picture)).convert("L"))
