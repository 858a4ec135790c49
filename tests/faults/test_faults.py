"""P1: whatever call fails, nothing is lost, doubled or half-filed. A sample here; all of them: `python -m tests.faults`."""

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.breaking import broken, calls_of, prepare
from tests.faults.every import EVERY_FLOW
from tests.faults.flows import Flow
from tests.faults.harness import Fault, Point, points
from tests.faults.planted import PLANTED, Planted

EVERY = int(os.environ.get("FAULTS_EVERY", "0"))
"""Every Nth fault; not set, so many that about `A_FEW` are left of each flow."""
A_FEW = 12
FEWEST_CALLS = 40

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("flow", EVERY_FLOW, ids=lambda flow: flow.name)
def test_nothing_is_lost_or_half_done_whatever_call_fails(flow: Flow, tmp_path: Path) -> None:
    prepared = prepare(flow, tmp_path)
    found = calls_of(prepared)
    assert len(found) > FEWEST_CALLS, "the flow was not traced"
    results = [broken(prepared, point) for point in points(found, EVERY or len(found) * len(Fault) // A_FEW)]
    assert [result.wrong for result in results if result.wrong] == []
    assert sum(result.happened for result in results) >= 0.8 * len(results), "the faults did not happen"


@pytest.mark.parametrize("bug", [bug for bug in PLANTED if bug.everyday], ids=lambda bug: bug.plant.__name__)
def test_a_planted_bug_is_found(bug: Planted, tmp_path: Path) -> None:
    """Kills, the rarer kinds of call first, until one finds it; at the kinds named with the bug, where there are any."""
    prepared = prepare(next(flow for flow in EVERY_FLOW if flow.name == bug.flow), tmp_path)
    found = calls_of(prepared, bug.plant)
    common = Counter(call.name for call in found)
    chosen = [call for call in found if not bug.at or call.name in bug.at]
    kills = (Point(call.name, call.number, Fault.KILL) for call in sorted(chosen, key=lambda call: common[call.name]))
    assert any(broken(prepared, point, bug.plant).wrong for point in kills), "no kill found it"
