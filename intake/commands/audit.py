"""`paperchain audit verify`: checks the chain."""

from typing import Annotated

import typer

from intake.commands.outcome import Exit, lines, say
from intake.settings import load
from intake.wiring import open_paperchain
from records.audit import trail
from records.audit.chain import Broken

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Check the audit chain.")


@app.callback()
def _group() -> None:
    """Check the audit chain."""


@app.command()
def verify(json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False) -> None:
    """Check that nothing in the audit was altered, removed or added; exit 3 and the first broken entry if it was."""
    chain = open_paperchain(load(), may_make=False)
    with chain.db.reading() as session:
        found = trail.check(session)
    if isinstance(found, Broken):
        if json:
            lines([{"whole": False, "broken_at": found.sequence}])
        say(f"The audit chain is broken at entry {found.sequence}. Keep this home as it is and tell the manager (G5).")
        raise typer.Exit(Exit.REFUSED)
    if json:
        lines([{"whole": True, "entries": found.entries, "head": found.head.hex()}])
    else:
        typer.echo(f"Unbroken: {found.entries} entries. Head {found.head.hex()[:16]}")
