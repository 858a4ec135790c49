"""A form that names two children: the same paper confirmed once more, for the other child (F22).

What a form says counts for a child once an officer has confirmed it for that child, beside the paper, with that child's own name and birth
date. So the form goes to Review a second time, as a copy under a key of its own. All that holds for any form holds for it: whose file it is,
a No to keeping, who signed, and, at the gate, whose word counts at that child's age.
"""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from forms.results import FormReading
from intake import in_use, interpret
from intake.wiring import Paperchain
from records.documents import holdings, keyring
from records.documents.tables import Document
from records.errors import NotFound, RefusedByRule
from records.guard import marks
from records.guard.standing import restricted_parts
from records.people import merging, register
from records.people.entitlement import GivenByChild
from records.people.tables import ChildFile
from records.post import copying, inbox, review
from records.post.copying import ReadForm
from records.post.tables import Item, Page, Part
from records.retention import several
from records.vocabulary import PartKind, PartState

HERE = (
    "This is a copy of the form on file {file}. Confirm it only if the form names another child too, and for that child alone. There is no "
    "second paper."
)
GONE = (
    "This is a copy of a form that was on file {file}. That file has been erased since. The copy is the other child’s: if the form names another "
    "child too, confirm it for that child alone, and open no file for the child whose file was erased."
)

CHANGED = (
    "The form was changed after this letter was read, so what was read counts for no other child. Put a copy of its pages on the other file "
    "instead, and ask that child’s family for a form about them."
)


def to_review(chain: Paperchain, number: int, part_id: UUID, *, actor: str) -> UUID:
    """Puts a copy of a confirmed form in Review, for another child whom it names; returns its part. One that waits there already is that one.

    Raises NotFound for what is no confirmed form of this file, or RefusedByRule with the reason.
    """
    with chain.db.writing() as session:
        now = chain.clock.now()
        file = register.get(session, merging.root_id(session, register.by_number(session, number).id))
        part = _form(session, file, part_id)
        if (waits := several.waits_for_review(session, part)) is not None:
            return waits
        item = session.get_one(Item, part.item_id)
        key_id, key = keyring.make(session, now)
        pages: list[tuple[Page, holdings.Stored]] = []
        for page in inbox.pages_of(session, item, part):
            document = session.get_one(Document, page.picture_id)
            data = holdings.fetch(session, chain.store, document)
            pages.append((page, holdings.put(chain.store, key, [data], document.media_type)))
        proof = session.get_one(Document, part.evidence_id)
        cut_out = holdings.put(chain.store, key, [holdings.fetch(session, chain.store, proof)], proof.media_type)
        reading = _renumbered(review.reading_json(session, part), [page.number for page, _ in pages])
        reading[
            "notes"
        ] = []  # those of the first child’s form are answered; what this copy is, is said as it stands (`note`)
        made = copying.put_in_review(
            session, item, part, pages, ReadForm(key_id, key, reading, cut_out), actor=actor, at=now
        )
        several.enter_copy(session, part, made, by=actor, at=now)
        return made.id


def note(session: Session, part: Part) -> str | None:
    """What whoever opens a copy that waits for review must know, as it stands today; None for a form that came by itself.

    The copy is the second child's own: it stays when the file of the first is erased, and then says so.
    """
    of = several.copy_of(session, part)
    return None if of is None else (GONE if of.gone else HERE).format(file=f"PC-{of.number:04d}")


def _form(session: Session, file: ChildFile, part_id: UUID) -> Part:
    part = session.get(Part, part_id)
    if part is None or part.file_id not in merging.ids_of(session, file.id) or part.state != PartState.CONFIRMED:
        raise NotFound("There is nothing here.")
    if part.kind != PartKind.FORM or part.evidence_id is None:
        raise RefusedByRule(
            "That is no form that was confirmed here. Put a copy of it on the other file instead.", "F22"
        )
    try:
        template = in_use.template_of(session, part)
    except in_use.ReadOtherwise:  # what is filed is not read again
        raise RefusedByRule(CHANGED, "F22") from None
    if interpret.file_named(template) is not None:
        raise RefusedByRule("An answer sheet belongs to the file that it was printed for, and to no other.", "R21")
    if part.id in restricted_parts(session, file.id):
        raise RefusedByRule("This document is restricted for safeguarding, so it is used for no other file.", "R42")
    if marks.of_file(session, file.id).get(part.id, GivenByChild.NO) is not GivenByChild.NO:
        raise RefusedByRule(
            "The young person signed this form themselves. It speaks for nobody else: ask the other child’s family for a form about them.", "F22"
        )  # fmt: skip
    return part


def _renumbered(reading: dict[str, Any], numbers: list[int]) -> dict[str, Any]:  # Any: JSON
    """The reading with the pages counted as the copy has them, from 1."""
    place = {number: at for at, number in enumerate(numbers, start=1)}
    found = FormReading.from_json(reading).to_json()
    found["pages"] = [place[each] for each in found["pages"]]
    for each in found["fields"].values():
        each["page"] = place[each["page"]]
    return found
