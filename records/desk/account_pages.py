"""Signing in and out, one-time links, and the manager's page of people and roles."""

from uuid import UUID

from starlette.responses import Response

from records.desk.shell import PUBLIC, Call, Pages
from records.staff import accounts, sessions
from records.staff.access import Act
from records.staff.accounts import Locked, NotGoodEnough
from records.vocabulary import Role

pages = Pages()
WRONG = "Name or password is not right"


@pages.get("/sign-in", rule=PUBLIC)
def sign_in(call: Call) -> Response:
    """The sign-in page; whoever is signed in already goes on to Today."""
    return call.go("/") if call.signed_in else call.page("sign_in.html", title="Sign in", mistakes={})


@pages.post("/sign-in", rule=PUBLIC)
def try_sign_in(call: Call) -> Response:
    """Checks name and password. A wrong guess is counted in a transaction of its own."""
    try:
        with call.desk.db.writing() as session:
            account = accounts.check_sign_in(
                session, call.sent.get("sign_in_name", ""), call.sent.get("password", ""), call.desk.clock
            )
            token = sessions.begin(session, account, call.desk.clock) if account else None
    except Locked as error:
        return call.page("sign_in.html", status=429, title="Sign in", mistakes={"sign_in_name": error.message})
    if token is None:
        return call.page("sign_in.html", status=422, title="Sign in", mistakes={"sign_in_name": WRONG})
    return _signed_in(call, token)


def _signed_in(call: Call, token: str) -> Response:
    response = call.go("/")
    response.set_cookie(call.desk.cookie, token, httponly=True, samesite="strict", secure=call.desk.secure, path="/")
    return response


@pages.post("/sign-out", rule=Act.SIGN_OUT)
def sign_out(call: Call) -> Response:
    """Ends this browser's session on the server."""
    with call.desk.db.writing() as session:
        sessions.end(session, call.request.cookies.get(call.desk.cookie, ""), call.desk.clock)
    response = call.go("/sign-in")
    response.delete_cookie(call.desk.cookie, path="/")
    return response


@pages.get("/welcome/{token}", rule=PUBLIC)
def welcome(call: Call, token: str) -> Response:
    """The page of a one-time link."""
    with call.desk.db.reading() as session:
        role = accounts.invitation(session, token, call.desk.clock).role
    return call.page("welcome.html", title="Set up your account", role=role, mistakes={}, sent={})


@pages.post("/welcome/{token}", rule=PUBLIC)
def set_up(call: Call, token: str) -> Response:
    """Makes the account and signs it in."""
    sent = call.sent
    try:
        with call.desk.db.writing() as session:
            account = accounts.accept(
                session, token, sign_in_name=sent.get("sign_in_name", ""), display_name=sent.get("display_name", ""),
                password=sent.get("password", ""), clock=call.desk.clock,
            )  # fmt: skip
            cookie = sessions.begin(session, account, call.desk.clock)
    except NotGoodEnough as error:
        with call.desk.db.reading() as session:
            role = accounts.invitation(session, token, call.desk.clock).role
        kept = {name: sent.get(name, "") for name in ("sign_in_name", "display_name")}
        return call.page(
            "welcome.html", status=422, title="Set up your account", role=role, mistakes={_field(error): error.message},
            sent=kept,
        )  # fmt: skip
    return _signed_in(call, cookie)


def _field(error: NotGoodEnough) -> str:
    if error.message.startswith("Password"):
        return "password"
    return "display_name" if error.message.startswith("Enter your name") else "sign_in_name"


@pages.get("/settings", rule=Act.MANAGE_PEOPLE)
def settings(call: Call) -> Response:
    """Settings begin with the people."""
    return call.go("/settings/people")


@pages.get("/settings/people", rule=Act.MANAGE_PEOPLE)
def people(call: Call) -> Response:
    """Everybody with an account."""
    return _people(call)


def _people(
    call: Call, *, status: int = 200, mistakes: dict[str, str] | None = None, link: str | None = None, role: str = ""
) -> Response:
    with call.desk.db.reading() as session:
        everybody = accounts.everybody(session)
    return call.page(
        "people.html", status=status, title="People and roles", accounts=everybody, mistakes=mistakes or {}, link=link,
        link_role=role,
    )  # fmt: skip


@pages.post("/settings/people", rule=Act.MANAGE_PEOPLE)
def invite(call: Call) -> Response:
    """Makes a one-time link and shows it on this answer alone."""
    wanted = call.sent.get("role")
    if wanted not in {role.value for role in Role}:
        return _people(call, status=422, mistakes={"role": "Choose what they do"})
    with call.desk.db.writing() as session:
        token = accounts.invite(session, Role(wanted), call.desk.clock, made_by=str(call.actor.id))
    address = str(call.request.base_url).rstrip("/")
    return _people(call, link=f"{address}/welcome/{token}", role=wanted)


@pages.post("/settings/people/{account:uuid}/disable", rule=Act.MANAGE_PEOPLE)
def disable(call: Call, account: UUID) -> Response:
    """Ends an account at once."""
    try:
        with call.desk.db.writing() as session:
            accounts.disable(session, account, actor=call.actor.id, clock=call.desk.clock)
    except NotGoodEnough as error:
        return _people(call, status=422, mistakes={"role": error.message})
    return call.go("/settings/people", "The account was disabled.")
