"""Are a template's labels as large as the words that they stand for? By these words the reader tells whether it has the right form.

It looks for each label in pieces of about a word. A piece that lies where nothing is printed is never found, on no copy.
"""

from collections.abc import Sequence

import numpy as np

from forms.blank_pages import POINT, softened
from forms.edition import FOUND_AT, LabelFit, fits_itself, is_another_edition
from forms.geometry import Box
from forms.page import Grey, halved
from forms.template import Field

TIGHT = 2.0
"""Points of room round the words that a label may have."""
_LOOSE = 8.0
_INTO_BOX = 2.0
_INK = 170


def faults(fields: Sequence[Field], picture: Grey, page: int) -> list[str]:
    """What is wrong with the labels of one page, in words. `picture`: its blank (BLANK_DPI, 255 is paper)."""
    soft, found, fits = softened(halved(picture)), [], {}
    for one in fields:
        if not one.kind.is_mark:
            continue
        least = {name: _least(soft, box) for name, box in one.labels.items()}
        for name, box in one.labels.items():
            if least[name] < FOUND_AT:
                found.append(_too_large(one, name, box, picture, soft))
            found += [
                f"The label of {_called(one, name)} reaches into its box {mark}: no mark may lie in a label."
                for mark, there in one.boxes.items()
                if _shared(box, there) > _INTO_BOX
            ]
        heads = max(least.get("yes", 1.0), least.get("no", 1.0))
        fits[one.id] = LabelFit(least.get("text", 1.0), heads)
    if fits and is_another_edition(fits):
        found.append(f"So every copy of page {page} would be taken for another edition, and none would be read.")
    return found


def advice(fields: Sequence[Field], picture: Grey) -> list[str]:
    """Labels that are found, and would be found better if they were tighter."""
    soft, found = softened(halved(picture)), []
    for one in fields:
        for name, box in one.labels.items() if one.kind.is_mark else ():
            words = _printed(picture, box)
            if words is None or _least(soft, box) < FOUND_AT:
                continue  # told as a fault
            if max(abs(a - b) for a, b in zip(words, box, strict=True)) > _LOOSE:
                found.append(
                    f"The label of {_called(one, name)} is larger than its words, which lie in {_listed(words)}."
                )
    return found


def _least(soft: Grey, box: Box) -> float:
    """How well the worst piece of a label fits itself."""
    return min(fit for *_, fit in fits_itself(soft, box))


def _called(one: Field, name: str) -> str:
    return one.id if name == "text" else f"{one.id} ({name})"


def _too_large(one: Field, name: str, box: Box, picture: Grey, soft: Grey) -> str:
    called, words = _called(one, name), _printed(picture, box)
    if words is None:
        return f"Nothing is printed in the label of {called}: it should lie round its words."
    if box[2] - words[2] > TIGHT:
        return f"The words of {called} end at {words[2]:.0f} pt, its label reaches to {box[2]:.0f}: end it there."
    if words[0] - box[0] > TIGHT:
        return f"The words of {called} begin at {words[0]:.0f} pt, its label at {box[0]:.0f}: begin it there."
    left, right = next((left, right) for left, right, fit in fits_itself(soft, box) if fit < FOUND_AT)
    return (
        f"Nothing is printed between {left:.0f} and {right:.0f} pt in the label of {called}: "
        "it should lie round its words alone."
    )


def _printed(picture: Grey, box: Box) -> Box | None:
    """What is printed in a box, from its first ink to its last, in points; None where nothing is."""
    left, top, right, bottom = (round(edge * POINT) for edge in box)
    ink = picture[max(0, top) : bottom, max(0, left) : right] < _INK
    if not ink.any():
        return None
    across, down = np.flatnonzero(ink.any(axis=0)), np.flatnonzero(ink.any(axis=1))
    return (
        (left + int(across[0])) / POINT, (top + int(down[0])) / POINT,
        (left + int(across[-1]) + 1) / POINT, (top + int(down[-1]) + 1) / POINT,
    )  # fmt: skip


def _shared(one: Box, two: Box) -> float:
    """Points by which two boxes lie on one another, along the shorter side of what they share."""
    return min(min(one[2], two[2]) - max(one[0], two[0]), min(one[3], two[3]) - max(one[1], two[1]))


def _listed(box: Box) -> str:
    return "[" + ", ".join(f"{edge:.0f}" for edge in box) + "]"
