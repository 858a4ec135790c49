"""`paperchain restore`: begin again from a backup, in an empty home."""

from pathlib import Path
from typing import Annotated

import typer

from intake.commands.outcome import Exit, lines, say
from intake.logs import set_up
from intake.settings import load

app = typer.Typer(add_completion=False)


@app.command()
def restore(
    backup: Annotated[Path, typer.Argument(metavar="BACKUP", help="A file backup-….pcb in its folder.")],
    key: Annotated[
        Path | None, typer.Option(help="The master key that you kept apart, if it is not in keys/ of the home already.")
    ] = None,
    anchor: Annotated[
        list[Path] | None,
        typer.Option(help="An audit anchor kept elsewhere; may be given several times.", exists=True, dir_okay=False),
    ] = None,
    ledger: Annotated[
        list[Path] | None,
        typer.Option(
            help="A newer copy of the ledger of destruction (destroyed.jsonl) than those beside the backup and beside the key.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="Restore also when some documents are damaged; they stay missing.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Restore a backup into an empty home (PAPERCHAIN_HOME), or into an empty PostgreSQL where the settings name one.

    Every document is compared by its hash and the record by its chain. What was destroyed after the backup was made is destroyed
    again before Paperchain can start on the home. Everybody must sign in again.
    """
    from intake import restoring
    from intake.commands.backup import progress

    set_up()
    settings = load()
    with progress("Documents") as show:
        done = restoring.restore(
            settings, backup.absolute(), key=key, ledgers=ledger or (), outside=restoring.known_anchors(anchor or ()),
            keep_going=keep_going, show=show,
        )  # fmt: skip
    if json:
        lines([{
            "made_at": done.heading.made_at, "documents": done.documents, "missing": done.missing, "entries": done.entries,
            "entries_since": done.entries_since, "destroyed_again": done.destroyed_again,
        }])  # fmt: skip
    say(f"Restored and compared: {done.documents:,} documents and a record of {done.entries:,} unbroken entries.")
    if done.missing:
        say(
            f"{done.missing:,} documents are damaged in this backup and missing now. Look for their papers or older backups."
        )
    if done.entries_since:
        say(
            f"After this backup {done.entries_since:,} more entries were made, which are lost. Do again what was done since."
        )
    if done.destroyed_again:
        say(f"{done.destroyed_again:,} files, items and forms that were destroyed since were destroyed again.")
    say("Start Paperchain. Everybody must sign in again.")
    raise typer.Exit(Exit.DONE)
