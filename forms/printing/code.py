"""The ten characters in the corner of each page that we print: which form, edition, language, size and page. Pure.

They stand in a version-1 QR code of 20 mm, which at its strongest correction (level H) holds exactly ten capitals and
figures. `PF` + form (2) + edition (2) + language (1) + size (1) + page (1) + check character (1), numbers in base 36.
"""

from dataclasses import dataclass

LENGTH = 10
START = "PF"
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LANGUAGES = {"en-GB": "E", "cy": "C"}
"""Add a language here, with a letter that no other has, before printing in it."""
_BACK = {letter: language for language, letter in LANGUAGES.items()}
_LARGE, _STANDARD = "L", "S"
PLACE_MM = (169.0, 6.0, 193.0, 30.0)
"""Left, top, right, bottom of the code on an A4 page, with its white border."""
_MOST_PAGES = len(LETTERS) - 1
_TWO = len(LETTERS) ** 2


@dataclass(frozen=True)
class PageCode:
    """What the code of one printed page says. `form` and `edition` are numbers, 0 to 1295; `page` counts from 1 to 35."""

    form: int
    edition: int
    language: str
    large: bool
    page: int

    @property
    def print(self) -> str:
        """The eight characters that all pages of one print share."""
        return encode(self)[:8]


def encode(code: PageCode) -> str:
    """The ten characters. Raises ValueError if a number does not fit or the language has no letter."""
    if not (0 <= code.form < _TWO and 0 <= code.edition < _TWO and 1 <= code.page <= _MOST_PAGES):
        raise ValueError("form and edition must be 0 to 1295 and the page 1 to 35")
    if code.language not in LANGUAGES:
        raise ValueError(f"{code.language} has no letter in the page code yet")
    size = _LARGE if code.large else _STANDARD
    text = f"{START}{_two(code.form)}{_two(code.edition)}{LANGUAGES[code.language]}{size}{LETTERS[code.page]}"
    return text + check_character(text)


def decode(text: str) -> PageCode | None:
    """What a code says; None if it is not one of ours, or was not read whole and right."""
    if len(text) != LENGTH or not text.startswith(START) or any(letter not in LETTERS for letter in text):
        return None
    if check_character(text[:-1]) != text[-1]:
        return None
    language, size, page = text[6], text[7], LETTERS.index(text[8])
    if language not in _BACK or size not in (_LARGE, _STANDARD) or page == 0:
        return None
    return PageCode(int(text[2:4], 36), int(text[4:6], 36), _BACK[language], size == _LARGE, page)


def check_character(text: str) -> str:
    """The check character of capitals and figures. It finds every single wrong character.

    Source: ISO/IEC 7064, the hybrid system MOD 37,36.
    """
    kept = 36
    for letter in text:
        kept = (kept + LETTERS.index(letter)) % 36 or 36
        kept = kept * 2 % 37
    return LETTERS[(37 - kept) % 36]


def _two(number: int) -> str:
    return LETTERS[number // 36] + LETTERS[number % 36]
