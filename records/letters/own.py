"""What one person has answered themselves: never what somebody else of the family did. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from records.consents.items import FAMILY, KEEP, NEWS, SHARE, TALK, WORDS
from records.consents.standing import Answer, ConsentState, Lapses, Standing, standing

GROUPS = (
    ("Keeping your information", KEEP), ("News about SEND law and events", NEWS), ("People we may talk to for you", TALK),
    ("Telling, sharing and asking", SHARE), ("Your family", FAMILY),
)  # fmt: skip
AGAIN = frozenset({ConsentState.UNCLEAR, ConsentState.NOT_ANSWERED, ConsentState.EXPIRED})
"""Answers that we ask for again."""

SAID = {
    ConsentState.GIVEN: "Yes",
    ConsentState.REFUSED: "No",
    ConsentState.WITHDRAWN: "No: you changed your answer",
    ConsentState.NOT_ANSWERED: "You left this blank. We take it as no",
    ConsentState.UNCLEAR: "We could not tell. We take it as no until you answer again",
    ConsentState.EXPIRED: "You said yes, but that has run out. We take it as no until you answer again",
    ConsentState.SUPERSEDED: "No longer in force",
}


@dataclass(frozen=True)
class OwnAnswer:
    """One question as this person answered it. `named`: what the answer names, and bodies recorded under it (R25); `form`: on which
    form they were asked, if on any."""

    item: str
    question: str
    state: ConsentState
    since: date | None
    named: tuple[str, ...] = ()
    form: str | None = None


@dataclass(frozen=True)
class Said:
    """More about an answer than the pure rule knows: the words that were asked, and a name beside an Other box. By event id."""

    wording: str | None = None
    named: str | None = None
    form: str | None = None


def held(answers: Sequence[Answer], person: str, on: date, known_at: datetime, lapses: Lapses) -> dict[str, Standing]:
    """What holds of this person's own answers alone, on a day, as far as it was known then."""
    mine = [answer for answer in answers if answer.person == person]
    return standing(mine, on, known_at=known_at, lapses=lapses)


def own_answers(
    holds: Mapping[str, Standing], said: Mapping[str, Said], bodies: Mapping[str, Sequence[str]]
) -> list[OwnAnswer]:
    """Every question that this person was asked, in the order of the forms. `bodies`: names recorded under an item (R25)."""
    found = []
    for item in WORDS:
        if item not in holds:
            continue
        one = holds[item]
        more = said.get(one.event or "", Said())
        named = [more.named] if more.named else []
        if one.state is ConsentState.GIVEN:
            named += [name for name in bodies.get(item, ()) if name not in named]
        found.append(OwnAnswer(item, more.wording or WORDS[item], one.state, one.since, tuple(named), more.form))
    return found


def to_ask_again(answers: Sequence[OwnAnswer]) -> list[OwnAnswer]:
    """The questions whose answer was unclear, left out or has lapsed."""
    return [answer for answer in answers if answer.state in AGAIN]
