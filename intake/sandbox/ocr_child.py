"""Text recognition, locked in: decodes pictures, writes them afresh, and may start Tesseract and nothing else."""

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

MOST_PIXELS = 40_000_000
MOST_BYTES = 64 * 1024 * 1024
_MEMORY_BYTES = 1200 * 1024 * 1024
_LINE, _WHOLE_PAGE = "--psm 7", "--psm 3"
# White around a line: Tesseract loses letters that touch the edge.
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
        import pytesseract
        from PIL import Image, PngImagePlugin

        warnings.simplefilter("error", Image.DecompressionBombWarning)
        Image.MAX_IMAGE_PIXELS = MOST_PIXELS
        self._program = str(Path(program).resolve())
        self._pillow, self._png, self._pytesseract = Image, PngImagePlugin, pytesseract
        pytesseract.pytesseract.tesseract_cmd = self._program
        # What is loaded late is loaded by reading a blank line of our own.
        with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
            tempfile.tempdir = folder
            self._recognise([Image.new("L", (200, 60), 255)], "eng", _LINE, 30)

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
        pictures = [
            self._decoded(part) for part in receive(answers, time.monotonic() + request["seconds"], MOST_BYTES).parts
        ]
        if request["whole_page"]:
            told = self._pytesseract.image_to_string(
                pictures[0], lang=languages, config=_WHOLE_PAGE, timeout=request["seconds"]
            )
            header: dict[str, Any] = {"kind": "text", "text": str(told)}
        else:
            header = {"kind": "lines", "lines": self._recognise(pictures, languages, _LINE, request["seconds"])}
        for piece in pack_message(header):
            answers.sendall(piece)

    def _decoded(self, data: bytes) -> "Image":
        """Grey pixels on a white margin; whatever else the file held stays here."""
        with self._pillow.open(io.BytesIO(data), formats=["PNG"]) as picture:
            grey = picture.convert("L")
        framed = self._pillow.new("L", (grey.width + 2 * _MARGIN, grey.height + 2 * _MARGIN), 255)
        framed.paste(grey, (_MARGIN, _MARGIN))
        return framed

    def _recognise(
        self, pictures: "list[Image]", languages: str, config: str, seconds: float
    ) -> list[tuple[str, float]]:  # fmt: skip
        """The text of each picture and how sure Tesseract is, 0 to 1. One start of the program for all of them."""
        folder = Path(tempfile.gettempdir())
        names = []
        for number, picture in enumerate(pictures):
            name = folder / f"{number}.png"
            picture.save(name, "PNG", compress_level=1)
            names.append(str(name))
        listing = folder / "pictures.txt"
        listing.write_text("\n".join(names))
        table = self._pytesseract.image_to_data(
            str(listing), lang=languages, config=config, timeout=seconds,
            output_type=self._pytesseract.Output.DICT,
        )  # fmt: skip
        found: list[list[tuple[str, float]]] = [[] for _ in pictures]
        for page, word, sure in zip(table["page_num"], table["text"], table["conf"], strict=True):
            # Tesseract finds letters on blank paper, and says that it is not sure of them at all.
            if str(word).strip() and float(sure) > 0 and 1 <= int(page) <= len(found):
                found[int(page) - 1].append((str(word).strip(), float(sure)))
        return [
            (" ".join(word for word, _ in words), sum(sure for _, sure in words) / len(words) / 100 if words else 0.0)
            for words in found
        ]


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
