"""P1: whatever call fails, nothing is lost, doubled or half-filed. A sample here; all of them: `python -m tests.faults`."""

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.breaking import Plant, broken, calls_of, prepare
from tests.faults.flows import FLOWS, Flow
from tests.faults.harness import Fault, Point, points
from tests.faults.planted import PLANTED

EVERY = int(os.environ.get("FAULTS_EVERY", "40"))
FEWEST_CALLS = 40

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_nothing_is_lost_or_half_done_whatever_call_fails(flow: Flow, tmp_path: Path) -> None:
    prepared = prepare(flow, tmp_path)
    found = calls_of(prepared)
    assert len(found) > FEWEST_CALLS, "the flow was not traced"
    results = [broken(prepared, point) for point in points(found, EVERY)]
    assert [result.wrong for result in results if result.wrong] == []
    assert sum(result.happened for result in results) >= 0.8 * len(results), "the faults did not happen"


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_a_planted_bug_is_found(plant: Plant, tmp_path: Path) -> None:
    """Kills, the rarer kinds of call first, until one finds it."""
    prepared = prepare(FLOWS[0], tmp_path)
    found = calls_of(prepared, plant)
    common = Counter(call.name for call in found)
    kills = (Point(call.name, call.number, Fault.KILL) for call in sorted(found, key=lambda call: common[call.name]))
    assert any(broken(prepared, point, plant).wrong for point in kills), "no kill found it"
