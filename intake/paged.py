"""A reader that keeps the pages of the last file: their pictures, cut-outs and places stand beside what was read."""

from pathlib import Path
from typing import Self

from forms.catalogue import Catalogue
from intake.reader import Found, OneFile, Reader
from intake.sandbox.client import PageResult


class PagedReader(Reader):
    """Reads as `Reader` does. Nothing of a file outlives the next one."""

    _pages: tuple[PageResult, ...] = ()

    def __enter__(self) -> Self:
        super().__enter__()
        return self

    @property
    def catalogue(self) -> Catalogue:
        """The templates that are looked for."""
        return self._catalogue

    def read_with_pages(self, path: Path) -> tuple[OneFile, tuple[PageResult, ...]]:
        """What a file held, and its pages in order; no pages where it cannot be used."""
        self._pages = ()
        found = self.read(path)
        return found, self._pages

    def _parts(self, pages: list[PageResult]) -> list[Found]:
        self._pages = tuple(pages)
        return super()._parts(pages)
