"""Letters get searchable text after the forms, once, whatever breaks; and text never outlives its page."""

from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pypdfium2 as pdfium
import pytest
from sqlmodel import col, select

from intake import arranging
from intake.texts import archive_of, due, read_texts
from intake.wiring import Paperchain
from records.clock import Clock
from records.db import Database
from records.desk.shell import DRAWING_POLICY
from records.documents import holdings, keyring
from records.documents.envelope import new_key
from records.documents.store import FolderStore
from records.documents.tables import Document
from records.documents.text import index
from records.documents.text.index import MAX_ATTEMPTS, TextState
from records.documents.text.tables import PageText, PossibleRequest, TextWord
from records.documents.turning import DRAWING
from records.errors import NotSetUp
from records.post import inbox
from records.post.arrangement import Edit
from records.post.tables import Item, Page, Part
from records.vocabulary import DocumentKind, PartKind, PartState, Source
from tests.builders import settings
from tests.lettering import PICTURE, Recognising, filed, letter, said, tools
from tests.reviewing import Browser, blobs, rows

ME = str(uuid4())


@pytest.fixture
def chain(tmp_path: Path, database: Database, clock: Clock) -> Paperchain:
    home = settings(tmp_path / "home")
    for folder in (home.inbox, home.stopped, home.documents):
        folder.mkdir(parents=True)
    return Paperchain(home, database, FolderStore(home.documents), clock)


def due_now(chain: Paperchain) -> list[int]:
    with chain.db.reading() as session:
        return due(session)


def found(chain: Paperchain, typed: str) -> list[int | None]:
    with chain.db.reading() as session:
        return [document.page for document in index.find(session, typed)]


def test_a_letter_is_recognised_once_and_found(chain: Paperchain) -> None:
    number, _ = letter(chain, pages=2)
    ocr = Recognising()
    assert due_now(chain) == [number]

    assert read_texts(tools(chain, ocr), number) == 2

    assert due_now(chain) == []
    assert sorted(map(str, found(chain, "quill"))) == ["1", "2"]
    assert read_texts(tools(chain, ocr), number) == 0
    assert ocr.times == 2


@pytest.mark.parametrize("kind", [PartKind.FORM, PartKind.POLICY, PartKind.BLANK])
def test_pages_of_other_kinds_are_left_alone(chain: Paperchain, kind: PartKind) -> None:
    number, _ = letter(chain, kind=kind)
    ocr = Recognising()

    assert due_now(chain) == []
    assert read_texts(tools(chain, ocr), number) == ocr.times == 0


def test_a_request_is_raised_the_same_day_and_nothing_is_done_about_it(chain: Paperchain) -> None:
    number, part = letter(chain)
    read_texts(tools(chain, Recognising()), number)

    (raised,) = rows(chain, PossibleRequest)
    assert (raised.kind, raised.raised_on, raised.closed_at) == ("copy", chain.clock.today(), None)
    with chain.db.reading() as session:
        assert session.get_one(Part, part).state == PartState.TO_SORT


def test_a_form_that_arrives_is_read_first(chain: Paperchain) -> None:
    number, _ = letter(chain, pages=3)

    def form_comes() -> None:
        key = new_key()
        scan = holdings.put(chain.store, key, [b"a form"], "application/octet-stream")
        with chain.db.writing() as session:
            inbox.take_in(
                session, claim_id=uuid4(), key_id=uuid4(), key=key, scan=scan, name="a.pdf", source=Source.FOLDER,
                actor="system", at=chain.clock.now(),
            )  # fmt: skip

    assert read_texts(tools(chain, Recognising(meanwhile=form_comes)), number) == 1
    assert due_now(chain) == [number]


def test_a_page_that_cannot_be_recognised_is_given_up_after_three_tries(chain: Paperchain) -> None:
    number, _ = letter(chain)
    ocr = Recognising(words=None)

    for _ in range(MAX_ATTEMPTS + 3):
        read_texts(tools(chain, ocr), number)

    assert ocr.times == MAX_ATTEMPTS
    assert [row.state for row in rows(chain, PageText)] == [TextState.FAILED]
    assert due_now(chain) == []


@pytest.mark.parametrize("fault", [OSError("full"), NotSetUp("No sandbox.")])
def test_what_is_the_machines_fault_is_not_held_against_a_page(chain: Paperchain, fault: Exception) -> None:
    number, _ = letter(chain)
    for _ in range(MAX_ATTEMPTS + 1):
        with pytest.raises(type(fault)):
            read_texts(tools(chain, Recognising(fault=fault)), number)

    assert read_texts(tools(chain, Recognising()), number) == 1


def test_a_page_that_was_erased_meanwhile_leaves_no_text(chain: Paperchain) -> None:
    number, _ = letter(chain)

    def erase() -> None:
        with chain.db.writing() as session:
            for document in session.exec(select(Document).where(Document.kind == DocumentKind.PAGE)):
                session.delete(document)

    assert read_texts(tools(chain, Recognising(meanwhile=erase)), number) == 0
    assert rows(chain, PageText) == rows(chain, TextWord) == rows(chain, PossibleRequest) == []


