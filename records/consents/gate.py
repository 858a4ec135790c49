"""May we? The one decision in front of every way out of the service (G1–G4, N1, W1). Pure; the default is no.

`may_we` takes plain data: who asks, what is known of the file, the recipient, what would go out, what for, and when. It
answers allow, refuse or needs a decision, in words, with the answers it relied on and the policy's version. Even to confirm
that a family is known is a disclosure (N11). Doubt never allows. Sharing for safety is no matter of consent and is decided
in `safety.py`; it never makes anything here a yes.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from records.consents.givers import CARERS, NOT_NOTED, PARENTS, Giver, OwnWordFrom, why_not
from records.consents.items import (
    KIND_IN_A_SENTENCE,
    STORE,
    TALK_FAMILY,
    WORDS,
    Category,
    Channel,
    is_about_professionals,
    is_news,
)
from records.consents.look_rules import MayLook
from records.consents.look_rules import why_not as why_not_look
from records.consents.standing import Answer, ConsentState, Lapses, Route, Standing, standing, words_of
from records.policies.settings import Policy
from records.staff.access import Actor

LONDON = ZoneInfo("Europe/London")


class Purpose(StrEnum):
    """What something is for (W4). A use outside this list does not exist.

    ADVICE: with the family about their own case. CONTACT: with somebody for the family. SHARE: information to somebody.
    OBTAIN: information from an agency. TELL: that the family came to us. NEWS: SEND law and events. ACCESS: what is held,
    to whoever asked for it.
    """

    ADVICE = "advice"
    CONTACT = "contact"
    SHARE = "share"
    OBTAIN = "obtain"
    TELL = "tell"
    NEWS = "news"
    ACCESS = "access"


class Outcome(StrEnum):
    """Three answers; only the first lets anything out."""

    ALLOW = "allow"
    REFUSE = "refuse"
    NEEDS_DECISION = "needs_decision"


@dataclass(frozen=True)
class Body:
    """A school, a service, a firm. `id` is that of the named body on the file (R25); None: it is not recorded yet."""

    category: Category
    id: str | None = None


@dataclass(frozen=True)
class OnFile:
    """A person on the file. `entitled_by`: the request whose decision lets them see what is held (R19)."""

    person: str
    entitled_by: str | None = None


@dataclass(frozen=True)
class Reader:
    """A person on the file as a reader of news, by one channel (F9–F12)."""

    channel: Channel
    person: str | None = None


@dataclass(frozen=True)
class Outsider:
    """Anybody else: somebody unnamed, a person not on the file, a council's auditor."""

    words: str = "somebody outside"


@dataclass(frozen=True)
class Asker:
    """Somebody not on the file whose request was decided for them: an agent with authority, a relative (R19)."""

    entitled_by: str | None = None


Recipient = Body | OnFile | Reader | Outsider | Asker


@dataclass(frozen=True)
class NamedBody:
    """A body that an officer recorded (R25). `ended_on`: from then the family does not want this one (F13).

    `looks`: when the family specifically asked us to look at its records (N13). `not_meant`: answers of "Other" boxes in which
    the family wrote somebody else's name (F20).
    """

    id: str
    category: Category
    since: date
    ended_on: date | None = None
    looks: tuple[MayLook, ...] = ()
    not_meant: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PersonFacts:
    """What the gate needs to know of a person on the file.

    `refused`: the young person does not want them told (W15). `unsafe`: a safe-contact instruction says not to contact them, or
    not to tell them. `ended`: they are no longer on the file; `silent`: nor is anybody who may be the same person, so what they agreed to needs
    asking about.
    """

    id: str
    is_child: bool
    relationship: str = "unknown"
    parental_responsibility: str = "unknown"
    refused: bool = False
    unsafe: bool = False
    ended: bool = False
    silent: bool = False


@dataclass(frozen=True)
class FileFacts:
    """What is known of one file, as plain data."""

    answers: Sequence[Answer]
    policy: Policy
    bodies: Sequence[NamedBody] = ()
    people: Sequence[PersonFacts] = ()
    own_word: OwnWordFrom | None = None
    withheld: Collection[str] = ()
    """Ids of what the young person gave and lets nobody else have: forms and letters, and each of their pages (W29)."""
    not_asked: Collection[str] = ()
    """The same of what they gave and were not asked about yet: a person asks them before it goes to anybody else (W29)."""


@dataclass(frozen=True)
class Decision:
    """The answer, why, the answers of the family it rests on (ids), and the policy's version (G8)."""

    outcome: Outcome
    reason: str
    events: tuple[str, ...]
    policy_version: str

    @property
    def allowed(self) -> bool:
        return self.outcome is Outcome.ALLOW


