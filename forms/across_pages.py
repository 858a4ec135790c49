"""What holds between the pages of one form. Pure. It only adds questions.

How a person marks is seen from the whole form: a page with few marks of its own does not show it.
"""

from collections.abc import Mapping
from dataclasses import replace

from forms import answers as rules
from forms.answers import Answer, Sign
from forms.judging import measured_of, signs_of
from forms.results import FieldReading


def crosses_asked(fields: Mapping[str, FieldReading]) -> dict[str, FieldReading]:
    """The fields of a form, with a cross among the ticks of all its pages asked about, as `answers.lone_crosses` asks on one (R23).

    What was typed, or is older than the scores that are kept, has no cross to tell.
    """
    changed = dict(fields)
    read = {name: one for name, one in fields.items() if one.kind.is_mark and "fit" in one.evidence}
    evidence = {name: one.evidence for name, one in read.items()}
    pages = {one.page for one in read.values()}
    if len(pages) < 2:
        return changed
    signs: dict[str, Sign] = {}
    for page in pages:
        kinds = {name: one.kind for name, one in read.items() if one.page == page}
        signs |= signs_of(measured_of(evidence, kinds))
    before = {name: Answer(one.value or "", one.review, one.confidence, one.reason) for name, one in read.items()}
    for name, answer in rules.lone_crosses(before, signs).items():
        if answer != before[name]:
            changed[name] = replace(
                fields[name], review=answer.review, confidence=answer.confidence, reason=answer.reason
            )
    return changed
