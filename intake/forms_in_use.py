"""By which forms letters are read: a copy of the service's own folder as it last was right, kept in the home (`kept_forms`).

Readers load the copy and never the folder itself. So a reader, a worker or the whole service that begins anew while a file is half
saved, a blank is missing or the disc of the folder is away reads by the very text and blanks as before, and so does every worker of the
home. The alternative, to read on by the forms that are right, is not safe: the letters of the wrong one might be read as an older
edition of it, or be no forms at all.
"""

import contextlib
from dataclasses import dataclass
from pathlib import Path

from intake import kept_forms, own_forms
from intake.errors import FormsNotReady
from intake.own_forms import Standing
from intake.settings import Settings

_AWAY = (
    "The folder of your own forms cannot be read or is not there, and what stood in it is not known. Letters wait. "
    "Bring it back; or take it out of the settings, and start Paperchain again."
)
_DAMAGED = (
    "A file in the folder of your own forms is wrong, and the copy of the folder as it was before is damaged. Letters wait. "
    "Mend the file, or look at what Post says about it."
)
_NO_COPY = (
    "The folder of your own forms is being changed, or no copy of it can be kept in the home folder. Letters wait. "
    "Look whether there is room on the disc of the home."
)


@dataclass(frozen=True)
class InUse:
    """By what letters are read. `copy`: None where the service has no folder of its own.

    `stood`: how the folder stood when it was copied; None where it is wrong or away now, so that letters are read by an older copy of it.
    """

    copy: Path | None = None
    stood: Standing | None = None


def now(place: Path, folder: Path | None, before: InUse | None = None) -> InUse:
    """By which forms the next letter is to be read. `place`: where copies lie; `before`: what this process read by until now.

    The folder counts as right while no file of it is wrong that was not wrong in the copy before: a file that never was right keeps no
    other from being used. Raises FormsNotReady where it is wrong or away and no copy is whole.
    """
    if folder is None:
        kept_forms.forget(place)
        return InUse(stood=Standing())
    stood = own_forms.standing(folder, place)
    if before is not None and stood is not None and before.stood == stood:
        return before
    last, wrong = kept_forms.find(place, folder), frozenset[str]()
    if last is not None and last.whole:
        with contextlib.suppress(OSError):  # another worker puts a newer one in its place
            wrong = own_forms.wrong_in(last.copy)
    told = _AWAY
    if stood is not None:
        told = _DAMAGED
        if last is None or not stood.wrong - wrong:
            try:
                return InUse(kept_forms.keep(place, folder, stood.files), stood)
            except OSError:
                told = _NO_COPY
    if last is None or not last.whole:
        raise FormsNotReady(told)
    return InUse(last.copy)


def need_whole(forms: InUse) -> None:
    """Asked before a reader loads the copy, and again once it has. Raises FormsNotReady where the copy is not what was copied."""
    if forms.copy is not None and not kept_forms.is_whole(forms.copy):
        raise FormsNotReady(
            "The copy of your own forms by which letters are read was damaged, or replaced by a newer one. It is made anew from their folder."
        )


def known(settings: Settings) -> bool:
    """Whether letters can be read now: not where they would wait for the service's own forms."""
    try:
        now(settings.forms_in_use, settings.own_forms)
    except FormsNotReady:
        return False
    return True
