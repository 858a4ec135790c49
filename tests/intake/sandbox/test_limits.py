"""The limits of promise P4, each just inside, exactly at, and just past; and that the settings reach the sandbox."""

import io
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from intake.admission import Refusal, RefusalCode, admit
from intake.dispatch.worker import limits_from
from intake.pages import open_document
from intake.sandbox.limits import MEBIBYTE, Limits
from intake.sandbox.opening import PageProblem, Stopped
from tests.builders import settings
from tests.hostile import good, many_pages, one_page, stream, tiff

STANDING = Limits()


def outcome(data: bytes, limits: Limits) -> RefusalCode | None:
    """None when every page could be had."""
    try:
        document = open_document(data, limits)
        for number in range(1, document.pages + 1):
            document.page(number)
    except (Stopped, PageProblem) as refused:
        return refused.code
    return None


def picture(width: int, height: int, kind: str) -> bytes:
    Image.new("L", (width, height), 200).save(out := io.BytesIO(), kind)
    return out.getvalue()


def scan(width: int, height: int) -> bytes:
    """A PDF page covered by an image of that many pixels."""
    Image.new("L", (width, height), 200).save(out := io.BytesIO(), "PDF", resolution=72.0)
    return out.getvalue()


def film(by: int) -> bytes:
    """A PNG of that many pictures."""
    frames = [Image.new("L", (20, 20), shade) for shade in range(7 + by)]
    frames[0].save(out := io.BytesIO(), "PNG", save_all=True, append_images=frames[1:])
    return out.getvalue()


def white_of(size: int) -> bytes:
    """A page that draws nothing, with so many bytes of content."""
    return one_page(stream(zlib.compress(b" " * size), b"/Filter /FlateDecode"))


def page_of(side: int) -> bytes:
    return one_page(stream(b"0 0 99 99 re f"), box=b"0 0 200 %d" % side)


@pytest.mark.parametrize("over", [-1, 0, 1])
@pytest.mark.parametrize(
    ("made", "limits", "code"),
    [
        pytest.param(lambda by: many_pages(7 + by), Limits(pages=7), RefusalCode.TOO_MANY_PAGES, id="pages"),
        pytest.param(lambda by: tiff(7 + by), Limits(pages=7), RefusalCode.TOO_MANY_PAGES, id="frames"),
        pytest.param(lambda by: tiff(7 + by), Limits(frames=7), RefusalCode.TOO_MANY_PAGES, id="pictures in a tiff"),
        pytest.param(film, Limits(frames=7), RefusalCode.TOO_MANY_PAGES, id="pictures in a png"),
        pytest.param(
            lambda by: white_of(100_000 + by), Limits(stream_bytes=100_000), RefusalCode.TOO_MUCH_MEMORY, id="content"
        ),
        pytest.param(
            lambda by: picture(100, 100 + by, "PNG"), Limits(page_pixels=10_000), RefusalCode.PAGE_TOO_BIG, id="png"
        ),
        pytest.param(
            lambda by: picture(100, 100 + by, "TIFF"), Limits(page_pixels=10_000), RefusalCode.PAGE_TOO_BIG, id="tiff"
        ),
        pytest.param(
            lambda by: picture(100, 100 + by, "JPEG"), Limits(page_pixels=10_000), RefusalCode.PAGE_TOO_BIG, id="jpeg"
        ),
        pytest.param(
            lambda by: scan(200, 200 + by), Limits(page_pixels=40_000), RefusalCode.PAGE_TOO_BIG, id="scan in a pdf"
        ),
        pytest.param(lambda by: page_of(14_400 + by), STANDING, RefusalCode.PAGE_TOO_BIG, id="side of a page"),
    ],
)
def test_a_document_at_a_limit_is_read_and_one_past_it_is_not(
    made: Callable[[int], bytes], limits: Limits, code: RefusalCode, over: int
) -> None:
    assert outcome(made(over), limits) == (code if over > 0 else None)


@pytest.mark.parametrize("over", [-1, 0, 1])
def test_the_size_of_a_file_decides_before_it_is_opened(over: int) -> None:
    most = STANDING.file_bytes
    found = admit(good()[:4096], most + over, most)
    assert isinstance(found, Refusal) is (over > 0)
    if isinstance(found, Refusal):
        assert found.code is RefusalCode.TOO_BIG and "100 MB" in found.message


@pytest.mark.parametrize("over", [-1, 0, 1])
def test_a_thousand_pages_are_the_most(over: int) -> None:
    data = many_pages(STANDING.pages + over)
    if over > 0:
        with pytest.raises(Stopped) as stopped:
            open_document(data, STANDING)
        assert stopped.value.code is RefusalCode.TOO_MANY_PAGES
    else:
        assert open_document(data, STANDING).pages == STANDING.pages + over


def test_the_standing_limits_are_those_that_were_promised() -> None:
    assert (STANDING.file_bytes, STANDING.pages, STANDING.page_pixels) == (100 * MEBIBYTE, 1000, 40_000_000)
    assert (STANDING.page_side_pt, STANDING.open_files, STANDING.memory_bytes >> 20) == (14_400, 64, 1200)


def test_every_limit_that_can_be_set_reaches_the_sandbox(tmp_path: Path) -> None:
    found = limits_from(
        settings(
            tmp_path, work__largest_file_mb="7", work__most_pages="8", work__memory_mb="512", work__page_seconds="9",
            work__page_megapixels="10", work__page_side_points="2000", work__most_frames="11", work__largest_stream_mb="3",
        )
    )  # fmt: skip
    assert (found.frames, found.stream_bytes) == (11, 3_000_000)
    assert (found.file_bytes, found.pages, found.memory_bytes) == (7 << 20, 8, 512 << 20)
    assert (found.cpu_seconds, found.page_pixels, found.page_side_pt) == (9, 10_000_000, 2000)
