"""Referrals: logged, waiting for permission, made part of a child's file, or erased for good (N3, W28, S3, S4).

A referral that waits lies under a key of its own and in no search. Erasing shreds that key and empties the row: one line with a
number remains. Everything here works in the caller's transaction; of two people at once one wins, and the other is told.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, delete, func, select

from records import holds
from records.audit import trail
from records.cases import closing, telling
from records.cases.rules import Counts, Word, erase_on, may_refer_self, permission_counts
from records.cases.tables import Referral, ReferralPermission
from records.cases.words import Capacity, ErasedBecause, ReferralState, Route, TurnedBy
from records.clock import LONDON, time_in_words
from records.consents import changes, givers, standing
from records.consents.givers import Giver
from records.consents.items import STORE
from records.documents import keyring
from records.documents.envelope import seal_json, unseal_json
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.holds import Hold, HoldKind, many
from records.holds.kinds import in_lines
from records.people import merging, register
from records.people.birthdates import BirthDate, across
from records.people.tables import ChildFile
from records.policies.settings import Policy
from records.post import inbox
from records.staff import accounts

WAITING = (ReferralState.HOLDING, ReferralState.READY)
LONGEST_KEPT_DAYS = 186
GROUNDS = (HoldKind.REQUEST, HoldKind.COMPLAINT, HoldKind.SAFEGUARDING, HoldKind.COURT, HoldKind.POLICE_OR_INQUIRY)


@dataclass(frozen=True)
class Told:
    """What a referral says. `born` is the child's birth date as an ISO day, or empty; `decision` the officer's reason for taking a child
    who asks alone on a file that is there already."""

    child: str
    born: str
    referrer: str
    organisation: str
    contact: str
    asks: str
    decision: str = ""

    @property
    def birth(self) -> BirthDate | None:
        return BirthDate.on(date.fromisoformat(self.born)) if self.born else None


@dataclass(frozen=True)
class Permission:
    """Who said that the referral may go on, how, when and on what evidence; `decision` is the officer's reason where one decides."""

    giver: Capacity
    name: str
    route: Route
    given_on: date
    evidence: str
    storing_agreed: bool
    decision: str = ""


@dataclass(frozen=True)
class PermissionShown:
    """A permission, opened for somebody who may see it."""

    row: ReferralPermission
    name: str
    evidence: str
    decision: str


def log(
    session: Session, told: Told, capacity: Capacity, permission: Permission | None, policy: Policy, *, received_on: date,
    today: date, actor: str, at: datetime, item_id: UUID | None = None,
) -> Referral:  # fmt: skip
    """Takes a referral in. With `permission` it is of somebody for themselves (S3); without, it waits (N3).

    Raises RefusedByRule when their own word is not enough, or keeping was not agreed: then nothing is kept (N8).
    """
    if permission is not None:
        _need(may_refer_self(policy, capacity, told.birth, today), permission)
    key_id, key = keyring.make(session, at)
    row = Referral(
        number=inbox.next_number(session, "referral"), state=ReferralState.READY if permission else ReferralState.HOLDING,
        capacity=capacity, by_self=permission is not None, received_on=received_on, key_id=key_id,
        erase_on=None if permission else erase_on(today, policy.periods.referral_holding_days), item_id=item_id,
        policy_version=policy.version, recorded_by=actor, recorded_at=at, changed_by=actor, changed_at=at,
    )  # fmt: skip
    row.sealed = seal_json(key, asdict(told), row.id.bytes)
    session.add(row)
    session.flush()
    if permission is not None:
        _keep(session, row, permission, key, policy, actor, at)
    _note(session, row, "referral_logged", actor, at, capacity=capacity, by_self=row.by_self)
    return row


