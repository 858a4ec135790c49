"""Reads one page: what it is, where the blank lies on it, what is marked. The steps in order; never raises, never guesses.

Everything that is not plainly right ends in a question or in no answer at all, with the reason in words for the person at the
scanner or at the desk.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from forms import again, again_blank, ink
from forms.answers import Answer
from forms.assemble import WRITTEN_ON, assemble
from forms.beside import holds_another
from forms.blank_pages import POINT, blank_pages
from forms.catalogue import Catalogue
from forms.corners import by_corner_marks, corner_marks, says_another_page
from forms.costs import STANDARD as COSTS
from forms.crops import crop_of, for_recognition, writing_alone
from forms.edition import LabelFit, is_another_edition, label_fits, lost
from forms.emptiness import Emptiness, emptiness_of
from forms.identify import Candidate, at_a_glance, brought_out, candidates_for, corners_of
from forms.ink import FieldInk
from forms.judging import UNWRITTEN_MM2, WRITTEN_MM2, judge_page, measured_of
from forms.lines import with_lines
from forms.looking import look_of
from forms.missing import contradicted
from forms.outlines import with_outlines
from forms.outside import is_written_on
from forms.page import Page, page_of
from forms.pale import FAINT_WRITING, empty_beside_pale, paler_than_the_page
from forms.register import Registration, Upright, quarter_turn, register, rough_on, turn
from forms.results import FieldReading, PageKind, PageReading
from forms.scorer import scorer
from forms.sheets import sheet_on
from forms.struck import with_struck
from forms.suggest import suggest
from forms.template import Field, Kind
from forms.thresholds import STANDARD
from forms.tracing import trace_of
from forms.views import views
from forms.writing.signatures import judge_signature

__all__ = ["assemble", "read_page", "suggest"]

FOUND_WHOLE = 0.88
"""Share of the blank's print that must be found. Every form tried had 0.97 or more, other pages 0.15 or less."""
FOUND_WORN, MOST_AGAINST = 0.70, 0.03
"""Less may be found where the scan lost print: of the patches at most so many may have something else in their place. On generated
scans of other editions it was 0.09 or more, on pages that only lost print 0.01 or less."""
FOUND_AT_A_GLANCE = 0.95
"""What was placed at a glance is believed only where hardly any print is missing; else the page gets the closer look."""
WHOLE_PAGE = 0.93
"""Share of the blank that must lie on the scan, or the page counts as cut off."""
FOUND_SOME = 0.35
LIKELY_MATCHES = 30
NOT_OURS = "This is not one of our forms."
FAINT_PAGE = (
    "Something faint is on this page, pencil or a scan that is too light. Look at its picture, or scan it again darker."
)
WHITE_ON_BLACK = "This page is white on black, so it cannot be read. Scan it again with black print on white paper."
DARK_PAPER = 80
"""The middle shade of a page from 0 (black): coloured paper in poor light has 100 and more, a picture with its colours changed over 30 and less."""
SHEET_LOST = "This looks like “{name}”, but its print cannot be found clearly. Read it by hand or scan it again."
ANOTHER_BESIDE = (
    "This sheet holds a second page beside a page of “{name}”. Scan each page by itself, or read it by hand."
)
CODE_LOST = "This looks like a page that we printed, but its code cannot be read. Read it by hand or scan it again."
CODE_OF_ANOTHER = (
    "This is a page that we printed, but its code is that of another page or edition than its print. Read it by hand."
)
SCALE, SCALE_OF_A_PHOTO = (0.90, 1.10), (0.82, 1.22)
"""How much narrower or wider a page may be; more where nearly all of the print was found, as on a photograph taken askew."""
FOUND_ALL = 0.97
PALE = 130
"""Where black print is not even half as dark as black against its paper, the toner or the copier was weak."""
UNSIGNED_MM2 = 1.0
TO_SMALL = np.array([[0.5, 0, -0.25], [0, 0.5, -0.25], [0, 0, 1]])
"""From pixels of a page at WORK_DPI to those at FEATURE_DPI: the middle of pixel 0 is half a pixel from the edge."""

IN_FORCE = {f"limit.{name}": float(value) for name, value in asdict(STANDARD).items()} | {
    f"cost.{name}": float(value) for name, value in asdict(COSTS).items()
}
"""The borders and costs that a reading is judged by, as they are kept with it."""

cv2.setNumThreads(1)  # a worker has one core; OpenCV would take them all


