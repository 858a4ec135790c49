"""Erase or keep, item by item: what may be decided, and when a list is ready (R31, Art. 17(1)(b), 17(3)). Pure.

That a service keeps files to an age is no ground: once the consent that a file rested on has gone, only what is named here keeps an item.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class Verdict(StrEnum):
    """What becomes of one item."""

    ERASE = "erase"
    PAGES = "pages"
    """Some pages of a letter go, the others are kept on a ground."""
    KEEP = "keep"


class Ground(StrEnum):
    """R31: the grounds that keep an item. HONOUR: only answers, so that a No is honoured (R32)."""

    SAFEGUARDING = "safeguarding"
    LEGAL_CLAIM = "legal_claim"
    LEGAL_DUTY = "legal_duty"
    OPEN_REQUEST = "open_request"
    HONOUR = "honour"


class UnitKind(StrEnum):
    """What an item of the list is. ANSWERS: every answer about consent of the file, given on forms or told to us."""

    FORM = "form"
    LETTER = "letter"
    DOCUMENT = "document"
    NOTE = "note"
    ANSWERS = "answers"


VERDICT_WORDS = {Verdict.ERASE: "Erase", Verdict.PAGES: "Erase some pages, keep the others", Verdict.KEEP: "Keep"}
GOES = frozenset({Verdict.ERASE, Verdict.PAGES})
GROUND_WORDS = {
    Ground.SAFEGUARDING: "Safeguarding: somebody may come to harm without it",
    Ground.LEGAL_CLAIM: "A legal claim, begun or expected",
    Ground.LEGAL_DUTY: "A law that obliges us to keep it",
    Ground.OPEN_REQUEST: "Another request that is open",
    Ground.HONOUR: "To honour what they no longer agree to",
}


@dataclass(frozen=True)
class Decided:
    """What somebody decided about one item; `code` and `review_on` stand for what is kept, `pages` for the pages of a letter that go."""

    verdict: Verdict
    code: Ground | None = None
    review_on: date | None = None
    pages: tuple[UUID, ...] = ()


def cannot_decide(kind: UnitKind, found: Decided, reason: str, today: date, pages: Sequence[UUID] = ()) -> str | None:
    """Why an item cannot be decided so, in words; None when it can. `pages`: all of a letter's, in order."""
    if found.verdict is Verdict.ERASE:
        return None
    if found.verdict is Verdict.PAGES:
        if kind is not UnitKind.LETTER or len(pages) < 2:
            return "Choose to erase or to keep it: it has no single pages"
        if not found.pages or not set(found.pages) <= set(pages):
            return f"Enter which pages are erased, from 1 to {len(pages)}, for example 2, 4-5"
        if set(found.pages) == set(pages):
            return "These are all its pages. Choose to erase it"
    if found.code is None:
        return "Choose the ground on which it is kept"
    if found.code is Ground.HONOUR and kind is not UnitKind.ANSWERS:
        return "Only the answers are needed to honour a No. Choose another ground"
    if not reason.strip():
        return "Say what the ground is, such as which claim or which law"
    if found.review_on is None:
        return "Enter the day on which it is looked at again"
    return None if found.review_on > today else "The day on which it is looked at again must be after today"


def undecided(units: Sequence[UUID], decided: Mapping[UUID, Decided]) -> int:
    """How many items nobody has decided about."""
    return sum(unit not in decided for unit in units)


def all_go(units: Sequence[UUID], decided: Mapping[UUID, Decided]) -> bool:
    """Whether nothing is kept: then the file itself goes."""
    return all(unit in decided and decided[unit].verdict is Verdict.ERASE for unit in units)


def fingerprint(units: Sequence[UUID], decided: Mapping[UUID, Decided], beside: Sequence[str] = ()) -> str:
    """One code for exactly this list: an approval names it, so that it holds for nothing else. `beside`: what else goes with the whole file."""
    lines = [
        f"{unit.hex}:{one.verdict}:{one.code or ''}:{one.review_on or ''}"
        + "".join(f":{page.hex}" for page in sorted(one.pages))
        for unit in sorted(units)
        if (one := decided.get(unit))
    ]
    return hashlib.sha256("\n".join([str(len(units)), *lines, *beside]).encode()).hexdigest()[:32]
