"""Power cuts at every act of a recorded run: `.venv/bin/python -m tests.faults.power [--every N] [--normal]` (promises P2).

A home takes post in, an officer confirms forms, papers go into confidential waste, one family's form is erased; after each
step the run tells that it is done. The disc is then rebuilt at every act, in six ways (see `disc.Left`), and looked at before
and after a restart. With `--normal` the database runs with `synchronous=NORMAL`: then acknowledged work must be lost, or this
check would see nothing.
"""

import argparse
import hashlib
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

from sqlalchemy import Engine, event
from sqlmodel import col, select

from intake import claiming, erasing, filing, wiring
from intake.folder import WatchedFolder
from intake.sandbox.limits import Limits
from records.consents.tables import ConsentEvent
from records.custody import originals
from records.custody.moves import Custody
from records.custody.tables import Original
from records.db import sqlite_engine
from records.documents import holdings
from records.documents.tables import Document
from records.post.tables import Item, Part, StorageRefusal
from records.vocabulary import PaperOutcome, PartKind, PartState
from tests.faults.disc import Act, Disc, Left, Told
from tests.faults.flows import (
    OFFICER,
    WASTE,
    claims_on_disc,
    decided,
    fingerprint,
    later,
    look_again,
    open_home,
    opened,
    started,
    swept,
    whole_store,
)
from tests.faults.recording import TOLD, record, whole
from tests.reviewing import arrived

FILES = tuple(f"scan {number}.pdf" for number in range(16))
FORMS = 12
STEPS = tuple(to for to, _ in WASTE)


def scan(name: str) -> bytes:
    return f"%PDF-1 invented {name} ".encode() * 700


@dataclass(frozen=True)
class Recorded:
    """A run: what lay there before, and what it did."""

    base: dict[str, bytes | None]
    acts: list[Act]
    scans: Counter[str]
    """Every original that must be somewhere, by its hash, as often as it came."""


def prepare(home: Path) -> list[UUID]:
    """A home with forms to confirm, and post that waits in its folder."""
    open_home(home).db.close()
    with opened(home) as chain:
        WatchedFolder(chain, side_by_side=1).look()
        for _ in range(FORMS):
            arrived(chain, backs=PartKind.BLANK)
        with chain.db.reading() as session:
            parts = session.exec(select(Part.id).join(Item, col(Item.id) == Part.item_id)
                                 .where(Part.kind == PartKind.FORM).order_by(col(Item.number))).all()  # fmt: skip
    for name in FILES:
        (home / "inbox" / name).write_bytes(scan(name))
    return list(parts)


def run(home: Path, forms: Sequence[UUID], files: Sequence[str]) -> None:
    """The recorded run. What is told is written beside the home."""
    handle = os.open(home.parent / TOLD, os.O_WRONLY | os.O_CREAT)

    def tell(*words: object) -> None:
        os.write(handle, " ".join(map(str, words)).encode())

    with started(home) as chain:
        for name in files[:3]:
            claiming.take(chain, claiming.claim(home / "inbox", home / "inbox" / name))
            tell("taken", fingerprint(scan(name)))
        WatchedFolder(chain, side_by_side=1).look()
        for name in files[3:]:
            tell("taken", fingerprint(scan(name)))
        for number, form in enumerate(forms[:-1], 1):
            with chain.db.reading() as session:
                version = session.get_one(Part, form).version
            filing.confirm(chain, form, decided(version))
            tell("confirmed", form)
            for to, facts in WASTE:
                with chain.db.writing() as session:
                    paper = originals.by_number(session, number)
                    originals.move(session, paper, to, facts, actor=str(OFFICER), at=later(chain))
                tell("moved", number, to)
        with chain.db.reading() as session:
            version = session.get_one(Part, forms[-1]).version
        erasing.refuse_storing(
            chain, forms[-1], paper=PaperOutcome.RETURNED, actor=OFFICER, version=version, limits=Limits()
        )
        tell("erased", forms[-1])


