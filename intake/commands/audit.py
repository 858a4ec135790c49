"""`paperchain audit verify`, `anchor` and `export`: the record of what happened, checked, written down, handed on."""

from pathlib import Path
from typing import Annotated

import typer

from intake.commands.outcome import Exit, lines, say
from intake.settings import load
from intake.wiring import open_paperchain
from records.audit import anchors, export, trail
from records.audit.chain import Broken, Why
from records.errors import NotSetUp

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Check the audit chain, anchor it, export it.")

WORDS = {
    Why.ALTERED: "The audit chain is broken at entry {}.",
    Why.CUT_OFF: "The audit chain ends too early: entry {} and what followed were cut off, or an old copy was put back.",
    Why.NOT_AS_ANCHORED: "Entry {} of the audit chain is not the one that was written down in its anchor.",
}
WHAT_TO_DO = "Keep this home as it is and tell the manager (G5)."


@app.callback()
def _group() -> None:
    """Check the audit chain, anchor it, export it."""


@app.command()
def verify(
    anchor: Annotated[
        list[Path] | None,
        typer.Option(help="An anchor file kept elsewhere; may be given several times.", exists=True, dir_okay=False),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Check that nothing in the audit was altered, removed or added; exit 3 and the first broken entry if it was.

    Compares with the anchors in the anchor folder and with those given: only they can show that the newest entries were cut off.
    """
    from intake import anchoring

    settings = load()
    chain = open_paperchain(settings, may_make=False)
    given = [each for path in anchor or () for each in anchoring.read(path)]
    known = anchors.by_sequence([*anchoring.known(settings.anchors), *given])
    with chain.db.reading() as session:
        found = trail.check(session, known)
    if isinstance(found, Broken):
        if json:
            lines([{"whole": False, "broken_at": found.sequence, "why": found.why}])
        say(f"{WORDS[found.why].format(found.sequence)} {WHAT_TO_DO}")
        raise typer.Exit(Exit.REFUSED)
    if json:
        lines([{"whole": True, "entries": found.entries, "head": found.head.hex(), "anchors": len(known)}])
    else:
        compared = f", compared with {len(known)} anchors" if known else ", no anchors to compare with"
        typer.echo(f"Unbroken: {found.entries} entries{compared}. Head {found.head.hex()[:16]}")


@app.command()
def anchor() -> None:
    """Write the newest entry down now, into the anchor folder. The running service does it each day and after 500 entries."""
    from intake import anchoring

    chain = open_paperchain(load(), may_make=False)
    path = anchoring.write(chain)
    typer.echo(str(path) if path else "Nothing was recorded yet.")


@app.command("export")
def export_(
    out: Annotated[Path, typer.Argument(metavar="FILE", help="A new file; - for standard output.", allow_dash=True)],
) -> None:
    """Write the whole audit as text that anybody can verify with docs/audit.md and an anchor: ids and codes, no names."""
    chain = open_paperchain(load(), may_make=False)
    with chain.db.writing() as session:
        trail.append(
            session, actor=trail.SYSTEM, act="audit_exported", subject_kind="audit", subject_id="", at=chain.clock.now()
        )
    with chain.db.reading() as session:
        if str(out) == "-":
            for line in export.lines(session):
                typer.echo(line.decode("ascii"), nl=False)
            return
        try:
            with out.open("xb") as file:
                file.writelines(export.lines(session))
        except FileExistsError:
            raise NotSetUp(f"{out.name} is there already. Give the name of a new file; nothing was written.") from None
    say(f"Written to {out.name}. Verify it as docs/audit.md says, with an anchor that was kept elsewhere.")
