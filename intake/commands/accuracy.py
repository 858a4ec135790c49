"""`paperchain forms accuracy FOLDER`: how well labelled scans are read, and a page of pictures of what went wrong."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from intake.commands.outcome import Exit, lines, say

if TYPE_CHECKING:
    from intake.measuring import Measured

REPORT = "accuracy.html"


def accuracy(
    folder: Annotated[
        Path,
        typer.Argument(
            help="A folder of scans with a truth.jsonl, as samples/ has (see its README).", metavar="FOLDER"
        ),
    ],
    to: Annotated[
        Path,
        typer.Option("--to", help=f"Where to write {REPORT}, the pictures of the worst cases.", metavar="OUT_FOLDER"),
    ] = Path("accuracy"),
    json: Annotated[bool, typer.Option("--json", help="One JSON object a figure.")] = False,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help="How many files to read at once.")] = 1,
) -> None:
    """Measure how well labelled scans are read: figures with 95 % bounds beside their goals, by difficulty.

    A goal is "met" only where the bound shows it, "not shown" where the sample is too small to say. The page of worst cases
    holds pictures of forms: keep it, and delete it, as you would the scans.
    """  # fmt: skip
    # Here, so that the other commands about forms do not wait for the sandbox's modules.
    from forms.accuracy.figures import as_lines, figures, pace
    from intake import own_forms
    from intake.measuring import labelled, measure
    from intake.settings import load

    scans = labelled(folder)
    report = _writable(to)
    settings = load()
    for sentence in own_forms.not_used(settings.own_forms):
        say(sentence)
    with _bar(len(scans)) as step:
        measured = measure(scans, settings, workers, step)
    found, speed = figures(measured.scores), pace(measured.seconds, workers)
    report.write_text(_page(measured, len(scans)), "utf-8")
    if json:
        lines([*(one.to_json() for one in found), speed.to_json()])
    else:
        for line in as_lines(found, speed):
            typer.echo(line)
    if measured.unusable:
        say(f"{measured.unusable} of {len(scans)} files could not be used; their forms count as not found.")
    say(
        f"Pictures of the worst cases: {report}. It shows parts of forms: keep it, and delete it, as you would the scans."
    )


def _page(measured: "Measured", files: int) -> str:
    from forms.accuracy.worst import page
    from forms.results import READER_VERSION
    from records.clock import Clock
    from records.policies.periods import in_words

    subtitle = (
        f"{files} file{'' if files == 1 else 's'}, read on {in_words(Clock().today())} by reader {READER_VERSION}."
    )
    return page(measured.shown, measured.choice.counts, measured.forms, subtitle)


def _writable(to: Path) -> Path:
    """The report's path, for its owner's eyes only. Tried before the work, which may take an hour."""
    report = to / REPORT
    try:
        to.mkdir(parents=True, exist_ok=True)
        report.touch(mode=0o600)
        report.chmod(0o600)
    except OSError as error:
        say(f"{to} cannot be written: {(error.strerror or 'unknown reason').lower()}. Name another folder with --to.")
        raise typer.Exit(Exit.NOT_SET_UP) from None
    return report


@contextmanager
def _bar(files: int) -> Iterator[Callable[[], None]]:
    """A progress bar on a terminal, nothing elsewhere; gives what to call after each file."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("Reading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=files)
        yield lambda: progress.advance(task)
