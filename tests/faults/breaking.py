"""One fault, and what is wrong afterwards: looked at before the restart, and after it."""

import shutil
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from tests.faults.flows import Flow
from tests.faults.harness import Call, Point, calls, fresh, inject

Plant = Callable[[], AbstractContextManager[object]]
"""Plants a bug while it is entered; the usual program is `nullcontext`."""


@dataclass(frozen=True)
class Prepared:
    """A flow with its home made ready, and a scratch folder to break copies in."""

    flow: Flow
    template: Path
    scratch: Path

    def copy(self) -> Path:
        """A new copy, made where the last one was: calls then have the same numbers."""
        return fresh(self.template, self.scratch / "place") / "home"


def prepare(flow: Flow, folder: Path) -> Prepared:
    """Makes the home of a flow, once."""
    if not shutil.which("strace"):
        raise AssertionError("strace is missing: apt-get install -y strace")
    template, scratch = folder / flow.name / "template", folder / flow.name / "scratch"
    scratch.mkdir(parents=True)
    flow.prepare(template / "home")
    prepared = Prepared(flow, template, scratch)
    home = prepared.copy()
    for step in (flow.work, flow.before, flow.after):  # a run without a fault; it also warms what every child inherits
        step(home)
    return prepared


def calls_of(prepared: Prepared, plant: Plant = nullcontext) -> Sequence[Call]:
    """The data-touching calls of a clean run."""
    home = prepared.copy()

    def work() -> None:
        with plant():
            prepared.flow.work(home)

    return calls(work, prepared.scratch)


@dataclass(frozen=True)
class Result:
    """Whether the fault happened, and what was wrong then; None when all held."""

    happened: bool
    wrong: str | None


def broken(prepared: Prepared, point: Point, plant: Plant = nullcontext) -> Result:
    """Breaks one copy. The restart runs the same program, its planted bug included; the checks do not."""
    home = prepared.copy()

    def work() -> None:
        with plant():
            prepared.flow.work(home)

    happened = inject(work, prepared.scratch, point)
    for moment, check in (("before", prepared.flow.before), ("after", prepared.flow.after)):
        try:
            if moment == "after":
                with plant():
                    check(home)
            else:
                check(home)
        except Exception as error:  # whatever fails here is what we look for
            return Result(
                happened, f"{prepared.flow.name}: {moment} the restart: {point}: {type(error).__name__}: {error}"
            )
    return Result(happened, None)
