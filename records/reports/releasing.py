"""When a report may leave, and by which rule (N18, W43, W44, R84, S14). The one way from true counts to what is let out.

A report leaves only on a finished year whose counts are kept, by a rule that a manager chose when they looked at the report as somebody would
who tries to find a family in it. The rule of a report on one year never changes once it left, nor does the kind of year of the service: what
one way of showing hides, another might show.
"""

from dataclasses import dataclass
from typing import assert_never

from sqlmodel import Session, col, func, select

from records.audit import trail
from records.cases.personal import looks_personal
from records.clock import Clock
from records.errors import RefusedByRule
from records.policies.settings import Policy
from records.policies.values import CouncilAudits
from records.reports import keeping
from records.reports.disclosure import Mode, Shown, Withheld, show
from records.reports.measures import EDITION, TABLES, Counts, Laid, Report, lay
from records.reports.tables import ReportCheck, ReportRelease, ReportYear
from records.reports.years import Year, YearKind, parse

SHORTEST_NOTE, LONGEST_NOTE = 20, 1000
SAY_WHY = "Write who may read the report, what they know already, and why they can find nobody in it"
MODE_WORDS = {
    Mode.A: "Hide 1 to 7, and round everything else to the nearest 5",
    Mode.B5: "Hide 1 to 4 and what would give them away, and show the rest exactly",
    Mode.B10: "Hide 1 to 9 and what would give them away, and show the rest exactly",
}


@dataclass(frozen=True)
class Page:
    """One table of a report: as laid out with its true counts, and what of it may be shown."""

    laid: Laid
    shown: Shown | Withheld


def pages(report: Report, counts: Counts, year: Year, mode: Mode) -> tuple[Page, ...]:
    """Every table of a report under one rule."""
    made = (lay(table, counts.get(table.code, {}), year) for table in TABLES[report])
    return tuple(Page(laid, show(laid.cells, mode)) for laid in made)


def newest_check(session: Session, report: Report) -> ReportCheck | None:
    """The newest check of a report as its tables are now."""
    found = select(ReportCheck).where(ReportCheck.report == report, ReportCheck.edition == EDITION)
    return session.exec(found.order_by(col(ReportCheck.sequence).desc()).limit(1)).first()


def kind_let_out(session: Session) -> YearKind | None:
    """The kind of year that this service let out; None while nothing has left."""
    code = session.exec(select(ReportRelease.year).limit(1)).first()
    year = parse(code) if code is not None else None
    return year.kind if year is not None else None


def mode_of(session: Session, report: Report, year: Year) -> Mode:
    """By which rule a report on a year is shown: as it left, else as it was last checked, else the strictest habit (R74)."""
    left = session.get(ReportRelease, (report, year.code))
    if left is not None:
        return Mode(left.mode)
    check = newest_check(session, report)
    return Mode(check.mode) if check is not None else Mode.A


def note_mistake(note: str) -> str | None:
    """What is wrong with the note of a check. Pure. It names nobody: it is kept longer than any file."""
    if len(note.strip()) < SHORTEST_NOTE:
        return SAY_WHY
    if len(note) > LONGEST_NOTE:
        return f"The note must be {LONGEST_NOTE} characters or fewer"
    found = looks_personal(note)
    if found:
        return "The note looks as if it says who somebody is. Write it without names, dates of birth, numbers and addresses"
    return None


def record_check(session: Session, report: Report, mode: Mode, note: str, *, by: str, clock: Clock) -> None:
    """Records that a manager looked for a family in a report and found none (R84). RefusedByRule for a note that says too little or too much."""
    mistake = note_mistake(note)
    if mistake is not None:
        raise RefusedByRule(f"{mistake}.", "R84")
    now, last = clock.now(), session.exec(select(func.max(ReportCheck.sequence))).one()
    session.add(
        ReportCheck(
            sequence=(last or 0) + 1, report=report, edition=EDITION, mode=mode, note=note.strip(), checked_by=by, checked_at=now
        )
    )  # fmt: skip
    trail.append(
        session, actor=by, act="report_checked", subject_kind="report", subject_id=report, at=now, detail={"mode": str(mode)}
    )  # fmt: skip


def what_stops(session: Session, report: Report, year: Year, clock: Clock) -> tuple[str, ...]:
    """Why a report on a year may not leave, in words; empty when it may."""
    stops = []
    kind = kind_let_out(session)
    if kind is not None and kind is not year.kind:
        begins = "January" if kind is YearKind.CALENDAR else "April"
        stops.append(f"This service lets out years from {begins}. Years that overlap could be compared.")
    if not year.over(clock.today()):
        stops.append("The year is not over. Two reports on a part of it could be compared.")
    elif session.get(ReportYear, year.code) is None:
        stops.append("The counts of this year are not kept yet, so they could still change.")
    if newest_check(session, report) is None:
        stops.append("Nobody has checked this report for whether somebody could be recognised in it.")
    return tuple(stops)


def let_out(
    session: Session, report: Report, year: Year, policy: Policy, how: str, *, by: str, clock: Clock
) -> tuple[Page, ...]:
    """The tables of a report as they leave. RefusedByRule, in words, where they may not. Nothing else lets a report out."""
    match policy.council_audits:
        case CouncilAudits.NEVER_INDIVIDUAL:
            pass  # counts that identify nobody are all that this makes
        case _:
            assert_never(policy.council_audits)
    stops = what_stops(session, report, year, clock)
    if stops:
        raise RefusedByRule(stops[0], "R84")
    mode, now = mode_of(session, report, year), clock.now()
    if session.get(ReportRelease, (report, year.code)) is None:
        session.add(ReportRelease(report=report, year=year.code, mode=mode, released_by=by, released_at=now))
    trail.append(
        session, actor=by, act="report_let_out", subject_kind="report", subject_id=f"{report} {year.code}", at=now,
        detail={"mode": str(mode), "how": how},
    )  # fmt: skip
    return pages(report, keeping.of_year(session, year).counts, year, mode)
