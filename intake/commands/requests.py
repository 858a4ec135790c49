"""`paperchain requests due`: the clock of R1-R9. Needs no database and no set-up."""

from typing import Annotated

import typer

from intake.commands.dates import day
from intake.commands.outcome import lines
from records.policies.periods import with_weekday
from records.requests.deadlines import Pause
from records.requests.deadlines import due as clock
from records.requests.working_days import england

app = typer.Typer(add_completion=False, no_args_is_help=True, help="The clock of a request.")


@app.callback()
def _group() -> None:
    """The clock of a request."""


@app.command()
def due(
    received: Annotated[str, typer.Option("--received", help="The day the service received it.")],
    identity: Annotated[
        str | None, typer.Option("--identity", help="The day proof of identity came, where it was needed.")
    ] = None,
    asked: Annotated[
        list[str] | None, typer.Option("--asked", metavar="FROM..TO", help="Waiting for a clarification.")
    ] = None,
    extended: Annotated[bool, typer.Option("--extended", help="Extended to three months (R7).")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Say by when a request must be answered, and why."""
    pauses = [_pause(text) for text in asked or []]
    start, proof = day(received, "--received"), identity and day(identity, "--identity")
    try:
        found = clock(start, england(), identity=proof or None, pauses=pauses, extended=extended)
        england().is_working(found.base)  # nothing is printed that a bank holiday not known here could change
    except (ValueError, OverflowError) as error:
        raise typer.BadParameter(str(error)) from None
    if json:
        dates = {name: getattr(found, name).isoformat() for name in ("base", "due", "notice_by", "target")}
        lines([dates | {"reason": found.reason}])
        return
    typer.echo(f"Due {with_weekday(found.due)}. Aim for {with_weekday(found.target)}.")
    typer.echo(found.reason)
    typer.echo(f"Notice of an extension must reach the person by {with_weekday(found.notice_by)}.")


def _pause(text: str) -> Pause:
    first, dots, last = text.partition("..")
    if not dots:
        raise typer.BadParameter("--asked is written as 2026-09-03..2026-09-09.")
    try:
        return Pause(day(first, "--asked"), day(last, "--asked"))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
