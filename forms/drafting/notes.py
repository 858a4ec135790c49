"""What a person should be told with a draft: pages without boxes, answers to strike out, a third answer beside a question."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby

from forms.drafting.found import Found, label_of, lines_above, paragraph, question_lines, text_of
from forms.drafting.guesses import short_of
from forms.drafting.handwritten import InWriting, asked_for, asks_for_initials
from forms.drafting.parts import PageParts, Word, middle
from forms.drafting.wordings import PLAIN_NO, PLAIN_YES, answer_each_other
from forms.geometry import Box, around, overlap
from forms.template import Kind

CANNOT = "Words to strike out or to ring cannot be read; have the form printed with boxes."
NOT_READ = "That cannot be read as an answer, so no field is proposed for it; have the form printed with boxes to tick."
_IN_PICTURES = "boxes and words in a picture are not found."
_ONE_PICTURE, _SOME_PICTURE = 0.7, 0.05
"""Shares of a page: a logo covers less than the second."""
_SOME_UNREAD = 0.02
_MOST_NAMED = 6
_NEAR = 80.0
_LEVEL = 6.0
_TICKED = re.compile(r"\b(tick|cross in|column|box(es)?)\b", re.IGNORECASE)
_STRUCK = re.compile(r"\b(delete|strike|cross out|circle|ring)\b", re.IGNORECASE)
_AS_FITS = re.compile(
    r"\b(delete|strike out|cross out|circle|ring) (as|where|which|what|whichever|the)\b", re.IGNORECASE
)
_DO_OR_NOT = re.compile(
    r"\b[a-z]+\*? ?/ ?((do|does|am|is|would|will|may|can) not|don['’]t|not|disagree)\b", re.IGNORECASE
)
_TOKEN = re.compile(r"[^\W_]+|[/|]")


def notes_on(pages: Sequence[PageParts], found: Sequence[Found], written: Sequence[InWriting]) -> list[str]:
    """Sentences for the person who drafts. `found`: everything found on these pages; `written`: what is answered in writing on each."""
    notes: list[str] = []
    without: list[int] = []
    for page, answers in zip(pages, written, strict=True):
        if _covered(page) > _ONE_PICTURE:
            notes.append(
                f"Page {page.number} is one picture, as a scan is: {_IN_PICTURES} Use the PDF that the form was made as."
            )
            continue
        if page.sideways:
            notes.append(
                f"The words on page {page.number} are printed sideways, so what was found there is not to be relied on: "
                "turn the page in the PDF and draft it again."
            )
            continue
        if page.unread > _SOME_UNREAD:
            notes.append(
                f"Some letters on page {page.number} cannot be read: their font does not say which they are. "
                "Write the words of what was found there yourself, from the picture."
            )
        if _covered(page) > _SOME_PICTURE:
            notes.append(f"There are pictures on page {page.number}: {_IN_PICTURES} Look at the page.")
        mine = [one for one in found if one.page == page.number]
        questions, any_mark = bare_answers(page, mine, answers.words), any(one.kind.is_mark for one in mine)
        begin = f"On page {page.number}" if any_mark else f"No boxes to tick were found on page {page.number}, and"
        if questions:
            notes.append(f"{begin} words stand to be struck out or ringed for: {_named(questions)}. {CANNOT}")
        elif _AS_FITS.search(" ".join(w.text for w in page.words)):
            notes.append(f"{begin} people are asked to delete or ring words. {CANNOT}")
        elif not any_mark and not answers.all:
            without.append(page.number)
        notes += _in_writing(page, answers)
        if asks_for_initials(page) and not answers.initials:
            notes.append(f"On page {page.number} people are asked to write their initials. {NOT_READ}")
        notes += _third_answers(page, mine)
        notes += _without_words(page, mine)
    if without:
        where = f"page {without[0]}: does it" if len(without) == 1 else f"pages {_list(map(str, without))}: do they"
        notes.append(f"No boxes to tick were found on {where} ask people to delete words? {CANNOT}")
    if found and not any(one.kind is Kind.SIGNATURE for one in found):
        notes.append(
            "No place for a signature was found. By a template without one, a form that nobody signed counts as signed: "
            "add the field (kind signature) if the form has it."
        )
    return notes


def _in_writing(page: PageParts, answers: InWriting) -> list[str]:
    kinds = (("“Yes” or “No” is to be written", answers.words), ("initials are to be written", answers.initials))
    return [
        f"On page {page.number} {what} for: {_named([asked_for(one) for one in asked])}. {NOT_READ}"
        for what, asked in kinds
        if asked
    ]


def bare_answers(page: PageParts, found: Sequence[Found], written: Sequence[Found] = ()) -> list[str]:
    """What is asked where Yes and No, or "do / do not", are printed without a box, from the top of the page. `written`: told already."""
    told = [box for one in written for box in one.labels.values()]
    heads = [box for one in found for name, box in one.labels.items() if name in ("yes", "no")]
    questions: list[str] = []
    for line in _lines(page):
        text = text_of(line)
        if _TICKED.search(text) and not _STRUCK.search(text):
            continue
        answers = _yes_and_no(line)
        if answers:
            place = around(w.box for w in answers)
            if not _has_box(page, place) and not any(overlap(place, box) for box in [*heads, *told]):
                questions.append(_question(page, line, place))
        elif _DO_OR_NOT.search(text) and not _has_box(page, around(w.box for w in line)):
            questions.append(label_of(line))
    return questions


def _lines(page: PageParts) -> list[list[Word]]:
    ordered = sorted(page.words, key=lambda w: (round(w.box[3] / 4), w.box[0]))
    return [list(line) for _, line in groupby(ordered, key=lambda w: round(w.box[3] / 4))]


def _yes_and_no(line: Sequence[Word]) -> list[Word]:
    """The words of a line that say Yes and No next to one another, with at most a stroke between them."""
    tokens = [(token.lower(), word) for word in line for token in _TOKEN.findall(word.text)]
    said = [(token, word) for token, word in tokens if token.isalnum()]
    for n, (token, word) in enumerate(said):
        for count in (1, 2):
            after = said[n + 1 : n + 1 + count]
            no = " ".join(other for other, _ in after)
            if token in PLAIN_YES and len(after) == count and no in PLAIN_NO and answer_each_other(token, no):
                return [word, *(other for _, other in after)]
    return []


def _has_box(page: PageParts, place: Box) -> bool:
    level = middle(place)[1]
    return any(
        abs(middle(tick)[1] - level) < _LEVEL and place[0] - _NEAR < tick[2] and tick[0] < place[2] + _NEAR
        for tick in page.ticks
    )


def _question(page: PageParts, line: Sequence[Word], place: Box) -> str:
    """What stands before the answers on their line, else after them, else above them."""
    before = [w for w in line if w.box[2] <= place[0] + 1]
    words = before or [w for w in line if w.box[0] >= place[2] - 1]
    if any(c.isalpha() for w in words for c in w.text):
        return label_of(words)
    above = lines_above(page, place[1], 0, page.width)
    return paragraph(above[: question_lines(above)]) if above else "Yes and No"


def _covered(page: PageParts) -> float:
    """Share of the page that its largest picture covers."""
    sizes = ((min(b[2], page.width) - max(b[0], 0)) * (min(b[3], page.height) - max(b[1], 0)) for b in page.pictures)
    return max(sizes, default=0.0) / (page.width * page.height)


def _without_words(page: PageParts, found: Sequence[Found]) -> list[str]:
    count = sum(one.kind.is_mark and not one.label for one in found)
    if not count:
        return []
    some = f"{count} questions or boxes" if count > 1 else "A question or box"
    none = "have no words beside them" if count > 1 else "has no words beside it"
    return [
        f"{some} on page {page.number} {none} that could be found. Write label, wording and the place of the words (labels) yourself, "
        "from the picture."
    ]


def _third_answers(page: PageParts, found: Sequence[Found]) -> list[str]:
    held: dict[str, int] = defaultdict(int)
    for one in found:
        if one.of is not None:
            held[one.label] += 1
    return [
        f"“{label}” on page {page.number} is a tick of its own beside {count} question{'s' if count > 1 else ''}, because a "
        "question has no third answer. Look at each together with its question: it is no Yes and no No, and beside a Yes it makes a question."
        for label, count in held.items()
    ]


def _named(questions: Sequence[str]) -> str:
    shown = [f"“{short_of(one)}”" for one in questions[:_MOST_NAMED]]
    more = len(questions) - len(shown)
    return _list([*shown, *([f"{more} more"] if more else [])])


def _list(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
