"""Counts of a finished year are taken once, and nothing changes them (R79)."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import func, select

from records.audit.tables import AuditEntry
from records.clock import fixed
from records.db import Database
from records.errors import RefusedByRule
from records.people.birthdates import parse as born
from records.reports import keeping
from records.reports.tables import ReportCount
from records.reports.years import Year, YearKind
from records.reports.years import latest as latest_years
from records.reports.years import parse as year_of
from records.retention import reach
from tests.records.reports.counted import enquiries, family, note, referral

YEAR = Year(2025, YearKind.CALENDAR)
JANUARY = fixed(datetime(2026, 1, 20, 9, tzinfo=UTC))


def test_a_kept_year_stays_as_it_is_when_files_are_destroyed_and_things_come_late(database: Database) -> None:
    with database.writing() as session:
        enquiries(session, 12, date(2025, 3, 1))
        file = family(session, date(2025, 3, 1), born("2012"))
        note(session, referral(session, date(2025, 3, 1), file), date(2025, 3, 2))
    with database.writing() as session:
        assert keeping.take(session, YEAR, by="system", clock=JANUARY)
    with database.writing() as session:
        before = keeping.of_year(session, YEAR)
        going = reach.of_files(session, [session.merge(file)])
        assert not {name for name in going.rows if name.startswith("report_")}
        reach.erase(session, going)
        enquiries(session, 30, date(2025, 3, 1))
        assert not keeping.take(session, YEAR, by="somebody", clock=JANUARY)
    with database.reading() as session:
        after = keeping.of_year(session, YEAR)
        assert (
            session.exec(
                select(func.count()).select_from(AuditEntry).where(AuditEntry.act == "report_counts_kept")
            ).one()
            == 1
        )
    assert after == before and after.by == "system" and after.at == JANUARY.now()
    assert after.counts["children_age"] == {("11-15", ""): 1} and after.counts["enquiries_topic"] == {("plan", ""): 12}


def test_a_year_that_runs_cannot_be_kept(database: Database) -> None:
    with database.writing() as session, pytest.raises(RefusedByRule):
        keeping.take(session, Year(2026, YearKind.CALENDAR), by="somebody", clock=JANUARY)


def test_the_daily_work_keeps_a_year_some_days_after_its_end_and_once(database: Database) -> None:
    with database.writing() as session:
        enquiries(session, 2, date(2025, 3, 1))
    early, due, april = (fixed(datetime(*day, 9, tzinfo=UTC)) for day in ((2026, 1, 13), (2026, 1, 14), (2026, 4, 14)))
    # The year from April 2024 was over long ago.
    assert keeping.when_due(database, early) == ["2024-25"]
    assert keeping.when_due(database, due) == ["2025"]
    assert keeping.when_due(database, due) == [] and keeping.when_due(database, JANUARY) == []
    with database.writing() as session:
        enquiries(session, 1, date(2025, 5, 1))
    assert keeping.when_due(database, april) == ["2025-26"]
    with database.reading() as session:
        assert keeping.years(session) == ["2025-26", "2025", "2024-25"]
        assert session.exec(select(func.sum(ReportCount.count)).where(ReportCount.year == "2025", ReportCount.table_code == "enquiries_topic")).one() == 2  # fmt: skip


def test_a_year_in_which_nothing_was_counted_is_not_kept_by_itself(database: Database) -> None:
    assert keeping.when_due(database, JANUARY) == []
    with database.reading() as session:
        assert keeping.years(session) == [] and keeping.of_year(session, YEAR).at is None


@pytest.mark.parametrize(
    ("code", "first", "last", "words"),
    [("2026", date(2026, 1, 1), date(2026, 12, 31), "2026"), ("2026-27", date(2026, 4, 1), date(2027, 3, 31), "April 2026 to March 2027"),
     ("2099-00", date(2099, 4, 1), date(2100, 3, 31), "April 2099 to March 2100")],
)  # fmt: skip
def test_years_and_their_codes(code: str, first: date, last: date, words: str) -> None:
    year = year_of(code)
    assert year is not None and (year.code, year.first, year.last, year.in_words()) == (code, first, last, words)
    assert year.over(date.fromordinal(last.toordinal() + 1)) and not year.over(last)
    assert next(iter(year.months())) == f"{first.month:02d}" and len(year.months()) == 12


@pytest.mark.parametrize("code", ["", "26", "1999", "2026-28", "2026-7", "2026 ", "２０２６", "2026-27-28"])
def test_what_is_no_code_of_a_year(code: str) -> None:
    assert year_of(code) is None


def test_the_years_to_choose_from() -> None:
    assert [each.code for each in latest_years(date(2026, 3, 31), YearKind.FINANCIAL)] == [
        "2025-26",
        "2024-25",
        "2023-24",
    ]
    assert [each.code for each in latest_years(date(2026, 4, 1), YearKind.FINANCIAL, 1)] == ["2026-27"]
