"""Judges a stored reading again with other thresholds or costs, without the image. Pure.

Every reading keeps what was measured of each box. So a border can be moved, and what it would have changed can be told for all that
was read before. Only the answers of mark boxes depend on these borders; names, dates and signatures stay as they were read.
"""

from dataclasses import asdict, replace

from forms.across_pages import crosses_asked
from forms.answers import Answer
from forms.costs import STANDARD as COSTS
from forms.costs import Costs
from forms.judging import Measured, judge_page, measured_of
from forms.refusals import refusals_asked
from forms.results import FieldReading, FormReading
from forms.template import Field, Template
from forms.thresholds import STANDARD, Thresholds


def judge_again(
    reading: FormReading, template: Template, thresholds: Thresholds = STANDARD, costs: Costs = COSTS
) -> FormReading:  # fmt: skip
    """What would be answered now. The evidence of the result names the borders given here.

    `template`: the one that the reading was made by; raises ValueError for another, or a text of it that was changed since. A field without scores (a typed form, a page
    that was missing, one cut off) stays as it is: no border decides it.
    """
    if (reading.form, reading.edition) != (template.id, template.edition):
        raise ValueError("the template is not that of the reading")
    if reading.template_sum not in (None, template.content_sum):
        raise ValueError("the template was changed after the reading")
    fields = dict(reading.fields)
    for number in range(1, len(template.pages) + 1):
        stored = {
            one.id: reading.fields[one.id]
            for one in template.on_page(number)
            if one.id in reading.fields and _is_judged(one, reading.fields[one.id])
        }
        evidence = {name: one.evidence for name, one in reading.fields.items()}
        measured = measured_of(evidence, {name: one.kind for name, one in stored.items()})
        for field_id, answer in judge_page(measured, thresholds, costs).items():
            fields[field_id] = answered(stored[field_id], answer, thresholds, costs)
    return refusals_asked(replace(reading, fields=crosses_asked(fields)))


def _is_judged(field: Field, stored: FieldReading) -> bool:
    cut_off = (
        stored.review and stored.confidence == 0.0
    )  # said of nothing else, and in older readings no score tells it
    return field.kind.is_mark and not cut_off and all(f"{name}.inside" in stored.evidence for name in field.boxes)


def answered(stored: FieldReading, answer: Answer, thresholds: Thresholds, costs: Costs) -> FieldReading:
    """The reading with this answer, and the borders that it was judged by in its evidence."""
    borders: dict[str, float | str] = {f"limit.{name}": float(value) for name, value in asdict(thresholds).items()}
    if Measured(stored.kind, stored.evidence).has_chances:
        borders |= {f"cost.{name}": float(value) for name, value in asdict(costs).items()}
    kept = {name: value for name, value in stored.evidence.items() if name != "guess"}
    return replace(
        stored,
        value=answer.value or None,
        review=answer.review,
        confidence=round(answer.confidence, 4),
        reason=answer.reason,
        evidence={**kept, **borders, **({"guess": answer.guess} if answer.guess else {})},
    )
