"""R13, R37, R38, R40: a birth date is a range."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.people.birthdates import BirthDate, across, parse

DAYS = st.dates(date(1990, 1, 1), date(2035, 12, 31))
RANGES = st.tuples(DAYS, DAYS).map(lambda two: BirthDate(min(two), max(two)))


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        pytest.param("2010-06-15", date(2010, 6, 15), date(2010, 6, 15), id="R13 full date"),
        pytest.param("2010-06", date(2010, 6, 1), date(2010, 6, 30), id="R38 month"),
        pytest.param("2012-02", date(2012, 2, 1), date(2012, 2, 29), id="R38 February of a leap year"),
        pytest.param("2010", date(2010, 1, 1), date(2010, 12, 31), id="R38 year"),
        pytest.param(" 2008-02-29 ", date(2008, 2, 29), date(2008, 2, 29), id="R11 leap day"),
    ],
)
def test_a_written_date_becomes_a_range(text: str, earliest: date, latest: date) -> None:
    assert parse(text) == BirthDate(earliest, latest)


@pytest.mark.parametrize("text", ["unknown", "Unknown", " UNKNOWN "])
def test_unknown_is_no_range(text: str) -> None:
    """R37: an unknown date is None, so that no rule can count from it."""
    assert parse(text) is None


@pytest.mark.parametrize(
    "text",
    ["", "2010-6-1", "15/06/2010", "2010-13", "2010-00", "2011-02-29", "2010-04-31", "2010-06-00", "1899", "2200",
     "20100615", "2010-06-15T00:00", "２０１０", "tomorrow", "2010-06-15\n2011"],
)  # fmt: skip
def test_anything_else_is_refused_in_one_sentence_without_repeating_it(text: str) -> None:
    """R39: what is no date is never made into one."""
    with pytest.raises(ValueError, match=r"birth date") as refusal:
        parse(text)
    message = str(refusal.value)
    assert message.endswith(".")
    assert message.count(". ") == 0
    assert not text or text not in message


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        pytest.param([], None, id="R37 no source"),
        pytest.param(["unknown", "unknown"], None, id="R37 none knows"),
        pytest.param(["2012-03-09", "unknown"], BirthDate.on(date(2012, 3, 9)), id="R40 one knows"),
        pytest.param(["2012-03-09", "2012-03-09"], BirthDate.on(date(2012, 3, 9)), id="R40 they agree"),
        pytest.param(
            ["2012-03-09", "2012-09-03"],
            BirthDate(date(2012, 3, 9), date(2012, 9, 3), disputed=True),
            id="R40 they disagree",
        ),
        pytest.param(["2010-06", "2010-06-15"], BirthDate(date(2010, 6, 1), date(2010, 6, 30)), id="R40 one is finer"),
    ],
)
def test_several_sources_give_the_range_across(sources: list[str], expected: BirthDate | None) -> None:
    assert across(parse(source) for source in sources) == expected


@given(st.lists(RANGES, min_size=1, max_size=5))
def test_the_range_across_holds_every_source_whatever_their_order(sources: list[BirthDate]) -> None:
    """R40: no source's day is lost, so the latest candidate is never dropped."""
    whole = across(sources)
    assert whole is not None
    assert all(whole.earliest <= one.earliest and one.latest <= whole.latest for one in sources)
    assert whole == across(reversed(sources))


def test_a_dispute_outlives_another_source() -> None:
    """R40: settling is a person's act; a third form does not settle it."""
    disputed = across([BirthDate.on(date(2012, 3, 9)), BirthDate.on(date(2012, 9, 3))])
    again = across([disputed, BirthDate.on(date(2012, 3, 9))])
    assert again is not None
    assert again.disputed


def test_a_range_runs_forwards() -> None:
    with pytest.raises(ValueError, match="earliest"):
        BirthDate(date(2012, 9, 3), date(2012, 3, 9))


@pytest.mark.parametrize(
    ("born", "words"),
    [
        (BirthDate.on(date(2011, 5, 14)), "14 May 2011"),
        (BirthDate(date(2010, 6, 1), date(2010, 6, 30)), "June 2010"),
        (BirthDate(date(2010, 1, 1), date(2010, 12, 31)), "2010"),
        (BirthDate(date(2012, 6, 1), date(2012, 6, 30), disputed=True), "between 1 June 2012 and 30 June 2012"),
    ],
)
def test_words_tell_a_part_date_from_a_dispute(born: BirthDate, words: str) -> None:
    """R38, R40."""
    assert born.in_words() == words