@dataclass(frozen=True)
class _Found:
    outcome: Outcome
    reason: str
    events: tuple[str, ...] = ()


def may_we(
    actor: Actor, file: FileFacts, recipient: Recipient, items: Collection[str], purpose: Purpose, moment: datetime
) -> Decision:
    """May `items` go to `recipient` for `purpose` at `moment`, as the file was known then?

    `items`: ids of what would go out; empty for a mere contact. ValueError for a moment without a time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a decision needs an aware moment")
    found = _decide(actor, file, recipient, frozenset(items), purpose, moment)
    if found.outcome is Outcome.ALLOW and _not_asked(file, recipient, items, purpose):
        found = _ask(
            "The young person gave part of this. Ask them whether it may go, and record what they say (W29).",
            found.events,
        )
    return Decision(found.outcome, found.reason, found.events, file.policy.version)


def lapses_of(file: FileFacts) -> Lapses:
    """The rules by which a yes on this file ends by itself."""
    periods = file.policy.periods
    return Lapses(periods.consent_refresh_months, periods.spoken_consent_days, file.own_word)


def what_holds(file: FileFacts, on: date, *, known_at: datetime | None = None) -> dict[str, Standing]:
    """What holds on a day for each item ever answered on this file, as the gate sees it."""
    return standing(file.answers, on, known_at=known_at, lapses=lapses_of(file))


def _decide(
    actor: Actor, file: FileFacts, recipient: Recipient, items: frozenset[str], purpose: Purpose, moment: datetime
) -> _Found:
    if not actor.active:
        return _no("The account is disabled.")
    if items & set(file.withheld) and not _is_the_child(file, recipient):
        return _no("The young person gave part of this and does not let it go (W29).")
    on = moment.astimezone(LONDON).date()
    holds = what_holds(file, on, known_at=moment)
    match recipient:
        case Body():
            return _to_body(file, recipient, purpose, on, holds)
        case OnFile():
            return _to_person(file, recipient, purpose, on, holds, moment)
        case Reader():
            return _news(recipient, purpose, holds)
        case Asker():
            return (
                _access(recipient)
                if purpose is Purpose.ACCESS
                else _no("They asked for what is held, and nothing else.")
            )
        case Outsider():
            return _no("We have no consent to tell or contact anybody who is not named on the file (N11, W3).")


def _to_body(file: FileFacts, to: Body, purpose: Purpose, on: date, holds: dict[str, Standing]) -> _Found:
    if purpose not in (Purpose.CONTACT, Purpose.SHARE, Purpose.OBTAIN, Purpose.TELL):
        return _no("This is for the family alone. Nothing of it goes to anybody else.")
    ways = _ways(to.category, purpose)
    found = _by_items(file, to.category, ways, holds, on)
    if found.outcome is not Outcome.ALLOW:
        return found
    named = next((body for body in file.bodies if body.id == to.id), None)
    if to.id is None or named is None or named.category is not to.category or on < named.since:
        return _ask(f"Record first which one it is: a yes is for a named body (R25). {found.reason}", found.events)
    if named.not_meant & set(found.events):
        return _ask(
            "The family wrote another name beside Other. Ask them about this one first (F20, R25).", found.events
        )
    if named.ended_on is not None and named.ended_on <= on:
        return _no("The family does not want us to contact this one (F13).", found.events)
    if purpose is Purpose.OBTAIN and (against := why_not_look(named.looks, on)):
        words, plain_no = against
        return _no(words, found.events) if plain_no else _ask(words, found.events)
    return found


def _ways(category: Category, purpose: Purpose) -> tuple[tuple[str, ...], ...]:
    """Sets of items, each of which opens the gate when all of it is given. No item implies another (F14–F19)."""
    if category is Category.COUNCIL:
        return ()
    share = f"share:{'other' if category in (Category.OTHER_1, Category.OTHER_2) else category.value}"
    contact = f"contact:{category.value}"
    known_share, known_contact = (share,) if share in WORDS else (), (contact,) if contact in WORDS else ()
    ways: list[tuple[str, ...]]
    match purpose:
        case Purpose.SHARE:
            ways = [known_contact, known_share]
        case Purpose.TELL:
            ways = [known_contact, known_share and ("tell_others", *known_share)]
        case Purpose.CONTACT:
            ways = [known_contact, known_share and ("contact_others", "tell_others", *known_share)]
        case Purpose.OBTAIN:  # the old form asks for contact only; to obtain was never asked (F28)
            ways = [
                known_share and ("obtain_information", *known_share),
                known_contact and ("obtain_information", *known_contact),
            ]
        case _:
            ways = []
    return tuple(way for way in ways if way)


def questions_for(category: Category, purpose: Purpose) -> tuple[str, ...]:
    """The items that a family is asked for, so that the gate opens to this kind of body for this purpose; none where none would."""
    ways = _ways(category, purpose)
    return ways[0] if ways else ()


def _by_items(
    file: FileFacts, category: Category, ways: tuple[tuple[str, ...], ...], holds: dict[str, Standing], on: date
) -> _Found:
    """Allow when one way is given in full and nothing asked on any of the ways says otherwise."""
    asked = sorted({item for way in ways for item in way if item in holds})
    relied = tuple(held.event for item in asked if (held := holds[item]).event)
    against = [holds[item] for item in asked if holds[item].state in _AGAINST]
    if against:
        first = against[0]
        return _no(f"{_name(first.item)}: {first.in_full}", relied)
    doubtful = [holds[item] for item in asked if holds[item].state is ConsentState.UNCLEAR]
    if doubtful:
        return _ask(f"{_name(doubtful[0].item)}: {doubtful[0].in_full}", relied)
    whole = [way for way in ways if all(item in holds and holds[item].state is ConsentState.GIVEN for item in way)]
    if not whole:
        who = KIND_IN_A_SENTENCE[category]
        return _no(
            f"We do not have consent to contact {who} about this child. Ask the family, or share for safety.", relied
        )
    rests = [as_it_counts(file, holds[item], on) for item in whole[0]]
    events = tuple(held.event or "" for held in rests)
    for held in rests:
        doubt = doubt_of_giver(file, held, on)
        if doubt:
            return _ask(doubt, events)
    return _Found(Outcome.ALLOW, " ".join(f"{_name(held.item)}: {held.in_full}" for held in rests), events)


_NO_CLOSER = (ConsentState.NOT_ANSWERED, ConsentState.WITHDRAWN)
_FAMILY = (Giver.PARENT_OR_CARER, Giver.YOUNG_PERSON)
_AGAINST = (ConsentState.REFUSED, ConsentState.WITHDRAWN, ConsentState.EXPIRED, ConsentState.SUPERSEDED)


def doubt_of_giver(file: FileFacts, held: Standing, on: date) -> str | None:
    """Why a yes does not count until a person decides, because of whose word it is; None for any other answer.

    One who may answer is enough: a child who agrees too shuts nothing that a parent opened.
    """
    if held.state is not ConsentState.GIVEN or is_news(held.item) or held.item == STORE:
        return None
    doubts = [_doubt_of(file, held.item, id, on) for id in _by(held)]
    return None if None in doubts else doubts[0]


def _by(held: Standing) -> list[str]:
    return [id for id in (held.event, *held.beside) if id]


def as_it_counts(file: FileFacts, held: Standing, on: date) -> Standing:
    """What holds, told by the answer on which a yes rests: the first without doubt about whose word it is, else the latest. The day, the
    words and the evidence of any other would be somebody else's."""
    if held.state is not ConsentState.GIVEN or not held.beside or is_news(held.item) or held.item == STORE:
        return held
    rests = next((id for id in _by(held) if _doubt_of(file, held.item, id, on) is None), held.event)
    answer = next(each for each in file.answers if each.id == rests)
    if answer.id == held.event:
        return held
    beside = tuple(id for id in _by(held) if id != answer.id)
    return replace(held, event=answer.id, reason=words_of(answer), beside=beside)


