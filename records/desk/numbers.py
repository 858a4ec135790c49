"""Whole numbers as they are typed or sent back by a page: file numbers, counts, versions. Pure."""

MOST_DIGITS = 9
"""What every column holds; thousands of figures would be too many even for the language."""


def whole(text: str) -> int | None:
    """The number; None for anything else, too long a one and figures of other scripts among them."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
