"""Only pictures that are nothing but pictures are let out of the sandbox."""

import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from forms.template import FIELD_ID, MOST_ON_A_PAGE
from intake.sandbox.checking import MOST_FIELDS, names, picture, real_number, whole_number
from intake.sandbox.wire import BadMessage
from tests.hostile import png, png_part, saved, sheet

SMALL = sheet("RGB", (40, 50))


@pytest.mark.parametrize("mode", ["1", "L", "RGB"])
def test_pictures_pass(mode: str) -> None:
    picture(saved(SMALL.convert(mode), "PNG"), "image/png", 40, 50)
    if mode != "1":
        picture(saved(SMALL.convert(mode), "JPEG", quality=80), "image/jpeg", 40, 50)


def with_text() -> bytes:
    note = PngImagePlugin.PngInfo()
    note.add_text("Author", "Invented Canary")
    return saved(SMALL, "PNG", pnginfo=note)


EXIF = Image.Exif()
EXIF[270] = "Invented Canary"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        pytest.param(b"", "image/png", id="nothing"),
        pytest.param(saved(SMALL, "PNG"), "image/jpeg", id="PNG that says JPEG"),
        pytest.param(saved(SMALL, "PNG"), "text/html", id="another kind"),
        pytest.param(with_text(), "image/png", id="PNG with text"),
        pytest.param(saved(SMALL, "PNG") + b"<script>", "image/png", id="something behind a PNG"),
        pytest.param(saved(SMALL, "PNG")[:-12], "image/png", id="PNG without its end"),
        pytest.param(png(30_000, 30_000), "image/png", id="PNG of 30,000 square"),
        pytest.param(png(0, 5), "image/png", id="PNG of no width"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + png_part(b"IEND", b""), "image/png", id="PNG without a size"),
        pytest.param(
            b"\x89PNG\r\n\x1a\n" + struct.pack(">I4s", 0xFFFFFFF0, b"IDAT") + zlib.compress(b""), "image/png",
            id="PNG part longer than the file",
        ),
        pytest.param(saved(SMALL, "JPEG", exif=EXIF), "image/jpeg", id="JPEG with camera data"),
        pytest.param(saved(SMALL, "JPEG", comment=b"Invented Canary"), "image/jpeg", id="JPEG with a remark"),
        pytest.param(saved(SMALL, "JPEG") + b"PK\x03\x04", "image/jpeg", id="something behind a JPEG"),
        pytest.param(b"\xff\xd8\xff\xe0\x00\x02\xff\xd9", "image/jpeg", id="JPEG without pixels"),
        pytest.param(b"\xff\xd8" + b"\xff\xd9", "image/jpeg", id="JPEG of nothing"),
    ],
)  # fmt: skip
def test_anything_else_does_not(data: bytes, kind: str) -> None:
    with pytest.raises(BadMessage):
        picture(data, kind)


@pytest.mark.parametrize("value", [0, 11, 5.0, True, "5", None, [5]])
def test_whole_numbers(value: object) -> None:
    assert whole_number(5, 1, 10) == 5
    with pytest.raises(BadMessage):
        whole_number(value, 1, 10)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 11, True, "5", None])
def test_numbers(value: object) -> None:
    assert real_number(5, 1, 10) == 5.0
    with pytest.raises(BadMessage):
        real_number(value, 1, 10)


@pytest.mark.parametrize("value", [None, "ab", ["a", "a"], ["A"], ["a/b"], [1], ["a" * 81], ["ocr:"], ["a"] * 501])
def test_names(value: object) -> None:
    assert names(["child_name", "ocr:child_name"]) == ["child_name", "ocr:child_name"]
    with pytest.raises(BadMessage):
        names(value)


def test_what_a_template_may_hold_may_be_handed_over() -> None:
    """Else every copy of a form whose template was taken would look damaged."""
    longest = "a" * 80
    assert FIELD_ID.fullmatch(longest)
    assert names([longest, f"ocr:{longest}"]) == [longest, f"ocr:{longest}"]
    assert 2 * MOST_ON_A_PAGE <= MOST_FIELDS
    for odd in ("2_agree", "Agree", "a" * 81, "a-b", "a\n"):
        assert not FIELD_ID.fullmatch(odd)
        with pytest.raises(BadMessage):
            names([odd])
