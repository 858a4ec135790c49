"""What the locked-down reader does with one group of pages. It holds a document, two sockets' worth of trust, and no files."""

import contextlib
import encodings
import importlib
import io
import os
import pkgutil
import secrets
import socket
from pathlib import Path
from typing import Any

import cv2
import pypdf
from PIL import Image
from pypdf import PdfWriter

from forms.results import PageKind, PageReading
from intake.admission import FileType, RefusalCode, file_type
from intake.pages import open_document, open_pages
from intake.sandbox.limits import Limits
from intake.sandbox.opening import Document, PageProblem, Stopped
from intake.sandbox.reader import READERS, PageReader, in_preview, rebuild
from intake.sandbox.wire import pack_message


def warm(reader: str, own_forms: Path | None = None) -> PageReader:
    """Loads everything that a locked-down process could no longer load."""
    cv2.setNumThreads(1)
    # Text in a PDF may be in any encoding, each a module of its own.
    for package in (pypdf, encodings):
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            # Some are for other systems, or for libraries that are not installed here and are done without.
            with contextlib.suppress(ImportError):
                importlib.import_module(module.name)
    loaded = READERS[reader](own_forms)
    for data in _samples():
        for page in open_pages(data, Limits()):
            if isinstance(page, PageProblem):
                raise RuntimeError("a document of our own cannot be opened")
            reading, _ = loaded.read(page)
            rebuild(page, reading.turned)
        loaded.digital(data)
    return loaded


# Text in two dresses and a picture: what the mail library loads late is loaded by it.
_MAIL = b"""From: a@example.org
Message-ID: <1@example.org>
MIME-Version: 1.0
Subject: =?utf-8?q?caf=C3=A9?=
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<p>caf=C3=A9</p>
--b
Content-Type: image/png
Content-Transfer-Encoding: base64
Content-Disposition: attachment; filename=a.png

iVBORw0KGgoAAAANSUhEUgAAAAgAAAAIAQAAAADsdIMmAAAADUlEQVR4nGP4z8SADAEPcQEOqa2awAAAAABJRU5ErkJggg==
--b--
"""


def _samples() -> list[bytes]:
    """Small documents of our own, one of each kind: opening them makes the libraries load what they load late."""
    paper = Image.new("L", (1240, 1754), 255)
    paper.paste(0, (200, 200, 900, 300))
    line = paper.convert("1")
    made = []
    for kind, picture in (
        ("PDF", paper),
        ("PDF", line),
        ("TIFF", line),
        ("PNG", paper),
        ("JPEG", paper.convert("RGB")),
    ):
        out = io.BytesIO()
        picture.save(out, kind, resolution=150.0)
        made.append(out.getvalue())
    made.append(_MAIL)
    # Blank, so that the search for damage behind a white page is loaded too; locked, so that decryption is.
    for lock in (None, "RC4-40", "RC4-128", "AES-128", "AES-256"):
        writer, out = PdfWriter(), io.BytesIO()
        writer.add_blank_page(595, 842)
        if lock:
            writer.encrypt("", owner_password=secrets.token_hex(8), algorithm=lock)
        writer.write(out)
        made.append(out.getvalue())
    return made


def read_group(fd: int, answers: socket.socket, request: dict[str, Any], reader: PageReader) -> None:
    """Reads pages `first` to `last` of the document in `fd`, sending each as soon as it is done."""
    limits = Limits.from_json(request["limits"])
    try:
        # Not fstat: the C library asks for it by a call that could also look at other files.
        size = os.lseek(fd, 0, os.SEEK_END)
        data = b"".join(os.pread(fd, min(size - at, 1 << 24), at) for at in range(0, size, 1 << 24))
        document = open_document(data, limits, request["pages"])
        readings = _typed(data, document.pages, reader) if request["digital"] is not False else None
        _send(answers, {"kind": "opened", "pages": document.pages, "digital": readings is not None})
        for number in range(request["first"], min(request["last"], document.pages) + 1):
            _one_page(answers, document, number, reader, None if readings is None else readings[number - 1])
        _send(answers, {"kind": "end"})
    except Stopped as stopped:
        _send(answers, {"kind": "refused", "code": stopped.code.value})
    except MemoryError:
        _send(answers, {"kind": "refused", "code": RefusalCode.TOO_MUCH_MEMORY.value})


def _typed(data: bytes, pages: int, reader: PageReader) -> list[PageReading] | None:
    """A typed form's readings, one for each page; None for a scan, or when they do not fit the document."""
    if file_type(data[:4096]) is not FileType.PDF:
        return None
    try:
        readings = reader.digital(data)
    except Exception:
        # Then its pages are read as pictures, which every document has.
        return None
    if readings is None or [one.number for one in readings] != list(range(1, pages + 1)):
        return None
    return readings


def _one_page(
    answers: socket.socket, document: Document, number: int, reader: PageReader, typed: PageReading | None
) -> None:  # fmt: skip
    try:
        page = document.page(number)
    except PageProblem as problem:
        _send(answers, {"kind": "unreadable", "number": number, "code": problem.code.value})
        return
    crops: dict[str, bytes] = {}
    if typed is not None:
        reading = typed
    else:
        try:
            reading, crops = reader.read(page)
        except Exception:
            # Our own fault, not the document's: the page is there for a person to see, and says nothing.
            reading = PageReading(number, PageKind.UNREADABLE, reason="The computer could not read this page.")
    preview = rebuild(page, reading.turned)
    reading = in_preview(reading, page, preview)
    header = {
        "kind": "page", "number": number, "of": document.pages, "width": preview.width, "height": preview.height,
        "dpi": [preview.dpi, preview.dpi], "type": preview.type, "reading": reading.to_json(), "crops": list(crops),
    }  # fmt: skip
    _send(answers, header, preview.data, *crops.values())


def _send(answers: socket.socket, header: dict[str, Any], *parts: bytes) -> None:
    for piece in pack_message(header, parts):
        answers.sendall(piece)
