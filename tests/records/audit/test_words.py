"""The record reads as sentences: own words where a code reads badly, and never a code with lines under it."""

import re
from pathlib import Path
from uuid import uuid4

import pytest

from records.audit.words import WORDS, extra, said, thing
from records.custody.moves import Custody
from records.vocabulary import ItemState, PartState

ROOT = Path(__file__).parents[3]
SOURCE = "\n".join(path.read_text("utf-8") for name in ("records", "intake") for path in (ROOT / name).rglob("*.py"))


OF_STATES = {f"{kind}_{state}" for kind, states in (("item", ItemState), ("part", PartState), ("original", Custody)) for state in states} | {
    f"consent_{kind}" for kind in ("change", "withdrawal")
}  # fmt: skip
"""Acts that are put together of a kind and its new state."""


@pytest.mark.parametrize("act", WORDS)
def test_no_words_are_kept_for_what_nobody_enters(act: str) -> None:
    assert act in OF_STATES or len(re.findall(rf'"{act}"', SOURCE)) > 1, "the words themselves, and whoever enters it"


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("file_seen", "Looked at a file"),
        ("pages_arranged", "Arranged the pages of an item"),
        ("waste_emptied", "Waste emptied"),
    ],
)
def test_every_code_reads_as_words(act: str, words: str) -> None:
    assert said(act) == words


def test_codes_and_numbers_say_what_they_are() -> None:
    assert (
        extra({"number": 7, "pages": 2, "source": "scan_folder", "whole": True, "reason": None})
        == "pages: 2, source: scan folder, whole: yes"
    )
    one, other = str(uuid4()), str(uuid4())
    assert extra({"file": one, "change": other, "items": 3}, {one: "PC-0042"}) == "file: PC-0042, items: 3"
    assert extra({"change": other}) == "", "an id says nothing to a reader"
    assert thing("waste_batch") == "Waste batch"


def test_what_is_entered_by_its_new_state_has_words_of_its_own() -> None:
    assert set(WORDS) >= OF_STATES, sorted(OF_STATES - set(WORDS))
