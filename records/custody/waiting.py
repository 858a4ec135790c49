"""Which paper waits for what, and which moves make sense for one paper now. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from records.custody.moves import WORDS, Custody, next_states

C = Custody

TO_PUT_AWAY = (C.SCANNED, C.CHECKED, C.CAME_BACK)
IN_CABINET = (C.HELD,)
FOR_WASTE = (C.TO_DISPOSE, C.IN_SEALED_SACK, C.COLLECTED)
RETURNS = (C.TO_RETURN, C.SENT)
SIGNED_OUT = (C.OUT,)


@dataclass(frozen=True)
class Choice:
    """One move offered on a paper's page, with what it asks for."""

    to: Custody
    words: str
    needs_place: bool = False
    needs_second_person: bool = False
    needs_day: bool = False


BUTTONS = {
    C.HELD: "Put away",
    C.CHECKED: "Mark as checked against the scan",
    C.OUT: "Sign out",
    C.TO_RETURN: "Set aside to return",
    C.LOST: "Mark as lost",
}
"""Moves that are made on a paper's own page. Waste, sending and receiving have pages of their own, because they need more."""


def choices(state: Custody, *, checked: bool = False) -> Sequence[Choice]:
    """The moves to offer on a paper's page, the likeliest first. A paper that is put away may also be put in another place.

    `checked`: somebody has compared it with its picture already.
    """
    if state in (C.TO_DISPOSE, C.IN_SEALED_SACK, C.COLLECTED, C.SENT):  # its sack or its return decides
        return [_choice(C.LOST)] if C.LOST in next_states(state) else []
    found = [to for to in BUTTONS if to in next_states(state)]
    offered = [_choice(to) for to in found if to is not C.CHECKED or (not checked and state is not C.TO_RETURN)]
    if state is C.HELD:
        offered.insert(0, Choice(C.HELD, "Put in another place", needs_place=True))
    return offered


def _choice(to: Custody) -> Choice:
    return Choice(
        to, BUTTONS[to], needs_place=to is C.HELD, needs_second_person=to is C.LOST, needs_day=to is C.OUT
    )  # fmt: skip


def where(state: str, place: str | None) -> str:
    """Where a paper is, in words."""
    words = WORDS[Custody(state)]
    return f"{words}: {place}" if place else words