def _doubt_of(file: FileFacts, item: str, event: str, on: date) -> str | None:
    answer = next(each for each in file.answers if each.id == event)
    person = next((each for each in file.people if each.id == answer.person), None)
    allowed = file.policy.professionals_opened_by if is_about_professionals(item) else file.policy.gate_opened_by
    own = _own_word(file.own_word, on)
    if answer.giver is Giver.YOUNG_PERSON and own is None:
        own = False  # doubt about the age asks for a note on understanding, as for a child
    if person is not None and person.silent:
        return "Who answered is no longer on the file. Ask those who are now (R27)."
    return why_not(
        answer.giver, relationship=person.relationship if person else "unknown", capacity=answer.capacity,
        own_word=own, allowed=allowed,
    )  # fmt: skip


def _is_the_child(file: FileFacts, recipient: Recipient) -> bool:
    """Their own document goes to the young person themselves, whatever they say to others' seeing it (R58)."""
    return isinstance(recipient, OnFile) and any(each.is_child and each.id == recipient.person for each in file.people)


def _not_asked(file: FileFacts, recipient: Recipient, items: Collection[str], purpose: Purpose) -> bool:
    """Whether the young person must be asked first. For a copy of what is held each page is decided in the request itself."""
    return (
        purpose is not Purpose.ACCESS
        and not frozenset(items).isdisjoint(file.not_asked)
        and not _is_the_child(file, recipient)
    )


