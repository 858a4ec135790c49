"""Stocktakes: is everything in a drawer that should be? What is missing and what is there unexpectedly is named (P10, W49)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from records.audit import trail
from records.custody import losses, originals
from records.custody.moves import Custody
from records.custody.tables import Original, Stocktake, StocktakeLine
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.staff import accounts


@dataclass(frozen=True)
class Drawer:
    """One drawer and how many papers should be in it."""

    cabinet: str
    drawer: str
    papers: int


@dataclass(frozen=True)
class Entry:
    """One paper of a stocktake."""

    original: Original
    expected: bool
    seen: bool


@dataclass(frozen=True)
class Differences:
    """What a stocktake found out: papers that should be there and were not seen, and papers that were seen and belong elsewhere."""

    missing: tuple[Original, ...]
    unexpected: tuple[Original, ...]


def drawers(session: Session) -> list[Drawer]:
    """Every drawer that holds papers, in order."""
    rows = session.exec(
        select(Original.cabinet, Original.drawer, func.count())
        .where(Original.state == Custody.HELD, col(Original.cabinet).is_not(None))
        .group_by(col(Original.cabinet), col(Original.drawer))
        .order_by(col(Original.cabinet), col(Original.drawer))
    ).all()
    return [Drawer(cabinet or "", drawer or "", papers) for cabinet, drawer, papers in rows]


def begin(session: Session, cabinet: str, drawer: str, *, number: int, actor: str, at: datetime) -> Stocktake:
    """Writes down what should be in a drawer now. ChangedMeanwhile when somebody is counting that drawer already."""
    running = session.exec(
        select(Stocktake).where(
            Stocktake.cabinet == cabinet, Stocktake.drawer == drawer, col(Stocktake.ended_at).is_(None)
        )
    ).first()
    if running is not None:
        who = accounts.display_names(session).get(running.begun_by, "Somebody")
        raise ChangedMeanwhile(f"{who} has begun stocktake {running.number} of this drawer. Go on with that one.")
    expected = in_drawer(session, cabinet, drawer)
    if not expected:
        raise NotFound("No papers are recorded in that drawer.")
    found = Stocktake(number=number, cabinet=cabinet, drawer=drawer, begun_by=actor, begun_at=at)
    session.add(found)
    session.flush()
    session.add_all(StocktakeLine(stocktake_id=found.id, original_id=paper.id, expected=True) for paper in expected)
    session.flush()
    _note(session, found, "stocktake_begun", actor, at)
    return found


def in_drawer(session: Session, cabinet: str, drawer: str) -> Sequence[Original]:
    """What should be in a drawer, by folder and number."""
    return session.exec(
        select(Original)
        .where(Original.state == Custody.HELD, Original.cabinet == cabinet, Original.drawer == drawer)
        .order_by(col(Original.folder), col(Original.number))
    ).all()


def see(session: Session, found: Stocktake, papers: Iterable[Original], *, actor: str, at: datetime) -> None:
    """Somebody holds these papers. One that is not on the list is entered as unexpected. Seeing twice is seeing once."""
    _still_open(found)
    known = {line.original_id: line for line in _lines(session, found)}
    for paper in papers:
        line = known.get(paper.id) or StocktakeLine(stocktake_id=found.id, original_id=paper.id, expected=False)
        if line.seen_at is None:
            line.seen_by, line.seen_at = actor, at
        session.add(line)
    session.flush()


def end(session: Session, found: Stocktake, *, actor: str, at: datetime, version: int) -> Differences:
    """Ends it and says what differs. Each missing paper is an incident for the manager (W49)."""
    if found.version != version:
        raise ChangedMeanwhile("Somebody else ended this stocktake first. Look at what was found.")
    _still_open(found)
    found.ended_by, found.ended_at = actor, at
    session.add(found)
    session.flush()
    _note(session, found, "stocktake_ended", actor, at)
    differs = differences(session, found)
    for paper in differs.missing:
        words = f"Paper O-{paper.number} was not in its drawer in stocktake {found.number}. Look for it, or mark it as lost."
        losses.report(session, paper, f"missing:{found.id}:{paper.id}", words, actor=actor, at=at)
    return differs


def differences(session: Session, found: Stocktake) -> Differences:
    """What differs. A paper that was properly moved out of the drawer after the count began is not missing."""
    rows = entries(session, found)
    return Differences(
        missing=tuple(row.original for row in rows if row.expected and not row.seen and _there(found, row.original)),
        unexpected=tuple(
            row.original for row in rows if row.seen and not row.expected and not _there(found, row.original)
        ),
    )


def entries(session: Session, found: Stocktake) -> list[Entry]:
    """Every paper on the list, by folder and number; the unexpected ones last."""
    lines = {line.original_id: line for line in _lines(session, found)}
    papers = session.exec(
        select(Original)
        .join(StocktakeLine, col(StocktakeLine.original_id) == Original.id)
        .where(StocktakeLine.stocktake_id == found.id)
    ).all()
    rows = [Entry(paper, lines[paper.id].expected, lines[paper.id].seen_at is not None) for paper in papers]
    return sorted(rows, key=lambda row: (not row.expected, row.original.folder or "", row.original.number))


def by_number(session: Session, number: int) -> Stocktake:
    found = (
        session.exec(select(Stocktake).where(Stocktake.number == number)).first()
        if number <= originals.LARGEST
        else None
    )
    if found is None:
        raise NotFound("There is no such stocktake.")
    return found


def newest(session: Session, limit: int = 20) -> Sequence[Stocktake]:
    """Stocktakes, newest first."""
    return session.exec(select(Stocktake).order_by(col(Stocktake.number).desc()).limit(limit)).all()


def _there(found: Stocktake, paper: Original) -> bool:
    return (paper.state, paper.cabinet, paper.drawer) == (Custody.HELD, found.cabinet, found.drawer)


def _lines(session: Session, found: Stocktake) -> Sequence[StocktakeLine]:
    return session.exec(select(StocktakeLine).where(StocktakeLine.stocktake_id == found.id)).all()


def _still_open(found: Stocktake) -> None:
    if found.ended_at is not None:
        raise RefusedByRule("This stocktake has ended. Begin another one.", "P10")


def _note(session: Session, found: Stocktake, act: str, actor: str, at: datetime) -> None:
    trail.append(
        session,
        actor=actor,
        act=act,
        subject_kind="stocktake",
        subject_id=str(found.id),
        at=at,
        detail={"number": found.number},
    )
