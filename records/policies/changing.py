"""A service's own changes over the policy it ships with: which hold on a day, and what the policy then is. Pure.

A change is appended and never edited; a later one for the same setting, or one that takes effect later, takes its place. A
service's own change also outlasts a newer shipped file: what a manager decided is not undone by an update of the program.
"""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from records.policies.kinds import NotAValue, in_words, is_stricter
from records.policies.periods import add_months
from records.policies.periods import in_words as day_in_words
from records.policies.reading import JsonValue, Row
from records.policies.settings import Policy, in_force, rebuilt

FURTHEST_YEARS = 5
SHORTEST_REASON, LONGEST_REASON = 5, 500


@dataclass(frozen=True)
class Change:
    """One setting changed by a manager: from when, why, by whom, and when that was recorded. `sequence` counts a service's changes."""

    sequence: int
    code: str
    value: JsonValue
    effective_from: date
    reason: str
    changed_by: str
    changed_at: datetime


def holding(changes: Iterable[Change], on: date) -> dict[str, Change]:
    """The change that holds for each setting on a day: the one that took effect last, of one day the one recorded last."""
    found: dict[str, Change] = {}
    for change in sorted(changes, key=lambda each: (each.effective_from, each.sequence)):
        if change.effective_from <= on:
            found[change.code] = change
    return found


def effective(versions: Collection[Policy], changes: Iterable[Change], on: date) -> Policy:
    """The policy of a day: the shipped version in force with the service's own changes over it.

    Its `version` names exactly these values (`1+3.5f0c12ab`: shipped version, last change that holds, hash of all values), so that
    a decision that stores it can be traced. Without a change it is the shipped version's own name.
    """
    base, held = in_force(versions, on), holding(changes, on)
    if not held:
        return base
    rows = tuple(_row(row, held.get(row.code)) for row in base.rows)
    last = max(change.sequence for change in held.values())
    begun = max(base.effective_from, *(change.effective_from for change in held.values()))
    return rebuilt(replace(base, effective_from=begun), rows, f"{base.version}+{last}.{fingerprint(rows)}")


def _row(row: Row, change: Change | None) -> Row:
    if change is None:
        return row
    return replace(row, value=change.value, words=in_words(row.code, change.value), stated=True)


def fingerprint(rows: Iterable[Row]) -> str:
    """Eight hexadecimal figures that differ when any value differs."""
    values = {row.code: row.value for row in rows}
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:8]


def earliest_day(today_s: Policy, then_s: Policy, code: str, value: JsonValue, today: date) -> date:
    """The first day on which a change may take effect: today, or after the notice when it shortens keeping (R46).

    `today_s`: the policy of today; `then_s`: the policy of the day of the change without it, which others may have changed already.
    """
    if any(is_stricter(code, value_of(policy, code), value) for policy in (today_s, then_s)):
        return today + timedelta(days=today_s.periods.shorter_keeping_notice_days)
    return today


def value_of(policy: Policy, code: str) -> JsonValue:
    """The value of one setting."""
    return next(row.value for row in policy.rows if row.code == code)


def is_stated(policy: Policy, code: str) -> bool:
    """Whether the service itself says this; else a default was chosen, which a manager confirms by setting the same value."""
    return next(row.stated for row in policy.rows if row.code == code)


def check(today_s: Policy, then_s: Policy, code: str, value: JsonValue, begins: date, reason: str, today: date) -> None:
    """Raises NotAValue, at its field, for a change that may not be made. `today_s`, `then_s`: as for `earliest_day`."""
    if begins < today:
        raise NotAValue("begins", "The day must be today or later: what was decided before keeps its rule")
    if begins > add_months(today, 12 * FURTHEST_YEARS):
        raise NotAValue("begins", f"The day must be within {FURTHEST_YEARS} years")
    if value == value_of(then_s, code) and is_stated(then_s, code):
        raise NotAValue("value", "This is the value on that day already. Choose another, or leave it as it is")
    first = earliest_day(today_s, then_s, code, value, today)
    if begins < first:
        days = today_s.periods.shorter_keeping_notice_days
        raise NotAValue(
            "begins",
            f"This shortens how long things are kept, so it needs {days} days of notice: {day_in_words(first)} or later",
        )
    if len(reason.strip()) < SHORTEST_REASON:
        raise NotAValue("reason", "Enter the reason, so that somebody can follow it later")
    if len(reason) > LONGEST_REASON:
        raise NotAValue("reason", f"Use at most {LONGEST_REASON} letters for the reason")
