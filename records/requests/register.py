"""The register of requests: recorded, moved on, closed. Each act is one event, in the transaction of what it changes.

Recording a request places a hold and freezes the file before anybody looks at it (R68). Once it is answered or refused the hold runs
on for the time in which the family can complain, and then ends by itself (R45).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col, func, select

from records import tasks
from records.audit import trail
from records.clock import LONDON, time_in_words
from records.documents import keyring
from records.documents.envelope import seal_json, unseal_json
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.holds import register as holds
from records.holds.kinds import HoldKind, Scope
from records.people import merging
from records.people.tables import ChildFile
from records.people.typed import text_problem, texts_wrong
from records.policies.periods import add_months, in_words
from records.post.inbox import next_number
from records.post.tables import Item
from records.requests.deadlines import TARGET_DAYS
from records.requests.kinds import KIND_WORDS, Closing, Event, Kind, Requester, Route
from records.requests.standing import Happened, Standing, State, standing
from records.requests.tables import RequestEvent, RequestRow
from records.requests.working_days import england
from records.staff import accounts

LONGEST_NAME, LONGEST_WORDS = 120, 2000
LONGEST_EVENT = 13_000
"""What a step may hold: all its boxes together, each of them at most `LONGEST_WORDS`."""
MOST_SHOWN = 500
THE_FAMILY = "The family"
"""Who asks where a change of consent opened the request, until somebody settles which person it was."""
NO_ANSWER = frozenset({Closing.TAKEN_BACK, Closing.NO_REQUEST})
"""Closings that leave nothing to complain about."""
_HOLD = {Kind.COMPLAINT: HoldKind.COMPLAINT, Kind.RETURN: HoldKind.RETURN}


@dataclass(frozen=True)
class Asking:
    """Who asks, as sealed: name, for whom (an agent), words, and name and address on the envelope of the answer."""

    name: str
    words: str = ""
    acts_for: str = ""
    acts_as: str = ""
    address: str = ""
    council_may_know: bool = False
    only: tuple[str, ...] = ()
    """Parts of the file that an erasure is about; empty for all of it."""

    def as_json(self) -> dict[str, object]:
        return dict(vars(self))


@dataclass(frozen=True)
class Known:
    """One event opened for somebody who may see it."""

    what: Event
    on: date
    code: str | None
    words: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Shown:
    """One request for somebody who may see its list: no name."""

    id: UUID
    number: int
    kind: Kind
    file: ChildFile | None
    requester: Requester
    standing: Standing
    route: Route
    version: int

    @property
    def file_number(self) -> int | None:
        """The number of its file, None while that is not known."""
        return self.file.number if self.file is not None else None


def wrong_with(asking: Asking, kind: Kind, received: date, today: date) -> dict[str, str]:
    """What is wrong with a request that somebody records, by field; empty when nothing is."""
    wrong = {}
    if not asking.name.strip():
        wrong["name"] = "Enter who is asking"
    elif len(asking.name) > LONGEST_NAME:
        wrong["name"] = f"Use at most {LONGEST_NAME} letters for the name"
    if len(asking.words) > LONGEST_WORDS:
        wrong["words"] = f"Use at most {LONGEST_WORDS} letters for what they ask"
    typed = {"name": asking.name, "acts_for": asking.acts_for, "words": asking.words}
    wrong = texts_wrong(typed, {"name": "The name", "acts_for": "For whom they act"}, LONGEST_NAME) | wrong
    wrong = texts_wrong(typed, {"words": "What they ask"}) | wrong
    if received > today:
        wrong["received"] = "The day it was received must be today or in the past"
    if kind is Kind.COMPLAINT and not asking.words.strip():
        wrong["words"] = "Enter what the complaint is about"
    return wrong


def record(
    session: Session, *, kind: Kind, route: Route, requester: Requester, asking: Asking, received_on: date, by: str,
    at: datetime, file: ChildFile | None = None, person_id: UUID | None = None, item: Item | None = None, target_days: int = TARGET_DAYS,
) -> RequestRow:  # fmt: skip
    """Records a request; with a file, its records are held in the same transaction (R68). RefusedByRule, in words.

    Of files that were joined, the request is about all: it stands on the one that is kept.
    """
    file = merging.files_of(session, file)[0] if file is not None else None
    today = at.astimezone(LONDON).date()
    for words in wrong_with(asking, kind, received_on, today).values():
        raise RefusedByRule(words, "R1")
    key_id = file.key_id if file is not None else keyring.make(session, at)[0]
    row = RequestRow(
        number=next_number(session, "request"), kind=kind, route=route, requester=requester, key_id=key_id, sealed=b"",
        file_id=file.id if file else None, person_id=person_id, item_id=item.id if item else None,
        received_on=received_on, recorded_by=by, recorded_at=at,
    )  # fmt: skip
    row.sealed = seal_json(keyring.open_key(session, key_id), asking.as_json(), row.id.bytes)
    session.add(row)
    session.flush()
    append(session, row, Event.OPENED, on=received_on, by=by, at=at)
    if file is not None:
        _freeze(session, row, file, by, at)
    _call_for(session, row, target_days, by, at)
    return row


def _call_for(session: Session, row: RequestRow, target_days: int, by: str, at: datetime) -> None:
    """The task of an open request: by its target, or today where a withdrawal is to count (R30): its month is for the answer alone."""
    kind, today = Kind(row.kind), at.astimezone(LONDON).date()
    found = stand(session, row, today, target_days)
    by_day = today if kind is Kind.WITHDRAWAL else found.target or found.due or today
    tasks.raise_task(
        session, kind="request", file_id=row.file_id, due=by_day, for_officer=None, raised_by=by, at=at, key=_key(row),
        words=f"Request {row.number}: {KIND_WORDS[kind].lower()}. Aim for this day.",
    )  # fmt: skip


def _freeze(session: Session, row: RequestRow, file: ChildFile, by: str, at: datetime) -> None:
    holds.place(
        session, kind=_HOLD.get(Kind(row.kind), HoldKind.REQUEST), scope=Scope.FILE, subject_id=file.id, by=by, at=at,
        authority="Paperchain", reason=f"Request {row.number} is open.", source=source(row), reference=str(row.number),
    )  # fmt: skip


def source(row: RequestRow) -> str:
    """What the hold of a request is known by."""
    return f"request:{row.id}"


def _key(row: RequestRow) -> str:
    return f"request:{row.id}"


def get(session: Session, number: int, version: int | None = None) -> RequestRow:
    """One request. NotFound; ChangedMeanwhile when somebody saved since that version was shown."""
    row = session.exec(select(RequestRow).where(RequestRow.number == number)).first()
    if row is None:
        raise NotFound("There is no such request.")
    if version is not None and row.version != version:
        raise ChangedMeanwhile(_who(session, row))
    return row


def _who(session: Session, row: RequestRow) -> str:
    last = session.exec(
        select(RequestEvent).where(RequestEvent.request_id == row.id).order_by(col(RequestEvent.sequence).desc())
    ).first()
    if last is None:
        return f"Somebody else changed request {row.number}. Nothing of yours was saved; look at it again."
    who, at = accounts.display_names(session).get(last.recorded_by, "Somebody else"), last.recorded_at
    when = f"{in_words(at.astimezone(LONDON).date())} at {time_in_words(at, at)}"
    return f"{who} changed request {row.number} on {when}. Nothing of yours was saved; look at it again."


def asking(session: Session, row: RequestRow) -> Asking:
    """Who asks, opened. NotFound when the key was shredded."""
    value = unseal_json(keyring.open_key(session, row.key_id), row.sealed, row.id.bytes)
    return Asking(**{**value, "only": tuple(value.get("only", ()))})


def change(session: Session, row: RequestRow, **values: object) -> Asking:
    """Writes who asks anew, such as an address that was missing; callers append the event that says so."""
    found = replace(asking(session, row), **values)  # type: ignore[arg-type]  # fields of Asking
    row.sealed = seal_json(keyring.open_key(session, row.key_id), found.as_json(), row.id.bytes)
    session.add(row)
    return found


def append(
    session: Session, row: RequestRow, what: Event, *, on: date, by: str, at: datetime, code: str | None = None,
    words: str = "",
) -> RequestEvent:  # fmt: skip
    """One more event of a request, with its audit entry. ChangedMeanwhile to the later of two people who act at once."""
    last = session.exec(
        select(RequestEvent.sequence)
        .where(RequestEvent.request_id == row.id)
        .order_by(col(RequestEvent.sequence).desc())
        .limit(1)
    ).first()
    event = RequestEvent(
        request_id=row.id,
        sequence=(last or 0) + 1,
        what=what,
        code=code,
        happened_on=on,
        recorded_by=by,
        recorded_at=at,
    )
    if problem := text_problem(words, "What you typed", LONGEST_EVENT):
        raise RefusedByRule(f"{problem}.", "R9")
    if words.strip():
        event.sealed = seal_json(keyring.open_key(session, row.key_id), {"words": words.strip()}, event.id.bytes)
    session.add(event)
    session.flush()
    trail.append(
        session, actor=by, act="request_event", subject_kind="request", subject_id=str(row.number), at=at,
        detail={"what": what.value, "kind": row.kind, **({"code": code} if code else {})},
    )  # fmt: skip
    return event


def move(
    session: Session,
    row: RequestRow,
    what: Event,
    *,
    on: date,
    by: str,
    at: datetime,
    code: str | None = None,
    words: str = "",
) -> None:
    """Appends an event to a request that is open. RefusedByRule when it is closed or the day cannot be; ChangedMeanwhile for the later of two."""
    today = at.astimezone(LONDON).date()
    if row.closed_at is not None:
        raise RefusedByRule("This request is closed. Open it again first.", "R8")
    if on > today:
        raise RefusedByRule("The day must be today or in the past.", "R9")
    _bump(session, row)
    append(session, row, what, on=on, by=by, at=at, code=code, words=words)


def note(session: Session, row: RequestRow, what: Event, *, on: date, by: str, at: datetime, words: str = "") -> None:
    """Appends an event to a request, open or closed. ChangedMeanwhile for the later of two people."""
    _bump(session, row)
    append(session, row, what, on=on, by=by, at=at, words=words)


def _bump(session: Session, row: RequestRow) -> None:
    """Takes the next version, so that of two who saw the same one only the first saves."""
    flag_modified(row, "sealed")
    session.add(row)
    session.flush()


def events(session: Session, row: RequestRow) -> list[Happened]:
    """What happened, in order, without what was written."""
    rows = session.exec(
        select(RequestEvent).where(RequestEvent.request_id == row.id).order_by(col(RequestEvent.sequence))
    )
    return [Happened(Event(each.what), each.happened_on, each.code) for each in rows]


def told(session: Session, row: RequestRow) -> list[Known]:
    """What happened, with what was written."""
    key = keyring.open_key(session, row.key_id)
    rows = session.exec(
        select(RequestEvent).where(RequestEvent.request_id == row.id).order_by(col(RequestEvent.sequence))
    )
    return [
        Known(
            Event(each.what), each.happened_on, each.code,
            str(unseal_json(key, each.sealed, each.id.bytes)["words"]) if each.sealed else "", each.recorded_by,
            each.recorded_at,
        )
        for each in rows
    ]  # fmt: skip


def stand(session: Session, row: RequestRow, today: date, target_days: int = TARGET_DAYS) -> Standing:
    """Where one request stands."""
    return standing(Kind(row.kind), row.received_on, events(session, row), england(), today, target_days)


def close(
    session: Session, row: RequestRow, why: Closing, *, hold_months: int, by: str, at: datetime, words: str = ""
) -> None:  # fmt: skip
    """Closes a request and ends its task. ChangedMeanwhile when somebody closed it first.

    Its hold runs `hold_months` on from today, so that the family can complain about the answer (R45). Where nothing was ever asked,
    or the person took it back, there is no answer to complain about, and the hold is lifted at once.
    """
    if row.closed_at is not None:
        raise ChangedMeanwhile(f"Request {row.number} is closed already. Look at it again.")
    row.closed_at = at
    session.add(row)
    session.flush()
    today = at.astimezone(LONDON).date()
    append(session, row, Event.CLOSED, on=today, by=by, at=at, code=why, words=words)
    for hold in holds.of_source(session, source(row)):
        if not hold.standing:
            continue
        if why in NO_ANSWER:
            holds.release(session, hold.id, why=f"Request {row.number} is closed.", by=by, at=at)
        else:
            holds.let_run_out(session, hold.id, ends_on=add_months(today, hold_months), by=by, at=at)
    tasks.let_go(session, key=_key(row), by=by, at=at)


def reopen(
    session: Session, row: RequestRow, *, by: str, at: datetime, words: str, target_days: int = TARGET_DAYS
) -> None:
    """Opens a closed request again, holds its file again and raises its task again (R8). RefusedByRule without a reason."""
    if row.closed_at is None:
        raise ChangedMeanwhile(f"Request {row.number} is open already. Look at it again.")
    if not words.strip():
        raise RefusedByRule("Say why it is opened again.", "R8")
    row.closed_at = None
    session.add(row)
    session.flush()
    today = at.astimezone(LONDON).date()
    append(session, row, Event.REOPENED, on=today, by=by, at=at, words=words)
    if any(each.what is Event.PAUSED for each in events(session, row)) and stand(session, row, today).paused_on:
        append(session, row, Event.ANSWERED, on=today, by=by, at=at)
    file = session.get(ChildFile, row.file_id) if row.file_id else None
    if file is not None:
        _freeze(session, row, file, by, at)
    _call_for(session, row, target_days, by, at)


def put_on_file(
    session: Session, row: RequestRow, file: ChildFile, person_id: UUID | None, *, by: str, at: datetime
) -> None:
    """Says whose file a request is about: what was written moves under that file's key, and the file is held. RefusedByRule when it has one."""
    if row.file_id is not None:
        raise RefusedByRule("This request belongs to a file already.", "P8")
    file = merging.files_of(session, file)[0]
    old, new = keyring.open_key(session, row.key_id), keyring.open_key(session, file.key_id)
    row.sealed = seal_json(new, unseal_json(old, row.sealed, row.id.bytes), row.id.bytes)
    for each in session.exec(select(RequestEvent).where(RequestEvent.request_id == row.id)):
        if each.sealed is not None:
            each.sealed = seal_json(new, unseal_json(old, each.sealed, each.id.bytes), each.id.bytes)
            session.add(each)
    before, row.key_id, row.file_id, row.person_id = row.key_id, file.key_id, file.id, person_id
    session.add(row)
    session.flush()
    keyring.shred(session, before)
    tasks.put_on_file(session, _key(row), file.id)
    if row.closed_at is None:
        _freeze(session, row, file, by, at)


