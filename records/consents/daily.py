"""What is done each day by itself: a task to ask the family again where a yes has lapsed (R33, W27). Idempotent."""

from datetime import date, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from records.clock import Clock
from records.consents import asking, following, gate
from records.consents.items import STORE, is_news
from records.consents.standing import SPOKEN, ConsentState
from records.consents.tables import ConsentEvent
from records.db import Database
from records.people import register
from records.policies.periods import add_months
from records.policies.settings import Policy

LOOK_BACK_DAYS = 14
"""How long the service may have stood still without a lapse going unasked."""


def ask_again(db: Database, clock: Clock, policy: Policy, before: Policy | None = None) -> int:
    """Raises one task for each file on which a yes lapsed in the last days; returns how many files.

    `before`: the policy of `LOOK_BACK_DAYS` ago (None: the same). A yes that a shorter period has ended since lapsed long ago by its own day.
    """
    today, before = clock.today(), before or policy
    with db.reading() as session:
        lapsed = [
            (file_id, day)
            for file_id in _due(session, policy, before, today)
            if (day := _lapsed(session, file_id, policy, before, today)) is not None
        ]
    for file_id, day in lapsed:
        with db.writing() as session:
            file = register.get(session, file_id)
            following.lapsed(session, file, on=day, actor="system", at=clock.now())
            spoken = _spoken_storing(session, file_id, policy, today)
            if spoken is not None:
                following.storing_lapsed(session, file, spoken, at=clock.now())
    return len(lapsed)


def _due(session: Session, policy: Policy, before: Policy, today: date) -> list[UUID]:
    """Files with a yes whose last day may lie in the days looked at, or that a shorter period may have ended in them."""
    wanted: set[UUID] = set()
    spans = []
    if months := policy.periods.consent_refresh_months:
        longest = max(months, before.periods.consent_refresh_months)
        first = add_months(today - timedelta(days=LOOK_BACK_DAYS), -longest) - timedelta(days=3)
        if not before.periods.consent_refresh_months:
            first = date.min
        spans.append((first, add_months(today, -months) + timedelta(days=3)))
    if days := policy.periods.spoken_consent_days:
        longest = max(days, before.periods.spoken_consent_days)
        first = today - timedelta(days=longest + LOOK_BACK_DAYS) if before.periods.spoken_consent_days else date.min
        spans.append((first, today - timedelta(days=days)))
    for first, last in spans:
        found = select(ConsentEvent.file_id).where(
            ConsentEvent.state == ConsentState.GIVEN, col(ConsentEvent.effective_on).between(first, last)
        )
        wanted |= set(session.exec(found.distinct()).all())
    return sorted(wanted)


def _spoken_storing(session: Session, file_id: UUID, policy: Policy, today: date) -> str | None:
    """The spoken yes to keeping the file that ended without a signed form (W27); None where there is none."""
    facts = asking.facts_of(session, file_id, policy)
    held = gate.what_holds(facts, today).get(STORE)
    if held is None or held.state is not ConsentState.EXPIRED:
        return None
    return next((each.id for each in facts.answers if each.id == held.event and each.route in SPOKEN), None)


def _lapsed(session: Session, file_id: UUID, policy: Policy, before: Policy, today: date) -> date | None:
    """The day on which the last of them lapsed; None where none did in these days. By that day it is asked once, in whatever month it is seen."""
    holds = gate.what_holds(asking.facts_of(session, file_id, policy), today)
    since = today - timedelta(days=LOOK_BACK_DAYS)
    ended = {
        item: held.since
        for item, held in holds.items()
        if held.state is ConsentState.EXPIRED and held.since is not None and not is_news(item)
    }
    days = [day for day in ended.values() if day > since]
    if ended and before.periods != policy.periods:
        by_then = gate.what_holds(asking.facts_of(session, file_id, before), today)
        days += [day for item, day in ended.items() if by_then[item].state is ConsentState.GIVEN]
    return max(days, default=None)
