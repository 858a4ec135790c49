"""A family says No to storing: their form goes whole, nobody else loses a page, and one line without names remains."""

import io
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from PIL import Image
from sqlalchemy import text as sql
from sqlmodel import SQLModel, col, select

from intake import erasing, filing
from intake.filing import Confirmed, NewChild, StoringRefused
from intake.sandbox.limits import Limits
from intake.wiring import Paperchain
from records.audit import trail
from records.audit.chain import Whole
from records.audit.tables import AuditEntry
from records.clock import Clock, fixed
from records.db import Database
from records.documents import holdings, keyring
from records.documents.store import FolderStore
from records.documents.tables import Document, WrappedKey
from records.documents.text import index
from records.documents.text.index import Word
from records.documents.text.tables import PageText, PossibleRequest, TextWord
from records.post import inbox
from records.post.tables import Confirmation, Item, Page, Part, StorageRefusal
from records.vocabulary import DocumentKind, PaperOutcome, PartKind, PartState
from tests.builders import CARER, CHILD, at, settings
from tests.hostile import saved, sheet
from tests.reviewing import Browser, answers, arrived, blobs, confirm, rows, state_of, text, typed

ONE_LINE = "The form was erased. Only a line without names remains."
ABOUT_THE_FORM = (Item, Page, Part, Document, Confirmation, WrappedKey)
# How SQLCipher 4 lays out its file: the salt opens the first page, and each page ends with its IV and HMAC.
PAGE_BYTES, SALT_BYTES, SEAL_BYTES = 4096, 16, 80
NAMES = (CHILD, CARER, "Rowan", "2011-05-14")


@pytest.fixture
def chain(tmp_path: Path, database: Database, clock: Clock) -> Paperchain:
    home = settings(tmp_path / "home")
    for folder in (home.inbox, home.stopped, home.documents):
        folder.mkdir(parents=True)
    return Paperchain(home, database, FolderStore(home.documents), clock)


@pytest.fixture
def officer(chain: Paperchain) -> Browser:
    return Browser(chain)


def say_no(officer: Browser, part: UUID) -> None:
    """An officer confirms that the form says No to storing: only then is there a page that erases it."""
    assert confirm(officer, part, store_on_database="no").headers["location"] == f"/review/{part}/refused"


def erase(officer: Browser, address: str, paper: str = "returned") -> tuple[int, str]:
    """Opens the page that asks, and presses the button."""
    page = officer.get(address).text
    answer = officer.post(address, {"version": page.split('name="version" value="')[1].split('"')[0], "paper": paper})
    return answer.status_code, text(answer)


def everything(chain: Paperchain) -> Iterator[str]:
    """Every value of every row, as text and with bytes taken for text."""
    with chain.db.reading() as session:
        for table in SQLModel.metadata.sorted_tables:
            for row in session.connection().execute(sql(f'SELECT * FROM "{table.name}"')):
                for value in row:
                    yield bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)


def shared_scan() -> tuple[bytes, list[Image.Image]]:
    """A scan with two families' forms: two pages that differ."""
    pages = [sheet("L", (400, 600)), sheet("L", (400, 600))]
    for page, spot in zip(pages, (100, 400), strict=True):
        page.paste(0, (40, spot, 90, spot + 50))
    return saved(pages[0], "TIFF", save_all=True, append_images=pages[1:], dpi=(200, 200)), pages


def test_no_leads_to_a_page_that_says_what_will_be_erased(chain: Paperchain, officer: Browser) -> None:
    part = arrived(chain, backs=PartKind.BLANK)[0]
    answer = confirm(officer, part, store_on_database="no")

    assert (answer.status_code, answer.headers["location"]) == (303, f"/review/{part}/refused")
    page = text(officer.get(f"/review/{part}/refused"))
    assert "2 pages (1 sheet)" in page
    assert page.index("This cannot be undone") < page.index("Erase this form")
    assert CHILD not in page
    assert state_of(chain, part) is PartState.TO_REVIEW


def test_the_answer_is_shown_once_more_before_anything_goes(chain: Paperchain, officer: Browser) -> None:
    """A slip of the mouse must not erase a form: where the reading says otherwise, the page says so."""
    part = arrived(chain)[0]
    say_no(officer, part)
    page = text(officer.get(f"/review/{part}/refused"))

    assert f"/review/{part}/crops/store_on_database" in page
    assert page.index("The computer read ‘Yes’ here. Look again") < page.index("Erase this form")


