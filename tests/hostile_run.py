"""Puts every hostile file through the sandbox and says what became of each: `python -m tests.hostile_run --out FILE.jsonl`.

One JSON object a line: the case, how it ended (read, stopped, or wrong), the refusal, seconds by the clock, the most memory. At the end
the figures of promise P4: files, how each kind ended, the slowest, and how many service processes died (must be 0).

`--flips N` turns over one byte at N places of a good form. With `--form SCAN.pdf` these are read as forms, and each reading that is not
refused is compared with that of the whole scan: an answer that differs and is not put before a person is *fooled* (P5, must be 0).
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from intake.sandbox.client import DocumentSandbox, PageResult
from intake.sandbox.limits import Limits
from tests.hostile import ANY_REFUSAL, EVERYTHING, Hostile, flipped, flips


@dataclass(frozen=True)
class Ended:
    """How one file ended. `answers` differ from those of the whole scan without a person being asked: `fooled`."""

    name: str
    how: str
    refusal: str | None
    seconds: float
    memory_mb: int
    parent_died: bool
    fooled: int = 0


Answers = dict[tuple[int, str], tuple[str | None, bool]]


def answers_of(pages: Iterable[PageResult]) -> Answers:
    """Each answer with whether a person is asked for it."""
    return {
        (page.number, field.id): (field.value, field.review)
        for page in pages
        for field in page.reading.fields
        if field.kind.is_mark
    }


def fooled(whole: Answers, found: Answers) -> int:
    """Answers that changed and that nobody would be asked about."""
    return sum(1 for place, (value, asked) in found.items() if not asked and whole.get(place, (None, True))[0] != value)


def run(cases: Iterable[Hostile], sandbox: DocumentSandbox, limits: Limits, whole: Answers | None) -> Iterator[Ended]:
    """One file after another through one warm parent."""
    for case in cases:
        data, pages = case.make(), list[PageResult]()
        before, started = sandbox.host_pid, time.monotonic()
        result = sandbox.read(data, limits, pages.append)
        code = result.refusal.code if result.refusal else None
        right = case.may_be_read if code is None else code in case.refusals
        yield Ended(
            case.name, "wrong" if not right else "read" if code is None else "stopped", code,
            round(time.monotonic() - started, 2), result.memory_bytes >> 20, sandbox.host_pid != before,
            fooled(whole, answers_of(pages)) if whole is not None and code is None else 0,
        )  # fmt: skip


def flipped_scan(scan: bytes, count: int) -> list[Hostile]:
    """The scan with one byte turned over, `count` times."""
    return [
        Hostile(
            f"scan with byte {at + 1} of {count} flipped", lambda at=at: flipped(scan, at, count), ANY_REFUSAL, True
        )  # type: ignore[misc]  # a bound lambda
        for at in range(count)
    ]


def main() -> int:
    """Returns 0 when every file ended as it should, nobody was fooled and no service process died."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flips", type=int, default=0, help="flip so many single bytes instead of running every case")
    parser.add_argument("--form", type=Path, help="a good scan of a form, whose flipped copies are read as forms")
    parser.add_argument("--out", type=Path, help="where the results go, one JSON object a line")
    chosen = parser.parse_args()
    ended: list[Ended] = []
    with DocumentSandbox(reader="forms" if chosen.form else "none") as sandbox:
        whole: Answers | None = None
        cases: Iterable[Hostile] = flips(chosen.flips) if chosen.flips else EVERYTHING
        warmed: list[PageResult] = []
        if chosen.form:
            scan = chosen.form.read_bytes()
            sandbox.read(scan, Limits(), warmed.append)
            whole, cases = answers_of(warmed), flipped_scan(scan, chosen.flips or 100)
        else:
            sandbox.read(EVERYTHING[0].make(), Limits(), warmed.append)
        out = chosen.out.open("w") if chosen.out else sys.stderr
        for one in run(cases, sandbox, Limits(), whole):
            ended.append(one)
            print(json.dumps(asdict(one)), file=out, flush=True)
    slowest = max(ended, key=lambda one: one.seconds)
    figures = {
        "files": len(ended), **Counter(one.how for one in ended), "refusals": Counter(one.refusal for one in ended if one.refusal),
        "slowest_seconds": slowest.seconds, "slowest": slowest.name, "most_memory_mb": max(one.memory_mb for one in ended),
        "fooled": sum(one.fooled for one in ended), "service_processes_that_died": sum(one.parent_died for one in ended),
    }  # fmt: skip
    print(json.dumps(figures, indent=1))
    bad = any(one.how == "wrong" or one.parent_died or one.fooled for one in ended)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
