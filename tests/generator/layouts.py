"""Forms that nobody uses: random layouts of questions and boxes, so that a reader is not fitted to two blanks.

Makes a template with a picture for each page and writes both into a folder that a catalogue can be loaded from.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from tests.generator.paper import Rng

DPI = 200
PT = DPI / 72
WIDTH, HEIGHT = 595, 842
_WORDS = [
    "information", "service", "your", "child", "school", "contact", "about", "support", "please", "the", "and",
    "with", "permission", "keep", "record", "share", "team", "health", "to", "we", "may", "letters", "visits",
    "photographs", "newsletter", "telephone", "email", "college", "transport", "assessment", "meeting", "family",
]  # fmt: skip


class Drawn:
    """A page being drawn, in points."""

    def __init__(self, rng: Rng) -> None:
        self.image = Image.new("L", (round(WIDTH * PT), round(HEIGHT * PT)), 255)
        self.draw = ImageDraw.Draw(self.image)
        self.rng = rng

    def text(self, x: float, y: float, words: str, size: float) -> list[float]:
        """Prints words; their box in points."""
        face = ImageFont.load_default(round(size * PT))
        self.draw.text((x * PT, y * PT), words, fill=int(self.rng.integers(0, 40)), font=face)
        left, top, right, bottom = self.draw.textbbox((x * PT, y * PT), words, font=face)
        return [round(v / PT, 1) for v in (left, top, min(right, (WIDTH - 2) * PT), bottom)]

    def box(self, x: float, y: float, width: float, height: float, style: str, line: float) -> list[float]:
        """Prints a box; the middle of its line in points."""
        corners = [x * PT, y * PT, (x + width) * PT, (y + height) * PT]
        wide = max(1, round(line * PT))
        if style == "round":
            self.draw.ellipse(corners, outline=0, width=wide)
        elif style == "grey":
            self.draw.rectangle(corners, outline=150, width=wide)
        else:
            self.draw.rectangle(corners, outline=0, width=wide)
        return [round(x, 1), round(y, 1), round(x + width, 1), round(y + height, 1)]


def some_words(rng: Rng, count: int) -> str:
    return " ".join(rng.choice(_WORDS, count)).capitalize()


# Any: the JSON of a template.
def a_layout(folder: Path, name: str, rng: Rng) -> Path:
    """Writes a form of one page into `folder`: `NAME.json` and its picture. Returns the template's path."""
    page = Drawn(rng)
    fields: list[dict[str, Any]] = []
    size = float(rng.uniform(8.5, 13))
    side = float(rng.uniform(8, 20))
    line = float(rng.uniform(0.5, 1.6))
    style = str(rng.choice(["square", "square", "round", "grey"]))
    table = rng.random() < 0.3
    left, gap = float(rng.uniform(52, 62)), side + float(rng.uniform(30, 60))
    page.text(50, 40, some_words(rng, 4), size * 1.6)
    y = 75.0
    for _ in range(int(rng.integers(1, 4))):
        page.text(50, y, some_words(rng, int(rng.integers(6, 11))), size)
        y += size * 1.5
    y += 10
    step = max(side, size) * float(rng.uniform(1.35, 2.2))
    for number in range(int(rng.integers(6, 12))):
        if y > 600:
            break
        words = some_words(rng, int(rng.integers(3, 7)))
        if table:
            height = max(step, 20)
            label = page.text(56, y + height / 2 - size / 2, words, size)
            boxes = {
                "yes": page.box(430, y, 50, height, "square", line), "no": page.box(480, y, 50, height, "square", line)
            }  # fmt: skip
            page.box(50, y, 380, height, "square", line)
            y += height
        else:
            yes = page.box(left, y, side, side, style, line)
            page.text(left + side + 4, y, "Yes", size)
            no = page.box(left + gap, y, side, side, style, line)
            page.text(left + gap + side + 4, y, "No", size)
            label = page.text(left + 2 * gap + 8, y, words, size)
            boxes = {"yes": yes, "no": no}
            y += step
        fields.append(_field(f"question_{number}", "yes_no", words, boxes, {"text": label}))
    y += 14
    columns = int(rng.integers(1, 4))
    for number in range(int(rng.integers(3, 9))):
        x = 52 + (number % columns) * 510 / columns
        if number and number % columns == 0:
            y += step
        if y > 690:
            break
        words = some_words(rng, int(rng.integers(1, 3)))
        box = page.box(x, y, side, side, style, line)
        label = page.text(x + side + 5, y, words, size)
        fields.append(_field(f"tick_{number}", "tick", words, {"tick": box}, {"text": label}))
    y = min(y + step + 16, 730)
    for number, words in enumerate(("Name of child", "Name of parent", "Signed")):
        label = page.text(52, y + 6, words, size)
        page.draw.line([170 * PT, (y + 22) * PT, 500 * PT, (y + 22) * PT], fill=0, width=2)
        kind = "signature" if words == "Signed" else "text"
        area = {"area": [170, round(y - 2), 500, round(y + 21)]}
        fields.append(_field(f"name_{number}" if kind == "text" else "signature", kind, words, area, {"text": label}))
        y += 34
    template = {
        "id": name, "edition": "1", "title": f"Form {name}", "language": "en",
        "pages": [{"width": WIDTH, "height": HEIGHT}], "fields": fields,
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    page.image.save(folder / f"{name}.1-1.png")
    path = folder / f"{name}.json"
    path.write_text(json.dumps(template, indent=1), "utf-8")
    return path


def _field(
    name: str, kind: str, words: str, boxes: dict[str, list[float]], labels: dict[str, list[float]]
) -> dict[str, Any]:
    return {
        "id": name, "kind": kind, "page": 1, "label": words, "short": words, "item": None, "wording": "",
        "boxes": boxes, "labels": labels,
    }  # fmt: skip


def layouts(folder: Path, prefix: str, count: int, seed: int) -> None:
    """Writes this many forms, named `PREFIX-1` and so on."""
    for number in range(1, count + 1):
        a_layout(folder, f"{prefix}-{number}", np.random.default_rng([seed, number]))
