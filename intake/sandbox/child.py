"""What the locked-down reader does with one group of pages. It holds a document, two sockets' worth of trust, and no files."""

import os
import socket
from typing import Any

import cv2

from intake.admission import RefusalCode
from intake.pages import open_document
from intake.sandbox.limits import Limits
from intake.sandbox.opening import Document, PageProblem, Stopped
from intake.sandbox.reader import READERS, PageReader, rebuild
from intake.sandbox.wire import pack_message


def warm(reader: str) -> PageReader:
    """Loads everything that a locked-down process could no longer load."""
    import pypdfium2  # noqa: F401

    cv2.setNumThreads(1)
    return READERS[reader]()


def read_group(fd: int, answers: socket.socket, request: dict[str, Any], reader: PageReader) -> None:
    """Reads pages `first` to `last` of the document in `fd`, sending each as soon as it is done."""
    limits = Limits.from_json(request["limits"])
    try:
        size = os.fstat(fd).st_size
        data = b"".join(os.pread(fd, min(size - at, 1 << 24), at) for at in range(0, size, 1 << 24))
        document = open_document(data, limits, request["pages"])
        readings = reader.digital(data) if request["digital"] is not False else None
        if readings is not None and [one.number for one in readings] != list(range(1, document.pages + 1)):
            readings = None
        _send(answers, {"kind": "opened", "pages": document.pages, "digital": readings is not None})
        for number in range(request["first"], min(request["last"], document.pages) + 1):
            _one_page(answers, document, number, reader, None if readings is None else readings[number - 1])
        _send(answers, {"kind": "end"})
    except Stopped as stopped:
        _send(answers, {"kind": "refused", "code": stopped.code.value})
    except MemoryError:
        _send(answers, {"kind": "refused", "code": RefusalCode.TOO_MUCH_MEMORY.value})


def _one_page(
    answers: socket.socket, document: Document, number: int, reader: PageReader, typed: Any
) -> None:  # fmt: skip
    try:
        page = document.page(number)
    except PageProblem as problem:
        _send(answers, {"kind": "unreadable", "number": number, "code": problem.code.value})
        return
    reading, crops = reader.read(page) if typed is None else (typed, {})
    preview = rebuild(page, reading.turned)
    header = {
        "kind": "page", "number": number, "of": document.pages, "width": preview.width, "height": preview.height,
        "dpi": [preview.dpi, preview.dpi], "type": preview.type, "reading": reading.to_json(), "crops": list(crops),
    }  # fmt: skip
    _send(answers, header, preview.data, *crops.values())


def _send(answers: socket.socket, header: dict[str, Any], *parts: bytes) -> None:
    for piece in pack_message(header, parts):
        answers.sendall(piece)
