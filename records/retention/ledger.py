"""The ledger of destruction: what was destroyed, when, by which rule and on whose word, without personal data (R50, R51).

Each entry is linked to the one before it. The ledger is also written beside the keys, apart from the data, so that an older backup
that is restored can be purged of everything that was destroyed since (R49, P12): `replay`, before anybody can sign in.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID, uuid4

from sqlmodel import Session, col, func, select

from records.db import keys_of
from records.documents.areas import Area
from records.documents.store import DocumentStore, sync_folder
from records.documents.tables import Document
from records.errors import Damaged, RefusedByRule
from records.keys import Keys
from records.post import review
from records.post.parting import give
from records.post.stages import state_of
from records.post.tables import Item, Page, Part
from records.retention import reach
from records.retention.reach import Reach
from records.retention.tables import Destroyed
from records.vocabulary import DocumentKind, ItemState, PartKind, PartState

START = bytes(32)
GOES, STAYS = "item_page_goes", "item_page_stays"
"""Pages of scans that families share, as `item:number`: parts are made anew when pages are arranged, numbers stay (P12)."""


class Without(Protocol):
    """Replaces the scan of an item by copies of the pages outside these parts; returns the blobs to delete. `keep`: the numbers of the
    pages that stay, for an item that was not read yet."""

    def __call__(
        self, session: Session, item: Item, gone: frozenset[UUID], keep: Collection[int] = ()
    ) -> list[str]: ...


class Covers(Protocol):
    """Covers these areas of an item's pages, by their documents, for good; returns the blobs to delete. What is not there is left out."""

    def __call__(self, session: Session, item_id: UUID, areas: Mapping[UUID, Sequence[Area]]) -> list[str]: ...


AREAS, COVERED_ITEM = "covered_area", "covered_item"
"""What was covered on pictures that stay (R42), as `document:left:top:width:height`, and the item that they are in."""
FILE, ERASURE, REFUSAL, NO_CHILD, COVERED = "file", "erasure", "refusal", "no_child", "covered"
"""Kinds: a file by its date, a file or part of it on request (R31), a form whose family refused storing (R28), what belongs to no
child's file (R43), another child's part of a picture that stays (R42)."""


@dataclass(frozen=True)
class Entry:
    """One entry as it is linked, written and read back. Months are `2033-06`; people are account ids."""

    sequence: int
    reference: str
    kind: str
    file_id: str | None
    file_number: int | None
    ids: dict[str, list[str]]
    documents: int
    pages: int
    rule: str
    policy_version: str
    month_due: str | None
    month_done: str
    run: int | None
    proposed_by: str
    witnessed_by: str
    approved_by: str
    mac: str = ""


@dataclass(frozen=True)
class What:
    """What a destroyer says about one thing it destroyed."""

    kind: str
    rule: str
    policy_version: str
    due: date | None
    done: date
    proposed_by: str
    witnessed_by: str
    approved_by: str
    run: int | None = None
    file_id: UUID | None = None
    file_number: int | None = None


@dataclass(frozen=True)
class Replayed:
    """What a replay found in an older backup and took out again."""

    files: int
    items: int
    parts: int
    documents: int

    @property
    def anything(self) -> bool:
        return bool(self.files or self.items or self.parts or self.documents)


def month_of(day: date) -> str:
    return f"{day.year:04d}-{day.month:02d}"


def record(session: Session, what: What, gone: Reach, also: Sequence[str] = ()) -> Entry:
    """Appends an entry, in the transaction that destroys. `also`: tables whose rows it names, since no file or post leads to them."""
    ids = {
        name: [str(one) for one in gone.ids(name)]
        for name in ("child_file", "item", "part", "page", *also)
        if gone.ids(name)
    }
    return _append(session, Entry(
        sequence=0, reference=str(uuid4()), kind=what.kind,
        file_id=str(what.file_id) if what.file_id else None, file_number=what.file_number,
        ids=ids | _numbers(session, gone),
        documents=gone.documents, pages=gone.pages, rule=what.rule, policy_version=what.policy_version,
        month_due=month_of(what.due) if what.due else None, month_done=month_of(what.done), run=what.run,
        proposed_by=what.proposed_by, witnessed_by=what.witnessed_by, approved_by=what.approved_by,
    ))  # fmt: skip


def _numbers(session: Session, gone: Reach) -> dict[str, list[str]]:
    """Which pages of the scans that families share go, and which stay."""
    found: dict[str, list[str]] = {}
    pages = select(Page).where(col(Page.item_id).in_(gone.shared)).order_by(col(Page.item_id), col(Page.number))
    for page in session.exec(pages):
        name = GOES if page.id in gone.rows.get("page", set()) else STAYS
        found.setdefault(name, []).append(f"{page.item_id}:{page.number}")
    return found


