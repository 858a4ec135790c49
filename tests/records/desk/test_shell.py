"""The shell: every route has its rule, forms are ours, sessions end, headers are strict, and nothing sent comes back."""

import html
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx2 as httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError
from sqlcipher3 import dbapi2 as sqlcipher
from starlette.formparsers import MultiPartParser
from starlette.responses import Response
from starlette.routing import Mount
from starlette.testclient import TestClient

from intake.app import make_app
from intake.wiring import Paperchain
from records.clock import Clock
from records.db import Database
from records.desk import account_pages, today_pages
from records.desk.shell import HEADERS, PUBLIC, Call, Desk, Pages, build
from records.desk.signed_out import PASSWORD as PASSWORD_FIELD
from records.documents.store import FolderStore
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.policies.settings import load as load_policy
from records.staff import accounts
from records.staff.access import Act
from records.vocabulary import Role
from tests.builders import settings
from tests.reviewing import Browser

PASSWORD = "violet kettle harbour"
CANARY = "Zebedee Canarywood"
MAY_BE_PUBLIC = {
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("GET", "/welcome"),
    ("POST", "/welcome"),
    ("GET", "/welcome/{token}"),
}

trial = Pages()


@trial.get("/trial", rule=Act.SEE_TODAY)
def shown(call: Call) -> Response:
    return call.page("missing.html", title="Trial")


@trial.post("/trial", rule=Act.SEE_TODAY)
def saved(call: Call) -> Response:
    return call.go("/trial", "It was saved.")


@trial.post("/trial/late/by-one", rule=Act.SEE_TODAY)
def late(call: Call) -> Response:
    raise ChangedMeanwhile("Somebody else saved this first.")


@trial.post("/trial/broken", rule=Act.SEE_TODAY)
def broken(call: Call) -> Response:
    raise (
        OperationalError("", {}, sqlcipher.OperationalError("database is locked"))
        if call.sent.get("how") == "busy"
        else ZeroDivisionError(CANARY)
    )


GONE: list[dict[str, str]] = []


@trial.post("/trial/destroy", rule=Act.SEE_TODAY, fresh=True)
def destroyed(call: Call) -> Response:
    GONE.append(call.sent)
    return call.go("/trial", "It was destroyed.")


@trial.get("/trial/copy.pdf", rule=Act.SEE_TODAY, fresh=True)
def copied(call: Call) -> Response:
    return Response(b"a copy", media_type="application/pdf")


@trial.get("/trial/managers", rule=Act.MANAGE_PEOPLE)
def managers(call: Call) -> Response:
    return call.page("missing.html", title="Trial")


@trial.get("/trial/fail/{how}", rule=Act.SEE_TODAY)
def failing(call: Call, how: str) -> Response:
    raise {
        "missing": NotFound("The file of somebody."),
        "changed": ChangedMeanwhile("Somebody else saved this first."),
        "refused": RefusedByRule("This paper is on hold.", rule="R1"),
    }.get(how, ZeroDivisionError(CANARY))


@dataclass
class Hands:
    """A clock that a test moves."""

    moment: datetime = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    clock: Clock = field(init=False)

    def __post_init__(self) -> None:
        self.clock = Clock(lambda: self.moment)

    def forward(self, **by: float) -> None:
        self.moment += timedelta(**by)


class Person:
    """A browser: keeps cookies, reads the form token from the page it was shown, follows no redirect."""

    def __init__(self, app: FastAPI, base: str = "http://testserver") -> None:
        self.client = TestClient(app, base_url=base, follow_redirects=False, raise_server_exceptions=False)

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.client.get(path, headers=headers)

    def token(self, path: str) -> str:
        return self.get(path).text.split('name="csrf" value="')[1].split('"')[0]

    def post(
        self, path: str, token: str | None, fields: dict[str, str] | None = None, /, **headers: str
    ) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(
            path, data=(fields or {}) | ({"csrf": token} if token is not None else {}), headers=named
        )

    def sign_in(self, name: str) -> httpx.Response:
        return self.post("/sign-in", self.token("/sign-in"), {"sign_in_name": name, "password": PASSWORD})


