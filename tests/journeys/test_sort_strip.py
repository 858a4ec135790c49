"""Arranging pages and answering a duplicate in a real browser: by the keyboard alone, wide and narrow."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect

from tests.journeys.test_desk import Running, browser, faults, invite, new_page, running, sign_up

__all__ = ["browser", "running"]  # fixtures, found by their names here

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def stack(path: Path, pages: int) -> Path:
    """Invented letters, one to a page."""
    made = []
    for page in range(pages):
        sheet = Image.new("L", (1240, 1754), 255)
        draw = ImageDraw.Draw(sheet)
        for line in range(20):
            draw.text(
                (120, 160 + 60 * line),
                f"Page {page + 1}, line {line}: an invented letter about nothing",
                0,
                font_size=32,
            )
        made.append(sheet)
    out = io.BytesIO()
    made[0].save(out, "PDF", save_all=True, append_images=made[1:], resolution=150)
    path.write_bytes(out.getvalue())
    return path


def add(page: Page, running: Running, path: Path, waiting: int) -> None:
    """Adds a file on the Post page and waits until so many items are to be sorted."""
    page.goto(f"{running.address}/post")
    page.set_input_files("#files", str(path))
    page.click("text=Add post >> nth=-1")
    expect(page.locator("[data-live] tbody tr", has_text="To sort")).to_have_count(waiting, timeout=60_000)


def focused(page: Page) -> str:
    return str(
        page.evaluate("document.activeElement.id || document.activeElement.value || document.activeElement.tagName")
    )


def bundles(page: Page) -> list[int]:
    """How many pages each document of the strip has."""
    return [one.locator("input[name=page]").count() for one in page.locator(".pc-bundle").all()]


def press(page: Page, key: str) -> None:
    """A key that saves and loads the page again."""
    with page.expect_navigation():
        page.keyboard.press(key)


@pytest.mark.parametrize("width", [1366, 320])
def test_the_strip_by_keyboard(running: Running, browser: Browser, tmp_path: Path, width: int) -> None:
    admin = new_page(browser, width=width)
    manager = new_page(browser)
    sign_up(manager, running.link, "Sam")
    sign_up(admin, invite(manager, running, "admin"), "Alex")
    add(admin, running, stack(tmp_path / "stack.pdf", 4), 1)
    admin.goto(f"{running.address}/items/1")
    assert bundles(admin) == [4]

    admin.locator("#page-1").focus()
    admin.keyboard.press("ArrowRight")
    assert focused(admin) == "page-2"
    press(admin, "s")
    assert bundles(admin) == [2, 2] and focused(admin) == "page-2"  # where it was, to go on from
    press(admin, "r")
    assert focused(admin) == "page-2"
    expect(admin.locator("label:has(#page-2) img")).to_have_class("pc-turn-90")
    admin.keyboard.press("ArrowRight")
    assert focused(admin) == "page-3" and admin.locator("#page-3").is_checked()
    press(admin, "s")
    assert bundles(admin) == [2, 1, 1] and focused(admin) == "page-3"
    admin.keyboard.press("ArrowLeft")
    assert focused(admin) == "page-2"

    admin.keyboard.press("t")
    part = admin.locator("#page-2").get_attribute("data-part")
    assert admin.evaluate("document.activeElement.dataset.kind") == part
    assert not admin.evaluate("document.activeElement.checked")  # T goes there and says nothing

    assert faults(admin) == []
    assert admin.evaluate("document.documentElement.scrollWidth") <= width
    for left in ([2, 2], [2, 2], [4]):
        admin.locator("button[value=undo]").focus()
        press(admin, "Enter")
        assert bundles(admin) == left
    expect(admin.locator("label:has(#page-2) img")).to_have_class("pc-turn-0")
    assert admin.locator("button[value=undo]").count() == 0


def test_the_same_file_again_is_kept_or_discarded(running: Running, browser: Browser, tmp_path: Path) -> None:
    manager, admin = new_page(browser), new_page(browser)
    sign_up(manager, running.link, "Sam")
    sign_up(admin, invite(manager, running, "admin"), "Alex")
    letter = stack(tmp_path / "letter.pdf", 1)
    for times in (1, 2):
        add(admin, running, letter, times)

    admin.click("text=Same as item 1?")
    expect(admin.locator("#same-1")).to_have_text("Same as item 1?")
    for width in (320, 1366):
        admin.set_viewport_size({"width": width, "height": 800})
        assert faults(admin) == []
        assert admin.evaluate("document.documentElement.scrollWidth") <= width
    admin.click("text=Discard this copy")
    expect(admin.locator(".pc-notice")).to_contain_text("Compare the two first")
    admin.check("#compared-1")
    admin.click("text=Discard this copy")
    expect(admin.locator(".pc-notice")).to_contain_text("Item 2 was discarded")
    expect(admin.locator("[data-live]")).to_contain_text("A copy, discarded")
