"""Due files that nobody has closed, closed in one go by a manager. File numbers only: under S1 a manager may not see whose they are (W37, R36)."""

from collections.abc import Sequence
from uuid import UUID

from starlette.responses import Response

from records.cases import closing_many
from records.cases.closing_many import AT_ONCE, Closed, Refused
from records.desk.case_forms import Form
from records.desk.closing_pages import LONGEST_WHY
from records.desk.numbers import whole
from records.desk.paging import piece
from records.desk.retention_pages import TABS, counted_anew
from records.desk.shell import Call, Pages
from records.errors import RefusedByRule
from records.policies.periods import add_months, in_words
from records.retention import certificate, facts, unclosed
from records.staff.access import Act

pages = Pages()
QUIET_MONTHS = 12
"""A file on which something was done more lately is closed when it is ticked, never along with all the others."""
MOST_REFUSED = 200
"""Named on the page; the others stand in the list again."""
TICKED, ALL = "ticked", "all"


@pages.get("/retention/unclosed", rule=Act.CLOSE_MANY)
def listed(call: Call) -> Response:
    """Files that are due and open, with the day on which each was last worked on."""
    return _page(call, Form({"which": TICKED}))


@pages.post("/retention/unclosed", rule=Act.CLOSE_MANY)
def close(call: Call) -> Response:
    """Closes the chosen ones, each on the day it was last worked on, and says which stay open and why."""
    form = Form(call.sent)
    why = form.text("why", "The reason", most=LONGEST_WHY, needed="Write why they are closed", lines=True)
    with call.desk.db.reading() as session:
        rules = facts.rules(call.desk.policy_of, call.desk.clock.today())
        ids = unclosed.ids(session, rules, call.desk.clock.today())
        if form.sent.get("which") != ALL:
            typed = [
                number for value in call.form.getlist("file") if isinstance(value, str) and (number := whole(value))
            ]
            if not typed:
                form.mistakes["file"] = "Tick at least one file"
            chosen = unclosed.numbered(session, typed, ids)
            if typed and not chosen:
                form.mistakes["file"] = (
                    "These files were closed already, or are not due any more. Look at the list again"
                )
        else:
            chosen = ids
            if whole(form.sent.get("count", "")) != len(ids):
                form.mistakes["count"] = (
                    "The number you typed is not the number of files on the list. Look at the list again"
                )
    if form.mistakes:
        return _page(call, form, status=422)
    try:
        done = _close(call, chosen, why, lately=form.sent.get("which") != ALL)
    except RefusedByRule as refused:
        form.mistakes["why"] = refused.message
        return _page(call, form, status=422)
    return _page(call, Form({"which": TICKED}), done)


def _close(call: Call, chosen: Sequence[UUID], why: str, *, lately: bool) -> Closed:
    """A few hundred at a time: whoever else writes need not wait for thousands. What was closed stays closed if it breaks off."""
    count, refused = 0, list[Refused]()
    today = call.desk.clock.today()
    for start in range(0, len(chosen), AT_ONCE):
        with call.desk.db.writing() as session:
            rows = unclosed.read(session, chosen[start : start + AT_ONCE])
            for row in rows:
                if not lately and add_months(row.worked_on, QUIET_MONTHS) > today:
                    words = f"Something was done on it on {in_words(row.worked_on)}. Tick it if it is over."
                    refused.append(Refused(row.number, words))
            skipped = {each.number for each in refused}
            done = closing_many.close_many(
                session, {row.file_id: row.worked_on for row in rows if row.number not in skipped}, why,
                actor=str(call.actor.id), at=call.desk.clock.now(),
            )  # fmt: skip
            count += done.count
            refused += done.refused
    return Closed(count, tuple(refused))


def _page(call: Call, form: Form, done: Closed | None = None, status: int = 200) -> Response:
    today = call.desk.clock.today()
    rules = facts.rules(call.desk.policy_of, today)
    counted_anew(call, rules)
    with call.desk.db.reading() as session:
        ids = unclosed.ids(session, rules, today)
        shown = piece(call, ids, "/retention/unclosed")
        rows = unclosed.read(session, shown.rows)
    ticked = {value for value in call.form.getlist("file") if isinstance(value, str)} if form.mistakes else set[str]()
    return call.page(
        "retention_unclosed.html", status=status, title="Due files that nobody has closed", tabs=TABS, here=None, piece=shown, rows=rows,
        total=len(ids), done=done, refused=done.refused[:MOST_REFUSED] if done else (), sent=form.sent, mistakes=form.mistakes, ticked=ticked,
        may_open=call.may(Act.OPEN_FILE), number=certificate.file_name, quiet=QUIET_MONTHS, most=MOST_REFUSED,
    )  # fmt: skip
