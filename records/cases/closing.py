"""Whether a child's file is open or closed, since when and why: the one answer that its pages, the daily tasks and the keeping times ask.

A file is closed when each of the files of this child is (`ChildFile.closed_at`) and no referral on them is open. Closing needs a day and a
reason, as does reopening; each is appended. A file is also closed by the outcome of its last referral, and opened by a new one (W37, R36), and by
post: a family that writes is in touch again, and what it sent must not go unread with a file that is due.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlmodel import Session, col, insert, select

from records import tasks
from records.audit import trail
from records.cases.tables import FileTurn, Referral
from records.cases.words import Openness, ReferralState, TurnedBy
from records.clock import LONDON, time_in_words
from records.documents import keyring
from records.documents.envelope import seal_json, unseal_json
from records.errors import ChangedMeanwhile, RefusedByRule
from records.people import merging
from records.people.tables import ChildFile
from records.policies.periods import in_words
from records.staff import accounts
from records.tasks.register import let_go_all

CLOSE_OR_KEEP = "close_or_keep"
OPENED_BY_POST = "opened_by_post"
BY_POST = (TurnedBy.FORM, TurnedBy.LETTER)
OPENED_AGAIN = "This file was closed. It is open again, and its officer has a task."
"""What whoever filed something on a closed file is told at once."""


@dataclass(frozen=True)
class Standing:
    """Open (and why) or closed (None), since which day."""

    open_by: Openness | None
    since: date

    @property
    def open(self) -> bool:
        return self.open_by is not None


@dataclass(frozen=True)
class Turn:
    """One closing or reopening, opened for somebody who may see the file. `words`: the reason that a person gave."""

    row: FileTurn
    words: str


def open_by(session: Session, files: Sequence[ChildFile]) -> Openness | None:
    """Why these files of one child are open; None when they are closed."""
    found = select(Referral.id).where(
        col(Referral.file_id).in_([file.id for file in files]), Referral.state == ReferralState.OPEN
    )
    if session.exec(found.limit(1)).first() is not None:
        return Openness.REFERRAL
    return Openness.NOT_CLOSED if any(file.closed_at is None for file in files) else None


def open_by_one(file: ChildFile, on_case: bool) -> Openness | None:
    """The same of a file to which none is joined, for lists that know already whether a referral on it is open."""
    if on_case:
        return Openness.REFERRAL
    return Openness.NOT_CLOSED if file.closed_at is None else None


def standing(session: Session, file: ChildFile) -> Standing:
    """How a file stands today, with whatever is joined to it."""
    files = merging.files_of(session, file)
    why = open_by(session, files)
    days = [row.happened_on for row in _rows(session, files) if row.closed == (why is None)]
    opened = min(each.opened_at for each in files).astimezone(LONDON).date()
    return Standing(why, max(days, default=opened))


def close(session: Session, file: ChildFile, why: str, *, on: date, actor: str, at: datetime) -> None:
    """Closes a file by hand. RefusedByRule while a referral is open: that ends with its outcome (W37)."""
    if not why.strip():
        raise RefusedByRule("Write why the file is closed.", "W37")
    files = merging.files_of(session, file)
    match open_by(session, files):
        case Openness.REFERRAL:
            raise RefusedByRule("A referral is still open. Close it with its outcome on the Notes tab first.", "W37")
        case None:
            raise settled(session, files, at)
        case Openness.NOT_CLOSED:
            _turn(session, files, TurnedBy.HAND, why, closed=True, on=on, actor=actor, at=at)


def reopen(session: Session, file: ChildFile, why: str, *, on: date, actor: str, at: datetime) -> None:
    """Opens a closed file again, by hand, with the reason."""
    if not why.strip():
        raise RefusedByRule("Write why the file is opened again.", "W37")
    files = merging.files_of(session, file)
    if open_by(session, files) is not None:
        raise settled(session, files, at)
    _turn(session, files, TurnedBy.HAND, why, closed=False, on=on, actor=actor, at=at)


def after(session: Session, file: ChildFile, by: TurnedBy, *, on: date, actor: str, at: datetime) -> bool:
    """A referral was opened or closed, or post was filed: the file follows. Returns whether it was closed or opened by this.

    Opened by post, its officer has a task to look at it: nobody but whoever filed it knows.
    """
    files = merging.files_of(session, file)
    match by, open_by(session, files):
        case (TurnedBy.REFERRAL, Openness.NOT_CLOSED):  # its last open referral has just ended
            _turn(session, files, by, "", closed=True, on=on, actor=actor, at=at)
        case (_, Openness.REFERRAL) | (TurnedBy.FORM | TurnedBy.LETTER, None) if any(
            each.closed_at is not None for each in files
        ):
            _turn(session, files, by, "", closed=False, on=on, actor=actor, at=at)
            if by in BY_POST:
                _ask_to_look(session, files[0], at)
        case _:
            return False
    return True


def turns(session: Session, file: ChildFile) -> list[Turn]:
    """Every closing and reopening, newest first."""
    files = merging.files_of(session, file)
    keys = {each.id: keyring.open_key(session, each.key_id) for each in files}
    return [
        Turn(row, str(unseal_json(keys[row.file_id], row.sealed, row.id.bytes)["words"]) if row.sealed else "")
        for row in _rows(session, files)
    ]


def warnings(session: Session, file: ChildFile) -> list[str]:
    """A sentence while a file is open because post opened it again, and nobody has closed it since."""
    files = merging.files_of(session, file)
    if open_by(session, files) is not Openness.NOT_CLOSED:
        return []
    last = next((row for row in _rows(session, files) if not row.closed), None)
    if last is None or last.turned_by not in BY_POST:
        return []
    what = "a form" if last.turned_by == TurnedBy.FORM else "a letter or other paper"
    came = f"{what} that came on {in_words(last.happened_on)} was filed on it"
    return [f"This file was closed, and is open again because {came}. Close it again when nothing is left to do."]


def _ask_to_look(session: Session, file: ChildFile, at: datetime) -> None:
    tasks.raise_task(
        session, kind=OPENED_BY_POST, file_id=file.id, due=at.astimezone(LONDON).date(), for_officer=None, raised_by=trail.SYSTEM, at=at,
        words="Something was filed on this file, which was closed. Look at it, and close the file again when nothing is left to do",
        key=f"{OPENED_BY_POST}:{file.id}",
    )  # fmt: skip


def call_for(session: Session, file: ChildFile, *, today: date, at: datetime) -> None:
    """Asks the file's officer, once, to close a file that is due and open, or to have it kept (R36)."""
    tasks.raise_task(
        session, kind=CLOSE_OR_KEEP, file_id=file.id, due=today, for_officer=None, raised_by=trail.SYSTEM, at=at, key=f"{CLOSE_OR_KEEP}:{file.id}",
        words="This file need not be kept any longer, but it is open. Close it, or ask a manager to keep it longer",
    )  # fmt: skip


