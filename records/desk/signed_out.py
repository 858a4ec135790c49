"""Whoever comes back after their session ended by itself: nothing that they typed is lost to it, and they go on where they were (P7).

A form that is sent too late is kept on the page that asks for the password of whoever was signed in, and nowhere else; with the password it
is sent. Only for a session that ended by time, in the browser that had it, and for a form that carries its token: whoever signed out, and
anybody else, gets the sign-in page, and no byte of what they send is read.
"""

import hmac
import re
from typing import TYPE_CHECKING
from urllib.parse import quote
from uuid import UUID

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from records.staff import accounts, sessions
from records.staff.accounts import Locked
from records.staff.sessions import Lapsed

if TYPE_CHECKING:
    from records.desk.shell import Call

PASSWORD = "password_again"  # noqa: S105  the name of a field
NOT_RIGHT = "The password is not right"
HERE = re.compile(r"(/[A-Za-z0-9._-]+)+")
"""A path of this desk, and nowhere else."""
MOST_KEPT_BYTES = 262_144
"""The longest note is 20,000 characters, each up to twelve bytes as it is sent."""
MOST_FIELDS = 2000


async def answer(call: "Call") -> Response | None:
    """What somebody gets who is not signed in. None: they are now, with the password that they sent along, and their form goes on."""
    request = call.request
    found = await run_in_threadpool(lapsed, call)
    if found is None:
        return RedirectResponse("/sign-in", 303)
    if request.method != "POST":
        path = request.url.path
        return RedirectResponse(f"/sign-in?to={quote(path)}" if HERE.fullmatch(path) else "/sign-in", 303)
    if not may_be_read(request):
        return RedirectResponse("/sign-in", 303)
    try:
        call.form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    except HTTPException:
        return RedirectResponse("/sign-in", 303)
    return await run_in_threadpool(_kept, call, found)


def lapsed(call: "Call") -> Lapsed | None:
    """The session of this browser, where it ended by time alone."""
    with call.desk.db.reading() as session:
        return sessions.lapsed(session, call.token, call.desk.clock, call.desk.idle)


def may_be_read(request: Request) -> bool:
    """A form without files, of a stated and moderate length."""
    length = request.headers.get("content-length", "")
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    return (
        kind == "application/x-www-form-urlencoded"
        and length.isdecimal()
        and len(length) < 10
        and int(length) <= MOST_KEPT_BYTES
    )


def _kept(call: "Call", found: Lapsed) -> Response | None:
    """The page that keeps a form until its sender signs in again; None when they have."""
    typed, mistake = call.sent.get(PASSWORD), None
    if typed is not None and call.is_ours():
        mistake = _sign_in(call, found.account_id, typed)
        if mistake is None:
            return None
    elif not (call.from_our_page() and hmac.compare_digest(call.sent.get("csrf", "").encode(), found.csrf.encode())):
        return RedirectResponse("/sign-in", 303)
    return call.page(
        "signed_out.html", status=422 if mistake else 200, title="Sign in again", name=found.display_name, action=call.request.url.path,
        kept=fields(call), field=PASSWORD, mistakes={PASSWORD: mistake} if mistake else {},
    )  # fmt: skip


def _sign_in(call: "Call", account_id: UUID, typed: str) -> str | None:
    """Signs the sender in, counted as any sign-in is; what is wrong in words, None when they are signed in."""
    db, clock = call.desk.db, call.desk.clock
    try:
        with db.writing() as session:
            guess = accounts.count_guess(session, accounts.sign_in_name(session, account_id), clock)
    except Locked as error:
        return error.message
    right = accounts.is_right(guess, typed)
    with db.writing() as session:
        account = accounts.settle_guess(session, guess, right=right, clock=clock)
        token = sessions.begin(session, account, clock) if account else None
    if token is None:
        return NOT_RIGHT
    call.begin(token)
    call.form = FormData([*fields(call), ("csrf", call.csrf)])
    return None


def fields(call: "Call") -> list[tuple[str, str]]:
    """What was typed, to be sent once more: without its token and any password that was asked again."""
    return [
        (name, value)
        for name, value in call.form.multi_items()
        if isinstance(value, str) and name not in ("csrf", PASSWORD)
    ]


def of_an_earlier_session(call: "Call") -> bool:
    """Whether a form was shown to its sender in an earlier session, which ended by time: they have signed in again since, beside it."""
    if call.signed_in is None or not call.from_our_page():
        return False
    if any(not isinstance(value, str) for _, value in call.form.multi_items()):
        return False  # a file cannot be kept on a page
    with call.desk.db.reading() as session:
        return sessions.issued(session, call.actor.id, call.sent.get("csrf", ""))
