"""Reads one page: what it is, where the blank lies on it, what is marked. The steps in order; never raises, never guesses.

Everything that is not plainly right ends in a question or in no answer at all, with the reason in words for the person at the
scanner or at the desk.
"""

from collections.abc import Mapping
from dataclasses import asdict

import cv2
import numpy as np
from numpy.typing import NDArray

from forms import answers as rules
from forms import ink, marks
from forms.answers import Answer
from forms.assemble import assemble
from forms.blank_pages import BLANK_DPI, FEATURE_DPI, POINT, blank_pages
from forms.catalogue import Catalogue
from forms.edition import LabelFit, is_another_edition, label_fits
from forms.geometry import Box, around, clipped, grown, place_box
from forms.identify import Candidate, candidates_for
from forms.ink import FieldInk
from forms.marks import STANDARD, Judged, Mark
from forms.page import Page, darkness_of, halved, page_of
from forms.register import Registration, Upright, offset_near, quarter_turn, register, rough_on, turn
from forms.results import FieldReading, PageKind, PageReading
from forms.suggest import suggest
from forms.template import Field, Kind

__all__ = ["assemble", "read_page", "suggest"]

FOUND_WHOLE = 0.88
"""Share of the blank's print that must be found. Every form tried had 0.97 or more, other pages 0.15 or less."""
FOUND_SOME = 0.35
LIKELY_MATCHES = 30
SCALE = (0.90, 1.10)
BLANK_INK_MM2 = 6.0
"""Less ink than a signature's on a whole page, specks left out: a blank sheet. Show-through of a back stays below it."""
SIGNED_MM2, UNSIGNED_MM2 = 5.0, 1.0
WRITTEN_MM2, UNWRITTEN_MM2 = 2.0, 0.6

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
    small = halved(upright.work)
    if _is_blank(small):
        return PageReading(number, PageKind.BLANK, reason="A blank page."), {}
    candidates = candidates_for(small, blank_pages(catalogue))
    matches = {candidate.blank.known.name: float(candidate.matches) for candidate in candidates}
    best = candidates[0] if candidates else None
    if best is None or best.matches < LIKELY_MATCHES:
        return PageReading(number, PageKind.OTHER, reason="This is not one of our forms.", matches=matches), {}
    degrees = quarter_turn(best)
    if degrees:
        upright = turn(page, pixels, degrees)
    found = register(best.blank, upright, rough_on(best, (small.shape[1], small.shape[0]), degrees))
    fault = _fault(best, found)
    if fault is not None or found is None:
        kind = PageKind.OTHER if found is None or found.found < FOUND_SOME else PageKind.UNREADABLE
        return PageReading(number, kind, turned=degrees, reason=fault, matches=matches), {}
    known = best.blank.known
    if known.template is None:
        return PageReading(
            number, PageKind.POLICY, known.id, known.edition, known.page, degrees, found.placement, matches=matches
        ), {}
    fields = known.template.on_page(known.page)
    labels = label_fits(found, fields)
    if is_another_edition(labels):
        reason = _not_this_edition(known.template.title)
        return PageReading(number, PageKind.UNREADABLE, turned=degrees, reason=reason, matches=matches), {}
    inks = ink.measure(found, fields)
    readings, crops = _fields(found, upright, fields, inks, labels, number)
    reading = PageReading(
        number, PageKind.FORM, known.id, known.edition, known.page, degrees, found.placement, tuple(readings),
        matches=matches | {"found": round(found.found, 3), "score": round(found.score, 3)},
    )  # fmt: skip
    return reading, crops


def _is_blank(small: NDArray[np.uint8]) -> bool:
    """Hardly any ink inside the margins; borders, holes and specks do not count."""
    height, width = small.shape
    edge_y, edge_x = height // 16, width // 14
    dark = darkness_of(small, 20)[edge_y : height - edge_y, edge_x : width - edge_x]
    count, _, stats, _ = cv2.connectedComponentsWithStats((dark > 70).astype(np.uint8), connectivity=8)
    areas = stats[1:, cv2.CC_STAT_AREA] if count > 1 else np.zeros(0)
    mm2 = (FEATURE_DPI / 25.4) ** 2
    return float(areas[areas >= 4].sum()) / mm2 < BLANK_INK_MM2


