"""Boxes within a sentence: "I do ☐ / do not ☐ agree to …", "I am ☐ am not ☐ happy for …", made into one question."""

from collections.abc import Sequence

from forms.drafting.found import Found, continued, label_of, said
from forms.drafting.leading import group_lead
from forms.drafting.parts import PageParts, Word
from forms.geometry import Box, around
from forms.template import Kind

_VERBS = frozenset({"do", "am", "will", "would", "may", "can", "are"})
_LEAST_REST = 2


def do_or_not(
    page: PageParts,
    row: Sequence[Box],
    pieces: Sequence[Sequence[Word]],
    floor: float,
    before: Sequence[Sequence[Box]],
    spoken: set[Word],
) -> list[Found]:
    """The question of two boxes of which one says "do" and the other "do not" in the middle of a sentence; none if they do not.

    Adds the words of the sentence to `spoken`.
    """
    parts = _parts(row, pieces)
    if parts is None:
        return []
    first, yes, no, rest = parts
    words = [*first, *continued(page, rest, floor)]
    labels = {"yes": around(w.box for w in yes), "no": around(w.box for w in no), "text": around(w.box for w in rest)}
    lead = group_lead(page, around([row[0], *labels.values()]), row, before, spoken, label_of(words))
    spoken |= {*words, *yes, *no}
    return [Found(Kind.YES_NO, page.number, label_of(words), {"yes": row[0], "no": row[1]}, lead, labels)]


def _parts(
    row: Sequence[Box], pieces: Sequence[Sequence[Word]]
) -> tuple[list[Word], list[Word], list[Word], list[Word]] | None:
    """What begins the sentence, its "do", its "do not", and what follows; None where a row says no such thing."""
    if len(row) != 2 or not pieces[0]:
        return None
    first, between, last = ([w for w in piece if said([w])] for piece in pieces)
    if first and said(first[-1:]) in _VERBS and len(last) >= _LEAST_REST:
        verb = said(first[-1:])
        if said(between) in (f"{verb} not", f"or {verb} not"):
            return first[:-1], first[-1:], between, last
    verb = said(between).removesuffix(" or")
    if verb in _VERBS and said(last[:2]) == f"{verb} not" and len(last) >= 2 + _LEAST_REST:
        return first, between[:1], last[:2], last[2:]
    return None
