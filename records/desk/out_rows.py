"""What went out of a file, as staff read it: to whom, what for, which documents, what was said, when it happened and was recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from records.consents import bodies, outward, planned
from records.consents.gate import Purpose
from records.consents.items import CATEGORY_WORDS, Category
from records.consents.tables import Disclosure
from records.desk.file_papers import in_words, papers_of
from records.desk.shell import Call
from records.guard.standing import about
from records.people import register
from records.people.tables import ChildFile
from records.staff import accounts
from records.staff.access import Act

PURPOSE_WORDS = {
    "advice": "About the family’s own case", "contact": "Contact for the family", "share": "Information shared",
    "obtain": "Information asked for", "tell": "Told that the family came to us", "news": "News and events",
    "access": "What is held, on request", "safety": "Shared for safety",
}  # fmt: skip
HOW_WORDS = {
    "telephone": "by telephone", "email": "by email", "letter": "by letter", "meeting": "in a meeting", "print": "on paper",
    "export": "as a file",
}  # fmt: skip
_TO_BODIES = (Purpose.CONTACT, Purpose.SHARE, Purpose.OBTAIN, Purpose.TELL)


@dataclass(frozen=True)
class OutRow:
    """One line of what went out. `documents` and `told` are empty for somebody who may not see the file's documents."""

    row: Disclosure
    to: str
    purpose: str
    how: str
    by: str
    documents: Sequence[str] = ()
    told: str = ""
    planned_for: date | None = None

    @property
    def recorded_later(self) -> bool:
        """Whether it was written down after the minute in which it happened."""
        return self.row.recorded_at is not None and (self.row.recorded_at - self.row.at).total_seconds() >= 60


def out_rows(session: Session, call: Call, file: ChildFile, *, to_bodies_only: bool = False) -> list[OutRow]:
    """All that went out of a file and of those joined to it, what happened last first. What was shared for safety stays restricted."""
    found = outward.went_out(session, file.id)
    if to_bodies_only:
        found = [row for row in found if row.body_id is not None]
    if not found:
        return []
    may_see = call.may(Act.SEE_FILE_DOCUMENT, about(file))
    papers = papers_of(session, call, file) if may_see and any(row.things for row in found) else []
    named = {body.id: body.name for body in bodies.of_file(session, file)}
    people = register.names(session, file)
    names = accounts.display_names(session)
    plans = planned.days_of(session, file.id)
    rows = []
    for row in found:
        if row.safety_id is not None:
            rows.append(OutRow(row, "Restricted", PURPOSE_WORDS["safety"], "", "–"))
            continue
        to = named.get(row.body_id) if row.body_id else people.get(row.person_id) if row.person_id else None
        to = to or (CATEGORY_WORDS[Category(row.category)] if row.category else "–")
        shown = may_see and row.purpose in _TO_BODIES
        rows.append(
            OutRow(
                row, to, PURPOSE_WORDS.get(row.purpose, row.purpose), HOW_WORDS.get(row.how, row.how), names.get(row.actor, "–"),
                in_words(row.things.split(), papers) if shown else (), outward.told(session, row) if shown else "",
                plans.get(row.id),
            )
        )  # fmt: skip
    return rows
