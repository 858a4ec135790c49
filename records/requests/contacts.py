"""A contact with a named body, about to be made or made already: recorded with when it happened and when we wrote it down (N12, N14).

The gate answers for the moment when it happened. About to be made, its no stops it. Made already, its no cannot undo it: the fact
is kept, marked as without leave, and an incident is opened so that the manager sees it. A later yes tidies nothing up.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from records.clock import LONDON
from records.consents import asking
from records.consents.bodies import BodyShown
from records.consents.gate import Body, Purpose
from records.consents.items import KIND_IN_A_SENTENCE
from records.consents.outward import Noted, let_out, note_without_leave
from records.consents.tables import Disclosure
from records.errors import RefusedByRule
from records.people.tables import ChildFile
from records.policies.periods import in_words
from records.policies.settings import Policy
from records.requests import incidents
from records.requests.breach import IncidentKind
from records.staff.access import Actor


@dataclass(frozen=True)
class Contact:
    """What an officer says of a contact. `things`: ids of the documents shared; `happened_at` None: it is about to be made.

    `entry`: the press of the button, so that one press is one contact.
    """

    body: BodyShown
    purpose: Purpose
    how: str
    entry: UUID
    things: Collection[str] = ()
    told: str = ""
    happened_at: datetime | None = None


@dataclass(frozen=True)
class Entered:
    """What came of it: with leave, or the incident that was opened and why the gate said no."""

    incident: int | None = None
    reason: str = ""


def record(
    session: Session, actor: Actor, file: ChildFile, contact: Contact, *, at: datetime, policy: Policy
) -> Entered:
    """Records a contact. `policy`: the one in force when it happened.

    NoLeave when it is about to be made and the gate says no; RefusedByRule for a moment that has not come. The same press twice
    adds nothing.
    """
    if session.get(Disclosure, contact.entry) is not None:
        return Entered()
    moment = contact.happened_at or at
    if moment > at:
        raise RefusedByRule("A contact that has happened cannot lie in the future.", "N14")
    to, noted = Body(contact.body.category, str(contact.body.id)), Noted(contact.told, at, contact.entry)
    decision = asking.ask(session, actor, file.id, to, contact.things, contact.purpose, moment, policy=policy)
    if contact.happened_at is None or decision.allowed:
        let_out(
            session, actor, file.id, to, contact.things, contact.purpose, moment, policy=policy, how=contact.how, noted=noted
        )  # fmt: skip
        return Entered()
    line = note_without_leave(
        session, actor, file.id, to, contact.things, contact.purpose, moment, decision=decision, how=contact.how, noted=noted,
    )  # fmt: skip
    here = moment.astimezone(LONDON)
    incident = incidents.record(
        session, kind=IncidentKind.SHARED_WITHOUT_CONSENT, aware_at=at, by=str(actor.id), at=at, happened_on=here.date(), file=file,
        source=f"contact:{line}",
        words=f"A contact with {KIND_IN_A_SENTENCE[contact.body.category]} on {in_words(here.date())} at {here:%H:%M} was without leave. "
        f"The answer for that moment: {decision.reason} What was shared stands in the history of the file.",
    )  # fmt: skip
    return Entered(incident.number, decision.reason)
