"""What a worker does with an item's number, whoever dispatches it: read it; or, when that is done, its text.

Nothing that goes wrong may end in a loop. What is the machine's fault (no sandbox, disc full, database away) is given back and
waits. Everything else of ours is tried three times, and then the item stops with *Try again* beside its reason.
"""

import contextlib
import logging

from sqlalchemy.exc import SQLAlchemyError

from intake import admission, stopping
from intake.admission import RefusalCode
from intake.stages import Tools, read_item
from intake.texts import read_texts
from records.audit import trail
from records.documents import holdings
from records.documents.tables import Document
from records.errors import Damaged, NotSetUp, RecordsError
from records.post import inbox
from records.vocabulary import ItemState

log = logging.getLogger("paperchain.handling")


def handle(tools: Tools, number: int) -> None:
    """Does what is due for an item. Raises only what is the machine's fault, or a lost lease."""
    try:
        state = read_item(tools, number)
    except Damaged:
        _failed(tools, number, RefusalCode.STORE_DAMAGED, at_once=True)
    except (NotSetUp, OSError, SQLAlchemyError, RecordsError):
        raise
    except Exception as error:  # MemoryError among them
        log.warning("reading failed item=%d kind=%s", number, type(error).__name__)
        _failed(tools, number, RefusalCode.OUR_FAULT, at_once=False)
    else:
        if state is None:
            read_texts(tools, number)


def _failed(tools: Tools, number: int, code: RefusalCode, *, at_once: bool) -> None:
    """Lets go of the item for another try, or stops it when it had enough of them."""
    chain, refusal = tools.chain, admission.refuse(code)
    with chain.db.reading() as session:
        item = inbox.by_number(session, number)
        if item.leased_by != tools.worker or item.state != ItemState.READING:
            return
        stops, copied_as = at_once or item.attempts >= inbox.MAX_ATTEMPTS, None
        if stops:
            with contextlib.suppress(RecordsError, MemoryError):
                data = holdings.fetch(session, chain.store, session.get_one(Document, item.scan_id))
                copied_as = stopping.set_aside(
                    chain.settings.stopped, number, inbox.name_of(session, item), data, refusal
                )
    with chain.db.writing() as session:
        item = inbox.by_number(session, number)
        if item.leased_by != tools.worker or item.state != ItemState.READING:
            return
        if stops:
            inbox.stop(
                session, item, code=refusal.code, reason=refusal.message, stopped_as=copied_as, actor=trail.SYSTEM,
                at=chain.clock.now(),
            )  # fmt: skip
        else:
            inbox.release(item)
