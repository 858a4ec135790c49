"""Letters about consents: who may get which, asked of the gate and of the safe-contact instructions, and each print entered.

Every letter needs a leave from the gate (G1) and goes out at most to the person whose own answers it tells of. What was printed is
kept as a line, not as a copy: the same words can be made again from the events.
"""

import secrets
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from records.clock import LONDON
from records.consents import asking, bodies, gate, ledger
from records.consents.gate import FileFacts, OnFile, Purpose
from records.consents.givers import Giver
from records.consents.items import STORE, WORDS
from records.consents.outward import Leave, let_out, outward
from records.consents.planned import Planned
from records.consents.standing import Answer, ConsentState
from records.consents.tables import ConsentChange, ConsentEvent
from records.errors import NotFound, RefusedByRule
from records.letters import agreed, dpv, in_english, replies
from records.letters.agreed import About
from records.letters.dpv import Asked, Party
from records.letters.own import OwnAnswer, Said, held, own_answers, to_ask_again
from records.letters.replies import ReplySheet
from records.letters.tables import LetterSent
from records.letters.writing import Layout, Sender, layout_for, write
from records.people import merging, preferences, register
from records.people.facts import Channel
from records.people.preferences import Preferences
from records.people.register import PersonShown
from records.people.tables import ChildFile
from records.policies.settings import Policy
from records.staff.access import Actor

LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"
"""For receipt numbers: no vowels, so that no word appears, and nothing that looks like something else."""


BY_HAND = "To be given by hand"
"""Stands in the place of the address on what must not go by post."""


class LetterKind(StrEnum):
    """What was printed."""

    AGREED = "agreed"
    AGAIN = "again"
    CHANGE = "change"
    RECORD = "record"
    RIGHTS = "rights"
    ASK = "ask"
    PACK = "pack"


@dataclass(frozen=True)
class Whom:
    """A person of the file as somebody to write to. `refused`: why nothing may go to them now; empty when it may."""

    person: PersonShown
    preferences: Preferences
    layout: Layout
    refused: tuple[str, ...]
    answered: int
    again: int
    changes: Sequence[ConsentChange]
    by_hand: bool = False


@dataclass(frozen=True)
class Printed:
    """What is printed, and its receipt number."""

    pdf: bytes
    reference: str


@dataclass(frozen=True)
class Exported:
    """A consent record, ready to be written as JSON, and its receipt number."""

    record: dict[str, Any]  # Any: what JSON-LD holds
    reference: str


def everybody(session: Session, actor: Actor, file: ChildFile, policy: Policy, moment: datetime) -> list[Whom]:
    """Everybody on the file, and whether a letter about their own answers may go to them. Writes nothing."""
    facts, people = asking.facts_of(session, file.id, policy), register.people(session, file)
    changes: dict[UUID, list[ConsentChange]] = defaultdict(list)
    for row in session.exec(
        select(ConsentChange)
        .where(col(ConsentChange.file_id).in_(merging.ids_of(session, file.id)))
        .order_by(col(ConsentChange.recorded_at).desc())
    ):
        if (teller := _told_by(row, people)) is not None:
            changes[teller].append(row)
    found = []
    for person in people:
        answers = answers_of(session, file, person.id, facts, moment)
        wanted = preferences.preferences_of(session, person.file_id, person.id)
        decision = gate.may_we(actor, facts, OnFile(str(person.id)), (), Purpose.ADVICE, moment)
        refused = refusals(session, file, person, wanted)
        if not decision.allowed:
            refused = (decision.reason, *refused)
        elif not answers:
            refused = ("This person has not answered anything yet, so there is nothing to print.", *refused)
        found.append(
            Whom(
                person, wanted, layout_for(wanted.format), refused, len(answers), len(to_ask_again(answers)), changes[person.id], by_hand(wanted),
            )
        )  # fmt: skip
    return found


def _told_by(change: ConsentChange, people: Sequence[PersonShown]) -> UUID | None:
    """Who told us of a change, as they stand on the file: of joined files the child is one, on whichever of them it was recorded."""
    if change.giver_person_id is None or change.giver != Giver.YOUNG_PERSON:
        return change.giver_person_id
    return next((each.id for each in people if each.kind == register.CHILD), None)


def refusals(session: Session, file: ChildFile, person: PersonShown, wanted: Preferences) -> tuple[str, ...]:
    """Why nothing may be sent to this person by post, or given to them by hand, by the safe-contact instructions of everybody on the file."""
    child = next(each for each in register.people(session, file) if each.kind == register.CHILD)
    safe = wanted.safe_contact.address if wanted.safe_contact else ""
    channel = Channel.IN_PERSON if by_hand(wanted) else Channel.POST
    return preferences.send_refused(
        session, person.file_id, person.id, channel=channel, address=safe or None, about=child.id
    )


