"""Where a request stands, from what happened to it: its clock, what it waits for, and its task list. Pure.

One function, `standing`, is asked by the list, the request's own page, Today, the file's summary and every rule that refuses.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from records.policies.periods import add_months, in_words, with_weekday
from records.requests.deadlines import TARGET_DAYS, Clock, Pause, complaint_acknowledged_by, complaint_in_words, due
from records.requests.kinds import DONE_BY, Event, Kind, Step, WhyExtended, step_words, steps
from records.requests.working_days import Calendar

CLOSE_AFTER_MONTHS = 1
"""R8: how long somebody has to answer a question before a request may be closed."""


@dataclass(frozen=True)
class Happened:
    """One event: what, the day on which it is true, and a code of its own (why extended, why refused)."""

    what: Event
    on: date
    code: str | None = None


class State(StrEnum):
    """Where a request is."""

    OPEN = "open"
    WAITS_IDENTITY = "waits_identity"
    PAUSED = "paused"
    CLOSED = "closed"


STATE_WORDS = {
    State.OPEN: "Open",
    State.WAITS_IDENTITY: "Waits for proof",
    State.PAUSED: "Waits for an answer",
    State.CLOSED: "Closed",
}


@dataclass(frozen=True)
class Task:
    """One line of the task list. `done`: settled; `ready`: everything before it is."""

    step: Step
    words: str
    done: bool
    ready: bool


@dataclass(frozen=True)
class Standing:
    """What is true of a request on a day. `due` None: no lawful last day runs (waiting for proof, or a complaint that was acknowledged).

    `target` is the day to aim for (R5). `reason`: the working in words (R9). `notice_by`: last day to tell of an extension (R7).
    """

    state: State
    due: date | None
    target: date | None
    reason: str
    notice_by: date | None
    received: date
    tasks: tuple[Task, ...]
    refused: bool
    extended: bool
    paused_on: date | None
    chased: bool
    identity: date | None

    @property
    def next_step(self) -> Step | None:
        """The first step that is not done, None when all are."""
        return next((task.step for task in self.tasks if not task.done), None)

    @property
    def words(self) -> str:
        """Due Monday 5 October 2026. One month from …"""
        first = f"Due {with_weekday(self.due)}. " if self.due else ""
        return first + self.reason

    def overdue(self, today: date) -> bool:
        """The last lawful day has passed and it is not closed."""
        return self.state is not State.CLOSED and self.due is not None and self.due < today


def standing(
    kind: Kind, received: date, events: Sequence[Happened], calendar: Calendar, today: date, target_days: int = TARGET_DAYS
) -> Standing:  # fmt: skip
    """Where a request stands on `today`; `events` in the order in which they were recorded. `target_days`: the service's own (R5)."""
    received = _received(received, events)
    pauses, paused_on = _pauses(events, today)
    extended = any(event.what is Event.EXTENDED for event in events)
    proof, waits = _proof(
        events, lambda seen: due(received, calendar, identity=seen, pauses=pauses, extended=extended).due
    )
    closed = _last(events, (Event.CLOSED, Event.REOPENED)) is Event.CLOSED
    state = State.CLOSED if closed else State.WAITS_IDENTITY if waits else State.PAUSED if paused_on else State.OPEN
    last: date | None
    target: date | None
    if kind is Kind.COMPLAINT:
        last, target, reason, notice = _complaint(received, events, calendar)
    elif waits:
        last = target = notice = None
        reason = f"The time begins when the proof comes that was asked for on {in_words(waits)} (R2)."
    else:
        clock = due(received, calendar, identity=proof, pauses=pauses, extended=extended, target_days=target_days)
        last, target, reason, notice = clock.due, clock.target, clock.reason, clock.notice_by
        if paused_on and not closed:
            reason = (
                f"The time stands still since {in_words(paused_on)}, so each day of waiting moves it (R6). {reason}"
            )
    chased = any(event.what is Event.CHASED and paused_on and event.on >= paused_on for event in events)
    return Standing(
        state, last, target, reason, notice, received, _tasks(kind, events), _refused(events), extended, paused_on, chased, proof
    )  # fmt: skip


def clock_of(received: date, events: Sequence[Happened], calendar: Calendar, today: date) -> Clock:
    """The clock of R1-R9 alone, as if no proof was waited for: what a notice of extension is measured against."""
    received = _received(received, events)
    pauses, _ = _pauses(events, today)
    extended = any(event.what is Event.EXTENDED for event in events)
    proof, _ = _proof(events, lambda seen: due(received, calendar, identity=seen, pauses=pauses, extended=extended).due)
    return due(received, calendar, identity=proof, pauses=pauses, extended=extended)


def _received(received: date, events: Sequence[Happened]) -> date:
    moved = [event.on for event in events if event.what in (Event.RECEIVED_EARLIER, Event.RECEIVED_LATER)]
    return moved[-1] if moved else received


