"""Reads written dates with our own small model of figures (forms/models/digits.onnx; card in forms/models/digits.md)."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.dates import Figures
from forms.recognised import OcrText
from forms.writing.decoding import TEMPERATURE, DateGuess, best_first, either, shares_of, weighed, without_separators
from forms.writing.lines import Line, one_line, readings
from forms.writing.models import MODELS, Session, session
from forms.writing.places import Groups

cv2.setNumThreads(1)


class FigureReader:
    """The model, loaded once a process. About 10 ms a date on one core."""

    def __init__(self, model: Path = MODELS / "digits.onnx") -> None:
        self._session: Session = session(model)

    def date(self, grey: NDArray[np.uint8], groups: Groups = (), latest: int | None = None) -> OcrText:
        """The date in a picture of one line as `dd/mm/yyyy` or `dd/mm/yy`, and how sure; empty when it holds none.

        `grey`: uint8, height × width, 255 is paper, print taken away. `groups`: where the form wants day, month and year;
        `latest`: the year of receipt.
        """
        guesses = self.guesses(grey, groups, latest)
        return OcrText(str(guesses[0].written), guesses[0].confidence) if guesses else OcrText("", 0.0)

    def guesses(self, grey: NDArray[np.uint8], groups: Groups = (), latest: int | None = None) -> list[DateGuess]:
        """Every date that it may be, best first."""
        return best_first(self.likely(readings(grey, groups), latest))

    def likely(
        self, lines: Sequence[Line], latest: int | None = None, *, lenient: bool = False
    ) -> dict[Figures | None, float]:
        """How likely each date is, by the ways in which its line can be taken; under None whatever is no date.

        `lenient`: strokes alone in figure boxes are ones, however much they lean, and eight figures need nothing between them. Who writes
        1/1/2025 with a sign to each box is then read wrongly: what is read in this way is for a person to look at.
        """
        return either([weighed(self._shares(one, boxed=lenient), latest, one.cells, lenient=lenient) for one in lines])

    def _shares(self, line: Line, *, boxed: bool) -> NDArray[np.float64]:
        shares = shares_of(self.scores(one_line(line.level)) / TEMPERATURE)
        return without_separators(shares, line.in_boxes(shares.shape[1])) if boxed else shares

    def scores(self, line: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The model's scores for a line from `one_line`: float32, signs × steps."""
        given = (line.astype(np.float32) / 255)[None, None]
        found: NDArray[np.float32] = self._session.run(None, {"line": given})[0][0]
        return found
