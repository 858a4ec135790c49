"""Long lists in pieces: fifty rows of one at a time, and which piece is shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

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


def page_from(typed: str) -> int:
    """Which page of a list; 1 for anything odd."""
    return int(typed) if typed.isascii() and typed.isdigit() and 0 < len(typed) < 6 and int(typed) else 1


def page_asked(call: Call, name: str = "page") -> int:
    """Which page the address asks for."""
    return page_from(call.request.query_params.get(name, ""))


def piece(call: Call, rows: Sequence[T], path: str, name: str = "page") -> Piece[T]:
    """The page that the address asks for."""
    return cut(rows, page_asked(call, name), path, name)


def fetched(
    call: Call, total: int, fetch: Callable[[int, int], Sequence[T]], path: str, name: str = "page"
) -> Piece[T]:
    """The same of a list that stays in the database: `fetch` brings so many rows after leaving out so many."""
    page, pages = _within(page_asked(call, name), total)
    return Piece(fetch(PER_PAGE, (page - 1) * PER_PAGE), page, pages, _address(path, name))


def counted(
    call: Call, fetch: Callable[[int, int], tuple[Sequence[T], int]], path: str, name: str = "page"
) -> Piece[T]:
    """The same where one question brings the rows and how many there are in all; a second one where a later page is asked for than there is."""
    asked = page_asked(call, name)
    rows, total = fetch(PER_PAGE, (asked - 1) * PER_PAGE)
    page, pages = _within(asked, total)
    if page != asked:
        rows, total = fetch(PER_PAGE, (page - 1) * PER_PAGE)
    return Piece(rows, page, pages, _address(path, name))


def cut(rows: Sequence[T], asked: int, path: str, name: str = "page") -> Piece[T]:
    """One page of the rows; the last one where a later is asked for than there is."""
    page, pages = _within(asked, len(rows))
    return Piece(rows[(page - 1) * PER_PAGE : page * PER_PAGE], page, pages, _address(path, name))


def _within(asked: int, total: int) -> tuple[int, int]:
    """The page that is shown, and how many there are."""
    pages = max(1, -(-total // PER_PAGE))
    return min(asked, pages), pages


def _address(path: str, name: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}{name}="
