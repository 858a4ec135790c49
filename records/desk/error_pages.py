"""What somebody gets whose page cannot be shown or whose form was not taken: what happened, what they typed, and where to go on.

The last of these pages need no database: it may be what is away. Missing and forbidden look alike.
"""

import errno
import logging
import re
import secrets
import traceback
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import HTMLResponse, Response
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from records.db import out_of_reach
from records.desk import signed_out

if TYPE_CHECKING:
    from records.desk.shell import Call

log = logging.getLogger("paperchain.desk")

MOST_FILES = 100
MOST_FIELDS = 2000
NOT_TAKEN = {
    "long": "What was typed is longer than this form takes.",
    "files": f"Those are more than {MOST_FILES} files. Choose at most {MOST_FILES} at a time.",
    "other": "What was sent was cut short on the way, or is more than one page takes. Send it again; if this goes on, tell the person who looks after Paperchain.",
}
_OURS = re.compile(r"\d{1,12}|\d{4}-\d{2}(-\d{2})?|[0-9a-f-]{36}|[A-Z]\d{1,3}")
"""What stands in an address of ours in the place of a file, a day, an entry or a setting."""
DISC_FULL = "The disc is full, so nothing can be saved"


WRONG_ADDRESS = """<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Not the address of this desk</title></head>
<body><h1>Not the address of this desk</h1>
<p>Paperchain runs here, and answers under its own address only. Open the desk by the address that you were given.</p>
<p>If this is that address, whoever looks after Paperchain writes it into its settings, as [desk] address.</p></body></html>
"""


class KnownHosts:
    """Lets through what was asked of one of the desk's own hosts; anybody else is told in words, before any page or session is looked for."""

    def __init__(self, app: ASGIApp, allowed_hosts: Sequence[str]) -> None:
        self.app, self.hosts = app, allowed_hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        known = False

        async def ours(*_: object) -> None:
            nonlocal known
            known = True

        async def unsent(_: Message) -> None:
            """Its own answer is for programs."""

        await TrustedHostMiddleware(ours, self.hosts, www_redirect=False)(scope, receive, unsent)
        if known:
            await self.app(scope, receive, send)
        else:
            await HTMLResponse(WRONG_ADDRESS, status_code=400)(scope, receive, send)


def missing(call: "Call") -> Response:
    """Nothing is there, or nothing that this person may see (404)."""
    return call.page("missing.html", status=404, title="Page not found")


def stale(call: "Call") -> Response:
    """A form that does not carry this session's token (403): of an earlier session it is kept, of anybody else's nothing is."""
    if signed_out.of_an_earlier_session(call):
        kept, path = signed_out.fields(call), call.request.url.path
        return call.page("send_again.html", status=403, title="Nothing was sent yet", kept=kept, action=path)
    return call.page("stale.html", status=403, title="Try again", above=_above(call) if call.signed_in else "/sign-in")


def not_taken(call: "Call", error: HTTPException) -> Response:
    """What was sent could not be read as a form: cut short, too long, or too much of it (400)."""
    why = "long" if error.status_code == 413 else "files" if error.detail.startswith("Too many files") else "other"
    return call.page(
        "changed.html", status=400, title="Nothing was saved", message=NOT_TAKEN[why], above=_above(call), typed=[]
    )


def refused(call: "Call", message: str) -> Response:
    """A rule forbids it, or somebody was first (409)."""
    return changed(call, "Nothing was saved" if _is_sent(call) else "This cannot be shown now", message)


def changed(call: "Call", title: str, message: str | None) -> Response:
    """The page for whoever comes second (409): what somebody else did meanwhile, what was typed here, and where to look again."""
    more = {"above": _above(call), "typed": _words_typed(call)}
    return call.page("changed.html", status=409, title=title, message=message, **more)


def fault(call: "Call", message: str) -> Response:
    """Something of ours is wrong, in words (500)."""
    return _sorry(call, 500, "Sorry, something went wrong", message, carried=False)


def unexpected(call: "Call", error: Exception, *, before: bool = False) -> Response:
    """The last net: a reference for the person, code lines without values for the log.

    503 where the database cannot be reached or the disc is full, else 500. `before`: nothing of the form was begun, so the page keeps it to
    be sent again. Where the page itself cannot be made as always, for want of the database, it is made without what that would tell.
    """
    reference = secrets.token_hex(2).upper()
    frames = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)][-6:]
    log.error("fault reference=%s kind=%s at=%s", reference, type(error).__name__, "<".join(reversed(frames)))
    why = DISC_FULL if isinstance(error, OSError) and error.errno == errno.ENOSPC else out_of_reach(error)
    status, title = (503, "Try again in a minute") if why else (500, "Sorry, something went wrong")
    message = f"{why}. Reference {reference}." if why else f"Reference {reference}."
    try:
        return _sorry(call, status, title, message, carried=before)
    except Exception:  # what stops the page stops what stands at the top of every page too
        return _sorry(replace(call, signed_in=None), status, title, message, carried=before)


def _sorry(call: "Call", status: int, title: str, message: str, *, carried: bool) -> Response:
    # All of it: of several ticks of one name the last alone would be sent again, which nobody said.
    every = [(name, value) for name, value in call.form.multi_items() if isinstance(value, str)]
    kept = [(name, value) for name, value in every if "password" not in name] if carried else []
    return call.page(
        "fault.html", status=status, title=title, message=message, sent=_is_sent(call), path=call.request.url.path, above=_above(call),
        kept=kept, typed=[] if kept else _words_typed(call), again=status == 503,
    )  # fmt: skip


def _is_sent(call: "Call") -> bool:
    return call.request.method == "POST"


def _above(call: "Call") -> str:
    """The address to look at again: that of the form, or the nearest above it at which there is a page; never the page that was just asked for.

    Nor one that holds anything but numbers and codes: what somebody put into an address is not repeated on a page (G10).
    """
    path = call.request.url.path
    if not _is_sent(call):
        path = path.rpartition("/")[0] or "/"
    while path != "/":
        scope = {"type": "http", "method": "GET", "path": path, "headers": []}
        for route in call.request.app.routes:
            found, more = route.matches(scope)
            if found is Match.FULL and all(_OURS.fullmatch(str(one)) for one in more.get("path_params", {}).values()):
                return path
        path = path.rpartition("/")[0] or "/"
    return path


def _words_typed(call: "Call") -> list[str]:
    """What somebody wrote in a form that was not saved, to copy from: text in words, not what the page carried or offered."""
    texts = [value.strip() for name, value in call.sent.items() if name != "csrf" and "password" not in name]
    return [text for text in texts if " " in text or "\n" in text]
