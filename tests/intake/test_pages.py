"""Pages come out upright, as they were scanned, and damage never passes for an empty page."""

import io

import numpy as np
import pytest
from PIL import Image
from PIL import Image as PillowImage

from intake.admission import RefusalCode
from intake.pages import open_document, open_pages
from intake.sandbox.limits import Limits
from intake.sandbox.opening import Page, PageProblem, Stopped
from tests.hostile import CASES, good, one_page, pdf, saved, sheet, stream

LIMITS = Limits()
WORDS = b"/Type /XObject /Subtype /Image /Width 850 /Height 1100 /ColorSpace /DeviceGray /BitsPerComponent 8 "
SCAN = sheet().effect_spread(2)
JPEG = saved(SCAN, "JPEG", quality=95)
OWN = np.asarray(Image.open(io.BytesIO(JPEG)))


def image(extra: bytes = b"/Filter /DCTDecode", data: bytes = JPEG, words: bytes = WORDS) -> bytes:
    return stream(data, words + extra)


def placed(matrix: bytes, *objects: bytes, page: bytes = b"", box: bytes = b"0 0 612 792", after: bytes = b"") -> bytes:
    drawn = stream(matrix + b" cm /I Do" + after)
    return one_page(drawn, b"/XObject << /I 5 0 R >>", *(objects or (image(),)), box=box, extra=page)


def only(data: bytes) -> Page:
    (found,) = list(open_pages(data, LIMITS))
    assert isinstance(found, Page), found
    return found


def differs(one: np.ndarray, other: np.ndarray) -> float:
    assert one.shape == other.shape
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


@pytest.mark.parametrize(
    ("matrix", "turn", "expected"),
    [
        pytest.param(b"612 0 0 792 0 0", 0, OWN, id="upright"),
        pytest.param(b"-612 0 0 -792 612 792", 0, OWN[::-1, ::-1], id="upside down"),
        pytest.param(b"612 0 0 -792 0 792", 0, OWN[::-1], id="flipped"),
        pytest.param(b"-612 0 0 792 612 0", 0, OWN[:, ::-1], id="mirrored"),
        pytest.param(b"612 0 0 792 0 0", 90, np.rot90(OWN, -1), id="page turned right"),
        pytest.param(b"612 0 0 792 0 0", 180, np.rot90(OWN, 2), id="page turned over"),
        pytest.param(b"612 0 0 792 0 0", 270, np.rot90(OWN, 1), id="page turned left"),
    ],
)
def test_a_scan_is_its_own_pixels_turned_as_placed(matrix: bytes, turn: int, expected: np.ndarray) -> None:
    page = only(placed(matrix, page=b"/Rotate %d" % turn))
    assert page.source == "image"
    assert np.array_equal(page.pixels, expected)
    assert page.dpi == pytest.approx((100, 100), rel=1e-3)


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        pytest.param(b"0 612 -792 0 792 0", np.rot90(OWN, 1), id="turned left"),
        pytest.param(b"0 -612 792 0 0 612", np.rot90(OWN, -1), id="turned right"),
        pytest.param(b"0 612 792 0 0 0", np.rot90(OWN, -1)[:, ::-1][::-1, ::-1], id="turned and mirrored"),
    ],
)
def test_an_image_placed_sideways(matrix: bytes, expected: np.ndarray) -> None:
    page = only(placed(matrix, box=b"0 0 792 612"))
    assert page.source == "image"
    assert np.array_equal(page.pixels, expected)


def test_a_fax_has_two_resolutions() -> None:
    page = only(placed(b"300 0 0 792 0 0", box=b"0 0 300 792"))
    assert page.dpi == pytest.approx((204, 100), rel=1e-3)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(placed(b"612 0 0 792 0 0", after=b" 0 0 .1 .1 re f"), id="stamp over the scan"),
        pytest.param(
            placed(
                b"612 0 0 792 0 0",
                image(b"", np.packbits(np.asarray(SCAN.convert("1")), axis=1).tobytes(), WORDS.replace(
                    b"/ColorSpace /DeviceGray /BitsPerComponent 8", b"/ImageMask true /BitsPerComponent 1 /Decode [0 1]")),
            ),
            id="stencil mask",
        ),
        pytest.param(placed(b"1224 0 0 1584 -100 -100"), id="page that hides most of the image"),
        pytest.param(placed(b"300 0 0 400 100 100"), id="small picture on a page"),
        pytest.param(placed(b"600 40 -40 780 30 0"), id="placed askew"),
    ],
)  # fmt: skip
def test_everything_else_is_drawn_as_it_would_be_printed(data: bytes) -> None:
    page = only(data)
    assert page.source == "rendered"
    assert page.pixels.min() < 60
    assert page.pixels.max() > 200


