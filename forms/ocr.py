"""Text recognition of one line of writing or print: the protocol, and Tesseract behind it.

A reading of handwriting is a suggestion, never an answer. Loads no image library until it is used.
"""

import io
from typing import Protocol

from forms.errors import OcrError
from forms.recognised import OcrText


class OcrEngine(Protocol):
    """Recognises one line."""

    def line(self, png: bytes, *, figures: bool = False) -> OcrText:
        """The text of a picture of one line. `figures`: only figures and date separators are expected."""
        ...


class Tesseract:
    """Tesseract through pytesseract. The caller sets OMP_THREAD_LIMIT=1: its threads cost three to five times the time."""

    def __init__(self, languages: str = "eng", seconds: float = 20) -> None:
        self._languages, self._seconds = languages, seconds

    def line(self, png: bytes, *, figures: bool = False) -> OcrText:
        """See OcrEngine.line. Raises OcrError when it takes too long or breaks."""
        import pytesseract
        from PIL import Image

        config = "--psm 7"
        if figures:
            config += " -c tessedit_char_whitelist=0123456789/.-"
        try:
            with Image.open(io.BytesIO(png)) as image:
                image.load()
                found = pytesseract.image_to_data(
                    image, lang=self._languages, config=config, timeout=self._seconds,
                    output_type=pytesseract.Output.DICT,
                )  # fmt: skip
        except (pytesseract.TesseractError, RuntimeError, OSError) as error:
            raise OcrError("Text recognition broke on this field.") from error
        words = [
            (str(word).strip(), float(sure))
            for word, sure in zip(found["text"], found["conf"], strict=True)
            if str(word).strip() and float(sure) >= 0
        ]
        if not words:
            return OcrText("", 0.0)
        return OcrText(" ".join(word for word, _ in words), min(sure for _, sure in words) / 100)
