"""Loads the models that lie in forms/models. They come with the project; nothing is ever fetched."""

from pathlib import Path
from typing import Any, Protocol

MODELS = Path(__file__).resolve().parent.parent / "models"


class Session(Protocol):
    """The part of an onnxruntime session that is used."""

    # Any: onnxruntime types its inputs and outputs so.
    def run(self, output_names: None, input_feed: dict[str, Any]) -> Any:
        """Runs the model once."""
        ...

    def get_modelmeta(self) -> Any:
        """What the model says of itself."""
        ...


def session(model: Path) -> Session:
    """A model ready to run on one thread: a locked-in process may start no other, and a worker has one core."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    # A process reads a handful of fields: memory kept for later would only be held.
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    loaded: Session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    return loaded