def ids_of(entry: Entry) -> dict[str, list[UUID]]:
    """The ids of the rows it names, by table."""
    other = (GOES, STAYS, AREAS, COVERED_ITEM)
    return {name: [UUID(one) for one in each] for name, each in entry.ids.items() if name not in other}


def record_cover(session: Session, what: What, item_id: UUID, areas: Mapping[UUID, Sequence[Area]]) -> Entry:
    """Appends what was covered on pages that stay, in the transaction that covers. Numbers and random ids only."""
    drawn = [
        f"{document}:{area.left}:{area.top}:{area.width}:{area.height}"
        for document, each in sorted(areas.items())
        for area in each
    ]
    return _append(session, Entry(
        sequence=0, reference=str(uuid4()), kind=COVERED, file_id=None, file_number=None,
        ids={AREAS: drawn, COVERED_ITEM: [str(item_id)]}, documents=0, pages=len(areas), rule=what.rule,
        policy_version=what.policy_version, month_due=None, month_done=month_of(what.done), run=None,
        proposed_by=what.proposed_by, witnessed_by=what.witnessed_by, approved_by=what.approved_by,
    ))  # fmt: skip


def areas_of(entry: Entry) -> dict[UUID, list[Area]]:
    """What an entry says was covered, by document."""
    found: dict[UUID, list[Area]] = {}
    for one in entry.ids.get(AREAS, ()):
        document, *edges = one.split(":")
        left, top, width, height = map(int, edges)
        found.setdefault(UUID(document), []).append(Area(left, top, width, height))
    return found


def _pages_of(entry: Entry, name: str) -> dict[UUID, set[int]]:
    found: dict[UUID, set[int]] = {}
    for one in entry.ids.get(name, ()):
        item, number = one.split(":")
        found.setdefault(UUID(item), set()).add(int(number))
    return found


def _append(session: Session, entry: Entry) -> Entry:
    """Enters it as the next one."""
    last = session.exec(select(Destroyed).order_by(col(Destroyed.sequence).desc()).limit(1)).first()
    entry = replace(entry, sequence=last.sequence + 1 if last else 1, mac="")
    mac = _mac(keys_of(session), last.mac if last else START, entry)
    session.add(_row(entry, mac))
    session.flush()
    return replace(entry, mac=mac.hex())


def entries(session: Session, run: int | None = None) -> list[Entry]:
    """Every entry in order, or those of one run."""
    query = select(Destroyed).order_by(col(Destroyed.sequence))
    return [_entry(row) for row in session.exec(query if run is None else query.where(Destroyed.run == run))]


def newest(session: Session, kind: str, limit: int, leave_out: int = 0) -> list[Entry]:
    """Entries of one kind, newest first: so many after leaving out so many."""
    query = select(Destroyed).where(Destroyed.kind == kind).order_by(col(Destroyed.sequence).desc())
    return [_entry(row) for row in session.exec(query.offset(leave_out).limit(limit))]


def head(session: Session) -> tuple[int, str]:
    """Number and mac of the last entry, to be anchored elsewhere; 0 and nothing while there is none."""
    last = session.exec(select(Destroyed).order_by(col(Destroyed.sequence).desc()).limit(1)).first()
    return (last.sequence, bytes(last.mac).hex()) if last else (0, "")


def asked_later(session: Session, file_number: int) -> list[Entry]:
    """What we can say when somebody asks about the number on a letter of ours (R53)."""
    return [_entry(row) for row in session.exec(select(Destroyed).where(Destroyed.file_number == file_number))]


def entry(session: Session, sequence: int) -> Entry | None:
    """One entry by its number."""
    row = session.get(Destroyed, sequence)
    return _entry(row) if row is not None else None


def count(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Destroyed)).one()


def check(keys: Keys, found: Iterable[Entry]) -> int:
    """How many entries fit one another. Raises Damaged, naming the first that does not."""
    previous, number = START, 0
    for entry in found:
        number += 1
        mac = _mac(keys, previous, entry)
        if entry.sequence != number or not hmac.compare_digest(mac.hex(), entry.mac):
            raise Damaged(f"The ledger of destruction has been changed: entry {number} does not fit.")
        previous = mac
    return number


def lines(found: Iterable[Entry]) -> Iterator[str]:
    """One line of JSON for each entry: how the ledger is kept apart from the data."""
    for entry in found:
        yield json.dumps(asdict(entry), sort_keys=True, separators=(",", ":"))


