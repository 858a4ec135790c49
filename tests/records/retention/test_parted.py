"""Files are joined, something is decided for both as one child, and they are taken apart: neither goes for that."""

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from sqlmodel import Session

from intake.wiring import Paperchain
from records import holds
from records.clock import Clock
from records.holds import HoldKind, Scope
from records.holds import register as hold_register
from records.people import merging, register
from records.policies.settings import load
from records.requests import register as requests
from records.requests.kinds import Closing, Kind, Requester, Route
from records.requests.register import Asking
from records.retention import facts, keeping
from records.vocabulary import Role
from tests.builders import home
from tests.retaining import days_on, family
from tests.reviewing import Browser, text

KIM = "kim"


def kept_back(session: Session, chain: Paperchain, file_id: UUID) -> list[str]:
    """What keeps a file: kinds of holds, then the day to which a manager keeps it."""
    file = register.get(session, file_id)
    until = facts.of_file(session, file).kept
    return [
        *sorted(hold.kind for hold in holds.blocking(session, file_id=file.id)),
        *([until.until.isoformat()] if until else []),
    ]


def test_what_was_decided_for_both_keeps_each_of_them(tmp_path: Path, clock: Clock) -> None:
    """R44, R45, R68, W40: a claim, a request that is open and one that was answered, and a decision to keep longer. What was placed on one
    before they were joined stays its own."""
    with home(tmp_path / "home", clock) as chain:
        first, second = family(chain), family(chain, "Rowan Canarytwo", "Morgan Canarytwo")
        now, today, policy = chain.clock.now(), chain.clock.today(), load("westminster", chain.clock.today())
        rules = facts.rules(chain.policy_on, today)
        with chain.db.writing() as session:
            one, two = register.get(session, first), register.get(session, second)
            holds.place(
                session, kind=HoldKind.FOI, scope=Scope.FILE, subject_id=two.id, authority="A newspaper", reason="Before.", by=KIM, at=now
            )  # fmt: skip
        later = days_on(chain, 1)
        with later.db.writing() as session:
            one, two = register.get(session, first), register.get(session, second)
            now = later.clock.now()
            joining = merging.merge(session, one, two, why="The same birth date.", by=KIM, at=now)
            holds.place(
                session, kind=HoldKind.COURT, scope=Scope.FILE, subject_id=one.id, authority="County court", reason="A claim of Rowan.", by=KIM, at=now
            )  # fmt: skip
            keeping.keep_to(session, one, date(2040, 1, 1), "They asked for it.", rules=rules, by=KIM, at=now)
            asked = [
                requests.record(
                    session, kind=kind, route=Route.POST, requester=Requester.PARENT, asking=Asking("Morgan Testwood", "All of it"),
                    received_on=today, by=KIM, at=now, file=two,
                )
                for kind in (Kind.ACCESS, Kind.COMPLAINT)
            ]  # fmt: skip
            requests.close(
                session, asked[1], Closing.DONE, hold_months=policy.periods.hold_after_request_months, by=KIM, at=now
            )
            number = one.number
        who = Browser(later, Role.OFFICER, "Lee")
        assert who.post(f"/files/{number}/people/apart/{joining}", {}).status_code == 303
        assert "stays so on both" in text(who.get(f"/files/{number}/people"))
        with later.db.reading() as session:
            mine, theirs = (register.get(session, each) for each in (first, second))
            assert not merging.joined(session, mine)
            assert kept_back(session, later, first) == ["complaint", "court", "request", "2040-01-01"]
            assert kept_back(session, later, second) == ["complaint", "court", "foi", "request", "2040-01-01"]
            twin = next(hold for hold in holds.blocking(session, file_id=theirs.id) if hold.kind is HoldKind.COURT)
            words = hold_register.written(session, twin.id)
            assert "Rowan" not in words.reason and "court" not in words.authority
            ends = {
                hold.ends_on
                for each in (mine, theirs)
                for hold in holds.blocking(session, file_id=each.id)
                if hold.running_out
            }
            assert len(ends) == 1
            assert "They asked" not in keeping.decisions(session, theirs)[0][1]
        # The answer lets both go, after the time to complain.
        with later.db.writing() as session:
            row = requests.get(session, asked[0].number)
            requests.close(
                session, row, Closing.TAKEN_BACK, hold_months=3, by=KIM, at=later.clock.now() + timedelta(hours=1)
            )
        with later.db.reading() as session:
            assert kept_back(session, later, second) == ["complaint", "court", "foi", "2040-01-01"]