@pytest.fixture
def database_kind() -> str:
    """One kind is enough here: what the pages keep is tested on both in `tests/records/staff`."""
    return "sqlite"


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def desk(database: Database, hands: Hands, tmp_path: Path) -> Desk:
    (tmp_path / "documents").mkdir()
    with database.writing() as session:
        for role in Role:
            link = accounts.invite(session, role, hands.clock)
            accounts.accept(
                session, link, sign_in_name=f"a.{role}", display_name="Lee", password=PASSWORD, clock=hands.clock
            )
    return Desk(
        database, FolderStore(tmp_path / "documents"), hands.clock,
        lambda: load_policy("westminster", hands.clock.today()), "Testwood SENDIASS",
    )  # fmt: skip


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    return build(desk, today_pages.pages, account_pages.pages, trial)


@pytest.fixture
def officer(app: FastAPI) -> Person:
    person = Person(app)
    assert person.sign_in("a.officer").headers["location"] == "/"
    return person


# Rules of routes


@pytest.fixture
def whole(tmp_path: Path, database: Database, clock: Clock) -> Iterator[FastAPI]:
    home = settings(tmp_path / "home")
    for folder in (home.inbox, home.stopped, home.documents):
        folder.mkdir(parents=True)
    yield make_app(Paperchain(home, database, FolderStore(home.documents), clock))


def test_every_route_of_the_desk_names_its_rule(whole: FastAPI) -> None:
    rules = whole.state.rules
    served = {
        (method, route.path)  # type: ignore[attr-defined]  # a mount has no methods, and is looked at below
        for route in whole.routes if not isinstance(route, Mount)
        for method in route.methods  # type: ignore[attr-defined]
    }  # fmt: skip
    assert served == set(rules)
    assert all(rule is PUBLIC or isinstance(rule, Act) for rule in rules.values())
    assert [route.path for route in whole.routes if isinstance(route, Mount)] == ["/static"]
    assert {route for route, rule in rules.items() if rule is PUBLIC} == MAY_BE_PUBLIC


def test_a_route_without_a_rule_cannot_be_written() -> None:
    with pytest.raises(TypeError):
        Pages().get("/open")  # type: ignore[call-arg]  # that is the point


def test_no_route_but_the_public_ones_answers_a_stranger(whole: FastAPI) -> None:
    stranger = Person(whole, "http://localhost")
    for method, path in set(whole.state.rules) - MAY_BE_PUBLIC:
        numbered = re.sub(r"\{\w+:int\}", "1", path)
        answer = stranger.client.request(method, re.sub(r"\{\w+:uuid\}", str(uuid4()), numbered))
        assert (answer.status_code, answer.headers.get("location")) == (303, "/sign-in"), (method, path)
        assert answer.text == ""


def test_missing_and_forbidden_look_alike(officer: Person) -> None:
    missing, forbidden, theirs = (officer.get(path) for path in ("/no/such", "/trial/managers", "/trial/fail/missing"))
    assert missing.status_code == forbidden.status_code == theirs.status_code == 404
    assert missing.text == forbidden.text == theirs.text


def test_a_wrong_method_is_a_missing_page(officer: Person) -> None:
    assert officer.client.put("/trial").status_code == 404


# Forms


