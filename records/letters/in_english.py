"""Our letters are in English alone (N19, S18): the task that is left by one for somebody who prefers another language or form.

A letter that nobody can read tells nothing, so the need stands among the tasks of the file's officer until it is met. What the letter itself
says of it stands in `writing.in_english`.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from records import tasks
from records.people.languages import is_english
from records.people.preferences import Preferences
from records.vocabulary import Format

UNREAD, DAYS = "letter_unread", 7
"""No source sets the days."""


def arrange(
    session: Session, file_id: UUID, person_id: UUID, wanted: Preferences, *, by: str, on: date, at: datetime
) -> None:
    """Leaves the task where the reader of a letter that was printed may not be able to read it; one a day for each person."""
    if is_english(wanted.language) and wanted.format is not Format.OTHER:
        return
    said = (
        "A letter in ordinary English was printed for somebody who prefers another language or form. Arrange a translation or an interpreter, "
        "or go through it with them."
    )
    tasks.raise_task(
        session, kind=UNREAD, file_id=file_id, due=on + timedelta(days=DAYS), words=said, for_officer=None, raised_by=by, at=at,
        key=f"{UNREAD}:{person_id}:{on.isoformat()}",
    )  # fmt: skip
