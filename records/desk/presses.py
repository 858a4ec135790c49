"""Which press of a button a page was sent by: the page carries a key, so that the same press counts once."""

from collections.abc import Mapping
from uuid import UUID, uuid4


def press_key(sent: Mapping[str, str]) -> UUID:
    """The key that the page carried; a new one for anything odd."""
    try:
        return UUID(sent.get("key", ""))
    except ValueError:
        return uuid4()
