"""The certificate of one run, printed (R50-R53): file numbers, months and people on the staff; nothing about a family."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlmodel import Session, col, func, select

from records.audit.tables import AuditEntry
from records.errors import NotFound
from records.policies.periods import month_in_words
from records.press import press
from records.retention import disposal, ledger
from records.retention.disposal import LineState
from records.retention.ledger import Entry
from records.retention.stops import STOP_WORDS, Stop
from records.retention.tables import DestructionRun, DisposalList

TEMPLATE = Path(__file__).with_name("certificate.typ")
PLACES = (
    "Scans, pages, cut-outs and recognised text, with the index of words",
    "Names, dates of birth, consents, notes, letters, tasks and holds",
    "The keys under which all of this was sealed",
    "Log of the database, previews and temporary files of the program",
)
METHOD = "Rows deleted and overwritten, keys destroyed, sealed documents deleted"


@dataclass(frozen=True)
class Certificate:
    """What one run did. `stopped`: file numbers that were left alone, with the reason."""

    run: DestructionRun
    list: DisposalList
    entries: tuple[Entry, ...]
    stopped: tuple[tuple[int, str], ...]
    unsearched: int = 0

    @property
    def title(self) -> str:
        return f"Certificate of destruction {self.run.number}"


def count(session: Session) -> int:
    """How many runs have ended."""
    return session.exec(select(func.count()).where(DestructionRun.finished)).one()


def runs(session: Session, limit: int, leave_out: int = 0) -> list[DestructionRun]:
    """Runs that have ended, newest first: so many after leaving out so many."""
    query = select(DestructionRun).where(DestructionRun.finished).order_by(col(DestructionRun.number).desc())
    return list(session.exec(query.offset(leave_out).limit(limit)))


def of_run(session: Session, number: int) -> Certificate:
    """The certificate of a run that has ended. NotFound for any other number."""
    ran = session.get(DestructionRun, number) if number < 2**31 else None
    if ran is None or not ran.finished:
        raise NotFound("There is no such certificate.")
    of = session.get_one(DisposalList, ran.list_id)
    left = disposal.lines(session, of, LineState.STOPPED)
    return Certificate(
        ran, of, tuple(ledger.entries(session, number)),
        tuple((line.number, STOP_WORDS[Stop(line.why)] if line.why else "") for line in left), _unsearched(session, of),
    )  # fmt: skip


def _unsearched(session: Session, of: DisposalList) -> int:
    """As the record says: the entry that ended the run."""
    said = session.exec(
        select(AuditEntry.detail).where(AuditEntry.act == "destruction_finished", AuditEntry.subject_id == str(of.id))
    ).first()
    return int(json.loads(said).get("unsearched", 0)) if said else 0


def month(text: str | None) -> str:
    """June 2033, from 2033-06."""
    return month_in_words(date.fromisoformat(f"{text}-01")) if text else "–"


def file_name(number: int | None) -> str:
    return f"PC-{number:04d}" if number is not None else "–"


def checked(ran: DestructionRun, unsearched: int = 0) -> tuple[str, ...]:
    """What looking afterwards found, in words. `unsearched`: files whose names could not be looked for any more (R52)."""
    looked = (
        "Afterwards every table was searched for the rows and keys of these files, the store for their documents, and every text "
        "of the database and every file of the installation for the names that were on them."
    )
    if unsearched:
        looked += (
            f" The run had broken off and was finished later. The names on {many(unsearched, 'file')} that had been destroyed before were "
            "not searched for: they are kept nowhere."
        )
    return looked, "Nothing was found." if ran.verified else trouble(ran.found)


def trouble(found: int) -> str:
    """What looking afterwards found, in a sentence."""
    if not found:
        return "Nothing was found."
    traces = many(found, "trace was", "traces were")
    return f"{traces} found. This is an incident: tell whoever looks after Paperchain, and keep this page."


def pdf(found: Certificate, names: Mapping[str, str], service: str) -> bytes:
    """The certificate as a tagged PDF. `names`: staff by account id."""
    of, ran = found.list, found.run

    def who(account: str | None) -> str:
        return names.get(account or "", "–")

    data = {
        "title": found.title,
        "service": service,
        "facts": [
            ["Month", month(ran.month)],
            ["Files", f"{ran.files} destroyed, {ran.stopped} left alone"],
            ["Documents", f"{many(ran.documents, 'document')}, {many(ran.pages, 'page')}"],
            ["Listed by", who(of.proposed_by)],
            ["Looked through by", who(of.looked_by)],
            ["Approved by", who(of.approved_by)],
            [
                "Started by",
                "Paperchain, by itself"
                if ran.started_by == "system"
                else who(ran.started_by).replace("–", "a person on the machine"),
            ],
            ["Policy", f"Version {of.policy_version}"],
            ["Method", METHOD],
            ["Entry of the record", f"{ran.head_sequence}, {(ran.head_mac or '')[:16]}"],
        ],
        "rows": [
            [file_name(entry.file_number), month(entry.month_due), entry.rule, str(entry.documents), str(entry.pages)]
            for entry in found.entries
        ],
        "stopped": [f"{file_name(number)}: {why}" for number, why in found.stopped],
        "places": list(PLACES),
        "checked": list(checked(ran, found.unsearched)),
    }
    return press(TEMPLATE, data)


def many(count: int, one: str, more: str = "") -> str:
    """1 document, 2 documents."""
    return f"{count} {one if count == 1 else more or one + 's'}"


def erasure_name(entry: Entry) -> str:
    """What the certificate of an erasure on request is called, by its entry of the ledger: E-12."""
    return f"E-{entry.sequence}"


def answer(entries: list[Entry]) -> str | None:
    """What we say to somebody who asks with the number on an old letter of ours (R53); None when we know nothing of it."""
    if not entries:
        return None
    entry = entries[-1]
    gone = (
        f"We held file {file_name(entry.file_number)} and destroyed it in {month(entry.month_done)}, with {many(entry.documents, 'document')}, "
        f"under rule {entry.rule} of policy version {entry.policy_version}."
    )
    if entry.run is not None:
        return f"{gone} Certificate {entry.run}."
    if entry.kind == ledger.ERASURE:
        return f"{gone} The family had asked for it: certificate {erasure_name(entry)}."
    return f"{gone} The family had asked for it, so there is no certificate of a run."
