"""What a child's file page shows. View models only: no HTML, no request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from records.consents import ledger
from records.consents.standing import ConsentState, Standing
from records.consents.tables import ConsentEvent
from records.custody import originals
from records.custody.tables import Original
from records.documents.tables import Document
from records.people import register
from records.people.birthdates import BirthDate, across
from records.people.register import PersonShown
from records.people.tables import ChildFile
from records.policies.settings import Policy
from records.retention.schedule import Due, falls_due
from records.vocabulary import DocumentKind

NEWS = (("news:email", "Email"), ("news:telephone", "Telephone"), ("news:text", "Text message"), ("news:post", "Post"))
TALK = (
    ("contact:la_sen", "LA: SEN team or Education Services"),
    ("contact:education", "Education setting or provider"),
    ("contact:health", "Health service"),
    ("contact:social_care", "Social care"),
    ("contact:legal", "Legal services"),
    ("contact:parent_carer_forum", "Parent Carer Forum"),
    ("contact:other_1", "Other"),
    ("contact:other_2", "Other"),
)
SHARE = (
    ("tell_others", "Tell others that the family came to us"),
    ("contact_others", "Contact others for the family"),
    ("obtain_information", "Get information from other agencies"),
    ("share:education", "Share with the school or setting"),
    ("share:la_sen", "Share with the council’s SEN team"),
    ("share:health", "Share with health services"),
    ("share:social_care", "Share with social care"),
    ("share:other", "Share with another agency"),
)
STORE = "store"

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
    keep_until: KeepUntil
    originals: Sequence[Original]
    documents: Sequence[Document]
    questions: Sequence[str]


def rows(
    session: Session, file: ChildFile, items: Sequence[tuple[str, str]], holds: Mapping[str, Standing],
    events: Mapping[str, ConsentEvent], *, only_asked: bool,
) -> list[AnswerRow]:  # fmt: skip
    """Rows in the order of the form. `only_asked` leaves out questions that this family was never asked."""
    return [
        _row(session, file, words, holds.get(item), events) for item, words in items if not only_asked or item in holds
    ]


def _row(
    session: Session, file: ChildFile, words: str, held: Standing | None, events: Mapping[str, ConsentEvent]
) -> AnswerRow:
    if held is None:
        return AnswerRow(words, False, "No", None, "Never given", None)
    event = events.get(held.event or "")
    named = ledger.named(session, file, event) if event else None
    note = NOTES.get(held.state, "")
    if event and event.effective_assumed and held.state is ConsentState.GIVEN:
        note = "Not dated: the day it arrived is used"
    return AnswerRow(
        f"{words}: {named}" if named else words,
        held.state is ConsentState.GIVEN,
        WORDS[held.state],
        held.since,
        note,
        event,
    )


def keep_until(births: Sequence[BirthDate], policy: Policy) -> KeepUntil:
    """By the one rule (`falls_due`); several sources that disagree count with the latest (R40)."""
    found = falls_due([across(births)], policy.retention)
    if isinstance(found, Due):
        return KeepUntil(found.due, found.reason, found.rule)
    return KeepUntil(None, found.reason, found.rule)


def show(session: Session, file: ChildFile, policy: Policy, today: date) -> FileShown:
    """Everything on the summary of a file."""
    people = register.people(session, file)
    births = register.birth_dates(session, file)
    events = {str(event.id): event for event in ledger.events(session, file.id)}
    holds = ledger.what_holds(session, file.id, today, refresh_months=policy.periods.consent_refresh_months)
    return FileShown(
        file=file,
        child=people[0],
        people=people[1:],
        news=rows(session, file, NEWS, holds, events, only_asked=True),
        talk=rows(session, file, TALK, holds, events, only_asked=True),
        share=rows(session, file, SHARE, holds, events, only_asked=True),
        keep_until=keep_until(births, policy),
        originals=originals.of_file(session, file.id),
        documents=session.exec(
            select(Document)
            .where(Document.file_id == file.id, Document.kind == DocumentKind.SCAN)
            .order_by(col(Document.stored_at).desc())
        ).all(),
        questions=[question for held in holds.values() for question in held.questions],
    )
