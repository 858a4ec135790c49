"""The fitted scorer of marks: windows of boxes → the chances of what lies in each. The model's card is `models/marks.md`.

The network's scores are softened by a temperature and floored, both fitted on forms that it was not fitted on, so that a chance
of *c* is right in a share *c* of cases. It only sees; whether an answer is taken is for `marks`, `answers` and `costs`.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

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


class Scorer:
    """A loaded network. Made once a process; runs on one core."""

    def __init__(self, model: bytes, calibration: Calibration) -> None:
        options = onnxruntime.SessionOptions()
        # A worker has one core, and a pool of threads would not survive the fork into the sandbox.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self.calibration = calibration

    def chances(self, seen: Seen) -> dict[tuple[str, str], Chances]:
        """For each box (field id, box name): the chance of each content, 0 to 1, together 1."""
        if not seen.keys:
            return {}
        chances = calibrated(self.scores(seen.views), self.calibration)
        return {
            key: {content.value: float(chance) for content, chance in zip(CONTENTS, row, strict=True)}
            for key, row in zip(seen.keys, chances, strict=True)
        }

    def scores(self, views: Views) -> NDArray[np.float64]:
        """The network's own scores: n × 7, in the order of `Content`."""
        found = self._session.run(None, {"windows": views})
        return np.asarray(found[0], np.float64)


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
    calibration = Calibration(told["version"], float(told["temperature"]), float(told["floor"]), tuple(told["shares"]))
    return Scorer((MODELS / "marks.onnx").read_bytes(), calibration)
