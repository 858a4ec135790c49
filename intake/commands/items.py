"""`paperchain items`: the post, one line an item."""

from typing import Annotated, Any

import typer

from intake.commands.outcome import lines
from intake.settings import load
from intake.wiring import Paperchain, open_paperchain
from records.clock import LONDON
from records.post import inbox
from records.post.tables import Item
from records.vocabulary import ItemState, PartKind

app = typer.Typer(add_completion=False)

WORDS = {
    ItemState.ARRIVING: "Arriving",
    ItemState.READING: "Reading",
    ItemState.TO_REVIEW: "To review",
    ItemState.TO_SORT: "To sort",
    ItemState.STOPPED: "Stopped",
    ItemState.FILED: "Filed",
    ItemState.NOT_OURS: "Not ours",
    ItemState.RETURNED: "Returned to sender",
}


def rows(chain: Paperchain) -> list[dict[str, Any]]:
    """One mapping an item, newest last: item, name, arrived, state, kind, pages, form, reason."""
    from sqlmodel import col, select

    found = []
    with chain.db.reading() as session:
        for item in session.exec(select(Item).order_by(col(Item.number))):
            parts = inbox.parts_of(session, item)
            forms = sorted({part.form for part in parts if part.form})
            kinds = [PartKind(part.kind) for part in parts if part.kind in (PartKind.FORM, PartKind.OTHER)]
            found.append({
                "item": item.number,
                "name": inbox.name_of(session, item).encode("utf-8", "replace").decode(),
                "arrived": item.arrived_at.astimezone(LONDON).isoformat(timespec="seconds"),
                "state": item.state,
                "kind": _kind(kinds),
                "pages": item.pages,
                "form": ", ".join(forms) or None,
                "forms": kinds.count(PartKind.FORM),
                "reason": item.reason or next((part.reason for part in parts if part.reason and part.kind == PartKind.OTHER), None),
            })  # fmt: skip
    return found


def _kind(kinds: list[PartKind]) -> str | None:
    if not kinds:
        return None
    if all(kind is PartKind.FORM for kind in kinds):
        return "form"
    return "other" if all(kind is PartKind.OTHER for kind in kinds) else "mixed"


@app.command()
def items(json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False) -> None:
    """List the post, one line an item: number, when it arrived, where it is now, and why it stopped."""
    found = rows(open_paperchain(load(), may_make=False))
    if json:
        lines(found)
    else:
        show(found)


def show(found: list[dict[str, Any]]) -> None:
    """A table on stdout, as wide as the terminal (or 160 columns where there is none)."""
    import shutil

    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(width=shutil.get_terminal_size((160, 50)).columns)
    if not found:
        console.print("No post yet. Scan to the inbox folder, or use `paperchain take FILE`.")
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("Item", "Name", "Pages", "What it is", "Where it is now", "Reason"):
        table.add_column(heading, overflow="fold", justify="right" if heading in ("Item", "Pages") else "left")
    for row in found:
        what = row["form"] if row["form"] else {"other": "no form of ours", None: ""}.get(row["kind"], "")
        if row["forms"] > 1:
            what += f" ({row['forms']} forms)"
        if row["kind"] == "mixed":
            what += ", other pages"
        table.add_row(
            str(row["item"]), escape(printable(row["name"])), str(row["pages"] or ""), what,
            WORDS[ItemState(row["state"])], escape(row["reason"] or ""),
        )  # fmt: skip
    console.print(table)


def printable(name: str) -> str:
    """A file's name with control characters and direction marks made visible: a name must not redraw the screen."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)
