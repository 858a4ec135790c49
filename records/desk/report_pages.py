"""Reports for managers: yearly counts in which nobody can be recognised, on screen, on paper and for a spreadsheet (N18, W5, W6, W44)."""

from sqlmodel import Session
from starlette.responses import Response

from records.audit import trail
from records.desk.case_forms import Form
from records.desk.shell import Call, Pages
from records.errors import NotFound
from records.reports import keeping, prints, releasing
from records.reports.disclosure import Mode
from records.reports.layout import Sheet, sheet, true_grid
from records.reports.measures import REPORT_WORDS, Report
from records.reports.releasing import MODE_WORDS
from records.reports.years import Year, YearKind, latest, parse
from records.staff import accounts
from records.staff.access import Act

pages = Pages()


@pages.get("/reports", rule=Act.SEE_REPORTS)
def overview(call: Call) -> Response:
    """One report on one year as it would leave, and what it still needs before it may."""
    today = call.desk.clock.today()
    with call.desk.db.reading() as session:
        report, year = _asked(session, call)
        kept, mode = keeping.of_year(session, year), releasing.mode_of(session, report, year)
        names = accounts.display_names(session)
        shown = _sheet(report, year, mode, releasing.pages(report, kept.counts, year, mode))
        return call.page(
            "report.html", title="Reports", report=report, year=year, reports=REPORT_WORDS, years=_years(session, call, year), sheet=shown,
            kept=kept, kept_by=names.get(kept.by, "Paperchain"), over=year.over(today), check=releasing.newest_check(session, report), names=names,
            mode_words=MODE_WORDS, stops=releasing.what_stops(session, report, year, call.desk.clock), may=call.may(Act.LET_OUT_REPORT),
        )  # fmt: skip


@pages.get("/reports/true", rule=Act.SEE_REPORTS)
def true_counts(call: Call) -> Response:
    """The true counts of a report, for managers alone; looking at them is recorded."""
    with call.desk.db.reading() as session:
        report, year = _asked(session, call)
        kept = keeping.of_year(session, year)
        grids = [true_grid(each.laid) for each in releasing.pages(report, kept.counts, year, Mode.A)]
    with call.desk.db.writing() as session:
        trail.append(
            session, actor=str(call.actor.id), act="report_true_seen", subject_kind="report", subject_id=f"{report} {year.code}",
            at=call.desk.clock.now(),
        )  # fmt: skip
    return call.page(
        "report_true.html", title="True counts", report=report, year=year, name=REPORT_WORDS[report], grids=grids
    )


@pages.post("/reports/keep", rule=Act.LET_OUT_REPORT)
def keep(call: Call) -> Response:
    """Keeps the counts of a finished year now, once and for all."""
    with call.desk.db.writing() as session:
        report, year = _asked(session, call)
        new = keeping.take(session, year, by=str(call.actor.id), clock=call.desk.clock)
    words = (
        "The counts of this year are kept. They will not change any more."
        if new
        else "They were kept already. Nothing was changed."
    )
    return call.go(_place(report, year), words)


@pages.get("/reports/check", rule=Act.LET_OUT_REPORT)
def check_form(call: Call) -> Response:
    """Asks whether anybody could be recognised in a report, before it may leave (R84)."""
    return _check(call, Form({}))


@pages.post("/reports/check", rule=Act.LET_OUT_REPORT)
def check(call: Call) -> Response:
    """Records the check, and the rule by which the report leaves."""
    form = Form(call.sent)
    mode = form.one("mode", Mode, "Choose what is hidden")
    note = form.text("note", "The note", most=releasing.LONGEST_NOTE, needed=releasing.SAY_WHY, lines=True)
    if "note" not in form.mistakes and (mistake := releasing.note_mistake(note)):
        form.mistakes["note"] = mistake
    if form.mistakes or mode is None:
        return _check(call, form, status=422)
    with call.desk.db.writing() as session:
        report, year = _asked(session, call)
        releasing.record_check(session, report, mode, note, by=str(call.actor.id), clock=call.desk.clock)
    return call.go(_place(report, year), "The check was recorded.")


@pages.post("/reports/print", rule=Act.LET_OUT_REPORT, fresh=True)
def print_report(call: Call) -> Response:
    """The report on paper."""
    made = _let_out(call, "print")
    return Response(prints.report(made, call.desk.service_name, call.desk.clock.today()), media_type="application/pdf")


@pages.post("/reports/csv", rule=Act.LET_OUT_REPORT, fresh=True)
def save_report(call: Call) -> Response:
    """The report for a spreadsheet."""
    made = _let_out(call, "csv")
    return Response(
        prints.as_csv(made, call.desk.service_name, call.desk.clock.today()), media_type="text/csv",
        headers={"Content-Disposition": 'attachment; filename="report.csv"'},
    )  # fmt: skip


def _let_out(call: Call, how: str) -> Sheet:
    with call.desk.db.writing() as session:
        report, year = _asked(session, call)
        mode = releasing.mode_of(session, report, year)
        made = releasing.let_out(
            session, report, year, call.desk.policy(), how, by=str(call.actor.id), clock=call.desk.clock
        )
    return _sheet(report, year, mode, made)


def _sheet(report: Report, year: Year, mode: Mode, made: tuple[releasing.Page, ...]) -> Sheet:
    return sheet(report, year, mode, ((each.laid, each.shown) for each in made))


def _check(call: Call, form: Form, status: int = 200) -> Response:
    with call.desk.db.reading() as session:
        report, year = _asked(session, call)
        last = releasing.newest_check(session, report)
    if last is not None:
        form.sent.setdefault("mode", last.mode)
    return call.page(
        "report_check.html", status=status, title="Check a report", report=report, year=year, name=REPORT_WORDS[report],
        sent={"mode": Mode.A.value} | dict(form.sent), mistakes=form.mistakes, modes=MODE_WORDS, last=last,
    )  # fmt: skip


def _place(report: Report, year: Year) -> str:
    return f"/reports?report={report}&year={year.code}"


def _asked(session: Session, call: Call) -> tuple[Report, Year]:
    """The report and the year of an address or a form: the first report, and the last finished year, where none is named. NotFound for any other."""
    given = call.sent if call.request.method == "POST" else call.request.query_params
    report, code = given.get("report", Report.SERVICE), given.get("year")
    kind = releasing.kind_let_out(session) or YearKind.CALENDAR
    year = parse(code) if code is not None else list(latest(call.desk.clock.today(), kind, 2))[-1]
    if report not in set(Report) or year is None or not year.first <= call.desk.clock.today():
        raise NotFound("There is no such report.")
    return Report(report), year


def _years(session: Session, call: Call, year: Year) -> dict[str, str]:
    """The years to choose from, of the kind that this service lets out: the one that runs, the two before it, and those that are kept."""
    only = releasing.kind_let_out(session)
    found = {each for kind in YearKind if only in (None, kind) for each in latest(call.desk.clock.today(), kind)}
    kept = [each for each in map(parse, keeping.years(session)) if each is not None]
    found |= {each for each in kept if only in (None, each.kind)} | {year}
    order = sorted(found, key=lambda each: (each.kind, -each.begins))
    return {each.code: each.in_words() for each in order}
