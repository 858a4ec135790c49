"""What somebody typed about a person, checked before anything is kept: the sentence at the field, or None when it can be kept. Pure.

Sentences never repeat what was typed. A mark that cannot be seen could make one name look like another, or turn a line round.
"""

import unicodedata
from collections.abc import Mapping
from datetime import date

LONGEST_NAME = 120
LONGEST_TEXT = 2000
UNSEEN = "has a character that cannot be seen. Delete it and type it again by hand"
_JOINERS = "\u200c\u200d"  # some scripts are written with them


def _unseen(text: str, allowed: str) -> bool:
    return any(
        unicodedata.category(letter) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp") and letter not in allowed
        for letter in text
    )


def name_problem(text: str, words: str = "The name") -> str | None:
    """A name as people have them: some letters, nothing unseen, at most 120 letters."""
    if not text.strip():
        return f"Enter {words[:1].lower()}{words[1:]}"
    if len(text) > LONGEST_NAME:
        return f"{words} must be {LONGEST_NAME} letters or fewer"
    if _unseen(text, _JOINERS):
        return f"{words} {UNSEEN}"
    if not any(letter.isalpha() for letter in text):
        return f"{words} must have letters in it"
    return None


def text_problem(text: str, words: str, most: int = LONGEST_TEXT) -> str | None:
    """Some lines of writing; empty is allowed."""
    if len(text) > most:
        return f"{words} must be {most:,} letters or fewer. You typed {len(text):,}"
    if _unseen(text, _JOINERS + "\n\r\t"):
        return f"{words} {UNSEEN}"
    return None


def texts_wrong(sent: Mapping[str, str], fields: Mapping[str, str], most: int = LONGEST_TEXT) -> dict[str, str]:
    """What is wrong with some boxes of writing, by field. `fields`: name of the box → the words that begin its sentence."""
    found = {name: text_problem(sent.get(name, ""), words, most) for name, words in fields.items()}
    return {name: problem for name, problem in found.items() if problem}


def day_from(
    sent: Mapping[str, str], name: str, words: str, *, today: date, needed: bool = True
) -> tuple[date | None, str | None]:
    """A day typed in three boxes (`name-day`, `name-month`, `name-year`), today or in the past; or why it is none."""
    parts = [sent.get(f"{name}-{part}", "").strip() for part in ("day", "month", "year")]
    if not any(parts):
        return None, (f"Enter {words[:1].lower()}{words[1:]}" if needed else None)
    try:
        if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts) or len(parts[2]) != 4:
            raise ValueError
        day = date(int(parts[2]), int(parts[1]), int(parts[0]))
    except ValueError:
        return None, f"{words} must be a real date, for example 27 3 2015"
    if day.year < 1900:
        return None, f"{words} must be in 1900 or later"
    return (None, f"{words} must be today or in the past") if day > today else (day, None)
