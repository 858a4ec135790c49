"""The blank form for a complaint about how we handle information, to fill in on a screen and send back (R70)."""

import json

from starlette.responses import Response

from intake.bundling import Burner
from records.desk.request_letters import blank_complaint
from records.desk.shell import Call, Pages
from records.letters.writing import Layout
from records.staff.access import Act

SIZE = 12
"""The size of what is typed, in points."""


def make() -> Pages:
    """The form, to save and send to whoever asks for it."""
    pages = Pages()
    kept: dict[str, bytes] = {}

    @pages.get("/requests/complaint-form/on-screen", rule=Act.RECORD_REQUEST)
    def on_screen(call: Call) -> Response:
        """The same words as on paper, with fields. They are put in by a locked-in process, as only such a one opens a PDF.

        Nearly all of the time goes into starting that process, and it is the same form for everybody: the last one made is kept.
        """
        blank = blank_complaint(call, Layout.STANDARD)
        made_from = json.dumps(dict(blank.data), sort_keys=True)
        made = kept.get(made_from)
        if made is None:
            pdf, fields = blank.for_screen()
            with Burner() as burner:
                made = burner.with_fields(pdf, fields, SIZE)
            kept.clear()  # the service's name or contact was changed
            kept[made_from] = made
        return Response(
            made,
            media_type="application/pdf",
            headers={"Content-Disposition": 'attachment; filename="complaint-form.pdf"'},
        )

    return pages
