"""The flows that are broken on purpose, each with what must hold before and after the restart (P1).

`take` takes in three scans and one file dropped by hand, `confirm` confirms a form, `erase` erases one whose family refuses
storing. Homes are prepared once and copied for every fault. Invented people only.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlmodel import Session, select

from intake import claiming, erasing, filing, retaining
from intake.filing import Confirmed, NewChild
from intake.folder import WatchedFolder
from intake.sandbox.limits import Limits
from intake.wiring import Paperchain, open_paperchain
from records.audit import trail
from records.audit.chain import Whole
from records.clock import fixed
from records.consents.tables import ConsentEvent
from records.custody import originals
from records.custody.moves import Custody, Facts
from records.custody.tables import Original, OriginalMove
from records.db import Database, sqlite_engine
from records.documents import holdings
from records.documents.store import FolderStore
from records.documents.tables import Document, WrappedKey
from records.keys import derive, load_master
from records.people.birthdates import BirthDate
from records.people.tables import ChildFile
from records.post.tables import Confirmation, Item, Page, Part, StorageRefusal
from records.retention import ledger, run
from records.vocabulary import PaperOutcome, PartKind, PartState
from tests.builders import CHILD, settings
from tests.reviewing import DOUBTFUL, arrived, reading

OFFICER = UUID("11111111-2222-4333-8444-555555555555")
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
POST = {
    "one.pdf": b"%PDF-1 invented one" * 900,
    "two.tif": b"II*\0 invented two" * 5000,
    "nasty \n\u202ename.png": b"three" * 7,
}
BY_HAND = ("by hand.pdf", b"%PDF-1 dropped by hand" * 40_000)


def open_home(home: Path) -> Paperchain:
    """A home in which files are ready at once and time stands still."""
    return open_paperchain(settings(home), clock=fixed(NOON))


@contextmanager
def started(home: Path) -> Iterator[Paperchain]:
    """The home as the program opens it; closing is part of what is broken."""
    chain = open_home(home)
    yield chain
    chain.db.close()


@contextmanager
def opened(home: Path) -> Iterator[Paperchain]:
    """The home as a check sees it: without the work of a start, which costs more than the check."""
    here = settings(home)
    keys = derive(load_master(here.key_file))
    database = Database(sqlite_engine(here.database_file, keys), keys)
    chain = Paperchain(here, database, FolderStore(here.documents), fixed(NOON))
    try:
        yield chain
    finally:
        chain.db.close()


def whole_store(chain: Paperchain, session: Session) -> None:
    """What holds at every moment: the chain unbroken, every row's document there and matching its fingerprint, no page without."""
    assert isinstance(trail.check(session), Whole), "the audit chain is broken"
    documents = {row.id: row for row in session.exec(select(Document))}
    for row in documents.values():
        holdings.fetch(session, chain.store, row)
    for page in session.exec(select(Page)):
        assert page.picture_id in documents, "a page points at nothing"
    numbers = session.exec(select(Item.number)).all()
    erased = len(session.exec(select(StorageRefusal)).all())
    erased += sum(len(entry.ids.get("item", ())) for entry in ledger.entries(session) if entry.kind == ledger.FILE)
    assert max(numbers, default=0) <= len(numbers) + erased, "an item's number is missing"


def swept(chain: Paperchain) -> None:
    """After a restart nothing is left over: as many blobs as rows."""
    store = chain.store
    assert isinstance(store, FolderStore)
    store.sweep_temporary()
    run.finish_blobs(chain.db, store)
    retaining.sweep(chain, older_than=-1)
    with chain.db.reading() as session:
        rows = len(session.exec(select(Document.id)).all())
    assert sum(1 for _ in store.names()) == rows, "a blob too many or too few"


@dataclass(frozen=True)
class Flow:
    """What is broken: how its home is made, what runs, and the two checks. Checks raise AssertionError."""

    name: str
    prepare: Callable[[Path], None]
    work: Callable[[Path], None]
    before: Callable[[Path], object]
    after: Callable[[Path], None]


# --- taking in


