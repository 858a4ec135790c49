"""Whether a family's telephone numbers and addresses may be kept (W39): only while keeping the file is agreed to."""

from datetime import datetime

from sqlmodel import Session

from records.clock import LONDON
from records.consents import ledger
from records.consents.items import STORE
from records.consents.standing import ConsentState
from records.people.relations import Kind
from records.people.tables import ChildFile
from records.policies.settings import Policy

NOT_AGREED = "Nobody has agreed that we keep this family’s contact details. Record their answer to “May we keep this file?” first, under “Record a change or withdrawal”."


def may_not_be_kept(session: Session, file: ChildFile, kind: str, policy: Policy, at: datetime) -> str | None:
    """Why a person's contact details may not be kept now; None when they may. `kind`: of `relations.Kind`.

    A professional's are not the family's. The forms ask for storing as one, so a yes to it covers contact details too.
    """
    if kind == Kind.PROFESSIONAL:
        return None
    held = ledger.what_holds(
        session, file.id, at.astimezone(LONDON).date(), refresh_months=policy.periods.consent_refresh_months,
        spoken_days=policy.periods.spoken_consent_days,
    ).get(STORE)  # fmt: skip
    return None if held is not None and held.state is ConsentState.GIVEN else NOT_AGREED
