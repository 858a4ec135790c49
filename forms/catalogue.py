"""Finds templates by id and edition, and names the pictures of their blank pages.

Imports no image library: the core processes use this for wording and items. `forms/blank_pages.py` loads pictures.
"""

import contextlib
import math
import os
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from forms import again
from forms.errors import TemplateError
from forms.printing import again_code
from forms.printing.code import decode
from forms.template import NAME, PageSize, Template
from forms.template_file import read_json, read_template

BLANKS = Path(__file__).parent / "blanks"
POLICIES = "policies.json"
KINDS = (".json", ".png", ".pdf")
"""How the files of a folder of templates end."""
THE_POLICIES = (POLICIES, "")
"""What stands for them among ids and editions: no template is without an edition."""
Written = tuple[tuple[str, int, int], ...]
"""Files by name, when each was last written in nanoseconds, and how many bytes it has."""


@dataclass(frozen=True)
class KnownPage:
    """A printed page that can be recognised: a page of a template, or of a policy that travels with one.

    `pdf` is the blank as a document and `pdf_page` its page there, from 1; None where only a picture is kept.
    """

    id: str
    edition: str | None
    page: int
    size: PageSize
    picture: Path
    template: Template | None
    pdf: Path | None
    pdf_page: int

    @property
    def name(self) -> str:
        """How the page is called in evidence, for example `westminster-consent 2023 page 1`."""
        edition = f" {self.edition}" if self.edition else ""
        return f"{self.id}{edition} page {self.page}"


@dataclass(frozen=True)
class Unused:
    """A file of a folder of templates that is not used, and why, in words."""

    file: str
    why: str


class Catalogue:
    """The templates of one folder. `unused`: its files that are none; `files`: those that are, by id and edition, and the policies'.

    `meant`: every id and edition that a file of the folder claims, also where several do and none counts.
    """

    def __init__(
        self,
        templates: Sequence[Template],
        known: Sequence[KnownPage],
        unused: Sequence[Unused] = (),
        files: Mapping[tuple[str, str], str] | None = None,
        meant: Set[tuple[str, str]] = frozenset(),
    ) -> None:
        self._templates = tuple(templates)
        self._known = tuple(known)
        self.unused = tuple(unused)
        self.files = dict(files or {})
        self.meant = frozenset(meant)

    def templates(self) -> tuple[Template, ...]:
        """Every template, by id and then edition."""
        return self._templates

    def known_pages(self) -> tuple[KnownPage, ...]:
        """Every page that can be recognised, policy pages included."""
        return self._known

    def pages_called(self, name: tuple[str, str]) -> list[KnownPage]:
        """The pages of one template by its id and edition; those of every policy for THE_POLICIES."""
        if name == THE_POLICIES:
            return [page for page in self._known if page.template is None]
        return [page for page in self._known if page.template is not None and (page.id, page.edition) == name]

    def get(self, template_id: str, edition: str | None = None) -> Template:
        """The template of this id and edition. KeyError if there is none.

        Without an edition, the latest of the service's own form; what we print instead of it is asked for by its edition.
        An answer sheet's edition says what it asks, and its template is made of that.
        """
        sheet = again.about(template_id, edition)
        if sheet is not None:
            return again.template_of(sheet)
        found = [t for t in self._templates if t.id == template_id and edition in (None, t.edition)]
        if not found:
            raise KeyError(template_id if edition is None else f"{template_id} {edition}")
        return ([t for t in found if t.code is None] or found)[-1]

    def coded(self, text: str) -> KnownPage | None:
        """The page whose code stands in the corner of a page that we printed; None if it is not ours or not known here."""
        asked = again_code.decode(text)
        if asked is not None:
            return _sheet_page(again.from_code(asked), asked.page)
        code = decode(text)
        if code is None:
            return None
        pages = (p for p in self._known if p.template is not None and p.template.code == text[:8])
        return next((p for p in pages if p.page == code.page), None)


def _sheet_page(template: Template | None, page: int) -> KnownPage | None:
    """A page of an answer sheet: no picture of it is kept (`forms/again_blank.py` puts one together)."""
    if template is None:
        return None
    picture = again.KEPT / f"{template.edition}-{page}.png"
    return KnownPage(template.id, template.edition, page, template.pages[page - 1], picture, template, None, page)


def load_catalogue(folder: Path | None = None) -> Catalogue:
    """The templates of a folder (the project's own if none is given), read once a process as long as no file changes.

    Files that are no template are left out, and told of in `unused`.
    """
    place = (folder or BLANKS).resolve()
    try:
        files = written(place, *KINDS)
    except OSError:
        files = ()
    return _load(place, files)


def written(folder: Path, *kinds: str) -> Written:
    """The files of a folder with these endings, by name. OSError where the folder cannot be read.

    Hidden files are an editor's own. A link that leads nowhere, and a file that was taken away meanwhile, is not there.
    """
    found = []
    for path in sorted(folder.iterdir()):
        if path.suffix in kinds and not path.name.startswith("."):
            with contextlib.suppress(OSError):
                told = path.stat()
                found.append((path.name, told.st_mtime_ns, told.st_size))
    return tuple(found)


