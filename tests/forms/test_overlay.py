"""The picture of what was read covers no ink, and the developers' command prints it."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from forms.__main__ import main
from forms.overlay import draw
from forms.reading import read_page
from tests.golden import drawn
from tests.golden.drawn import CATALOGUE, Pixels

MARKS = [("contact_by_email", "yes", "tick"), ("contact_by_text", "no", "tick"), ("contact_health", "tick", "dot")]


def colours(png: bytes) -> Pixels:
    picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(picture, np.uint8)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_no_ink_is_covered_and_values_stand_in_colour(turns: int) -> None:
    page = drawn.filled("westminster-consent", 1, MARKS)
    turned = np.ascontiguousarray(np.rot90(page, turns))
    picture = colours(draw(turned, read_page(turned, None, 1, CATALOGUE)[0]))
    assert picture.shape[:2] == page.shape
    ink = page < 200
    assert (picture[ink] == page[ink][:, None]).all()
    coloured = (picture.max(axis=2).astype(int) - picture.min(axis=2)) > 60
    assert coloured.sum() > 500


def test_a_page_that_is_no_form_is_left_as_it_is() -> None:
    page = drawn.letter()
    picture = colours(draw(page, read_page(page, None, 1, CATALOGUE)[0]))
    assert (picture == page[:, :, None]).all()


def test_a_colour_page_is_taken() -> None:
    page = np.repeat(drawn.filled("westminster-consent", 1, MARKS)[:, :, None], 3, axis=2)
    assert colours(draw(page, read_page(page, None, 1, CATALOGUE)[0])).shape == page.shape


def test_the_command_prints_answers_and_writes_the_overlay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scan, overlay = tmp_path / "scan.png", tmp_path / "overlay.png"
    cv2.imwrite(str(scan), drawn.filled("westminster-consent", 1, MARKS))
    assert main([str(scan), str(overlay)]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("form westminster-consent 2023")
    lines = {line.split()[0]: line for line in printed.splitlines()}
    assert lines["contact_by_email"].split()[1] == "yes"
    assert lines["contact_by_text"].split()[1] == "no"
    assert "ASK:" in lines["contact_health"]
    assert overlay.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(("content", "code"), [(b"", 1), (b"no picture", 1), (None, 1)])
def test_the_command_says_what_it_cannot_open(
    content: bytes | None, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "scan.png"
    if content is not None:
        path.write_bytes(content)
    assert main([str(path)]) == code
    assert "scan.png" not in capsys.readouterr().err
    assert main([]) == 2
