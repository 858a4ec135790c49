"""Bad input: a clear sentence at the field, the typed text kept, nothing hidden stored."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.cases.typed import LONGEST_NOTE, Typed, look_at, look_at_day

EMPTY = "Write what the family asks for"


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("  The school\r\nsaid no.  ", Typed("The school\nsaid no.")),
        ("", Typed("", EMPTY)),
        (" \n\t ", Typed("", EMPTY)),
        ("\u200d", Typed("", EMPTY)),
        ("ring\x07", Typed("ring", "Details held a hidden mark that was taken out. Read it again, then save it")),
        (
            "a\u202eb\u2066c",
            Typed("abc", "Details held 2 hidden marks that were taken out. Read it again, then save it"),
        ),
        ("نص عربي", Typed("نص عربي")),
        ("👩‍👧", Typed("👩‍👧")),
        ("<script>alert(1)</script>", Typed("<script>alert(1)</script>")),
    ],
)
def test_a_note_is_looked_at(raw: str, wanted: Typed) -> None:
    assert look_at(raw, "Details", most=LONGEST_NOTE, needed=EMPTY, lines=True) == wanted


def test_a_note_may_have_twenty_thousand_characters_and_not_one_more() -> None:
    fits = look_at("a" * LONGEST_NOTE, "Details", most=LONGEST_NOTE, lines=True)
    over = look_at("é\r\n" * 10_000 + "ab", "Details", most=LONGEST_NOTE, lines=True)
    assert fits.mistake is None
    assert over.mistake == "Details must be 20,000 characters or fewer. There are 20,002"
    assert len(over.text) == 20_002


def test_a_line_joins_its_spaces() -> None:
    assert look_at(" Rowan \n\t Testwood ", "Name") == Typed("Rowan Testwood")


@given(st.text(max_size=200), st.booleans())
def test_what_is_shown_again_can_be_saved(raw: str, lines: bool) -> None:
    """Sending the shown text once more meets no hidden mark any longer."""
    shown = look_at(raw, "Details", lines=lines)
    assert look_at(shown.text, "Details", lines=lines) == Typed(shown.text)


DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("boxes", "mistake"),
    [
        (("20", "11", "2026"), None),
        (("31", "2", "2026"), "Day must be a real date, for example 27 3 2026"),
        (("20", "11", "26"), "Day must be a real date, for example 27 3 2026"),
        (("²", "11", "2026"), "Day must be a real date, for example 27 3 2026"),
        (("٢٠", "11", "2026"), "Day must be a real date, for example 27 3 2026"),
        (("-1", "11", "2026"), "Day must be a real date, for example 27 3 2026"),
        (("", "", ""), "Enter day"),
        (("21", "11", "2026"), "Day must not be in the future"),
        (("1", "1", "1999"), "Too early"),
    ],
)
def test_a_day_is_looked_at(boxes: tuple[str, str, str], mistake: str | None) -> None:
    found = look_at_day(boxes, "Day", latest=DAY, too_late="Day must not be in the future", earliest=date(2000, 1, 1), too_early="Too early")  # fmt: skip
    assert found.mistake == mistake
    assert (found.day is None) is (mistake is not None)


def test_a_day_that_is_not_needed_may_be_left_out() -> None:
    assert look_at_day(("", " ", ""), "Day", needed=False).mistake is None