def _proof(events: Sequence[Happened], limit: Callable[[date | None], date]) -> tuple[date | None, date | None]:
    """The day the last needed proof came (R2), and the day one was asked for that has not come.

    `limit`: the last lawful day by the proof that came so far. Proof that is first asked for after it moves nothing: the day was missed already.
    """
    seen_by = {Event.IDENTITY_SEEN: Event.IDENTITY_ASKED, Event.AUTHORITY_SEEN: Event.AUTHORITY_ASKED}
    since: dict[Event, date] = {}
    came: date | None = None
    for event in events:
        if event.what in seen_by.values() and (since or event.on <= limit(came)):
            since[event.what] = event.on
        # Proof that was never asked for (somebody is known, or showed it by themselves) moves nothing.
        elif event.what in seen_by and since.pop(seen_by[event.what], None) is not None:
            came = max(event.on, came or event.on)
    return came, max(since.values(), default=None)


def _pauses(events: Sequence[Happened], today: date) -> tuple[list[Pause], date | None]:
    """Waiting for answers (R6); one that is still open runs to today. The day the open one began."""
    found: list[Pause] = []
    since: date | None = None
    for event in events:
        if event.what is Event.PAUSED and since is None:
            since = event.on
        elif event.what is Event.ANSWERED and since is not None:
            found.append(Pause(since, max(since, event.on)))
            since = None
    if since is not None:
        found.append(Pause(since, max(since, today)))
    return found, since


def _complaint(
    received: date, events: Sequence[Happened], calendar: Calendar
) -> tuple[date | None, date | None, str, date | None]:
    if any(event.what is Event.ACKNOWLEDGED for event in events):
        return (
            None,
            None,
            "It is acknowledged. Look into it, keep the person informed and answer without undue delay (R70).",
            None,
        )
    last = complaint_acknowledged_by(received, calendar)
    return last, min(received + timedelta(days=5), last), complaint_in_words(received, calendar), None


def _last(events: Sequence[Happened], wanted: Collection[Event]) -> Event | None:
    return next((event.what for event in reversed(events) if event.what in wanted), None)


def _refused(events: Sequence[Happened]) -> bool:
    return _last(_since_who(events), (Event.ALLOWED, Event.REFUSED)) is Event.REFUSED


def _since_who(events: Sequence[Happened]) -> Sequence[Happened]:
    """What came after it was last said who is asking: nobody else's entitlement counts for them (P8, R19)."""
    said = [at for at, event in enumerate(events) if event.what is Event.WHO_CONFIRMED]
    return events[said[-1] + 1 :] if said else events


def _tasks(kind: Kind, events: Sequence[Happened]) -> tuple[Task, ...]:
    found: list[Task] = []
    ready = True
    wanted = steps(kind)
    refused = _refused(events)
    if refused:  # what is refused needs no pages: it is approved and told
        wanted = tuple(step for step in wanted if step in (Step.WHO, Step.ALLOWED, Step.SEND))
    for step in wanted:
        done = _done(step, events)
        found.append(Task(step, step_words(kind, step), done, ready))
        ready = ready and done
    return tuple(found)


def _done(step: Step, events: Sequence[Happened]) -> bool:
    """A step is done when its event came after everything that undoes it: pages changed after the copy was made undo it and what follows."""
    what = [event.what for event in events]
    if step is Step.ALLOWED:
        return _last(_since_who(events), (Event.ALLOWED, Event.REFUSED)) is not None
    wanted = DONE_BY[step]
    if wanted not in what:
        return False
    at = len(what) - 1 - what[::-1].index(wanted)
    undone = {
        Step.LOOK: {Event.LOOKED},
        Step.APPROVE: {
            Event.WHO_CONFIRMED,
            Event.WHAT_SETTLED,
            Event.LOOKED,
            Event.BESIDE,
            Event.MADE,
            Event.ALLOWED,
            Event.REFUSED,
        },
        Step.ERASE: {Event.WHAT_SETTLED, Event.APPROVED},
        Step.SEND: {Event.REOPENED},
    }
    return not any(later in undone.get(step, ()) for later in what[at + 1 :])


def cannot_extend(
    received: date, events: Sequence[Happened], why: str, notice_on: date | None, calendar: Calendar, today: date
) -> str | None:
    """Why an extension cannot be recorded (R7), in words; None when it can."""
    if why not in set(WhyExtended):
        return "Choose why more time is needed."
    if why == WhyExtended.LARGE:
        return "That it is large is not enough by itself. Say what makes it complex, or answer within the month."
    if notice_on is None:
        return "Enter the day on which the person had our notice. An extension does not count without it."
    if any(event.what is Event.EXTENDED for event in events):
        return "It is extended already. Three months from the start is the longest."
    if notice_on > today:
        return "The day on which the person had our notice must be today or in the past."
    limit = clock_of(received, events, calendar, today).notice_by
    if notice_on > limit:
        return f"The notice had to reach the person by {with_weekday(limit)}, so more time cannot be taken."
    return None


def cannot_close_unanswered(found: Standing, today: date, months: int = CLOSE_AFTER_MONTHS) -> str | None:
    """Why a request that waits for an answer cannot be closed yet (R8), in words; None when it can."""
    if found.paused_on is None:
        return "It does not wait for an answer."
    if not found.chased:
        return "Ask the person once more first, and record it."
    first = add_months(found.paused_on, months)
    return None if today >= first else f"It can be closed from {in_words(first)} if no answer has come."


def cannot_move_received(before: date, after: date, reason: str, today: date) -> str | None:
    """R1: the day of receipt may be moved earlier freely, later only with a reason."""
    if after > today:
        return "The day it was received must be today or in the past."
    if after > before and not reason.strip():
        return "Say why it was received later than recorded."
    return "That day is recorded already." if after == before else None
