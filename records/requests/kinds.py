"""What people may ask of us, the steps of each, and what may happen to a request (R1-R9, R31, R62-R70). Pure.

Values are stored; they never change once released.
"""

from enum import StrEnum


class Kind(StrEnum):
    """R1, R58, R69, R70: which right is used."""

    ACCESS = "access"
    RETURN = "return"
    WITHDRAWAL = "withdrawal"
    CORRECTION = "correction"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    OBJECTION = "objection"
    COMPLAINT = "complaint"


class Route(StrEnum):
    """R1: any route counts. COUNCIL: the council passed it on; it gets no copy of the answer (W13)."""

    POST = "post"
    EMAIL = "email"
    PHONE = "phone"
    IN_PERSON = "in_person"
    FORM = "form"
    COUNCIL = "council"


class Requester(StrEnum):
    """Who asks, as R19 tells them apart. AGENT stands where the person who authorised them stands, once that is verified."""

    CHILD = "child"
    PARENT = "parent"
    OTHER_RELATIVE = "other_relative"
    AGENT = "agent"
    BODY = "body"


class Step(StrEnum):
    """The task list (design "Requests")."""

    WHO = "who"
    ALLOWED = "allowed"
    WHAT = "what"
    LOOK = "look"
    APPROVE = "approve"
    ERASE = "erase"
    SEND = "send"


class Event(StrEnum):
    """What happened to a request, appended with the day on which it is true."""

    OPENED = "opened"
    RECEIVED_EARLIER = "received_earlier"
    RECEIVED_LATER = "received_later"
    IDENTITY_ASKED = "identity_asked"
    IDENTITY_SEEN = "identity_seen"
    AUTHORITY_ASKED = "authority_asked"
    AUTHORITY_SEEN = "authority_seen"
    PAUSED = "paused"
    CHASED = "chased"
    ANSWERED = "answered"
    EXTENDED = "extended"
    WHO_CONFIRMED = "who_confirmed"
    ALLOWED = "allowed"
    REFUSED = "refused"
    WHAT_SETTLED = "what_settled"
    LOOKED = "looked"
    BESIDE = "beside"
    MADE = "made"
    APPROVED = "approved"
    ERASED = "erased"
    SENT = "sent"
    RECEIPT = "receipt"
    COUNCIL = "council_may_know"
    ACKNOWLEDGED = "acknowledged"
    LETTER = "letter"
    CLOSED = "closed"
    KEPT = "kept"
    REOPENED = "reopened"


class Closing(StrEnum):
    """Why a request is closed. UNANSWERED: R8, it may be reopened."""

    DONE = "done"
    REFUSED = "refused"
    UNANSWERED = "unanswered"
    TAKEN_BACK = "taken_back"
    NO_REQUEST = "no_request"


class WhyExtended(StrEnum):
    """R7: size alone is not complexity, so it is offered only to be told so."""

    COMPLEX = "complex"
    SEVERAL_REQUESTS = "several_requests"
    LARGE = "large"


class WhyRefused(StrEnum):
    """R19, R67. The letter says no more than that we cannot, and what can be done: codes are for us."""

    NOT_ENTITLED = "not_entitled"
    UNFOUNDED = "unfounded"
    EXCESSIVE = "excessive"


