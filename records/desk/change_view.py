"""The page "Record a change or withdrawal": its rows, and what was sent back as something to record. No HTML, no request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

from sqlmodel import Session

from records.consents import asking, changes, gate
from records.consents.changes import Told, everything
from records.consents.gate import FileFacts
from records.consents.givers import NOT_NOTED, Capacity, Giver
from records.consents.items import FAMILY, KEEP, NEWS, SHARE, TALK, WORDS
from records.consents.standing import ConsentState, Route, Standing
from records.consents.typed import LONGEST_NOTE, day_typed, day_wrong, text_wrong
from records.desk.presses import press_key
from records.letters.agreed import common_lead
from records.people import register, relations
from records.people.birthdates import across
from records.people.register import PersonShown
from records.people.tables import ChildFile
from records.policies.periods import in_words
from records.policies.settings import Policy

NOW = {
    ConsentState.GIVEN: "Yes",
    ConsentState.REFUSED: "No",
    ConsentState.WITHDRAWN: "No, withdrawn",
    ConsentState.NOT_ANSWERED: "Not answered",
    ConsentState.UNCLEAR: "Unclear",
    ConsentState.EXPIRED: "Lapsed",
    ConsentState.SUPERSEDED: "No",
}
ROUTES = (
    (Route.TELEPHONE, "By telephone"),
    (Route.IN_PERSON, "In person"),
    (Route.EMAIL, "By email"),
    (Route.LETTER, "By letter"),
    (Route.TEXT, "By text message"),
)
SOMEBODY_ELSE, A_CARER = "somebody_else", "a_carer"


@dataclass(frozen=True)
class Row:
    """One question: the words asked, what holds, and whether people do not agree on it."""

    item: str
    id: str
    words: str
    wording: str
    now: str
    since: date | None
    disputed: Sequence[str]
    ask: str = ""
    """What a person must ask about it, where something must be asked."""


@dataclass(frozen=True)
class Section:
    """Questions under one heading. `lead`: the sentences with which all of them begin on the form, shown once."""

    title: str
    rows: Sequence[Row]
    lead: str = ""


@dataclass(frozen=True)
class Page:
    """All that the page shows. `ask_capacity`: whether to ask if the child understands."""

    sections: Sequence[Section]
    people: Sequence[tuple[str, str]]
    ask_capacity: bool
    key: str


def show(session: Session, file: ChildFile, policy: Policy, today: date) -> Page:
    """The page as it is first opened."""
    facts = asking.facts_of(session, file.id, policy)
    holds = gate.what_holds(facts, today)
    wording = changes.wordings(session, file.id)
    own = facts.own_word
    groups = [
        ("Keeping this file", KEEP),
        ("News and events", NEWS),
        ("Talking to others", TALK),
        ("Sharing and asking", SHARE),
    ]
    asked = [(title, rows) for title, rows in groups if rows is KEEP or any(item in holds for item, _ in rows)]
    if len(asked) == 1:  # nothing was ever asked: whatever a form can ask may be told
        asked = groups
    if own is not None and own.possible <= today:
        asked.append(("Talking with parents or carers", FAMILY))
    sections = [_section(title, [_row(item, words, holds, wording) for item, words in rows]) for title, rows in asked]
    people = register.people(session, file)
    return Page(
        sections,
        _choices(people, {each.id: each.number for each in register.all_of(session, file)}),
        own is None or today < own.certain,
        str(uuid4()),
    )


def _section(title: str, rows: Sequence[Row]) -> Section:
    lead = common_lead([row.wording for row in rows if row.wording]) if len(rows) > 1 else ""
    return Section(title, [replace(row, wording=row.wording.removeprefix(lead)) for row in rows], lead.strip())


def _row(
    item: str, words: str, holds: Mapping[str, Standing], wording: Mapping[str, tuple[str | None, str | None, str]]
) -> Row:
    held = holds.get(item)
    said = wording.get(item, (None, None, ""))[2]
    now = NOW[held.state] if held else "Never asked"
    return Row(
        item,
        item.replace(":", "-"),
        words,
        said,
        now,
        held.since if held else None,
        held.open if held else (),
        " ".join(held.questions) if held else "",
    )


def _choices(people: Sequence[PersonShown], numbers: Mapping[UUID, int]) -> list[tuple[str, str]]:
    """Who may have told us. Where files are seen as one, each with the number of theirs: a name may stand there twice."""
    on = {id: f", on PC-{number:04d}" if len(numbers) > 1 else "" for id, number in numbers.items()}
    found = [(str(person.id), f"{person.name}, {_kind(person)}{on[person.file_id]}") for person in people]
    if not any(person.kind == register.CARER for person in people):
        found.append((A_CARER, "A parent or carer who is not on the file yet"))
    return [*found, (SOMEBODY_ELSE, "Somebody else")]


def _kind(person: PersonShown) -> str:
    if person.kind == register.CHILD:
        return "the child or young person"
    if person.relationship in NOT_NOTED and person.kind == register.CARER:
        return "parent or carer"
    return relations.words(person.relationship).lower()


@dataclass(frozen=True)
class Wrong:
    """What is wrong, by field, and a day that was looked at and may be sent again."""

    mistakes: Mapping[str, str]
    look_again: str = ""


def told(session: Session, file: ChildFile, policy: Policy, today: date, sent: Mapping[str, str]) -> Told | Wrong:
    """What was sent as something to record, or what is wrong with it. Nothing is stored here."""
    facts = asking.facts_of(session, file.id, policy)
    holds = gate.what_holds(facts, today)
    answers = {item: sent[f"answer-{item}"] == "yes" for item in WORDS if sent.get(f"answer-{item}") in ("yes", "no")}
    if sent.get("everything") == "yes":
        answers = dict.fromkeys(everything(holds), False)
    wrong: dict[str, str] = {}
    who = _who(session, file, sent.get("who", ""))
    if who is None:
        wrong["who"] = "Choose who told us"
    route = Route(sent["how"]) if sent.get("how") in {route.value for route, _ in ROUTES} else None
    if route is None:
        wrong["how"] = "Choose how they told us"
    day = day_typed(sent.get("day", ""), sent.get("month", ""), sent.get("year", ""))
    born = across(register.birth_dates(session, file))
    mistake = day_wrong(day, "The day they told us", today=today, born=born.latest if born else None)
    look_again = ""
    if mistake is None and day is not None:
        look_again, mistake = _later_yes(facts, holds, answers, day, sent.get("looked_at", ""))
    if mistake:
        wrong["day"] = mistake
    if not answers:
        wrong["answers"] = "Choose at least one answer that changes"
    note = text_wrong(sent.get("note", ""), "the note", most=LONGEST_NOTE)
    if note:
        wrong["note"] = note
    if wrong or who is None or route is None or day is None:
        return Wrong(wrong, look_again)
    giver, person = who
    noted = (
        Capacity(sent["capacity"]) if sent.get("capacity") in set(Capacity) and giver is Giver.YOUNG_PERSON else None
    )
    settles = {
        item: _settled(facts, holds[item], yes)
        for item, yes in answers.items()
        if item in holds and sent.get(f"settles-{item}") == "yes"
    }
    return Told(answers, giver, person, route, day, press_key(sent), noted, sent.get("note", ""), settles)


def _settled(facts: FileFacts, held: Standing, yes: bool) -> list[str]:
    """The open answers that this one puts an end to. Another's yes that it agrees with goes on: it may be the one that counts (S5)."""
    agreed = {answer.id for answer in facts.answers if yes and answer.state is ConsentState.GIVEN}
    return [id for id in held.open if id not in agreed]


