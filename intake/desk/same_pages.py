"""Post that may have come before: what the list and an item's page say of it, and a person's answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select
from starlette.responses import Response

from intake import copies
from intake.desk import post_view
from intake.wiring import Paperchain
from records.desk.shell import Call, Pages
from records.errors import ChangedMeanwhile, RefusedByRule
from records.post import duplicates, inbox
from records.post.duplicates import Why
from records.post.tables import Duplicate, Item
from records.staff.access import Act
from records.vocabulary import ItemState, PartState

WHY_WORDS = {
    Why.SAME_BYTES: "the very same file",
    Why.SAME_PAPER: "it looks like the same paper, scanned again",
    Why.SAME_FORM: "the same form for the same child, signed the same day",
}
COMPARE_FIRST = "Nothing was discarded. Compare the two first, and say that you have."


@dataclass(frozen=True)
class Offer:
    """One pair as this item shows it. `opens`: the other may be opened as an item; `why_not`: why this one cannot be discarded."""

    pair: UUID
    item: int
    other: int
    why: str
    opens: bool
    why_not: str | None


def make(chain: Paperchain) -> Pages:
    """The answers over one Paperchain."""
    pages = Pages()

    @pages.post("/items/{number:int}/same/{pair:uuid}", rule=Act.SORT_ITEM)
    def answer(call: Call, number: int, pair: UUID) -> Response:
        with chain.db.reading() as session:
            item = inbox.by_number(session, number)
            _need(call, session, item)
            back = "/post" if item.state == ItemState.FILED else f"/items/{number}"
        match call.sent.get("answer"):
            case "keep_both":
                copies.keep_both(chain, number, pair, actor=str(call.actor.id))
                return call.go(back, "Both are kept.")
            case "discard" if call.sent.get("compared") != "yes":
                return call.go(back, COMPARE_FIRST)
            case "discard":
                try:
                    other = copies.discard(chain, number, pair, actor=str(call.actor.id))
                except RefusedByRule as refused:
                    return call.go(back, f"Nothing was discarded. {refused.message}")
                return call.go(
                    "/post",
                    f"Item {number} was discarded. Its pages are erased. Keep its paper with that of item {other}.",
                )
            case _:
                raise ChangedMeanwhile("Nothing was changed. Open the page again.")

    return pages


def _need(call: Call, session: Session, item: Item) -> None:
    """Unfiled items by those who sort them; filed ones by those who may open their file."""
    subject = post_view.subject_of(session, item)
    call.need(Act.SORT_ITEM if subject.officer_id is None else Act.OPEN_FILE, subject)


def offers(session: Session, call: Call, item: Item) -> list[Offer]:
    """What an item may be the same as and nobody has answered, as far as this person may know of it."""
    open_pairs = [pair for pair in duplicates.of_item(session, item) if pair.answer is None]
    return [offer for pair in open_pairs if (offer := _offer(session, call, pair, item)) is not None]


def listed(session: Session, call: Call, numbers: Sequence[int]) -> dict[int, list[Offer]]:
    """The same for the post list, where the later item of a pair tells of it."""
    items = {item.id: item for item in session.exec(select(Item).where(col(Item.number).in_(numbers)))}
    found: dict[int, list[Offer]] = {}
    for pair in duplicates.unanswered(session, items.keys()):
        item = items[pair.item_id]
        offer = _offer(session, call, pair, item)
        if offer is not None:
            found.setdefault(item.number, []).append(offer)
    return found


def _offer(session: Session, call: Call, pair: Duplicate, item: Item) -> Offer | None:
    other = session.get_one(Item, pair.other_id if item.id == pair.item_id else pair.item_id)
    if any(_discarded(session, one) for one in (item, other)):
        return None
    why, ours, theirs = Why(pair.why), post_view.subject_of(session, item), post_view.subject_of(session, other)
    if why is Why.SAME_FORM and not call.may(Act.OPEN_FILE, ours):
        return None  # that two items are one child's is for those who may open the file
    return Offer(
        pair=pair.id, item=item.number, other=other.number, why=WHY_WORDS[why],
        opens=call.may(Act.OPEN_ITEM, theirs), why_not=copies.why_not(session, item, other, why),
    )  # fmt: skip


def _discarded(session: Session, item: Item) -> bool:
    return any(part.state == PartState.COPY for part in inbox.parts_of(session, item))
