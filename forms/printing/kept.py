"""The prints that come with the project as templates, and how they are made anew.

Every kept page costs the reader time on every page of post, so only what is handed out is kept. Other prints are made on
demand, with their templates, for a service's own folder.
"""

from pathlib import Path

from forms.catalogue import BLANKS
from forms.drafting.draft import write_beside
from forms.printing import again
from forms.printing.press import Printed, print_form
from forms.printing.source import ENGLISH

KEPT = (
    ("westminster-consent", ENGLISH, False),
    ("westminster-consent", ENGLISH, True),
    ("westminster-consent", "cy", False),
    ("northamptonshire-consent", ENGLISH, False),
    ("northamptonshire-consent", ENGLISH, True),
)
"""Form, language, large print."""


def write_kept(folder: Path = BLANKS) -> list[Path]:
    """Prints every kept form again into a folder. The same sources give the same files, byte for byte."""
    written: list[Path] = []
    for form_id, language, large in KEPT:
        made = print_form(form_id, language, large=large)
        written += write_print(made, folder)
    return written + again.write_kept(folder / again.FOLDER)


def write_print(made: Printed, folder: Path) -> list[Path]:
    """Writes a print with its template and pictures into a folder, named as the catalogue finds them."""
    return write_beside(made.template, made.pdf, folder / f"{made.template.id}.{made.template.edition}.json")
