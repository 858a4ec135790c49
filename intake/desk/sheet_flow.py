"""What happens when an officer confirms an answer sheet. No HTML, no request.

The sheet names a file by its number. That is a proposal: the officer says that it is the right one, and who signed. A sheet opens no
file, adds nobody to one, and is never put on any other.
"""

from collections.abc import Callable, Mapping
from datetime import date
from uuid import UUID

from sqlmodel import Session

from forms.template import Template
from intake import filing, interpret
from intake.desk.form_view import Mistake, answers_from, written_on
from intake.desk.review_flow import (
    GIVERS,
    Again,
    Candidate,
    Written,
    closed_words,
    open_form,
    signed_by_a_child,
    signed_in_time,
    version_sent,
)
from intake.filing import Confirmed, KnownChild, NewChild
from intake.wiring import Paperchain
from records.consents.givers import Giver
from records.errors import NotFound
from records.people import merging, register
from records.people.birthdates import across
from records.people.tables import ChildFile

MaySee = Callable[[ChildFile], bool]


def is_sheet(template: Template) -> bool:
    """Whether a form is an answer sheet."""
    return interpret.file_named(template) is not None


def file_of(session: Session, template: Template) -> ChildFile | None:
    """The file that a sheet was printed for, or the one that it was joined to since; None when it is gone."""
    number = interpret.file_named(template)
    if number is None:
        return None
    try:
        named = register.by_number(session, number)
        return register.get(session, merging.root_id(session, named.id))
    except NotFound:
        return None


def proposed(session: Session, template: Template, may_see: MaySee) -> tuple[Candidate, ...]:
    """The file as the page offers it; the child's name only to who may open that file."""
    file = file_of(session, template)
    if file is None:
        return ()
    named = f", {register.child_name(session, file)}" if may_see(file) else ""
    return (Candidate(file.number, f"the sheet was printed for it{named}{closed_words(session, file)}"),)


def confirm(chain: Paperchain, actor: UUID, part_id: UUID, sent: Mapping[str, str], may_see: MaySee) -> Again | Written:
    """Checks what was sent and writes it. Raises ChangedMeanwhile when somebody else was first."""
    with chain.db.reading() as session:
        opened = open_form(session, part_id, sent)
        file = file_of(session, opened.template)
        candidates = proposed(session, opened.template, may_see)
        people = register.people(session, file) if file else []
        born = across(register.birth_dates(session, file)) if file else None
    answers, wrong = answers_from(opened.template, sent, written_on(opened.reading))
    signed_on = date.fromisoformat(answers["signed_on"] or "") if answers.get("signed_on") else None
    mistake, old = signed_in_time(chain, sent, signed_on, opened.item, opened.template.edition, born)
    wrong += [mistake] if mistake else []
    young = None
    if interpret.quarantine(opened.template, answers) is None:
        if file is None:
            wrong.append(
                Mistake("file", "The file that this sheet was printed for is not there. Sort its page by hand")
            )
        elif sent.get("file") != str(file.number):
            wrong.append(Mistake("file", "Check the file, and choose it if the sheet is for it"))
        if sent.get("giver") not in {code for code, _ in GIVERS}:
            wrong.append(Mistake("giver", "Choose who signed the form"))
        name = (answers.get("parent_name") or "").casefold()
        carers = {person.name.casefold() for person in people if person.kind != register.CHILD}
        if file is not None and sent.get("giver") == Giver.PARENT_OR_CARER and name not in carers:
            words = (
                "Type the name as it stands on the file, or choose ‘Somebody else’ if no such parent or carer is on it"
            )
            wrong.append(Mistake("parent_name", words))
        mistake, young = signed_by_a_child(chain, sent, born, signed_on or opened.item.received_on)
        wrong += [mistake] if mistake else []
    if wrong:
        return Again(tuple(wrong), candidates, young=young, old=old)
    decided = Confirmed(
        answers=answers,
        child=KnownChild(file.id, None) if file else NewChild("", None),  # without a file it can only wait unsigned
        giver=sent.get("giver", "unknown"),
        signed_on=signed_on,
        legible=sent.get("legible") == "yes",
        actor=actor,
        version=version_sent(sent),
    )
    return Written(filing.confirm(chain, part_id, decided))
