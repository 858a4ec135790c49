"""R46, G8: before a change of the keeping time is saved, the page says what it would do, by what the destroyer itself asks."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from intake.wiring import Paperchain
from records.clock import Clock
from records.desk import policy_view
from records.retention import policy_preview
from records.retention.tables import KeepDecision
from tests import builders
from tests.retaining import MANAGER, family


@pytest.fixture
def chain(tmp_path: Path, clock: Clock) -> Iterator[Paperchain]:
    with builders.home(tmp_path / "home", clock) as made:
        yield made


def test_months_after_the_last_contact_move_dates_and_the_page_says_so(chain: Paperchain) -> None:
    """R36: reached at 26; the last contact was the form of this November."""
    family(chain)
    rule = chain.policy().retention
    then = replace(rule, months_after_last_contact=12)
    with chain.db.reading() as session:
        (shift,) = policy_preview.shifts(session, replace(rule, months_after_last_contact=0), then)
    assert (shift.now, shift.then) == (date(2025, 5, 14), date(2027, 11, 20))
    assert policy_preview.in_sentences([shift], date(2026, 12, 1)) == ["1 file will have a later keep-until date."]
    assert "months_after_last_contact" in policy_view.MOVES_DATES


def test_what_a_manager_decided_to_keep_longer_is_not_listed_as_earlier(chain: Paperchain) -> None:
    file = family(chain, born=date(2010, 5, 14))
    with chain.db.writing() as session:
        session.add(
            KeepDecision(
                file_id=file, until=date(2040, 1, 1), sealed=b"", decided_by=MANAGER, decided_at=chain.clock.now()
            )
        )
    rule = chain.policy().retention
    with chain.db.reading() as session:
        found = policy_preview.shifts(session, rule, replace(rule, age=21))
    assert [(shift.now, shift.then) for shift in found] == [(date(2040, 1, 1), date(2040, 1, 1))]
    assert policy_preview.earlier(found) == []
