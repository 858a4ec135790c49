"""What a page costs when much is kept: `.venv/bin/python -m tests.bench.files [FILES] [sqlite|postgresql|postgresql://…] [FOLDER]`. Prints
figures; asserts nothing. With a folder an embedded database stays there, and is only measured the next time; so does what is in a
PostgreSQL named by its address, which must be empty or filled by this bench. `postgresql` alone starts one that goes away.

Each file has ten consent answers and ten documents, so 100,000 files hold 1,000,000 of each. Pages are asked of the whole desk in this
process, signed in, each view with its audit entry; the rest are the functions that pages and jobs ask. The curve: run it with 100,
1,000, 10,000 and 100,000 files. The floor in each run is the desk's help page, which reads nothing. "Of its own" is the processor's time of this process, median and
p95: what is left when other work waits or runs elsewhere (a PostgreSQL's own time is not in it).
"""

import gc
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from intake.wiring import Paperchain
from records.clock import fixed
from records.consents import asking, ledger
from records.consents.gate import Body, Purpose
from records.consents.items import KEEP, NEWS, TALK, Category
from records.consents.tables import ConsentEvent
from records.documents.envelope import new_key, seal_json
from records.documents.keyring import wrap
from records.documents.store import FolderStore
from records.documents.tables import Document, WrappedKey
from records.people import register
from records.people.tables import ChildFile
from records.post.tables import Item
from records.staff.access import Actor
from records.vocabulary import DocumentKind, ItemState, Role, Source
from tests import builders
from tests.bench import searching
from tests.reviewing import Browser

ITEMS = [code for code, _ in (*KEEP, *NEWS, *TALK)][:10]
SAMPLES = 100
WAITING = 300


def fill_more(chain: Paperchain) -> None:
    """Ten answers and ten documents for each file, and post: one item a file."""
    rng = random.Random(5)
    with chain.db.reading() as session:
        files = session.exec(
            select(ChildFile.id, ChildFile.number, ChildFile.key_id).order_by(col(ChildFile.number))
        ).all()
    for start in range(0, len(files), 1000):
        answers, documents, keys, items = [], [], [], []
        for file_id, number, key_id in files[start : start + 1000]:
            day = date(2026, 1, 1) + timedelta(days=rng.randrange(300))
            for code in ITEMS:
                answers.append({
                    "id": uuid4(), "file_id": file_id, "item_code": code, "state": rng.choice(("given", "given", "refused")),
                    "giver": "parent_or_carer", "effective_on": day, "effective_assumed": False, "received_on": day,
                    "recorded_at": searching.NOW, "confirmed_by": "x", "route": "form", "form": "westminster-consent",
                    "edition": "2023", "policy_version": "westminster 1",
                })  # fmt: skip
            for page in range(10):
                documents.append({
                    "id": uuid4(), "kind": DocumentKind.PAGE if page else DocumentKind.SCAN, "key_id": key_id, "file_id": file_id,
                    "page": page or None, "blob": uuid4().hex, "media_type": "image/png", "size": 200_000, "sha256": bytes(32),
                    "stored_at": searching.NOW,
                })  # fmt: skip
            key = new_key()
            own = wrap(chain.db.keys, uuid4(), key, searching.NOW)
            keys.append(own.model_dump())
            item = uuid4()
            state = ItemState.TO_REVIEW if number <= WAITING else ItemState.FILED
            items.append({
                "id": item, "number": number, "claim_id": uuid4(), "key_id": own.id, "scan_id": uuid4(), "source": Source.FOLDER,
                "sealed_name": seal_json(key, {"name": f"scan {number}.pdf"}, item.bytes), "likeness": os.urandom(32),
                "arrived_at": searching.NOW - timedelta(minutes=number), "received_on": date(2026, 11, 20), "state": state,
                "pages": 1, "pages_read": 1, "attempts": 1, "arranged": 0, "version": 0,
            })  # fmt: skip
        with chain.db.writing() as session:
            searching.put(session, {ConsentEvent: answers, Document: documents, WrappedKey: keys, Item: items})


