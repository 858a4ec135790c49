"""`paperchain take FILE…`: takes files in as if dropped in the folder."""

from pathlib import Path
from typing import Annotated

import typer

from intake import claiming
from intake.commands.outcome import Exit, lines, say
from intake.settings import load
from intake.wiring import open_paperchain

app = typer.Typer(add_completion=False)


@app.command()
def take(
    files: Annotated[list[Path], typer.Argument(help="Files to take in. They are copied; the originals stay.")],
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Take in files as if dropped in the folder (copies them; the originals stay)."""
    chain = open_paperchain(load())
    refused = 0
    for file in files:
        if not file.is_file():
            say(f"{file} is not a file. Name a scan, for example a PDF.")
            refused += 1
            continue
        dropped = claiming.drop(chain.settings.inbox, file)
        number = claiming.take(chain, claiming.claim(chain.settings.inbox, dropped))
        if json:
            lines([{"item": number, "name": file.name}])
        else:
            say(f"Item {number}: {file.name}")
    raise typer.Exit(Exit.UNUSABLE if refused else Exit.DONE)
