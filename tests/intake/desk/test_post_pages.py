"""Post on the desk: a list without names, items for those who may open them, uploads, stopped items, sorting."""

import html
from pathlib import Path
from uuid import UUID, uuid4

import httpx2 as httpx
import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

import intake.desk
from intake import claiming, stopping, uploads
from intake.admission import Refusal, RefusalCode, refuse
from intake.desk import post_pages, sort_pages, stopped_pages
from intake.desk.sort_pages import decide, file_number
from intake.uploads import take_upload
from intake.wiring import Paperchain
from records.audit.tables import AuditEntry
from records.clock import Clock
from records.consents import bodies, looking
from records.consents.items import Category
from records.consents.looking import Asked
from records.consents.standing import Route
from records.consents.tables import AgencyRecord
from records.custody import originals
from records.db import Database
from records.desk.shell import Desk, build
from records.documents import holdings, keyring
from records.documents.store import FolderStore
from records.documents.tables import Document
from records.folders import looks
from records.folders.looks import Looked, Trouble
from records.people import register
from records.people.tables import ChildFile
from records.post import inbox
from records.post.tables import Item, Page, Part
from records.staff import accounts, sessions
from records.vocabulary import DocumentKind, ItemState, PartKind, PartState, Role, Source
from tests.builders import CHILD, settings

NAME = f"{CHILD} consent.pdf"
SCAN = b"%PDF-1.7 invented\n%%EOF"
PICTURE = b"\x89PNG an invented picture"


@pytest.fixture
def chain(tmp_path: Path, database: Database, clock: Clock) -> Paperchain:
    home = settings(tmp_path / "home")
    for folder in (home.inbox, home.stopped, home.documents):
        folder.mkdir(parents=True)
    return Paperchain(home, database, FolderStore(home.documents), clock)


class Browser:
    """Somebody signed in, who sends the CSRF token with every form."""

    def __init__(self, chain: Paperchain, role: Role) -> None:
        desk = Desk(
            chain.db, chain.store, chain.clock, chain.policy, "Testwood SENDIASS",
            templates=(Path(intake.desk.__file__).parent / "html",),
        )  # fmt: skip
        app = build(desk, post_pages.make(chain), sort_pages.make(chain), stopped_pages.make(chain))
        with chain.db.writing() as session:
            link = accounts.invite(session, role, chain.clock)
            account = accounts.accept(
                session, link, sign_in_name=f"{role}.{uuid4().hex[:6]}", display_name=f"Lee the {role}",
                password="four invented words here", clock=chain.clock,
            )  # fmt: skip
            token = sessions.begin(session, account, chain.clock)
            session.flush()
            found = sessions.find(session, token, chain.clock, desk.idle)
            assert found is not None
            self.csrf, self.id = found.csrf, account.id
        self.client = TestClient(app, cookies={desk.cookie: token}, follow_redirects=False)

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def post(self, path: str, files: object = None, **fields: object) -> httpx.Response:
        return self.client.post(path, data={"csrf": self.csrf, **fields}, files=files)  # type: ignore[arg-type]


@pytest.fixture
def admin(chain: Paperchain) -> Browser:
    return Browser(chain, Role.ADMIN)


def arrived(chain: Paperchain, name: str = NAME, content: bytes = SCAN) -> int:
    path = chain.settings.inbox / name
    path.write_bytes(content)
    return claiming.take(chain, claiming.claim(chain.settings.inbox, path))


def read(chain: Paperchain, number: int, *kinds: tuple[PartKind, PartState]) -> list[UUID]:
    """As if an item had been read: one page for each part."""
    with chain.db.writing() as session:
        item = inbox.by_number(session, number)
        key = keyring.open_key(session, item.key_id)
        inbox.move(session, item, ItemState.READING, actor="system", at=chain.clock.now())
        made = []
        for page, (kind, state) in enumerate(kinds, start=1):
            part = Part(item_id=item.id, kind=kind, state=state)
            session.add(part)
            stored = holdings.put(chain.store, key, [PICTURE], "image/png")
            holdings.hold(
                session, stored, kind=DocumentKind.PAGE, key_id=item.key_id, at=chain.clock.now(), item_id=item.id,
                part_id=part.id, page=page,
            )  # fmt: skip
            session.add(
                Page(
                    item_id=item.id, part_id=part.id, number=page, sheet=page, kind="unknown", picture_id=stored.id,
                    width=10, height=10,
                )
            )  # fmt: skip
            made.append(part.id)
        item.pages = len(kinds)
        session.flush()
        inbox.settle(session, item, actor="system", at=chain.clock.now())
    return made


