"""Which of the daily jobs fail, and since when: what a job leaves undone must not go unseen (P11, P15)."""

from datetime import date

from sqlmodel import Session, col, select

from records.tasks.tables import JobDay

_FAILED = "failed:"


def failed(session: Session, job: str, today: date) -> None:
    """A job did not end well. The day on which that began is kept until it ends well."""
    if session.get(JobDay, _FAILED + job) is None:
        session.add(JobDay(job=_FAILED + job, day=today))
        session.flush()


def ended_well(session: Session, job: str) -> None:
    """A job ended as it should: whatever was noted against it is over."""
    row = session.get(JobDay, _FAILED + job)
    if row is not None:
        session.delete(row)
        session.flush()


def noted(session: Session) -> dict[str, date]:
    """The jobs that fail, by name, with the day on which that began."""
    rows = session.exec(select(JobDay).where(col(JobDay.job).startswith(_FAILED)).order_by(col(JobDay.job)))
    return {row.job.removeprefix(_FAILED): row.day for row in rows}
