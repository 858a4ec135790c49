"""Everything that decides whether a paper may go in waste, gathered inside the transaction that bags it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from records import holds
from records.custody import pictures
from records.custody.bagging import PaperFacts
from records.custody.moves import Custody
from records.custody.pictures import Proof
from records.custody.proposal import BY_POLICY, ProposalKind, destroys
from records.custody.returning import OPEN
from records.custody.tables import Original, OriginalSheet, PaperReturn, ReturnLine
from records.documents.text import index as text
from records.holds.kinds import Hold, in_lines
from records.policies.settings import Policy
from records.post.tables import Item, Part
from records.vocabulary import PartState

SETTLED = (PartState.CONFIRMED, PartState.FILED)
ASKED = ("keep", "return", "unclear")
"""Wishes for the paper with which it never goes in waste; one that is not clear may be one of the others."""


@dataclass(frozen=True)
class BackupRule:
    """Whether the service wants a paper's picture in a backup that was checked before the paper goes, and how to know (None: not known)."""

    needed: bool = False
    backed_up: Callable[[Session, Original], bool | None] = lambda session, original: None


NO_BACKUP_RULE = BackupRule()


def gather(
    session: Session, original: Original, *, policy: Policy, today: date, proof: Proof | None, backups: BackupRule
) -> PaperFacts:
    """What is true of one paper now. `policy`: the one of today; `proof`: see `pictures.proofs`."""
    pages_in, pages_kept, unseen = pictures.sides(session, original)
    part = session.get(Part, original.part_id) if original.part_id else None
    return PaperFacts(
        state=Custody(original.state),
        policy_destroys=is_destroyed(ProposalKind(original.proposal), original.proposal_rule, policy),
        wait_until=original.wait_until,
        today=today,
        clock_doubt=next((why for ask in CLOCK_DOUBTS if (why := ask(session, today))), None),
        checked_by=original.checked_by,
        pages_in=pages_in,
        pages_kept=pages_kept,
        unseen=unseen,
        fixity=pictures.still_proven(session, original, proof),
        requests=requests(session, original),
        holds=on_hold(session, original),
        irreplaceable=original.irreplaceable,
        asked_to_keep=to_keep(original),
        reading_settled=part is not None and part.state in SETTLED,
        backup_needed=backups.needed,
        in_verified_backup=backups.backed_up(session, original) if backups.needed else None,
        shares_sheets_with=shared(session, original),
    )


def is_destroyed(proposed: ProposalKind, rule: str, policy: Policy) -> bool:
    """Whether a paper is for confidential waste today. Pure (S11, W47, G8).

    One for which the policy alone proposed that is kept once the policy says so, though it came before; what the family asked for stands.
    """
    by_policy = rule == BY_POLICY
    return proposed is ProposalKind.WASTE and (not by_policy or destroys(policy))


def to_keep(original: Original) -> bool:
    """Whether the family asked us to keep it or give it back, or may have (N16)."""
    return original.asked_to_keep in ASKED or original.proposal == ProposalKind.RETURN


def why_kept(original: Original) -> str | None:
    """Why it is kept from waste, in words; None where nothing keeps it (N16). What the sorter chose is not said to be the family's wish."""
    match original.asked_to_keep:
        case "keep" | "return":
            return "The family asked us to keep it or to give it back."
        case "unclear":
            return "It is not clear whether the family wants it back."
    return "It is to be given back, as was chosen when it was sorted." if to_keep(original) else None


LETS_GO: list[Callable[[Session, Original], frozenset[str]]] = []
"""Sources of holds that no longer keep this paper: a request about erasing holds its file, but the paper of what a manager approved to
erase has to leave (R31). The register of requests enters itself here."""


CLOCK_DOUBTS: list[Callable[[Session, date], str | None]] = []
"""Why a day is not believed (P11): the keeping of files, above this slice, enters itself here."""


def keeping(session: Session, original: Original) -> list[Hold]:
    """Each hold that keeps a paper."""
    free = frozenset[str]().union(*(ask(session, original) for ask in LETS_GO))
    found = holds.blocking(session, original_id=original.id, part_id=original.part_id)
    return [hold for hold in found if hold.source is None or hold.source not in free]


def on_hold(session: Session, original: Original) -> tuple[str, ...]:
    """Each hold that keeps a paper, in words."""
    return tuple(
        f"This paper is on hold, so it cannot go in confidential waste. {words}"
        for words in in_lines(keeping(session, original))
    )


def requests(session: Session, original: Original) -> tuple[str, ...]:
    """Open requests that touch a paper: to give it back, or words on its pages that look like another one (R62)."""
    returns = session.exec(
        select(PaperReturn.number)
        .join(ReturnLine, col(ReturnLine.return_id) == PaperReturn.id)
        .where(ReturnLine.original_id == original.id, col(PaperReturn.state).in_(OPEN))
    ).all()
    found = [f"It was asked for: see return R-{number}." for number in sorted(returns)]
    if text.open_requests(session, [original.item_id]):
        number = session.get_one(Item, original.item_id).number
        found.append(f"Words in item {number} look like a request. Settle that first.")
    return tuple(found)


def shared(session: Session, original: Original) -> tuple[int, ...]:
    """Numbers of other papers that are logged for the same sheets: two families' pages on one sheet of paper."""
    mine = session.exec(select(OriginalSheet).where(OriginalSheet.original_id == original.id)).all()
    if not mine:
        return ()
    rows = session.exec(
        select(Original.number)
        .join(OriginalSheet, col(OriginalSheet.original_id) == Original.id)
        .where(
            OriginalSheet.batch == mine[0].batch, col(OriginalSheet.sequence).in_([sheet.sequence for sheet in mine])
        )
        .where(Original.id != original.id)
        .distinct()
    ).all()
    return tuple(sorted(rows))
