"""What a child's file page shows. View models only: no HTML, no request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Session, col, select

from records.clock import LONDON
from records.consents import asking, bodies, gate, ledger, not_known
from records.consents.bodies import BodyShown
from records.consents.gate import FileFacts
from records.consents.givers import Giver
from records.consents.items import ALONE, FAMILY, NEWS, SHARE, TALK
from records.consents.standing import ConsentState, Standing
from records.consents.tables import ConsentEvent
from records.custody import originals
from records.custody.moves import ENDED
from records.custody.tables import Original
from records.documents.tables import Document
from records.people import known, merging, register
from records.people.register import PersonShown
from records.people.relations import Kind
from records.people.tables import ChildFile
from records.policies.settings import Policy
from records.retention.schedule import Due, Undated
from records.vocabulary import DocumentKind

WORDS = {
    ConsentState.GIVEN: "Yes",
    ConsentState.REFUSED: "No",
    ConsentState.WITHDRAWN: "No",
    ConsentState.NOT_ANSWERED: "No",
    ConsentState.UNCLEAR: "No",
    ConsentState.EXPIRED: "No",
    ConsentState.SUPERSEDED: "No",
}
NOTES = {
    ConsentState.REFUSED: "Said no",
    ConsentState.WITHDRAWN: "Withdrawn",
    ConsentState.NOT_ANSWERED: "Not answered",
    ConsentState.UNCLEAR: "Unclear: ask the family",
    ConsentState.EXPIRED: "Lapsed: ask the family again",
}


@dataclass(frozen=True)
class AnswerRow:
    """One row of "May we…?": the answer staff act on, since when, and the proof."""

    words: str
    yes: bool
    answer: str
    since: date | None
    note: str
    event: ConsentEvent | None
    bodies: Sequence[BodyShown] = ()
    ask_first: bool = False


@dataclass(frozen=True)
class KeepUntil:
    """The date on which the child's papers must go, with the rule in words; `on` is None when there is none, and why."""

    on: date | None
    reason: str
    rule: str


@dataclass(frozen=True)
class FileShown:
    """The summary of a file."""

    file: ChildFile
    child: PersonShown
    people: Sequence[PersonShown]
    news: Sequence[AnswerRow]
    talk: Sequence[AnswerRow]
    share: Sequence[AnswerRow]
    keep_until: KeepUntil | None
    originals: Sequence[Original]
    documents: Sequence[Document]
    questions: Sequence[str]
    not_known: Sequence[str] = ()
    """What no form asked, or left open, and nobody has told us since (F28)."""


@dataclass(frozen=True)
class _Known:
    """What every row is made from."""

    facts: FileFacts
    holds: Mapping[str, Standing]
    events: Mapping[str, ConsentEvent]
    named: Sequence[BodyShown]
    today: date


def _rows(session: Session, file: ChildFile, items: Sequence[tuple[str, str]], known: _Known) -> list[AnswerRow]:
    """Rows in the order of the form, without the questions that this family was never asked."""
    return [_row(session, file, item, words, known) for item, words in items if item in known.holds]


def _row(session: Session, file: ChildFile, item: str, words: str, known: _Known) -> AnswerRow:
    held = gate.as_it_counts(known.facts, known.holds[item], known.today)
    event = known.events.get(held.event or "")
    other = ledger.named(session, file, event) if event else None
    category = item.partition(":")[2] if item.startswith(("contact:", "share:")) else None
    theirs = [body for body in known.named if body.category == category and body.ended_on is None]
    note, answer, yes = NOTES.get(held.state, ""), WORDS[held.state], held.state is ConsentState.GIVEN
    doubt = gate.doubt_of_giver(known.facts, held, known.today)
    if doubt:  # the page never says yes where the gate would not
        yes, answer, note = False, "Ask first", doubt
    elif yes and event and event.effective_assumed:
        note = "Not dated: the day it arrived is used"
    elif held.state is ConsentState.UNCLEAR or held.questions:
        note = held.in_full
    return AnswerRow(
        f"{words}: {other}" if other else words, yes, answer, held.since, note, event, theirs, ask_first=bool(doubt)
    )


def keep_until(found: Due | Undated) -> KeepUntil:
    """What the one rule says (`falls_due`), ready to be shown."""
    if isinstance(found, Due):
        return KeepUntil(found.due, found.reason, found.rule)
    return KeepUntil(None, found.reason, found.rule)


