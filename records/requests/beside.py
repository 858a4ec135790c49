"""What we hold about somebody that is on no page, and so not in the access copy by itself (N17, R64): notes, answers, actions, facts.

Each is settled by a person before a copy is approved: it is printed and goes with the copy, or it is left out, with the reason. What is
settled counts for what was there then: where more has come since, it is open again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, func, select

from records.cases.tables import AgreedAction, CaseNote
from records.clock import LONDON
from records.consents.tables import ConsentEvent
from records.people import merging
from records.people.tables import BirthDateFact, Person, PersonFact
from records.people.typed import text_problem
from records.requests import register
from records.requests.kinds import Event
from records.requests.others import NotAnswered
from records.requests.tables import RequestRow


class Thing(StrEnum):
    """What is on no page. Values are stored; they never change once released."""

    NOTES = "notes"
    ANSWERS = "answers"
    ACTIONS = "actions"
    FACTS = "facts"


class Goes(StrEnum):
    """What becomes of it. QUIET: to say that it is left out would do the harm that leaving it out prevents (R64)."""

    WITH_IT = "with_it"
    LEFT_OUT = "left_out"
    QUIET = "quiet"


THING_WORDS = {
    Thing.NOTES: "Our notes",
    Thing.ANSWERS: "The answers about consent",
    Thing.ACTIONS: "What was agreed to be done",
    Thing.FACTS: "Names, dates of birth, contact and other facts",
}
GOES_WORDS = {
    Goes.WITH_IT: "It is printed and goes with the copy",
    Goes.LEFT_OUT: "It is left out, and the letter says why",
    Goes.QUIET: "It is left out, and the letter says nothing: saying so would do harm",
}
_FILES = {
    Thing.NOTES: (col(CaseNote.file_id),),
    Thing.ANSWERS: (col(ConsentEvent.file_id),),
    Thing.ACTIONS: (col(AgreedAction.file_id),),
    Thing.FACTS: (col(Person.file_id), col(PersonFact.file_id), col(BirthDateFact.file_id)),
}


@dataclass(frozen=True)
class Beside:
    """One thing that the file holds: how many entries, and how it is settled (`goes` None: it is open)."""

    thing: Thing
    count: int
    goes: Goes | None = None
    why: str = ""


def of_request(session: Session, row: RequestRow) -> list[Beside]:
    """Everything of the request's file, and of those joined to it, that is on no page; nothing for a request without a file."""
    if row.file_id is None:
        return []
    ids = merging.ids_of(session, row.file_id)
    settled: dict[Thing, tuple[int, Goes, str]] = {}
    for each in register.told(session, row):
        if each.what is Event.BESIDE and each.code:
            name, goes, of = each.code.split(":")
            settled[Thing(name)] = (int(of), Goes(goes), each.words)
    found = []
    for thing, columns in _FILES.items():
        count = sum(session.exec(select(func.count()).where(file_id.in_(ids))).one() for file_id in columns)
        then = settled.get(thing)
        if count:
            found.append(Beside(thing, count, then[1], then[2]) if then and then[0] == count else Beside(thing, count))
    return found


def settle(
    session: Session, row: RequestRow, given: Mapping[Thing, tuple[str, str]], *, is_manager: bool, by: str, at: datetime
) -> None:  # fmt: skip
    """Says of each thing what becomes of it, and why it is left out. NotAnswered, with the field `beside-…` or `why-…`."""
    held = of_request(session, row)
    for each in held:
        goes, why = given.get(each.thing, ("", ""))
        if goes not in set(Goes):
            raise NotAnswered(f"beside-{each.thing}", f"{THING_WORDS[each.thing]}: choose what becomes of this", "R64")
        if goes == Goes.QUIET and not is_manager:
            raise NotAnswered(f"beside-{each.thing}", "Only a manager can leave something out without saying so", "R64")
        if goes != Goes.WITH_IT and not why.strip():
            raise NotAnswered(f"why-{each.thing}", "Say why it is left out", "R64")
        if problem := text_problem(why, "Why it is left out"):
            raise NotAnswered(f"why-{each.thing}", problem, "R64")
    for each in held:
        goes, why = given[each.thing]
        if (each.goes, each.why) != (goes, why.strip()):
            register.move(
                session, row, Event.BESIDE, on=at.astimezone(LONDON).date(), by=by, at=at, code=f"{each.thing}:{goes}:{each.count}",
                words=why.strip() if goes != Goes.WITH_IT else "",
            )  # fmt: skip


def cannot_approve(session: Session, row: RequestRow) -> str | None:
    """Why a copy cannot be approved yet, in words; None when all is settled."""
    still = [THING_WORDS[each.thing] for each in of_request(session, row) if each.goes is None]
    return f"It is not settled yet whether this goes with the copy: {', '.join(still).lower()}." if still else None