def test_no_stops_everything_even_where_other_answers_are_missing(chain: Paperchain, officer: Browser) -> None:
    part = arrived(chain)[0]
    whose = {"giver": "parent_or_carer", "child_name": CHILD} | typed("date_of_birth", date(2011, 5, 14))
    whose |= typed("signed_on", date(2026, 3, 1))
    answer = officer.post(f"/review/{part}", {"version": officer.open(part), "store_on_database": "no"} | whose)

    assert answer.headers["location"] == f"/review/{part}/refused"


def test_nothing_is_erased_before_somebody_says_what_becomes_of_the_paper(chain: Paperchain, officer: Browser) -> None:
    part = arrived(chain)[0]
    before = sorted(blobs(chain))
    say_no(officer, part)
    status, page = erase(officer, f"/review/{part}/refused", paper="shred it")

    assert status == 422
    assert page.count("Choose what to do with the paper") == 2
    assert sorted(blobs(chain)) == before
    assert rows(chain, StorageRefusal) == []


def test_after_a_no_one_line_without_names_is_all_that_remains(chain: Paperchain, officer: Browser) -> None:
    part = arrived(chain, backs=PartKind.BLANK)[0]
    confirm(officer, part, store_on_database="blank")  # so that a decision with names is kept as well
    with chain.db.reading() as session:
        assert CHILD in inbox.name_of(session, session.exec(select(Item)).one())
    assert all(rows(chain, table) for table in ABOUT_THE_FORM)
    assert blobs(chain)

    officer = Browser(
        at(chain, fixed(chain.clock.now() + timedelta(minutes=1))), name="Sam"
    )  # of two words the later counts
    assert confirm(officer, part, store_on_database="no").headers["location"] == f"/review/{part}/refused"
    status, _ = erase(officer, f"/review/{part}/refused")

    assert status == 303
    assert ONE_LINE in text(officer.get("/review"))
    assert [table.__name__ for table in ABOUT_THE_FORM if rows(chain, table)] == []
    assert blobs(chain) == []
    (line,) = rows(chain, StorageRefusal)
    assert (line.refused_on, line.pages, line.paper) == (chain.clock.today(), 2, "returned")
    assert line.confirmed_by == str(officer.id)
    for value in everything(chain):
        assert not any(name in value for name in NAMES)
    for path in chain.settings.home.rglob("*"):
        assert CHILD not in path.name
        assert not (path.is_file() and CHILD.encode() in path.read_bytes())


def test_the_audit_of_an_erased_form_holds_ids_and_codes_only(chain: Paperchain, officer: Browser) -> None:
    part = arrived(chain)[0]
    say_no(officer, part)
    erase(officer, f"/review/{part}/refused")

    with chain.db.reading() as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.act == "storage_refused")).one()
    assert (entry.actor, entry.subject_id) == (str(officer.id), str(part))
    assert json.loads(entry.detail) == {"pages": 1, "paper": "returned"}


def test_another_familys_page_in_the_same_scan_stays_to_the_last_dot(chain: Paperchain, officer: Browser) -> None:
    scan, drawn = shared_scan()
    refused, other = arrived(chain, forms=2, scanned=scan)
    old = set(blobs(chain))
    say_no(officer, refused)
    page = text(officer.get(f"/review/{refused}/refused"))
    assert "the scan; its other pages are copied first and stay" in page
    assert "Is one of the other pages this family’s too" in page, "whose they are, nobody has said yet"

    assert erase(officer, f"/review/{refused}/refused")[0] == 303
    with chain.db.reading() as session:
        item = session.exec(select(Item)).one()
        scans = session.exec(select(Document).where(Document.kind == DocumentKind.SCAN)).all()
        copy = np.asarray(Image.open(io.BytesIO(holdings.fetch(session, chain.store, scans[0]))).convert("L"))
        assert [(each.id, each.page, each.part_id) for each in scans] == [(item.scan_id, 2, other)]
        assert inbox.name_of(session, item) == f"item {item.number}"
    assert np.array_equal(copy, np.asarray(drawn[1]))
    assert not np.array_equal(copy, np.asarray(drawn[0]))
    assert {document.part_id for document in rows(chain, Document)} == {other}
    assert len(blobs(chain)) == len(rows(chain, Document))
    assert len(old & set(blobs(chain))) == 2, "the other form's picture and crops"
    assert confirm(officer, other).status_code == 303
    assert state_of(chain, other) is PartState.CONFIRMED


