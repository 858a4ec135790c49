"""The one answer to whoever asks whether we know a child or a family, and has no consent to be told (N11).

It is made of nothing but these words, so that it is the same, and takes as long, whether a file exists or not.
"""

from datetime import date

from records.letters.writing import Layout, Letter, Sender, Words, write

SAME_FOR_ALL = (
    "We do not say whether a child, a young person or a family is known to us. Everybody who asks is given this same answer, whether "
    "we know them or not."
)
THEY_DECIDE = (
    "If a parent, a carer or the young person wants us to speak with you, they can tell us so themselves, and name you."
)
AT_RISK = (
    "If you think that somebody is at risk of harm, tell children’s or adults’ social care now. In an emergency call 999. "
    "You need nothing from us for that."
)
IN_GENERAL = "We are glad to tell you what our service does and how families reach us."

SPOKEN = (SAME_FOR_ALL, THEY_DECIDE, AT_RISK, IN_GENERAL)
"""To read aloud, or to copy into an e-mail."""


def letter(sender: Sender, written_on: date, *, layout: Layout = Layout.STANDARD) -> bytes:
    """The same words as a letter, for any asker: no name, no number, nothing of any file. Tagged PDF."""
    return write(answer(sender, written_on), layout=layout)


def answer(sender: Sender, written_on: date) -> Letter:
    """That letter, before it is laid out."""
    return Letter(
        sender=sender, to=(), written_on=written_on, reference="", title="Our answer to your enquiry",
        blocks=tuple(map(Words, SPOKEN)), greeting="Hello", closing=("Yours faithfully", sender.name),
    )  # fmt: skip
