"""The words of enquiries, referrals and notes: enumerations and what staff read for each. Pure.

Values are stored; they never change once released. Topics are few and fixed, because they are counted (N4, N5, R43).
"""

from enum import StrEnum


class Channel(StrEnum):
    """How somebody reached us."""

    TELEPHONE = "telephone"
    EMAIL = "email"
    LETTER = "letter"
    IN_PERSON = "in_person"
    WEB_FORM = "web_form"
    EVENT = "event"


CHANNEL_WORDS = {
    Channel.TELEPHONE: "Telephone",
    Channel.EMAIL: "Email",
    Channel.LETTER: "Letter",
    Channel.IN_PERSON: "In person",
    Channel.WEB_FORM: "Web form",
    Channel.EVENT: "At an event",
}


class Topic(StrEnum):
    """What an enquiry was about, as it is counted."""

    SCHOOL_SUPPORT = "school_support"
    NEEDS_ASSESSMENT = "needs_assessment"
    PLAN = "plan"
    PLACE = "place"
    EXCLUSION = "exclusion"
    TRANSPORT = "transport"
    HEALTH = "health"
    SOCIAL_CARE = "social_care"
    APPEAL = "appeal"
    MOVING_ON = "moving_on"
    MONEY = "money"
    ABOUT_US = "about_us"
    WHO_WE_KNOW = "who_we_know"
    OTHER = "other"


TOPIC_WORDS = {
    Topic.SCHOOL_SUPPORT: "Support in a nursery, school or college",
    Topic.NEEDS_ASSESSMENT: "EHC needs assessment",
    Topic.PLAN: "EHC plan or annual review",
    Topic.PLACE: "Choosing or changing a school",
    Topic.EXCLUSION: "Exclusion or attendance",
    Topic.TRANSPORT: "Travel to school",
    Topic.HEALTH: "Health",
    Topic.SOCIAL_CARE: "Social care",
    Topic.APPEAL: "Disagreement, mediation or appeal",
    Topic.MOVING_ON: "Moving on to adult life",
    Topic.MONEY: "Money and benefits",
    Topic.ABOUT_US: "What our service does",
    Topic.WHO_WE_KNOW: "Whether we know a child or a family",
    Topic.OTHER: "Something else",
}


class EnquiryOutcome(StrEnum):
    """What became of an enquiry."""

    ANSWERED = "answered"
    ELSEWHERE = "elsewhere"
    WILL_RETURN = "will_return"
    NEITHER = "neither"


ENQUIRY_OUTCOME_WORDS = {
    EnquiryOutcome.ANSWERED: "Answered",
    EnquiryOutcome.ELSEWHERE: "Told about another service",
    EnquiryOutcome.WILL_RETURN: "They will contact us again",
    EnquiryOutcome.NEITHER: "Neither confirmed nor denied, in the words for everybody",
}


class TurnedBy(StrEnum):
    """What closed or opened a child's file."""

    HAND = "hand"
    REFERRAL = "referral"
    FORM = "form"
    LETTER = "letter"


TURNED_WORDS = {
    (True, TurnedBy.REFERRAL): "Its last referral was closed",
    (False, TurnedBy.REFERRAL): "A referral was opened",
    (False, TurnedBy.FORM): "A form of the family came",
    (False, TurnedBy.LETTER): "A letter or other paper was filed on it",
}
"""By whether it was closed and by what; by hand a person gives the reason."""


class Openness(StrEnum):
    """Why a child's file is open."""

    REFERRAL = "referral"
    NOT_CLOSED = "not_closed"


class Passed(StrEnum):
    """Why words that looked personal were kept in an anonymous enquiry (N5)."""

    NOT_A_PERSON = "not_a_person"
    PUBLIC = "public"


PASSED_WORDS = {
    Passed.NOT_A_PERSON: "It does not say who anybody is",
    Passed.PUBLIC: "It is a public place, law or body",
}


class Capacity(StrEnum):
    """As what somebody refers a child. The first four may refer themselves where S3 says so."""

    CHILD = "child"
    YOUNG_PERSON = "young_person"
    PARENT = "parent"
    CARER = "carer"
    RELATIVE = "relative"
    SCHOOL = "school"
    HEALTH = "health"
    SOCIAL_CARE = "social_care"
    COUNCIL = "council"
    VOLUNTARY = "voluntary"
    OTHER = "other"


CAPACITY_WORDS = {
    Capacity.CHILD: "The child",
    Capacity.YOUNG_PERSON: "The young person",
    Capacity.PARENT: "A parent",
    Capacity.CARER: "A carer",
    Capacity.RELATIVE: "Another relative or friend",
    Capacity.SCHOOL: "Nursery, school or college",
    Capacity.HEALTH: "Health service",
    Capacity.SOCIAL_CARE: "Social care",
    Capacity.COUNCIL: "Another part of the council",
    Capacity.VOLUNTARY: "A charity or voluntary group",
    Capacity.OTHER: "Somebody else",
}


class Route(StrEnum):
    """How permission reached us."""

    TELEPHONE = "telephone"
    IN_PERSON = "in_person"
    EMAIL = "email"
    LETTER = "letter"
    FORM = "form"


ROUTE_WORDS = {
    Route.TELEPHONE: "By telephone, to us",
    Route.IN_PERSON: "In person, to us",
    Route.EMAIL: "By email",
    Route.LETTER: "By letter",
    Route.FORM: "On a signed form",
}


class ReferralState(StrEnum):
    """HOLDING: no permission yet. READY: permission is there, no file yet. OPEN and CLOSED: on a file. ERASED: one line remains."""

    HOLDING = "holding"
    READY = "ready"
    OPEN = "open"
    CLOSED = "closed"
    ERASED = "erased"


class ErasedBecause(StrEnum):
    """Why a held referral was destroyed."""

    NO_PERMISSION_IN_TIME = "no_permission_in_time"
    PERMISSION_REFUSED = "permission_refused"
    LOGGED_BY_MISTAKE = "logged_by_mistake"


ERASED_WORDS = {
    ErasedBecause.NO_PERMISSION_IN_TIME: "No permission came in time",
    ErasedBecause.PERMISSION_REFUSED: "The family said no",
    ErasedBecause.LOGGED_BY_MISTAKE: "Logged by mistake",
}


class NoteKind(StrEnum):
    """What a note tells (W34, W35, W38)."""

    DETAILS = "details"
    PROGRESS = "progress"
    RISK = "risk"


NOTE_WORDS = {
    NoteKind.DETAILS: "Details",
    NoteKind.PROGRESS: "Progress",
    NoteKind.RISK: "Risks and cautions",
}


class Outcome(StrEnum):
    """How a referral ended (W37); the code feeds the statistics."""

    RESOLVED = "resolved"
    PARTLY = "partly"
    NOT_RESOLVED = "not_resolved"
    INFORMATION = "information"
    ELSEWHERE = "elsewhere"
    FAMILY_ENDED = "family_ended"
    NO_CONTACT = "no_contact"


OUTCOME_WORDS = {
    Outcome.RESOLVED: "What the family wanted was reached",
    Outcome.PARTLY: "Partly reached",
    Outcome.NOT_RESOLVED: "Not reached",
    Outcome.INFORMATION: "Information and advice were given",
    Outcome.ELSEWHERE: "Another service has taken over",
    Outcome.FAMILY_ENDED: "The family ended it",
    Outcome.NO_CONTACT: "We lost contact with the family",
}
