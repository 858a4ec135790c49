"""What the pages of post cost while many forms wait for review: `python -m tests.bench.waiting [FORMS] [sqlite|postgresql] [--own] [--aside]`.

Prints figures; asserts nothing. Fills a home with so many items of one form each, all of one day, with readings as large as real ones are (34 kB),
and asks for pages as an officer and as admin staff, signed in, on the whole desk in this process: the wall clock and the processor's own time,
medians of `TIMES`, and the questions put to the database. `--own`: every form but the newest was read by a text of its template that is not in
use any more, so that none of them can be opened. `--aside`: as many more wait for their family, each with a No that was noted.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlmodel import select

from forms.results import FormReading
from intake import in_use, known_forms, quarantine_days
from intake.wiring import Paperchain
from records.clock import fixed
from records.documents.envelope import new_key, seal_json
from records.documents.keyring import wrap
from records.documents.store import FolderStore
from records.documents.tables import Document, WrappedKey
from records.post import review
from records.post.tables import Confirmation, Item, Page, Part
from records.vocabulary import DocumentKind, ItemState, PartKind, PartState, QuarantineReason, Role, Source
from tests import builders
from tests.bench.searching import NOW, analysed, database, in_bulk, put
from tests.reviewing import TEMPLATE, Browser, answers, reading

TIMES = 7
IN_ONE = 500
"""So many are written in one transaction."""
EVIDENCE = {f"what_was_measured_{n}": 0.123456 + n for n in range(26)}
"""As much beside each answer as the reader keeps there."""
OTHER_TEXT = "0123456789abcdef"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("forms", nargs="?", type=int, default=10_000)
    asked.add_argument("kind", nargs="?", default="sqlite")
    asked.add_argument("--own", action="store_true")
    asked.add_argument("--aside", action="store_true")
    wanted = asked.parse_args()
    with database(wanted.kind) as db, tempfile.TemporaryDirectory() as folder:
        settings = builders.settings(Path(folder) / "home")
        for place in (settings.documents, settings.inbox, settings.stopped):
            place.mkdir(parents=True)
        chain = Paperchain(settings, db, FolderStore(settings.documents), fixed(NOW))
        known_forms.remember(None)
        began = time.monotonic()
        with in_bulk(db) as fast:
            fill(Paperchain(settings, fast, chain.store, chain.clock), wanted.forms, own=wanted.own, aside=wanted.aside)
        analysed(db)
        print(f"{wanted.forms:,} forms on {wanted.kind}, filled in {time.monotonic() - began:.0f} s")
        measure(chain, wanted.forms)


def fill(chain: Paperchain, count: int, *, own: bool, aside: bool) -> None:
    """Items 1 to `count`, oldest first, and as many more `aside`."""
    real = with_evidence(reading())
    for start in range(0, count * (2 if aside else 1), IN_ONE):
        rows: dict[type, list[dict[str, Any]]] = {table: [] for table in (WrappedKey, Item, Part, Document, Page)}
        notes: list[dict[str, Any]] = []
        for number in range(start + 1, min(start + IN_ONE, count * (2 if aside else 1)) + 1):
            old = own and number != count
            one(
                chain,
                rows,
                notes,
                number,
                replace(real, template_sum=OTHER_TEXT if old else TEMPLATE.content_sum),
                aside=number > count,
            )
        with chain.db.writing() as session:
            put(session, rows | ({Confirmation: notes} if notes else {}))


def with_evidence(found: FormReading) -> FormReading:
    return replace(found, fields={name: replace(one, evidence=EVIDENCE) for name, one in found.fields.items()})


def one(
    chain: Paperchain, rows: dict[type, list[dict[str, Any]]], notes: list[dict[str, Any]], number: int, found: FormReading, *, aside: bool
) -> None:  # fmt: skip
    """One item with one form on one page, as it stands when it has been read; `aside`, as when its family is asked and has said No."""
    key, item, part, claim, at = new_key(), uuid4(), uuid4(), uuid4(), NOW - timedelta(seconds=100_000 - number)
    own = wrap(chain.db.keys, uuid4(), key, NOW)
    evidence, picture, scan = uuid4(), uuid4(), uuid4()
    rows[WrappedKey].append(own.model_dump())
    rows[Item].append({
        "id": item, "number": number, "claim_id": claim, "key_id": own.id, "scan_id": scan, "source": Source.FOLDER,
        "sealed_name": seal_json(key, {"name": f"scan {number}.pdf"}, claim.bytes), "likeness": number.to_bytes(32, "big"),
        "arrived_at": at, "received_on": NOW.date(), "state": ItemState.TO_REVIEW, "pages": 1, "pages_read": 1, "attempts": 1,
        "arranged": 0, "version": 0, "read_at": at,
    })  # fmt: skip
    rows[Part].append(part_row(part, item, evidence, found, key, at, aside=aside))
    rows[Page].append({
        "id": uuid4(), "item_id": item, "part_id": part, "number": 1, "sheet": 1, "kind": "form", "picture_id": picture, "width": 1240,
        "height": 1754, "turned": 0, "turned_by_hand": 0,
    })  # fmt: skip
    for id, kind, of in (
        (scan, DocumentKind.SCAN, None),
        (evidence, DocumentKind.EVIDENCE, part),
        (picture, DocumentKind.PAGE, part),
    ):
        rows[Document].append({
            "id": id, "kind": kind, "key_id": own.id, "item_id": item, "part_id": of, "page": 1 if kind == DocumentKind.PAGE else None,
            "blob": uuid4().hex, "media_type": "image/png", "size": 200_000, "sha256": bytes(32), "stored_at": NOW,
        })  # fmt: skip
    if aside:
        note = uuid4()
        said = {"store_on_database": {"proposed": "no", "asked": False, "confidence": 1.0, "confirmed": "no"}}
        notes.append({
            "id": note, "part_id": part, "confirmed_by": str(UUID(int=1)), "confirmed_at": NOW, "policy_version": "1",
            "sealed_answers": seal_json(key, said, note.bytes),
        })  # fmt: skip


def part_row(
    id: UUID, item: UUID, evidence: UUID, found: FormReading, key: bytes, at: Any, *, aside: bool
) -> dict[str, Any]:
    row = Part(
        id=id, item_id=item, kind=PartKind.FORM, form=found.form, edition=found.edition, evidence_id=evidence, doubtful=1, read_at=at,
        state=PartState.QUARANTINED if aside else PartState.TO_REVIEW, quarantine=QuarantineReason.STORE_NOT_ANSWERED if aside else None,
        ask_by=NOW.date() + timedelta(days=20) if aside else None,
    )  # fmt: skip
    review.keep_reading(row, key, found.to_json())
    return row.model_dump()


class Questions:
    """How many questions the database was asked."""

    def __init__(self, chain: Paperchain) -> None:
        self.asked = 0
        sa.event.listen(chain.db.engine, "before_cursor_execute", self._one)

    def _one(self, *_: object) -> None:
        self.asked += 1


def timed(what: str, call: Callable[[], object], questions: Questions, times: int = TIMES) -> None:
    wall, own = [], []
    began, worked, before = time.perf_counter(), time.process_time(), questions.asked
    call()
    first, first_own, asked = time.perf_counter() - began, time.process_time() - worked, questions.asked - before
    for _ in range(times):
        began, worked = time.perf_counter(), time.process_time()
        call()
        wall.append(time.perf_counter() - began), own.append(time.process_time() - worked)
    tell = f"first {1000 * first:7.0f} ms (own {1000 * first_own:6.0f}), {asked:4} questions"
    if wall:
        tell += f", then {1000 * median(wall):6.0f} (own {1000 * median(own):6.0f})"
    print(f"{what:<44} {tell}, highest {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB", flush=True)


def page(who: Browser, path: str) -> Callable[[], object]:
    def get() -> None:
        answer = who.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.headers.get("location"))

    return get


def measure(chain: Paperchain, count: int) -> None:
    officer, admin = Browser(chain, Role.OFFICER), Browser(chain, Role.ADMIN, "Sam")
    questions = Questions(chain)
    with chain.db.reading() as session:
        last = session.exec(select(Part.id).join(Item).where(Item.number == count)).one()
    for each in (officer, admin):
        each.get("/help")
    timed("help page (the floor)", page(officer, "/help"), questions)
    pages = (count + 49) // 50
    timed("Review", page(officer, "/review"), questions)
    timed("Review, its last page", page(officer, f"/review?page={pages}"), questions)
    timed("Review, as admin staff (404)", lambda: admin.get("/review"), questions)
    timed("a form, the newest", page(officer, f"/review/{last}"), questions)
    timed("an item, the newest", page(officer, f"/items/{count}"), questions)
    timed("an item, as admin staff", page(admin, f"/items/{count}"), questions)
    timed("Post", page(officer, "/post"), questions)
    timed("Post, as admin staff", page(admin, "/post"), questions)
    timed("Post, what waits for review", page(officer, "/post?state=to_review"), questions)
    timed("Today", page(officer, "/"), questions)
    timed("search, a name", lambda: officer.post("/files/search", {"q": "Rowan Testwood"}), questions)
    timed("letters", page(officer, "/letters"), questions)
    timed("quarantine days (the daily job)", lambda: quarantine_days.remind(chain), questions, 0)
    with chain.db.reading() as session:
        timed(
            "the next form",
            lambda: review.next_to_review(
                session, "x", chain.clock.now(), opens=lambda part: in_use.why_unused(session, part) is None
            ),
            questions,
            1,
        )
    timed(
        "confirm a form and be led on",
        lambda: officer.post(f"/review/{last}", answers("0", store_on_database="blank")),
        questions,
        0,
    )


if __name__ == "__main__":
    main()
