"""What `forms check` found in a service's own templates, kept beside them: looking takes some 30 ms a page, and every start asks.

A verdict holds for the very bytes of a template, its pictures and its PDF, and for the rules that gave it. Imports no image library.
"""

import contextlib
import hashlib
import json
from collections.abc import Mapping, Sequence, Set
from functools import lru_cache
from pathlib import Path

from forms.catalogue import POLICIES, THE_POLICIES, Catalogue, Unused, load_catalogue, with_own

KEPT = ".checked"
"""The file in the folder that holds the verdicts. It may be deleted at any time."""

Verdicts = Mapping[tuple[str, str], tuple[str, ...]]
"""The faults of each template by its id and edition, and of THE_POLICIES; none for what may be used."""

UNSEEN = "it could not be held against its blank"
"""What is said of a template that could not be looked at to the end. It is no verdict: the next look may come to one."""

_FORMS = Path(__file__).parent


@lru_cache(maxsize=1)
def _rules() -> bytes:
    """A sum over all that reads, the reader's version with it: a newer version looks again. Some 10 ms, once a process."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(_FORMS.rglob("*.py")))).digest()


def _key(own: Catalogue, name: tuple[str, str], folder: Path) -> str:
    total = hashlib.sha256(_rules())
    pages = own.pages_called(name)
    pdfs = sorted({page.pdf for page in pages if page.pdf is not None})
    for path in (folder / own.files[name], *(page.picture for page in pages), *pdfs):
        total.update(hashlib.sha256(held(path)).digest())
    return total.hexdigest()


def held(path: Path) -> bytes:
    """What a file holds; nothing where it is missing or cannot be opened, which the look finds too."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def kept(folder: Path) -> tuple[Verdicts, tuple[tuple[str, str], ...]]:
    """The verdicts on the templates and policies of a folder that still hold, and the names of those that must be looked at."""
    try:
        held = json.loads((folder / KEPT).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        held = {}
    own, found, left = load_catalogue(folder), {}, []
    for name in sorted(own.files):
        faults = held.get(_key(own, name, folder)) if isinstance(held, dict) else None
        if isinstance(faults, list):
            found[name] = tuple(map(str, faults))
        else:
            left.append(name)
    return found, tuple(left)


def keep(folder: Path, found: Verdicts) -> None:
    """Writes the verdicts down, whole or not at all. A folder that cannot be written is looked at each time."""
    own = load_catalogue(folder)
    held = {_key(own, name, folder): found[name] for name in own.files if found.get(name, (UNSEEN,)) != (UNSEEN,)}
    part = folder / f"{KEPT}.{hashlib.sha256(str(sorted(held)).encode()).hexdigest()[:8]}"
    try:
        part.write_text(json.dumps(held), "utf-8")
        part.replace(folder / KEPT)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def unused(folder: Path, found: Verdicts) -> tuple[Unused, ...]:
    """Every file of a folder by which nothing is read, and why: what is no template, and what was found wrong."""
    own = load_catalogue(folder)
    wrong = [Unused(own.files[name], _in_short(found[name])) for name in own.files if found.get(name)]
    return tuple(sorted([*own.unused, *wrong], key=lambda one: one.file))


def _in_short(faults: Sequence[str]) -> str:
    first = faults[0].rstrip(".")
    if len(faults) == 1:
        return first
    return f"{first} (and {len(faults) - 1} more, which `paperchain forms check` lists)"


def readable(folder: Path | None, files: Set[str]) -> Catalogue:
    """The forms by which pages may be read: the project's own and those of a folder without `files`, its wrong ones.

    Policies of its own are left out all together. A template of the project for which one of the folder stands is left out with it: the service meant another.
    """
    both = with_own(folder)
    left_out = {name for name, file in both.files.items() if file in files}
    policies = load_catalogue(folder).pages_called(THE_POLICIES) if folder and THE_POLICIES in left_out else ()
    left_out |= _meant(folder, files - set(both.files.values()) - {POLICIES}, both) if folder else set()
    return Catalogue(
        [one for one in both.templates() if (one.id, one.edition) not in left_out],
        [
            page
            for page in both.known_pages()
            if (page not in policies if page.template is None else (page.id, page.edition) not in left_out)
        ],
        both.unused,
        both.files,
    )


def _meant(folder: Path, files: Set[str], both: Catalogue) -> set[tuple[str, str]]:
    """For which templates, by id and edition, files stand that are none: by their names, or by what can still be read of them.

    A comma too few must not bring back the form of ours that the file was to replace, however the file is called.
    """
    meant = set()
    for file in files:
        text = held(folder / file)
        meant |= {
            (t.id, t.edition)
            for t in both.templates()
            if file == f"{t.id}.{t.edition}.json" or all(f'"{word}"'.encode() in text for word in (t.id, t.edition))
        }
    return meant
