"""`paperchain doctor`: checks everything Paperchain needs and says how to mend what is wrong."""

import errno
import os
import platform
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from intake import checkup, claiming, health, locks, own_forms, preflight
from intake.commands.outcome import Exit, lines
from intake.health import Check, Level
from intake.settings import Settings, load
from intake.watching import WATCH_LOCK, watcher_of
from intake.wiring import Paperchain, in_words, need_writing, open_paperchain
from records.audit import trail
from records.clock import time_in_words
from records.errors import NotSetUp, RecordsError
from records.folders import looks

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
    if check("tesseract", preflight.need_tesseract):
        check("languages", lambda: preflight.need_languages(here))
    check("sandbox", lambda: preflight.need_sandbox(here))
    check("disc", lambda: _room(here))
    check("forms", lambda: _forms(here))
    if _is_new(here):
        check("home", lambda: _can_be_made(here))
        check("desk", lambda: _desk(here))
        return rows
    chain: list[Paperchain] = []

    def home_opens() -> str:
        need_writing(here)
        chain.append(open_paperchain(here, may_make=False))  # looking must not make again what is missing
        return "database and key fit, the home can be written"

    if check("home", home_opens):
        rows += _health(chain[0])
        check("watcher", lambda: _watcher(chain[0]))
    check("folder", lambda: _folder(here))
    check("desk", lambda: _desk(here))
    return rows


def _is_new(settings: Settings) -> bool:
    """No home yet, or an empty folder for one, as systemd makes it before the first start."""
    if not settings.home.exists():
        return True
    return settings.database_url is None and not any(
        (settings.home / name).exists() for name in ("keys", "documents", "inbox", settings.database_file.name)
    )


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
    return f"there is nothing at {settings.home} yet; the first start makes it"


def _forms(settings: Settings) -> str:
    wrong = own_forms.not_used(settings.own_forms, settings.forms_in_use)
    if wrong:
        raise NotSetUp(" ".join(wrong))
    known = len(own_forms.readable(settings.own_forms, settings.forms_in_use).templates())
    return f"{known} templates can be read" + (
        "" if settings.own_forms is None else f", with those of {settings.own_forms}"
    )


def _room(settings: Settings) -> str:
    free = shutil.disk_usage(_nearest(settings)).free >> 20
    if free < settings.intake.smallest_free_mb:
        raise NotSetUp(
            f"Only {free} MB are free on the disc of {settings.home}. Free some space; until then nothing is taken in."
        )
    return f"{free:,} MB free"


TOLD_ELSEWHERE = frozenset({Check.FOLDER, Check.SANDBOX, Check.DISC, Check.FORMS})
"""The doctor looks at these with its own eyes, also where nothing runs."""


def _health(chain: Paperchain) -> list[dict[str, str | bool]]:
    """What the desk's health page says, with the whole audit chain checked now. That nothing runs is no fault here."""
    running = locks.is_held(chain.settings.home / "work.lock")
    with chain.db.reading() as session:
        facts = checkup.gather(chain, session, must_run=running, checked=trail.check(session))
    return [
        {"check": finding.check.value, "ok": finding.level is not Level.WRONG, "says": finding.words}
        for finding in health.findings(facts)
        if finding.check not in TOLD_ELSEWHERE
    ]


def _folder(settings: Settings) -> str:
    """Every watched folder, by this process's own eyes; what the watcher last told stands on the desk."""
    left = 0
    for folder in settings.watched:
        if not folder.is_dir():
            raise NotSetUp(f"The scan folder {folder} cannot be reached. Make it again or mount it.")
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            raise NotSetUp(f"This account may not write in the scan folder {folder}. Give it write rights.")
        left += sum(1 for _ in claiming.unfinished(folder))
    running = locks.is_held(settings.home / WATCH_LOCK)
    watched = "watched" if running else "not watched now (start `paperchain run`)"
    named = ", ".join(map(str, settings.watched))
    taking = f"; {left} file(s) are being taken in" if left else ""
    return f"{named} {'is' if len(settings.watched) == 1 else 'are'} {watched}{taking}"


def _watcher(chain: Paperchain) -> str:
    """What the watcher of this home told last, while there is one."""
    if not locks.is_held(chain.settings.home / WATCH_LOCK):
        return "not running"
    with chain.db.reading() as session:
        rows = [row for row in looks.watched(session) if row.watcher == watcher_of(chain.settings)]
    now = chain.clock.now()
    for row in rows:
        if row.trouble is not None and row.since is not None:
            raise NotSetUp(looks.in_words(looks.Trouble(row.trouble), time_in_words(row.since, now)))
        if looks.is_silent(row, now, timedelta(seconds=chain.settings.intake.look_every_seconds)):
            since = time_in_words(row.looked_at, now)
            raise NotSetUp(f"Nobody has looked at the scan folder since {since}. Stop Paperchain and start it again.")
    ago = max((round((now - row.looked_at).total_seconds()) for row in rows), default=0)
    return f"last looked at the scan folder {ago} s ago"


def _desk(settings: Settings) -> str:
    if locks.is_held(settings.home / "desk.lock"):
        return f"running at {settings.desk.host}:{settings.desk.port}"
    preflight.need_port(settings)
    return f"not running; port {settings.desk.port} is free"
