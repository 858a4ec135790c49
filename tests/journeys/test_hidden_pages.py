"""Pages that no link leads to on an ordinary day: a family's No, a copy on its way, certificates, many holds, and whoever was away too long.

Each in a real browser as `test_every_page.py` looks at the others; and the journeys that matter most by Tab, Enter and Space alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, expect

from intake.app import make_app
from intake.wiring import Paperchain
from records import holds
from records.clock import Clock
from records.holds import HoldKind, Scope
from records.staff import accounts
from records.vocabulary import Role
from tests.builders import CARER, CHILD, home
from tests.conftest import NOON
from tests.intake.desk.test_bundle_pages import ADDRESS, LOOKED, SHOWN, THIRD, to_pages
from tests.intake.desk.test_refusal_flow import NO, opened
from tests.intake.desk.test_unread_refusal import unread
from tests.intake.test_erasing_on_request import approve, asked, letter, settle
from tests.journeys.test_desk import browser
from tests.journeys.test_every_page import look
from tests.requesting import a_file, recorded, settle_beside, step
from tests.retaining import approved, days_on, family, run_over
from tests.reviewing import Browser, arrived, confirm
from tests.serving import serving

__all__ = ["browser"]

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PASSWORD = "four invented words here"


@dataclass
class Served:
    """A running desk whose clock can be put forward, and where the pages are: who may open each, and its address."""

    chain: Paperchain
    now: list[datetime]
    officer: Browser
    pages: list[tuple[Role, str]] = field(default_factory=list)
    address: str = ""

    def forward(self, minutes: int) -> None:
        self.now[0] += timedelta(minutes=minutes)

    def context(self, browser: Chromium, who: Browser | None) -> BrowserContext:
        """A browser in which this person is signed in, or nobody."""
        found = browser.new_context(viewport={"width": 1366, "height": 800}, bypass_csp=True)
        if who is not None:
            jar = who.client.cookies.jar
            found.add_cookies([{"name": one.name, "value": one.value or "", "url": self.address} for one in jar])
        found.set_default_timeout(60_000)
        return found


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    now = [NOON]
    with home(tmp_path_factory.mktemp("hidden") / "home", Clock(lambda: now[0])) as chain:
        served = Served(chain, now, Browser(chain))
        refusals(served, served.officer)
        copies(served, served.officer)
        destroyed(served)
        app = make_app(chain)
        with serving(app) as served.address:
            yield served


def refusals(served: Served, officer: Browser) -> None:
    """A form that says No to keeping, of a child with a file; a page that no form reads; a file that many holds keep."""
    chain = served.chain
    file = opened(chain, officer.id).file.id
    part = arrived(chain)[0]
    confirm(officer, part, **NO)
    with chain.db.writing() as session:
        for kind in (*[HoldKind.COMPLAINT] * 20, HoldKind.COURT):
            holds.place(
                session, kind=kind, scope=Scope.FILE, subject_id=file, authority="County court", reason="A claim.", by=str(officer.id),
                at=chain.clock.now(),
            )  # fmt: skip
    served.pages += [
        (Role.OFFICER, f"/review/{part}/refused"), (Role.OFFICER, f"/review/{unread(chain)}/no"),
        (Role.MANAGER, "/retention/files/1/keep"), (Role.MANAGER, "/retention/holds"),
    ]  # fmt: skip


def copies(served: Served, officer: Browser) -> None:
    """A request whose pages are being looked through, and one whose copy is made."""
    chain = served.chain
    covered = {"left": "5", "top": "8", "width": "60", "height": "8", **THIRD}
    _, carer, ids = a_file(chain, officer.id)
    path = to_pages(chain, officer, carer)
    officer.post(f"{path}/look/{ids[1]}/cover", covered)
    served.pages += [(Role.OFFICER, f"{path}/look"), *((Role.OFFICER, f"{path}/look/{one}") for one in ids[:2])]

    _, carer, ids = a_file(chain, officer.id, number=43)
    made = recorded(officer, file="PC-0043")
    step(officer, made, "who", person=str(carer), address=ADDRESS, address_again=ADDRESS)
    step(officer, made, "allowed", understanding="yes", view="agrees", confirm="14")
    step(officer, made, "what", searched="This file", **{"for": CHILD}, left="Nothing", recipients="The school")
    settle_beside(officer, made)
    officer.post(f"{made}/look/{ids[0]}/decide", SHOWN)
    officer.post(f"{made}/look/rest", LOOKED)
    assert officer.post(f"{made}/make", {}).status_code == 303
    served.pages += [(Role.OFFICER, made), (Role.MANAGER, f"{made}/approve"), (Role.OFFICER, f"{made}/send")]


def destroyed(served: Served) -> None:
    """A list that was destroyed, with its certificate, one that waits, and an erasure that somebody asked for."""
    chain = served.chain
    approved(chain, family(chain, "Rowan Canaryone"))
    run_over(days_on(chain, 32))
    approved(chain, family(chain, "Robin Canarytwo"))
    number = asked(chain, family(chain, "Ash Canarythree"))
    settle(chain, number)
    approve(chain, number)
    letter(chain, number)
    served.pages += [
        (Role.MANAGER, "/retention/certificates"), (Role.MANAGER, "/retention/lists/1"), (Role.MANAGER, "/retention/lists/2"),
        (Role.MANAGER, f"/requests/{number}/what"), (Role.MANAGER, f"/requests/{number}"),
    ]  # fmt: skip


def test_every_hidden_page_is_sound(browser: Chromium, desk: Served) -> None:
    wrong = []
    for role in (Role.OFFICER, Role.MANAGER):
        with desk.context(browser, Browser(desk.chain, role)) as own:
            page = own.new_page()
            for path in [path for each, path in desk.pages if each is role]:
                answer = page.goto(desk.address + path, wait_until="load")
                assert answer is not None and answer.status == 200, path
                wrong += [f"{path}: {each}" for each in look(page)]
    assert not wrong, "\n".join(wrong)


def test_on_a_telephone_the_page_of_a_copy_comes_before_the_questions_about_it(browser: Chromium, desk: Served) -> None:
    path = next(path for _, path in desk.pages if "/look/" in path)
    with desk.context(browser, Browser(desk.chain)) as own:
        page = own.new_page()
        page.goto(desk.address + path)
        for width, first in ((400, True), (1280, False)):
            page.set_viewport_size({"width": width, "height": 800})
            shown, question = (page.locator(each).bounding_box() for each in (".pc-page", "#decision"))
            assert shown and question and (shown["y"] < question["y"] - 100) is first, width


# Whoever was away


def test_the_pages_of_whoever_was_away_are_sound_and_lose_nothing(browser: Chromium, desk: Served) -> None:
    officer = Browser(desk.chain, Role.OFFICER, "Away")
    wrong: list[str] = []

    def sound(page: Page, heading: str) -> None:
        expect(page.locator("h1")).to_have_text(heading)
        wrong.extend(f"{heading}: {each}" for each in look(page))

    with desk.context(browser, officer) as own:
        page = own.new_page()
        page.goto(f"{desk.address}/withdrawals/new")
        page.locator("main textarea").first.fill("Words that took long to write")
        desk.forward(20)
        page.locator("main button[data-main]").press("Enter")
        sound(page, "Sign in again")
        page.fill("#password_again", "no idea at all")
        page.locator("main button[data-main]").press("Enter")
        sound(page, "Sign in again")
        page.fill("#password_again", PASSWORD)
        page.locator("main button[data-main]").press("Enter")
        expect(page.locator("main textarea").first).to_have_value("Words that took long to write")

        desk.forward(20)
        beside = own.new_page()
        beside.goto(f"{desk.address}/files")
        sound(beside, "Sign in")
        beside.fill("#sign_in_name", signed_in_as(desk, officer))
        beside.fill("#password", PASSWORD)
        beside.locator("main button").first.press("Enter")
        expect(beside.locator("h1")).to_have_text("Files")
        page.locator("main button[data-main]").press("Enter")
        sound(page, "Nothing was sent yet")

        page.goto(f"{desk.address}/withdrawals/new")
        page.evaluate("document.querySelectorAll('[name=csrf]').forEach(one => { one.value = 'x' })")
        page.locator("main button[data-main]").press("Enter")
        sound(page, "Try again")
        page.goto(f"{desk.address}/nothing/here")
        sound(page, "Page not found")

        desk.forward(10)
        page.goto(f"{desk.address}/files")
        desk.forward(10)
        page.goto(f"{desk.address}/requests/2/copy.pdf")
        sound(page, "Type your password again")
    with desk.chain.db.writing() as session:
        link = accounts.invite(session, Role.ADMIN, desk.chain.clock)
    with desk.context(browser, None) as nobody:
        page = nobody.new_page()
        page.goto(f"{desk.address}/welcome/never-made")
        sound(page, "This link has ended")
        page.goto(f"{desk.address}/welcome/{link}")
        sound(page, "Set up your account")
    assert not wrong, "\n".join(wrong)


def signed_in_as(desk: Served, who: Browser) -> str:
    with desk.chain.db.reading() as session:
        return accounts.sign_in_name(session, who.id)


# By Tab, Enter and Space alone


def tab_to(page: Page, what: str, most: int = 80) -> None:
    """Presses Tab until something is in focus that matches this selector."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(what) => document.activeElement.matches(what)", what):
            return
    pytest.fail(f"Tab does not reach {what} on {page.url}")


