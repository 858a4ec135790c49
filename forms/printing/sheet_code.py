"""The ten characters on the sheets that we print to lay between papers: what the sheet is, and for which file. Pure.

`PS` + kind (1) + file number (6) + check character (1), in a version-1 QR code at its strongest correction (level H), as on forms.
"""

from dataclasses import dataclass

from forms.printing.code import LETTERS, check_character

LENGTH = 10
START = "PS"
_SEPARATOR, _COVER = "N", "C"
MOST_FILES = 999_999


@dataclass(frozen=True)
class SheetCode:
    """What a sheet says. `file`: the number of the file that the papers behind it are for; None: only that a new item starts."""

    file: int | None


def encode(sheet: SheetCode) -> str:
    """The ten characters. Raises ValueError for a file number that does not fit."""
    if sheet.file is not None and not 1 <= sheet.file <= MOST_FILES:
        raise ValueError(f"a file number on a cover sheet must be 1 to {MOST_FILES}")
    text = f"{START}{_SEPARATOR if sheet.file is None else _COVER}{sheet.file or 0:06d}"
    return text + check_character(text)


def decode(text: str) -> SheetCode | None:
    """What a code says; None if it is not one of ours, or was not read whole and right."""
    if len(text) != LENGTH or not text.startswith(START) or any(letter not in LETTERS for letter in text):
        return None
    if check_character(text[:-1]) != text[-1] or not text[3:9].isdecimal():
        return None
    number = int(text[3:9])
    match text[2]:
        case "N" if number == 0:
            return SheetCode(None)
        case "C" if number > 0:
            return SheetCode(number)
        case _:
            return None
