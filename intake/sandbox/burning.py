"""Covers parts of a page's picture for good, and looks into a finished copy. Runs only inside the sandbox.

Covering replaces pixels before the picture is packed anew: nothing of what was there is left in the bytes. Looking opens the copy
with two libraries and tells what text and metadata each finds, and whether each covered part is dark when drawn.
"""

import io
import os
import socket
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pypdfium2
from PIL import Image
from pypdf import PdfReader

from intake.admission import FileType, file_type
from intake.sandbox import child, lockdown, syscalls
from intake.sandbox.filling import with_fields
from intake.sandbox.limits import Limits
from intake.sandbox.opening import Pictures, Pixels
from intake.sandbox.wire import pack_message

WHOLE = 1000
_SMALLEST_FOR_A_MARK = 14
_DARK = 60
_QUALITY = 85
_LOOK_DPI = 100.0


class Burning:
    """Four jobs: `burn` a picture, `cover` one for good, put `fields` into a blank, `look` into a copy. No files, no programs, no network."""

    def __init__(self, own_forms: Path | None = None) -> None:
        child.warm("none", None)
        picture = io.BytesIO()
        Image.new("L", (400, 600), 255).save(picture, "JPEG")
        burn(picture.getvalue(), [(100, 100, 300, 100, "A")], Limits())
        pdf = io.BytesIO()
        Image.new("L", (400, 600), 255).save(pdf, "PDF", resolution=72.0)
        look(pdf.getvalue(), 1, 1, {})

    def lock(self, request: dict[str, Any]) -> None:
        """Locks this process in, as the reader of documents is."""
        limits = Limits.from_json(request["limits"])
        lockdown.set_rlimits(
            lockdown.Rlimits(limits.memory_bytes, int(request["cpu_seconds"]), 0, limits.open_files, processes=0)
        )
        lockdown.forbid_privileges()
        with lockdown.lenient(allow=bool(request["allow_unprotected"])):
            lockdown.restrict_files([])
        with lockdown.lenient(allow=bool(request["allow_unprotected"])):
            lockdown.restrict_syscalls(syscalls.READER, executable_memory=False)

    def run(self, request: dict[str, Any], answers: socket.socket, documents: list[int]) -> None:
        """Does one job; anything that goes wrong is said without details."""
        size = os.lseek(documents[0], 0, os.SEEK_END)
        data = b"".join(os.pread(documents[0], min(size - at, 1 << 24), at) for at in range(0, size, 1 << 24))
        parts: tuple[bytes, ...] = ()
        try:
            if request["job"] in ("burn", "cover"):
                work = burn if request["job"] == "burn" else cover
                burnt, width, height = work(data, request["boxes"], Limits.from_json(request["limits"]))
                header: dict[str, Any] = {"kind": "burnt", "width": width, "height": height}
                parts = (burnt,)
            elif request["job"] == "fields":
                header, parts = {"kind": "filled"}, (with_fields(data, request["fields"], int(request["size"])),)
            else:
                covered = {int(page): boxes for page, boxes in request["boxes"].items()}
                header = {"kind": "looked", **look(data, request["first"], request["last"], covered)}
        except Exception:
            header = {"kind": "failed"}
        for piece in pack_message(header, parts):
            answers.sendall(piece)


def burn(data: bytes, boxes: list[Any], limits: Limits) -> tuple[bytes, int, int]:
    """The picture with every box (left, top, width, height in thousandths, mark) black, as a JPEG or a PNG without anything else."""
    pixels = _opened(data, limits)
    high, wide = pixels.shape[:2]
    bilevel = _bilevel(pixels)
    for left, top, width, height, mark in boxes:
        x, y, right, bottom = _edges(left, top, width, height, wide, high)
        pixels[y:bottom, x:right] = 0
        _mark(pixels, x, y, right, bottom, str(mark)[:1])
    out = io.BytesIO()
    if bilevel:
        _as_bilevel(pixels).save(out, "PNG")
    else:
        Image.fromarray(pixels).save(out, "JPEG", quality=_QUALITY)
    return out.getvalue(), wide, high


