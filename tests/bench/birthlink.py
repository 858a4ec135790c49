"""Birthlink's day with as many papers as there: `python -m tests.bench.birthlink [PAPERS]`. Prints figures and fails when a flagged paper left.

4,800 papers are logged, one in eleven is flagged as irreplaceable, all are put to a sack, counted, sealed, collected and certified (P10).
Every paper must be in exactly one of two lists: refused because it is flagged, or destroyed and on the list of the sack.
"""

import sys
import tempfile
from pathlib import Path
from time import perf_counter

from sqlmodel import select

from records import migrations
from records.custody import originals, pictures, prints, waste
from records.custody.facts import BackupRule
from records.custody.moves import Custody
from records.custody.tables import OriginalMove
from records.custody.waste import Blocked
from records.db import Database, sqlite_engine
from records.keys import derive
from tests.records.custody.papers import WESTMINSTER, cabinet
from tests.records.custody.test_waste import _flag, certify, close, collect, seal

EVERY = 11


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 4800
    keys = derive(bytes(32))
    with tempfile.TemporaryDirectory() as folder:
        database = Database(sqlite_engine(Path(folder) / "paperchain.db", keys), keys)
        migrations.upgrade(database)
        papers = cabinet(database, Path(folder))
        began = perf_counter()
        many = papers.log(count, sheets=1)
        flagged = {paper.id for paper in many[::EVERY]}
        for paper in many[::EVERY]:
            _flag(papers, paper)
        print(f"{count:,} papers logged, {len(flagged):,} flagged: {perf_counter() - began:.0f} s", flush=True)
        began, refused = perf_counter(), set()
        with papers.db.reading() as session:
            proofs = pictures.proofs(session, papers.store, many)
        with papers.db.writing() as session:
            for paper in many:
                try:
                    waste.add(
                        session, originals.lock(session, paper.id), number=1, policy=WESTMINSTER, proof=proofs.get(paper.id), backups=BackupRule(),
                        actor="anna", at=papers.at,
                    )  # fmt: skip
                except Blocked:
                    refused.add(paper.id)
        close(papers, count - len(flagged))
        seal(papers, count - len(flagged))
        collect(papers)
        assert certify(papers) == ()
        print(
            f"put into the sack, counted twice, sealed, collected, certified: {perf_counter() - began:.0f} s",
            flush=True,
        )
        began = perf_counter()
        with papers.db.reading() as session:
            gone = {
                each.original_id for each in session.exec(select(OriginalMove)) if each.to_state == Custody.DESTROYED
            }
            listed = waste.papers_in(session, waste.by_number(session, 1))
            rows = [(f"O-{paper.number}", "1", str(paper.sheets)) for paper in listed]
        pdf = prints.item_list(1, "S1", "Anna Sample", "Ben Sample", rows, papers.at.date())
        print(
            f"the list of {len(listed):,} papers printed afterwards: {perf_counter() - began:.0f} s, {len(pdf) >> 10} kB"
        )
        print(f"refused {len(refused):,}, destroyed {len(gone):,}, flagged ones that left: {len(gone & flagged)}")
        assert refused == flagged
        assert gone == {paper.id for paper in listed} == {paper.id for paper in many} - flagged


if __name__ == "__main__":
    main()
