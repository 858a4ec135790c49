"""Managers are asked to review the policy before its day, and only a recorded review puts it off (S15, W56, W58)."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from intake import policy_review
from intake.wiring import Paperchain
from records.clock import fixed
from records.errors import RefusedByRule
from records.policies import book
from records.policies.reading import JsonValue
from records.policies.reviewing import Capacity, Outcome
from records.policies.reviews import Reviewed
from records.tasks import policy_reviews, register
from records.tasks.tables import TaskRow
from tests.builders import at, home
from tests.conftest import NOON
from tests.reviewing import Browser, rows

WORDS = "Review the service’s policy, and record the review. It is due every 12 months, and whenever data protection law changes (S15)"
DUE = date(2027, 11, 20)


@pytest.fixture(params=["westminster", "northamptonshire"])
def chain(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Paperchain]:
    with home(tmp_path / "home", fixed(NOON), service__policy=request.param) as chain:
        Browser(chain)  # the first entry of the record
        yield chain


def later(chain: Paperchain, days: int) -> Paperchain:
    return at(chain, fixed(NOON + timedelta(days=days)))


def open_tasks(chain: Paperchain) -> list[tuple[date, str]]:
    return [(row.due, row.words) for row in rows(chain, TaskRow) if row.closed_at is None]


def review(chain: Paperchain, on: date) -> None:
    done = Reviewed(uuid4(), on, "Pat Example", Capacity.MANAGER, Outcome.NO_CHANGE)
    with chain.db.writing() as session:
        policy_reviews.record(
            session, chain.book.versions, chain.policy(), done, policy_version="1", today=chain.clock.today(), by="pat",
            at=chain.clock.now(),
        )  # fmt: skip


def change(chain: Paperchain, code: str, value: JsonValue) -> None:
    with chain.db.writing() as session:
        book.record(
            session, chain.book.versions, code=code, value=value, begins=chain.clock.today(), reason="The board asks for it", seen=0,
            actor="x", at=chain.clock.now(), today=chain.clock.today(),
        )  # fmt: skip
    chain.book.forget()


def late(chain: Paperchain) -> bool:
    with chain.db.reading() as session:
        return policy_reviews.late(session, chain.book.versions, chain.policy(), chain.clock.today()).yearly


def test_it_is_asked_four_weeks_before_its_day_once_and_is_overdue_after_it(chain: Paperchain) -> None:
    assert [policy_review.ask(later(chain, day)) for day in (0, 336, 337, 337, 365, 400)] == [
        False, False, True, False, False, False,
    ]  # fmt: skip
    assert open_tasks(chain) == [(DUE, WORDS)]
    assert [late(later(chain, day)) for day in (0, 365, 366)] == [False, False, True]


def test_a_change_of_a_setting_puts_no_review_off(chain: Paperchain) -> None:
    """Whoever changed a number has not reviewed the policy."""
    change(later(chain, 100), "S9", 14)
    assert policy_review.ask(later(chain, 337))
    assert open_tasks(chain)[0][0] == DUE
    assert late(later(chain, 366))


def test_a_tick_ends_no_review_and_a_task_ticked_in_an_older_release_stands_for_none(chain: Paperchain) -> None:
    due = later(chain, 365)
    with due.db.writing() as session:
        old = register.raise_task(
            session, kind=register.REVIEW, file_id=None, due=DUE, words="Look through it", for_officer=None, raised_by="system",
            at=due.clock.now(), key=f"policy_review:{DUE}",
        )  # fmt: skip
        register.close(session, old, "pat", due.clock.now())
    assert policy_review.ask(due)
    [task] = [row for row in rows(due, TaskRow) if row.closed_at is None]
    with pytest.raises(RefusedByRule, match="when the review is recorded"), due.db.writing() as session:
        register.tick(session, task.id, "pat", due.clock.now())
    assert open_tasks(due) == [(DUE, WORDS)]
    assert late(later(chain, 366))


def test_an_open_task_of_an_older_release_gives_way_to_one_with_the_true_day(chain: Paperchain) -> None:
    soon = later(chain, 340)
    with soon.db.writing() as session:
        register.raise_task(
            session, kind=register.REVIEW, file_id=None, due=soon.clock.today(), words="Look through it", for_officer=None,
            raised_by="system", at=soon.clock.now(), key=f"policy_review:{soon.clock.today()}",
        )  # fmt: skip
    assert policy_review.ask(soon)
    assert open_tasks(soon) == [(DUE, WORDS)]


def test_a_recorded_review_ends_the_task_and_the_next_is_due_a_year_after_it(chain: Paperchain) -> None:
    assert policy_review.ask(later(chain, 365))
    review(later(chain, 380), DUE + timedelta(days=10))
    assert open_tasks(chain) == []
    assert not policy_review.ask(later(chain, 380))
    assert policy_review.ask(later(chain, 365 + 10 + 366))
    assert open_tasks(chain)[0][0] == date(2028, 11, 30)


def test_an_older_review_recorded_late_moves_nothing(chain: Paperchain) -> None:
    review(later(chain, 10), NOON.date() + timedelta(days=8))
    review(later(chain, 20), NOON.date() + timedelta(days=2))
    with chain.db.reading() as session:
        assert policy_reviews.due(session, chain.book.versions, chain.policy()) == date(2027, 11, 28)


def test_reviewed_on_29_february_it_is_due_on_28_february_and_overdue_on_1_march(chain: Paperchain) -> None:
    leap = date(2028, 2, 29)
    review(later(chain, (leap - NOON.date()).days), leap)
    on = {day: later(chain, (day - NOON.date()).days) for day in (date(2029, 2, 28), date(2029, 3, 1))}
    assert [late(each) for each in on.values()] == [False, True]
    assert policy_review.ask(on[date(2029, 2, 28)])
    assert open_tasks(chain) == [(date(2029, 2, 28), WORDS)]


def test_the_setting_says_how_often_and_the_task_follows_it(chain: Paperchain) -> None:
    assert policy_review.ask(later(chain, 340))
    change(later(chain, 341), "S15", {"months": 24, "on_law_change": False})
    assert not policy_review.ask(later(chain, 341))
    assert open_tasks(chain) == []
    assert policy_review.ask(later(chain, 730))
    assert open_tasks(chain) == [
        (date(2028, 11, 20), "Review the service’s policy, and record the review. It is due every 24 months (S15)")
    ]


@pytest.mark.parametrize(
    ("on", "reviewer", "outcome", "version", "words"),
    [
        (NOON.date(), "  ", Outcome.NO_CHANGE, "", "Enter who reviewed the policy"),
        (NOON.date() + timedelta(days=1), "Pat", Outcome.NO_CHANGE, "", "must not be in the future"),
        (NOON.date(), "Pat", Outcome.NEW_VERSION, " ", "Name the new version"),
        (NOON.date(), "Pat", Outcome.NO_CHANGE, "2", "none if nothing changes"),
    ],
)
def test_what_is_no_review_is_not_recorded(
    chain: Paperchain, on: date, reviewer: str, outcome: Outcome, version: str, words: str
) -> None:
    done = Reviewed(uuid4(), on, reviewer, Capacity.BOARD, outcome, version)
    with pytest.raises(RefusedByRule, match=words), chain.db.writing() as session:
        policy_reviews.record(
            session, chain.book.versions, chain.policy(), done, policy_version="1", today=NOON.date(), by="pat", at=NOON
        )  # fmt: skip