def log_on_file(
    session: Session, file: ChildFile, capacity: Capacity, asks: str, policy: Policy, *, received_on: date, actor: str, at: datetime,
    decision: str = "",
) -> Referral:  # fmt: skip
    """A family that already has a file asks again: a referral of their own, open at once. Raises RefusedByRule for anybody else's, and
    where an officer must decide whether the child may ask alone and no reason (`decision`) is given."""
    word = may_refer_self(policy, capacity, across(register.birth_dates(session, file)), received_on)
    if word.counts is Counts.NO or (word.counts is Counts.OFFICER_DECIDES and not decision):
        raise RefusedByRule(word.reason, word.rule)
    decision = decision if word.counts is Counts.OFFICER_DECIDES else ""
    row = Referral(
        number=inbox.next_number(session, "referral"), state=ReferralState.OPEN, capacity=capacity, by_self=True,
        received_on=received_on, file_id=file.id, policy_version=policy.version, recorded_by=actor, recorded_at=at,
        changed_by=actor, changed_at=at,
    )  # fmt: skip
    told = Told("", "", "", "", "", asks, decision)
    row.sealed = seal_json(keyring.open_key(session, file.key_id), asdict(told), row.id.bytes)
    session.add(row)
    session.flush()
    _note(
        session,
        row,
        "referral_logged",
        actor,
        at,
        capacity=capacity,
        by_self=True,
        file=str(file.id),
        decided=bool(decision),
    )
    closing.after(session, file, TurnedBy.REFERRAL, on=received_on, actor=actor, at=at)
    return row


def permit(
    session: Session, row: Referral, permission: Permission, policy: Policy, *, today: date, actor: str, at: datetime
) -> None:
    """Records permission for a referral by somebody else (S4). RefusedByRule when theirs does not count; ChangedMeanwhile
    when the referral was settled before."""
    _still(session, row, ReferralState.HOLDING, at)
    told = opened(session, row)
    _need(permission_counts(policy, permission.giver, told.birth, today), permission)
    row.state, row.erase_on, row.changed_by, row.changed_at = ReferralState.READY, None, actor, at
    session.add(row)
    session.flush()
    _keep(session, row, permission, _key(session, row), policy, actor, at)


def open_as_file(
    session: Session, row: Referral, policy: Policy, *, officer_id: UUID, actor: str, at: datetime
) -> ChildFile:
    """Makes a new child's file of a referral that is permitted, with the family's yes to keeping it (W27)."""
    _still(session, row, ReferralState.READY, at)
    told, permission = opened(session, row), permission_of(session, row)
    file = register.open_file(
        session, officer_id=officer_id, child_name=told.child, actor=actor, at=at,
        number=inbox.next_number(session, "file"),
    )  # fmt: skip
    if told.birth is not None:
        register.add_birth_date(session, file, told.birth, part_id=None, actor=actor, at=at)
    giver = next(person.id for person in register.people(session, file) if person.kind == register.CHILD)
    if permission and permission.name and permission.row.given_by in (Capacity.PARENT, Capacity.CARER):
        giver = register.add_person(
            session, file, kind=register.CARER, name=permission.name, relationship=permission.row.given_by, actor=actor, at=at
        ).id  # fmt: skip
    _move(session, row, file, actor, at)
    telling.ask(session, file, policy, actor=actor, at=at)
    if permission and permission.row.storing_agreed:
        _keep_agreed(session, row, file, permission, giver, policy, actor, at)
    return file


def attach(session: Session, row: Referral, file: ChildFile, *, actor: str, at: datetime) -> None:
    """Adds a permitted referral to a file that is there already. The caller has asked whether the person may open that file."""
    _still(session, row, ReferralState.READY, at)
    _move(session, row, file, actor, at)
    closing.after(session, file, TurnedBy.REFERRAL, on=at.astimezone(LONDON).date(), actor=actor, at=at)


def keep_longer(
    session: Session, row: Referral, ground: HoldKind, until: date, *, today: date, actor: str, at: datetime
) -> None:
    """Not erased before a day, on a ground that the law gives (R44). RefusedByRule for another ground or too far a day."""
    _still(session, row, ReferralState.HOLDING, at)
    if ground not in GROUNDS or not today < until <= erase_on(today, LONGEST_KEPT_DAYS):
        raise RefusedByRule(f"Choose a ground, and a day within {LONGEST_KEPT_DAYS} days.", "R44")
    row.kept_for, row.kept_until, row.changed_by, row.changed_at = ground, until, actor, at
    session.add(row)
    session.flush()
    _note(session, row, "referral_kept", actor, at, ground=ground, until=until.isoformat())


