"""Bad input at every POST route of the running desk, whether or not a page shows its form, and at every rule that reads what is typed.

The rules get every string. The routes get a sample, the same on every day, so that a failure can be repeated; `python -m tests.naughty` sends
every kind of string to every field of every route, and `--every` each string.
"""

from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import pytest

from records.clock import fixed
from tests.builders import home
from tests.conftest import NOON
from tests.naughty.desk import Walk
from tests.naughty.forms import Form
from tests.naughty.kinds import EVERY, RULES
from tests.naughty.routes import Way, try_out, ways


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
    return ways(walk, worked_at(walk))


def worked_at(walk: Walk) -> dict[str, Form]:
    """A desk that somebody has worked at for a while, and of each route a form that leads to it."""
    walk.lived_in()
    shown: dict[str, Form] = {}
    for who in walk.people:
        for path, form in walk.forms(who):
            shown.setdefault(walk.route_of(path, form), form)
            now = walk.again(who, path, form)
            if now is not None:
                walk.send(who, path, now, {})
    return shown
