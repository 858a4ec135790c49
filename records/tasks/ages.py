"""Birthdays that matter, and birth dates that disagree, become tasks (R14, R20, R33, R40). Run once a day; repeating changes nothing.

Each age is kept by itself. A task is raised when a birthday has come for certain, for a file that was opened before it; where the
birth date is only partly known, the person who is asked is told so and asked to find it out (R13).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from records.audit import trail
from records.clock import LONDON
from records.db import Database
from records.people import merging, register
from records.people.ages import ADULT, CAPACITY_PRESUMED, SERVICE_RANGE_ENDS, birthday, school_age_ends
from records.people.birthdates import BirthDate, across
from records.people.tables import ChildFile, FileMerge
from records.tasks.register import let_go, let_go_all, raise_task
from records.tasks.tables import JobDay, TaskRow

JOB = "ages"
BIRTH_DATE = "birth_date"
"""The kind of a task about dates that disagree."""
AT_ONCE = 500


@dataclass(frozen=True)
class Due:
    """A task to raise for one file: its key without the file, the day, the words."""

    key: str
    on: date
    words: str


WORDS = {
    "guide_age": "This child has reached the age from which this service asks for their own view. Ask what they want",
    "age_16": "This young person is now 16. They decide for themselves unless somebody has recorded otherwise. Ask them about every consent",
    "school_age": "Compulsory school age has ended. In SEND law this is now a young person. Ask them about every consent",
    "age_18": "This young person is now 18. Nobody has parental responsibility any more. Look at who may be told what",
    "age_25": "This young person is now 25. Advice of this service ends at 25. Look whether the file can be closed",
}
AGES = frozenset({*WORDS, *(f"{key}:maybe" for key in WORDS)})
MAYBE = "may have come already: the birth date is known in part only. Find out the birth date"
DISAGREE = "The dates of birth on this file disagree. Look at them and settle which is right"


def due_for(born: BirthDate | None, opened_on: date, today: date, *, guide_age: int | None) -> list[Due]:
    """What is to be raised for one child today. Pure. The guide age is the service's own (S9), None where it sets none."""
    if born is None:
        return []
    found = []
    if born.disputed:
        found.append(Due(BIRTH_DATE, today, DISAGREE))
    for key, first, last in _days(born, guide_age):
        if opened_on < last <= today:
            found.append(Due(key, last, WORDS[key]))
        elif first <= today < last and opened_on < last:
            found.append(Due(f"{key}:maybe", first, f"{_title(key)} {MAYBE}"))
    return found


def _title(key: str) -> str:
    return {
        "guide_age": "The age from which this service asks for the child’s own view",
        "age_16": "The 16th birthday", "school_age": "The end of compulsory school age", "age_18": "The 18th birthday",
        "age_25": "The 25th birthday",
    }[key]  # fmt: skip


def _days(born: BirthDate, guide_age: int | None) -> Iterator[tuple[str, date, date]]:
    """Each threshold with the first and the last day on which it can be reached."""
    for key, age in (
        ("guide_age", guide_age),
        ("age_16", CAPACITY_PRESUMED),
        ("age_18", ADULT),
        ("age_25", SERVICE_RANGE_ENDS),
    ):
        if age is not None:
            yield key, birthday(born.earliest, age), birthday(born.latest, age)
    yield "school_age", school_age_ends(born.earliest), school_age_ends(born.latest)


def raise_due(db: Database, *, now: datetime, guide_age: int | None) -> int:
    """Raises what has come due on every open file, once a day; returns how many tasks were raised. Cheap when done already.

    What was raised for another birth date than the one that counts now is let go, and raised anew on its true day.
    """
    today = now.astimezone(LONDON).date()
    with db.reading() as session:
        done = session.get(JobDay, JOB)
        if done is not None and done.day >= today:
            return 0
    raised, after = 0, -1
    while True:
        with db.reading() as session:
            files = session.exec(
                select(ChildFile)
                .where(col(ChildFile.number) > after, col(ChildFile.closed_at).is_(None))
                .order_by(col(ChildFile.number))
                .limit(AT_ONCE)
            ).all()
            if not files:
                break
            of_files = list(_of(session, files, today, guide_age))
            wanted = [(file_id, due) for file_id, found in of_files for due in found]
            wanted, over = _new(session, wanted), _over(session, of_files)
        after = files[-1].number
        if wanted or over:
            with db.writing() as session:
                for row in _over(session, of_files):
                    let_go(session, by=trail.SYSTEM, at=now, key=row.key)
                for file_id, due in _new(session, wanted):
                    _raise(session, file_id, due, now)
                    raised += 1
    with db.writing() as session:
        session.merge(JobDay(job=JOB, day=today))
    return raised


def _of(
    session: Session, files: Sequence[ChildFile], today: date, guide_age: int | None
) -> Iterator[tuple[UUID, list[Due]]]:
    """By file what is due on it, also where nothing is; a file whose birth date nobody knows is left out."""
    ids = [file.id for file in files]
    taken = set(session.exec(select(FileMerge.in_force).where(col(FileMerge.in_force).in_(ids))).all())
    kept = set(
        session.exec(
            select(FileMerge.kept_id).where(col(FileMerge.in_force).is_not(None), col(FileMerge.kept_id).in_(ids))
        )
    )
    births = register.birth_dates_of(session, files)
    for file in files:
        if file.id in taken:  # seen with the file that is kept
            continue
        born = across(register.birth_dates(session, file) if file.id in kept else births[file.id])
        if born is None:
            continue
        opened = min(one.opened_at for one in merging.files_of(session, file)) if file.id in kept else file.opened_at
        yield file.id, due_for(born, opened.astimezone(LONDON).date(), today, guide_age=guide_age)


def _key(file_id: UUID, due: Due) -> str:
    return f"{due.key}:{file_id}"


def _new(session: Session, wanted: Sequence[tuple[UUID, Due]]) -> list[tuple[UUID, Due]]:
    """What was not raised before for the same day; that dates disagree is asked once, until somebody settles it."""
    keys = [_key(file_id, due) for file_id, due in wanted]
    asked = select(col(TaskRow.key), col(TaskRow.due)).where(col(TaskRow.key).in_(keys))
    there = dict(session.exec(asked).all())
    return [
        (file_id, due)
        for (file_id, due), key in zip(wanted, keys, strict=True)
        if key not in there or (due.key in AGES and there[key] != due.on)
    ]


def _over(session: Session, of_files: Sequence[tuple[UUID, list[Due]]]) -> list[TaskRow]:
    """Open tasks that are not so by the birth date that counts now."""
    days = {_key(file_id, due): due.on for file_id, found in of_files for due in found}
    rows = session.exec(
        select(TaskRow).where(
            col(TaskRow.file_id).in_([file_id for file_id, _ in of_files]),
            col(TaskRow.kind).in_([*WORDS, BIRTH_DATE]),
            col(TaskRow.key).is_not(None),
            col(TaskRow.closed_at).is_(None),
        )
    ).all()
    return [row for row in rows if row.key not in days or (row.kind != BIRTH_DATE and days[row.key] != row.due)]


def _raise(session: Session, file_id: UUID, due: Due, now: datetime) -> None:
    kind = due.key.split(":")[0]
    let_go_all(session, [_key(file_id, due)], by=trail.SYSTEM, at=now)  # what was done for another day gives up its key
    raise_task(
        session, kind=kind, file_id=file_id, due=due.on, words=due.words, for_officer=None, raised_by=trail.SYSTEM, at=now,
        key=_key(file_id, due),
    )  # fmt: skip