LETTER = (PartKind.OTHER, PartState.TO_SORT)


def stopped(chain: Paperchain, number: int) -> None:
    refusal: Refusal = refuse(RefusalCode.READER_DIED)
    name = stopping.set_aside(chain.settings.stopped, number, NAME, SCAN, refusal)
    with chain.db.writing() as session:
        inbox.stop(
            session, inbox.by_number(session, number), code=refusal.code, reason=refusal.message, stopped_as=name,
            actor="system", at=chain.clock.now(),
        )  # fmt: skip


def file_of(chain: Paperchain, officer: UUID) -> ChildFile:
    with chain.db.writing() as session:
        return register.open_file(
            session, officer_id=officer, child_name=CHILD, actor=str(officer), at=chain.clock.now(),
            number=inbox.next_number(session, "file"),
        )  # fmt: skip


def item_of(chain: Paperchain, number: int) -> Item:
    with chain.db.reading() as session:
        return inbox.by_number(session, number)


def part_of(chain: Paperchain, part_id: UUID) -> Part:
    with chain.db.reading() as session:
        return session.get_one(Part, part_id)


def seen(session: Session) -> int:
    return len(session.exec(select(AuditEntry).where(AuditEntry.act == "item_seen")).all())


def test_the_list_is_empty_in_words_and_names_the_folder(chain: Paperchain, admin: Browser) -> None:
    page = admin.get("/post").text

    assert "No post yet. Scan to the folder shown below, or add files here." in page
    assert str(chain.settings.inbox) in page


def test_the_list_holds_no_file_name(chain: Paperchain, admin: Browser) -> None:
    number = arrived(chain)
    stopped(chain, number)

    for path in ("/post", "/post/rows"):
        page = html.unescape(admin.get(path).text)
        assert f"/items/{number}" in page
        assert CHILD not in page


def test_rows_are_a_fragment(admin: Browser) -> None:
    assert "<h1" in admin.get("/post").text
    assert "<h1" not in admin.get("/post/rows").text


def test_stopped_items_stand_at_the_top_and_states_can_be_chosen(chain: Paperchain, admin: Browser) -> None:
    first, second = arrived(chain), arrived(chain, "b.pdf", b"%PDF-1.7 other")
    stopped(chain, first)

    page = admin.get("/post").text
    only = admin.get("/post?state=arriving").text

    assert page.index(f"/items/{first}") < page.index(f"/items/{second}")
    assert f"/items/{second}" in only
    assert f"/items/{first}" not in only


def looked(chain: Paperchain, trouble: Trouble | None = None) -> None:
    """As the watcher tells it."""
    with chain.db.writing() as session:
        looks.record(session, "home", Looked(str(chain.settings.inbox), "mark", False, trouble, 0), chain.clock.now())


def test_the_list_says_whether_anybody_watches(chain: Paperchain, admin: Browser) -> None:
    assert "Nobody watches the scan folder" in admin.get("/post").text
    looked(chain)
    page = admin.get("/post").text
    assert "Watching the scan folder, last looked at 0 seconds ago." in page
    assert "Nobody watches" not in page


def test_the_list_says_since_when_the_folder_cannot_be_reached(chain: Paperchain, admin: Browser) -> None:
    looked(chain, Trouble.UNREACHABLE)

    page = admin.get("/post").text
    assert "The scan folder cannot be reached since 12:00pm. Items may be waiting on the scanner." in page
    assert "Watching" not in page


def test_a_manager_sees_the_list_but_opens_no_item(chain: Paperchain) -> None:
    manager, number = Browser(chain, Role.MANAGER), arrived(chain)

    assert f"/items/{number}" not in manager.get("/post").text
    refused, missing = manager.get(f"/items/{number}"), manager.get(f"/items/{number + 50}")
    assert refused.status_code == missing.status_code == 404
    assert refused.text == missing.text
    assert manager.post("/post/add", files=[("files", ("a.pdf", SCAN))]).status_code == 404


