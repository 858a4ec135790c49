"""The fixed tables of each report: what is counted, under which codes, in which words (R73, R80). Pure.

No table is made to order: two that overlap could be taken from one another. For the same reason no two tables here count a part and its whole.
Tables that share a base divide the same whole, each in its own way. No school, no place and no name is counted, and nothing two ways at once
that would single out a child (R78). What R80 names and nobody records stands in `NOT_RECORDED`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from records.cases.words import (
    CAPACITY_WORDS,
    CHANNEL_WORDS,
    ENQUIRY_OUTCOME_WORDS,
    OUTCOME_WORDS,
    TOPIC_WORDS,
)
from records.consents.items import CATEGORY_WORDS, OTHERS, Category
from records.reports.years import Year
from records.requests.breach import KIND_WORDS as BREACH_WORDS
from records.requests.kinds import KIND_WORDS as REQUEST_WORDS

EDITION = 1
"""Of the fixed tables. Raise it with every change to them: each report must then be checked anew before it leaves (R84)."""
MONTHS, OFFICERS = "months", "officers"
"""Rows or columns that a year, or a service, brings along."""
UNKNOWN, OVER = "unknown", "over"


class Report(StrEnum):
    """What is let out as one paper."""

    SERVICE = "service"
    RIGHTS = "rights"
    STAFFING = "staffing"


REPORT_WORDS = {
    Report.SERVICE: "Enquiries and families",
    Report.RIGHTS: "Requests and breaches",
    Report.STAFFING: "Work by officer and month",
}
AGE_BANDS = ((0, 4), (5, 10), (11, 15), (16, 18), (19, 25))
"""R80."""
AGES = {f"{low}-{high}": f"{low} to {high}" for low, high in AGE_BANDS} | {
    OVER: "Over 25",
    UNKNOWN: "Not known for certain",
}
FIRST_NOTE = {
    "0": "On the same day",
    "2": "After 1 or 2 days",
    "7": "After 3 to 7 days",
    "14": "After 8 to 14 days",
    "28": "After 15 to 28 days",
    OVER: "After more than 28 days",
    UNKNOWN: "No note yet",
}
BODIES = {str(code): words for code, words in CATEGORY_WORDS.items() if code not in OTHERS - {Category.OTHER}}


@dataclass(frozen=True)
class Table:
    """One fixed table. `rows`, `columns`: words by code, or what brings them along; a list has no columns. `note`: what is counted."""

    code: str
    title: str
    note: str
    unit: str
    rows: Mapping[str, str] | str
    columns: Mapping[str, str] | str | None = field(default=None)


def _by_code(words: Mapping[Any, str]) -> dict[str, str]:
    return {str(code): said for code, said in words.items()}


_REFERRALS = "Referrals received in the year, by the family or by others, with or without permission so far."
_CHILDREN = (
    "Children and young people with a referral, a case note or a contact for them in the year. Each counts once. "
    "Files whose use is restricted are left out."
)
TABLES: Mapping[Report, tuple[Table, ...]] = {
    Report.SERVICE: (
        Table("enquiries_topic", "Enquiries by topic", "Enquiries without a name, by what each was about.", "Enquiries", _by_code(TOPIC_WORDS)),
        Table("enquiries_channel", "Enquiries by how they reached us", "The same enquiries.", "Enquiries", _by_code(CHANNEL_WORDS)),
        Table("enquiries_outcome", "Enquiries by what became of them", "The same enquiries.", "Enquiries", _by_code(ENQUIRY_OUTCOME_WORDS)),
        Table("enquiries_month", "Enquiries by month", "The same enquiries.", "Enquiries", MONTHS),
        Table("referrals_asked", "Referrals by who asked", _REFERRALS, "Referrals", _by_code(CAPACITY_WORDS)),
        Table(
            "referrals_first_note", "Referrals by time to the first case note",
            "The same referrals. Days of the calendar from the day it was received to the first note of what was done.", "Referrals", FIRST_NOTE,
        ),
        Table("referrals_month", "Referrals by month", "The same referrals, by the month in which they were received.", "Referrals", MONTHS),
        Table(
            "ends_outcome", "Referrals closed, by outcome", "Closings in the year. One that was opened again and closed again counts twice.",
            "Closings", _by_code(OUTCOME_WORDS),
        ),
        Table("children_age", "Children and young people by age", f"{_CHILDREN} Age on the last day of the year.", "Number", AGES),
        Table(
            "children_known", "Children and young people by when we first knew them", "The same children and young people.",
            "Number", {"first": "A file was begun in the year", "again": "A file was there before"},
        ),
        Table(
            "carers", "Parents and carers", "Those noted on the files of the same children and young people, once on each file.", "Parents and carers",
            {"carer": "Parents and carers"},
        ),
        Table(
            "contacts_body", "Contacts for a family, by kind of body",
            "Contacts with schools, services and other bodies as they were recorded. Sharing for safety is not counted.",
            "Contacts", BODIES,
        ),
    ),
    Report.RIGHTS: (
        Table("requests_kind", "Requests about records, by kind", "Requests and complaints about data received in the year.", "Requests", _by_code(REQUEST_WORDS)),
        Table("breaches_kind", "Breaches and losses, by kind", "By the day on which somebody here knew.", "Breaches", _by_code(BREACH_WORDS)),
    ),
    Report.STAFFING: (
        Table(
            "notes_officer", "Case notes by officer and month",
            "Each note once, by the month of what it tells. Officers have a number in the order of their accounts, and no name.", "Case notes",
            MONTHS, OFFICERS,
        ),
    ),
}  # fmt: skip
NOT_RECORDED: Mapping[Report, tuple[str, ...]] = {
    Report.SERVICE: (
        "Level of help", "Sex", "Ethnicity", "Primary need", "Stage of SEN support", "Kind of school or setting",
        "Reason for a referral (of enquiries the topic is counted)", "How satisfied families were",
    ),
    Report.RIGHTS: (),
    Report.STAFFING: ("Hours worked", "Time spent on a case"),
}  # fmt: skip

Counts = Mapping[str, Mapping[tuple[str, str], int]]
"""True counts: by table, then by row and column; the column of a list is empty."""


@dataclass(frozen=True)
class Laid:
    """A table laid out for one year: words of rows and columns in order, and true counts. `columns` is empty for a list."""

    table: Table
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int, ...], ...]


def lay(table: Table, counts: Mapping[tuple[str, str], int], year: Year) -> Laid:
    """The counts in the order of the table. A code that the table no longer has stands last, so that no published total changes."""
    rows = _line(table.rows, {row for row, _ in counts}, year)
    columns = _line(table.columns, {column for _, column in counts}, year) if table.columns is not None else {"": ""}
    cells = tuple(tuple(counts.get((row, column), 0) for column in columns) for row in rows)
    return Laid(table, tuple(rows.values()), tuple(columns.values()) if table.columns is not None else (), cells)


def _line(given: Mapping[str, str] | str, found: set[str], year: Year) -> dict[str, str]:
    if given == OFFICERS:
        order = sorted(found, key=lambda code: (len(code), code)) or ["1"]
        return {code: f"Officer {code}" if code.isdigit() else "Not known" for code in order}
    words = year.months() if isinstance(given, str) else dict(given)
    return words | {code: code.replace("_", " ").capitalize() for code in sorted(found - set(words))}
