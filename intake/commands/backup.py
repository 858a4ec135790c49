"""`paperchain backup`: everything, to begin again from."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from intake.commands.outcome import Exit, lines, say
from intake.logs import set_up
from intake.settings import load
from intake.wiring import open_paperchain
from records.errors import NotSetUp

app = typer.Typer(add_completion=False)


@app.command()
def backup(
    to: Annotated[
        Path | None,
        typer.Option(
            help="The folder for it, best on another machine. Default: the folder for backups in the settings."
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Make a backup while everything runs, and read it back. It opens only with the master key, which is never in it.

    Documents that an older backup in the folder has are not copied again. Backups older than keep_days are destroyed, and with them
    what was erased since.
    """
    from intake import backing_up

    set_up()
    settings = load()
    folder = to or settings.backup.folder
    if folder is None:
        raise NotSetUp("Say where to: give --to FOLDER, or set folder under [backup] in paperchain.toml.")
    chain = open_paperchain(settings, may_make=False)
    with progress("Documents") as show:
        made = backing_up.make(chain, folder.absolute(), show)
    if json:
        lines([{"backup": str(made.path), "documents": made.documents, "copied": made.copied, "bytes": made.size,
                "expired": made.gone}])  # fmt: skip
    else:
        typer.echo(str(made.path))
    say(
        f"Made and read back: {made.documents:,} documents ({made.copied:,} of them new) and the database, {made.size >> 20:,} MB. "
        f"{made.gone} older backups were destroyed."
    )
    say(
        f"The master key {settings.key_file} is not in it. Keep a copy of that file apart: without it nothing can be restored."
    )
    raise typer.Exit(Exit.DONE)


@contextmanager
def progress(what: str) -> Iterator[Callable[[str, int, int], None]]:
    """A bar on a terminal, nothing elsewhere."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(transient=True, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=None)
        yield lambda _, done, of: bar.update(task, completed=done, total=of)