def erase(session: Session, row: Referral, because: ErasedBecause, *, today: date, actor: str, at: datetime) -> None:
    """Destroys what a waiting referral says: the key is shredded, the row emptied, permission and all. RefusedByRule while a hold
    stands, and when it is said to be too late before it is. Its scan: `records.retention.referral_scan`, which every act of erasing asks."""
    if row.state not in WAITING:
        raise settled(session, row, at)
    stops = what_stops(session, row, today)
    if stops:
        raise RefusedByRule(f"It is on hold. {stops[0]}", "R44")
    if because is ErasedBecause.NO_PERMISSION_IN_TIME and (row.erase_on is None or today < row.erase_on):
        raise RefusedByRule("It still has days to wait for permission.", "N3")
    if row.key_id is not None:
        keyring.shred(session, row.key_id)
    session.exec(delete(ReferralPermission).where(col(ReferralPermission.referral_id) == row.id))
    row.state, row.sealed, row.key_id, row.item_id = ReferralState.ERASED, None, None, None
    row.erased_because, row.erased_on, row.changed_by, row.changed_at = because, today, actor, at
    session.add(row)
    session.flush()
    _note(session, row, "referral_erased", actor, at, because=because)


def due(session: Session, today: date) -> list[Referral]:
    """Every referral whose days are over and that nothing holds."""
    rows = session.exec(
        select(Referral).where(Referral.state == ReferralState.HOLDING, col(Referral.erase_on) <= today).order_by(col(Referral.number))
    ).all()  # fmt: skip
    return [row for row in rows if not what_stops(session, row, today)]


def what_stops(session: Session, row: Referral, today: date) -> tuple[str, ...]:
    """What keeps a referral from being erased, in words: its own ground, and holds over its post or over everything."""
    return _stopped_by(row, holds.blocking(session, item_id=row.item_id), today)


def stops_of(session: Session, rows: Sequence[Referral], today: date) -> list[tuple[str, ...]]:
    """The same of each of these, for lists: in as many questions for fifty as for one."""
    of_items = many.of_items(session, {row.item_id for row in rows if row.item_id is not None})
    of_none = holds.blocking(session) if any(row.item_id is None for row in rows) else ()
    return [_stopped_by(row, of_items[row.item_id] if row.item_id else of_none, today) for row in rows]


def _stopped_by(row: Referral, found: Sequence[Hold], today: date) -> tuple[str, ...]:
    own: tuple[str, ...] = ()
    if row.kept_for and row.kept_until and today < row.kept_until:
        own = (f"{holds.kinds.KIND_WORDS[HoldKind(row.kept_for)]}.",)
    return own + in_lines(found)


def by_number(session: Session, number: int) -> Referral:
    """NotFound when there is none."""
    row = session.exec(select(Referral).where(Referral.number == number)).first()
    if row is None:
        raise NotFound("There is no such referral.")
    return row


def get(session: Session, referral_id: UUID) -> Referral:
    """NotFound when there is none."""
    row = session.get(Referral, referral_id)
    if row is None:
        raise NotFound("There is no such referral.")
    return row


def in_states(
    session: Session, states: Sequence[ReferralState], most: int = 200, leaving_out: int = 0
) -> Sequence[Referral]:
    """Those to be erased first at the top, then by number."""
    order = (col(Referral.erase_on).is_(None), col(Referral.erase_on), col(Referral.number))
    found = select(Referral).where(col(Referral.state).in_(states)).order_by(*order)
    return session.exec(found.limit(most).offset(leaving_out)).all()


def erased(session: Session, most: int = 20) -> Sequence[Referral]:
    """The lines that remain, newest first."""
    return session.exec(
        select(Referral).where(Referral.state == ReferralState.ERASED).order_by(col(Referral.changed_at).desc()).limit(most)
    ).all()  # fmt: skip


def count(session: Session, states: Sequence[ReferralState]) -> int:
    return session.exec(select(func.count()).select_from(Referral).where(col(Referral.state).in_(states))).one()


def of_file(session: Session, file_id: UUID) -> Sequence[Referral]:
    """The referrals of a file, newest first."""
    return session.exec(
        select(Referral)
        .where(col(Referral.file_id).in_(merging.ids_of(session, file_id)))
        .order_by(col(Referral.number).desc())
    ).all()


def opened(session: Session, row: Referral) -> Told:
    """What it says. NotFound once it was erased."""
    if row.sealed is None:
        raise NotFound("This was destroyed.")
    return Told(**unseal_json(_key(session, row), row.sealed, row.id.bytes))


def permission_of(session: Session, row: Referral) -> PermissionShown | None:
    """The permission that was recorded, if any."""
    found = session.get(ReferralPermission, row.id)
    if found is None:
        return None
    return PermissionShown(found, **unseal_json(_key(session, row), found.sealed, row.id.bytes))


