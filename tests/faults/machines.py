"""Three machines over one PostgreSQL, killed at random: every item is read exactly once, and taken over within a minute.

Each machine is `paperchain work` as a process of its own on a home of its own; a fourth home takes the post in. The whole of it:
`.venv/bin/python -m tests.faults.machines --minutes 10` (with `--s3`: documents in an S3-compatible store instead of a shared
folder). An ordinary test run does a short one.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from sqlmodel import col, func, select

from intake import claiming
from intake.settings import load
from intake.wiring import Paperchain, open_paperchain
from records.audit import trail
from records.audit.chain import Whole
from records.audit.tables import AuditEntry
from records.documents.tables import Document
from records.post import inbox
from records.post.tables import Item, Page, Part
from records.vocabulary import ItemState
from tests.commanding import ROOT, environment
from tests.postgres import running_cluster
from tests.s3 import new_bucket, running_server

SAMPLES = ROOT / "samples"
POST = {"IASS-MFP_4767.pdf": 1, "IASS-MFP_4782.tif": 1, "SCN_20251225121206_4765.pdf": 3}
"""File → its pages."""
TAKEN_OVER_WITHIN_SECONDS = 60.0
ENDS_WITHIN_SECONDS = 600.0
LEAST_WAITING = 9


@dataclass
class Machine:
    """One `paperchain work`, alive or dead for a while."""

    home: Path
    settings: Mapping[str, str]
    process: "subprocess.Popen[bytes] | None" = None
    back_at: float = 0.0

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "intake.commands", "work"], cwd=ROOT, env=environment(self.home, **self.settings),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=(self.home / "log").open("ab"),
        )  # fmt: skip

    def children(self) -> list[int]:
        """Its worker processes."""
        assert self.process is not None
        pid, found = self.process.pid, []
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            found += [int(word) for word in task.read_text().split()]
        return [pid for pid in found if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self.process = None

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.kill()


@dataclass
class Found:
    """What a run showed. `wrong` must be empty."""

    items: int = 0
    pages: int = 0
    machines_killed: int = 0
    workers_killed: int = 0
    longest_takeover: float = 0.0
    outlived: int = 0
    wrong: list[str] = field(default_factory=list)


class Run:
    """One run: feeds, kills, restarts, watches the leases, then waits for calm and counts."""

    def __init__(self, place: Path, more: Mapping[str, str], seed: int) -> None:
        self.place, self.random, self.found = place, random.Random(seed), Found()
        self.more = {"PAPERCHAIN_WORK__WORKERS": "1", **more}
        self.chain: Paperchain = open_paperchain(load(environment(place / "post", **self.more)))
        self.expected: dict[int, int] = {}
        self.holders: dict[int, tuple[str, float]] = {}
        self.machines = [self._machine(number) for number in range(3)]

    def _machine(self, number: int) -> Machine:
        home = self.place / f"machine-{number}"
        (home / "keys").mkdir(parents=True)
        shutil.copyfile(self.chain.settings.key_file, home / "keys" / "master.key")
        return Machine(home, self.more)

    def feed(self, least: int) -> None:
        """Takes post in until so much waits."""
        with self.chain.db.reading() as session:
            waiting = inbox.unsettled(session)
        for _ in range(least - waiting):
            name, pages = self.random.choice(list(POST.items()))
            dropped = claiming.drop(self.chain.settings.inbox, SAMPLES / name)
            self.expected[claiming.take(self.chain, claiming.claim(self.chain.settings.inbox, dropped))] = pages

    def watch_leases(self) -> None:
        """No lease may stay with a holder that was dead for longer than promised."""
        with self.chain.db.reading() as session:
            rows = session.exec(select(Item.number, Item.leased_by).where(col(Item.leased_by).is_not(None))).all()
        now, held = time.monotonic(), {number: holder for number, holder in rows if holder is not None}
        for number, (holder, since) in list(self.holders.items()):
            if held.get(number) != holder:
                self.found.longest_takeover = max(self.found.longest_takeover, now - since)
                del self.holders[number]
            elif now - since > TAKEN_OVER_WITHIN_SECONDS:
                self.found.wrong.append(f"item {number} was not taken over within a minute")
                del self.holders[number]
        self._held = held

    def kill_one(self) -> None:
        """A whole machine, or a worker process of one; what is leased at this moment must change hands or end in time."""
        alive = [machine for machine in self.machines if machine.process is not None]
        if not alive:
            return
        machine = self.random.choice(alive)
        children = machine.children()
        if children and self.random.random() < 0.3:
            os.kill(self.random.choice(children), signal.SIGKILL)
            self.found.workers_killed += 1
        else:
            machine.kill()
            machine.back_at = time.monotonic() + self.random.uniform(0, 25)
            self.found.machines_killed += 1
            self._must_be_gone(children)
        self.watch_leases()
        for number, holder in self._held.items():
            self.holders.setdefault(number, (holder, time.monotonic()))

    def _must_be_gone(self, children: list[int]) -> None:
        ends = time.monotonic() + 10
        while any(_runs(pid) for pid in children):
            if time.monotonic() > ends:
                self.found.outlived += 1
                self.found.wrong.append("a worker outlived its dispatcher")
                return
            time.sleep(0.05)

    def restart(self, *, at_once: bool = False) -> None:
        for machine in self.machines:
            if machine.process is not None and machine.process.poll() is not None:
                self.found.wrong.append(f"a machine ended by itself: {machine.process.returncode}")
                machine.process = None
            if machine.process is None and (at_once or time.monotonic() >= machine.back_at):
                machine.start()

    def unread(self) -> int:
        with self.chain.db.reading() as session:
            return inbox.unsettled(session)

    def go(self, seconds: float, every: tuple[float, float]) -> Found:
        """Kills at random for so long, then lets everything end, and counts."""
        self.restart(at_once=True)
        self.feed(LEAST_WAITING)
        began = time.monotonic()
        next_kill = began + 6
        while time.monotonic() < began + seconds:
            self.restart()
            self.watch_leases()
            self.feed(LEAST_WAITING)
            if time.monotonic() > next_kill:
                self.kill_one()
                next_kill = time.monotonic() + self.random.uniform(*every)
            time.sleep(0.2)
        self.restart(at_once=True)
        ends = time.monotonic() + ENDS_WITHIN_SECONDS
        while self.unread() and time.monotonic() < ends:
            self.restart(at_once=True)
            self.watch_leases()
            time.sleep(0.2)
        for machine in self.machines:
            machine.stop()
        self.count()
        return self.found

    def count(self) -> None:
        """Every item once: read, with its pages, told once in the chain, and every document there."""
        found, wrong = self.found, self.found.wrong
        with self.chain.db.reading() as session:
            if not isinstance(trail.check(session), Whole):
                wrong.append("the audit chain is broken")
            items = session.exec(select(Item)).all()
            pages = Counter(session.exec(select(Page.item_id)).all())
            parts = Counter(session.exec(select(Part.item_id)).all())
            told = Counter(
                session.exec(
                    select(AuditEntry.subject_id).where(col(AuditEntry.act).in_(["item_to_review", "item_to_sort"]))
                ).all()
            )
            blobs = set(session.exec(select(Document.blob)).all())
            kinds = session.exec(select(Document.kind, func.count()).group_by(Document.kind)).all()
        found.items, found.pages = len(items), sum(pages.values())
        if {item.number for item in items} != set(self.expected):
            wrong.append("items are missing or doubled")
        for item in items:
            if item.state not in (ItemState.TO_REVIEW, ItemState.TO_SORT):
                wrong.append(f"item {item.number} is {item.state}: {item.reason_code}")
            elif pages[item.id] != self.expected[item.number]:
                wrong.append(f"item {item.number} has {pages[item.id]} pages")
            elif told[str(item.id)] != 1 or not parts[item.id]:
                wrong.append(f"item {item.number} was entered {told[str(item.id)]} times")
        if dict(kinds).get("page", 0) != found.pages or dict(kinds).get("scan", 0) != found.items:
            wrong.append("documents do not match pages")
        lost = blobs - set(self.chain.store.names())
        if lost:
            wrong.append(f"{len(lost)} documents have no bytes")

    def close(self) -> None:
        for machine in self.machines:
            if machine.process is not None:
                machine.kill()
        self.chain.db.close()


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--s3", action="store_true")
    parser.add_argument(
        "--between", type=float, nargs=2, default=(4, 12), help="seconds from one kill to the next, at random"
    )
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    asked = parser.parse_args()
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        cluster = stack.enter_context(running_cluster())
        cluster.create("machines")
        more = {"PAPERCHAIN_DATABASE_URL": cluster.url("machines")}
        if asked.s3:
            more |= new_bucket(stack.enter_context(running_server())).environment()
        else:
            (place / "shared").mkdir()
            more["PAPERCHAIN_STORE__FOLDER"] = str(place / "shared")
        run = Run(place, more, asked.seed)
        stack.callback(run.close)
        print(f"seed {asked.seed}; {run.go(asked.minutes * 60, (asked.between[0], asked.between[1]))}")
        sys.exit(1 if run.found.wrong else 0)


if __name__ == "__main__":
    main()
