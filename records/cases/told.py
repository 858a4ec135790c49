"""Whether a family knows its rights and our confidentiality policy: what is missing, and what must wait for it (W24, W26, S17). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Matter(StrEnum):
    """What a family is told of."""

    POLICY = "policy"
    RIGHTS = "rights"


class How(StrEnum):
    """How they were told; or that they were not, with a reason."""

    SAID = "said"
    SHEET = "sheet"
    SENT = "sent"
    NOT_TOLD = "not_told"


HOW_WORDS = {
    How.SAID: "Said, in person or by telephone",
    How.SHEET: "Given on paper",
    How.SENT: "Sent, by post or email",
    How.NOT_TOLD: "They could not be told, for a reason",
}


@dataclass(frozen=True)
class Entry:
    """One entry: what of, and how."""

    policy: bool
    rights: bool
    how: How


def missing(entries: Iterable[Entry], *, offered: bool) -> frozenset[Matter]:
    """What the family is still to be told. `offered`: the policy is made known at first contact (S17).

    A reason stands for telling them of the policy (W26), never for telling them of their rights (W24).
    """
    known = list(entries)
    policy = any(entry.policy for entry in known) or not offered
    rights = any(entry.rights and entry.how is not How.NOT_TOLD for entry in known)
    return frozenset(matter for matter, told in ((Matter.POLICY, policy), (Matter.RIGHTS, rights)) if not told)


def by_day(opened_on: date, days: int) -> date:
    """The last day on which a family is told in time."""
    return opened_on + timedelta(days=days)


def why_not_on(still: frozenset[Matter]) -> str:
    """Why a case cannot go beyond its first contact (W26); empty when it can."""
    if Matter.POLICY not in still:
        return ""
    return "First record that the confidentiality policy was explained to the family, or why it could not be (W26)."


def in_words(still: frozenset[Matter]) -> str:
    """What is missing, as a sentence above the file; empty when nothing is."""
    if not still:
        return ""
    of = {
        frozenset(Matter): "our confidentiality policy and their rights over what we hold",
        frozenset({Matter.POLICY}): "our confidentiality policy",
        frozenset({Matter.RIGHTS}): "their rights over what we hold",
    }[still]
    return f"The family has not been told of {of}. Tell them, and record it under “Policy and rights”."
