"""What the lists of the desk cost when each is long: `python -m tests.bench.lists [ROWS] [--policy northamptonshire] [--seen] [--page PART …]`.

Prints figures; asserts nothing. Fills a home with so many files, people, tasks, enquiries, referrals, requests, requests to look at another
agency's records, holds, incidents (with the holds that they bring), post, papers and entries of the audit. Then it asks for each page that
needs no number, and for the pages of one file, as each role, signed in, on the whole desk in this process: once, then `TIMES` more. "Own" is
the processor's time, the median, which other programs hardly change; with `--seen` each page's first words are printed too.
"""

import argparse
import re
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from uuid import uuid4

from sqlmodel import Session

from intake.wiring import Paperchain
from records import holds, tasks
from records.cases import enquiries, referrals
from records.cases.enquiries import Asked
from records.cases.referrals import Told
from records.cases.words import Capacity, Channel, EnquiryOutcome, Topic
from records.clock import fixed
from records.consents import bodies, looking
from records.consents import standing as consents
from records.consents.items import Category
from records.custody import cabinets, originals
from records.custody.places import Place
from records.custody.proposal import Proposal, ProposalKind
from records.documents import holdings
from records.documents.envelope import new_key
from records.holds.kinds import HoldKind, Scope
from records.people import register
from records.people.birthdates import BirthDate
from records.people.tables import ChildFile
from records.policies.settings import Policy
from records.post import inbox
from records.post.tables import Page, Part
from records.requests import incidents
from records.requests import register as requests
from records.requests.breach import IncidentKind
from records.requests.kinds import Kind, Requester, Route
from records.requests.register import Asking
from records.vocabulary import ItemState, PartKind, PartState, Role, Source
from tests.bench.multiplying import multiply
from tests.builders import home
from tests.conftest import NOON
from tests.naughty.standing import unsynced
from tests.reviewing import Browser

TIMES = 5
IN_ONE = 100
"""So many rows are written in one transaction."""
MADE = 200
"""So many are made as pages make them; the rest are copies of these."""
OF_ONE_FILE = (
    "",
    "/people",
    "/contacts",
    "/history",
    "/requests",
    "/notes",
    "/originals",
    "/several",
    "/access",
    "/who-looked",
    "/told",
    "/letters",
)
FURTHER = (
    "/tasks?page=150",
    "/incidents?page=150",
    "/retention/holds?page=150",
    "/originals?page=150",
    "/requests?page=150",
    "/enquiries?page=150",
    "/post?page=150",
)


def fill(chain: Paperchain, rows: int, officers: list[Browser]) -> None:
    """Everything through the functions that pages call. Most belongs to the first officer; the second has every fourth file."""
    policy = chain.policy()
    for start in range(0, rows, IN_ONE):
        with chain.db.writing() as session:
            for number in range(start, min(rows, start + IN_ONE)):
                _one(session, chain, number, officers[number % 4 == 3], policy)
    with chain.db.writing() as session:
        for cabinet in cabinets.in_use(session, policy.periods.lock_check_days):
            cabinets.check(session, cabinet.name, locked=True, by=str(officers[0].id), at=chain.clock.now())


def _one(session: Session, chain: Paperchain, number: int, officer: Browser, policy: Policy) -> None:
    by, at, today = str(officer.id), chain.clock.now(), chain.clock.today()
    file = register.open_file(
        session, officer_id=officer.id, child_name=f"Invented Child {number}", actor=by, at=at, number=number + 1
    )
    born = BirthDate.on(today - timedelta(days=3000 + number % 3000))
    register.add_birth_date(session, file, born, part_id=None, actor=by, at=at)
    tasks.raise_task(
        session, kind="bench", file_id=file.id, due=today + timedelta(days=number % 90), words="Ask the family again.",
        for_officer=None, raised_by=by, at=at,
    )  # fmt: skip
    asked = Asked(today, next(iter(Topic)), next(iter(Channel)), next(iter(EnquiryOutcome)), "", None)
    enquiries.log(session, asked, policy, actor=by, at=at)
    told = Told(f"Held Child {number}", "", "A Referrer", "A School", "01632 960001", "A school place")
    referrals.log(session, told, Capacity.PARENT, None, policy, received_on=today, today=today, actor=by, at=at)
    knew = at - timedelta(hours=1)
    incidents.record(session, kind=next(iter(IncidentKind)), words="Invented", aware_at=knew, file=file, by=by, at=at)
    holds.place(
        session, kind=HoldKind.COURT, scope=Scope.FILE, subject_id=file.id, authority="A court", reason="Invented", by=by, at=at
    )  # fmt: skip
    requests.record(
        session, kind=Kind.CORRECTION, route=Route.EMAIL, requester=Requester.PARENT, asking=Asking("A Parent", words="Invented"),
        received_on=today - timedelta(days=number % 20), by=by, at=at, file=file,
    )  # fmt: skip
    _look(session, file, chain, policy, by, at)
    _paper(session, file, chain, number, by, at)


