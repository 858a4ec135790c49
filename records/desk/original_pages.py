"""Paper originals: where each one is, moving it, and its labels. Numbers only, never a name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select
from starlette.responses import Response

from records.custody import labels, originals, waiting
from records.custody.labels import SHEET, Label
from records.custody.moves import WORDS, Allowed, Custody, Facts
from records.custody.proposal import ProposalKind
from records.custody.tables import Original
from records.desk.shell import Call, Pages
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.post.tables import Item
from records.staff import accounts
from records.staff.access import Act

MOST_LABELS = 210
LONGEST = 80
PROPOSAL_WORDS = {
    ProposalKind.CABINET: "Keep in the cabinet",
    ProposalKind.WASTE: "Confidential waste",
    ProposalKind.RETURN: "Return to the family",
}
NO_SUCH_PAPER = "There is no paper with that number. Look at the label again"

pages = Pages()


@dataclass(frozen=True)
class Row:
    """One paper in a list."""

    number: int
    item_number: int | None
    sheets: int
    where: str
    place: str
    proposal: str
    reason: str
    may_go_from: date | None


@dataclass(frozen=True)
class Shelf:
    """One of the lists. `total` is more than the rows when only the first are shown."""

    id: str
    title: str
    empty: str
    rows: list[Row]
    total: int


@pages.get("/originals", rule=Act.SEE_ORIGINALS)
def lists(call: Call) -> Response:
    return _lists(call, {})


@pages.post("/originals/find", rule=Act.SEE_ORIGINALS)
def find(call: Call) -> Response:
    number = _number(call.sent.get("label", ""))
    try:
        with call.desk.db.reading() as session:
            original = originals.by_number(session, -1 if number is None else number)
    except NotFound:
        return _lists(call, {"label": NO_SUCH_PAPER}, status=422)
    return call.go(f"/originals/{original.number}")


@pages.post("/originals/labels", rule=Act.PRINT_LABEL)
def print_labels(call: Call) -> Response:
    chosen = [_number(value) for value in call.form.getlist("number") if isinstance(value, str)]
    numbers = sorted({number for number in chosen if number is not None})
    first = _number(call.sent.get("first", "1"))
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
        items = _item_numbers(session, found)
    wanted = [Label(each.number, f"Item {items.get(each.item_id, '–')}", each.place or "") for each in found]
    disposition = {"Content-Disposition": 'inline; filename="labels.pdf"'}
    return Response(labels.sheet(wanted, first - 1), media_type="application/pdf", headers=disposition)


@pages.get("/originals/{number:int}", rule=Act.SEE_ORIGINALS)
def original(call: Call, number: int) -> Response:
    return _original(call, number, {}, {})


@pages.post("/originals/{number:int}/move", rule=Act.MOVE_ORIGINAL)
def move(call: Call, number: int) -> Response:
    sent = {name: " ".join(value.split()) for name, value in call.sent.items()}
    to = Custody(sent["to"]) if sent.get("to") in set(Custody) else None
    if to is None:
        raise NotFound("There is no such move.")
    long = [name for name in ("place", "second_person", "reference") if len(sent.get(name, "")) > LONGEST]
    if long:
        return _original(call, number, sent, {long[0]: f"Use at most {LONGEST} letters"}, status=422)
    try:
        with call.desk.db.writing() as session:
            _move(call, session, originals.by_number(session, number), to, sent)
    except RefusedByRule as refused:
        return _original(call, number, sent, {_field(to, sent): refused.message}, status=422)
    return call.go(f"/originals/{number}", f"O-{number} is now: {WORDS[to].lower()}.")


def _move(call: Call, session: Session, paper: Original, to: Custody, sent: dict[str, str]) -> None:
    """Raises RefusedByRule with the reason, or ChangedMeanwhile."""
    if sent.get("version") != str(paper.version):
        raise ChangedMeanwhile("Somebody else moved this paper first. Look where it is now.")
    if to not in waiting.BUTTONS:
        raise RefusedByRule(f"A paper cannot be marked “{WORDS[to].lower()}” on this page.", "P10")
    if to is Custody.TO_DISPOSE:
        allowed = waiting.may_go_in_waste(paper.proposal, paper.wait_until, call.desk.clock.today())
        if not isinstance(allowed, Allowed):
            raise RefusedByRule(allowed.reason, allowed.rule)
    facts = Facts(
        checked_by_person=to is Custody.CHECKED or paper.checked_by is not None, place=sent.get("place") or None,
        second_person=sent.get("second_person") or None, reference=sent.get("reference") or None,
    )  # fmt: skip
    originals.move(session, paper, to, facts, actor=str(call.actor.id), at=call.desk.clock.now())


def _field(to: Custody, sent: dict[str, str]) -> str:
    """The field that a refused move is shown at: the first empty one that it needs, else the move itself."""
    if to is Custody.HELD and not sent.get("place"):
        return "place"
    if to in (Custody.RETURNED, Custody.LOST) and not sent.get("second_person"):
        return "second_person"
    if to is Custody.RETURNED and not sent.get("reference"):
        return "reference"
    return "to"


def _number(typed: str) -> int | None:
    """A paper's number as scanned (`PCO0000042`), as printed (`O-42`), or the figures alone."""
    text = typed.strip()
    if not text.isascii() or len(text) > 12:
        return None
    found = int(text) if text.isdigit() else labels.number_from(text)
    return found if found is not None and found < 2**31 else None


