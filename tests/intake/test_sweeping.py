"""R28, R48: what a process that is killed between rows and bytes leaves behind goes by itself, and nothing else does."""

import os
import time
from pathlib import Path

import pytest
from sqlmodel import select

from intake import retaining
from intake.wiring import Paperchain
from records.clock import Clock
from records.db import Database
from records.documents import holdings
from records.documents.envelope import new_key
from records.documents.tables import Document
from records.retention.tables import PendingBlob
from tests.builders import made_on
from tests.retaining import clock_at, family


@pytest.fixture
def chain(tmp_path: Path, database: Database, clock: Clock) -> Paperchain:
    return made_on(database, tmp_path, clock)


def left_behind(chain: Paperchain, *, days: float) -> str:
    """A stored document without a row, so old."""
    name = holdings.put(chain.store, new_key(), [b"a form whose storing was refused"], "image/png").blob
    then = time.time() - days * 86400
    os.utime(chain.settings.documents / name[:2] / name, (then, then))
    return name


@pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])
def test_each_day_old_bytes_without_a_row_go(chain: Paperchain) -> None:
    family(chain)
    fresh, old, pending = left_behind(chain, days=0.5), left_behind(chain, days=2), left_behind(chain, days=0)
    with chain.db.writing() as session:
        session.add(PendingBlob(name=pending, run=None))
        kept = {document.blob for document in session.exec(select(Document))}
    for name in kept:
        os.utime(chain.settings.documents / name[:2] / name, (0, 0))
    retaining.daily(chain)
    assert set(chain.store.names()) == kept | {fresh}, old
    with chain.db.reading() as session:
        assert session.exec(select(PendingBlob)).all() == []


def test_a_database_put_back_from_an_older_copy_loses_no_document(chain: Paperchain) -> None:
    for _ in range(retaining.MOST_LEFT + 1):
        left_behind(chain, days=2)
    assert retaining.sweep(chain) == 0
    assert len(list(chain.store.names())) == retaining.MOST_LEFT + 1


def test_nothing_is_swept_while_the_clock_is_in_doubt(chain: Paperchain) -> None:
    family(chain)
    name = left_behind(chain, days=2)
    assert retaining.sweep(clock_at(chain, chain.clock.now().replace(year=2070))) == 0
    assert name in set(chain.store.names())
