"""Paper originals: what is in the cabinet, one paper and its moves, and its labels. Numbers only, never a name."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, func, select
from starlette.responses import Response

from records.custody import facts as paper_facts
from records.custody import labels, losses, originals, pictures, remarks, returns, stocktakes, waiting, waste
from records.custody.labels import SHEET, Label
from records.custody.moves import WORDS, Custody, Facts
from records.custody.places import Place, place_of
from records.custody.remarks import Irreplaceable, Replaceable
from records.custody.tables import Original, WasteBatch
from records.desk import paper_rows
from records.desk.paging import page_asked
from records.desk.paper_rows import PAGE, TABS, Shelf, number_typed, text
from records.desk.shell import Call, Pages
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.post import inbox
from records.staff import accounts
from records.staff.access import Act

MOST_LABELS = 210
NO_SUCH_PAPER = "There is no paper with that number. Look at the label again"
LONGEST_OUT_DAYS = 31

pages = Pages()


@pages.get("/originals", rule=Act.SEE_ORIGINALS)
def lists(call: Call) -> Response:
    """What is to be put away, and the cabinet by drawer and folder."""
    return _lists(call, {})


@pages.post("/originals/find", rule=Act.SEE_ORIGINALS)
def find(call: Call) -> Response:
    """Opens the paper of a label that was scanned or typed."""
    number = number_typed(call.sent.get("label") or call.sent.get("q", ""))
    try:
        with call.desk.db.reading() as session:
            original = originals.by_number(session, -1 if number is None else number)
    except NotFound:
        return _lists(call, {"label": NO_SUCH_PAPER}, status=422)
    return call.go(f"/originals/{original.number}")


@pages.post("/originals/labels", rule=Act.PRINT_LABEL)
def print_labels(call: Call) -> Response:
    """A sheet of labels for the papers that were ticked."""
    numbers = sorted(paper_rows.numbers_typed(call, "number"))
    first = number_typed(call.sent.get("first", "1"))
    mistakes = {}
    if not numbers:
        mistakes["number"] = "Choose at least one paper"
    if len(numbers) > MOST_LABELS:
        mistakes["number"] = f"Choose at most {MOST_LABELS} papers at once"
    if first is None or not 1 <= first <= SHEET:
        mistakes["first"] = f"The first free label must be a number from 1 to {SHEET}"
    if mistakes or first is None:
        return _lists(call, mistakes, status=422)
    with call.desk.db.reading() as session:
        found = [originals.by_number(session, number) for number in numbers]
        items = paper_rows.item_numbers(session, found)
    wanted = [Label(each.number, f"Item {items.get(each.item_id, '–')}", each.place or "") for each in found]
    return pdf(labels.sheet(wanted, first - 1), "labels")


@pages.get("/originals/{number:int}", rule=Act.SEE_ORIGINALS)
def original(call: Call, number: int) -> Response:
    """One paper: where it is, where it may go, where it has been."""
    return _original(call, number, {}, {})


@pages.post("/originals/{number:int}/move", rule=Act.MOVE_ORIGINAL)
def move(call: Call, number: int) -> Response:
    """Puts a paper away, signs it out, sets it aside, or says that it is lost."""
    to = Custody(call.sent["to"]) if call.sent.get("to") in set(waiting.BUTTONS) else None
    if to is None:
        raise NotFound("There is no such move.")
    where, due_back, mistakes = _typed(call, to)
    if not mistakes:
        try:
            with call.desk.db.writing() as session:
                _move(call, session, number, to, where, due_back)
        except RefusedByRule as refused:
            mistakes = {"second_person" if to is Custody.LOST else "to": refused.message}
    if mistakes:
        return _original(call, number, call.sent, mistakes, status=422)
    done = f"O-{number} is now: {WORDS[to].lower()}{f', {where.words}' if where else ''}."
    return call.go(f"/originals/{number}?next=scan" if to is Custody.HELD else f"/originals/{number}", done)


def _typed(call: Call, to: Custody) -> tuple[Place | None, date | None, dict[str, str]]:
    """Place and day that a move needs, or the mistake at each field."""
    where, due_back = None, None
    if to is Custody.HELD:
        place = place_of(text(call, "cabinet"), text(call, "drawer"), text(call, "folder"))
        if isinstance(place, dict):
            return None, None, place
        where = place
    if to is Custody.OUT:
        due_back, today = paper_rows.day_typed(call, "due"), call.desk.clock.today()
        if due_back is None or not today <= due_back or (due_back - today).days > LONGEST_OUT_DAYS:
            return None, None, {"due": f"Enter a day from today, at most {LONGEST_OUT_DAYS} days ahead"}
    if to is Custody.LOST:
        with call.desk.db.reading() as session:
            others = {str(each.id) for each in accounts.colleagues(session, call.actor.id)}
        if text(call, "second_person") not in others:
            return None, None, {"second_person": "Choose who else on the staff looked for it"}
    return where, due_back, {}


def _move(call: Call, session: Session, number: int, to: Custody, where: Place | None, due_back: date | None) -> None:
    """Raises RefusedByRule with the reason, or ChangedMeanwhile."""
    paper, at, actor = originals.by_number(session, number), call.desk.clock.now(), str(call.actor.id)
    if paper.version != paper_rows.version(call):
        raise ChangedMeanwhile(originals.moved_first(session, paper))
    back = returns.open_return_of(session, paper)
    if back is not None and to is not Custody.LOST and paper.state == Custody.TO_RETURN:
        raise RefusedByRule(f"It was asked for: see return R-{back.number}. Call that off first.", "N16")
    if to is Custody.LOST:
        losses.declare(session, paper, text(call, "second_person"), actor=actor, at=at)
    else:
        facts = Facts(checked_by_person=to is Custody.CHECKED)
        originals.move(session, paper, to, facts, actor=actor, at=at, where=where, due_back=due_back)


@pages.post("/originals/{number:int}/irreplaceable", rule=Act.MOVE_ORIGINAL)
def irreplaceable(call: Call, number: int) -> Response:
    """Says that a paper cannot be replaced, or that it can after all."""
    kind = Irreplaceable(call.sent["kind"]) if call.sent.get("kind") in set(Irreplaceable) else None
    why = Replaceable(call.sent["why"]) if call.sent.get("why") in set(Replaceable) else None
    if kind is None and why is None:
        field = "why" if "undo" in call.sent else "kind"
        return _original(call, number, call.sent, {field: "Choose one"}, status=422)
    try:
        with call.desk.db.writing() as session:
            remarks.mark(
                session, originals.by_number(session, number), kind, why, actor=str(call.actor.id),
                at=call.desk.clock.now(), version=paper_rows.version(call),
            )  # fmt: skip
    except RefusedByRule as refused:
        return _original(call, number, call.sent, {"why": refused.message}, status=422)
    done = "cannot be replaced, so it never goes in waste" if kind else "can be replaced after all"
    return call.go(f"/originals/{number}", f"O-{number} {done}.")


@pages.post("/originals/{number:int}/keep", rule=Act.MOVE_ORIGINAL)
def keep(call: Call, number: int) -> Response:
    """The family asks us after all to keep a paper, or no longer does."""
    if call.sent.get("asked") not in ("yes", "no"):
        return _original(call, number, call.sent, {"asked": "Choose what the family said"}, status=422)
    asked = call.sent["asked"] == "yes"
    try:
        with call.desk.db.writing() as session:
            remarks.keep(
                session, originals.by_number(session, number), asked, actor=str(call.actor.id), at=call.desk.clock.now(),
                version=paper_rows.version(call),
            )  # fmt: skip
    except RefusedByRule as refused:
        return _original(call, number, call.sent, {"asked": refused.message}, status=422)
    done = "is kept for the family, so it never goes in waste" if asked else "is not kept for the family any more"
    return call.go(f"/originals/{number}", f"O-{number} {done}.")


@pages.post("/originals/{number:int}/waste", rule=Act.MOVE_ORIGINAL)
def to_waste(call: Call, number: int) -> Response:
    """Puts a paper in the open sack, if every condition holds."""
    with call.desk.db.reading() as session:
        paper = originals.by_number(session, number)
        proofs = pictures.proofs(session, call.desk.store, [paper])
    try:
        with call.desk.db.writing() as session:
            paper = originals.by_number(session, number)
            batch = add_to_sack(call, session, paper, proofs.get(paper.id), paper_rows.version(call))
    except RefusedByRule as refused:
        return _original(call, number, {"to": "waste"}, {"waste": refused.message}, status=422)
    return call.go(f"/originals/{number}", f"O-{number} goes in sack {batch.number}.")


def add_to_sack(
    call: Call, session: Session, paper: Original, proof: pictures.Proof | None, version: int | None
) -> WasteBatch:
    """The one way from the desk into a sack. Raises `waste.Blocked` or ChangedMeanwhile."""
    number = 0 if waste.open_now(session) else inbox.next_number(session, "waste_batch")
    return waste.add(
        session, paper, number=number, policy=call.desk.policy(), proof=proof, backups=call.desk.backups, actor=str(call.actor.id),
        at=call.desk.clock.now(), version=version,
    )  # fmt: skip


@pages.post("/originals/{number:int}/take-out", rule=Act.MOVE_ORIGINAL)
def take_out(call: Call, number: int) -> Response:
    """Takes a paper out of the open sack."""
    with call.desk.db.writing() as session:
        paper = originals.by_number(session, number)
        waste.take_out(
            session, paper, actor=str(call.actor.id), at=call.desk.clock.now(), version=paper_rows.version(call)
        )
    return call.go(f"/originals/{number}", f"O-{number} was taken out. Put it away.")


def pdf(made: bytes, name: str) -> Response:
    """A print, shown in the browser. Its name holds nothing personal."""
    disposition = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return Response(made, media_type="application/pdf", headers=disposition)


def _lists(call: Call, mistakes: dict[str, str], status: int = 200) -> Response:
    chosen_place = (call.request.query_params.get("cabinet", ""), call.request.query_params.get("drawer", ""))
    with call.desk.db.reading() as session:
        drawers = stocktakes.drawers(session)
        known = next((one for one in drawers if (one.cabinet, one.drawer) == chosen_place), None)
        shelves = [
            _shelf(call, session, "put-away", "To put away", "Nothing waits to be put away.", waiting.TO_PUT_AWAY),
            _cabinet(call, session, known),
        ]
        out = _shelf(call, session, "out", "Signed out", "No paper is signed out.", waiting.SIGNED_OUT)
        lost = _shelf(call, session, "lost", "Lost", "No paper is lost.", (Custody.LOST,))
    shelves += [each for each in (out, lost) if each.total]
    return call.page(
        "originals.html", status=status, title="Originals", shelves=shelves, mistakes=mistakes, drawers=drawers, known=known,
        chosen=paper_rows.numbers_typed(call, "number"), sent=call.sent, sheet=SHEET, may_print=call.may(Act.PRINT_LABEL),
        tabs=TABS, here="/originals", size=PAGE,
    )  # fmt: skip


def _shelf(call: Call, session: Session, id: str, title: str, empty: str, states: Sequence[Custody]) -> Shelf:
    page = page_asked(call, id)
    papers = originals.in_states(session, states, PAGE, (page - 1) * PAGE)
    rows = paper_rows.rows(session, papers)
    return Shelf(id, title, empty, rows, originals.count(session, states), page, f"/originals?{id}=")


def _cabinet(call: Call, session: Session, known: stocktakes.Drawer | None) -> Shelf:
    """The cabinet, or one drawer of it, by drawer, folder and number."""
    page, empty = page_asked(call, "cabinet-page"), "The cabinet list is empty."
    if known is None:
        papers = originals.in_states(session, waiting.IN_CABINET, PAGE, (page - 1) * PAGE, by_place=True)
        total, path, title = originals.count(session, waiting.IN_CABINET), "/originals?cabinet-page=", "In the cabinet"
    else:
        here = (Original.state == Custody.HELD, Original.cabinet == known.cabinet, Original.drawer == known.drawer)
        total = session.exec(select(func.count()).select_from(Original).where(*here)).one()
        wanted = select(Original).where(*here).order_by(col(Original.folder), col(Original.number))
        papers = session.exec(wanted.offset((page - 1) * PAGE).limit(PAGE)).all()
        path = f"/originals?cabinet={known.cabinet}&drawer={known.drawer}&cabinet-page="
        title = f"In the cabinet: {Place(known.cabinet, known.drawer).words}"
    return Shelf("cabinet", title, empty, paper_rows.rows(session, papers), total, page, path)


def _original(call: Call, number: int, sent: dict[str, str], mistakes: dict[str, str], status: int = 200) -> Response:
    today, actor = call.desk.clock.today(), str(call.actor.id)
    with call.desk.db.reading() as session:
        paper = originals.by_number(session, number)
        [row] = paper_rows.rows(session, [paper])
        names = accounts.display_names(session)
        # Logging makes several moves at one instant; the order of the states is theirs too.
        order = list(Custody)
        moves = sorted(
            originals.moves_of(session, paper), key=lambda each: (each.moved_at, order.index(Custody(each.to_state)))
        )
        sheets, batch = originals.sheets_of(session, paper), waste.batch_of(session, paper)
        back = returns.open_return_of(session, paper)
        others = accounts.colleagues(session, call.actor.id)
        kept, kept_by = paper_facts.why_kept(paper), remarks.said_to_keep(session, paper)
        place = originals.place_now(paper) or originals.last_place(session, actor)
        in_hand = paper.state in (Custody.CHECKED, Custody.HELD) and row.may_go_from is not None
        proofs = pictures.proofs(session, call.desk.store, [paper]) if in_hand else {}
        against = (
            waste.why_not(
                session,
                paper,
                policy=call.desk.policy(),
                today=today,
                proof=proofs.get(paper.id),
                backups=call.desk.backups,
            )
            if in_hand
            else ()
        )
    choices = (
        []
        if back and paper.state == Custody.TO_RETURN
        else waiting.choices(Custody(paper.state), checked=paper.checked_by is not None)
    )
    return call.page(
        "original.html", status=status, title=f"Original O-{number}", paper=paper, row=row, sheets=sheets,
        now=waiting.where(paper.state, paper.place),
        moves=[
            (move, waiting.where(move.to_state, move.place), names.get(move.moved_by, "Paperchain"),
             names.get(move.second_person or "", move.second_person or "–"))
            for move in moves
        ],
        choices=choices, may_move=call.may(Act.MOVE_ORIGINAL), sent=sent, mistakes=mistakes, place=place, batch=batch,
        back=back, kept=kept, kept_by=kept_by, in_hand=in_hand, against=against, kinds=remarks.WORDS, whys=remarks.REPLACEABLE_WORDS,
        may_print=call.may(Act.PRINT_LABEL), may_open_item=call.may(Act.OPEN_ITEM) and paper.file_id is None, others=others,
        scan_next=call.request.query_params.get("next") == "scan", gone=paper.state in returns.GONE,
    )  # fmt: skip
