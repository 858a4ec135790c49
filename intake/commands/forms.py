"""`paperchain forms`: templates. The commands that open or print a PDF load what they need when they are called."""

import re
from pathlib import Path
from typing import Annotated

import typer

from forms.catalogue import Catalogue, pages_of, with_own
from forms.errors import TemplateError
from forms.template import LONGEST_NAME
from forms.template_file import read_template
from intake import own_forms
from intake.commands import accuracy, judge_again
from intake.commands.outcome import Exit, lines, put_print, say
from intake.settings import load

_GROUP = "Form templates: list, draft, check, print, and measure how well they are read."
app = typer.Typer(add_completion=False, no_args_is_help=True, help=_GROUP)


@app.callback(help=_GROUP)
def _group() -> None:
    """The group itself does nothing."""


@app.command("list")
def list_(json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False) -> None:
    """List the templates that can be read, and say which files of your own are not used."""
    own = load().own_forms
    for sentence in own_forms.not_used(own):
        say(sentence)
    rows = [
        {"form": each.id, "edition": each.edition, "title": each.title, "language": each.language,
         "pages": len(each.pages), "fields": len(each.fields)}
        for each in own_forms.readable(own).templates()
    ]  # fmt: skip
    if json:
        lines(rows)
        return
    for row in rows:
        typer.echo(f"{row['form']} {row['edition']}: {row['title']} ({row['pages']} page(s), {row['fields']} fields)")


