"""`paperchain print`: sheets to lay between papers, and the receipt of a day's post."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from intake.commands.numbers import file_number
from intake.commands.outcome import Exit, put_print, say
from intake.settings import load

_GROUP = "Print separator sheets, cover sheets for files, and the receipt of a day's post."
app = typer.Typer(add_completion=False, no_args_is_help=True, help=_GROUP)

To = Annotated[
    Path | None, typer.Option("--to", help="The PDF to write, or the folder for it; the current folder if not given.")
]


@app.callback(help=_GROUP)
def _group() -> None:
    """The group itself does nothing."""


@app.command()
def separators(
    count: Annotated[int, typer.Option("--count", min=1, max=200, help="How many sheets.")] = 5, to: To = None
) -> None:
    """Print sheets that begin a new item when they are scanned in a stack."""
    from forms.printing import sheets

    put_print(sheets.separators(count), to, "separators.pdf")


@app.command()
def covers(
    files: Annotated[
        list[int], typer.Argument(parser=file_number, metavar="NUMBER", help="Numbers of files, like PC-0042 or 42.")
    ],
    to: To = None,
) -> None:
    """Print cover sheets that offer a file for the papers scanned behind them."""
    from forms.printing import sheets

    try:
        made = sheets.covers(files)
    except ValueError as error:
        say(f"{str(error).capitalize()}.")
        raise typer.Exit(Exit.USAGE) from None
    put_print(made, to, "covers.pdf")


@app.command()
def receipt(
    day: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="The day, for example 2026-11-20.")],
    to: To = None,
) -> None:
    """Print the receipt of a day's post: every page that came in and where it is."""
    from forms.printing import sheets
    from intake import receipts
    from intake.wiring import open_paperchain
    from records.post import batches

    chain, wanted = open_paperchain(load(), may_make=False), day.date()
    with chain.db.reading() as session:
        found = batches.of_day(session, wanted)
    if not found.sums.any_post:
        say(f"There was no post on {wanted.isoformat()}.")
        raise typer.Exit(Exit.UNUSABLE)
    today: date = chain.clock.today()
    made = receipts.receipt_of(found, wanted, printed_on=today, service=chain.settings.service.name)
    put_print(sheets.receipt(made), to, f"receipt-{wanted.isoformat()}.pdf")
    say(receipts.verdict(found.sums))
