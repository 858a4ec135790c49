"""Whom staff tell about a concern, as the service's safeguarding policy lists them: for the screen and for the wall (W23)."""

from collections.abc import Sequence
from datetime import date

from records.letters.writing import Heading, Layout, Letter, Points, Sender, Words, write

STEPS = (
    "If somebody is in danger now, call 999 first.",
    "Tell one of these, the same day. You need no consent and no manager’s permission.",
    "Then record what you shared under “Share for safety”, on any page of Paperchain. A manager is told at once.",
)
NONE_SET = (
    "No contacts are entered. Whoever looks after Paperchain writes them into its settings, as [service] safeguarding."
)


def sheet(sender: Sender, contacts: Sequence[str], printed_on: date, *, layout: Layout = Layout.STANDARD) -> bytes:
    """The steps and the contacts on one page, for staff. Nothing about any family. Tagged PDF."""
    made = Letter(
        sender=sender, to=(), written_on=printed_on, reference="", title="A concern about somebody’s safety",
        blocks=(Words(STEPS[0]), Words(STEPS[1]), Heading("Whom to tell"), Points(tuple(contacts or (NONE_SET,))), Words(STEPS[2])),
    )  # fmt: skip
    return write(made, layout=layout)
