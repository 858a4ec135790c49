"""The record of what happened, for managers: filters, whether the chain is whole, and the export. Looking at it is recorded."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select
from starlette.responses import Response, StreamingResponse

from records.audit import anchors, export, history, trail
from records.audit.anchors import Anchor
from records.audit.history import Wanted
from records.audit.tables import AuditEntry
from records.audit.words import extra, said, thing
from records.custody.tables import Original
from records.desk.shell import Call, Pages, day, moment
from records.errors import NotFound
from records.machines import beats
from records.machines.tables import Machine
from records.people import register
from records.people.tables import ChildFile
from records.post.tables import Item
from records.staff import accounts
from records.staff.access import Act

MOST = 50
FILTERS = ("act", "by", "file", "first", "last")
LARGEST_SEQUENCE = 2**63 - 1
LARGEST_NUMBER = 2**31 - 1
NUMBERED: dict[str, tuple[type[ChildFile] | type[Item] | type[Original], str]] = {
    "file": (ChildFile, "/files/"),
    "item": (Item, "/items/"),
    "original": (Original, "/originals/"),
}

pages = Pages()


@dataclass(frozen=True)
class Row:
    """One entry as shown. `link` leads to the thing for those who may open it; the numbers are never names."""

    sequence: int
    at: datetime
    who: str
    what: str
    thing: str
    link: str | None
    extra: str


@pages.get("/settings/audit", rule=Act.SEE_AUDIT)
def audit(call: Call) -> Response:
    given = call.request.query_params
    asked = {name: given.get(name, "").strip() for name in (*FILTERS, "before")}
    mistakes: dict[str, str] = {}
    with call.desk.db.reading() as session:
        wanted = _wanted(session, asked, mistakes)
        before = _whole(asked["before"], LARGEST_SEQUENCE)
        found = [] if mistakes else history.newest(session, wanted, before=before, many=MOST + 1)
        names = accounts.display_names(session)
        rows = _rows(session, found[:MOST], names, items=call.may(Act.OPEN_ITEM))
        older = found[MOST - 1].sequence if len(found) > MOST else None
        acts = sorted(((act, said(act)) for act in history.acts(session)), key=lambda pair: pair[1])
        chain = _chain_in_words(beats.known(session), history.first_day(session))
        anchor = anchors.newest(session)
    if before is None and not mistakes:
        _looked(call)
    kept = {name: asked[name] for name in FILTERS if asked[name]}
    return call.page(
        "audit.html", status=422 if mistakes else 200, title="Audit", rows=rows, older=older, acts=acts, names=names, asked=asked,
        kept=kept, mistakes=mistakes, chain=chain, anchor=_anchor_in_words(anchor), newest=before is None,
    )  # fmt: skip


@pages.post("/settings/audit/export", rule=Act.EXPORT_AUDIT, fresh=True)
def export_all(call: Call) -> Response:
    with call.desk.db.writing() as session:
        trail.append(
            session, actor=str(call.actor.id), act="audit_exported", subject_kind="audit", subject_id="", at=call.desk.clock.now()
        )  # fmt: skip

    def lines() -> Iterable[bytes]:
        with call.desk.db.reading() as session:
            yield from export.lines(session)

    disposition = {"Content-Disposition": 'attachment; filename="paperchain-audit.txt"'}
    return StreamingResponse(lines(), media_type="text/plain; charset=us-ascii", headers=disposition)


def _looked(call: Call) -> None:
    """Reading the record is itself recorded, once for each look and not for each page turned."""
    with call.desk.db.writing() as session:
        trail.append(
            session, actor=str(call.actor.id), act="audit_seen", subject_kind="audit", subject_id="", at=call.desk.clock.now()
        )  # fmt: skip


def _wanted(session: Session, asked: Mapping[str, str], mistakes: dict[str, str]) -> Wanted:
    subject = None
    if typed := asked.get("file"):
        number = _whole(re.sub(r"^(PC|F)[- ]?", "", typed.upper()), LARGEST_NUMBER)
        try:
            subject = str(register.by_number(session, -1 if number is None else number).id)
        except NotFound:
            mistakes["file"] = "There is no file with that number"
    days = {name: _day(asked.get(name, ""), name, mistakes) for name in ("first", "last")}
    if days["first"] and days["last"] and days["first"] > days["last"]:
        mistakes["last"] = "The last day must not be before the first"
    return Wanted(asked.get("act") or None, asked.get("by") or None, subject, days["first"], days["last"])


def _day(typed: str, name: str, mistakes: dict[str, str]) -> date | None:
    if not typed:
        return None
    figures = [int(part) for part in re.findall(r"\d{1,4}", typed, re.ASCII)]
    year_first = len(figures) == 3 and figures[0] > 31  # as a browser's own date box sends it
    try:
        day, month, year = reversed(figures) if year_first else figures
        return date(year, month, day)
    except ValueError:
        mistakes[name] = f"The {name} day must be a real date, for example 27 3 2026"
        return None


def _whole(typed: str, largest: int) -> int | None:
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 20 else None
    return number if number is not None and number <= largest else None


def _rows(session: Session, entries: Iterable[AuditEntry], names: Mapping[str, str], *, items: bool) -> list[Row]:
    entries = list(entries)
    numbers = {kind: _numbers(session, kind, entries) for kind in NUMBERED}
    within = _within(session, entries)
    rows = []
    for entry in entries:
        number = numbers.get(entry.subject_kind, {}).get(entry.subject_id)
        what = thing(entry.subject_kind) if entry.subject_kind != "audit" else "–"
        shown = {"file": f"PC-{number or 0:04d}", "original": f"O-{number}"}.get(entry.subject_kind, str(number))
        leads = number is not None and (items or entry.subject_kind != "item")
        rows.append(Row(
            entry.sequence, entry.at, names.get(entry.actor, "Paperchain"), said(entry.act),
            f"{what} {shown}" if number is not None else what,
            f"{NUMBERED[entry.subject_kind][1]}{number}" if leads else None, extra(history.detail_of(entry), within),
        ))  # fmt: skip
    return rows


def _within(session: Session, entries: Iterable[AuditEntry]) -> dict[str, str]:
    """What stands for an id inside the details of entries: the number of a file or paper."""
    ids = set()
    for entry in entries:
        for value in history.detail_of(entry).values():
            try:
                ids.add(UUID(str(value)))
            except ValueError:
                continue
    if not ids:
        return {}
    files = session.exec(select(ChildFile.id, ChildFile.number).where(col(ChildFile.id).in_(ids)))
    found = {str(id): f"PC-{number:04d}" for id, number in files}
    papers = session.exec(select(Original.id, Original.number).where(col(Original.id).in_(ids)))
    return found | {str(id): f"O-{number}" for id, number in papers}


def _numbers(session: Session, kind: str, entries: Iterable[AuditEntry]) -> dict[str, int]:
    """Numbers of things of one kind by their id, as far as they are still there."""
    table, _ = NUMBERED[kind]
    ids = set()
    for entry in entries:
        if entry.subject_kind == kind:
            try:
                ids.add(UUID(entry.subject_id))
            except ValueError:  # an item is entered by its number already
                continue
    if not ids:
        return {}
    return {
        str(id): number for id, number in session.exec(select(table.id, table.number).where(col(table.id).in_(ids)))
    }


def _chain_in_words(machines: Iterable[Machine], first: date | None) -> str:
    """The newest check that a running machine made."""
    checked = [machine for machine in machines if machine.chain_checked_at is not None]
    if first is None:
        return "Nothing was recorded yet."
    if not checked:
        return "Not checked since the start. It is checked while Paperchain runs, or by paperchain audit verify."
    newest = max(checked, key=lambda machine: machine.chain_checked_at or machine.started_at)
    if newest.chain_broken_at is not None:
        return f"Broken at entry {newest.chain_broken_at}. Keep this home as it is, and compare with the last anchor."
    return f"Unbroken from {day(first)} to today: {newest.chain_entries:,} entries, checked {moment(newest.chain_checked_at)}."


def _anchor_in_words(anchor: Anchor | None) -> str:
    if anchor is None:
        return "No anchor was written yet. The first is written within a quarter of an hour of the start."
    return f"The last anchor was written {moment(anchor.at)}, at entry {anchor.sequence:,}."
