"""The prints that come with the project are what their sources say."""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from forms.catalogue import BLANKS
from forms.printing.again import FOLDER
from forms.printing.kept import KEPT, write_kept
from forms.template import template_from_json


def test_kept_prints_are_what_the_sources_say(tmp_path: Path) -> None:
    write_kept(tmp_path)
    made = sorted(path.name for path in tmp_path.iterdir() if path.is_file())
    assert len([name for name in made if name.endswith(".json")]) == len(KEPT)
    sheets = sorted(path.name for path in (tmp_path / FOLDER).iterdir())
    assert sheets == sorted(path.name for path in (BLANKS / FOLDER).iterdir())
    for name in sheets:
        ours, theirs = tmp_path / FOLDER / name, BLANKS / FOLDER / name
        if name.endswith(".json"):
            assert ours.read_text("utf-8") == theirs.read_text("utf-8")
        else:
            assert np.abs(pixels(ours) - pixels(theirs)).mean() < 1.0
    for name in made:
        if name.endswith(".json"):
            again, kept = (json.loads((folder / name).read_text("utf-8")) for folder in (tmp_path, BLANKS))
            assert template_from_json(again) == template_from_json(kept)
        elif name.endswith(".png"):
            again_page, kept_page = (pixels(folder / name) for folder in (tmp_path, BLANKS))
            assert again_page.shape == kept_page.shape
            assert np.abs(again_page - kept_page).mean() < 1.0


def pixels(path: Path) -> NDArray[np.int16]:
    return np.asarray(Image.open(path).convert("L"), np.int16)
