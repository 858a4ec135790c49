"""`paperchain policy`: the settings S1-S23 of each service, with their values and where they come from."""

from datetime import date
from typing import Annotated, Any

import typer

from intake.commands.dates import day
from intake.commands.outcome import lines
from records.clock import Clock
from records.policies.periods import in_words
from records.policies.settings import NoSuchPolicy, Policy, load, services

app = typer.Typer(add_completion=False, no_args_is_help=True, help="The service's policy settings S1-S23.")


@app.callback()
def _group() -> None:
    """The service's policy settings S1-S23."""


def _today() -> str:
    return Clock().today().isoformat()


@app.command("list")
def list_(json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False) -> None:
    """List the policies that are carried, with the version in force today."""
    rows: list[dict[str, Any]] = []
    for name in services():
        found = load(name, day(_today(), "today"))
        rows.append({
            "service": name, "title": found.title, "version": found.version,
            "effective_from": found.effective_from.isoformat(),
        })  # fmt: skip
    if json:
        lines(rows)
        return
    for row in rows:
        typer.echo(
            f"{row['service']}: {row['title']}, version {row['version']}, in force since {row['effective_from']}"
        )


def _of_this_home(on: date) -> Policy:
    """The policy that this home runs by, its manager's changes among it."""
    from intake.settings import load as load_settings
    from intake.wiring import open_paperchain

    chain = open_paperchain(load_settings(), may_make=False)
    try:
        return chain.book.on(on)
    finally:
        chain.db.close()


@app.command()
def show(
    service: Annotated[
        str | None,
        typer.Argument(help="A service as shipped, see `paperchain policy list`."),
    ] = None,
    here: Annotated[
        bool, typer.Option("--here", help="This home's own policy instead, with its manager's changes.")
    ] = False,
    on: Annotated[
        str | None, typer.Option("--on", help="The version in force on this day; today if not given.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line, one for each setting.")] = False,
) -> None:
    """Show each setting of a policy with its value and its source."""
    wanted = day(on or _today(), "--on")
    if (service is None) != here:
        raise typer.BadParameter("Give either a service or --here.", param_hint="service")
    try:
        policy = load(service, wanted) if service else _of_this_home(wanted)
    except NoSuchPolicy as error:
        raise typer.BadParameter(str(error)) from None
    if json:
        lines(
            {"setting": row.code, "name": row.name, "value": row.value, "words": row.words, "source": row.source,
             "section": row.section, "stated": row.stated, "service": policy.service, "version": policy.version,
             "effective_from": policy.effective_from.isoformat()}
            for row in policy.rows
        )  # fmt: skip
        return
    typer.echo(f"{policy.title}, version {policy.version}, in force since {in_words(policy.effective_from)}")
    for row in policy.rows:
        silent = "" if row.stated else " (the policy does not say; the manager must confirm it)"
        where = f"{row.source}, {row.section}" if row.section.strip("-") else row.source
        typer.echo(f"\n{row.code}  {row.name}\n     {row.words}{silent}\n     Source: {where}")
