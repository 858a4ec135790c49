"""Long lists in pieces of fifty, and what is odd in an address is the first or the last piece."""

import pytest

from records.desk.paging import PER_PAGE, cut, page_from


@pytest.mark.parametrize(("asked", "page", "first"), [
    ("", 1, 0), ("1", 1, 0), ("2", 2, 50), ("3", 3, 100), ("4", 3, 100), ("99999", 3, 100), ("9" * 30, 1, 0), ("-1", 1, 0), ("\u0662", 1, 0),
])  # fmt: skip
def test_the_piece_that_is_asked_for(asked: str, page: int, first: int) -> None:
    found = cut(list(range(120)), page_from(asked), "/tasks")
    assert (found.page, found.pages, found.rows[0]) == (page, 3, first) and len(found.rows) <= PER_PAGE


def test_an_empty_list_is_one_page() -> None:
    nothing: list[int] = []
    found = cut(nothing, 1, "/requests?show=all")
    assert (found.page, found.pages, list(found.rows), found.path) == (1, 1, [], "/requests?show=all&page=")