def _need(word: Word, permission: Permission) -> None:
    if word.counts is Counts.NO:
        raise RefusedByRule(word.reason, word.rule)
    if word.counts is Counts.OFFICER_DECIDES and not permission.decision:
        raise RefusedByRule(word.reason, word.rule)
    if not permission.storing_agreed:
        raise RefusedByRule(
            "We may not keep this without their agreement. Log an enquiry without a name instead.", "N8"
        )


def _keep(session: Session, row: Referral, permission: Permission, key: bytes, policy: Policy, actor: str, at: datetime) -> None:  # fmt: skip
    told = {"name": permission.name, "evidence": permission.evidence, "decision": permission.decision}
    session.add(
        ReferralPermission(
            referral_id=row.id, given_by=permission.giver, route=permission.route, given_on=permission.given_on,
            storing_agreed=permission.storing_agreed, sealed=seal_json(key, told, row.id.bytes),
            policy_version=policy.version, recorded_by=actor, recorded_at=at,
        )
    )  # fmt: skip
    session.flush()
    _note(
        session, row, "referral_permitted", actor, at, given_by=permission.giver, route=permission.route,
        decided=bool(permission.decision),
    )  # fmt: skip


def _keep_agreed(
    session: Session, row: Referral, file: ChildFile, permission: PermissionShown, giver: UUID, policy: Policy, actor: str, at: datetime
) -> None:  # fmt: skip
    """The yes to keeping becomes an answer of the file like any other; a spoken one lapses by its own rule until a form comes.

    A yes on a form is read from the form itself; a service that takes no spoken yes waits for it too.
    """
    route, by = Route(permission.row.route), permission.row.given_by
    spoken = route in (Route.TELEPHONE, Route.IN_PERSON)
    if route is Route.FORM or (spoken and not policy.periods.spoken_consent_days):
        return
    family = by in (Capacity.PARENT, Capacity.CARER)
    changes.record(
        session, file,
        changes.Told(
            answers={STORE: True}, giver=Giver.PARENT_OR_CARER if family else Giver.YOUNG_PERSON, person=giver,
            route=standing.Route(route), told_on=permission.row.given_on, sent_key=row.id,
            capacity=givers.Capacity.ABLE if permission.decision and not family else None,
        ),
        actor=actor, at=at, policy=policy,
    )  # fmt: skip


def _move(session: Session, row: Referral, file: ChildFile, actor: str, at: datetime) -> None:
    """Seals the referral and its permission under the file's key and forgets its own."""
    key = keyring.open_key(session, file.key_id)
    told, permission = opened(session, row), permission_of(session, row)
    old = row.key_id
    row.sealed = seal_json(key, asdict(told), row.id.bytes)
    if permission is not None:
        said = {"name": permission.name, "evidence": permission.evidence, "decision": permission.decision}
        permission.row.sealed = seal_json(key, said, row.id.bytes)
        session.add(permission.row)
    row.file_id, row.key_id, row.state, row.erase_on = file.id, None, ReferralState.OPEN, None
    row.changed_by, row.changed_at = actor, at
    session.add(row)
    session.flush()
    if old is not None:
        keyring.shred(session, old)
    _note(session, row, "referral_opened", actor, at, file=str(file.id))


def _key(session: Session, row: Referral) -> bytes:
    """A referral's own key while it waits, its file's afterwards."""
    if row.file_id is not None:
        return keyring.open_key(session, register.get(session, row.file_id).key_id)
    if row.key_id is None:
        raise NotFound("This was destroyed.")
    return keyring.open_key(session, row.key_id)


def _still(session: Session, row: Referral, wanted: ReferralState, at: datetime) -> None:
    if row.state != wanted:
        raise settled(session, row, at)


def settled(session: Session, row: Referral, at: datetime) -> ChangedMeanwhile:
    """Who was first, when, and what it is now."""
    became = {
        ReferralState.HOLDING: "it waits for permission", ReferralState.READY: "its permission was recorded",
        ReferralState.ERASED: "it was erased",
    }.get(ReferralState(row.state), "it was put on a file")  # fmt: skip
    who = accounts.display_names(session).get(row.changed_by, "Paperchain")
    when = time_in_words(row.changed_at, at)
    return ChangedMeanwhile(f"{who} changed referral REF-{row.number} at {when}: {became}. Nothing of yours was saved.")


def _note(
    session: Session, row: Referral, act: str, actor: str, at: datetime, **detail: str | int | bool | None
) -> None:
    trail.append(
        session, actor=actor, act=act, subject_kind="referral", subject_id=str(row.id), at=at,
        detail={"number": row.number, **detail},
    )  # fmt: skip
