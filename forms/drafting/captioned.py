"""Boxes in a row of which each has its words over it, or each under it, made into fields."""

from collections.abc import Sequence
from itertools import pairwise

from forms.drafting.found import Found, blocks_of, label_of, paragraph, said
from forms.drafting.leading import asked_in, column_above, lead_of, said_before
from forms.drafting.parts import PageParts, Word, middle
from forms.drafting.wordings import NO_WORDS, YES_WORDS
from forms.geometry import Box, around
from forms.template import Kind

_REACH = 1.3
"""Of the print's size: so far from a box its words may stand."""
_APART = 0.8
_MOST_HEADING = 8


def captioned(page: PageParts, row: Sequence[Box], pieces: Sequence[Sequence[Word]], spoken: set[Word]) -> list[Found]:
    """The fields of a row of boxes without words on their line, if each has its own over or under it; else none. Adds these to `spoken`."""
    if len(row) < 2 or any(pieces):
        return []
    for captions in (_beside(page, row, spoken, above=True), _beside(page, row, spoken, above=False)):
        if captions:
            spoken |= {w for words in captions for w in words}
            return _fields(page, row, captions, spoken)
    return []


def _fields(page: PageParts, row: Sequence[Box], captions: Sequence[Sequence[Word]], spoken: set[Word]) -> list[Found]:
    place = around([*row, *(w.box for words in captions for w in words)])
    above = column_above(page, place[1], place[0], spoken)
    near = above if above and place[1] - above[0][0].box[3] < 1.5 * above[0][0].size else []
    answers = [said(words) for words in captions]
    labels = [around(w.box for w in words) for words in captions]
    if len(row) == 2 and {one in YES_WORDS for one in answers} == {one in NO_WORDS for one in answers} == {True, False}:
        yes = next(n for n, one in enumerate(answers) if one in YES_WORDS)
        boxes, heads = {"yes": row[yes], "no": row[1 - yes]}, {"yes": labels[yes], "no": labels[1 - yes]}
        if not near:
            return [Found(Kind.YES_NO, page.number, "", boxes, "", heads)]
        question, before = asked_in(near)
        asked = [w for line in question for w in line]
        lead = said_before(before, question, label_of(asked))
        spoken |= set(asked)
        return [
            Found(
                Kind.YES_NO, page.number, label_of(asked), boxes, lead, heads | {"text": around(w.box for w in asked)}
            )
        ]
    lead = _lead(near)
    return [
        Found(Kind.TICK, page.number, label_of(words), {"tick": box}, lead, {"text": label})
        for box, words, label in zip(row, captions, labels, strict=True)
    ]


def _lead(above: Sequence[Sequence[Word]]) -> str:
    """What leads in: words that do so, or a heading of a few words close over the row."""
    text = paragraph(above)
    return lead_of(above) or (f"{text}:" if 0 < len(text.split()) <= _MOST_HEADING and not text.endswith(".") else "")


def _beside(page: PageParts, row: Sequence[Box], spoken: set[Word], *, above: bool) -> list[list[Word]]:
    """The words of each box, on one line over or under all of them, plainly apart from one another; empty if a box has none."""
    middles = [middle(box)[0] for box in row]
    half = min(b - a for a, b in pairwise(middles)) / 2
    edges = [middles[0] - half, *((a + b) / 2 for a, b in pairwise(middles)), middles[-1] + half]
    near = [w for w in page.words if w not in spoken and -2 <= _away(w, row, above=above) < _REACH * w.size]
    captions = [
        sorted((w for w in near if left <= middle(w.box)[0] < right), key=lambda w: w.box[0])
        for left, right in pairwise(edges)
    ]
    plain = all(
        len(blocks_of(words)) == 1 and max(w.box[3] for w in words) - min(w.box[3] for w in words) < 3
        for words in captions
        if words
    )
    if not all(captions) or not plain or sum(map(len, captions)) < len(near):
        return []
    apart = all(b[0].box[0] - a[-1].box[2] > _APART * b[0].size for a, b in pairwise(captions))
    return captions if apart else []


def _away(word: Word, row: Sequence[Box], *, above: bool) -> float:
    return row[0][1] - word.box[3] if above else word.box[1] - row[0][3]
