"""The cabinets that papers are in: who holds their keys, and that somebody looks in time whether each is locked (W48, W49).

Checks and keys are appended: what was found on a day, and who held a key when, stays known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, func, select

from records.audit import trail
from records.clock import LONDON
from records.custody import waiting
from records.custody.moves import Custody
from records.custody.tables import CabinetKey, LockCheck, Original
from records.errors import ChangedMeanwhile, NotFound

NEWEST = 50
_SINCE = func.coalesce(Original.changed_at, Original.logged_at)
_IN_USE = (col(Original.state).in_(waiting.IN_CABINET), col(Original.cabinet).is_not(None))


@dataclass(frozen=True)
class Cabinet:
    """One cabinet in use. `check`: the newest, None while nobody has looked; `due`: the last day by which somebody looks again."""

    name: str
    papers: int
    keys: tuple[CabinetKey, ...]
    check: LockCheck | None
    due: date

    def missed(self, today: date) -> bool:
        """Whether nobody has looked in time."""
        return self.due < today


def in_use(session: Session, every_days: int) -> list[Cabinet]:
    """Every cabinet that papers are in, in order. The first check is due so many days after the oldest of them was put there."""
    rows = session.exec(
        select(Original.cabinet, func.count(), func.min(_SINCE))
        .where(*_IN_USE)
        .group_by(col(Original.cabinet))
        .order_by(col(Original.cabinet))
    ).all()
    newest = _newest(session)
    held: dict[str, list[CabinetKey]] = {}
    for key in session.exec(
        select(CabinetKey).where(col(CabinetKey.in_force).is_not(None)).order_by(col(CabinetKey.given_at))
    ):
        held.setdefault(key.cabinet, []).append(key)
    found = []
    for name, papers, since in rows:
        assert name is not None, "asked for above"
        check = newest.get(name)
        due = _due(check.checked_at if check else since, every_days)
        found.append(Cabinet(name, papers, tuple(held.get(name, ())), check, due))
    return found


def count_missed(session: Session, every_days: int, today: date) -> int:
    """How many cabinets nobody has looked at in time. Papers are looked for only in those that nobody has: where all were checked, none is read."""
    names = set(session.exec(select(col(Original.cabinet)).distinct().where(col(Original.cabinet).is_not(None))))
    checked = {name: _due(check.checked_at, every_days) for name, check in _newest(session).items()}
    in_doubt = {name for name in names if name not in checked or checked[name] < today}
    if not in_doubt:
        return 0
    since = session.exec(
        select(col(Original.cabinet), func.min(_SINCE))
        .where(*_IN_USE, col(Original.cabinet).in_(in_doubt))
        .group_by(col(Original.cabinet))
    )
    return sum((checked.get(name) or _due(first, every_days)) < today for name, first in since if name)


def check(session: Session, cabinet: str, *, locked: bool, by: str, at: datetime) -> LockCheck:
    """Records a look at a cabinet now, with how many papers are signed out at this moment. NotFound for a cabinet without papers."""
    _need(session, cabinet)
    out = session.exec(select(func.count()).select_from(Original).where(Original.state == Custody.OUT)).one()
    row = LockCheck(cabinet=cabinet, locked=locked, out=out, checked_by=by, checked_at=at)
    session.add(row)
    session.flush()
    trail.append(
        session, actor=by, act="lock_checked", subject_kind="lock_check", subject_id=str(row.id), at=at,
        detail={"locked": "yes" if locked else "no", "out": out},
    )  # fmt: skip
    return row


def checks(session: Session) -> Sequence[LockCheck]:
    """The newest looks at all cabinets."""
    return session.exec(
        select(LockCheck).order_by(col(LockCheck.checked_at).desc(), col(LockCheck.id)).limit(NEWEST)
    ).all()


def give_key(session: Session, cabinet: str, account_id: UUID, *, by: str, at: datetime) -> None:
    """Records that a colleague holds a key of a cabinet from now on. ChangedMeanwhile when they do already."""
    _need(session, cabinet)
    in_force = f"{cabinet}:{account_id}"
    if session.exec(select(CabinetKey.id).where(CabinetKey.in_force == in_force)).first() is not None:
        raise ChangedMeanwhile("They are entered as holding a key of this cabinet already.")
    row = CabinetKey(cabinet=cabinet, account_id=account_id, given_by=by, given_at=at, in_force=in_force)
    session.add(row)
    session.flush()
    trail.append(session, actor=by, act="key_given", subject_kind="cabinet_key", subject_id=str(row.id), at=at)


def take_key(session: Session, key_id: UUID, *, by: str, at: datetime) -> CabinetKey:
    """Records that a key was given back. ChangedMeanwhile when it was before."""
    row = session.get(CabinetKey, key_id)
    if row is None:
        raise NotFound("There is no such key.")
    if row.in_force is None:
        raise ChangedMeanwhile("This key was given back already.")
    row.in_force, row.back_by, row.back_at = None, by, at
    session.add(row)
    session.flush()
    trail.append(session, actor=by, act="key_given_back", subject_kind="cabinet_key", subject_id=str(row.id), at=at)
    return row


def _due(since: datetime, every_days: int) -> date:
    return since.astimezone(LONDON).date() + timedelta(days=every_days)


def _newest(session: Session) -> dict[str, LockCheck]:
    last = (
        select(LockCheck.cabinet, func.max(LockCheck.checked_at).label("at"))
        .group_by(col(LockCheck.cabinet))
        .subquery()
    )
    rows = session.exec(
        select(LockCheck).join(
            last, (col(LockCheck.cabinet) == last.c.cabinet) & (col(LockCheck.checked_at) == last.c.at)
        )
    )
    return {row.cabinet: row for row in rows}


def _need(session: Session, cabinet: str) -> None:
    there = select(Original.id).where(Original.cabinet == cabinet, col(Original.state).in_(waiting.IN_CABINET)).limit(1)
    if session.exec(there).first() is None:
        raise NotFound("No paper is kept in such a cabinet.")
