"""Paper originals: logged, put away, moved. The row shows where the paper is; every move is appended (P10)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

from records.audit import trail
from records.clock import LONDON
from records.custody.moves import Custody, Facts, Refused, may_move
from records.custody.places import Place
from records.custody.proposal import Proposal
from records.custody.tables import Original, OriginalMove, OriginalSheet
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.post.tables import Item, Page
from records.staff import accounts

LARGEST = 2**31 - 1  # what the column holds; the databases stumble over larger ones
STAYS = (Custody.SCANNED, Custody.CHECKED, Custody.TO_RETURN)
"""A paper that is only spoken of is still where it was last put."""


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
    _number_sheets(session, original)
    session.add(OriginalMove(original_id=original.id, to_state=Custody.RECEIVED, moved_by=actor, moved_at=at))
    move(session, original, Custody.SCANNED, Facts(), actor=actor, at=at)
    if legible:
        move(session, original, Custody.CHECKED, Facts(checked_by_person=True), actor=actor, at=at)
    return original


def _number_sheets(session: Session, original: Original) -> None:
    """Each sheet is known by the item it came in with and its place in it."""
    rows = session.exec(
        select(Item.number, Page.sheet)
        .join(Page, col(Page.item_id) == Item.id)
        .where(Page.part_id == original.part_id, Page.item_id == original.item_id)
        .distinct()
    ).all()
    session.add_all(
        OriginalSheet(original_id=original.id, batch=batch, sequence=sequence) for batch, sequence in sorted(rows)
    )


def move(
    session: Session, original: Original, to: Custody, facts: Facts, *, actor: str, at: datetime,
    version: int | None = None, where: Place | None = None, due_back: date | None = None,
) -> None:  # fmt: skip
    """Moves a paper by the table of moves. RefusedByRule with the reason; ChangedMeanwhile when somebody moved it first.

    `where` is the place it is put; `due_back` the day by which a paper that is signed out must be back (W45). Whether a paper may go
    in waste is asked by `waste.add`, which alone can say that it was cleared.
    """
    if version is not None and original.version != version:
        raise ChangedMeanwhile(moved_first(session, original))
    if where is not None:
        facts = replace(facts, place=where.words)
    elif facts.place is None and to in STAYS:
        facts, where = replace(facts, place=original.place), place_now(original)
    allowed = may_move(Custody(original.state), to, facts)
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
    if to is Custody.CHECKED and original.checked_by is None:
        original.checked_by, original.checked_at = actor, at
    original.state, original.place, original.changed_by, original.changed_at = to, facts.place, actor, at
    original.cabinet, original.drawer, original.folder = (
        (where.cabinet, where.drawer, where.folder) if where else (None, None, None)
    )
    original.due_back = due_back if to is Custody.OUT else None
    session.add(original)
    session.flush()
    trail.append(
        session, actor=actor, act=f"original_{to}", subject_kind="original", subject_id=str(original.id), at=at,
        detail={"number": original.number},
    )  # fmt: skip


def put_away(session: Session, original: Original, where: Place, *, actor: str, at: datetime, version: int) -> None:
    """Puts a paper in a drawer, from wherever it may come. Raises as `move` does."""
    move(session, original, Custody.HELD, Facts(), actor=actor, at=at, version=version, where=where)


def place_now(original: Original) -> Place | None:
    """Cabinet, drawer and folder, or None when it has none (or an old one that was written as one line)."""
    if original.cabinet is None or original.drawer is None:
        return None
    return Place(original.cabinet, original.drawer, original.folder or "")


def last_place(session: Session, actor: str) -> Place | None:
    """Where this person put a paper last: what they are likely to fill now."""
    found = session.exec(
        select(Original)
        .where(Original.changed_by == actor, Original.state == Custody.HELD, col(Original.cabinet).is_not(None))
        .order_by(col(Original.changed_at).desc())
        .limit(1)
    ).first()
    return place_now(found) if found else None


def moved_first(session: Session, original: Original) -> str:
    """What somebody is told who comes too late: who moved the paper, and when."""
    who = accounts.display_names(session).get(original.changed_by or "", "Somebody else")
    when = original.changed_at
    at = f" at {when.astimezone(LONDON):%H:%M}" if when else ""
    return f"{who} moved this paper first{at}. Look where it is now."


def sheets_of(session: Session, original: Original) -> list[str]:
    """Numbers of its sheets, as `3121-2`: the item, and the sheet in it."""
    rows = session.exec(select(OriginalSheet).where(OriginalSheet.original_id == original.id)).all()
    return [f"{row.batch}-{row.sequence}" for row in sorted(rows, key=lambda row: (row.batch, row.sequence))]


def lock(session: Session, original_id: UUID) -> Original:
    """The paper as it is in this transaction. Raises NotFound."""
    found = session.get(Original, original_id, populate_existing=True)
    if found is None:
        raise NotFound("There is no such paper.")
    return found


def many(session: Session, ids: Iterable[UUID]) -> Sequence[Original]:
    """These papers, by number."""
    wanted, found = list(ids), list[Original]()
    for start in range(0, len(wanted), 500):  # both databases limit how much one statement may name
        found += session.exec(select(Original).where(col(Original.id).in_(wanted[start : start + 500]))).all()
    return sorted(found, key=lambda paper: paper.number)


def by_number(session: Session, number: int) -> Original:
    original = session.exec(select(Original).where(Original.number == number)).first() if number <= LARGEST else None
    if original is None:
        raise NotFound("There is no such paper.")
    return original


def moves_of(session: Session, original: Original) -> Sequence[OriginalMove]:
    return session.exec(
        select(OriginalMove).where(OriginalMove.original_id == original.id).order_by(col(OriginalMove.moved_at))
    ).all()


def of_file(session: Session, file_id: UUID) -> Sequence[Original]:
    return session.exec(select(Original).where(Original.file_id == file_id).order_by(col(Original.number))).all()


def in_states(
    session: Session, states: Sequence[Custody], limit: int = 500, offset: int = 0, *, by_place: bool = False
) -> Sequence[Original]:
    """Papers in any of these states, oldest first, or by cabinet, drawer and folder."""
    places = (func.coalesce(Original.cabinet, "~"), col(Original.drawer), col(Original.folder)) if by_place else ()
    return session.exec(
        select(Original)
        .where(col(Original.state).in_(list(states)))
        .order_by(*places, col(Original.number))
        .offset(offset)
        .limit(limit)
    ).all()


def count(session: Session, states: Sequence[Custody]) -> int:
    return session.exec(select(func.count()).select_from(Original).where(col(Original.state).in_(list(states)))).one()
