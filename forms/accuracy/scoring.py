"""Compares what was read of one scan with its truth: counts, and the cases that a person should see. Pure.

A form counts as found when its id, its pages and, where the truth tells it, its edition are right. A reading that holds only some of
a form's pages is a form missed; a reading of anything else as a form is a false one.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made_by
from enum import StrEnum

from forms.accuracy.truth import FieldTruth, FileTruth, FormTruth
from forms.geometry import Placement, place_point
from forms.results import FieldReading, FormReading, PageReading
from forms.template import Kind

ALL, OTHER = "all", "other"
"""Levels that no truth names: the sum of all, and scans of which nobody said how hard they are."""
MISPLACED_PT = 4.25
"""1.5 mm, less than half the smallest box: further off, ink is measured in the wrong place."""


class What(StrEnum):
    """The kinds of cases, worst first."""

    FALSE_YES = "false yes taken"
    MISSED_YES = "missed yes taken"
    OTHER_WRONG = "other wrong answer taken"
    WRONG_WRITING = "date, name or signature taken wrongly"
    FALSE_FORM = "taken for a form, or for another edition"
    MISPLACED = "read while misregistered"
    MISSED_FORM = "form not found"
    NEEDLESS = "needless question"


@dataclass(frozen=True)
class Case:
    """One thing that went wrong, or a question that was not needed. `field` is None where the whole page is meant."""

    what: What
    difficulty: str
    file: str
    page: int
    field: str | None
    truth: str
    read: str
    reason: str | None = None
    flags: tuple[str, ...] = ()
    evidence: Mapping[str, float | str] = made_by(default_factory=dict)


@dataclass
class Score:
    """Counts by name, and the cases behind them."""

    counts: Counter[str] = made_by(default_factory=Counter)
    cases: list[Case] = made_by(default_factory=list)

    @property
    def wrong(self) -> list[tuple[str, int, str, str, str]]:
        """Answers and signatures taken wrongly without asking: file, page, field, truth, read."""
        taken = (What.FALSE_YES, What.MISSED_YES, What.OTHER_WRONG, What.WRONG_WRITING)
        return [(one.file, one.page, one.field or "", one.truth, one.read) for one in self.cases if one.what in taken]

    def add(self, other: "Score") -> None:
        """Adds another score to this one."""
        self.counts.update(other.counts)
        self.cases += other.cases


@dataclass(frozen=True)
class ScanRead:
    """What was read of one scan. `pages` (with their placements) may be empty where only answers are compared."""

    forms: tuple[FormReading, ...] = ()
    pages: tuple[PageReading, ...] = ()
    reason: str | None = None


def score_scan(
    file: str, truths: Sequence[FormTruth], pages: FileTruth | None, read: ScanRead, combs: Collection[tuple[str, str, str]] = ()
) -> dict[str, Score]:  # fmt: skip
    """Scores of one scan by difficulty. `truths`: its forms; `combs`: form, edition and field of each date in figure boxes."""
    scores: dict[str, Score] = {}
    unclaimed = list(read.forms)
    for truth in truths:
        one = scores.setdefault(truth.difficulty, Score())
        one.counts["forms"] += 1
        found = next((form for form in unclaimed if _is(form, truth)), None)
        if found is None:
            one.counts["forms missed"] += 1
            one.cases += _missed(truth, read)
            continue
        unclaimed.remove(found)
        one.counts["forms found"] += 1
        _placements(one, truth, read)
        _fields(one, truth, found, combs)
    hard = (pages.difficulty if pages else None) or (truths[0].difficulty if truths else OTHER)
    rest = scores.setdefault(hard, Score())
    rest.counts["chances of a false form"] += len(truths)
    if pages is not None:
        rest.counts["chances of a false form"] += sum(kind != "form" for kind in pages.pages)
    for form in unclaimed:
        if not any(_is_part(form, truth) for truth in truths):
            rest.counts["forms found that are none"] += 1
            told = (
                ", ".join(pages.pages[n - 1] for n in form.pages if n <= len(pages.pages)) if pages else "no such form"
            )
            rest.cases.append(
                Case(What.FALSE_FORM, hard, file, form.pages[0], None, told, f"{form.form} {form.edition}")
            )
    return scores


def _same_form(form: FormReading, truth: FormTruth) -> bool:
    return form.form == truth.form and truth.edition in (None, form.edition)


def _is(form: FormReading, truth: FormTruth) -> bool:
    return _same_form(form, truth) and set(form.pages) == set(truth.pages)


def _is_part(form: FormReading, truth: FormTruth) -> bool:
    return _same_form(form, truth) and set(form.pages) < set(truth.pages)


def _missed(truth: FormTruth, read: ScanRead) -> list[Case]:
    """A case for each page of a form that was not found, with what was said of the page."""
    told = {page.number: page.reason or page.kind.value for page in read.pages}
    return [
        Case(
            What.MISSED_FORM, truth.difficulty, truth.file, page, None, truth.form,
            read.reason or told.get(page, "not read"),
        )
        for page in truth.pages
    ]  # fmt: skip


def _placements(one: Score, truth: FormTruth, read: ScanRead) -> None:
    for page in read.pages:
        wanted = truth.placements.get(page.number)
        if wanted is None or page.placement is None or not page.fields:
            continue
        one.counts["pages placed"] += 1
        off = max(_off_pt(wanted, page.placement, field) for field in page.fields)
        if off > MISPLACED_PT:
            one.counts["pages misplaced"] += 1
            told = f"a box lies {off / 72 * 25.4:.1f} mm off"
            one.cases.append(Case(What.MISPLACED, truth.difficulty, truth.file, page.number, None, truth.form, told))


def _off_pt(wanted: Placement, found: Placement, field: FieldReading) -> float:
    """How far from its true place a field was looked for, in points on the blank."""
    x, y = (field.box[0] + field.box[2]) / 2, (field.box[1] + field.box[3]) / 2
    (x0, y0), (x1, y1), (x2, y2) = place_point(wanted, x, y), place_point(found, x, y), place_point(wanted, x + 1, y)
    pixels_in_a_point = max(1e-6, ((x2 - x0) ** 2 + (y2 - y0) ** 2) ** 0.5)
    return float(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5 / pixels_in_a_point)


def _fields(one: Score, truth: FormTruth, found: FormReading, combs: Collection[tuple[str, str, str]]) -> None:
    asked = 0
    for name, told in truth.fields.items():
        read = found.fields.get(name)
        if read is None or not told.counts:
            continue
        case = (truth, name, told, read)
        if told.kind.is_mark:
            asked += read.review
            _mark(one, *case)
        elif told.kind is Kind.SIGNATURE:
            _signature(one, *case)
        else:
            group = "names"
            if told.kind is Kind.DATE:
                group = "dates in boxes" if (found.form, found.edition, name) in combs else "dates on lines"
            _writing(one, group, *case)
    one.counts["forms with no question"] += asked == 0


def _case(what: What, truth: FormTruth, name: str, told: FieldTruth, read: FieldReading) -> Case:
    return Case(
        what, truth.difficulty, truth.file, read.page, name, told.value or "nothing", read.value or "nothing", read.reason,
        tuple(sorted(told.flags)), read.evidence,
    )  # fmt: skip


def _mark(one: Score, truth: FormTruth, name: str, told: FieldTruth, read: FieldReading) -> None:
    one.counts["answers"] += 1
    one.counts["answers yes" if told.value == "yes" else "answers not yes"] += 1
    right = read.value == told.value
    if told.unsettled:
        one.counts["unsettled"] += 1
        one.counts["unsettled asked or right"] += read.review or right
    if read.review:
        one.counts["asked"] += 1
        if not told.unsettled:
            one.counts["asked needlessly"] += 1
            one.cases.append(_case(What.NEEDLESS, truth, name, told, read))
    elif right:
        one.counts["right"] += 1
    else:
        what = What.FALSE_YES if read.value == "yes" else What.MISSED_YES if told.value == "yes" else What.OTHER_WRONG
        one.counts[what.value] += 1
        one.cases.append(_case(what, truth, name, told, read))


def _signature(one: Score, truth: FormTruth, name: str, told: FieldTruth, read: FieldReading) -> None:
    one.counts["signatures"] += 1
    if read.review:
        one.counts["signatures asked"] += 1
    elif read.value == told.value:
        one.counts["signatures right"] += 1
    else:
        one.counts["signatures wrong"] += 1
        one.cases.append(_case(What.WRONG_WRITING, truth, name, told, read))


def _writing(one: Score, group: str, truth: FormTruth, name: str, told: FieldTruth, read: FieldReading) -> None:
    """A date or a name. Exact: as it stands, but for capitals and spaces, suggested or taken."""
    right = _plain(read.value) == _plain(told.value)
    kind = "dates" if told.kind is Kind.DATE else "names"
    one.counts[f"{kind} fields"] += 1
    one.counts[f"{kind} asked"] += read.review
    if not read.review and not right:
        one.counts[f"{kind} taken wrongly"] += 1
        one.cases.append(_case(What.WRONG_WRITING, truth, name, told, read))
    if told.value is None:
        return
    one.counts[group] += 1
    one.counts[f"{group} exact"] += right
    one.counts[f"{group} suggested wrong"] += read.review and read.value is not None and not right


def _plain(value: str | None) -> str:
    return " ".join((value or "").casefold().split())
