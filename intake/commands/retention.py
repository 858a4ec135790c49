"""`paperchain retention explain`: when something about children falls due, and why. Needs no database and no set-up."""

import os
from typing import Annotated

import typer

from intake.commands.outcome import lines
from records.clock import Clock
from records.people.birthdates import BirthDate, parse
from records.policies.periods import in_words
from records.policies.settings import NoSuchPolicy, load
from records.retention.schedule import Due, falls_due

app = typer.Typer(add_completion=False, no_args_is_help=True, help="When something falls due for destruction, and why.")

DEFAULT = "westminster"


@app.callback()
def _group() -> None:
    """When something falls due for destruction, and why."""


@app.command()
def explain(
    born: Annotated[
        list[str],
        typer.Option("--born", help="A birth date: 2010-06-15, 2010-06, 2010 or unknown. One for each child."),
    ],
    more: Annotated[list[str] | None, typer.Argument(metavar="[DATE]...", help="More birth dates.")] = None,
    policy: Annotated[str | None, typer.Option("--policy", help="The service whose policy applies.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Say when something about these children falls due, and why."""
    births: list[BirthDate | None] = []
    for text in [*born, *(more or [])]:
        try:
            births.append(parse(text))
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None
    service = policy or os.environ.get("PAPERCHAIN_SERVICE__POLICY") or DEFAULT
    try:
        rule = load(service, Clock().today()).retention
    except NoSuchPolicy as error:
        raise typer.BadParameter(str(error)) from None
    found = falls_due(births, rule)
    due, last = (found.due, found.last_day_kept) if isinstance(found, Due) else (None, None)
    if json:
        lines(
            [
                {
                    "due": due and due.isoformat(),
                    "last_day_kept": last and last.isoformat(),
                    "reason": found.reason,
                    "rule": found.rule,
                }
            ]
        )
        return
    typer.echo(f"Due {in_words(due)}. Last day kept {in_words(last)}." if due and last else "No due date.")
    typer.echo(found.reason)
    typer.echo(f"Rule: {found.rule}")
