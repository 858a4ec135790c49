"""Bad input: naughty strings in every field of every form of the desk. The forms are the ones that its pages show."""

from itertools import cycle
from pathlib import Path

import pytest

from records.clock import fixed
from tests.builders import home
from tests.conftest import NOON
from tests.naughty.desk import Walk
from tests.naughty.strings import BROKEN, strings


@pytest.mark.slow
def test_naughty_strings_in_every_field_are_refused_in_words_or_kept_and_shown_as_text(tmp_path: Path) -> None:
    with home(tmp_path / "home", fixed(NOON)) as chain:
        walk = Walk(chain)
        naughty(walk, per_field=1, rounds=1)
        assert not walk.wrong, "\n".join(walk.wrong[:30])
        assert len(walk.reached) > 50, sorted(walk.reached)


def naughty(walk: Walk, per_field: int, rounds: int) -> None:
    """Sensible forms first, so that there is something on every page; then each field with the next strings of the list."""
    walk.lived_in()
    for _ in range(rounds):
        for who in walk.people:
            for path, form in walk.forms(who):
                now = walk.again(who, path, form)
                if now is not None:
                    walk.send(who, path, now, {})
    todo = cycle((*(one.encode() for one in strings()), *BROKEN))
    sent = set()
    for who in walk.people:
        for path, form in walk.forms(who):
            fields = [[name] for name in form.typed] * per_field
            for names in [*fields, list(form.typed)] if len(form.typed) > 1 else fields:
                times = (walk.route_of(path, form), *names)
                if per_field == 1 and times in sent:  # another role has the same form
                    continue
                sent.add(times)
                now = walk.again(who, path, form)
                if now is not None:
                    walk.send(who, path, now, dict.fromkeys(set(names) & set(now.typed), next(todo)))
    for who in walk.people:
        for _ in walk.pages(who):
            pass
