"""What generated truth says where the scan lost a mark (rule 10 of the samples' README)."""

import pytest

from forms.marks import Content
from forms.template import Kind
from tests.generator.answered import Answered
from tests.generator.samples import Shown, _hide

YES, NO, SCRIBBLE = Content.TICKED, Content.TICKED, Content.CANCELLED
SEEN, HARDLY, GONE = Shown(0.9, 1.0), Shown(0.1, 0.6), Shown(0.0, 0.1)

TABLE = [
    ("all there", "yes", {"yes": (YES, SEEN)}, "yes", []),
    ("hardly there", "yes", {"yes": (YES, HARDLY)}, "unclear", ["barely_visible"]),
    ("as if it were not there", "yes", {"yes": (YES, GONE)}, "blank", ["lost"]),
    ("both ticked, one gone", "unclear", {"yes": (YES, SEEN), "no": (NO, GONE)}, "yes", ["other_mark_lost"]),
    ("put right, the scribble gone", "yes", {"no": (SCRIBBLE, GONE), "yes": (YES, SEEN)}, "yes", ["other_mark_lost"]),
    ("put right, the tick gone", "yes", {"no": (SCRIBBLE, SEEN), "yes": (YES, GONE)}, "unclear", ["other_mark_lost"]),
    ("put right, both gone", "yes", {"no": (SCRIBBLE, GONE), "yes": (YES, GONE)}, "blank", ["other_mark_lost", "lost"]),
]


@pytest.mark.parametrize(("value", "drawn", "read", "flags"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_what_is_left_of_an_answer(
    value: str, drawn: dict[str, tuple[Content, Shown]], read: str, flags: list[str]
) -> None:
    boxes = {"yes": Content.EMPTY, "no": Content.EMPTY} | {name: content for name, (content, _) in drawn.items()}
    numbers = {name: [n] for n, name in enumerate(drawn, start=1)}
    flags_before = ["both_ticked"] if value == "unclear" else []
    one = Answered(Kind.YES_NO, value, flags=list(flags_before), boxes=dict(boxes), marks=numbers)
    _hide({"q": one}, {n: drawn[name][1] for name, (n,) in numbers.items()})
    assert (one.value, one.flags) == (read, flags_before + flags)
    assert {name: content for name, (content, _, _) in one.drawn.items()} == {name: boxes[name] for name in drawn}
