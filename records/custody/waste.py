"""Sacks of confidential waste: filled, counted by two people, sealed, collected, certified (W47, R54-R57, P10).

Nothing enters a sack unless `bagging.missing` finds nothing, asked in the same transaction; holds and requests are asked again when the
sack is closed, sealed and collected, because they may come at any time. One person closes and counts, another counts again and seals.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session, col, func, select

from records.audit import trail
from records.clock import LONDON
from records.custody import bagging, certificates, facts, originals
from records.custody.bagging import Missing
from records.custody.certificates import Certificate, Gap, Sack
from records.custody.facts import BackupRule
from records.custody.moves import Custody, Facts
from records.custody.pictures import Proof
from records.custody.proposal import ProposalKind
from records.custody.tables import Original, WasteBatch, WasteCertificate, WasteLine
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.policies.settings import Policy
from records.staff import accounts


class WasteState(StrEnum):
    """How far a sack is. CLOSED: counted and tied once; its list is frozen and a second person is awaited."""

    OPEN = "open"
    CLOSED = "closed"
    SEALED = "sealed"
    COLLECTED = "collected"
    DESTROYED = "destroyed"


WORDS = {
    WasteState.OPEN: "Open",
    WasteState.CLOSED: "Counted once, second person awaited",
    WasteState.SEALED: "Sealed, to be collected",
    WasteState.COLLECTED: "Collected, certificate awaited",
    WasteState.DESTROYED: "Destroyed",
}
NAMED = 5
Step = Callable[[Session, WasteBatch], None]
"""One step of a sack, taken in the transaction of whoever calls it."""


class Blocked(RefusedByRule):
    """A paper may not go in waste; `missing` says everything that stands against it."""

    def __init__(self, missing: Sequence[Missing]) -> None:
        super().__init__(" ".join(one.reason for one in missing), missing[0].rule)
        self.missing = tuple(missing)


@dataclass(frozen=True)
class Collection:
    """Who took a sack away, for whom, under which number."""

    contractor: str
    collector: str
    consignment: str


def why_not(
    session: Session, original: Original, *, policy: Policy, today: date, proof: Proof | None, backups: BackupRule
) -> tuple[Missing, ...]:
    """Everything that keeps a paper out of waste today, by the policy of today; empty when it may go."""
    return bagging.missing(facts.gather(session, original, policy=policy, today=today, proof=proof, backups=backups))


def add(
    session: Session, original: Original, *, number: int, policy: Policy, proof: Proof | None, backups: BackupRule, actor: str,
    at: datetime, version: int | None = None,
) -> WasteBatch:  # fmt: skip
    """Puts a paper in the open sack (a new one of this `number` where none is open). Raises Blocked, or ChangedMeanwhile."""
    if version is not None and original.version != version:
        raise ChangedMeanwhile(originals.moved_first(session, original))
    against = why_not(
        session, original, policy=policy, today=at.astimezone(LONDON).date(), proof=proof, backups=backups
    )
    if against:
        raise Blocked(against)
    batch = open_now(session)
    if batch is None:
        batch = WasteBatch(number=number, state=WasteState.OPEN, opened_by=actor, opened_at=at)
        session.add(batch)
        session.flush()
        _note(session, batch, "waste_batch_opened", actor, at)
    originals.move(
        session, original, Custody.TO_DISPOSE,
        Facts(checked_by_person=original.checked_by is not None, cleared=True, reference=f"Sack {batch.number}"),
        actor=actor, at=at,
    )  # fmt: skip
    session.add(WasteLine(batch_id=batch.id, original_id=original.id, added_by=actor, added_at=at))
    session.flush()
    return batch


def take_out(session: Session, original: Original, *, actor: str, at: datetime, version: int) -> None:
    """Takes a paper out of the open sack again; it is in hand and must be put away."""
    if original.version != version:
        raise ChangedMeanwhile(originals.moved_first(session, original))
    leave(session, original, "taken_out", actor=actor, at=at)
    originals.move(session, original, Custody.CHECKED, Facts(checked_by_person=True), actor=actor, at=at)


def leave(session: Session, original: Original, why: str, *, actor: str, at: datetime) -> None:
    """Ends a paper's line in a sack that is not sealed. A sack that was counted once must then be counted anew."""
    line = session.exec(
        select(WasteLine).where(WasteLine.original_id == original.id, col(WasteLine.removed_at).is_(None))
    ).first()
    if line is None:
        return
    batch = session.get_one(WasteBatch, line.batch_id)
    if batch.state not in (WasteState.OPEN, WasteState.CLOSED):
        raise RefusedByRule(f"O-{original.number} is in sealed sack {batch.number}. Open the sack again first.", "R56")
    line.removed_by, line.removed_at, line.removed_why = actor, at, why
    session.add(line)
    if batch.state == WasteState.CLOSED:
        _open_again(session, batch)
    session.flush()


