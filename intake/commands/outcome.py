"""Exit statuses (contract), and one sentence for every fault."""

import json
import logging
import os
import secrets
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from enum import IntEnum
from pathlib import Path
from typing import Any

import typer
from typer.exceptions import TyperException

from records.errors import NotSetUp, RecordsError, RefusedByRule

log = logging.getLogger("paperchain.command")


class Exit(IntEnum):
    """What an exit status means."""

    DONE = 0
    FAULT = 1
    USAGE = 2
    REFUSED = 3
    UNUSABLE = 4
    NOT_SET_UP = 5


def say(text: str) -> None:
    """A message for the person at the terminal; never on stdout, where only results go."""
    sys.stderr.write(text + "\n")


def put_print(made: bytes, to: Path | None, name: str) -> Path:
    """Writes a print where it was asked for: a file, a folder that is there, or the current one, and says where.

    Raises NotSetUp that names this place: it has nothing to do with the home.
    """
    target = Path(name) if to is None else to / name if to.is_dir() else to
    try:
        target.write_bytes(made)
    except OSError as error:
        words = (error.strerror or "unknown reason").lower()
        raise NotSetUp(f"{target.absolute()} cannot be written: {words}. Name another place with --to.") from error
    say(f"Wrote {target}")
    return target


def lines(rows: Iterable[Mapping[str, Any]]) -> None:
    """One JSON object a line on stdout."""
    try:
        for row in rows:
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read us has seen enough, as with `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(Exit.DONE) from None


def run_command(call: Callable[[], object]) -> int:
    """Runs a command; the exit status says what became of it, and stderr says it in words."""
    try:
        result = call()
        return int(result) if isinstance(result, int) else Exit.DONE
    except typer.Exit as ended:
        return ended.exit_code
    except (typer.Abort, KeyboardInterrupt):
        return 130
    except TyperException as error:  # wrong usage: Typer's own words, with the line that shows the right one
        show = getattr(error, "show", None)
        if show is not None:
            show()
        else:
            say(str(error))
        return Exit.USAGE
    except NotSetUp as error:
        say(error.message)
        return Exit.NOT_SET_UP
    except RefusedByRule as error:
        say(f"{error.message} ({error.rule})")
        return Exit.REFUSED
    except RecordsError as error:
        say(error.message)
        return Exit.UNUSABLE
    except BrokenPipeError:
        return Exit.DONE
    except OSError as error:
        from intake.settings import home_folder
        from intake.wiring import in_words

        say(in_words(error, home_folder()))
        return Exit.NOT_SET_UP
    except Exception as error:  # the last net: a reference for the person, the trace without values for the log
        return fault(error)


def fault(error: Exception) -> int:
    """Prints a reference number; the trace (code lines only, no values, no message) goes to the log."""
    reference = secrets.token_hex(2).upper()
    frames = [f"{frame.filename}:{frame.lineno}:{frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    log.error("fault reference=%s kind=%s at=%s", reference, type(error).__name__, "<".join(reversed(frames)))
    say(f"Sorry, something went wrong. Nothing was lost. Reference {reference}; the log says where.")
    return Exit.FAULT
