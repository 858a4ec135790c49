"""The true counts of a finished year, taken once and never again (R79).

They are taken by the daily work some days after the year ended, or at a manager's word before that. What is erased or destroyed afterwards, or
entered late, changes no year that may have been published. Of a year that runs, or is not kept yet, counts are made when somebody looks.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, col, select

from records.audit import trail
from records.clock import Clock
from records.db import Database
from records.errors import RefusedByRule
from records.reports import yearly
from records.reports.measures import Counts
from records.reports.tables import ReportCount, ReportYear
from records.reports.years import Year, YearKind, latest
from records.tasks.tables import JobDay

JOB = "report_counts"


@dataclass(frozen=True)
class Kept:
    """Counts of a year. `at`, `by`: when they were kept and by whom; None while they still change."""

    counts: Counts
    at: datetime | None = None
    by: str = field(default="")


def of_year(session: Session, year: Year) -> Kept:
    """What was kept for a year, or what is counted now."""
    row = session.get(ReportYear, year.code)
    if row is None:
        return Kept(yearly.count(session, year))
    counts: dict[str, dict[tuple[str, str], int]] = {}
    for each in session.exec(select(ReportCount).where(ReportCount.year == year.code)):
        counts.setdefault(each.table_code, {})[each.row_code, each.column_code] = each.count
    return Kept(counts, row.kept_at, row.kept_by)


def years(session: Session) -> list[str]:
    """Codes of the years that are kept."""
    return list(session.exec(select(ReportYear.code).order_by(col(ReportYear.code).desc())))


def take(session: Session, year: Year, *, by: str, clock: Clock) -> bool:
    """Keeps the counts of a finished year. False where it is kept already, and nothing changes. RefusedByRule while the year runs."""
    if not year.over(clock.today()):
        raise RefusedByRule("This year is not over. Its counts can be kept when it is.", "R79")
    if session.get(ReportYear, year.code) is not None:
        return False
    now = clock.now()
    session.add(ReportYear(code=year.code, kept_by=by, kept_at=now))
    session.flush()
    for table, row, column, many in yearly.rows_of(yearly.count(session, year)):
        session.add(ReportCount(year=year.code, table_code=table, row_code=row, column_code=column, count=many))
    trail.append(
        session, actor=by, act="report_counts_kept", subject_kind="report", subject_id=year.code, at=now
    )  # fmt: skip
    return True


def when_due(db: Database, clock: Clock) -> list[str]:
    """Keeps the last finished year of each kind once its days are over; returns which. Once a day; a year in which nothing was counted is not kept."""
    today = clock.today()
    with db.reading() as session:
        done = session.get(JobDay, JOB)
        if done is not None and done.day >= today:
            return []
        due = [
            year
            for kind in YearKind
            for year in latest(today, kind, 2)
            if year.keeps_on <= today and session.get(ReportYear, year.code) is None
        ]
        due = [year for year in due if any(True for _ in yearly.rows_of(yearly.count(session, year)))]
    kept = []
    with db.writing() as session:
        kept = [year.code for year in due if take(session, year, by=trail.SYSTEM, clock=clock)]
        session.merge(JobDay(job=JOB, day=today))
    return kept
