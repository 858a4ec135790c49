"""The 72-hour clock of a breach (R71): hours, not working hours; weekends and holidays count. Pure but for the zone of London."""

from datetime import datetime, timedelta
from enum import StrEnum

from records.clock import LONDON, time_in_words
from records.policies.periods import with_weekday

HOURS = 72


class IncidentKind(StrEnum):
    """What went wrong. Each is a breach until a person has judged its risk."""

    LOST_PAPER = "lost_paper"
    WRONG_ENVELOPE = "wrong_envelope"
    WRONG_READER = "wrong_reader"
    LOST_DEVICE = "lost_device"
    SHARED_WITHOUT_CONSENT = "shared_without_consent"
    DAMAGED = "damaged"
    OTHER = "other"


class Risk(StrEnum):
    """UNLIKELY: logged, the regulator is not told. LIKELY: told within 72 hours. HIGH: the people concerned are told as well."""

    UNLIKELY = "unlikely"
    LIKELY = "likely"
    HIGH = "high"


KIND_WORDS = {
    IncidentKind.LOST_PAPER: "Paper lost",
    IncidentKind.WRONG_ENVELOPE: "Sent to the wrong person",
    IncidentKind.WRONG_READER: "Seen by somebody who should not have",
    IncidentKind.LOST_DEVICE: "Computer, telephone or stick lost",
    IncidentKind.SHARED_WITHOUT_CONSENT: "Shared before consent was given",
    IncidentKind.DAMAGED: "Destroyed or changed by mistake",
    IncidentKind.OTHER: "Something else",
}
RISK_WORDS = {
    Risk.UNLIKELY: "A risk to people is unlikely",
    Risk.LIKELY: "There is a risk to people",
    Risk.HIGH: "There is a high risk to people",
}


def report_by(aware: datetime) -> datetime:
    """The last moment to tell the regulator: 72 hours after somebody here knew, on the clock of the world, not of the wall."""
    return aware + timedelta(hours=HOURS)


def in_words(aware: datetime, now: datetime, *, told: datetime | None, risk: Risk | None) -> str:
    """Where the clock of one incident stands."""
    limit = report_by(aware)
    if told is not None:
        late = told - limit
        return (
            "The regulator was told in time."
            if late <= timedelta(0)
            else f"The regulator was told {_hours(late)} late."
        )
    if risk is Risk.UNLIKELY:
        return "A risk is unlikely, so the regulator need not be told. It stays in this list."
    here = limit.astimezone(LONDON)
    last = f"{with_weekday(here.date())} at {time_in_words(limit, limit)}"
    if now > limit:
        return f"The regulator had to be told by {last}, {_hours(now - limit)} ago."
    return f"Tell the regulator by {last}: {_hours(limit - now)} left. Weekends count."


def runs_out(aware: datetime, told: datetime | None, risk: Risk | None, closed: bool) -> bool:
    """Whether the 72 hours still matter: nobody told, and no risk judged unlikely."""
    return told is None and risk is not Risk.UNLIKELY and not closed


def cannot_close(risk: Risk | None, told: datetime | None, people_told: bool, lessons: str) -> str | None:
    """Why an incident cannot be closed yet, in words; None when it can."""
    if risk is None:
        return "Judge the risk first."
    if risk is not Risk.UNLIKELY and told is None:
        return "Record when the regulator was told, or judge the risk again."
    if risk is Risk.HIGH and not people_told:
        return "The risk is high: record that the people concerned were told."
    return None if lessons.strip() else "Say what was done, so that it does not happen again."


def _hours(span: timedelta) -> str:
    hours = int(span.total_seconds() // 3600)
    if hours == 0:
        return "less than an hour"
    return f"{hours} hour{'' if hours == 1 else 's'}"