def _later_yes(
    facts: FileFacts, holds: Mapping[str, Standing], answers: Mapping[str, bool], day: date, looked_at: str
) -> tuple[str, str | None]:
    """A no dated before the yes in force changes nothing that holds; said once, then taken as history."""
    days = {
        answer.effective_on
        for item, yes in answers.items()
        if not yes and item in holds and holds[item].state is ConsentState.GIVEN
        for answer in facts.answers
        if answer.id == holds[item].event and answer.effective_on > day
    }
    if not days or looked_at == day.isoformat():
        return "", None
    words = f"There is a yes of {in_words(max(days))}, after this day, and it would still hold. Check the day, or save again to keep it"
    return day.isoformat(), words


def _who(session: Session, file: ChildFile, chosen: str) -> tuple[Giver, UUID | None] | None:
    if chosen == SOMEBODY_ELSE:
        return Giver.REPRESENTATIVE, None
    if chosen == A_CARER:
        return Giver.PARENT_OR_CARER, None
    for person in register.people(session, file):
        if str(person.id) == chosen:
            if person.kind == register.CHILD:
                return Giver.YOUNG_PERSON, person.id
            is_carer = person.kind in (register.CARER, "relative")
            return (Giver.PARENT_OR_CARER if is_carer else Giver.REPRESENTATIVE), person.id
    return None
