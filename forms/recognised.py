"""What an engine made of one line of writing. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OcrText:
    """What was recognised, letter by letter, and how sure the engine says it is of them (0 to 1).

    `spelt`: what they most likely say, by how names and words are spelt; None where that was not looked for.
    """

    text: str
    confidence: float
    spelt: str | None = None

    @property
    def likely(self) -> str:
        """What to offer a person."""
        return self.text if self.spelt is None else self.spelt