def show(
    session: Session, file: ChildFile, policy: Policy, today: date, keeping: Due | Undated | None = None
) -> FileShown:
    """Everything on the summary of a file. `keeping`: when it falls due, by `records.retention.facts`."""
    people = register.people(session, file)
    ids = merging.ids_of(session, file.id)
    events = {str(event.id): event for event in ledger.events(session, file.id)}
    facts = asking.facts_of(session, file.id, policy)
    holds = gate.what_holds(facts, today)
    rows = _Known(facts, holds, events, bodies.of_file(session, file), today)
    return FileShown(
        file=file,
        child=people[0],
        people=people[1:],
        news=_rows(session, file, NEWS, rows),
        talk=_rows(session, file, TALK, rows),
        share=_rows(session, file, (*SHARE, *FAMILY), rows),
        keep_until=keep_until(keeping) if keeping is not None else None,
        originals=originals_of(session, file),
        documents=session.exec(
            select(Document)
            .where(col(Document.file_id).in_(ids), Document.kind == DocumentKind.SCAN)
            .order_by(col(Document.stored_at).desc())
        ).all(),
        questions=_questions(holds),
        not_known=open_on(session, file, facts, holds, people, today),
    )


NAMED_AT_MOST = 5
"""Answers named in one question above the file; each row has its own note all the same."""


def _questions(holds: Mapping[str, Standing]) -> list[str]:
    """What a person must ask, each once, with the answers it is about."""
    about: dict[str, list[str]] = {}
    for held in holds.values():
        for question in held.questions:
            about.setdefault(question, []).append(f"“{ALONE.get(held.item, held.item)}”")
    return [f"{question} This is about {_listed(names)}." for question, names in about.items()]


def _listed(names: Sequence[str]) -> str:
    shown, more = list(names[:NAMED_AT_MOST]), len(names) - NAMED_AT_MOST
    if more > 0:
        return f"{', '.join(shown)} and {more} more"
    return ", ".join(shown[:-1]) + (" and " if shown[:-1] else "") + shown[-1]


@dataclass(frozen=True)
class OnADay:
    """One question on a day of the past: what held then by all that is known now, and by the answers that were there when that day ended. Who
    people are, and when the child was born, is as known now in both."""

    words: str
    held: "Said"
    known: "Said"


@dataclass(frozen=True)
class Said:
    """An answer as staff may act on it: whether it is a yes, the word for it, and why."""

    yes: bool
    answer: str
    why: str


def on_a_day(session: Session, file: ChildFile, policy: Policy, day: date) -> list[OnADay]:
    """What held on a day, question by question, in the order of the forms. `policy`: that of the day (G8)."""
    facts = asking.facts_of(session, file.id, policy)
    evening = datetime.combine(day + timedelta(days=1), time(), LONDON)
    held, then = gate.what_holds(facts, day), gate.what_holds(facts, day, known_at=evening)
    events = {str(event.id): event for event in ledger.events(session, file.id)}

    def said(known: Mapping[str, Standing], item: str) -> Said:
        held = gate.as_it_counts(facts, known[item], day) if item in known else None
        event = events.get(held.event or "") if held else None
        return _said(facts, held, day, ledger.named(session, file, event) if event else None)

    return [OnADay(words, said(held, item), said(then, item)) for item, words in ALONE.items() if item in held]


def _said(facts: FileFacts, held: Standing | None, day: date, other: str | None) -> Said:
    """`other`: whom an answer about somebody else names; the two columns may name two."""
    if held is None:
        return Said(False, "No", "Nothing was known yet.")
    why = f"{other}: {held.in_full}" if other else held.in_full
    if doubt := gate.doubt_of_giver(facts, held, day):
        return Said(False, "Ask first", f"{why} {doubt}")
    return Said(held.state is ConsentState.GIVEN, WORDS[held.state], why)


def originals_of(session: Session, file: ChildFile) -> list[Original]:
    """Every paper of a file and of those joined to it."""
    return [paper for one in merging.ids_of(session, file.id) for paper in originals.of_file(session, one)]


def open_on(
    session: Session,
    file: ChildFile,
    facts: FileFacts,
    holds: Mapping[str, Standing],
    people: Sequence[PersonShown],
    today: date,
) -> list[str]:
    """What to ask the family for, on this file (F28)."""
    told = {who: {fact.kind.value for fact in each} for who, each in known.of_file(session, file.id).items()}
    adults = [
        not_known.Adult(one.relationship, one.parental_responsibility, told.get(one.id, ()))
        for one in people
        if one.kind in (Kind.CARER, Kind.RELATIVE)
    ]
    own = facts.own_word
    needed = None if own is None or own.possible <= today < own.certain else today >= own.certain
    answered = any(
        answer.giver is Giver.YOUNG_PERSON and answer.state is not ConsentState.NOT_ANSWERED for answer in facts.answers
    )
    papers = [paper.asked_to_keep for paper in originals_of(session, file) if paper.state not in ENDED]
    child = told.get(people[0].id, set()) if people else set()
    return not_known.not_known(adults, child, holds, needed, answered, papers)
