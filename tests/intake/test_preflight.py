"""P16: nothing is read with a library that a document could take over."""

import pytest

from intake.preflight import need_safe_parsers
from records.errors import NotSetUp


@pytest.mark.parametrize("version", ["20251230", "20251107", "20231228", "2.0", ""])
def test_a_parser_that_runs_what_a_document_brings_stops_the_start(version: str) -> None:
    with pytest.raises(NotSetUp, match="20260107 or newer is needed"):
        need_safe_parsers(version)


@pytest.mark.parametrize("version", [None, "20260107", "20260201.1"])
def test_a_newer_one_does_not(version: str | None) -> None:
    need_safe_parsers(version)
