"""Boxes without an outline of their own in the PDF: shaded areas, small pictures, and letters of a font of symbols."""

import io

import pytest
from PIL import Image, ImageDraw

from forms.drafting.draft import draft_template
from forms.template import Kind
from tests.forms.drafting.test_other_blanks import drafted
from tests.hostile import one_page, stream


def shaded(colour: str) -> str:
    return f"#box(width: 5mm, height: 5mm, fill: {colour}, baseline: 20%)"


def picture(*, outline: bool) -> str:
    """A small picture, of a box or of a filled square."""
    seen = Image.new("L", (60, 60), 255)
    ImageDraw.Draw(seen).rectangle((2, 2, 57, 57), outline=0, fill=None if outline else 0, width=4)
    out = io.BytesIO()
    seen.save(out, "PNG")
    data = ", ".join(map(str, out.getvalue()))
    return f"#box(image(bytes(({data})), width: 5mm, height: 5mm), baseline: 20%)"


@pytest.mark.parametrize("box", [shaded("luma(225)"), shaded('rgb("#dbe9f6")'), picture(outline=True)])
def test_a_pale_area_and_a_picture_of_a_box_are_boxes(box: str) -> None:
    found = drafted(f"You may contact:\n\n{box} School\n\nMay we ring you? #h(1fr) {box} Yes #h(5mm) {box} No").fields
    assert [(one.kind, one.label) for one in found] == [(Kind.TICK, "School"), (Kind.YES_NO, "May we ring you?")]
    left, top, right, bottom = found[0].boxes["tick"]
    assert (right - left, bottom - top) == pytest.approx((14.17, 14.17), abs=0.5)


def test_white_boxes_on_a_coloured_panel_are_boxes() -> None:
    body = f"You may contact:\n\n{shaded('white')} School\n\n{shaded('white')} Social care"
    found = drafted(f'#block(fill: rgb("#cfe3f5"), inset: 6mm, width: 100%)[{body}]').fields
    assert [one.label for one in found] == ["School", "Social care"]


@pytest.mark.parametrize(
    "ornament", [shaded("black"), shaded('rgb("#1d3a6e")'), shaded("white"), picture(outline=False)]
)
def test_bullets_and_what_cannot_be_seen_are_no_boxes(ornament: str) -> None:
    found = drafted(f"{ornament} Our promise\n\nSignature #box(width: 1fr, repeat[.])").fields
    assert [one.kind for one in found] == [Kind.SIGNATURE]


def test_a_hole_in_something_dark_is_a_mark_for_the_machine() -> None:
    hole = "#place(top + left, dx: 1.5mm, dy: 1.5mm, rect(width: 3mm, height: 3mm, fill: white))"
    mark = f"#box(width: 6mm, height: 6mm, fill: black)[{hole}]"
    found = drafted(f"{mark} Our form\n\nSignature #box(width: 1fr, repeat[.])").fields
    assert [one.kind for one in found] == [Kind.SIGNATURE]


def with_symbols(font: str, letter: int) -> bytes:
    """A page with two boxes of a font that no file embeds, as every viewer has it."""
    words = [
        "BT /F1 11 Tf 60 740 Td (You may contact:) Tj ET",
        *(
            part
            for n, label in enumerate(("School", "Social care"))
            for part in (
                f"BT /F2 13 Tf 60 {715 - 24 * n} Td <{letter:02X}> Tj ET",
                f"BT /F1 11 Tf 80 {715 - 24 * n} Td ({label}) Tj ET",
            )
        ),
    ]
    fonts = (
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/%s>>" % font.encode(),
    )
    return one_page(stream("\n".join(words).encode()), b"/Font <</F1 5 0 R/F2 6 0 R>>", *fonts)


@pytest.mark.parametrize("letter", [0x6F, 0x70, 0x71, 0x72])
def test_the_boxes_of_a_font_of_symbols_are_boxes(letter: int) -> None:
    found = draft_template(with_symbols("ZapfDingbats", letter), "x", "1").fields
    assert [(one.kind, one.label, one.item) for one in found] == [
        (Kind.TICK, "School", "contact:education"), (Kind.TICK, "Social care", "contact:social_care")
    ]  # fmt: skip
