"""Long lists in pieces: fifty rows of one at a time, and which piece is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from records.desk.paper_rows import page_asked
from records.desk.shell import Call

PER_PAGE = 50

T = TypeVar("T")


@dataclass(frozen=True)
class Piece(Generic[T]):
    """The rows of one page; `page` counts from 1, `path` is the address without the page's number."""

    rows: Sequence[T]
    page: int
    pages: int
    path: str


def piece(call: Call, rows: Sequence[T], path: str, name: str = "page") -> Piece[T]:
    """The page that the address asks for; the last one where it asks for more than there are."""
    pages = max(1, -(-len(rows) // PER_PAGE))
    page = min(page_asked(call, name), pages)
    return Piece(
        rows[(page - 1) * PER_PAGE : page * PER_PAGE], page, pages, f"{path}{'&' if '?' in path else '?'}{name}="
    )
