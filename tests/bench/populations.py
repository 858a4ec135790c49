"""P11 over many populations: `python -m tests.bench.populations [ROUNDS] [FILES]`. Prints figures and fails at the first wrong byte.

Each round adds files with drawn birth dates (among them 29 February, part dates and none), approves some that are due, lets something
happen to some of them in the days of grace (a hold, a later birth date, a manager's word to keep, taken off the list), and runs. What must
go is worked out here, by a birthday's arithmetic of its own. Then the files that are left, the names in the store and every byte of what
stays must be exactly as expected. All people are invented.
"""

import random
import sys
import tempfile
from calendar import isleap
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from uuid import UUID, uuid4

from sqlmodel import select

from intake.wiring import Paperchain
from records.clock import LONDON, fixed
from records.documents import holdings, keyring
from records.documents.tables import Document
from records.holds import register as holds
from records.holds.kinds import HoldKind, Scope
from records.people import register
from records.people.birthdates import BirthDate
from records.people.tables import ChildFile
from records.retention import disposal, facts, keeping
from records.retention.disposal import TakeOff
from records.vocabulary import DocumentKind
from tests.builders import at, home
from tests.retaining import MANAGER, OFFICER, approved, days_on, run_over

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
MOST_LISTED = 15


def birthday_25(born: date) -> date:
    """The first day at 25, by hand."""
    year = born.year + 25
    return (
        date(year, 3, 1) if (born.month, born.day) == (2, 29) and not isleap(year) else date(year, born.month, born.day)
    )


def drawn(rng: random.Random, today: date) -> BirthDate | None:
    """A birth date about 25 years ago: near the edge as often as not."""
    kind = rng.random()
    if kind < 0.1:
        return None
    around = date(today.year - 25, 3, 1) if kind < 0.2 else today - timedelta(days=9131 + rng.randint(-4000, 400))
    if kind < 0.2:
        leap = next(year for year in range(around.year, 1990, -1) if isleap(year))
        return BirthDate.on(date(leap, 2, 29))
    if kind < 0.3:
        return BirthDate(around.replace(day=1), around.replace(day=28))
    return BirthDate.on(
        around
        if kind < 0.7
        else date(today.year - 25, today.month, 1) + timedelta(days=today.day - 1 + rng.randint(-3, 3))
    )


def add(chain: Paperchain, rng: random.Random, number: int) -> tuple[UUID, BirthDate | None]:
    now, born = chain.clock.now(), drawn(rng, chain.clock.today())
    with chain.db.writing() as session:
        name = f"Rowan Population{number}"
        file = register.open_file(session, officer_id=uuid4(), child_name=name, actor=OFFICER, at=now, number=number)
        register.add_birth_date(session, file, born, part_id=None, actor=OFFICER, at=now)
        key = keyring.open_key(session, file.key_id)
        for page in range(rng.randint(1, 3)):
            stored = holdings.put(chain.store, key, [rng.randbytes(600)], "image/png")
            holdings.hold(
                session, stored, kind=DocumentKind.PAGE, key_id=file.key_id, at=now, file_id=file.id, page=page
            )
        return file.id, born


def happen(chain: Paperchain, rng: random.Random, file_id: UUID, list_number: int) -> bool:
    """Something, or nothing, in the days of grace; whether the file must stay for it."""
    what, now = rng.choice(("nothing", "nothing", "hold", "born", "keep", "off")), chain.clock.now()
    with chain.db.writing() as session:
        file = session.get_one(ChildFile, file_id)
        match what:
            case "hold":
                holds.place(
                    session, kind=HoldKind.COURT, scope=Scope.FILE, subject_id=file_id, authority="A court", reason="A claim.", by=MANAGER,
                    at=now,
                )  # fmt: skip
            case "born":
                later = BirthDate.on(chain.clock.today() - timedelta(days=3650))
                register.add_birth_date(session, file, later, part_id=None, actor=OFFICER, at=now)
            case "keep":
                until = chain.clock.today() + timedelta(days=400)
                rules = facts.rules(chain.policy_on, chain.clock.today())
                keeping.keep_to(session, file, until, "Still needed.", rules=rules, by=MANAGER, at=now)
            case "off":
                disposal.take_off(session, list_number, file.number, TakeOff.STILL_NEEDED, by=OFFICER, at=now)
    return what != "nothing"


def stored(chain: Paperchain) -> tuple[set[UUID], dict[str, bytes], dict[UUID, set[str]]]:
    """Every file, every byte in the store, and which file each document belongs to."""
    with chain.db.reading() as session:
        files = set(session.exec(select(ChildFile.id)))
        owned: dict[UUID, set[str]] = {}
        for file_id, blob in session.exec(select(Document.file_id, Document.blob)):
            if file_id is not None:
                owned.setdefault(file_id, set()).add(blob)
    return files, {name: chain.store.get(name) for name in chain.store.names()}, owned


def main() -> None:
    given = [int(text) for text in sys.argv[1:3]]
    rounds, each = (given + [200, 50][len(given) :])[:2]
    gone_in_all = kept_in_all = early = 0
    with tempfile.TemporaryDirectory() as place, home(Path(place), fixed(START)) as first:
        began = perf_counter()
        for turn in range(rounds):
            rng = random.Random(turn)
            chain = at(first, fixed(START + timedelta(days=33 * turn)))
            made = dict(add(chain, rng, turn * each + place) for place in range(1, each + 1))
            today = chain.clock.now().astimezone(LONDON).date()
            due = [one for one, born in made.items() if born is not None and birthday_25(born.latest) <= today]
            some = rng.sample(due, min(len(due), rng.randint(1, MOST_LISTED)))
            if not some:
                continue
            number = approved(chain, *some)
            going = {one for one in some if not happen(chain, rng, one, number)}
            files, blobs, owned = stored(chain)
            run_over(days_on(chain, 32), by=MANAGER)
            after, left, _ = stored(chain)
            lost = {name for one in going for name in owned.get(one, set())}
            assert files - after == going, turn
            assert left == {name: data for name, data in blobs.items() if name not in lost}, turn
            early += sum(
                birthday_25(born.latest) > today for one in files - after if (born := made.get(one)) is not None
            )
            gone_in_all, kept_in_all = gone_in_all + len(going), kept_in_all + len(after)
            if turn % 10 == 9:
                print(
                    f"{turn + 1} populations: {gone_in_all} files destroyed as approved, {perf_counter() - began:.0f} s",
                    flush=True,
                )
        print(
            f"{rounds} populations, {rounds * each:,} files: destroyed exactly the {gone_in_all} that had to go, "
            f"0 others, {early} early; {len(left):,} documents left, each byte as it was; {perf_counter() - began:.0f} s"
        )


if __name__ == "__main__":
    main()
