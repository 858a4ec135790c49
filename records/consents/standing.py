"""What holds on a day: from all answers ever given to what staff may act on. Pure; arrival order never matters (R26, F27).

Per item the answer with the latest effective day wins. On one day a withdrawal beats a refusal, a refusal beats a yes, and
doubt beats a yes too; whenever answers of one day differ a question is raised. Where two people answered and one of them
does not say yes, the item is unclear until a person settles it. A later blank never cancels an earlier answer (F27), but
raises a question. From the age of an own word, the young person's words alone count (R20). What is kept is bitemporal: what
was true on a day, and what was known of it at a moment.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from records.consents.givers import Capacity, Giver, OwnWordFrom
from records.consents.items import STORE, is_news
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


class Route(StrEnum):
    """How an answer reached us."""

    FORM = "form"
    LETTER = "letter"
    EMAIL = "email"
    TEXT = "text"
    TELEPHONE = "telephone"
    IN_PERSON = "in_person"


SPOKEN = frozenset({Route.TELEPHONE, Route.IN_PERSON})


@dataclass(frozen=True)
class Answer:
    """One confirmed answer to one item. `effective_on`: the day signed, or the day told (R26).

    `person`: whose word it is, as far as that is noted. `settles`: earlier answers that this one settles, after a person
    asked the family; they no longer count, whenever they arrived.
    """

    id: str
    item: str
    state: ConsentState
    effective_on: date
    received_on: date
    recorded_at: datetime
    route: Route = Route.FORM
    giver: Giver = Giver.PARENT_OR_CARER
    person: str | None = None
    capacity: Capacity | None = None
    settles: frozenset[str] = frozenset()

    @property
    def who(self) -> str:
        """One person, one word: the person where noted, else the kind of giver. A file has one child, on however many files."""
        return self.giver.value if self.giver is Giver.YOUNG_PERSON else self.person or self.giver.value


@dataclass(frozen=True)
class Lapses:
    """When a yes ends by itself: R33's months (0 is off), W27's days for a spoken yes (0 is off), the age of an own word."""

    months: int = 0
    spoken_days: int = 0
    own_word: OwnWordFrom | None = None


@dataclass(frozen=True)
class Standing:
    """What holds for one item: the state, since when, by which answer, why in words, and what a person should ask.

    `open`: the answers that disagree, for whoever settles them. `beside`: further answers by which the same yes holds today, the
    latest first: somebody's who agreed before, or the signed form that a spoken yes repeats.
    """

    item: str
    state: ConsentState
    since: date | None
    event: str | None
    reason: str
    questions: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def in_full(self) -> str:
        """The reason with what is to be asked, each said once."""
        return " ".join([self.reason, *(each for each in self.questions if each not in self.reason)])


# On one and the same day the more careful answer wins (R26); doubt shuts the gate as a refusal does.
_CAREFUL = (
    ConsentState.WITHDRAWN, ConsentState.REFUSED, ConsentState.EXPIRED, ConsentState.SUPERSEDED, ConsentState.UNCLEAR,
    ConsentState.GIVEN,
)  # fmt: skip


def standing(
    answers: Iterable[Answer],
    on: date,
    *,
    known_at: datetime | None = None,
    refresh_months: int | None = None,
    lapses: Lapses | None = None,
) -> dict[str, Standing]:
    """What holds on `on` for each item, as known at `known_at` (None: by now). `refresh_months`: R33; None or 0 is off."""
    rules = lapses or Lapses(refresh_months or 0)
    by_item: dict[str, list[Answer]] = {}
    for answer in answers:
        if answer.effective_on <= on and (known_at is None or answer.recorded_at <= known_at):
            by_item.setdefault(answer.item, []).append(answer)
    return {item: _one(item, found, on, rules) for item, found in sorted(by_item.items())}


def _one(item: str, answers: list[Answer], on: date, rules: Lapses) -> Standing:
    settled = _settled(answers)
    spoken = [answer for answer in answers if answer.state is not ConsentState.NOT_ANSWERED]
    every, _ = _who_counts(item, spoken, on, rules.own_word)
    said = [answer for answer in spoken if answer.id not in settled]
    blanks = [answer for answer in answers if answer.state is ConsentState.NOT_ANSWERED and answer.id not in settled]
    said, of_age = _who_counts(item, said, on, rules.own_word)
    if not said:
        first = min(blanks or answers, key=_order)
        return Standing(item, ConsentState.NOT_ANSWERED, first.effective_on, first.id, "The question was left blank.")
    day = max(answer.effective_on for answer in said)
    same_day = [answer for answer in said if answer.effective_on == day]
    chosen = min(same_day, key=_careful)
    questions, quarrel = _quarrels(said, same_day, chosen, day)
    if chosen.state is ConsentState.GIVEN and any(blank.effective_on > day for blank in blanks):
        questions.append(
            f"A form signed after the answer of {in_words(day)} leaves this blank. Ask whether it still holds."
        )
    held = Standing(item, chosen.state, _since(said, chosen), chosen.id, words_of(chosen), tuple(questions), quarrel)
    if chosen.state is not ConsentState.GIVEN:
        return held
    if quarrel:
        return replace(
            held, state=ConsentState.UNCLEAR, since=day, reason=f"{questions[0]} Until then it counts as no."
        )
    holding = [
        aged
        for answer in _unbroken(said, every, chosen)
        if (aged := _aged(replace(held, event=answer.id, reason=words_of(answer)), answer, on, rules, of_age)).state
        is ConsentState.GIVEN
    ]
    if not holding:
        return _aged(held, chosen, on, rules, of_age)
    return replace(holding[0], beside=tuple(one.event for one in holding[1:] if one.event))


def _settled(answers: Sequence[Answer]) -> set[str]:
    """The answers that a later one settled by name, with what the same people had said before: a no that is settled does not bring back the yes
    that it ended."""
    named = {id for answer in answers for id in answer.settles}
    until: dict[str, date] = {}
    for answer in answers:
        if answer.id in named and answer.state is not ConsentState.NOT_ANSWERED:
            until[answer.who] = max(answer.effective_on, until.get(answer.who, date.min))
    before = {
        answer.id
        for answer in answers
        if answer.effective_on < until.get(answer.who, date.min) and answer.state is not ConsentState.NOT_ANSWERED
    }
    return named | before


def _unbroken(said: Sequence[Answer], every: Sequence[Answer], chosen: Answer) -> list[Answer]:
    """Every yes to which nobody has said anything else since: `chosen`, then the latest first. To repeat a yes, or to agree with
    somebody's, takes none of them away: a signed yes outlasts the spoken one that repeats it, a parent's stands beside a child's.

    `every`: what counts, with what was settled: a no ends each yes before it, also when a later answer settled it. Where somebody's newest
    yes was given without the understanding for it (R17), their own earlier ones go with it.
    """
    others = [answer.effective_on for answer in every if answer.state is not ConsentState.GIVEN]
    after = max(others, default=date.min)
    run = [chosen, *(answer for answer in said if answer.effective_on > after and answer.id != chosen.id)]
    unable = [answer for answer in run if answer.capacity is Capacity.LACKS]
    kept = [
        answer
        for answer in run[1:]
        if not any(later.who == answer.who and _order(later) > _order(answer) for later in unable)
    ]
    return [chosen, *sorted(kept, key=_order, reverse=True)]


def _who_counts(item: str, said: list[Answer], on: date, own: OwnWordFrom | None) -> tuple[list[Answer], bool]:
    """Whose words count: from the age of an own word, the young person's alone once there are any (R16, R20)."""
    if own is None or on < own.certain or is_news(item):
        return said, False
    mine = [answer for answer in said if answer.giver is Giver.YOUNG_PERSON]
    return (mine, True) if mine else (said, True)


