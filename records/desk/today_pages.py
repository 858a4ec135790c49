"""Today: what is waiting for whoever is signed in."""

from starlette.responses import Response

from records.desk.shell import Call, Pages
from records.staff.access import Act

pages = Pages()


@pages.get("/", rule=Act.SEE_TODAY)
def today(call: Call) -> Response:
    """Counts with a link each; nothing personal."""
    with call.desk.db.reading() as session:
        lines = call.desk.today_lines(session, call.actor)
    return call.page("today.html", title="Today", lines=[line for line in lines if line[0]])


@pages.get("/help", rule=Act.SEE_HELP)
def help_page(call: Call) -> Response:
    """Help, keyboard shortcuts and the accessibility statement."""
    return call.page("help.html", title="Help")
