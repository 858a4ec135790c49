"""Whether a form that waits can still be filed by what it was read by, and the No that an officer noted on it.

Filing needs the very text of the template that the form was read by. Erasing needs no template: a No to keeping stands in what an
officer confirmed, whatever becomes of the text (R28).
"""

from sqlmodel import Session

from forms.template import Template
from intake import interpret, known_forms
from records.consents.standing import ConsentState
from records.errors import RefusedByRule
from records.post import review
from records.post.tables import Part

GIVER, NOES = "giver", "noes"
"""Under which names a note of a No keeps who signed, and which consents were refused, with spaces between; no field of a form is called so."""


class NotInUse(RefusedByRule):
    """The template by which a form was read has been taken away, or was found wrong."""

    def __init__(self) -> None:
        super().__init__(
            "This form is no longer in use: its template was taken away, or is not right. Ask for it to be mended, or sort the page by hand.",
            "F22",
        )


class ReadOtherwise(NotInUse):
    """The template is in use, and its text is not the one by which the form was read: filed by it, a tick could become another consent."""

    def __init__(self, title: str, why: str) -> None:
        RefusedByRule.__init__(self, why, "F22")
        self.title = title


def template_of(session: Session, part: Part) -> Template:
    """The template by which a form was read. NotInUse when it has been taken away or is not used, ReadOtherwise when it was changed since."""
    try:
        template = known_forms.catalogue().get(part.form or "", part.edition)
    except KeyError as error:
        raise NotInUse from error
    reading = review.reading_json(session, part) if part.sealed_reading is not None else {}
    why = known_forms.why_not_by(template, reading.get("template_sum"))
    if why is not None:
        raise ReadOtherwise(template.title, why)
    return template


def why_unused(session: Session, part: Part) -> str | None:
    """Why a form that waits cannot be opened, in words; None where it can."""
    try:
        template_of(session, part)
    except NotInUse as why:
        return why.message
    return None


def noted_no(session: Session, part: Part) -> bool:
    """Whether the last that was kept about this form is a No to storing (`filing.note_no`), by whatever text of its template it was read."""
    return GIVER in (review.last_confirmation(session, part) or {})


def said_no(session: Session, part: Part) -> bool:
    """Whether the last word of an officer about this form is that it says No to storing, whether its template is in use or not.

    An answer sheet's last word may be such a No too: that is about a file, and decided there.
    """
    try:
        template = template_of(session, part)
    except NotInUse:
        return noted_no(session, part)
    kept = review.last_confirmation(session, part) or {}
    answers = {name: value["confirmed"] for name, value in kept.items()}
    return interpret.storing(template, answers) is ConsentState.REFUSED
