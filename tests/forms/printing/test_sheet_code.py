"""What stands on separator and cover sheets: read whole and right, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.printing.code import LETTERS, PageCode
from forms.printing.code import decode as decode_form
from forms.printing.code import encode as encode_form
from forms.printing.sheet_code import MOST_FILES, SheetCode, decode, encode

sheets = st.builds(SheetCode, st.none() | st.integers(1, MOST_FILES))


@given(sheets)
def test_a_sheet_says_what_it_was_printed_with_and_is_no_form(sheet: SheetCode) -> None:
    assert decode(encode(sheet)) == sheet
    assert decode_form(encode(sheet)) is None


@given(sheets, st.integers(0, 9), st.sampled_from(LETTERS))
def test_one_wrong_character_makes_it_no_sheet(sheet: SheetCode, place: int, letter: str) -> None:
    text = encode(sheet)
    if text[place] != letter:
        assert decode(text[:place] + letter + text[place + 1 :]) is None


@pytest.mark.parametrize("text", ["", "PSN", "psn000000v", "PCO0000042", encode_form(PageCode(1, 1, "cy", False, 1))])
def test_other_codes_are_no_sheets(text: str) -> None:
    assert decode(text) is None


@pytest.mark.parametrize("number", [0, -1, MOST_FILES + 1])
def test_a_file_number_that_does_not_fit_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="file number"):
        encode(SheetCode(number))
