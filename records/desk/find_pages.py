"""The search box of every page: a label that was scanned opens its paper, anything else is looked for among the files.

A scanner of the keyboard-wedge kind types what it reads and Enter, as a person would.
"""

from starlette.responses import RedirectResponse, Response

from records.custody import labels, originals
from records.desk.paper_rows import LARGEST
from records.desk.shell import Call, Pages
from records.errors import NotFound
from records.staff.access import Act

pages = Pages()


@pages.post("/find", rule=Act.SEE_ORIGINALS)
def find(call: Call) -> Response:
    """The paper of a label; else the search among files, where this person may search."""
    typed = call.sent.get("q", "")
    number = labels.number_from(typed)
    if number is not None and 0 < number <= LARGEST:
        try:
            with call.desk.db.reading() as session:
                return call.go(f"/originals/{originals.by_number(session, number).number}")
        except NotFound:
            number = None
    # Typed words go on in the body, never in an address: the browser sends the same form again.
    onward = "/files/search" if call.may(Act.SEARCH_FILES) and labels.number_from(typed) is None else "/originals/find"
    return RedirectResponse(onward, 307)
