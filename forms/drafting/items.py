"""Which consents a template's questions answer, and what is wrong with them."""

from difflib import get_close_matches
from itertools import groupby

from forms.drafting.consents import mark_guess
from forms.template import Field, Template

_WHOM = ("la_sen", "education", "health", "social_care")
CODES = (
    "store",
    *(f"news:{way}" for way in ("email", "telephone", "text", "post")),
    *(f"contact:{whom}" for whom in (*_WHOM, "legal", "parent_carer_forum", "other_1", "other_2")),
    "tell_others", "contact_others", "obtain_information",
    *(f"share:{whom}" for whom in (*_WHOM, "other")),
)  # fmt: skip
"""Every consent that a form may ask for; the records know no other, and an answer to another would count for nothing."""
PAPER: tuple[str, ...] = ("paper:keep", "paper:return", "paper:destroy")
"""What a family may want done with the paper."""


ALL = f"The items are {', '.join((*CODES, *PAPER))}. Where none fits, put null: the answer is then shown and leads to nothing."


def faults(template: Template) -> list[str]:
    """What is wrong with the consents of a template, in words."""
    strange = [one for one in template.fields if one.item is not None and one.item not in (*CODES, *PAPER)]
    return [_unknown(one) for one in strange] + [
        f"{one.id} is nothing to tick, so it can answer no consent: its item must be null."
        for one in template.fields
        if one.item is not None and not one.kind.is_mark
    ]


def _unknown(one: Field) -> str:
    kind = (one.item or "").partition(":")[0]
    near = get_close_matches(one.item or "", [code for code in CODES if code.partition(":")[0] == kind], 1, 0.85)
    return f"{one.id}: there is no consent “{one.item}”{f' (perhaps “{near[0]}”)' if near else ''}."


def advice(template: Template) -> list[str]:
    """What a person should look at once more."""
    marks = [one for one in template.fields if one.kind.is_mark]
    found = []
    silent = [one.id for one in marks if one.item is None]
    if silent:
        found.append(
            f"No consent is named (item is null) for {', '.join(silent)}: what is marked there is shown to the officer and leads to "
            "nothing. Name one where the words ask for it."
        )
    found += [
        f"{one.id}: its words look like {guess}, and its item is {one.item}. Look whether that is meant."
        for one in marks
        if one.item is not None and (guess := _guess(one)) is not None and not one.item.startswith(guess)
    ]
    said = sorted((one.item, one.id) for one in marks if one.item is not None)
    for item, same in groupby(said, lambda pair: pair[0]):
        ids = [name for _, name in same]
        if len(ids) > 1:
            found.append(f"{' and '.join(ids)} answer the same consent, {item}. Look whether that is meant.")
    if marks and not any(one.item == "store" for one in marks):
        found.append(
            "No question asks whether the form may be kept (store): each one waits until the family was asked."
        )
    return found


def _guess(one: Field) -> str | None:
    """What a draft would take the words of a mark for; None where it would leave that to a person."""
    return mark_guess(one.label, one.wording.removesuffix(one.label).strip()).item


def unanswered(template: Template) -> tuple[str, ...]:
    """The consents that no question of the form answers, in the order of the records."""
    asked = {one.item for one in template.fields}
    return tuple(code for code in CODES if code not in asked)
