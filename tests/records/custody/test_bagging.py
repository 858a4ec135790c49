"""P10, R54, R55: each missing condition alone keeps a paper out of waste, with its reason in words."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.custody.bagging import CONDITIONS, Condition, PaperFacts, missing
from records.custody.moves import Custody

FREE = PaperFacts(
    state=Custody.HELD, policy_destroys=True, wait_until=date(2026, 12, 24), today=date(2026, 12, 24), checked_by="somebody",
    pages_in=2, pages_kept=2, unseen=0, fixity=True, requests=(), holds=(), irreplaceable=None, asked_to_keep=False,
    reading_settled=True, backup_needed=True, in_verified_backup=True, shares_sheets_with=(),
)  # fmt: skip
HOLD = "This paper is on hold until 1 May 2027, so it cannot go in confidential waste."
ONE_MISSING: list[tuple[Condition, dict[str, Any], str]] = [
    (Condition.IN_HAND, {"state": Custody.TO_RETURN}, "It is not in our hands"),
    (Condition.POLICY, {"policy_destroys": False}, "not for confidential waste"),
    (Condition.LEGIBLE, {"checked_by": None}, "check that the picture shows the whole paper"),
    (Condition.PAGES, {"pages_kept": 1}, "2 pages were scanned with it, but 1 pictures are kept"),
    (Condition.PAGES, {"pages_in": None}, "never counted"),
    (Condition.PAGES, {"unseen": 1}, "One side of its sheets has not been looked at"),
    (Condition.FIXITY, {"fixity": False}, "does not match its fingerprint"),
    (Condition.WAITED, {"today": date(2026, 12, 23)}, "may go in confidential waste from 24 December 2026"),
    (Condition.WAITED, {"wait_until": None}, "No waiting time was set"),
    (Condition.CLOCK, {"clock_doubt": "The clock went back."}, "Nobody can say that its waiting time has passed"),
    (Condition.NO_REQUEST, {"requests": ("It was asked for: see return R-3.",)}, "see return R-3"),
    (Condition.NO_HOLD, {"holds": (HOLD,)}, HOLD),
    (Condition.REPLACEABLE, {"irreplaceable": "photograph"}, "It cannot be replaced (photograph)"),
    (Condition.NOT_KEPT, {"asked_to_keep": True}, "kept for the family or given back"),
    (Condition.SETTLED, {"reading_settled": False}, "not settled yet"),
    (Condition.BACKED_UP, {"in_verified_backup": False}, "not yet in a backup that was checked"),
    (Condition.BACKED_UP, {"in_verified_backup": None}, "not yet in a backup that was checked"),
    (Condition.UNSHARED, {"shares_sheets_with": (7, 9)}, "also O-7 and O-9"),
]


def test_a_paper_with_every_condition_may_go() -> None:
    assert missing(FREE) == ()


@pytest.mark.parametrize(("condition", "change", "words"), ONE_MISSING)
def test_each_missing_condition_alone_blocks_and_says_why(
    condition: Condition, change: dict[str, Any], words: str
) -> None:
    found = missing(replace(FREE, **change))
    assert [one.condition for one in found] == [condition]
    assert words in found[0].reason
    assert found[0].reason.endswith(".")
    assert found[0].rule


def test_every_condition_is_in_the_table_of_what_blocks_alone() -> None:
    assert {condition for condition, _, _ in ONE_MISSING} == set(Condition) == set(CONDITIONS)


def test_a_backup_is_asked_for_only_where_the_service_wants_it() -> None:
    assert missing(replace(FREE, backup_needed=False, in_verified_backup=None)) == ()


@given(st.sets(st.sampled_from(range(len(ONE_MISSING))), min_size=1))
def test_nothing_that_is_missing_is_ever_left_unsaid(chosen: set[int]) -> None:
    facts = FREE
    for place in chosen:
        facts = replace(facts, **ONE_MISSING[place][1])
    assert {one.condition for one in missing(facts)} == {ONE_MISSING[place][0] for place in chosen}
