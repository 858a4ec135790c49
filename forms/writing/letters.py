"""Reads a line of writing with a ready-made model cut down to Latin letters (forms/models/letters.onnx; card beside it).

What it makes of handwriting is a suggestion and never more: see the figures on its card.
"""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.recognised import OcrText
from forms.writing.models import MODELS, Session, session
from forms.writing.spelling import Spelling
from forms.writing.spelt import likeliest

_HEIGHT, _LEAST_WIDTH, _MOST_WIDTH = 48, 320, 1600
_INK, _LEAST_INK = 60, 40
_SPECK, _LOWEST = 0.3, 9
"""What is smaller both ways than this share of the tallest piece says nothing of where the line lies; nothing is written as low as this (pixels)."""
# White left around the writing, in heights of it: measured best on forms of the samples.
_ROOM = 0.3


class Letters:
    """The model, loaded once a process. About 60 ms a line on one core."""

    def __init__(self, model: Path = MODELS / "letters.onnx") -> None:
        self._session: Session = session(model)
        self._spelling = Spelling()
        # Place 0 is "nothing"; the model brings its signs with it.
        self._signs: list[str] = ["", *self._session.get_modelmeta().custom_metadata_map["signs"]]

    def read(self, grey: NDArray[np.uint8]) -> OcrText:
        """The text of a picture of one line (uint8, height × width, 255 is paper), and how sure; empty for blank paper."""
        shares = self.shares(grey)
        if shares is None:
            return OcrText("", 0.0)
        best, sure = shares.argmax(axis=1), shares.max(axis=1)
        # The same sign in neighbouring steps is one sign, unless "nothing" stands between.
        spelt = (best != 0) & (best != np.concatenate(([0], best[:-1])))
        if not spelt.any():
            return OcrText("", 0.0)
        text = "".join(self._signs[number] for number in best[spelt])
        likely = likeliest(shares, self._signs, self._spelling)
        return OcrText(" ".join(text.split()), float(sure[spelt].mean()), likely)

    def shares(self, grey: NDArray[np.uint8]) -> NDArray[np.float32] | None:
        """How likely each sign is at each step along a line (float32, steps × signs, in the order of `signs`); None for blank paper."""
        cut = _trimmed(grey)
        if cut is None:
            return None
        found: NDArray[np.float32] = self._session.run(None, {"x": _prepared(cut)})[0][0]
        return found

    @property
    def signs(self) -> list[str]:
        """The signs that it knows; the first is "nothing"."""
        return self._signs


def _trimmed(grey: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    dark = grey < 255 - _INK
    if int(dark.sum()) < _LEAST_INK:
        return None
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark.astype(np.uint8), connectivity=8)
    heights, widths = stats[1:, cv2.CC_STAT_HEIGHT], stats[1:, cv2.CC_STAT_WIDTH]
    tall = int(heights.max())
    if tall < _LOWEST:
        return None
    held = np.concatenate(([False], np.maximum(heights, widths) >= _SPECK * tall))[labels]
    rows, columns = np.flatnonzero(held.any(axis=1)), np.flatnonzero(held.any(axis=0))
    room = int(_ROOM * (rows[-1] - rows[0]))
    return grey[
        max(0, rows[0] - room) : rows[-1] + 1 + room, max(0, columns[0] - 2 * room) : columns[-1] + 1 + 2 * room
    ]


def _prepared(cut: NDArray[np.uint8]) -> NDArray[np.float32]:
    """As the model was trained: 48 pixels high, three equal channels from -1 to 1, filled up with 0 on the right."""
    width = min(_MOST_WIDTH, max(8, -(-_HEIGHT * cut.shape[1] // cut.shape[0])))
    small = cv2.resize(cut, (width, _HEIGHT), interpolation=cv2.INTER_AREA).astype(np.float32)
    whole = np.zeros((1, 3, _HEIGHT, max(_LEAST_WIDTH, width)), np.float32)
    whole[0, :, :, :width] = small / 127.5 - 1
    return whole
