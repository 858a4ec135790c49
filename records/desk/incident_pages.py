"""Breaches and losses on the desk: anybody records one, the manager judges, tells and closes (R71)."""

from datetime import timedelta

from starlette.responses import Response

from records.desk.days import moment_in
from records.desk.file_frame import LARGEST_NUMBER
from records.desk.paging import fetched
from records.desk.request_pages import file_number, version
from records.desk.shell import Call, Pages
from records.errors import NotFound, RefusedByRule
from records.people import register as people
from records.people.tables import ChildFile
from records.people.typed import texts_wrong
from records.requests import incidents
from records.requests.breach import KIND_WORDS, RISK_WORDS, IncidentKind, Risk, in_words
from records.staff import accounts
from records.staff.access import Act

pages = Pages()
LINE_WORDS = {
    "more_known": "More came to light",
    "judged": "Risk judged",
    "told_regulator": "The regulator was told",
    "told_people": "The people concerned were told",
    "closed": "Closed",
}


@pages.get("/incidents", rule=Act.SEE_INCIDENTS)
def lists(call: Call) -> Response:
    """Every breach and loss: numbers, kinds and clocks, nothing of what happened."""
    now = call.desk.clock.now()
    with call.desk.db.reading() as session:
        shown = fetched(
            call, incidents.count(session), lambda most, out: incidents.listed(session, most, out), "/incidents"
        )
        rows = [
            (row, in_words(row.aware_at, now, told=row.told_regulator_at, risk=Risk(row.risk) if row.risk else None))
            for row in shown.rows
        ]
    return call.page("incidents.html", title="Breaches and losses", rows=rows, piece=shown, kinds=KIND_WORDS)


@pages.get("/incidents/new", rule=Act.RECORD_INCIDENT)
def new(call: Call) -> Response:
    return _new(call, {}, {})


@pages.post("/incidents/new", rule=Act.RECORD_INCIDENT)
def record(call: Call) -> Response:
    """Records one. The clock of 72 hours begins when somebody here first knew."""
    sent = {name: value.strip() for name, value in call.sent.items()}
    now = call.desk.clock.now()
    aware = moment_in(sent.get("aware_on", ""), sent.get("aware_at", ""))
    number = file_number(sent.get("file", ""))
    mistakes = {}
    if sent.get("kind") not in set(IncidentKind):
        mistakes["kind"] = "Choose what went wrong"
    if not sent.get("words"):
        mistakes["words"] = "Say what happened"
    mistakes |= texts_wrong(sent, {"words": "What happened"})
    if aware is None:
        mistakes["aware_on"] = (
            "Enter the day and the time when somebody here first knew, for example 20 11 2026 and 14:30"
        )
    elif aware > now + timedelta(minutes=1):
        mistakes["aware_on"] = "The moment when somebody here first knew must be in the past"
    if sent.get("file") and number is None:
        mistakes["file"] = "Enter a file number, for example PC-0042, or leave it empty"
    if mistakes or aware is None:
        return _new(call, sent, mistakes, 422)
    try:
        with call.desk.db.writing() as session:
            file: ChildFile | None = None
            if number is not None:
                try:
                    file = people.by_number(session, number)
                except NotFound:
                    raise RefusedByRule("No file has this number. Look at it again, or leave it empty", "R71") from None
            made = incidents.record(
                session, kind=IncidentKind(sent["kind"]), words=sent["words"], aware_at=min(aware, now), by=str(call.actor.id),
                at=now, file=file,
            ).number  # fmt: skip
    except RefusedByRule as refused:
        return _new(call, sent, {"file": refused.message}, 422)
    return call.go(
        f"/incidents/{made}" if call.may(Act.SETTLE_INCIDENT) else "/incidents",
        f"Incident {made} is recorded. The manager is told.",
    )


@pages.get("/incidents/{number:int}", rule=Act.SETTLE_INCIDENT)
def one(call: Call, number: int) -> Response:
    return _one(call, number, {}, {})


@pages.post("/incidents/{number:int}/act", rule=Act.SETTLE_INCIDENT)
def act(call: Call, number: int) -> Response:
    """Judged, told, closed: each once and in the manager's words."""
    sent = {name: value.strip() for name, value in call.sent.items()}
    do, by, now = sent.get("do", ""), str(call.actor.id), call.desk.clock.now()
    try:
        with call.desk.db.writing() as session:
            row = incidents.get(session, _small(number), version(sent))
            match do:
                case "judge":
                    if sent.get("risk") not in set(Risk):
                        raise RefusedByRule("Choose how likely a risk to people is.", "R71")
                    incidents.judge(session, row, Risk(sent["risk"]), sent.get("words", ""), by=by, at=now)
                case "regulator":
                    when = moment_in(sent.get("on", ""), sent.get("time", ""))
                    if when is None:
                        raise RefusedByRule("Enter the day and the time, for example 20 11 2026 and 14:30.", "R71")
                    incidents.told_regulator(session, row, when, sent.get("words", ""), by=by, at=now)
                case "people":
                    incidents.told_people(session, row, sent.get("words", ""), by=by, at=now)
                case "close":
                    incidents.close(session, row, sent.get("words", ""), by=by, at=now)
                case _:
                    raise NotFound("There is nothing here.")
    except RefusedByRule as refused:
        return _one(call, number, sent, {f"{do}-words": refused.message}, 422)
    return call.go(f"/incidents/{number}", "It is saved.")


def _small(number: int) -> int:
    if number > LARGEST_NUMBER:
        raise NotFound("There is nothing here.")
    return number


def _new(call: Call, sent: dict[str, str], mistakes: dict[str, str], status: int = 200) -> Response:
    return call.page(
        "incident_new.html",
        status=status,
        title="Record a breach or loss",
        sent=sent,
        mistakes=mistakes,
        kinds=KIND_WORDS,
    )


def _one(call: Call, number: int, sent: dict[str, str], mistakes: dict[str, str], status: int = 200) -> Response:
    now = call.desk.clock.now()
    with call.desk.db.reading() as session:
        row = incidents.get(session, _small(number))
        file = session.get(ChildFile, row.file_id) if row.file_id else None
        words, lines, names = (
            incidents.words_of(session, row),
            incidents.lines(session, row),
            accounts.display_names(session),
        )
    clock = in_words(row.aware_at, now, told=row.told_regulator_at, risk=Risk(row.risk) if row.risk else None)
    return call.page(
        "incident.html", status=status, title=f"Incident {number}", row=row, words=words, lines=lines, names=names, clock=clock,
        kinds=KIND_WORDS, risks=RISK_WORDS, done=LINE_WORDS, sent=sent, mistakes=mistakes,
        file_number=file.number if file is not None else None,
    )  # fmt: skip
