"""The files of one child: a note, an action or a referral may lie on any of those that were joined, and stays sealed under its own."""

from uuid import UUID

from sqlmodel import Session

from records.documents import keyring
from records.people import register
from records.people.tables import ChildFile


def keys_of(session: Session, file: ChildFile) -> dict[UUID, bytes]:
    """The key of each file of this child, by the file's id. A file that was never joined: its own alone."""
    return {each.id: keyring.open_key(session, each.key_id) for each in register.all_of(session, file)}
