"""Every page of the desk in a real browser, for each role: axe-core finds nothing, nothing stands out sideways at 320 px, and
the Tab key alone reaches everything that can be worked, in the order of the page, and shows where it is.

The pages are the GET routes of the running desk, with something on each: a home in which everything has been done once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from intake.app import make_app
from records.clock import fixed
from records.vocabulary import Role
from tests.builders import home
from tests.conftest import NOON
from tests.faults.test_naughty_routes import worked_at
from tests.journeys.test_desk import browser, faults
from tests.naughty.desk import Walk
from tests.naughty.routes import addresses
from tests.serving import serving

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
        worked_at(walk)
        app = make_app(chain)
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
        with serving(app) as address:
            yield Everything(address, app.state.desk.cookie, tokens, pages)


def context(browser: Browser, desk: Everything, role: str) -> BrowserContext:
    found = browser.new_context(viewport={"width": 1366, "height": 800}, bypass_csp=True)
    found.add_cookies([{"name": desk.cookie, "value": desk.tokens[role], "url": desk.address}])
    return found


def test_every_page_is_reached_by_somebody_and_is_sound(browser: Browser, desk: Everything) -> None:
    """Each for the first who may open it; what differs between roles is a link or two."""
    reached = {route for pages in desk.pages.values() for route, _ in pages}
    assert len(reached) >= 55, sorted(reached)
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
    yield from by_tab_alone(page)
    if page.locator("h1").count() != 1:
        yield f"{page.locator('h1').count()} first headings"
    green = page.locator("main .govuk-button:not(.govuk-button--secondary):not(.govuk-button--warning)").count()
    if green > 1:
        yield f"{green} green buttons"


STOPS = """() => {
  const groups = new Set()
  window.stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")].filter(one => {
    if (one.disabled || one.tabIndex < 0 || one.type === "hidden" || !one.checkVisibility({visibilityProperty: true})) return false
    if (one.type !== "radio") return true  // a group has one stop; the arrows move in it
    const group = [...document.querySelectorAll("input[type=radio]")].filter(each => each.name === one.name && each.form === one.form)
    const stop = group.find(each => each.checked) || group[0]
    return one === stop
  })
  // A page may begin in a field, for the scanner of labels; the keys are tried from its top.
  if (document.activeElement !== document.body) {
    document.body.tabIndex = -1
    document.body.focus()
    document.body.removeAttribute("tabindex")
  }
  window.getSelection().removeAllRanges()
  return window.stops.length
}"""
KEPT = """() => {
  // Written down in the page, one line a press: asking after each press takes longer than the presses.
  window.pressed = 0
  window.went = []
  const drawn = (style) => style.boxShadow !== "none" || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0)
  document.addEventListener("keydown", (event) => { if (event.key === "Tab") window.pressed += 1 }, true)
  document.addEventListener("focusin", (event) => {
    const one = event.target
    const label = one.id && document.querySelector(`label[for="${CSS.escape(one.id)}"]`)
    window.went[window.pressed - 1] = {
      at: window.stops.indexOf(one),
      what: `${one.tagName.toLowerCase()} ${one.id || one.name || one.textContent.trim().slice(0, 30)}`,
      seen: drawn(getComputedStyle(one)) || (!!label && (drawn(getComputedStyle(label)) || drawn(getComputedStyle(label, "::before")))),
    }
  }, true)
}"""


def by_tab_alone(page: Page) -> Iterator[str]:
    """What the Tab key does not reach, reaches out of turn, or reaches without showing it."""
    page.set_viewport_size({"width": 1366, "height": 800})
    stops = page.evaluate(STOPS)
    page.evaluate(KEPT)
    for _ in range(stops):
        page.keyboard.press("Tab")
    went = page.evaluate("window.went")
    for place in range(stops):
        here = went[place] if place < len(went) else None
        if here is None:
            yield f"Tab {place + 1} of {stops} goes nowhere"
            return
        if here["at"] != place:
            yield f"Tab {place + 1} of {stops} goes to {here['what']}, which is number {here['at'] + 1} on the page"
            return
        if not here["seen"]:
            yield f"nothing shows that {here['what']} has the focus"


def test_what_the_tab_key_does_not_reach_is_found(browser: Browser) -> None:
    page = browser.new_page()
    for body, found in (
        ('<a href="#a">one</a><button tabindex="3">two</button>', ["Tab 1 of 2 goes to button two, which is number 2 on the page"]),
        ('<a href="#a">one</a><button onfocus="this.blur()">two</button>', ["Tab 2 of 2 goes nowhere"]),
        ('<a href="#a" style="outline: none">one</a>', ["nothing shows that a one has the focus"]),
        ('<a href="#a">one</a><input type="radio" name="r"><input type="radio" name="r"><details><summary>two</summary><button>no</button></details>', []),
    ):  # fmt: skip
        page.set_content(body)
        assert list(by_tab_alone(page)) == found
    page.close()
