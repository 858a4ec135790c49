"""Which paper waits for what, and which moves make sense for one paper now. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from records.custody.moves import WORDS, Allowed, Custody, Refused, next_states
from records.custody.proposal import ProposalKind
from records.policies.periods import in_words

C = Custody

TO_PUT_AWAY = (C.SCANNED, C.CHECKED)
IN_CABINET = (C.HELD,)
FOR_WASTE = (C.TO_DISPOSE, C.IN_SEALED_SACK, C.COLLECTED)
RETURNS = (C.TO_RETURN, C.SENT, C.CAME_BACK)
SIGNED_OUT = (C.OUT,)


@dataclass(frozen=True)
class Choice:
    """One move offered on a paper's page, or why it may not be made yet."""

    to: Custody
    words: str
    needs_place: bool = False
    needs_second_person: bool = False
    needs_reference: bool = False
    refused: str | None = None


BUTTONS = {
    C.CHECKED: "Mark as checked against the scan",
    C.HELD: "Put away",
    C.TO_RETURN: "Return to the family",
    C.RETURNED: "Mark as returned",
    C.TO_DISPOSE: "Put in confidential waste",
    C.LOST: "Mark as lost",
}


def may_go_in_waste(proposal: str, wait_until: date | None, today: date) -> Allowed | Refused:
    """Whether a paper may go in confidential waste: only where the policy proposed it, and after its waiting time (W47)."""
    if proposal != ProposalKind.WASTE or wait_until is None:
        return Refused("This paper is not for confidential waste. Keep it or return it.", "W47")
    if today < wait_until:
        return Refused(f"This paper may go in confidential waste from {in_words(wait_until)}.", "W47")
    return Allowed()


def choices(state: Custody, proposal: str, wait_until: date | None, today: date) -> Sequence[Choice]:
    """The moves to offer. A paper that is put away may also be put in another place."""
    found = [_choice(to, proposal, wait_until, today) for to in next_states(state) if to in BUTTONS]
    if state is C.HELD:
        found.insert(0, Choice(C.HELD, "Put in another place", needs_place=True))
    # The policy never proposed waste for these, so the page does not speak of it.
    return [each for each in found if each.to is not C.TO_DISPOSE or proposal == ProposalKind.WASTE]


def _choice(to: Custody, proposal: str, wait_until: date | None, today: date) -> Choice:
    waste = may_go_in_waste(proposal, wait_until, today) if to is C.TO_DISPOSE else Allowed()
    return Choice(
        to, BUTTONS[to], needs_place=to is C.HELD, needs_second_person=to in (C.RETURNED, C.LOST),
        needs_reference=to is C.RETURNED,
        refused=waste.reason if isinstance(waste, Refused) else None,
    )  # fmt: skip


def where(state: str, place: str | None) -> str:
    """Where a paper is, in words."""
    words = WORDS[Custody(state)]
    return f"{words}: {place}" if place else words
