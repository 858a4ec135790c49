"""Every data-touching call of every flow, each with every fault: `.venv/bin/python -m tests.faults [--every N] [--flow NAME] [--planted]`.

Prints what was wrong, then figures; exits 1 when anything was. With `--planted` it shows instead how many of the kills find
each planted bug. Meant for two quiet cores: about an hour and a half, of which destroying takes the most.
"""

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from multiprocessing.pool import Pool
from pathlib import Path

from tests.faults.breaking import Plant, Prepared, Result, broken, calls_of, prepare
from tests.faults.every import EVERY_FLOW
from tests.faults.harness import Call, Fault, Point, points
from tests.faults.planted import PLANTED

Task = tuple[Prepared, Point, Plant]


def one(task: Task) -> Result:
    """One fault, in a folder of this process's own."""
    prepared, point, plant = task
    place = prepared.scratch / multiprocessing.current_process().name
    place.mkdir(exist_ok=True)
    return broken(Prepared(prepared.flow, prepared.template, place), point, plant)


def told(name: str, found: list[Call], results: list[Result], seconds: float) -> int:
    """Prints what came of one flow; returns how many violations there were."""
    wrong = [result.wrong for result in results if result.wrong]
    for each in wrong:
        print("  WRONG", each)
    happened = sum(result.happened for result in results)
    print(
        f"{name:>9}: {len(found)} calls, {len(results)} faults tried, {happened} happened, {len(wrong)} violations, "
        f"{seconds:.0f} s",
        flush=True,
    )
    return len(wrong)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--every", type=int, default=1, help="take only every Nth fault")
    parser.add_argument("--jobs", type=int, default=2, help="processes side by side")
    parser.add_argument("--flow", action="append", choices=[flow.name for flow in EVERY_FLOW], help="only this one")
    parser.add_argument(
        "--fault", action="append", choices=[fault.name.lower() for fault in Fault], help="only with this one"
    )
    parser.add_argument("--planted", action="store_true", help="how many kills find each planted bug")
    asked = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        chosen = [flow for flow in EVERY_FLOW if not asked.flow or flow.name in asked.flow]
        ready = {flow.name: prepare(flow, Path(folder)) for flow in chosen}
        with multiprocessing.get_context("fork").Pool(asked.jobs) as pool:
            if asked.planted:
                wrong = planted(pool, ready, asked.every)
            else:
                faults = [fault for fault in Fault if not asked.fault or fault.name.lower() in asked.fault]
                wrong = broken_everywhere(pool, ready, asked.every, faults)
    print(f"{time.monotonic() - began:.0f} s")
    return 1 if wrong else 0


def broken_everywhere(pool: Pool, ready: Mapping[str, Prepared], every: int, faults: Sequence[Fault]) -> int:
    """Every call of every flow with each of these faults. Returns how many violations there were."""
    wrong, total = 0, Counter[str]()
    for prepared in ready.values():
        started = time.monotonic()
        found = list(calls_of(prepared))
        tried = [point for point in points(found, every) if point.fault in faults]
        results = pool.map(one, [(prepared, point, nullcontext) for point in tried], chunksize=4)
        wrong += told(prepared.flow.name, found, results, time.monotonic() - started)
        total.update(calls=len(found), faults=sum(result.happened for result in results))
    print(f"all flows: {total['calls']} calls, {total['faults']} faults, {wrong} violations", end=", ")
    return wrong


def planted(pool: Pool, ready: Mapping[str, Prepared], every: int) -> int:
    """A kill at every call of each planted bug. Returns how many of them none found."""
    missed = 0
    for bug in PLANTED:
        plant, name = bug.plant, bug.flow
        if name not in ready:
            continue
        found = list(calls_of(ready[name], plant))[::every]
        tried = [(ready[name], Point(call.name, call.number, Fault.KILL), plant) for call in found]
        caught = sum(result.wrong is not None for result in pool.map(one, tried, chunksize=4))
        print(f"{name}: {plant.__name__}: {caught} of {len(tried)} kills find it", flush=True)
        missed += not caught
    return missed


if __name__ == "__main__":
    sys.exit(main())
