"""How long the list of what is due takes over much that is kept: `python -m tests.bench.keeping [FILES] [DOCUMENTS EACH]`.

Prints figures; asserts nothing. 100,000 files of ten documents are 1,000,000 documents; rows are put in at once, without bytes in the store.
Four in a hundred files are due. The page is asked of the whole desk, signed in. All people are invented. Goal: 2 s, flat memory.
"""

import resource
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from uuid import uuid4

from sqlmodel import Session, func, insert, select

from intake.wiring import Paperchain
from records.clock import fixed
from records.documents.envelope import new_key, seal_json
from records.documents.keyring import wrap
from records.documents.tables import Document, WrappedKey
from records.people import register
from records.people.birthdates import BirthDate
from records.people.tables import BirthDateFact, ChildFile, Person
from records.retention import disposal, facts, months
from records.vocabulary import DocumentKind, Role
from tests.builders import home
from tests.reviewing import Browser

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
AT_ONCE = 1000


def fill(chain: Paperchain, first: int, count: int, each: int) -> None:
    """Files with a child, a birth date and documents. The birth date is sealed as the program does it."""
    keys, files, people, births, documents = [], [], [], [], []
    for number in range(first, first + count):
        key = new_key()
        own = wrap(chain.db.keys, uuid4(), key, NOON)
        file, fact = uuid4(), uuid4()
        born = (date(2000, 6, 1) + timedelta(days=number % 12000)).isoformat()
        said = {"earliest": born, "latest": born}
        keys.append(own.model_dump())
        files.append(
            {"id": file, "number": number, "key_id": own.id, "officer_id": uuid4(), "opened_at": NOON, "version": 0}
        )
        people.append({
            "id": uuid4(), "file_id": file, "kind": "child", "sealed": b"", "relationship": "self",
            "parental_responsibility": "unknown", "recorded_by": "x", "recorded_at": NOON,
        })  # fmt: skip
        births.append({
            "id": fact, "file_id": file, "sealed": seal_json(key, said, fact.bytes), "recorded_by": "x", "recorded_at": NOON,
        })  # fmt: skip
        documents += [
            {
                "id": uuid4(), "kind": DocumentKind.PAGE, "key_id": own.id, "file_id": file, "page": page, "blob": uuid4().hex,
                "media_type": "image/png", "size": 200_000, "sha256": bytes(32), "stored_at": NOON,
            } for page in range(each)
        ]  # fmt: skip
    rows: list[tuple[Any, list[dict[str, Any]]]] = [
        (WrappedKey, keys), (ChildFile, files), (Person, people), (BirthDateFact, births), (Document, documents),
    ]  # fmt: skip
    with chain.db.writing() as session:
        for table, some in rows:
            session.execute(insert(table), some)


def resident() -> int:
    line = next(each for each in Path("/proc/self/status").read_text().splitlines() if each.startswith("VmRSS"))
    return int(line.split()[1]) >> 10


def timed(what: str, times: list[float]) -> None:
    print(f"{what}: median {median(times):.2f} s, worst {max(times):.2f} s; {resident()} MB now", flush=True)


def main() -> None:
    given = [int(text) for text in sys.argv[1:3]]
    files, each = (given + [100_000, 10][len(given) :])[:2]
    with tempfile.TemporaryDirectory() as place, home(Path(place), fixed(NOON)) as chain:
        for first in range(1, files + 1, AT_ONCE):
            fill(chain, first, min(AT_ONCE, files + 1 - first), each)
        rules = facts.rules(chain.policy_on, chain.clock.today())
        began = perf_counter()
        with chain.db.writing() as session:
            counted = months.refresh(session, rules)
        print(f"counting the months of {counted:,} files: {perf_counter() - began:.1f} s, {resident()} MB", flush=True)
        listed(chain, rules)


def listed(chain: Paperchain, rules: facts.Rules) -> None:
    """The function, then the page, then the page with one file changed since."""
    today, took = chain.clock.today(), []
    with chain.db.reading() as session:
        print(f"{session.exec(select(func.count()).select_from(Document)).one():,} documents")
    browser = Browser(chain, Role.MANAGER)
    for _ in range(5):
        began = perf_counter()
        with chain.db.reading() as session:
            stale = months.is_stale(session, rules)
            shown, total = disposal.candidates(session, rules, today)
        took.append(perf_counter() - began)
    timed(f"the list, {len(shown)} of {total:,} shown (stale: {stale})", took)
    for path in ("/retention", f"/retention?page={total // 100}"):
        took = []
        for _ in range(5):
            began = perf_counter()
            assert browser.get(path).status_code == 200
            took.append(perf_counter() - began)
        timed(f"the page {path}", took)
    with chain.db.writing() as session:
        change(session, chain)
    began = perf_counter()
    assert browser.get("/retention").status_code == 200
    timed("the page after one file has changed", [perf_counter() - began])
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB")


def change(session: Session, chain: Paperchain) -> None:
    file = session.exec(select(ChildFile).limit(1)).one()
    born = BirthDate.on(date(2010, 1, 1))
    register.add_birth_date(session, file, born, part_id=None, actor="x", at=chain.clock.now())


if __name__ == "__main__":
    main()
