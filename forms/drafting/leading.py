"""What leads in a group of marks: the heading or paragraph above its first row, without its number and its instructions."""

import re
from collections.abc import Sequence, Set

from forms.drafting.consents import mark_guess, says_no
from forms.drafting.found import blocks_of, lines_above, on_row, paragraph, prints_of, question_lines, whole_lines
from forms.drafting.grids import is_over_boxes, labels_a_place, words_in
from forms.drafting.parts import PageParts, Word, inside, middle
from forms.geometry import Box, around

_UP = 40.0
_BEFORE_BOXES = 40.0
_ENDS = (":", "?", ".")
_NUMBER = re.compile(
    r"^(?:(?:part|section|question)\s+(?:\d{1,2}|[A-Z])\b[.):]?|(?:\d{1,2}|[A-Z])[.)]|\d{1,2}(?= [A-Z][a-z]))\s+",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\(?(\d{1,2})[.)]?\s")
_HOW_MANY = re.compile(
    r"\s*[(\[](?:please )?(?:tick|choose|select|mark|cross)\b[^)\]]*[)\]]\s*(?=[.:?]?$)", re.IGNORECASE
)
_RUNS_ON = re.compile(
    r"\b(to|by|with|from|for|via|about|of|in|on|at|through|using|that|may|can|could|and|or|following|below"
    r"|(to|may|can|will|we|us) (contact|call|ring|tell|speak|talk|share))$",
    re.IGNORECASE,
)
_SENTENCES = re.compile(r"(?<=[.?!:])\s+")
_BEGIN_HOW = re.compile(r"please|tick|cross|mark|put|fill|answer|choose|select|complete|circle|check|use|write|shade")
_HOW = re.compile(
    rf"{_BEGIN_HOW.pattern}|a|all|an|and|answers|any|appl(y|ies)|appropriate|as|at|below|black|blue|both|box(es)?|by|capitals|choices?"
    r"|choosing|circles|clearly|columns?|crossing|each|either|every|following|for|form|if|in|ink|it|letters|lines?|make|marking|most"
    r"|necessary|no|of|on|one|only|or|pen|questions?|relevant|required|rows?|sections?|that|the|them|these|this|tick(s|ing)|to|two|under"
    r"|which|with|x|yes|your?|\d+"
)
"""Words of which a sentence is made that only says how to answer."""
_TO_STRIKE = re.compile(r"\b(delete|strike( out)?|cross out|circle|ring) (as|where|which\w*|whatever)\b", re.IGNORECASE)
"""In a line that is answered by striking out or ringing some of its own words: it asks for itself."""
_ASKS = re.compile(r"^(please )?(tick|choose|select|mark)\b.*\b(which|whom|who|how|where|what)\b", re.IGNORECASE)


_ALLOWS = re.compile(
    r"^(i|we|you|they|please|do|does|are|is)\b.*\b(may|must|agree|consent|permission|would like|want|wish|happy|allowed?)\b"
    r"(?!.*[.?!:]$)",
    re.IGNORECASE,
)
"""A heading that says what may be done, or not: without it a tick under "We may NOT talk to" would look like any other."""
_HEADING = range(3, 15)
_ASKED = re.compile(
    r"\b(please|tell|say|may|must|should|agree|consent|permission|happy|want|wish|would like)\b", re.IGNORECASE
)
"""In a paragraph that ends with a stop: it asks for something, and does not only tell something."""
_SHORT, _LEAST_ROOM, _INTO_BAR = 4, 45.0, 24.0
_LONG = 9
"""So many words say themselves what they speak of."""
_SPOKEN_OF = re.compile(r"\b(this|these|those|above|following)\b", re.IGNORECASE)
_IT = re.compile(r"\b(it|them|they|so)\b", re.IGNORECASE)


def without_how_to(text: str) -> str:
    """A paragraph without the sentences that only say how to answer: nobody agrees to "Please tick yes or no."."""
    kept = (one for one in _SENTENCES.split(text) if not _says_how(one))
    return " ".join(kept).strip()


def without_number(heading: str) -> str:
    """A heading without the number that it begins with ("Section 1: Your child")."""
    return _NUMBER.sub("", heading)


def _says_how(sentence: str) -> bool:
    words = re.findall(r"[^\W_]+", sentence.lower())
    return bool(words) and _BEGIN_HOW.fullmatch(words[0]) is not None and all(map(_HOW.fullmatch, words))


def lead_of(rows: Sequence[Sequence[Word]], label: str = "") -> str:
    """What of the lines above a label, nearest first, leads it in.

    Lines in one print belong together. Those in another print above them (a heading) lead in only if they would by themselves, or
    if what stands between only says how to answer, or is a remark in lesser print.
    """
    led = ""
    for at, lines in enumerate(prints_of(rows)):
        if at > 1 and not led:
            break
        text = paragraph(lines)
        led = f"{leads_in(text, led or label) or _that_matters(text, led, label)} {led}".strip()
    return led


def _that_matters(heading: str, led: str, label: str) -> str:
    """A heading over what leads in that names only a part of the form, if the consent would be another without it ("Copies of reports")."""
    matters = led and mark_guess(label, f"{heading}: {led}") != mark_guess(label, led)
    return f"{heading.rstrip(' .:')}:" if matters else ""


def leads_in(text: str, label: str = "") -> str:
    """A heading or paragraph as it leads in a label below it; empty if it only names a part of the form, or stands for itself.

    What a label with a small letter begins is the end of a sentence that began above it.
    """
    if _TO_STRIKE.search(text) or (_comes_before(text, label) and not says_no(text)):
        return ""
    core = without_how_to(_HOW_MANY.sub("", _NUMBER.sub("", text.strip())))
    core = _without_remarks(that_matter(core, label), label)
    if core.endswith(_ENDS) or _RUNS_ON.search(core) or _goes_on(core, label):
        return core
    heading = len(core.split()) in _HEADING and (_ALLOWS.search(core) or says_no(core))
    return f"{core}:" if _ASKS.search(core) or heading else ""


def asked_in(above: Sequence[Sequence[Word]]) -> tuple[Sequence[Sequence[Word]], Sequence[Sequence[Word]]]:
    """The lines of a paragraph that ask, of those above boxes for Yes and No, and those before them; nearest first.

    A remark in lesser print under a question belongs to it.
    """
    parts = prints_of(above)
    asks = len(parts) > 1 and paragraph(parts[1]).endswith("?") and not paragraph(parts[0]).endswith(("?", ":"))
    count = len(parts[0]) + question_lines(parts[1]) if asks and len(parts[0]) == 1 else question_lines(above)
    return above[:count], above[count:]


def said_before(rows: Sequence[Sequence[Word]], question: Sequence[Sequence[Word]], label: str) -> str:
    """What leads in a question of the paragraph before it: all of it in the same print, and a heading if it leads in by itself."""
    parts = prints_of([*question, *rows])
    same = sum(len(part) for part in parts[:1]) - len(question)
    if same <= 0:
        return lead_of(rows, label)
    text = without_how_to(paragraph(rows[:same]))
    text = that_matter(text, label)
    return f"{lead_of(rows[same:], text or label)} {text}".strip()


def _goes_on(heading: str, label: str) -> bool:
    """Whether a label ends the sentence that a heading begins, as a small letter says; no consent is guessed from that alone."""
    begun = without_number(label)[:1].islower() and len(heading.split()) in _HEADING
    return begun and mark_guess(label, heading).item in (None, mark_guess(label, "").item)


def that_matter(text: str, label: str) -> str:
    """Sentences above a whole sentence without those that do not lead it in: they say no nowhere, and the consent is the same without them."""
    if not (stands_alone(label) and text.endswith((".", label[-1:]))):
        return text
    kept = [one for one in _SENTENCES.split(text) if _changes(one, label)]
    return " ".join(kept) if kept or not _changes(text, label) else text


def _without_remarks(text: str, label: str) -> str:
    """A paragraph over a label without the sentences at its end that only tell something: they ask for nothing, and change no consent."""
    kept = _SENTENCES.split(text)
    while label and kept[-1].endswith(".") and not _ASKED.search(kept[-1]) and not _changes(kept[-1], label):
        kept.pop()
        if not kept:
            return ""
    return " ".join(kept)


def _changes(text: str, label: str) -> bool:
    """Whether a sentence above a label says no, or the consent would be another without it."""
    return says_no(text) or mark_guess(label, text) != mark_guess(label, "")


def stands_alone(label: str) -> bool:
    """Whether a label is a whole sentence that speaks of nothing said before."""
    spoken_of = _SPOKEN_OF.search(label) or (len(label.split()) < _LONG and _IT.search(label))
    return label.endswith((".", "?", "!")) and len(label.split()) > _SHORT and not spoken_of


def _comes_before(text: str, label: str) -> bool:
    """Whether words above have a lower number than a label: it is the next question, and no part of theirs."""
    one, two = _FIGURE.match(text.strip()), _FIGURE.match(label.strip())
    return one is not None and two is not None and int(one[1]) < int(two[1])


def is_numbered_like(lead: str, label: str) -> bool:
    """Whether what led in has a number of the kind that a label has ("3. You may share with:", "4. You may ring me"): it leads in no longer."""
    return bool(_FIGURE.match(lead.strip())) and bool(_FIGURE.match(label.strip()))


def group_lead(
    page: PageParts, place: Box, mine: Sequence[Box], before: Sequence[Sequence[Box]], spoken: Set[Word], label: str
) -> str:
    """What leads in a group of boxes, found above the first row of the group.

    `place`: a field of the group with its label; `before`: the rows of boxes above; `spoken`: labels of other fields.
    A row belongs to the group below it if it has at least as many boxes: only the last row of a group has fewer.
    """
    first, count = place[1], len(mine)
    for row in reversed(before):
        if first - row[0][3] > _UP or len(row) < count:
            break
        between = [w for w in page.words if row[0][3] + 1 < w.box[1] and w.box[3] < first - 1 and w not in spoken]
        if between:
            break
        level, count = on_row(page, middle(row[0])[1] - 5, middle(row[0])[1] + 5), len(row)
        first = min([row[0][1], *(w.box[1] for w in level)])
    return lead_above(page, first, place[0], spoken, label)


def lead_above(page: PageParts, top: float, left: float, spoken: Set[Word], label: str = "") -> str:
    """What leads in from just above a height, in the column that a field at `left` stands in; empty if nothing does."""
    rows = column_above(page, top, left, spoken)
    if not rows:
        return _on_a_bar(page, top, left, spoken, label)
    if top - rows[0][0].box[3] <= _UP and not without_how_to(_HOW_MANY.sub("", paragraph(rows))):
        return lead_above(page, min(w.box[1] for w in rows[-1]), left, spoken | {w for row in rows for w in row}, label)
    if top - rows[0][0].box[3] > _UP or _is_written_on(page, rows[0]) or labels_a_place(page, rows[0]):
        return ""
    return lead_of(rows, label)


def _on_a_bar(page: PageParts, top: float, left: float, spoken: Set[Word], label: str) -> str:
    """What leads in of a heading in light print on a bar, the nearest thing above a height: only words that do so by themselves."""
    near = [w for w in page.words if top - _UP < w.box[3] <= top + 2 and w not in spoken]
    low = max((w.box[3] for w in near), default=0.0)
    line = next(
        (block for block in blocks_of([w for w in near if low - w.box[3] < 3]) if block[0].box[0] <= left + _INTO_BAR),
        [],
    )
    return leads_in(paragraph([line]), label) if line and all(w.light for w in line) else ""


def column_above(page: PageParts, top: float, left: float, spoken: Set[Word]) -> list[list[Word]]:
    """The lines of the paragraph above a height, nearest first: of one column, where several stand side by side."""
    rows = lines_above(page, top, 0, page.width, spoken)
    if not rows:
        return []
    starts = [block[0].box[0] for block in blocks_of(rows[0])]
    if len(starts) == 1:
        return rows
    begin = max((start for start in starts if start <= left + 6), default=starts[0])
    end = min((start for start in starts if start > begin), default=page.width) - 3
    column: list[list[Word]] = []
    for row in rows:
        blocks = [block for block in blocks_of(row) if block[0].box[0] < end and block[-1].box[2] > begin]
        if len(blocks) != 1 or blocks[0][0].box[0] < begin - 3 or blocks[0][-1].box[2] > end + 3:
            break
        column.append(blocks[0])
    return column


def begun_above(page: PageParts, line: Sequence[Word], right: float, spoken: Set[Word]) -> list[Word]:
    """The lines above of a question whose boxes stand beside its last line; `right`: where its answers begin.

    A line above that reaches nearly to the boxes runs on. A shorter one does if what follows begins with a small letter,
    stands nearer to it than to what is below, and could not be a heading over a list.
    """
    left, top = min(w.box[0] for w in line), min(w.box[1] for w in line)
    rows = whole_lines(page, lines_above(page, top, left - 2, right, spoken))
    rows = [row for row in rows if not _is_written_on(page, row)]
    if not rows or top - max(w.box[3] for w in rows[0]) > 0.6 * line[0].size:
        return []
    count = question_lines([line, *rows], right - _BEFORE_BOXES)
    if count == 1 and line[0].text[:1].islower() and not _RUNS_ON.search(paragraph(rows[:1])):
        below = [w.box[1] for w in page.words if w.box[1] > line[0].box[3] - 2 and left - 2 < w.box[0] < right]
        if min(below, default=page.height) - line[0].box[3] > top - rows[0][0].box[3] + 2:
            count = question_lines([line, *rows])
    return [w for row in rows[: count - 1] for w in row]


def _is_written_on(page: PageParts, row: Sequence[Word]) -> bool:
    """Whether a line of print is the label of something to write: a row of dots or a writing line goes with it."""
    held = around(w.box for w in row)
    places = [*(run.box for run in page.runs), *page.lines]
    level = middle(held)[1]
    rooms = (c for c in page.cells if c[0] > held[0] and c[2] - c[0] >= _LEAST_ROOM and c[1] < level < c[3])
    return any(held[1] - 2 < middle(place)[1] < held[3] + 4 for place in places) or any(
        not (words_in(page, room) or is_over_boxes(page, room)) and not any(inside(t, room, 0) for t in page.ticks)
        for room in rooms
    )
