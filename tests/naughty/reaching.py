"""How every POST route is reached with sensible words, each from a home that stands so that it does what it is for.

The desk is worked at in rounds: what the pages show is sent, which leads to pages that show more. A route is known when a sensible form
was answered as done; what stands then is kept, and each naughty try begins from there.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from tests.naughty.desk import Walk
from tests.naughty.forms import Form, Page
from tests.naughty.routes import ENDS_A_SESSION, SHUT_OTHERS_OUT, Way, addresses, asked_for, choices, free, noting, post
from tests.naughty.standing import Standing
from tests.reviewing import Browser

MOST_ALIKE = 5
"""Of pages that differ in a number only, so many are looked at for forms."""
DICE = 6
"""So many ways of filling in a form are tried until one is answered as done."""
MOST_PLACES = 12
FEW = 12
"""So many routes that are not answered as done are named."""
DONE = (303, 200, 307, 422)
NOT_SENT = (*SHUT_OTHERS_OUT, "/files/{number:int}/close", "/retention/files/{number:int}/keep")
"""What is learned, but not done on the way: after it other routes refuse before they look at a word."""


@dataclass
class Reached:
    """One route: the way to it, what stands there, and how a sensible form was answered."""

    way: Way
    standing: Standing
    status: int

    @property
    def rank(self) -> int:
        """303: done. 200, 307, 422: the words are read. 409, 404: they may not be."""
        return (DONE.index(self.status) - len(DONE)) * -1 if self.status in DONE else int(self.status == 409) - 1


@dataclass
class Explorer:
    """Works at the desk of a walk, keeping for each route the best way so far."""

    walk: Walk
    folder: Path
    tell: Callable[[str], None]
    found: dict[str, Reached] = field(default_factory=dict)
    stood: list[Standing] = field(default_factory=list)

    def explore(self, rounds: int, wanted: Callable[[str], bool]) -> dict[str, Reached]:
        """The best way to each wanted route after so many rounds of work."""
        routes = sorted(path for method, path in self.walk.people[0].app.state.rules if method == "POST")
        routes = [route for route in routes if route not in ENDS_A_SESSION and wanted(route)]
        for turn in range(rounds):
            if turn:
                self._work()
            self.stood.append(Standing(self.walk.chain, self.folder / f"standing-{turn}"))
            left = [route for route in routes if route not in self.found or self.found[route].status != 303]
            forms = self._forms()
            with noting():
                for route in left:
                    self._learn(route, forms.get(route, []), last=turn == rounds - 1)
            done = {route for route, one in self.found.items() if one.status in (303, 200)}
            left = [route for route in routes if route not in done]
            named = f"; not {', '.join(left)}" if 0 < len(left) <= FEW else ""
            self.tell(
                f"round {turn + 1}: {len(forms)} routes stand on pages, {len(done)} of {len(routes)} are answered as done{named}"
            )
            if not left:  # with a few routes, the whole desk need not be walked again
                break
        return self.found

    def _forms(self) -> dict[str, list[tuple[Browser, str, Form]]]:
        found: dict[str, dict[tuple[object, ...], tuple[Browser, str, Form]]] = {}
        for who in self.walk.people:
            for path, page in self.walk.pages(who, MOST_ALIKE):
                for form in page.forms:
                    where = urlsplit(urljoin(f"http://localhost{path}", form.action or path))
                    address = where.path + (f"?{where.query}" if where.query else "")
                    route = self.walk.route_of(path, form)
                    found.setdefault(route, {}).setdefault((address, *form.key[1:]), (who, address, form))
        return {route: list(each.values()) for route, each in found.items()}

    def _learn(self, route: str, forms: list[tuple[Browser, str, Form]], *, last: bool) -> None:
        for who, where, form in forms[:MOST_PLACES]:
            for seed in range(DICE if form.choices or form.ticks else 1):
                way = Way(route, who, where, form.filled(random.Random(seed)))
                if self._better(route, way, form) == 303:
                    return
        if not last or (self.found.get(route) and self.found[route].status in DONE):
            return
        offered = choices()
        for who, where in self._guessed(route):
            if self._better(route, Way(route, who, where), None, offered) == 303:
                return

    def _guessed(self, route: str) -> Iterator[tuple[Browser, str]]:
        for who in self.walk.people:
            for where in addresses(self.walk, route, MOST_PLACES):
                yield who, where

    def _better(self, route: str, way: Way, form: Form | None, offered: Mapping[str, list[str]] | None = None) -> int:
        """Tries a way from what stands now, and keeps it when it comes farther than the one known."""
        before = self.walk.kept()
        answer = post(way, {}) if form else asked_for(way, offered or {})
        if self.walk.kept() != before:
            self.stood[-1].back()
        way.free = free(way, form, offered or {})
        this = Reached(way, self.stood[-1], answer.status_code)
        known = self.found.get(route)
        if known is None or (this.rank, len(way.free)) > (known.rank, len(known.way.free)):
            self.found[route] = this
        return answer.status_code

    def _work(self) -> None:
        """One round at the desk: each form that is answered as done is sent as its page shows it now."""
        self.stood[-1].back()
        for who in self.walk.people:
            for path, form in self.walk.forms(who):
                known = self.found.get(self.walk.route_of(path, form))
                if known is None or known.status != 303 or known.way.route in NOT_SENT:
                    continue
                now = self.walk.again(who, path, form)
                for seed in range(DICE) if now else ():
                    self.walk.dice = random.Random(seed)
                    if now is not None and self.walk.send(who, path, now, {}).status_code == 303:
                        break


def boxes(page: Page, walk: Walk, way: Way) -> list[Mapping[str, str]]:
    """The typed fields of the forms of a page that lead to this route."""
    return [form.typed for form in page.forms if walk.route_of(way.where, form) == way.route]