@app.command()
def draft(
    blank: Annotated[Path, typer.Argument(help="The blank form as the PDF it was made as, not a scan.")],
    form: Annotated[
        str | None, typer.Option("--id", help="The template's id; from the file's name if not given.", metavar="ID")
    ] = None,
    edition: Annotated[str, typer.Option("--edition", help="The edition printed on the form, for example 2026.")] = "1",
    to: Annotated[
        Path | None,
        typer.Option("--to", help="Where to write the template; ID.EDITION.json in this folder if not given."),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Write over a template that is there already.")] = False,
) -> None:
    """Propose a template from a blank form, with the pictures and the PDF that belong to it.

    Check it with `paperchain forms check FILE --to DRAWING.pdf` and mend it by hand before you use it.
    """
    from forms.drafting.draft import propose, write_beside

    name = form or re.sub(r"[^a-z0-9]+", "-", blank.stem.lower()).strip("-") or "form"
    for word in (name, edition):
        if not re.fullmatch(rf"[A-Za-z0-9][A-Za-z0-9_-]{{0,{LONGEST_NAME - 1}}}", word):
            say(f"An id or edition may have letters, figures and hyphens only, {LONGEST_NAME} at most.")
            raise typer.Exit(Exit.USAGE)
    target = to or Path(f"{name}.{edition}.json")
    if target.exists() and not again:
        say(f"{target} is there already and may hold your corrections. Add --again to write over it.")
        raise typer.Exit(Exit.USAGE)
    try:
        proposal = propose(blank.read_bytes(), name, edition)
    except OSError as error:
        say(f"The blank could not be opened: {error.strerror}.")
        raise typer.Exit(Exit.UNUSABLE) from None
    except TemplateError as error:
        say(str(error))
        raise typer.Exit(Exit.UNUSABLE) from None
    made = proposal.template
    try:
        written = write_beside(made, blank.read_bytes(), target)
    except OSError as error:
        say(f"{error.filename or target} cannot be written: {(error.strerror or 'unknown reason').lower()}.")
        raise typer.Exit(Exit.UNUSABLE) from None
    for each in made.fields:
        typer.echo(f"  page {each.page}  {each.kind.value:9}  {each.id:30}  {each.item or '–':26}  {each.label}")
    say(f"Wrote {len(made.fields)} fields to {target}, with {', '.join(path.name for path in written[1:])} beside it.")
    for sentence in proposal.notes:
        say(sentence)
    guessed, marks = sum(one.item is not None for one in made.fields), sum(one.kind.is_mark for one in made.fields)
    if marks:
        say(
            f"Guessed from their words: the consents of {guessed} of {marks} marks. Check each; the others are yours to give."
        )
    say(f"It is a proposal. Next: paperchain forms check {target} --to check.pdf")


@app.command()
def check(
    template: Annotated[Path, typer.Argument(help="A template file (.json), or the id of a bundled one.")],
    to: Annotated[
        Path | None,
        typer.Option("--to", help="Draw every box, label and figure box over the blank: a .pdf or .png file."),
    ] = None,
) -> None:
    """Check a template and say what is wrong with it."""
    path = template if template.exists() else _bundled(str(template))
    try:
        found = read_template(path)
    except TemplateError as error:
        say(f"{path.name} is not right: {str(error).rstrip('.')}.")
        raise typer.Exit(Exit.UNUSABLE) from None
    known = pages_of(found, path.parent)
    from forms.drafting import checking, drawing, items, unread

    if to is not None:
        if to.suffix.lower() not in (".pdf", ".png"):
            say("The drawing must be a .pdf or a .png file.")
            raise typer.Exit(Exit.USAGE)
        say(f"Drew {', '.join(str(one) for one in drawing.save(drawing.draw(found, known), to))}")
    findings = checking.check(found, known)
    for sentence in (*findings.advice, *unread.advice(found, known)):
        say(f"Better to mend: {sentence}")
    if findings.faults:
        say(f"{path.name} is not right:")
        for sentence in findings.faults:
            say(f"  {sentence}")
        for sentence in findings.help:
            say(sentence)
        raise typer.Exit(Exit.UNUSABLE)
    boxes = sum(len(field.boxes) for field in found.fields if field.kind.is_mark)
    typer.echo(
        f"{found.id} {found.edition}: Nothing wrong was found: {len(found.fields)} fields, {boxes} boxes to mark."
    )
    if missing := items.unanswered(found):
        typer.echo(f"No question answers: {', '.join(missing)}.")
    typer.echo(
        "Now compare every box with the picture." if to else "Now compare every box with the picture (--to check.pdf)."
    )


@app.command("print")
def print_(
    form: Annotated[str, typer.Argument(help="A template's id.", metavar="ID")],
    to: Annotated[
        Path | None, typer.Option("--to", help="Where to write the PDF; the current folder if not given.")
    ] = None,
    edition: Annotated[
        str | None,
        typer.Option("--edition", help="An edition of `paperchain forms list`; the service's own if not given."),
    ] = None,
    improved: Annotated[
        bool, typer.Option("--improved", help="Our own print of the form, which says more and reads best.")
    ] = False,
    large: Annotated[bool, typer.Option("--large", help="Our own print in large print, 18 point.")] = False,
    language: Annotated[
        str | None, typer.Option("--language", help="Our own print in another language: cy for Welsh.", metavar="CODE")
    ] = None,
) -> None:
    """Write a blank form as a PDF to print: as the service has it, or our own print of it.

    A print that is not among the templates yet is written with its template and pictures beside it.
    """
    ours = improved or large or language is not None
    if ours and edition is not None:
        say("Give either --edition or --improved, --large and --language, which name an edition themselves.")
        raise typer.Exit(Exit.USAGE)
    if ours:
        _print_ours(form, {"en": "en-GB", None: "en-GB"}.get(language, language or ""), large=large, to=to)
        return
    catalogue = _catalogue()
    try:
        found = catalogue.get(form, edition)
    except KeyError:
        say(f"There is no form {form}{f' of edition {edition}' if edition else ''}. See `paperchain forms list`.")
        raise typer.Exit(Exit.UNUSABLE) from None
    pdf = next((page.pdf for page in catalogue.known_pages() if page.template == found), None)
    if pdf is None:
        say(f"{found.id} {found.edition} has no PDF beside its template, so it cannot be printed from here.")
        raise typer.Exit(Exit.UNUSABLE)
    put_print(pdf.read_bytes(), to, f"{found.id}.pdf" if edition is None else f"{found.id}.{edition}.pdf")


def _print_ours(form: str, language: str, *, large: bool, to: Path | None) -> None:
    from forms.printing.kept import write_print
    from forms.printing.press import print_form
    from forms.printing.source import table_of

    try:
        made, table = print_form(form, language, large=large), table_of(language)
    except TemplateError as error:
        say(str(error))
        raise typer.Exit(Exit.UNUSABLE) from None
    name = f"{made.template.id}.{made.template.edition}"
    known = any((one.id, one.edition) == (made.template.id, made.template.edition) for one in _catalogue().templates())
    target = put_print(made.pdf, to, f"{name}.pdf")
    if not known:
        write_print(made, target.parent)
    if not known:
        say(f"This print is not among the templates yet. Put {name}.json and the files beside it into the folder of")
        say("your own forms (setting [forms] folder) before you hand it out, or it will not be read.")
    if not table.checked:
        say(f"Not checked by a translator: the words of {language}. The print says so; do not hand it out yet.")
    for words in made.missing:
        say(f"No {language} words for: {words}")


app.command("accuracy")(accuracy.accuracy)
app.command("judge-again")(judge_again.judge_again)


def _catalogue() -> Catalogue:
    """The bundled templates and those of the service's own folder."""
    return with_own(load().own_forms)


def _bundled(name: str) -> Path:
    try:
        found = _catalogue().get(name)
    except KeyError:
        say(f"There is no template {name}. Name a file, or see `paperchain forms list`.")
        raise typer.Exit(Exit.UNUSABLE) from None
    folder = next(page.picture.parent for page in _catalogue().known_pages() if page.template == found)
    return folder / f"{found.id}.{found.edition}.json"
