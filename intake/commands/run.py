"""`paperchain run`: watch, work and desk together."""

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Annotated

import typer

from intake import claiming, forms_in_use, own_forms
from intake.commands import items
from intake.commands.outcome import Exit, say
from intake.logs import set_up
from intake.preflight import languages, need_port, need_sandbox, need_tesseract
from intake.service import Service, State, desk_process, until
from intake.settings import CHECKOUT, Settings, load
from intake.watching import Watching
from intake.welcome import first_manager_link
from intake.wiring import Paperchain, open_paperchain

app = typer.Typer(add_completion=False)

SAMPLES = CHECKOUT / "samples"
BROKEN_OFF = "Stopping. What is being read will be read again at the next start."
SCANS = frozenset({".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png", ".docx"})


@app.command()
def run(
    samples: Annotated[
        bool, typer.Option("--samples", help="Drop the bundled sample post into the watched folder.")
    ] = False,
    until_idle: Annotated[
        bool,
        typer.Option(
            "--until-idle", help="Without the desk: stop when nothing waits, and print what became of every file."
        ),
    ] = False,
    no_desk: Annotated[bool, typer.Option("--no-desk", help="Do not serve the web desk.")] = False,
) -> None:
    """Watch the folder, read the post and serve the desk. Stop with Ctrl+C: nothing is lost."""
    set_up()
    settings = load()
    chain = open_paperchain(settings)
    need_tesseract()
    tell_of_languages(settings)
    tell_of_forms(settings)
    if until_idle and not forms_in_use.known(settings):
        raise typer.Exit(Exit.NOT_SET_UP)  # said above: every letter would wait, and this without end
    need_sandbox(settings)
    with_desk = not (no_desk or until_idle)

    def check() -> None:
        if with_desk:
            need_port(settings)  # after the locks: a second copy is told that it is one, not that its port is in use

    service = Service(chain, watch=True, work=True, check=check)
    try:
        if samples:
            drop_samples(settings, service.folder)
        with desk_process() if with_desk else nullcontext():
            say(f"Watching {settings.inbox}")
            if with_desk:
                _greet(chain)
            with ended_by_signal(BROKEN_OFF) as ended, bar() as show:
                until(service, (lambda state: state.idle) if until_idle else (lambda _: False), show, ended)
    except KeyboardInterrupt:
        say(BROKEN_OFF)
    finally:
        service.close()
    if until_idle:
        items.show(items.rows(chain))
    raise typer.Exit(Exit.DONE)


def tell_of_languages(settings: Settings) -> None:
    """Says once what letters are read without; reading goes on."""
    if (advice := languages(settings).advice) is not None:
        say(advice)


def tell_of_forms(settings: Settings) -> None:
    """Says which forms of the service's own are not read; the other post goes on."""
    for sentence in own_forms.not_used(settings.own_forms, settings.forms_in_use):
        say(sentence)


def drop_samples(settings: Settings, folder: Watching | None) -> None:
    """Copies the sample post into the watched folder; a file that lies there already is not doubled.

    `folder` is told: the event of a busy machine may come after `--until-idle` has found nothing to wait for.
    """
    found = sorted(path for path in SAMPLES.iterdir() if path.suffix.lower() in SCANS)
    for path in found:
        claiming.drop(settings.inbox, path)
    if folder is not None:
        folder.ring()
    say(f"Dropped {len(found)} sample files into {settings.inbox}")


def _greet(chain: Paperchain) -> None:
    desk = chain.settings.desk
    address = desk.address or f"http://{desk.host}:{desk.port}"
    say(f"The desk is at {address}")
    link = first_manager_link(chain, address)
    if link:
        say(f"The first manager signs up here, once: {link}")


@contextmanager
def ended_by_signal(words: str) -> Iterator[Callable[[], bool]]:
    """Ctrl+C and SIGTERM end the current round and then us, with `words`; a second one ends us wherever we are.

    Raising at the first one would be simpler, and wrong: where Python cannot pass an error on (while it clears an object away)
    the error is dropped, and the process would go on for ever.
    """
    told = False

    def stop(*_: object) -> None:
        nonlocal told
        if told:
            raise KeyboardInterrupt
        told = True
        with contextlib.suppress(OSError):
            os.write(2, f"{words}\n".encode())  # a handler may run in the middle of another print

    before = {each: signal.signal(each, stop) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield lambda: told
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def bar() -> Iterator["Show"]:
    """A progress bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield Show(None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[note]}"))
    with Progress(*columns, console=Console(stderr=True), transient=False) as progress:
        yield Show(progress)


class Show:
    """Shows the service's state as a bar: how many of the files known about are read."""

    def __init__(self, progress: "Progress | None") -> None:  # type: ignore[name-defined]  # noqa: F821  Rich, loaded on a terminal only
        self._progress = progress
        self._task = progress.add_task("Reading the post", total=None, note="") if progress else None
        self._problem: str | None = None
        self._peak = 0

    def __call__(self, state: State) -> None:
        if state.look.problem != self._problem:
            self._problem = state.look.problem
            say(self._problem or "The folder can be reached again.")
        if self._progress is None or self._task is None:
            return
        left = state.look.waiting + state.unread
        self._peak = max(self._peak, left) if left else 0
        note = "nothing waits" if not left else (f"{state.look.waiting} still arriving" if state.look.waiting else "")
        total = self._peak or 1
        self._progress.update(self._task, total=total, completed=total - left, note=note)
