"""Counts of finished years as kept, checks of what may leave, and by which rule a year left. Nothing here is about anybody in particular.

A count stands under codes: a year, a table, a row, a column. It tells that so many were counted and not who, so it stays when a file is
destroyed: a published year must not change (R79).
"""

from datetime import datetime

from sqlalchemy import Column, Integer
from sqlmodel import Field, SQLModel

from records.columns import moment


class ReportYear(SQLModel, table=True):
    """A finished year of which the counts are kept: taken once, never again. `code`: 2026, or 2026-27 from April to March."""

    __tablename__ = "report_year"

    code: str = Field(primary_key=True)
    kept_by: str
    kept_at: datetime = Field(sa_column=moment(nullable=False))


class ReportCount(SQLModel, table=True):
    """A true count, never shown to anybody but managers. Noughts are left out. In a list of one column `column_code` is empty."""

    __tablename__ = "report_count"

    year: str = Field(foreign_key="report_year.code", primary_key=True)
    table_code: str = Field(primary_key=True)
    row_code: str = Field(primary_key=True)
    column_code: str = Field(primary_key=True)
    count: int


class ReportCheck(SQLModel, table=True):
    """A manager looked at a report as somebody would who tries to find a family in it (R84), and chose by which rule it leaves. Appended.

    `sequence` counts: the highest is the newest. `edition`: of the fixed tables that were looked at. `note`: words that name nobody.
    """

    __tablename__ = "report_check"

    sequence: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    report: str = Field(index=True)
    edition: int
    mode: str
    note: str
    checked_by: str
    checked_at: datetime = Field(sa_column=moment(nullable=False))


class ReportRelease(SQLModel, table=True):
    """The first time that a report on a year went out: by this rule it goes ever after, for two rules on one year could be compared."""

    __tablename__ = "report_release"

    report: str = Field(primary_key=True)
    year: str = Field(primary_key=True)
    mode: str
    released_by: str
    released_at: datetime = Field(sa_column=moment(nullable=False))
