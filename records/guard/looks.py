"""Who looked at a file, from the audit: each view is one entry, so the list is whole. Ids become names on the page only."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlmodel import Session, col, select

from records.audit.tables import AuditEntry

SEEN = "_seen"
WORDS = {
    "file_seen": "The summary",
    "file_history_seen": "The history",
    "file_evidence_seen": "A picture of an answer",
    "file_page_seen": "A page of a document",
    "file_copy_seen": "A copy made for a request",
    "file_covering_seen": "The letter that goes with a copy",
    "file_request_seen": "A request",
    "file_handover_printed": "A hand-over sheet, printed",
    "document_seen": "A page of a document",
    "file_access_seen": "Who may see it",
    "file_looks_seen": "This list, printed",
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


def of_file(session: Session, file_id: UUID, *, limit: int = 2000) -> list[Look]:
    """Every view of a file, newest first, of at most `limit` entries. Like ones of one minute are counted in one line: none is left out."""
    rows = session.exec(
        select(AuditEntry)
        .where(
            AuditEntry.subject_id == str(file_id), AuditEntry.subject_kind == "file", col(AuditEntry.act).endswith(SEEN)
        )
        .order_by(col(AuditEntry.sequence).desc())
        .limit(limit)
    ).all()
    alike = groupby(rows, key=lambda row: (row.at.replace(second=0, microsecond=0), row.actor, row.act))
    return [Look(same[0].at, same[0].actor, said(same[0].act), len(same)) for same in (list(each) for _, each in alike)]


def said(act: str) -> str:
    """What was looked at, in words; an act that has none yet reads as its code does."""
    return WORDS.get(act) or act.removesuffix(SEEN).removeprefix("file_").replace("_", " ").capitalize()
