"""F28: what no form asked stays unknown, and is asked for later."""

from datetime import date

import pytest

from records.consents.items import STORE
from records.consents.not_known import Adult, not_known
from records.consents.standing import ConsentState, Standing

DAY = date(2026, 3, 1)
ASKED = {STORE: Standing(STORE, ConsentState.GIVEN, DAY, "1", "Given.")}
OBTAIN = {"obtain_information": Standing("obtain_information", ConsentState.REFUSED, DAY, "2", "Said no.")}
KNOWN = Adult("mother", "yes", ("contact", "safe_contact", "preferences"))


def test_the_old_form_leaves_all_of_it_unknown() -> None:
    words = not_known([Adult()], (), ASKED, True, False, ["unknown"])
    assert len(words) == 8
    assert all("yes" not in each for each in words)


def test_nothing_is_asked_again_that_was_told() -> None:
    assert not_known([KNOWN], (), ASKED | OBTAIN, True, True, ["return"]) == []


@pytest.mark.parametrize(
    ("own_word", "answered", "asked"),
    [(True, False, True), (True, True, False), (False, False, False), (None, False, False)],
)
def test_the_young_persons_own_signature_is_asked_for_from_the_age_of_an_own_word(
    own_word: bool | None, answered: bool, asked: bool
) -> None:
    words = not_known([KNOWN], (), ASKED | OBTAIN, own_word, answered, [])
    assert (words == ["the young person’s own answers and signature"]) is asked


def test_a_file_on_which_nobody_answered_is_not_asked_about() -> None:
    assert not_known([Adult()], (), {}, None, False, []) == []
