"""What a program did to its files, from the system calls that strace saw: the acts that `disc` replays."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.faults.disc import Act, Cut, Made, Moved, Removed, Synced, Told, Written
from tests.faults.harness import run_traced

TRACED = (
    "write", "pwrite64", "fsync", "fdatasync", "rename", "unlink", "mkdir", "rmdir", "ftruncate", "openat",
    # Not replayed: a program that used them would be seen, and refused.
    "writev", "pwritev", "renameat", "renameat2", "link", "linkat", "unlinkat", "mkdirat", "copy_file_range", "sendfile",
    "truncate", "fallocate",
)  # fmt: skip
TOLD = "told"
"""A file beside the home. What is written to it was told to somebody."""
LONGEST = 1 << 26

_CALL = re.compile(r"\d+\s+(\w+)\((.*)\)\s+= (-?\d+)(?:<(.*)>)?")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_HANDLE = re.compile(r"^\d+<((?:\\x[0-9a-f]{2})*)>")


def _bytes(hexed: str) -> bytes:
    return bytes.fromhex(hexed.replace("\\x", ""))


def record(work: Callable[[], None], scratch: Path) -> list[Act]:
    """Runs `work` and returns its acts on files below `scratch`, paths relative to it. Raises AssertionError if it fails."""
    options = ["-e", "trace=" + ",".join(TRACED), "-e", "signal=none", "-xx", "-s", str(LONGEST)]
    status = run_traced(work, scratch, options)
    if status:
        raise AssertionError(f"the recorded run failed: {(scratch / 'child.log').read_text()[-2000:]}")
    lines = (scratch / "strace.log").read_text("ascii").splitlines()
    return [act for line in lines for act in _acts(line, scratch)]


def _acts(line: str, scratch: Path) -> Iterator[Act]:
    match = _CALL.match(line)
    if not match:
        if "exited with" not in line:
            raise AssertionError(f"a line that cannot be read: {line[:120]}")
        return
    name, words, result, made = match[1], match[2], int(match[3]), match[4]
    if result < 0:
        return
    texts = [_bytes(text) for text in _TEXT.findall(words)]
    handle = _HANDLE.match(words)
    paths = [_bytes(handle[1])] if handle else texts
    if name == "openat":
        paths = [_bytes(made or "")]
    inside = [path.decode("utf-8", "surrogateescape").removeprefix(f"{scratch}") for path in paths]
    if not inside or inside[0] == paths[0].decode("utf-8", "surrogateescape") or inside[0].endswith("-shm"):
        return  # elsewhere; or SQLite's shared memory, which it builds anew
    place = inside[0]
    match name:
        case "openat" if "O_CREAT" in words:
            yield Made(place)  # made, or only opened: `whole` tells them apart
            if "O_TRUNC" in words:
                yield Cut(place, 0)
        case "openat":
            if "O_TRUNC" in words:
                yield Cut(place, 0)
        case "write" if place == f"/{TOLD}":
            yield Told(texts[0].decode())
        case "write" if place.endswith(".log"):
            return
        case "write":
            yield Written(place, None, texts[0][:result])
        case "pwrite64":
            yield Written(place, int(words.rsplit(",", 1)[1]), texts[0][:result])
        case "ftruncate":
            yield Cut(place, int(words.rsplit(",", 1)[1]))
        case "fsync" | "fdatasync":
            yield Synced(place)
        case "mkdir":
            yield Made(place, folder=True)
        case "rename":
            yield Moved(place, inside[1])
        case "unlink" | "rmdir":
            yield Removed(place)
        case _:
            raise AssertionError(f"{name} is not replayed")


def whole(acts: list[Act], there: set[str]) -> list[Act]:
    """Leaves out what only opened a file that was there. `there`: paths at the beginning."""
    known, kept = set(there), []
    for act in acts:
        match act:
            case Made(path=path) if path in known:
                continue
            case Made(path=path):
                known.add(path)
            case Moved(path=path, to=to):
                known = {
                    to + each.removeprefix(path) if each == path or each.startswith(f"{path}/") else each
                    for each in known
                }
            case Removed(path=path):
                known.discard(path)
            case _:
                pass
        kept.append(act)
    return kept
