"""Has this file stopped growing? Stillness, a writer's hand on it, and whether it is written to its end.

Three signs, because each alone has been seen to fail: scanners reopen a file for every page, a pause in the network looks
like the end, and some systems cannot tell who writes. An unfinished file is given longer; when it has been still for that
long it is let through, so that the sandbox can say what is wrong with it. Nothing waits for ever.
"""

import contextlib
import errno
import fcntl
import signal
import struct
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

ReadAt = Callable[[int, int], bytes]
"""`read_at(offset, length)`: those bytes of the file, fewer at its end."""

HEAD_BYTES = 4096
TAIL_BYTES = 4096
# More frames than any document that is taken in, and a bound on what a looping chain can cost.
MOST_FRAMES = 4000
MOST_ENTRIES = 1024
MOST_STRIPS = 200_000


def looks_finished(head: bytes, tail: bytes, size: int, read_at: ReadAt) -> bool:
    """Whether the file is written to its end, by its structure alone: cheap, bounded, and no judge of its content.

    `head` and `tail` are its first HEAD_BYTES and last TAIL_BYTES. Kinds that we do not know are finished.
    """
    if size == 0:
        return False
    if not head.strip(b"\0"):
        # A file that was given its length before its content.
        return False
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return b"IEND\xaeB`\x82" in tail
    if head.startswith(b"\xff\xd8\xff"):
        return b"\xff\xd9" in tail
    if head.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
        return _tiff_is_whole(size, read_at)
    if b"%PDF-" in head[: 1024 + 5]:
        return pdf_is_whole(head, tail, size)
    return True


def pdf_is_whole(head: bytes, tail: bytes, size: int) -> bool:
    """Whether a PDF reaches its end: a cross-reference that lies inside the file, announced in its last bytes."""
    declared = _linearised_length(head)
    if declared is not None and declared > size:
        return False
    end = tail.rstrip(b"\0\r\n\t \x1a")
    at = end.rfind(b"startxref")
    if at < 0:
        return False
    words = end[at + len(b"startxref") :].split(maxsplit=1)
    if not words or not words[0].isdigit() or len(words[0]) > 12:
        return False
    # Without the end mark the last digits of the number may be missing too.
    return b"%%EOF" in end[at:] and int(words[0]) < size


def _linearised_length(head: bytes) -> int | None:
    """The length that a PDF "for fast web view" states at its start."""
    at = head[:1024].find(b"/Linearized")
    if at < 0:
        return None
    words = head[at : at + 400].split(b"/L ", maxsplit=1)
    digits = words[1].split(maxsplit=1)[0].split(b"/")[0].rstrip(b">") if len(words) == 2 and words[1].split() else b""
    return int(digits) if digits.isdigit() and len(digits) <= 12 else None


@dataclass(frozen=True)
class _Layout:
    """Field widths of a TIFF, ordinary or big."""

    order: str
    count: str
    count_size: int
    entry_size: int
    offset: str
    offset_size: int


def _tiff_is_whole(size: int, read_at: ReadAt) -> bool:
    """Walks the chain of pages; every strip or tile must lie inside the file. A broken chain is unfinished."""
    head = read_at(0, 16)
    order = "<" if head[:2] == b"II" else ">"
    big = head[2:4] in (b"+\0", b"\0+")
    layout = _Layout(order, "Q", 8, 20, "Q", 8) if big else _Layout(order, "H", 2, 12, "I", 4)
    try:
        (following,) = struct.unpack_from(order + layout.offset, head, 8 if big else 4)
        seen: set[int] = set()
        while following:
            if following in seen or len(seen) >= MOST_FRAMES:
                # A loop is damage, not growth: it is for the reader to refuse.
                return True
            seen.add(following)
            following = _frame(following, size, read_at, layout)
    except (struct.error, _Outside):
        return False
    return bool(seen)


class _Outside(Exception):
    """Something lies beyond the end of the file."""


def _frame(at: int, size: int, read_at: ReadAt, layout: _Layout) -> int:
    """Checks one page's directory and says where the next begins."""
    (entries,) = struct.unpack(layout.order + layout.count, read_at(at, layout.count_size))
    body = read_at(at + layout.count_size, min(entries, MOST_ENTRIES) * layout.entry_size)
    places: dict[int, tuple[int, ...]] = {}
    for start in range(0, len(body) - layout.entry_size + 1, layout.entry_size):
        (tag,) = struct.unpack_from(layout.order + "H", body, start)
        _inside(tag, body[start : start + layout.entry_size], size, layout)
        if tag in (273, 279, 324, 325):
            places[tag] = _numbers(body[start : start + layout.entry_size], size, read_at, layout)
    for offsets, lengths in ((273, 279), (324, 325)):
        for offset, length in zip(places.get(offsets, ()), places.get(lengths, ()), strict=False):
            if offset + length > size:
                raise _Outside
    end = at + layout.count_size + entries * layout.entry_size
    (following,) = struct.unpack(layout.order + layout.offset, read_at(end, layout.offset_size))
    return int(following)


