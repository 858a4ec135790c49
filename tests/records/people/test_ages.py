"""R10–R15, R20, R39, R41, F23: ages on a day, and birth dates that cannot be believed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.people.ages import (
    Believed,
    Doubt,
    Known,
    Queried,
    age_range,
    birthday,
    check_birth_date,
    check_written_birth_date,
    has_reached,
    past_school_age,
    school_age_ends,
    signature_date,
    thresholds,
    years_old,
)
from records.people.birthdates import BirthDate, parse

DAYS = st.dates(date(1990, 1, 1), date(2035, 12, 31))
SIGNED, RECEIVED = date(2026, 6, 2), date(2026, 6, 9)


@pytest.mark.parametrize(
    ("born", "age", "on"),
    [
        pytest.param(date(2008, 2, 29), 13, date(2021, 3, 1), id="R11 13 in a common year"),
        pytest.param(date(2008, 2, 29), 16, date(2024, 2, 29), id="R11 16 in a leap year"),
        pytest.param(date(2008, 2, 29), 18, date(2026, 3, 1), id="R11 18"),
        pytest.param(date(2008, 2, 29), 25, date(2033, 3, 1), id="R11 25"),
        pytest.param(date(2010, 2, 28), 16, date(2026, 2, 28), id="R10 28 February is no leap case"),
    ],
)
def test_birthdays(born: date, age: int, on: date) -> None:
    assert birthday(born, age) == on
    day_before = on - timedelta(days=1)
    assert (years_old(born, on), years_old(born, day_before)) == (age, age - 1)
    assert has_reached(BirthDate.on(born), age, on) is Known.YES
    assert has_reached(BirthDate.on(born), age, day_before) is Known.NO


@pytest.mark.parametrize(
    ("on", "answer"),
    [
        pytest.param(date(2026, 5, 31), Known.NO, id="R13 the day before the range"),
        pytest.param(date(2026, 6, 1), Known.UNKNOWN, id="R13 its first day"),
        pytest.param(date(2026, 6, 15), Known.UNKNOWN, id="R13 within"),
        pytest.param(date(2026, 6, 29), Known.UNKNOWN, id="R13 its last day but one"),
        pytest.param(date(2026, 6, 30), Known.YES, id="R13 its last day"),
    ],
)
def test_born_in_june_2010_is_16(on: date, answer: Known) -> None:
    assert has_reached(parse("2010-06"), 16, on) is answer


def test_over_16_means_from_the_birthday() -> None:
    """R15, W12: the day before the 16th birthday the parent's route, on the birthday the young person's."""
    born = BirthDate.on(date(2010, 7, 15))
    assert has_reached(born, 16, date(2026, 7, 14)) is Known.NO
    assert has_reached(born, 16, date(2026, 7, 15)) is Known.YES


def test_without_a_birth_date_every_age_is_unknown() -> None:
    """R13, R37."""
    assert has_reached(None, 16, SIGNED) is Known.UNKNOWN
    assert past_school_age(None, SIGNED) is Known.UNKNOWN
    assert age_range(None, SIGNED) is None


@pytest.mark.parametrize(
    ("born", "ends"),
    [
        pytest.param(date(2007, 9, 23), date(2024, 6, 28), id="R20 IPSEA's example"),
        pytest.param(date(2008, 8, 31), date(2024, 6, 28), id="R20 last of the school year"),
        pytest.param(date(2008, 9, 1), date(2025, 6, 27), id="R20 first of the next"),
        pytest.param(date(2011, 7, 15), date(2027, 6, 25), id="R20 before the 16th birthday"),
    ],
)
def test_the_end_of_school_age(born: date, ends: date) -> None:
    assert school_age_ends(born) == ends
    assert past_school_age(BirthDate.on(born), ends) is Known.NO
    assert past_school_age(BirthDate.on(born), ends + timedelta(days=1)) is Known.YES


@given(DAYS)
def test_school_age_ends_on_the_last_friday_of_june_in_the_year_of_turning_16(born: date) -> None:
    """R20."""
    ends = school_age_ends(born)
    assert (ends.weekday(), ends.month) == (4, 6)
    assert (ends + timedelta(days=7)).month == 7
    assert date(ends.year - 1, 9, 1) <= birthday(born, 16) <= date(ends.year, 8, 31)


def test_a_part_date_across_the_first_of_september_leaves_school_age_open() -> None:
    """R13, R20: born in 2008, either summer may be the last."""
    assert past_school_age(parse("2008"), date(2024, 7, 1)) is Known.UNKNOWN
    assert past_school_age(parse("2008"), date(2025, 7, 1)) is Known.YES
    assert past_school_age(parse("2008"), date(2024, 6, 28)) is Known.NO


def test_the_five_thresholds_stand_apart() -> None:
    """R14, R20: past school age comes before 16 for a summer birthday; a service without an age has no answer for it."""
    born = BirthDate.on(date(2011, 7, 15))
    found = thresholds(born, date(2027, 7, 1), guide_age=13, direct_release_age=16)
    assert (found.guide_age, found.direct_release, found.past_school_age) == (Known.YES, Known.NO, Known.YES)
    assert (found.adult, found.range_ended) == (Known.NO, Known.NO)
    unset = thresholds(born, date(2027, 7, 1), guide_age=None, direct_release_age=None)
    assert (unset.guide_age, unset.direct_release) == (None, None)


@given(DAYS, DAYS, DAYS, st.integers(1, 25))
def test_a_range_answers_only_what_all_its_days_answer(one: date, two: date, on: date, age: int) -> None:
    """R13."""
    born = BirthDate(min(one, two), max(one, two))
    answers = {has_reached(BirthDate.on(day), age, on) for day in (born.earliest, born.latest)}
    assert has_reached(born, age, on) is (answers.pop() if len(answers) == 1 else Known.UNKNOWN)


@given(DAYS, st.integers(0, 9000))
def test_ages_count_by_the_calendar(born: date, days: int) -> None:
    """R12: whole years between the last birthday and the next, never days divided by 365.25."""
    on = born + timedelta(days=days)
    age = years_old(born, on)
    assert birthday(born, age) <= on < birthday(born, age + 1)
    assert age_range(BirthDate.on(born), on) == (age, age)


def test_nobody_has_an_age_before_birth() -> None:
    with pytest.raises(ValueError, match="before"):
        years_old(date(2010, 6, 15), date(2010, 6, 14))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("15/06/2010", date(2010, 6, 15), id="F23 ordinary"),
        pytest.param("5/6/2012", date(2012, 6, 5), id="R41 day first"),
        pytest.param("05/06/12", date(2012, 6, 5), id="R41 two figures"),
        pytest.param("05.06.12", date(2012, 6, 5), id="F23 dots"),
        pytest.param("05 - 06 - 2012", date(2012, 6, 5), id="F23 spaced"),
        pytest.param("29/02/2008", date(2008, 2, 29), id="F23 leap day"),
        pytest.param("29/02/12", date(2012, 2, 29), id="F23 leap day, two figures"),
        pytest.param("01/06/26", date(2026, 6, 1), id="R41 born yesterday"),
        pytest.param("03/06/2001", date(2001, 6, 3), id="R39 24, 25 tomorrow"),
        pytest.param("03/06/01", date(2001, 6, 3), id="R41 24 in two figures"),
        pytest.param("31/12/2025", date(2025, 12, 31), id="F23 a baby"),
        pytest.param("29/02/11", Doubt.YEAR_UNCLEAR, id="F23 leap day in a common year, two figures"),
        pytest.param("29/02/2011", Doubt.NOT_A_DATE, id="F23 leap day in a common year"),
        pytest.param("31/04/2012", Doubt.NOT_A_DATE, id="F23 31 April"),
        pytest.param("31/04/12", Doubt.NOT_A_DATE, id="F23 31 April, two figures"),
        pytest.param("00/00/0000", Doubt.NOT_A_DATE, id="F23 noughts"),
        pytest.param("00/00/00", Doubt.NOT_A_DATE, id="F23 short noughts"),
        pytest.param("06/15/2010", Doubt.NOT_A_DATE, id="R41 never month first"),
        pytest.param("15/6/201", Doubt.NOT_A_DATE, id="F23 three figures"),
        pytest.param("June 2010", Doubt.NOT_A_DATE, id="F23 words"),
        pytest.param("___/___/____", Doubt.NOT_WRITTEN, id="F23 blanks"),
        pytest.param("", Doubt.NOT_WRITTEN, id="F23 nothing"),
        pytest.param("02/06/2026", Doubt.SAME_AS_SIGNATURE, id="R39 signature date copied"),
        pytest.param("02/06/26", Doubt.SAME_AS_SIGNATURE, id="R39 signature date copied, two figures"),
        pytest.param("05/06/2026", Doubt.AFTER_SIGNATURE, id="R39 after signing"),
        pytest.param("05/06/26", Doubt.YEAR_UNCLEAR, id="R41 after signing, two figures"),
        pytest.param("10/06/2026", Doubt.IN_THE_FUTURE, id="R39 after receipt"),
        pytest.param("02/06/2001", Doubt.TOO_OLD, id="R39 25 on the day of signing"),
        pytest.param("02/06/01", Doubt.YEAR_UNCLEAR, id="R41 25 in two figures"),
        pytest.param("15/06/85", Doubt.YEAR_UNCLEAR, id="R41 a parent's year"),
        pytest.param("15/06/1985", Doubt.SAME_AS_PARENT, id="R39 the parent's own"),
        pytest.param("15/06/1984", Doubt.TOO_OLD, id="R39 a grown-up"),
    ],
)
def test_written_birth_dates(text: str, expected: date | Doubt) -> None:
    found = check_written_birth_date(
        text, signed_on=SIGNED, received_on=RECEIVED, parent_born=BirthDate.on(date(1985, 6, 15))
    )
    if isinstance(expected, date):
        assert found == Believed(BirthDate.on(expected))
    else:
        assert isinstance(found, Queried)
        assert found.doubt is expected
        assert found.reason
        assert found.rule in {"R39", "R41"}


def test_without_a_signature_date_the_received_date_stands() -> None:
    """R26, R39."""
    found = check_birth_date(BirthDate.on(RECEIVED), signed_on=None, received_on=RECEIVED)
    assert isinstance(found, Queried)
    assert found.doubt is Doubt.SAME_AS_SIGNATURE


def test_a_part_date_is_believed_while_one_of_its_days_can_be_right() -> None:
    """R13, R39."""
    for text in ("2001", "2026"):
        born = parse(text)
        assert born is not None
        assert check_birth_date(born, signed_on=SIGNED, received_on=RECEIVED) == Believed(born)
    too_old = check_birth_date(parse("2000"), signed_on=SIGNED, received_on=RECEIVED)
    assert isinstance(too_old, Queried)
    assert too_old.doubt is Doubt.TOO_OLD


@given(st.dates(date(2020, 1, 1), date(2032, 12, 31)), st.integers(1, 36600))
def test_two_figures_never_give_an_age_outside_0_to_24(signed: date, days: int) -> None:
    """R41: of all birth dates of a hundred years, the right one is found or a person is asked; nobody becomes 25 or unborn."""
    born = signed - timedelta(days=days)
    found = check_written_birth_date(f"{born:%d/%m/%y}", signed_on=signed, received_on=signed)
    if born < signed < birthday(born, 25):
        assert found == Believed(BirthDate.on(born))
    elif isinstance(found, Believed):
        assert 0 <= years_old(found.born.earliest, signed) <= 24


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("02/06/26", date(2026, 6, 2), id="R41 this century"),
        pytest.param("09/06/26", RECEIVED, id="R41 the day of receipt"),
        pytest.param("10/06/26", date(1926, 6, 10), id="R41 the latest year not after receipt"),
        pytest.param("02/06/2026", date(2026, 6, 2), id="R41 four figures"),
        pytest.param("02/06/2027", date(2027, 6, 2), id="F26 a future year is given back to be queried"),
        pytest.param("31/04/26", None, id="R26 no such day"),
        pytest.param("29/02/2026", None, id="R26 no such leap day"),
        pytest.param("", None, id="R26 missing"),
    ],
)
def test_written_signature_dates(text: str, expected: date | None) -> None:
    assert signature_date(text, received_on=RECEIVED) == expected
