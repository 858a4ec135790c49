"""Paper originals as pages show them: one row each, numbers only, and what people type about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from records.consents.typed import day_typed as boxed
from records.custody import labels, originals, waiting
from records.custody.moves import Custody
from records.custody.proposal import ProposalKind
from records.custody.tables import Original
from records.desk import numbers
from records.desk.shell import Call
from records.errors import ChangedMeanwhile
from records.post.tables import Item

PAGE = 100
LARGEST = originals.LARGEST
LONGEST = 80
PROPOSAL_WORDS = {
    ProposalKind.CABINET: "Keep in the cabinet",
    ProposalKind.WASTE: "Confidential waste",
    ProposalKind.RETURN: "Return to the family",
}
TABS = (
    ("/originals", "In the cabinet"),
    ("/originals/waste", "Confidential waste"),
    ("/originals/returns", "Returns"),
    ("/originals/stocktakes", "Stocktakes"),
    ("/originals/cabinets", "Cabinets"),
)


@dataclass(frozen=True)
class Row:
    """One paper in a list."""

    number: int
    item_number: int | None
    sheets: int
    where: str
    proposal: str
    reason: str
    may_go_from: date | None
    due_back: date | None
    irreplaceable: str | None


@dataclass(frozen=True)
class Shelf:
    """One list, a page of it at a time."""

    id: str
    title: str
    empty: str
    rows: list[Row]
    total: int
    page: int
    path: str

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def rows(session: Session, papers: Sequence[Original]) -> list[Row]:
    """Papers as rows."""
    items = item_numbers(session, papers)
    return [_row(paper, items) for paper in papers]


def item_numbers(session: Session, papers: Sequence[Original]) -> dict[UUID, int]:
    wanted = [paper.item_id for paper in papers]
    return dict(session.exec(select(Item.id, Item.number).where(col(Item.id).in_(wanted))).all())


def _row(paper: Original, items: dict[UUID, int]) -> Row:
    kind = ProposalKind(paper.proposal)
    return Row(
        number=paper.number, item_number=items.get(paper.item_id), sheets=paper.sheets,
        where=waiting.where(paper.state, paper.place), proposal=PROPOSAL_WORDS[kind], reason=paper.proposal_reason,
        may_go_from=paper.wait_until if kind is ProposalKind.WASTE else None,
        due_back=paper.due_back if paper.state == Custody.OUT else None, irreplaceable=paper.irreplaceable,
    )  # fmt: skip


def number_typed(typed: str) -> int | None:
    """A paper's number as scanned (`PCO0000042`), as printed (`O-42`), or the figures alone."""
    text = typed.strip()
    if not text.isascii() or len(text) > 12:
        return None
    found = int(text) if text.isdigit() else labels.number_from(text)
    return found if found is not None and 0 < found <= LARGEST else None


def numbers_typed(call: Call, name: str) -> set[int]:
    """The papers that were ticked."""
    found = (number_typed(value) for value in call.form.getlist(name) if isinstance(value, str))
    return {number for number in found if number is not None}


def text(call: Call, name: str) -> str:
    """What was typed in one field, in one line, without characters that cannot be printed."""
    typed = call.sent.get(name, "")
    return " ".join("".join(letter if letter.isprintable() else " " for letter in typed).split())


def whole(call: Call, name: str) -> int | None:
    """A small whole number that was typed, or None."""
    return numbers.whole(call.sent.get(name, ""))


def day_typed(call: Call, name: str) -> date | None:
    """A date from its three boxes (`name-day`, `name-month`, `name-year`), or None."""
    return boxed(*(call.sent.get(f"{name}-{part}", "") for part in ("day", "month", "year")))


def version(call: Call) -> int:
    """The version that the page carried. ChangedMeanwhile when it carried none."""
    found = whole(call, "version")
    if found is None:
        raise ChangedMeanwhile("Nothing was saved. Open the page again.")
    return found