def read_page(
    pixels: NDArray[np.uint8], dpi: tuple[float, float] | None, number: int, catalogue: Catalogue
) -> tuple[PageReading, dict[str, bytes]]:
    """What a page is and what is marked on it, and PNG crops by field id (`ocr:` and a field id: prepared for recognition).

    `pixels`: uint8, grey height × width or RGB height × width × 3, 0 is black; `number` from 1. Never raises.
    """
    try:
        page = page_of(pixels, dpi)
        if page is None:
            return PageReading(
                number, PageKind.UNREADABLE, reason="The picture is too small to read. Scan it again."
            ), {}
        return _read(page, pixels, number, catalogue)
    except (cv2.error, ValueError, IndexError, ArithmeticError, np.linalg.LinAlgError):
        return PageReading(number, PageKind.UNREADABLE, reason="This page could not be read. Scan it again."), {}


def _read(
    page: Page, pixels: NDArray[np.uint8], number: int, catalogue: Catalogue
) -> tuple[PageReading, dict[str, bytes]]:
    upright = turn(page, pixels, 0)
    small = upright.small
    empty = emptiness_of(upright.strokes)
    if empty is Emptiness.EMPTY:
        return PageReading(number, PageKind.BLANK, reason="A blank page."), {}
    reading, crops = _known(page, pixels, upright, small, number, catalogue)
    if reading.kind is PageKind.OTHER:
        if empty is Emptiness.FAINT:
            return replace(reading, reason=FAINT_PAGE), crops
        reason = WHITE_ON_BLACK if float(np.median(small)) < DARK_PAPER else reading.reason
        return replace(reading, reason=reason, trace=look_of(small)), crops
    return reading, crops


def _known(
    page: Page,
    pixels: NDArray[np.uint8],
    upright: Upright,
    small: NDArray[np.uint8],
    number: int,
    catalogue: Catalogue,
) -> tuple[PageReading, dict[str, bytes]]:
    """The page read as the form, policy page or sheet that it is; else why it is none."""
    blanks = blank_pages(catalogue)
    again_blank.load()
    coded = by_corner_marks(small, upright.work, blanks, catalogue, upright.shapes)
    refused: tuple[PageReading, dict[str, bytes]] | None = None
    if coded is not None:
        told = _attempt(coded, page, pixels, upright, small, number, {coded.blank.known.name: float(coded.matches)})
        if told[0].kind is PageKind.FORM:
            return told
        # A blot was taken for a corner mark, or the page is not what it says: its print will tell.
        if coded.blank.known.id == again.ID:
            refused = told  # no print but its own tells an answer sheet, so this may be all that can be said of it
    glanced = at_a_glance(upright.shapes, blanks)
    if glanced is not None:
        matches = {glanced.blank.known.name: float(glanced.matches)}
        told = _attempt(glanced, page, pixels, upright, small, number, matches, least=FOUND_AT_A_GLANCE)
        if told[0].kind in (PageKind.FORM, PageKind.POLICY):
            return told
    seen = corners_of(small, upright.shapes)
    pale = brought_out(upright.shapes)
    looks = [seen] if pale is None else [seen, corners_of(small, pale)]
    # Pages that we print say what they are; they are looked for by their print only where nothing else fits.
    for some, look in product(([b for b in blanks if not b.is_coded], [b for b in blanks if b.is_coded]), looks):
        candidates = [one for one in candidates_for(look, some) if one.matches >= LIKELY_MATCHES]
        matches = {candidate.blank.known.name: float(candidate.matches) for candidate in candidates}
        for candidate in candidates:
            told = _attempt(candidate, page, pixels, upright, small, number, matches)
            if told[0].kind in (PageKind.FORM, PageKind.POLICY):
                return told
            if refused is None or refused[0].kind is PageKind.OTHER:
                refused = told
    sheet = sheet_on(small)
    if sheet is not None:
        return PageReading(number, PageKind.SHEET, reason="A separator or cover sheet.", sheet=sheet), {}
    asked = again_blank.named_on(small, upright.work, catalogue)
    if asked is not None:
        for candidate in candidates_for(seen, [asked]):
            told = _attempt(candidate, page, pixels, upright, small, number, {})
            if told[0].kind is PageKind.FORM:
                return told
        return PageReading(number, PageKind.UNREADABLE, reason=SHEET_LOST.format(name=again.TITLE)), {}
    if (refused is None or refused[0].kind is PageKind.OTHER) and corner_marks(small, upright.shapes) is not None:
        return PageReading(number, PageKind.OTHER, reason=CODE_LOST if coded is None else CODE_OF_ANOTHER), {}
    return refused or (PageReading(number, PageKind.OTHER, reason=NOT_OURS), {})