_TYPE_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
# Tags from here on are private to the program that wrote them, and are often left wrong by the next.
_PRIVATE = 32768


def _inside(tag: int, entry: bytes, size: int, layout: _Layout) -> None:
    """What a directory entry points at must lie inside the file."""
    (kind,) = struct.unpack_from(layout.order + "H", entry, 2)
    (count,) = struct.unpack_from(layout.order + layout.offset, entry, 4)
    length = _TYPE_SIZES.get(kind, 0) * count
    if tag < _PRIVATE and length > layout.offset_size:
        (offset,) = struct.unpack_from(layout.order + layout.offset, entry, 4 + layout.offset_size)
        if offset + length > size:
            raise _Outside


def _numbers(entry: bytes, size: int, read_at: ReadAt, layout: _Layout) -> tuple[int, ...]:
    """The values of one directory entry: in place when they fit, else where it points."""
    (kind,) = struct.unpack_from(layout.order + "H", entry, 2)
    (count,) = struct.unpack_from(layout.order + layout.offset, entry, 4)
    code = {3: "H", 4: "I", 13: "I", 16: "Q"}.get(kind)
    if code is None:
        return ()
    count = min(count, MOST_STRIPS)
    length = struct.calcsize(code) * count
    at = 4 + layout.offset_size
    if length <= layout.offset_size:
        return struct.unpack_from(f"{layout.order}{count}{code}", entry, at)
    (offset,) = struct.unpack_from(layout.order + layout.offset, entry, at)
    if offset + length > size:
        raise _Outside
    return struct.unpack(f"{layout.order}{count}{code}", read_at(offset, length))


@dataclass(frozen=True)
class Seen:
    """What one look at a file showed. `at` is a monotonic time in seconds."""

    size: int
    mtime_ns: int
    inode: int
    at: float


class Readiness(StrEnum):
    """Whether a file may be taken now."""

    READY = "ready"
    WAIT = "wait"


@dataclass(frozen=True)
class Verdict:
    """What to do with the file, since when it has been still, and why in words."""

    readiness: Readiness
    still_since: float
    reason: str


@dataclass(frozen=True)
class Watched:
    """The look before: what was seen then, and since when it had been so."""

    seen: Seen
    still_since: float


def observe(
    previous: Watched | None,
    now: Seen,
    *,
    finished: bool,
    writer: bool | None,
    still_seconds: float,
    unfinished_seconds: float,
) -> Verdict:
    """Ready when still long enough, held by no writer, and written to its end.

    `writer` is None where the system cannot tell. A file without its end is ready, to be stopped with a reason, once it
    has been still for `unfinished_seconds`. A writer that holds the file always makes it wait.
    """
    same = previous is not None and _unchanged(previous.seen, now)
    since = previous.still_since if previous is not None and same else now.at
    still = now.at - since
    if writer:
        return Verdict(Readiness.WAIT, since, "another program is still writing it")
    if still < still_seconds:
        return Verdict(Readiness.WAIT, since, "it changed a moment ago")
    if not finished and still < unfinished_seconds:
        return Verdict(Readiness.WAIT, since, "its end is missing, so it may still be arriving")
    return Verdict(Readiness.READY, since, "it is still" if finished else "it is still, and its end is missing")


def _unchanged(before: Seen, now: Seen) -> bool:
    return (before.size, before.mtime_ns, before.inode) == (now.size, now.mtime_ns, now.inode)


def has_writer(fd: int) -> bool | None:
    """Whether any program has the file open for writing; None where the system cannot tell.

    Asks for a read lease, which Linux refuses while there is a writer, and gives it back at once. `fd` must be open for
    reading only. While the lease is held, someone who opens the file to write would have us sent SIGIO, which ends a
    process that does not expect it: SIGURG is asked for instead, which is ignored unless somebody wants it.
    """
    with contextlib.suppress(OSError):
        fcntl.fcntl(fd, fcntl.F_SETSIG, signal.SIGURG)
        try:
            fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        except OSError as error:
            # EAGAIN is the answer "somebody writes"; anything else means leases do not work here (a network disc,
            # another owner's file).
            return True if error.errno == errno.EAGAIN else None
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        return False
    return None
