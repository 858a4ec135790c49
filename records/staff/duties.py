"""What each member of staff and each volunteer needs: training, a copy of the policy, checks, and when it is due again (N7, W25, W52, S19, S20). Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from records.policies.periods import add_months, in_words
from records.policies.settings import Policy
from records.policies.values import Register

SOON_DAYS = 28
"""How long before its day something is said to be due soon; no source sets it."""


class State(StrEnum):
    """How a duty stands."""

    DONE = "done"
    SOON = "soon"
    OVERDUE = "overdue"
    MISSING = "missing"


@dataclass(frozen=True)
class Entry:
    """Something done. `version`: of the policy that was given; `read`: they said that they read it."""

    kind: Register
    on: date
    version: str | None = None
    read: bool = False


@dataclass(frozen=True)
class Standing:
    """One duty of one person: how it stands, why in words, and the day by which it is due again, if there is one."""

    kind: Register
    state: State
    words: str
    due: date | None = None

    @property
    def open(self) -> bool:
        """Whether a manager must see to it."""
        return self.state in (State.OVERDUE, State.MISSING)


def needed(policy: Policy, *, volunteer: bool) -> list[Register]:
    """What is kept of this person by the policy (S19); of a volunteer only where volunteers are covered (S20)."""
    covered = policy.volunteers_covered or not volunteer
    return [kind for kind in Register if kind in policy.staff_registers] if covered else []


def standing(kind: Register, entries: Collection[Entry], policy: Policy, today: date) -> Standing:
    """How one duty stands today. An entry with a day to come does not count yet."""
    done = [entry for entry in entries if entry.kind is kind and entry.on <= today]
    if kind is Register.POLICY_COPY:
        return _copy(done, policy.version)
    if not done:
        return Standing(kind, State.MISSING, "Nothing is entered")
    last = max(entry.on for entry in done)
    months = {
        Register.CONFIDENTIALITY_TRAINING: policy.periods.training_refresh_months,
        Register.DBS: policy.periods.dbs_review_months,
    }.get(kind, 0)
    if not months:
        return Standing(kind, State.DONE, f"On {in_words(last)}")
    due = add_months(last, months)
    state = State.OVERDUE if due < today else State.SOON if due - timedelta(days=SOON_DAYS) <= today else State.DONE
    return Standing(kind, state, f"On {in_words(last)}, again by {in_words(due)}", due)


def _copy(done: Collection[Entry], version: str) -> Standing:
    """Each version in force is given and read anew: what somebody read last year may not be what holds."""
    of_version = [entry for entry in done if entry.version == version]
    read = [entry.on for entry in of_version if entry.read]
    if read:
        return Standing(Register.POLICY_COPY, State.DONE, f"Version {version} read on {in_words(min(read))}")
    if of_version:
        given = min(entry.on for entry in of_version)
        return Standing(
            Register.POLICY_COPY, State.MISSING, f"Version {version} given on {in_words(given)}, not yet read"
        )
    words = f"Version {version} is not given yet"
    before = max((entry for entry in done if entry.read), key=lambda entry: entry.on, default=None)
    if before is not None:  # the policy changed since: they are to read it again, not for the first time
        words = f"Version {before.version} read on {in_words(before.on)}. {words}"
    return Standing(Register.POLICY_COPY, State.MISSING, words)
