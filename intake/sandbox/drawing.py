"""`draw_page`: draws what was read on a page's picture, in a locked-down process of its own.

A page's picture comes from an untrusted document, so the core does not decode it. Both ends stand here: the core's end, which
imports no image library, and the child, which locks itself in before it looks at anything.
"""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from forms.results import FieldReading, PageKind, PageReading
from intake.errors import SandboxUnavailable
from intake.sandbox import checking, lockdown, probing, syscalls, wire
from intake.sandbox.limits import MEBIBYTE

_ROOT = Path(__file__).resolve().parent.parent.parent
_SECONDS, _MOST_BYTES = 60, 128 * MEBIBYTE
_LIMITS = lockdown.Rlimits(memory_bytes=1200 * MEBIBYTE, cpu_seconds=_SECONDS, file_bytes=0, open_files=64, processes=0)
_EXIT_NOT_LOCKED = 3
_UNPROTECTED = "unprotected"


class NotDrawn(Exception):
    """The picture could not be drawn on; the reading stands without it."""


def draw_page(
    picture: bytes, reading: PageReading, stretch: tuple[float, float] = (1.0, 1.0), *, allow_unprotected: bool = False
) -> bytes:  # fmt: skip
    """The page turned upright as a PNG, with every field outlined and its value beside it.

    `picture`: the page as it was scanned, a PNG of the size that the reading's placement is meant for; `stretch` as in
    `forms.overlay.draw`. Raises NotDrawn, and SandboxUnavailable where the drawing process cannot be locked in.
    """
    header = {"reading": reading.to_json(), "stretch": list(stretch)}
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            process = start(theirs, allow_unprotected=allow_unprotected)
        try:
            for piece in wire.pack_message(header, [picture]):
                ours.sendall(piece)
            (drawn,) = wire.receive(ours, time.monotonic() + _SECONDS, _MOST_BYTES).parts
            checking.picture(drawn, "image/png")
            return drawn
        except (OSError, ValueError, wire.Ended, wire.TooSlow, wire.BadMessage):
            process.kill()
            if process.wait() == _EXIT_NOT_LOCKED:
                raise SandboxUnavailable("This system cannot lock in the process that draws on pages.") from None
            raise NotDrawn("The page could not be drawn on.") from None
        finally:
            process.kill()
            process.wait()


def start(answers: socket.socket, *, allow_unprotected: bool) -> "subprocess.Popen[bytes]":
    """The child, which takes its picture from this socket."""
    places = dict.fromkeys([str(_ROOT), *filter(os.path.isabs, sys.path)])
    words = [sys.executable, "-P", "-m", "intake.sandbox.drawing", str(answers.fileno())]
    return subprocess.Popen(
        [*words, _UNPROTECTED] if allow_unprotected else words, pass_fds=[answers.fileno()], stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/",
        env={"PATH": os.defpath, "PYTHONPATH": os.pathsep.join(places), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip


def main(arguments: list[str]) -> int:
    """The child: takes one picture and one reading, sends one picture. Returns the exit code."""
    # What the drawing needs late is loaded now: a locked-in process opens no file.
    import cv2
    import numpy as np

    from forms.overlay import draw
    from forms.template import Kind

    cv2.setNumThreads(1)
    example = FieldReading("x", Kind.TICK, "yes", False, 1.0, None, 1, (20.0, 20.0, 30.0, 30.0), 1)
    whole = PageReading(1, PageKind.FORM, placement=(1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0), fields=(example,))
    first = draw(np.full((90, 90), 255, np.uint8), whole, (1.0, 2.0))
    cv2.imdecode(np.frombuffer(first, np.uint8), cv2.IMREAD_COLOR)
    answers = socket.socket(fileno=int(arguments[0]))
    try:
        _lock_in(allow_unprotected=_UNPROTECTED in arguments)
    except lockdown.NotLocked:
        return _EXIT_NOT_LOCKED
    message = wire.receive(answers, time.monotonic() + _SECONDS, _MOST_BYTES)
    decoded = cv2.imdecode(np.frombuffer(message.parts[0], np.uint8), cv2.IMREAD_COLOR)
    if decoded is None:
        return 1
    pixels = np.asarray(cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB), np.uint8)
    across, down = message.header["stretch"]
    drawn = draw(pixels, PageReading.from_json(message.header["reading"]), (across, down))
    for piece in wire.pack_message({}, [drawn]):
        answers.sendall(piece)
    return 0


def _lock_in(*, allow_unprotected: bool) -> None:
    lockdown.drop_root()
    probing.ignore_size_signal()
    lockdown.set_rlimits(_LIMITS)
    lockdown.forbid_privileges()
    with lockdown.lenient(allow=allow_unprotected):
        lockdown.restrict_files([])
    with lockdown.lenient(allow=allow_unprotected):
        lockdown.restrict_syscalls(syscalls.READER, executable_memory=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
