"""Strings to every field of one route, each try judged and taken back, so that the next one meets the same home.

The words go into all fields at once, each field with a string of its own; so what a rule refuses at one field is seen at all. A field
that takes any words is then tried beside sensible ones in the rest, so that the words are really kept, and the page that follows is read.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import unquote_plus

import httpx2 as httpx
from markupsafe import escape

from tests.naughty.desk import ANSWERS, Walk
from tests.naughty.forms import Page
from tests.naughty.reaching import Reached
from tests.naughty.routes import lost, post

PLAIN = b"Plain invented words"
APART = 37
"""Fields of one form are so many strings apart from each other."""
TOLD = 3
"""So many of one kind of fault are told of each route."""
ALL, KEPT, CARRIED = "all fields", "fields that are kept", "what the page carries"
_FRESH = re.compile(r'(name="(?:csrf|key)" value=")[^"]*')


@dataclass
class Trial:
    """The tries at one route: how they were answered, and what was wrong with them."""

    walk: Walk
    reached: Reached
    kinds: tuple[tuple[bytes, ...], ...]
    turn: int = 0
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    stands: tuple[int, ...] = ()
    known: set[tuple[str, int]] = field(default_factory=set)
    text: list[str] = field(default_factory=list)
    used: set[bytes] = field(default_factory=set)

    def run(self) -> None:
        """All of it. The home stands afterwards as before."""
        way = self.reached.way
        self.reached.standing.back()
        self.stands = self.walk.kept()
        self.text = [
            name for name in way.free if self._answer(ALL, {name: PLAIN}, tell=False).status_code in (200, 303)
        ]
        for at in range(len(self.kinds) if way.free else 0):
            self._answer(ALL, self._spread(way.free, at))
        for at in range(len(self.kinds) if 0 < len(self.text) < len(way.free) else 0):
            self._answer(KEPT, self._spread(self.text, at))
        for place, name in enumerate(sorted(set(way.values) - set(way.free))):
            for at in range(place % 12, len(self.kinds), 12):
                self._answer(CARRIED, self._spread([name], at))

    def _spread(self, names: list[str], at: int) -> dict[str, bytes]:
        """Each field with a kind of its own, and of each kind another string at each field."""
        found = {}
        for place, name in enumerate(names):
            kind = self.kinds[(at + APART * place) % len(self.kinds)]
            found[name] = kind[(self.turn + place) % len(kind)]
        self.used.update(found.values())
        return found

    def _answer(self, which: str, typed: dict[str, bytes], *, tell: bool = True) -> httpx.Response:
        answer = post(self.reached.way, typed)
        if tell:
            self.answers[which, answer.status_code] += 1
            self._judge(answer, which, typed)
        stands = self.walk.kept()
        if answer.status_code >= 400 and stands != self.stands:
            grew = [name for name, was, now in zip(self.walk.tables, self.stands, stands, strict=True) if was != now]
            self._note(f"refused, and something was kept in {', '.join(grew)}", answer, typed)
        if answer.status_code in (200, 303) and which != CARRIED and tell:
            self._follow(answer, typed)
        if answer.status_code == 303 or stands != self.stands:
            self.reached.standing.back()
        return answer

    def _judge(self, answer: httpx.Response, which: str, typed: dict[str, bytes]) -> None:
        status = answer.status_code
        if status not in ANSWERS | {400}:
            self._note(f"answered {status}", answer, typed)
        elif status == 409 and self.reached.status in (200, 303) and which != CARRIED and _seen(typed):
            self._note("refused on a page without what was typed", answer, typed)
        place = unquote_plus(str(answer.headers.get("location", "")))
        for value in typed.values():
            said = value.decode("utf-8", "replace").strip()
            if len(said) > 3 and said in place:
                self._note("typed words in an address", answer, typed)
        self._read(answer, typed)

    def _read(self, answer: httpx.Response, typed: dict[str, bytes]) -> None:
        """Takes the page apart, unless one was that differs only in the words, which stand in the same places."""
        if not answer.headers.get("content-type", "").startswith("text/html"):
            return
        bare, placed = _FRESH.sub(r"\1", answer.text), set()
        for name, value in typed.items():
            said = str(escape(value.decode("utf-8", "replace")))
            for before, after in (('value="', '"'), (">\n", "</textarea>"), (">", "</textarea>")):
                if said and f"{before}{said}{after}" in bare:
                    placed.add(name)
                    bare = bare.replace(f"{before}{said}{after}", f"{before}\0{name}\0{after}")
        key = (bare, answer.status_code)
        if key in self.known:
            return
        page = Page(answer.text)
        for each in page.wrong:
            self._note(f"page holds {each}", answer, typed)
        for value in typed.values():
            said = value.decode("utf-8", "replace").strip()
            if len(said) > 3 and said in page.title:
                self._note("typed words in a title", answer, typed)
            if re.search(r"<[a-z/!]", said, re.IGNORECASE) and said in answer.text:
                self._note("shown as it was typed, not escaped", answer, typed)
        boxes = [
            form.typed
            for form in page.forms
            if self.walk.route_of(self.reached.way.where, form) == self.reached.way.route
        ]
        if answer.status_code == 422:
            for name in lost(boxes, typed):
                self._note(f"lost what was typed at {name}", answer, typed)
        if {name for name in typed if any(name in box for box in boxes)} <= placed:
            self.known.add(key)

    def _follow(self, answer: httpx.Response, typed: dict[str, bytes]) -> None:
        """The page after a form that was done is where others read the words."""
        if answer.status_code == 303:
            after = self.reached.way.who.get(str(answer.headers["location"]))
            if after.status_code not in ANSWERS:
                self._note(f"done, and the page after it answered {after.status_code}", after, typed)
            self._read(after, typed)

    def _note(self, what: str, answer: httpx.Response, typed: dict[str, bytes]) -> None:
        self.faults[what] += 1
        if self.faults[what] <= TOLD:
            values = {name: value[:40] for name, value in typed.items()}
            said = (
                " ".join(re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2]).split())[:160]
                if answer.status_code == 409
                else ""
            )
            self.wrong.append(f"{self.reached.way.route}: {what}: {values} {said}".rstrip())


def _seen(typed: dict[str, bytes]) -> bool:
    """Whether anything was typed that anybody could miss."""
    return any(value.decode("utf-8", "replace").strip() for value in typed.values())
