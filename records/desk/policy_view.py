"""What the policy page shows. View models only: no HTML, no request."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from records.policies import changing, recorded
from records.policies.changing import Change
from records.policies.kinds import (
    KINDS,
    Fixed,
    Flag,
    Groups,
    Kind,
    NotAValue,
    Number,
    NumberAndFlag,
    One,
    Some,
    in_words,
)
from records.policies.phrases import MEANINGS, PHRASES
from records.policies.reading import JsonValue, Row
from records.policies.settings import CODES, Policy

__all__ = ["Row"]

MOVES_DATES = frozenset({"S10", "months_after_last_contact"})
"""Settings that move the keep-until date of files."""
NEEDS_NOTICE = frozenset({
    "S10", "months_after_last_contact", "shorter_keeping_notice_days", "notice_after_hold_days", "hold_after_request_months",
    "no_child_review_months",
})  # fmt: skip
PLAIN_EFFECT = "Nothing that is recorded changes. From that day on Paperchain asks this setting with its new value; decisions before keep the one they had."
SHIPPED = "As shipped"


@dataclass(frozen=True)
class SettingShown:
    """One setting today."""

    code: str
    name: str
    words: str
    value: JsonValue
    since: date
    who: str
    meaning: str
    source: str
    confirmed: bool
    fixed: str
    recorded: str
    pending: Sequence["ChangeShown"]


@dataclass(frozen=True)
class ChangeShown:
    """One change, as history."""

    sequence: int
    code: str
    name: str
    before: str
    words: str
    begins: date
    who: str
    at: datetime
    reason: str
    notice: bool


def groups(
    versions: Collection[Policy], changes: Sequence[Change], today: date, names: Mapping[str, str]
) -> list[tuple[str, str, list[SettingShown]]]:
    """Id, title and settings of each group."""
    rows = changing.effective(versions, changes, today).rows
    past = history(versions, changes, names)  # once for all: each row would otherwise put every policy together again
    shown = [setting(versions, changes, today, names, row.code, past) for row in rows]
    return [
        ("settings", "What the policy says", [each for each in shown if each.code in CODES]),
        ("periods", "Lengths of time and counts", [each for each in shown if each.code not in CODES]),
    ]


def setting(
    versions: Collection[Policy],
    changes: Sequence[Change],
    today: date,
    names: Mapping[str, str],
    code: str,
    past: Sequence["ChangeShown"] | None = None,
) -> SettingShown:
    """One setting today, with what is decided for later."""
    policy = changing.effective(versions, changes, today)
    row = next(each for each in policy.rows if each.code == code)
    held = changing.holding(changes, today).get(code)
    kind = KINDS[code]
    base = changing.effective(versions, [], today)
    shown = history(versions, changes, names) if past is None else past
    return SettingShown(
        code=code, name=row.name, words=row.words, value=row.value, since=held.effective_from if held else base.effective_from,
        who=names.get(held.changed_by, "–") if held else SHIPPED, meaning=MEANINGS[code],
        source=f"{row.source}, {row.section}" if row.section.strip("-") else row.source, confirmed=row.stated,
        fixed=kind.why if isinstance(kind, Fixed) else "",
        recorded=recorded.WORDS if code in recorded.RECORDED_ONLY else "",
        pending=[each for each in shown if each.code == code and each.begins > today],
    )  # fmt: skip


def history(versions: Collection[Policy], changes: Sequence[Change], names: Mapping[str, str]) -> list[ChangeShown]:
    """Every change, newest first, each with what it took the place of."""
    found = []
    for number, each in enumerate(changes):
        before = changing.effective(versions, changes[:number], each.effective_from)
        row = next(row for row in before.rows if row.code == each.code)
        found.append(
            ChangeShown(
                each.sequence, each.code, row.name, row.words, in_words(each.code, each.value), each.effective_from,
                names.get(each.changed_by, "–"), each.changed_at, each.reason, each.code in MOVES_DATES,
            )
        )  # fmt: skip
    return found[::-1]


def choices(kind: Kind) -> list[tuple[str, str]]:
    """Value and words of what can be chosen."""
    match kind:
        case One(words) | Some(words) | Groups(words):
            return [(each.value, PHRASES[each.value][:1].upper() + PHRASES[each.value][1:]) for each in words]
        case Flag():
            return [("yes", "Yes"), ("no", "No")]
        case _:
            return []


def as_sent(row: SettingShown, today: date) -> dict[str, str]:
    """The form as it is first shown: today's value, from today."""
    sent = {"begins-day": str(today.day), "begins-month": str(today.month), "begins-year": str(today.year)}
    match KINDS[row.code], row.value:
        case Flag(), value:
            sent["value"] = "yes" if value else "no"
        case NumberAndFlag(name, number, flag, _), dict(value):
            sent |= _number(number, value[name]) | ({"flag": "yes"} if value[flag] else {})
        case Number() as number, value:
            sent |= _number(number, value)
        case One(), str(value):
            sent["value"] = value
    return sent


def _number(kind: Number, value: JsonValue) -> dict[str, str]:
    return {"unset": "yes"} if kind.unset and value == kind.unset[0] else {"value": str(value)}


def as_chosen(row: SettingShown) -> dict[str, list[str]]:
    """The ticks as they are first shown."""
    match KINDS[row.code], row.value:
        case Some(), list(value):
            return {"value": value}
        case Groups(_, parts), dict(value):
            return {
                f"value-{name}": [str(each) for each in found]
                for name, _ in parts
                if isinstance(found := value[name], list)
            }
        case _:
            return {}


def day_typed(sent: Mapping[str, str]) -> date:
    """The day of three boxes. Raises NotAValue."""
    parts = [sent.get(f"begins-{part}", "").strip() for part in ("year", "month", "day")]
    try:
        if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
            raise ValueError
        return date(*(int(part) for part in parts))
    except ValueError:
        raise NotAValue("begins", "The day must be a real date, for example 27 3 2027") from None
