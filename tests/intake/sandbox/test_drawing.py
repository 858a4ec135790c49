"""Drawing on a page happens behind locked doors, and what comes back is checked."""

import io
import socket
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from forms.results import FieldReading, PageKind, PageReading
from forms.template import Kind
from intake.sandbox.drawing import NotDrawn, draw_page, start

TICK = FieldReading("x", Kind.TICK, "yes", False, 1.0, None, 1, (100.0, 100.0, 140.0, 120.0), 1)
READ = PageReading(1, PageKind.FORM, placement=(2.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 1.0), fields=(TICK,))


def png(mode: str = "L") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (600, 800), 1 if mode == "1" else "white").save(out, "PNG", dpi=(200, 200))
    return out.getvalue()


@pytest.mark.parametrize("mode", ["1", "L", "RGB"])
def test_what_was_read_is_drawn(mode: str) -> None:
    picture = Image.open(io.BytesIO(draw_page(png(mode), READ, (1.0, 2.0))))
    assert picture.size == (600, 1600)
    pixels = np.asarray(picture.convert("RGB")).astype(int)
    coloured = np.nonzero((pixels.max(axis=2) - pixels.min(axis=2)) > 60)
    assert 390 <= coloured[0].min() <= 400 and 480 <= coloured[0].max() <= 490


@pytest.mark.parametrize("picture", [b"", b"no picture", png()[:200]])
def test_a_picture_that_is_none_is_not_drawn_on(picture: bytes) -> None:
    with pytest.raises(NotDrawn):
        draw_page(picture, READ)


def test_the_doors_are_shut_before_anything_is_taken() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, start(theirs, allow_unprotected=False) as process:
        status: dict[str, str] = {}
        until = time.monotonic() + 30
        while status.get("Seccomp") != "2" and process.poll() is None and time.monotonic() < until:
            lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
            status = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
            time.sleep(0.05)
        process.kill()
    assert status["Seccomp"] == "2" and status["NoNewPrivs"] == "1"
