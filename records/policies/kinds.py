"""What may be typed for each setting, and what a value means in words. Pure; no setting is stored or dated here.

Bounds are wide enough for any service and narrow enough to catch a slip: 2 years of keeping for 25, 280 days for 28.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from records.policies.periods import ordinal
from records.policies.phrases import PHRASES
from records.policies.reading import JsonValue
from records.policies.values import (
    Audience,
    ContactPoint,
    NotesSeenBy,
    OriginalsOnRequest,
    OverrideGround,
    PaperAfterScanning,
    ParentAccess,
    Register,
    Stored,
    Who,
)


class NotAValue(ValueError):
    """What was typed cannot be this setting's value. `field`: where to say it; the message is one sentence for people."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field
        self.words = words


@dataclass(frozen=True)
class Flag:
    """Yes or no."""


@dataclass(frozen=True)
class One:
    """One of some words."""

    words: type[StrEnum]


@dataclass(frozen=True)
class Some:
    """Several words; none only where `may_be_none`."""

    words: type[StrEnum]
    may_be_none: bool = False


@dataclass(frozen=True)
class Groups:
    """Several lists of words side by side (S5): name of each list and its words in front. Each needs at least one."""

    words: type[StrEnum]
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Number:
    """A whole number within bounds. `unset`: the word stored when there is none, and how that is said to people."""

    low: int
    high: int
    unit: str
    unset: tuple[str, str] | None = None


@dataclass(frozen=True)
class NumberAndFlag:
    """A number and a yes or no stored together (S10, S15)."""

    number: str
    kind: Number
    flag: str
    asks: str


@dataclass(frozen=True)
class Fixed:
    """No other value is lawful or can be honoured; `why` says so."""

    why: str


Kind = Flag | One | Some | Groups | Number | NumberAndFlag | Fixed

KINDS: Mapping[str, Kind] = {
    "S1": One(NotesSeenBy),
    "S2": Some(OverrideGround),
    "S3": Some(Who),
    "S4": Some(Who),
    "S5": Groups(
        Who, (("general", "Whose consent counts"), ("professionals", "Whose consent counts for contacting professionals"))
    ),
    "S6": Some(Stored),
    "S7": One(ParentAccess),
    "S8": Number(10, 18, "years", ("law_applies", "No age is set: the law applies")),
    "S9": Number(8, 18, "years", ("judged_on_understanding", "No age is set: it is judged on understanding")),
    "S10": NumberAndFlag(
        "birthday", Number(18, 100, "years", ("not_set", "Not set: nothing is destroyed")), "may_extend",
        "A manager may keep longer, with a reason",
    ),
    "S11": One(PaperAfterScanning),
    "S12": One(OriginalsOnRequest),
    "S13": Fixed("Both policies and the law allow this only. It cannot be changed."),
    "S14": Fixed("Both policies allow this only. It cannot be changed."),
    "S15": NumberAndFlag("months", Number(1, 60, "months"), "on_law_change", "Also when data protection law changes"),
    "S16": Some(Audience, may_be_none=True),
    "S17": Flag(),
    "S18": Flag(),
    "S19": Some(Register, may_be_none=True),
    "S20": Flag(),
    "S21": One(ContactPoint),
    "S22": Fixed("Paperchain has no accounts for a council, so that it can promise this. It cannot be changed."),
    "S23": Flag(),
    "waste_wait_days": Number(0, 365, "days"),
    "unanswered_storage_days": Number(1, 365, "days"),
    "refused_storage_working_days": Number(0, 20, "working days"),
    "consent_refresh_months": Number(0, 120, "months"),
    "spoken_consent_days": Number(1, 365, "days"),
    "referral_holding_days": Number(1, 365, "days"),
    "signature_before_receipt_months": Number(1, 60, "months"),
    "months_after_last_contact": Number(0, 240, "months"),
    "destruction_limit_months": Number(1, 12, "months"),
    "unknown_birth_date_review_months": Number(1, 60, "months"),
    "no_child_review_months": Number(1, 120, "months"),
    "hold_review_months": Number(1, 24, "months"),
    "hold_after_request_months": Number(0, 24, "months"),
    "notice_after_hold_days": Number(1, 365, "days"),
    "shorter_keeping_notice_days": Number(7, 365, "days"),
    "request_target_days": Number(1, 28, "days"),
    "clarification_close_months": Number(1, 12, "months"),
    "return_working_days": Number(1, 60, "working days"),
    "certificate_overdue_days": Number(1, 90, "days"),
    "lock_check_days": Number(1, 92, "days"),
    "rights_told_days": Number(0, 92, "days"),
    "training_refresh_months": Number(0, 60, "months"),
    "dbs_review_months": Number(0, 60, "months"),
    "waste_security_level": Number(3, 7, "(level P-n)"),
    "sensitive_waste_security_level": Number(3, 7, "(level P-n)"),
    "theme_minimum_families": Number(5, 100, "families"),
}  # fmt: skip
_OFF_AT_NOUGHT = {"consent_refresh_months", "months_after_last_contact", "training_refresh_months", "dbs_review_months"}


