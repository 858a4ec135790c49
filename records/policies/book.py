"""The service's own changes to its policy: recorded, read back, and the policy in force put together from them."""

import json
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session, col, select

from records.audit import trail
from records.db import Database
from records.errors import ChangedMeanwhile
from records.policies import changing
from records.policies.changing import Change
from records.policies.kinds import in_words
from records.policies.reading import JsonValue
from records.policies.settings import Policy
from records.policies.tables import PolicyChange

FRESH_SECONDS = 2.0
"""How old what a process knows of the changes may be. They take effect by the day; another process may lag by so much."""


def changes(session: Session, service: str) -> tuple[Change, ...]:
    """Every change of a service, in the order recorded."""
    rows = session.exec(
        select(PolicyChange).where(PolicyChange.service == service).order_by(col(PolicyChange.sequence))
    ).all()
    return tuple(
        Change(
            row.sequence,
            row.code,
            json.loads(row.value),
            row.effective_from,
            row.reason,
            row.changed_by,
            row.changed_at,
        )
        for row in rows
    )


def record(
    session: Session, versions: Collection[Policy], *, code: str, value: JsonValue, begins: date, reason: str, seen: int,
    actor: str, at: datetime, today: date,
) -> Change:  # fmt: skip
    """Appends a change. The caller has asked whether this person may.

    `seen`: the last sequence that the person saw. Raises NotAValue for what may not be, ChangedMeanwhile when somebody was quicker.
    """
    service = next(iter(versions)).service
    before = changes(session, service)
    last = before[-1].sequence if before else 0
    if last != seen:
        raise ChangedMeanwhile("Somebody else changed the policy first. Nothing of yours was saved; look at it again.")
    changing.check(
        changing.effective(versions, before, today),
        changing.effective(versions, before, begins),
        code,
        value,
        begins,
        reason,
        today,
    )
    in_words(code, value)  # a value that cannot be said is no value
    row = PolicyChange(
        service=service, sequence=last + 1, code=code, value=json.dumps(value), effective_from=begins, reason=reason.strip(),
        changed_by=actor, changed_at=at,
    )  # fmt: skip
    session.add(row)
    session.flush()
    trail.append(
        session, actor=actor, act="policy_changed", subject_kind="setting", subject_id=code, at=at,
        detail={"sequence": row.sequence, "effective_from": begins.isoformat()},
    )  # fmt: skip
    return Change(row.sequence, code, value, begins, row.reason, actor, at)


@dataclass
class Book:
    """The policy of one installation on any day, asked many times in a request: what was read is kept for a moment."""

    db: Database
    versions: tuple[Policy, ...]
    _read_at: float = field(default=float("-inf"), init=False)
    _changes: tuple[Change, ...] = field(default=(), init=False)
    _made: dict[tuple[date, int], Policy] = field(default_factory=dict, init=False)

    @property
    def service(self) -> str:
        return self.versions[0].service

    def on(self, day: date) -> Policy:
        """The policy in force on a day; of a day before the first version, the first: facts may be older than any that we carry."""
        day = max(day, min(each.effective_from for each in self.versions))
        if time.monotonic() - self._read_at > FRESH_SECONDS:
            with self.db.reading() as session:
                self._changes = changes(session, self.service)
            self._read_at = time.monotonic()
        known = self._changes
        key = (day, known[-1].sequence if known else 0)
        if key not in self._made:
            if len(self._made) > 50:
                self._made.clear()
            self._made[key] = changing.effective(self.versions, known, day)
        return self._made[key]

    def forget(self) -> None:
        """The next question reads the changes anew: called after one was recorded."""
        self._read_at = float("-inf")
