"""The words of the field, one for each thing: enumerations that every slice shares. Pure.

Values are stored and shown in JSON; they never change once released.
"""

from enum import StrEnum
from typing import NewType
from uuid import UUID

ItemId = NewType("ItemId", UUID)
PartId = NewType("PartId", UUID)
FileId = NewType("FileId", UUID)
PersonId = NewType("PersonId", UUID)
DocumentId = NewType("DocumentId", UUID)
OriginalId = NewType("OriginalId", UUID)
AccountId = NewType("AccountId", UUID)

# Not strftime: its names follow the machine's locale.
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class Role(StrEnum):
    """What somebody on the staff does."""

    ADMIN = "admin"
    OFFICER = "officer"
    MANAGER = "manager"


class ItemState(StrEnum):
    """Where one thing in the post is."""

    ARRIVING = "arriving"
    READING = "reading"
    TO_REVIEW = "to_review"
    TO_SORT = "to_sort"
    STOPPED = "stopped"
    FILED = "filed"
    NOT_OURS = "not_ours"
    RETURNED = "returned"


class PartKind(StrEnum):
    """What a run of pages in an item is. SHEET: a separator or cover sheet that we print; it is no document."""

    FORM = "form"
    POLICY = "policy"
    OTHER = "other"
    BLANK = "blank"
    SHEET = "sheet"


class PartState(StrEnum):
    """What became of a run of pages.

    QUARANTINED: storing is not agreed (R28) or nobody signed (F25): invisible to files and search until a person settles it.
    COPY: a person said that it is a copy of other post; its pages were erased, and stay in the count. REPLACED: its pages were arranged otherwise;
    it has none left, and comes back when that is undone.
    """

    TO_REVIEW = "to_review"
    TO_SORT = "to_sort"
    QUARANTINED = "quarantined"
    CONFIRMED = "confirmed"
    FILED = "filed"
    NOT_OURS = "not_ours"
    NOTHING_TO_DO = "nothing_to_do"
    COPY = "copy"
    REPLACED = "replaced"


class QuarantineReason(StrEnum):
    """Why an opened form waits out of sight."""

    STORE_NOT_ANSWERED = "store_not_answered"
    STORE_UNCLEAR = "store_unclear"
    NOT_SIGNED = "not_signed"


class DocumentKind(StrEnum):
    """What a stored document is. REPLACED: a scan in whose place another was put; ARCHIVE: a searchable copy of pages; BUNDLE: an access copy."""

    SCAN = "scan"
    PAGE = "page"
    EVIDENCE = "evidence"
    REPLACED = "replaced"
    ARCHIVE = "archive"
    BUNDLE = "bundle"


class Source(StrEnum):
    """How an item reached us."""

    FOLDER = "folder"
    UPLOAD = "upload"


class PaperOutcome(StrEnum):
    """What happened to the paper when a family did not agree to storing (R28)."""

    RETURNED = "returned"
    CONFIDENTIAL_WASTE = "confidential_waste"
    NO_PAPER = "no_paper"
    TASK = "task"
    """Somebody has a task to see to it."""


class Format(StrEnum):
    """In what form somebody wants what is written to them."""

    STANDARD = "standard"
    LARGE_PRINT = "large_print"
    EASY_READ = "easy_read"
    OTHER = "other"
