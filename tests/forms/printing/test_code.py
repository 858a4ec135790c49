"""The page code: what goes in comes out, and nothing else is taken for it."""

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from forms.printing.code import LANGUAGES, LETTERS, PageCode, check_character, decode, encode

codes = st.builds(
    PageCode,
    form=st.integers(0, 1295),
    edition=st.integers(0, 1295),
    language=st.sampled_from(sorted(LANGUAGES)),
    large=st.booleans(),
    page=st.integers(1, 35),
)
SAMPLE = PageCode(1, 26, "cy", large=True, page=2)


@given(codes)
def test_what_is_encoded_is_decoded(code: PageCode) -> None:
    text = encode(code)
    assert len(text) == 10
    assert set(text) <= set(LETTERS)
    assert decode(text) == code
    assert text.startswith(code.print)


@given(codes, st.integers(0, 9), st.sampled_from(LETTERS))
def test_no_single_wrong_character_passes(code: PageCode, place: int, letter: str) -> None:
    text = encode(code)
    spoiled = text[:place] + letter + text[place + 1 :]
    assert decode(spoiled) == (code if spoiled == text else None)


@given(st.text(max_size=12))
def test_other_text_is_never_an_error(text: str) -> None:
    found = decode(text)
    assert found is None or encode(found) == text


@pytest.mark.parametrize("text", ["", "PCO0000042", "PF010QCL2", "pf010qcl2x", "HTTPS://AB"])
def test_other_codes_are_not_ours(text: str) -> None:
    assert decode(text) is None


def test_the_check_character_is_that_of_the_standard() -> None:
    # The example that ISO/IEC 7064's users print: the Global Release Identifier A12425GABC1234002M.
    assert check_character("A12425GABC1234002") == "M"


def test_a_code_fits_a_version_1_symbol_of_the_strongest_correction() -> None:
    made = segno.make(encode(SAMPLE), version=1, error="h", micro=False, boost_error=False)
    assert (made.version, made.error) == (1, "H")


@pytest.mark.parametrize(
    "wrong",
    [
        PageCode(1296, 1, "cy", large=False, page=1),
        PageCode(1, -1, "cy", large=False, page=1),
        PageCode(1, 1, "cy", large=False, page=0),
        PageCode(1, 1, "cy", large=False, page=36),
        PageCode(1, 1, "pl", large=False, page=1),
    ],
)
def test_what_does_not_fit_is_refused(wrong: PageCode) -> None:
    with pytest.raises(ValueError, match=r"must be|no letter"):
        encode(wrong)
