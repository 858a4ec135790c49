"""Signed-in browsers, kept on the server: idle and absolute ends, ended by sign-out or when the account is disabled."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from records.audit import trail
from records.clock import Clock
from records.staff.access import Actor
from records.staff.accounts import token_hash
from records.staff.tables import Account, SignInSession
from records.vocabulary import Role

ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(seconds=60)


@dataclass(frozen=True)
class SignedIn:
    """Who a browser is signed in as."""

    actor: Actor
    display_name: str
    csrf: str
    notice: str | None
    seen_long_ago: bool
    proved_at: datetime
    """When they last typed their password: at sign-in, or when they were asked again."""


@dataclass(frozen=True)
class Lapsed:
    """A session that ended by time: nobody signed out, and the account is still in use."""

    account_id: UUID
    display_name: str
    csrf: str


def begin(session: Session, account: Account, clock: Clock) -> str:
    """Signs a browser in; returns the token for its cookie."""
    token, now = secrets.token_urlsafe(32), clock.now()
    session.add(
        SignInSession(
            token_hash=token_hash(token), account_id=account.id, created_at=now, last_seen_at=now,
            csrf=secrets.token_urlsafe(24),
        )
    )  # fmt: skip
    trail.append(
        session, actor=str(account.id), act="signed_in", subject_kind="account", subject_id=str(account.id), at=now
    )
    return token


def find(session: Session, token: str, clock: Clock, idle: timedelta) -> SignedIn | None:
    """Who the cookie's token stands for; None when it ended, went idle, or the account was disabled."""
    row = session.get(SignInSession, token_hash(token))
    now = clock.now()
    if row is None or row.ended_at is not None or row.created_at + ABSOLUTE <= now or row.last_seen_at + idle <= now:
        return None
    account = session.get(Account, row.account_id)
    if account is None or account.disabled_at is not None:
        return None
    return SignedIn(
        Actor(account.id, Role(account.role)), account.display_name, row.csrf, row.notice,
        now - row.last_seen_at > SEEN_EVERY, row.proved_at or row.created_at,
    )  # fmt: skip


def lapsed(session: Session, token: str, clock: Clock, idle: timedelta) -> Lapsed | None:
    """The session that the cookie's token stood for, where it went idle or was too old; None while it lasts, and where it was ended."""
    row = session.get(SignInSession, token_hash(token))
    if row is None or row.ended_at is not None or find(session, token, clock, idle) is not None:
        return None
    account = session.get(Account, row.account_id)
    if account is None or account.disabled_at is not None:
        return None
    return Lapsed(account.id, account.display_name, row.csrf)


def issued(session: Session, account_id: UUID, csrf: str) -> bool:
    """Whether this token was given to this person's own forms, in a session that nobody ended."""
    query = select(SignInSession).where(
        SignInSession.account_id == account_id, SignInSession.csrf == csrf, col(SignInSession.ended_at).is_(None)
    )
    return bool(csrf) and session.exec(query).first() is not None


def seen(session: Session, token: str, clock: Clock, *, notice: str | None = None) -> None:
    """Keeps a session alive, and leaves or clears the line shown at the top of the next page. Never anything personal."""
    row = session.get(SignInSession, token_hash(token))
    if row is not None:
        row.last_seen_at, row.notice = clock.now(), notice
        session.add(row)


def proved(session: Session, token: str, clock: Clock) -> None:
    """They typed their password once more: for a while they may destroy and let out."""
    row = session.get(SignInSession, token_hash(token))
    if row is not None and row.ended_at is None:
        row.proved_at = clock.now()
        session.add(row)
        trail.append(
            session, actor=str(row.account_id), act="identity_proved", subject_kind="account",
            subject_id=str(row.account_id), at=clock.now(),
        )  # fmt: skip


def end(session: Session, token: str, clock: Clock) -> None:
    """Signs a browser out."""
    row = session.get(SignInSession, token_hash(token))
    if row is not None and row.ended_at is None:
        row.ended_at = clock.now()
        session.add(row)
        trail.append(
            session, actor=str(row.account_id), act="signed_out", subject_kind="account", subject_id=str(row.account_id),
            at=clock.now(),
        )  # fmt: skip