def with_own(folder: Path | None) -> Catalogue:
    """The project's own templates and those of a service's folder, which need not exist.

    A template of the folder stands for one of the project's that has the same id and edition. Where several do, none is known: forms
    that one of them read are not filed by the project's.
    """
    bundled = load_catalogue()
    if folder is None or not os.path.isdir(folder):  # noqa: PTH112  Path.is_dir raises on a stale handle
        return bundled
    own = load_catalogue(folder)
    theirs = own.meant
    kept = [t for t in bundled.templates() if (t.id, t.edition) not in theirs]
    known = [p for p in bundled.known_pages() if p.template is None or (p.id, p.edition) not in theirs]
    templates = sorted([*kept, *own.templates()], key=lambda t: (t.id, t.edition))
    return Catalogue(templates, [*known, *own.known_pages()], own.unused, own.files)


@lru_cache(maxsize=8)
def _load(folder: Path, files: Written) -> Catalogue:
    """Cached by the files and when each was last written, so that a corrected template is seen at once."""
    found: list[tuple[str, Template]] = []
    unused: list[Unused] = []
    for name, *_ in files:
        if name == POLICIES or not name.endswith(".json"):
            continue
        try:
            found.append((name, read_template(folder / name)))
        except TemplateError as error:
            unused.append(Unused(name, str(error)))
    templates = sorted(_each_once(found, unused), key=lambda t: (t.id, t.edition))
    known = [page for each in templates for page in pages_of(each, folder, templates)]
    try:
        policies = _policies(folder / POLICIES) if any(name == POLICIES for name, *_ in files) else []
    except TemplateError as error:
        policies = []
        unused.append(Unused(POLICIES, str(error)))
    left_out = {one.file for one in unused}
    called = {(t.id, t.edition): name for name, t in found if name not in left_out}
    if policies:
        called[THE_POLICIES] = POLICIES
    meant = {(t.id, t.edition) for _, t in found}
    return Catalogue(templates, [*known, *policies], sorted(unused, key=lambda one: one.file), called, meant)


def _each_once(found: Sequence[tuple[str, Template]], unused: list[Unused]) -> list[Template]:
    """Of files with the same id and edition the one counts that is called so, as its pictures are; else none: no guess says which is right."""
    files: dict[tuple[str, str], list[str]] = {}
    for name, template in found:
        files.setdefault((template.id, template.edition), []).append(name)
    kept = []
    for name, template in found:
        own = f"{template.id}.{template.edition}.json"
        same = [other for other in files[template.id, template.edition] if other != name]
        if not same or name == own:
            kept.append(template)
        else:
            unused.append(
                Unused(name, f"it has the id and edition of {' and '.join(same)}: give it an edition of its own")
            )
    return kept


def pages_of(template: Template, folder: Path, others: Sequence[Template] = ()) -> list[KnownPage]:
    """A template's pages with the names that their pictures and PDF have in a folder, where `others` may stand too."""
    pdf = _pdf_of(template, others or (template,), folder)
    stem = f"{template.id}.{template.edition}"
    return [
        KnownPage(template.id, template.edition, n, size, folder / f"{stem}-{n}.png", template, pdf, n)
        for n, size in enumerate(template.pages, start=1)
    ]


def _pdf_of(template: Template, templates: Sequence[Template], folder: Path) -> Path | None:
    """`ID.EDITION.pdf`; or `ID.pdf`, which belongs to the only edition without a PDF of its own."""
    own = folder / f"{template.id}.{template.edition}.pdf"
    if own.exists():
        return own
    without = [t for t in templates if t.id == template.id and not (folder / f"{t.id}.{t.edition}.pdf").exists()]
    return _if_kept(folder / f"{template.id}.pdf") if without == [template] else None


def _policies(path: Path) -> list[KnownPage]:
    """The pages of policies that travel with forms. TemplateError where the file is not right or names a picture that is not there."""
    raw = read_json(path)
    try:
        found = [
            KnownPage(
                _name_of(policy["id"]), None, n, _size_of(policy["size"]), path.parent / picture, None,
                _if_kept(path.parent / policy["pdf"]), n,
            )
            for policy in raw
            for n, picture in enumerate(policy["pages"], start=1)
        ]  # fmt: skip
        missing = [page.picture.name for page in found if not page.picture.is_file()]
    except KeyError as missed:
        raise TemplateError(f"a policy does not say its {missed.args[0]}") from missed
    except (AttributeError, TypeError, ValueError, OverflowError) as wrong:
        raise TemplateError("it is no list of policies") from wrong
    except OSError as error:
        raise TemplateError(f"a file that it names cannot be opened: {_reason(error)}") from error
    if missing:
        raise TemplateError(f"there is no picture {missing[0]}")
    return found


def _name_of(raw: object) -> str:
    """A policy's id. ValueError if it is none."""
    if not isinstance(raw, str) or not NAME.fullmatch(raw):
        raise ValueError
    return raw


def _size_of(raw: Sequence[float]) -> PageSize:
    """A policy's width and height. ValueError, TypeError or OverflowError if they are none."""
    width, height = (float(side) for side in raw)
    if not (0 < width < math.inf and 0 < height < math.inf):
        raise ValueError
    return PageSize(width, height)


def _reason(error: OSError) -> str:
    return (error.strerror or "unknown reason").lower()


def _if_kept(pdf: Path) -> Path | None:
    return pdf if pdf.exists() else None
