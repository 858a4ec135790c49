"""Written dates: day first always, and no day where there is doubt."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.dates import NoDate, Written, read

DAYS = {
    "1/2/2025": date(2025, 2, 1),
    "01/02/2025": date(2025, 2, 1),
    "12/11/2024": date(2024, 11, 12),
    "31/12/1999": date(1999, 12, 31),
    "29/02/2024": date(2024, 2, 29),
    "29/2/24": date(2024, 2, 29),
    "1.2.25": date(2025, 2, 1),
    "1-2-25": date(2025, 2, 1),
    "1 2 25": date(2025, 2, 1),
    "01022025": date(2025, 2, 1),
    "31122024": date(2024, 12, 31),
    "Date: 07/09/2026": date(2026, 9, 7),
    " 7 / 9 / 2026 ": date(2026, 9, 7),
    "7\\9\\2026": date(2026, 9, 7),
    "|07|09|2026|": date(2026, 9, 7),
    "07,09,2026": date(2026, 9, 7),
    "30/4/00": date(2000, 4, 30),
    "1/1/1900": date(1900, 1, 1),
}
NOT_DAYS = {
    "": "No figures",
    "signed": "No figures",
    "13": "do not make",
    "13/2": "do not make",
    "13/2/": "do not make",
    "2025": "do not make",
    "010225": "do not make",
    "1/2/025": "do not make",
    "1/2/3/2025": "do not make",
    "111/2/2025": "do not make",
    "30/02/2025": "no such day",
    "29/02/2025": "no such day",
    "31/04/2025": "no such day",
    "02/13/2025": "no such day",
    "00/01/2025": "no such day",
    "01/00/2025": "no such day",
    "32/01/2025": "no such day",
    "1/2/1066": "year cannot be right",
    "1/2/9025": "year cannot be right",
}


@pytest.mark.parametrize(("text", "day"), DAYS.items())
def test_reads_day_month_year(text: str, day: date) -> None:
    assert read(text) == Written(day)


@pytest.mark.parametrize(("text", "reason"), NOT_DAYS.items())
def test_says_why_it_is_no_day(text: str, reason: str) -> None:
    found = read(text)
    assert isinstance(found, NoDate)
    assert reason in found.reason


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.sampled_from(["/", ".", "-", " ", " / "]))
def test_every_day_survives_being_written(day: date, between: str) -> None:
    assert read(day.strftime(f"%d{between}%m{between}%Y")) == Written(day)


@given(st.text(max_size=40))
def test_never_fails(text: str) -> None:
    assert isinstance(read(text), Written | NoDate)
