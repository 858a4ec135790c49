"""What a family may be asked: each item with its words, and the kinds of professional behind it (F7–F21). Pure."""

from enum import StrEnum

STORE = "store"
TALK_FAMILY = "talk:family"
"""A young person lets us talk with their parents or carers (R20). No form asks it; an officer records it."""


class Category(StrEnum):
    """A kind of body (F14–F21). COUNCIL: any other part of a council; no form opens it (N6, W3)."""

    LA_SEN = "la_sen"
    EDUCATION = "education"
    HEALTH = "health"
    SOCIAL_CARE = "social_care"
    LEGAL = "legal"
    PARENT_CARER_FORUM = "parent_carer_forum"
    OTHER_1 = "other_1"
    OTHER_2 = "other_2"
    OTHER = "other"
    COUNCIL = "council"


class Channel(StrEnum):
    """A way to send news (F9–F12)."""

    EMAIL = "email"
    TELEPHONE = "telephone"
    TEXT = "text"
    POST = "post"


OTHERS = frozenset({Category.OTHER_1, Category.OTHER_2, Category.OTHER})
"""Kinds for which the family writes a name itself (F20, F21)."""

NEWS = (("news:email", "Email"), ("news:telephone", "Telephone"), ("news:text", "Text message"), ("news:post", "Post"))
TALK = (
    ("contact:la_sen", "LA: SEN team or Education Services"),
    ("contact:education", "Education setting or provider"),
    ("contact:health", "Health service"),
    ("contact:social_care", "Social care"),
    ("contact:legal", "Legal services"),
    ("contact:parent_carer_forum", "Parent Carer Forum"),
    ("contact:other_1", "Other, first line of the form"),
    ("contact:other_2", "Other, second line of the form"),
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
KEEP = ((STORE, "May we keep this file?"),)
FAMILY = ((TALK_FAMILY, "Talk with parents or carers about the young person"),)

WORDS = dict((*KEEP, *NEWS, *TALK, *SHARE, *FAMILY))
"""Every item in the order of the forms, with its words."""
ALONE = WORDS | {item: f"News by {words.lower()}" for item, words in NEWS}
"""The same where no heading stands above it that says what "Email" is about."""
ORDER = {item: at for at, item in enumerate(WORDS)}
"""Where each item stands on the forms, from 0."""

CATEGORY_WORDS = {
    Category.LA_SEN: "The council’s SEN team or Education Services",
    Category.EDUCATION: "Education setting or provider",
    Category.HEALTH: "Health service",
    Category.SOCIAL_CARE: "Social care",
    Category.LEGAL: "Legal services",
    Category.PARENT_CARER_FORUM: "Parent Carer Forum",
    Category.OTHER_1: "Other, first line of the form",
    Category.OTHER_2: "Other, second line of the form",
    Category.OTHER: "Another agency",
    Category.COUNCIL: "Another part of a council",
}


KIND_IN_A_SENTENCE = {
    Category.LA_SEN: "the SEN team",
    Category.EDUCATION: "a school or setting",
    Category.HEALTH: "a health service",
    Category.SOCIAL_CARE: "social care",
    Category.LEGAL: "legal services",
    Category.PARENT_CARER_FORUM: "a parent carer forum",
    Category.OTHER_1: "this body",
    Category.OTHER_2: "this body",
    Category.OTHER: "another agency",
    Category.COUNCIL: "another part of a council",
}


def is_news(item: str) -> bool:
    """F8: about news and events only; it never limits contact about the case (R32)."""
    return item.startswith("news:")


def is_about_professionals(item: str) -> bool:
    """Items by which somebody outside learns of the family (W30, N12)."""
    return item.startswith(("contact:", "share:")) or item in ("contact_others", "tell_others", "obtain_information")
