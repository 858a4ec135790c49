"""The whole desk with somebody of each role, walked by its own links, with every form it shows."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus, unquote_plus, urljoin, urlsplit
from uuid import uuid4

import httpx2 as httpx
from sqlalchemy import text
from sqlmodel import SQLModel
from starlette.routing import Match

from intake.wiring import Paperchain
from records.vocabulary import Role
from tests.builders import CHILD
from tests.naughty.forms import Form, Page
from tests.reviewing import Browser, arrived, confirm

LEAVES = {
    "/sign-out",
    "/sign-in",
    "/welcome",
    "/settings/people/{account:uuid}/disable",
}  # tried by themselves: they end or begin a session
ANSWERS = {200, 303, 307, 404, 409, 422}  # 307: a search from the top of the page goes on to the page for it
MOVES_WITHOUT_SAVING = (
    "audit",
    "session",
    "search_",
    "draft",
)  # a refused note is kept as a draft: typed text is not lost


@dataclass
class Walk:
    """One home and three people; what was found wrong is kept."""

    chain: Paperchain
    dice: random.Random = field(default_factory=lambda: random.Random(5))
    people: list[Browser] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    reached: dict[str, set[str]] = field(default_factory=dict)
    tables: tuple[str, ...] = ()
    starts: list[str] = field(default_factory=list)
    """Pages looked at first: of pages that differ in a number only a few are, and these have more to ask than others."""

    def __post_init__(self) -> None:
        self.people = [Browser(self.chain, role, role.title()) for role in (Role.OFFICER, Role.ADMIN, Role.MANAGER)]
        confirm(self.people[0], arrived(self.chain)[0])
        for _ in range(2):
            confirm(self.people[0], arrived(self.chain)[0], child_name=f"{CHILD} {uuid4().hex[:4]}", file="new")
        arrived(self.chain, 2)
        self.tables = tuple(
            name for name in sorted(SQLModel.metadata.tables) if not any(word in name for word in MOVES_WITHOUT_SAVING)
        )

    def lived_in(self) -> None:
        """Papers put away, asked for and in a sack, so that their pages have something to ask."""
        officer, admin, _ = self.people
        for who, path in ((admin, "/originals/1"), (admin, "/originals/2"), (admin, "/originals/3"), (officer, "/files/1/originals"),
                          (admin, "/originals/2"), (admin, "/originals/returns"), (admin, "/originals/waste"), (admin, "/originals/3")):  # fmt: skip
            for form in Page(who.get(path).text).forms[2:]:  # after search and sign-out
                self.send(who, path, form, {})

    def route(self, path: str) -> str:
        """The route of a path, as it is declared."""
        scope = {"type": "http", "method": "POST", "path": path, "headers": []}
        for route in self.people[0].app.routes:
            if "POST" in (getattr(route, "methods", None) or ()) and route.matches(scope)[0] is Match.FULL:
                return str(route.path)
        return "none"

    def route_of(self, path: str, form: Form) -> str:
        """Where a form goes, as it is declared."""
        return self.route(urlsplit(urljoin(f"http://localhost{path}", form.action)).path)

    def pages(self, who: Browser, most_alike: int = 2) -> Iterator[tuple[str, Page]]:
        """Every page that links lead to from Today; of pages that differ in a number only, a few."""
        waiting, seen, alike = [*self.starts, "/", "/help"], set(), {}
        while waiting:
            path = waiting.pop(0)
            shape = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+", "#", path)
            if path in seen or alike.get(shape, 0) >= most_alike:
                continue
            seen.add(path)
            alike[shape] = alike.get(shape, 0) + 1
            answer = who.get(path)
            self.judge(f"GET {path}", answer, None)
            if answer.status_code == 303:
                waiting.append(str(answer.headers["location"]))
            if answer.status_code != 200 or not answer.headers["content-type"].startswith("text/html"):
                continue
            page = Page(answer.text)
            for link in page.links:
                there = urlsplit(urljoin(f"http://localhost{path}", link))
                if there.netloc == "localhost" and not there.path.startswith("/static"):
                    waiting.append(there.path + (f"?{there.query}" if there.query else ""))
            yield path, page

    def forms(self, who: Browser) -> list[tuple[str, Form]]:
        """Every form once for each route and page: where it stands, and the form."""
        found = {}
        for path, page in self.pages(who):
            for form in page.forms:
                route = self.route_of(path, form)
                if route not in LEAVES:
                    found.setdefault((route, *sorted(form.typed), *sorted(form.choices)), (path, form))
        return list(found.values())

    def again(self, who: Browser, path: str, form: Form) -> Form | None:
        """The same form as the page shows it now, with the version it has now."""
        answer = who.get(path)
        if answer.status_code != 200:
            return None
        return next((one for one in Page(answer.text).forms if one.key == form.key), None) or next(
            (one for one in Page(answer.text).forms if one.action == form.action and set(one.typed) == set(form.typed)),
            None,
        )

    def send(self, who: Browser, path: str, form: Form, typed: dict[str, bytes]) -> httpx.Response:
        """A form sent with these bytes in these fields; what stood before it is looked at again where it was refused."""
        sent = form.filled(self.dice) | {"csrf": [who.csrf]}
        body = "&".join(
            f"{quote_plus(name)}={quote(typed[name]) if name in typed else quote_plus(value)}"
            for name, values in sent.items() for value in values
        )  # fmt: skip
        where = urljoin(f"http://localhost{path}", form.action or path)
        before = self.kept()
        answer = who.client.post(where, content=body, headers={"content-type": "application/x-www-form-urlencoded"})
        route = self.route(urlsplit(where).path)
        self.reached.setdefault(route, set()).update(typed)
        words = f"POST {route} {sorted(typed)} {[value[:60] for value in typed.values()]}"
        self.judge(words, answer, typed)
        if answer.status_code >= 400 and self.kept() != before:
            self.wrong.append(f"{words}: answered {answer.status_code} and kept something")
        if answer.status_code == 303:
            self.judge(f"{words} led to", who.get(str(answer.headers["location"])), typed)
        return answer

    def kept(self) -> tuple[int, ...]:
        """How many rows each table has."""
        counting = " union all ".join(f"select count(*) from {name}" for name in self.tables)
        with self.chain.db.reading() as session:
            return tuple(row[0] for row in session.execute(text(counting)))

    def judge(self, words: str, answer: httpx.Response, typed: dict[str, bytes] | None) -> None:
        """A page, a refusal in words or a way on: never a fault, markup of others, or typed words where all can read them."""
        if answer.status_code not in ANSWERS:
            self.wrong.append(f"{words}: answered {answer.status_code}")
            return
        place = unquote_plus(str(answer.headers.get("location", "")))
        if not answer.headers.get("content-type", "").startswith("text/html"):
            return
        page = Page(answer.text)
        self.wrong += [f"{words}: page holds {each}" for each in page.wrong]
        for value in (typed or {}).values():
            said = value.decode("utf-8", "replace").strip()
            if len(said) > 3 and (said in page.title or said in place):
                self.wrong.append(f"{words}: typed words in title or address")
            if re.search(r"<[a-z/!]", said, re.IGNORECASE) and said in answer.text:
                self.wrong.append(f"{words}: shown as it was typed, not escaped")
