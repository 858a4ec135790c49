"""Managers are asked to look through the policy when its time has come (S15, W56)."""

from datetime import timedelta
from pathlib import Path

from intake import policy_review
from intake.wiring import Paperchain
from records.clock import fixed
from records.policies import book
from records.tasks import register
from records.tasks.tables import TaskRow
from tests.builders import at, home
from tests.conftest import NOON
from tests.reviewing import Browser, rows


def later(chain: Paperchain, days: int) -> Paperchain:
    return at(chain, fixed(NOON + timedelta(days=days)))


def test_it_is_asked_twelve_months_after_the_service_began_and_then_each_year(tmp_path: Path) -> None:
    with home(tmp_path / "home", fixed(NOON)) as chain:
        Browser(chain)  # the first entry of the record
        assert [policy_review.ask(later(chain, day)) for day in (0, 364, 365, 365, 366)] == [
            False,
            False,
            True,
            False,
            False,
        ]
        [task] = rows(chain, TaskRow)
        assert (task.for_officer, task.file_id, task.words) == (
            None, None, "Look through the service’s policy on Settings. It is due every 12 months, and whenever data protection law changes (S15)",
        )  # fmt: skip
        with chain.db.writing() as session:
            register.close(session, task.id, by="x", at=later(chain, 370).clock.now())
        assert [policy_review.ask(later(chain, day)) for day in (371, 729, 731)] == [False, False, True]


def test_a_change_of_the_policy_counts_as_a_look_at_it_and_the_setting_says_how_often(tmp_path: Path) -> None:
    with home(tmp_path / "home", fixed(NOON)) as chain:
        Browser(chain)
        changed = later(chain, 100)
        with chain.db.writing() as session:
            book.record(
                session, chain.book.versions, code="S15", value={"months": 2, "on_law_change": False}, begins=changed.clock.today(),
                reason="The board asks for it", seen=0, actor="x", at=changed.clock.now(), today=changed.clock.today(),
            )  # fmt: skip
        chain.book.forget()
        assert [policy_review.ask(later(chain, day)) for day in (101, 150, 165)] == [False, False, True]
        assert (
            rows(chain, TaskRow)[0].words
            == "Look through the service’s policy on Settings. It is due every 2 months (S15)"
        )