def by_hand(wanted: Preferences) -> bool:
    """Whether a letter can only be handed over: never by post, and nothing stands against meeting."""
    safe = wanted.safe_contact
    return safe is not None and Channel.POST in safe.not_by and Channel.IN_PERSON not in safe.not_by


def answers_of(
    session: Session, file: ChildFile, person_id: UUID, facts: FileFacts, moment: datetime
) -> list[OwnAnswer]:
    """This person's own answers now, with the words that were asked and the bodies recorded under a yes."""
    holds = held(facts.answers, str(person_id), moment.astimezone(LONDON).date(), moment, gate.lapses_of(facts))
    wanted = {one.event for one in holds.values()}
    said = {
        str(event.id): Said(event.wording, ledger.named(session, file, event), event.form)
        for event in ledger.events(session, file.id)
        if str(event.id) in wanted
    }
    named: dict[str, list[str]] = defaultdict(list)
    for body in bodies.of_file(session, file):
        if body.ended_on is None:
            for start in ("contact", "share"):
                named[f"{start}:{body.category}"].append(body.name)
    return own_answers(holds, said, named)


def print_agreed(
    session: Session, actor: Actor, file: ChildFile, person_id: UUID, *, sender: Sender, policy: Policy, moment: datetime
) -> Printed:  # fmt: skip
    """ "What you have agreed" for one person. NoLeave or RefusedByRule, in words, when it may not be."""
    ready = _ready(session, actor, file, person_id, LetterKind.AGREED, policy, moment)
    answers = answers_of(session, file, person_id, ready.facts, moment)
    if not answers:
        raise RefusedByRule("This person has not answered anything yet, so there is nothing to print.", "R21")
    row = _enter(session, actor, ready, LetterKind.AGREED, [answer.item for answer in answers], policy, moment)
    return agreed_letter(_about(ready, row, sender, policy, moment), answers, ready.layout, leave=ready.leave)


def print_again(
    session: Session, actor: Actor, file: ChildFile, person_id: UUID, *, sender: Sender, policy: Policy, moment: datetime
) -> Printed:  # fmt: skip
    """ "Please answer again": this person's unclear, blank and lapsed answers only."""
    ready = _ready(session, actor, file, person_id, LetterKind.AGAIN, policy, moment)
    answers = to_ask_again(answers_of(session, file, person_id, ready.facts, moment))
    if not answers:
        raise RefusedByRule("Every answer of this person is clear, so there is nothing to ask again.", "R23")
    row = _enter(session, actor, ready, LetterKind.AGAIN, [answer.item for answer in answers], policy, moment)
    sheet = replies.sheet_for(ready.file.number, answers, large=ready.layout is Layout.LARGE)
    return again_letter(_about(ready, row, sender, policy, moment), answers, ready.layout, sheet, leave=ready.leave)


def print_ask(
    session: Session, actor: Actor, file: ChildFile, person_id: UUID, plan: Planned, *, sender: Sender, policy: Policy, moment: datetime
) -> Printed:  # fmt: skip
    """Asks one person about one planned contact alone (N15, W30). NoLeave or RefusedByRule, in words, when it may not be."""
    if not plan.ask:
        raise RefusedByRule("There is no question that would open this contact. Talk with the family.", "N15")
    ready = _ready(session, actor, file, person_id, LetterKind.ASK, policy, moment)
    row = _enter(session, actor, ready, LetterKind.ASK, plan.ask, policy, moment)
    answers = [OwnAnswer(item, WORDS[item], ConsentState.NOT_ANSWERED, None) for item in plan.ask]
    sheet = replies.sheet_for(ready.file.number, answers, large=ready.layout is Layout.LARGE)
    return ask_letter(_about(ready, row, sender, policy, moment), answers, plan, ready.layout, sheet, leave=ready.leave)


def enter_pack(
    session: Session, actor: Actor, file: ChildFile, person_id: UUID, things: Collection[str], *, policy: Policy, moment: datetime
) -> tuple[Leave, str]:  # fmt: skip
    """Enters copies of these documents as given to one person of the family, who may hand them on themselves (W18).

    The gate's leave, and the receipt number. NoLeave or RefusedByRule, in words, when it may not be.
    """
    ready = _ready(session, actor, file, person_id, LetterKind.PACK, policy, moment, things)
    row = _enter(session, actor, ready, LetterKind.PACK, (), policy, moment)
    return ready.leave, row.reference