def test_a_shared_scan_that_cannot_be_copied_is_left_whole(chain: Paperchain, officer: Browser) -> None:
    refused, other = arrived(chain, forms=2)  # its bytes are no scan
    before = sorted(blobs(chain))
    say_no(officer, refused)
    status, page = erase(officer, f"/review/{refused}/refused")

    assert status == 409
    assert "cannot be copied, so nothing was erased" in page
    assert sorted(blobs(chain)) == before
    assert {state_of(chain, part) for part in (refused, other)} == {PartState.TO_REVIEW}
    assert rows(chain, StorageRefusal) == []


@pytest.mark.parametrize("kind", [PartKind.BLANK, PartKind.POLICY])
@pytest.mark.parametrize("second", [False, True])
def test_the_back_of_a_refused_sheet_goes_and_that_of_another_stays(
    chain: Paperchain, officer: Browser, kind: PartKind, second: bool
) -> None:
    """Ink shows through: a blank back is not blank enough to be left behind. The back before it is another family's."""
    pages = [sheet("L", (200, 300)) for _ in range(4)]
    scan = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:], dpi=(100, 100))
    one, two, back_of_one, back_of_two = arrived(chain, forms=2, scanned=scan, backs=kind)

    say_no(officer, two if second else one)
    assert erase(officer, f"/review/{two if second else one}/refused")[0] == 303
    with chain.db.reading() as session:
        left = session.exec(select(Page).order_by(col(Page.number))).all()
    stays = [(1, one), (2, back_of_one)] if second else [(3, two), (4, back_of_two)]
    assert [(page.number, page.part_id) for page in left] == stays


def test_a_form_that_changed_meanwhile_is_not_erased(chain: Paperchain, officer: Browser) -> None:
    part = arrived(chain)[0]
    say_no(officer, part)
    version = officer.get(f"/review/{part}/refused").text.split('name="version" value="')[1].split('"')[0]
    confirm(officer, part, store_on_database="blank")
    answer = officer.post(f"/review/{part}/refused", {"version": version, "paper": "returned"})

    assert answer.status_code in (404, 409), "the No was taken back, and the page is an old one"
    assert state_of(chain, part) is PartState.QUARANTINED


def test_a_colleague_cannot_erase_a_form_that_somebody_has_open(chain: Paperchain, officer: Browser) -> None:
    part = arrived(chain)[0]
    say_no(officer, part)

    assert erase(Browser(chain, name="Sam"), f"/review/{part}/refused")[0] == 409
    assert state_of(chain, part) is PartState.TO_REVIEW


def test_filing_itself_refuses_a_form_that_says_no(chain: Paperchain, officer: Browser) -> None:
    """Whatever page or command calls it: nothing may be kept of a family that said No."""
    part = arrived(chain)[0]
    with chain.db.reading() as session:
        version = session.get_one(Part, part).version
    decided = Confirmed(
        answers=answers(str(version), store_on_database="no"), child=NewChild(CHILD, None), giver="parent_or_carer",
        signed_on=None, legible=True, actor=officer.id, version=version,
    )  # fmt: skip

    with pytest.raises(StoringRefused):
        filing.confirm(chain, part, decided)
    assert state_of(chain, part) is PartState.TO_REVIEW


def plain_bytes(chain: Paperchain, path: Path) -> bytes:
    """The embedded database's file without its encryption, free pages included, as a thief with the key would read it."""
    data, found = path.read_bytes(), b""
    for start in range(0, len(data), PAGE_BYTES):
        page = data[start : start + PAGE_BYTES]
        body, seal = page[SALT_BYTES if start == 0 else 0 : -SEAL_BYTES], page[-SEAL_BYTES:]
        opener = Cipher(algorithms.AES(chain.db.keys.database), modes.CBC(seal[:16])).decryptor()
        found += opener.update(body) + opener.finalize()
    return found


