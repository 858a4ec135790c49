"""The blank form for a complaint about how we handle information, to fill in on a screen and send back (R70)."""

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

    @pages.get("/requests/complaint-form/on-screen", rule=Act.RECORD_REQUEST)
    def on_screen(call: Call) -> Response:
        """The same words as on paper, with fields. They are put in by a locked-in process, as only such a one opens a PDF."""
        pdf, fields = blank_complaint(call, Layout.STANDARD).for_screen()
        with Burner() as burner:
            made = burner.with_fields(pdf, fields, SIZE)
        return Response(
            made,
            media_type="application/pdf",
            headers={"Content-Disposition": 'attachment; filename="complaint-form.pdf"'},
        )

    return pages
