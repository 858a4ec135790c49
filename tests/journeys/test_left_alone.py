"""P7: a page that somebody left on a screen goes when their sign-in has ended; what was typed on one is not lost."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, sync_playwright

from intake.wiring import Paperchain
from records.staff import sessions
from tests import builders
from tests.builders import CHILD
from tests.requesting import a_file
from tests.reviewing import Browser
from tests.serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

IDLE = timedelta(seconds=3)
LONG_ENOUGH_MS = 9000


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Paperchain]:
    with builders.home(tmp_path / "home") as made:
        yield made


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def left(chain: Paperchain, chromium: Chromium) -> Iterator[tuple[str, BrowserContext]]:
    """A desk on which somebody who does nothing is signed out soon, and a browser that is signed in."""
    officer = Browser(chain)
    a_file(chain, officer.id, pages=1)
    with serving(officer.client.app) as address:
        context = chromium.new_context()
        cookie = next(iter(officer.client.cookies.jar))
        context.add_cookies([{"name": cookie.name, "value": cookie.value or "", "url": address}])
        officer.app.state.desk.idle = IDLE
        yield address, context
        context.close()


def opened(left: tuple[str, BrowserContext], path: str) -> Page:
    address, context = left
    page = context.new_page()
    page.goto(f"{address}{path}")
    return page


def test_a_file_that_was_left_open_goes_and_comes_back_to_nobody(left: tuple[str, BrowserContext]) -> None:
    page = opened(left, "/files/42#main")
    assert CHILD in page.content()
    page.wait_for_url("**/sign-in?to=/files/42*", timeout=60_000)
    assert CHILD not in page.content()
    page.go_back()
    assert CHILD not in page.content()


def test_what_was_typed_stays(left: tuple[str, BrowserContext]) -> None:
    page = opened(left, "/withdrawals/new")
    page.get_by_label("Name of whoever told us").or_(page.locator("#called")).first.fill("Morgan Testwood")
    page.wait_for_timeout(LONG_ENOUGH_MS)
    assert page.url.endswith("/withdrawals/new")
    assert page.locator("#called").input_value() == "Morgan Testwood"


def test_who_goes_on_working_beside_it_is_not_sent_away(
    left: tuple[str, BrowserContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        sessions, "SEEN_EVERY", timedelta(0)
    )  # a minute, as everywhere, is longer than the idle time of this test
    page, beside = opened(left, "/files/42"), opened(left, "/help")
    for _ in range(LONG_ENOUGH_MS // 1000):
        beside.reload()
        page.wait_for_timeout(1000)
    assert page.url.endswith("/files/42") and CHILD in page.content()
