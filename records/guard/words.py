"""What somebody typed as a reason: wanted, not too long, sealed under the key of its file."""

from uuid import UUID

from sqlmodel import Session

from records.documents import keyring
from records.documents.envelope import seal_json, unseal_json
from records.errors import RefusedByRule
from records.people.tables import ChildFile
from records.people.typed import text_problem

LONGEST = 500


def checked(why: str, rule: str) -> str:
    """The reason in one line. RefusedByRule when there is none, or too much of it."""
    why = " ".join(why.split())
    if not why:
        raise RefusedByRule("Enter the reason", rule)
    if len(why) > LONGEST:
        raise RefusedByRule(f"Use at most {LONGEST} letters for the reason", rule)
    if problem := text_problem(why, "The reason"):
        raise RefusedByRule(problem, rule)
    return why


def sealed(session: Session, file: ChildFile, why: str, bound_to: UUID) -> bytes:
    return seal_json(keyring.open_key(session, file.key_id), {"why": why}, bound_to.bytes)


def opened(session: Session, file: ChildFile, kept: bytes, bound_to: UUID) -> str:
    return str(unseal_json(keyring.open_key(session, file.key_id), kept, bound_to.bytes)["why"])
