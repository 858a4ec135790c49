"""Finds templates by id and edition, and names the pictures of their blank pages.

Imports no image library: the core processes use this for wording and items. `forms/blank_pages.py` loads pictures.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from forms.errors import TemplateError
from forms.template import PageSize, Template, template_from_json

BLANKS = Path(__file__).parent / "blanks"


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


class Catalogue:
    """The templates of one folder."""

    def __init__(self, templates: Sequence[Template], known: Sequence[KnownPage]) -> None:
        self._templates = tuple(templates)
        self._known = tuple(known)

    def templates(self) -> tuple[Template, ...]:
        """Every template, by id and then edition."""
        return self._templates

    def known_pages(self) -> tuple[KnownPage, ...]:
        """Every page that can be recognised, policy pages included."""
        return self._known

    def get(self, template_id: str, edition: str | None = None) -> Template:
        """The template of this id and edition; without an edition, the latest. KeyError if there is none."""
        found = [t for t in self._templates if t.id == template_id and edition in (None, t.edition)]
        if not found:
            raise KeyError(template_id if edition is None else f"{template_id} {edition}")
        return found[-1]


def load_catalogue(folder: Path | None = None) -> Catalogue:
    """The templates of a folder (the project's own if none is given), read once a process."""
    return _load((folder or BLANKS).resolve())


@lru_cache(maxsize=8)
def _load(folder: Path) -> Catalogue:
    templates = [
        template_from_json(json.loads(path.read_text("utf-8")))
        for path in sorted(folder.glob("*.json"))
        if path.name != "policies.json"
    ]
    templates.sort(key=lambda t: (t.id, t.edition))
    names = [(t.id, t.edition) for t in templates]
    if len(set(names)) != len(names):
        raise TemplateError("Two templates have the same id and edition")
    known = [
        KnownPage(
            t.id, t.edition, n, size, folder / f"{t.id}.{t.edition}-{n}.png", t, _if_kept(folder / f"{t.id}.pdf"), n
        )
        for t in templates
        for n, size in enumerate(t.pages, start=1)
    ]
    return Catalogue(templates, [*known, *_policies(folder / "policies.json")])


def _policies(path: Path) -> list[KnownPage]:
    if not path.exists():
        return []
    return [
        KnownPage(
            policy["id"],
            None,
            n,
            PageSize(*policy["size"]),
            path.parent / picture,
            None,
            _if_kept(path.parent / policy["pdf"]),
            n,
        )
        for policy in json.loads(path.read_text("utf-8"))
        for n, picture in enumerate(policy["pages"], start=1)
    ]


def _if_kept(pdf: Path) -> Path | None:
    return pdf if pdf.exists() else None
