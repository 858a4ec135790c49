"""`paperchain move-to`: from the embedded database to PostgreSQL."""

from typing import Annotated

import typer

from intake.commands.outcome import Exit, lines, say
from intake.logs import set_up
from intake.settings import load
from records.errors import NotSetUp

app = typer.Typer(add_completion=False)


@app.command("move-to")
def move_to(
    url: Annotated[
        str | None,
        typer.Argument(
            metavar="[postgresql://…]",
            help="The empty PostgreSQL. Better leave it out and set database_url in paperchain.toml or PAPERCHAIN_DATABASE_URL: "
            "what stands on a command line, others on this machine can read.",
            show_default=False,
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a table.")] = False,
) -> None:
    """Move this home from the embedded database to PostgreSQL, and its documents to where the settings say.

    Stop Paperchain first. Every table and every document is compared by count and hash. The old database stays as it was;
    if anything fails, nothing is kept in the new one and the command can be given again.
    """
    from intake import moving

    set_up()
    settings = load()
    target = url or (settings.database_url.get_secret_value() if settings.database_url else None)
    if target is None:
        raise NotSetUp("Say where to: set database_url in paperchain.toml, or PAPERCHAIN_DATABASE_URL.")
    if not target.startswith(("postgresql://", "postgres://")):
        raise typer.BadParameter("the address must begin with postgresql://")
    moved = moving.move(settings, target, lambda *_: None)
    if json:
        lines([{"table": table, "rows": rows} for table, rows in moved.rows.items()])
    else:
        for table, rows in moved.rows.items():
            typer.echo(f"{rows:>9,}  {table}")
    say(
        f"Moved and compared: {sum(moved.rows.values()):,} rows, {moved.documents:,} documents ({moved.bytes >> 20:,} MB)."
    )
    if settings.database_url is None:
        say(f"Now set database_url in {settings.home / 'paperchain.toml'}, and start Paperchain again.")
    else:
        say("Start Paperchain again.")
    say(
        f"The old database {settings.database_file} is as it was. Delete it when the new one has proved itself: what is erased "
        "from now on stays in it until then."
    )
    raise typer.Exit(Exit.DONE)