def called_off(session: Session, file_ids: Sequence[UUID], *, actor: str, at: datetime) -> None:
    """It was closed or is kept longer: nothing is asked any more. Should it be opened again, all is asked anew."""
    keys = [f"{kind}:{one}" for one in file_ids for kind in (CLOSE_OR_KEEP, OPENED_BY_POST)]
    let_go_all(session, keys, by=actor, at=at)


def _rows(session: Session, files: Sequence[ChildFile]) -> Sequence[FileTurn]:
    found = select(FileTurn).where(col(FileTurn.file_id).in_([each.id for each in files]))
    return session.exec(found.order_by(col(FileTurn.recorded_at).desc(), col(FileTurn.id))).all()


def _turn(
    session: Session, files: Sequence[ChildFile], by: TurnedBy, why: str, *, closed: bool, on: date, actor: str, at: datetime
) -> None:  # fmt: skip
    turn_each(session, [(file, on) for file in files], by, why, closed=closed, actor=actor, at=at)
    if closed:
        called_off(session, [file.id for file in files], actor=actor, at=at)


def turn_each(
    session: Session, days: Sequence[tuple[ChildFile, date]], by: TurnedBy, why: str, *, closed: bool, actor: str, at: datetime
) -> None:  # fmt: skip
    """Writes one closing or reopening for each file that does not stand so already, each with its day and its audit entry.

    Whoever calls has decided that they may be turned (`close`, `reopen`, `after`, `closing_many`).
    """
    wanted = [(file, on) for file, on in days if (file.closed_at is not None) != closed]
    keys = keyring.open_keys(session, [file.key_id for file, _ in wanted]) if why.strip() else {}
    rows: list[dict[str, object]] = []
    for file, on in wanted:
        id_ = uuid4()
        sealed = seal_json(keys[file.key_id], {"words": why.strip()}, id_.bytes) if why.strip() else None
        rows.append({
            "id": id_, "file_id": file.id, "closed": closed, "turned_by": by, "happened_on": on, "sealed": sealed, "recorded_by": actor,
            "recorded_at": at,
        })  # fmt: skip
        file.closed_at = at if closed else None
        file.changed_by, file.changed_at = actor, at
        session.add(file)
    session.flush()
    if rows:
        session.execute(insert(FileTurn), rows)
    trail.append_each(
        session, [str(file.id) for file, _ in wanted], actor=actor, act="file_closed" if closed else "file_reopened",
        subject_kind="file", at=at, detail={"by": by},
    )  # fmt: skip


def settled(session: Session, files: Sequence[ChildFile], at: datetime) -> ChangedMeanwhile:
    """Who was first, when, and what they did."""
    rows = _rows(session, files)
    if not rows:
        return ChangedMeanwhile("This file is open. Nothing of yours was saved.")
    who = accounts.display_names(session).get(rows[0].recorded_by, "Paperchain")
    did, when = "closed" if rows[0].closed else "opened", time_in_words(rows[0].recorded_at, at)
    return ChangedMeanwhile(f"{who} {did} this file at {when}. Nothing of yours was saved.")
