"""`paperchain read FILE…`: reads forms without storing anything."""

from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer

from intake.commands.outcome import Exit, lines, say
from intake.reader import OneFile, Reader
from intake.settings import load

app = typer.Typer(add_completion=False)


@app.command()
def read(
    files: Annotated[list[Path], typer.Argument(help="Scans to read: PDF, TIFF, JPEG or PNG.")],
    form: Annotated[str | None, typer.Option("--form", help="Only forms with this template id.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object for each form found.")] = False,
) -> None:
    """Read forms without storing anything. A value with `review` true must be looked at by a person."""
    unusable = 0
    with Reader(load(), form) as reader:
        for file in files:
            started = perf_counter()
            found = reader.read(file)
            rows = as_rows(found, perf_counter() - started)
            unusable += found.error is not None
            if json:
                lines(rows)
            else:
                for row in rows:
                    _show(row)
    raise typer.Exit(Exit.UNUSABLE if unusable else Exit.DONE)


def as_rows(found: OneFile, seconds: float) -> list[dict[str, Any]]:
    """The objects of the contract, in page order. `seconds` is shared between the forms of one file."""
    if found.error is not None:
        return [{"file": found.name, "error": found.error}]
    share = round(seconds / max(1, len(found.parts)), 3)
    rows: list[dict[str, Any]] = []
    for part in found.parts:
        row: dict[str, Any] = {"file": found.name, "pages": list(part.pages), "form": part.form}
        if part.form is None:
            rows.append(row | {"reason": part.reason, "seconds": share})
            continue
        fields = {
            name: {
                "value": read.value, "review": read.review, "confidence": round(read.confidence, 3),
                "reason": read.reason, "page": read.page, "box": [round(edge, 1) for edge in read.box],
            }
            for name, read in part.fields.items()
        }  # fmt: skip
        rows.append(row | {"edition": part.edition, "fields": fields, "seconds": share})
    return rows


def _show(row: dict[str, Any]) -> None:
    if "error" in row:
        say(f"{row['file']}: {row['error']}")
        return
    pages = ", ".join(map(str, row["pages"]))
    if row["form"] is None:
        typer.echo(f"{row['file']}, page {pages}: {row['reason']}")
        return
    typer.echo(f"{row['file']}, page {pages}: {row['form']} {row['edition']}")
    for name, field in row["fields"].items():
        doubt = f"   please look: {field['reason']}" if field["review"] else ""
        typer.echo(f"  {name:28} {field['value'] or '–'}{doubt}")
