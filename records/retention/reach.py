"""Which rows belong to a child's file, over every table of the program, and their erasure (R48).

Found from the tables themselves: what points at the file, and what points at that, by foreign key or by the name of the column.
So a table that is added later is erased too. A table that is kept on purpose is named here, with why.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, delete, or_, select, tuple_, update
from sqlmodel import Session, SQLModel

from records.people import index
from records.people.tables import ChildFile
from records.schema import metadata
from records.vocabulary import PartState

BY_NAME = {
    "file_id": "child_file", "part_id": "part", "item_id": "item", "document_id": "document", "person_id": "person",
    "page_id": "page", "hold_id": "hold", "key_id": "wrapped_key",
}  # fmt: skip

KEPT = {
    "audit_entry": "ids and codes only; what happened must stay provable (G5)",
    "original": "numbers of papers: that each one was returned or shredded must stay provable (R56); its ids lead nowhere",
    "original_move": "as the paper",
    "original_sheet": "as the paper",
    "paper_remark": "as the paper",
    "waste_batch": "sacks, not people",
    "waste_line": "as the paper",
    "waste_certificate": "sacks, not people",
    "disposal_list": "who proposed and approved, without names of families",
    "disposal_line": "file numbers; the date is emptied when the file goes",
    "destroyed": "the ledger itself (R50)",
    "incident": "that something went wrong, when, and what was done must stay known (R71); whose it was, and what was written, goes",
    "incident_event": "as the incident",
    "destruction_run": "counts and a month",
    "report_count": "how many, under codes: nothing tells of whom, and a published year must not change (R79)",
    "report_year": "which years were counted",
    "pending_blob": "what is about to be deleted",
    "search_spelling": "hashed words, each once for all files: `erase` takes away those that no file holds any more",
    "storage_refusal": "one line without personal data (R28)",
}
"""Tables that outlive a file on purpose."""

OF_NOBODY = frozenset({
    "account", "audit_anchor", "backup_made", "cabinet_key", "counter", "document_place", "enquiry", "invitation", "job_day", "lock_check", "machine",
    "law_change", "law_reviewed", "policy_answer", "policy_question", "policy_review",
    "policy_change", "report_check", "report_release", "tension_decision", "retention_turn", "sign_in_failure", "sign_in_session",
    "staff_entry", "staff_person", "stocktake", "stocktake_line", "watched_folder",
})  # fmt: skip
"""Tables that hold nothing about a family. A new table is found by what it points at, or must be named here or in KEPT: a test asks."""

SOME = ("document", "case_note", "consent_event", "consent_change", "rights_request")
"""Tables of which single rows may be taken: by an erasure on request (R31), or as they belong to no file (R43)."""

CHUNK = 5000
ASIDE = (PartState.NOTHING_TO_DO, PartState.REPLACED, PartState.COPY)
"""Pages that belong to nobody in particular."""


@dataclass
class Reach:
    """Primary keys by table: everything that goes with a file. `shared`: items that also hold other families' pages."""

    rows: dict[str, set[Any]] = field(default_factory=dict)
    shared: set[UUID] = field(default_factory=set)
    blobs: list[str] = field(default_factory=list)
    documents: int = 0
    pages: int = 0

    def ids(self, table: str) -> list[UUID]:
        return sorted(self.rows.get(table, set()))


def of_files(session: Session, files: Sequence[ChildFile]) -> Reach:
    """What goes with one child's files. Items that hold nothing else go whole; of a shared one only this family's pages."""
    parts, documents = metadata().tables["part"], metadata().tables["document"]
    own = {file.id for file in files}
    mine = set(session.execute(select(parts.c.id).where(parts.c.file_id.in_(own))).scalars())
    items = set(session.execute(select(parts.c.item_id).where(parts.c.file_id.in_(own))).scalars())
    items |= set(session.execute(select(documents.c.item_id).where(documents.c.file_id.in_(own))).scalars()) - {None}
    whole = {one for one in items if not _others(session, one, own)}
    return of_ids(session, files=own, items=whole, parts=mine, shared=items - whole)


