"""Today: what is waiting for whoever is signed in."""

import re

from starlette.responses import Response

from records.desk.shell import Call, Pages
from records.staff.access import Act

NOUNS = "task|cabinet|form|referral|item|file|paper|sack|return|request|list|hold|warning|question|change"

pages = Pages()


@pages.get("/", rule=Act.SEE_TODAY)
def today(call: Call) -> Response:
    """Counts with a link each; nothing personal."""
    with call.desk.db.reading() as session:
        lines = call.desk.today_lines(session, call.actor)
    return call.page(
        "today.html",
        title="Today",
        lines=[(count, in_number(count, words), href) for count, words, href in lines if count],
    )


def in_number(count: int, words: str) -> str:
    """What waits as it reads after its count: one task, two tasks."""
    if count != 1:
        return words
    one = re.sub(r"^breaches or losses\b", "breach or loss", words)
    one = re.sub(rf"^(open |disposal )?({NOUNS})s\b", r"\1\2", one)
    one = re.sub(r"^people on the staff\b", "person on the staff", one)
    return re.sub(r"^(form|referral) wait\b", r"\1 waits", one)


@pages.get("/help", rule=Act.SEE_HELP)
def help_page(call: Call) -> Response:
    """Help, keyboard shortcuts and the accessibility statement."""
    return call.page("help.html", title="Help")