def _fault(best: Candidate, found: Registration | None) -> str | None:
    """Why the fit is not believed; None when it is."""
    name = best.blank.known.template.title if best.blank.known.template else "our policy"
    if found is None or found.found < FOUND_SOME:
        return "This is not one of our forms."
    if not (SCALE[0] <= found.scale[0] / found.scale[1] <= SCALE[1]):
        return f"This looks like “{name}”, but it is stretched. Scan it again."
    if found.found < FOUND_WHOLE:
        if float((found.inside > 0).mean()) < 0.93:
            return f"This looks like “{name}”, but part of the page is cut off. Scan the whole page again."
        return _not_this_edition(name)
    return None


def _not_this_edition(name: str) -> str:
    return f"This looks like “{name}”, but not this edition, or the scan is damaged. Read it by hand or scan it again."


def _fields(
    found: Registration,
    upright: Upright,
    fields: tuple[Field, ...],
    inks: Mapping[str, FieldInk],
    labels: Mapping[str, LabelFit],
    number: int,
) -> tuple[list[FieldReading], dict[str, bytes]]:
    judged = _judged(fields, inks, marks.STANDARD)
    if _faint_marks(judged) >= 2:
        judged = _judged(fields, inks, marks.FAINT_HAND)
    answered = {
        field.id: _answer(field, judged[field.id], inks[field.id], labels[field.id])
        for field in fields
        if field.kind.is_mark
    }
    crosses = {
        field_id: next(box.cross for box in boxes.values() if box.mark is Mark.MARKED)
        for field_id, boxes in judged.items()
        if sum(box.mark is Mark.MARKED for box in boxes.values()) == 1
    }
    answered = rules.lone_crosses(answered, crosses)
    plain = sum(box.mark is Mark.MARKED for boxes in judged.values() for box in boxes.values())
    answered = rules.barely_visible(answered, _faint_marks(judged), plain)
    readings, crops = [], {}
    for field in fields:
        answer = answered.get(field.id) or _written(field, inks[field.id])
        crop, png = _crop(found, upright, field)
        readings.append(
            FieldReading(
                id=field.id, kind=field.kind, value=_value(field, answer), review=answer.review,
                confidence=round(answer.confidence, 4), reason=answer.reason, page=number, box=field.box,
                template_page=field.page, crop=crop, evidence=_evidence(inks[field.id], labels.get(field.id)),
            )
        )  # fmt: skip
        if png is not None:
            crops[field.id] = png
        if field.kind in (Kind.TEXT, Kind.DATE) and inks[field.id].area >= UNWRITTEN_MM2:
            crops[f"ocr:{field.id}"] = _for_recognition(found, field)
    return readings, crops


def _judged(
    fields: tuple[Field, ...], inks: Mapping[str, FieldInk], limits: marks.Thresholds
) -> dict[str, dict[str, Judged]]:
    return {
        field.id: {name: marks.judge(asdict(box), limits) for name, box in inks[field.id].boxes.items()}
        for field in fields
        if field.kind.is_mark
    }


def _faint_marks(judged: Mapping[str, Mapping[str, Judged]]) -> int:
    """How many boxes hold something too faint or small to take. From two on nothing on the page is safely empty."""
    boxes = [box for field in judged.values() for box in field.values()]
    return sum(box.mark is Mark.UNSURE and "mark in the box" in (box.reason or "") for box in boxes)


def _answer(field: Field, boxes: Mapping[str, Judged], seen: FieldInk, label: LabelFit) -> Answer:
    if not seen.inside_scan:
        return Answer("unclear", True, 0.0, "Part of this question is cut off the scan.")
    if seen.fit < STANDARD.fit:
        return Answer("unclear", True, 0.2, "The print around this question could not be found clearly.")
    if not label.found:
        return Answer("unclear", True, 0.2, "The printed words of this question are not where they should be.")
    answer = rules.tick(boxes["tick"]) if field.kind is Kind.TICK else rules.yes_no(boxes["yes"], boxes["no"])
    return rules.with_words(answer, seen.words)


