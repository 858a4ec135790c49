"""A report leaves on a kept year alone, after a check, by one rule for ever (N18, W43, W44, R84)."""

import csv
import io
from datetime import UTC, date, datetime

import pytest

from records.cases.words import TOPIC_WORDS, Topic
from records.clock import fixed
from records.db import Database
from records.errors import RefusedByRule
from records.policies.settings import Policy
from records.policies.settings import load as load_policy
from records.reports import keeping, layout, prints, releasing
from records.reports.disclosure import SHORTHAND, WHY_WORDS, Mode, Shown, Why
from records.reports.measures import NOT_RECORDED, REPORT_WORDS, TABLES, Report
from records.reports.years import Year, YearKind
from tests.records.reports.counted import enquiries

YEAR = Year(2025, YearKind.CALENDAR)
CLOCK = fixed(datetime(2026, 2, 1, 9, tzinfo=UTC))
NOTE = "The council's team may read it. They know families from panels. No table is about one school, and small numbers are hidden."


@pytest.fixture(params=["westminster", "northamptonshire"])
def policy(request: pytest.FixtureRequest) -> Policy:
    return load_policy(request.param, date(2026, 2, 1))


def check(database: Database, mode: Mode = Mode.A, report: Report = Report.SERVICE) -> None:
    with database.writing() as session:
        releasing.record_check(session, report, mode, NOTE, by="manager", clock=CLOCK)


def keep(database: Database, year: Year = YEAR) -> None:
    with database.writing() as session:
        for many, topic in ((42, "plan"), (17, "place"), (9, "money"), (3, "health")):
            enquiries(session, many, date(2025, 6, 1), topic)
        keeping.take(session, year, by="system", clock=CLOCK)


def let_out(database: Database, policy: Policy, year: Year = YEAR) -> tuple[releasing.Page, ...]:
    with database.writing() as session:
        return releasing.let_out(session, Report.SERVICE, year, policy, "csv", by="manager", clock=CLOCK)


def test_nothing_leaves_before_the_year_is_kept_and_the_report_checked(database: Database, policy: Policy) -> None:
    with pytest.raises(RefusedByRule):
        let_out(database, policy)
    keep(database)
    with pytest.raises(RefusedByRule, match="checked"):
        let_out(database, policy)
    check(database, report=Report.RIGHTS)  # of another report
    with pytest.raises(RefusedByRule, match="checked"):
        let_out(database, policy)
    check(database)
    topics = let_out(database, policy)[0].shown
    assert isinstance(topics, Shown)
    assert [row[0] for row in topics.cells if row[0] != 0] == [40, 15, None, 10]


def test_a_year_that_runs_never_leaves(database: Database, policy: Policy) -> None:
    check(database)
    with pytest.raises(RefusedByRule, match="not over"):
        let_out(database, policy, Year(2026, YearKind.CALENDAR))


def test_a_report_on_a_year_leaves_by_one_rule_for_ever(database: Database, policy: Policy) -> None:
    keep(database)
    check(database)
    first = let_out(database, policy)
    check(database, Mode.B5)
    assert let_out(database, policy) == first
    with database.reading() as session:
        assert releasing.mode_of(session, Report.SERVICE, YEAR) is Mode.A
        assert releasing.mode_of(session, Report.SERVICE, Year(2024, YearKind.CALENDAR)) is Mode.B5
        assert releasing.mode_of(session, Report.STAFFING, YEAR) is Mode.A


def test_years_of_another_kind_do_not_leave_once_one_did(database: Database, policy: Policy) -> None:
    keep(database)
    check(database)
    let_out(database, policy)
    april = Year(2024, YearKind.FINANCIAL)
    with database.writing() as session:
        keeping.take(session, april, by="system", clock=CLOCK)
    with pytest.raises(RefusedByRule, match="overlap"):
        let_out(database, policy, april)


@pytest.mark.parametrize(
    ("note", "wrong"),
    [("", "Write who"), ("Fine.", "Write who"), ("x" * 1001, "1000"), ("Rowan Testwood cannot be found in it by anybody at all", "looks as if"),
     ("Nobody knows whose telephone is 01632 960123 from these tables", "looks as if"), (NOTE, None)],
)  # fmt: skip
def test_the_note_of_a_check_says_enough_and_names_nobody(note: str, wrong: str | None) -> None:
    mistake = releasing.note_mistake(note)
    assert mistake is None if wrong is None else mistake is not None and wrong in mistake