def test_an_upload_becomes_an_item(chain: Paperchain, admin: Browser) -> None:
    answer = admin.post("/post/add", files=[("files", ("../a b.pdf", SCAN)), ("files", ("c.pdf", b"%PDF-1.7 two"))])

    assert (answer.status_code, answer.headers["location"]) == (303, "/post")
    assert "2 files were added." in admin.get("/post").text
    with chain.db.reading() as session:
        items = list(session.exec(select(Item).order_by(Item.number)))  # type: ignore[arg-type]  # a column, to SQLModel
        assert [item.source for item in items] == [Source.UPLOAD, Source.UPLOAD]
        assert inbox.name_of(session, items[0]) == "a b.pdf"
        scan = session.get_one(Document, items[0].scan_id)
        assert holdings.fetch(session, chain.store, scan) == SCAN
        arrival = session.exec(select(AuditEntry).where(AuditEntry.act == "item_arrived")).first()
        assert arrival is not None
        assert arrival.actor == str(admin.id)
    assert list(claiming.claims_folder(chain.settings.inbox).iterdir()) == []


def test_adding_nothing_is_a_mistake(chain: Paperchain, admin: Browser) -> None:
    answer = admin.post("/post/add")

    assert answer.status_code == 422
    assert post_pages.CHOOSE in answer.text


def test_a_file_that_cannot_be_stored_leaves_nothing_behind_and_says_so(chain: Paperchain, admin: Browser) -> None:
    inbox_folder = chain.settings.inbox
    inbox_folder.rename(inbox_folder.with_name("away"))
    inbox_folder.write_bytes(b"a file where the folder should be")

    answer = admin.post("/post/add", files=[("files", (NAME, SCAN))])

    assert answer.status_code == 422
    assert CHILD not in answer.text
    with chain.db.reading() as session:
        assert session.exec(select(Item)).first() is None


def test_what_a_desk_left_half_done_is_finished_at_the_next_start(chain: Paperchain) -> None:
    hidden, claim = claiming.claims_folder(chain.settings.inbox), uuid4()
    whole = hidden / f"{uploads.WHOLE}{claim.hex}"
    whole.mkdir(parents=True)
    (whole / "a.pdf").write_bytes(SCAN)
    (hidden / f"{uploads.WRITING}{uuid4().hex}").write_bytes(SCAN[:5])

    assert list(claiming.unfinished(chain.settings.inbox)) == []  # the watcher leaves it alone
    assert uploads.recover(chain) == 1

    with chain.db.reading() as session:
        assert session.exec(select(Item)).one().claim_id == claim
    assert list(hidden.iterdir()) == []


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("C:\\scans\\a.pdf", "a.pdf"),
        ("/etc/passwd", "passwd"),
        ("..", "scan"),
        ("", "scan"),
        ("a\x00\nb.pdf", "ab.pdf"),
        ("ä" * 300, "ä" * 100),
    ],
)
def test_an_upload_keeps_a_plain_name(chain: Paperchain, tmp_path: Path, sent: str, kept: str) -> None:
    source = tmp_path / "given"
    source.write_bytes(SCAN)
    with source.open("rb") as stream:
        number = take_upload(chain, sent, stream, "system")
    with chain.db.reading() as session:
        assert inbox.name_of(session, inbox.by_number(session, number)) == kept


def test_an_item_shows_its_file_name_pages_and_twins_and_is_audited(chain: Paperchain, admin: Browser) -> None:
    first, second = arrived(chain), arrived(chain)
    read(chain, second, LETTER)

    page = admin.get(f"/items/{second}")

    assert NAME in html.unescape(page.text)
    assert f'href="/items/{first}"' in page.text
    assert f"/items/{second}/pages/1" in page.text
    assert f"<title>Item {second}" in page.text
    picture = admin.get(f"/items/{second}/pages/1")
    assert (picture.content, picture.headers["content-type"]) == (PICTURE, "image/png")
    assert admin.get(f"/items/{second}/pages/2").status_code == 404
    with chain.db.reading() as session:
        assert seen(session) == 1


def test_a_page_in_quarantine_is_for_those_who_settle_forms(chain: Paperchain, admin: Browser) -> None:
    number = arrived(chain)
    read(chain, number, (PartKind.FORM, PartState.QUARANTINED))

    assert admin.get(f"/items/{number}/pages/1").status_code == 404
    assert Browser(chain, Role.OFFICER).get(f"/items/{number}/pages/1").status_code == 200


def test_a_stopped_item_is_tried_again(chain: Paperchain, admin: Browser) -> None:
    number = arrived(chain)
    stopped(chain, number)
    assert (chain.settings.stopped / NAME).exists()

    answer = admin.post(f"/items/{number}/again", version=item_of(chain, number).version)

    assert answer.status_code == 303
    item = item_of(chain, number)
    assert (item.state, item.attempts, item.reason) == (ItemState.ARRIVING, 0, None)
    assert list(chain.settings.stopped.iterdir()) == []