@pytest.mark.parametrize(
    ("token", "headers"),
    [
        pytest.param(None, {}, id="no token"),
        pytest.param("", {}, id="empty token"),
        pytest.param("foreign", {}, id="foreign token"),
        pytest.param("é", {}, id="token that is not ASCII"),
        pytest.param("own", {"origin": "https://elsewhere.example"}, id="wrong origin"),
        pytest.param("own", {"origin": "http://testserver.elsewhere.example"}, id="origin that begins like ours"),
        pytest.param("own", {"origin": "null"}, id="origin withheld and nothing vouches"),
        pytest.param("own", {"sec_fetch_site": "cross-site"}, id="another site"),
        pytest.param("own", {"sec_fetch_site": "same-site"}, id="a neighbouring site"),
        pytest.param("own", {"sec_fetch_site": "none", "origin": "null"}, id="from nowhere"),
    ],
)
@pytest.mark.parametrize("path", ["/trial", "/sign-out"])
def test_a_form_that_is_not_ours_is_refused(
    officer: Person, path: str, token: str | None, headers: dict[str, str]
) -> None:
    own = officer.token("/trial")
    answer = officer.post(path, own if token == "own" else token, **headers)
    assert answer.status_code == 403
    assert officer.get("/trial").status_code == 200  # still signed in


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="an old browser"),
        pytest.param({"origin": "http://testserver"}, id="our origin"),
        pytest.param({"origin": "null", "sec_fetch_site": "same-origin"}, id="as browsers send under no-referrer"),
    ],
)
def test_our_own_form_is_taken(officer: Person, headers: dict[str, str]) -> None:
    assert officer.post("/trial", officer.token("/trial"), **headers).status_code == 303


def test_the_token_of_somebody_else_is_foreign(app: FastAPI, officer: Person) -> None:
    manager = Person(app)
    manager.sign_in("a.manager")
    assert officer.post("/trial", manager.token("/trial")).status_code == 403


def test_a_token_from_before_a_sign_out_is_not_taken_again(officer: Person) -> None:
    old = officer.token("/trial")
    assert officer.post("/sign-out", old).headers["location"] == "/sign-in"
    assert officer.post("/trial", old).headers["location"] == "/sign-in"
    officer.sign_in("a.officer")
    assert officer.post("/trial", old).status_code == 403


def test_signing_in_needs_a_form_of_ours_too(app: FastAPI) -> None:
    stranger = Person(app)
    fields = {"sign_in_name": "a.officer", "password": PASSWORD}
    assert stranger.post("/sign-in", None, fields).status_code == 403
    token = stranger.token("/sign-in")
    assert Person(app).post("/sign-in", token, fields).status_code == 403  # the form of another browser
    assert stranger.post("/sign-in", token, fields, origin="https://elsewhere.example").status_code == 403
    assert stranger.post("/sign-in", token, fields).headers["location"] == "/"


def test_behind_a_proxy_the_address_that_staff_type_is_ours(desk: Desk) -> None:
    desk.address = "https://desk.example/"
    person = Person(build(desk, today_pages.pages, account_pages.pages, trial))
    person.sign_in("a.officer")
    token = person.token("/trial")
    assert person.post("/trial", token, origin="https://desk.example").status_code == 303
    assert person.post("/trial", token, origin="https://elsewhere.example").status_code == 403