def test_a_stencil_mask_has_dark_ink_on_white_paper() -> None:
    bits = np.packbits(np.asarray(SCAN.convert("1")), axis=1).tobytes()
    words = b"/Type /XObject /Subtype /Image /Width 850 /Height 1100 /ImageMask true /BitsPerComponent 1 /Decode [0 1] "
    assert only(placed(b"612 0 0 792 0 0", image(b"", bits, words))).pixels.mean() > 128


def test_strips_are_put_together() -> None:
    halves = [saved(SCAN.crop((0, top, 850, top + 550)), "JPEG", quality=95) for top in (0, 550)]
    objects = [image(data=half, words=WORDS.replace(b"1100", b"550")) for half in halves]
    drawn = stream(b"q 612 0 0 396 0 396 cm /I Do Q q 612 0 0 396 0 0 cm /J Do Q")
    page = only(one_page(drawn, b"/XObject << /I 5 0 R /J 6 0 R >>", *objects, box=b"0 0 612 792"))
    assert page.source == "rendered"
    size = (page.pixels.shape[1], page.pixels.shape[0])
    assert differs(page.pixels, np.asarray(SCAN.resize(size))) < 12


def test_unseen_recognised_text_leaves_the_scan_as_it_is() -> None:
    drawn = stream(b"q 612 0 0 792 0 0 cm /I Do Q BT 3 Tr /F 12 Tf 72 700 Td (Consent) Tj ET")
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    data = one_page(drawn, b"/XObject << /I 5 0 R >> /Font << /F 6 0 R >>", image(), font, box=b"0 0 612 792")
    assert np.array_equal(only(data).pixels, OWN)


def test_typed_pages_are_drawn() -> None:
    drawn = stream(b"BT /F 40 Tf 72 700 Td (Consent form) Tj ET")
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    page = only(one_page(drawn, b"/Font << /F 5 0 R >>", font))
    assert page.source == "rendered"
    assert page.dpi == (200, 200)
    assert page.pixels.min() < 60