def test_a_check_of_other_tables_counts_no_more(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    check(database)
    with database.reading() as session:
        assert releasing.newest_check(session, Report.SERVICE) is not None
        monkeypatch.setattr(releasing, "EDITION", releasing.EDITION + 1)
        assert releasing.newest_check(session, Report.SERVICE) is None


def sheet(report: Report, counts: dict[str, dict[tuple[str, str], int]], mode: Mode = Mode.A) -> layout.Sheet:
    made = releasing.pages(report, counts, YEAR, mode)
    return layout.sheet(report, YEAR, mode, ((each.laid, each.shown) for each in made))


COUNTS = {
    "enquiries_topic": {("plan", ""): 42, ("place", ""): 17, ("money", ""): 9, ("health", ""): 3},
    "notes_officer": {
        ("01", "1"): 30,
        ("02", "1"): 3,
        ("01", "2"): 60,
        ("02", "2"): 20,
        ("03", "2"): 12,
        ("03", "1"): 15,
    },
}


def test_the_shorthand_stands_above_the_tables_of_a_file_for_a_spreadsheet() -> None:
    lines = list(
        csv.reader(
            io.StringIO(prints.as_csv(sheet(Report.SERVICE, COUNTS), "=Testwood", CLOCK.today()).decode("utf-8-sig"))
        )
    )
    first = next(at for at, line in enumerate(lines) if line[:1] == ["Enquiries by topic"])
    for code in ("[c]", "[x]"):
        assert [code, SHORTHAND[code]] in lines[:first]
    assert ["'=Testwood"] in lines
    assert [TOPIC_WORDS[Topic.PLAN], "40", "57%"] in lines and [TOPIC_WORDS[Topic.HEALTH], "[c]", "[c]"] in lines
    assert ["Total", "70", "100%"] in lines and ["Ethnicity", "[x]"] in lines
    assert [WHY_WORDS[Why.FEW]] in lines


def test_a_report_holds_words_of_the_program_and_figures_alone() -> None:
    """There is no free text in it, so no name that the system knows (N18)."""
    words = {each for report in Report for table in TABLES[report] for each in (table.title, table.note, table.unit)}
    words |= {each for report in Report for table in TABLES[report] for each in releasing.lay(table, {}, YEAR).rows}
    words |= {*REPORT_WORDS.values(), *layout.HOW_WORDS.values(), *SHORTHAND, *SHORTHAND.values(), *WHY_WORDS.values()}
    words |= {each for missing in NOT_RECORDED.values() for each in missing}
    words |= {"", "Share", "Number", "Month", "Total", "2025", "Officer 1", "Officer 2"}
    for report in Report:
        made = sheet(report, COUNTS)
        seen = {
            made.title,
            made.year,
            made.how,
            *made.not_recorded,
            *(each for pair in made.shorthand for each in pair),
        }
        for each in made.grids:
            seen |= {
                each.title,
                each.note,
                each.withheld,
                *each.head,
                *(cell for row in each.rows for cell in row if isinstance(cell, str)),
            }
        assert {each for each in seen - words if not each.rstrip("%").isdigit()} == set()


@pytest.mark.parametrize("mode", Mode)
def test_the_table_of_two_ways_is_shown_with_its_totals(mode: Mode) -> None:
    (grid,) = sheet(Report.STAFFING, COUNTS, mode).grids
    assert grid.head == ("Month", "Officer 1", "Officer 2", "Total")
    assert grid.rows[1][1] == "[c]" and grid.rows[-1][-1] == 140


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\x00=1", "\r\n=1", "＝1", "﹢1", " =1"])
def test_no_cell_is_taken_for_a_sum(text: str) -> None:
    assert str(layout.safe(text)).startswith("'")


@pytest.mark.parametrize("report", Report)
def test_a_report_prints(report: Report) -> None:
    assert prints.report(sheet(report, COUNTS), "Testwood SENDIASS", CLOCK.today()).startswith(b"%PDF")
