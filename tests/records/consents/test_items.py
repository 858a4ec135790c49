"""What the family is asked, in words."""

from records.consents.items import ALONE, WORDS


def test_no_two_questions_are_called_alike() -> None:
    """Two rows called “Other” left it to chance which of them a withdrawal was recorded on."""
    assert len(set(WORDS.values())) == len(WORDS)
    assert len(set(ALONE.values())) == len(ALONE)