def _own_word(own: OwnWordFrom | None, on: date) -> bool | None:
    if own is None or own.possible <= on < own.certain:
        return None
    return on >= own.certain


def _to_person(
    file: FileFacts, to: OnFile, purpose: Purpose, on: date, holds: dict[str, Standing], moment: datetime
) -> _Found:
    person = next((each for each in file.people if each.id == to.person), None)
    if person is None or person.ended:
        return _no("This person is not on the file.")
    if purpose is Purpose.ACCESS:
        return _access(to)
    if purpose is not Purpose.ADVICE:
        return _no("This purpose is not for people on the file.")
    if person.unsafe:
        return _no("A safe-contact instruction stands against this. Look at it on the file.")
    if person.refused:
        return _ask("This cannot be sent without a decision by the file’s officer.")
    known = [each for each in file.answers if each.effective_on <= on and each.recorded_at <= moment]
    if not person.is_child and person.relationship not in PARENTS | CARERS | NOT_NOTED:
        return _no(
            "This person is not of the family. Record them as a body that the family names, and ask for that (N11, R25)."
        )
    theirs = [each for each in known if _is_of(each, person)]
    own_words = sorted(each.id for each in theirs if _came_to_us(each))
    if not own_words and any(each.giver not in _FAMILY for each in theirs):
        return _ask("Decide first whether this person may act for the family (R27).")
    if person.is_child:
        if own_words:
            return _Found(
                Outcome.ALLOW, "It is the young person’s own case, and they came to us themselves.", tuple(own_words)
            )
        return _ask(
            "The child has not answered anything themselves. Write to their carer, who is added under People, or record the child’s own answer first."
        )
    talk = holds.get(TALK_FAMILY)
    if talk is not None and talk.state in _AGAINST:
        return _ask("This cannot be sent without a decision by the file’s officer.", (talk.event or "",))
    own = _own_word(file.own_word, on)
    if own is not False and not (talk is not None and talk.state is ConsentState.GIVEN):
        return _ask("The young person must agree before we talk with a parent about them at this age (R20).")
    if own_words:
        return _Found(Outcome.ALLOW, "It is this person’s own case; they came to us themselves.", tuple(own_words))
    if known and person.parental_responsibility not in ("unknown", "no", "none"):
        return _ask("This person did not come to us themselves. Their own right must be decided (R18, W3).")
    return _no("This person did not come to us themselves. Another family member learns nothing without consent (W3).")


def _came_to_us(answer: Answer) -> bool:
    """Whether this answer shows that whoever gave it came to us about the case. A no that somebody is said to have told us does not:
    it needs no proof of who spoke, and must never open what was shut before (R29, W3)."""
    told_no = answer.state is ConsentState.REFUSED and answer.route is not Route.FORM
    return answer.giver in _FAMILY and answer.state not in _NO_CLOSER and not told_no


def _is_of(answer: Answer, person: PersonFacts) -> bool:
    return answer.giver is Giver.YOUNG_PERSON if person.is_child else answer.person == person.id


def _access(to: OnFile | Asker) -> _Found:
    if to.entitled_by is None:
        return _ask("What somebody may see is decided in their request for access (R19).")
    return _Found(Outcome.ALLOW, "Decided in the request for access.", (to.entitled_by,))


def _news(to: Reader, purpose: Purpose, holds: dict[str, Standing]) -> _Found:
    if purpose is not Purpose.NEWS:
        return _no("A yes to news allows news alone (F8).")
    held = holds.get(f"news:{to.channel.value}")
    if held is None:
        return _no("We were never told that they want news in this way (R32).")
    relied = (held.event,) if held.event else ()
    match held.state:
        case ConsentState.GIVEN:
            return _Found(Outcome.ALLOW, f"{_name(held.item)}: {held.reason}", relied)
        case ConsentState.UNCLEAR:
            return _ask(held.reason, relied)
        case _:
            return _no(held.reason, relied)


def _name(item: str) -> str:
    return WORDS.get(item, item)


def _no(reason: str, events: tuple[str, ...] = ()) -> _Found:
    return _Found(Outcome.REFUSE, reason, events)


def _ask(reason: str, events: tuple[str, ...] = ()) -> _Found:
    return _Found(Outcome.NEEDS_DECISION, reason, events)
