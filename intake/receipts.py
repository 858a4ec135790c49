"""The ledger of a day in words, for the desk and for the printed receipt. Numbers and states only: nothing personal."""

from collections.abc import Mapping
from datetime import date

from forms.printing.sheets import Receipt, ReceiptLine
from records.policies.periods import in_words
from records.post.page_ledger import Ledger, Line, Place, Sums
from records.vocabulary import ItemState

PLACE_WORDS = {
    Place.FILED: "Filed with a child's papers",
    Place.BLANK: "Blank, and seen by a person",
    Place.SHEET: "Our own sheets and policy pages, seen by a person",
    Place.NOT_OURS: "Not ours",
    Place.COPY: "Copies of other post",
    Place.RETURNED: "Returned to the sender",
    Place.STOPPED: "Stopped",
    Place.ERASED: "Erased, because the family said No to storing",
    Place.UNSEEN: "Read as blank or our own print, not yet seen by a person",
    Place.WAITING: "Waiting for a person",
}


def pages(count: int) -> str:
    """`1 page`, `12 pages`."""
    return "1 page" if count == 1 else f"{count} pages"


def files(count: int) -> str:
    """`1 file`, `12 files`."""
    return "1 file" if count == 1 else f"{count} files"


def verdict(found: Sums) -> str:
    """Whether the pages add up, in one sentence."""
    if not found.balances:
        numbers = ", ".join(str(number) for number in found.lost)
        return f"The pages do not add up. Look at item {numbers} and at the paper before anything is destroyed."
    total = found.pages_in
    out = f"{pages(total)} in, {total} out: every page is in one place."
    return out if not found.uncounted else f"{out} {files(found.uncounted)} not counted yet."


def where(line: Line) -> str:
    """Where the pages of one item are."""
    if line.counted is None:
        return (
            "Being read" if line.state in (ItemState.ARRIVING, ItemState.READING) else "Stopped before it was counted"
        )
    parts = [f"{PLACE_WORDS[place]}: {line.places[place]}" for place in Place if line.places.get(place)]
    if line.lost:
        parts.append(f"Not accounted for: {line.lost}")
    return "; ".join(parts) or "No pages"


def places(found: Sums) -> Mapping[str, int]:
    """Every place that has pages, in words."""
    return {PLACE_WORDS[place]: count for place, count in found.places.items() if count}


def receipt_of(found: Ledger, day: date, *, printed_on: date, service: str) -> Receipt:
    """The receipt of a day's post."""
    sums = found.sums
    waits = (
        "Everything is settled." if sums.done else "Some of it still waits: print the receipt again when it is settled."
    )
    return Receipt(
        title=f"Receipt for the post of {in_words(day)}",
        facts=(f"Files in: {sums.files}. Pages in: {sums.pages_in}.", waits),
        verdict=verdict(sums),
        places=tuple(places(sums).items()),
        total=sum(sums.places.values()),
        items=tuple(
            ReceiptLine(line.number, "–" if line.counted is None else str(line.counted), where(line))
            for line in found.lines
        ),
        footer=f"{service}. Printed {in_words(printed_on)}.",
    )  # fmt: skip
