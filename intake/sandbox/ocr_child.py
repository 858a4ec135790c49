"""Text recognition, locked in: lines by our own models, whole pages by Tesseract, the one program that it may start."""

import contextlib
import io
import os
import re
import shutil
import socket
import struct
import tempfile
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intake.sandbox import lockdown, syscalls
from intake.sandbox.wire import pack_message, receive

if TYPE_CHECKING:
    from PIL.Image import Image

    from forms.writing.places import Groups

MOST_PIXELS = 40_000_000
MOST_BYTES = 64 * 1024 * 1024
_MEMORY_BYTES = 1200 * 1024 * 1024
_WHOLE_PAGE = "--psm 3"
# Of a row of Tesseract's table: level, page, block, paragraph, line, word, left, top, width, height, confidence, text.
_COLUMNS = 12
MOST_WORDS = 5000
# White around a page: Tesseract loses letters that touch the edge.
_MARGIN = 12
_SYSTEM = ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64", "/etc/ld.so.cache", "/usr/share/tesseract-ocr")
_LANGUAGES = re.compile(r"\A[A-Za-z0-9_]+(?:\+[A-Za-z0-9_]+)*\Z")


class Recognising:
    """The work of the OCR profile; see `zygote.Work`."""

    def __init__(self) -> None:
        program = shutil.which("tesseract")
        if program is None:
            raise FileNotFoundError("tesseract")
        # Loaded once in the warm parent, and nowhere in the core.
        import numpy
        import pytesseract
        from PIL import Image, JpegImagePlugin, PngImagePlugin

        from forms.writing.figures import FigureReader
        from forms.writing.letters import Letters
        from forms.writing.written_date import DateReader

        warnings.simplefilter("error", Image.DecompressionBombWarning)
        Image.MAX_IMAGE_PIXELS = MOST_PIXELS
        self._program = str(Path(program).resolve())
        self._pillow, self._pytesseract, self._numpy = Image, pytesseract, numpy
        # Loaded and kept, so that a locked-down process need not look for them.
        self._plugins = (PngImagePlugin, JpegImagePlugin)
        self._letters = Letters()
        self._dates = DateReader(FigureReader(), self._letters)
        pytesseract.pytesseract.tesseract_cmd = self._program
        # What is loaded late is loaded by reading lines of our own.
        page = Image.new("L", (200, 60), 255)
        page.paste(0, (60, 20, 66, 44))
        self._line(page, None)
        self._line(page, ())
        with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
            tempfile.tempdir = folder
            # Without its language pack whole pages are not read; names and dates still are.
            with contextlib.suppress(pytesseract.TesseractError):
                self._page(page, "eng", 30)
        page.save(opened := io.BytesIO(), "JPEG")
        self._decoded(opened.getvalue())

    def lock(self, request: dict[str, Any]) -> None:
        """See `zygote.Work.lock`."""
        lockdown.set_rlimits(
            lockdown.Rlimits(_MEMORY_BYTES, int(request["cpu_seconds"]), MOST_BYTES, open_files=64, processes=None)
        )
        lockdown.forbid_privileges()
        may_start = lockdown.EXECUTE | lockdown.READ_FILE
        grants = [lockdown.Grant(path, lockdown.READ_ONLY) for path in _SYSTEM]
        grants += [lockdown.Grant(path, may_start) for path in (self._program, interpreter_of(self._program)) if path]
        grants.append(lockdown.Grant("/dev/null", lockdown.READ_FILE | lockdown.WRITE_FILE))
        data = os.environ.get("TESSDATA_PREFIX")
        if data:
            grants.append(lockdown.Grant(data, lockdown.READ_ONLY))
        if request.get("folder"):
            grants.append(lockdown.Grant(request["folder"], lockdown.READ_WRITE))
        with lockdown.lenient(allow=bool(request["allow_unprotected"])):
            lockdown.restrict_files(grants)
        with lockdown.lenient(allow=bool(request["allow_unprotected"])):
            lockdown.restrict_syscalls(syscalls.OCR, executable_memory=True)

    def run(self, request: dict[str, Any], answers: socket.socket, documents: list[int]) -> None:
        """See `zygote.Work.run`."""
        tempfile.tempdir = request["folder"]
        languages = request["languages"]
        if not _LANGUAGES.match(languages):
            raise ValueError("languages")
        until = time.monotonic() + request["seconds"]
        told = receive(answers, until, MOST_BYTES)
        pictures = [self._decoded(part) for part in told.parts]
        if request["whole_page"]:
            page = pictures[0].rotate(-int(request["turned"]) % 360, expand=True)
            header: dict[str, Any] = {"kind": "words", "words": self._page(page, languages, request["seconds"])}
        else:
            read = []
            for picture, date in zip(pictures, told.header["dates"], strict=True):
                read.append(self._line(picture, date, told.header["latest"]))
                if time.monotonic() > until:
                    raise TimeoutError
            header = {"kind": "lines", "lines": read}
        for piece in pack_message(header):
            answers.sendall(piece)

    def _decoded(self, data: bytes) -> "Image":
        """Grey pixels; whatever else the file held stays here."""
        with self._pillow.open(io.BytesIO(data), formats=["PNG", "JPEG"]) as picture:
            return picture.convert("L")

    def _framed(self, grey: "Image") -> "Image":
        framed = self._pillow.new("L", (grey.width + 2 * _MARGIN, grey.height + 2 * _MARGIN), 255)
        framed.paste(grey, (_MARGIN, _MARGIN))
        return framed

    def _line(
        self, picture: "Image", date: "Groups | None", latest: int | None = None
    ) -> tuple[str, float, str | None]:
        """The letters of one line, how sure, 0 to 1, and what they most likely spell. `date`: the places of its figures when it is a date, else None."""
        grey = self._numpy.asarray(picture)
        found = self._letters.read(grey) if date is None else self._dates.read(grey, date, latest)
        return found.text, found.confidence, found.spelt

    def _page(self, picture: "Image", languages: str, seconds: float) -> list[list[str | int]]:
        """The words of a whole page: text, left, top, width, height in its pixels, and the number of its line.

        Tesseract gets a file of our own writing, never one that came from outside.
        """
        name = Path(tempfile.gettempdir()) / "page.png"
        self._framed(picture).save(name, "PNG", compress_level=1)
        told = self._pytesseract.image_to_data(str(name), lang=languages, config=_WHOLE_PAGE, timeout=seconds)
        words: list[list[str | int]] = []
        line, place = -1, ("", "", "")
        for row in str(told).splitlines()[1:]:
            columns = row.split("\t")
            if len(columns) != _COLUMNS or columns[0] != "5" or not columns[11].strip():
                continue
            if (columns[2], columns[3], columns[4]) != place:
                line, place = line + 1, (columns[2], columns[3], columns[4])
            left, top, width, height = (int(one) for one in columns[6:10])
            words.append([columns[11], max(left - _MARGIN, 0), max(top - _MARGIN, 0), width, height, line])
        return words[:MOST_WORDS]


def interpreter_of(program: str) -> str | None:
    """The loader that the kernel opens for this program: it must be startable too."""
    with Path(program).open("rb") as file:
        head = file.read(64)
        if head[:4] != b"\x7fELF" or head[4] != 2:
            return None
        (table,) = struct.unpack_from("<Q", head, 32)
        size, count = struct.unpack_from("<HH", head, 54)
        for number in range(count):
            file.seek(table + number * size)
            entry = file.read(size)
            if struct.unpack_from("<I", entry)[0] == 3:
                offset, length = struct.unpack_from("<Q", entry, 8)[0], struct.unpack_from("<Q", entry, 32)[0]
                file.seek(offset)
                return str(Path(os.fsdecode(file.read(min(length, 4096)).rstrip(b"\0"))).resolve())
    return None