KIND_WORDS = {
    Kind.ACCESS: "Access to information",
    Kind.RETURN: "Return of papers",
    Kind.WITHDRAWAL: "Withdrawal of consent",
    Kind.CORRECTION: "Correction",
    Kind.ERASURE: "Erasure",
    Kind.RESTRICTION: "Restriction",
    Kind.OBJECTION: "Objection",
    Kind.COMPLAINT: "Complaint about data",
}
KIND_HINTS = {
    Kind.ACCESS: "A copy of what we hold",
    Kind.RETURN: "Papers that we keep for the family",
    Kind.WITHDRAWAL: "They no longer agree to something",
    Kind.CORRECTION: "Something we hold is wrong",
    Kind.ERASURE: "They ask us to delete something",
    Kind.RESTRICTION: "They ask us to keep it, but not use it",
    Kind.OBJECTION: "They object to how we use it, such as for news",
    Kind.COMPLAINT: "They are unhappy with how we handle their information",
}
ROUTE_WORDS = {
    Route.POST: "Letter in the post",
    Route.EMAIL: "Email",
    Route.PHONE: "By telephone",
    Route.IN_PERSON: "In person",
    Route.FORM: "On a form of ours",
    Route.COUNCIL: "Passed on by the council",
}
REQUESTER_WORDS = {
    Requester.CHILD: "The child or young person",
    Requester.PARENT: "A parent or carer",
    Requester.OTHER_RELATIVE: "Another relative",
    Requester.AGENT: "Somebody acting for one of them, such as a solicitor",
    Requester.BODY: "The council, a school or another body",
}
CLOSING_WORDS = {
    Closing.DONE: "Answered",
    Closing.REFUSED: "Refused",
    Closing.UNANSWERED: "Closed: no answer came to our question",
    Closing.TAKEN_BACK: "Taken back by the person",
    Closing.NO_REQUEST: "It was no request",
}
REFUSED_WORDS = {
    WhyRefused.NOT_ENTITLED: "It is not theirs to ask",
    WhyRefused.UNFOUNDED: "It is manifestly unfounded",
    WhyRefused.EXCESSIVE: "It is manifestly excessive",
}
EXTENDED_WORDS = {
    WhyExtended.COMPLEX: "It is complex",
    WhyExtended.SEVERAL_REQUESTS: "The person made several requests",
    WhyExtended.LARGE: "It is large",
}
EVENT_WORDS = {
    Event.OPENED: "Recorded",
    Event.RECEIVED_EARLIER: "Received earlier than recorded",
    Event.RECEIVED_LATER: "Received later than recorded",
    Event.IDENTITY_ASKED: "Proof of identity asked for",
    Event.IDENTITY_SEEN: "Proof of identity seen",
    Event.AUTHORITY_ASKED: "Proof of authority asked for",
    Event.AUTHORITY_SEEN: "Proof of authority seen",
    Event.PAUSED: "Asked what is wanted; the time stands still",
    Event.CHASED: "Asked again",
    Event.ANSWERED: "Answer came; the time runs on",
    Event.EXTENDED: "Extended to three months",
    Event.WHO_CONFIRMED: "Who is asking was settled",
    Event.ALLOWED: "They may have it",
    Event.REFUSED: "They may not have it",
    Event.WHAT_SETTLED: "What to do was settled",
    Event.LOOKED: "Pages were looked through",
    Event.BESIDE: "What is on no page was settled",
    Event.MADE: "The copy was made and checked",
    Event.APPROVED: "Approved",
    Event.ERASED: "Erased for good",
    Event.SENT: "Sent",
    Event.RECEIPT: "Receipt came back",
    Event.COUNCIL: "Whether the council may know that it came",
    Event.ACKNOWLEDGED: "Acknowledged",
    Event.LETTER: "Letter printed",
    Event.CLOSED: "Closed",
    Event.KEPT: "Looked at, and kept",
    Event.REOPENED: "Opened again",
}

_STEPS: dict[Kind, tuple[Step, ...]] = {
    Kind.ACCESS: (Step.WHO, Step.ALLOWED, Step.WHAT, Step.LOOK, Step.APPROVE, Step.SEND),
    Kind.RETURN: (Step.WHO, Step.ALLOWED, Step.WHAT, Step.SEND),
    Kind.WITHDRAWAL: (Step.WHO, Step.WHAT, Step.SEND),
    Kind.CORRECTION: (Step.WHO, Step.ALLOWED, Step.WHAT, Step.SEND),
    Kind.ERASURE: (Step.WHO, Step.ALLOWED, Step.WHAT, Step.APPROVE, Step.ERASE, Step.SEND),
    Kind.RESTRICTION: (Step.WHO, Step.WHAT, Step.SEND),
    Kind.OBJECTION: (Step.WHO, Step.WHAT, Step.SEND),
    Kind.COMPLAINT: (Step.WHO, Step.WHAT, Step.APPROVE, Step.SEND),
}
_WORDS = {
    Step.WHO: "Who is asking",
    Step.ALLOWED: "Are they allowed",
    Step.WHAT: "What to include",
    Step.LOOK: "Look through pages",
    Step.APPROVE: "Approve",
    Step.ERASE: "Erase",
    Step.SEND: "Send",
}
_WHAT_WORDS = {
    Kind.ACCESS: "What to include",
    Kind.RETURN: "Which papers",
    Kind.WITHDRAWAL: "What is withdrawn",
    Kind.CORRECTION: "What to correct",
    Kind.ERASURE: "Erase or keep",
    Kind.RESTRICTION: "What to hide",
    Kind.OBJECTION: "What to stop",
    Kind.COMPLAINT: "Look into it",
}
DONE_BY = {
    Step.WHO: Event.WHO_CONFIRMED,
    Step.WHAT: Event.WHAT_SETTLED,
    Step.LOOK: Event.MADE,
    Step.APPROVE: Event.APPROVED,
    Step.ERASE: Event.ERASED,
    Step.SEND: Event.SENT,
}


def steps(kind: Kind) -> tuple[Step, ...]:
    """The task list of a kind of request, in order."""
    return _STEPS[kind]


def step_words(kind: Kind, step: Step) -> str:
    """What a step is called for this kind of request."""
    return _WHAT_WORDS[kind] if step is Step.WHAT else _WORDS[step]
