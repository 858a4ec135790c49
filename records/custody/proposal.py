"""What to do with the paper of a confirmed form: the service's policy as a proposal that a person acts on. Pure (W47, N16, R55)."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from records.policies.periods import in_words
from records.policies.settings import Policy
from records.policies.values import PaperAfterScanning

BY_POLICY = "W47"
"""The rule of a proposal that the policy alone makes: of nothing that the family asked for."""


class ProposalKind(StrEnum):
    """What is proposed."""

    WASTE = "waste"
    CABINET = "cabinet"
    RETURN = "return"


class Wish(StrEnum):
    """What the family asked for on the form."""

    KEEP = "keep"
    RETURN = "return"
    DESTROY = "destroy"
    UNCLEAR = "unclear"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Proposal:
    """What to do, from which day, why in words, and by which rule."""

    kind: ProposalKind
    wait_until: date | None
    reason: str
    rule: str


def destroys(policy: Policy) -> bool:
    """Whether the policy sends paper that nobody asked for to confidential waste (S11)."""
    return policy.paper_after_scanning is PaperAfterScanning.CONFIDENTIAL_WASTE


def propose(policy: Policy, *, wish: Wish, confirmed_on: date, irreplaceable: bool = False) -> Proposal:
    """What becomes of a paper."""
    if wish is Wish.RETURN:
        return Proposal(ProposalKind.RETURN, None, "The family asked for it back.", "N16")
    if wish is Wish.KEEP:
        return Proposal(ProposalKind.CABINET, None, "The family asked us to keep it on file.", "N16")
    if wish is Wish.UNCLEAR:
        reason = "It is not clear what the family wants done with it, so it is kept. Ask them."
        return Proposal(ProposalKind.CABINET, None, reason, "N16")
    if irreplaceable:
        return Proposal(ProposalKind.CABINET, None, "It cannot be replaced, so it never goes in waste.", "R55")
    until = confirmed_on + timedelta(days=policy.periods.waste_wait_days)
    after = f"after the waiting time, from {in_words(until)}."
    if wish is Wish.DESTROY:
        reason = f"The family asked us to destroy it: confidential waste {after}"
        return Proposal(ProposalKind.WASTE, until, reason, "N16")
    if destroys(policy):
        return Proposal(ProposalKind.WASTE, until, f"Confidential waste {after}", BY_POLICY)
    return Proposal(
        ProposalKind.CABINET, None, "The policy does not say that paper is destroyed, so it is kept.", "S11"
    )
