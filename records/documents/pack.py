"""Many small pictures in one document: the crops of a reading. Pure.

Layout: 4 bytes length of the index, the index as JSON (id → [offset, length]), then the pictures.
"""

import json
from collections.abc import Mapping

from records.errors import Damaged


def pack(pictures: Mapping[str, bytes]) -> bytes:
    index, at = {}, 0
    for name, picture in pictures.items():
        index[name] = [at, len(picture)]
        at += len(picture)
    head = json.dumps(index, separators=(",", ":")).encode()
    return len(head).to_bytes(4, "big") + head + b"".join(pictures.values())


def unpack(packed: bytes, name: str) -> bytes | None:
    """One picture, or None where there is none of that name. Raises Damaged for a broken index."""
    try:
        size = int.from_bytes(packed[:4], "big")
        index = json.loads(packed[4 : 4 + size])
        if name not in index:
            return None
        offset, length = index[name]
    except (ValueError, TypeError) as error:
        raise Damaged("The pictures of a reading are damaged.") from error
    start = 4 + size + offset
    if not 0 <= offset <= offset + length <= len(packed) - 4 - size:
        raise Damaged("The pictures of a reading are damaged.")
    return packed[start : start + length]
