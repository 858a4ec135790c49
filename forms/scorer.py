"""The fitted scorer of marks: windows of boxes → the chances of what lies in each. The model's card is `models/marks.md`.

The network's scores are softened by a temperature and floored, both fitted on forms that it was not fitted on, so that a chance
of *c* is right in a share *c* of cases. It only sees; whether an answer is taken is for `marks`, `answers` and `costs`.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from forms.errors import TemplateError
from forms.marks import Content
from forms.views import Seen, Views

MODELS = Path(__file__).parent / "models"
CONTENTS = tuple(Content)

Chances = dict[str, float]


@dataclass(frozen=True)
class Calibration:
    """How the network's scores become chances.

    `floor`: the share of windows of which nothing can be known. `shares`: added to the scores (in the order of `Content`), because
    odd marks are far rarer on real forms than among the windows that the network was fitted on.
    """

    version: str
    temperature: float
    floor: float
    shares: tuple[float, ...] = ()


class Scores(Protocol):
    """Whatever scores windows."""

    def scores(self, views: Views) -> NDArray[np.float64]:
        """n × 7, in the order of `Content`, before any softmax."""
        ...


class Network:
    """A loaded network: windows of boxes → scores. Made once a process; runs on one core."""

    def __init__(self, model: bytes) -> None:
        options = onnxruntime.SessionOptions()
        # A worker has one core, and a pool of threads would not survive the fork into the sandbox.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def scores(self, views: Views) -> NDArray[np.float64]:
        """The network's own scores: n × 7, in the order of `Content`."""
        found = self._session.run(None, {"windows": views})
        return np.asarray(found[0], np.float64)


@dataclass(frozen=True)
class Below:
    """How sure the quick network must be that a box is `empty`, or that it is `marked`, or a larger one looks as well, 0 to 1.

    A mark that is taken for a yes does the harm, and most boxes are empty.
    """

    empty: float
    marked: float


@dataclass(frozen=True)
class Closer:
    """A larger network that looks again where the first is less sure than `below`; `calibration`: of the mean of both scores."""

    network: Scores
    calibration: Calibration
    below: Below


class Scorer:
    """The chances of what lies in each box: by a quick network, and by it and a larger one where the first is not sure."""

    def __init__(self, first: Scores, calibration: Calibration, closer: Closer | None = None) -> None:
        self._first, self._closer = first, closer
        self.calibration = calibration

    def chances(self, seen: Seen) -> dict[tuple[str, str], Chances]:
        """For each box (field id, box name): the chance of each content, 0 to 1, together 1."""
        if not seen.keys:
            return {}
        return {
            key: {content.value: float(chance) for content, chance in zip(CONTENTS, row, strict=True)}
            for key, row in zip(seen.keys, self.of_windows(seen.views), strict=True)
        }

    def of_windows(self, views: Views) -> NDArray[np.float64]:
        """The chances for each window: n × 7, in the order of `Content`."""
        scores = self._first.scores(views)
        chances = calibrated(scores, self.calibration)
        if self._closer and (unsure := is_unsure(chances, self._closer.below)).any():
            both = (scores[unsure] + self._closer.network.scores(np.ascontiguousarray(views[unsure]))) / 2
            chances[unsure] = calibrated(both, self._closer.calibration)
        return chances


def is_unsure(chances: NDArray[np.float64], below: Below) -> NDArray[np.bool_]:
    """Which windows (n × 7) are neither surely empty nor surely marked. Anything else is put to a person anyway."""
    marked = chances[:, [CONTENTS.index(Content.TICKED), CONTENTS.index(Content.CROSSED)]].sum(axis=1)
    return np.asarray((chances[:, CONTENTS.index(Content.EMPTY)] < below.empty) & (marked < below.marked), np.bool_)


def calibrated(scores: NDArray[np.float64], calibration: Calibration) -> NDArray[np.float64]:
    """Scores (n × 7) → chances (n × 7)."""
    scaled = scores / calibration.temperature
    if calibration.shares:
        scaled = scaled + np.array(calibration.shares)
    scaled = scaled - scaled.max(axis=1, keepdims=True)
    chances = np.exp(scaled)
    chances /= chances.sum(axis=1, keepdims=True)
    return np.asarray((1 - calibration.floor) * chances + calibration.floor / chances.shape[1], np.float64)


@lru_cache(maxsize=1)
def scorer() -> Scorer:
    """The bundled scorer. Raises TemplateError if the model and its calibration do not belong together."""
    told = json.loads((MODELS / "marks.json").read_text("utf-8"))
    if told["contents"] != [content.value for content in CONTENTS]:
        raise TemplateError("The scorer of marks was fitted for other contents. Install Paperchain again.")
    closer = told["closer"]
    return Scorer(
        Network((MODELS / "marks.onnx").read_bytes()),
        _calibration(told["version"], told),
        Closer(
            Network((MODELS / "marks-closer.onnx").read_bytes()), _calibration("", closer), Below(**closer["below"])
        ),
    )


# Any: a part of a JSON file of our own.
def _calibration(version: str, told: dict[str, Any]) -> Calibration:
    return Calibration(version, float(told["temperature"]), float(told["floor"]), tuple(told["shares"]))
