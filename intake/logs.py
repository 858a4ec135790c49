"""The one logger: lines of codes and ids. Third-party loggers stay at WARNING, because some print page text at DEBUG."""

import logging
import re
import sys

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


def set_up() -> None:
    """Sends our log to stderr. Called once by each long-running process."""
    logging.getLogger().setLevel(logging.WARNING)
    ours = logging.getLogger("paperchain")
    # On a terminal the progress bar and the messages say it better; the log is for files and journals.
    ours.setLevel(logging.WARNING if sys.stderr.isatty() else logging.INFO)
    ours.propagate = False
    if not ours.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S"))
        handler.addFilter(OnlyCodes())
        ours.addHandler(handler)
