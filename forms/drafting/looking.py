"""Looks at the templates of a service's own folder that nobody has looked at since they were written."""

import os
from collections.abc import Sequence
from pathlib import Path

from forms import verdicts
from forms.catalogue import Catalogue, KnownPage, load_catalogue, with_own
from forms.verdicts import UNSEEN, Verdicts


def looked_at(folder: Path) -> Verdicts:
    """The verdicts on every template of a folder, and on its policies; new ones are kept there."""
    held, left = verdicts.kept(folder)
    if not left:
        return held
    own, found = load_catalogue(folder), dict(held)
    for name in left:
        found[name] = _faults(own.pages_called(name))
        verdicts.keep(folder, found)  # each at once: who is stopped on the way has not looked for nothing
    return found


def readable(folder: Path | None) -> Catalogue:
    """The forms by which pages may be read: what is wrong in the folder is looked at now, and left out."""
    if folder is None or not os.path.isdir(folder):  # noqa: PTH112  Path.is_dir raises on a stale handle
        return with_own(None)
    return verdicts.readable(folder, {one.file for one in verdicts.unused(folder, looked_at(folder))})


def _faults(pages: Sequence[KnownPage]) -> tuple[str, ...]:
    """What is wrong with one template, or with the policies."""
    from forms.drafting import checking  # only where something is new: reading must not wait for it

    try:
        template = pages[0].template
        return checking.policy_faults(pages) if template is None else checking.check(template, pages).faults
    except Exception:  # whatever one template does, the others are read
        return (UNSEEN,)