def _written(field: Field, seen: FieldInk) -> Answer:
    """A signature by its ink; writing is left to a person, with a suggestion added later."""
    if not seen.inside_scan:
        return Answer("", True, 0.0, "Part of this field is cut off the scan.")
    if field.kind is Kind.SIGNATURE:
        if seen.area >= SIGNED_MM2:
            return Answer("present", False, 0.98, None)
        if seen.area < UNSIGNED_MM2:
            return Answer("absent", False, 0.97, None)
        return Answer("absent", True, 0.5, "There is a mark that may not be a signature.")
    if seen.area >= WRITTEN_MM2:
        return Answer("", True, 0.3, "Something is written here that was not read. Read it from the picture.")
    if seen.area < UNWRITTEN_MM2:
        return Answer("", False, 0.95, None)
    return Answer("", True, 0.4, "Something faint or small may be written here.")


def _value(field: Field, answer: Answer) -> str | None:
    if field.kind is Kind.SIGNATURE and answer.value == "":
        return "absent"
    return answer.value or None


def _evidence(seen: FieldInk, label: LabelFit | None) -> dict[str, float | str]:
    """Every score with the thresholds in force, so that the reading can be judged again without the image."""
    kept: dict[str, float | str] = {"fit": round(seen.fit, 3), "area": round(seen.area, 3)}
    for name, box in seen.boxes.items():
        kept |= {f"{name}.{score}": round(value, 3) for score, value in asdict(box).items()}
    if label is not None:
        kept |= {"question": round(label.question, 3), "heads": round(label.heads, 3)}
    kept |= {f"words.{name}": round(value, 3) for name, value in seen.words.items()}
    if seen.boxes:
        kept |= {f"limit.{name}": float(value) for name, value in asdict(STANDARD).items()}
    return kept


def _shown(field: Field) -> Box:
    """What an officer must see to judge a field: its boxes, the printed words beside them and a margin."""
    held = around([*field.boxes.values(), *field.labels.values()])
    return grown(held, 12.0, 6.0) if field.kind.is_mark else grown(field.box, 8.0, 7.0)


def _crop(found: Registration, upright: Upright, field: Field) -> tuple[tuple[int, int, int, int] | None, bytes | None]:
    height, width = upright.source.shape[:2]
    left, top, right, bottom = clipped(place_box(found.placement, _shown(field)), width, height)
    place = (int(left), int(top), round(right), round(bottom))
    if place[2] - place[0] < 4 or place[3] - place[1] < 4:
        return None, None
    cut = upright.source[place[1] : place[3], place[0] : place[2]]
    return place, _png(cut)


def _png(pixels: NDArray[np.uint8]) -> bytes:
    shown = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR) if pixels.ndim == 3 else pixels
    longest = 1400
    if shown.shape[1] > longest:
        shown = cv2.resize(
            shown, (longest, max(1, shown.shape[0] * longest // shown.shape[1])), interpolation=cv2.INTER_AREA
        )
    _, encoded = cv2.imencode(".png", shown)
    return bytes(encoded)


def _for_recognition(found: Registration, field: Field) -> bytes:
    """Only the writing, black on white, with the print taken away, at twice the working size."""
    dx, dy, _ = offset_near(found, [field.box])
    left, top, right, bottom = (round(value * POINT) for value in grown(field.box, 4.0, 5.0))
    left, right, top, bottom = left + round(dx), right + round(dx), top + round(dy), bottom + round(dy)
    window = (slice(max(0, top), bottom), slice(max(0, left), right))
    dark = found.darkness[window].copy()
    dark[found.blank.print_near[window] > 0] = 0
    light = cv2.bitwise_not(cv2.GaussianBlur(dark, (0, 0), 0.6))
    large = cv2.resize(light, None, fx=300 / BLANK_DPI, fy=300 / BLANK_DPI, interpolation=cv2.INTER_CUBIC)
    padded = cv2.copyMakeBorder(large, 20, 20, 20, 20, cv2.BORDER_CONSTANT, value=255)
    _, encoded = cv2.imencode(".png", padded)
    return bytes(encoded)