def _quarrels(
    said: Sequence[Answer], same_day: Sequence[Answer], chosen: Answer, day: date
) -> tuple[list[str], tuple[str, ...]]:
    """Answers of one day that differ (R26), and people who do not agree (R27)."""
    questions, open = [], set()
    if len({answer.state for answer in same_day}) > 1:
        questions.append(f"Answers of {in_words(day)} differ. Ask the family which one holds.")
        open |= {answer.id for answer in same_day}
    last = [_last_word([answer for answer in said if answer.who == who]) for who in {answer.who for answer in said}]
    if len({answer.state is ConsentState.GIVEN for answer in last}) > 1:
        child = any(answer.giver is Giver.YOUNG_PERSON for answer in last)
        who = "The young person and another person do not agree" if child else "Two people do not agree"
        questions.append(f"{who} on this. Ask the family which answer holds.")
        open |= {answer.id for answer in last}
    return questions, tuple(sorted(open))


def _last_word(answers: Sequence[Answer]) -> Answer:
    day = max(answer.effective_on for answer in answers)
    return min((answer for answer in answers if answer.effective_on == day), key=_careful)


def _aged(held: Standing, chosen: Answer, on: date, rules: Lapses, of_age: bool) -> Standing:
    """A yes that ended by itself (R33, W27), or that the young person must now give (R20, R27)."""
    ends = _end(chosen, rules)
    if ends is not None and on >= ends[0]:
        return replace(held, state=ConsentState.EXPIRED, since=ends[0], reason=ends[1])
    own = rules.own_word
    by_adult = chosen.giver is not Giver.YOUNG_PERSON and chosen.capacity is not Capacity.LACKS
    if own is None or is_news(held.item) or not by_adult or on < own.possible:
        return held
    ask = "The young person’s own answer is needed from this age. Ask them."
    if held.item == STORE:  # the file is not taken from the family by a birthday; a person asks (R20)
        return replace(held, questions=(*held.questions, ask))
    if not of_age:
        return replace(
            held, state=ConsentState.UNCLEAR, since=own.possible, questions=(*held.questions, ask),
            reason="The birth date is not certain, and the young person’s own answer may be needed by now (R13, R20).",
        )  # fmt: skip
    if chosen.effective_on >= own.certain:
        reason = f"Given on {in_words(chosen.effective_on)} by somebody else. {ask} (R27)"
        return replace(held, state=ConsentState.UNCLEAR, questions=(*held.questions, ask), reason=reason)
    reason = f"Given on {in_words(chosen.effective_on)}; from {in_words(own.certain)} the young person’s own answer is needed (R20)."
    return replace(held, state=ConsentState.EXPIRED, since=own.certain, reason=reason, questions=(*held.questions, ask))