def _post_waits(home: Path) -> None:
    open_home(home).db.close()  # made as a first start makes it
    with opened(home) as chain:
        WatchedFolder(chain, side_by_side=1).look()  # leaves its mark, as any home that was ever watched has it
    for name, content in POST.items():
        (home / "inbox" / name).write_bytes(content)
    (home.parent / BY_HAND[0]).write_bytes(BY_HAND[1])


def take(home: Path) -> None:
    """Drops one file as `paperchain take` does, then looks through the folder."""
    with started(home) as chain:
        claiming.drop(home / "inbox", home.parent / BY_HAND[0])
        WatchedFolder(chain, side_by_side=1).look()


def look_again(home: Path) -> None:
    """The restart: what the watcher does first."""
    with started(home) as chain:
        claiming.recover(chain)
        WatchedFolder(chain, side_by_side=1).look()


def fingerprint(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


EXPECTED = Counter(fingerprint(content) for content in POST.values())
DROPPED = fingerprint(BY_HAND[1])


def claims_on_disc(home: Path) -> list[tuple[str, Path]]:
    """Claims by this check's own eyes: the program's way of finding them may be what is broken."""
    root = claiming.claims_folder(home / "inbox")
    folders = [entry for entry in root.iterdir() if entry.is_dir()] if root.exists() else []
    return [(folder.name, file) for folder in folders for file in folder.iterdir()]


def originals_of(home: Path) -> Counter[str]:
    """Every original by its hash: waiting, claimed, or an item. A claim that is already entered counts once."""
    with opened(home) as chain, chain.db.reading() as session:
        whole_store(chain, session)
        items = session.exec(select(Item)).all()
        entered = {item.claim_id.hex for item in items}
        scans = [session.get_one(Document, item.scan_id) for item in items]
        hashes = Counter(fingerprint(holdings.fetch(session, chain.store, scan)) for scan in scans)
    hashes.update(fingerprint(file.read_bytes()) for claim, file in claims_on_disc(home) if claim not in entered)
    hashes.update(fingerprint(path.read_bytes()) for path in (home / "inbox").iterdir() if path.is_file())
    return hashes


def none_lost(home: Path) -> None:
    """Each original once; the one dropped by hand once or not yet, never in part."""
    found = originals_of(home)
    assert found.pop(DROPPED, 0) <= 1, "the dropped file is doubled"
    assert found == EXPECTED, f"{sum(found.values())} originals instead of {len(EXPECTED)}, or others"


def all_taken(home: Path) -> None:
    look_again(home)
    none_lost(home)
    assert not claims_on_disc(home), "a claim was left"
    assert not [path for path in (home / "inbox").iterdir() if path.is_file()], "a file was left"
    with opened(home) as chain:
        swept(chain)


# --- confirming a form


def _form_waits(home: Path) -> None:
    open_home(home).db.close()  # made as a first start makes it
    with opened(home) as chain:
        arrived(chain, backs=PartKind.BLANK)


def form_of(session: Session) -> Part | None:
    return session.exec(select(Part).where(Part.kind == PartKind.FORM)).first()


def decided(version: int) -> Confirmed:
    """An officer who agrees with the reading."""
    answers = {name: field.value for name, field in reading().fields.items()} | {DOUBTFUL: "no"}
    born = BirthDate.on(date(2011, 5, 14))
    return Confirmed(answers, NewChild(CHILD, born), "parent_or_carer", date(2026, 3, 1), True, OFFICER, version)


def confirm(home: Path) -> None:
    with started(home) as chain:
        with chain.db.reading() as session:
            part = form_of(session)
        assert part is not None
        filing.confirm(chain, part.id, decided(part.version))


def confirmed_whole_or_not_at_all(home: Path) -> bool:
    """Whether the form is confirmed; then all that belongs to it is there, once, else nothing is."""
    with opened(home) as chain, chain.db.reading() as session:
        whole_store(chain, session)
        part = form_of(session)
        assert part is not None, "the form is gone"
        counts = [len(session.exec(select(table)).all()) for table in (ChildFile, Original, Confirmation)]
        consents = session.exec(select(ConsentEvent)).all()
        if part.state == PartState.TO_REVIEW:
            assert not any(counts), "half a confirmation"
            assert not consents, "consents without a confirmation"
            return False
        assert part.state == PartState.CONFIRMED
        assert counts == [1, 1, 1], "a confirmation doubled or in part"
        fields = [(event.item_code, event.field_id) for event in consents]
        assert len(fields) == len(set(fields)) > 0, "consents doubled or missing"
        file = session.exec(select(ChildFile)).one()
        documents = session.exec(select(Document)).all()
        assert {row.file_id for row in documents} == {file.id}, "a document is not in the child's file"
        return True


def confirmed_in_the_end(home: Path) -> None:
    if not confirmed_whole_or_not_at_all(home):
        confirm(home)
    assert confirmed_whole_or_not_at_all(home)
    with opened(home) as chain:
        swept(chain)


# --- erasing a form whose family does not agree to storing

KEPT_OF_A_FORM = (Item, Page, Part, Document, Confirmation, WrappedKey)


def erase(home: Path) -> None:
    with started(home) as chain:
        with chain.db.reading() as session:
            part = form_of(session)
        assert part is not None
        erasing.refuse_storing(
            chain, part.id, paper=PaperOutcome.RETURNED, actor=OFFICER, version=part.version, limits=Limits()
        )


def erased_whole_or_not_at_all(home: Path) -> bool:
    """Whether the form is erased; then no row of it is left and one line says so, else all of it is there."""
    with opened(home) as chain, chain.db.reading() as session:
        whole_store(chain, session)
        lines = session.exec(select(StorageRefusal)).all()
        if form_of(session) is not None:
            assert not lines, "a refusal is kept and so is the form"
            return False
        assert len(lines) == 1, "erased without a line, or with two"
        for table in KEPT_OF_A_FORM:
            assert not session.exec(select(table)).all(), f"rows of {table.__name__} are left"
        return True


def erased_in_the_end(home: Path) -> None:
    if not erased_whole_or_not_at_all(home):
        erase(home)
    assert erased_whole_or_not_at_all(home)
    with opened(home) as chain:
        swept(chain)


# --- the paper goes into confidential waste


def _paper_waits(home: Path) -> None:
    _form_waits(home)
    confirm(home)


def dispose(home: Path) -> None:
    """Two moves of the paper, as they are made on different days: to disposal, then into a sealed sack."""
    with started(home) as chain:
        for to, facts in WASTE:
            with chain.db.writing() as session:
                paper = originals.by_number(session, 1)
                originals.move(session, paper, to, facts, actor=str(OFFICER), at=later(chain))


WASTE = (
    (Custody.TO_DISPOSE, Facts(checked_by_person=True, cleared=True)),
    (Custody.IN_SEALED_SACK, Facts(second_person="somebody else", reference="S-1")),
)


def later(chain: Paperchain) -> datetime:
    """After the waiting time of the paper, and before a silent record puts the clock in doubt."""
    return chain.clock.now() + timedelta(days=31)


def moves_told(home: Path) -> Custody:
    """Where the paper is; the moves that are kept lead there, one by one."""
    with opened(home) as chain, chain.db.reading() as session:
        whole_store(chain, session)
        paper = session.exec(select(Original)).one()
        moves = [(move.from_state, move.to_state) for move in session.exec(select(OriginalMove))]
        state, seen = None, 0
        while following := [to for come, to in moves if come == state]:
            assert len(following) == 1, "a move is doubled"
            state, seen = following[0], seen + 1
        assert (state, seen) == (paper.state, len(moves)), "the paper is not where its moves lead"
        return Custody(paper.state)


def disposed_in_the_end(home: Path) -> None:
    assert moves_told(home) in (Custody.CHECKED, Custody.TO_DISPOSE, Custody.IN_SEALED_SACK)


FLOWS = (
    Flow("take", _post_waits, take, none_lost, all_taken),
    Flow("confirm", _form_waits, confirm, confirmed_whole_or_not_at_all, confirmed_in_the_end),
    Flow("erase", _form_waits, erase, erased_whole_or_not_at_all, erased_in_the_end),
    Flow("dispose", _paper_waits, dispose, moves_told, disposed_in_the_end),
)
