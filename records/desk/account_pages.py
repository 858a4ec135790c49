"""Signing in and out, one-time links, and the manager's page of people and roles."""

from uuid import UUID

from starlette.responses import Response

from records.desk import signed_out
from records.desk.shell import PUBLIC, Call, Pages, ask_again, keep_signed_in, prove
from records.desk.signed_out import HERE, PASSWORD
from records.errors import NotFound
from records.guard import allocation
from records.staff import accounts, sessions
from records.staff.access import Act
from records.staff.accounts import Locked, NotGoodEnough
from records.vocabulary import Role

pages = Pages()
WRONG = "Name or password is not right"
LINK = "pc_welcome"


@pages.get("/sign-in", rule=PUBLIC)
def sign_in(call: Call) -> Response:
    """The sign-in page; whoever is signed in already goes on to Today."""
    return call.go("/") if call.signed_in else _sign_in(call, call.request.query_params.get("to", ""))


def _sign_in(call: Call, to: str, mistake: str | None = None, status: int = 200) -> Response:
    lapsed = signed_out.lapsed(call)
    return call.page(
        "sign_in.html", status=status, title="Sign in", mistakes={"sign_in_name": mistake} if mistake else {},
        to=to if lapsed and HERE.fullmatch(to) else "", lapsed=lapsed is not None,
    )  # fmt: skip


@pages.post("/sign-in", rule=PUBLIC)
def try_sign_in(call: Call) -> Response:
    """Checks name and password: counted in one transaction, checked outside any, settled in another."""
    db, clock, to = call.desk.db, call.desk.clock, call.sent.get("to", "")
    try:
        with db.writing() as session:
            guess = accounts.count_guess(session, call.sent.get("sign_in_name", ""), clock)
    except Locked as error:
        return _sign_in(call, to, error.message, 429)
    right = accounts.is_right(guess, call.sent.get("password", ""))
    with db.writing() as session:
        account = accounts.settle_guess(session, guess, right=right, clock=clock)
        token = sessions.begin(session, account, clock) if account else None
    if account is None or token is None:
        return _sign_in(call, to, WRONG, 422)
    lapsed = signed_out.lapsed(call)
    # Where somebody was is theirs alone: whoever else signs in begins at Today.
    same = lapsed is not None and lapsed.account_id == account.id
    return _signed_in(call, token, to if same and HERE.fullmatch(to) else "/")


def _signed_in(call: Call, token: str, to: str = "/") -> Response:
    response = call.go(to)
    keep_signed_in(response, call.desk, token)
    return response


@pages.post("/sign-out", rule=Act.SIGN_OUT)
def sign_out(call: Call) -> Response:
    """Ends this browser's session on the server."""
    with call.desk.db.writing() as session:
        sessions.end(session, call.token, call.desk.clock)
    response = call.go("/sign-in")
    # With its attributes: a browser leaves a __Host- cookie as it is when told otherwise.
    response.delete_cookie(call.desk.cookie, path="/", secure=call.desk.secure, httponly=True, samesite="strict")
    # Pages that a browser keeps whole for its Back button go too, also those that it may not store (P7).
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@pages.post("/again", rule=Act.SIGN_OUT)
def again(call: Call) -> Response:
    """The password typed once more for a page that lets something out; then on to that page."""
    to = call.sent.get("to", "")
    if not HERE.fullmatch(to):
        raise NotFound("There is nothing here.")
    mistake = prove(call, call.sent.get(PASSWORD, ""))
    return ask_again(call, mistake, None) if mistake else call.go(to)


@pages.get("/welcome/{token}", rule=PUBLIC)
def follow_link(call: Call, token: str) -> Response:
    """Takes a one-time link out of the address at once, so that it stays in no browser's history."""
    try:
        with call.desk.db.reading() as session:
            accounts.invitation(session, token, call.desk.clock)
    except NotFound as error:
        return _dead_link(call, error)
    response = call.go("/welcome")
    # Lax, not Strict: the link may be followed from a message, and the redirect then still counts as coming from there.
    response.set_cookie(
        LINK, token, max_age=3600, httponly=True, samesite="lax", secure=call.desk.secure, path="/welcome"
    )
    return response


@pages.get("/welcome", rule=PUBLIC)
def welcome(call: Call) -> Response:
    """The page that a one-time link leads to."""
    return _welcome(call)


