"""`DocumentSandbox`: opens an untrusted document in locked-down processes and hands back checked pages. The core's end.

Each group of pages is read by a process of its own, forked from a warm parent. What it sends is checked before use; a
process that dies, hangs or lies ends the document with a refusal, and nothing else.
"""

import os
import signal
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from forms.results import PageReading
from intake import admission
from intake.admission import Refusal, RefusalCode, Unreadable, refuse
from intake.errors import SandboxUnavailable
from intake.sandbox import checking, wire
from intake.sandbox.host import Ending, Host, HostDied, Job, deadline, sealed_memory
from intake.sandbox.limits import MEBIBYTE, Limits
from intake.sandbox.probing import Attempt

_EXIT_NOT_LOCKED = 3
_PROBE_SECONDS = 30.0
# The warm parent or the group's own process may be shot (out of memory, an administrator): each group of pages gets a second try.
_TRIES = 2
_HALF = 0.5
# A process that had this share of its memory when it died is taken to have died of it.
_FULL = 0.5
# What nothing in the document can send to its process: the system short of memory, or a person, ended it.
_FROM_OUTSIDE = frozenset({signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP})


@dataclass(frozen=True)
class PageResult:
    """One page: its rebuilt upright picture, and what was read on it.

    `width`, `height` and `dpi` are those of the picture (`preview`), whose dots are square. `crops` are PNGs by field,
    those prepared for text recognition under "ocr:<field>".
    """

    number: int
    of: int
    width: int
    height: int
    dpi: tuple[float, float] | None
    preview: bytes
    preview_type: Literal["image/png", "image/jpeg"]
    reading: PageReading
    crops: dict[str, bytes]


@dataclass(frozen=True)
class DocumentResult:
    """How a document ended. With a refusal, pages that were handed over before it are not a whole document."""

    pages: int
    refusal: Refusal | None
    digital: bool
    # The most memory that any of its processes used.
    memory_bytes: int = 0


@dataclass(frozen=True)
class ProbeResult:
    """What a locked-down process could still do."""

    attempts: tuple[Attempt, ...]

    @property
    def protected(self) -> bool:
        """Whether every attempt was stopped."""
        return bool(self.attempts) and all(one.blocked for one in self.attempts)

    @property
    def open_doors(self) -> tuple[str, ...]:
        """What was not stopped, in words."""
        return tuple(one.what for one in self.attempts if not one.blocked)


@dataclass
class Progress:
    """What is known of the document so far."""

    pages: int | None = None
    digital: bool | None = None
    done: int = 0
    unreadable: list[RefusalCode] = field(default_factory=list)
    code: RefusalCode | None = None
    memory_bytes: int = 0


class _Starved(Exception):
    """The group ran out of time by the clock, with most of its computing time unused: other programs had the machine."""


class _Shot(Exception):
    """Something outside ended the group's process, within its memory and its time: that says nothing of the document."""


