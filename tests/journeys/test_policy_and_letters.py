"""The policy and the letters pages in a real browser: by keyboard, wide and narrow, without a fault that axe-core knows."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from intake.app import make_app
from records.consents.standing import ConsentState
from records.staff import accounts, sessions
from records.vocabulary import Role
from tests.builders import home
from tests.journeys.test_desk import ARGUMENTS
from tests.records.consents.homes import open_file
from tests.serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ANSWERS = {"store": ConsentState.GIVEN, "news:email": ConsentState.UNCLEAR}


@dataclass(frozen=True)
class Running:
    """A desk that runs, and the cookie of each role."""

    address: str
    cookie: str
    tokens: dict[Role, str]

    def page(self, browser: Browser, role: Role, width: int) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
        context.add_cookies([{"name": self.cookie, "value": self.tokens[role], "url": self.address}])
        return context.new_page()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    place: Path = tmp_path_factory.mktemp("desk") / "home"
    with home(place, service__policy="northamptonshire") as chain:
        app, tokens = make_app(chain), {}
        with chain.db.writing() as session:
            for role in (Role.OFFICER, Role.MANAGER):
                account = accounts.accept(
                    session, accounts.invite(session, role, chain.clock), sign_in_name=f"{role}.one", display_name=f"Lee {role}",
                    password="four invented words here", clock=chain.clock,
                )  # fmt: skip
                tokens[role] = sessions.begin(session, account, chain.clock)
                if role is Role.OFFICER:
                    open_file(session, chain.clock.now(), ANSWERS, officer=account.id)
        with serving(app) as address:
            yield Running(address, app.state.desk.cookie, tokens)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield launched
        launched.close()


def look(page: Page) -> None:
    """No fault that axe-core knows, one heading of the first order, no sideways scrolling."""
    found = Axe().run(page)["violations"]
    assert not found, [(each["id"], each["nodes"][0]["html"]) for each in found]
    assert page.locator("h1").count() == 1
    width = page.viewport_size
    assert width is not None
    assert page.evaluate("document.documentElement.scrollWidth") <= width["width"]


def test_a_manager_sets_how_long_papers_are_kept_by_keyboard_alone(running: Running, browser: Browser) -> None:
    for width in (320, 1366):
        page = running.page(browser, Role.MANAGER, width)
        page.goto(f"{running.address}/settings/policy")
        look(page)
        page.goto(f"{running.address}/settings/policy/S10")
        look(page)
        page.locator("#unset").focus()
        page.keyboard.press("Space")
        page.fill("#value", "25")
        page.fill("#reason", "Agreed by the steering group")
        page.locator("[data-main]").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".govuk-error-summary")).to_contain_text("30 days of notice")
        expect(page.locator("#value")).to_have_value("25")
        look(page)
        page.fill("#begins-year", str(int(page.input_value("#begins-year")) + 1))
        page.locator("[data-main]").focus()
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_contain_text("Look before you change")
        expect(page.locator("main")).to_contain_text("1 file will have a keep-until date where they have none now.")
        look(page)
    page.locator("[data-main]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".pc-notice")).to_contain_text("Keeping of documents")
    look(page)
    page.get_by_role("link", name="Files that this gives an earlier date").click()
    expect(page.locator("h1")).to_contain_text("Notice list")
    look(page)


def test_a_manager_is_told_at_its_field_what_a_review_still_needs(running: Running, browser: Browser) -> None:
    for width in (320, 1366):
        page = running.page(browser, Role.MANAGER, width)
        page.goto(f"{running.address}/settings/policy")
        page.get_by_role("link", name="Questions about the policy").click()
        look(page)
        page.goto(f"{running.address}/settings/policy-reviews")
        look(page)
        page.fill("#reviewer", "Sam Invented")
        page.locator("[data-main]").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".govuk-error-summary")).to_contain_text("Choose in what capacity they reviewed it")
        expect(page.locator("#reviewer")).to_have_value("Sam Invented")
        look(page)
        page.locator("#capacity").check()
        page.locator("#outcome").check()
        page.locator("[data-main]").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".pc-notice")).to_contain_text("The review is recorded.")
        expect(page.locator("main")).to_contain_text("Sam Invented, for: the manager. No change.")
        look(page)


def test_an_officer_finds_the_letters_of_a_file_and_what_may_not_go_out(running: Running, browser: Browser) -> None:
    for width in (320, 1366):
        page = running.page(browser, Role.OFFICER, width)
        page.goto(f"{running.address}/files/1")
        page.get_by_role("link", name="Letters and receipts").click()
        expect(page.locator("main")).to_contain_text("2 answers, 1 to ask again")
        expect(page.locator("main")).to_contain_text("No letter now.")
        look(page)
