"""The one logger: lines of codes and ids. Third-party loggers stay at WARNING, because some print page text at DEBUG."""

import logging
import re
import resource
import sys
import threading
import traceback
from pathlib import Path

# What a log line may hold: words, numbers, ids, code places. Anything else in an argument becomes a star.
_CODE = re.compile(r"[A-Za-z0-9_./:<>\-]{0,3000}\Z")


class OnlyCodes(logging.Filter):
    """Replaces every argument that is not a number or a code, and drops exception texts: both may hold a child's name."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_safe(value) for value in record.args)
        record.exc_info = None
        record.exc_text = None
        return True


def _safe(value: object) -> object:
    if isinstance(value, int | float):
        return value
    text = str(value)
    return text if _CODE.match(text) else "*"


class OnlyWhere(logging.Formatter):
    """A line of a library: which one, how grave, where in its code, and the kind of fault. Its words may hold anything, so none is kept."""

    def format(self, record: logging.LogRecord) -> str:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else "-"
        at = f"{Path(record.pathname).name}:{record.lineno}"
        return f"{self.formatTime(record, _TIME)} {record.name} {record.levelname.lower()} kind={kind} at={at}"


_TIME = "%Y-%m-%dT%H:%M:%S"
_HANDLERS: dict[str, logging.Handler] = {}
"""Ours, by the logger that they are on."""


def guard() -> None:
    """The first thing that any process of ours does: from here on neither a log, nor the end of a thread, nor a dump of its memory lets out
    what it works with (P14)."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # the memory holds names, and the keys to all others
    threading.excepthook = _thread_broke_off
    ours, root = logging.getLogger("paperchain"), logging.getLogger()
    ours.propagate = False
    if "paperchain" not in _HANDLERS:
        _HANDLERS["paperchain"] = logging.StreamHandler(sys.stderr)
        _HANDLERS["paperchain"].addFilter(OnlyCodes())
        ours.addHandler(_HANDLERS["paperchain"])
    if "root" not in _HANDLERS:
        _HANDLERS["root"] = logging.StreamHandler(sys.stderr)
        _HANDLERS["root"].setFormatter(OnlyWhere())
        root.addHandler(_HANDLERS["root"])


def _thread_broke_off(args: threading.ExceptHookArgs) -> None:
    frames = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(args.exc_traceback)][-6:]
    place = "<".join(reversed(frames))
    logging.getLogger("paperchain").error("thread broke off kind=%s at=%s", args.exc_type.__name__, place)


def set_up() -> None:
    """Sends our log to stderr with the time, and what is worth knowing beside what is wrong. Called once by each long-running process."""
    guard()
    logging.getLogger().setLevel(logging.WARNING)
    ours = logging.getLogger("paperchain")
    # On a terminal the progress bar and the messages say it better; the log is for files and journals.
    ours.setLevel(logging.WARNING if sys.stderr.isatty() else logging.INFO)
    _HANDLERS["paperchain"].setFormatter(logging.Formatter("%(asctime)s %(name)s %(message)s", _TIME))
