"""From the scores of the model of figures to dates: written by hand here, so that every step is known."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from forms.dates import Figures
from forms.writing.decoding import (
    NOTHING,
    SIGNS,
    DateGuess,
    agreed,
    best_first,
    either,
    possible,
    shares_of,
    weighed,
    without_separators,
)


def scores(*steps: dict[str, float]) -> NDArray[np.float32]:
    """Scores whose shares are those given for each step; what is left goes to nothing."""
    made = np.full((len(SIGNS) + 1, len(steps)), 1e-9)
    for number, step in enumerate(steps):
        made[NOTHING, number] = max(1e-9, 1 - sum(step.values()))
        for sign, share in step.items():
            made[SIGNS.index(sign), number] = share
    raw: NDArray[np.float32] = np.log(made).astype(np.float32)
    return raw


def dates_in(given: NDArray[np.float32], latest: int | None = None) -> list[DateGuess]:
    """The dates that a line may hold, best first."""
    return best_first(weighed(shares_of(given), latest))


def spelt(text: str) -> list[dict[str, float]]:
    """Steps that spell a text without doubt: each sign twice, then nothing."""
    return [step for sign in text for step in ({sign: 0.999}, {sign: 0.999}, {})]


@pytest.mark.parametrize("text", ["01/02/2025", "1/2/25", "11/11/2011", "29/02/2024", "31/12/99", "22//02/2002"])
def test_reads_what_the_steps_spell(text: str) -> None:
    found = dates_in(scores(*spelt(text)))
    day, month, year = text.replace("//", "/").split("/")
    assert found[0].written == Figures(int(day), int(month), int(year), short=len(year) == 2)
    assert found[0].confidence > 0.95


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1/2",
        "12/2025",
        "1/2/3/2025",
        "/1/2/2025",
        "123/2/2025",
        "1/2/025",
        "010225",
        "0102/25",
        "0102/2025",
        "010/2/2025",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert dates_in(scores(*spelt(text))) == []


def test_eight_figures_in_a_row_are_day_month_and_year() -> None:
    assert dates_in(scores(*spelt("01022025")))[0].written == Figures(1, 2, 2025, short=False)


@pytest.mark.parametrize("text", ["01022025", "0102/2025", "01/022025", "01/02/2025"])
def test_to_a_person_eight_figures_are_shown_as_a_date_whatever_stands_between(text: str) -> None:
    found = best_first(weighed(shares_of(scores(*spelt(text))), lenient=True))
    assert found[0].written == Figures(1, 2, 2025, short=False)


def test_doubt_between_two_figures_is_doubt_about_the_day() -> None:
    steps = spelt("01/02/2025")
    steps[3:5] = [{"1": 0.6, "7": 0.4}, {}]
    first, second = dates_in(scores(*steps))[:2]
    assert (first.written.day, second.written.day) == (1, 7)
    assert first.confidence == pytest.approx(0.6, abs=0.02)


def test_the_calendar_settles_a_doubt() -> None:
    steps = spelt("30/02/2025")
    steps[0:2] = [{"3": 0.55, "2": 0.45}, {}]
    assert dates_in(scores(*steps))[0].written == Figures(20, 2, 2025, short=False)


def test_the_year_of_receipt_settles_a_doubt_but_never_overrules_what_is_clear() -> None:
    steps = spelt("01/02/2029")
    steps[27:29] = [{"9": 0.6, "4": 0.4}, {}]
    assert dates_in(scores(*steps))[0].written.year == 2029
    assert dates_in(scores(*steps), latest=2026)[0].written.year == 2024
    assert dates_in(scores(*spelt("01/02/2029")), latest=2026)[0].written.year == 2029
    assert dates_in(scores(*spelt("01/02/85")), latest=2026)[0].written.year == 85


def test_a_day_that_does_not_exist_is_read_as_written_where_it_is_clear() -> None:
    assert dates_in(scores(*spelt("30/02/2025")))[0].written == Figures(30, 2, 2025, short=False)


def test_leading_noughts_do_not_split_a_day() -> None:
    steps = spelt("01/02/2025")
    steps[0:2] = [{"0": 0.5}, {}]
    found = dates_in(scores(*steps))
    assert found[0].confidence > 0.9


@pytest.mark.parametrize(
    ("written", "is_possible"),
    [
        (Figures(29, 2, 2024, short=False), True),
        (Figures(29, 2, 2025, short=False), False),
        (Figures(29, 2, 0, short=True), True),
        (Figures(31, 4, 24, short=True), False),
        (Figures(1, 13, 2024, short=False), False),
        (Figures(1, 1, 1066, short=False), False),
    ],
)
def test_what_the_calendar_allows(written: Figures, is_possible: bool) -> None:
    assert possible(written) is is_possible


@given(
    arrays(np.float32, st.tuples(st.just(len(SIGNS) + 1), st.integers(0, 12)), elements=st.floats(-20, 20, width=32))
)
def test_confidences_are_shares(given_scores: NDArray[np.float32]) -> None:
    found = dates_in(given_scores)
    assert all(0 <= guess.confidence <= 1 for guess in found)
    assert sum(guess.confidence for guess in found) <= 1 + 1e-9
    assert found == sorted(found, key=lambda guess: -guess.confidence)


@pytest.mark.parametrize(
    ("cells", "best"),
    [
        ((2, 2, 4), Figures(1, 11, 2011, short=False)),
        ((2, 1, 4), Figures(1, 1, 2011, short=False)),
        (None, Figures(1, 1, 2011, short=False)),
    ],
)
def test_people_write_one_figure_to_a_box(cells: tuple[int, ...] | None, best: Figures) -> None:
    """A one that looks like a slash, in a box of its own: there are as many figures as boxes with something in them."""
    steps = spelt("01/1")
    steps += [{"1": 0.4}, {}, *spelt("/2011")]
    assert best_first(weighed(shares_of(scores(*steps)), 2026, cells))[0].written == best


@pytest.mark.parametrize(
    ("boxed", "best"),
    [
        pytest.param(range(9, 15), Figures(1, 11, 2011, short=False), id="two strokes in the boxes of the month"),
        pytest.param(range(9, 12), Figures(1, 1, 2011, short=False), id="one of them"),
        pytest.param((), None, id="no boxes"),
    ],
)
def test_a_stroke_alone_in_a_figure_box_is_a_one(boxed: Sequence[int], best: Figures | None) -> None:
    """Written with a slant, as a slash is."""
    shares = shares_of(scores(*spelt("01/" + "//" + "/2011")))
    here = np.isin(np.arange(shares.shape[1]), boxed)
    found = best_first(weighed(without_separators(shares, here), 2026))
    assert (found[0].written if found else None) == best
    assert without_separators(shares, here).sum(axis=0) == pytest.approx(1.0)


FIRST, SECOND = Figures(29, 6, 2025, short=False), Figures(29, 1, 2025, short=False)


@pytest.mark.parametrize(
    ("one", "other", "best"),
    [
        ({FIRST: 0.5, SECOND: 0.3}, {SECOND: 0.9}, SECOND),
        ({FIRST: 0.9}, {SECOND: 0.5, FIRST: 0.1}, FIRST),
        ({FIRST: 0.8}, {}, FIRST),
        ({FIRST: 0.8, None: 0.2}, {None: 1.0}, FIRST),
        ({}, {SECOND: 0.4}, SECOND),
    ],
)
def test_two_readers_agree_on_what_both_think_of(
    one: dict[Figures | None, float], other: dict[Figures | None, float], best: Figures
) -> None:
    assert best_first(agreed(one, other))[0].written == best


def test_where_two_readers_differ_neither_is_sure() -> None:
    found = best_first(agreed({FIRST: 0.8, SECOND: 0.1}, {SECOND: 0.8, FIRST: 0.1}))
    assert all(one.confidence < 0.6 for one in found)
    assert best_first(agreed({}, {})) == []


def test_a_way_in_which_a_line_is_no_date_says_nothing_of_the_other() -> None:
    assert either([{None: 1.0}, {FIRST: 0.9, None: 0.1}])[FIRST] == pytest.approx(0.9)
    assert either([{FIRST: 0.6, None: 0.4}, {SECOND: 0.6, None: 0.4}])[FIRST] < 0.5
    assert either([]) == {None: 1.0}


LIKELY = st.dictionaries(st.sampled_from([FIRST, SECOND, None]), st.floats(0, 0.5), max_size=3)


@given(LIKELY, LIKELY)
def test_agreement_is_a_share_and_does_not_hang_on_the_order(
    one: dict[Figures | None, float], other: dict[Figures | None, float]
) -> None:
    found = agreed(one, other)
    assert sum(found.values()) == pytest.approx(1.0)
    assert found == pytest.approx(agreed(other, one))
