"""Words put together to a text."""

from forms.drafting.found import text_of
from forms.drafting.parts import Word, is_right_to_left


def words(*line: str) -> list[Word]:
    """Words as they stand on one line from left to right."""
    return [Word(text, (40.0 * n, 0.0, 40.0 * n + 30, 12.0), False, 11.0) for n, text in enumerate(line)]


def test_arabic_is_read_from_the_right_and_english_beside_it_from_the_left() -> None:
    assert text_of(words("الاجتماعية؟", "بالرعاية", "Social", "care?")) == "بالرعاية الاجتماعية؟ Social care?"
    assert text_of(words("Signature", "/", "التوقيع")) == "Signature / التوقيع"


def test_only_letters_tell_which_way_a_word_is_read() -> None:
    assert [is_right_to_left(word) for word in ("نعم", "Yes", "123", "/", "")] == [True, False, False, False, False]
