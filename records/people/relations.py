"""How somebody stands to the child, and what that makes them on the file. Pure.

A relationship says nothing about parental responsibility (R18): that is a fact with evidence of its own.
"""

from enum import StrEnum


class Kind(StrEnum):
    """What somebody is on a file."""

    CHILD = "child"
    CARER = "carer"
    RELATIVE = "relative"
    PROFESSIONAL = "professional"
    OTHER = "other"


KIND_WORDS = {
    Kind.CHILD: "child or young person",
    Kind.CARER: "parent or carer",
    Kind.RELATIVE: "relative",
    Kind.PROFESSIONAL: "professional",
    Kind.OTHER: "other person",
}

RELATIONSHIPS: dict[str, tuple[str, Kind]] = {
    "mother": ("Mother", Kind.CARER),
    "father": ("Father", Kind.CARER),
    "parent": ("Parent", Kind.CARER),
    "step_parent": ("Step-parent", Kind.CARER),
    "adoptive_parent": ("Adoptive parent", Kind.CARER),
    "foster_carer": ("Foster carer", Kind.CARER),
    "special_guardian": ("Special guardian", Kind.CARER),
    "carer": ("Other carer", Kind.CARER),
    "grandparent": ("Grandparent", Kind.RELATIVE),
    "sibling": ("Brother or sister", Kind.RELATIVE),
    "relative": ("Other relative", Kind.RELATIVE),
    "school": ("School, college or nursery", Kind.PROFESSIONAL),
    "council": ("Council", Kind.PROFESSIONAL),
    "health": ("Health service", Kind.PROFESSIONAL),
    "social_care": ("Social care", Kind.PROFESSIONAL),
    "solicitor": ("Solicitor", Kind.PROFESSIONAL),
    "advocate": ("Advocate", Kind.PROFESSIONAL),
    "friend": ("Friend of the family", Kind.OTHER),
    "other": ("Somebody else", Kind.OTHER),
}
"""Code, words and kind, in the order in which a person chooses."""

SELF, UNKNOWN = "self", "unknown"


def words(relationship: str) -> str:
    """For people: Mother; Relationship not known."""
    if relationship == SELF:
        return "Child or young person"
    return RELATIONSHIPS[relationship][0] if relationship in RELATIONSHIPS else "Relationship not known"


def kind_of(relationship: str, before: str) -> str:
    """What a relationship makes somebody; an unknown one leaves what they were."""
    if relationship == SELF:
        return Kind.CHILD
    return RELATIONSHIPS[relationship][1] if relationship in RELATIONSHIPS else before
