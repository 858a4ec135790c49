"""A session that ended by itself loses nobody's words: the form is kept until its sender signs in again, and nobody else gets that."""

import html
import re
from urllib.parse import quote

import httpx2 as httpx
import pytest
from fastapi import FastAPI
from sqlmodel import select

from records.desk import signed_out
from records.desk.shell import Desk
from records.staff import accounts
from records.staff.tables import Account, SignInSession
from tests.records.desk.test_shell import (
    GONE,
    PASSWORD,
    PASSWORD_FIELD,
    Hands,
    Person,
    app,
    database_kind,
    desk,
    hands,
    officer,
)

__all__ = ["app", "database_kind", "desk", "hands", "officer"]

TYPED = {"why": 'Two lines\nand "quotes" <b>', "count": "42"}


def kept(answer: httpx.Response) -> dict[str, str]:
    found = re.findall(r"<main.*</main>", answer.text, re.DOTALL)[0]
    return {
        name: html.unescape(value) for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', found)
    }


def late(officer: Person, hands: Hands, path: str = "/trial/destroy") -> httpx.Response:
    """What an officer gets who sends a form 20 minutes after they opened it."""
    GONE.clear()
    token = officer.token("/trial")
    hands.forward(minutes=20)
    return officer.post(path, token, TYPED, sec_fetch_site="same-origin")


def test_a_form_that_is_sent_too_late_is_kept_until_its_sender_signs_in_and_then_goes_on(
    officer: Person, hands: Hands
) -> None:
    page = late(officer, hands)
    assert page.status_code == 200 and "Nothing was saved yet" in page.text and GONE == []
    fields = kept(page)
    assert {name: fields[name] for name in TYPED} == TYPED and 'action="/trial/destroy"' in page.text
    wrong = officer.post("/trial/destroy", fields.pop("csrf"), fields | {PASSWORD_FIELD: "no idea"})
    assert wrong.status_code == 422 and "The password is not right" in wrong.text and GONE == []
    again = kept(wrong)
    assert {name: again[name] for name in TYPED} == TYPED, "a wrong password loses nothing"
    done = officer.post("/trial/destroy", again.pop("csrf"), again | {PASSWORD_FIELD: PASSWORD})
    assert (done.status_code, done.headers["location"]) == (303, "/trial")
    assert [{name: value for name, value in one.items() if name != "csrf"} for one in GONE] == [TYPED], (
        "the password goes no further"
    )
    after = officer.get("/trial")
    assert after.status_code == 200 and "It was destroyed." in after.text, (
        "signed in, with the line about what was done"
    )


def test_whoever_else_sits_there_neither_sends_it_nor_learns_what_was_typed(
    app: FastAPI, officer: Person, hands: Hands
) -> None:
    page = late(officer, hands)
    fields = kept(page)
    other = Person(app)
    answer = other.post("/trial/destroy", fields["csrf"], TYPED | {PASSWORD_FIELD: PASSWORD})
    assert answer.headers["location"] == "/sign-in" and answer.text == "", "another browser has no session that ended"
    foreign = officer.post(
        "/trial/destroy", fields["csrf"], TYPED | {PASSWORD_FIELD: PASSWORD}, sec_fetch_site="cross-site"
    )
    assert foreign.headers["location"] == "/sign-in" and GONE == []


@pytest.mark.parametrize("token", ["", "made up"])
def test_a_form_without_the_token_of_the_session_that_ended_is_not_kept(
    officer: Person, hands: Hands, token: str
) -> None:
    hands.forward(minutes=20)
    answer = officer.post("/trial", token, TYPED)
    assert answer.headers["location"] == "/sign-in" and answer.text == ""


def test_of_an_account_that_was_disabled_nothing_is_kept(desk: Desk, officer: Person, hands: Hands) -> None:
    token = officer.token("/trial")
    cookies = httpx.Cookies(officer.client.cookies)
    hands.forward(minutes=20)
    with desk.db.writing() as session:
        them = session.exec(select(Account).where(Account.sign_in_name == "a.officer")).one()
        boss = session.exec(select(Account).where(Account.sign_in_name == "a.manager")).one()
        accounts.disable(session, them.id, actor=boss.id, clock=hands.clock)
    officer.client.cookies = cookies
    assert officer.post("/trial", token, TYPED).headers["location"] == "/sign-in"


