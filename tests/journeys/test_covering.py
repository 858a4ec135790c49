"""R65: a part of a page is covered by drawing on it, and without a script by numbers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import sync_playwright

from intake.wiring import Paperchain
from records.clock import Clock
from records.requests import pages, register
from tests import builders
from tests.requesting import a_file, recorded
from tests.reviewing import Browser
from tests.serving import serving


@pytest.fixture
def chain(tmp_path: Path, clock: Clock) -> Iterator[Paperchain]:
    with builders.home(tmp_path / "home", clock) as made:
        yield made


@pytest.fixture
def chromium() -> Iterator[Chromium]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.mark.parametrize("script", [True, False])
def test_a_part_is_covered_by_drawing_or_by_numbers(chain: Paperchain, chromium: Chromium, script: bool) -> None:
    officer = Browser(chain)
    _, _, ids = a_file(chain, officer.id, pages=1)
    path = recorded(officer)
    with serving(officer.client.app) as address:
        context = chromium.new_context(viewport={"width": 1366, "height": 900}, java_script_enabled=script)
        cookie = next(iter(officer.client.cookies.jar))
        context.add_cookies([{"name": cookie.name, "value": cookie.value or "", "url": address}])
        page = context.new_page()
        page.goto(f"{address}{path}/look/{ids[0]}")
        if script:
            box = page.locator("[data-draw]").bounding_box()
            assert box is not None
            page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.2)
            page.mouse.down()
            page.mouse.move(box["x"] + box["width"] * 0.1, box["y"] + box["height"] * 0.1, steps=4)
            page.mouse.up()
        else:
            for name, value in (("From left", "10"), ("From top", "10"), ("Width", "50"), ("Height", "10")):
                page.get_by_label(name).fill(value)
        page.locator("#box_code").select_option("privilege")
        page.get_by_role("button", name="Cover this part").click()
        page.get_by_text("The part is covered in the copy.").wait_for()
    with chain.db.reading() as session:
        drawn = pages.boxes(session, register.get(session, 1))[ids[0]]
    assert len(drawn) == 1
    for found, wanted in ((drawn[0].left, 100), (drawn[0].top, 100), (drawn[0].width, 500), (drawn[0].height, 100)):
        assert abs(found - wanted) <= 3
