"""Accounts: made by one-time links, signed in with a password, disabled. Passwords are kept as argon2 hashes only."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlmodel import Session, col, delete, func, select

from records.audit import trail
from records.clock import Clock
from records.db import keys_of
from records.errors import NotFound, RecordsError
from records.staff.tables import Account, Invitation, SignInFailure, SignInSession
from records.vocabulary import Role

LINK_HOURS = 72
LAST = "Nobody would be left who can make accounts: your own was disabled meanwhile. Ask whoever did that"
SHORTEST_PASSWORD = 12
WRONG_GUESSES = 10
LOCK_MINUTES = 5

# Beginnings of the passwords that are guessed first; long ones only, since short ones are refused anyway.
_GUESSED = (
    "password", "passw0rd", "123456789012", "qwertyuiop", "letmein", "welcome", "iloveyou", "administrator", "paperchain",
    "changeme", "sunshine", "liverpool", "westminster", "northampton", "information", "abcdefghijkl", "1q2w3e4r5t6y",
)  # fmt: skip


class NotGoodEnough(RecordsError):
    """What was typed for an account cannot be used; the message says what to do."""


class Locked(RecordsError):
    """Too many wrong guesses."""


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _dummy_hash() -> str:
    """Checked for a name that does not exist, so that the answer takes as long."""
    return _hasher().hash(secrets.token_hex(16))


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def has_manager(session: Session) -> bool:
    """Whether anybody can manage accounts."""
    return _has(session, Role.MANAGER)


def has_officer(session: Session) -> bool:
    """Whether anybody can confirm forms."""
    return _has(session, Role.OFFICER)


def _has(session: Session, role: Role) -> bool:
    found = select(Account.id).where(Account.role == role, col(Account.disabled_at).is_(None)).limit(1)
    return session.exec(found).first() is not None


def invite(session: Session, role: Role, clock: Clock, made_by: str = trail.SYSTEM) -> str:
    """A one-time link's token for somebody new. While there is no manager, earlier unused links stop working."""
    now = clock.now()
    if not has_manager(session):
        for old in session.exec(select(Invitation).where(col(Invitation.used_at).is_(None))):
            session.delete(old)
    token = secrets.token_urlsafe(24)
    session.add(
        Invitation(
            token_hash=token_hash(token), role=role, made_by=made_by, created_at=now,
            expires_at=now + timedelta(hours=LINK_HOURS),
        )
    )  # fmt: skip
    trail.append(session, actor=made_by, act="account_invited", subject_kind="role", subject_id=role, at=now)
    return token


def invitation(session: Session, token: str, clock: Clock) -> Invitation:
    """The open invitation of a link. Raises NotFound when it was used, is too old, or never was."""
    found = session.get(Invitation, token_hash(token))
    if found is None or found.used_at is not None or found.expires_at <= clock.now():
        raise NotFound("This link does not work any more. Ask your manager for a new one.")
    return found


def accept(
    session: Session, token: str, *, sign_in_name: str, display_name: str, password: str, clock: Clock
) -> Account:
    """Makes the account of an invitation. Raises NotGoodEnough with what to do, or NotFound."""
    found = invitation(session, token, clock)
    name, shown = sign_in_name.strip().casefold(), " ".join(display_name.split())
    if not re.fullmatch(r"[a-z0-9][a-z0-9._@-]{1,60}", name):
        raise NotGoodEnough("Sign-in name must be 2 to 61 letters, figures, dots or dashes")
    if not shown or len(shown) > 80 or not shown.isprintable():
        raise NotGoodEnough("Enter your name, in up to 80 letters")
    check_password(password, name)
    if session.exec(select(Account).where(Account.sign_in_name == name)).first() is not None:
        raise NotGoodEnough("That sign-in name is taken. Choose another")
    now = clock.now()
    found.used_at = now
    account = Account(
        sign_in_name=name, display_name=shown, role=found.role, password_hash=_hasher().hash(password), created_at=now
    )
    session.add(account)
    session.flush()
    trail.append(
        session, actor=str(account.id), act="account_made", subject_kind="account", subject_id=str(account.id), at=now,
        detail={"role": found.role},
    )  # fmt: skip
    return account


def check_password(password: str, sign_in_name: str) -> None:
    """Raises NotGoodEnough for a password that is short or among the first guesses."""
    if len(password) < SHORTEST_PASSWORD:
        raise NotGoodEnough(f"Password must have {SHORTEST_PASSWORD} characters or more")
    if len(password) > 200:
        raise NotGoodEnough("Password must have 200 characters or fewer")
    folded = password.casefold()
    if folded.startswith(_GUESSED) or sign_in_name in folded or len(set(folded)) < 5:
        raise NotGoodEnough("Password is too easy to guess. Use three or more unrelated words")