def replaced(session: Session, items: Iterable[UUID]) -> set[UUID]:
    """Parts of these items from which others were arranged: what was read on every family's pages is kept there, to undo an edit."""
    parts = metadata().tables["part"]
    found = select(parts.c.id).where(parts.c.item_id.in_(list(items)), parts.c.state == PartState.REPLACED)
    return set(session.execute(found).scalars())


def of_ids(
    session: Session, *, files: Iterable[UUID] = (), items: Iterable[UUID] = (), parts: Iterable[UUID] = (),
    pages: Iterable[UUID] = (), shared: Iterable[UUID] = (), more: Mapping[str, Iterable[UUID]] | None = None,
) -> Reach:  # fmt: skip
    """What goes with these, wherever it lies; an older backup may know only some of them (R49). `more`: rows of other tables, by name."""
    seeds = {"child_file": set(files), "item": set(items), "part": set(parts), "page": set(pages)}
    seeds |= {name: set(ids) for name, ids in (more or {}).items() if name in SOME}
    seeds["wrapped_key"] = set()
    for name in ("child_file", "item"):
        table = metadata().tables[name]
        keys = session.execute(select(table.c.key_id).where(table.c.id.in_(seeds[name]))).scalars()
        seeds["wrapped_key"] |= set(keys)
    # A request that belongs to no file has a key of its own; any other has its file's, which stays.
    requests = metadata().tables["rights_request"]
    own = requests.c.id.in_(seeds.get("rights_request", set())) & requests.c.file_id.is_(None)
    seeds["wrapped_key"] |= set(session.execute(select(requests.c.key_id).where(own)).scalars())
    reach = Reach(shared=set(shared))
    waiting = {name: ids for name, ids in seeds.items() if ids}
    while waiting:
        name, ids = waiting.popitem()
        fresh = ids - reach.rows.get(name, set())
        if not fresh:
            continue
        reach.rows.setdefault(name, set()).update(fresh)
        for table, found in _pointing_at(session, name, fresh):
            waiting[table.name] = waiting.get(table.name, set()) | found
    _existing(session, reach)
    documents = metadata().tables["document"]
    for chunk in _chunks(reach.rows.get("document", set())):
        reach.blobs += session.execute(select(documents.c.blob).where(documents.c.id.in_(chunk))).scalars()
    reach.documents, reach.pages = len(reach.blobs), len(reach.rows.get("page", set()))
    return reach


def erase(session: Session, reach: Reach) -> None:
    """Deletes every row of it, keys last: what they sealed cannot be read afterwards, wherever a copy of it lies."""
    session.flush()
    session.expire_all()
    _let_go(session, reach)
    _count(session, reach)
    for table in reversed(metadata().sorted_tables):
        ids = reach.rows.get(table.name)
        if ids and table.name not in KEPT:
            for chunk in _chunks(ids):
                session.execute(delete(table).where(_are(table, chunk)))
    for words in _chunks({token for token, _ in reach.rows.get("search_token", ())}):
        index.forget_words(session, words)
    _repoint(session, reach)
    session.expire_all()


def left(session: Session, reach: Reach) -> int:
    """How many of these rows are still there: 0 after an erasure."""
    count = 0
    for name, ids in reach.rows.items():
        table = metadata().tables[name]
        if name not in KEPT:
            for chunk in _chunks(ids):
                count += len(_keys(session, table, _are(table, chunk)))
    return count


def links(table: Table) -> Iterator[tuple[Column[Any], str]]:
    """The columns of a table that point at another one, and which."""
    for column in table.columns:
        targets = {key.column.table.name for key in column.foreign_keys}
        if column.name in BY_NAME and not targets:
            targets = {BY_NAME[column.name]}
        for target in targets:
            if target != table.name or not column.primary_key:
                yield column, target


