"""What lower slices ask or tell the register of requests: entered here once, when the program is put together.

A slice below must not import this one, so it keeps a list of whom to ask or tell in its own transaction.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from records import tasks
from records.clock import LONDON
from records.consents import changes
from records.custody import facts, losses, returns
from records.custody.tables import Original, PaperReturn
from records.people import register as people
from records.people.tables import ChildFile
from records.policies.settings import Policy
from records.requests import erasure_list, incidents, register
from records.requests.asker import recorded_as
from records.requests.breach import IncidentKind
from records.requests.kinds import Event, Kind, Requester, Route
from records.requests.register import Asking
from records.requests.tables import Incident
from records.retention import verifying


def enter() -> None:
    """Enters the register with the slices below. Doing it again changes nothing."""
    if erasure_list.lets_go not in facts.LETS_GO:
        facts.LETS_GO.append(erasure_list.lets_go)
    if paper_lost not in losses.ON_LOSS:
        losses.ON_LOSS.append(paper_lost)
    if traces_found not in verifying.ON_TRACES:
        verifying.ON_TRACES.append(traces_found)
    if pictures_unwanted not in returns.ON_PICTURES_UNWANTED:
        returns.ON_PICTURES_UNWANTED.append(pictures_unwanted)
    if storing_withdrawn not in changes.ON_STORING_WITHDRAWN:
        changes.ON_STORING_WITHDRAWN.append(storing_withdrawn)


def traces_found(session: Session, certificate: str, by: str, at: datetime) -> None:
    """Something was found after it should have been destroyed: one incident for each certificate (R52). It names nobody."""
    words = f"Certificate {certificate} says that something was still found after destroying. Tell whoever looks after Paperchain."
    incidents.record(
        session, kind=IncidentKind.OTHER, words=words, aware_at=at, by=by, at=at, source=f"traces:{certificate}",
        about=f", certificate {certificate}",
    )  # fmt: skip


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


def storing_withdrawn(
    session: Session, file: ChildFile, on: date, actor: str, at: datetime, policy: Policy
) -> None:  # fmt: skip
    """They said no to storing: what is erased is decided on the clock of a request, from the day we were told (R31)."""
    row = register.open_one(session, file.id, Kind.ERASURE)
    if row is None:
        register.record(
            session, kind=Kind.ERASURE, route=Route.FORM, requester=Requester.PARENT, file=file, received_on=on, by=actor, at=at,
            asking=Asking(register.THE_FAMILY, "They said no to storing."), target_days=policy.periods.request_target_days,
        )  # fmt: skip
    elif register.asking(session, row).only:
        # It was about some pictures: now it is about all, and an approval of the short list is none of the long one.
        words = "They said no to storing: this is about the whole file now. List it anew."
        register.change(session, row, only=())
        register.move(session, row, Event.WHAT_SETTLED, on=at.astimezone(LONDON).date(), by=actor, at=at, words=words)


def pictures_unwanted(
    session: Session, back: PaperReturn, papers: Sequence[Original], at: datetime, target_days: int
) -> None:
    """Whoever had papers back wants their pictures erased: a request about those parts alone, received when they said so (R61).

    While an erasure is open, a task says it instead: two about one file would wait for each other.
    """
    file = people.get(session, back.file_id)
    by = back.proof_by or back.opened_by
    numbers = ", ".join(f"O-{paper.number}" for paper in papers)
    today = at.astimezone(LONDON).date()
    row = register.open_one(session, file.id, Kind.ERASURE)
    if row is not None:
        tasks.raise_task(
            session, kind="request", file_id=file.id, due=today, for_officer=None, raised_by=by, at=at,
            key=f"pictures:{back.id}",
            words=f"They want the pictures of {numbers} erased, which went back in return R-{back.number}. See to it in request {row.number}.",
        )  # fmt: skip
        return
    who = people.shown_as(session, file, back.person_id)
    person = next(one for one in people.people(session, file, ended=True) if one.id == who)
    said = back.proof_at or back.opened_at
    register.record(
        session, kind=Kind.ERASURE, route=Route.IN_PERSON, requester=recorded_as(person.kind), file=file,
        person_id=who, received_on=said.astimezone(LONDON).date(), by=by, at=at,
        asking=Asking(
            person.name, f"The pictures of {numbers}, which went back in return R-{back.number}.",
            only=tuple(str(paper.part_id) for paper in papers),
        ),
        target_days=target_days,
    )  # fmt: skip