def close(
    session: Session, batch: WasteBatch, *, seal: str, counted: int, least_level: int, policy: Policy, actor: str, at: datetime, version: int,
) -> None:  # fmt: skip
    """The first person has counted and tied the sack: from now on its list is frozen. Raises RefusedByRule when the count differs."""
    _expect(session, batch, WasteState.OPEN, version)
    papers = papers_in(session, batch)
    if not papers:
        raise RefusedByRule("There is nothing in this sack.", "R56")
    _count(papers, counted)
    if session.exec(select(WasteBatch.id).where(WasteBatch.seal == seal, WasteBatch.id != batch.id)).first():
        raise RefusedByRule("Another sack has this seal number. Look at the seal again.", "R56")
    _still_free(session, papers, policy)
    batch.state, batch.seal, batch.counted, batch.least_level = WasteState.CLOSED, seal, counted, least_level
    batch.closed_by, batch.closed_at = actor, at
    _save(session, batch, "waste_batch_closed", actor, at)


def seal(
    session: Session, batch: WasteBatch, *, seal: str, counted: int, policy: Policy, actor: str, at: datetime, version: int
) -> None:  # fmt: skip
    """The second person has counted again and read the seal. Raises RefusedByRule when anything differs from the first."""
    _expect(session, batch, WasteState.CLOSED, version)
    if actor == batch.closed_by:
        raise RefusedByRule("You counted this sack yourself. A second person must count it again.", "R56")
    papers = papers_in(session, batch)
    _count(papers, counted)
    if seal.casefold() != (batch.seal or "").casefold():
        raise RefusedByRule("This is not the seal number that was read first. Look at the seal again.", "R56")
    _still_free(session, papers, policy)
    for paper in papers:
        move = Facts(second_person=batch.closed_by, reference=batch.seal)
        originals.move(session, paper, Custody.IN_SEALED_SACK, move, actor=actor, at=at)
    batch.state, batch.sealed_by, batch.sealed_at = WasteState.SEALED, actor, at
    _save(session, batch, "waste_batch_sealed", actor, at)


def open_again(
    session: Session, batch: WasteBatch, *, witness: str | None, actor: str, at: datetime, version: int
) -> None:
    """Opens a sack that was counted (alone) or sealed (with somebody else there): it must be counted and sealed anew.

    A sealed sack keeps its number; papers that were asked for meanwhile are taken out of it by `returns`.
    """
    if batch.state not in (WasteState.CLOSED, WasteState.SEALED):
        raise RefusedByRule("Only a sack that is here and closed can be opened again.", "R56")
    _expect(session, batch, WasteState(batch.state), version)
    if open_now(session) is not None:
        raise RefusedByRule("Another sack is open. Close that one first.", "R56")
    if batch.state == WasteState.SEALED:
        if witness is None:
            raise RefusedByRule("Choose the second person who is with you.", "R56")
        for paper in papers_in(session, batch):
            move = Facts(second_person=witness, reference=f"Sack {batch.number}")
            originals.move(session, paper, Custody.TO_DISPOSE, move, actor=actor, at=at)
    _open_again(session, batch)
    _save(session, batch, "waste_batch_opened_again", actor, at)