def listed(
    session: Session,
    today: date,
    *,
    open_only: bool = True,
    file_id: UUID | None = None,
    target_days: int = TARGET_DAYS,
) -> list[Shown]:
    """Requests, those due first; closed ones newest first after them."""
    query = select(RequestRow, ChildFile).join(ChildFile, col(ChildFile.id) == RequestRow.file_id, isouter=True)
    if open_only:
        query = query.where(col(RequestRow.closed_at).is_(None))
    if file_id is not None:
        query = query.where(col(RequestRow.file_id).in_(merging.ids_of(session, file_id)))
    # Where there are more than are shown, the open ones that have waited longest must not be those left out.
    order = col(RequestRow.number).asc() if open_only else col(RequestRow.number).desc()
    rows = session.exec(query.order_by(order).limit(MOST_SHOWN)).all()
    happened = events_of(session, [row.id for row, _ in rows])
    calendar = england()
    found = [
        Shown(
            row.id, row.number, Kind(row.kind), file if row.file_id else None,
            Requester(row.requester), standing(Kind(row.kind), row.received_on, happened.get(row.id, []), calendar, today, target_days),
            Route(row.route), row.version,
        )
        for row, file in rows
    ]  # fmt: skip
    return sorted(found, key=lambda one: _order(one.standing))


