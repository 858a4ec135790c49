"""Values of pypdf's objects: behind references, and of form fields what they have from the field above."""

from collections.abc import Mapping
from typing import Any

_DEEPEST = 10
"""How many fields above are asked at most: a file may name a field as its own parent."""


# Any: pypdf's objects carry no types.
def inherited(note: Mapping[str, Any], name: str) -> Any:
    """A value of a form field, or of the nearest field above that has it; None where none has."""
    for _ in range(_DEEPEST):
        if name in note:
            return resolved(note[name])
        above = resolved(note.get("/Parent"))
        if above is None:
            return None
        note = above
    return None


def resolved(value: Any) -> Any:
    """What a value refers to; itself where it refers to nothing."""
    return value.get_object() if hasattr(value, "get_object") else value
