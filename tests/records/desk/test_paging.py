"""Long lists in pieces of fifty, and what is odd in an address is the first or the last piece."""

from types import SimpleNamespace

import pytest

from records.desk.paging import PER_PAGE, piece


@pytest.mark.parametrize(("asked", "page", "first"), [
    ("", 1, 0), ("1", 1, 0), ("2", 2, 50), ("3", 3, 100), ("4", 3, 100), ("99999", 3, 100), ("9" * 30, 1, 0), ("-1", 1, 0), ("\u0662", 1, 0),
])  # fmt: skip
def test_the_piece_that_is_asked_for(asked: str, page: int, first: int) -> None:
    call = SimpleNamespace(request=SimpleNamespace(query_params={"page": asked}))
    found = piece(call, list(range(120)), "/tasks")  # type: ignore[arg-type]  # all of a call that it looks at
    assert (found.page, found.pages, found.rows[0]) == (page, 3, first) and len(found.rows) <= PER_PAGE


def test_an_empty_list_is_one_page() -> None:
    call = SimpleNamespace(request=SimpleNamespace(query_params={}))
    found = piece(call, [], "/requests?show=all")  # type: ignore[arg-type]
    assert (found.page, found.pages, list(found.rows), found.path) == (1, 1, [], "/requests?show=all&page=")
