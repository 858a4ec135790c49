"""The forms that this process knows: the project's own and those in the service's folder (`[forms] folder`).

Set once when a process opens Paperchain; a changed template of the folder is seen without a restart of the desk.
"""

from dataclasses import dataclass
from pathlib import Path

from forms.catalogue import Catalogue
from intake import own_forms


@dataclass
class _Here:
    folder: Path | None = None


_here = _Here()


def remember(folder: Path | None) -> None:
    """Which folder holds the service's own templates; None if it has none."""
    _here.folder = folder


def catalogue() -> Catalogue:
    """Every form that may be read and filed here. What is not used of the service's own is left out (`intake/own_forms.py` tells of it).

    The project's form for which a wrong one stands is not known either: what was read may have been read by the wrong one.
    """
    return own_forms.readable(_here.folder)
