"""Paper originals: logged, put away, moved. The row shows where the paper is; every move is appended (P10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

from records.audit import trail
from records.clock import LONDON
from records.custody.moves import Custody, Facts, Refused, may_move
from records.custody.proposal import Proposal
from records.custody.tables import Original, OriginalMove
from records.custody.waiting import may_go_in_waste
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule


@dataclass(frozen=True)
class Paper:
    """What is known of the paper when it is logged."""

    item_id: UUID
    part_id: UUID
    file_id: UUID
    sheets: int
    asked_to_keep: str


def log(
    session: Session, paper: Paper, *, number: int, proposal: Proposal, policy_version: str, legible: bool, actor: str,
    at: datetime,
) -> Original:  # fmt: skip
    """Enters a paper that has been scanned; `legible`: a person has checked the image against it (R54)."""
    original = Original(
        number=number, item_id=paper.item_id, part_id=paper.part_id, file_id=paper.file_id, sheets=paper.sheets,
        state=Custody.RECEIVED, proposal=proposal.kind, proposal_reason=proposal.reason, proposal_rule=proposal.rule,
        wait_until=proposal.wait_until, asked_to_keep=paper.asked_to_keep, policy_version=policy_version, logged_at=at,
    )  # fmt: skip
    session.add(original)
    session.flush()
    session.add(OriginalMove(original_id=original.id, to_state=Custody.RECEIVED, moved_by=actor, moved_at=at))
    move(session, original, Custody.SCANNED, Facts(), actor=actor, at=at)
    if legible:
        move(session, original, Custody.CHECKED, Facts(checked_by_person=True), actor=actor, at=at)
    return original


def move(
    session: Session, original: Original, to: Custody, facts: Facts, *, actor: str, at: datetime,
    version: int | None = None,
) -> None:  # fmt: skip
    """Moves a paper by the table of moves. RefusedByRule with the reason; ChangedMeanwhile when somebody moved it first."""
    if version is not None and original.version != version:
        raise ChangedMeanwhile("Somebody else moved this paper first. Look where it is now.")
    allowed = may_move(Custody(original.state), to, facts)
    if not isinstance(allowed, Refused) and to is Custody.TO_DISPOSE:
        today = at.astimezone(LONDON).date()
        allowed = may_go_in_waste(original.proposal, original.wait_until, today)
    if not isinstance(allowed, Refused) and facts.second_person and facts.second_person == actor:
        allowed = Refused("The second person must be somebody else.", "R56")
    if isinstance(allowed, Refused):
        raise RefusedByRule(allowed.reason, allowed.rule)
    session.add(
        OriginalMove(
            original_id=original.id, from_state=original.state, to_state=to, place=facts.place, moved_by=actor,
            second_person=facts.second_person, reference=facts.reference, moved_at=at,
        )
    )  # fmt: skip
    original.state, original.place, original.changed_by, original.changed_at = to, facts.place, actor, at
    session.add(original)
    session.flush()
    trail.append(
        session, actor=actor, act=f"original_{to}", subject_kind="original", subject_id=str(original.id), at=at,
        detail={"number": original.number},
    )  # fmt: skip


def by_number(session: Session, number: int) -> Original:
    original = session.exec(select(Original).where(Original.number == number)).first()
    if original is None:
        raise NotFound("There is no such paper.")
    return original


def moves_of(session: Session, original: Original) -> Sequence[OriginalMove]:
    return session.exec(
        select(OriginalMove).where(OriginalMove.original_id == original.id).order_by(col(OriginalMove.moved_at))
    ).all()


def of_file(session: Session, file_id: UUID) -> Sequence[Original]:
    return session.exec(select(Original).where(Original.file_id == file_id).order_by(col(Original.number))).all()


def in_states(session: Session, states: Sequence[Custody], limit: int = 500, offset: int = 0) -> Sequence[Original]:
    """Papers in any of these states, oldest first."""
    return session.exec(
        select(Original)
        .where(col(Original.state).in_(list(states)))
        .order_by(col(Original.number))
        .offset(offset)
        .limit(limit)
    ).all()


def count(session: Session, states: Sequence[Custody]) -> int:
    return session.exec(select(func.count()).select_from(Original).where(col(Original.state).in_(list(states)))).one()
