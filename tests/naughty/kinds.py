"""The strings by kind: two of one kind are the same to every rule that reads what is typed, and hold the same kinds of letters.

What a field does with a string depends on these rules, on which letters are escaped or left out, and on length. So every field is
tried with each kind, each time with another of its strings; all strings are used on every route with enough fields.
"""

import unicodedata
from collections.abc import Callable
from datetime import date

from intake.desk.form_view import date_from
from records.cases import personal
from records.cases.typed import look_at
from records.consents.typed import day_typed, text_wrong
from records.custody import labels
from records.desk.days import day_in
from records.people import matching, search
from records.people.typed import name_problem, text_problem
from tests.naughty.strings import BROKEN, strings

EVERY = (*(one.encode("utf-8", "surrogatepass") for one in strings()), *BROKEN)
RULES: tuple[Callable[[str], object], ...] = (
    lambda text: text_wrong(text, "the note", most=2000), lambda text: day_typed(text, text, text), name_problem,
    lambda text: text_problem(text, "The reason"),
    lambda text: look_at(text, "the note", needed="Enter the note"), day_in, labels.number_from, personal.looks_personal,
    lambda text: search.taken_apart(text, date(2026, 11, 20)), matching.words_of, matching.tokens,
    lambda text: date_from({"born-day": text, "born-month": text, "born-year": text}, "born", "Date of birth", needed=True),
)  # fmt: skip
MARKS = "<>&", "\"'`", "{}$#%", "\\/", "\n\r\t"
LENGTHS = 0, 1, 2, 4, 10, 100, 200, 500, 2000, 5000
"""Just below them lie the limits of what fields take."""


def kind(value: bytes) -> object:
    """What makes two strings of one kind."""
    text = value.decode("utf-8", "replace")
    categories = {unicodedata.category(letter) for letter in text}
    return (
        tuple(_outcome(rule(text), text) for rule in RULES),
        frozenset(one if one[0] == "C" else one[0] for one in categories if one[0] in "CMN"),
        any(ord(letter) > 0xFFFF for letter in text),
        tuple(any(letter in text for letter in marks) for marks in MARKS),
        sum(len(text) > length for length in LENGTHS),
        (text.isascii(), text == text.strip()),
    )


def _outcome(answer: object, text: str) -> object:
    return (
        None
        if answer is None
        else (type(answer).__name__, answer[:40] if isinstance(answer, str) and answer != text else "")
    )


def kinds() -> tuple[tuple[bytes, ...], ...]:
    """All strings, those of one kind together."""
    found: dict[object, list[bytes]] = {}
    for value in EVERY:
        found.setdefault(kind(value), []).append(value)
    return tuple(tuple(each) for each in found.values())
