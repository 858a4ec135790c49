"""The desk's shell: sign-in by cookie, CSRF, headers, one rule for every route, and pages rendered with what they all show.

A page is added with `@pages.get("/post", rule=Act.SEE_POST)`; a route without a rule cannot be written. The handler takes a
`Call` and the numbers from the path, and returns `call.page(...)`, `call.go(...)` or a response. It runs in a thread.
Missing and forbidden look alike: both are NotFound, and both take the same time.
"""

import asyncio
import hmac
import logging
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from records.clock import LONDON, Clock
from records.custody.facts import NO_BACKUP_RULE, BackupRule
from records.db import Database
from records.desk import error_pages, signed_out
from records.desk.signed_out import PASSWORD
from records.documents.store import DocumentStore
from records.documents.turning import DRAWING
from records.errors import ChangedMeanwhile, Damaged, NotFound, NotSetUp, RecordsError, RefusedByRule
from records.guard.standing import with_standing
from records.policies.periods import in_words
from records.policies.settings import Policy
from records.staff import accounts, sessions
from records.staff.access import Act, Actor, Allowed, Subject, may
from records.staff.sessions import SignedIn

log = logging.getLogger("paperchain.desk")

HERE = Path(__file__).parent
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
# A picture turned upright is a drawing that holds the picture: it may show that, and nothing else.
DRAWING_POLICY = "default-src 'none'; img-src data:; frame-ancestors 'none'; base-uri 'none'; sandbox"


class Public(StrEnum):
    """The rule of the few routes that need no sign-in."""

    PUBLIC = "public"


PUBLIC = Public.PUBLIC
Rule = Act | Public
LARGEST = 2**31 - 1
"""The largest number that anything here has: what the columns hold."""
MOST_DIGITS = 10
MOST_PUBLIC_BYTES = 16_384  # a form that needs no sign-in is a name and a password; nobody may fill memory with more


