"""Ages on a day, and whether a written birth date can be believed (R10–R15, R20, R39, R41). Pure.

`today` is always an argument: the date in Europe/London (R12). An age test answers yes, no or unknown, and unknown goes
to a person (R13). What a birth date is stands in `birthdates.py`.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from records.people.birthdates import BirthDate

# R14: thresholds are never derived from one another. Those below are law; the guide age (S9), the age of direct release
# (S8) and the age of keeping (S10) are settings of the service, even where the figures happen to be equal.
CAPACITY_PRESUMED = 16  # Mental Capacity Act 2005
ADULT = 18  # Family Law Reform Act 1969
SERVICE_RANGE_ENDS = 25  # Children and Families Act 2014: advice and support from 0 to 25

FRIDAY = 4


class Known(StrEnum):
    """An answer that may be missing."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def birthday(born: date, age: int) -> date:
    """The day somebody born on `born` reaches `age`, from its first moment (R10); 1 March for 29 February in a common
    year (R11): for keeping, a day too long can be put right."""
    year = born.year + age
    try:
        return born.replace(year=year)
    except ValueError:
        if (born.month, born.day) != (2, 29):
            raise
        return date(year, 3, 1)


def years_old(born: date, on: date) -> int:
    """Whole years by the calendar (R12). ValueError for a day before birth."""
    if on < born:
        raise ValueError("Nobody has an age before the day of birth.")
    age = on.year - born.year
    return age if birthday(born, age) <= on else age - 1


def age_range(born: BirthDate | None, on: date) -> tuple[int, int] | None:
    """The least and the greatest age possible on a day; None if nothing is known or the birth may still be to come."""
    if born is None or on < born.latest:
        return None
    return years_old(born.latest, on), years_old(born.earliest, on)


def has_reached(born: BirthDate | None, age: int, on: date) -> Known:
    """Has this birthday come? A range answers only when all its days agree (R13)."""
    if born is None:
        return Known.UNKNOWN
    if birthday(born.latest, age) <= on:
        return Known.YES
    return Known.NO if on < birthday(born.earliest, age) else Known.UNKNOWN


def school_age_ends(born: date) -> date:
    """The last day of compulsory school age: the last Friday in June of the school year, 1 September to 31 August, in
    which somebody turns 16 (R20)."""
    sixteenth = birthday(born, 16)
    year = sixteenth.year + (sixteenth.month >= 9)
    last_of_june = date(year, 6, 30)
    return last_of_june - timedelta(days=(last_of_june.weekday() - FRIDAY) % 7)


def past_school_age(born: BirthDate | None, on: date) -> Known:
    """Is this a young person in SEND law (R20)? School age lasts to the end of its last day (Education Act 1996, s.8)."""
    if born is None:
        return Known.UNKNOWN
    if school_age_ends(born.latest) < on:
        return Known.YES
    return Known.NO if on <= school_age_ends(born.earliest) else Known.UNKNOWN


@dataclass(frozen=True)
class Thresholds:
    """The five thresholds of R14 on one day, each by itself. None where the service sets no such age."""

    guide_age: Known | None
    direct_release: Known | None
    past_school_age: Known
    adult: Known
    range_ended: Known


def thresholds(
    born: BirthDate | None, on: date, *, guide_age: int | None, direct_release_age: int | None
) -> Thresholds:
    """Where somebody stands on a day against every age that matters; S9 and S8 come from the service's policy."""
    return Thresholds(
        guide_age=None if guide_age is None else has_reached(born, guide_age, on),
        direct_release=None if direct_release_age is None else has_reached(born, direct_release_age, on),
        past_school_age=past_school_age(born, on),
        adult=has_reached(born, ADULT, on),
        range_ended=has_reached(born, SERVICE_RANGE_ENDS, on),
    )


class Doubt(StrEnum):
    """Why a birth date is asked about instead of believed (R39, R41, F23)."""

    NOT_WRITTEN = "not_written"
    NOT_A_DATE = "not_a_date"
    YEAR_UNCLEAR = "year_unclear"
    IN_THE_FUTURE = "in_the_future"
    SAME_AS_SIGNATURE = "same_as_signature"
    AFTER_SIGNATURE = "after_signature"
    TOO_OLD = "too_old"
    SAME_AS_PARENT = "same_as_parent"


_WORDS = {
    Doubt.NOT_WRITTEN: "No birth date is written.",
    Doubt.NOT_A_DATE: "What is written is not a day in the calendar, in the order day, month, year.",
    Doubt.YEAR_UNCLEAR: "The year has two figures and fits no child of 0 to 24 on the day of signing.",
    Doubt.IN_THE_FUTURE: "The birth date lies after the day the form was received.",
    Doubt.SAME_AS_SIGNATURE: "The birth date is the day of signing: today's date is often written twice by mistake.",
    Doubt.AFTER_SIGNATURE: "The birth date lies after the day of signing.",
    Doubt.TOO_OLD: "This would be somebody of 25 or over on the day of signing.",
    Doubt.SAME_AS_PARENT: "The birth date is the parent's own.",
}


