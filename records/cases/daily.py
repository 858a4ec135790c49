"""What is done each day by itself: referrals whose days are over are erased, drafts that nobody touched are thrown away (N3).

Asked as often as one likes: it changes nothing that is not due, and the second of two machines finds nothing left to do.
"""

import logging
from collections.abc import Callable

from sqlmodel import Session

from records.cases import drafts
from records.clock import Clock
from records.db import Database

log = logging.getLogger("paperchain.cases")


def tidy(db: Database, clock: Clock, erase_due: Callable[[Session], list[int]]) -> list[int]:
    """Erases what is due; returns the numbers of the erased referrals. `erase_due`: erases those, and the scans they came in."""
    with db.writing() as session:
        gone = erase_due(session)
        old = drafts.forget_old(session, at=clock.now())
    if gone or old:
        db.scrub()  # after an erasure nothing may lie on in the write-ahead log
        log.info("held referrals erased=%d drafts erased=%d", len(gone), old)
    return gone
