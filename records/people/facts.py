"""What can be known about a person: each fact a value of its own, with the day from which it was true (R17, R18, R26). Pure.

Facts are appended. What stands on a day, as far as it was known at a moment, is computed by `newest`; the order in which
facts arrived never changes it. Unknown is a value, never a gap.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self

from records.vocabulary import Format


class FactKind(StrEnum):
    """Which side of a person a fact tells of. ENDED: they are no longer on the file."""

    DETAILS = "details"
    RESPONSIBILITY = "responsibility"
    CONTACT = "contact"
    SAFE_CONTACT = "safe_contact"
    PREFERENCES = "preferences"
    WISHES = "wishes"
    CAPACITY = "capacity"
    ENDED = "ended"
    SOMEBODY_ELSE = "somebody_else"


class Answer(StrEnum):
    """An answer that may be missing."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Evidence(StrEnum):
    """What was seen of parental responsibility (R18). THEIR_WORD is no evidence: with it alone the answer stays unknown."""

    BIRTH_CERTIFICATE = "birth_certificate"
    COURT_ORDER = "court_order"
    ADOPTION = "adoption"
    AGREEMENT = "agreement"
    COUNCIL = "council"
    THEIR_WORD = "their_word"
    NONE = "none"


ENOUGH = frozenset({
    Evidence.BIRTH_CERTIFICATE, Evidence.COURT_ORDER, Evidence.ADOPTION, Evidence.AGREEMENT, Evidence.COUNCIL,
})  # fmt: skip


class Channel(StrEnum):
    """A way to reach somebody."""

    POST = "post"
    EMAIL = "email"
    TELEPHONE = "telephone"
    TEXT = "text"
    IN_PERSON = "in_person"


