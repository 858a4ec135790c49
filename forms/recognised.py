"""What an engine made of one line of writing. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OcrText:
    """What was recognised, and how sure the engine says it is (0 to 1)."""

    text: str
    confidence: float
