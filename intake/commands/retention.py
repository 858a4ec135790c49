"""`paperchain retention`: when something about children falls due, and why (`explain`, which needs no set-up), and a run by hand."""

import os
from typing import Annotated

import typer

from intake.commands.outcome import Exit, lines, say
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


@app.command()
def run(
    date_is_right: Annotated[
        bool,
        typer.Option(
            "--date-is-right",
            help="You have looked at a calendar, and today's date on this machine is right. Needed when nothing was recorded for "
            "more than 35 days.",
        ),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Destroy the files of one approved list whose 30 days of grace are over. This cannot be undone.

    The running service does this by itself once a month, unless the setting run_by_itself is false. Only a list that
    an officer looked through and a manager approved is touched; every date and every hold is looked at again at the last moment.
    Exit 3 when the clock, the audit chain or the number of files makes it refuse: nothing is destroyed then.
    """
    from intake import retaining
    from intake.settings import load as settings
    from intake.wiring import open_paperchain
    from records.retention.run import Result

    done = retaining.by_hand(open_paperchain(settings(), may_make=False), vouched=date_is_right)
    refused = done.result in (Result.CLOCK, Result.CHAIN, Result.CAP, Result.UNVERIFIED)
    if json:
        lines([{
            "result": done.result, "words": done.words, "certificate": done.number, "files": done.files, "left_alone": done.stopped,
        }])  # fmt: skip
    elif not refused:
        typer.echo(done.words if done.number is None else f"{done.words} Certificate {done.number}.")
    if refused:
        say(done.words)
        raise typer.Exit(Exit.REFUSED)