def test_an_honest_blank_page_is_a_page() -> None:
    assert only(one_page(stream(b""))).pixels.min() == 255
    white = saved(Image.new("L", (850, 1100), 255), "JPEG")
    assert only(placed(b"612 0 0 792 0 0", image(data=white))).pixels.min() > 250


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(one_page(stream(b"/I Do"), b"/XObject << /I 99 0 R >>"), id="image that is not there"),
        pytest.param(placed(b"612 0 0 792 0 0", image(data=JPEG[: len(JPEG) // 2])), id="image that breaks off"),
        pytest.param(
            placed(b"612 0 0 792 0 0", image(b"/Filter /FlateDecode", b"no deflate")), id="image that is noise"
        ),
        pytest.param(one_page(stream(b"not deflate", b"/Filter /FlateDecode")), id="content that is noise"),
    ],
)
def test_damage_never_passes_for_an_empty_page(data: bytes) -> None:
    (found,) = list(open_pages(data, LIMITS))
    assert isinstance(found, PageProblem)
    assert found.code is RefusalCode.DAMAGED


def test_the_other_pages_can_still_be_read() -> None:
    bad = image(data=JPEG[: len(JPEG) // 2])
    pages = [
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 6 0 R /Resources << /XObject << /I %d 0 R >> >> >>"
        % n
        for n in (7, 8, 7)
    ]
    tree = b"<< /Type /Pages /Kids [3 0 R 4 0 R 5 0 R] /Count 3 >>"
    drawn = stream(b"612 0 0 792 0 0 cm /I Do")
    found = list(open_pages(pdf([b"<< /Type /Catalog /Pages 2 0 R >>", tree, *pages, drawn, image(), bad]), LIMITS))
    assert [isinstance(page, Page) for page in found] == [True, False, True]


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
@pytest.mark.parametrize("kind", ["PDF", "TIFF", "JPEG", "PNG"])
def test_a_document_that_was_cut_short_is_never_whole(kind: str, share: float) -> None:
    data = good(3) if kind == "PDF" else saved(sheet().effect_spread(30), kind)
    cut = data[: int(len(data) * share)]
    try:
        found = list(open_pages(cut, LIMITS))
    except Stopped as stopped:
        assert stopped.code is RefusalCode.CUT_SHORT
    else:
        assert [problem.code for problem in found if isinstance(problem, PageProblem)] == [RefusalCode.CUT_SHORT]


def test_every_frame_of_a_tiff_is_a_page() -> None:
    frames = [sheet("1"), sheet("L"), sheet("RGB")]
    data = saved(frames[0], "TIFF", save_all=True, append_images=frames[1:], dpi=(200, 200))
    found = [page for page in open_pages(data, LIMITS) if isinstance(page, Page)]
    assert [page.number for page in found] == [1, 2, 3]
    assert all(page.dpi == (200, 200) for page in found)
    assert all(page.pixels.ndim == 2 for page in found)


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(saved(sheet("1"), "PNG"), id="black and white"),
        pytest.param(saved(sheet("RGB").convert("P"), "PNG"), id="palette"),
        pytest.param(saved(sheet("RGB").convert("CMYK"), "JPEG"), id="CMYK"),
        pytest.param(saved(Image.fromarray(np.asarray(sheet()).astype(np.uint16) * 257), "PNG"), id="16 bits"),
        pytest.param(saved(Image.fromarray(np.asarray(sheet()).astype(np.uint16) * 257), "TIFF"), id="16 bits, TIFF"),
        pytest.param(saved(sheet("1"), "TIFF", tiffinfo={262: 0}), id="white is nought"),
        pytest.param(saved(sheet("RGB"), "JPEG", quality=90), id="colour that is grey"),
    ],
)
def test_ways_of_storing_a_picture(picture: bytes) -> None:
    page = only(picture)
    pixels = page.pixels if page.pixels.ndim == 2 else page.pixels.mean(axis=2)
    ink = np.asarray(sheet())
    assert page.pixels.dtype == np.uint8
    assert float(pixels[ink == 255].mean()) - float(pixels[ink == 0].mean()) > 200


def test_transparent_paper_is_white() -> None:
    clear = Image.new("RGBA", (850, 1100), (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), (100, 100, 300, 200))
    page = only(saved(clear, "PNG"))
    assert page.pixels[50, 50] == 255
    assert page.pixels[150, 150] == 0


def test_a_camera_says_which_way_is_up() -> None:
    exif = Image.Exif()
    exif[274] = 6  # turned a quarter to the left: shown by turning right
    page = only(saved(sheet(), "JPEG", exif=exif, dpi=(200, 100)))
    assert page.pixels.shape == (850, 1100)
    assert page.dpi == (100, 200)
    assert differs(page.pixels, np.rot90(np.asarray(sheet()), -1)) < 5


@pytest.mark.parametrize(("dpi", "known"), [((72, 72), False), ((96, 96), False), ((300, 300), True), ((1, 1), False)])
def test_a_made_up_resolution_is_not_believed(dpi: tuple[int, int], known: bool) -> None:
    assert (only(saved(sheet(), "JPEG", dpi=dpi)).dpi is not None) is known


@pytest.mark.parametrize(("pages", "refused"), [(4, False), (5, False), (6, True)])
def test_the_page_limit_is_exact(pages: int, refused: bool) -> None:
    limits = Limits(pages=5)
    for data in (good(pages), saved(sheet("1"), "TIFF", save_all=True, append_images=[sheet("1")] * (pages - 1))):
        if refused:
            with pytest.raises(Stopped) as stopped:
                open_document(data, limits)
            assert stopped.value.code is RefusalCode.TOO_MANY_PAGES
        else:
            assert open_document(data, limits).pages == pages


@pytest.mark.parametrize(("spare", "refused"), [(1, False), (0, False), (-1, True)])
@pytest.mark.parametrize("kind", ["PDF", "TIFF", "JPEG", "PNG"])
def test_the_limit_on_a_page_is_exact(kind: str, spare: int, refused: bool) -> None:
    limits = Limits(page_pixels=850 * 1100 + spare)
    data = placed(b"612 0 0 792 0 0") if kind == "PDF" else saved(sheet(), kind)
    try:
        (found,) = list(open_pages(data, limits))
    except Stopped as stopped:
        assert refused
        assert stopped.code is RefusalCode.PAGE_TOO_BIG
    else:
        assert isinstance(found, PageProblem) is refused


def test_an_owner_password_alone_locks_nobody_out() -> None:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(good(2))))
    writer.encrypt("", owner_password="owner", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    assert [page.source for page in open_pages(out.getvalue(), LIMITS) if isinstance(page, Page)] == ["image"] * 2


def test_the_hostile_suite_has_both_kinds() -> None:
    assert {case.may_be_read for case in CASES} == {True, False}


def test_a_limit_on_one_document_is_not_left_behind_for_others() -> None:
    """Pillow keeps its bound for the whole process; a small limit here once stopped a picture that somebody else opened."""
    before = PillowImage.MAX_IMAGE_PIXELS
    with pytest.raises(Stopped):
        list(open_pages(saved(sheet(), "PNG"), Limits(page_pixels=10)))
    list(open_pages(saved(sheet(), "PNG"), LIMITS))
    assert before == PillowImage.MAX_IMAGE_PIXELS
