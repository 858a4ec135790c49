"""Figures stand beside their goals; a goal is met only where the sample can show it."""

import pytest

from forms.accuracy.figures import as_lines, figures, pace
from forms.accuracy.goals import GOALS, Goal, Verdict, percent
from forms.accuracy.scoring import Score


@pytest.mark.parametrize(
    ("goal", "count", "of", "verdict"),
    [
        pytest.param(Goal(0.0, shown_below=0.00042), 0, 18_000, Verdict.MET, id="none among eighteen thousand"),
        pytest.param(Goal(0.0, shown_below=0.00042), 0, 67, Verdict.NOT_SHOWN, id="none among too few"),
        pytest.param(Goal(0.0, shown_below=0.00042), 1, 900_000, Verdict.MISSED, id="one is one too many"),
        pytest.param(Goal(0.03), 20, 1000, Verdict.MET, id="few asked"),
        pytest.param(Goal(0.03), 28, 1000, Verdict.NOT_SHOWN, id="just few enough, but by chance"),
        pytest.param(Goal(0.03), 31, 1000, Verdict.MISSED, id="too many asked"),
        pytest.param(Goal(0.9, least=True), 95, 100, Verdict.NOT_SHOWN, id="good, but a hundred do not show it"),
        pytest.param(Goal(0.9, least=True), 950, 1000, Verdict.MET, id="good among a thousand"),
        pytest.param(Goal(0.9, least=True), 89, 100, Verdict.MISSED, id="not good"),
        pytest.param(Goal(0.9, least=True), 0, 0, Verdict.NOT_SHOWN, id="nothing looked at"),
    ],
)
def test_a_goal_is_met_missed_or_not_shown(goal: Goal, count: int, of: int, verdict: Verdict) -> None:
    assert goal.verdict(count, of) is verdict


def test_shares_are_written_with_the_figures_that_mean_something() -> None:
    told = [percent(share) for share in (0, 0.000167, 0.0042, 0.153, 0.999, 0.9996, 1)]
    assert told == ["0 %", "0.017 %", "0.42 %", "15.3 %", "99.9 %", "99.96 %", "100 %"]


def a_score(**counts: int) -> Score:
    one = Score()
    one.counts.update({name.replace("_", " "): count for name, count in counts.items()})
    return one


def test_every_difficulty_has_its_figures_and_all_is_their_sum() -> None:
    scores = {
        "hard": a_score(forms=10, forms_found=9, answers_not_yes=50, false_yes_taken=1),
        "clean": a_score(forms=30, forms_found=30, answers_not_yes=150),
        "home-made": a_score(forms=1, forms_found=1),
    }
    found = figures(scores)
    by_name = {(one.difficulty, one.name): one for one in found}
    assert list(dict.fromkeys(one.difficulty for one in found)) == ["clean", "hard", "home-made", "all"]
    assert (by_name["all", "false yes taken"].count, by_name["all", "false yes taken"].of) == (1, 200)
    assert by_name["all", "false yes taken"].verdict is Verdict.MISSED
    assert by_name["clean", "false yes taken"].verdict is Verdict.NOT_SHOWN
    assert by_name["home-made", "forms found"].verdict is None
    assert by_name["hard", "forms found"].bound == pytest.approx(0.606, abs=0.001)
    row = by_name["hard", "false yes taken"].to_json()
    assert row["rate"] == 0.02 and row["upper"] == pytest.approx(0.0914, abs=1e-3)
    assert row["goal"] == 0.0 and row["met"] == "missed"


def test_the_table_says_rate_bound_and_goal_and_leaves_out_what_was_not_looked_at() -> None:
    lines = as_lines(
        figures({"clean": a_score(forms=8, forms_found=8, answers_not_yes=67)}), pace([(2, 1.0), (1, 3.0)], 2)
    )
    assert lines[0] == "CLEAN: 8 forms"
    (false_yes, _) = [line for line in lines if "false yes" in line]
    assert false_yes.split("  ")[-1].strip().endswith("not shown")
    assert "0 of 67" in false_yes and "at most 4.4 %" in false_yes
    assert not any("signature" in line for line in lines)
    assert any("were not measured" in line for line in lines)
    assert lines[-1].startswith("Seconds a page: median 0.50, 95 % within 3.00, over 3 pages, 2 at once")
    assert max(map(len, lines)) <= 120


def test_the_pace_of_nothing_is_nothing() -> None:
    assert pace([], 1).pages == 0


def test_every_goal_belongs_to_a_figure() -> None:
    assert set(GOALS) <= {one.name for one in figures({"clean": a_score(forms=1)})}
