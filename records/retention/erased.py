"""Certificates of what was erased because somebody asked (R31, R52, R53): a month, counts and people on the staff; nothing about a family.

There is one for each entry of the ledger of that kind, and it is called after the entry's number: E-12.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from records.audit import trail
from records.audit.tables import AuditEntry
from records.clock import Clock
from records.errors import NotFound
from records.press import press
from records.retention import ledger, verifying
from records.retention.certificate import METHOD, PLACES, TEMPLATE, erasure_name, file_name, many, month, trouble
from records.retention.ledger import Entry
from records.retention.tables import Destroyed

LOOKED = "erasure_looked_for"


@dataclass(frozen=True)
class Looked:
    """What looking afterwards found. `words`: how many names or words were looked for, over all rows and files."""

    found: int
    words: int


@dataclass(frozen=True)
class ErasureCertificate:
    """One erasure. `looked` is None when nobody looked: the machine stopped between erasing and looking."""

    entry: Entry
    looked: Looked | None

    @property
    def name(self) -> str:
        return erasure_name(self.entry)

    @property
    def whole(self) -> bool:
        return self.entry.file_number is not None


def note_looked(session: Session, sequence: int, looked: Looked, *, by: str, clock: Clock) -> None:
    """Keeps what looking afterwards found, as one entry of the record."""
    trail.append(
        session, actor=by, act=LOOKED, subject_kind="erasure", subject_id=str(sequence), at=clock.now(),
        detail={"found": looked.found, "words": looked.words},
    )  # fmt: skip
    if looked.found:
        verifying.traces_found(session, f"E-{sequence}", by=by, at=clock.now())


def count(session: Session) -> int:
    """How many certificates of erasures there are."""
    return session.exec(select(func.count()).where(Destroyed.kind == ledger.ERASURE)).one()


def newest(session: Session, limit: int, leave_out: int = 0) -> list[ErasureCertificate]:
    """The certificates of erasures, newest first: so many after leaving out so many, and what looking found in one question."""
    found = ledger.newest(session, ledger.ERASURE, limit, leave_out)
    said = session.exec(
        select(AuditEntry.subject_id, AuditEntry.detail)
        .where(AuditEntry.act == LOOKED, AuditEntry.subject_kind == "erasure", col(AuditEntry.subject_id).in_([str(each.sequence) for each in found]))
        .order_by(col(AuditEntry.sequence))
    )  # fmt: skip
    looked = {subject: _looked(detail) for subject, detail in said}
    return [ErasureCertificate(each, looked.get(str(each.sequence))) for each in found]


def of_entry(session: Session, sequence: int) -> ErasureCertificate:
    """The certificate of an entry of the ledger. NotFound for any number that is no erasure."""
    entry = ledger.entry(session, sequence) if sequence < 2**31 else None
    if entry is None or entry.kind != ledger.ERASURE:
        raise NotFound("There is no such certificate.")
    said = session.exec(
        select(AuditEntry.detail)
        .where(AuditEntry.act == LOOKED, AuditEntry.subject_kind == "erasure", AuditEntry.subject_id == str(sequence))
        .order_by(col(AuditEntry.sequence).desc())
    ).first()
    return ErasureCertificate(entry, _looked(said))


def _looked(said: str | None) -> Looked | None:
    read = json.loads(said) if said else None
    return Looked(int(read["found"]), int(read["words"])) if read else None


def checked(found: ErasureCertificate) -> tuple[str, ...]:
    """How it was checked, in words."""
    if found.looked is None:
        return ("It is not noted that anybody looked afterwards. Each day’s work deletes what an interruption leaves.",)
    looked = (
        "Afterwards every table was searched for the rows and keys of what was erased, and the store for its documents."
    )
    words = found.looked.words
    looked += (
        f" Every text of the database and every file of the installation was searched for {many(words, 'name or word', 'names or words')} "
        "that had been on it."
        if words
        else " No words were given to look for: the rest of the file stays, with the names on it."
    )
    return looked, trouble(found.looked.found)


def pdf(found: ErasureCertificate, names: Mapping[str, str], service: str) -> bytes:
    """The certificate as a tagged PDF. `names`: staff by account id."""
    entry = found.entry
    what = (
        f"The whole file {file_name(entry.file_number)}"
        if found.whole
        else "Part of a file. The rest is kept for a reason in law"
    )
    return press(TEMPLATE, {
        "title": f"Certificate of erasure {found.name}",
        "service": service,
        "facts": [
            ["Month", month(entry.month_done)],
            ["Why", "Somebody who may ask for it asked us to (R31)"],
            ["What", what],
            ["Documents", f"{many(entry.documents, 'document')}, {many(entry.pages, 'page')}"],
            ["Listed by", names.get(entry.proposed_by, "–")],
            ["Approved by", names.get(entry.approved_by, "–")],
            ["Policy", f"Version {entry.policy_version}"],
            ["Method", METHOD],
            ["Entry of the ledger", f"{entry.sequence}, {entry.mac[:16]}"],
        ],
        "places": list(PLACES),
        "checked": list(checked(found)),
    })  # fmt: skip
