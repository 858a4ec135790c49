"""What a change of the rule of keeping would do to the files there are, before it is made (R46). Asks the one date function."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import sqlalchemy as sa
from sqlmodel import Session, col

from records.db import keys_of
from records.documents.envelope import unseal, unseal_json
from records.documents.tables import WrappedKey
from records.people.birthdates import BirthDate, across
from records.people.tables import BirthDateFact, ChildFile
from records.policies.periods import in_words
from records.policies.settings import RetentionRule
from records.retention.schedule import Due, falls_due


@dataclass(frozen=True)
class Shift:
    """One file: the day it falls due by the rule of today, and by the rule it would have. None: no date."""

    number: int
    now: date | None
    then: date | None


def shifts(session: Session, today_s: RetentionRule, then_s: RetentionRule) -> list[Shift]:
    """Every file with a date by either rule, by number."""
    dates: dict[BirthDate | None, tuple[date | None, date | None]] = {}
    found = []
    for number, births in _births(session):
        born = across(births)
        if born not in dates:  # many children share a birthday: each is counted once
            dates[born] = (_due(born, today_s), _due(born, then_s))
        found.append(Shift(number, *dates[born]))
    return found


def _births(session: Session) -> Iterator[tuple[int, list[BirthDate]]]:
    """What each source says, file by file. One query for all, read as it comes: a file at a time would be slow at 100,000 files."""
    wrapping = keys_of(session).wrapping
    rows = session.execute(
        sa.select(
            col(ChildFile.number),
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
    for number, of_file in groupby(rows, key=lambda row: int(row[0])):
        found, key = [], b""
        for _, key_id, wrapped, fact_id, sealed in of_file:
            if fact_id is None:
                continue
            key = key or unseal(wrapping, wrapped, key_id.bytes)
            said = unseal_json(key, sealed, fact_id.bytes)
            if said["earliest"] is not None:
                found.append(BirthDate(date.fromisoformat(said["earliest"]), date.fromisoformat(said["latest"])))
        yield number, found


def _due(born: BirthDate | None, rule: RetentionRule) -> date | None:
    due = falls_due([born], rule)
    return due.due if isinstance(due, Due) else None


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
