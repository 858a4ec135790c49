"""A stored picture shown upright when a person turned its page: the stored bytes stay as they are, inside a drawing that turns them. Pure.

The core opens no pictures. A drawing (SVG) of our own making holds the very bytes, and every browser and the printer of sheets turn it
alike. It holds nothing else: no script, no text, no link.
"""

from base64 import b64encode
from collections.abc import Sequence

DRAWING = "image/svg+xml"
Mask = tuple[int, int, int, int]
"""Left, top, right and lower edge, in pixels."""
# Clockwise by so many degrees, for a picture of w by h: where its left upper corner goes.
_MOVES = {90: "translate({h} 0) rotate(90)", 180: "translate({w} {h}) rotate(180)", 270: "translate(0 {w}) rotate(270)"}
_PICTURES = ("image/png", "image/jpeg")


def upright(
    picture: bytes, media_type: str, size: tuple[int, int], turned: int, masks: Sequence[Mask] = ()
) -> tuple[bytes, str]:
    """The picture as people see it, and its media type. `size`: width and height in pixels; `turned`: degrees clockwise; `masks`: what
    is covered in this view, in pixels of the picture. The bytes of the picture are in the drawing all the same: it is no redaction.

    Unchanged when nobody turned it and nothing is covered, and when it is no picture.
    """
    move = _MOVES.get(turned % 360)
    if (move is None and not masks) or media_type not in _PICTURES:
        return picture, media_type
    w, h = size
    wide, high = (w, h) if turned % 180 == 0 else (h, w)
    covers = "".join(f'<rect x="{x}" y="{y}" width="{right - x}" height="{low - y}"/>' for x, y, right, low in masks)
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{wide}" height="{high}" '
        f'viewBox="0 0 {wide} {high}"><g transform="{(move or "").format(w=w, h=h)}"><image width="{w}" height="{h}" '
        f'xlink:href="data:{media_type};base64,{b64encode(picture).decode("ascii")}"/>{covers}</g></svg>'
    )
    return drawing.encode("ascii"), DRAWING