def read(text: str) -> list[Entry]:
    """Entries from such lines. Raises Damaged for anything else; a last line that a crash cut short is left out."""
    found = []
    rows = text.split("\n")
    for number, line in enumerate(rows):
        if not line:
            continue
        try:
            found.append(Entry(**json.loads(line)))
        except (ValueError, TypeError):
            if number == len(rows) - 1:
                break
            raise Damaged(f"Line {number + 1} of the ledger of destruction cannot be read.") from None
    return found


def write(path: Path, found: Sequence[Entry]) -> None:
    """Writes the whole ledger beside the keys, durably: the new file takes the old one's place only when it is whole."""
    temporary = path.with_name(f".{path.name}.new")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.writelines(f"{line}\n" for line in lines(found))
        out.flush()
        os.fsync(out.fileno())
    temporary.replace(path)
    sync_folder(path.parent)


def lacks(ours: Sequence[Entry], copy: Sequence[Entry]) -> bool:
    """Whether a copy of the ledger knows of something that ours does not."""
    return not {entry.reference for entry in copy} <= {entry.reference for entry in ours}


def keep(path: Path, found: Sequence[Entry]) -> bool:
    """Writes the ledger beside the keys or the backups if it has grown. A copy there that knows of more is left as it is: False.

    Raises Damaged when the copy cannot be read.
    """
    there = read(path.read_text("ascii")) if path.exists() else None
    if there is not None and lacks(found, there):
        return False
    if there != list(found):
        write(path, found)
    return True


def replay(
    session: Session, store: DocumentStore, found: Iterable[Entry], *, without: Without | None = None,
    covers: Covers | None = None,
) -> Replayed:  # fmt: skip
    """Takes out of a restored backup everything that these entries say was destroyed, and writes into its own ledger what it lacks.

    What the ledger lacks is entered after its last entry. Where the entries given continue it they stay as they are; where both went
    on from an older state, each by itself, it then knows of both. `without` replaces a scan that several families share by copies of
    the pages that stay; without it the pages' pictures stand for the scan. `covers` covers again what was covered on pictures that stay;
    RefusedByRule where it is needed and not given. Raises Damaged when the entries do not fit one another.
    Doing it again changes nothing. Call it before anybody can sign in.
    """
    given = list(found)
    check(keys_of(session), given)
    known = set(session.exec(select(Destroyed.reference)).all())
    files = items = parts = documents = 0
    for entry in given:
        if entry.kind == COVERED:
            if UUID(entry.reference) not in known:  # where it is known it was covered in the same transaction
                for blob in _covered_again(session, entry, covers):
                    store.delete(blob)
                    documents += 1
                _append(session, entry)
            continue
        ids = ids_of(entry)
        _set_apart(session, entry, ids)
        for blob in _not_read(session, entry, without):
            store.delete(blob)
            items += 1
        if entry.kind == ERASURE and "child_file" not in ids:
            reach.keep_answers(session, ids.get("part", []), but=ids.get("consent_event", []))
        gone = reach.of_ids(
            session, files=ids.get("child_file", []), items=ids.get("item", []),
            parts=ids.get("part", []), pages=ids.get("page", []), more=ids,
        )  # fmt: skip
        if any(each for name, each in gone.rows.items() if name not in reach.KEPT):
            for blob in _split(session, gone, without):
                store.delete(blob)
            files += len(gone.rows.get("child_file", ()))
            items += len(gone.rows.get("item", ()))
            parts += len(gone.rows.get("part", ()))
            documents += gone.documents
            reach.erase(session, gone)
            for blob in gone.blobs:
                store.delete(blob)
        if UUID(entry.reference) not in known:
            _append(session, entry)
    session.flush()
    return Replayed(files, items, parts, documents)


def _covered_again(session: Session, entry: Entry, covers: Covers | None) -> list[str]:
    areas, blobs = areas_of(entry), list[str]()
    for item_id in (UUID(one) for one in entry.ids.get(COVERED_ITEM, ())):
        if session.get(Item, item_id) is None:
            continue
        if covers is None:
            raise RefusedByRule("What was covered on pages cannot be covered again here.", "R42")
        blobs += covers(session, item_id, areas)
    return blobs


APART = "Pages that were scanned with these were destroyed."


