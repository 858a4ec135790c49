"""W47, N16, S11, R55: what is proposed for the paper of a confirmed form."""

from datetime import date

import pytest

from records.custody.proposal import ProposalKind, Wish, propose
from records.policies.settings import load

ON = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("service", "wish", "irreplaceable", "kind", "until"),
    [
        pytest.param("westminster", "unknown", False, "waste", date(2026, 12, 24), id="W47 waste after the wait"),
        pytest.param("westminster", "keep", False, "cabinet", None, id="N16 asked to keep"),
        pytest.param("westminster", "return", False, "return", None, id="N16 asked for it back"),
        pytest.param("westminster", "unknown", True, "cabinet", None, id="R55 irreplaceable"),
        pytest.param("northamptonshire", "unknown", False, "cabinet", None, id="S11 kept"),
        pytest.param("northamptonshire", "return", False, "return", None, id="N16 returned"),
        pytest.param("westminster", "destroy", False, "waste", date(2026, 12, 24), id="N16 asked to destroy"),
        pytest.param(
            "northamptonshire", "destroy", False, "waste", date(2026, 12, 24), id="N16 destroyed although S11 keeps"
        ),
        pytest.param("westminster", "destroy", True, "cabinet", None, id="R55 irreplaceable although to be destroyed"),
        pytest.param("westminster", "unclear", False, "cabinet", None, id="N16 not clear, so kept and asked"),
    ],
)
def test_the_proposal(service: str, wish: str, irreplaceable: bool, kind: str, until: date | None) -> None:
    found = propose(load(service, ON), wish=Wish(wish), confirmed_on=ON, irreplaceable=irreplaceable)
    assert (found.kind, found.wait_until) == (ProposalKind(kind), until)
