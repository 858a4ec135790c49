"""Whole journeys in a real browser on a real, running Paperchain: from the first link to a consent on a child's file."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "samples" / "IASS-MFP_4767.pdf"
PASSWORD = "three unrelated words here"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]  # fmt: skip

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@dataclass(frozen=True)
class Running:
    """A Paperchain that runs: its address and the first manager's link."""

    address: str
    link: str


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    environment = {
        **os.environ,
        "PAPERCHAIN_HOME": str(tmp_path / "home"),
        "PAPERCHAIN_DESK__PORT": str(free_port()),
        "PAPERCHAIN_INTAKE__STILL_SECONDS": "0.2",
        "PYTHONUNBUFFERED": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "intake.commands", "run"], env=environment, cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    try:
        told = ""
        assert process.stderr is not None
        for line in process.stderr:
            told += line
            if found := re.search(r"(http://\S+)/welcome/\S+", told):
                break
        else:
            pytest.fail(f"no link was printed: {told}")
        yield Running(found[1], found[0])
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield launched
        launched.close()


def new_page(browser: Browser, *, scripts: bool = True, width: int = 1366) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, java_script_enabled=scripts, bypass_csp=scripts
    )
    page = context.new_page()
    page.set_default_timeout(20_000)
    return page


def open_link(page: Page, link: str) -> None:
    """The desk starts in a process of its own, so the link may be printed a moment before it answers."""
    for _ in range(60):
        try:
            page.goto(link)
            return
        except Exception as error:  # Playwright's own error class for a refused connection
            if "ERR_CONNECTION_REFUSED" not in str(error):
                raise
            page.wait_for_timeout(250)
    pytest.fail("the desk did not answer")


def sign_up(page: Page, link: str, name: str) -> None:
    open_link(page, link)
    page.fill("#display_name", f"{name} Specimen")
    page.fill("#sign_in_name", name.casefold())
    page.fill("#password", PASSWORD)
    page.click("[data-main]")
    expect(page.locator("h1")).to_have_text("Today")


def invite(page: Page, running: Running, role: str) -> str:
    page.goto(f"{running.address}/settings/people")
    page.check(f"input[name=role][value={role}]")
    page.click("[data-main]")
    return page.inner_text(".pc-code")


