"""Signing in and out, one-time links, and people and roles, as a browser sees them."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx2 as httpx
import pytest
from fastapi import FastAPI
from sqlmodel import select
from starlette.testclient import TestClient

from records.clock import Clock
from records.db import Database
from records.desk import account_pages, today_pages
from records.desk.shell import Desk, build
from records.documents.store import FolderStore
from records.people import register
from records.policies.settings import load as load_policy
from records.staff import accounts
from records.staff.tables import Account
from records.vocabulary import Role

PASSWORD = "violet kettle harbour"
LINE = (3, "items to sort", "/post?state=to_sort")


class Person:
    """A browser: keeps cookies and reads the form token from the page it was shown."""

    def __init__(self, app: FastAPI, *, secure: bool = False) -> None:
        base = "https://testserver" if secure else "http://testserver"
        self.client = TestClient(app, base_url=base, follow_redirects=False)

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def send(self, page: str, to: str, **fields: str) -> httpx.Response:
        token = self.get(page).text.split('name="csrf" value="')[1].split('"')[0]
        return self.client.post(to, data={"csrf": token} | fields)

    def sign_up(self, link: str, name: str) -> httpx.Response:
        self.get(link)
        return self.send("/welcome", "/welcome", sign_in_name=name, display_name="Lee Sample", password=PASSWORD)


@pytest.fixture
def desk(database: Database, clock: Clock, tmp_path: Path) -> Desk:
    (tmp_path / "documents").mkdir()
    return Desk(
        database, FolderStore(tmp_path / "documents"), clock, lambda: load_policy("westminster", clock.today()),
        "Testwood SENDIASS",
    )  # fmt: skip


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    return build(desk, today_pages.pages, account_pages.pages)


@pytest.fixture
def first_link(desk: Desk) -> str:
    with desk.db.writing() as session:
        return "/welcome/" + accounts.invite(session, Role.MANAGER, desk.clock)


@pytest.fixture
def manager(app: FastAPI, first_link: str) -> Person:
    person = Person(app)
    assert person.sign_up(first_link, "the.manager").headers["location"] == "/"
    return person


def invited(manager: Person, role: Role) -> str:
    text = manager.send("/settings/people", "/settings/people", role=role).text
    return "/welcome/" + text.split("/welcome/")[1].split("<")[0]


def test_the_first_manager_signs_up_by_the_link_and_is_signed_in(app: FastAPI, first_link: str) -> None:
    person = Person(app)
    assert person.get(first_link).headers["location"] == "/welcome"
    page = person.get("/welcome").text
    assert "manager" in page
    assert first_link.removeprefix("/welcome/") not in page  # the link stays out of the page and its address
    assert person.sign_up(first_link, "the.manager").headers["location"] == "/"
    assert "Nothing is waiting for you." in person.get("/").text
    assert "Lee Sample, manager" in person.get("/").text


def test_a_link_that_was_used_says_so_without_telling_why(app: FastAPI, manager: Person, first_link: str) -> None:
    used, never = Person(app).get(first_link), Person(app).get("/welcome/never-made")
    assert used.status_code == never.status_code == 404
    assert "This link does not work any more" in used.text
    assert used.text.split("<main")[1] == never.text.split("<main")[1]


@pytest.mark.parametrize("way", ["get", "post"])
def test_the_page_without_a_link_makes_nobody(app: FastAPI, desk: Desk, way: str) -> None:
    person = Person(app)
    fields = {"sign_in_name": "x.y", "display_name": "X", "password": PASSWORD}
    answer = person.get("/welcome") if way == "get" else person.send("/sign-in", "/welcome", **fields)
    assert answer.status_code == 404
    with desk.db.reading() as session:
        assert session.exec(select(Account)).all() == []


def test_a_mistake_keeps_what_was_typed_but_never_the_password(app: FastAPI, first_link: str) -> None:
    person = Person(app)
    person.get(first_link)
    answer = person.send("/welcome", "/welcome", sign_in_name="lee", display_name="Lee <b>", password="too short")
    assert answer.status_code == 422
    assert 'value="lee"' in answer.text
    assert "Lee &lt;b&gt;" in answer.text
    assert "too short" not in answer.text
    assert answer.text.count("Password must have 12 characters or more") == 2  # in the summary and at the field
    assert 'aria-describedby="password-hint password-error"' in answer.text
    assert person.sign_up(first_link, "lee").status_code == 303  # the link is still good


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(app: FastAPI, manager: Person) -> None:
    person = Person(app)
    one = person.send("/sign-in", "/sign-in", sign_in_name="the.manager", password="not the password")
    two = person.send("/sign-in", "/sign-in", sign_in_name="nobody", password="not the password")
    assert one.status_code == two.status_code == 422
    assert one.text == two.text
    assert 'aria-invalid="true"' in one.text


def test_after_ten_wrong_tries_even_the_right_password_waits(app: FastAPI, manager: Person, desk: Desk) -> None:
    for _ in range(10):
        with desk.db.writing() as session:
            accounts.count_guess(session, "the.manager", desk.clock)
    answer = Person(app).send("/sign-in", "/sign-in", sign_in_name="the.manager", password=PASSWORD)
    assert answer.status_code == 429
    assert "Wait five minutes" in answer.text
    assert manager.get("/").status_code == 200  # who is in stays in


def test_sign_out_leads_to_sign_in_and_signing_in_again_works(manager: Person) -> None:
    assert manager.send("/", "/sign-out").headers["location"] == "/sign-in"
    assert manager.get("/").headers["location"] == "/sign-in"
    answer = manager.send("/sign-in", "/sign-in", sign_in_name="The.Manager", password=PASSWORD)
    assert answer.headers["location"] == "/"
    assert manager.get("/sign-in").headers["location"] == "/"


@pytest.mark.parametrize("secure", [False, True])
def test_sign_out_takes_the_cookie_and_what_the_browser_kept(desk: Desk, manager: Person, secure: bool) -> None:
    """A browser ignores an end of a `__Host-` cookie that is not marked Secure, and keeps whole pages for its Back button."""
    person = Person(build(replace(desk, secure=secure), today_pages.pages, account_pages.pages), secure=secure)
    person.send("/sign-in", "/sign-in", sign_in_name="the.manager", password=PASSWORD)
    out = person.send("/", "/sign-out")
    ended = next(
        each for each in out.headers.get_list("set-cookie") if each.startswith(replace(desk, secure=secure).cookie)
    )
    assert "Max-Age=0" in ended and "Path=/" in ended and ("Secure" in ended) is secure
    assert out.headers["clear-site-data"] == '"cache"'


def test_the_manager_invites_and_the_link_is_shown_once(app: FastAPI, manager: Person) -> None:
    link = invited(manager, Role.OFFICER)
    assert link not in manager.get("/settings/people").text
    officer = Person(app)
    officer.sign_up(link, "an.officer")
    assert "Lee Sample, officer" in officer.get("/").text
    assert "an.officer" in manager.get("/settings/people").text


def test_the_link_carries_the_address_that_staff_type(manager: Person, desk: Desk) -> None:
    desk.address = "https://desk.example/"
    text = manager.send("/settings/people", "/settings/people", role="admin").text
    assert "https://desk.example/welcome/" in text


def test_a_role_that_does_not_exist_is_not_invited(manager: Person) -> None:
    for role in ("", "owner"):
        answer = manager.send("/settings/people", "/settings/people", role=role)
        assert answer.status_code == 422
        assert "Choose what they do" in answer.text
        assert "/welcome/" not in answer.text


def account_of(desk: Desk, sign_in_name: str) -> UUID:
    with desk.db.reading() as session:
        return session.exec(select(Account).where(Account.sign_in_name == sign_in_name)).one().id


def test_disabling_is_asked_once_more_then_shuts_out_at_once_and_is_shown(
    app: FastAPI, manager: Person, desk: Desk
) -> None:
    officer = Person(app)
    officer.sign_up(invited(manager, Role.OFFICER), "an.officer")
    asked = f"/settings/people/{account_of(desk, 'an.officer')}/disable"
    page = manager.get("/settings/people").text
    assert f'action="{asked}"' not in page, "one press on the list disables nobody"
    assert f'<a class="govuk-link" href="{asked}">' in page
    page = manager.get(asked).text
    assert officer.get("/").status_code == 200, "looking at the page that asks does nothing"
    assert (
        page.index("an.officer")
        < page.index("signed out at once")
        < page.index("This cannot be undone")
        < page.index(f'action="{asked}"')
    )
    assert "open file" not in page and "stop working" not in page
    manager.send(asked, asked)
    assert officer.get("/").headers["location"] == "/sign-in"
    page = manager.get("/settings/people").text
    assert "The account was disabled." in page
    assert "Disabled" in page
    assert manager.get(asked).status_code == 404
    assert manager.send("/settings/people", asked).status_code == 404


def test_before_an_account_is_disabled_its_files_and_unused_links_are_told(
    app: FastAPI, manager: Person, desk: Desk
) -> None:
    other = Person(app)
    other.sign_up(invited(manager, Role.MANAGER), "another.manager")
    invited(other, Role.OFFICER)
    theirs = account_of(desk, "another.manager")
    page = manager.get(f"/settings/people/{theirs}/disable").text
    assert "A link that they made for somebody new stops working" in page
    with desk.db.writing() as session:
        for number in (1, 2, 3):
            file = register.open_file(
                session, officer_id=theirs, child_name="Rowan Testwood", actor="lee", at=desk.clock.now(), number=number
            )
            if number == 3:
                file.closed_at = desk.clock.now()
    invited(other, Role.ADMIN)
    page = manager.get(f"/settings/people/{theirs}/disable").text
    assert "2 links that they made" in page
    assert "2 open files are theirs" in page and f'href="/allocation?of={theirs}"' in page
    assert "Rowan" not in page
    later = desk.clock.now() + timedelta(hours=accounts.LINK_HOURS)
    desk.clock = Clock(lambda: later)
    with desk.db.reading() as session:
        assert accounts.unused_links(session, theirs, desk.clock) == 0, "a link that is too old works for nobody anyway"


def test_the_manager_is_not_offered_and_cannot_take_their_own_end(manager: Person, desk: Desk) -> None:
    with desk.db.reading() as session:
        own = session.exec(select(Account)).one().id
    assert f"{own}/disable" not in manager.get("/settings/people").text
    asked = manager.get(f"/settings/people/{own}/disable")
    for answer in (asked, manager.send("/settings/people", f"/settings/people/{own}/disable")):
        assert answer.status_code == 422
        assert "You cannot disable your own account" in answer.text


@pytest.mark.parametrize("role", [Role.ADMIN, Role.OFFICER])
def test_people_are_the_managers_page_alone(app: FastAPI, manager: Person, role: Role) -> None:
    other = Person(app)
    other.sign_up(invited(manager, role), "other")
    assert other.get("/settings").status_code == 404
    assert other.get("/settings/people").status_code == 404
    assert other.send("/", "/settings/people", role="manager").status_code == 404
    led = set(re.findall(r'href="(/settings[^"]*)"', other.get("/").text))
    assert led <= {"/settings/policy"}, "the policy is everybody's to read (G8)"
    begins = manager.get("/settings").text
    assert {"/settings/people", "/settings/policy", "/settings/audit", "/settings/health"} <= set(
        re.findall(r'href="([^"]+)"', begins)
    )


def test_today_leads_to_what_waits_and_leaves_out_what_does_not(manager: Person, desk: Desk) -> None:
    desk.today_lines = lambda session, actor: [LINE, (0, "items stopped", "/post?state=stopped")]
    page = manager.get("/").text
    assert "3</span> items to sort" in page
    assert 'href="/post?state=to_sort"' in page
    assert "items stopped" not in page


def test_help_names_the_keys_and_says_what_was_not_tried(manager: Person) -> None:
    page = manager.get("/help").text
    assert "<kbd>Y</kbd>" in page
    assert "pc-table--few" in page, "else what the keys do is cut off on a telephone"
    assert "not yet been tried with screen readers" in page


# What the pages promise to somebody who uses them without a mouse, or without an account


def test_the_errors_lead_to_something_that_takes_focus(app: FastAPI, manager: Person) -> None:
    stranger, newcomer = Person(app), Person(app)
    newcomer.get(invited(manager, Role.ADMIN))
    for answer in (
        stranger.send("/sign-in", "/sign-in", sign_in_name="nobody", password="x"),
        newcomer.send("/welcome", "/welcome", sign_in_name="lee", display_name="", password=PASSWORD),
        newcomer.send("/welcome", "/welcome", sign_in_name="l e e", display_name="Lee", password=PASSWORD),
        newcomer.send("/welcome", "/welcome", sign_in_name="lee", display_name="Lee", password="short"),
        manager.send("/settings/people", "/settings/people"),
    ):
        assert answer.status_code == 422
        (target,) = re.findall(r'<li><a href="#([^"]+)">', answer.text)
        (element,) = re.findall(rf'<[^>]* id="{target}"[^>]*>', answer.text)
        assert element.startswith("<input") or 'tabindex="-1"' in element
        assert f'{target}-error"' in element  # what is wrong is read out there too
        assert f'id="{target}-error"' in answer.text


def test_a_link_that_is_too_old_looks_like_one_that_was_never_made(app: FastAPI, desk: Desk, first_link: str) -> None:
    later = desk.clock.now() + timedelta(hours=accounts.LINK_HOURS)
    desk.clock = Clock(lambda: later)
    old, never = Person(app).get(first_link), Person(app).get("/welcome/never-made")
    assert old.status_code == 404
    assert old.text.split("<main")[1] == never.text.split("<main")[1]
    assert "pc_welcome" not in str(old.headers)


def test_a_link_opened_in_two_browsers_makes_one_account(app: FastAPI, desk: Desk, first_link: str) -> None:
    first, second = Person(app), Person(app)
    second.get(first_link)
    token = second.get("/welcome").text.split('name="csrf" value="')[1].split('"')[0]
    first.sign_up(first_link, "lee")
    fields = {"csrf": token, "sign_in_name": "sam", "display_name": "Sam", "password": PASSWORD}
    assert second.client.post("/welcome", data=fields).status_code == 404
    with desk.db.reading() as session:
        assert [account.sign_in_name for account in session.exec(select(Account))] == ["lee"]


def test_the_links_cookie_is_for_its_page_alone_and_goes_when_it_was_used(app: FastAPI, first_link: str) -> None:
    person = Person(app)
    cookies = person.get(first_link).headers.get_list("set-cookie")
    (cookie,) = (each.lower() for each in cookies if each.startswith("pc_welcome="))
    assert "httponly" in cookie and "path=/welcome" in cookie
    person.sign_up(first_link, "lee")
    assert "pc_welcome" not in person.client.cookies


def test_somebody_disabled_gets_the_answer_of_a_wrong_password(app: FastAPI, manager: Person, desk: Desk) -> None:
    officer = Person(app)
    officer.sign_up(invited(manager, Role.OFFICER), "an.officer")
    with desk.db.writing() as session:
        people = {account.sign_in_name: account.id for account in accounts.everybody(session)}
        accounts.disable(session, people["an.officer"], actor=people["the.manager"], clock=desk.clock)
    right = officer.send("/sign-in", "/sign-in", sign_in_name="an.officer", password=PASSWORD)
    wrong = officer.send("/sign-in", "/sign-in", sign_in_name="an.officer", password="not the password")
    assert right.status_code == 422
    assert right.text == wrong.text


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        (Role.ADMIN, ["/post", "/originals", "/enquiries", "/requests", "/retention"]),
        (Role.OFFICER, ["/post", "/review", "/files", "/originals", "/enquiries", "/requests", "/retention"]),
        (
            Role.MANAGER,
            [
                "/post",
                "/files",
                "/originals",
                "/enquiries",
                "/requests",
                "/retention",
                "/reports",
                "/settings",
            ],
        ),
    ],
)
def test_the_bar_offers_what_the_role_may_open(
    app: FastAPI, desk: Desk, manager: Person, role: Role, offered: list[str]
) -> None:
    desk.counts = lambda session, actor: {"post": 4, "review": 12}
    person = Person(app)
    assert "<nav" not in person.get("/sign-in").text  # a stranger is offered nothing
    person.sign_up(invited(manager, role), "somebody")
    page = person.get("/").text
    bar = page.split("<nav")[1].split("</nav>")[0]
    assert re.findall(r'href="([^"]+)"', bar) == offered
    assert (">12<" in bar) is ("/review" in offered)
    assert 'action="/find"' in page


@pytest.mark.parametrize("path", ["/", "/settings/people", "/help"])
def test_titles_hold_no_name(manager: Person, path: str) -> None:
    title = manager.get(path).text.split("<title>")[1].split("</title>")[0]
    assert title.endswith(" – Testwood SENDIASS")
    assert "Lee" not in title