def _attempt(
    candidate: Candidate,
    page: Page,
    pixels: NDArray[np.uint8],
    upright: Upright,
    small: NDArray[np.uint8],
    number: int,
    matches: Mapping[str, float],
    least: float = 0.0,
) -> tuple[PageReading, dict[str, bytes]]:
    """The page read as this candidate; or why it cannot be. `least`: share of its print below which it is left to a closer look."""
    upright, found = _placed(candidate, page, pixels, upright, small)
    fault = NOT_OURS if found is not None and found.found < least else _fault(candidate, found)
    if fault is not None or found is None:
        kind = PageKind.OTHER if found is None or found.found < FOUND_SOME else PageKind.UNREADABLE
        return PageReading(number, kind, turned=upright.turned, reason=fault, matches=matches), {}
    if holds_another(upright.strokes, TO_SMALL @ found.full, candidate.blank.size):
        reason = ANOTHER_BESIDE.format(name=_called(candidate))
        return PageReading(number, PageKind.UNREADABLE, turned=upright.turned, reason=reason, matches=matches), {}
    if says_another_page(candidate, upright.work, found.full):
        return PageReading(
            number, PageKind.UNREADABLE, turned=upright.turned, reason=CODE_OF_ANOTHER, matches=matches
        ), {}
    return _page(candidate, upright, found, matches, number)


def _placed(
    candidate: Candidate, page: Page, pixels: NDArray[np.uint8], upright: Upright, small: NDArray[np.uint8]
) -> tuple[Upright, Registration | None]:
    """The page turned upright as the candidate has it, and its fit."""
    degrees = quarter_turn(candidate)
    if degrees:
        upright = turn(page, pixels, degrees)
    return upright, register(candidate.blank, upright, rough_on(candidate, (small.shape[1], small.shape[0]), degrees))


def _page(
    best: Candidate, upright: Upright, found: Registration, matches: Mapping[str, float], number: int
) -> tuple[PageReading, dict[str, bytes]]:
    """What stands on a page whose blank is known and lies where it should."""
    known, degrees = best.blank.known, upright.turned
    added = ink.added_to(found)
    fields = known.template.on_page(known.page) if known.template else ()
    reason = WRITTEN_ON if is_written_on(found, fields, added) else None
    if known.template is None:
        return PageReading(
            number, PageKind.POLICY, known.id, known.edition, known.page, degrees, found.placement, reason=reason,
            matches=matches,
        ), {}  # fmt: skip
    labels = label_fits(found, fields, added)
    if is_another_edition(labels):
        missing = [field.short for field in fields if field.id in lost(labels)]
        told = ", ".join(f"“{short}”" for short in missing[:3]) + (" and others" if len(missing) > 3 else "")
        reason = _not_this_edition(
            known.template.title, found, f"the words of {told or 'its questions'} are not where they should be"
        )
        return PageReading(number, PageKind.UNREADABLE, turned=degrees, reason=reason, matches=matches), {}
    inks = with_lines(ink.measure(found, fields, added), fields, added.ink, POINT)
    inks = with_struck(with_outlines(inks, fields, found, added.dark), fields, found)
    readings, crops = _fields(found, upright, fields, inks, labels, number)
    if any(one.kind is Kind.SIGNATURE and one.value == "present" for one in readings):
        readings = paler_than_the_page(readings, {field.id: ink.darkness_of(added, field) for field in fields})
    reading = PageReading(
        number, PageKind.FORM, known.id, known.edition, known.page, degrees, found.placement, tuple(readings), reason=reason,
        matches={**matches, "found": round(found.found, 3), "score": round(found.score, 3)},
        trace=trace_of(found, fields, added), template_sum=known.template.content_sum,
    )  # fmt: skip
    return reading, crops


def _called(best: Candidate) -> str:
    return best.blank.known.template.title if best.blank.known.template else "our policy"


def _fault(best: Candidate, found: Registration | None) -> str | None:
    """Why the fit is not believed; None when it is."""
    name = _called(best)
    if found is None or found.found < FOUND_SOME:
        return NOT_OURS
    narrowest, widest = SCALE_OF_A_PHOTO if found.found >= FOUND_ALL else SCALE
    if not (narrowest <= found.scale[0] / found.scale[1] <= widest):
        return f"This looks like “{name}”, but it is stretched. Scan it again."
    if (found.found < FOUND_WHOLE and not _is_worn(found)) or found.whole < FOUND_WORN:
        if float((found.inside > 0).mean()) < WHOLE_PAGE:
            return f"This looks like “{name}”, but part of the page is cut off. Scan the whole page again."
        seen = f"only {min(found.found, found.whole):.0%} of its print was found".replace("%", " %")
        return _not_this_edition(name, found, seen)
    return None


