"""Every page of the desk in a real browser, for each role: axe-core finds nothing, and nothing stands out sideways at 320 px.

The pages are the GET routes of the running desk, with something on each: a home in which everything has been done once.
"""

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page

from intake.app import make_app
from records.clock import fixed
from records.vocabulary import Role
from tests.builders import home
from tests.conftest import NOON
from tests.faults.test_naughty_routes import ready
from tests.journeys.test_desk import browser, faults, free_port
from tests.naughty.desk import Walk
from tests.naughty.routes import addresses

__all__ = ["browser"]

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NO_PAGE = re.compile(
    r"\.pdf$|/rows$|/(pages|crops)/|/picture|/(receipt|sheet|list|label|papers|handover)$|certified|^/post/sheets|^/letters/{|^/welcome"
)
"""Prints, pictures and pieces of pages; `/welcome` needs a link."""


@dataclass(frozen=True)
class Everything:
    """A running desk and, for each role, the pages that they may open: route and address."""

    address: str
    cookie: str
    tokens: dict[str, str]
    pages: dict[str, list[tuple[str, str]]]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Everything]:
    with home(tmp_path_factory.mktemp("every") / "home", fixed(NOON)) as chain:
        walk = Walk(chain)
        ready(walk)
        app, port = make_app(chain), free_port()
        routes = sorted(path for method, path in app.state.rules if method == "GET" and not NO_PAGE.search(path))
        pages: dict[str, list[tuple[str, str]]] = {}
        tokens = {}
        for who, role in zip(walk.people, (Role.OFFICER, Role.ADMIN, Role.MANAGER), strict=True):
            tokens[role] = str(who.client.cookies.get(app.state.desk.cookie))
            for route in routes:
                for address in addresses(walk, route):
                    answer = who.get(address)
                    if answer.status_code == 200 and answer.headers["content-type"].startswith("text/html"):
                        pages.setdefault(role, []).append((route, address))
                        break
        server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield Everything(f"http://127.0.0.1:{port}", app.state.desk.cookie, tokens, pages)
        server.should_exit = True
        thread.join(10)


def context(browser: Browser, desk: Everything, role: str) -> BrowserContext:
    found = browser.new_context(viewport={"width": 1366, "height": 800}, bypass_csp=True)
    found.add_cookies([{"name": desk.cookie, "value": desk.tokens[role], "url": desk.address}])
    return found


def test_every_page_is_reached_by_somebody(desk: Everything) -> None:
    reached = {route for pages in desk.pages.values() for route, _ in pages}
    assert len(reached) >= 55, sorted(reached)


def test_every_page_is_sound(browser: Browser, desk: Everything) -> None:
    """Each for the first who may open it; what differs between roles is a link or two."""
    wrong, done = [], set()
    for role, pages in desk.pages.items():
        with context(browser, desk, role) as own:
            page = own.new_page()
            for route, address in pages:
                if route not in done:
                    done.add(route)
                    page.goto(desk.address + address, wait_until="load")
                    wrong += [f"{route} ({role}): {each}" for each in look(page)]
    assert not wrong, "\n".join(wrong)


def look(page: Page) -> Iterator[str]:
    """What is wrong with a page, wide and narrow."""
    for width in (1366, 320):
        page.set_viewport_size({"width": width, "height": 800})
        yield from (f"at {width} px: {each}" for each in faults(page))
        if page.evaluate("document.documentElement.scrollWidth") > width:
            yield f"at {width} px: stands out sideways"
    if page.locator("h1").count() != 1:
        yield f"{page.locator('h1').count()} first headings"
    green = page.locator("main .govuk-button:not(.govuk-button--secondary):not(.govuk-button--warning)").count()
    if green > 1:
        yield f"{green} green buttons"
