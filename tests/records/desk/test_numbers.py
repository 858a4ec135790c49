"""Whole numbers as they are typed: anything odd is none, and never a fault of the page."""

import pytest

from intake.wiring import Paperchain
from records.desk.numbers import whole
from tests.records.consents.homes import Home
from tests.records.desk.file_desk import chain, file, officer
from tests.requesting import recorded
from tests.reviewing import Browser

__all__ = ["chain", "file", "officer"]  # fixtures, found by their names here

ODD = ("", "\N{SUPERSCRIPT TWO}", "\N{ARABIC-INDIC DIGIT TWO}", "9" * 5000, "-1", "1.5", "1e3", "two")


@pytest.mark.parametrize(("typed", "number"), [("42", 42), (" 7 ", 7), ("0", 0), ("999999999", 999_999_999), *((odd, None) for odd in ODD)])  # fmt: skip
def test_a_whole_number_or_none(typed: str, number: int | None) -> None:
    assert whole(typed) == number


@pytest.mark.parametrize("odd", ODD)
def test_no_odd_number_breaks_a_page(chain: Paperchain, officer: Browser, file: Home, odd: str) -> None:
    request = recorded(officer, file="PC-0001")
    body = officer.post("/files/1/contacts", {"category": "health", "name": "The Invented Clinic"}).status_code
    assert body == 303
    where = officer.get("/files/1/contacts").text.split('id="body-')[1].split('"')[0]
    for path, sent in (
        (f"/files/1/contacts/{where}", {"act": "told", "version": odd}),
        (f"{request}/act", {"do": "close", "version": odd}),
        ("/requests/new", {"file": odd, "item": odd}),
    ):
        assert officer.post(path, sent).status_code < 500, path