@dataclass(frozen=True, repr=False)
class Guess:
    """One try to sign in. It is counted as wrong before it is checked, so that tries side by side cannot pass the limit."""

    failure_id: UUID
    account_id: UUID | None
    password_hash: str


def count_guess(session: Session, sign_in_name: str, clock: Clock) -> Guess:
    """Counts a try. Raises Locked after ten wrong ones in five minutes.

    Commit before `is_right`: that takes a fifth of a second, in which the one writer must not be held up.
    """
    now, name = clock.now(), sign_in_name.strip().casefold()
    key = hmac.new(keys_of(session).search, b"sign-in" + name.encode("utf-8", "replace"), hashlib.sha256).digest()
    session.exec(delete(SignInFailure).where(col(SignInFailure.at) <= now - timedelta(minutes=LOCK_MINUTES)))
    recent = select(func.count()).select_from(SignInFailure).where(SignInFailure.name_hash == key)
    if session.exec(recent).one() >= WRONG_GUESSES:
        raise Locked("There were too many wrong tries. Wait five minutes, then try again.")
    failure = SignInFailure(name_hash=key, at=now)
    session.add(failure)
    account = session.exec(select(Account).where(Account.sign_in_name == name)).first()
    return Guess(
        failure.id, account.id if account is not None else None,
        account.password_hash if account is not None else _dummy_hash(),
    )  # fmt: skip


def is_right(guess: Guess, password: str) -> bool:
    """Whether the password fits; takes as long for a name that does not exist."""
    try:
        _hasher().verify(guess.password_hash, password)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False
    return guess.account_id is not None


def settle_guess(session: Session, guess: Guess, *, right: bool, clock: Clock) -> Account | None:
    """The account to sign in, whose try is then no longer counted; None when the guess was wrong or the account is disabled."""
    account = session.get(Account, guess.account_id) if right and guess.account_id is not None else None
    if account is None or account.disabled_at is not None:
        trail.append(
            session, actor=trail.SYSTEM, act="sign_in_refused", subject_kind="account", subject_id="-", at=clock.now()
        )
        return None
    session.exec(delete(SignInFailure).where(col(SignInFailure.id) == guess.failure_id))
    return account


def sign_in_name(session: Session, account_id: UUID) -> str:
    """The name under which somebody signs in, for when they prove once more that it is they."""
    return session.get_one(Account, account_id).sign_in_name


def everybody(session: Session) -> list[Account]:
    return list(session.exec(select(Account).order_by(col(Account.display_name))).all())


def colleagues(session: Session, account_id: UUID) -> list[Account]:
    """Who works here besides somebody: the accounts from which a second person is chosen."""
    return [each for each in everybody(session) if each.disabled_at is None and each.id != account_id]


def display_names(session: Session) -> dict[str, str]:
    """Names of the staff by account id, for pages."""
    return {str(account.id): account.display_name for account in everybody(session)}


def to_disable(session: Session, account_id: UUID, *, actor: UUID) -> Account:
    """The account that may be ended. Raises NotFound where it is not there or has ended already, NotGoodEnough for one's own."""
    account = session.get(Account, account_id)
    if account is None or account.disabled_at is not None:
        raise NotFound("There is no such account.")
    if account_id == actor:
        raise NotGoodEnough("You cannot disable your own account. Ask another manager")
    return account


def unused_links(session: Session, account_id: UUID, clock: Clock) -> int:
    """How many links that somebody made for others can still be followed."""
    still = select(func.count()).select_from(Invitation).where(Invitation.made_by == str(account_id))
    return session.exec(still.where(col(Invitation.used_at).is_(None), Invitation.expires_at > clock.now())).one()


def disable(session: Session, account_id: UUID, *, actor: UUID, clock: Clock) -> None:
    """Ends an account at once, with every session and unused link of it. Raises as `to_disable` does, and NotGoodEnough for the last manager's:
    two who end one another's at the same moment would leave nobody who can make accounts."""
    account = to_disable(session, account_id, actor=actor)
    now = clock.now()
    account.disabled_at, account.changed_by, account.changed_at = now, str(actor), now
    for signed_in in session.exec(select(SignInSession).where(SignInSession.account_id == account_id)):
        signed_in.ended_at = now
    # A link made beforehand would let somebody who was shut out back in.
    session.exec(
        delete(Invitation).where(col(Invitation.made_by) == str(account_id), col(Invitation.used_at).is_(None))
    )
    trail.append(
        session, actor=str(actor), act="account_disabled", subject_kind="account", subject_id=str(account_id), at=now
    )
    # There is one writer at a time, so the second of two sees what the first did.
    if account.role == Role.MANAGER and not has_manager(session):
        raise NotGoodEnough(LAST)