def test_files_and_what_is_too_long_are_not_read_from_somebody_who_is_not_signed_in(
    officer: Person, hands: Hands
) -> None:
    token = officer.token("/trial")
    hands.forward(minutes=20)
    long = officer.post("/trial", token, {"why": "x" * (signed_out.MOST_KEPT_BYTES + 1)})
    upload = officer.client.post("/trial", data={"csrf": token}, files={"files": b"x"})
    assert [each.headers.get("location") for each in (long, upload)] == ["/sign-in"] * 2
    assert [each.text for each in (long, upload)] == [""] * 2


def test_ten_wrong_passwords_lock_the_name_here_too(officer: Person, hands: Hands) -> None:
    fields = kept(late(officer, hands))
    token = fields.pop("csrf")
    for _ in range(10):
        answer = officer.post("/trial/destroy", token, fields | {PASSWORD_FIELD: "no idea"})
    assert "The password is not right" in answer.text
    answer = officer.post("/trial/destroy", token, fields | {PASSWORD_FIELD: PASSWORD})
    assert answer.status_code == 422 and GONE == []


def test_a_page_that_was_asked_for_too_late_is_opened_after_signing_in_but_for_nobody_else(
    app: FastAPI, officer: Person, hands: Hands
) -> None:
    hands.forward(minutes=20)
    to = officer.get("/trial/managers").headers["location"]
    assert to == "/sign-in?to=/trial/managers"
    page = officer.get(to)
    assert "You were signed out" in page.text and kept(page)["to"] == "/trial/managers"
    fields = kept(page) | {"password": PASSWORD}
    cookies = httpx.Cookies(officer.client.cookies)
    mine = officer.post("/sign-in", fields["csrf"], fields | {"sign_in_name": "a.officer"})
    assert mine.headers["location"] == "/trial/managers"
    officer.client.cookies = cookies
    theirs = officer.post("/sign-in", fields["csrf"], fields | {"sign_in_name": "a.manager"})
    assert theirs.headers["location"] == "/"


@pytest.mark.parametrize("elsewhere", ["https://example.org", "//example.org", "/\\example.org", "/trial?next=x", ""])
def test_signing_in_leads_to_no_other_site(officer: Person, hands: Hands, elsewhere: str) -> None:
    hands.forward(minutes=20)
    page = officer.get(f"/sign-in?to={quote(elsewhere)}")
    fields = {"sign_in_name": "a.officer", "password": PASSWORD, "to": elsewhere}
    assert officer.post("/sign-in", kept(page)["csrf"], fields).headers["location"] == "/"


def test_a_stranger_is_told_nothing_about_sessions(app: FastAPI) -> None:
    page = Person(app).get("/sign-in?to=/trial")
    assert "You were signed out" not in page.text and "to" not in kept(page)


def test_a_form_of_before_is_offered_once_more_to_whoever_signed_in_again_beside_it(
    officer: Person, hands: Hands
) -> None:
    GONE.clear()
    old = officer.token("/trial")
    hands.forward(minutes=20)
    officer.sign_in("a.officer")
    page = officer.post("/trial/destroy", old, TYPED)
    assert page.status_code == 403 and "Nothing was sent yet" in page.text and GONE == []
    fields = kept(page)
    assert {name: fields[name] for name in TYPED} == TYPED
    assert officer.post("/trial/destroy", fields.pop("csrf"), fields).status_code == 303 and len(GONE) == 1


def test_a_form_of_somebody_else_is_not_offered(app: FastAPI, desk: Desk, officer: Person, hands: Hands) -> None:
    theirs = officer.token("/trial")
    hands.forward(minutes=20)
    officer.sign_in("a.manager")
    page = officer.post("/trial", theirs, TYPED)
    assert page.status_code == 403 and "This page was open for too long" in page.text and "quotes" not in page.text
    foreign = officer.post("/trial", theirs, TYPED, sec_fetch_site="cross-site")
    assert foreign.status_code == 403 and "quotes" not in foreign.text
    with desk.db.reading() as session:
        assert len(session.exec(select(SignInSession)).all()) == 2
