"""What was agreed to be done, by whom and by when; and how a referral ended (W36, W37)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from records import tasks
from records.audit import trail
from records.cases import closing
from records.cases.joined import keys_of
from records.cases.tables import AgreedAction, Referral, ReferralEnd
from records.cases.words import Outcome, ReferralState, TurnedBy
from records.clock import time_in_words
from records.documents import keyring
from records.documents.envelope import seal_json, unseal_json
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.people import merging, register
from records.people.tables import ChildFile
from records.staff import accounts
from records.tasks.register import let_go


@dataclass(frozen=True)
class Action:
    """An agreed action, opened."""

    row: AgreedAction
    what: str
    who: str
    agreed_with: str
    done: str

    @property
    def open(self) -> bool:
        return self.row.done_on is None

    def late(self, today: date) -> bool:
        return self.open and self.row.due < today


@dataclass(frozen=True)
class End:
    """A referral closed (with its outcome) or taken up again (without), opened."""

    row: ReferralEnd
    words: str


def agree(
    session: Session, file: ChildFile, referral: Referral, *, what: str, who: str, agreed_with: str, due: date, actor: str, at: datetime
) -> AgreedAction:  # fmt: skip
    """A new agreed action. RefusedByRule on a referral that is closed or of another file."""
    file = _owner(session, file, referral.file_id)
    if referral.state != ReferralState.OPEN:
        raise RefusedByRule("An action is agreed on an open referral of this file.", "W36")
    row = AgreedAction(file_id=file.id, referral_id=referral.id, due=due, sealed=b"", recorded_by=actor, recorded_at=at)
    key = keyring.open_key(session, file.key_id)
    row.sealed = seal_json(key, {"what": what, "who": who, "agreed_with": agreed_with}, row.id.bytes)
    session.add(row)
    session.flush()
    row.task_id = tasks.raise_task(
        session, kind="agreed_action", file_id=file.id, due=due, words="An agreed action is due. Look at the notes of the file",
        for_officer=None, raised_by=actor, at=at, key=_key(row),
    )  # fmt: skip
    _note(session, file, "action_agreed", actor, at, action=str(row.id))
    return row


def finish(
    session: Session, file: ChildFile, action_id: UUID, *, done_on: date, done: str, actor: str, at: datetime
) -> AgreedAction:
    """Records what was done. ChangedMeanwhile, with who and when, if somebody did first."""
    row = session.get(AgreedAction, action_id)
    if row is None:
        raise NotFound("There is no such action.")
    file = _owner(session, file, row.file_id)
    if row.done_at is not None:
        who = accounts.display_names(session).get(row.done_by or "", "Somebody else")
        raise ChangedMeanwhile(
            f"{who} recorded this action as done at {time_in_words(row.done_at, at)}. Nothing of yours was saved."
        )
    row.sealed_done = seal_json(keyring.open_key(session, file.key_id), {"done": done}, row.id.bytes)
    row.done_on, row.done_by, row.done_at = done_on, actor, at
    session.add(row)
    session.flush()
    let_go(session, by=actor, at=at, key=_key(row))
    _note(session, file, "action_done", actor, at, action=str(row.id))
    return row


def actions(session: Session, file: ChildFile) -> list[Action]:
    """The agreed actions of a file: open ones by day, then done ones, newest first."""
    keys = keys_of(session, file)
    rows = session.exec(select(AgreedAction).where(col(AgreedAction.file_id).in_(keys))).all()
    found = [
        Action(
            row, **unseal_json(keys[row.file_id], row.sealed, row.id.bytes),
            done=str(unseal_json(keys[row.file_id], row.sealed_done, row.id.bytes)["done"]) if row.sealed_done else "",
        )
        for row in rows
    ]  # fmt: skip
    still = sorted((each for each in found if each.open), key=lambda each: (each.row.due, each.row.recorded_at))
    done = sorted(
        (each for each in found if not each.open), key=lambda each: each.row.done_on or date.min, reverse=True
    )
    return [*still, *done]


def close(
    session: Session, file: ChildFile, referral: Referral, outcome: Outcome, words: str, *, on: date, actor: str, at: datetime
) -> None:  # fmt: skip
    """Ends a referral with its outcome (W37): there is no other way to. Open actions do not stop it; they stay listed.

    With the last open referral its file is closed too."""
    _turn(session, file, referral, ReferralState.OPEN, actor, at, outcome=outcome, words=words, on=on)
    closing.after(session, file, TurnedBy.REFERRAL, on=on, actor=actor, at=at)


def reopen(
    session: Session, file: ChildFile, referral: Referral, why: str, *, on: date, actor: str, at: datetime
) -> None:
    """Takes a closed referral up again, with the reason; its outcome stays in the history."""
    _turn(session, file, referral, ReferralState.CLOSED, actor, at, outcome=None, words=why, on=on)
    closing.after(session, file, TurnedBy.REFERRAL, on=on, actor=actor, at=at)


def ends(session: Session, file: ChildFile) -> dict[UUID, list[End]]:
    """How each referral of a file ended, or was taken up again: newest first."""
    keys = keys_of(session, file)
    rows: Sequence[ReferralEnd] = session.exec(
        select(ReferralEnd).where(col(ReferralEnd.file_id).in_(keys)).order_by(col(ReferralEnd.recorded_at).desc())
    ).all()
    found: dict[UUID, list[End]] = {}
    for row in rows:
        found.setdefault(row.referral_id, []).append(
            End(row, str(unseal_json(keys[row.file_id], row.sealed, row.id.bytes)["words"]))
        )
    return found


def _owner(session: Session, file: ChildFile, file_id: UUID | None) -> ChildFile:
    """The file that something lies on: this one, or one that was joined to it. NotFound for any other."""
    if file_id is None or file_id not in merging.ids_of(session, file.id):
        raise NotFound("There is nothing like that on this file.")
    return register.get(session, file_id)


def _key(row: AgreedAction) -> str:
    return f"agreed_action:{row.id}"


def _turn(
    session: Session, file: ChildFile, referral: Referral, from_state: ReferralState, actor: str, at: datetime, *,
    outcome: Outcome | None, words: str, on: date,
) -> None:  # fmt: skip
    file = _owner(session, file, referral.file_id)
    if referral.state != from_state:
        who = accounts.display_names(session).get(referral.changed_by, "Somebody else")
        did = "closed" if referral.state == ReferralState.CLOSED else "opened"
        raise ChangedMeanwhile(
            f"{who} {did} this referral at {time_in_words(referral.changed_at, at)}. Nothing of yours was saved."
        )
    row = ReferralEnd(
        file_id=file.id,
        referral_id=referral.id,
        outcome=outcome,
        ended_on=on,
        sealed=b"",
        recorded_by=actor,
        recorded_at=at,
    )
    row.sealed = seal_json(keyring.open_key(session, file.key_id), {"words": words}, row.id.bytes)
    session.add(row)
    referral.state = ReferralState.CLOSED if outcome else ReferralState.OPEN
    referral.outcome, referral.changed_by, referral.changed_at = outcome, actor, at
    session.add(referral)
    session.flush()
    act = "referral_closed" if outcome else "referral_reopened"
    _note(session, file, act, actor, at, referral=str(referral.id), outcome=outcome)


def _note(
    session: Session, file: ChildFile, act: str, actor: str, at: datetime, **detail: str | int | bool | None
) -> None:
    trail.append(session, actor=actor, act=act, subject_kind="file", subject_id=str(file.id), at=at, detail=detail)
