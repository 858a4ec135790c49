"""`paperchain forms`: templates."""

import json as json_text
from pathlib import Path
from typing import Annotated

import typer

from forms.catalogue import BLANKS, load_catalogue
from forms.errors import TemplateError
from forms.template import template_from_json
from intake.commands.outcome import Exit, lines, say

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Form templates: list, check, print.")


@app.callback()
def _group() -> None:
    """Form templates: list, check, print."""


@app.command("list")
def list_(json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False) -> None:
    """List the templates that can be read."""
    rows = [
        {"form": each.id, "edition": each.edition, "title": each.title, "language": each.language,
         "pages": len(each.pages), "fields": len(each.fields)}
        for each in load_catalogue().templates()
    ]  # fmt: skip
    if json:
        lines(rows)
        return
    for row in rows:
        typer.echo(f"{row['form']} {row['edition']}: {row['title']} ({row['pages']} page(s), {row['fields']} fields)")


@app.command()
def check(
    template: Annotated[Path, typer.Argument(help="A template file (.json), or the id of a bundled one.")],
) -> None:
    """Check a template and say what is wrong with it."""
    path = template if template.exists() else _bundled(str(template))
    try:
        found = template_from_json(json_text.loads(path.read_text("utf-8")))
    except (TemplateError, ValueError, KeyError, TypeError) as error:
        say(f"{path.name} is not right: {error}")
        raise typer.Exit(Exit.UNUSABLE) from None
    marks = sum(field.kind.is_mark for field in found.fields)
    typer.echo(f"{found.id} {found.edition} is right: {len(found.fields)} fields, {marks} of them marks.")


@app.command("print")
def print_(
    form: Annotated[str, typer.Argument(help="A template's id.", metavar="ID")],
    to: Annotated[
        Path | None, typer.Option("--to", help="Where to write the PDF; the current folder if not given.")
    ] = None,
) -> None:
    """Write the blank form as a PDF to print."""
    try:
        found = load_catalogue().get(form)
    except KeyError:
        say(f"There is no form {form}. See `paperchain forms list`.")
        raise typer.Exit(Exit.UNUSABLE) from None
    target = to or Path(f"{found.id}.pdf")
    target.write_bytes((BLANKS / f"{found.id}.pdf").read_bytes())
    say(f"Wrote {target}")


def _bundled(name: str) -> Path:
    found = sorted(BLANKS.glob(f"{name}*.json"))
    if not found:
        say(f"There is no template {name}. Name a file, or see `paperchain forms list`.")
        raise typer.Exit(Exit.UNUSABLE)
    return found[-1]