class _Sealed:
    """Goes into a sealed column as plain JSON and comes back the same."""

    def as_json(self) -> dict[str, Any]:
        """Strings, lists and None only."""
        return {
            each.name: list(value) if isinstance(value, tuple) else value
            for each in fields(self)  # type: ignore[arg-type]  # every heir is a dataclass
            if (value := getattr(self, each.name)) is not None
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """What `as_json` wrote; fields that a later version added are left out."""
        known = {each.name for each in fields(cls)}  # type: ignore[arg-type]  # every heir is a dataclass
        return cls(**{name: tuple(v) if isinstance(v, list) else v for name, v in value.items() if name in known})


@dataclass(frozen=True)
class Details(_Sealed):
    """Who they are: name and relationship to the child (a code of `relations.py`)."""

    name: str
    relationship: str


@dataclass(frozen=True)
class Responsibility(_Sealed):
    """Parental responsibility, and what was seen of it (R18). `limits`: a court order that narrows it, in words."""

    answer: str = Answer.UNKNOWN
    evidence: str = Evidence.NONE
    limits: str = ""


@dataclass(frozen=True)
class SafeContact(_Sealed):
    """How this person can be reached without harm. It blocks a send, it does not merely warn.

    `do_not_tell`: ids of people on the file who must not learn of contact with this person; `not_by`: channels never to be
    used; `address`: the only address that post may go to; `times` and `words` are for whoever calls.
    """

    do_not_contact: bool = False
    do_not_tell: tuple[str, ...] = ()
    not_by: tuple[str, ...] = ()
    times: str = ""
    address: str = ""
    words: str = ""

    @property
    def empty(self) -> bool:
        """Nothing to heed: an instruction that was lifted."""
        return self == SafeContact()


@dataclass(frozen=True)
class ContactDetails(_Sealed):
    """How they can be reached (W39), as they told us. `prefers`: a Channel, or nothing. What is safe stands in `SafeContact` and comes first."""

    telephone: str = ""
    email: str = ""
    address: str = ""
    prefers: str = ""

    @property
    def empty(self) -> bool:
        """Nothing is known any more."""
        return self == ContactDetails()


@dataclass(frozen=True)
class LanguageAndFormat(_Sealed):
    """How they want to be written to. `language` is a BCP 47 tag; `other` says which format, where it is none of the listed."""

    language: str = "en"
    format: str = Format.STANDARD
    other: str = ""


@dataclass(frozen=True)
class Wishes(_Sealed):
    """What the young person wants, in their own words. `refuses`: ids of people on the file who must not see or hear of their records,
    or `refusals.EVERYBODY` (W15)."""

    words: str
    refuses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Capacity(_Sealed):
    """Whether the child or young person can make one decision (R17): never once and for all. `why` gives the reasons."""

    decision: str
    outcome: str
    understands: str
    retains: str
    weighs: str
    communicates: str
    why: str

    @property
    def tests(self) -> tuple[str, str, str, str]:
        return self.understands, self.retains, self.weighs, self.communicates


@dataclass(frozen=True)
class Ended(_Sealed):
    """They are no longer on the file, and why."""

    why: str


@dataclass(frozen=True)
class SomebodyElse(_Sealed):
    """They are not the person of the same name on a joined file, and how we know. `than`: ids of those; none, where it was taken back."""

    than: tuple[str, ...]
    why: str


Value = (
    Details
    | Responsibility
    | ContactDetails
    | SafeContact
    | LanguageAndFormat
    | Wishes
    | Capacity
    | Ended
    | SomebodyElse
)

KIND_OF: dict[type[Any], FactKind] = {
    Details: FactKind.DETAILS, Responsibility: FactKind.RESPONSIBILITY, ContactDetails: FactKind.CONTACT, SafeContact: FactKind.SAFE_CONTACT,
    LanguageAndFormat: FactKind.PREFERENCES, Wishes: FactKind.WISHES, Capacity: FactKind.CAPACITY, Ended: FactKind.ENDED,
    SomebodyElse: FactKind.SOMEBODY_ELSE,
}  # fmt: skip
CLASS_OF: dict[FactKind, type[Any]] = {kind: made for made, kind in KIND_OF.items()}


@dataclass(frozen=True)
class Fact:
    """One thing known about a person: true from a day, recorded at a moment by somebody."""

    kind: FactKind
    value: Value
    true_on: date
    recorded_at: datetime
    recorded_by: str


def newest(
    facts: Iterable[Fact], kind: FactKind, *, on: date | None = None, known_at: datetime | None = None
) -> Fact | None:
    """The fact of a kind that stands on a day, by what was known at a moment; None if none does. Both open: now, all that is known.

    The latest day from which something was true wins, then what was recorded last. Any order of arrival gives the same.
    """
    fitting = [
        fact
        for fact in facts
        if fact.kind is kind
        and (on is None or fact.true_on <= on)
        and (known_at is None or fact.recorded_at <= known_at)
    ]
    return max(fitting, key=lambda fact: (fact.true_on, fact.recorded_at, repr(fact.value)), default=None)


def wrong_with(value: Value) -> dict[str, str]:
    """What keeps a fact from being recorded, by field, in words; empty when nothing does."""
    wrong: dict[str, str] = {}
    match value:
        case Responsibility(answer=answer, evidence=evidence):
            if answer in (Answer.YES, Answer.NO) and evidence not in ENOUGH:
                wrong["evidence"] = "Choose the evidence that was seen. Without evidence, choose “Not known”"
        case ContactDetails() as reached:
            wrong |= _unreachable(reached)
        case Capacity():
            if value.outcome == Answer.YES and any(test != Answer.YES for test in value.tests):
                wrong["outcome"] = (
                    "Somebody who can make the decision can do all four. Change this answer, or the one above"
                )
            if value.outcome == Answer.NO and all(test == Answer.YES for test in value.tests):
                wrong["outcome"] = (
                    "All four are answered Yes. Say which one the young person cannot do, or change this answer"
                )
            if not value.decision.strip():
                wrong["decision"] = "Enter which decision this is about"
            if not value.why.strip():
                wrong["why"] = "Enter what you saw or heard that led you to this"
        case Wishes(words=words):
            if not words.strip():
                wrong["words"] = "Enter what the young person wants"
        case Ended(why=why):
            if not why.strip():
                wrong["why"] = "Enter why this person is no longer on the file"
        case SomebodyElse(why=why):
            if not why.strip():
                wrong["why"] = "Enter how you know"
        case LanguageAndFormat(format=chosen, other=other):
            if chosen == Format.OTHER and not other.strip():
                wrong["other"] = "Enter which format they need"
    return wrong


def _unreachable(reached: ContactDetails) -> dict[str, str]:
    wrong = {}
    if reached.telephone and sum(letter.isdigit() for letter in reached.telephone) < 5:
        wrong["telephone"] = "Enter a telephone number, for example 01604 000000"
    if reached.email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", reached.email):
        wrong["email"] = "Enter an email address, for example name@example.org"
    needs = {
        Channel.POST: ("address", reached.address), Channel.EMAIL: ("email", reached.email),
        Channel.TELEPHONE: ("telephone", reached.telephone), Channel.TEXT: ("telephone", reached.telephone),
    }  # fmt: skip
    field, given = needs.get(Channel(reached.prefers), ("", "-")) if reached.prefers in list(Channel) else ("", "-")
    if not given:
        wrong.setdefault(field, "Enter this too: it is how they want to be reached")
    return wrong
