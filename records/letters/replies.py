"""The sheet on which a family answers again: which questions it asks is decided here, how it looks by whoever knows forms.

Records know no forms, so the printing of a sheet is handed in when Paperchain is put together. Without it, a letter asks in its own
boxes, and a person reads the reply.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from records.letters.own import OwnAnswer
from records.press import Behind


@dataclass(frozen=True)
class ReplySheet:
    """The pages of a sheet, and the items that it asks."""

    pages: Behind
    items: frozenset[str]


Asked = Sequence[tuple[str | None, str]]
"""For each question the form that it was asked on, if any, and its item."""
Printer = Callable[[int, Asked, bool], ReplySheet | None]
"""From the number of the file, the questions, and whether in large print; None when it knows none of them."""


@dataclass
class _Here:
    printer: Printer | None = None


_here = _Here()


def use(printer: Printer | None) -> None:
    """Which printer of sheets this process has."""
    _here.printer = printer


def sheet_for(file_number: int, answers: Sequence[OwnAnswer], *, large: bool) -> ReplySheet | None:
    """The sheet for these questions; None where there is no printer, or it knows none of them."""
    if _here.printer is None:
        return None
    return _here.printer(file_number, [(one.form, one.item) for one in answers], large)