def enter(page: Page) -> None:
    """Presses Enter, and waits for the page that it leads to."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_familys_no_is_carried_out_by_keyboard_alone(browser: Chromium, desk: Served) -> None:
    """From signing in over the search to erasing the form, and to one hold of many on the page that keeps a file longer."""
    with desk.context(browser, None) as own:
        page = own.new_page()
        page.goto(f"{desk.address}/sign-in")
        tab_to(page, "#sign_in_name")
        page.keyboard.type(signed_in_as(desk, desk.officer))
        tab_to(page, "#password")
        page.keyboard.type(PASSWORD)
        enter(page)
        expect(page.locator("h1")).to_have_text("Today")
        tab_to(page, "[name=q]")
        page.keyboard.type(CARER.split()[1])
        enter(page)
        tab_to(page, "main a[href='/files/1']")
        enter(page)
        expect(page.locator("h1")).to_contain_text(CHILD)

        page.goto(desk.address + next(path for _, path in desk.pages if path.endswith("/refused")))
        tab_to(page, "input[name=file]")
        page.keyboard.press("ArrowDown")
        tab_to(page, "input[name=paper]")
        page.keyboard.press("Space")
        tab_to(page, ".govuk-button--warning")
        enter(page)
        expect(page.locator("h1")).to_have_text("Review")

    with desk.context(browser, Browser(desk.chain, Role.MANAGER)) as own:
        page = own.new_page()
        page.goto(f"{desk.address}/retention/files/1/keep")
        tab_to(page, "main summary")
        page.keyboard.press("Space")
        expect(page.locator("main details[open] a")).to_have_count(20)
        tab_to(page, "main li li a")
        enter(page)
        expect(page.locator("h1")).to_have_text("Hold over file PC-0001")