def print_change(
    session: Session, actor: Actor, file: ChildFile, change_id: UUID, *, sender: Sender, policy: Policy, moment: datetime
) -> Printed:  # fmt: skip
    """The confirmation of a change or withdrawal, for the person who told us of it."""
    change = session.get(ConsentChange, change_id)
    if change is None or change.file_id not in merging.ids_of(session, file.id):
        raise NotFound("There is nothing here.")
    teller = _told_by(change, register.people(session, file))
    if teller is None:
        raise NotFound("There is nothing here.")
    ready = _ready(session, actor, file, teller, LetterKind.CHANGE, policy, moment)
    events = session.exec(select(ConsentEvent).where(ConsentEvent.change_id == change_id)).all()
    by_item = {event.item_code: event for event in events}
    answers = [
        OwnAnswer(item, event.wording or WORDS[item], ConsentState(event.state), event.effective_on)
        for item in WORDS
        if (event := by_item.get(item)) is not None
    ]
    row = _enter(session, actor, ready, LetterKind.CHANGE, list(by_item), policy, moment)
    keeping = gate.what_holds(ready.facts, moment.astimezone(LONDON).date()).get(STORE)
    stands = keeping is not None and keeping.state is ConsentState.GIVEN
    about = _about(ready, row, sender, policy, moment)
    return change_letter(about, change, answers, ready.layout, storing_stands=stands, leave=ready.leave)


@outward
def agreed_letter(about: About, answers: Sequence[OwnAnswer], layout: Layout, *, leave: Leave) -> Printed:
    """The receipt as a PDF."""
    del leave  # asked by `outward`
    return Printed(write(agreed.what_you_agreed(about, answers), layout=layout), about.receipt)


@outward
def again_letter(
    about: About, answers: Sequence[OwnAnswer], layout: Layout, sheet: ReplySheet | None, *, leave: Leave
) -> Printed:
    """The questions to answer again as a PDF, with the sheet that the reader knows where there is one."""
    del leave  # asked by `outward`
    letter = agreed.please_answer_again(about, answers, on_sheet=sheet.items if sheet else frozenset())
    return Printed(write(letter, layout=layout, behind=sheet.pages if sheet else None), about.receipt)


@outward
def ask_letter(
    about: About, answers: Sequence[OwnAnswer], plan: Planned, layout: Layout, sheet: ReplySheet | None, *, leave: Leave
) -> Printed:
    """The question about one planned contact as a PDF, with the sheet that the reader knows where there is one."""
    del leave  # asked by `outward`
    on_sheet = sheet.items if sheet else frozenset()
    letter = agreed.may_we_contact(about, answers, plan.body.name, plan.row.planned_for, on_sheet)
    return Printed(write(letter, layout=layout, behind=sheet.pages if sheet else None), about.receipt)


@outward
def change_letter(
    about: About, change: ConsentChange, answers: Sequence[OwnAnswer], layout: Layout, *, storing_stands: bool = False, leave: Leave,
) -> Printed:  # fmt: skip
    """The confirmation of a change as a PDF. `storing_stands`: another answer keeps the file, so nothing is said of erasing."""
    del leave  # asked by `outward`
    no = [answer for answer in answers if answer.state is not ConsentState.GIVEN]
    yes = [answer for answer in answers if answer.state is ConsentState.GIVEN]
    storing = not storing_stands and any(
        answer.item == STORE and answer.state in (ConsentState.WITHDRAWN, ConsentState.REFUSED) for answer in no
    )
    letter = agreed.change_confirmed(about, change.told_on, no, yes, storing_withdrawn=storing)
    return Printed(write(letter, layout=layout), about.receipt)


def export_record(
    session: Session, actor: Actor, file: ChildFile, person_id: UUID, *, sender: Sender, policy: Policy, moment: datetime
) -> Exported:  # fmt: skip
    """One person's consents as a machine-readable record (R21). NoLeave or RefusedByRule, in words, when it may not be."""
    ready = _ready(session, actor, file, person_id, LetterKind.RECORD, policy, moment)
    mine = [answer for answer in ready.facts.answers if answer.person == str(person_id)]
    if not mine:
        raise RefusedByRule("This person has not answered anything yet, so there is nothing to export.", "R21")
    row = _enter(session, actor, ready, LetterKind.RECORD, sorted({each.item for each in mine}), policy, moment)
    wanted = {answer.id for answer in mine}
    asked = {
        str(event.id): Asked(event.wording or WORDS[event.item_code], event.form, event.edition, event.policy_version)
        for event in ledger.events(session, file.id)
        if str(event.id) in wanted
    }
    own = answers_of(session, file, person_id, ready.facts, moment)
    named = {each.item: each.named for each in own}
    lapsed = {each.item: each.since for each in own if each.state is ConsentState.EXPIRED and each.since is not None}
    return record_of(ready, row, mine, asked, named, lapsed, sender, policy, leave=ready.leave)


