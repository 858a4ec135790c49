"""From what was read and what an officer answered to consents: the only translator between `forms` and `records`. Pure.

R22, R23, F13: a blank Yes/No pair or tick box is "not answered", never a refusal; doubt stays doubt.
"""

from dataclasses import dataclass

from forms import again_name
from forms.answers import OWN_LINE
from forms.results import LETTERS, FormReading
from forms.template import Field, Kind, Template
from records.consents.standing import ConsentState
from records.vocabulary import QuarantineReason

STORE = "store"


@dataclass(frozen=True)
class Question:
    """One question of a form as the officer meets it: what was read, and whether a person must look.

    `letters`: what each letter of the writing looks like, where `value` is spelt otherwise.
    """

    field: Field
    value: str | None
    review: bool
    confidence: float
    reason: str | None
    page: int
    letters: str | None = None


@dataclass(frozen=True)
class AnswerEvent:
    """One consent answer that follows from a confirmed form. `state` is never inferred from doubt."""

    item: str
    field_id: str
    state: ConsentState
    wording: str
    page: int
    other_name: str | None = None


def questions(template: Template, reading: FormReading) -> list[Question]:
    """Every field of the form in its printed order, also those that were not read."""
    found = []
    for field in template.fields:
        read = reading.fields.get(field.id)
        if read is None:
            found.append(Question(field, None, True, 0.0, "This was not read.", field.page))
        else:
            letters = read.evidence.get(LETTERS)
            seen = letters if isinstance(letters, str) else None
            found.append(Question(field, read.value, read.review, read.confidence, read.reason, read.page, seen))
    return found


def state_of(kind: Kind, value: str | None) -> ConsentState:
    """The consent state of a confirmed value. Anything but a clear word is unclear."""
    match kind, value:
        case (Kind.YES_NO | Kind.TICK, "yes"):
            return ConsentState.GIVEN
        case (Kind.YES_NO, "no"):
            return ConsentState.REFUSED
        case (Kind.YES_NO | Kind.TICK, "blank"):
            return ConsentState.NOT_ANSWERED
        case _:
            return ConsentState.UNCLEAR


def consents(template: Template, confirmed: dict[str, str | None], pages: dict[str, int]) -> list[AnswerEvent]:
    """The consent answers of a confirmed form.

    `confirmed`: field id → value as the officer left it. "Other" boxes (F20): a tick without a name, or a name without
    a tick, is unclear. Paper wishes (`paper:…`) are not consents and are left to custody.
    """
    events = []
    for field in template.fields:
        if field.item is None or field.item.startswith("paper:") or field.kind not in (Kind.YES_NO, Kind.TICK):
            continue
        state, name = state_of(field.kind, confirmed.get(field.id)), None
        other = f"{field.id}{OWN_LINE}"
        if any(each.id == other for each in template.fields):
            name = (confirmed.get(other) or "").strip() or None
            ticked, blank = state is ConsentState.GIVEN, state is ConsentState.NOT_ANSWERED
            if (ticked and name is None) or (blank and name is not None):
                state = ConsentState.UNCLEAR
        events.append(AnswerEvent(field.item, field.id, state, field.wording, pages.get(field.id, 0), name))
    return events


def file_named(template: Template) -> int | None:
    """The number of the file that an answer sheet was printed for; None for every other form."""
    told = again_name.about(template.id, template.edition)
    return told.file if told else None


def storing(template: Template, confirmed: dict[str, str | None]) -> ConsentState:
    """What the form says about keeping it at all (F7, R28). A form without the question leaves it unanswered."""
    for field in template.fields:
        if field.item == STORE:
            return state_of(field.kind, confirmed.get(field.id))
    return ConsentState.NOT_ANSWERED


def quarantine(template: Template, confirmed: dict[str, str | None]) -> QuarantineReason | None:
    """Why the form may not enter a file yet; None when it may. A refusal to store is not a quarantine: it ends in erasure.

    An answer sheet is about a file that exists: its permission to store stands, whatever else the sheet asks or leaves open.
    """
    if file_named(template) is not None:
        return None if is_signed(template, confirmed) else QuarantineReason.NOT_SIGNED
    match storing(template, confirmed):
        case ConsentState.NOT_ANSWERED:
            return QuarantineReason.STORE_NOT_ANSWERED
        case ConsentState.UNCLEAR:
            return QuarantineReason.STORE_UNCLEAR
        case _:
            pass
    return None if is_signed(template, confirmed) else QuarantineReason.NOT_SIGNED


def is_signed(template: Template, confirmed: dict[str, str | None]) -> bool:
    """Somebody signed, and nobody is missing whose signature the form cannot do without (a young person may sign instead)."""
    signatures = [field for field in template.fields if field.kind is Kind.SIGNATURE]
    signed = {field.id for field in signatures if confirmed.get(field.id) == "present"}
    return not signatures or (bool(signed) and all(field.id in signed for field in signatures if field.needed))


def paper_wish(template: Template, confirmed: dict[str, str | None]) -> str:
    """What the family asked for with the paper (N16): `keep`, `return` or `destroy`; `unknown` when nothing is ticked or asked.

    `unclear` when two are ticked or one of the boxes is in doubt: a doubtful "keep" beside a plain "return" is no plain "return".
    """
    told = {
        field.item.removeprefix("paper:"): state_of(field.kind, confirmed.get(field.id))
        for field in template.fields
        if field.item and field.item.startswith("paper:")
    }
    wishes = [wish for wish, state in told.items() if state is ConsentState.GIVEN]
    if len(wishes) > 1 or ConsentState.UNCLEAR in told.values():
        return "unclear"
    return wishes[0] if wishes else "unknown"
