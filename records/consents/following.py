"""What a change or a new named body sets in motion: tasks with their day, raised in the same transaction (R25, R30, R31)."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from records import tasks
from records.clock import LONDON
from records.consents import asking, gate, ledger
from records.consents.changes import ON_STORING_WITHDRAWN, PastRecipient, Recorded
from records.consents.givers import Giver
from records.consents.items import CATEGORY_WORDS
from records.consents.standing import ConsentState
from records.consents.tables import ConsentEvent
from records.people import merging, register
from records.people.tables import ChildFile, FileMerge
from records.policies.settings import Policy

TELL_RECIPIENT, TELL_FAMILY, ASK_FAMILY, ERASURE = "tell_recipient", "tell_family", "ask_family", "erasure_decision"
OWN_WORD, DISAGREE = "own_word", "answers_disagree"
DAYS = 7
"""To tell somebody of a change, or the family of a new body; no source sets it."""


def after_change(
    session: Session, file: ChildFile, recorded: Recorded, *, actor: str, at: datetime, policy: Policy
) -> None:
    """Raises a task for each who may need telling, and one for the decision on erasing when storing was withdrawn."""
    if recorded.repeated:
        return
    cause = recorded.change_id
    _ask_who_disagree(
        session, file, cause, lambda event: cause in (event.change_id, event.part_id), policy, actor=actor, at=at
    )
    for past in recorded.tell:
        _raise(
            session,
            file,
            TELL_RECIPIENT,
            _tell_words(past),
            f"{recorded.change_id}:{past.category}:{past.body_id}",
            DAYS,
            actor,
            at,
        )
    if own_word_stands(session, file, recorded.withdrawn, policy, at.astimezone(LONDON).date()):
        words = "Somebody said no to what the young person agreed to themselves. Ask the young person; until then their own answer holds."
        _raise(session, file, OWN_WORD, words, f"{recorded.change_id}", DAYS, actor, at)
    if recorded.storing_withdrawn and not ON_STORING_WITHDRAWN:  # else the request that was opened has its own task
        words = "They said no to storing. Decide what is erased, and what is kept on which ground (R31)."
        _raise(session, file, ERASURE, words, f"{recorded.change_id}", policy.periods.request_target_days, actor, at)


def files_joined(
    session: Session, file: ChildFile, theirs: Collection[UUID], joining: UUID, *, actor: str, at: datetime, policy: Policy
) -> None:  # fmt: skip
    """Answers of the file that was taken in, which do not agree with those of the other, are a question for a person (R26, R27).

    `theirs`: the ids of that file and of those that had been joined to it before.
    """
    _ask_who_disagree(session, file, joining, lambda event: event.file_id in theirs, policy, actor=actor, at=at)


def _ask_who_disagree(
    session: Session,
    file: ChildFile,
    cause: UUID,
    of_cause: Callable[[ConsentEvent], bool],
    policy: Policy,
    *,
    actor: str,
    at: datetime,
) -> None:
    """One task for each form or change with an answer that another one contradicts; all of them go when nothing is open any more."""
    open_still = _open_on(session, file, policy, actor=actor, at=at)
    if any(str(event.id) in open_still for event in ledger.events(session, file.id) if of_cause(event)):
        words = "Answers on the file do not agree, and count as no. Its page says which. Ask those concerned, and record the answer that settles it."
        _raise(session, file, DISAGREE, words, f"{cause}", DAYS, actor, at)


def files_parted(session: Session, was: FileMerge, *, actor: str, at: datetime, policy: Policy) -> None:
    """What disagreed only because the files were joined is no question any more. What was answered while they were stands on the one that was
    kept, whichever child it was about: a no may be missing on the other, and a yes may be too much here. Both families are asked (R26, R30)."""
    apart = (was.kept_id, was.taken_id)
    every = [one for each in apart for one in merging.ids_of(session, each)]
    answered = session.exec(
        select(ConsentEvent.id)
        .where(col(ConsentEvent.file_id).in_(every), col(ConsentEvent.recorded_at) > was.merged_at)
        .limit(1)
    ).first()
    for id in apart:
        file = register.get(session, id)
        _open_on(session, file, policy, actor=actor, at=at)
        if answered is not None:
            words = (
                "This file was joined to another, and answers were recorded meanwhile. They stand on the file that was kept. Ask this child’s "
                "family which are theirs, above all a no, and record them here."
            )
            _raise(session, file, ASK_FAMILY, words, f"{id}:parted:{was.id}", DAYS, actor, at)


def _open_on(session: Session, file: ChildFile, policy: Policy, *, actor: str, at: datetime) -> set[str]:
    """The answers that contradict each other today. Where there are none, nobody need ask any more."""
    holds = gate.what_holds(asking.facts_of(session, file.id, policy), at.astimezone(LONDON).date())
    found = {id for held in holds.values() for id in held.open}
    if not found:
        for each in merging.ids_of(session, file.id):
            tasks.let_go(session, by=actor, at=at, file_id=each, kind=DISAGREE)
    return found


def own_word_stands(session: Session, file: ChildFile, items: Sequence[str], policy: Policy, on: date) -> bool:
    """Whether what somebody else withdrew still stands, because the young person agreed to it themselves (R16, R20): a person decides."""
    if not items:
        return False
    facts = asking.facts_of(session, file.id, policy)
    by = {answer.id: answer.giver for answer in facts.answers}
    holds = gate.what_holds(facts, on)
    return any(
        holds[item].state is ConsentState.GIVEN and by.get(holds[item].event or "") is Giver.YOUNG_PERSON
        for item in items
        if item in holds
    )


def _tell_words(past: PastRecipient) -> str:
    return f"{CATEGORY_WORDS[past.category]}: a permission was withdrawn. Decide whether they must be told."


def body_named(session: Session, file: ChildFile, body_id: UUID, *, actor: str, at: datetime) -> None:
    """A new named body: tell the family (R25)."""
    _raise(
        session,
        file,
        TELL_FAMILY,
        "Tell the family which body was added to those we talk to.",
        str(body_id),
        DAYS,
        actor,
        at,
    )


def family_told(session: Session, body_id: UUID, *, actor: str, at: datetime) -> None:
    """The family was told of a named body; its task goes."""
    tasks.let_go(session, by=actor, at=at, key=f"{TELL_FAMILY}:{body_id}")


def ask_family(session: Session, file: ChildFile, items: Sequence[str], *, actor: str, at: datetime) -> None:
    """A consent is missing or unclear: ask the family (N15), never an override."""
    for item in items:
        day = at.astimezone(LONDON).date().isoformat()
        _raise(
            session,
            file,
            ASK_FAMILY,
            "Ask the family: an answer is missing or unclear.",
            f"{file.id}:{item}:{day}",
            DAYS,
            actor,
            at,
        )


def names_another_child(session: Session, file: ChildFile, form: UUID, *, actor: str, at: datetime) -> None:
    """A form that was filed here names another child too (F22): nothing of it counts for them until the family is asked."""
    words = (
        "The family’s form also names another child. Nothing was recorded for that child. Confirm the form for them too, "
        "under “Papers about several children”, or ask the family for a form about them."
    )
    _raise(session, file, ASK_FAMILY, words, f"{file.id}:other_child:{form}", DAYS, actor, at)


def ask_for_the_rest(session: Session, file: ChildFile, *, actor: str, at: datetime) -> None:
    """What no form asked, or left open (F28): one task a month for a file."""
    words = "Ask the family what no form of theirs told us. The file’s page lists it under “Not known yet”."
    month = at.astimezone(LONDON).date()
    _raise(session, file, ASK_FAMILY, words, f"{file.id}:not_known:{month:%Y-%m}", DAYS, actor, at)


def may_have_said_no(session: Session, file: ChildFile, form: UUID, *, at: datetime) -> None:
    """A form that was erased said No to storing, and may have been this child's: the file's officer asks (R31). Nothing of it is kept."""
    words = "A form said No to keeping, and was erased. It may be about this child. Ask the family whether we may keep this file."
    _raise(session, file, ASK_FAMILY, words, f"{file.id}:said_no:{form}", DAYS, "system", at)


def lapsed(session: Session, file: ChildFile, *, on: date, actor: str, at: datetime) -> None:
    """A yes has lapsed: ask the family again (R33). One task a month for a file."""
    words = "Ask the family again: an answer has lapsed."
    _raise(session, file, ASK_FAMILY, words, f"{file.id}:lapsed:{on:%Y-%m}", DAYS, actor, at)


def storing_lapsed(session: Session, file: ChildFile, answer: str, *, at: datetime) -> None:
    """A spoken yes to keeping ended without a signed form: whether the file is erased must be decided now (W27, N8). Once for each."""
    words = "The spoken yes to keeping this file has ended, and no signed form came. Get the form now, or record a request to erase it."
    _raise(session, file, ERASURE, words, f"lapsed:{answer}", DAYS, "system", at)


def _raise(
    session: Session, file: ChildFile, kind: str, words: str, key: str, days: int, actor: str, at: datetime
) -> None:
    due = at.astimezone(LONDON).date() + timedelta(days=days)
    tasks.raise_task(
        session, kind=kind, file_id=file.id, due=due, words=words, for_officer=None, raised_by=actor, at=at,
        key=f"{kind}:{key}",
    )  # fmt: skip
