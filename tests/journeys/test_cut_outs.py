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


NARROW = """one => {
  const [crop, picture] = [document.querySelector(".pc-crop"), document.images[0]].map(each => each.getBoundingClientRect())
  return [Math.round(picture.width), Math.round(picture.left - crop.left), Math.round(crop.right - picture.right),
          document.querySelector(".pc-crop").getAttribute("tabindex"), document.documentElement.scrollWidth]
}"""


@pytest.mark.parametrize("right", [True, False], ids=["boxes at the right", "boxes at the left"])
def test_on_a_narrow_screen_a_row_begins_at_its_boxes_and_the_rest_of_it_can_be_reached(
    browser: Browser, *, right: bool
) -> None:
    page = new_page(browser, width=320)
    side = " pc-crop--right" if right else ""
    page.set_content(
        f'<style>{STYLE}</style><div class="pc-crop pc-crop--mark{side}"><img src="{DRAWN.format(1400, 173)}"></div>'
    )
    page.add_script_tag(path=Path(shell.HERE) / "static" / "paperchain.js")
    wide, from_left, from_right, stop, page_wide = page.evaluate(NARROW)
    assert wide > 580 and stop == "0" and page_wide <= 320
    near, far = (from_right, from_left) if right else (from_left, from_right)
    assert abs(near) <= 1 and far < -200
    page.locator(".pc-crop").focus()
    for _ in range(20):
        page.keyboard.press("ArrowLeft" if right else "ArrowRight")
    page.wait_for_function(f"() => ({NARROW})()[{1 if right else 2}] >= -1")


def test_a_cut_out_that_is_seen_whole_is_no_stop_for_the_keys(browser: Browser) -> None:
    page = new_page(browser, width=1366)
    page.set_content(
        f'<style>{STYLE}</style><div class="pc-crop pc-crop--mark"><img src="{DRAWN.format(213, 67)}"></div>'
    )
    page.add_script_tag(path=Path(shell.HERE) / "static" / "paperchain.js")
    assert page.locator(".pc-crop").get_attribute("tabindex") is None


def test_a_line_that_is_too_thin_to_be_seen_whole_shows_the_side_of_its_boxes(browser: Browser) -> None:
    page = new_page(browser)
    page.set_content(f'<style>{STYLE}</style><div class="pc-crop pc-crop--mark pc-crop--right"><img></div>')
    shown = page.evaluate("(one => [one.objectFit, one.objectPosition])(getComputedStyle(document.images[0]))")
    assert shown == ["cover", "100% 0%"]
