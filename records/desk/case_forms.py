"""Reading the forms of enquiries, referrals and notes: fields looked at one by one, mistakes collected, typed text kept."""

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from records.cases.typed import LONGEST_LINE, look_at, look_at_day

E = TypeVar("E", bound=StrEnum)


class Form:
    """What was sent. Each question returns its answer, or notes a mistake at its field and returns nothing useful."""

    def __init__(self, sent: Mapping[str, str]) -> None:
        self.sent = dict(sent)
        self.mistakes: dict[str, str] = {}

    def text(
        self, name: str, label: str, *, most: int = LONGEST_LINE, needed: str | None = None, lines: bool = False
    ) -> str:
        found = look_at(self.sent.get(name, ""), label, most=most, needed=needed, lines=lines)
        self.sent[name] = found.text
        if found.mistake:
            self.mistakes[name] = found.mistake
        return found.text

    def day(
        self, name: str, label: str, *, needed: bool = True, earliest: date | None = None, latest: date | None = None,
        too_early: str = "", too_late: str = "",
    ) -> date | None:  # fmt: skip
        boxes = (self.sent.get(name, ""), self.sent.get(f"{name}-month", ""), self.sent.get(f"{name}-year", ""))
        found = look_at_day(
            boxes, label, needed=needed, earliest=earliest, latest=latest, too_early=too_early, too_late=too_late
        )
        if found.mistake:
            self.mistakes[name] = found.mistake
        return found.day

    def past(self, name: str, label: str, today: date, *, needed: bool = True) -> date | None:
        """A day that has come, in this century."""
        return self.day(
            name, label, needed=needed, latest=today, too_late=f"{label} must not be in the future", earliest=date(2000, 1, 1),
            too_early=f"{label} must be after 1999",
        )  # fmt: skip

    def one(self, name: str, kind: type[E], missing: str, among: Collection[E] | None = None) -> E | None:
        raw = self.sent.get(name, "")
        if raw in {member.value for member in (kind if among is None else among)}:
            return kind(raw)
        self.mistakes[name] = missing
        return None


def day_boxes(name: str, day: date | None) -> dict[str, str]:
    """A day as its three boxes hold it."""
    if day is None:
        return {}
    return {name: str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}
