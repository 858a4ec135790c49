"""Who may be the one who asked, who may print and send a copy, and by what way: what the steps of a request ask before they are settled."""

from collections.abc import Mapping

from sqlmodel import Session

from records.desk import request_pages as desk
from records.desk.shell import Call
from records.documents.tables import Document
from records.guard.standing import about, restricted_parts, with_standing
from records.people import register as people
from records.people.facts import Channel
from records.people.preferences import send_refused
from records.people.register import PersonShown
from records.people.tables import ChildFile
from records.people.written import same
from records.requests import asker, kinds, register
from records.requests import pages as page_rows
from records.requests.bundle import Decision
from records.requests.kinds import Kind, Requester, Step
from records.requests.register import Asking
from records.requests.release import METHOD_WORDS, Method
from records.requests.tables import RequestRow
from records.staff import accounts
from records.staff.access import Act, Actor, Allowed, may
from records.staff.tables import Account
from records.vocabulary import Role

SHUT = "The copy holds a page that is restricted for safeguarding. A manager, or somebody who is named on it, prints and sends it"


def name_field(row: RequestRow) -> str:
    """Which name of the request is that of the person on the file: an agent's own name is another."""
    return "acts_for" if row.requester == Requester.AGENT else "name"


def not_the_one(row: RequestRow, asking: Asking, person: PersonShown | None, sent: Mapping[str, str]) -> dict[str, str]:
    """What stands against this person's being the one who asked (R19, P8), by field: what they are, then how they are called."""
    if asking.name == register.THE_FAMILY:
        return {}
    asks = asker.asks_as(Requester(row.requester), asking.acts_as)
    wrong = asker.cannot_be(asks, person.kind if person else None, agent=row.requester == Requester.AGENT)
    if wrong and Step.ALLOWED in kinds.steps(Kind(row.kind)):
        return {"person": wrong}
    if person is None or same(getattr(asking, name_field(row)), person.name):
        return {}
    if sent.get("same_person") == str(person.id):
        return {}
    return {"same_person": "The names differ. If they are one person, say so; if not, choose again"}


def second_persons(session: Session, call: Call, row: RequestRow) -> list[Account]:
    """Who may check the contents with whoever sends (P8): a colleague who may see this file, and each page that goes into the copy."""
    if row.file_id is None:
        return []
    files = people.all_of(session, people.get(session, row.file_id))
    shut = restricted_parts(session, row.file_id)
    sealed = shut & {page.part_id for page in _taken(session, row)}
    asked = [about(files[0], sealed), *(about(each) for each in files[1:])]
    now, seen_by = call.desk.clock.now(), call.desk.policy().case_notes_seen_by
    found = []
    for each in accounts.colleagues(session, call.actor.id):
        actor = with_standing(session, Actor(each.id, Role(each.role)), now)
        if all(isinstance(may(actor, Act.WORK_REQUEST, subject, seen_by), Allowed) for subject in asked):
            found.append(each)
    return found


def closed_in_copy(session: Session, call: Call, row: RequestRow) -> bool:
    """Whether a page that this person may not look at goes into the copy: then somebody else prints and sends it (N10)."""
    return bool(desk.closed_pages(session, call, row, _taken(session, row)))


def _taken(session: Session, row: RequestRow) -> list[Document]:
    """The pages that go into the copy; none where no copy is asked for."""
    if row.kind != Kind.ACCESS or row.file_id is None:
        return []
    included = {one.page.document_id for one in page_rows.judged(session, row) if one.decision is Decision.INCLUDE}
    return [one.document for one in page_rows.held(session, row) if one.document.id in included]


WAYS = {Method.TRACKED_POST: Channel.POST, Method.IN_HAND: Channel.IN_PERSON}


def blocked(
    session: Session, row: RequestRow, file: ChildFile | None, address: str, method: Method | None
) -> tuple[str, ...]:
    """What a safe-contact instruction says against handing an answer over so, asked at the moment of sending."""
    if file is None or row.person_id is None or method is None:
        return ()
    return send_refused(session, file.id, row.person_id, channel=WAYS[method], address=address)


def warned(session: Session, row: RequestRow, file: ChildFile | None, address: str) -> list[str]:
    """The same for each way, to be read before one is chosen."""
    against = {method: blocked(session, row, file, address, method) for method in Method}
    every = dict.fromkeys(words for each in against.values() for words in each)
    of = {words: [METHOD_WORDS[method] for method, each in against.items() if words in each] for words in every}
    return [words if len(ways) == len(against) else f"{ways[0]}: {words}" for words, ways in of.items()]
