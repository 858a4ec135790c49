"""When something about children falls due for destruction, and why: the one function for every place that shows a date. Pure.

Base rule (W40, R34): due on the 25th birthday, last day kept the day before, never earlier. Someone born on 29 February has
their birthday on 1 March in common years (R11). Partly known: the latest possible day (R38). Several children: the latest
(R42). Unknown: no date, never by rule (R37). No period set by the policy: nothing is destroyed until one is (S10).
The policy says "normally": a manager may keep longer with a reason and a date, and set a date where none can be counted.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from records.people.ages import birthday
from records.people.birthdates import BirthDate
from records.policies.periods import add_months, in_words, ordinal
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


@dataclass(frozen=True)
class Kept:
    """A manager's decision with a reason (W40, R37): keep to `until`. Where a date can be counted it never makes it earlier."""

    until: date


def falls_due(
    births: Collection[BirthDate | None],
    policy: RetentionRule,
    *,
    last_contact: date | None = None,
    kept: Kept | None = None,
) -> Due | Undated:
    """When something about these children falls due. None in `births` is a child whose birth date is unknown.

    `last_contact` counts only where the policy keeps for some time after it (R36). A hold is no argument: it stops
    destruction and moves no date (R45).
    """
    source = f"{policy.clause} ({policy.title}, version {policy.version})"
    if policy.age is None:
        return Undated(
            "The policy sets no time for keeping. Nothing is destroyed until the manager has set one.",
            f"S10 ({policy.title}, version {policy.version})",
        )
    counted = _from_births(births, policy.age, source)
    if isinstance(counted, Undated):
        return counted if kept is None or not births else _set_by_manager(kept, counted, source)
    if policy.months_after_last_contact and last_contact is not None:
        counted = _no_earlier(
            counted,
            add_months(last_contact, policy.months_after_last_contact),
            f"{policy.months_after_last_contact} months after the last contact ({in_words(last_contact)}), later than the "
            f"{ordinal(policy.age)} birthday",
            "R36",
        )
    if kept is not None:
        counted = _no_earlier(
            counted, kept.until, f"the manager keeps it to {in_words(kept.until)}, with a reason", "W40"
        )
    return counted


def the_later(now: Due | Undated, before: Due | Undated) -> Due | Undated:
    """While a shorter period is still on notice (R46), the period before it counts: no date is later than every date."""
    if isinstance(now, Undated):
        return now
    if isinstance(before, Undated):
        return Undated(f"A new period is on notice. Before it: {before.reason}", f"R46, {before.rule}")
    return before if before.due > now.due else now


def _from_births(births: Collection[BirthDate | None], age: int, source: str) -> Due | Undated:
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
    known = [born for born in births if born is not None]
    latest = max(known, key=lambda born: birthday(born.latest, age))
    due = birthday(latest.latest, age)
    return Due(
        due, due - timedelta(days=1), _reason(latest, len(known), due, age), f"{_rules(latest, len(known))}, {source}"
    )


def _set_by_manager(kept: Kept, undated: Undated, source: str) -> Due:
    words = f"{undated.reason.split(',')[0]}. The manager has set this date, with a reason."
    return Due(kept.until, kept.until - timedelta(days=1), words, f"R37, {source}")


def _no_earlier(counted: Due, day: date, words: str, rule: str) -> Due:
    """The later of what was counted and another day, with the words of whichever decides."""
    if day <= counted.due:
        return counted
    return Due(day, day - timedelta(days=1), f"{counted.reason}; {words}", f"{rule}, {counted.rule}")


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