def cover(data: bytes, boxes: list[Any], limits: Limits) -> tuple[bytes, int, int]:
    """The picture with every box (left, top, width, height in thousandths) black, and every other pixel as it was: the only picture left.

    A PNG, opened again before it is handed out. Raises ValueError when it is not what it must be.
    """
    pixels = _opened(data, limits)
    before, (high, wide) = pixels.copy(), pixels.shape[:2]
    kept = np.ones((high, wide), dtype=bool)
    for left, top, width, height in boxes:
        x, y, right, bottom = _edges(left, top, width, height, wide, high)
        pixels[y:bottom, x:right] = 0
        kept[y:bottom, x:right] = False
    out = io.BytesIO()
    (_as_bilevel(pixels) if _bilevel(before) else Image.fromarray(pixels)).save(out, "PNG")
    again = _opened(out.getvalue(), limits)
    if again.shape != before.shape or not np.array_equal(again[kept], before[kept]) or again[~kept].any():
        raise ValueError("the covered picture is another one")
    return out.getvalue(), wide, high


def _opened(data: bytes, limits: Limits) -> Pixels:
    kind = file_type(data[:4096])
    if kind not in (FileType.PNG, FileType.JPEG):
        raise ValueError("no picture")
    return np.ascontiguousarray(Pictures(data, kind, limits).page(1).pixels).copy()


def _edges(left: int, top: int, width: int, height: int, wide: int, high: int) -> tuple[int, int, int, int]:
    """Outwards to whole pixels: a part that was half covered is covered."""
    right, bottom = -(-(left + width) * wide // WHOLE), -(-(top + height) * high // WHOLE)
    return left * wide // WHOLE, top * high // WHOLE, right, bottom


def _bilevel(pixels: Pixels) -> bool:
    return pixels.ndim == 2 and not bool(((pixels > 0) & (pixels < 255)).any())


def _as_bilevel(pixels: Pixels) -> Image.Image:
    return Image.fromarray(np.where(pixels > 127, 255, 0).astype(np.uint8)).convert("1", dither=Image.Dither.NONE)


def _mark(pixels: Pixels, x: int, y: int, right: int, bottom: int, mark: str) -> None:
    """The letter of the reason, white in the middle, where the box has room for it."""
    room = min(right - x, bottom - y)
    if room < _SMALLEST_FOR_A_MARK:
        return
    size = min(room * 0.6, 40) / 22.0
    (wide, high), _ = cv2.getTextSize(mark, cv2.FONT_HERSHEY_SIMPLEX, size, 2)
    at = ((x + right - wide) // 2, (y + bottom + high) // 2)
    cv2.putText(pixels, mark, at, cv2.FONT_HERSHEY_SIMPLEX, size, 255 if pixels.ndim == 2 else (255, 255, 255), 2)


def look(data: bytes, first: int, last: int, covered: dict[int, list[Any]]) -> dict[str, Any]:
    """What two libraries find on pages `first` to `last` of a copy, what the file says of itself, and covered parts that are not dark.

    `covered`: by page, boxes in points from the top left of the page: left, top, right, bottom.
    """
    reader = PdfReader(io.BytesIO(data))
    drawn = pypdfium2.PdfDocument(data)
    root = reader.root_object
    said = sorted(
        {*(reader.metadata or {}), *[key for key in ("/Metadata", "/Names", "/AcroForm", "/OpenAction") if key in root]}
    )
    pages, light = [], []
    for number in range(first, last + 1):
        page, shown = reader.pages[number - 1], drawn[number - 1]
        text = shown.get_textpage()
        pages.append([_words(page.extract_text()), _words(text.get_text_bounded())])
        said += [key for key in ("/Annots", "/Metadata", "/Thumb", "/PieceInfo") if key in page]
        if number in covered:
            pixels = np.asarray(shown.render(scale=_LOOK_DPI / 72.0).to_pil().convert("L"))
            light += [number for box in covered[number] if not _dark(pixels, box)]
    return {
        "pages": pages,
        "count": len(reader.pages),
        "both": len(drawn) == len(reader.pages),
        "said": said,
        "light": light,
    }


def _words(text: str) -> str:
    return " ".join(text.split())[:500]


def _dark(pixels: Pixels, box: list[float]) -> bool:
    """Whether a covered part is dark along its inner edge, and nowhere grey: only a white letter on black may be inside."""
    scale = _LOOK_DPI / 72.0
    left, top, right, bottom = (round(value * scale) for value in box)
    inside = pixels[top + 1 : bottom - 1, left + 1 : right - 1]
    if inside.size == 0:
        return True
    middle = inside[len(inside) // 5 : -(len(inside) // 5) or None]
    edges = np.concatenate([inside[0], inside[-1], inside[:, 0], inside[:, -1]])
    return bool((edges <= _DARK).all() and (middle <= _DARK).mean() > 0.5)
