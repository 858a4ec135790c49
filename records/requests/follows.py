"""What lower slices ask or tell the register of requests: entered here once, when the program is put together.

A slice below must not import this one, so it keeps a list of whom to ask or tell in its own transaction.
"""

from datetime import date, datetime

from sqlmodel import Session, col, select

from records.consents import changes
from records.custody import facts, losses
from records.custody.tables import Original
from records.people.tables import ChildFile
from records.requests import erasure_list, incidents, register
from records.requests.breach import IncidentKind
from records.requests.kinds import Kind, Requester, Route
from records.requests.register import Asking
from records.requests.tables import Incident


def enter() -> None:
    """Enters the register with the slices below. Doing it again changes nothing."""
    if erasure_list.lets_go not in facts.LETS_GO:
        facts.LETS_GO.append(erasure_list.lets_go)
    if paper_lost not in losses.ON_LOSS:
        losses.ON_LOSS.append(paper_lost)
    if storing_withdrawn not in changes.ON_STORING_WITHDRAWN:
        changes.ON_STORING_WITHDRAWN.append(storing_withdrawn)


def paper_lost(session: Session, paper: Original, source: str, words: str, actor: str, at: datetime) -> None:
    """A paper is lost, or was missing in a stocktake: one incident for each paper while it is open (R60, R71).

    It names no file: a file may be destroyed, and the incident stays in its list for good.
    """
    still = select(Incident).where(Incident.original_id == paper.id, col(Incident.closed_at).is_(None))
    before = session.exec(still).first()
    if before is not None:
        incidents.again(session, before, words, by=actor, at=at)
        return
    incidents.record(
        session, kind=IncidentKind.LOST_PAPER, words=words, aware_at=at, by=actor, at=at, original_id=paper.id, source=source,
        about=f", paper O-{paper.number}",
    )  # fmt: skip


def storing_withdrawn(session: Session, file: ChildFile, on: date, actor: str, at: datetime) -> None:
    """Consent to store was withdrawn: what is erased is decided on the clock of a request, from the day we were told (R31)."""
    if not register.is_open(session, file.id, Kind.ERASURE):
        register.record(
            session, kind=Kind.ERASURE, route=Route.FORM, requester=Requester.PARENT, file=file, received_on=on, by=actor, at=at,
            asking=Asking(register.THE_FAMILY, "Storing was withdrawn."),
        )  # fmt: skip