def test_no_free_page_of_the_database_holds_what_was_erased(
    chain: Paperchain, officer: Browser, tmp_path: Path
) -> None:
    """A deleted row lies in a file until it is overwritten: with its wrapped key a blob from a backup could be opened."""
    part = arrived(chain)[0]
    (item,), (key,) = rows(chain, Item), rows(chain, WrappedKey)
    secrets = {
        "key": bytes(key.wrapped),
        "name": bytes(item.sealed_name),
        "reading": bytes(rows(chain, Part)[0].sealed_reading)[:64],
    }
    if chain.db.embedded:
        chain.db.scrub()  # brings everything from the log into the file
        before = plain_bytes(chain, tmp_path / "paperchain.db")
        assert [what for what, secret in secrets.items() if secret not in before] == []

    erasing.refuse_storing(
        chain,
        part,
        paper=PaperOutcome.RETURNED,
        actor=officer.id,
        version=rows(chain, Part)[0].version,
        limits=Limits(),
    )

    if chain.db.embedded:
        assert (tmp_path / "paperchain.db-wal").stat().st_size == 0
        after = plain_bytes(chain, tmp_path / "paperchain.db")
        assert b"storage_refused" in after
        assert [what for what, secret in secrets.items() if secret in after] == []
    with chain.db.reading() as session:
        assert isinstance(trail.check(session), Whole)


def with_text(chain: Paperchain, words: str) -> list[bytes]:
    """Gives every page of the post recognised text; what then lies in the database of it, as bytes to look for."""
    with chain.db.writing() as session:
        for page in session.exec(select(Document).where(Document.kind == DocumentKind.PAGE)):
            index.begin(session, page.id)
            said = [Word(word, 0, 0, 9, 9, 0) for word in words.split()]
            index.keep(
                session, page, keyring.open_key(session, page.key_id), said, item_id=session.exec(select(Item)).one().id,
                today=chain.clock.today(), at=chain.clock.now(),
            )  # fmt: skip
    sealed = [bytes(row.sealed)[:64] for row in rows(chain, PageText)]
    return sealed + [bytes(row.token) for row in rows(chain, TextWord)]


def test_text_and_its_index_go_with_the_pages_to_the_last_byte(
    chain: Paperchain, officer: Browser, tmp_path: Path
) -> None:
    part = arrived(chain)[0]
    secrets = with_text(chain, "Rowan asks for a copy of the records")
    assert len(secrets) > 5 and len(rows(chain, PossibleRequest)) == 1
    if chain.db.embedded:
        chain.db.scrub()
        before = plain_bytes(chain, tmp_path / "paperchain.db")
        assert all(secret in before for secret in secrets)

    erasing.refuse_storing(
        chain,
        part,
        paper=PaperOutcome.RETURNED,
        actor=officer.id,
        version=rows(chain, Part)[0].version,
        limits=Limits(),
    )

    assert rows(chain, PageText) == rows(chain, TextWord) == rows(chain, PossibleRequest) == []
    stored = "\n".join(everything(chain)).encode("latin-1", "replace")
    assert not any(secret in stored for secret in secrets)
    assert blobs(chain) == []
    if chain.db.embedded:
        after = plain_bytes(chain, tmp_path / "paperchain.db")
        assert [secret for secret in secrets if secret in after] == []


def test_a_scan_that_was_replaced_goes_with_the_shared_scan_that_replaced_it(
    chain: Paperchain, officer: Browser
) -> None:
    scan, _ = shared_scan()
    part = arrived(chain, forms=2, scanned=scan)[0]
    with chain.db.writing() as session:
        item = session.exec(select(Item)).one()
        old = holdings.put(chain.store, keyring.open_key(session, item.key_id), [CHILD.encode()], "image/tiff")
        holdings.hold(
            session, old, kind=DocumentKind.REPLACED, key_id=item.key_id, at=chain.clock.now(), item_id=item.id
        )
        version = session.get_one(Part, part).version

    erasing.refuse_storing(chain, part, paper=PaperOutcome.RETURNED, actor=officer.id, version=version, limits=Limits())

    assert [row for row in rows(chain, Document) if row.kind == DocumentKind.REPLACED] == []
    assert old.blob not in {path.name for path in blobs(chain)}