def collect(
    session: Session, batch: WasteBatch, handed: Collection, *, policy: Policy, actor: str, at: datetime, version: int
) -> None:  # fmt: skip
    """Hands a sealed sack to the contractor. Raises RefusedByRule while anything in it is on hold, asked for or missing."""
    _expect(session, batch, WasteState.SEALED, version)
    papers = papers_in(session, batch)
    elsewhere = [paper.number for paper in papers if paper.state != Custody.IN_SEALED_SACK]
    if elsewhere:
        raise RefusedByRule(f"{_numbers(elsewhere)} should be in this sack but cannot be. Open the sack again.", "P10")
    _still_free(session, papers, policy)
    for paper in papers:
        originals.move(session, paper, Custody.COLLECTED, Facts(reference=handed.consignment), actor=actor, at=at)
    batch.state, batch.handed_over_by, batch.collected_at = WasteState.COLLECTED, actor, at
    batch.contractor, batch.collector, batch.consignment = handed.contractor, handed.collector, handed.consignment
    _save(session, batch, "waste_batch_collected", actor, at)


def certify(
    session: Session, batch: WasteBatch, certificate: Certificate, *, actor: str, at: datetime, version: int
) -> tuple[Gap, ...]:
    """Enters a contractor's certificate. Without gaps every paper of the sack is destroyed; with gaps it is kept and the sack stays open."""
    _expect(session, batch, WasteState.COLLECTED, version)
    if certificate.destroyed_on > at.astimezone(LONDON).date():
        raise RefusedByRule("The date of destruction must not be in the future.", "R57")
    papers = [paper for paper in papers_in(session, batch) if paper.state == Custody.COLLECTED]
    found = certificates.gaps(sack_of(batch, len(papers)), certificate)
    session.add(
        WasteCertificate(
            batch_id=batch.id, number=certificate.number, company=certificate.company, site=certificate.site,
            destroyed_on=certificate.destroyed_on, method=certificate.method, level=certificate.level,
            bags=certificate.bags, weight_kg=certificate.weight_kg, seals="\n".join(certificate.seals),
            signatory=certificate.signatory, gaps=" ".join(found), recorded_by=actor, recorded_at=at,
        )
    )  # fmt: skip
    if not found:
        for paper in papers:
            originals.move(session, paper, Custody.DESTROYED, Facts(reference=certificate.number), actor=actor, at=at)
        batch.state = WasteState.DESTROYED
    _save(session, batch, "waste_certificate_entered", actor, at)
    return found


def sack_of(batch: WasteBatch, in_hand: int) -> Sack:
    """What a certificate is compared with."""
    assert batch.collected_at is not None
    return Sack(
        seal=batch.seal or "", papers=batch.counted or 0, in_hand=in_hand,
        collected_on=batch.collected_at.astimezone(LONDON).date(), least_level=batch.least_level or 0,
    )  # fmt: skip


def by_number(session: Session, number: int) -> WasteBatch:
    batch = (
        session.exec(select(WasteBatch).where(WasteBatch.number == number)).first()
        if number <= originals.LARGEST
        else None
    )
    if batch is None:
        raise NotFound("There is no such sack.")
    return batch


def open_now(session: Session) -> WasteBatch | None:
    """The sack that is being filled."""
    return session.exec(select(WasteBatch).where(WasteBatch.state == WasteState.OPEN)).first()


def batch_of(session: Session, original: Original) -> WasteBatch | None:
    """The sack that a paper is in, or went in."""
    return session.exec(
        select(WasteBatch)
        .join(WasteLine, col(WasteLine.batch_id) == WasteBatch.id)
        .where(WasteLine.original_id == original.id, col(WasteLine.removed_at).is_(None))
    ).first()


def batches(
    session: Session, states: Sequence[WasteState], limit: int | None = None, leave_out: int = 0
) -> Sequence[WasteBatch]:  # fmt: skip
    """Sacks in any of these states, newest first: all of them, or so many after leaving out so many."""
    wanted = select(WasteBatch).where(col(WasteBatch.state).in_(list(states)))
    return session.exec(wanted.order_by(col(WasteBatch.number).desc()).offset(leave_out).limit(limit)).all()


def count_of(session: Session, states: Sequence[WasteState]) -> int:
    """How many sacks are in any of these states."""
    return session.exec(select(func.count()).where(col(WasteBatch.state).in_(list(states)))).one()