def tables_of(session: Session, items: Collection[UUID], *, itself: bool = False) -> dict[UUID, set[str]]:
    """The tables in which each of these items has rows that would go with it, as `of_ids` finds them; with `itself` only those with rows that
    point at the item itself. For lists: as many questions for many items as for one.
    """
    found: dict[UUID, set[str]] = {one: set() if itself else {"item"} for one in items}
    waiting: dict[str, dict[Any, set[UUID]]] = {"item": {one: {one} for one in items}}
    if not itself:
        table = metadata().tables["item"]
        waiting["wrapped_key"] = {}
        for chunk in _chunks(items):
            for item_id, key_id in session.execute(select(table.c.id, table.c.key_id).where(table.c.id.in_(chunk))):
                waiting["wrapped_key"].setdefault(key_id, set()).add(item_id)
                found[item_id].add("wrapped_key")
    known: dict[str, dict[Any, set[UUID]]] = {}
    while waiting:
        name, owners = waiting.popitem()
        seen = known.setdefault(name, {})
        fresh = {key: whose - seen.get(key, set()) for key, whose in owners.items() if whose - seen.get(key, set())}
        for key, whose in fresh.items():
            seen.setdefault(key, set()).update(whose)
        for table, key, at in _pointers_at(session, name, fresh):
            for one in fresh[at]:
                found[one].add(table.name)
            if not itself:
                waiting.setdefault(table.name, {}).setdefault(key, set()).update(fresh[at])
    return found


def _pointers(name: str) -> Iterator[tuple[Table, list[Column[Any]]]]:
    """The tables that go with what they point at, and their columns that point at this table."""
    for table in metadata().sorted_tables:
        if table.name in KEPT or table.name == "wrapped_key":
            continue
        columns = [column for column, target in links(table) if target == name and not _cascades(column)]
        if columns:
            yield table, columns


def _pointers_at(session: Session, name: str, ids: Iterable[Any]) -> Iterator[tuple[Table, Any, Any]]:
    """Every row that points at one of these: its table, its key, and which it points at."""
    wanted = list(ids)
    for table, columns in _pointers(name) if wanted else ():
        keys = list(table.primary_key.columns)
        for column in columns:
            for chunk in _chunks(wanted):
                for *key, at in session.execute(select(*keys, column).where(column.in_(chunk))):
                    yield table, key[0] if len(keys) == 1 else tuple(key), at


def _pointing_at(session: Session, name: str, ids: set[Any]) -> Iterator[tuple[Table, set[Any]]]:
    for table, columns in _pointers(name):
        found: set[Any] = set()
        for chunk in _chunks(ids):
            found |= _keys(session, table, or_(*(column.in_(chunk) for column in columns)))
        if found:
            yield table, found


def _cascades(column: Column[Any]) -> bool:
    """The database itself deletes such a row with what it points at."""
    return any(key.ondelete == "CASCADE" for key in column.foreign_keys)


def _keys(session: Session, table: Table, where: Any) -> set[Any]:
    """Primary keys of rows: the value, or all values where the key has several columns."""
    columns = list(table.primary_key.columns)
    rows = session.execute(select(*columns).where(where)).all()
    return {row[0] if len(columns) == 1 else tuple(row) for row in rows}


def _are(table: Table, ids: list[Any]) -> Any:
    """The condition that picks rows by primary key."""
    columns = list(table.primary_key.columns)
    return columns[0].in_(ids) if len(columns) == 1 else tuple_(*columns).in_(ids)


def _existing(session: Session, reach: Reach) -> None:
    """Leaves only rows that are there: seeds may come from a ledger."""
    for name, ids in reach.rows.items():
        table, there = metadata().tables[name], set()
        for chunk in _chunks(ids):
            there |= _keys(session, table, _are(table, chunk))
        reach.rows[name] = there


def keep_answers(session: Session, parts: Iterable[UUID], but: Iterable[UUID] = ()) -> None:
    """Answers about consent stay when the form they stood on goes: a No must outlive its form while an older Yes stands (R31)."""
    events, gone = metadata().tables["consent_event"], set(but)
    for chunk in _chunks(parts):
        found = session.execute(select(events.c.id).where(events.c.part_id.in_(chunk))).scalars()
        for ids in _chunks(one for one in found if one not in gone):
            session.execute(update(events).where(events.c.id.in_(ids)).values(part_id=None, evidence_id=None))


