"""A disc that keeps what fsync guarantees and no more: given the acts of a program, what may lie there after a power cut.

Content is safe when its file was synced. Names (made, moved, removed) are safe when a folder they touch was synced; a journal
keeps names in their order, so a power cut leaves the first so many of those that are not safe yet. Syncing a file makes no
name safe here, which is stricter than ext4.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import PurePosixPath

SECTOR = 512


@dataclass(frozen=True)
class Made:
    """A file or a folder was made, empty."""

    path: str
    folder: bool = False


@dataclass(frozen=True)
class Written:
    """Bytes at an offset; None appends."""

    path: str
    offset: int | None
    data: bytes


@dataclass(frozen=True)
class Cut:
    """The file was cut, or stretched with zeros, to a length."""

    path: str
    length: int


@dataclass(frozen=True)
class Moved:
    """A rename; what was there is replaced."""

    path: str
    to: str


@dataclass(frozen=True)
class Removed:
    """A file or an empty folder was removed."""

    path: str


@dataclass(frozen=True)
class Synced:
    """A file or a folder was synced."""

    path: str


@dataclass(frozen=True)
class Told:
    """The program told somebody that something is done: from here on it must not be lost."""

    words: str


Act = Made | Written | Cut | Moved | Removed | Synced | Told
NameAct = Made | Moved | Removed


class Left(Enum):
    """What of the acts that are not safe has reached the disc: of names, of content."""

    NOTHING = (0.0, 0.0)
    QUARTER = (0.25, 0.25)
    HALF = (0.5, 0.5)
    MOST = (0.75, 0.75)
    TORN = (1.0, 1.0)
    NAMES_ONLY = (1.0, 0.0)
    CONTENT_ONLY = (0.0, 1.0)


@dataclass
class _File:
    """`loose` are the writes and cuts since the last sync."""

    safe: bytes = b""
    loose: list[Written | Cut] = field(default_factory=list)
    length: int = 0

    def after(self, share: float) -> bytes:
        """With so much of the loose acts; with all of them, the last write is torn in the middle, at a sector's edge."""
        acts = self.loose[: int(len(self.loose) * share)]
        content = bytearray(self.safe)
        for place, act in enumerate(acts):
            torn = share == 1.0 and place == len(acts) - 1
            apply(content, act, torn=torn)
        return bytes(content)


def apply(content: bytearray, act: Written | Cut, *, torn: bool = False) -> None:
    """Writes or cuts. A torn write keeps half of its sectors; one within a sector happens or does not."""
    if isinstance(act, Cut):
        if not torn:
            content[:] = content[: act.length].ljust(act.length, b"\0")
        return
    data = act.data[: len(act.data) // 2 // SECTOR * SECTOR] if torn else act.data
    offset = len(content) if act.offset is None else act.offset
    if data:
        content.extend(bytes(max(0, offset - len(content))))
        content[offset : offset + len(data)] = data


class Disc:
    """`base`: what lay there, safely, before the program began: content by path; None for a folder."""

    def __init__(self, base: dict[str, bytes | None]) -> None:
        self._files: list[_File] = []
        self._base: dict[str, int | None] = {}
        for path, content in base.items():
            self._base[path] = None if content is None else self._new(content)
        self._now = dict(self._base)
        self._names: list[tuple[NameAct, int | None]] = []
        self._safe_names = 0

    def _new(self, content: bytes = b"") -> int:
        self._files.append(_File(content, length=len(content)))
        return len(self._files) - 1

    def do(self, act: Act) -> None:
        """One act of the program. Raises KeyError for a path that is not there: the recording is then not whole."""
        match act:
            case Made(path=path, folder=folder):
                made = None if folder else self._new()
                self._names.append((act, made))
                _rename(self._now, act, made)
            case Moved() | Removed():
                self._names.append((act, None))
                _rename(self._now, act, None)
            case Written(path=path) | Cut(path=path):
                file = self._file(path)
                if isinstance(act, Written) and act.offset is None:
                    act = Written(path, file.length, act.data)
                file.loose.append(act)
                end = act.length if isinstance(act, Cut) else (act.offset or 0) + len(act.data)
                file.length = end if isinstance(act, Cut) else max(file.length, end)
            case Synced(path=path) if self._now[path] is None:
                self._sync_names(path)
            case Synced(path=path):
                file, content = self._file(path), bytearray(self._file(path).safe)
                for loose in file.loose:
                    apply(content, loose)
                file.safe, file.loose = bytes(content), []
            case Told():
                pass

    def _file(self, path: str) -> _File:
        number = self._now[path]
        assert number is not None, "a folder is written like a file"
        return self._files[number]

    def _sync_names(self, folder: str) -> None:
        for place in range(len(self._names), self._safe_names, -1):
            if folder in _folders(self._names[place - 1][0]):
                self._safe_names = place
                return

    def after_power_cut(self, left: Left) -> dict[str, bytes | None]:
        """What lies on the disc when the power goes now: content by path; None for a folder."""
        of_names, of_content = left.value
        names = dict(self._base)
        count = self._safe_names + int((len(self._names) - self._safe_names) * of_names)
        for act, made in self._names[:count]:
            _rename(names, act, made)
        return {
            path: None if number is None else self._files[number].after(of_content) for path, number in names.items()
        }


def _folders(act: NameAct) -> Iterator[str]:
    yield str(PurePosixPath(act.path).parent)
    if isinstance(act, Moved):
        yield str(PurePosixPath(act.to).parent)


def _rename(names: dict[str, int | None], act: NameAct, made: int | None) -> None:
    match act:
        case Made(path=path):
            names[path] = made
        case Removed(path=path):
            del names[path]
        case Moved(path=path, to=to):
            inside = [each for each in names if each.startswith(f"{path}/")]
            names[to] = names.pop(path)
            for each in inside:
                names[to + each.removeprefix(path)] = names.pop(each)
