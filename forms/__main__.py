"""`python -m forms SCAN.png [OVERLAY.png]`: prints what is read on one picture of a page, for developers."""

import sys
from pathlib import Path

import cv2
import numpy as np

from forms.catalogue import load_catalogue
from forms.overlay import draw
from forms.reading import read_page

USAGE = "Usage: python -m forms SCAN.png [OVERLAY.png]"


def main(arguments: list[str]) -> int:
    """Reads the page, prints it, and writes the overlay if a file is named for it. Returns the exit code."""
    if len(arguments) not in (1, 2):
        print(USAGE, file=sys.stderr)  # noqa: T201  a command for developers speaks on the terminal
        return 2
    try:
        data = np.frombuffer(Path(arguments[0]).read_bytes(), np.uint8)
    except OSError as error:
        print(f"The picture could not be opened: {error.strerror}.", file=sys.stderr)  # noqa: T201  a command for developers speaks on the terminal
        return 1
    picture = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
    if picture is None:
        print("This is not a picture that can be read here (PNG, JPEG or a page of TIFF).", file=sys.stderr)  # noqa: T201  a command for developers speaks on the terminal
        return 1
    pixels = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)
    reading, _ = read_page(pixels, None, 1, load_catalogue())
    print(f"{reading.kind} {reading.form or ''} {reading.edition or ''} {reading.reason or ''}".strip())  # noqa: T201  a command for developers speaks on the terminal
    for field in reading.fields:
        asked = f"  ASK: {field.reason}" if field.review else ""
        print(f"  {field.id:30} {field.value or '-':12} {field.confidence:.2f}{asked}")  # noqa: T201  a command for developers speaks on the terminal
    if len(arguments) == 2:
        Path(arguments[1]).write_bytes(draw(pixels, reading))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
