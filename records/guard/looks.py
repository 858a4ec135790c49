"""Who looked at a file, from the audit: each view is one entry, so the list is whole. Ids become names on the page only."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlmodel import Session, and_, col, or_, select

from records.audit.tables import AuditEntry
from records.documents.tables import Document
from records.people import merging

SEEN = "_seen"
PRINTED = ("file_handover_printed",)
NOT_FOR_ALL = frozenset({
    "file_request_seen", "file_requests_seen", "file_copy_seen", "file_covering_seen", "file_letters_seen", "file_contacts_seen", "file_documents_seen",
    "file_change_seen", "file_pack_seen",
})  # fmt: skip
WORDS = {
    "file_seen": "The summary",
    "file_history_seen": "The history",
    "file_evidence_seen": "A picture of an answer",
    "file_page_seen": "A page of a document",
    "file_text_seen": "Lines of a letter, found by a word in it",
    "file_copy_seen": "A copy made for a request",
    "file_covering_seen": "The letter that goes with a copy",
    "file_request_seen": "A request",
    "file_handover_printed": "A hand-over sheet, printed",
    "document_seen": "A page of a document",
    "file_access_seen": "Who may see it",
    "file_closing_seen": "Whether it is open or closed",
    "file_looks_seen": "Who looked at it",
    "file_people_seen": "People",
    "file_birth_date_seen": "Where the birth date is from",
    "file_notes_seen": "Notes",
    "file_originals_seen": "The list of papers",
    "file_requests_seen": "Requests",
    "file_change_seen": "The answers, to record a change",
    "file_contacts_seen": "Who we talk to",
    "file_letters_seen": "Letters and receipts",
    "file_documents_seen": "The list of documents",
    "file_pack_seen": "Copies for the family",
    "file_told_seen": "Policy and rights",
    "file_several_seen": "Papers about several children",
}


@dataclass(frozen=True)
class Look:
    """What one account looked at within one minute: when last, by whose account, of what, and how many times."""

    at: datetime
    actor: str
    what: str
    times: int = 1

    @property
    def said(self) -> str:
        return self.what if self.times == 1 else f"{self.what}, {self.times} times"


def of_file(session: Session, file_id: UUID, *, limit: int = 2000, for_family: bool = False) -> list[Look]:
    """Every view of a child's file, and of those joined to it, newest first, of at most `limit` entries.

    Like ones of one minute are counted in one line: none is left out. `for_family`: in words that tell nobody what another person asked for.
    """
    ids = [str(each) for each in merging.ids_of(session, file_id)]
    documents = select(Document.id).where(col(Document.file_id).in_(merging.ids_of(session, file_id)))
    pages = [str(each) for each in session.exec(documents)]
    of_it = and_(
        col(AuditEntry.subject_id).in_(ids), AuditEntry.subject_kind == "file",
        or_(col(AuditEntry.act).endswith(SEEN), col(AuditEntry.act).in_(PRINTED)),
    )  # fmt: skip
    of_a_page = and_(
        AuditEntry.subject_kind == "document", AuditEntry.act == "document_seen", col(AuditEntry.subject_id).in_(pages)
    )
    rows = session.exec(
        select(AuditEntry).where(or_(of_it, of_a_page)).order_by(col(AuditEntry.sequence).desc()).limit(limit)
    ).all()
    words = said_to_family if for_family else said
    alike = groupby(rows, key=lambda row: (row.at.replace(second=0, microsecond=0), row.actor, words(row.act)))
    return [
        Look(same[0].at, same[0].actor, what, len(same))
        for (_, _, what), same in ((key, list(each)) for key, each in alike)
    ]


def said_to_family(act: str) -> str:
    """The same for a print: that one parent asked for a copy, or was written to, is not for the other to read."""
    return "The file" if act in NOT_FOR_ALL else said(act)


def said(act: str) -> str:
    """What was looked at, in words. Each act has its own; one of an older version that is gone reads as its code does."""
    return WORDS.get(act) or act.removesuffix(SEEN).removeprefix("file_").replace("_", " ").capitalize()