@dataclass(frozen=True)
class Believed:
    """A birth date that may be offered to a person as read."""

    born: BirthDate


@dataclass(frozen=True)
class Queried:
    """A birth date to treat as unknown until a person settles it; what was written is kept (R39)."""

    doubt: Doubt
    reason: str
    rule: str


def _queried(doubt: Doubt) -> Queried:
    return Queried(doubt, _WORDS[doubt], "R41" if doubt is Doubt.YEAR_UNCLEAR else "R39")


def check_birth_date(
    born: BirthDate | None, *, signed_on: date | None, received_on: date, parent_born: BirthDate | None = None
) -> Believed | Queried:
    """Can this be the child's birth date on a form signed and received on these days (R39)?

    Without a signature date the received date stands for it (R26). A part date is queried when none of its days can be
    right.
    """
    signed = signed_on or received_on
    if born is None:
        return _queried(Doubt.NOT_WRITTEN)
    if born.earliest > received_on:
        return _queried(Doubt.IN_THE_FUTURE)
    if born.exact and born.earliest == signed:
        return _queried(Doubt.SAME_AS_SIGNATURE)
    if born.earliest >= signed:
        return _queried(Doubt.AFTER_SIGNATURE)
    if parent_born is not None and born.exact and born == parent_born:
        return _queried(Doubt.SAME_AS_PARENT)
    if has_reached(born, SERVICE_RANGE_ENDS, signed) is Known.YES:
        return _queried(Doubt.TOO_OLD)
    return Believed(born)


_WRITTEN = re.compile(r"([0-9]{1,2})\s*[/.\- ]\s*([0-9]{1,2})\s*[/.\- ]\s*([0-9]{4}|[0-9]{2})")


def check_written_birth_date(
    text: str, *, signed_on: date | None, received_on: date, parent_born: BirthDate | None = None
) -> Believed | Queried:
    """A birth date as written on a form, always day, month, year (R41): never month first, whatever would fit."""
    if not text.strip(" _/.-\t\n"):
        return _queried(Doubt.NOT_WRITTEN)
    found = _WRITTEN.fullmatch(text.strip())
    if not found:
        return _queried(Doubt.NOT_A_DATE)
    day, month, year = int(found[1]), int(found[2]), int(found[3])
    signed = signed_on or received_on
    if len(found[3]) == 2:
        if not _exists(day, month, 2000):  # 2000 has a 29 February; whether the real year has one is asked below
            return _queried(Doubt.NOT_A_DATE)
        return _in_a_century(day, month, year, signed, received_on, parent_born)
    if not _exists(day, month, year):
        return _queried(Doubt.NOT_A_DATE)
    born = BirthDate.on(date(year, month, day))
    return check_birth_date(born, signed_on=signed_on, received_on=received_on, parent_born=parent_born)


def _in_a_century(
    day: int, month: int, two_figures: int, signed: date, received_on: date, parent_born: BirthDate | None
) -> Believed | Queried:
    this_century = signed.year - signed.year % 100
    candidates = [
        date(century + two_figures, month, day)
        for century in (this_century, this_century - 100)
        if _exists(day, month, century + two_figures)
    ]
    # Copied from the signature line is the commonest slip, and says more than "fits no century".
    if signed in candidates:
        return _queried(Doubt.SAME_AS_SIGNATURE)
    fitting = [born for born in candidates if born < signed < birthday(born, SERVICE_RANGE_ENDS)]
    if len(fitting) != 1:
        return _queried(Doubt.YEAR_UNCLEAR)
    born = BirthDate.on(fitting[0])
    return check_birth_date(born, signed_on=signed, received_on=received_on, parent_born=parent_born)


def signature_date(text: str, *, received_on: date) -> date | None:
    """A written signature date: day, month, year; two figures mean the latest year not after receipt (R41).

    None where nothing or no real day is written: the received date is then assumed, and marked so (R26). A full year
    after receipt is returned as written, for the caller to query (F26).
    """
    found = _WRITTEN.fullmatch(text.strip())
    if not found:
        return None
    day, month, year = int(found[1]), int(found[2]), int(found[3])
    if len(found[3]) == 4:
        return date(year, month, day) if _exists(day, month, year) else None
    this_century = received_on.year - received_on.year % 100
    for century in (this_century, this_century - 100):
        if _exists(day, month, century + year) and date(century + year, month, day) <= received_on:
            return date(century + year, month, day)
    return None


def _exists(day: int, month: int, year: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
