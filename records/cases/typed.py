"""What somebody typed into a field, looked at before anything is stored. Pure.

A mistake is a sentence for that field; the text is shown again as typed, only without marks that nobody can see, so that saving it
once more is a person's decision and not ours.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date

LONGEST_NOTE = 20_000
LONGEST_LINE = 200


@dataclass(frozen=True)
class Typed:
    """What is shown again or stored, and what is wrong with it, if anything."""

    text: str
    mistake: str | None = None


def _hidden(letter: str) -> bool:
    """Control characters, and marks that turn the direction of writing: they could make a page say what nobody wrote.

    Joiners without width stay: names in several scripts, and signs made of several, need them.
    """
    if letter in "\n\t\u200c\u200d":
        return False
    return unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn")


def look_at(raw: str, label: str, *, most: int = LONGEST_LINE, needed: str | None = None, lines: bool = False) -> Typed:
    """`label` begins the sentences ("Details must be …"); `needed` is the whole sentence for an empty field, None if it may be empty.

    One-line fields have their spaces joined. Length counts characters, a line end as one.
    """
    text = raw.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(letter for letter in text if not _hidden(letter))
    hidden = len(text) - len(kept)
    kept = kept.strip() if lines else " ".join(kept.split())
    if hidden:
        marks = "a hidden mark that was" if hidden == 1 else f"{hidden} hidden marks that were"
        return Typed(kept, f"{label} held {marks} taken out. Read it again, then save it")
    if not any(unicodedata.category(letter)[0] in "LMNPS" for letter in kept):
        return Typed("", needed)
    if len(kept) > most:
        return Typed(kept, f"{label} must be {most:,} characters or fewer. There are {len(kept):,}")
    return Typed(kept)


@dataclass(frozen=True)
class TypedDay:
    """A day as typed in three boxes: the day itself, or what is wrong."""

    day: date | None
    mistake: str | None = None


def look_at_day(
    boxes: tuple[str, str, str], label: str, *, needed: bool = True, earliest: date | None = None, latest: date | None = None,
    too_early: str = "", too_late: str = "",
) -> TypedDay:  # fmt: skip
    """Day, month, year. `too_early` and `too_late` are the whole sentences for a day outside the bounds."""
    figures = [box.strip() for box in boxes]
    if not any(figures):
        return TypedDay(None, f"Enter {label[0].lower()}{label[1:]}" if needed else None)
    try:
        if not all(each.isascii() and each.isdigit() and len(each) <= 4 for each in figures) or len(figures[2]) != 4:
            raise ValueError
        day = date(int(figures[2]), int(figures[1]), int(figures[0]))
    except ValueError:
        return TypedDay(None, f"{label} must be a real date, for example 27 3 2026")
    if earliest and day < earliest:
        return TypedDay(None, too_early)
    if latest and day > latest:
        return TypedDay(None, too_late)
    return TypedDay(day)
