"""Post in no child's file: looked at some months after it came, then erased or kept with a reason (R43).

What is in a file follows that child's file, and of several the youngest's (`schedule.falls_due`). Only what a person has called not ours,
page by page, can be erased here: pages that nobody has sorted may be some family's (P6). Where a scan also holds pages of a file, those
stay whole, and the scan is replaced by copies of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, exists, func, or_, select

from records import tasks
from records.audit import trail
from records.clock import LONDON
from records.custody.tables import Original
from records.documents import keyring
from records.documents.envelope import seal_json, unseal_json
from records.errors import NotFound, RefusedByRule
from records.holds import many
from records.holds import register as holds
from records.policies.periods import add_months
from records.post.tables import Item, Page, Part, StorageRefusal
from records.retention import ledger, partly, reach
from records.retention.ledger import What
from records.retention.referral_scan import OF_POST
from records.retention.tables import PendingBlob, PostKept
from records.vocabulary import ItemState, PaperOutcome, PartState

LONGEST_REASON = 500
SETTLED = (ItemState.TO_SORT, ItemState.STOPPED, ItemState.NOT_OURS, ItemState.FILED)
"""FILED without a file: what else was scanned with the pages of a file that has been destroyed."""
OURS_ALONE = OF_POST | {"post_kept"}
RESTS_ON = "A request, a referral or something else rests on it."


@dataclass(frozen=True)
class Waiting:
    """One item in no file, the day on which it came or was last kept, and what keeps it from being erased; None when nothing does.

    `kept`: each time that a manager kept it, with the reason, newest first. `pages`: the numbers of those that are not ours, where the
    rest of the scan is in a file and stays; empty where it is the whole item.
    """

    item: Item
    last: date
    against: str | None
    kept: Sequence[tuple[PostKept, str]] = ()
    pages: Sequence[int] = ()


@dataclass(frozen=True)
class Tools:
    """How a scan that is partly in a file is divided, and which blank backs go with its pages."""

    without: ledger.Without | None = None
    along: Callable[[Session, Item, frozenset[UUID]], set[UUID]] = lambda session, item, parts: set()


def count(session: Session, today: date, months: int) -> int:
    """How many wait to be looked at."""
    return len(_due(session, today, months))


def waiting(session: Session, today: date, months: int) -> list[tuple[UUID, date]]:
    """Items in no file of which nothing was heard for so many months, the oldest first, each with that day."""
    return sorted(_due(session, today, months).items(), key=lambda each: (each[1], each[0]))


def read(session: Session, rows: Sequence[tuple[UUID, date]]) -> list[Waiting]:
    """These items, each with what stands against erasing it: as many questions for many as for one."""
    ids = [one for one, _ in rows]
    items = {item.id: item for item in session.exec(select(Item).where(col(Item.id).in_(ids)))}
    parts = _parts(session, ids)
    why_not, kept, pages = _against(session, items, parts), _reasons(session, items), _numbers(session, parts)
    return [Waiting(items[one], last, why_not[one], kept[one], pages[one]) for one, last in rows]


def against(session: Session, item: Item) -> str | None:
    """Why an item cannot be erased now; None when it can."""
    return _against(session, {item.id: item}, _parts(session, [item.id]))[item.id]


def _against(
    session: Session, items: Mapping[UUID, Item], parts: Mapping[UUID, Sequence[Part]]
) -> dict[UUID, str | None]:  # fmt: skip
    mixed = {one for one, mine in parts.items() if _alone(mine) and _filed(mine)}
    whole = set(items) - mixed
    resting = {**reach.tables_of(session, mixed, itself=True), **reach.tables_of(session, whole)}
    papers = set(session.exec(select(Original.item_id).where(col(Original.item_id).in_(whole))))
    standing = many.of_items(session, items)

    def why_not(item: Item) -> str | None:
        mine = parts[item.id]
        if item.id not in mixed and _filed(mine):
            return "It is in a child's file, and follows that file."
        if item.state == ItemState.STOPPED or any(
            part.file_id is None and part.state not in (PartState.NOT_OURS, *reach.ASIDE) for part in mine
        ):
            return "Nobody has said what it is. It must be sorted first."
        if standing[item.id]:
            return f"It is on hold. {standing[item.id][0].words}"
        if item.id in papers:
            return "Its paper stands in the register of papers."
        return None if resting[item.id] <= OURS_ALONE else RESTS_ON

    return {one: why_not(item) for one, item in items.items()}


def _parts(session: Session, items: Sequence[UUID]) -> dict[UUID, list[Part]]:
    found: dict[UUID, list[Part]] = {one: [] for one in items}
    for part in session.exec(select(Part).where(col(Part.item_id).in_(items))):
        found[part.item_id].append(part)
    return found


def _filed(parts: Sequence[Part]) -> bool:
    return any(part.file_id is not None for part in parts)


def _alone(parts: Sequence[Part]) -> frozenset[UUID]:
    """Those that a person has called not ours."""
    return frozenset(part.id for part in parts if part.state == PartState.NOT_OURS and part.file_id is None)


def _numbers(session: Session, parts: Mapping[UUID, Sequence[Part]]) -> dict[UUID, list[int]]:
    alone = {part: item for item, mine in parts.items() if _filed(mine) for part in _alone(mine)}
    found: dict[UUID, list[int]] = {item: [] for item in parts}
    pages = select(Page.part_id, Page.number).where(col(Page.part_id).in_(list(alone))).order_by(col(Page.number))
    for part, number in session.exec(pages):
        if part is not None:
            found[alone[part]].append(number)
    return found


def one(session: Session, number: int, today: date, months: int) -> Item:
    """An item that waits to be looked at. NotFound for any other."""
    found = session.exec(select(Item).where(Item.number == number)).first()
    if found is None or found.id not in _due(session, today, months, found.id):
        raise NotFound("There is no such post.")
    return found


def keep(session: Session, item: Item, why: str, *, by: str, at: datetime) -> None:
    """Keeps it, with a reason; it is looked at again after the same time. RefusedByRule without a reason."""
    if not why.strip() or len(why) > LONGEST_REASON:
        raise RefusedByRule(f"Say why it is kept, in at most {LONGEST_REASON} letters.", "R43")
    row = PostKept(item_id=item.id, sealed=b"", decided_by=by, decided_at=at)
    row.sealed = seal_json(keyring.open_key(session, item.key_id), {"reason": why.strip()}, row.id.bytes)
    session.add(row)
    session.flush()
    _note(session, item, "post_kept", by, at)


def reasons(session: Session, item: Item) -> list[tuple[PostKept, str]]:
    """Each time that a manager kept it, with the reason, newest first."""
    return _reasons(session, {item.id: item})[item.id]


def _reasons(session: Session, items: Mapping[UUID, Item]) -> dict[UUID, list[tuple[PostKept, str]]]:
    query = select(PostKept).where(col(PostKept.item_id).in_(list(items))).order_by(col(PostKept.decided_at).desc())
    rows = session.exec(query).all()
    keys = keyring.open_keys(session, {items[row.item_id].key_id for row in rows})
    found: dict[UUID, list[tuple[PostKept, str]]] = {one: [] for one in items}
    for row in rows:
        why = unseal_json(keys[items[row.item_id].key_id], row.sealed, row.id.bytes)["reason"]
        found[row.item_id].append((row, str(why)))
    return found


def erase(
    session: Session, item: Item, *, policy_version: str, by: str, at: datetime, tools: Tools = Tools()
) -> None:  # fmt: skip
    """Erases it for good and enters it in the ledger; a count of its pages stays, so that the day it came still adds up (P6).

    Of a scan that is partly in a file only the pages that are not ours go, with their blank backs. RefusedByRule, with the reason, where
    something stands against it or the scan cannot be divided. The caller deletes the bytes after the commit: `run.finish_blobs`.
    """
    why_not = against(session, item)
    if why_not is None and (standing := holds.blocking(session, item_id=item.id)):
        why_not = f"It is on hold. {standing[0].words}"
    if why_not is not None:
        raise RefusedByRule(why_not, "R43")
    number, day, came = item.number, at.astimezone(LONDON).date(), item.received_on
    parts = session.exec(select(Part).where(Part.item_id == item.id)).all()
    _note(session, item, "post_erased", by, at)
    what = What(
        kind=ledger.NO_CHILD, rule="R43", policy_version=policy_version, due=None, done=day, proposed_by=by, witnessed_by="", approved_by=by
    )  # fmt: skip
    if any(part.file_id is not None for part in parts):
        gone = partly.erase_some(session, [], what, parts=_alone(parts), without=tools.without, along=tools.along)
        pages = gone.pages
    else:
        gone = reach.of_ids(session, items=[item.id])
        pages = item.pages or gone.pages
        ledger.record(session, what, gone)
        for name in gone.blobs:
            session.add(PendingBlob(name=name, run=None))
        reach.erase(session, gone)
    session.add(StorageRefusal(refused_on=day, pages=pages, paper=PaperOutcome.TASK, confirmed_by=by, received_on=came))
    tasks.raise_task(
        session, kind="post_erased", file_id=None, due=day, for_officer=None, raised_by=by, at=at, key=f"post_erased:{number}",
        words=f"What was not ours of item {number} was erased. If its paper is still here, give it back or put it in confidential waste.",
    )  # fmt: skip


def _due(session: Session, today: date, months: int, item: UUID | None = None) -> dict[UUID, date]:
    """Those that wait, with their day; with `item` that one alone, if it does."""
    in_file = exists().where(col(Part.item_id) == Item.id, col(Part.file_id).is_not(None))
    alone = (
        select(Page.item_id)
        .join(Part, col(Part.id) == Page.part_id)
        .where(col(Part.file_id).is_(None), Part.state == PartState.NOT_OURS)
    )
    old = add_months(today, -months)
    query = select(Item.id, col(Item.received_on)).where(
        col(Item.state).in_(SETTLED), col(Item.received_on) <= old, or_(~in_file, col(Item.id).in_(alone))
    )  # fmt: skip
    kept = select(PostKept.item_id, func.max(PostKept.decided_at)).group_by(col(PostKept.item_id))
    if item is not None:
        query, kept = query.where(Item.id == item), kept.where(PostKept.item_id == item)
    came = dict(session.exec(query).all())
    last = came | {id_: at.astimezone(LONDON).date() for id_, at in session.exec(kept) if id_ in came}
    return {id_: day for id_, day in last.items() if add_months(day, months) <= today}


def _note(session: Session, item: Item, act: str, by: str, at: datetime) -> None:
    trail.append(
        session, actor=by, act=act, subject_kind="item", subject_id=str(item.id), at=at, detail={"number": item.number, "rule": "R43"}
    )  # fmt: skip
