"""Naughty strings to every field of every POST route: `python -m tests.naughty [--routes PART …] [--after ROUTE] [--rounds 3] [--every]`.

A field gets one string of each kind (`kinds.py`), on each route others; with `--every` all. Prints a line as each route is done, then
what is wrong and the routes where the words were not read. `--after` goes on behind a route that an earlier run had done.
"""

import argparse
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from records.clock import fixed
from tests.builders import home
from tests.conftest import NOON
from tests.naughty.desk import Walk
from tests.naughty.kinds import EVERY, kinds
from tests.naughty.lived import live
from tests.naughty.reaching import DONE, Explorer
from tests.naughty.standing import unsynced
from tests.naughty.trying import Trial


def tell(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> int:
    """0 when nothing is wrong."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--routes", nargs="*", default=[""], help="only routes that hold one of these")
    asked.add_argument("--after", default="", help="only routes behind this one in the alphabet")
    asked.add_argument("--rounds", type=int, default=3, help="so often the desk is worked at before")
    asked.add_argument(
        "--every", action="store_true", help="each string to each field, not one of each kind (four times as long)"
    )
    told = asked.parse_args()
    began, wrong = time.monotonic(), []
    with ExitStack() as open_:
        folder = Path(open_.enter_context(tempfile.TemporaryDirectory()))
        chain = open_.enter_context(home(folder / "home", fixed(NOON)))
        unsynced(chain)
        walk = Walk(chain)
        for who in walk.people:
            open_.enter_context(who.client)  # one loop for all requests, not one for each
        live(walk)
        walk.lived_in()
        groups = tuple((one,) for one in EVERY) if told.every else kinds()
        found = Explorer(walk, folder, tell).explore(
            told.rounds, lambda route: route > told.after and any(part in route for part in told.routes)
        )
        tries, used = 0, set[bytes]()
        for turn, (route, reached) in enumerate(sorted(found.items())):
            since = time.monotonic()
            trial = Trial(walk, reached, groups, turn * 3)
            trial.run()
            used |= trial.used
            tries += (these := trial.answers.total())
            wrong += trial.wrong
            answers = ", ".join(f"{status}: {count}" for status, count in sorted(_by_status(trial).items()))
            tell(f"{time.monotonic() - began:5.0f} s {route}: {reached.status}; {len(reached.way.free)} fields, {len(trial.text)} kept as typed; "
                 f"{these} tries, {(time.monotonic() - since) * 1000 / max(1, these):.0f} ms each ({answers}){' WRONG' if trial.wrong else ''}")  # fmt: skip
        for words in (*walk.wrong, *wrong):
            tell(words)
        unread = [f"{route} ({one.status})" for route, one in sorted(found.items()) if one.status not in DONE]
        tell(f"{len(unread)} routes where no word was read: {', '.join(unread) or 'none'}")
        typed = sum(len(one.way.free) for one in found.values())
        tell(
            f"{len(found)} routes, {typed} fields, {len(used)} of {len(EVERY)} strings in {len(groups)} kinds, "
            f"{tries:,} tries in {time.monotonic() - began:.0f} s; {len(wrong) + len(walk.wrong)} wrong"
        )
    return 1 if wrong or walk.wrong else 0


def _by_status(trial: Trial) -> dict[int, int]:
    found: dict[int, int] = {}
    for (_, status), count in trial.answers.items():
        found[status] = found.get(status, 0) + count
    return found


if __name__ == "__main__":
    sys.exit(main())
