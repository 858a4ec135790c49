"""True counts of one year, on both kinds of database: what counts, once, and what does not (R80)."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from records.clock import Clock
from records.consents.items import CATEGORY_WORDS
from records.db import Database
from records.guard import restrictions
from records.people import merging
from records.people.birthdates import BirthDate
from records.people.birthdates import parse as born
from records.reports import yearly
from records.reports.measures import TABLES, Laid, lay
from records.reports.years import Year, YearKind
from records.requests.tables import Incident, RequestRow
from records.staff.access import Restriction
from records.staff.tables import Account
from tests.records.reports.counted import contact, end, enquiries, family, noon, note, referral

YEAR = Year(2025, YearKind.CALENDAR)
DAY = date(2025, 6, 15)


def codes(found: yearly.Found, table: str) -> dict[str, int]:
    return {row: many for (row, _), many in found[table].items()}


def test_an_empty_service_counts_nothing(database: Database) -> None:
    with database.reading() as session:
        assert list(yearly.rows_of(yearly.count(session, YEAR))) == []


def test_enquiries_of_the_year_and_no_other(database: Database) -> None:
    with database.writing() as session:
        enquiries(session, 3, date(2025, 1, 1))
        enquiries(session, 2, date(2025, 12, 31), topic="money", channel="telephone")
        enquiries(session, 5, date(2024, 12, 31))
        enquiries(session, 7, date(2026, 1, 1))
        found = yearly.count(session, YEAR)
        april = yearly.count(session, Year(2025, YearKind.FINANCIAL))
    assert codes(found, "enquiries_topic") == {"plan": 3, "money": 2}
    assert codes(found, "enquiries_channel") == {"email": 3, "telephone": 2}
    assert codes(found, "enquiries_outcome") == {"answered": 5}
    assert codes(found, "enquiries_month") == {"01": 3, "12": 2}
    assert codes(april, "enquiries_month") == {"12": 2, "01": 7}


def test_referrals_by_who_asked_month_and_time_to_the_first_note(database: Database) -> None:
    with database.writing() as session:
        file = family(session, DAY)
        first = referral(session, DAY, file)
        note(session, first, date(2025, 6, 20))
        note(session, first, date(2025, 6, 17))
        referral(session, date(2025, 7, 1), None, "school")
        referral(session, date(2024, 7, 1), file)
        found = yearly.count(session, YEAR)
    assert codes(found, "referrals_asked") == {"parent": 1, "school": 1}
    assert codes(found, "referrals_month") == {"06": 1, "07": 1}
    assert codes(found, "referrals_first_note") == {"2": 1, "unknown": 1}


@pytest.mark.parametrize(
    ("days", "code"),
    [(-3, "0"), (0, "0"), (1, "2"), (2, "2"), (3, "7"), (7, "7"), (8, "14"), (14, "14"), (15, "28"), (28, "28"), (29, "over"), (None, "unknown")],
)  # fmt: skip
def test_bands_of_time_to_the_first_note(days: int | None, code: str) -> None:
    first = None if days is None else date.fromordinal(DAY.toordinal() + days)
    assert yearly.first_note(DAY, first) == code


def test_closings_count_by_outcome_and_taking_up_again_does_not(database: Database) -> None:
    with database.writing() as session:
        row = referral(session, date(2024, 1, 5), family(session, date(2024, 1, 5)))
        end(session, row, DAY)
        end(session, row, DAY, None)
        end(session, row, date(2025, 9, 1), "partly")
        end(session, row, date(2026, 1, 1), "no_contact")
        found = yearly.count(session, YEAR)
    assert codes(found, "ends_outcome") == {"resolved": 1, "partly": 1}


def test_each_child_counts_once_whatever_is_noted_and_however_many_files_it_has(
    database: Database, clock: Clock
) -> None:
    with database.writing() as session:
        known, other = family(session, date(2023, 2, 1), born("2012-05-01")), family(session, DAY, born("2012-05-01"))
        merging.merge(session, known, other, why="The same school number", by="system", at=clock.now())
        note(session, referral(session, DAY, other), DAY)
        contact(session, known, noon(DAY))
        family(session, DAY, born("2001-01-01"))  # nothing was noted for this one
        new = family(session, DAY, born("2008"), carers=2)
        referral(session, DAY, new)
        found = yearly.count(session, YEAR)
    assert codes(found, "children_age") == {"11-15": 1, "16-18": 1}
    assert codes(found, "children_known") == {"again": 1, "first": 1}
    assert codes(found, "carers") == {"carer": 4}


@pytest.mark.parametrize(
    ("written", "band"),
    [("2025", "0-4"), ("2021-01-01", "0-4"), ("2020-12-31", "5-10"), ("2000-06-15", "19-25"), ("1999-12-31", "over"), ("2009-12", "16-18"),
     ("2020", "5-10"), ("unknown", "unknown")],
)  # fmt: skip
def test_age_bands_on_the_last_day_of_the_year(written: str, band: str) -> None:
    assert yearly.age_band(born(written), YEAR.last) == band


def test_an_age_that_may_lie_in_two_bands_is_not_known() -> None:
    assert yearly.age_band(BirthDate(date(2014, 6, 1), date(2015, 6, 1)), date(2025, 9, 1)) == "unknown"
    assert yearly.age_band(BirthDate.on(date(2026, 3, 1)), YEAR.last) == "unknown"


def test_contacts_by_kind_of_body_by_the_day_in_london(database: Database) -> None:
    with database.writing() as session:
        file = family(session, DAY)
        contact(session, file, datetime(2025, 12, 31, 23, 59, tzinfo=UTC))
        contact(session, file, datetime(2026, 1, 1, 0, 0, tzinfo=UTC))
        contact(session, file, noon(DAY), "other_1")
        contact(session, file, noon(DAY), "other")
        found = yearly.count(session, YEAR)
        summer = yearly.count(session, Year(2025, YearKind.FINANCIAL))
        contact(session, file, datetime(2025, 3, 31, 23, 30, tzinfo=UTC))  # half past midnight on 1 April
        later = yearly.count(session, Year(2025, YearKind.FINANCIAL))
    assert codes(found, "contacts_body") == {"education": 1, "other": 2}
    assert later["contacts_body"].total() == summer["contacts_body"].total() + 1
    assert set(codes(found, "contacts_body")) <= set(CATEGORY_WORDS)


def test_files_that_may_only_be_stored_are_not_counted(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        file = family(session, DAY, born("2012-05-01"))
        row = referral(session, DAY, file)
        note(session, row, DAY)
        end(session, row, DAY)
        contact(session, file, noon(DAY))
        before = yearly.count(session, YEAR)
        restrictions.place(session, file, Restriction.PROCESSING, why="Asked", by="system", at=clock.now(), named=[])
        session.flush()
        after = yearly.count(session, YEAR)
    used = {table for table, *_ in yearly.rows_of(before)}
    assert used == {"referrals_asked", "referrals_first_note", "referrals_month", "ends_outcome", "children_age", "children_known", "carers",
                    "contacts_body", "notes_officer"}  # fmt: skip
    assert list(yearly.rows_of(after)) == []


def test_requests_breaches_and_notes_by_officer(database: Database) -> None:
    with database.writing() as session:
        session.add(RequestRow(number=1, kind="complaint", route="post", requester="parent", key_id=uuid4(), sealed=b"", received_on=DAY,
                               recorded_by="system", recorded_at=noon(DAY)))  # fmt: skip
        session.add(Incident(number=1, kind="lost_paper", key_id=uuid4(), sealed=b"", aware_at=noon(DAY), recorded_by="system", recorded_at=noon(DAY)))  # fmt: skip
        staff = [
            Account(sign_in_name=f"o{at}", display_name="Somebody", role="officer", password_hash="", created_at=noon(date(2024, 1, at)))
            for at in (2, 1)
        ]  # fmt: skip
        session.add_all(staff)
        session.flush()
        row = referral(session, DAY, family(session, DAY))
        note(session, row, DAY, str(staff[0].id))
        note(session, row, DAY, str(staff[0].id), version=2)
        note(session, row, date(2025, 7, 1), str(staff[1].id))
        note(session, row, DAY, "system")
        found = yearly.count(session, YEAR)
    assert codes(found, "requests_kind") == {"complaint": 1} and codes(found, "breaches_kind") == {"lost_paper": 1}
    assert dict(found["notes_officer"]) == {("06", "2"): 1, ("07", "1"): 1, ("06", "unknown"): 1}


def laid(code: str, counts: dict[tuple[str, str], int], year: Year = YEAR) -> Laid:
    table = next(table for tables in TABLES.values() for table in tables if table.code == code)
    return lay(table, counts, year)


def test_a_table_is_laid_out_in_its_own_order_and_keeps_codes_that_it_lost() -> None:
    made = laid("enquiries_topic", {("plan", ""): 3, ("old_topic", ""): 2})
    assert made.rows[2] == "EHC plan or annual review" and made.rows[-1] == "Old topic"
    assert made.cells[2] == (3,) and made.cells[-1] == (2,) and made.columns == ()
    april = laid("enquiries_month", {("03", ""): 4}, Year(2025, YearKind.FINANCIAL))
    assert april.rows[0] == "April" and april.rows[-1] == "March" and april.cells[-1] == (4,)
    notes = laid("notes_officer", {("01", "10"): 1, ("01", "2"): 1, ("02", "unknown"): 1})
    assert notes.columns == ("Officer 2", "Officer 10", "Not known") and len(notes.rows) == 12


def test_tables_divide_one_whole_each_in_their_own_way(database: Database) -> None:
    """Were one table a part of another, a small count could be taken from their totals."""
    with database.writing() as session:
        for at in range(12):
            file = family(session, DAY if at % 2 else date(2020, 1, 1), born(f"20{10 + at}"))
            row = referral(session, DAY, file if at % 3 else None, "school" if at % 2 else "parent")
            if row.file_id:
                note(session, row, DAY)
        enquiries(session, 9, DAY)
        found = yearly.count(session, YEAR)
    for prefix in ("enquiries_", "referrals_", "children_"):
        assert len({counts.total() for table, counts in found.items() if table.startswith(prefix)}) == 1
    codes_seen = [table.code for tables in TABLES.values() for table in tables]
    assert sorted(codes_seen) == sorted(found) and len(codes_seen) == len(set(codes_seen))
