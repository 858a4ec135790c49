"""`paperchain read FILE…`: reads forms without storing anything."""

from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer

from intake import own_forms
from intake.commands.outcome import Exit, lines, say
from intake.overlays import draw_pages
from intake.paged import PagedReader
from intake.reader import OneFile
from intake.sandbox.client import PageResult
from intake.sandbox.drawing import NotDrawn
from intake.settings import Settings, load

app = typer.Typer(add_completion=False)


@app.command()
def read(
    files: Annotated[list[Path], typer.Argument(help="Scans to read: PDF, TIFF, JPEG or PNG.")],
    form: Annotated[str | None, typer.Option("--form", help="Only forms with this template id.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object for each form found.")] = False,
    overlay: Annotated[
        Path | None,
        typer.Option(
            "--overlay",
            metavar="OUT.png",
            help="Draw what was read on the page, of one FILE; several pages become OUT-1.png, OUT-2.png and so on. "
            "Each is a picture of the form: delete it when you are done.",
        ),
    ] = None,
) -> None:
    """Read forms without storing anything. A value with `review` true must be looked at by a person, and so must what `notes` say of the form."""
    if overlay is not None:
        _check_overlay(overlay, files)
    settings = load()
    for sentence in own_forms.not_used(settings.own_forms):
        say(sentence)
    unusable = 0
    with PagedReader(settings, form) as reader:
        for file in files:
            started = perf_counter()
            found, pages = reader.read_with_pages(file)
            rows = as_rows(found, perf_counter() - started)
            unusable += found.error is not None
            if json:
                lines(rows)
            else:
                for row in rows:
                    _show(row)
            if overlay is not None and found.error is None:
                _draw(overlay, file, found, pages, reader, settings)
    raise typer.Exit(Exit.UNUSABLE if unusable else Exit.DONE)


def _check_overlay(overlay: Path, files: list[Path]) -> None:
    if len(files) > 1:
        raise typer.BadParameter("name one FILE when drawing", param_hint="--overlay")
    if overlay.suffix.lower() != ".png":
        raise typer.BadParameter("the picture is a PNG: name it OUT.png", param_hint="--overlay")


def _draw(
    overlay: Path, file: Path, found: OneFile, pages: tuple[PageResult, ...], reader: PagedReader, settings: Settings
) -> None:
    """Writes the pictures, for their owner's eyes only, and says where they are."""
    written: list[Path] = []

    def keep(number: int, picture: bytes) -> None:
        path = overlay if len(pages) == 1 else overlay.with_stem(f"{overlay.stem}-{number}")
        path.touch(mode=0o600)
        path.write_bytes(picture)
        written.append(path)

    try:
        refusal = draw_pages(file, found.parts, pages, reader.catalogue, settings, keep)
    except (OSError, NotDrawn) as error:
        told = (error.strerror or "unknown reason") if isinstance(error, OSError) else str(error)
        say(f"The picture could not be made: {told.lower().rstrip('.')}.")
        raise typer.Exit(Exit.NOT_SET_UP if isinstance(error, OSError) else Exit.UNUSABLE) from None
    if refusal is not None:
        say(refusal.message)
    if written:
        told = str(written[0]) if len(written) == 1 else f"{written[0]} to {written[-1].name}"
        say(f"Drew {told}. They show the form: delete them when you are done." if len(written) > 1
            else f"Drew {told}. It shows the form: delete it when you are done.")  # fmt: skip


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
        rows.append(row | {"edition": part.edition, "notes": list(part.notes), "fields": fields, "seconds": share})
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
    for note in row["notes"]:
        typer.echo(f"  please look: {note}")
    for name, field in row["fields"].items():
        doubt = f"   please look: {field['reason']}" if field["review"] else ""
        typer.echo(f"  {name:28} {field['value'] or '–'}{doubt}")
