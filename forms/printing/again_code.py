"""The characters on an answer sheet: which questions it asks again, of which file, in which size, and which page it is. Pure.

`PA` + edition (1) + size (1) + page (1) + file number (4) + questions (5, one bit each) + check character (1), numbers in base 36,
in a version-2 QR code of 20 mm, at its strongest correction (level H). No name, and nothing that was answered.
"""

from dataclasses import dataclass

from forms.printing.code import LETTERS, check_character
from forms.printing.sheet_code import MOST_FILES

LENGTH = 15
START = "PA"
LARGE, STANDARD = "L", "S"
MOST_QUESTIONS = 25
_MOST_PAGES = len(LETTERS) - 1


@dataclass(frozen=True)
class AgainCode:
    """What the code of one page says. `edition` is one character; `questions` has a bit for each row of that edition; `page` from 1."""

    edition: str
    large: bool
    page: int
    file: int
    questions: int


def encode(code: AgainCode) -> str:
    """The fifteen characters. Raises ValueError for what does not fit."""
    if len(code.edition) != 1 or code.edition not in LETTERS or not 1 <= code.page <= _MOST_PAGES:
        raise ValueError("the edition is one character and the page 1 to 35")
    if not 1 <= code.file <= MOST_FILES or not 1 <= code.questions < 1 << MOST_QUESTIONS:
        raise ValueError(
            f"an answer sheet needs a file number of 1 to {MOST_FILES} and 1 to {MOST_QUESTIONS} questions"
        )
    size = LARGE if code.large else STANDARD
    text = f"{START}{code.edition}{size}{LETTERS[code.page]}{base36(code.file):0>4}{base36(code.questions):0>5}"
    return text + check_character(text)


def decode(text: str) -> AgainCode | None:
    """What a code says; None if it is not one of ours, or was not read whole and right."""
    if len(text) != LENGTH or not text.startswith(START) or any(letter not in LETTERS for letter in text):
        return None
    if check_character(text[:-1]) != text[-1] or text[3] not in (LARGE, STANDARD):
        return None
    page, file, questions = LETTERS.index(text[4]), int(text[5:9], 36), int(text[9:14], 36)
    if page == 0 or not 1 <= file <= MOST_FILES or not 1 <= questions < 1 << MOST_QUESTIONS:
        return None
    return AgainCode(text[2], text[3] == LARGE, page, file, questions)


def base36(number: int) -> str:
    """A number in capitals and figures."""
    found = ""
    while True:
        number, last = divmod(number, 36)
        found = LETTERS[last] + found
        if number == 0:
            return found