def timed(what: str, calls: list[Callable[[], object]]) -> None:
    times, busy = [], []
    for call in calls:
        began, worked = time.perf_counter(), time.process_time()
        call()
        times.append((time.perf_counter() - began) * 1000)
        busy.append((time.process_time() - worked) * 1000)
    times.sort(), busy.sort()
    p95 = times[min(len(times) - 1, int(len(times) * 0.95))]
    print(
        f"{what:<34} median {statistics.median(times):7.1f} ms  p95 {p95:7.1f} ms  worst {times[-1]:7.1f} ms"
        f"  of its own: {statistics.median(busy):6.1f}, {busy[min(len(busy) - 1, int(len(busy) * 0.95))]:6.1f} ms",
        flush=True,
    )


def page(browser: Browser, path: str) -> Callable[[], object]:
    def get() -> None:
        answer = browser.get(path)
        assert answer.status_code == 200, (path, answer.status_code)

    return get


def reading(chain: Paperchain, ask: Callable[[Session], object]) -> Callable[[], object]:
    """In a session that is open already: what a page that asks this has anyway."""

    def call() -> None:
        with chain.db.reading() as session:
            ask(session)

    return call


def resident_mb() -> float:
    status = Path("/proc/self/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024


def measure(chain: Paperchain, some: list[UUID], names: list[str]) -> None:
    policy, today = chain.policy(), chain.clock.today()
    officer, admin = Browser(chain, Role.OFFICER), Browser(chain, Role.ADMIN, "Sam")
    with chain.db.reading() as session:
        numbers = list(session.exec(select(ChildFile.number).where(col(ChildFile.id).in_(some))))
    actor = Actor(officer.id, Role.OFFICER)
    school = Body(Category.EDUCATION)
    before = resident_mb()
    for each in (officer, admin):  # templates are compiled once, at the first call
        each.get("/help"), each.get("/post")
    officer.get(f"/files/{numbers[0]}"), officer.get("/review")
    gc.collect(), gc.freeze()  # as the desk does when it starts
    timed("help page (the floor)", [page(officer, "/help")] * SAMPLES)
    timed("a child's file", [page(officer, f"/files/{number}") for number in numbers])
    timed("its history", [page(officer, f"/files/{number}/history") for number in numbers])
    timed("search by name", [lambda name=name: officer.post("/files/search", {"q": name}) for name in names])  # type: ignore[misc]
    timed("review queue", [page(officer, "/review")] * 30)
    timed("post, newest", [page(admin, "/post")] * 30)
    timed("originals", [page(admin, "/originals")] * 30)
    timed("today", [page(officer, "/")] * 30)
    timed("gate decision", [
        reading(chain, lambda session, file=file: asking.ask(  # type: ignore[misc]
            session, actor, file, school, ["x"], Purpose.CONTACT, chain.clock.now(), policy=policy,
        )) for file in some
    ])  # fmt: skip
    timed("what held on a day, one file", [
        reading(chain, lambda session, file=file: ledger.what_holds(session, file, today - timedelta(days=40)))  # type: ignore[misc]
        for file in some
    ])  # fmt: skip
    print(f"memory: {resident_mb():.0f} MB, of which {resident_mb() - before:.0f} MB came with the pages")


def main(count: int, kind: str, kept: Path | None) -> None:
    with searching.database(kind, kept) as db, tempfile.TemporaryDirectory() as folder:
        settings = builders.settings(Path(folder) / "home")
        settings.documents.mkdir(parents=True)
        chain = Paperchain(settings, db, FolderStore(settings.documents), fixed(searching.NOW))
        began = time.perf_counter()
        with db.reading() as session:
            filled = session.exec(select(ChildFile.id).limit(1)).first() is not None
        if not filled:
            with searching.in_bulk(db) as fast:
                searching.fill(fast, count)
                fill_more(Paperchain(settings, fast, chain.store, chain.clock))
            searching.analysed(db)
        took = f"filled in {time.perf_counter() - began:.0f} s" if not filled else "filled before"
        some, names = chosen(chain)
        print(
            f"{count:,} files, {count * len(ITEMS):,} consent answers, {count * 10:,} documents on {db.engine.dialect.name}, {took}"
        )
        measure(chain, some, names)


def chosen(chain: Paperchain) -> tuple[list[UUID], list[str]]:
    """Some files, and the names of some children."""
    with chain.db.reading() as session:
        ids = random.Random(3).sample(list(session.exec(select(ChildFile.id))), SAMPLES)
        files = [session.get_one(ChildFile, id) for id in ids]
        return ids, [register.child_name(session, file) for file in files[:60]]


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 100_000,
        sys.argv[2] if len(sys.argv) > 2 else "sqlite",
        Path(sys.argv[3]) if len(sys.argv) > 3 else None,
    )