def papers_in(session: Session, batch: WasteBatch) -> list[Original]:
    """The item list of a sack: its papers by number."""
    lines = select(WasteLine.original_id).where(WasteLine.batch_id == batch.id, col(WasteLine.removed_at).is_(None))
    return list(session.exec(select(Original).where(col(Original.id).in_(lines)).order_by(col(Original.number))).all())


def sizes(session: Session, some: Sequence[WasteBatch]) -> dict[UUID, int]:
    """How many papers are on the list of each of these sacks."""
    lines = select(WasteLine.batch_id, func.count()).where(
        col(WasteLine.batch_id).in_([batch.id for batch in some]), col(WasteLine.removed_at).is_(None)
    )
    return dict(session.exec(lines.group_by(col(WasteLine.batch_id))).all())


def count_in(session: Session, batch: WasteBatch) -> int:
    """How many papers are on its list."""
    lines = select(func.count()).select_from(WasteLine)
    return session.exec(lines.where(WasteLine.batch_id == batch.id, col(WasteLine.removed_at).is_(None))).one()


def certificates_of(session: Session, batch: WasteBatch) -> Sequence[WasteCertificate]:
    wanted = select(WasteCertificate).where(WasteCertificate.batch_id == batch.id)
    return session.exec(wanted.order_by(col(WasteCertificate.recorded_at))).all()


def overdue(session: Session, now: datetime, days: int) -> list[WasteBatch]:
    """Sacks that were collected more than so many days ago and have no certificate that closes them (R57)."""
    today = now.astimezone(LONDON).date()
    waiting = batches(session, [WasteState.COLLECTED])
    return [
        batch
        for batch in waiting
        if batch.collected_at and (today - batch.collected_at.astimezone(LONDON).date()).days > days
    ]


def _still_free(session: Session, papers: Sequence[Original], policy: Policy) -> None:
    """A hold, a request, a word of the family or a policy that keeps paper, come after a paper was bagged, stops the whole sack."""
    for paper in papers:
        against = [*facts.on_hold(session, paper), *facts.requests(session, paper)]
        if paper.irreplaceable is not None:
            against.append(f"It cannot be replaced ({paper.irreplaceable}).")
        if facts.to_keep(paper):
            against.append("The family asked us to keep it.")
        if not facts.is_destroyed(ProposalKind(paper.proposal), paper.proposal_rule, policy):
            against.append("The policy keeps such paper now.")
        if against:
            raise RefusedByRule(f"Take O-{paper.number} out first. {against[0]}", "R55")


def _count(papers: Sequence[Original], counted: int) -> None:
    if counted != len(papers):
        raise RefusedByRule(
            f"You counted {counted}, but {len(papers)} papers are on the list. Compare the bag with the item list.",
            "R56",
        )


def _numbers(found: Sequence[int]) -> str:
    named = ", ".join(f"O-{number}" for number in found[:NAMED])
    return named if len(found) <= NAMED else f"{named} and {len(found) - NAMED} more"


def _expect(session: Session, batch: WasteBatch, state: WasteState, version: int) -> None:
    if batch.version != version or batch.state != state:
        who = accounts.display_names(session).get(batch.sealed_by or batch.closed_by or "", "Somebody else")
        raise ChangedMeanwhile(
            f"{who} changed sack {batch.number} first. It is now: {WORDS[WasteState(batch.state)].lower()}."
        )


def _open_again(session: Session, batch: WasteBatch) -> None:
    batch.state, batch.seal, batch.counted, batch.least_level = WasteState.OPEN, None, None, None
    batch.closed_by = batch.closed_at = batch.sealed_by = batch.sealed_at = None
    session.add(batch)


def _save(session: Session, batch: WasteBatch, act: str, actor: str, at: datetime) -> None:
    session.add(batch)
    session.flush()
    _note(session, batch, act, actor, at)


def _note(session: Session, batch: WasteBatch, act: str, actor: str, at: datetime) -> None:
    trail.append(
        session, actor=actor, act=act, subject_kind="waste_batch", subject_id=str(batch.id), at=at,
        detail={"number": batch.number, "papers": count_in(session, batch)},
    )  # fmt: skip
