"""The line above the post list: when post came last, and whether somebody looks at the folders (P3). No clock, no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath

from records.clock import time_in_words
from records.folders import looks
from records.folders.looks import Trouble
from records.folders.tables import WatchedFolder

SILENT = "Nobody has looked at the scan folder since {since}. Start Paperchain again; scanned files wait safely there."
NOBODY = "Nobody watches the scan folder now. Start Paperchain again; scanned files wait safely there."


@dataclass(frozen=True)
class Arrivals:
    """What is wrong, each folder by itself, and the calm line; None when there is nothing calm to say."""

    problems: tuple[str, ...]
    watching: str | None


def line(last: datetime | None, rows: Sequence[WatchedFolder], now: datetime, look_every_seconds: float) -> Arrivals:
    """`last`: when the last item arrived. `rows`: every folder as the watcher told it last."""
    every = timedelta(seconds=look_every_seconds)
    came = f"Last item arrived {time_in_words(last, now)}." if last else ""
    if not rows:
        return Arrivals((NOBODY,), came or None)
    problems = [problem for row in rows if (problem := _problem(row, now, every, named=len(rows) > 1))]
    good = len(rows) - len(problems)
    if not good:
        return Arrivals(tuple(problems), came or None)
    folders = "the scan folder" if good == len(rows) == 1 else f"{good} {'folder' if good == 1 else 'folders'}"
    ago = max(0, min(round((now - row.looked_at).total_seconds()) for row in rows))
    seconds = "1 second" if ago == 1 else f"{ago} seconds"
    return Arrivals(tuple(problems), f"{came} Watching {folders}, last looked at {seconds} ago.".strip())


def _problem(row: WatchedFolder, now: datetime, every: timedelta, *, named: bool) -> str | None:
    """What is wrong with one folder, with its name where there are several."""
    if looks.is_silent(row, now, every):
        said = SILENT.format(since=time_in_words(row.looked_at, now))
    elif row.trouble is not None:
        said = looks.in_words(Trouble(row.trouble), time_in_words(row.since, now) if row.since else None)
    else:
        return None
    name = f"he scan folder ‘{PurePath(row.path).name}’"
    return said.replace("he scan folder", name, 1) if named else said