@pages.post("/welcome", rule=PUBLIC)
def set_up(call: Call) -> Response:
    """Makes the account and signs it in."""
    sent = call.sent
    try:
        with call.desk.db.writing() as session:
            account = accounts.accept(
                session, call.request.cookies.get(LINK, ""), sign_in_name=sent.get("sign_in_name", ""),
                display_name=sent.get("display_name", ""), password=sent.get("password", ""), clock=call.desk.clock,
            )  # fmt: skip
            cookie = sessions.begin(session, account, call.desk.clock)
    except NotGoodEnough as error:
        return _welcome(call, error)
    except NotFound as error:
        return _dead_link(call, error)
    response = _signed_in(call, cookie)
    response.delete_cookie(LINK, path="/welcome")
    return response


def _welcome(call: Call, mistake: NotGoodEnough | None = None) -> Response:
    try:
        with call.desk.db.reading() as session:
            role = accounts.invitation(session, call.request.cookies.get(LINK, ""), call.desk.clock).role
    except NotFound as error:
        return _dead_link(call, error)
    return call.page(
        "welcome.html", status=422 if mistake else 200, title="Set up your account", role=role,
        mistakes={_field(mistake): mistake.message} if mistake else {},
        sent={name: call.sent.get(name, "") for name in ("sign_in_name", "display_name")},
    )  # fmt: skip


def _dead_link(call: Call, error: NotFound) -> Response:
    return call.page("dead_link.html", status=404, title="This link has ended", message=error.message)


def _field(error: NotGoodEnough) -> str:
    if error.message.startswith("Password"):
        return "password"
    return "display_name" if error.message.startswith("Enter your name") else "sign_in_name"


SETTINGS = (
    ("/settings/people", "People and roles", "Who has an account, and a link for somebody new", Act.MANAGE_PEOPLE),
    (
        "/settings/register",
        "Register of staff",
        "Training, copies of the policy and checks of staff and volunteers",
        Act.MANAGE_PEOPLE,
    ),
    ("/allocation", "Whose files", "Pass files on to another officer", Act.ALLOCATE_FILES),
    ("/settings/policy", "Policy", "Each setting of this service’s policy, and a change of it", Act.CHANGE_POLICY),
    (
        "/settings/policy-reviews",
        "Reviews of the policy",
        "When it is due, who reviewed it, and changes of the law",
        Act.RECORD_POLICY_REVIEW,
    ),
    (
        "/settings/policy-questions",
        "Questions about the policy",
        "What was asked, and what was answered",
        Act.ANSWER_POLICY_QUESTION,
    ),
    ("/settings/audit", "Audit", "Who did what, when, to which number", Act.SEE_AUDIT),
    (
        "/break-glass/list",
        "Files opened with a reason",
        "Who opened somebody else’s file in the last seven days, and why",
        Act.SEE_BREAK_GLASS,
    ),
    ("/settings/health", "Health", "Backups, the clock, the scan folder and the machines", Act.SEE_HEALTH),
)


@pages.get("/settings", rule=Act.MANAGE_PEOPLE)
def settings(call: Call) -> Response:
    """Where everything is set, one line each."""
    return call.page("settings.html", title="Settings", rows=[row for row in SETTINGS if call.may(row[3])])


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
    address = (call.desk.address or str(call.request.base_url)).rstrip("/")
    return _people(call, link=f"{address}/welcome/{token}", role=wanted)


@pages.get("/settings/people/{account:uuid}/disable", rule=Act.MANAGE_PEOPLE)
def ask_to_disable(call: Call, account: UUID) -> Response:
    """Whose account it is and what ending it does, before anything is done: a slip on the list must lock nobody out."""
    try:
        with call.desk.db.reading() as session:
            ended = accounts.to_disable(session, account, actor=call.actor.id)
            links = accounts.unused_links(session, account, call.desk.clock)
            files, _ = allocation.holdings(session).get(account, (0, 0))
    except NotGoodEnough as error:
        return _people(call, status=422, mistakes={"role": error.message})
    return call.page("disable.html", title="Disable an account", account=ended, links=links, files=files)


@pages.post("/settings/people/{account:uuid}/disable", rule=Act.MANAGE_PEOPLE)
def disable(call: Call, account: UUID) -> Response:
    """Ends an account at once."""
    try:
        with call.desk.db.writing() as session:
            accounts.disable(session, account, actor=call.actor.id, clock=call.desk.clock)
    except NotGoodEnough as error:
        return _people(call, status=422, mistakes={"role": error.message})
    return call.go("/settings/people", "The account was disabled.")
