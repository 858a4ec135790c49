"""Text recognition: locked in, leaves nothing behind, and a failure is never more than a missing suggestion."""

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from intake.errors import TesseractMissing
from intake.sandbox.ocr import MOST_LINES, OcrSandbox, printable
from intake.sandbox.scratch import scratch_root
from tests.hostile import png


@pytest.fixture(scope="module")
def ocr() -> Iterator[OcrSandbox]:
    with OcrSandbox() as made:
        yield made


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Scratch folders of this test alone: others may be reading at the same time."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        Path(folder).chmod(0o711)
        monkeypatch.setattr("intake.sandbox.scratch.MEMORY", Path(folder))
        yield Path(folder)


def line(text: str) -> bytes:
    paper = Image.new("L", (700, 60), 255)
    ImageDraw.Draw(paper).text((10, 8), text, font=ImageFont.load_default(36), fill=0)
    out = io.BytesIO()
    paper.save(out, "PNG")
    return out.getvalue()


def test_every_way_out_is_shut(ocr: OcrSandbox) -> None:
    found = ocr.probe()
    assert found.open_doors == ()
    assert {"read a system file", "start a shell", "connect by TCP"} <= {one.what for one in found.attempts}


def test_each_crop_gets_its_own_text(ocr: OcrSandbox) -> None:
    crops = {"name": line("Amina Example"), "empty": line(""), "no_day": line("")}
    found = ocr.lines(crops, {"no_day": ()})
    assert found["name"].text == "Amina Example"
    assert found["name"].confidence > 0.8
    assert (found["empty"].text, found["no_day"].text) == ("", "")


def test_a_date_is_read_as_figures_and_its_month_as_letters(ocr: OcrSandbox) -> None:
    found = ocr.lines({"figures": line("23/05/2024"), "letters": line("14 May 2011")}, {"figures": (), "letters": ()})
    assert (found["figures"].text, found["letters"].text) == ("23/05/2024", "14 May 2011")


def test_more_lines_than_one_call_takes_each_get_their_own_text(ocr: OcrSandbox) -> None:
    crops = {str(number): line("Amina" if number % 2 else "Rowan") for number in range(MOST_LINES + 3)}
    found = ocr.lines(crops)
    assert {name: text.text for name, text in found.items()} == {
        str(number): "Amina" if number % 2 else "Rowan" for number in range(MOST_LINES + 3)
    }


def test_a_page_gives_its_text(ocr: OcrSandbox) -> None:
    assert "Consent" in ocr.page_text(line("Consent form"))


def test_nothing_is_left_behind(ocr: OcrSandbox, memory: Path) -> None:
    ocr.lines({"name": line("Amina Example")})
    assert scratch_root().parent == memory
    assert list(scratch_root().iterdir()) == []


@pytest.mark.parametrize(
    "picture", [b"", b"no picture", b"GIF89a", png(30_000, 30_000), line("cut")[:200]], ids=lambda data: str(len(data))
)
def test_a_bad_picture_costs_a_suggestion_and_no_more(ocr: OcrSandbox, picture: bytes) -> None:
    assert ocr.lines({"bad": picture}) == {}
    assert ocr.lines({"good": line("Amina")})["good"].text == "Amina"


def test_what_takes_too_long_is_given_up(memory: Path) -> None:
    with OcrSandbox(seconds=0.01) as hurried:
        assert hurried.lines({"name": line("Amina Example")}) == {}
    assert scratch_root().parent == memory
    assert list(scratch_root().iterdir()) == []


def test_a_missing_tesseract_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(TesseractMissing, match="apt-get install"), OcrSandbox():
        pass


def test_recognised_text_has_no_control_signs() -> None:
    assert printable("a\x1b[31mb\x00\u202ec\nd", 50) == "a[31mbc\nd"
