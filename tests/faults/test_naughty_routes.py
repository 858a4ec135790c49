"""Bad input at every POST route of the running desk, whether or not a page shows its form, and at every rule that reads what is typed.

The rules get every string. The routes get a sample, the same on every day, so that a failure can be repeated; `python -m tests.faults.test_naughty_routes` sends
every string to every field of every route (about half an hour).
"""

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from itertools import cycle
from pathlib import Path

import pytest

from intake.desk.form_view import date_from
from records.cases import personal
from records.cases.typed import look_at
from records.clock import fixed
from records.consents.typed import day_typed, text_wrong
from records.custody import labels
from records.desk.days import day_in
from records.people import matching, search
from records.people.typed import name_problem, text_problem
from tests.builders import home
from tests.conftest import NOON
from tests.naughty.desk import Walk
from tests.naughty.routes import Way, try_out, ways
from tests.naughty.strings import BROKEN, strings

EVERY = (*(one.encode("utf-8", "surrogatepass") for one in strings()), *BROKEN)
RULES: tuple[Callable[[str], object], ...] = (
    lambda text: text_wrong(text, "the note", most=2000), lambda text: day_typed(text, text, text), name_problem,
    lambda text: text_problem(text, "The reason"),
    lambda text: look_at(text, "the note", needed="Enter the note"), day_in, labels.number_from, personal.looks_personal,
    lambda text: search.taken_apart(text, date(2026, 11, 20)), matching.words_of, matching.tokens,
    lambda text: date_from({"born-day": text, "born-month": text, "born-year": text}, "born", "Date of birth", needed=True),
)  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_every_string_is_read_by_every_rule_without_a_fault(rule: Callable[[str], object]) -> None:
    for value in EVERY:
        rule(value.decode("utf-8", "replace"))


@pytest.mark.slow
def test_a_sample_of_strings_at_every_route_and_every_field_of_it(tmp_path: Path) -> None:
    with home(tmp_path / "home", fixed(NOON)) as chain:
        walk = Walk(chain)
        found = ready(walk)
        posts = {path for method, path in walk.people[0].app.state.rules if method == "POST"}
        assert {way.route for way in found} == posts - {
            "/sign-in",
            "/sign-out",
            "/welcome",
            "/settings/people/{account:uuid}/disable",
        }
        assert sum(len(way.free) for way in found) > 200
        todo = cycle(EVERY)
        for way in found:
            for _ in range(2):
                try_out(walk, way, {name: next(todo) for name in way.free})
            for name in way.free:
                try_out(walk, way, {name: next(todo)})
        assert not walk.wrong, "\n".join(walk.wrong[:30])


def ready(walk: Walk) -> list[Way]:
    """A desk that somebody has worked at for a while, and every way into it."""
    walk.lived_in()
    shown = {}
    for who in walk.people:
        for path, form in walk.forms(who):
            shown.setdefault(walk.route_of(path, form), form)
            now = walk.again(who, path, form)
            if now is not None:
                walk.send(who, path, now, {})
    return ways(walk, shown)


def main() -> int:
    """Every string to every field of every route: all fields of a form at once, each with a string of its own, then in turn."""
    tell, began, sent = sys.stdout.write, time.monotonic(), 0
    with tempfile.TemporaryDirectory() as folder, home(Path(folder) / "home", fixed(NOON)) as chain:
        walk = Walk(chain)
        for way in ready(walk):
            for at in range(len(EVERY) if way.free else 0):
                try_out(walk, way, {name: EVERY[(at + 37 * place) % len(EVERY)] for place, name in enumerate(way.free)})
                sent += 1
        for words in dict.fromkeys(walk.wrong):
            tell(f"{words}\n")
        tell(f"{sent:,} tries in {time.monotonic() - began:.0f} s; {len(walk.wrong)} wrong\n")
        return 1 if walk.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