@contextmanager
def synchronous_normal() -> Iterator[None]:
    """The planted fault: commits are not synced."""

    def engine(*given: Any) -> Engine:
        made = sqlite_engine(*given)
        event.listen(made, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = NORMAL"))
        return made

    with patch.object(wiring, "sqlite_engine", engine):
        yield


def recorded(folder: Path, forms: int = FORMS, files: int = len(FILES), *, normal: bool = False) -> Recorded:
    """Makes a home, runs it under strace, and returns what it did. Fewer `forms` and `files` make a shorter run."""
    home = folder / "home"
    parts = prepare(home)
    for name in FILES[files:]:
        (home / "inbox" / name).unlink()
    base: dict[str, bytes | None] = {"/": None}
    for path in home.parent.rglob("*"):
        base[f"/{path.relative_to(folder)}"] = None if path.is_dir() else path.read_bytes()
    with opened(home) as chain, chain.db.reading() as session:
        scans = Counter(fingerprint(holdings.fetch(session, chain.store, session.get_one(Document, item.scan_id)))
                        for item in session.exec(select(Item)))  # fmt: skip
    scans.update(fingerprint(path.read_bytes()) for path in (home / "inbox").iterdir() if path.is_file())

    def work() -> None:
        if normal:
            with synchronous_normal():
                run(home, parts[:forms], FILES[:files])
        else:
            run(home, parts[:forms], FILES[:files])

    return Recorded(base, whole(record(work, folder), set(base)), scans)


def look(home: Path, told: Sequence[str], scans: Counter[str]) -> None:
    """Raises AssertionError, or what a damaged database raises, when a home lost what was told, or is not whole."""
    damage = {"integrity_check": ["ok"], "cipher_integrity_check": []}
    for question, good in damage.items():  # each opened anew: the second looks at the file itself, its log folded in
        with opened(home) as chain, chain.db.engine.connect() as connection:
            assert connection.exec_driver_sql(f"PRAGMA {question}").scalars().all() == good, "the database is damaged"
    with opened(home) as chain, chain.db.reading() as session:
        whole_store(chain, session)
        items = session.exec(select(Item)).all()
        entered = {item.claim_id.hex for item in items}
        found = Counter(fingerprint(holdings.fetch(session, chain.store, session.get_one(Document, item.scan_id)))
                        for item in items)  # fmt: skip
        taken = set(found)
        parts = {str(part.id): part.state for part in session.exec(select(Part))}
        consents = Counter(str(given.part_id) for given in session.exec(select(ConsentEvent)))
        papers = {paper.number: (str(paper.part_id), Custody(paper.state)) for paper in session.exec(select(Original))}
        erased = len(session.exec(select(StorageRefusal)).all())
    confirmed = {part for part, state in parts.items() if state == PartState.CONFIRMED}
    assert confirmed == set(consents) == {part for part, _ in papers.values()}, "a confirmation in part"
    found.update(fingerprint(file.read_bytes()) for claim, file in claims_on_disc(home) if claim not in entered)
    found.update(fingerprint(path.read_bytes()) for path in (home / "inbox").iterdir() if path.is_file())
    gone = scans - found
    assert gone.total() == erased, "an original is lost"
    assert not found - scans, "an original is doubled, or there is another"
    for words in told:
        match words.split():
            case ["taken", scan_hash]:
                assert scan_hash in taken, "an item that was told is lost"
            case ["confirmed", part]:
                assert part in confirmed, "a confirmation that was told is lost"
            case ["moved", number, to]:
                assert STEPS.index(papers[int(number)][1]) >= STEPS.index(Custody(to)), "a move that was told is lost"
            case ["erased", part]:
                assert part not in parts, "an erased form has come back"
            case _:
                raise AssertionError(f"told what nobody checks: {words}")


def lay(home: Path, content: dict[str, bytes | None]) -> None:
    """Writes what the disc kept."""
    shutil.rmtree(home.parent, ignore_errors=True)
    home.parent.mkdir(parents=True)
    for path in sorted(content):
        place, data = home.parent / path.removeprefix("/"), content[path]
        if data is None:
            place.mkdir(exist_ok=True)
        else:
            place.write_bytes(data)


@dataclass
class Replayed:
    """Figures of a replay. `states` are different discs; `wrong` are those that lost something, in words."""

    states: int = 0
    wrong: list[str] = field(default_factory=list)


def states(run: Recorded, every: int = 1) -> Iterator[tuple[str, list[str], dict[str, bytes | None]]]:
    """Every different disc that a power cut may leave: where it was cut, what had been told by then, and the disc."""
    disc, told, seen = Disc(run.base), list[str](), set[bytes]()
    for place, act in enumerate(run.acts):
        disc.do(act)
        if isinstance(act, Told):
            told.append(act.words)
        if place % every:
            continue
        for left in Left:
            content = {path: data for path, data in disc.after_power_cut(left).items() if path != f"/{TOLD}"}
            digest = hashlib.sha256(repr(len(told)).encode())
            for path in sorted(content):
                digest.update(
                    repr((path, content[path] is None)).encode() + hashlib.sha256(content[path] or b"").digest()
                )
            if digest.digest() not in seen:
                seen.add(digest.digest())
                yield f"act {place}, {left.name.lower()}", list(told), content


def replay(
    run: Recorded, home: Path, every: int = 1, restart_every: int = 1, share: tuple[int, int] = (0, 1)
) -> Replayed:
    """Looks at each disc, before and after a restart; `restart_every` spares some of the restarts.

    `share`: which of so many parts of the discs, for processes side by side.
    """
    found = Replayed()
    for number, (where, told, content) in enumerate(states(run, every)):
        if number % share[1] != share[0]:
            continue
        found.states += 1
        lay(home, content)
        try:
            look(home, told, run.scans)
            if found.states % restart_every == 0:
                look_again(home)
                look(home, told, run.scans)
                assert not claims_on_disc(home), "a claim was left"
                with opened(home) as chain:
                    swept(chain)
        except Exception as error:  # whatever fails here is what we look for
            found.wrong.append(f"{where}: {type(error).__name__}: {error}")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--every", type=int, default=1, help="cut at every Nth act only")
    parser.add_argument("--normal", action="store_true", help="with synchronous=NORMAL, which must lose something")
    parser.add_argument("--jobs", type=int, default=2, help="processes side by side")
    asked = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "run").mkdir()
        run = recorded(Path(folder) / "run", normal=asked.normal)
        shares = [
            (run, Path(folder) / f"cut{turn}" / "home", asked.every, 1, (turn, asked.jobs))
            for turn in range(asked.jobs)
        ]
        with multiprocessing.get_context("spawn").Pool(asked.jobs) as pool:
            parts = pool.starmap(replay, shares)
    wrong = [each for part in parts for each in part.wrong]
    for each in wrong if not asked.normal else wrong[:3]:
        print("  LOST" if asked.normal else "  WRONG", each)
    told = sum(isinstance(act, Told) for act in run.acts)
    print(
        f"power cuts: {len(run.acts)} acts, {told} acknowledgements, {sum(part.states for part in parts)} different discs, {len(wrong)} of them wrong, "
        f"{time.monotonic() - began:.0f} s"
    )
    return bool(wrong) is not asked.normal


if __name__ == "__main__":
    sys.exit(main())
