"""The register of breaches and losses (R71): recorded by anybody, judged and closed by the manager. Everything is logged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, case, col, func, select

from records import tasks
from records.audit import trail
from records.clock import LONDON
from records.documents import keyring
from records.documents.envelope import seal_json, unseal_json
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.holds import register as holds
from records.holds.kinds import HoldKind, Scope
from records.people.tables import ChildFile
from records.people.typed import text_problem
from records.post.inbox import next_number
from records.requests.breach import IncidentKind, Risk, cannot_close, report_by
from records.requests.tables import Incident, IncidentEvent

LONGEST = 2000
GONE = "What was written about it was destroyed with the file that it was about."


@dataclass(frozen=True)
class Line:
    """One thing done about an incident."""

    what: str
    words: str
    code: str | None
    at: datetime
    by: str


def record(
    session: Session, *, kind: IncidentKind, words: str, aware_at: datetime, by: str, at: datetime,
    happened_on: date | None = None, file: ChildFile | None = None, original_id: UUID | None = None, source: str | None = None,
    about: str = "",
) -> Incident:  # fmt: skip
    """Records an incident and raises its task, which `about` tells apart by a number. The same `source` twice is one incident. RefusedByRule, in words."""
    if source is not None:
        before = session.exec(select(Incident).where(Incident.source == source)).first()
        if before is not None:
            return before
    if not words.strip():
        raise RefusedByRule("Say what happened.", "R71")
    if len(words) > LONGEST:
        raise RefusedByRule(f"Say what happened in at most {LONGEST} letters.", "R71")
    if problem := text_problem(words, "What happened"):
        raise RefusedByRule(f"{problem}.", "R71")
    if aware_at > at:
        raise RefusedByRule("The moment when we knew must be in the past.", "R71")
    key_id = keyring.make(session, at)[0]
    row = Incident(
        number=next_number(session, "incident"), kind=IncidentKind(kind), file_id=file.id if file is not None else None,
        original_id=original_id, source=source, key_id=key_id, sealed=b"", happened_on=happened_on, aware_at=aware_at,
        recorded_by=by, recorded_at=at,
    )  # fmt: skip
    row.sealed = seal_json(keyring.open_key(session, key_id), {"words": words.strip()}, row.id.bytes)
    session.add(row)
    session.flush()
    _note(session, row, "recorded", by, at)
    if file is not None:  # what is looked into is not destroyed meanwhile (R44)
        holds.place(
            session, kind=HoldKind.COMPLAINT, scope=Scope.FILE, subject_id=file.id, authority="Paperchain", by=by, at=at,
            reason=f"Incident {row.number} is open.", source=_source(row), reference=str(row.number),
        )  # fmt: skip
    tasks.raise_task(
        session, kind="incident", file_id=None, due=report_by(aware_at).astimezone(LONDON).date(), for_officer=None,
        words=f"Incident {row.number}{about}: judge the risk, and tell the regulator within 72 hours if there is one.",
        raised_by=by, at=at, key=f"incident:{row.id}",
    )  # fmt: skip
    return row


def get(session: Session, number: int, version: int | None = None) -> Incident:
    """One incident. NotFound; ChangedMeanwhile when somebody saved since that version was shown."""
    row = session.exec(select(Incident).where(Incident.number == number)).first()
    if row is None:
        raise NotFound("There is no such incident.")
    if version is not None and row.version != version:
        raise ChangedMeanwhile(
            "Somebody else changed this incident first. Nothing of yours was saved; look at it again."
        )
    return row


def again(session: Session, row: Incident, words: str, *, by: str, at: datetime) -> None:
    """More came to light about the same thing, such as that a missing paper is lost."""
    _open(row)
    _save(session, row, "more_known", by, at, words=words)


def judge(session: Session, row: Incident, risk: Risk, words: str, *, by: str, at: datetime) -> None:
    """How likely a risk to people is, and why. It may be judged again."""
    _open(row)
    if not words.strip():
        raise RefusedByRule("Say why you judge it so.", "R71")
    row.risk = Risk(risk)
    _save(session, row, "judged", by, at, code=row.risk, words=words)


def told_regulator(session: Session, row: Incident, when: datetime, reference: str, *, by: str, at: datetime) -> None:
    """When the regulator was told, and its reference."""
    _open(row)
    if row.told_regulator_at is not None:
        raise RefusedByRule("It is recorded already that the regulator was told.", "R71")
    if not row.aware_at <= when <= at:
        raise RefusedByRule("The regulator cannot have been told before we knew, or in the future.", "R71")
    row.told_regulator_at = when
    _save(session, row, "told_regulator", by, at, words=reference, when=when)


def told_people(session: Session, row: Incident, words: str, *, by: str, at: datetime) -> None:
    """That the people concerned were told, and how."""
    _open(row)
    if not words.strip():
        raise RefusedByRule("Say who was told, and how.", "R71")
    _save(session, row, "told_people", by, at, words=words)


def close(session: Session, row: Incident, lessons: str, *, by: str, at: datetime) -> None:
    """Closes an incident. It stays in the list for good. RefusedByRule while something is missing."""
    _open(row)
    people = any(line.what == "told_people" for line in lines(session, row))
    wrong = cannot_close(Risk(row.risk) if row.risk else None, row.told_regulator_at, people, lessons)
    if wrong:
        raise RefusedByRule(wrong, "R71")
    row.closed_at = at
    _save(session, row, "closed", by, at, words=lessons)
    tasks.let_go(session, key=f"incident:{row.id}", by=by, at=at)
    for hold in holds.of_source(session, _source(row)):
        if hold.standing:
            holds.release(session, hold.id, why=f"Incident {row.number} is closed.", by=by, at=at)


def _source(row: Incident) -> str:
    """What its hold is known by."""
    return f"incident:{row.id}"


def words_of(session: Session, row: Incident) -> str:
    """What happened, as written; that it is gone, once the file that it was about was destroyed."""
    if not row.sealed:
        return GONE
    return str(unseal_json(keyring.open_key(session, row.key_id), row.sealed, row.id.bytes)["words"])


def lines(session: Session, row: Incident) -> list[Line]:
    """What was done about it, in order."""
    key = keyring.open_key(session, row.key_id) if row.sealed else b""
    rows = session.exec(
        select(IncidentEvent).where(IncidentEvent.incident_id == row.id).order_by(col(IncidentEvent.sequence))
    )
    return [
        Line(
            each.what, str(unseal_json(key, each.sealed, each.id.bytes)["words"]) if each.sealed else "", each.code,
            each.happened_at, each.recorded_by,
        )
        for each in rows
    ]  # fmt: skip


def listed(session: Session, limit: int, leaving_out: int = 0) -> Sequence[Incident]:
    """Open ones first, those known longest before the others; then closed ones, newest first. So many of them."""
    still = col(Incident.closed_at).is_(None)
    known = case((still, col(Incident.aware_at)), else_=None)
    return session.exec(
        select(Incident)
        .order_by(case((still, 0), else_=1), known, col(Incident.aware_at).desc(), col(Incident.number))
        .offset(leaving_out)
        .limit(limit)
    ).all()


def count(session: Session) -> int:
    """How many there are."""
    return session.exec(select(func.count()).select_from(Incident)).one()


def count_open(session: Session) -> int:
    """How many are not closed."""
    return session.exec(select(func.count()).select_from(Incident).where(col(Incident.closed_at).is_(None))).one()


def _open(row: Incident) -> None:
    if row.closed_at is not None:
        raise RefusedByRule("This incident is closed.", "R71")


def _save(
    session: Session, row: Incident, what: str, by: str, at: datetime, *, code: str | None = None, words: str = "",
    when: datetime | None = None,
) -> None:  # fmt: skip
    count = select(func.count()).select_from(IncidentEvent).where(IncidentEvent.incident_id == row.id)
    event = IncidentEvent(
        incident_id=row.id,
        sequence=session.exec(count).one() + 1,
        what=what,
        code=code,
        happened_at=when or at,
        recorded_by=by,
        recorded_at=at,
    )
    if problem := text_problem(words, "What you typed", LONGEST):
        raise RefusedByRule(f"{problem}.", "R71")
    if words.strip() and row.sealed:  # once its file was destroyed nothing is written about it any more, only done
        key = keyring.open_key(session, row.key_id)
        event.sealed = seal_json(key, {"words": words.strip()}, event.id.bytes)
    session.add(event)
    # So that of two people who saw the same version only the first saves.
    flag_modified(row, "sealed")
    session.add(row)
    session.flush()
    _note(session, row, what, by, at)


def _note(session: Session, row: Incident, what: str, by: str, at: datetime) -> None:
    trail.append(
        session, actor=by, act="incident_event", subject_kind="incident", subject_id=str(row.number), at=at,
        detail={"what": what, "kind": row.kind},
    )  # fmt: skip
