"""The cut-out of a mark on the review page, in a real browser: all of it is seen, as large as there is room."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from records.desk import shell
from tests.journeys.test_desk import browser, new_page

__all__ = ["browser"]

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STYLE = (Path(shell.HERE) / "static" / "paperchain.css").read_text("utf-8")
DRAWN = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='{0}' height='{1}' viewBox='0 0 {0} {1}'/%3E"
)


@pytest.mark.parametrize(
    ("cut", "shown"),
    [((1400, 414), (490, 145)), ((1400, 173), (490, 61)), ((213, 67), (213, 67))],
    ids=["a row deep in a table, from its heading on", "its first row", "one box"],
)
def test_all_of_a_cut_out_is_seen(browser: Browser, cut: tuple[int, int], shown: tuple[int, int]) -> None:
    page = new_page(browser)
    picture = f'<img src="{DRAWN.format(*cut)}">'
    page.set_content(
        f'<style>{STYLE}</style><div style="width: 490px"><div class="pc-crop--mark">{picture}</div></div>'
    )
    size = page.evaluate("(one => [one.width, one.height])(document.images[0])")
    assert all(abs(found - wanted) <= 1 for found, wanted in zip(size, shown, strict=True)), size