def _set_apart(session: Session, entry: Entry, ids: dict[str, list[UUID]]) -> None:
    """Where the pages of a shared scan were arranged only after the backup was made: those that go get a part of their own there.

    It goes with the ids, and so does what was read and cut out while they lay with pages of others, who are then sorted by a person.
    """
    stays = _pages_of(entry, STAYS)
    for item_id, goes in _pages_of(entry, GOES).items():
        pages = session.exec(select(Page).where(Page.item_id == item_id)).all()
        given = set(ids.get("part", ()))
        going = [page for page in pages if page.number in goes]
        kept = [page for page in pages if page.number in stays.get(item_id, ()) and page.part_id in given]
        mixed = {page.part_id for page in going} - given
        if kept:
            give(session, kept, Part(item_id=item_id, kind=PartKind.OTHER, state=PartState.TO_SORT, reason=APART))
        if going:
            own = Part(item_id=item_id, kind=PartKind.OTHER, state=PartState.REPLACED)
            give(session, going, own)
            ids.setdefault("part", []).append(own.id)
        ids.setdefault("part", []).extend(reach.replaced(session, [item_id]))
        for part in session.exec(select(Part).where(col(Part.id).in_(mixed))).all():
            _unread(session, part, ids)
        item = session.get(Item, item_id)
        if item is not None and item.state in (ItemState.TO_REVIEW, ItemState.TO_SORT) and (kept or mixed):
            states = select(Part.state).where(Part.item_id == item_id, col(Part.id).not_in(ids["part"]))
            item.state = state_of([PartState(state) for state in session.exec(states)])
            session.add(item)
        session.flush()


def _unread(session: Session, part: Part, ids: dict[str, list[UUID]]) -> None:
    """What was read of a part goes; pages that are still in it wait for a person."""
    if session.exec(select(Page.id).where(Page.part_id == part.id).limit(1)).first() is None:
        ids["part"].append(part.id)
        return
    crops = select(Document.id).where(Document.part_id == part.id, Document.kind == DocumentKind.EVIDENCE)
    ids.setdefault("document", []).extend(session.exec(crops))
    review.forget_reading(part)
    part.doubtful = 0
    if part.file_id is None:
        part.kind, part.form, part.edition = PartKind.OTHER, None, None
        part.state, part.reason = PartState.TO_SORT, APART
    session.add(part)


def _not_read(session: Session, entry: Entry, without: Without | None) -> list[str]:
    """A shared scan that was not read yet when the backup was made: only the pages that stay are left of it. Returns blobs to delete."""
    goes, stays, blobs = _pages_of(entry, GOES), _pages_of(entry, STAYS), list[str]()
    for item in session.exec(select(Item).where(col(Item.id).in_(goes))).all():
        if (
            without is not None
            and session.exec(select(Page.id).where(Page.item_id == item.id).limit(1)).first() is None
        ):
            blobs += without(session, item, frozenset(), stays.get(item.id, set()))
    return blobs


def _split(session: Session, gone: Reach, without: Without | None) -> list[str]:
    """Items of which only some pages go: their scan shows what goes. Returns blobs that were replaced."""
    parts = gone.rows.get("part", set())
    partly = set(session.exec(select(Part.item_id).where(col(Part.id).in_(parts)))) - gone.rows.get("item", set())
    gone.shared, blobs = partly, []
    for item in session.exec(select(Item).where(col(Item.id).in_(partly))).all():
        scan = session.get(Document, item.scan_id)
        if scan is None or scan.part_id is not None or scan.id in gone.rows.get("document", set()):
            continue
        if without is not None:
            blobs += without(session, item, frozenset(parts))
        else:
            gone.rows.setdefault("document", set()).add(scan.id)
            gone.blobs.append(scan.blob)
            gone.documents += 1
    return blobs


def _mac(keys: Keys, previous: bytes, entry: Entry) -> bytes:
    body: dict[str, Any] = asdict(entry)
    body.pop("mac")
    return hmac.new(
        keys.audit, b"destroyed" + previous + json.dumps(body, sort_keys=True).encode(), hashlib.sha256
    ).digest()


def _row(entry: Entry, mac: bytes) -> Destroyed:
    return Destroyed(
        sequence=entry.sequence, reference=UUID(entry.reference), kind=entry.kind,
        file_id=UUID(entry.file_id) if entry.file_id else None, file_number=entry.file_number,
        ids=json.dumps(entry.ids, sort_keys=True), documents=entry.documents, pages=entry.pages, rule=entry.rule,
        policy_version=entry.policy_version, month_due=entry.month_due, month_done=entry.month_done, run=entry.run,
        proposed_by=entry.proposed_by, witnessed_by=entry.witnessed_by, approved_by=entry.approved_by, mac=mac,
    )  # fmt: skip


def _entry(row: Destroyed) -> Entry:
    return Entry(
        sequence=row.sequence, reference=str(row.reference), kind=row.kind,
        file_id=str(row.file_id) if row.file_id else None, file_number=row.file_number, ids=json.loads(row.ids),
        documents=row.documents, pages=row.pages, rule=row.rule, policy_version=row.policy_version,
        month_due=row.month_due, month_done=row.month_done, run=row.run, proposed_by=row.proposed_by,
        witnessed_by=row.witnessed_by, approved_by=row.approved_by, mac=bytes(row.mac).hex(),
    )  # fmt: skip
