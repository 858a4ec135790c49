"""What the lists of the desk cost when each is long: `.venv/bin/python -m tests.bench.lists [ROWS]`. Prints figures; asserts nothing.

Fills a home with so many files, people, enquiries, tasks, incidents, the holds that they bring, and entries of the audit, and asks for
each page, signed in, on the whole desk in this process, once and then twelve times more. "Of its own" is the processor's time.
"""

import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from statistics import quantiles

from sqlmodel import Session

from intake.wiring import Paperchain
from records import tasks
from records.cases import enquiries
from records.cases.enquiries import Asked
from records.cases.words import Channel, EnquiryOutcome, Topic
from records.clock import fixed
from records.people import register
from records.people.birthdates import BirthDate
from records.policies.settings import Policy
from records.requests import incidents
from records.requests.breach import IncidentKind
from records.vocabulary import Role
from tests.builders import home
from tests.conftest import NOON
from tests.reviewing import Browser

PAGES = (
    (Role.OFFICER, "/"), (Role.OFFICER, "/tasks"), (Role.OFFICER, "/tasks?page=2"), (Role.OFFICER, "/enquiries"), (Role.OFFICER, "/requests"),
    (Role.MANAGER, "/incidents"), (Role.MANAGER, "/retention/holds"), (Role.MANAGER, "/retention"), (Role.MANAGER, "/settings/audit"),
    (Role.MANAGER, "/allocation"), (Role.OFFICER, "/files/1"), (Role.OFFICER, "/files/1/people"),
)  # fmt: skip
TIMES = 12


def fill(chain: Paperchain, rows: int, officer: Browser) -> None:
    """Everything through the functions that pages call, five hundred to a transaction."""
    by, at, policy = str(officer.id), chain.clock.now(), chain.policy()
    for start in range(0, rows, 500):
        with chain.db.writing() as session:
            for number in range(start, min(rows, start + 500)):
                _one(session, number, by, officer, at, policy, chain)


def _one(
    session: Session, number: int, by: str, officer: Browser, at: datetime, policy: Policy, chain: Paperchain
) -> None:
    file = register.open_file(
        session, officer_id=officer.id, child_name=f"Invented Child {number}", actor=by, at=at, number=number + 1
    )
    register.add_birth_date(
        session,
        file,
        BirthDate.on(chain.clock.today() - timedelta(days=3000 + number % 3000)),
        part_id=None,
        actor=by,
        at=at,
    )
    tasks.raise_task(
        session, kind="bench", file_id=file.id, due=chain.clock.today() + timedelta(days=number % 90), words="Ask the family again.",
        for_officer=None, raised_by=by, at=at,
    )  # fmt: skip
    enquiries.log(
        session,
        Asked(chain.clock.today(), next(iter(Topic)), next(iter(Channel)), next(iter(EnquiryOutcome)), "", None),
        policy,
        actor=by,
        at=at,
    )
    incidents.record(
        session,
        kind=next(iter(IncidentKind)),
        words="Invented",
        aware_at=at - timedelta(hours=1),
        file=file,
        by=by,
        at=at,
    )


def main(rows: int) -> None:
    tell = sys.stdout.write
    with tempfile.TemporaryDirectory() as folder, home(Path(folder) / "home", fixed(NOON)) as chain:
        people = {role: Browser(chain, role, role.title()) for role in Role}
        began = time.monotonic()
        fill(chain, rows, people[Role.OFFICER])
        tell(f"{rows:,} of each filled in {time.monotonic() - began:.0f} s\n")
        for role, path in PAGES:
            took, own, answer = [], [], None
            start = time.perf_counter()
            people[role].get(path)  # compiles its template, and counts what has changed since it was filled
            first = 1000 * (time.perf_counter() - start)
            for _ in range(TIMES):
                start, cpu = time.perf_counter(), time.process_time()
                answer = people[role].get(path)
                took.append(1000 * (time.perf_counter() - start))
                own.append(1000 * (time.process_time() - cpu))
            assert answer is not None
            p95, mine = quantiles(took, n=20)[-1], quantiles(own, n=20)[-1]
            tell(
                f"{path:<28} {answer.status_code} {len(answer.text) // 1000:>5} kB   p95 {p95:>6.0f} ms, of its own {mine:>6.0f} ms, the first {first:>6.0f} ms\n"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