def test_a_stopped_item_that_is_not_ours_keeps_its_scan(chain: Paperchain, admin: Browser) -> None:
    number = arrived(chain)
    stopped(chain, number)

    admin.post(f"/items/{number}/not-ours", version=item_of(chain, number).version)

    item = item_of(chain, number)
    assert item.state == ItemState.NOT_OURS
    assert list(chain.settings.stopped.iterdir()) == []
    with chain.db.reading() as session:
        assert holdings.fetch(session, chain.store, session.get_one(Document, item.scan_id)) == SCAN


def test_a_late_act_on_an_item_is_refused(chain: Paperchain, admin: Browser) -> None:
    number = arrived(chain)
    old = item_of(chain, number).version
    stopped(chain, number)

    assert admin.post(f"/items/{number}/again", version=old).status_code == 409
    assert admin.post(f"/items/{number}/again").status_code == 409
    assert item_of(chain, number).state == ItemState.STOPPED


def acted(chain: Paperchain, who: Browser, number: int, act: str, **more: object) -> httpx.Response:
    return who.post(f"/items/{number}/{act}", version=item_of(chain, number).version, **more)


def documents_of(chain: Paperchain, number: int, kind: DocumentKind) -> list[bytes]:
    with chain.db.reading() as session:
        found = session.exec(
            select(Document).where(Document.item_id == inbox.by_number(session, number).id, Document.kind == kind)
        )
        return [holdings.fetch(session, chain.store, document) for document in found]


def audited(chain: Paperchain, act: str) -> list[str]:
    with chain.db.reading() as session:
        return [entry.actor for entry in session.exec(select(AuditEntry).where(AuditEntry.act == act))]


BETTER = b"%PDF-1.7 a better scan\n%%EOF"


def test_a_stopped_item_offers_four_ways_out(chain: Paperchain, admin: Browser) -> None:
    number = arrived(chain)
    stopped(chain, number)

    page = admin.get(f"/items/{number}").text

    for words in ("Try again", "Replace", "Return to sender", "Not ours"):
        assert f">{words}</button>" in page
    assert html.escape(refuse(RefusalCode.READER_DIED).message) in page


def test_returning_to_the_sender_keeps_the_scan_and_is_audited(chain: Paperchain, admin: Browser) -> None:
    number = arrived(chain)
    stopped(chain, number)

    assert acted(chain, admin, number, "return").status_code == 303

    assert item_of(chain, number).state == ItemState.RETURNED
    assert documents_of(chain, number, DocumentKind.SCAN) == [SCAN]
    assert list(chain.settings.stopped.iterdir()) == []
    assert audited(chain, "item_returned") == [str(admin.id)]


def test_a_replaced_file_is_kept_until_somebody_removes_it(chain: Paperchain, admin: Browser) -> None:
    number = arrived(chain)
    stopped(chain, number)

    answer = acted(chain, admin, number, "replace", files=[("file", ("better.pdf", BETTER))])

    assert answer.status_code == 303
    item = item_of(chain, number)
    assert (item.state, item.attempts, item.reason) == (ItemState.ARRIVING, 0, None)
    assert documents_of(chain, number, DocumentKind.SCAN) == [BETTER]
    assert documents_of(chain, number, DocumentKind.REPLACED) == [SCAN]
    assert list(chain.settings.stopped.iterdir()) == []
    with chain.db.reading() as session:
        assert inbox.name_of(session, item) == "better.pdf"
        assert session.get_one(Document, item.scan_id).kind == DocumentKind.SCAN
    assert audited(chain, "scan_replaced") == [str(admin.id)]
    assert acted(chain, admin, number, "remove-replaced").status_code == 409  # not read yet: it may be no better
    assert documents_of(chain, number, DocumentKind.REPLACED) == [SCAN]

    read(chain, number, LETTER)
    assert "Remove the replaced file" in admin.get(f"/items/{number}").text
    assert acted(chain, admin, number, "remove-replaced").status_code == 303
    assert documents_of(chain, number, DocumentKind.REPLACED) == []
    assert documents_of(chain, number, DocumentKind.SCAN) == [BETTER]
    assert audited(chain, "replaced_scan_removed") == [str(admin.id)]


def test_replacing_without_a_file_changes_nothing(chain: Paperchain, admin: Browser) -> None:
    number = arrived(chain)
    stopped(chain, number)

    assert acted(chain, admin, number, "replace").status_code == 303

    assert item_of(chain, number).state == ItemState.STOPPED
    assert stopped_pages.CHOOSE in admin.get(f"/items/{number}").text


