"""Every POST route of the running desk, with the fields it reads, found by asking it: no page need show the form.

A field is learned by sending what is known so far and noting what the handler looks for in what was sent. What it is then given
comes from the forms of the pages where they have such a field, else from its name.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote, quote_plus

import httpx2 as httpx
import pytest
from sqlmodel import SQLModel, select

import records.schema  # noqa: F401  importing it declares every table, which is all that is wanted of it
from records.desk import shell, signed_out
from records.desk.shell import Call
from tests.naughty.desk import ANSWERS, Walk
from tests.naughty.forms import Form, Page
from tests.reviewing import Browser

ENDS_A_SESSION = {"/sign-out", "/sign-in", "/welcome", "/settings/people/{account:uuid}/disable"}
SHUT_OTHERS_OUT = (
    "/files/{number:int}/restrict",
    "/retention/holds/everything",
    "/files/{number:int}/people/same-child",
)
"""Tried last: after them other routes refuse before they look at a word."""
NUMBERED = (
    ("/files/", "child_file"), ("/items/", "item"), ("/originals/returns/", "paper_return"), ("/originals/waste/", "waste_batch"),
    ("/originals/stocktakes/", "stocktake"), ("/originals/", "original"), ("/requests/", "request"), ("/referrals/", "held_referral"),
    ("/incidents/", "incident"), ("/retention/lists/", "disposal_list"), ("/retention/files/", "child_file"),
    ("/letters/requests/", "request"),
)  # fmt: skip
"""Which numbers stand in which addresses. A table that is not there is passed over: number 1 is then tried."""
TEMPLATES = Path(shell.HERE / "html"), Path(shell.HERE).parents[1] / "intake" / "desk" / "html"
_CHOICE = re.compile(r'<(?:input|button|option)[^>]*?name="([a-z_-]+)"[^>]*?value="([^"{}]+)"')


class Noted(dict[str, str]):
    """What was sent, noting what is looked for in it."""

    asked: ClassVar[set[str]] = set()

    def get(self, key: str, default: Any = None, /) -> Any:
        Noted.asked.add(key)
        return super().get(key, default)

    def __getitem__(self, key: str) -> str:
        Noted.asked.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        Noted.asked.add(str(key))
        return super().__contains__(key)


@contextmanager
def noting() -> Iterator[None]:
    """Looks over the handlers' shoulders; what they do is not changed."""
    plain = vars(Call)["sent"].fget
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Call, "sent", property(lambda call: Noted(plain(call))))
        yield


@dataclass
class Way:
    """One POST route as one person reaches it: where to, the fields it reads, and sensible words for them."""

    route: str
    who: Browser
    where: str
    values: dict[str, list[str]] = field(default_factory=dict)
    free: list[str] = field(default_factory=list)


def choices() -> dict[str, list[str]]:
    """What the templates offer to choose, by name of the field."""
    found: dict[str, list[str]] = {}
    for folder in TEMPLATES:
        for path in folder.glob("*.html"):
            for name, value in _CHOICE.findall(path.read_text("utf-8")):
                found.setdefault(name, []).append(value)
    return found


def ways(walk: Walk, shown: Mapping[str, Form]) -> list[Way]:
    """Every route, for the first person whom it answers otherwise than as missing."""
    offered, found = choices(), []
    rules = walk.people[0].app.state.rules
    with noting():
        for route in sorted(path for method, path in rules if method == "POST"):
            if route in ENDS_A_SESSION:
                continue
            found.append(_learn(walk, route, shown.get(route), offered))
    return sorted(found, key=lambda way: way.route in SHUT_OTHERS_OUT)


def _learn(walk: Walk, route: str, form: Form | None, offered: Mapping[str, list[str]]) -> Way:
    known = form.filled(random.Random(5)) if form else {}
    best: tuple[bool, int, Way] | None = None
    for who in walk.people:
        for where in addresses(walk, route):
            way = Way(route, who, where, {name: list(values) for name, values in known.items()})
            answer = asked_for(way, offered)
            if best is None or (answer.status_code != 404, len(way.values)) > best[:2]:
                best = answer.status_code != 404, len(way.values), way
        if best is not None and best[0] and best[1] > len(known):
            break
    assert best is not None
    way = best[2]
    way.free = free(way, form, offered)
    return way


def asked_for(way: Way, offered: Mapping[str, list[str]]) -> httpx.Response:
    """Sends what is known of a way so far and adds what the handler looked for (`noting`), until it answers as far as it can."""
    Noted.asked = set()
    answer = post(way, {})
    for _ in range(3):
        for name in sorted(Noted.asked - {"csrf", signed_out.PASSWORD} - set(way.values)):
            way.values[name] = [offered[name][0] if offered.get(name) else Form("")._sensible(name)]
        answer = post(way, {})
    return answer


