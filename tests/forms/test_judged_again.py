"""What other borders change of one form, in counts, and how that stands beside what an officer confirmed (G3)."""

import pytest

from forms import judged_again as told
from forms.results import FieldReading, FormReading
from forms.template import Kind

Answer = tuple[str | None, bool]
"""Its value, and whether it was asked about."""
YES, NO, BLANK, ASKED = ("yes", False), ("no", False), ("blank", False), ("unclear", True)


def form(answer: Answer, kind: Kind = Kind.YES_NO) -> FormReading:
    value, review = answer
    return FormReading("ours", "1", (1,), {"x": FieldReading("x", kind, value, review, 0.9, None, 1, (0, 0, 1, 1), 1)})


@pytest.mark.parametrize(
    ("before", "now", "said", "expected"),
    [
        (YES, YES, None, {}),
        (YES, ASKED, None, {told.NOW_ASKED: 1, told.TO_ASKED: 1}),
        (ASKED, YES, None, {told.ASKED: 1, told.TO_TAKEN: 1}),
        (ASKED, ASKED, None, {told.ASKED: 1, told.NOW_ASKED: 1}),
        (YES, BLANK, None, {told.OTHER_VALUE: 1}),
        (YES, YES, "yes", {told.CONFIRMED: 1, told.TAKEN: 1, told.NOW_TAKEN: 1}),
        (YES, ASKED, "no", {told.NOW_ASKED: 1, told.TO_ASKED: 1, told.CONFIRMED: 1, told.TAKEN: 1, told.OTHERWISE: 1, told.WRONG_YES: 1}),
        (ASKED, YES, "no", {told.ASKED: 1, told.TO_TAKEN: 1, told.CONFIRMED: 1, told.NOW_TAKEN: 1, told.NOW_OTHERWISE: 1, told.NOW_WRONG_YES: 1}),
        (NO, NO, "yes", {told.CONFIRMED: 1, told.TAKEN: 1, told.NOW_TAKEN: 1, told.OTHERWISE: 1, told.NOW_OTHERWISE: 1}),
        (ASKED, ASKED, "yes", {told.ASKED: 1, told.NOW_ASKED: 1, told.CONFIRMED: 1}),
    ],
)  # fmt: skip
def test_each_change_is_counted_once(before: Answer, now: Answer, said: str | None, expected: dict[str, int]) -> None:
    counts = told.compared(form(before), form(now), {"x": said})
    assert {name: count for name, count in counts.items() if count} == {told.ANSWERS: 1} | expected


def test_only_marks_are_counted() -> None:
    assert not +told.compared(
        form(("2014-03-02", False), Kind.DATE), form(("2014-03-02", False), Kind.DATE), {"x": "x"}
    )
