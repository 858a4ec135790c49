"""N3: the running service erases what is due by itself, and twice is once."""

from datetime import timedelta
from pathlib import Path

from sqlmodel import select

from intake import daily
from records.cases.tables import Referral
from records.cases.words import ReferralState
from records.clock import Clock, fixed
from tests import builders
from tests.records.cases.conftest import TOLD, from_school


def test_the_running_service_erases_a_referral_on_its_day(tmp_path: Path, clock: Clock) -> None:
    with builders.home(tmp_path / "home", clock) as chain:
        with chain.db.writing() as session:
            from_school(session, chain.policy(), clock)
        for days, left in (
            (0, ReferralState.HOLDING),
            (27, ReferralState.HOLDING),
            (28, ReferralState.ERASED),
            (28, ReferralState.ERASED),
        ):
            later = fixed(clock.now() + timedelta(days=days))
            assert "referrals" not in daily.run_due(builders.at(chain, later))
            with chain.db.reading() as session:
                [row] = session.exec(select(Referral)).all()
                assert (days, row.state) == (days, left)
    for place in (tmp_path / "home").rglob("*"):
        assert not place.is_file() or TOLD.child.encode() not in place.read_bytes()