def _look(session: Session, file: ChildFile, chain: Paperchain, policy: Policy, by: str, at: datetime) -> None:
    today = chain.clock.today()
    carer = register.add_person(session, file, kind=register.CARER, name="An Invented Carer", actor=by, at=at).id
    body = bodies.add(session, file, Category.HEALTH, "The Invented Clinic", since=today, actor=by, at=at)
    session.flush()
    wish = looking.Asked(uuid4(), body, carer, carer, "The hearing test", today, consents.Route.TELEPHONE)
    looking.ask(session, file, wish, policy=policy, actor=by, at=at)


def _paper(session: Session, file: ChildFile, chain: Paperchain, number: int, by: str, at: datetime) -> None:
    """An item of post that was filed, and its paper; every fourth item waits to be sorted, and every fourth paper to be put away."""
    key, key_id = new_key(), uuid4()
    scan = holdings.put(chain.store, key, [b"an invented scan"], "application/octet-stream")
    item = inbox.take_in(
        session, claim_id=uuid4(), key_id=key_id, key=key, scan=scan, name="invented.pdf", source=Source.FOLDER, actor=by, at=at,
    )  # fmt: skip
    inbox.move(session, item, ItemState.READING, actor="system", at=at)
    waits = number % 4 == 0
    part = Part(
        item_id=item.id, kind=PartKind.OTHER, state=PartState.TO_SORT if waits else PartState.FILED, read_at=at, file_id=None if waits else file.id
    )  # fmt: skip
    session.add(part)
    item.pages, item.read_at = 1, at
    session.flush()
    session.add(
        Page(
            item_id=item.id,
            part_id=part.id,
            number=1,
            sheet=1,
            kind="other",
            picture_id=uuid4(),
            width=1240,
            height=1754,
        )
    )
    inbox.settle(session, item, actor="system", at=at)
    proposal = Proposal(ProposalKind.CABINET, None, "The family asked us to keep it on file.", "N16")
    paper = originals.Paper(item.id, part.id, file.id, 1, "keep")
    made = originals.log(
        session, paper, number=inbox.next_number(session, "original"), proposal=proposal, policy_version="1", legible=True, actor=by, at=at
    )  # fmt: skip
    if number % 4:
        place = Place(str(1 + number % 3), str(1 + number % 4), f"PC-{number + 1:04d}")
        originals.put_away(session, made, place, actor=by, at=at, version=made.version)


def pages_of(who: Browser) -> list[str]:
    """Every page that needs no number, the later pages of long lists, and the pages of the first file."""
    rules = who.app.state.rules
    plain = sorted(path for method, path in rules if method == "GET" and "{" not in path and "." not in path)
    return [*plain, *FURTHER, *(f"/files/1{end}" for end in OF_ONE_FILE), "/files?q=Invented+Child+77"]


def ask(who: Browser, path: str) -> tuple[int, str, float, float, float]:
    """Status, the words of the page, and milliseconds: the first time, the median of the times after, the median of own time."""
    started = time.perf_counter()
    answer = who.get(path)
    first, took, own = 1000 * (time.perf_counter() - started), [0.0], [0.0]
    if answer.status_code == 200 and answer.headers["content-type"].startswith("text/html"):
        took, own = [], []
        for _ in range(TIMES):
            started, cpu = time.perf_counter(), time.process_time()
            answer = who.get(path)
            took.append(1000 * (time.perf_counter() - started))
            own.append(1000 * (time.process_time() - cpu))
    return answer.status_code, answer.text, first, median(took), median(own)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("rows", nargs="?", type=int, default=10_000)
    asked.add_argument("--policy", default="westminster")
    asked.add_argument("--seen", action="store_true", help="print what each page says first")
    asked.add_argument("--page", nargs="*", default=[""], help="only pages whose address holds one of these")
    wanted, tell = asked.parse_args(), sys.stdout.write
    with (
        tempfile.TemporaryDirectory() as folder,
        home(Path(folder) / "home", fixed(NOON), service__policy=wanted.policy) as chain,
    ):
        people = {role: Browser(chain, role, role.title()) for role in Role}
        began = time.monotonic()
        unsynced(chain)
        fill(chain, min(wanted.rows, MADE), [people[Role.OFFICER], Browser(chain, Role.OFFICER, "Sam")])
        multiply(chain, max(1, wanted.rows // MADE))
        tell(f"{wanted.policy}: {wanted.rows:,} of each filled in {time.monotonic() - began:.0f} s\n")
        for role, who in people.items():
            for path in (each for each in pages_of(who) if any(part in each for part in wanted.page)):
                status, text, first, took, own = ask(who, path)
                rows = text.count("<tr") + len(re.findall(r"<li\b", text.partition("<main")[2]))
                tell(
                    f"{role:<8} {path:<34} {status} {len(text) // 1000:>5} kB {rows:>5} rows   first {first:>6.0f} ms, then {took:>5.0f}, own {own:>5.0f}\n"
                )
                if wanted.seen and status == 200:
                    tell(f"         {' '.join(re.sub(r'<[^>]+>', ' ', text.partition('<main')[2]).split())[:600]}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
