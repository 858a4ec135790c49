"""P14: nothing personal gets into the log, whatever somebody hands to the logger."""

import io
import logging

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
