"""Whether a form that waits can still be filed by what it was read by, and the No that an officer noted on it.

Filing needs the very text of the template that the form was read by. Erasing needs no template: a No to keeping stands in what an
officer confirmed, whatever becomes of the text (R28).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from forms.catalogue import Catalogue
from forms.template import Template
from intake import interpret, known_forms
from records.consents.standing import ConsentState
from records.db import once
from records.errors import RefusedByRule
from records.post import review
from records.post.tables import Part
from records.vocabulary import PartState

GIVER, NOES, SAID_ON, SAID_BY = "giver", "noes", "said_on", "said_by"
"""Under which names a note of a No keeps who signed or said it, which consents were refused, with spaces between, and when and by which
route it was said where it does not stand on the form; no field of a form is called so."""


NO_FORM = "No form that is in use was read on these pages."
GONE = "This form is no longer in use: its template was taken away, or is not right."
MEND = "Ask for it to be mended, or sort the page by hand."
ASIDE = "On the page of its item it is filed once the family has said yes, or their No is noted."


class NotInUse(RefusedByRule):
    """The template by which a form was read has been taken away, or was found wrong."""

    def __init__(self) -> None:
        super().__init__(f"{GONE} {MEND}", "F22")


class ReadOtherwise(NotInUse):
    """The template is in use, and its text is not the one by which the form was read: filed by it, a tick could become another consent."""

    def __init__(self, title: str, why: str) -> None:
        RefusedByRule.__init__(self, why, "F22")
        self.title = title


def template_of(session: Session, part: Part) -> Template:
    """The template by which a form was read. NotInUse when it has been taken away or is not used, ReadOtherwise when it was changed since.

    By what the sealed reading itself says: a form is filed by this template.
    """
    return _template(session, part, lambda: _told(session, part))


def why_unused(session: Session, part: Part) -> str | None:
    """Why a form that waits cannot be opened, in words; None where it can."""
    return listed(session, part).unused


@dataclass(frozen=True)
class Listed:
    """How a form stands in a list: what it is called, and why it cannot be opened and what to do; None where it can."""

    title: str
    unused: str | None = None


def without_advice(why: str | None) -> str | None:
    """Why a form cannot be opened, without what to do: for a form of which something else is to be done."""
    return why and why.removesuffix(f" {ASIDE}").removesuffix(f" {MEND}").removesuffix(f" {known_forms.AGAIN}")


def listed(session: Session, part: Part) -> Listed:
    """The same as `template_of` says, by what is kept beside the reading: no list opens each of its forms."""
    if part.form is None:
        return Listed("A form not recognised", NO_FORM)
    try:
        template = _template(session, part, lambda: part.template_sum or _told(session, part))
    except NotInUse as why:
        title = why.title if isinstance(why, ReadOtherwise) else "Form no longer in use"
        aside = part.state == PartState.QUARANTINED
        return Listed(title, f"{without_advice(why.message)} {ASIDE}" if aside else why.message)
    return Listed(template.title)


def catalogue(session: Session) -> Catalogue:
    """The forms in use, looked up once for a page: to see that no file of theirs was changed takes longer than most questions."""
    return once(session, "forms in use", known_forms.catalogue)


def first_to_open(session: Session, actor: str, now: datetime) -> Part | None:
    """The oldest form to review that this officer can open now: nobody else has it, and its text is in use. None where there is none."""
    return review.next_to_review(session, actor, now, opens=lambda part: why_unused(session, part) is None)


def _template(session: Session, part: Part, told: Callable[[], str | None]) -> Template:
    try:
        template = catalogue(session).get(part.form or "", part.edition)
    except KeyError as error:
        raise NotInUse from error
    why = known_forms.why_not_by(template, told())
    if why is not None:
        raise ReadOtherwise(template.title, why)
    return template


def _told(session: Session, part: Part) -> str | None:
    """By which text a form was read, as its reading says."""
    sealed = part.sealed_reading is not None
    told: str | None = review.reading_json(session, part).get("template_sum") if sealed else None
    return told


def noted_no(session: Session, part: Part) -> bool:
    """Whether the last that was kept about this form is a No to storing (`filing.note_no`), by whatever text of its template it was read."""
    return GIVER in (review.last_confirmation(session, part) or {})


def noted_noes(session: Session, parts: Sequence[Part]) -> set[UUID]:
    """The ids of those forms of a list of which `noted_no` is so."""
    return {one.part.id for one in review.last_words_of(session, parts) if GIVER in one.answers}


def said_no(session: Session, part: Part) -> bool:
    """Whether the last word of an officer about this form is that it says No to storing, whether its template is in use or not.

    An answer sheet's last word may be such a No too: that is about a file, and decided there.
    """
    return says_no(session, part, review.last_confirmation(session, part) or {})


def says_no(session: Session, part: Part, kept: Mapping[str, Any]) -> bool:
    """The same of what an officer said last. `kept`: as `review.remember` keeps it.

    A No that was noted as one stands whatever the text of the form is now. Notes from before that are told by the text.
    """
    if GIVER in kept:
        return True
    try:
        template = _template(session, part, lambda: part.template_sum or _told(session, part))
    except NotInUse:
        return False
    answers = {name: value["confirmed"] for name, value in kept.items()}
    return interpret.storing(template, answers) is ConsentState.REFUSED
