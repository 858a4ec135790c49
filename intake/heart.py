"""Signs of life of a process that watches or works: every ten seconds into the database, for health on the desk and elsewhere.

The audit chain is checked here too, in the background, so that no page waits for it: at most a fiftieth of the time goes into it.
"""

import hashlib
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Event, Thread
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError

from intake import daily
from intake.sandbox.client import probe
from intake.wiring import Paperchain
from records.audit import trail
from records.audit.chain import Broken, Whole
from records.errors import RecordsError
from records.machines import beats
from records.machines.beats import BEAT_EVERY, Beat

log = logging.getLogger("paperchain.heart")

CHAIN_EVERY_SECONDS = 30.0
CHAIN_SHARE = 50


@dataclass
class _Chain:
    """The newest check of the chain."""

    found: Whole | Broken | None = None
    at: datetime | None = None


def machine_id(node: str, home: str, *, watches: bool, works: bool) -> str:
    """The same at every start of the same process on the same home, so that a restart after a crash finds its own row."""
    which = "run" if watches and works else "watch" if watches else "work"
    return f"{node}-{which}-{hashlib.sha256(home.encode()).hexdigest()[:8]}"


def first_beat(chain: Paperchain, *, watches: bool, works: bool) -> Beat:
    """What this process says about itself at its start."""
    node, home = os.uname().nodename, chain.settings.home
    return Beat(
        id=machine_id(node, str(home), watches=watches, works=works), node=node, watches=watches, works=works,
        started_at=chain.clock.now(), free_mb=shutil.disk_usage(home).free >> 20,
        protected=probe().protected if works else None,
    )  # fmt: skip


@contextmanager
def beating(chain: Paperchain, *, watches: bool, works: bool) -> Iterator[None]:
    """Beats and checks the chain while the block runs; takes the row away at an orderly end."""
    said, newest, stop = first_beat(chain, watches=watches, works=works), _Chain(), Event()
    threads = [
        Thread(target=_beat, args=(chain, said, newest, stop), name="heart", daemon=True),
        Thread(target=_check_chain, args=(chain, newest, stop), name="chain", daemon=True),
    ]
    if works:
        threads.append(Thread(target=daily.keep_running, args=(chain, stop), name="daily", daemon=True))
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(BEAT_EVERY.total_seconds())
        try:
            with chain.db.writing() as session:
                beats.stopped(session, said.id)
        except (RecordsError, SQLAlchemyError, OSError):
            log.warning("could not sign off")


def _beat(chain: Paperchain, said: Beat, newest: _Chain, stop: Event) -> None:
    while True:
        try:
            free = shutil.disk_usage(chain.settings.home).free >> 20
            with chain.db.writing() as session:
                now = chain.clock.now()
                beats.beat(session, replace(said, free_mb=free, chain=newest.found, chain_checked_at=newest.at), now)
        except (RecordsError, SQLAlchemyError, OSError) as error:
            log.warning("no sign of life kind=%s", type(error).__name__)
        if stop.wait(BEAT_EVERY.total_seconds()):
            return


def _check_chain(chain: Paperchain, newest: _Chain, stop: Event) -> None:
    while True:
        began = monotonic()
        try:
            with chain.db.reading() as session:
                newest.found, newest.at = trail.check(session), chain.clock.now()
        except (RecordsError, SQLAlchemyError, OSError) as error:
            log.warning("chain not checked kind=%s", type(error).__name__)
        if stop.wait(max(CHAIN_EVERY_SECONDS, (monotonic() - began) * CHAIN_SHARE)):
            return
