"""Why a paper is kept from waste is said as it is: what a sorter chose is no wish of the family (N16)."""

import pytest

from records.custody import facts
from records.custody.proposal import ProposalKind, Wish
from records.custody.tables import Original

SAID = {
    (Wish.KEEP, ProposalKind.CABINET): "The family asked us to keep it",
    (Wish.RETURN, ProposalKind.RETURN): "The family asked us to keep it",
    (Wish.UNCLEAR, ProposalKind.CABINET): "It is not clear whether the family wants it back",
    (Wish.UNCLEAR, ProposalKind.RETURN): "It is not clear whether the family wants it back",
    (Wish.UNKNOWN, ProposalKind.RETURN): "as was chosen when it was sorted",
    (Wish.DESTROY, ProposalKind.RETURN): "as was chosen when it was sorted",
}


@pytest.mark.parametrize("wish", Wish)
@pytest.mark.parametrize("proposal", ProposalKind)
def test_why_it_is_kept_is_said_exactly_where_it_is(wish: Wish, proposal: ProposalKind) -> None:
    paper = Original(asked_to_keep=wish.value, proposal=proposal.value)
    why = facts.why_kept(paper)
    assert (why is not None) is facts.to_keep(paper)
    if (wish, proposal) in SAID:
        assert SAID[wish, proposal] in (why or "")
