"""When something about children falls due for destruction, and why: the one function for every place that shows a date. Pure.

Base rule (W40, R34): due on the 25th birthday, last day kept the day before, never earlier. Someone born on 29 February has
their birthday on 1 March in common years (R11). Partly known: the latest possible day (R38). Several children: the latest
(R42). Unknown: no date, never by rule (R37). No period set by the policy: nothing is destroyed until one is (S10).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from records.people.ages import birthday
from records.people.birthdates import BirthDate
from records.policies.periods import in_words, ordinal
from records.policies.settings import RetentionRule


@dataclass(frozen=True)
class Due:
    """It falls due on `due`; `last_day_kept` is the day before. Why in words, and by which rules."""

    due: date
    last_day_kept: date
    reason: str
    rule: str


@dataclass(frozen=True)
class Undated:
    """There is no date: why in words, and by which rule. It is never destroyed by rule; a person must decide."""

    reason: str
    rule: str


def falls_due(births: Collection[BirthDate | None], policy: RetentionRule) -> Due | Undated:
    """When something about these children falls due. None in `births` is a child whose birth date is unknown."""
    source = f"{policy.clause} ({policy.title}, version {policy.version})"
    if policy.age is None:
        return Undated(
            "The policy sets no time for keeping. Nothing is destroyed until the manager has set one.",
            f"S10 ({policy.title}, version {policy.version})",
        )
    if not births:
        return Undated("No child is linked, so there is no birth date to count from.", f"R43, {source}")
    unknown = sum(born is None for born in births)
    if unknown:
        who = (
            "The date of birth is"
            if len(births) == 1
            else f"The date of birth of {unknown} of {len(births)} children is"
        )
        return Undated(f"{who} not known, so there is no date. It is never destroyed by rule.", f"R37, {source}")
    age = policy.age
    known = [born for born in births if born is not None]
    latest = max(known, key=lambda born: birthday(born.latest, age))
    due = birthday(latest.latest, age)
    return Due(
        due, due - timedelta(days=1), _reason(latest, len(known), due, age), f"{_rules(latest, len(known))}, {source}"
    )


def _rules(latest: BirthDate, children: int) -> str:
    rules = ["R34"]
    if latest.disputed:
        rules.append("R40")
    elif not latest.exact:
        rules.append("R38")
    if children > 1:
        rules.append("R42")
    return ", ".join(rules)


def _reason(latest: BirthDate, children: int, due: date, age: int) -> str:
    whose = "" if children == 1 else f" of the youngest of {children} children"
    words = f"{ordinal(age)} birthday{whose}"
    if latest.disputed:
        words += f", counted from the latest of the dates that disagree ({in_words(latest.latest)})"
    elif not latest.exact:
        words += f", counted from the latest possible day ({in_words(latest.latest)})"
    elif (latest.latest.month, latest.latest.day) == (2, 29) and due.day == 1:
        words += "; born on 29 February, so 1 March in a common year"
    return words
