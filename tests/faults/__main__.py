"""Every data-touching call of every flow, each with every fault: `.venv/bin/python -m tests.faults [--every N] [--planted]`.

Prints what was wrong, then figures; exits 1 when anything was. With `--planted` it shows instead how many of the kills find
each planted bug. Meant for two quiet cores: about a quarter of an hour.
"""

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

from tests.faults.breaking import Plant, Prepared, Result, broken, calls_of, prepare
from tests.faults.flows import FLOWS
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
    parser.add_argument("--planted", action="store_true", help="how many kills find each planted bug")
    asked = parser.parse_args()
    wrong, total, began = 0, Counter[str](), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        ready = [prepare(flow, Path(folder)) for flow in FLOWS]
        with multiprocessing.get_context("fork").Pool(asked.jobs) as pool:
            for plant in PLANTED if asked.planted else (nullcontext,):
                for prepared in ready[:1] if asked.planted else ready:
                    started = time.monotonic()
                    found = list(calls_of(prepared, plant))
                    tried = points(found, asked.every)
                    if asked.planted:
                        tried = [Point(call.name, call.number, Fault.KILL) for call in found[:: asked.every]]
                    results = pool.map(one, [(prepared, point, plant) for point in tried], chunksize=4)
                    if asked.planted:
                        caught = sum(result.wrong is not None for result in results)
                        print(f"{plant.__name__}: {caught} of {len(tried)} kills find it", flush=True)
                        wrong += not caught
                    else:
                        wrong += told(prepared.flow.name, found, results, time.monotonic() - started)
                        total.update(calls=len(found), faults=sum(result.happened for result in results))
    if not asked.planted:
        print(f"all flows: {total['calls']} calls, {total['faults']} faults, {wrong} violations", end=", ")
    print(f"{time.monotonic() - began:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