def _order(found: Standing) -> tuple[bool, date]:
    return (found.state is State.CLOSED, found.due or found.target or date.max)


def events_of(session: Session, ids: Sequence[UUID]) -> Mapping[UUID, list[Happened]]:
    """What happened to many requests, in order, without what was written."""
    found: dict[UUID, list[Happened]] = {}
    rows = session.exec(
        select(RequestEvent).where(col(RequestEvent.request_id).in_(ids)).order_by(col(RequestEvent.sequence))
    )
    for each in rows:
        found.setdefault(each.request_id, []).append(Happened(Event(each.what), each.happened_on, each.code))
    return found


def open_one(session: Session, file_id: UUID, kind: Kind) -> RequestRow | None:
    """The oldest open request of this kind about this file; None when there is none."""
    ids = merging.ids_of(session, file_id)
    found = select(RequestRow).where(col(RequestRow.file_id).in_(ids), RequestRow.kind == kind)
    return session.exec(
        found.where(col(RequestRow.closed_at).is_(None)).order_by(col(RequestRow.number)).limit(1)
    ).first()


def count_open(session: Session) -> int:
    """How many are not closed."""
    return session.exec(select(func.count()).select_from(RequestRow).where(col(RequestRow.closed_at).is_(None))).one()


def count(session: Session, *, open_only: bool) -> int:
    """How many there are: of `listed`, the rest is not shown."""
    return count_open(session) if open_only else session.exec(select(func.count()).select_from(RequestRow)).one()
