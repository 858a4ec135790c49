"""Closing a child's file, and opening it again: one page for both, with a day and a reason (W37, R36)."""

from starlette.responses import Response

from records.cases import closing
from records.cases.words import TURNED_WORDS, Openness
from records.desk.case_forms import Form, day_boxes
from records.desk.file_frame import frame, opened, viewed
from records.desk.shell import Call, Pages
from records.errors import RefusedByRule
from records.staff import accounts
from records.staff.access import Act

pages = Pages()
LONGEST_WHY = 500


@pages.get("/files/{number:int}/close", rule=Act.CLOSE_FILE)
def closing_form(call: Call, number: int) -> Response:
    """Whether the file is open, since when, and the form that closes it or opens it again."""
    viewed(call, number, Act.CLOSE_FILE, "file_closing_seen")
    return _form(call, number, Form(day_boxes("on", call.desk.clock.today())))


@pages.post("/files/{number:int}/close", rule=Act.CLOSE_FILE)
def turn(call: Call, number: int) -> Response:
    """Closes the file, or opens it again."""
    form, again = Form(call.sent), call.sent.get("act") == "reopen"
    day = form.past("on", "The day", call.desk.clock.today())
    needed = "Write why it is opened again" if again else "Write why it is closed"
    why = form.text("why", "The reason", most=LONGEST_WHY, needed=needed, lines=True)
    if form.mistakes or day is None:
        viewed(call, number, Act.CLOSE_FILE, "file_closing_seen")
        return _form(call, number, form, status=422)
    try:
        with call.desk.db.writing() as session:
            file = opened(session, call, number, Act.CLOSE_FILE)
            act = closing.reopen if again else closing.close
            act(session, file, why, on=day, actor=str(call.actor.id), at=call.desk.clock.now())
    except RefusedByRule as refused:
        form.mistakes["why"] = refused.message
        viewed(call, number, Act.CLOSE_FILE, "file_closing_seen")
        return _form(call, number, form, status=422)
    return call.go(f"/files/{number}", "The file is open again." if again else "The file is closed.")


def _form(call: Call, number: int, form: Form, status: int = 200) -> Response:
    with call.desk.db.reading() as session:
        file = opened(session, call, number, Act.CLOSE_FILE)
        standing, before = closing.standing(session, file), closing.turns(session, file)
        top, names = frame(session, call, file, "/close"), accounts.display_names(session)
    return call.page(
        "file_close.html", status=status, title=f"File PC-{number:04d}, {'close' if standing.open else 'open again'}", frame=top,
        number=number, sent=form.sent, mistakes=form.mistakes, standing=standing, before=before, names=names, turned=TURNED_WORDS,
        by_referral=standing.open_by is Openness.REFERRAL,
    )  # fmt: skip
