"""What a draft tells the person who drafts: what it could not find, and what must be looked at."""

import io

import pytest
from PIL import Image

from forms.drafting.draft import propose
from forms.errors import TemplateError
from tests.forms.drafting.drawing import BOX, pdf_of, table

BARE = "Please delete as appropriate\n\nYou may ring me #h(1fr) YES / NO\n\nYou may write to me #h(1fr) Yes/No\n\n"
SIGNED = "Signature #box(width: 1fr, repeat[.])\n\n"
NAME = "My name #box(width: 1fr, repeat[.])\n\n"


def _picture(wide: str, high: str) -> str:
    """A white picture in the upper left corner of the page."""
    out = io.BytesIO()
    Image.new("L", (1, 1), 255).save(out, "PNG")
    data = ", ".join(map(str, out.getvalue()))
    return f'#place(top + left, dx: -2cm, dy: -2cm, image(bytes(({data})), width: {wide}, height: {high}, fit: "stretch"))\n'


def notes(body: str) -> str:
    return " ".join(propose(pdf_of(body), "drawn", "1").notes)


def test_a_form_with_boxes_for_everything_needs_no_word() -> None:
    asked = f"Please tick Yes or No.\n\nMay we ring you? #h(1fr) Yes {BOX} No {BOX}\n\n{table('Yes', 'No')}\n\n"
    assert notes(f"{asked}{SIGNED}") == ""


def test_a_form_without_a_place_to_sign_is_said() -> None:
    told = notes(f"{NAME}{BOX} Large print")
    assert told.startswith("No place for a signature was found.")
    assert "counts as signed" in told


def test_boxes_without_words_are_said_and_take_none_from_above() -> None:
    rows = "".join(f"{words} #h(1fr) {BOX} Yes #h(5mm) {BOX} No\n\n" for words in ("May we keep your details?", "", ""))
    made = propose(pdf_of(f"Our form\n\n{rows}{SIGNED}"), "drawn", "1")
    assert [one.label for one in made.template.fields][:3] == ["May we keep your details?", "", ""]
    assert "2 questions or boxes on page 1 have no words beside them that could be found." in " ".join(made.notes)


def test_a_page_that_is_one_picture_is_said_to_be_one() -> None:
    page, corner = _picture("21cm", "29.7cm"), _picture("8cm", "8cm")
    with pytest.raises(
        TemplateError, match=r"Page 1 is one picture, as a scan is.* Use the PDF that the form was made as\.$"
    ):
        propose(pdf_of(f"{page}May we ring you? #h(1fr) Yes / No"), "drawn", "1")
    assert "There are pictures on page 1" in notes(f"{corner}{BOX} Large print\n\n{SIGNED}")


def test_rows_to_strike_out_are_named_beside_boxes_and_without() -> None:
    for body, begin in (
        (f"{BARE}{BOX} Large print", "On page 1 "),
        (f"{NAME}{BARE}", "No boxes to tick were found on"),
    ):
        told = notes(body)
        assert told.startswith(begin)
        assert "“You may ring me” and “You may write to me”" in told
        assert "cannot be read; have the form printed with boxes" in told


@pytest.mark.parametrize("words", ["I do / do not agree to be rung.", "I give/do not give* permission for letters"])
def test_a_phrase_to_strike_out_is_named(words: str) -> None:
    assert f"“{words.rstrip('.')}”" in notes(f"{NAME}{words.replace('*', chr(92) + '*')}")


def test_a_question_above_its_words_to_ring_is_named() -> None:
    assert "“May we leave a message?”" in notes(f"{NAME}May we leave a message?\n\nYes #h(2cm) No")


def test_a_page_without_boxes_is_said() -> None:
    told = notes(f"{NAME}{BOX} Large print #pagebreak() {NAME}")
    assert told.startswith("No boxes to tick were found on page 2: does it ask people to delete words?")
    assert "pages 1 and 2: do they" in notes(f"{NAME} #pagebreak() {NAME}")


def test_a_page_that_asks_to_delete_words_that_are_not_known_is_said() -> None:
    assert "On page 1 people are asked to delete or ring words." in notes(
        f"{BOX} Audio\n\nmother / father (delete as applicable)"
    )


def test_a_third_answer_is_to_be_looked_at_with_its_question() -> None:
    told = notes(table("Yes", "No", "Not sure"))
    assert "“Not sure” on page 1 is a tick of its own beside 2 questions" in told
    assert "together with its question" in told


def test_a_blank_with_nothing_to_fill_in_is_refused() -> None:
    with pytest.raises(TemplateError, match=r"Nowhere to write was found .* No boxes to tick were found on page 1"):
        propose(pdf_of("A letter with no boxes at all."), "drawn", "1")
    with pytest.raises(TemplateError, match="“You may ring me” and “You may write to me”"):
        propose(pdf_of(BARE), "drawn", "1")
