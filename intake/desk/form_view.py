"""What the review page shows of one form: doubtful answers first, each with its crop, reason and choices; then the clear ones.

View models only: no HTML, no request. The page turns what comes back into `filing.Confirmed` with `answers_from`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from forms.geometry import around
from forms.results import FormReading
from forms.template import Field, Kind, Template
from intake import interpret
from intake.interpret import Question
from records.consents.typed import day_typed
from records.people.birthdates import FIRST_YEAR
from records.people.typed import name_problem, text_problem
from records.policies.periods import in_words
from records.post.tables import Page

YES_NO = (("yes", "Yes", "Y"), ("no", "No", "N"), ("blank", "Left blank", "B"), ("unclear", "Cannot tell", "C"))
TICK = (("yes", "Ticked", "Y"), ("blank", "Not ticked", "N"), ("unclear", "Cannot tell", "C"))
SIGNATURE = (("present", "Signed", "Y"), ("absent", "Not signed", "N"), ("unclear", "Cannot tell", "C"))
CHOICES = {Kind.YES_NO: YES_NO, Kind.TICK: TICK, Kind.SIGNATURE: SIGNATURE}

# Asked in a part of the page of their own, because a file and its keeping date hang on them.
WHOSE = ("child_name", "date_of_birth")
NAMES = ("parent_name", "signer_name")
"""Fields that hold somebody's name and nothing else."""
LONGEST_LINE = 200


@dataclass(frozen=True)
class Shown:
    """One question on the page. `value` is what the computer read; for doubtful marks nothing is chosen beforehand.

    `cut_out`: there is a crop of it. A form that was typed, a field beyond the edge of the scan, or one that was covered has none.
    `letters`: what each letter of the writing looks like, where `value` is spelt otherwise.
    `marks_right`: its boxes lie in the right half of the crop, which a narrow screen must show first.
    """

    number: int
    id: str
    kind: Kind
    words: str
    wording: str
    value: str | None
    value_words: str
    reason: str | None
    doubtful: bool
    choices: tuple[tuple[str, str, str], ...]
    page: int
    cut_out: bool
    chosen: str | None = None
    marks_right: bool = False
    letters: str | None = None


@dataclass(frozen=True)
class Drawn:
    """A box drawn on the page picture, in pixels of the page: number and label only, never over the ink."""

    number: int
    left: float
    top: float
    width: float
    height: float
    doubtful: bool
    label: str


@dataclass(frozen=True)
class PagePicture:
    """One page with its drawn boxes."""

    number: int
    width: int
    height: int
    boxes: tuple[Drawn, ...]


@dataclass(frozen=True)
class FormShown:
    """Everything about a form that the review page shows."""

    title: str
    edition: str
    doubtful: tuple[Shown, ...]
    clear: tuple[Shown, ...]
    written: tuple[Shown, ...]
    child_name: Shown | None
    date_of_birth: Shown | None
    pictures: tuple[PagePicture, ...]
    notes: tuple[str, ...]


def value_words(kind: Kind, value: str | None) -> str:
    """A value as staff read it."""
    for code, words, _ in CHOICES.get(kind, ()):
        if code == value:
            return words
    if value is None:
        return "Not read" if kind in CHOICES else "Nothing read"
    if kind is Kind.DATE:
        try:
            return in_words(date.fromisoformat(value))
        except ValueError:
            return value
    return value


def show(template: Template, reading: FormReading, pages: Sequence[Page], typed: Mapping[str, str]) -> FormShown:
    """The page's content. `typed` is what was sent before and found wanting, so that nothing has to be typed twice."""
    marks: list[Shown] = []
    written: list[Shown] = []
    by_id: dict[str, Shown] = {}
    for number, question in enumerate(interpret.questions(template, reading), 1):
        read = reading.fields.get(question.field.id)
        shown = _shown(number, question, typed, cut_out=read is not None and read.cut_out)
        by_id[shown.id] = shown
        if shown.id in WHOSE:
            continue
        (marks if shown.kind in CHOICES else written).append(shown)
    return FormShown(
        title=template.title,
        edition=template.edition,
        doubtful=tuple(each for each in marks if each.doubtful),
        clear=tuple(each for each in marks if not each.doubtful),
        written=tuple(written),
        child_name=by_id.get("child_name"),
        date_of_birth=by_id.get("date_of_birth"),
        pictures=tuple(_picture(page, reading, by_id) for page in pages),
        notes=reading.notes,
    )


def _shown(number: int, question: Question, typed: Mapping[str, str], *, cut_out: bool) -> Shown:
    field = question.field
    choices = CHOICES.get(field.kind, ())
    doubtful = bool(choices) and (question.review or question.value not in {code for code, _, _ in choices})
    chosen = typed.get(field.id)
    if chosen is None and not doubtful:
        chosen = question.value
    return Shown(
        number=number,
        id=field.id,
        kind=field.kind,
        words=field.short,
        wording=field.wording,
        value=question.value,
        value_words=value_words(field.kind, question.value),
        reason=question.reason,
        doubtful=doubtful,
        choices=choices,
        page=question.page,
        cut_out=cut_out,
        chosen=chosen,
        marks_right=_marks_right(field),
        letters=question.letters,
    )


