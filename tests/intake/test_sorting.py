"""What may be chosen for the paper of sorted post: waste only under a policy that destroys paper (S11, W47)."""

from datetime import date
from pathlib import Path

import pytest

from intake.sorting import paper_for
from intake.wiring import Paperchain
from records.clock import Clock
from records.custody.proposal import ProposalKind
from records.db import Database
from records.documents.store import FolderStore
from records.errors import RefusedByRule
from tests.builders import settings


def serving(place: Path, database: Database, clock: Clock, policy: str) -> Paperchain:
    return Paperchain(settings(place, service__policy=policy), database, FolderStore(place), clock)


def test_waste_waits_as_long_as_the_policy_says(tmp_path: Path, database: Database, clock: Clock) -> None:
    found = paper_for(serving(tmp_path, database, clock, "westminster"), ProposalKind.WASTE)

    assert (found.kind, found.wait_until) == (ProposalKind.WASTE, date(2026, 12, 20))


def test_waste_is_refused_where_the_policy_keeps_paper(tmp_path: Path, database: Database, clock: Clock) -> None:
    with pytest.raises(RefusedByRule) as refused:
        paper_for(serving(tmp_path, database, clock, "northamptonshire"), ProposalKind.WASTE)
    assert refused.value.rule == "S11"


@pytest.mark.parametrize("kind", [ProposalKind.CABINET, ProposalKind.RETURN])
@pytest.mark.parametrize("policy", ["westminster", "northamptonshire"])
def test_keeping_and_returning_are_always_possible(
    tmp_path: Path, database: Database, clock: Clock, policy: str, kind: ProposalKind
) -> None:
    found = paper_for(serving(tmp_path, database, clock, policy), kind)

    assert (found.kind, found.wait_until) == (kind, None)
