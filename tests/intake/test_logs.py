"""P14: nothing personal gets into the log, whatever somebody hands to the logger."""

import io
import logging
import subprocess
import sys
from textwrap import dedent

import pytest

from intake.logs import OnlyCodes


@pytest.fixture
def written() -> tuple[logging.Logger, io.StringIO]:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(OnlyCodes())
    logger = logging.Logger("test")  # noqa: LOG001  one of its own, so that no other handler hears it
    logger.addHandler(handler)
    return logger, out


@pytest.mark.parametrize(
    "value", ["Rowan Testwood", "Zoë Testwood", "scan of Rowan\nTestwood.pdf", "O'Test & Söhne", "14 May 2011; born"]
)
def test_a_value_that_is_no_code_becomes_a_star(written: tuple[logging.Logger, io.StringIO], value: str) -> None:
    logger, out = written
    logger.warning("item=%d said=%s", 7, value)
    assert out.getvalue() == "item=7 said=*\n"


def test_codes_numbers_and_ids_are_kept(written: tuple[logging.Logger, io.StringIO]) -> None:
    logger, out = written
    logger.warning("item=%d kind=%s", 7, "too_big")
    assert out.getvalue() == "item=7 kind=too_big\n"


def test_the_text_of_an_error_is_dropped(written: tuple[logging.Logger, io.StringIO]) -> None:
    logger, out = written
    try:
        raise ValueError("Rowan Testwood")
    except ValueError:
        logger.exception("stage failed item=%d", 7)
    assert out.getvalue() == "stage failed item=7\n"


def told(act: str) -> str:
    """What a process of its own writes to stderr that did `act` after it began as each of ours does."""
    code = dedent("""
        import logging, resource, threading
        from intake import logs
        logs.set_up()
    """)
    done = subprocess.run([sys.executable, "-c", code + dedent(act)], capture_output=True, text=True, check=True)
    return done.stderr


def test_a_library_is_named_with_place_and_kind_and_without_its_words() -> None:
    """The server's own log would hold the text of an error, and with it what the error is about."""
    said = told("""
        try:
            raise ValueError("Rowan Testwood")
        except ValueError:
            logging.getLogger("uvicorn.error").exception("Exception for Rowan Testwood")
    """)
    assert "uvicorn.error error kind=ValueError at=" in said
    assert "Rowan" not in said and "Traceback" not in said


def test_a_thread_that_breaks_off_says_where_and_nothing_else() -> None:
    said = told("""
        def broken():
            raise KeyError("Rowan Testwood")
        thread = threading.Thread(target=broken)
        thread.start()
        thread.join()
    """)
    assert "thread broke off kind=KeyError at=" in said and "Rowan" not in said


@pytest.mark.parametrize("how", ["from intake.logs import set_up; set_up()", "import intake.commands as c; c.main()"])
def test_no_dump_of_the_memory_is_written(how: str) -> None:
    """It would hold the keys. By hand: whatever a shell allowed before."""
    code = f"""
import atexit, resource, sys
hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
sys.argv = ["paperchain", "policy", "list"]
atexit.register(lambda: sys.stderr.write(repr(resource.getrlimit(resource.RLIMIT_CORE))))
{how}
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.endswith("(0, 0)"), done.stderr