class DocumentSandbox:
    """Opens documents, one at a time. A context manager; its warm parent is started in the background and lives as long."""

    def __init__(
        self,
        *,
        allow_unprotected: bool = False,
        reader: Literal["forms", "none", "copy"] = "forms",
        own_forms: Path | None = None,
        may_start: Callable[[], None] | None = None,
    ) -> None:
        """`own_forms`: the folder of the service's own templates, read when the warm parent starts. `may_start`: as `Host`."""
        self._allow_unprotected = allow_unprotected
        self._host = Host(reader, own_forms, may_start)
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self._host.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the warm parent and whatever it runs."""
        self._host.close()

    @property
    def host_pid(self) -> int | None:
        """The warm parent's process number."""
        return self._host.pid

    def read(
        self, data: bytes | memoryview, limits: Limits, on_page: Callable[[PageResult], None]
    ) -> DocumentResult:  # fmt: skip
        """Opens a document and hands over each page as soon as it is read, in order.

        Raises SandboxUnavailable when this machine cannot lock the reader in, and whatever `on_page` and `may_start` raise. Everything
        else that can happen to a document is a refusal.
        """
        view = memoryview(data).cast("B")
        admitted = admission.admit(bytes(view[: admission.HEAD_BYTES]), len(view), limits.file_bytes)
        if isinstance(admitted, Refusal):
            return DocumentResult(0, admitted, digital=False)
        with self._lock:
            descriptor = sealed_memory(view)
            try:
                return self._read(descriptor, limits, on_page)
            finally:
                os.close(descriptor)

    def probe(self, limits: Limits | None = None) -> ProbeResult:
        """Tries to break out of a locked-down process in every known way."""
        request = {
            "job": "probe", "limits": (limits or Limits()).to_json(), "cpu_seconds": 10, "allow_unprotected": True,
        }  # fmt: skip
        with self._lock, self._host.job(request, []) as job:
            return probed(job.receive(deadline(_PROBE_SECONDS), MEBIBYTE))

    def _read(self, descriptor: int, limits: Limits, on_page: Callable[[PageResult], None]) -> DocumentResult:
        progress, tries = Progress(), 0
        while progress.code is None and (progress.pages is None or progress.done < progress.pages):
            before = progress.done
            size = limits.group_pages if progress.done else limits.first_group_pages
            try:
                self._group(descriptor, limits, size, progress, on_page)
            except (HostDied, _Starved, _Shot) as error:
                # Every page that comes is kept: a reader that gets on, however slowly, is let go on.
                tries = 1 if progress.done > before else tries + 1
                if tries >= _TRIES:
                    starved = isinstance(error, _Starved)
                    progress.code = RefusalCode.TOOK_TOO_LONG if starved else RefusalCode.READER_DIED
                continue
            tries = 0
            if progress.done == before and progress.code is None:
                progress.code = RefusalCode.READER_DIED
        return DocumentResult(
            progress.pages or 0, _refusal(progress, limits), bool(progress.digital), progress.memory_bytes
        )

    def _group(
        self, descriptor: int, limits: Limits, size: int, progress: Progress, on_page: Callable[[PageResult], None]
    ) -> None:  # fmt: skip
        last = min(progress.done + size, progress.pages or limits.pages)
        request = {
            "job": "read", "limits": limits.to_json(), "first": progress.done + 1, "last": last,
            "pages": progress.pages, "digital": progress.digital, "cpu_seconds": limits.group_cpu_seconds(size),
            "allow_unprotected": self._allow_unprotected,
        }  # fmt: skip
        code: RefusalCode | None = None
        died = False
        with self._host.job(request, [descriptor]) as job:
            # From here on: that the warm parent may still be starting is no fault of the document's.
            until = deadline(limits.group_wall_seconds(size))
            try:
                hear_group(job, limits, last, until, progress, on_page)
            except wire.TooSlow:
                code = RefusalCode.TOOK_TOO_LONG
            except wire.BadMessage:
                code = RefusalCode.READER_DIED
            except wire.Ended:
                died = True
        if job.ending is not None:
            progress.memory_bytes = max(progress.memory_bytes, job.ending.memory_bytes)
        if died and job.ending is not None:
            if job.ending.exit_code == _EXIT_NOT_LOCKED:
                raise SandboxUnavailable(
                    "This system cannot lock in the reader that opens documents. It needs Linux 5.13 or newer with "
                    "Landlock and seccomp."
                )
            code = _cause(job.ending, limits)
            if code is RefusalCode.READER_DIED and job.ending.signal in _FROM_OUTSIDE:
                raise _Shot
        used = job.ending.cpu_seconds if job.ending is not None else 0.0
        if code is RefusalCode.TOOK_TOO_LONG and used < _HALF * limits.group_cpu_seconds(size):
            raise _Starved
        progress.code = progress.code or code


def hear_group(
    job: Job, limits: Limits, last: int, until: float, progress: Progress, on_page: Callable[[PageResult], None]
) -> None:  # fmt: skip
    """Takes one group's messages; everything in them is checked."""
    while True:
        message = job.receive(until, limits.result_bytes)
        header = message.header
        match header.get("kind"):
            case "opened":
                pages = checking.whole_number(header.get("pages"), 1, limits.pages)
                if progress.pages not in (None, pages) or type(header.get("digital")) is not bool:
                    raise wire.BadMessage("another page count")
                progress.pages = pages
                progress.digital = bool(header["digital"])
            case "page" if progress.pages is not None:
                page = _page(message, progress.pages, progress.done + 1, last)
                progress.done += 1
                on_page(page)
            case "unreadable" if progress.pages is not None:
                checking.whole_number(header.get("number"), progress.done + 1, min(progress.done + 1, last))
                progress.done += 1
                progress.unreadable.append(_code(header.get("code")))
            case "refused":
                progress.code = _code(header.get("code"))
                return
            case "end" if progress.pages is not None:
                return
            case _:
                raise wire.BadMessage("unexpected")