def test_a_stranger_cannot_make_us_read_an_upload(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[object] = []
    parse = MultiPartParser.parse

    async def noted(self: MultiPartParser) -> object:
        read.append(self)
        return await parse(self)

    monkeypatch.setattr(MultiPartParser, "parse", noted)
    stranger = Person(app).client
    assert stranger.post("/trial", files={"files": b"x" * 100_000}).headers["location"] == "/sign-in"
    assert stranger.post("/sign-in", files={"files": b"x" * 100_000}).status_code == 400
    assert read == []
    assert stranger.post("/sign-in", data={"password": "x" * 100_000}).status_code == 400
    assert stranger.post("/sign-in", content=iter([b"password=", b"x"])).status_code == 400  # of no stated length


def test_a_broken_form_gets_a_page(officer: Person) -> None:
    answer = officer.client.post("/trial", content=CANARY.encode(), headers={"content-type": "multipart/form-data"})
    assert (answer.status_code, answer.headers["content-type"]) == (400, "text/html; charset=utf-8")
    assert CANARY not in answer.text


# Sessions


def test_the_cookie_is_for_this_browser_and_this_site_alone(app: FastAPI) -> None:
    cookie = Person(app).sign_in("a.officer").headers["set-cookie"].lower()
    assert cookie.startswith("paperchain=")
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "max-age" not in cookie and "expires" not in cookie  # gone with the browser


def test_with_https_the_cookie_is_bound_to_the_host(desk: Desk) -> None:
    desk.secure = True
    person = Person(build(desk, today_pages.pages, account_pages.pages), "https://testserver")
    answer = person.sign_in("a.officer")
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("__host-paperchain=")
    assert "secure" in cookie and "path=/;" in cookie and "domain" not in cookie
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert person.get("/").status_code == 200


def test_signing_in_begins_a_session_nobody_knew_before(app: FastAPI) -> None:
    person = Person(app)
    person.client.cookies.set("paperchain", "planted by somebody")
    person.sign_in("a.officer")
    assert "planted by somebody" not in (person.client.cookies.get("paperchain", domain="testserver.local") or "")


def test_a_copied_cookie_is_worth_nothing_after_sign_out(app: FastAPI, officer: Person) -> None:
    copied = Person(app)
    copied.client.cookies = httpx.Cookies(officer.client.cookies)
    assert copied.get("/trial").status_code == 200
    officer.post("/sign-out", officer.token("/trial"))
    assert copied.get("/trial").headers["location"] == "/sign-in"


def test_fifteen_idle_minutes_end_a_session(officer: Person, hands: Hands) -> None:
    for _ in range(3):
        hands.forward(minutes=14)
        assert officer.get("/trial").status_code == 200
    hands.forward(minutes=15)
    assert officer.get("/trial").headers["location"] == "/sign-in?to=/trial"


def test_the_password_is_asked_again_before_something_is_destroyed_and_what_was_typed_is_kept(
    officer: Person, hands: Hands
) -> None:
    """P7, threat 2: a session left open on a shared computer neither destroys nor lets out."""
    GONE.clear()
    typed = {"why": 'Lines\nand "quotes" <b>', "count": "42"}
    token = officer.token("/trial")
    assert officer.post("/trial/destroy", token, typed).status_code == 303 and len(GONE) == 1
    for _ in range(2):
        hands.forward(minutes=10)
        officer.get("/trial")
    asked = officer.post("/trial/destroy", token, typed)
    assert asked.status_code == 200 and "Type your password again" in asked.text and len(GONE) == 1
    kept = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', asked.text))
    assert {name: html.unescape(kept[name]) for name in typed} == typed and 'action="/trial/destroy"' in asked.text
    wrong = officer.post("/trial/destroy", token, typed | {PASSWORD_FIELD: "no idea"})
    assert wrong.status_code == 422 and "The password is not right" in wrong.text and len(GONE) == 1
    assert officer.post("/trial/destroy", token, typed | {PASSWORD_FIELD: PASSWORD}).status_code == 303
    assert GONE[1] == typed | {"csrf": token}, "the password goes no further"
    assert officer.post("/trial/destroy", token, typed).status_code == 303, "for a while it is not asked again"


def test_the_password_is_asked_again_before_a_copy_is_let_out(officer: Person, hands: Hands) -> None:
    for _ in range(2):
        hands.forward(minutes=10)
        officer.get("/trial")
    asked = officer.get("/trial/copy.pdf")
    assert "Type your password again" in asked.text and 'name="to" value="/trial/copy.pdf"' in asked.text
    token = officer.token("/trial")
    assert officer.post("/again", token, {"to": "/trial/copy.pdf", PASSWORD_FIELD: "no"}).status_code == 422
    for elsewhere in ("https://example.org", "//example.org", "/\\example.org", "/trial?next=x", ""):
        assert officer.post("/again", token, {"to": elsewhere, PASSWORD_FIELD: PASSWORD}).status_code == 404
    answer = officer.post("/again", token, {"to": "/trial/copy.pdf", PASSWORD_FIELD: PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/trial/copy.pdf")
    assert officer.get("/trial/copy.pdf").content == b"a copy"


def test_ten_wrong_passwords_lock_the_name_here_as_at_sign_in(officer: Person, hands: Hands) -> None:
    for _ in range(2):
        hands.forward(minutes=10)
        officer.get("/trial")
    token = officer.token("/trial")
    for _ in range(10):
        officer.post("/trial/destroy", token, {PASSWORD_FIELD: "no idea"})
    locked = officer.post("/trial/destroy", token, {PASSWORD_FIELD: PASSWORD})
    assert locked.status_code == 422 and "Wait five minutes" in locked.text


def test_what_destroys_or_lets_out_asks_for_a_fresh_password(tmp_path: Path, database: Database, clock: Clock) -> None:
    """By hand: a new way to destroy, release or export is added here and gets `fresh=True`."""
    home = settings(tmp_path / "home")
    app = make_app(Paperchain(home, database, FolderStore(tmp_path), clock))
    assert app.state.fresh == {
        ("POST", "/retention/lists/{number:int}/approve"), ("POST", "/requests/{number:int}/approve"),
        ("POST", "/requests/{number:int}/send"), ("POST", "/requests/{number:int}/erase"),
        ("GET", "/requests/{number:int}/copy.pdf"), ("POST", "/review/{part:uuid}/refused"),
        ("POST", "/referrals/{number:int}/erase"), ("POST", "/settings/audit/export"), ("POST", "/break-glass"),
        ("GET", "/originals/returns/{number:int}/certified/{paper:int}"), ("POST", "/requests/no-file/{number:int}/erase"),
        ("POST", "/retention/no-file/{number:int}/erase"), ("POST", "/retention/no-file/erase"), ("POST", "/news"), ("POST", "/files/{number:int}/pack"),
        ("POST", "/files/{number:int}/several/{about:uuid}/cover"), ("POST", "/files/{number:int}/letters/record"),
        ("POST", "/items/{number:int}/remove-replaced"), ("POST", "/reports/print"), ("POST", "/reports/csv"),
    }  # fmt: skip


def test_figures_too_large_for_any_number_are_a_page_that_is_not_there(
    tmp_path: Path, database: Database, clock: Clock
) -> None:
    """Every address with a number in it, with numbers that the database or Python itself would stumble over."""
    home = settings(tmp_path / "home")
    home.documents.mkdir(parents=True)
    chain = Paperchain(home, database, FolderStore(home.documents), clock)
    for who in (Browser(chain, role, role.title()) for role in Role):
        for method, path in make_app(chain).state.rules:
            if ":int}" not in path:
                continue
            for figures in ("2147483648", "9" * 19, "9" * 40, "9" * 5000):
                where = re.sub(r"{[^}]+:uuid}", str(uuid4()), re.sub(r"{[^}]+:int}", figures, path))
                where = re.sub(r"{[^}]+}", "x", where)
                answer = who.get(where) if method == "GET" else who.post(where, {})

                assert answer.status_code == 404, (method, path, len(figures))


def test_a_page_that_refreshes_itself_keeps_nobody_signed_in(officer: Person, hands: Hands) -> None:
    hands.forward(minutes=10)
    assert officer.get("/trial", **{"X-Refresh": "1"}).status_code == 200
    hands.forward(minutes=5)
    assert officer.get("/trial").headers["location"] == "/sign-in?to=/trial"


def test_twelve_hours_end_a_session_however_busy(officer: Person, hands: Hands) -> None:
    for _ in range(71):
        hands.forward(minutes=10)
        assert officer.get("/trial").status_code == 200
    hands.forward(minutes=10)
    assert officer.get("/trial").headers["location"] == "/sign-in?to=/trial"


def test_a_disabled_account_is_out_at_its_next_request(desk: Desk, hands: Hands, officer: Person) -> None:
    with desk.db.writing() as session:
        people = {account.role: account.id for account in accounts.everybody(session)}
        accounts.disable(session, people[Role.OFFICER], actor=people[Role.MANAGER], clock=hands.clock)
    assert officer.get("/trial").headers["location"] == "/sign-in"


def test_the_line_at_the_top_is_shown_once(officer: Person) -> None:
    officer.post("/trial", officer.token("/trial"))
    assert "It was saved." in officer.get("/trial").text
    assert "It was saved." not in officer.get("/trial").text


# What every answer carries


@pytest.mark.parametrize("path", ["/trial", "/sign-in", "/no/such", "/trial/fail/other", "/static/paperchain.css"])
def test_every_answer_has_the_strict_headers(officer: Person, path: str) -> None:
    answer = officer.get(path)
    for name, value in HEADERS.items():
        if name != "Cache-Control" or not path.startswith("/static/"):
            assert answer.headers[name] == value


def test_the_policy_allows_nothing_from_elsewhere_and_nothing_inline() -> None:
    policy = dict(part.strip().split(" ", 1) for part in HEADERS["Content-Security-Policy"].split(";"))
    assert policy.pop("default-src") == "'none'"
    assert (policy.pop("frame-ancestors"), policy.pop("base-uri")) == ("'none'", "'none'")
    assert set(policy.values()) == {"'self'"}
    assert HEADERS["Cache-Control"] == "no-store"


@pytest.mark.parametrize("folder", [Path("records/desk/html"), Path("intake/desk/html")])
def test_no_template_has_inline_styles_or_scripts(folder: Path) -> None:
    templates = list((Path(__file__).parents[3] / folder).glob("*.html"))
    assert templates
    for template in templates:
        text = template.read_text("utf-8")
        assert " style=" not in text and "<style" not in text and " onclick=" not in text, template.name
        assert "<script>" not in text and "javascript:" not in text and "|safe" not in text.replace(" ", ""), (
            template.name
        )


def test_nothing_is_loaded_from_another_site(officer: Person) -> None:
    text = officer.get("/trial").text
    assert "http://" not in text and "https://" not in text
    for sheet in (Path(__file__).parents[3] / "records/desk/static").glob("*.css"):
        assert "GDS Transport" not in sheet.read_text("utf-8")
        assert "\ufeff" not in sheet.read_text("utf-8")  # a mark in the middle spoils the rule after it
        assert "@font-face" not in sheet.read_text("utf-8")


def test_a_host_that_is_not_ours_is_refused(desk: Desk) -> None:
    desk.hosts = ("testserver",)
    app = build(desk, today_pages.pages, account_pages.pages)
    assert Person(app).get("/sign-in").status_code == 200
    refused = Person(app, "http://elsewhere.example").get("/sign-in")
    assert refused.status_code == 400 and "set-cookie" not in refused.headers
    assert "Open the desk by the address that you were given" in refused.text and "elsewhere" not in refused.text


# Errors


def test_what_is_sent_does_not_come_back(officer: Person, app: FastAPI, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "paperchain"):
        stranger = Person(app)
        wrong = stranger.post(
            "/sign-in", stranger.token("/sign-in"), {"sign_in_name": CANARY, "password": CANARY, "more": CANARY}
        )
        answers = [
            wrong, stranger.post("/sign-in", CANARY, {"sign_in_name": CANARY}),
            officer.post("/trial", CANARY, {CANARY: CANARY}), officer.get(f"/{CANARY}"), officer.get(f"/trial?q={CANARY}"),
            officer.post(f"/settings/people/{CANARY}/disable", officer.token("/trial")),
        ]  # fmt: skip
    assert wrong.status_code == 422
    assert all(CANARY not in answer.text and CANARY not in str(answer.headers) for answer in answers)
    assert CANARY not in caplog.text