def _let_go(session: Session, reach: Reach) -> None:
    """Papers stay in their own register, but no longer say whose they were."""
    originals = metadata().tables["original"]
    for column, name in (("file_id", "child_file"), ("part_id", "part")):
        for chunk in _chunks(reach.rows.get(name, set())):
            session.execute(update(originals).where(originals.c[column].in_(chunk)).values({column: None}))
    _let_go_of_incidents(session, reach)


def _count(session: Session, reach: Reach) -> None:
    """A shared item counts the pages that stay: else the other families' papers could never go, as if pictures of them were missing (R54)."""
    pages, items = metadata().tables["page"], metadata().tables["item"]
    for item_id in reach.shared:
        numbers = select(pages.c.id).where(pages.c.item_id == item_id)
        going = len(set(session.execute(numbers).scalars()) & reach.rows.get("page", set()))
        if going:
            session.execute(update(items).where(items.c.id == item_id).values(pages=items.c.pages - going))


def _let_go_of_incidents(session: Session, reach: Reach) -> None:
    """Breaches stay in their register without whose they were, and without a word of what was written: the key of that goes too."""
    incidents, events = metadata().tables["incident"], metadata().tables["incident_event"]
    keys = metadata().tables["wrapped_key"]
    for chunk in _chunks(reach.rows.get("child_file", set())):
        found = session.execute(select(incidents.c.id, incidents.c.key_id).where(incidents.c.file_id.in_(chunk))).all()
        for some in _chunks(found):
            ids, key_ids = [row.id for row in some], [row.key_id for row in some]
            session.execute(update(events).where(events.c.incident_id.in_(ids)).values(sealed=None))
            session.execute(update(incidents).where(incidents.c.id.in_(ids)).values(file_id=None, sealed=b""))
            session.execute(delete(keys).where(keys.c.id.in_(key_ids)))


def _repoint(session: Session, reach: Reach) -> None:
    """A shared item whose scan is kept page by page: it must point at a page that is still there."""
    documents, items = metadata().tables["document"], metadata().tables["item"]
    for item_id in reach.shared:
        scan = session.execute(select(items.c.scan_id).where(items.c.id == item_id)).scalar()
        if scan is None or session.execute(select(documents.c.id).where(documents.c.id == scan)).first() is not None:
            continue
        other = select(documents.c.id).where(documents.c.item_id == item_id, documents.c.kind.in_(("scan", "page")))
        # "scan" sorts after "page": a copy of the scan is taken before a picture made from it.
        stays = session.execute(other.order_by(documents.c.kind.desc(), documents.c.page).limit(1)).scalar()
        if stays is not None:
            session.execute(update(items).where(items.c.id == item_id).values(scan_id=stays))


def _others(session: Session, item_id: UUID, own: Collection[UUID]) -> bool:
    """Whether an item also holds pages of somebody else, or pages about which nobody has decided."""
    parts, pages = metadata().tables["part"], metadata().tables["page"]
    with_pages = set(session.execute(select(pages.c.part_id).where(pages.c.item_id == item_id)).scalars())
    rows = session.execute(select(parts.c.id, parts.c.file_id, parts.c.state).where(parts.c.item_id == item_id))
    return any(
        row.file_id not in own if row.file_id is not None else row.id in with_pages and row.state not in ASIDE
        for row in rows
    )


def _chunks(ids: Iterable[Any]) -> Iterator[list[Any]]:
    everything = list(ids)
    for start in range(0, len(everything), CHUNK):
        yield everything[start : start + CHUNK]


def everything_about_people() -> tuple[set[str], set[str]]:
    """Tables that an erasure reaches, and those it does not: for the test that nobody forgets one."""
    reached, names = (
        {"child_file", "item", "part", "wrapped_key"},
        {table.name for table in SQLModel.metadata.sorted_tables},
    )
    grown = True
    while grown:
        before = len(reached)
        for table in SQLModel.metadata.sorted_tables:
            if table.name not in KEPT and any(target in reached for _, target in links(table)):
                reached.add(table.name)
        grown = len(reached) > before
    return reached, names - reached
