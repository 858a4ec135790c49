"""The forms that this process knows: the project's own and those in the service's folder (`[forms] folder`).

Set once when a process opens Paperchain; a changed template of the folder is seen without a restart of the desk.
"""

from dataclasses import dataclass
from pathlib import Path

from forms.catalogue import Catalogue, load_catalogue
from forms.template import Template
from intake import own_forms

AGAIN = "Read the letter again."
CHANGED = f"The form “{{title}}” was changed after this letter was read. {AGAIN}"
UNTOLD = f"By which text of the form “{{title}}” this letter was read is not known. {AGAIN}"


@dataclass
class _Here:
    folder: Path | None = None
    copies: Path | None = None


_here = _Here()


def remember(folder: Path | None, copies: Path | None = None) -> None:
    """Which folder holds the service's own templates; None if it has none. `copies`: where its copies lie."""
    _here.folder, _here.copies = folder, copies


def catalogue() -> Catalogue:
    """Every form that may be read and filed here. What is not used of the service's own is left out (`intake/own_forms.py` tells of it).

    The project's form for which a wrong one stands is not known either: what was read may have been read by the wrong one.
    """
    return own_forms.readable(_here.folder, _here.copies)


def made_by(template: Template, template_sum: str | None) -> bool:
    """Whether a reading was made by the very text of this template that is in use. `template_sum`: as the reading keeps it.

    Readings from before it was kept have none. They hold for the forms that come with the program: no service edits those while letters
    wait, and a box answers the same consent as long as their edition lives. By which text of a service's own template such a reading was
    made cannot be told, and a tick could become another consent: it does not hold.
    """
    if template_sum is not None:
        return template_sum == template.content_sum
    try:
        ours = load_catalogue().get(template.id, template.edition)
    except KeyError:
        return False
    return ours.content_sum == template.content_sum


def why_not_by(template: Template, template_sum: str | None) -> str | None:
    """Why nothing may be filed by this template of what was read, in words; None where the reading was made by it, in its present text.

    `template_sum`: as the reading keeps it, None in one from before it was kept.
    """
    if made_by(template, template_sum):
        return None
    return (UNTOLD if template_sum is None else CHANGED).format(title=template.title)
