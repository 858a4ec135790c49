"""What a change of the rule of keeping would do to the files there are, before it is made (R46). Asks the one date function."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from records.db import keys_of
from records.documents.envelope import unseal, unseal_json
from records.documents.tables import WrappedKey
from records.people.birthdates import BirthDate, across
from records.people.tables import BirthDateFact, ChildFile
from records.policies.periods import in_words
from records.policies.settings import RetentionRule
from records.retention.facts import CHUNK, FileFacts, due_under, joined, kept_to, last_contacts, of_files
from records.retention.schedule import Due, Kept, Undated


@dataclass(frozen=True)
class Shift:
    """One file: the day it falls due by the rule of today, and by the rule it would have. None: no date."""

    number: int
    now: date | None
    then: date | None


def shifts(session: Session, today_s: RetentionRule, then_s: RetentionRule) -> list[Shift]:
    """Every file by either rule, by number, from the facts that the destroyer asks: births, last contact, a manager's decision. Files that
    were joined are one child."""
    more = joined(session)
    taken = {one for each in more.values() for one in each}
    files = [(file_id, number, born) for file_id, number, born in _births(session) if file_id not in taken]
    contact: dict[UUID, date] = {}
    kept: dict[UUID, Kept] = {}
    for start in range(0, len(files), CHUNK):
        ids = [file_id for file_id, _, _ in files[start : start + CHUNK]]
        contact |= last_contacts(session, ids)
        kept |= kept_to(session, ids)
    asks_contact = bool(today_s.months_after_last_contact or then_s.months_after_last_contact)
    together = {facts.file_id: facts for facts in of_files(session, list(more))}
    dates: dict[tuple[BirthDate | None, date | None, Kept | None], tuple[date | None, date | None]] = {}
    found = []
    for file_id, number, born in files:
        facts = together.get(file_id) or FileFacts(file_id, number, born, contact.get(file_id), kept.get(file_id))
        key = (facts.born, facts.last_contact if asks_contact else None, facts.kept)
        if key not in dates:  # many children share a birthday: each is counted once
            dates[key] = (_due(due_under(facts, today_s)), _due(due_under(facts, then_s)))
        found.append(Shift(number, *dates[key]))
    return found


def _births(session: Session) -> Iterator[tuple[UUID, int, BirthDate | None]]:
    """What each source says, file by file. One query for all, read as it comes: a file at a time would be slow at 100,000 files."""
    wrapping = keys_of(session).wrapping
    rows = session.execute(
        sa.select(
            col(ChildFile.number),
            col(ChildFile.id),
            col(WrappedKey.id),
            col(WrappedKey.wrapped),
            col(BirthDateFact.id),
            col(BirthDateFact.sealed),
        )
        .join(WrappedKey, col(WrappedKey.id) == col(ChildFile.key_id))
        .outerjoin(BirthDateFact, col(BirthDateFact.file_id) == col(ChildFile.id))
        .order_by(col(ChildFile.number)),
        execution_options={"yield_per": 1000},
    )
    for (number, file_id), of_file in groupby(rows, key=lambda row: (int(row[0]), row[1])):
        found, key = [], b""
        for _, _, key_id, wrapped, fact_id, sealed in of_file:
            if fact_id is None:
                continue
            key = key or unseal(wrapping, wrapped, key_id.bytes)
            said = unseal_json(key, sealed, fact_id.bytes)
            if said["earliest"] is not None:
                found.append(BirthDate(date.fromisoformat(said["earliest"]), date.fromisoformat(said["latest"])))
        yield file_id, number, across(found)


def _due(found: Due | Undated) -> date | None:
    return found.due if isinstance(found, Due) else None


def earlier(found: Iterable[Shift]) -> list[Shift]:
    """The files that would go sooner than now, or get a date where they have none: the notice list, soonest first."""
    sooner = [each for each in found if each.then is not None and (each.now is None or each.then < each.now)]
    return sorted(sooner, key=lambda each: (each.then or date.max, each.number))


def in_sentences(found: Sequence[Shift], begins: date) -> list[str]:
    """What would change, in words, most important first. An empty list of files is said too."""
    if not found:
        return ["There are no files yet, so no keep-until date changes."]
    counts = Counter(_kind(each) for each in found)
    words = {
        "earlier": "an earlier keep-until date", "gained": "a keep-until date where they have none now",
        "lost": "no keep-until date any more", "later": "a later keep-until date",
    }  # fmt: skip
    said = [f"{_files(counts[kind])} will have {what}." for kind, what in words.items() if counts[kind]]
    due = sum(each.then is not None and each.then <= begins for each in earlier(found))
    if due:
        said.append(f"{_files(due)} of these will be due by {in_words(begins)} already.")
    if counts["none"]:
        said.append(f"{_files(counts['none'])} will still have no date: it cannot be counted.")
    return said if any(counts[kind] for kind in words) else ["No keep-until date changes.", *said]


def _kind(each: Shift) -> str:
    match each.now, each.then:
        case None, None:
            return "none"
        case None, _:
            return "gained"
        case _, None:
            return "lost"
        case now, then:
            return "earlier" if then < now else "later" if then > now else "same"


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"