def typed(code: str, sent: Mapping[str, str], chosen: Mapping[str, Sequence[str]]) -> JsonValue:
    """The value that a form gave: `sent` its single fields, `chosen` every choice of each. Raises NotAValue.

    Fields: `value`; for a number without a value `unset` = `yes`; for groups `value-general` and so on; beside a number `flag`.
    """
    match KINDS[code]:
        case Flag():
            if sent.get("value") not in ("yes", "no"):
                raise NotAValue("value", "Choose yes or no")
            return sent["value"] == "yes"
        case One(words):
            if sent.get("value") not in {each.value for each in words}:
                raise NotAValue("value", "Choose one of the values")
            return sent["value"]
        case Some(words, may_be_none):
            return _several("value", words, chosen.get("value", ()), may_be_none=may_be_none)
        case Groups(words, parts):
            return {name: _several(f"value-{name}", words, chosen.get(f"value-{name}", ())) for name, _ in parts}
        case Number() as number:
            return _number(number, sent)
        case NumberAndFlag(name, number, flag, _):
            return {name: _number(number, sent), flag: sent.get("flag") == "yes"}
        case Fixed(why):
            raise NotAValue("value", why)


def _several(field: str, words: type[StrEnum], chosen: Sequence[str], *, may_be_none: bool = False) -> JsonValue:
    found: list[str] = [each.value for each in words if each.value in chosen]
    if not found and not may_be_none:
        raise NotAValue(field, "Choose at least one")
    return found


def _number(kind: Number, sent: Mapping[str, str]) -> int | str:
    if kind.unset and sent.get("unset") == "yes":
        return kind.unset[0]
    text = sent.get("value", "").strip()
    if not text:
        raise NotAValue("value", "Enter a number")
    if not (text.isascii() and text.isdigit() and len(text) < 6 and kind.low <= int(text) <= kind.high):
        raise NotAValue("value", f"Enter a whole number from {kind.low} to {kind.high}")
    return int(text)


def in_words(code: str, value: JsonValue) -> str:
    """What a value says, for people."""
    match KINDS[code], value:
        case ((Flag() | Fixed()), bool()):
            return "Yes" if value else "No"
        case ((One() | Fixed()), str()):
            return PHRASES[value]
        case Some(), list():
            return _listed(value)
        case Groups(_, parts), dict():
            return "; ".join(f"{words}: {_listed(value[name])}" for name, words in parts)
        case Number() as number, _:
            return _counted(code, number, value)
        case NumberAndFlag(name, number, flag, asks), dict():
            first = _keeping(value[name], number) if code == "S10" else _counted(code, number, value[name])
            return f"{first}. {asks}" if value[flag] else first
        case _:
            raise ValueError(f"{code} cannot have such a value")


def _listed(value: JsonValue) -> str:
    if not isinstance(value, list):
        raise ValueError("a list of words was expected")
    words = "; ".join(PHRASES[each] for each in value)
    return words[:1].upper() + words[1:] if words else "Nobody and nothing by rule"


def _counted(code: str, kind: Number, value: JsonValue) -> str:
    if kind.unset and value == kind.unset[0]:
        return kind.unset[1]
    if code in _OFF_AT_NOUGHT and value == 0:
        return "Off"
    if kind.unit.startswith("("):
        return f"P-{value}"
    return f"{value} {kind.unit[:-1] if value == 1 and kind.unit != 'families' else kind.unit}"


def _keeping(value: JsonValue, kind: Number) -> str:
    if not isinstance(value, int):
        return kind.unset[1] if kind.unset else "Not set"
    return f"Until the {ordinal(value)} birthday"


def is_stricter(code: str, before: JsonValue, after: JsonValue) -> bool:
    """Whether a change shortens how long something is kept or warned of, so that notice must be given first (R46).

    A first age for S10 is one: until then nothing at all was destroyed.
    """
    match code:
        case "S10":
            old, new = _part(before, "birthday"), _part(after, "birthday")
            return isinstance(new, int) and (not isinstance(old, int) or new < old)
        case (
            "months_after_last_contact"
            | "shorter_keeping_notice_days"
            | "notice_after_hold_days"
            | "hold_after_request_months"
            | "no_child_review_months"
        ):
            return isinstance(before, int) and isinstance(after, int) and after < before
        case _:
            return False


def _part(value: JsonValue, name: str) -> JsonValue | None:
    return value.get(name) if isinstance(value, dict) else None
