"""Reads a written date: by the model of figures, and where that is not sure by the model of letters as well.

The two were made by other people from other hands, and make other mistakes. A date whose month stands in letters is read by the
second alone.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from forms.dates import Figures
from forms.recognised import OcrText
from forms.writing.decoding import NOTHING, SIGNS, agreed, best_first, either, weighed
from forms.writing.figures import FigureReader
from forms.writing.letters import Letters
from forms.writing.lines import Line, readings
from forms.writing.places import Groups

SURE = 0.9
"""From here the model of figures is believed alone."""
MOST = 0.98
"""No date that needed both, or the model of letters alone, is surer than this: it is never taken without a person."""
WORDS_BELOW, LEAST_LETTERS = 0.5, 3
"""Below this, a line in which this many letters were read is a date whose month is written out."""
_MEANT = {
    "0": "Oo", "1": "lIi", "2": "Zz", "5": "Ss", "6": "b", "8": "B", "9": "gq", "/": ".-|,",
}  # fmt: skip
"""Signs that stand for a figure or a slash where figures are expected."""
_LETTER_WORTH = 0.7


class DateReader:
    """Both models, loaded once a process. 10 ms a date on one core, 70 ms where it must be looked at twice."""

    def __init__(self, figures: FigureReader, letters: Letters) -> None:
        self._figures, self._letters = figures, letters
        self._places = _places(letters.signs)

    def read(self, grey: NDArray[np.uint8], groups: Groups = (), latest: int | None = None) -> OcrText:
        """The date as `dd/mm/yyyy` or `dd/mm/yy`, or the words of one written out, and how sure; empty when there is none.

        `grey`: uint8, height × width, 255 is paper, print taken away. `groups`: where the form wants day, month and year;
        `latest`: the year of receipt.
        """
        lines = readings(grey, groups)
        if not lines:
            return OcrText("", 0.0)
        by_figures = self._figures.likely(lines, latest)
        found = _best(by_figures)
        if found.confidence >= SURE:
            return found
        by_figures = self._figures.likely(lines, latest, lenient=True)
        both = agreed(by_figures, either([self._by_letters(line, latest) for line in lines]))
        found = _best(both)
        if found.confidence < WORDS_BELOW:
            named = self._letters.read(grey)
            if sum(sign.isalpha() for sign in named.text) >= LEAST_LETTERS:
                return OcrText(named.text, min(named.confidence, MOST))
        return OcrText(found.text, min(found.confidence, MOST))

    def _by_letters(self, line: Line, latest: int | None) -> Mapping[Figures | None, float]:
        """What the model of letters makes of a line of figures."""
        shares = self._letters.shares(255 - line.level)
        if shares is None:
            return {None: 1.0}
        figures = shares.astype(np.float64) @ self._places
        return weighed(
            (figures / np.maximum(figures.sum(axis=1, keepdims=True), 1e-9)).T, latest, line.cells, lenient=True
        )


def _places(signs: list[str]) -> NDArray[np.float64]:
    """How much each sign of the model of letters is worth as each sign of a date: signs × (figures, slash, nothing)."""
    worth = np.zeros((len(signs), NOTHING + 1))
    worth[0, NOTHING] = 1.0
    for place, figure in enumerate(SIGNS):
        for sign in (figure, *_MEANT.get(figure, "")):
            if sign in signs:
                worth[signs.index(sign), place] = _LETTER_WORTH if sign.isalpha() else 1.0
    return worth


def _best(likely: Mapping[Figures | None, float]) -> OcrText:
    found = best_first(likely)
    return OcrText(str(found[0].written), found[0].confidence) if found else OcrText("", 0.0)
