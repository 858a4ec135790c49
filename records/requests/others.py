"""Other people and health on the pages of an access copy: what must be answered, and what follows. Pure.

R65 asks three things in turn: can it be answered without it, has the other person agreed, is it reasonable without. R66: health
information that the person may not know needs a health professional's opinion before it is shown or refused. Not asked is never "no".
Values are stored; they never change once released.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from records.errors import RefusedByRule
from records.policies.periods import add_months
from records.requests.bundle import Exemption

OPINION_MONTHS = 6
"""DPA 2018 Sch. 3: an opinion older than this on the day it is relied on does not count."""


class Steps(StrEnum):
    """How the three steps of R65 were answered, as far as they had to be."""

    WITHOUT = "without"
    AGREED = "agreed"
    REFUSED_REASONABLE = "refused_reasonable"
    REFUSED = "refused"
    UNASKED_REASONABLE = "unasked_reasonable"
    UNASKED = "unasked"


STEPS_WORDS = {
    Steps.WITHOUT: "The answer does not need it",
    Steps.AGREED: "They agreed",
    Steps.REFUSED_REASONABLE: "They did not agree; it is reasonable to show it all the same",
    Steps.REFUSED: "They did not agree, and it is not reasonable to show it",
    Steps.UNASKED_REASONABLE: "They were not asked; it is reasonable to show it all the same",
    Steps.UNASKED: "They were not asked, and it is not reasonable to show it",
}
COVERS = {
    Steps.WITHOUT: Exemption.THIRD_NOT_NEEDED,
    Steps.REFUSED: Exemption.THIRD_REFUSED,
    Steps.UNASKED: Exemption.THIRD_UNREASONABLE,
}
"""Answers by which it is covered or left out, with the reason that follows. By the others it may be shown."""
THIRD = frozenset(COVERS.values())


class OnPage(StrEnum):
    """Whether a page that goes in tells of other people."""

    NONE = "none"
    PROFESSIONALS = "professionals"
    COVERED = "covered"
    SHOWN = "shown"


ON_PAGE_WORDS = {
    OnPage.NONE: "No",
    OnPage.PROFESSIONALS: "Only of professionals, in their work",
    OnPage.COVERED: "Yes, and those parts are covered",
    OnPage.SHOWN: "Yes, and it may be shown",
}


class Health(StrEnum):
    """Whether a page that goes in holds health information that the person may not know."""

    NONE = "none"
    KNOWN = "known"
    UNKNOWN = "unknown"


HEALTH_WORDS = {
    Health.NONE: "No",
    Health.KNOWN: "Yes, and they know it already",
    Health.UNKNOWN: "Yes, and they may not know it",
}


class Advice(StrEnum):
    """What the health professional says to its being shown."""

    NO_HARM = "no_harm"
    HARM = "harm"


ADVICE_WORDS = {
    Advice.NO_HARM: "Showing it is not likely to cause serious harm",
    Advice.HARM: "Showing it is likely to cause serious harm",
}


@dataclass(frozen=True)
class Opinion:
    """A health professional's opinion about a page, and the day on which it was given."""

    advice: Advice
    given_on: date


@dataclass(frozen=True)
class Looked:
    """What whoever decides about a page, or a part of it, says about it. `third`: whose information it is, and why so, in words."""

    others: OnPage | None = None
    steps: Steps | None = None
    third: str = ""
    health: Health | None = None


class NotAnswered(RefusedByRule):
    """Something must be answered first, or an answer forbids it. `field`: which one."""

    def __init__(self, field: str, message: str, rule: str) -> None:
        super().__init__(message, rule)
        self.field = field


def steps_of(without: str, agreed: str, reasonable: str) -> Steps:
    """The three steps from what was chosen (`yes`, `no`; for `agreed` also `not_asked`). Raises NotAnswered at the first that is open."""
    if without == "yes":
        return Steps.WITHOUT
    if without != "no":
        raise NotAnswered("without", "Say whether the request can be answered without it", "R65")
    if agreed == "yes":
        return Steps.AGREED
    if agreed not in ("no", "not_asked"):
        raise NotAnswered("agreed", "Say whether the other person agreed", "R65")
    if reasonable not in ("yes", "no"):
        raise NotAnswered("reasonable", "Say whether it is reasonable to show it without their agreement", "R65")
    asked = agreed == "no"
    if reasonable == "yes":
        return Steps.REFUSED_REASONABLE if asked else Steps.UNASKED_REASONABLE
    return Steps.REFUSED if asked else Steps.UNASKED


def answered_as(steps: str | None) -> dict[str, str]:
    """What was chosen in each of the three steps, to show it again."""
    if steps is None:
        return {}
    if steps == Steps.WITHOUT:
        return {"without": "yes"}
    found = {"without": "no", "agreed": "yes"}
    if steps != Steps.AGREED:
        found["agreed"] = "no" if steps in (Steps.REFUSED, Steps.REFUSED_REASONABLE) else "not_asked"
        found["reasonable"] = "yes" if steps in (Steps.REFUSED_REASONABLE, Steps.UNASKED_REASONABLE) else "no"
    return found


def need_words(looked: Looked) -> None:
    """NotAnswered when nothing says whose information it is, and why the steps were answered so."""
    if not looked.third.strip():
        raise NotAnswered("third", "Say whose information it is, and why you answer so", "R65")


def may_cover(code: Exemption, looked: Looked, opinion: Opinion | None, on: date) -> None:
    """Whether a page may be left out, or a part covered, for this reason. NotAnswered when not."""
    if code in THIRD:
        if looked.steps is None or COVERS.get(looked.steps) is not code:
            raise NotAnswered("without", "By these answers it may be shown, so it is not left out", "R65")
        need_words(looked)
    if code is Exemption.HEALTH:
        _need(opinion, Advice.HARM, "code", on)


def may_show(looked: Looked, covered: frozenset[Exemption], opinion: Opinion | None, on: date) -> None:
    """Whether a page may go in. `covered`: the reasons of what is covered on it. NotAnswered when not."""
    if looked.others is None:
        raise NotAnswered("others", "Say whether it tells of other people", "R65")
    if looked.others is OnPage.COVERED and not covered & THIRD:
        raise NotAnswered(
            "others", "Nothing is covered on this page as being about another person. Cover it first", "R65"
        )
    if looked.others is OnPage.SHOWN:
        if looked.steps is None:
            raise NotAnswered("without", "Say whether the request can be answered without it", "R65")
        if looked.steps in COVERS:
            raise NotAnswered("without", "By these answers it may not be shown. Cover it, or leave the page out", "R65")
        need_words(looked)
    if looked.health is None:
        raise NotAnswered("health", "Say whether it holds health information that they may not know", "R66")
    if looked.health is Health.UNKNOWN and Exemption.HEALTH not in covered:
        _need(opinion, Advice.NO_HARM, "health", on)


def _need(opinion: Opinion | None, wanted: Advice, field: str, on: date) -> None:
    if opinion is None:
        raise NotAnswered(
            field, "A health professional’s opinion about this page is needed first. Record it below", "R66"
        )
    if add_months(opinion.given_on, OPINION_MONTHS) < on:
        raise NotAnswered(field, "The health professional’s opinion is more than six months old. Ask again", "R66")
    if opinion.advice is not wanted:
        against = "likely" if opinion.advice is Advice.HARM else "not likely"
        raise NotAnswered(
            field, f"The health professional says that serious harm is {against}, so this cannot be chosen", "R66"
        )
