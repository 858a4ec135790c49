"""The one file of a child whose full name and birth date are both known, for those who may not search (W41): exact, or nothing."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session

from records.people import index, register
from records.people.birthdates import BirthDate
from records.people.matching import Likeness, compare
from records.people.tables import ChildFile

MOST = 500
"""Files with one birth date that are compared; far more than one service has."""


def files_of(session: Session, name: str, born: date) -> Sequence[ChildFile]:
    """Files whose child has exactly this name and this birth date; joined files count once, as the one that is kept."""
    found = [one.file for one in index.by_birth(session, born.isoformat(), index.everybody, MOST)]
    return [file for file in found if fits(session, file, name, born)]


def fits(session: Session, file: ChildFile, name: str, born: date | None) -> bool:
    """Whether what is typed of it (name, birth date or both) is exactly what the file says of its child."""
    births = register.birth_dates(session, file)
    if born is None:
        return any(
            compare(name, BirthDate.on(date.min), child, BirthDate.on(date.min)).likeness is Likeness.EXACT
            for child in _names(session, file)
        )
    on = BirthDate.on(born)
    if not name.strip():
        return on in births
    return on in births and any(
        compare(name, on, child, on).likeness is Likeness.EXACT for child in _names(session, file)
    )


def _names(session: Session, file: ChildFile) -> Sequence[str]:
    return [person.name for person in register.people(session, file) if person.kind == register.CHILD]
