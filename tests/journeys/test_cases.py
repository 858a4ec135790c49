"""Enquiries, referrals and notes in a real browser: with and without scripts, and across a lost session."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.test_desk import PASSWORD, Running, browser, invite, new_page, running, sign_up, sound

__all__ = ["browser", "running"]

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def sign_in(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/sign-in")
    page.fill("#sign_in_name", name)
    page.fill("#password", PASSWORD)
    page.click("[data-main]")
    expect(page.locator("h1")).to_have_text("Today")


def test_from_a_teachers_referral_to_a_note_that_survived(running: Running, browser: Browser) -> None:
    manager, officer = new_page(browser), new_page(browser)
    sign_up(manager, running.link, "Sam")
    sign_up(officer, invite(manager, running, "officer"), "Lee")
    address = running.address

    officer.goto(f"{address}/enquiries/new")
    for field, value in (("topic", "transport"), ("channel", "telephone"), ("outcome", "answered")):
        officer.select_option(f"#{field}", value)
    officer.fill("#words", "Rowan, born 14/5/2011")
    officer.click("main [data-main]")
    expect(officer.locator("#looks")).to_contain_text("“14/5/2011” looks like a date")
    expect(officer.locator("#looks")).to_be_focused()
    sound(officer)
    officer.fill("#words", "Travel to school")
    officer.check("#passed")
    officer.click("main [data-main]")
    expect(officer.locator("h1")).to_have_text("Enquiries and referrals")

    officer.goto(f"{address}/referrals/new")
    officer.check("[name=capacity][value=school]")
    for field, value in (("child", "Rowan Testwood"), ("referrer", "Sam Sample"), ("asks", "Out of school")):
        officer.fill(f"#{field}", value)
    officer.click("main [data-main]")
    sound(officer)
    officer.select_option("#giver", "parent")
    officer.fill("#name", "Morgan Testwood")
    officer.select_option("#route", "telephone")
    officer.fill("#evidence", "Rang us back")
    officer.check("[name=storing][value=yes]")
    officer.click("main [data-main]")
    officer.check("[name=where][value=new]")
    officer.click("main [data-main]")
    expect(officer.locator("main")).to_contain_text("Rang us back")
    assert "Testwood" not in officer.title()
    sound(officer)

    officer.click("text=Write a note")
    officer.locator("#text").press_sequentially("Typed and never saved")
    expect(officer.locator("[data-draft-status]")).to_have_text("A draft of your note is kept.")
    officer.context.clear_cookies()
    officer.locator("#text").press_sequentially(", lost")
    expect(officer.locator("[data-draft-status]")).to_contain_text("You are signed out")
    sign_in(officer, address, "lee")
    officer.click("text=with a note you have not saved")
    officer.click("text=File PC-0001")
    officer.click("text=Go on writing")
    expect(officer.locator("#text")).to_have_value("Typed and never saved")
    sound(officer)

    plain = new_page(browser, scripts=False)  # the same without scripts, by the button
    sign_in(plain, address, "lee")
    plain.goto(officer.url)
    plain.fill("#text", "Kept by hand")
    plain.click("text=Keep as a draft")
    plain.click("text=Go on writing")
    expect(plain.locator("#text")).to_have_value("Kept by hand")
    plain.click("main [data-main]")
    expect(plain.locator("main")).to_contain_text("Kept by hand")
    expect(plain.locator("text=Go on writing")).to_have_count(0)