@dataclass
class Desk:
    """What every page works with."""

    db: Database
    store: DocumentStore
    clock: Clock
    policy: Callable[[], Policy]
    service_name: str
    contact: tuple[str, ...] = field(default=(), kw_only=True)
    safeguarding: tuple[str, ...] = field(default=(), kw_only=True)
    idle: timedelta = timedelta(minutes=15)
    missing_takes: timedelta = timedelta(milliseconds=50)
    """"Page not found" leaves this long after the request came, or a multiple of it, whether there is nothing or one may not see it."""
    fresh: timedelta = timedelta(minutes=15)
    secure: bool = False
    address: str | None = None
    hosts: tuple[str, ...] = ("*",)
    templates: tuple[Path, ...] = ()
    backups: BackupRule = NO_BACKUP_RULE
    counts: Callable[[Session, Actor], Mapping[str, int]] = lambda session, actor: {}
    today_lines: Callable[[Session, Actor], list[tuple[int, str, str]]] = lambda session, actor: []
    policy_on: Callable[[date], Policy] | None = None
    environment: Environment = field(init=False)

    def __post_init__(self) -> None:
        folders = (HERE / "html", *self.templates)
        self.environment = Environment(
            loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
            autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        self.environment.filters |= {"day": day, "moment": moment, "plain": plain, "lines": lines, "written": written}

    def policy_of(self, day: date) -> Policy:
        """The policy in force on a day; where only today's is known, that one."""
        return self.policy_on(day) if self.policy_on is not None else self.policy()

    @property
    def cookie(self) -> str:
        return "__Host-paperchain" if self.secure else "paperchain"


def picture_response(data: bytes, media_type: str) -> Response:
    """A page's picture as people see it (`records.post.inbox.shown`)."""
    policy = {"Content-Security-Policy": DRAWING_POLICY} if media_type == DRAWING else {}
    return Response(data, media_type=media_type, headers=policy)


def day(value: date | None) -> str:
    """14 May 2011."""
    return in_words(value) if value else "–"


def moment(value: datetime | None) -> str:
    """14 May 2011 at 9:12am, in London."""
    if value is None:
        return "–"
    here = value.astimezone(LONDON)
    hour = here.hour % 12 or 12
    return f"{in_words(here.date())} at {hour}:{here.minute:02d}{'am' if here.hour < 12 else 'pm'}"


def plain(text: str) -> str:
    """Text from outside with control characters and direction marks made visible: it must not rearrange the page."""
    shown = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
    return shown.encode("utf-8", "replace").decode()


def lines(text: str) -> str:
    """As `plain`, for notes of several lines: the ends of lines stay."""
    return "\n".join(
        plain(line.replace("\t", " ")) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    )


def written(text: str) -> Markup:
    """Written text with its line ends shown; whatever is hidden in it made visible."""
    return Markup("<br>").join(escape(plain(line.replace("\t", " "))) for line in text.split("\n"))


@dataclass
class Call:
    """One request: who asks, what was sent, and how to answer."""

    request: Request
    desk: Desk
    signed_in: SignedIn | None
    form: FormData
    pre_token: str
    began: str | None = None
    """The token of a session that this very request began."""

    @property
    def token(self) -> str:
        """What the browser is, or will be, signed in by."""
        return self.began or self.request.cookies.get(self.desk.cookie, "")

    def begin(self, token: str) -> None:
        """Goes on in a session that this request began."""
        self.began, self.signed_in = token, _signed_in(self.desk, token, by_hand=False)

    @property
    def actor(self) -> Actor:
        if self.signed_in is None:
            raise NotFound("There is nothing here.")
        return self.signed_in.actor

    @property
    def sent(self) -> dict[str, str]:
        """The text fields of the form."""
        return {name: value for name, value in self.form.multi_items() if isinstance(value, str)}

    def files(self, name: str) -> list[UploadFile]:
        return [value for value in self.form.getlist(name) if isinstance(value, UploadFile) and value.filename]

    def need(self, act: Act, subject: Subject | None) -> None:
        """Raises NotFound unless the one access function allows it."""
        if not self.may(act, subject):
            raise NotFound("There is nothing here.")

    def may(self, act: Act, subject: Subject | None = None) -> bool:
        return isinstance(may(self.actor, act, subject, self.desk.policy().case_notes_seen_by), Allowed)

    @property
    def csrf(self) -> str:
        return self.signed_in.csrf if self.signed_in else self.pre_token

    def page(self, template: str, *, status: int = 200, title: str, **values: Any) -> Response:
        """A whole page. `title` must hold nothing personal: it stands in the browser's history."""
        counts: Mapping[str, int] = {}
        if self.signed_in is not None:
            with self.desk.db.reading() as session:
                counts = self.desk.counts(session, self.actor)
        html = self.desk.environment.get_template(template).render(
            title=title, call=self, desk=self.desk, counts=counts, csrf=self.csrf, Act=Act,
            today=self.desk.clock.today(), **values,
        )  # fmt: skip
        return HTMLResponse(html, status)

    def go(self, path: str, notice: str | None = None) -> Response:
        """On to another page; `notice` is the line at its top. Neither may hold anything personal."""
        if notice is not None and self.signed_in is not None:
            with self.desk.db.writing() as session:
                sessions.seen(session, self.token, self.desk.clock, notice=notice)
        return RedirectResponse(path, 303)

    def from_our_page(self) -> bool:
        """The browser says that the page was ours."""
        site, origin = self.request.headers.get("sec-fetch-site"), self.request.headers.get("origin")
        if site is not None and site != "same-origin":
            return False
        # Under our own no-referrer policy browsers send "null"; then the fetch metadata must vouch for the page.
        if origin == "null" and site is None:
            return False
        ours = {self.request.headers.get("host"), (self.desk.address or "").split("://")[-1].rstrip("/")}
        return origin in (None, "null") or origin.split("://")[-1] in ours

    def is_ours(self) -> bool:
        """CSRF: the form carries this session's token, and comes from a page of ours."""
        expected = self.signed_in.csrf if self.signed_in else self.request.cookies.get("pc_pre", "")
        same = hmac.compare_digest(self.sent.get("csrf", "").encode(), expected.encode())
        return bool(expected) and same and self.from_our_page()


Handler = Callable[..., Response]


@dataclass(frozen=True)
class Route:
    """One way in, with the rule that guards it."""

    method: str
    path: str
    rule: Rule
    handler: Handler
    fresh: bool = False
    """Destroys or lets out: a password that was typed some minutes ago is asked for again (P7)."""


class Pages:
    """Collects routes. Each must name its rule."""

    def __init__(self) -> None:
        self.routes: list[Route] = []

    def get(self, path: str, *, rule: Rule, fresh: bool = False) -> Callable[[Handler], Handler]:
        return self._add("GET", path, rule, fresh)

    def post(self, path: str, *, rule: Rule, fresh: bool = False) -> Callable[[Handler], Handler]:
        return self._add("POST", path, rule, fresh)

    def _add(self, method: str, path: str, rule: Rule, fresh: bool) -> Callable[[Handler], Handler]:
        def keep(handler: Handler) -> Handler:
            self.routes.append(Route(method, path, rule, handler, fresh))
            return handler

        return keep


def build(desk: Desk, *groups: Pages) -> FastAPI:
    """The web application of these pages."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk = desk
    app.add_middleware(error_pages.KnownHosts, allowed_hosts=list(desk.hosts))
    for group in groups:
        for route in group.routes:
            app.add_api_route(
                route.path, _endpoint(desk, route), methods=[route.method], include_in_schema=False, response_model=None
            )
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.state.fresh = {(route.method, route.path) for group in groups for route in group.routes if route.fresh}
    app.state.rules = {(route.method, route.path): route.rule for group in groups for route in group.routes}

    @app.exception_handler(404)
    @app.exception_handler(405)
    async def missing(request: Request, _: Exception) -> Response:
        try:
            return await run_in_threadpool(error_pages.missing, await _call(desk, request, FormData()))
        except Exception as error:
            return await _bare(desk, request, error, kept=False)

    @app.middleware("http")
    async def headers(request: Request, following: Callable[[Request], Any]) -> Response:
        began = time.monotonic()
        if any(part.isdecimal() and len(part) > MOST_DIGITS for part in request.url.path.split("/")):
            response = await missing(request, NotFound(""))  # thousands of figures are no number to any route
        else:
            response = await following(request)
        if response.status_code == 404:
            await _at_even_time(began, desk.missing_takes)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if desk.secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        if request.url.path.startswith("/static/") and response.status_code == 200:
            response.headers["Cache-Control"] = "private, max-age=3600"
        return response

    return app


async def _at_even_time(began: float, step: timedelta) -> None:
    """Waits for the next multiple of `step` after a request came: how long looking took must not tell why nothing is shown (P7)."""
    if seconds := step.total_seconds():
        await asyncio.sleep(seconds - (time.monotonic() - began) % seconds)


async def _call(desk: Desk, request: Request, form: FormData) -> Call:
    token = request.cookies.get(desk.cookie)
    signed_in = None
    if token:
        # A page that refreshes itself is nobody's click: it neither keeps a session alive nor takes its notice.
        by_hand = request.headers.get("x-refresh") is None
        signed_in = await run_in_threadpool(_signed_in, desk, token, by_hand)
    return Call(request, desk, signed_in, form, request.cookies.get("pc_pre") or secrets.token_urlsafe(24))


def _signed_in(desk: Desk, token: str, by_hand: bool) -> SignedIn | None:
    with desk.db.reading() as session:
        found = sessions.find(session, token, desk.clock, desk.idle)
        if found:
            found = replace(found, actor=with_standing(session, found.actor, desk.clock.now()))
    if found and by_hand and (found.seen_long_ago or found.notice):
        with desk.db.writing() as session:
            sessions.seen(session, token, desk.clock)
    return found


def _endpoint(desk: Desk, route: Route) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        try:
            return await _from_first_to_last(desk, route, request)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there any more to read it
        except Exception as error:
            return await _bare(desk, request, error, kept=isinstance(route.rule, Act))

    return endpoint


async def _from_first_to_last(desk: Desk, route: Route, request: Request) -> Response:
    call = await _call(desk, request, FormData())
    response = None
    if isinstance(route.rule, Act) and call.signed_in is None:  # before a byte of a form is read
        response = await signed_out.answer(call)
    if response is None:
        response = await _answer(call, route)
    if call.began:
        keep_signed_in(response, desk, call.began)
    if call.signed_in is None and request.cookies.get("pc_pre") != call.pre_token:
        response.set_cookie("pc_pre", call.pre_token, httponly=True, samesite="strict", secure=desk.secure)
    return response


async def _bare(desk: Desk, request: Request, error: Exception, *, kept: bool) -> Response:
    """A page for what failed outside every handler, as when the database is away: who asks is not known then. `kept`: a form from a page of
    ours is kept on it."""
    call = Call(request, desk, None, FormData(), "")
    if kept and request.method == "POST" and signed_out.may_be_read(request) and call.from_our_page():
        with suppress(Exception):  # what cannot be read cannot be kept
            call.form = await request.form(max_files=0, max_fields=error_pages.MOST_FIELDS)
    return await run_in_threadpool(error_pages.unexpected, call, error, before=True)


def keep_signed_in(response: Response, desk: Desk, token: str) -> None:
    """The cookie by which a browser is signed in: for this browser and this site alone, and gone with it."""
    response.set_cookie(desk.cookie, token, httponly=True, samesite="strict", secure=desk.secure, path="/")


async def _answer(call: Call, route: Route) -> Response:
    try:
        if call.began is None:  # else it was read before whoever sent it could go on
            call.form = await _form(call.request, route)
    except HTTPException as error:  # cut short, too long, or no form at all
        return await run_in_threadpool(error_pages.not_taken, call, error)
    try:
        return await run_in_threadpool(_guarded, call, route)
    finally:
        await call.form.close()


async def _form(request: Request, route: Route) -> FormData:
    """What was sent. Raises HTTPException for what is no form, or too much of one."""
    if route.method != "POST":
        return FormData()
    if isinstance(route.rule, Act):
        return await request.form(max_files=error_pages.MOST_FILES, max_fields=error_pages.MOST_FIELDS)
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > MOST_PUBLIC_BYTES:
        raise HTTPException(413)
    return await request.form(max_files=0, max_fields=20)


def _guarded(call: Call, route: Route) -> Response:
    """Rule and CSRF first; then the handler, and every outcome as a page."""
    try:
        if isinstance(route.rule, Act) and not call.may(route.rule):
            return error_pages.missing(call)
        if route.method == "POST" and not call.is_ours():
            return error_pages.stale(call)
        if any(isinstance(value, int) and value > LARGEST for value in call.request.path_params.values()):
            return error_pages.missing(call)  # no column holds it; the embedded database would stumble over it
        asked = _asked_again(call, route.method) if route.fresh else None
        return asked or route.handler(call, **call.request.path_params)
    except NotFound:
        return error_pages.missing(call)
    except (ChangedMeanwhile, RefusedByRule) as error:
        return error_pages.refused(call, error.message)
    except (Damaged, NotSetUp, RecordsError) as error:
        log.error("page failed kind=%s path=%s", type(error).__name__, route.path)
        return error_pages.fault(call, error.message)
    except Exception as error:
        return error_pages.unexpected(call, error)


def _asked_again(call: Call, method: str) -> Response | None:
    """The page that asks for the password once more, with everything that was sent kept in it; None when it is not needed (P7)."""
    signed_in, now = call.signed_in, call.desk.clock.now()
    if signed_in is None or signed_in.proved_at + call.desk.fresh > now:
        return None
    typed, mistake = call.sent.get(PASSWORD), None
    if typed is not None:
        mistake = prove(call, typed)
        if mistake is None:
            kept = [(name, value) for name, value in call.form.multi_items() if name != PASSWORD]
            call.form = FormData(kept)
            return None
    return ask_again(call, mistake, call.request.url.path if method == "POST" else None)


def ask_again(call: Call, mistake: str | None, action: str | None) -> Response:
    """Asks for the password; `action` is where a sent form goes on to, None for a page, which is opened afterwards."""
    to = call.sent.get("to", "") or call.request.url.path
    kept = [("to", to)] if action is None else signed_out.fields(call)
    return call.page(
        "again.html", status=422 if mistake else 200, title="Type your password again", action=action or "/again", kept=kept,
        minutes=int(call.desk.fresh.total_seconds() // 60), field=PASSWORD, mistakes={PASSWORD: mistake} if mistake else {},
    )  # fmt: skip


def prove(call: Call, typed: str) -> str | None:
    """Checks the password of whoever is signed in, counted as a sign-in is; what is wrong in words, None when it is theirs."""
    db, clock = call.desk.db, call.desk.clock
    try:
        with db.writing() as session:
            guess = accounts.count_guess(session, accounts.sign_in_name(session, call.actor.id), clock)
    except accounts.Locked as error:
        return error.message
    right = accounts.is_right(guess, typed)
    with db.writing() as session:
        account = accounts.settle_guess(session, guess, right=right, clock=clock)
        if account is not None:
            sessions.proved(session, call.token, clock)
    return None if account is not None else signed_out.NOT_RIGHT
