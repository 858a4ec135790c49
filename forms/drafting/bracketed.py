"""Boxes typed as a pair of brackets with nothing between them: "[  ] Yes", "( ) No". Pure; boxes in points from the top left."""

from collections.abc import Sequence
from typing import Any

from forms.geometry import Box, around

# pdfplumber describes every letter as a dictionary of this kind.
Letter = dict[str, Any]

_PAIRS = {"[": "]", "(": ")"}
_BETWEEN = frozenset(" _\N{NO-BREAK SPACE}\N{EN SPACE}\N{EM SPACE}\N{FIGURE SPACE}\N{THIN SPACE}")
_LEAST_ROOM = 2.4
_WIDTHS = {"[": (6.0, 40.0), "(": (6.0, 26.0)}


def bracket_boxes(letters: Sequence[Letter]) -> tuple[list[Box], list[Letter]]:
    """The places between empty brackets with room for a mark, brackets included; and the letters that they are made of.

    `letters`: of one page, in the order in which the page draws them.
    """
    boxes: list[Box] = []
    used: list[Letter] = []
    held: list[Letter] = []
    for letter in letters:
        text = letter["text"]
        if held and text == _PAIRS[held[0]["text"]] and abs(letter["top"] - held[0]["top"]) < 1:
            made = [*held, letter]
            box = around([(o["x0"], o["top"], o["x1"], o["bottom"]) for o in made])
            least, most = _WIDTHS[held[0]["text"]]
            if letter["x0"] - held[0]["x1"] >= _LEAST_ROOM and least <= box[2] - box[0] <= most:
                boxes.append(box)
                used += made
            held = []
        elif text in _PAIRS:
            held = [letter]
        elif held and text in _BETWEEN:
            held.append(letter)
        else:
            held = []
    return boxes, used
