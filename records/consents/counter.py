"""A withdrawal taken by anybody on the staff, at the counter or on the telephone (W41, R29, R30): in force at once, nothing shown.

Whoever takes it need not be allowed to open the file, and learns nothing of it; the file's own officer gets a task.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from records import tasks
from records.audit import trail
from records.clock import LONDON
from records.consents import asking, changes, following, gate
from records.consents.changes import Recorded, Told
from records.consents.givers import Giver
from records.consents.items import WORDS
from records.consents.standing import ConsentState, Route
from records.people import register
from records.people.matching import words_of
from records.people.tables import ChildFile
from records.policies.settings import Policy

WITHDRAWAL_TAKEN, DAYS = "withdrawal_taken", 2
EVERYTHING = "everything"


def later_yes(session: Session, file: ChildFile, items: Collection[str], day: date, policy: Policy) -> bool:
    """Whether a yes given after this day would still stand: a no of that day would then not be in force."""
    facts = asking.facts_of(session, file.id, policy)
    wanted = set(WORDS) if EVERYTHING in items else set(items)
    return any(
        answer.state is ConsentState.GIVEN and answer.item in wanted and answer.effective_on > day
        for answer in facts.answers
    )


def take(
    session: Session, file: ChildFile, items: Collection[str], giver: Giver, called: str, route: Route, day: date,
    key: UUID, *, note: str, actor: str, at: datetime, policy: Policy,
) -> Recorded:  # fmt: skip
    """Records a no to these items (or to `EVERYTHING`), raises what follows, and a task for the file's officer. One press counts once.

    `called`: the name that whoever withdraws gave; it is kept, sealed, with the note.
    """
    who = _person(session, file, giver, called)
    said = f"{called.strip()} told us." + (f" {note.strip()}" if note.strip() else "")
    told = Told(dict.fromkeys(_items(session, file, items, at, policy), False), giver, who, route, day, key, note=said)
    recorded = changes.record(session, file, told, actor=actor, at=at, policy=policy)
    following.after_change(session, file, recorded, actor=actor, at=at, policy=policy)
    if not recorded.repeated:
        tasks.raise_task(
            session, kind=WITHDRAWAL_TAKEN, file_id=file.id, due=at.astimezone(LONDON).date() + timedelta(days=DAYS),
            words="A colleague recorded a withdrawal. Look at what changed, and send the family a confirmation.",
            for_officer=None, raised_by=actor, at=at, key=f"{WITHDRAWAL_TAKEN}:{recorded.change_id}",
        )  # fmt: skip
    return recorded


def not_found(session: Session, *, actor: str, at: datetime) -> None:
    """Enters that somebody looked for a child and that no file fits: guesses leave a trace, without what was typed."""
    trail.append(session, actor=actor, act="withdrawal_not_matched", subject_kind="account", subject_id=actor, at=at)


def told_of_later_yes(session: Session, file: ChildFile, *, actor: str, at: datetime) -> None:
    """Enters on the file that somebody was told that a yes stands: it is all that this way tells of a file, and nobody learns it unseen (P9)."""
    trail.append(session, actor=actor, act="withdrawal_too_early", subject_kind="file", subject_id=str(file.id), at=at)


def _items(session: Session, file: ChildFile, items: Collection[str], at: datetime, policy: Policy) -> Collection[str]:
    if EVERYTHING not in items:
        return list(items)
    return changes.everything(gate.what_holds(asking.facts_of(session, file.id, policy), at.astimezone(LONDON).date()))


def _person(session: Session, file: ChildFile, giver: Giver, called: str) -> UUID | None:
    """Who it is on the file: the child, or the one carer of exactly this name. Nobody where that is not certain."""
    people = register.people(session, file)
    if giver is Giver.YOUNG_PERSON:
        return next((person.id for person in people if person.kind == register.CHILD), None)
    same = [
        person.id
        for person in people
        if person.kind != register.CHILD
        and sorted(words_of(person.name)) == sorted(words_of(called))
        and called.strip()
    ]
    return same[0] if giver is Giver.PARENT_OR_CARER and len(same) == 1 else None
