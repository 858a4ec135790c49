"""Written dates: day first always, and no day where there is doubt (R39, R41)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.dates import Doubted, Figures, NoDate, Written, birth_date, figures, read, signature_date

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
    "1st November 2024": date(2024, 11, 1),
    "23rd of sept 25": date(2025, 9, 23),
    "4 May 2011": date(2011, 5, 4),
    "12-Jan-2024": date(2024, 1, 12),
}
NOT_DAYS = {
    "": "No figures",
    "signed": "No figures",
    "13": "do not make",
    "4 Mai 2011": "do not make",
    "4 Ma 2011": "do not make",
    "November 1 2024": "do not make",
    "31 April 2025": "no such day",
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


RECEIVED = date(2026, 11, 24)
SIGNED = Figures(20, 11, 2026, short=False)


def of(text: str) -> Figures:
    """The figures of a date that can be read."""
    found = figures(text)
    assert isinstance(found, Figures)
    return found


@pytest.mark.parametrize(
    ("text", "year"),
    [
        pytest.param("15/6/12", 2012, id="child of 14"),
        pytest.param("20/11/02", 2002, id="24, the day before nothing changes"),
        pytest.param("21/11/01", 2001, id="24 for one day more"),
        pytest.param("19/11/26", 2026, id="a day old"),
        pytest.param("29/02/04", 2004, id="29 February"),
    ],
)
def test_two_figures_of_birth_take_the_only_century_that_gives_0_to_24_at_signature(text: str, year: int) -> None:
    """R41."""
    found = birth_date(of(text), SIGNED, RECEIVED)
    assert isinstance(found, Written)
    assert found.day.year == year


@pytest.mark.parametrize("text", ["20/11/01", "15/6/99", "15/6/75", "21/11/26", "15/6/30"])
def test_two_figures_of_birth_are_unknown_when_no_century_fits(text: str) -> None:
    """R41."""
    found = birth_date(of(text), SIGNED, RECEIVED)
    assert isinstance(found, NoDate)
    assert "no century" in found.reason


def test_two_figures_of_birth_without_a_date_of_signing_stay_doubtful() -> None:
    """R41: the century is told by the signature, not by the day the post came."""
    found = birth_date(of("15/6/12"), None, RECEIVED)
    assert isinstance(found, Doubted)
    assert (found.day, "two figures" in found.reason) == (date(2012, 6, 15), True)


@pytest.mark.parametrize(
    ("text", "received", "day"),
    [
        ("20/11/26", RECEIVED, date(2026, 11, 20)),
        ("24/11/26", RECEIVED, date(2026, 11, 24)),
        ("1/2/25", RECEIVED, date(2025, 2, 1)),
        ("31/12/99", date(2103, 1, 5), date(2099, 12, 31)),
    ],
)
def test_two_figures_of_signing_take_the_latest_year_not_after_receipt(text: str, received: date, day: date) -> None:
    """R41."""
    assert signature_date(of(text), received) == Written(day)


def test_two_figures_of_signing_after_receipt_go_back_a_century_and_are_doubted() -> None:
    """R41 gives the year; no form is signed a hundred years before it comes."""
    found = signature_date(of("25/11/26"), RECEIVED)
    assert isinstance(found, Doubted)
    assert found.day == date(1926, 11, 25)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("20/11/2026", "same as the date of signing", id="today's date written twice"),
        pytest.param("21/11/2026", "not before the day of signing", id="after signing"),
        pytest.param("25/11/2026", "in the future", id="after receipt"),
        pytest.param("20/11/2001", "25 or older", id="25th birthday at signing"),
        pytest.param("3/4/1985", "25 or older", id="a parent's"),
    ],
)
def test_an_implausible_birth_date_is_kept_and_doubted(text: str, reason: str) -> None:
    """R39."""
    found = birth_date(of(text), SIGNED, RECEIVED)
    assert isinstance(found, Doubted)
    assert reason in found.reason
    assert read(text) == Written(found.day)


@pytest.mark.parametrize("text", ["21/11/2001", "19/11/2026", "9/3/2012"])
def test_a_plausible_birth_date_is_not_doubted(text: str) -> None:
    """R39: 24 is the oldest, and a day old the youngest."""
    assert isinstance(birth_date(of(text), SIGNED, RECEIVED), Written)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("25/11/2026", "later than the day the form came in"),
        ("24/11/2016", "years or more before"),
        ("1/1/2062", "later"),
    ],
)
def test_an_implausible_date_of_signing_is_doubted(text: str, reason: str) -> None:
    """R39."""
    found = signature_date(of(text), RECEIVED)
    assert isinstance(found, Doubted)
    assert reason in found.reason


def test_both_dates_in_the_future_and_the_same_say_that_one_was_written_twice() -> None:
    """R39: a date of signing that is itself in doubt still tells that the two are one date."""
    twice = of("20/12/2026")
    found = birth_date(twice, twice, RECEIVED)
    assert isinstance(found, Doubted)
    assert "written twice" in found.reason


def test_a_doubted_date_of_signing_tells_no_century() -> None:
    """R41: with an unbelievable signature the century is not known."""
    assert isinstance(birth_date(of("15/6/12"), of("1/1/2062"), RECEIVED), Doubted)


@pytest.mark.parametrize("judge", [lambda f: signature_date(f, RECEIVED), lambda f: birth_date(f, SIGNED, RECEIVED)])
@pytest.mark.parametrize("text", ["31/02/2026", "02/13/2025", "13/13/13", "29/2/2025", "1/1/0999"])
def test_what_is_no_day_stays_none_and_is_never_turned_round(judge: Callable[[Figures], object], text: str) -> None:
    """R39, R41: never month first, even where that alone would make a day."""
    assert isinstance(judge(of(text)), NoDate)


written_figures = st.builds(
    Figures, st.integers(0, 99), st.integers(0, 99), st.integers(0, 99), st.just(True)
) | st.builds(Figures, st.integers(0, 99), st.integers(0, 99), st.integers(0, 9999), st.just(False))
days_of_receipt = st.dates(date(1970, 1, 1), date(2150, 12, 31))


@given(written_figures, st.none() | written_figures, days_of_receipt)
def test_what_is_believed_is_plausible_and_as_written(
    birth: Figures, signature: Figures | None, received: date
) -> None:
    """R39, R41: nothing passes as a birth date that breaks one of the rules; day and month are never exchanged."""
    found = birth_date(birth, signature, received)
    if isinstance(found, NoDate):
        return
    assert (found.day.day, found.day.month) == (birth.day, birth.month)
    if isinstance(found, Written):
        assert found.day < received
        assert (received.year - found.day.year) <= 25 + 11
        if signature is not None and isinstance(signed := signature_date(signature, received), Written):
            assert found.day < signed.day <= received
            assert found.day > date(signed.day.year - 26, 12, 31)


@given(st.dates(date(1995, 1, 1), date(2020, 12, 31)), st.integers(0, 24 * 365), st.integers(0, 3000))
def test_two_figures_say_the_same_as_four_of_a_young_person(born: date, age_days: int, underway: int) -> None:
    """R41: writing the year short changes nothing where the rules believe the long one."""
    signed = born + timedelta(days=age_days + 1)
    received = signed + timedelta(days=underway)
    full = birth_date(of(born.strftime("%d/%m/%Y")), of(signed.strftime("%d/%m/%Y")), received)
    short = birth_date(of(born.strftime("%d/%m/%y")), of(signed.strftime("%d/%m/%y")), received)
    assert full == short == Written(born)


@given(written_figures)
def test_figures_are_shown_as_they_were_read(written: Figures) -> None:
    assert figures(str(written)) == written
