"""What holds on a day: from all answers ever given to what staff may act on. Pure; arrival order never matters (R26, F27).

Per item the answer with the latest effective day wins. On one day a withdrawal beats a refusal, a refusal beats a yes, and
doubt beats a yes too; whenever answers of one day differ a question is raised. A later blank never cancels an earlier answer
(F27), but raises a question. What is kept is bitemporal: what was true on a day, and what was known of it at a moment.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from records.policies.periods import add_months, in_words


class ConsentState(StrEnum):
    """G2. Only GIVEN opens the gate."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    NOT_ANSWERED = "not_answered"
    UNCLEAR = "unclear"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


class Kind(StrEnum):
    """How an answer reached us."""

    FORM = "form"
    WITHDRAWAL = "withdrawal"
    CHANGE = "change"


@dataclass(frozen=True)
class Answer:
    """One confirmed answer to one item. `effective_on`: the day signed, or the day told (R26)."""

    id: str
    item: str
    state: ConsentState
    effective_on: date
    received_on: date
    recorded_at: datetime
    kind: Kind = Kind.FORM


@dataclass(frozen=True)
class Standing:
    """What holds for one item: the state, since when, by which answer, why in words, and what a person should ask."""

    item: str
    state: ConsentState
    since: date | None
    event: str | None
    reason: str
    questions: tuple[str, ...] = ()


# On one and the same day the more careful answer wins (R26); doubt shuts the gate as a refusal does.
_CAREFUL = (
    ConsentState.WITHDRAWN, ConsentState.REFUSED, ConsentState.EXPIRED, ConsentState.SUPERSEDED, ConsentState.UNCLEAR,
    ConsentState.GIVEN,
)  # fmt: skip


def standing(
    answers: Iterable[Answer], on: date, *, known_at: datetime | None = None, refresh_months: int | None = None
) -> dict[str, Standing]:
    """What holds on `on` for each item, as known at `known_at` (None: by now). `refresh_months`: R33; None or 0 is off."""
    by_item: dict[str, list[Answer]] = {}
    for answer in answers:
        if answer.effective_on <= on and (known_at is None or answer.recorded_at <= known_at):
            by_item.setdefault(answer.item, []).append(answer)
    return {item: _one(item, found, on, refresh_months or 0) for item, found in sorted(by_item.items())}


def _one(item: str, answers: list[Answer], on: date, refresh_months: int) -> Standing:
    said = [answer for answer in answers if answer.state is not ConsentState.NOT_ANSWERED]
    blanks = [answer for answer in answers if answer.state is ConsentState.NOT_ANSWERED]
    if not said:
        first = min(blanks, key=_order)
        return Standing(item, ConsentState.NOT_ANSWERED, first.effective_on, first.id, "The question was left blank.")
    day = max(answer.effective_on for answer in said)
    same_day = [answer for answer in said if answer.effective_on == day]
    chosen = min(same_day, key=lambda answer: (_CAREFUL.index(answer.state), _order(answer)))
    questions = []
    if len({answer.state for answer in same_day}) > 1:
        questions.append(f"Answers of {in_words(day)} differ. Ask the family which one holds.")
    if chosen.state is ConsentState.GIVEN and any(blank.effective_on > day for blank in blanks):
        questions.append(
            f"A form signed after the answer of {in_words(day)} leaves this blank. Ask whether it still holds."
        )
    if chosen.state is ConsentState.GIVEN and refresh_months:
        lapses = add_months(day, refresh_months)
        if on >= lapses:
            reason = f"Given on {in_words(day)}; it lapsed on {in_words(lapses)} and the family is asked again (R33)."
            return Standing(item, ConsentState.EXPIRED, lapses, chosen.id, reason, tuple(questions))
    return Standing(item, chosen.state, _since(said, chosen), chosen.id, _words(chosen), tuple(questions))


def _since(said: list[Answer], chosen: Answer) -> date:
    """The day from which this answer has held without a break: a form that repeats an answer does not restart it."""
    since = chosen.effective_on
    for day in sorted({answer.effective_on for answer in said}, reverse=True):
        states = {answer.state for answer in said if answer.effective_on == day}
        if states != {chosen.state} and day != chosen.effective_on:
            break
        since = day
    return since


def _order(answer: Answer) -> tuple[date, datetime, str]:
    return answer.effective_on, answer.recorded_at, answer.id


def _words(answer: Answer) -> str:
    day = in_words(answer.effective_on)
    match answer.state:
        case ConsentState.GIVEN:
            return f"Given on {day}."
        case ConsentState.REFUSED:
            return f"Said no on {day}."
        case ConsentState.WITHDRAWN:
            return f"Withdrawn on {day}."
        case ConsentState.UNCLEAR:
            return f"The answer of {day} is unclear. It counts as no until the family is asked."
        case ConsentState.NOT_ANSWERED | ConsentState.EXPIRED | ConsentState.SUPERSEDED:
            return f"No answer in force since {day}."