def _end(chosen: Answer, rules: Lapses) -> tuple[date, str] | None:
    day = in_words(chosen.effective_on)
    if rules.spoken_days and chosen.route in SPOKEN and not is_news(chosen.item):
        ends = chosen.effective_on + timedelta(days=rules.spoken_days)
        return ends, f"Said on {day}; no signed form came by {in_words(ends)} (W27)."
    if rules.months:
        ends = add_months(chosen.effective_on, rules.months)
        return ends, f"Given on {day}; it lapsed on {in_words(ends)} and the family is asked again (R33)."
    return None


def _since(said: list[Answer], chosen: Answer) -> date:
    """The day from which this answer has held without a break: a form that repeats an answer does not restart it."""
    since = chosen.effective_on
    for day in sorted({answer.effective_on for answer in said}, reverse=True):
        states = {answer.state for answer in said if answer.effective_on == day}
        if states != {chosen.state} and day != chosen.effective_on:
            break
        since = day
    return since


def closed_by(answers: Iterable[Answer]) -> dict[str, str]:
    """Which later answer closed each earlier one (`superseded` of G2): id → id. Answers in force are not in it."""
    found: dict[str, str] = {}
    by_item: dict[str, list[Answer]] = {}
    for answer in answers:
        if answer.state is not ConsentState.NOT_ANSWERED:
            by_item.setdefault(answer.item, []).append(answer)
    for of_item in by_item.values():
        for answer in of_item:
            later = [each for each in of_item if each.id != answer.id and answer.id in each.settles]
            later = later or [
                each for each in of_item if each.who == answer.who and each.effective_on > answer.effective_on
            ]
            if later:
                found[answer.id] = min(later, key=_order).id
    return found


def _careful(answer: Answer) -> tuple[int, tuple[date, datetime, str]]:
    return _CAREFUL.index(answer.state), _order(answer)


def _order(answer: Answer) -> tuple[date, datetime, str]:
    return answer.effective_on, answer.recorded_at, answer.id


def words_of(answer: Answer) -> str:
    """What an answer says, with its day."""
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
