"""A printed box that no field of a template reads is told."""

from dataclasses import replace
from pathlib import Path

import pytest

from forms.catalogue import BLANKS, load_catalogue, pages_of
from forms.drafting import unread
from forms.drafting.draft import draft_template, write_beside
from forms.template import Template
from tests.forms.drafting.drawing import BOX, pdf_of

PDF = pdf_of(f"May we ring you? #h(1cm) {BOX} Yes #h(1cm) {BOX} No\n\n{BOX} Large print #pagebreak() {BOX} Audio")


@pytest.mark.parametrize("template", load_catalogue().templates(), ids=lambda one: f"{one.id} {one.edition}")
def test_every_box_of_the_bundled_blanks_is_read(template: Template) -> None:
    assert unread.advice(template, pages_of(template, BLANKS)) == []


def test_a_box_left_out_is_told_and_one_called_otherwise_is_not(tmp_path: Path) -> None:
    whole = draft_template(PDF, "drawn", "1")
    write_beside(whole, PDF, tmp_path / "drawn.1.json")

    def told(*left_out: str) -> list[str]:
        some = replace(
            whole, fields=tuple(replace(one, id=f"{one.id}_x") for one in whole.fields if one.id not in left_out)
        )
        return unread.advice(some, pages_of(some, tmp_path))

    assert told() == []
    assert told("may_we_ring_you") == ["No field reads the printed boxes of “May we ring you?” on page 1."]
    assert told("large_print", "audio") == [
        "No field reads the printed box of “Large print” on page 1.", "No field reads the printed box of “Audio” on page 2."
    ]  # fmt: skip


def test_a_template_without_a_pdf_or_with_a_broken_one_is_passed_over(tmp_path: Path) -> None:
    whole = draft_template(PDF, "drawn", "1")
    write_beside(whole, PDF, tmp_path / "drawn.1.json")
    (tmp_path / "drawn.1.pdf").write_bytes(b"%PDF-1.7 no more")
    assert unread.advice(whole, pages_of(whole, tmp_path)) == []
    (tmp_path / "drawn.1.pdf").unlink()
    assert unread.advice(whole, pages_of(whole, tmp_path)) == []
