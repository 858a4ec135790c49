"""Finding a child's file by what somebody typed: a name spelt nearly so, a birth date in any usual form, both, or a file number."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from functools import cache
from uuid import uuid4

from sqlmodel import Session

from records.errors import NotFound
from records.people import index, merging, register
from records.people.birthdates import across
from records.people.index import Found, MayOpen
from records.people.matching import words_of
from records.people.name_keys import is_piece
from records.people.register import PersonShown
from records.people.tables import ChildFile
from records.policies.periods import in_words

MOST_SHOWN = 25
"""More namesakes than anybody reads through; the page asks for a birth date or another word of the name then."""
LONGEST_TYPED = 200
PIECE = 0.9
"""How much of a name its family or given name is, where the two are written together: next to the whole."""

NUMBER = re.compile(r"(?:PC-?)?0*(\d{1,9})", re.IGNORECASE)
_MONTH_NAMES = [in_words(date(2000, month, 1)).split()[1].casefold() for month in range(1, 13)]
_MONTHS = {name[:length]: at + 1 for at, name in enumerate(_MONTH_NAMES) for length in (3, 4, len(name))}
_YEAR, _END = r"(\d{4}|\d{2})", r"(?![\w/.\-])"
_BEFORE = r"(?<![\w/.\-])"
_DATES = (
    re.compile(rf"{_BEFORE}(?P<day>\d{{1,2}})\s?[/.\- ]\s?(?P<month>\d{{1,2}})\s?[/.\- ]\s?(?P<year>\d{{4}}|\d{{2}}){_END}"),
    re.compile(rf"{_BEFORE}(?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}}){_END}"),
    re.compile(rf"{_BEFORE}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<named>[A-Za-z]{{3,9}}),?\s+(?P<year>\d{{4}}|\d{{2}}){_END}"),
    re.compile(rf"{_BEFORE}(?P<day>\d{{2}})(?P<month>\d{{2}})(?P<year>\d{{4}}){_END}"),
    re.compile(rf"{_BEFORE}(?P<named>[A-Za-z]{{3,9}})\s+(?P<year>\d{{4}}){_END}"),
)  # fmt: skip


@dataclass(frozen=True)
class Hit:
    """One file: the least that tells two children apart. `also` only where another hit has the same name and birth date."""

    number: int
    name: str
    born: str
    born_on: date | None
    officer: str
    also: str = ""


@dataclass(frozen=True)
class Results:
    """What a search found. `more`: there may be others after those shown. `exact_number`: it was a file number that exists."""

    hits: tuple[Hit, ...]
    more: bool = False
    exact_number: int | None = None


@dataclass(frozen=True)
class Asked:
    """What somebody typed, taken apart: a name, a birth date (`2011-05-14`, or `2011-05` for a month), or both."""

    name: str
    born: str | None


def taken_apart(typed: str, today: date) -> Asked:
    """Finds a birth date in what was typed; the rest is a name. Day, month, year: never month first (R41). Pure."""
    for pattern in _DATES:
        for found in pattern.finditer(typed):
            born = _born(found.groupdict(), today)
            if born is not None:
                return Asked(f"{typed[: found.start()]} {typed[found.end() :]}".strip(" ,;"), born)
    return Asked(typed, None)


def _born(parts: dict[str, str | None], today: date) -> str | None:
    month = _MONTHS.get((parts.get("named") or "").casefold()) if parts.get("named") else int(parts["month"] or 0)
    year = int(parts["year"] or 0)
    if month is None:
        return None
    if len(parts["year"] or "") == 2:
        year += today.year - today.year % 100
        year -= 100 if year > today.year else 0
    try:
        if parts.get("day") is None:
            return date(year, month, 1).isoformat()[:7]
        return date(year, month, int(parts["day"] or 0)).isoformat()
    except ValueError:
        return None


def find(session: Session, typed: str, may_open: MayOpen, today: date) -> Results:
    """The files that fit, best first, among those that this person may open: that is asked before anything is counted."""
    typed = typed.strip()[:LONGEST_TYPED]
    asked = taken_apart(typed, today)
    number = NUMBER.fullmatch(typed)
    if number and asked.born is None:
        return _by_number(session, int(number[1]), may_open)
    if asked.born is None:
        found = index.by_name(session, asked.name, may_open, MOST_SHOWN + 1)
    else:
        found = index.by_birth(
            session, asked.born, may_open, MOST_SHOWN * 20 if words_of(asked.name) else MOST_SHOWN + 1
        )
    if not found:
        return Results(())
    shown = _shown(session, found, asked, words_of(asked.name))
    return Results(tuple(shown[:MOST_SHOWN]), more=len(shown) > MOST_SHOWN)


def _by_number(session: Session, number: int, may_open: MayOpen) -> Results:
    try:
        file = register.by_number(session, number)
    except NotFound:
        merging.ids_of(session, uuid4())  # as much work as for a file that may not be opened: the time must not tell
        return Results(())
    files = register.all_of(session, file)
    if not all(may_open(each) for each in files):
        return Results(())
    hits = _shown(session, [Found(files[0], 1.0)], Asked("", None), ())
    return Results(tuple(hits), exact_number=files[0].number)


def _shown(session: Session, found: Sequence[Found], asked: Asked, words: Sequence[str]) -> list[Hit]:
    files = [one.file for one in found]
    people = register.people_of(session, files)
    births = register.birth_dates_of(session, files)
    scored: list[tuple[float, ChildFile]] = []
    likeness = cache(_likeness)  # for this list alone: many on it have one name
    for one in found:
        close = (
            max((_closeness(words, person, likeness) for person in people[one.file.id]), default=0.0)
            if words
            else one.score
        )
        if not (asked.born and words) or close >= 0.6:
            scored.append((close, one.file))
    scored.sort(key=lambda pair: -pair[0])  # stable: equals stay as the index gave them
    hits = []
    for _, file in scored:
        born = across(births[file.id])
        child = next((person.name for person in people[file.id] if person.kind == register.CHILD), "–")
        hits.append((file, child, born))
    twice = _seen_twice([(child, born.in_words() if born else "") for _, child, born in hits])
    return [
        Hit(
            file.number, child, born.in_words() if born else "not known",
            born.earliest if born and born.exact else None, str(file.officer_id),
            _others(people[file.id]) if (child, born.in_words() if born else "") in twice else "",
        )
        for file, child, born in hits
    ]  # fmt: skip


def _closeness(words: Sequence[str], person: PersonShown, likeness: Callable[[str, str], float]) -> float:
    """How much of what was typed this person's name is; a child a little before a carer of the same name."""
    theirs = words_of(person.name)
    if not theirs:
        return 0.0
    best = [max(likeness(word, other) for other in theirs) for word in words]
    return sum(best) / len(best) + (0.01 if person.kind == register.CHILD else 0.0)


def _likeness(word: str, other: str) -> float:
    if word == other:
        return 1.0
    return max(PIECE if is_piece(word, other) else 0.0, SequenceMatcher(None, word, other, autojunk=False).ratio())


def _seen_twice(pairs: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    return {pair for pair in pairs if pairs.count(pair) > 1}


def _others(people: Sequence[PersonShown]) -> str:
    """What tells two children of one name and birthday apart: who else is on the file."""
    return ", ".join(person.name for person in people if person.kind != register.CHILD)[:120]
