"""A part of a page, wherever its picture is drawn. Pure."""

from dataclasses import dataclass

WHOLE = 1000
SMALLEST = 5
MOST_ON_A_PAGE = 200


@dataclass(frozen=True)
class Area:
    """A part of a page, in thousandths of the width and height of its stored picture, from the top left. Raises ValueError outside the page."""

    left: int
    top: int
    width: int
    height: int

    def __post_init__(self) -> None:
        if min(self.left, self.top) < 0 or min(self.width, self.height) < SMALLEST:
            raise ValueError("too small, or outside the page")
        if self.left + self.width > WHOLE or self.top + self.height > WHOLE:
            raise ValueError("outside the page")


def touch(one: Area, other: Area) -> bool:
    """Whether two areas of one page have anything in common, an edge included."""
    beside = one.left > other.left + other.width or other.left > one.left + one.width
    above = one.top > other.top + other.height or other.top > one.top + one.height
    return not (beside or above)


def of_pixels(mask: tuple[int, int, int, int], size: tuple[int, int]) -> Area:
    """Pixels of a picture of this width and height (left, top, right and lower edge) as an area that covers all of them."""
    (left, top, right, low), (wide, high) = mask, size
    x, y = max(0, left * WHOLE // wide), max(0, top * WHOLE // high)
    right, low = min(WHOLE, -(-right * WHOLE // wide)), min(WHOLE, -(-low * WHOLE // high))
    x, y = min(x, WHOLE - SMALLEST), min(y, WHOLE - SMALLEST)
    return Area(x, y, max(SMALLEST, right - x), max(SMALLEST, low - y))
