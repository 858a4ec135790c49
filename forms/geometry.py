"""Points, pixels and the transforms between them. Pure: plain floats, no image library.

Blank pages are measured in PDF points from the top left; images in pixels from the top left. A `Placement` is a
3×3 homography, row by row, from points on the blank to pixels on the upright page image.
"""

from collections.abc import Iterable

Box = tuple[float, float, float, float]  # left, top, right, bottom
Placement = tuple[float, float, float, float, float, float, float, float, float]
POINTS_PER_INCH = 72.0
MM_PER_INCH = 25.4
A4_INCHES = (8.27, 11.69)


def place_point(placement: Placement, x: float, y: float) -> tuple[float, float]:
    """Where a point of the blank lies on the page image."""
    a, b, c, d, e, f, g, h, i = placement
    depth = g * x + h * y + i
    if depth == 0:
        return (float("inf"), float("inf"))
    return ((a * x + b * y + c) / depth, (d * x + e * y + f) / depth)


def corners(box: Box) -> tuple[tuple[float, float], ...]:
    """The four corners, clockwise from the top left."""
    left, top, right, bottom = box
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def place_box(placement: Placement, box: Box) -> Box:
    """The upright rectangle of pixels that holds a box of the blank."""
    points = [place_point(placement, x, y) for x, y in corners(box)]
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return (min(xs), min(ys), max(xs), max(ys))


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box that holds all the boxes given (at least one)."""
    held = list(boxes)
    return (min(b[0] for b in held), min(b[1] for b in held), max(b[2] for b in held), max(b[3] for b in held))


def grown(box: Box, by_x: float, by_y: float | None = None) -> Box:
    """The box with a margin on every side; a negative margin shrinks it."""
    down = by_x if by_y is None else by_y
    return (box[0] - by_x, box[1] - down, box[2] + by_x, box[3] + down)


def clipped(box: Box, width: float, height: float) -> Box:
    """The part of the box that lies on a page of this size."""
    left, top, right, bottom = box
    return (max(0.0, left), max(0.0, top), min(width, right), min(height, bottom))


def overlap(one: Box, other: Box) -> bool:
    """Whether the boxes share any area."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
