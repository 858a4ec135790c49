"""Whether the person whom somebody chose on the file can be the one who asked (R19, W12, P8). Pure.

R19 goes by who the person is, never by what was ticked when the request was recorded: the right of the child is nobody else's.
"""

from records.people.entitlement import RequesterKind
from records.people.relations import Kind
from records.requests.kinds import Requester

KIND_OF = {
    Requester.CHILD: RequesterKind.CHILD,
    Requester.PARENT: RequesterKind.RELATIVE,
    Requester.OTHER_RELATIVE: RequesterKind.RELATIVE,
    Requester.BODY: RequesterKind.BODY,
}
OF_PERSON = {
    Kind.CHILD: RequesterKind.CHILD,
    Kind.CARER: RequesterKind.RELATIVE,
    Kind.RELATIVE: RequesterKind.RELATIVE,
    Kind.PROFESSIONAL: RequesterKind.BODY,
    Kind.OTHER: RequesterKind.BODY,
}
RECORDED = {
    RequesterKind.CHILD: "the child or young person",
    RequesterKind.RELATIVE: "a parent, carer or relative",
    RequesterKind.BODY: "a council, school or other body",
}


def asks_as(requester: Requester, acts_as: str) -> RequesterKind:
    """What the request says that they are; an agent stands where the person stands who authorised them."""
    if requester is Requester.AGENT:
        return KIND_OF[Requester(acts_as)] if acts_as in set(KIND_OF) else RequesterKind.BODY
    return KIND_OF[requester]


def stands_as(asks: RequesterKind, person: str | None) -> RequesterKind:
    """As whom R19 takes them: by the person on the file. Nobody on the file is never the child, and has no responsibility that is known."""
    if person is not None:
        return OF_PERSON.get(Kind(person), RequesterKind.BODY) if person in set(Kind) else RequesterKind.BODY
    return RequesterKind.RELATIVE if asks is RequesterKind.CHILD else asks


def recorded_as(person: str) -> Requester:
    """What to record where nobody knew yet who asks, once the person is known."""
    return {Kind.CHILD: Requester.CHILD, Kind.CARER: Requester.PARENT, Kind.RELATIVE: Requester.OTHER_RELATIVE}.get(
        Kind(person), Requester.BODY
    )


def cannot_be(asks: RequesterKind, person: str | None, *, agent: bool) -> str | None:
    """Why this person (None: nobody on the file) cannot be the one who asked, in words; None when they can."""
    if stands_as(asks, person) is asks:
        return None
    whose = "in the name of" if agent else "from"
    who = "somebody on the file who is" if person is not None else "nobody on the file, so it is"
    return (
        f"This request was recorded as {whose} {RECORDED[asks]}, and you chose {who} not. Choose again. "
        "If it was recorded wrongly, close it as no request and record it anew with the day it came"
    )
