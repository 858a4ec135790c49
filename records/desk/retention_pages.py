"""Retention: what falls due, lists for disposal, certificates. File numbers only; a name stands on no page here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, select
from starlette.responses import Response

from records.cases.words import Openness
from records.desk import hold_rows
from records.desk.numbers import whole
from records.desk.original_pages import pdf
from records.desk.paging import fetched
from records.desk.shell import Call, Pages
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.guard.standing import about
from records.holds import register as holds
from records.people.tables import ChildFile
from records.policies.periods import in_words
from records.policies.settings import Policy
from records.retention import alarms, certificate, disposal, erased, facts, keeping, ledger, months, unclosed
from records.retention.clock_guard import Cap
from records.retention.disposal import TAKE_OFF_WORDS, Candidate, LineState, ListState, TakeOff
from records.retention.facts import Rules
from records.retention.schedule import Undated
from records.retention.stops import STOP_WORDS, Stop
from records.retention.tables import DisposalLine, DisposalList
from records.staff import accounts
from records.staff.access import Act

TABS = (("", "Due"), ("/holds", "Holds"), ("/lists", "Approved"), ("/certificates", "Certificates"))
LARGEST = 2**31 - 1
STATE_WORDS = {
    ListState.PROPOSED: "Waits for an officer to look through it",
    ListState.LOOKED: "Waits for a manager to approve it",
    ListState.APPROVED: "Approved",
    ListState.RUNNING: "Being destroyed",
    ListState.DONE: "Done",
    ListState.WITHDRAWN: "Given up",
}


@dataclass(frozen=True)
class Line:
    """One file on a list, with what stands against it today."""

    row: DisposalLine
    words: str
    against: tuple[str, ...]


@dataclass(frozen=True)
class Listed:
    """A list with its people by name and its files."""

    row: DisposalList
    words: str
    proposed_by: str
    looked_by: str
    approved_by: str
    lines: tuple[Line, ...]
    left: int


ENDED = (ListState.DONE, ListState.WITHDRAWN)


@dataclass
class _Retention:
    cap: Cap
    policy_on: Callable[[date], Policy]

    def rules(self, call: Call) -> Rules:
        return facts.rules(self.policy_on, call.desk.clock.today())

    # ------------------------------------------------------------------ due

    def due(self, call: Call, mistakes: dict[str, str] | None = None, status: int = 200) -> Response:
        rules, today = self.rules(call), call.desk.clock.today()
        if call.request.method == "GET":  # an act that is refused keeps nothing, not even months counted beside it
            counted_anew(call, rules)
        page = whole(call.request.query_params.get("page", "1")) or 1
        start = (page - 1) * disposal.MOST_SHOWN
        with call.desk.db.reading() as session:
            rows, total = disposal.candidates(session, rules, today, start=start)
            contact = facts.last_contacts(session, [row.facts.file_id for row in rows])
            next_month = months.next_month(session, today.replace(day=1))
            undated, dated = _undated(session, rules), total > 0
            warnings = alarms.warnings(session, call.desk.clock.now(), self.cap)
            late = alarms.too_late(session, rules, today)
            count = months.count_undated(session)
            open_ones = len(unclosed.ids(session, rules, today)) if call.may(Act.CLOSE_MANY) else 0
        chosen = {number for value in call.form.getlist("file") if isinstance(value, str) and (number := whole(value))}
        return call.page(
            "retention.html", status=status, title="Retention", tabs=TABS, here="", rows=rows, total=total, start=start,
            page=page, pages=-(-total // disposal.MOST_SHOWN), contact=contact, undated=undated, count_undated=count,
            empty=_empty(rules, next_month, dated), mistakes=mistakes or {}, chosen=chosen, may_list=call.may(Act.LIST_DISPOSAL),
            may_open=call.may(Act.OPEN_FILE), open_ones=open_ones,
            may_close=call.may(Act.CLOSE_FILE), NOT_CLOSED=Openness.NOT_CLOSED, may_keep=call.may(Act.KEEP_LONGER),
            warnings=[*warnings, *([late] if late else [])], number=certificate.file_name,
            period=rules.now.age is not None, last_day=_last_day,
        )  # fmt: skip

    def propose(self, call: Call) -> Response:
        chosen = [number for value in call.form.getlist("file") if isinstance(value, str) and (number := whole(value))]
        rules = self.rules(call)
        try:
            with call.desk.db.writing() as session:
                made = disposal.propose(
                    session, chosen, rules=rules, cap=self.cap, by=str(call.actor.id), at=call.desk.clock.now()
                )
        except RefusedByRule as refused:
            return self.due(call, {"file": refused.message}, 422)
        return call.go(
            f"/retention/lists/{made.number}", f"List {made.number} is made. An officer looks through it next."
        )

    # ------------------------------------------------------------------ lists

    def lists(self, call: Call) -> Response:
        with call.desk.db.reading() as session:
            names = accounts.display_names(session)
            waiting = fetched(
                call, disposal.count_in(session, *disposal.OPEN),
                lambda most, leave_out: disposal.in_states(session, *disposal.OPEN, limit=most, leave_out=leave_out),
                "/retention/lists", "waiting",
            )  # fmt: skip
            ended = fetched(
                call, disposal.count_in(session, *ENDED),
                lambda most, leave_out: disposal.in_states(session, *ENDED, limit=most, leave_out=leave_out), "/retention/lists",
            )  # fmt: skip
            files = disposal.sizes(session, [*waiting.rows, *ended.rows])
        return call.page(
            "retention_lists.html", title="Approved for disposal", tabs=TABS, here="/lists", waiting=waiting, ended=ended, files=files,
            states=STATE_WORDS, names=names,
        )  # fmt: skip

    def list(self, call: Call, number: int, mistakes: dict[str, str] | None = None, status: int = 200) -> Response:
        rules, today = self.rules(call), call.desk.clock.today()
        with call.desk.db.reading() as session:
            row = disposal.get(session, _fits(number))
            shown = _listed(
                session, row, accounts.display_names(session), lambda line: _against(session, line, rules, today)
            )
        me = str(call.actor.id)
        return call.page(
            "retention_list.html", status=status, title=f"Disposal list {number}", tabs=TABS, here="/lists", shown=shown,
            mistakes=mistakes or {}, sent=call.sent, take_off=TAKE_OFF_WORDS, grace=disposal.GRACE_DAYS,
            number=certificate.file_name,
            may_look=row.state == ListState.PROPOSED and call.may(Act.LOOK_DISPOSAL),
            may_approve=row.state == ListState.LOOKED and call.may(Act.APPROVE_DISPOSAL) and me not in (row.proposed_by, row.looked_by),
            own=row.state == ListState.LOOKED and call.may(Act.APPROVE_DISPOSAL) and me in (row.proposed_by, row.looked_by),
            may_change=row.state in disposal.MAY_CHANGE and (call.may(Act.LOOK_DISPOSAL) or call.may(Act.APPROVE_DISPOSAL)),
            approved=row.state == ListState.APPROVED,
        )  # fmt: skip

    def look(self, call: Call, number: int) -> Response:
        try:
            with call.desk.db.writing() as session:
                disposal.look(
                    session, _fits(number), version=_version(call), by=str(call.actor.id), at=call.desk.clock.now()
                )
        except RefusedByRule as refused:
            return self.list(call, number, {"look": refused.message}, 422)
        return call.go(f"/retention/lists/{number}", "You have looked through this list. A manager approves it next.")

    def approve(self, call: Call, number: int) -> Response:
        try:
            with call.desk.db.writing() as session:
                found = disposal.approve(
                    session, _fits(number), whole(call.sent.get("count", "")), rules=self.rules(call), version=_version(call),
                    by=str(call.actor.id), at=call.desk.clock.now(),
                )  # fmt: skip
        except RefusedByRule as refused:
            return self.list(call, number, {"count": refused.message}, 422)
        assert found.grace_until is not None
        return call.go(
            f"/retention/lists/{number}", f"Approved. Files can be taken off until {in_words(found.grace_until)}."
        )

    def take_off(self, call: Call, number: int, file: int) -> Response:
        if not (call.may(Act.LOOK_DISPOSAL) or call.may(Act.APPROVE_DISPOSAL)):
            raise NotFound("There is nothing here.")
        why = call.sent.get("why", "")
        if why not in set(TakeOff):
            return self.list(call, number, {f"why-{file}": "Choose why it is taken off"}, 422)
        with call.desk.db.writing() as session:
            disposal.take_off(
                session, _fits(number), _fits(file), TakeOff(why), by=str(call.actor.id), at=call.desk.clock.now()
            )
        return call.go(f"/retention/lists/{number}", f"{certificate.file_name(file)} is taken off the list and stays.")

    def withdraw(self, call: Call, number: int) -> Response:
        if not (call.may(Act.LOOK_DISPOSAL) or call.may(Act.APPROVE_DISPOSAL)):
            raise NotFound("There is nothing here.")
        with call.desk.db.writing() as session:
            disposal.withdraw(
                session, _fits(number), version=_version(call), by=str(call.actor.id), at=call.desk.clock.now()
            )
        return call.go("/retention/lists", f"List {number} is given up. Its files stay.")

    # ------------------------------------------------------------------ certificates

    def certificates(self, call: Call) -> Response:
        return self._certificates(call, None, {})

    def asked(self, call: Call) -> Response:
        typed = call.sent.get("number", "").strip().upper().removeprefix("PC-").lstrip("0")
        number = whole(typed)
        if number is None:
            return self._certificates(
                call, None, {"number": "Enter the number on the letter, for example PC-0042"}, 422
            )
        with call.desk.db.reading() as session:
            said = certificate.answer(ledger.asked_later(session, number))
        return self._certificates(
            call, said or "We hold no information about a file of this number that was destroyed.", {}
        )

    def _certificates(self, call: Call, said: str | None, mistakes: dict[str, str], status: int = 200) -> Response:
        with call.desk.db.reading() as session:
            runs = fetched(
                call,
                certificate.count(session),
                lambda most, leave_out: certificate.runs(session, most, leave_out),
                "/retention/certificates",
            )
            erasures = fetched(
                call, erased.count(session), lambda most, leave_out: erased.newest(session, most, leave_out), "/retention/certificates",
                "erasures",
            )  # fmt: skip
        return call.page(
            "retention_certificates.html", status=status, title="Certificates of destruction", tabs=TABS, here="/certificates",
            runs=runs, erasures=erasures, month=certificate.month, said=said, mistakes=mistakes, sent=call.sent,
        )  # fmt: skip

    def certificate(self, call: Call, number: int) -> Response:
        with call.desk.db.reading() as session:
            found = certificate.of_run(session, number)
            names = accounts.display_names(session)
        return pdf(certificate.pdf(found, names, call.desk.service_name), f"certificate-{number}")

    def of_erasure(self, call: Call, number: int) -> Response:
        with call.desk.db.reading() as session:
            found = erased.of_entry(session, number)
            names = accounts.display_names(session)
        return pdf(erased.pdf(found, names, call.desk.service_name), f"certificate-{found.name}")

    # ------------------------------------------------------------------ keep longer

    def keep(self, call: Call, number: int, mistakes: dict[str, str] | None = None, status: int = 200) -> Response:
        rules = self.rules(call)
        with call.desk.db.reading() as session:
            file = _file(session, number)
            found = facts.due_by(facts.of_file(session, file), rules)
            names = accounts.display_names(session)
            may_read = call.may(Act.OPEN_FILE, about(file))
            before = [
                (row, reason if may_read else "", names.get(row.decided_by, "–"))
                for row, reason in keeping.decisions(session, file)
            ]
            standing = hold_rows.rows(session, holds.blocking(session, file_id=file.id), names, call.desk.clock.today())
        return call.page(
            "retention_keep.html", status=status, title=f"Keep file {certificate.file_name(number)} longer", tabs=TABS, here="",
            file=number, found=found, undated=isinstance(found, Undated), before=before, standing=hold_rows.of_kinds(standing),
            mistakes=mistakes or {}, sent=call.sent, number=certificate.file_name,
        )  # fmt: skip

    def keep_longer(self, call: Call, number: int) -> Response:
        until, rules = date_sent(call, "until"), self.rules(call)
        mistakes = {}
        if until is None:
            mistakes["until-day"] = "Keep until must be a real date, for example 27 3 2030"
        if not call.sent.get("reason", "").strip():
            mistakes["reason"] = "Say why it is kept longer"
        if mistakes or until is None:
            return self.keep(call, number, mistakes, 422)
        try:
            with call.desk.db.writing() as session:
                keeping.keep_to(
                    session, _file(session, number), until, call.sent["reason"], rules=rules, by=str(call.actor.id),
                    at=call.desk.clock.now(),
                )  # fmt: skip
                months.refresh(session, rules)
        except RefusedByRule as refused:
            field = "reason" if "why" in refused.message else "until-day"
            return self.keep(call, number, {field: refused.message}, 422)
        return call.go("/retention", f"{certificate.file_name(number)} is kept until {in_words(until)}.")


def make(cap: Cap, policy_on: Callable[[date], Policy]) -> Pages:
    """The pages, over the cap and the policies of this installation."""
    of, pages = _Retention(cap, policy_on), Pages()
    pages.get("/retention", rule=Act.SEE_RETENTION)(of.due)
    pages.post("/retention/propose", rule=Act.LIST_DISPOSAL)(of.propose)
    pages.get("/retention/lists", rule=Act.SEE_RETENTION)(of.lists)
    pages.get("/retention/lists/{number:int}", rule=Act.SEE_RETENTION)(of.list)
    pages.post("/retention/lists/{number:int}/look", rule=Act.LOOK_DISPOSAL)(of.look)
    pages.post("/retention/lists/{number:int}/approve", rule=Act.APPROVE_DISPOSAL, fresh=True)(of.approve)
    pages.post("/retention/lists/{number:int}/withdraw", rule=Act.SEE_RETENTION)(of.withdraw)
    pages.post("/retention/lists/{number:int}/files/{file:int}/take-off", rule=Act.SEE_RETENTION)(of.take_off)
    pages.get("/retention/certificates", rule=Act.SEE_RETENTION)(of.certificates)
    pages.post("/retention/certificates/asked", rule=Act.SEE_RETENTION)(of.asked)
    pages.get("/retention/certificates/{number:int}", rule=Act.SEE_RETENTION)(of.certificate)
    pages.get("/retention/certificates/erasures/{number:int}", rule=Act.SEE_RETENTION)(of.of_erasure)
    pages.get("/retention/files/{number:int}/keep", rule=Act.KEEP_LONGER)(of.keep)
    pages.post("/retention/files/{number:int}/keep", rule=Act.KEEP_LONGER)(of.keep_longer)
    return pages


def counted_anew(call: Call, rules: Rules) -> None:
    """Counts the months of whatever has changed, if anything has: the lists of what is due go by them."""
    with call.desk.db.reading() as session:
        if not months.is_stale(session, rules):
            return
    with call.desk.db.writing() as session:
        months.refresh(session, rules)


def date_sent(call: Call, name: str) -> date | None:
    """A date typed into three boxes; None when it is no real date."""
    parts = [whole(call.sent.get(f"{name}-{part}", "")) for part in ("year", "month", "day")]
    try:
        year, month, day = parts
        return date(year, month, day) if year and month and day and year >= 1900 else None
    except ValueError:
        return None


def _fits(number: int) -> int:
    if number > LARGEST:
        raise NotFound("There is nothing here.")
    return number


def _version(call: Call) -> int:
    version = whole(call.sent.get("version", ""))
    if version is None:
        raise ChangedMeanwhile("This list was not opened first. Look at it again.")
    return version


def _file(session: Session, number: int) -> ChildFile:
    file = session.exec(select(ChildFile).where(ChildFile.number == _fits(number))).first()
    if file is None:
        raise NotFound("There is nothing here.")
    return file


def _undated(session: Session, rules: Rules) -> list[tuple[int, str]]:
    """Files without a date, with why; only where the policy sets a time at all."""
    if rules.now.age is None:
        return []
    found = []
    for one in facts.of_files(session, months.undated(session, disposal.MOST_SHOWN)):
        due = facts.due_by(one, rules)
        if isinstance(due, Undated):
            found.append((one.number, due.reason))
    return found


def _empty(rules: Rules, next_month: date | None, dated: bool) -> str:
    if rules.now.age is None:
        return "The policy sets no time for keeping, so nothing falls due. Nothing is destroyed until the manager has set one."
    if dated:
        return ""
    if next_month is not None:
        return f"Nothing is due before {in_words(next_month)}."
    return "Nothing is due. A file is listed here from the day on which it need not be kept any longer."


def _last_day(row: Candidate) -> str:
    return in_words(row.due)


def _listed(
    session: Session,
    row: DisposalList,
    names: dict[str, str],
    against: Callable[[DisposalLine], tuple[str, ...]] | None = None,
) -> Listed:
    lines = []
    for line in disposal.lines(session, row):
        lines.append(Line(line, _line_words(line), against(line) if against and line.state == LineState.LISTED else ()))
    left = sum(line.row.state == LineState.LISTED for line in lines)
    return Listed(
        row, STATE_WORDS[ListState(row.state)], names.get(row.proposed_by, "–"), names.get(row.looked_by or "", "–"),
        names.get(row.approved_by or "", "–"), tuple(lines), left,
    )  # fmt: skip


def _line_words(line: DisposalLine) -> str:
    """How a line stands; why a file was taken off and why it was left alone are words of two lists."""
    match LineState(line.state):
        case LineState.LISTED:
            return "On the list"
        case LineState.DESTROYED:
            return "Destroyed"
        case LineState.TAKEN_OFF:
            return "Taken off" + (f": {TAKE_OFF_WORDS[TakeOff(line.why)].lower()}" if line.why else "")
        case LineState.STOPPED:
            return "Left alone" + (f": {STOP_WORDS[Stop(line.why)].lower()}" if line.why else "")


def _against(session: Session, line: DisposalLine, rules: Rules, today: date) -> tuple[str, ...]:
    return tuple(each.reason for each in disposal.why_not(session, line, rules, today))
