"""`paperchain doctor`: checks everything Paperchain needs and says how to mend what is wrong."""

import errno
import os
import platform
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from intake import claiming, locks, preflight
from intake.commands.outcome import Exit, lines
from intake.settings import Settings, load
from intake.wiring import Paperchain, in_words, open_paperchain
from records.audit import trail
from records.audit.chain import Broken
from records.errors import NotSetUp, RecordsError
from records.post import inbox

app = typer.Typer(add_completion=False)


@app.command()
def doctor(json: Annotated[bool, typer.Option("--json", help="One JSON object a check.")] = False) -> None:
    """Check everything Paperchain needs and say how to mend what is wrong; exit 5 when something is."""
    rows = checks()
    if json:
        lines(rows)
    else:
        for row in rows:
            typer.echo(f"{'ok  ' if row['ok'] else 'WRONG'} {row['check']}: {row['says']}")
    raise typer.Exit(Exit.DONE if all(row["ok"] for row in rows) else Exit.NOT_SET_UP)


def checks() -> list[dict[str, str | bool]]:
    """Each check by name, whether it holds, and in words what it found or how to mend it."""
    rows: list[dict[str, str | bool]] = []

    def check(name: str, call: Callable[[], str]) -> bool:
        try:
            rows.append({"check": name, "ok": True, "says": call()})
        except (RecordsError, OSError, LookupError) as error:
            says = error.message if isinstance(error, RecordsError) else str(error)
            rows.append({"check": name, "ok": False, "says": says})
        return bool(rows[-1]["ok"])

    check("python", lambda: f"Python {platform.python_version()}")
    settings: list[Settings] = []

    def settings_are_right() -> str:
        settings.append(load())
        return f"home is {settings[0].home}, policy is {settings[0].service.policy}"

    if not check("settings", settings_are_right):
        return rows
    here = settings[0]
    check("tesseract", lambda: preflight.need_tesseract(here))
    check("sandbox", lambda: preflight.need_sandbox(here))
    check("disc", lambda: _room(here))
    if not here.home.exists():
        check("home", lambda: _can_be_made(here))
        check("desk", lambda: _desk(here))
        return rows
    chain: list[Paperchain] = []

    def home_opens() -> str:
        chain.append(open_paperchain(here))
        return "database and key fit, the home can be written"

    if check("home", home_opens):
        check("audit chain", lambda: _chain(chain[0]))
        check("post", lambda: _post(chain[0]))
    check("folder", lambda: _folder(here))
    check("desk", lambda: _desk(here))
    return rows


def _nearest(settings: Settings) -> Path:
    """The home, or what is there already of the way to it."""
    place = settings.home
    while not place.exists():
        place = place.parent
    return place


def _can_be_made(settings: Settings) -> str:
    place = _nearest(settings)
    if not place.is_dir():
        raise NotSetUp(in_words(NotADirectoryError(errno.ENOTDIR, ""), place))
    if not os.access(place, os.W_OK | os.X_OK):
        read_only = os.statvfs(place).f_flag & os.ST_RDONLY
        raise NotSetUp(in_words(OSError(errno.EROFS if read_only else errno.EACCES, ""), place))
    return f"there is none at {settings.home} yet; the first start makes it"


def _room(settings: Settings) -> str:
    free = shutil.disk_usage(_nearest(settings)).free >> 20
    if free < settings.intake.smallest_free_mb:
        raise NotSetUp(
            f"Only {free} MB are free on the disc of {settings.home}. Free some space; until then nothing is taken in."
        )
    return f"{free:,} MB free"


def _chain(chain: Paperchain) -> str:
    with chain.db.reading() as session:
        found = trail.check(session)
    if isinstance(found, Broken):
        raise NotSetUp(
            f"The audit chain is broken at entry {found.sequence}. Keep this home as it is and tell the manager."
        )
    return f"unbroken, {found.entries} entries"


def _post(chain: Paperchain) -> str:
    with chain.db.reading() as session:
        return f"{inbox.unsettled(session)} item(s) wait to be read"


def _folder(settings: Settings) -> str:
    if not settings.inbox.is_dir():
        raise NotSetUp(f"The scan folder {settings.inbox} cannot be reached. Make it again or mount it.")
    left = sum(1 for _ in claiming.unfinished(settings.inbox))
    running = locks.is_held(claiming.claims_folder(settings.inbox) / "lock")
    watched = "is watched" if running else "is not watched now (start `paperchain run`)"
    return f"{settings.inbox} {watched}" + (f"; {left} file(s) are being taken in" if left else "")


def _desk(settings: Settings) -> str:
    if locks.is_held(settings.home / "desk.lock"):
        return f"running at {settings.desk.host}:{settings.desk.port}"
    preflight.need_port(settings)
    return f"not running; port {settings.desk.port} is free"