def test_filing_moves_the_text_under_the_files_key_and_brings_an_archive_copy(chain: Paperchain) -> None:
    number, part = letter(chain, pages=2)
    read_texts(tools(chain, Recognising()), number)
    file = filed(chain, number, part)
    assert due_now(chain) == [number]

    read_texts(tools(chain, Recognising()), number)

    assert due_now(chain) == []
    with chain.db.reading() as session:
        copy = archive_of(session, part)
        assert copy is not None
        assert (copy.key_id, copy.file_id) == (file.key_id, file.id)
        pdf = pdfium.PdfDocument(holdings.fetch(session, chain.store, copy))
        assert [one.get_textpage().get_text_bounded().split()[:2] for one in pdf] == [["Dear", "Quill"]] * 2
        scan = session.get_one(Document, session.exec(select(Item)).one().scan_id)
        assert holdings.fetch(session, chain.store, scan) == b"a scan"
        key = keyring.open_key(session, file.key_id)
        pages = session.exec(select(Document).where(Document.kind == DocumentKind.PAGE)).all()
        assert all(index.words(session, page, key) == said("Dear Quill I want a copy of my records") for page in pages)


def test_a_page_that_is_turned_is_read_again_as_it_is_seen_and_again_when_that_is_undone(chain: Paperchain) -> None:
    number, _ = letter(chain)
    read_texts(tools(chain, Recognising()), number)
    arranging.edit(chain, number, Edit.TURN, 1, actor=ME, arranged=0)
    assert found(chain, "quill") == [] and due_now(chain) == [number]

    turned = Recognising(said("Sir I want a copy of my records"))
    assert read_texts(tools(chain, turned), number) == 1
    assert turned.turned == 90 and found(chain, "quill") == [] and found(chain, "sir") == [1]
    assert len(rows(chain, PossibleRequest)) == 1

    arranging.undo(chain, number, actor=ME, arranged=1)
    again = Recognising()
    assert read_texts(tools(chain, again), number) == 1
    assert again.turned == 0 and found(chain, "quill") == [1] and found(chain, "sir") == []


def test_what_was_read_while_somebody_turned_the_page_is_not_kept(chain: Paperchain) -> None:
    number, _ = letter(chain)

    def turn() -> None:
        arranging.edit(chain, number, Edit.TURN, 1, actor=ME, arranged=0)

    assert read_texts(tools(chain, Recognising(meanwhile=turn)), number) == 0
    assert found(chain, "quill") == [] and due_now(chain) == [number]


def test_a_turned_page_is_upright_in_the_childs_file_and_its_archive_copy(chain: Paperchain) -> None:
    number, part = letter(chain)
    arranging.edit(chain, number, Edit.TURN, 1, actor=ME, arranged=0)
    officer = Browser(chain)
    file = filed(chain, number, part, officer.id)
    read_texts(tools(chain, Recognising()), number)

    with chain.db.reading() as session:
        (page,) = session.exec(select(Document).where(Document.kind == DocumentKind.PAGE)).all()
        copy = archive_of(session, part)
        assert copy is not None
        assert pdfium.PdfDocument(holdings.fetch(session, chain.store, copy))[0].get_size() == (600, 400)
    shown = officer.get(f"/files/{file.number}/pages/{page.id}")
    assert (shown.status_code, shown.headers["content-type"]) == (200, DRAWING)
    assert b64encode(PICTURE) in shown.content and 'width="600" height="400"' in shown.text
    assert shown.headers["content-security-policy"] == DRAWING_POLICY


def test_pages_whose_pictures_cannot_be_copied_are_not_tried_for_ever(chain: Paperchain) -> None:
    number, part = letter(chain)
    read_texts(tools(chain, Recognising()), number)
    filed(chain, number, part)
    with chain.db.writing() as session:
        page = session.exec(select(Document).where(Document.kind == DocumentKind.PAGE)).one()
        key = keyring.open_key(session, page.key_id)
        other = holdings.put(chain.store, key, [b"GIF89a"], "image/gif")
        document = holdings.hold(
            session, other, kind=DocumentKind.PAGE, key_id=page.key_id, at=chain.clock.now(), part_id=part
        )
        session.exec(select(Page)).one().picture_id = document.id
        session.flush()
        index.begin(session, document.id)
        index.keep(
            session, document, key, [], item_id=session.exec(select(Item)).one().id, today=chain.clock.today(),
            at=chain.clock.now(),
        )  # fmt: skip

    read_texts(tools(chain, Recognising()), number)

    assert due_now(chain) == []
    with chain.db.reading() as session:
        assert archive_of(session, part) is None


def test_an_archive_copy_of_a_part_that_changed_meanwhile_is_not_kept(chain: Paperchain, tmp_path: Path) -> None:
    number, part = letter(chain)
    read_texts(tools(chain, Recognising()), number)
    filed(chain, number, part)
    before = sorted(blobs(chain))

    class Changing(FolderStore):
        """A store in which somebody changes the part while its copy is written."""

        def put(self, name: str, pieces: object) -> None:
            super().put(name, pieces)  # type: ignore[arg-type]  # handed on as it came
            with chain.db.writing() as session:
                session.exec(select(Part).where(col(Part.id) == part)).one().reason = "Report"

    changing = replace(chain, store=Changing(chain.settings.documents))
    read_texts(tools(changing, Recognising()), number)

    assert sorted(blobs(chain)) == before
    assert due_now(chain) == [number]
