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


def ask_again(db: Database, clock: Clock, policy: Policy) -> int:
    """Raises one task for each file on which a yes lapsed in the last days; returns how many files."""
    today = clock.today()
    with db.reading() as session:
        lapsed = [file_id for file_id in _due(session, policy, today) if _lapsed(session, file_id, policy, today)]
    for file_id in lapsed:
        with db.writing() as session:
            file = register.get(session, file_id)
            following.lapsed(session, file, on=today, actor="system", at=clock.now())
            spoken = _spoken_storing(session, file_id, policy, today)
            if spoken is not None:
                following.storing_lapsed(session, file, spoken, at=clock.now())
    return len(lapsed)


def _due(session: Session, policy: Policy, today: date) -> list[UUID]:
    """Files with a yes whose last day may lie in the days looked at."""
    wanted: set[UUID] = set()
    spans = []
    if policy.periods.consent_refresh_months:
        first = add_months(today - timedelta(days=LOOK_BACK_DAYS), -policy.periods.consent_refresh_months)
        spans.append(
            (first - timedelta(days=3), add_months(today, -policy.periods.consent_refresh_months) + timedelta(days=3))
        )
    if policy.periods.spoken_consent_days:
        last = today - timedelta(days=policy.periods.spoken_consent_days)
        spans.append((last - timedelta(days=LOOK_BACK_DAYS), last))
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


def _lapsed(session: Session, file_id: UUID, policy: Policy, today: date) -> bool:
    holds = gate.what_holds(asking.facts_of(session, file_id, policy), today)
    since = today - timedelta(days=LOOK_BACK_DAYS)
    return any(
        held.state is ConsentState.EXPIRED and held.since is not None and held.since > since and not is_news(held.item)
        for held in holds.values()
    )
