"""How long destroying takes, and the list of what is due: `.venv/bin/python -m tests.bench.destroying [DOCUMENTS] [FILES]`.

Prints figures; asserts nothing. Files of 50 documents of 40 kB, each with 150 words of text in the index, are approved and destroyed with the
search afterwards; then the list of what is due is opened over many files. All people are invented.
"""

import resource
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from time import perf_counter
from uuid import uuid4

from sqlmodel import Session

from intake.wiring import Paperchain
from records.clock import fixed
from records.documents import holdings, keyring
from records.documents.text import index
from records.documents.text.index import Word
from records.people import register
from records.people.birthdates import BirthDate
from records.people.tables import ChildFile
from records.retention import disposal, facts, months
from records.vocabulary import DocumentKind
from tests.builders import home
from tests.retaining import MANAGER, OFFICER, approved, days_on, run_over

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
EACH, KB, WORDS = 50, 40, 150


def a_file(chain: Paperchain, session: Session, number: int, born: date, documents: int) -> ChildFile:
    now = chain.clock.now()
    file = register.open_file(
        session, officer_id=uuid4(), child_name=f"Rowan Invented{number}", actor=OFFICER, at=now, number=number
    )
    register.add_birth_date(session, file, BirthDate.on(born), part_id=None, actor=OFFICER, at=now)
    key = keyring.open_key(session, file.key_id)
    for page in range(documents):
        stored = holdings.put(chain.store, key, [bytes(KB << 10)], "image/png")
        held = holdings.hold(
            session, stored, kind=DocumentKind.PAGE, key_id=file.key_id, at=now, file_id=file.id, page=page
        )
        session.flush()
        index.begin(session, held.id)
        said = [Word(f"word{number}x{page}x{at}", 0, 0, 9, 9, at // 10) for at in range(WORDS)]
        index.keep(session, held, key, said, item_id=uuid4(), today=chain.clock.today(), at=now)
    return file


def main() -> None:
    given = [int(text) for text in sys.argv[1:3]]
    documents, files = (given + [1000, 10000][len(given) :])[:2]
    with tempfile.TemporaryDirectory() as place, home(Path(place), fixed(NOON)) as chain:
        ids = []
        for number in range(1, documents // EACH + 1):
            with chain.db.writing() as session:
                ids.append(a_file(chain, session, number, date(2000, 1, 1) + timedelta(days=number), EACH).id)
        approved(chain, *ids)
        began = perf_counter()
        done = run_over(days_on(chain, 32), by=MANAGER)
        print(
            f"destroying {documents} documents of {len(ids)} files, with the search: {perf_counter() - began:.1f} s; {done.words}"
        )

        numbers = iter(range(documents, documents + files))
        while batch := list(islice(numbers, 500)):
            with chain.db.writing() as session:
                for number in batch:
                    a_file(chain, session, number, date(1998, 1, 1) + timedelta(days=number % 9000), 0)
        rules = facts.rules(chain.policy_on, chain.clock.today())
        began = perf_counter()
        with chain.db.writing() as session:
            months.refresh(session, rules)
        print(f"counting the months of {files} files anew: {perf_counter() - began:.1f} s")
        began = perf_counter()
        with chain.db.reading() as session:
            months.is_stale(session, rules)
            shown, total = disposal.candidates(session, rules, chain.clock.today())
        print(f"the list of what is due, {len(shown)} of {total} shown: {perf_counter() - began:.2f} s")
        print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB")


if __name__ == "__main__":
    main()
