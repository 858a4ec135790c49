"""A change or a withdrawal told to us by any route (W41, R29–R31): recorded in one act, in force at once, for ever in the history.

To say no takes the same one act as to say yes. What follows is handed back: who heard of the family on the strength of an answer
that was withdrawn, and whether storing was, which opens a decision on erasing (R31).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, select

from records.audit import trail
from records.clock import LONDON
from records.consents import ledger
from records.consents.givers import Capacity, Giver
from records.consents.items import NEWS, SHARE, STORE, TALK, WORDS, Category
from records.consents.outward import went_out
from records.consents.standing import SPOKEN, Answer, ConsentState, Route, Standing
from records.consents.tables import ConsentChange, ConsentEvent, Disclosure
from records.documents import keyring
from records.documents.envelope import seal_json, unseal_json
from records.errors import RefusedByRule
from records.people.tables import ChildFile
from records.policies.settings import Policy

WITHDRAWAL, CHANGE = "withdrawal", "change"

StoringWithdrawn = Callable[[Session, ChildFile, date, str, datetime, Policy], None]
ON_STORING_WITHDRAWN: list[StoringWithdrawn] = []
"""Called in the same transaction with the file, the day told, the actor, the moment and the policy in force. The register of requests
opens the decision on erasing here (R31)."""


@dataclass(frozen=True)
class Told:
    """What somebody told us: yes or no to each item, who they are, how and when. `sent_key`: one press of the button.

    `settles`: for each item, the answers that this one settles, because the officer asked those concerned.
    """

    answers: Mapping[str, bool]
    giver: Giver
    person: UUID | None
    route: Route
    told_on: date
    sent_key: UUID
    capacity: Capacity | None = None
    note: str = ""
    settles: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class PastRecipient:
    """Somebody who heard of the family on the strength of an answer that no longer holds."""

    category: Category
    body_id: UUID | None
    last_on: datetime
    times: int


@dataclass(frozen=True)
class Recorded:
    """What was recorded, and what follows. `storing_withdrawn`: a no to storing opened the decision on erasing.

    `repeated`: the same press arrived before; nothing was added.
    """

    change_id: UUID
    withdrawn: tuple[str, ...]
    tell: tuple[PastRecipient, ...]
    storing_withdrawn: bool
    repeated: bool = False


def state_of(item: str, yes: bool, answers: Sequence[Answer], on: date) -> ConsentState:
    """A no to what was agreed by its day is a withdrawal; a no to what by then never was, a refusal. A yes of a later day is no reason (R26)."""
    if yes:
        return ConsentState.GIVEN
    given = any(
        answer.item == item and answer.state is ConsentState.GIVEN and answer.effective_on <= on for answer in answers
    )
    return ConsentState.WITHDRAWN if given else ConsentState.REFUSED


_ASKED_TOGETHER = ((*NEWS, *TALK), SHARE)
"""What the forms ask, beside keeping: one form the first, another the second."""


def everything(holds: Mapping[str, Standing]) -> tuple[str, ...]:
    """To what somebody says no who says no to everything. Pure. `holds`: what holds on the day.

    All that a form asks of which anything was asked before, or of any form where nothing was, but what is shut already; keeping the file in
    any case. A form that was signed before and is still in the post then opens nothing (R26).
    """
    together = [each for each in _ASKED_TOGETHER if any(item in holds for item, _ in each)] or _ASKED_TOGETHER
    asked = dict.fromkeys([*(item for each in together for item, _ in each), *holds])
    shut = {item for item, held in holds.items() if held.state in (ConsentState.REFUSED, ConsentState.WITHDRAWN)}
    return tuple(dict.fromkeys([*(item for item in asked if item in WORDS and item not in shut), STORE]))


def record(session: Session, file: ChildFile, told: Told, *, actor: str, at: datetime, policy: Policy) -> Recorded:
    """Appends the change and one event for each item. RefusedByRule for an item that does not exist, or for nothing at all."""
    before = session.exec(select(ConsentChange).where(ConsentChange.sent_key == told.sent_key)).first()
    if before is not None:
        return _again(session, file, before)
    if not told.answers or not set(told.answers) <= set(WORDS):
        raise RefusedByRule("Choose at least one answer that changes.", "W41")
    spoken_yes = told.route in SPOKEN and any(told.answers.values())
    if spoken_yes and not policy.periods.spoken_consent_days:
        raise RefusedByRule("This service needs a yes in writing. Send the form, or record the no only.", "W27")
    known = ledger.answers_of(session, file.id)
    states = {item: state_of(item, yes, known, told.told_on) for item, yes in told.answers.items()}
    withdrawn = tuple(item for item, state in states.items() if state is ConsentState.WITHDRAWN)
    change = ConsentChange(
        file_id=file.id, sent_key=told.sent_key, kind=WITHDRAWAL if withdrawn else CHANGE, route=told.route,
        giver=told.giver, giver_person_id=told.person, told_on=told.told_on, recorded_by=actor, recorded_at=at,
        policy_version=policy.version,
    )  # fmt: skip
    if told.note.strip():
        change.sealed_note = seal_json(keyring.open_key(session, file.key_id), {"note": told.note}, change.id.bytes)
    session.add(change)
    session.flush()
    wording = wordings(session, file.id)
    for item, state in states.items():
        form, edition, words = wording.get(item, (None, None, WORDS[item]))
        session.add(
            ConsentEvent(
                file_id=file.id,
                item_code=item,
                state=state,
                giver=told.giver,
                giver_person_id=told.person,
                capacity=told.capacity,
                effective_on=told.told_on,
                received_on=told.told_on,
                recorded_at=at,
                confirmed_by=actor,
                route=told.route,
                settles=" ".join(told.settles.get(item, ())) or None,
                change_id=change.id,
                form=form,
                edition=edition,
                wording=words,
                policy_version=policy.version,
            )
        )
    trail.append(
        session, actor=actor, act=f"consent_{change.kind}", subject_kind="file", subject_id=str(file.id), at=at,
        detail={"change": str(change.id), "items": len(states), "withdrawn": len(withdrawn), "route": told.route},
    )  # fmt: skip
    noes = tuple(item for item, yes in told.answers.items() if not yes)
    storing = storing_withdrawn(session, file, noes, told.told_on, actor=actor, at=at, policy=policy)
    return Recorded(change.id, withdrawn, past_recipients(session, file.id, withdrawn), storing)


def storing_withdrawn(
    session: Session, file: ChildFile, noes: Sequence[str], on: date, *, actor: str, at: datetime, policy: Policy
) -> bool:
    """Opens the decision on erasing where somebody said no to storing on `on` and it does not stand now (R31); whether it did.

    So too where nobody had said yes on the file before: it was opened on the word of a referral, and its form is still to come (N8, R28).
    A no of before a later yes, and one that the young person's own yes stands against, change nothing that holds (R26, R20).
    """
    if STORE not in noes:
        return False
    session.flush()
    held = ledger.what_holds(
        session, file.id, at.astimezone(LONDON).date(), refresh_months=policy.periods.consent_refresh_months,
        spoken_days=policy.periods.spoken_consent_days,
    ).get(STORE)  # fmt: skip
    if held is not None and held.state is ConsentState.GIVEN:
        return False
    for follow in ON_STORING_WITHDRAWN:
        follow(session, file, on, actor, at, policy)
    return True


def _again(session: Session, file: ChildFile, before: ConsentChange) -> Recorded:
    if before.file_id != file.id:
        raise RefusedByRule("This was sent from a page of another file. Open the page again.", "W41")
    withdrawn = withdrawn_by(session, before)
    storing = STORE in _of_state(session, before, ConsentState.WITHDRAWN, ConsentState.REFUSED)
    return Recorded(before.id, withdrawn, past_recipients(session, file.id, withdrawn), storing, repeated=True)


def withdrawn_by(session: Session, change: ConsentChange) -> tuple[str, ...]:
    """The items that a change withdrew."""
    return _of_state(session, change, ConsentState.WITHDRAWN)


def _of_state(session: Session, change: ConsentChange, *states: ConsentState) -> tuple[str, ...]:
    found = session.exec(select(ConsentEvent).where(ConsentEvent.change_id == change.id)).all()
    return tuple(event.item_code for event in found if event.state in states)


def wordings(session: Session, file_id: UUID) -> dict[str, tuple[str | None, str | None, str]]:
    """The form, edition and exact wording under which each item was last answered on this file (R21)."""
    return {
        event.item_code: (event.form, event.edition, event.wording)
        for event in ledger.events(session, file_id)
        if event.wording is not None
    }


def past_recipients(session: Session, file_id: UUID, withdrawn: Sequence[str]) -> tuple[PastRecipient, ...]:
    """Who heard of the family on the strength of these items, the latest first (R30). Shares for safety are not consents."""
    if not withdrawn:
        return ()
    found: dict[tuple[str, UUID | None], list[Disclosure]] = {}
    for row in went_out(session, file_id):
        if row.category is None or row.safety_id is not None or not _rested_on(row.category, withdrawn):
            continue
        found.setdefault((row.category, row.body_id), []).append(row)
    return tuple(
        PastRecipient(Category(category), body, max(row.at for row in rows), len(rows))
        for (category, body), rows in found.items()
    )


_GENERAL = {STORE, "tell_others", "contact_others", "obtain_information"}


def _rested_on(category: str, withdrawn: Sequence[str]) -> bool:
    share = "other" if category in (Category.OTHER_1, Category.OTHER_2) else category
    return bool(_GENERAL & set(withdrawn)) or f"contact:{category}" in withdrawn or f"share:{share}" in withdrawn


def note_of(session: Session, file: ChildFile, change: ConsentChange) -> str:
    """What the officer noted with a change."""
    if change.sealed_note is None:
        return ""
    return str(unseal_json(keyring.open_key(session, file.key_id), change.sealed_note, change.id.bytes)["note"])
