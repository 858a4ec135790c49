"""A paper that the family asked back as it came in: a task with its day for the file's officer, until the return is opened (N16, R60)."""

from datetime import date, datetime

from sqlmodel import Session

from records import tasks
from records.custody.tables import Original

PAPER_BACK = "paper_back"


def ask(session: Session, paper: Original, due_on: date, *, actor: str, at: datetime) -> None:
    """Raises the task. `due_on`: the last of the working days that the policy gives a return, from the day on which it came."""
    tasks.raise_task(
        session, kind=PAPER_BACK, file_id=paper.file_id, due=due_on, for_officer=None, raised_by=actor, at=at, key=_key(paper),
        words=f"The family asked for paper O-{paper.number} back. Open its return, under Originals of the file.",
    )  # fmt: skip


def opened(session: Session, paper: Original, *, actor: str, at: datetime) -> None:
    """Its return was opened, and has a day of its own."""
    tasks.let_go(session, by=actor, at=at, key=_key(paper))


def _key(paper: Original) -> str:
    return f"{PAPER_BACK}:{paper.id}"