def free(way: Way, form: Form | None, offered: Mapping[str, list[str]]) -> list[str]:
    """The fields of a way that take what somebody types: neither carried by the page nor chosen from a list."""
    typed, picked = set(form.typed) if form else set(), set(form.choices) if form else set(offered)
    hidden = (
        {"csrf", "version", "key", "seen", *(name for name, _ in (*form.carried, *form.ticks)), *form.files}
        if form
        else {"version", "key"}
    )
    return [name for name in way.values if name in typed or name not in picked | hidden]


def addresses(walk: Walk, route: str, most: int = 3) -> list[str]:
    """A route with ids and numbers of what there is; `most` numbers, where there are more."""
    if "{" not in route:
        return [route]
    table = next((name for start, name in NUMBERED if route.startswith(start)), None)
    numbers = _column(walk, table, "number")[:most] if table else []
    found = []
    for number in numbers or ["1"]:
        path = re.sub(r"{(number|file):int}", str(number), route)
        ids = re.findall(r"{([a-z_]+):uuid}", path)
        options = {name: _ids(walk, name)[:4] for name in ids}
        for at in range(max((len(each) for each in options.values()), default=1)):
            filled = path
            for name, each in options.items():
                filled = re.sub(rf"{{{name}:uuid}}", str(each[at % len(each)]), filled)
            found.append(re.sub(r"{code}", "S9", re.sub(r"{kind}", "details", re.sub(r"{[a-z_]+:int}", "1", filled))))
    return found


TABLE_OF = {
    "account": "account", "enquiry": "enquiry", "share": "safety_share", "task": "task", "hold": "hold", "document": "document",
    "body": "named_body", "look": "look_request", "referral": "case_referral", "action": "agreed_action", "part": "part",
    "restriction": "file_restriction", "person": "person", "joining": "file_merge", "pair": "duplicate", "box": "redaction",
}  # fmt: skip


def _ids(walk: Walk, name: str) -> list[str]:
    if name == "thread" and (threads := _column(walk, "case_note", "thread_id")):
        return threads
    wanted = TABLE_OF.get(name, name)
    near = [table for table in SQLModel.metadata.tables if table == wanted] or [
        table for table in SQLModel.metadata.tables if name in table
    ]
    for table in near:
        if found := _column(walk, table, "id"):
            return found
    return ["00000000-0000-4000-8000-000000000000"]


def _column(walk: Walk, table: str | None, column: str) -> list[str]:
    known = SQLModel.metadata.tables.get(table or "")
    if known is None or column not in known.c:
        return []
    with walk.chain.db.reading() as session:
        return [str(value) for (value,) in session.execute(select(known.c[column]))]


def post(way: Way, typed: Mapping[str, bytes]) -> httpx.Response:
    """Sends the sensible words with these bytes in their place."""
    sent = {name: [quote_plus(value) for value in values] for name, values in way.values.items()}
    sent |= {name: [quote(value)] for name, value in typed.items()} | {"csrf": [quote_plus(way.who.csrf)]}
    body = "&".join(f"{quote_plus(name)}={value}" for name, values in sent.items() for value in values)
    return way.who.client.post(way.where, content=body, headers={"content-type": "application/x-www-form-urlencoded"})


def try_out(walk: Walk, way: Way, typed: Mapping[str, bytes]) -> httpx.Response:
    """One try, judged: no fault, nothing half kept, and what was typed into a box still stands in it."""
    before, answer = walk.kept(), post(way, typed)
    words = f"POST {way.route} {sorted(typed)} {[value[:40] for value in typed.values()]}"
    if answer.status_code not in ANSWERS | {400}:
        walk.wrong.append(f"{words}: answered {answer.status_code}")
        return answer
    if answer.status_code >= 400 and walk.kept() != before:
        walk.wrong.append(f"{words}: answered {answer.status_code} and kept something")
    if answer.headers.get("content-type", "").startswith("text/html"):
        page = Page(answer.text)
        walk.wrong += [f"{words}: page holds {each}" for each in page.wrong]
        if answer.status_code == 422:
            boxes = [form.typed for form in page.forms if walk.route_of(way.where, form) == way.route]
            walk.wrong += [f"{words}: lost what was typed at {name}" for name in lost(boxes, typed)]
    return answer


def lost(boxes: Sequence[Mapping[str, str]], typed: Mapping[str, bytes]) -> Iterator[str]:
    """The fields with a box on the page that no longer holds what was typed."""
    for name, value in typed.items():
        shown = [box[name] for box in boxes if name in box]
        if shown and value and not any(_bare(one) == _bare(value.decode("utf-8", "replace")) for one in shown):
            yield name


def _bare(text: str) -> str:
    """As far as a page can show it: without what no page can hold, and without the spaces around it."""
    kept = "".join(letter for letter in text if letter.isprintable() and letter not in "\ufffd ")
    return "".join(kept.split())
