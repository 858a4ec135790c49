"""Suggestions are written as people write such things, and never say another name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.tidy import LONGEST, tidy


@pytest.mark.parametrize(
    ("field", "read", "shown"),
    [
        ("child_name", "OliVia Barlow", "Olivia Barlow"),
        ("child_name", "MrS R barlow", "Mrs R Barlow"),
        ("signer_name", "ana de la Cruz", "Ana de la Cruz"),
        ("parent_name", "nadia Rashford-lee", "Nadia Rashford-Lee"),
        ("parent_name", "O'brien", "O'Brien"),
        ("parent_name", "Zoe d'arcy", "Zoe d'Arcy"),
        ("parent_name", "McTaViSh MacDonald", "McTavish MacDonald"),
        ("parent_name", "KARIM FAIRCLOUGH", "KARIM FAIRCLOUGH"),
        ("parent_name", "LaTisha Mackenzie", "LaTisha Mackenzie"),
        ("child_name", "| Ben  Jarosz, _", "Ben Jarosz"),
        ("child_name", "J. Smith jr.", "J. Smith Jr."),
        ("contact_other_1_name", "Mrs varley - tutor.", "Mrs varley - tutor"),
        ("contact_other_1_name", "N.A.", "N.A."),
        ("postcode", "NN317BX", "NN31 7BX"),
        ("postcode", "nn31 7Bx.", "NN31 7BX"),
        ("postcode", "NN28 12P", "NN28 1ZP"),
        ("postcode", "SW1A1AA", "SW1A 1AA"),
        ("postcode", "NN31 7C", "NN31 7C"),
        ("telephone", "07700.900868", "07700 900868"),
        ("telephone", "+44 (0)7700-900868", "+44 (0)7700 900868"),
        ("telephone", "ask at school.", "ask at school"),
    ],
)
def test_a_suggestion_is_written_as_people_write_it(field: str, read: str, shown: str) -> None:
    assert tidy(field, read) == shown


@given(st.sampled_from(["child_name", "parent_name", "signer_name", "address_1"]), st.text(max_size=60))
def test_no_letter_of_a_name_becomes_another(field: str, text: str) -> None:
    def letters(words: str) -> str:
        return "".join(one for one in words.casefold() if one.isalnum())

    assert letters(tidy(field, text)) == letters(text)


@given(st.sampled_from(["child_name", "postcode", "telephone", "school_name"]), st.text(max_size=400))
def test_what_is_tidy_stays_as_it_is(field: str, text: str) -> None:
    once = tidy(field, text)
    assert tidy(field, once) == once
    assert len(once) <= LONGEST + 1  # a postcode may gain its space
