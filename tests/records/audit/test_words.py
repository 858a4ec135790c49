"""The record reads as sentences: own words where a code reads badly, and never a code with lines under it."""

import re
from pathlib import Path

import pytest

from records.audit.words import WORDS, extra, said, thing

ROOT = Path(__file__).parents[3]
SOURCE = "\n".join(path.read_text("utf-8") for name in ("records", "intake") for path in (ROOT / name).rglob("*.py"))


@pytest.mark.parametrize("act", WORDS)
def test_no_words_are_kept_for_what_nobody_enters(act: str) -> None:
    assert len(re.findall(rf'"{act}"', SOURCE)) > 1, "the words themselves, and whoever enters it"


@pytest.mark.parametrize(
    ("act", "words"),
    [("file_seen", "Looked at a file"), ("pages_arranged", "Pages arranged"), ("item_to_review", "Item to review")],
)
def test_every_code_reads_as_words(act: str, words: str) -> None:
    assert said(act) == words


def test_codes_and_numbers_say_what_they_are() -> None:
    assert (
        extra({"number": 7, "pages": 2, "source": "scan_folder", "whole": True, "reason": None})
        == "pages: 2, source: scan folder, whole: yes"
    )
    assert thing("waste_batch") == "Waste batch"
