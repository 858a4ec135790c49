"""The form on which somebody complains about how we handle information, to print, or to fill in on a screen and send on (W42, R70). It is blank."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from records.letters.contact import REGULATOR
from records.letters.writing import Layout, Sender, plain, plains
from records.press import Place, places, press

TEMPLATE = Path(__file__).with_name("complaint.typ")
TITLE = "Complain about how we handle information"
LINE = 0
"""A field of one line; other numbers are the height of the room to write, in millimetres."""
FIELDS = (
    ("Your name", "", LINE),
    ("How we can reach you", "An address, an email address or a telephone number", LINE),
    ("Who it is about, if it is somebody else", "Such as your child", LINE),
    ("Our reference, if you have a letter of ours", "For example PC-0042", LINE),
    ("What happened, and when", "", 42),
    ("What would put it right", "", 24),
    ("Signature and date", "", LINE),
)


@dataclass(frozen=True)
class Blank:
    """What the form is pressed from."""

    data: Mapping[str, Any]

    def printed(self) -> bytes:
        """To print: a tagged PDF that a screen reader reads whole."""
        return press(TEMPLATE, self.data, for_reading=True)

    def for_screen(self) -> tuple[bytes, list[tuple[Place, str, bool]]]:
        """To fill in on a screen: a tagged PDF, and where its fields are put, each with its words and whether it has room for several lines."""
        words = {name: (f"{name}. {hint}" if hint else name, room != LINE) for name, hint, room in FIELDS}
        return press(TEMPLATE, self.data), [(each, *words[each.name]) for each in places(TEMPLATE, self.data, "field")]


def blank(sender: Sender, whom: str, *, layout: Layout) -> Blank:
    """The blank form with the service's contact point (S21). `whom`: the manager of Invented SENDIASS."""
    return Blank({
        "large": layout is Layout.LARGE, "title": TITLE, "service": plain(sender.name),
        "lead": [
            "You need not use this form. You can tell us in a letter, an email, by telephone or in person, and somebody may help you.",
            "It costs nothing, and it changes nothing about the help you get from us.",
        ],
        "fields": [list(each) for each in FIELDS],
        "where": plains((whom[:1].upper() + whom[1:], *sender.lines)),
        "then": [
            "You hear from us within 30 days that we have it. We look into it without delay, tell you how it goes, and then what we found.",
            f"If you are not content you may go to the regulator. {REGULATOR}.",
        ],
    })  # fmt: skip