def _page(message: wire.Message, of: int, number: int, last: int) -> PageResult:
    header, parts = message.header, message.parts
    checking.whole_number(header.get("number"), number, number)
    checking.whole_number(header.get("of"), of, of)
    if number > last:
        raise wire.BadMessage("a page too many")
    names = checking.names(header.get("crops"))
    if len(parts) != len(names) + 1:
        raise wire.BadMessage("parts do not fit")
    width = checking.whole_number(header.get("width"), 1, checking.MOST_SIDE)
    height = checking.whole_number(header.get("height"), 1, checking.MOST_SIDE)
    kind = header.get("type")
    if kind not in ("image/png", "image/jpeg"):
        raise wire.BadMessage("odd picture")
    checking.picture(parts[0], kind, width, height)
    for crop in parts[1:]:
        checking.picture(crop, "image/png")
    dots = header.get("dpi")
    if not isinstance(dots, list) or len(dots) != 2:
        raise wire.BadMessage("no resolution")
    dpi = (checking.real_number(dots[0], 0.1, 5000), checking.real_number(dots[1], 0.1, 5000))
    return PageResult(
        number=number, of=of, width=width, height=height, dpi=dpi, preview=parts[0], preview_type=kind,
        reading=checking.reading(header.get("reading"), number), crops=dict(zip(names, parts[1:], strict=True)),
    )  # fmt: skip


def _code(value: object) -> RefusalCode:
    try:
        return RefusalCode(str(value))
    except ValueError as error:
        raise wire.BadMessage("odd code") from error


def _cause(ending: Ending, limits: Limits) -> RefusalCode:
    """Why a process died, as far as can be told from outside."""
    if ending.signal == signal.SIGXCPU:
        return RefusalCode.TOOK_TOO_LONG
    if ending.signal and ending.memory_bytes > _FULL * limits.memory_bytes:
        return RefusalCode.TOO_MUCH_MEMORY
    return RefusalCode.READER_DIED


def _refusal(progress: Progress, limits: Limits) -> Refusal | None:
    match progress.code:
        case None:
            pass
        case RefusalCode.TOO_MANY_PAGES:
            return refuse(progress.code, limit=limits.pages)
        case RefusalCode.TOO_BIG:
            return refuse(progress.code, limit=limits.file_bytes // MEBIBYTE)
        case _:
            return refuse(progress.code)
    if not progress.unreadable:
        return None
    pages = progress.pages or 0
    part = Unreadable(pages - len(progress.unreadable), pages)
    for code in (RefusalCode.CUT_SHORT, RefusalCode.DAMAGED):
        if code in progress.unreadable:
            return refuse(code, part)
    return refuse(progress.unreadable[0])


def lossless(data: bytes, numbers: Collection[int], limits: Limits) -> dict[int, bytes] | Refusal:
    """The pages of these numbers as lossless PNGs at their own resolution, or why they cannot be had."""
    found: dict[int, bytes] = {}

    def keep(page: PageResult) -> None:
        if page.number in numbers and "page" in page.crops:
            found[page.number] = page.crops["page"]

    with DocumentSandbox(reader="copy") as sandbox:
        result = sandbox.read(data, limits, keep)
    return result.refusal or found


def probed(message: wire.Message) -> ProbeResult:
    """What the locked-down process says of its attempts. It has seen no document, so it is believed."""
    found = message.header.get("attempts")
    if message.header.get("kind") != "probed" or not isinstance(found, list):
        return ProbeResult(())
    return ProbeResult(tuple(Attempt(str(what), blocked is True) for what, blocked in found))


def probe() -> ProbeResult:
    """Whether untrusted documents can be locked in on this machine."""
    with DocumentSandbox(reader="none") as sandbox:
        return sandbox.probe()