def _item_numbers(session: Session, papers: Sequence[Original]) -> dict[UUID, int]:
    wanted = [paper.item_id for paper in papers]
    return dict(session.exec(select(Item.id, Item.number).where(col(Item.id).in_(wanted))).all())


def _lists(call: Call, mistakes: dict[str, str], status: int = 200) -> Response:
    with call.desk.db.reading() as session:
        shelves = _shelves(session)
    chosen = {number for value in call.form.getlist("number") if isinstance(value, str) and (number := _number(value))}
    return call.page(
        "originals.html", status=status, title="Originals", shelves=shelves, mistakes=mistakes, chosen=chosen,
        sent=call.sent, sheet=SHEET, may_print=call.may(Act.PRINT_LABEL),
    )  # fmt: skip


def _shelves(session: Session) -> list[Shelf]:
    in_hand = originals.in_states(session, waiting.TO_PUT_AWAY)
    held = sorted(originals.in_states(session, waiting.IN_CABINET), key=lambda paper: (paper.place or "", paper.number))
    waste, back = originals.in_states(session, waiting.FOR_WASTE), originals.in_states(session, waiting.RETURNS)
    lost = originals.in_states(session, (Custody.LOST,))
    items = _item_numbers(session, [*in_hand, *held, *waste, *back, *lost])

    def shelf(id: str, title: str, empty: str, papers: Sequence[Original], states: Sequence[Custody]) -> Shelf:
        return Shelf(id, title, empty, [_row(paper, items) for paper in papers], originals.count(session, states))

    found = [
        shelf("put-away", "To put away", "Nothing waits to be put away.", in_hand, waiting.TO_PUT_AWAY),
        shelf("cabinet", "In the cabinet", "The cabinet list is empty.", held, waiting.IN_CABINET),
        shelf("waste", "Confidential waste", "No paper is for confidential waste.", waste, waiting.FOR_WASTE),
        shelf("returns", "Returns", "No paper is to be returned.", back, waiting.RETURNS),
    ]
    return [*found, shelf("lost", "Lost", "No paper is lost.", lost, (Custody.LOST,))] if lost else found


def _row(paper: Original, items: dict[UUID, int]) -> Row:
    kind = ProposalKind(paper.proposal)
    return Row(
        number=paper.number, item_number=items.get(paper.item_id), sheets=paper.sheets,
        where=WORDS[Custody(paper.state)], place=paper.place or "–", proposal=PROPOSAL_WORDS[kind],
        reason=paper.proposal_reason, may_go_from=paper.wait_until if kind is ProposalKind.WASTE else None,
    )  # fmt: skip


def _original(call: Call, number: int, sent: dict[str, str], mistakes: dict[str, str], status: int = 200) -> Response:
    today = call.desk.clock.today()
    with call.desk.db.reading() as session:
        paper = originals.by_number(session, number)
        row = _row(paper, _item_numbers(session, [paper]))
        names = accounts.display_names(session)
        # Logging makes several moves at one instant; the order of the states is theirs too.
        order = list(Custody)
        moves = sorted(
            originals.moves_of(session, paper), key=lambda each: (each.moved_at, order.index(Custody(each.to_state)))
        )
    choices = waiting.choices(Custody(paper.state), paper.proposal, paper.wait_until, today)
    return call.page(
        "original.html", status=status, title=f"Original O-{number}", paper=paper, row=row,
        now=waiting.where(paper.state, paper.place),
        moves=[(move, waiting.where(move.to_state, move.place), names.get(move.moved_by, "Paperchain")) for move in moves],
        choices=choices, may_move=bool(choices) and call.may(Act.MOVE_ORIGINAL), sent=sent, mistakes=mistakes,
        may_print=call.may(Act.PRINT_LABEL), may_open_item=call.may(Act.OPEN_ITEM),
    )  # fmt: skip