@pytest.mark.parametrize("act", ["again", "not-ours", "return", "replace"])
def test_of_two_people_the_later_is_told(chain: Paperchain, admin: Browser, act: str) -> None:
    number, other = arrived(chain), Browser(chain, Role.OFFICER)
    stopped(chain, number)
    seen_by_both = item_of(chain, number).version
    blobs = sorted(chain.settings.documents.rglob("*"))

    assert other.post(f"/items/{number}/return", version=seen_by_both).status_code == 303
    late = admin.post(f"/items/{number}/{act}", version=seen_by_both, files=[("file", ("a.pdf", BETTER))])

    assert late.status_code == 409
    assert item_of(chain, number).state == ItemState.RETURNED
    assert sorted(chain.settings.documents.rglob("*")) == blobs


@pytest.mark.parametrize("act", ["again", "not-ours", "return", "replace", "remove-replaced"])
def test_a_manager_does_nothing_with_items(chain: Paperchain, act: str) -> None:
    number = arrived(chain)
    stopped(chain, number)

    assert acted(chain, Browser(chain, Role.MANAGER), number, act).status_code == 404
    assert item_of(chain, number).state == ItemState.STOPPED


def sort(chain: Paperchain, who: Browser, number: int, part: UUID, **fields: str) -> httpx.Response:
    version = part_of(chain, part).version
    return who.post(f"/items/{number}/sort/{part}", version=version, **fields)


def test_sorting_files_the_pages_under_the_files_key_and_logs_the_paper(chain: Paperchain, admin: Browser) -> None:
    number, file = arrived(chain), file_of(chain, uuid4())
    (part,) = read(chain, number, LETTER)

    answer = sort(
        chain, admin, number, part, kind="letter", file=f"PC-{file.number:04d}", paper="cabinet", legible="yes"
    )

    assert answer.status_code == 303
    with chain.db.reading() as session:
        settled = session.get_one(Part, part)
        assert (settled.state, settled.file_id) == (PartState.FILED, file.id)
        documents = session.exec(select(Document).where(Document.item_id == settled.item_id)).all()
        assert {(document.key_id, document.file_id) for document in documents} == {(file.key_id, file.id)}
        assert [holdings.fetch(session, chain.store, document) for document in documents]
        assert sum(path.is_file() for path in chain.settings.documents.rglob("*")) == len(
            documents
        )  # old blobs are gone
        (paper,) = originals.of_file(session, file.id)
        assert (paper.proposal, paper.state, paper.sheets) == ("cabinet", "checked", 1)
    assert admin.get(f"/items/{number}").status_code == 404  # from now on it is seen through its file
    assert "Letter" in admin.get("/post").text
    assert f"/items/{number}" not in admin.get("/post").text


@pytest.mark.parametrize("child", ["Ash Canarytwo", "Rowan", "1 2 2013", "2013-02-01"])
def test_a_mistyped_number_is_noticed_where_the_pages_say_whose_they_are(
    chain: Paperchain, admin: Browser, child: str
) -> None:
    """P6, P8: with a digit wrong another family would have the letter. What stands on the file is not shown, and a guess leaves a trace."""
    number, file = arrived(chain), file_of(chain, uuid4())
    (part,) = read(chain, number, LETTER)
    fields = {"kind": "letter", "file": f"PC-{file.number:04d}", "paper": "cabinet"}

    refused = sort(chain, admin, number, part, **fields, child=child)
    assert refused.status_code == 422
    assert "The file of that number is not this child" in refused.text and f'value="{child}"' in refused.text
    assert part_of(chain, part).state == PartState.TO_SORT
    with chain.db.reading() as session:
        assert session.exec(select(AuditEntry).where(AuditEntry.act == "sort_not_matched")).one().actor == str(admin.id)
    assert sort(chain, admin, number, part, **fields, child=CHILD.upper()).status_code == 303


