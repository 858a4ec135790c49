"""No consent is guessed under words that say no, wherever they stand above a mark: a tick there would let the opposite happen."""

import pytest

from forms.drafting.draft import propose
from tests.forms.drafting.drawing import BOX, pdf_of

HEADS = (
    "We may NOT talk to",
    "Never share my information with",
    "Tick if you object to us contacting",
    "I withdraw my permission to contact",
)
ASKED = ("You may contact my school.", "We may share information with my GP.")
ROWS = ", ".join(f"[{one}], [], []" for one in ASKED)
BOXED = ", ".join(f"[{one}], [{BOX}], [{BOX}]" for one in ASKED)
LIST = f"#v(1mm) {BOX} {ASKED[0]} \\ #v(1mm) {BOX} {ASKED[1]}"
TABLE = "#table(columns: (1fr, 2cm, 2cm), stroke: 0.5pt, inset: 2mm, "
PLACES = {
    "a heading": "*{}* \\ " + LIST,
    "larger print": "#text(size: 14pt)[{}] \\ " + LIST,
    "a line between": "*{}* \\ We hold a list of names. \\ " + LIST,
    "apart, with how to answer": "*{}:*\n\nTick as many as you like.\n\n" + LIST,
    "a bar": "#block(width: 100%, fill: navy, inset: 2mm)[#text(fill: white)[*{}*]]\nTick as many as you like.\n\n"
    + LIST,
    "a cell": f"#table(columns: (6cm, 1fr), stroke: 0.5pt, inset: 2mm, [*{{}}*], [{LIST}])",
    "over a table": "*{}*\n" + TABLE + f"[], [Yes], [No], {ROWS})",
    "head of a table": TABLE + f"[*{{}}*], [Yes], [No], {BOXED})",
}


def items(body: str) -> list[str | None]:
    return [one.item for one in propose(pdf_of(body), "drawn", "1").template.fields if one.kind.is_mark]


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("head", HEADS)
def test_no_consent_is_guessed_under_words_that_say_no(head: str, place: str) -> None:
    assert set(items(place.replace("{}", head))) == {None}


@pytest.mark.parametrize("told", ["With your permission", "Please tick yes or no on every line"])
def test_what_only_tells_something_denies_nothing(told: str) -> None:
    assert items(f"*{told}*\n\n{LIST}") == ["contact:education", "share:health"]
