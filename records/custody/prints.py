"""Prints about papers: sheet and item list of a sack, list of a drawer, papers of a return with their receipts, address label,
and a certified print for a paper that is gone. Each a tagged PDF of at least 12 point (R54, R56, R59, R61)."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from records.policies.periods import in_words
from records.press import press

HERE = Path(__file__).parent


def waste_sheet(number: int, seal: str | None, count: int, today: date) -> bytes:
    """The sheet that goes with a sack: its number, seal and count, and room for two signatures. Never what the papers are."""
    return _press("waste_sheet.typ", {"number": number, "seal": seal or "", "count": count, "date": in_words(today)})


def item_list(
    number: int, seal: str | None, first: str, second: str, lines: Sequence[tuple[str, str, str]], today: date
) -> bytes:
    """What is in a sack, by number (paper, item, sheets), for the office alone."""
    return _press(
        "paper_list.typ",
        {
            "title": f"Item list of sack {number}", "date": in_words(today),
            "facts": [["Sack", str(number)], ["Seal", seal or "Not sealed yet"], ["Papers", str(len(lines))],
                      ["Counted by", first], ["Counted again and sealed by", second]],
            "head": ["Paper", "Item", "Sheets"], "rows": [list(line) for line in lines], "boxes": False,
            "note": "Keep this list in the office. It never goes with the sack.",
        },
    )  # fmt: skip


def drawer_list(number: int, place: str, lines: Sequence[tuple[str, str, str]], today: date) -> bytes:
    """What should be in a drawer (folder, paper, sheets), each with a box to tick."""
    return _press(
        "paper_list.typ",
        {
            "title": f"Stocktake {number}", "date": in_words(today),
            "facts": [["Drawer", place], ["Papers that should be there", str(len(lines))]],
            "head": ["Folder", "Paper", "Sheets"], "rows": [list(line) for line in lines], "boxes": True,
            "note": "Tick each paper that you held in your hand. Write down any that are not on the list.",
        },
    )  # fmt: skip


def address_label(lines: Sequence[str]) -> bytes:
    """The outside of an envelope: who it is for, and nothing that names the service."""
    return _press("address_label.typ", {"lines": list(lines)})


def certified_print(
    facts: Sequence[tuple[str, str]], pictures: Sequence[tuple[str, str, bytes]], words: str, today: date, service: str
) -> bytes:
    """Pictures of a paper that is gone, with how they were taken, and who says so (R54, R61). `pictures`: caption, media type, bytes."""
    kinds = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/svg+xml": "svg"}
    return _press(
        "certified_print.typ",
        {
            "service": service, "date": in_words(today), "facts": [list(fact) for fact in facts], "words": words,
            "pictures": [
                {"caption": caption, "format": kinds.get(media, "png"), "data": list(data)}
                for caption, media, data in pictures
            ],
        },
    )  # fmt: skip


def _press(template: str, data: dict[str, Any]) -> bytes:  # Any: what becomes JSON
    return press(HERE / template, data, for_reading=True)
