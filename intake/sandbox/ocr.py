"""`OcrSandbox`: hands pictures to a locked-down process that may start only Tesseract. The core's end.

It is given pictures that the document sandbox rebuilt, never a document. What it answers is a suggestion: when it fails,
takes too long or dies, the crops stay for a person, and nobody is told a guess.
"""

import shutil
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from forms.recognised import OcrText
from forms.writing.places import Groups
from intake.errors import SandboxUnavailable, TesseractMissing
from intake.sandbox import checking, wire
from intake.sandbox.client import ProbeResult, probed
from intake.sandbox.host import Host, HostDied, deadline
from intake.sandbox.limits import MEBIBYTE
from intake.sandbox.scratch import scratch, wipe_leftovers
from records.documents.text.index import Word, in_lines

MOST_LINES = 40
MOST_LINE_CHARACTERS = 500
MOST_WORDS = 5000
MOST_WORD_CHARACTERS = 200
_SPARE_SECONDS = 5.0
_EXIT_NOT_LOCKED = 3
# Tesseract is a process of its own, and its libraries are mapped as programs are.
_ALLOWED = frozenset({"start a process", "make memory executable"})


class OcrSandbox:
    """Recognises text. A context manager; its warm parent is started in the background and lives as long."""

    def __init__(self, *, languages: str = "eng", allow_unprotected: bool = False, seconds: float = 30.0) -> None:
        self._languages, self._allow_unprotected, self._seconds = languages, allow_unprotected, seconds
        self._host = Host("ocr")
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        if shutil.which("tesseract") is None:
            raise TesseractMissing("Tesseract is missing. Type: apt-get install -y tesseract-ocr tesseract-ocr-eng")
        wipe_leftovers()
        self._host.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the warm parent and whatever it runs."""
        self._host.close()

    def lines(
        self, crops: Mapping[str, bytes], dates: Mapping[str, Groups] | None = None, latest: int | None = None
    ) -> dict[str, OcrText]:
        """The text of each crop that holds one line. A crop that could not be recognised is left out.

        `dates`: which of them are dates, with the places of their figures (empty where the form has none). `latest`: the year
        of receipt, after which a date is unlikely.
        """
        names = list(crops)
        found: dict[str, OcrText] = {}
        for start in range(0, len(names), MOST_LINES):
            some = names[start : start + MOST_LINES]
            answer = self._ask([crops[name] for name in some], [(dates or {}).get(name) for name in some], latest)
            rows = answer.get("lines")
            if not isinstance(rows, list) or len(rows) != len(some):
                continue
            for name, row in zip(some, rows, strict=True):
                read = _line(row)
                if read is not None:
                    found[name] = read
        return found

    def page_words(self, picture: bytes, turned: int = 0) -> list[Word] | None:
        """The words of a whole page (PNG or JPEG, rebuilt by us) and where they stand; None when it could not be recognised.

        In pixels of the picture turned clockwise by `turned` degrees, which is how it is read.
        """
        rows = self._ask([picture], None, None, turned).get("words")
        return page_words(rows) if isinstance(rows, list) else None

    def page_text(self, picture: bytes) -> str:
        """The text of a whole page, line by line; empty when none could be recognised."""
        return in_lines(self.page_words(picture) or [])

    def probe(self) -> ProbeResult:
        """Tries to break out of the locked-down process. Starting a process is allowed here: Tesseract is one."""
        request = {"job": "probe", "cpu_seconds": 10, "allow_unprotected": True}
        with self._lock, self._host.job(request, []) as job:
            found = probed(job.receive(deadline(self._seconds), MEBIBYTE))
        return ProbeResult(tuple(one for one in found.attempts if one.what not in _ALLOWED))

    def _ask(
        self, pictures: list[bytes], dates: list[Groups | None] | None, latest: int | None, turned: int = 0
    ) -> dict[str, Any]:
        """One call in a process of its own with a scratch folder of its own. Empty when it failed.

        `dates` has the places of the figures for each line that is a date; None asks for the text of a whole page.
        """
        answer: dict[str, Any] = {}
        with self._lock, scratch() as folder:
            request = {
                "job": "ocr", "folder": str(folder), "languages": self._languages, "seconds": self._seconds,
                "whole_page": dates is None, "cpu_seconds": int(self._seconds) + 10,
                "turned": turned, "allow_unprotected": self._allow_unprotected,
            }  # fmt: skip
            try:
                with self._host.job(request, []) as job:
                    try:
                        job.send({"kind": "pictures", "dates": dates, "latest": latest}, pictures)
                        answer = job.receive(deadline(self._seconds + _SPARE_SECONDS), MEBIBYTE).header
                    except (wire.TooSlow, wire.Ended, wire.BadMessage):
                        answer = {}
            except HostDied:
                return {}
        if not answer and job.ending is not None and job.ending.exit_code == _EXIT_NOT_LOCKED:
            raise SandboxUnavailable(
                "This system cannot lock text recognition in. It needs Linux 5.13 or newer with Landlock."
            )
        return answer


def _line(row: object) -> OcrText | None:
    if not isinstance(row, list) or len(row) != 3 or not isinstance(row[0], str):
        return None
    spelt = row[2]
    if spelt is not None and not isinstance(spelt, str):
        return None
    try:
        confidence = checking.real_number(row[1], 0, 1)
    except wire.BadMessage:
        return None
    return OcrText(
        printable(row[0], MOST_LINE_CHARACTERS),
        confidence,
        None if spelt is None else printable(spelt, MOST_LINE_CHARACTERS),
    )


def page_words(rows: list[object]) -> list[Word] | None:
    """The words as they came out of the sandbox, each checked; None when anything in them is not what it should be."""
    found = []
    try:
        for row in rows[:MOST_WORDS]:
            if not isinstance(row, list) or len(row) != 6 or not isinstance(row[0], str):
                return None
            numbers = [checking.whole_number(one, 0, checking.MOST_SIDE) for one in row[1:]]
            text = printable(row[0], MOST_WORD_CHARACTERS).replace("\n", " ")
            if text:
                found.append(Word(text, *numbers))
    except wire.BadMessage:
        return None
    return found


def printable(text: str, most: int) -> str:
    """Without control characters, which have no business in recognised text and much in an attack on a screen or a log."""
    return "".join(sign for sign in text[:most] if sign.isprintable() or sign == "\n").strip()
