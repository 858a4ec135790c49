"""What waits with papers, counted for Today: overdue first (G9, R57, R60, W45)."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from records.clock import LONDON
from records.custody import originals, return_lists, returns, waiting, waste
from records.custody.moves import Custody
from records.custody.returning import ReturnState
from records.custody.tables import Original, PaperReturn, WasteBatch
from records.custody.waste import WasteState


@dataclass(frozen=True)
class Waiting:
    """How many of each wait."""

    certificates_overdue: int
    returns_overdue: int
    out_overdue: int
    to_decide: int
    to_find: int
    to_check: int
    to_send: int
    to_put_away: int
    set_aside: int
    to_count: int
    to_collect: int


def count(session: Session, now: datetime, certificate_days: int) -> Waiting:
    """Everything that waits now. `certificate_days`: the service's own time for a certificate to come."""
    today = now.astimezone(LONDON).date()
    late_out = select(func.count()).select_from(Original)
    returned, sacks = _by_state(session, PaperReturn), _by_state(session, WasteBatch)
    return Waiting(
        certificates_overdue=len(waste.overdue(session, now, certificate_days)),
        returns_overdue=len(returns.overdue(session, today)),
        out_overdue=session.exec(late_out.where(Original.state == Custody.OUT, col(Original.due_back) < today)).one(),
        to_decide=returned[ReturnState.ASKED],
        to_find=returned[ReturnState.TO_FIND],
        to_check=returned[ReturnState.FOUND],
        to_send=returned[ReturnState.READY],
        to_put_away=originals.count(session, waiting.TO_PUT_AWAY),
        set_aside=return_lists.count_set_aside(session),
        to_count=sacks[WasteState.CLOSED],
        to_collect=sacks[WasteState.SEALED],
    )


def _by_state(session: Session, table: type[PaperReturn] | type[WasteBatch]) -> Counter[str]:
    return Counter(dict(session.exec(select(table.state, func.count()).group_by(table.state)).all()))