def _is_worn(found: Registration) -> bool:
    """Whether the print that is missing was lost on the way, and the page shows nothing else in its place."""
    return (
        found.found >= FOUND_WORN
        and float((found.inside > 0).mean()) >= WHOLE_PAGE
        and contradicted(found, ink.added_to(found)) <= MOST_AGAINST
    )


def _not_this_edition(name: str, found: Registration, failed: str) -> str:
    """`failed`: which check failed, in words."""
    again = "scan it again"
    if ink.print_darkness(found) < PALE:
        failed, again = f"{failed}, and the print is pale", "scan it again darker, best from the first copy"
    covered = "or something covers or crosses its print"
    return (
        f"This looks like “{name}”, but not this edition, or the scan is damaged, {covered}: {failed}. "
        f"Read it by hand or {again}."
    )


def _fields(
    found: Registration,
    upright: Upright,
    fields: tuple[Field, ...],
    inks: Mapping[str, FieldInk],
    labels: Mapping[str, LabelFit],
    number: int,
) -> tuple[list[FieldReading], dict[str, bytes]]:
    chances = scorer().chances(views(found, fields))
    evidence = {field.id: _evidence(field, inks[field.id], labels.get(field.id), chances) for field in fields}
    answered = judge_page(measured_of(evidence, {field.id: field.kind for field in fields}))
    readings, crops = [], {}
    for field in fields:
        answer = answered.get(field.id) or _written(found, field, inks[field.id])
        crop, png = crop_of(found, upright, field)
        readings.append(
            FieldReading(
                id=field.id, kind=field.kind, value=_value(field, answer), review=answer.review,
                confidence=round(answer.confidence, 4), reason=answer.reason, page=number, box=field.box,
                template_page=field.page, crop=crop,
                evidence=evidence[field.id] | ({"guess": answer.guess} if answer.guess else {}),
            )
        )  # fmt: skip
        if png is not None:
            crops[field.id] = png
        written = field.kind in (Kind.TEXT, Kind.DATE) and inks[field.id].area >= UNWRITTEN_MM2
        if written or answer.value == "present":
            crops[f"ocr:{field.id}"] = for_recognition(found, field)
    return empty_beside_pale(readings), crops


def _written(found: Registration, field: Field, seen: FieldInk) -> Answer:
    """A signature by its strokes; writing is left to a person, with a suggestion added later."""
    if not seen.inside_scan:
        return Answer("", True, 0.0, "Part of this field is cut off the scan.")
    if field.kind is Kind.SIGNATURE:
        if seen.area < UNSIGNED_MM2:
            return Answer("absent", False, 0.97, None)
        told = judge_signature(writing_alone(found, field.box), smoothed_mm2=seen.area)
        return Answer(told.value, told.review, told.confidence, told.reason)
    if seen.area >= WRITTEN_MM2:
        return Answer("", True, 0.3, "Something is written here that was not read. Read it from the picture.")
    if seen.area < UNWRITTEN_MM2:
        return Answer("", False, 0.95, None)
    return Answer("", True, 0.4, FAINT_WRITING)


def _value(field: Field, answer: Answer) -> str | None:
    if field.kind is Kind.SIGNATURE and answer.value == "":
        return "absent"
    return answer.value or None


def _evidence(
    field: Field, seen: FieldInk, label: LabelFit | None, chances: Mapping[tuple[str, str], Mapping[str, float]]
) -> dict[str, float | str]:
    """Every score with the thresholds in force, so that the reading can be judged again without the image."""
    kept: dict[str, float | str] = {"fit": round(seen.fit, 3), "area": round(seen.area, 3)}
    kept |= {"inside_scan": float(seen.inside_scan), "specks": round(seen.specks, 3)}
    for name, box in seen.boxes.items():
        kept |= {f"{name}.{score}": round(value, 3) for score, value in vars(box).items()}
        kept |= {f"{name}.chance.{what}": round(value, 6) for what, value in chances[field.id, name].items()}
    if label is not None:
        kept |= {"question": round(label.question, 3), "heads": round(label.heads, 3), "rival": round(label.rival, 3)}
        kept |= {"lead": round(label.lead, 3)} if field.looked_for_only else {}
        kept |= {"worn": 1.0} if label.worn and label.found else {}
    kept |= {f"words.{name}": round(value, 3) for name, value in seen.words.items()}
    if field.kind.is_mark:
        kept |= IN_FORCE
        kept["scorer"] = scorer().calibration.version
    return kept
