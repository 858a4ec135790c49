"""Why something is kept back, over what, and what a hold says about itself (R44, R45). Pure.

Holds stack: each stops destruction by itself, and moves no date. Nothing here knows a database or a clock.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from records.policies.periods import add_months, in_words

REVIEW_MONTHS = 6
NOTICE_DAYS = 14
LONGEST_REASON, LONGEST_NAME = 500, 120


class HoldKind(StrEnum):
    """R44: why. REQUEST: access or another right; COMPLAINT: to us or the regulator; FOI: freedom of information."""

    REQUEST = "request"
    COMPLAINT = "complaint"
    FOI = "foi"
    SAFEGUARDING = "safeguarding"
    COURT = "court"
    POLICE_OR_INQUIRY = "police_or_inquiry"
    MORATORIUM = "moratorium"
    OPEN_CASE = "open_case"
    DATE_CONFLICT = "date_conflict"
    RETURN = "return"


class Scope(StrEnum):
    """R44: over what. ITEM is one item of the post, DOCUMENT one stored document, ORIGINAL one paper, FILE one child's file (the case)."""

    ITEM = "item"
    DOCUMENT = "document"
    ORIGINAL = "original"
    PERSON = "person"
    FILE = "file"
    CATEGORY = "category"
    EVERYTHING = "everything"


class Category(StrEnum):
    """What a hold can keep back as a kind: every form, every letter or report, every file that ever had a safeguarding hold."""

    FORMS = "forms"
    LETTERS = "letters"
    SAFEGUARDING_FILES = "safeguarding_files"


ONE_THING = frozenset({Scope.ITEM, Scope.DOCUMENT, Scope.ORIGINAL, Scope.PERSON, Scope.FILE})
WIDE = frozenset({Scope.CATEGORY, Scope.EVERYTHING})
"""Over more than one family: only a manager switches these on."""

KIND_WORDS = {
    HoldKind.REQUEST: "A request for access or another right",
    HoldKind.COMPLAINT: "A complaint, or a case with the regulator",
    HoldKind.FOI: "A freedom of information request",
    HoldKind.SAFEGUARDING: "A safeguarding or child protection enquiry",
    HoldKind.COURT: "A court case, tribunal or claim, begun or expected",
    HoldKind.POLICE_OR_INQUIRY: "A request of the police or of an inquiry",
    HoldKind.MORATORIUM: "An instruction to keep everything",
    HoldKind.OPEN_CASE: "An open case",
    HoldKind.DATE_CONFLICT: "Dates of birth that disagree",
    HoldKind.RETURN: "A return of papers",
}
SCOPE_WORDS = {
    Scope.ITEM: "one item",
    Scope.DOCUMENT: "one document",
    Scope.ORIGINAL: "one paper",
    Scope.PERSON: "one person",
    Scope.FILE: "one file",
    Scope.CATEGORY: "a kind of document",
    Scope.EVERYTHING: "everything",
}
CATEGORY_WORDS = {
    Category.FORMS: "every form",
    Category.LETTERS: "every letter and report",
    Category.SAFEGUARDING_FILES: "every file that has had a safeguarding hold",
}


@dataclass(frozen=True)
class Hold:
    """One hold, opened for somebody who may see it. `ends_on`: it is lifted by itself after that day (R45)."""

    id: UUID
    kind: HoldKind
    scope: Scope
    subject_id: UUID | None
    category: Category | None
    file_id: UUID | None
    placed_on: date
    placed_by: str
    review_on: date
    ends_on: date | None
    lifted_on: date | None
    released_by: str | None
    version: int
    source: str | None = None

    @property
    def standing(self) -> bool:
        """It stops destruction."""
        return self.lifted_on is None

    @property
    def running_out(self) -> bool:
        """What it was placed for is over, such as a request that was answered: it only gives time to complain (R45)."""
        return self.standing and self.ends_on is not None

    @property
    def over(self) -> str:
        """What it is over, in words."""
        return CATEGORY_WORDS[self.category] if self.category else SCOPE_WORDS[self.scope]

    @property
    def words(self) -> str:
        """One line for a list or a warning; it tells no more than kind and dates."""
        until = f" Until {in_words(self.ends_on)}." if self.ends_on else ""
        return f"{KIND_WORDS[self.kind]}. On hold since {in_words(self.placed_on)}.{until}"


def in_lines(standing: Iterable[Hold]) -> tuple[str, ...]:
    """A line for each kind and day of these holds, in their order; where several are told in the same words, how many."""
    said = Counter(hold.words for hold in standing)
    return tuple(words if count == 1 else f"{words} {count} such holds." for words, count in said.items())


def review_date(placed_on: date, months: int = REVIEW_MONTHS) -> date:
    """When somebody looks whether a hold is still needed (R44)."""
    return add_months(placed_on, months)


def may_be_listed_from(lifted: date | None, due: date, notice_days: int = NOTICE_DAYS) -> date:
    """The first day on which something may be listed for destruction (R45): its due date, which no hold moves, but never
    before the notice after its last hold has passed. `lifted`: the day the last hold ended, None if there was none."""
    return due if lifted is None else max(due, lifted + timedelta(days=notice_days))


def cannot_be_placed(
    scope: Scope, subject_id: UUID | None, category: Category | None, reason: str, authority: str
) -> str | None:
    """What is wrong with a hold that somebody wants to place, in words; None when nothing is."""
    if scope in ONE_THING and subject_id is None:
        return f"Say which it is: a hold over {SCOPE_WORDS[scope]} needs its number."
    if scope is Scope.CATEGORY and category is None:
        return "Choose which kind of document the hold is over."
    if not reason.strip():
        return "Say why it must be kept."
    if not authority.strip():
        return "Say who asks for it, or on whose authority it is kept."
    if len(reason) > LONGEST_REASON:
        return f"Say why in at most {LONGEST_REASON} letters."
    return None if len(authority) <= LONGEST_NAME else f"Use at most {LONGEST_NAME} letters for who asks for it."
