"""Stocktakes: what should be in a drawer, ticked or scanned, and what differs. Numbers only."""

from sqlmodel import Session
from starlette.responses import Response

from records.custody import originals, prints, stocktakes
from records.custody.places import Place
from records.custody.tables import Stocktake
from records.desk import paper_rows
from records.desk.original_pages import NO_SUCH_PAPER, pdf
from records.desk.paper_rows import TABS, number_typed
from records.desk.shell import Call, Pages
from records.errors import NotFound
from records.post import inbox
from records.staff import accounts
from records.staff.access import Act

pages = Pages()


@pages.get("/originals/stocktakes", rule=Act.SEE_ORIGINALS)
def lists(call: Call) -> Response:
    """Every drawer, and the stocktakes that were made."""
    with call.desk.db.reading() as session:
        drawers, made = stocktakes.drawers(session), stocktakes.newest(session)
        names = accounts.display_names(session)
        found = [
            (
                each,
                Place(each.cabinet, each.drawer).words,
                stocktakes.differences(session, each) if each.ended_at else None,
            )
            for each in made
        ]
    return call.page(
        "stocktakes.html", title="Stocktakes", drawers=drawers, found=found, names=names, tabs=TABS,
        here="/originals/stocktakes", may_move=call.may(Act.MOVE_ORIGINAL),
    )  # fmt: skip


@pages.post("/originals/stocktakes/begin", rule=Act.MOVE_ORIGINAL)
def begin(call: Call) -> Response:
    """Writes down what should be in a drawer."""
    with call.desk.db.writing() as session:
        made = stocktakes.begin(
            session, call.sent.get("cabinet", ""), call.sent.get("drawer", ""),
            number=inbox.next_number(session, "stocktake"), actor=str(call.actor.id), at=call.desk.clock.now(),
        )  # fmt: skip
    return call.go(f"/originals/stocktakes/{made.number}")


@pages.get("/originals/stocktakes/{number:int}", rule=Act.SEE_ORIGINALS)
def one(call: Call, number: int) -> Response:
    """One stocktake: its list, or what it found."""
    return _one(call, number, {})


@pages.post("/originals/stocktakes/{number:int}/see", rule=Act.MOVE_ORIGINAL)
def see(call: Call, number: int) -> Response:
    """One label that was scanned, or every box that was ticked."""
    scanned = call.sent.get("label", "").strip()
    wanted = paper_rows.numbers_typed(call, "number")
    if scanned:
        found = number_typed(scanned)
        wanted |= {found} if found else set()
        if found is None:
            return _one(call, number, {"label": NO_SUCH_PAPER}, status=422)
    try:
        with call.desk.db.writing() as session:
            made = _get(session, number)
            papers = [originals.by_number(session, each) for each in sorted(wanted)]
            stocktakes.see(session, made, papers, actor=str(call.actor.id), at=call.desk.clock.now())
    except NotFound:
        return _one(call, number, {"label": NO_SUCH_PAPER}, status=422)
    named = f"O-{number_typed(scanned)} is ticked." if scanned else f"{len(papers)} ticked."
    return call.go(f"/originals/stocktakes/{number}?next=scan", named)


@pages.post("/originals/stocktakes/{number:int}/end", rule=Act.MOVE_ORIGINAL)
def end(call: Call, number: int) -> Response:
    """Ends it: what is missing becomes an incident."""
    with call.desk.db.writing() as session:
        made = _get(session, number)
        ticked = [originals.by_number(session, each) for each in sorted(paper_rows.numbers_typed(call, "number"))]
        version = made.version
        if version != paper_rows.version(call):
            stocktakes.end(session, made, actor=str(call.actor.id), at=call.desk.clock.now(), version=-1)
        stocktakes.see(session, made, ticked, actor=str(call.actor.id), at=call.desk.clock.now())
        found = stocktakes.end(session, made, actor=str(call.actor.id), at=call.desk.clock.now(), version=version)
    different = len(found.missing) + len(found.unexpected)
    done = f"{different} difference{'s' if different != 1 else ''}." if different else "Everything is there."
    return call.go(f"/originals/stocktakes/{number}", f"Stocktake {number} has ended. {done}")


@pages.get("/originals/stocktakes/{number:int}/sheet", rule=Act.SEE_ORIGINALS)
def sheet(call: Call, number: int) -> Response:
    """The list to take to the drawer."""
    with call.desk.db.reading() as session:
        made = _get(session, number)
        rows = [row for row in stocktakes.entries(session, made) if row.expected]
    lines = [(row.original.folder or "–", f"O-{row.original.number}", str(row.original.sheets)) for row in rows]
    place = Place(made.cabinet, made.drawer).words
    return pdf(prints.drawer_list(number, place, lines, call.desk.clock.today()), f"stocktake-{number}")


def _get(session: Session, number: int) -> Stocktake:
    return stocktakes.by_number(session, number)


def _one(call: Call, number: int, mistakes: dict[str, str], status: int = 200) -> Response:
    with call.desk.db.reading() as session:
        made = _get(session, number)
        entries = stocktakes.entries(session, made)
        found = stocktakes.differences(session, made)
        names = accounts.display_names(session)
        rows = {row.number: row for row in paper_rows.rows(session, [each.original for each in entries])}
    return call.page(
        "stocktake.html", status=status, title=f"Stocktake {number}", made=made, place=Place(made.cabinet, made.drawer).words,
        entries=entries, found=found, rows=rows, names=names, mistakes=mistakes, tabs=TABS, here="/originals/stocktakes",
        seen=sum(each.seen for each in entries), may_move=call.may(Act.MOVE_ORIGINAL), sent=call.sent,
    )  # fmt: skip