def test_another_agencys_record_is_not_filed_unless_the_family_asked_us_to_look(
    chain: Paperchain, admin: Browser
) -> None:
    """N13: it waits where it was, with the choice kept; once the family has asked, it is filed by that request."""
    number, file = arrived(chain), file_of(chain, uuid4())
    (part,) = read(chain, number, LETTER)
    sent = {"kind": "report", "file": str(file.number), "paper": "cabinet", "agency": "social_care"}

    refused = sort(chain, admin, number, part, **sent)
    assert refused.status_code == 422
    assert "The family has not asked us to look at records of social care" in html.unescape(refused.text)
    assert 'value="social_care" selected' in refused.text
    assert part_of(chain, part).state == PartState.TO_SORT

    at = chain.clock.now()
    with chain.db.writing() as session:
        kept = register.get(session, file.id)
        child, today = register.people(session, kept)[0].id, chain.clock.today()
        body = bodies.add(session, kept, Category.SOCIAL_CARE, "Invented Team", since=today, actor="x", at=at)
        asked = Asked(uuid4(), body, child, child, "The plan", today, Route.LETTER)
        looking.ask(session, kept, asked, policy=chain.policy(), actor="x", at=at)
    assert sort(chain, admin, number, part, **sent).status_code == 303
    with chain.db.reading() as session:
        assert session.exec(select(AgencyRecord.part_id, AgencyRecord.look_id)).one() == (part, asked.entry)


def test_a_scan_with_other_pages_that_wait_stays_under_the_items_key(chain: Paperchain, admin: Browser) -> None:
    number, file = arrived(chain), file_of(chain, uuid4())
    first, second = read(chain, number, LETTER, LETTER)

    sort(chain, admin, number, first, kind="report", file=str(file.number), paper="return")
    between = item_of(chain, number)
    with chain.db.reading() as session:
        assert session.get_one(Document, between.scan_id).key_id == between.key_id
    assert admin.get(f"/items/{number}/pages/1").status_code == 404  # filed pages are not for this page
    assert admin.get(f"/items/{number}/pages/2").status_code == 200

    sort(chain, admin, number, second, kind="letter", file=str(file.number), paper="cabinet")
    with chain.db.reading() as session:
        assert session.get_one(Document, between.scan_id).key_id == file.key_id


def test_what_is_not_ours_needs_no_file(chain: Paperchain, admin: Browser) -> None:
    number = arrived(chain)
    (part,) = read(chain, number, LETTER)

    assert sort(chain, admin, number, part, kind="not_ours").status_code == 303
    assert part_of(chain, part).state == PartState.NOT_OURS
    assert item_of(chain, number).state == ItemState.NOT_OURS


def test_a_file_number_that_does_not_exist_is_a_mistake_at_its_field(chain: Paperchain, admin: Browser) -> None:
    number = arrived(chain)
    (part,) = read(chain, number, LETTER)

    answer = sort(chain, admin, number, part, kind="letter", file="PC-0999", paper="cabinet")

    assert answer.status_code == 422
    assert "There is no file with that number" in answer.text
    assert 'value="PC-0999"' in answer.text
    assert part_of(chain, part).state == PartState.TO_SORT


def test_pages_are_sorted_once_and_only_in_their_own_item(chain: Paperchain, admin: Browser) -> None:
    number, other = arrived(chain), arrived(chain, "b.pdf", b"%PDF-1.7 other")
    (part,) = read(chain, number, LETTER)
    read(chain, other, LETTER)
    old = part_of(chain, part).version

    assert sort(chain, admin, other, part, kind="not_ours").status_code == 404
    assert sort(chain, admin, number, part, kind="not_ours").status_code == 303
    assert admin.post(f"/items/{number}/sort/{part}", version=old, kind="not_ours").status_code == 409


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("PC-0042", 42),
        ("pc 42", 42),
        (" 42 ", 42),
        ("PC42", 42),
        ("", None),
        ("PC-", None),
        ("Rowan", None),
        ("-", None),
    ],
)
def test_a_file_number_as_people_type_it(typed: str, number: int | None) -> None:
    assert file_number(typed) == number


@pytest.mark.parametrize(
    ("sent", "mistakes"),
    [
        ({}, {"kind"}),
        ({"kind": "poem"}, {"kind"}),
        ({"kind": "letter"}, {"file", "paper"}),
        ({"kind": "letter", "file": "42"}, {"paper"}),
        ({"kind": "letter", "file": "42", "paper": "shred"}, {"paper"}),
        ({"kind": "letter", "file": "42", "paper": "cabinet"}, set()),
        ({"kind": "letter", "file": "42", "paper": "cabinet", "agency": "social_care"}, set()),
        ({"kind": "letter", "file": "42", "paper": "cabinet", "agency": "odd"}, {"agency"}),
    ],
)
def test_what_a_sort_form_must_say(sent: dict[str, str], mistakes: set[str]) -> None:
    decision, found = decide(sent)

    assert set(found) == mistakes
    assert (decision is None) == bool(mistakes)