def _marks_right(field: Field) -> bool:
    """Whether the boxes to mark lie right of the middle of what is cut out for a field: its boxes with the words beside them."""
    boxes, whole = around(field.boxes.values()), around([*field.boxes.values(), *field.own_labels.values()])
    return field.kind.is_mark and boxes[0] + boxes[2] > whole[0] + whole[2]


def _picture(page: Page, reading: FormReading, by_id: Mapping[str, Shown]) -> PagePicture:
    boxes = []
    for read in reading.fields.values():
        if read.page == page.number and read.crop is not None and read.id in by_id:
            shown, (left, top, right, bottom) = by_id[read.id], read.crop
            # The reading of a birth date is not shown: it is typed from the crop without it (design, "New file").
            label = "" if read.id == "date_of_birth" or shown.doubtful else shown.value_words
            boxes.append(Drawn(shown.number, left, top, right - left, bottom - top, shown.doubtful, label))
    return PagePicture(page.number, page.width, page.height, tuple(boxes))


@dataclass(frozen=True)
class Mistake:
    """Something to put right: which field, and what to do, in the same words in the summary and at the field."""

    field: str
    words: str


def in_page_order(shown: FormShown, mistakes: Sequence[Mistake]) -> list[Mistake]:
    """Mistakes as their fields stand on the page from top to bottom, for whoever goes through the list at its head."""
    whose = (*WHOSE, "file", "other-children", "giver")
    ids = [each.id for each in shown.doubtful] + list(whose) + [each.id for each in (*shown.written, *shown.clear)]
    place = {field: number for number, field in reversed(list(enumerate(ids)))}
    return sorted(mistakes, key=lambda each: place.get(each.field, len(ids)))


def written_on(reading: FormReading) -> frozenset[str]:
    """The written fields that hold something on the paper, whether or not it could be read."""
    return frozenset(
        name
        for name, read in reading.fields.items()
        if read.kind in (Kind.TEXT, Kind.DATE) and (read.review or read.value is not None)
    )


def answers_from(
    template: Template, sent: Mapping[str, str], written: frozenset[str]
) -> tuple[dict[str, str | None], list[Mistake]]:
    """The officer's answers from what the page sent, and what is missing or impossible.

    `written`: fields that hold something on the paper. What hangs on them (when it was signed, who "Other" is) must be
    typed or said to be unreadable: a suggestion is never taken unasked.
    """
    answers: dict[str, str | None] = {}
    wrong: list[Mistake] = []
    for field in template.fields:
        if field.id in WHOSE:
            continue
        if field.kind in CHOICES:
            value = sent.get(field.id)
            if value not in {code for code, _, _ in CHOICES[field.kind]}:
                wrong.append(Mistake(field.id, f"Choose an answer for ‘{field.short}’"))
            else:
                answers[field.id] = value
        elif field.kind is Kind.DATE:
            needed = field.id in written and sent.get(f"{field.id}-unreadable") != "yes"
            day, mistake = date_from(sent, field.id, field.short, needed=needed)
            answers[field.id] = day.isoformat() if day else None
            if mistake:
                wrong.append(mistake)
        else:
            answers[field.id] = sent.get(field.id, "").strip() or None
            mistake = unreadable(field, sent)
            wrong += [mistake] if mistake else []
            ticked = answers.get(field.id.removesuffix("_name")) == "yes" and field.id.endswith("_name")
            if ticked and field.id in written and answers[field.id] is None:
                wrong.append(
                    Mistake(field.id, f"Type what is written at ‘{field.short}’, or answer ‘Cannot tell’ for its box")
                )
    return answers, wrong


def unreadable(field: Field, sent: Mapping[str, str]) -> Mistake | None:
    """Why what was typed into a written field cannot be kept: no name, too long, or a mark that nobody sees."""
    typed = sent.get(field.id, "")
    if field.kind is not Kind.TEXT or field.id in WHOSE or not typed.strip():
        return None
    problem = name_problem(typed, field.short) if field.id in NAMES else text_problem(typed, field.short, LONGEST_LINE)
    return Mistake(field.id, problem) if problem else None


def date_from(sent: Mapping[str, str], name: str, words: str, *, needed: bool) -> tuple[date | None, Mistake | None]:
    """A date typed in three boxes, or why it is none. The words never repeat what was typed."""
    parts = [sent.get(f"{name}-{part}", "").strip() for part in ("day", "month", "year")]
    if not any(parts):
        return (None, Mistake(name, f"Enter the {_lower(words)}, or say that it cannot be read") if needed else None)
    found = day_typed(*parts)
    if found and found.year < FIRST_YEAR:
        return None, Mistake(name, f"{words} must be in {FIRST_YEAR} or later")
    return (found, None) if found else (None, Mistake(name, f"{words} must be a real date, for example 27 3 2015"))


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
