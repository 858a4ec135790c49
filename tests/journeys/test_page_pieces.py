"""The desk's own style and script in a real browser, on small pages made for it: names without a space, a second click, rows that refresh."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from records.desk import shell
from tests.journeys.test_desk import browser

__all__ = ["browser"]

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STATIC = Path(shell.HERE) / "static"
ADDRESS = "http://desk.example"
NAME = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaftschaferswessenschafe"
ROW = "<tr><th scope='row'>7</th><td>{where}</td></tr>"
TABLE = "<div class='pc-scroll'><table class='pc-table'><thead><tr><th>Item</th><th>Where it is now</th></tr></thead><tbody>{rows}</tbody></table></div>"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    made = browser.new_page()
    made.set_default_timeout(60_000)
    yield made
    made.close()


def shown(page: Page, body: str, *, answers: dict[str, str] | None = None) -> list[str]:
    """Opens a page with this body; what the browser asks for afterwards, as method and path, gathers in the list."""
    asked: list[str] = []
    whole = (
        '<!DOCTYPE html><html lang="en-GB"><head><meta name="viewport" content="width=device-width, initial-scale=1"><title>Trial</title>'
        '<link rel="stylesheet" href="/static/govuk-frontend-6.3.0.css"><link rel="stylesheet" href="/static/paperchain.css">'
        f'<script src="/static/paperchain.js" defer></script></head><body class="pc-body"><main class="pc-width pc-main">{body}</main></body></html>'
    )

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ADDRESS)
        if path.startswith("/static/"):
            route.fulfill(path=STATIC / path.removeprefix("/static/"))
        elif path == "/":
            route.fulfill(body=whole, content_type="text/html")
        else:
            asked.append(f"{route.request.method} {path}")
            # "204 No Content" leaves the page where it is, as a print that is saved does.
            text = (answers or {}).get(path)
            route.fulfill(status=204) if text is None else route.fulfill(body=text, content_type="text/html")

    page.route("**/*", answer)
    page.goto(f"{ADDRESS}/")
    return asked


@pytest.mark.parametrize(
    "body",
    [
        f'<div class="pc-person"><h1 class="govuk-heading-l">{NAME}</h1></div>',
        f'<section class="pc-panel"><h2 class="pc-panel__head">{NAME}, relationship not known</h2><p class="govuk-body"><strong>{NAME}</strong>, carer</p></section>',
        f'<div class="pc-columns"><div>One</div><div><section class="pc-panel"><p class="govuk-body">{NAME}</p></section></div></div>',
        f'<p class="pc-warning">Safe contact, {NAME}: never by post.</p>',
    ],
    ids=["heading", "panel", "columns", "warning"],
)
def test_a_name_without_a_space_pushes_no_page_out_sideways(page: Page, body: str) -> None:
    shown(page, body)
    for width in (1280, 400, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width


def test_a_name_without_a_space_leaves_room_for_the_other_columns(page: Page) -> None:
    words = "A question that somebody answered on a form of ours, in many words"
    shown(
        page,
        f'<table class="govuk-table pc-table"><tr><td class="pc-name">{words}</td><td class="pc-name">{NAME * 3}</td></tr></table>',
    )
    page.set_viewport_size({"width": 1280, "height": 800})
    first, second = (each.bounding_box() for each in page.locator("td").all())
    assert first and second and first["width"] >= 128 and second["x"] + second["width"] <= 1280


def test_a_second_click_sends_nothing_more_and_after_a_moment_it_can_be_sent_again(page: Page) -> None:
    """What is sent is counted, not what arrives: of two clicks the browser may call the first off, when the desk has it already."""
    form = '<form method="post" action="/{name}"><button>{name}</button></form>'
    shown(page, form.format(name="Print") + form.format(name="Other"))
    page.evaluate(
        "() => { window.sent = []; addEventListener('submit', (event) => { if (!event.defaultPrevented) window.sent.push(event.target.innerText) }) }"
    )
    page.dblclick("text=Print")
    page.click("text=Other")  # another form is another act
    assert page.evaluate("window.sent") == ["Print", "Other"]
    page.wait_for_timeout(3100)
    page.click("text=Print")
    assert page.evaluate("window.sent") == ["Print", "Other", "Print"]


def test_rows_that_refresh_themselves_stay_in_sight_on_a_telephone(page: Page) -> None:
    later = TABLE.format(rows=ROW.format(where="To review"))
    page.set_viewport_size({"width": 400, "height": 800})
    body = f'<div data-live data-live-url="/rows">{TABLE.format(rows=ROW.format(where="Reading"))}</div>'
    shown(page, body, answers={"/rows": later})
    for where in ("Reading", "To review"):
        cell = page.locator("td", has_text=where)
        cell.wait_for()
        assert cell.get_attribute("data-label") == "Where it is now"
        box = cell.bounding_box()
        assert box and box["x"] + box["width"] <= 400