@outward
def record_of(
    ready: "Ready", row: LetterSent, answers: Sequence[Answer], asked: Mapping[str, Asked], named: Mapping[str, Sequence[str]],
    lapsed: Mapping[str, date], sender: Sender, policy: Policy, *, leave: Leave,
) -> Exported:  # fmt: skip
    """The record as JSON-LD."""
    del leave  # asked by `outward`
    made = dpv.record(
        record_id=str(row.id), receipt=row.reference, answers=answers, asked=asked, named=named, policy=policy, language=row.language,
        made_at=row.printed_at, lapsed=lapsed, controller=Party("urn:paperchain:service", sender.name, "dpv:DataController", contact="; ".join(sender.lines)),
        principal=Party(f"urn:uuid:{ready.person.id}", ready.person.name, "dpv:DataSubject", contact=""),
        subject=Party(f"urn:uuid:{ready.child.id}", ready.child.name, "dpv:Child"),
    )  # fmt: skip
    return Exported(made, row.reference)


@dataclass(frozen=True)
class Ready:
    """Asked and allowed: everything a letter to one person begins with."""

    file: ChildFile
    person: PersonShown
    child: PersonShown
    preferences: Preferences
    layout: Layout
    facts: FileFacts
    leave: Leave


def _ready(
    session: Session, actor: Actor, file: ChildFile, person_id: UUID, kind: LetterKind, policy: Policy, moment: datetime,
    things: Collection[str] = (),
) -> Ready:  # fmt: skip
    people = register.people(session, file)
    person = next((each for each in people if each.id == person_id), None)
    if person is None:
        raise NotFound("There is nothing here.")
    wanted = preferences.preferences_of(session, person.file_id, person.id)
    refused = refusals(session, file, person, wanted)
    if refused:
        raise RefusedByRule(refused[0], "P9")
    how = {LetterKind.RECORD: "export", LetterKind.PACK: "print"}.get(kind, "letter")
    leave = let_out(
        session,
        actor,
        file.id,
        OnFile(str(person.id)),
        things or (f"letter:{kind}",),
        Purpose.ADVICE,
        moment,
        policy=policy,
        how=how,
    )
    child = next(each for each in people if each.kind == register.CHILD)
    return Ready(
        file, person, child, wanted, layout_for(wanted.format), asking.facts_of(session, file.id, policy), leave
    )


def _enter(
    session: Session,
    actor: Actor,
    ready: Ready,
    kind: LetterKind,
    items: Sequence[str],
    policy: Policy,
    moment: datetime,
) -> LetterSent:
    row = LetterSent(
        file_id=ready.file.id, person_id=ready.person.id, kind=kind, reference=receipt_number(), language="en-GB",
        layout=ready.layout, items=",".join(items), as_of=moment.astimezone(LONDON).date(), printed_by=str(actor.id),
        printed_at=moment, policy_version=policy.version,
    )  # fmt: skip
    session.add(row)
    session.flush()
    if kind not in (LetterKind.PACK, LetterKind.RECORD):  # papers of others as they are, and data
        in_english.arrange(
            session, ready.person.file_id, ready.person.id, ready.preferences, by=str(actor.id), on=row.as_of, at=moment
        )
    return row


def receipt_number() -> str:
    """A number that tells nothing and that nobody can guess: `R-7K2X-9QFD`."""
    drawn = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"R-{drawn[:4]}-{drawn[4:]}"


def _about(ready: Ready, row: LetterSent, sender: Sender, policy: Policy, moment: datetime) -> About:
    address = [line.strip() for line in ready.preferences.post_address.replace(",", "\n").splitlines() if line.strip()]
    where = (BY_HAND,) if by_hand(ready.preferences) else tuple(address[:5])
    return About(
        sender=sender, to=(ready.person.name, *where), name=ready.person.name, child=ready.child.name,
        own_case=ready.person.kind == register.CHILD, file_reference=f"PC-{ready.file.number:04d}", receipt=row.reference,
        on=moment.astimezone(LONDON).date(), contact_point=policy.contact_point,
        kept_to_age=policy.retention.age, rules=f"{policy.title}, version {policy.version}", prefers=ready.preferences.language,
    )  # fmt: skip


def printed(session: Session, file_id: UUID) -> Sequence[LetterSent]:
    """Every print about this child, on this file and on those joined to it, newest first."""
    of_child = col(LetterSent.file_id).in_(merging.ids_of(session, file_id))
    return session.exec(select(LetterSent).where(of_child).order_by(col(LetterSent.printed_at).desc())).all()