def faults(page: Page) -> list[str]:
    """What axe-core finds wrong on a page."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(files("axe_core_python").joinpath("axe.min.js").read_text("utf-8"))
    found = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:120]}" for fault in found["violations"]]


def sound(page: Page) -> None:
    """Wide and narrow: axe-core finds nothing, and on a phone nothing is to be scrolled sideways."""
    for width in (1366, 320):
        page.set_viewport_size({"width": width, "height": 800})
        # The page hears of its new width before it is drawn again: what hangs on it (a wide cut-out that keys reach) is not there sooner.
        page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        assert faults(page) == [], (width, urlsplit(page.url).path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (width, urlsplit(page.url).path)
    page.set_viewport_size({"width": 1366, "height": 800})


def fill_review(page: Page) -> None:
    """Answers everything that an officer must answer on this sample."""
    for answer in page.locator("fieldset[data-answer]").all():
        answer.locator("input").first.check()
    page.fill("#child_name", "Toby Varley")
    for part, value in (("", "11"), ("-month", "5"), ("-year", "2008")):
        page.fill(f"#date_of_birth{part}", value)
    page.check("#giver")
    for part, value in (("", "22"), ("-month", "4"), ("-year", "2025")):
        page.fill(f"#signed_on{part}", value)
    page.fill("#parent_name", "Zac Ingleby")
    page.check("#legible")


def confirm(page: Page) -> None:
    """Confirms by the keyboard; a birth date that differs from the reading is looked at once more."""
    for again in (False, True):
        if not again or page.locator(".govuk-error-summary").count():
            page.evaluate("window.sentFrom = true")
            with page.expect_navigation():
                page.locator("button", has_text="Confirm answers").press("Enter")
            # On a busy machine the page that was sent can still be there: only a new one has no mark.
            page.wait_for_function("!window.sentFrom && document.readyState === 'complete'")
            if page.locator(".govuk-error-summary").count():
                told = page.inner_text(".govuk-error-summary")
                assert not again and "Look again" in told, told


def test_from_the_first_link_to_a_consent_on_the_file(running: Running, browser: Browser) -> None:
    manager, admin, officer = (new_page(browser) for _ in range(3))
    sign_up(manager, running.link, "Sam")
    sign_up(admin, invite(manager, running, "admin"), "Alex")
    sign_up(officer, invite(manager, running, "officer"), "Lee")

    admin.goto(f"{running.address}/post")
    sound(admin)
    admin.set_input_files("#files", str(SAMPLE))
    admin.click("text=Add post >> nth=-1")
    expect(admin.locator("[data-live]")).to_contain_text("To review", timeout=60_000)  # by itself, without a reload

    officer.goto(f"{running.address}/review")
    sound(officer)
    officer.click("[data-main]")
    assert "Varley" not in officer.title()
    fill_review(officer)
    sound(officer)
    confirm(officer)
    expect(officer.locator(".pc-notice")).to_contain_text("Its paper is O-1")

    officer.fill("#find", "toby varly")
    officer.click(".pc-search__button")
    officer.click("text=PC-0001")
    assert officer.url.endswith("/files/1")
    assert "Varley" not in officer.title()
    expect(officer.locator("h1")).to_have_text("Toby Varley")
    expect(officer.locator("main")).to_contain_text("11 May 2033")
    sound(officer)
    health = officer.locator("tr", has_text="Health service")
    expect(health).to_contain_text("22 April 2025")
    # He was 16 and past school age when a parent signed: their yes alone opens nothing (R20, R27).
    expect(health).to_contain_text("The young person’s own answer is needed from this age")
    with officer.expect_response(re.compile("/crops/")) as crop:
        health.locator("a").click()
    assert crop.value.headers["content-type"] == "image/png"

    officer.goto(f"{running.address}/files/1/history")
    sound(officer)

    admin.goto(f"{running.address}/originals/1")
    expect(admin.locator("main")).to_contain_text("Confidential waste")
    sound(admin)
    admin.goto(f"{running.address}/originals")
    sound(admin)
    label = admin.request.post(
        f"{running.address}/originals/labels",
        form={"csrf": admin.locator("[name=csrf]").first.input_value(), "number": "1", "first": "1"},
    )
    assert label.headers["content-type"] == "application/pdf"
    assert label.body().startswith(b"%PDF-")
    admin.goto(f"{running.address}/files/1")
    expect(admin.locator("h1")).to_have_text("Page not found")
    manager.goto(f"{running.address}/items/1")
    expect(manager.locator("h1")).to_have_text("Page not found")


def test_the_same_without_scripts(running: Running, browser: Browser) -> None:
    manager, officer = new_page(browser, scripts=False), new_page(browser, scripts=False)
    sign_up(manager, running.link, "Sam")
    sign_up(officer, invite(manager, running, "officer"), "Lee")
    officer.goto(f"{running.address}/post")
    officer.set_input_files("#files", str(SAMPLE))
    officer.click("text=Add post >> nth=-1")
    for _ in range(120):
        officer.goto(f"{running.address}/review")
        if officer.locator("tbody a").count():
            break
        officer.wait_for_timeout(500)
    officer.click("tbody a")
    fill_review(officer)
    confirm(officer)
    expect(officer.locator(".pc-notice")).to_contain_text("The form was confirmed")


def test_keys_answer_a_question_and_move_on(running: Running, browser: Browser) -> None:
    manager, officer = new_page(browser), new_page(browser)
    sign_up(manager, running.link, "Sam")
    sign_up(officer, invite(manager, running, "officer"), "Lee")
    officer.goto(f"{running.address}/post")
    officer.set_input_files("#files", str(ROOT / "samples" / "202409261151464774.pdf"))
    officer.click("text=Add post >> nth=-1")
    expect(officer.locator("[data-live]")).to_contain_text("To review", timeout=60_000)
    officer.goto(f"{running.address}/review")
    officer.click("[data-main]")
    answers = officer.locator("fieldset[data-answer]")
    assert answers.count() >= 2
    answers.nth(0).locator("input").first.focus()
    officer.keyboard.press("n")
    expect(answers.nth(0).locator("input[data-key=n]")).to_be_checked()
    assert officer.evaluate(
        "document.activeElement.closest('[data-answer]') === document.querySelectorAll('[data-answer]')[1]"
    )
    officer.keyboard.press("u")
    assert officer.evaluate(
        "document.activeElement.closest('[data-answer]') === document.querySelectorAll('[data-answer]')[0]"
    )
    while officer.locator("fieldset[data-answer]:not(:has(input:checked))").count():
        officer.locator("fieldset[data-answer]:not(:has(input:checked)) input").first.focus()
        officer.keyboard.press("n")
    officer.locator("button", has_text="Confirm answers").press("Enter")
    expect(officer.locator(".govuk-error-summary")).to_be_focused()
    sound(officer)  # with its mistakes


def test_no_page_shuts_anybody_out(running: Running, browser: Browser) -> None:
    manager, officer, stranger = (new_page(browser) for _ in range(3))
    open_link(manager, running.link)
    sound(manager)
    sign_up(manager, running.link, "Sam")
    link = invite(manager, running, "officer")
    sound(manager)  # with the link shown
    manager.goto(f"{running.address}/settings/people")
    manager.click("[data-main]")
    expect(manager.locator(".govuk-error-summary")).to_contain_text("Choose what they do")
    sound(manager)
    sign_up(officer, link, "Lee")
    for path in ("/", "/post", "/review", "/files", "/originals", "/help", "/nothing-here"):
        officer.goto(running.address + path)
        sound(officer)
    stranger.goto(f"{running.address}/sign-in")
    sound(stranger)
    stranger.goto(link)
    expect(stranger.locator("h1")).to_have_text("This link has ended")
    sound(stranger)
    stranger.evaluate("document.querySelector('h1').innerHTML = '<img src=x>'")
    assert [fault.split(":")[0] for fault in faults(stranger) if fault.startswith("image-alt")] == ["image-alt"]
