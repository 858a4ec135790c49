"""Consents in a real browser: a withdrawal by keyboard alone, pages that axe-core finds nothing wrong with, and no scripts needed."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page

from intake.app import make_app
from records.consents import bodies
from records.consents.items import NEWS, STORE, TALK, Category
from records.consents.standing import ConsentState
from records.staff import accounts, sessions
from records.vocabulary import Role
from tests.builders import home
from tests.journeys.test_desk import browser, sound
from tests.records.consents.homes import open_file
from tests.serving import serving

__all__ = ["browser"]

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@dataclass(frozen=True)
class Desk:
    """A running desk with one file, and the cookies of an officer and a manager."""

    address: str
    number: int
    cookie: str
    officer: str
    manager: str


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with home(tmp_path_factory.mktemp("home")) as chain:
        tokens = {}
        with chain.db.writing() as session:
            for role in (Role.OFFICER, Role.MANAGER):
                account = accounts.accept(
                    session, accounts.invite(session, role, chain.clock), sign_in_name=f"the.{role}", display_name="Lee Sample",
                    password="four invented words here", clock=chain.clock,
                )  # fmt: skip
                tokens[role] = sessions.begin(session, account, chain.clock)
                if role is Role.OFFICER:
                    officer = account.id
            answers = {STORE: ConsentState.GIVEN} | {item: ConsentState.GIVEN for item, _ in (*NEWS, *TALK)}
            found = open_file(session, chain.clock.now(), answers, officer=officer)
            today, now = chain.clock.today(), chain.clock.now()
            bodies.add(session, found.file, Category.HEALTH, "Elm Clinic", since=today, actor=str(officer), at=now)
            bodies.add(
                session, found.file, Category.COUNCIL, "Council finance", since=today, actor=str(officer), at=now
            )
        app = make_app(chain)
        with serving(app) as address:
            yield Desk(
                address,
                found.file.number,
                app.state.desk.cookie,
                tokens[Role.OFFICER],
                tokens[Role.MANAGER],
            )


def opened(browser: Browser, desk: Desk, token: str, *, scripts: bool = True) -> Page:
    context = browser.new_context(
        viewport={"width": 1366, "height": 800}, java_script_enabled=scripts, bypass_csp=scripts
    )
    context.add_cookies([{"name": desk.cookie, "value": token, "url": desk.address}])
    page = context.new_page()
    page.set_default_timeout(20_000)
    return page


def test_the_pages_are_sound_fresh_and_with_errors(browser: Browser, desk: Desk) -> None:
    page, base = opened(browser, desk, desk.officer), f"{desk.address}/files/{desk.number}"
    for path in ("/change", "/contacts", "/share-for-safety"):
        page.goto(base + path)
        sound(page)
        page.click("[data-main]")
        assert page.locator(".govuk-error-summary").count() == 1
        sound(page)
    page.goto(base + "/contacts")
    page.get_by_role("link", name="Record a contact with Council finance").click()
    sound(page)
    page.click("[data-main]")
    assert page.locator(".govuk-error-summary").count() == 1
    for choice in ("#purpose", "#how", "#when"):
        page.check(choice)
    page.click("[data-main]")
    assert "We do not have consent to contact another part of a council" in page.inner_text(".govuk-error-summary")
    sound(page)
    page.context.close()


def test_a_withdrawal_by_keyboard_alone(browser: Browser, desk: Desk) -> None:
    """W41: link, choices, button; the pointer is never used."""
    page = opened(browser, desk, desk.officer)
    page.goto(f"{desk.address}/files/{desk.number}")
    page.get_by_role("link", name="Record a change or withdrawal").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/change")
    for target in ("#who-2", "#how", "#contact-legal-no"):
        page.focus(target)
        page.keyboard.press("Space")
    page.focus("[data-main]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/changes/*")
    assert "Withdrawn on" in page.inner_text("main")
    sound(page)
    page.goto(f"{desk.address}/files/{desk.number}/history")
    sound(page)
    page.context.close()


def test_on_a_telephone_all_of_an_answer_is_in_sight(browser: Browser, desk: Desk) -> None:
    """Also where it comes from and its reason, which stood out of sight to the right."""
    page = opened(browser, desk, desk.officer)
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"{desk.address}/files/{desk.number}")
    cells = page.get_by_role("table").first.get_by_role("cell")
    assert cells.count() > 8
    for cell in cells.all():
        box = cell.bounding_box()
        assert box is None or box["x"] + box["width"] <= 320
    sound(page)
    page.context.close()


def test_sharing_for_safety_without_scripts_alerts_the_manager(browser: Browser, desk: Desk) -> None:
    page = opened(browser, desk, desk.officer, scripts=False)
    page.goto(f"{desk.address}/files/{desk.number}")
    page.locator("main").get_by_role("link", name="Share for safety").click()
    for choice in ("#ground", "#source", "#lawful_route", "#consent_sought-4", "#family_told-3"):
        page.check(choice)
    for field in ("#facts", "#at_risk", "#recipient", "#what", "#why_not_asked"):
        page.fill(field, "Invented words")
    page.click("[data-main]")
    assert "A manager is alerted" in page.inner_text("main")
    page.context.close()
    manager = opened(browser, desk, desk.manager)
    manager.goto(desk.address)
    manager.get_by_role("link", name="shared for safety, not yet seen").click()
    sound(manager)
    manager.set_viewport_size({"width": 320, "height": 800})
    row = manager.get_by_role("table").get_by_role("row").last
    assert "Recorded by" in (row.get_by_role("cell").nth(2).get_attribute("data-label") or "")
    box = row.get_by_role("link", name="Look at it").bounding_box()
    assert box is not None and box["x"] + box["width"] <= 320  # what must be pressed is not out of sight
    sound(manager)
    manager.get_by_role("link", name="Look at it").click()
    sound(manager)
    manager.click("[data-main]")
    sound(manager)
    assert "Nothing waits for you" in manager.inner_text("main")
    manager.context.close()
