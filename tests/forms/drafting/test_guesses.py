"""Guesses from printed words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.drafting.guesses import asks_for_another, is_office_use, short_of, slug, written_id, written_kind
from forms.template import Kind


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Signed", Kind.SIGNATURE),
        ("Signature of young person", Kind.SIGNATURE),
        ("Date signed", Kind.DATE),
        ("D.O.B.", Kind.DATE),
        ("Print name of signer", Kind.TEXT),
        ("Name of parent", Kind.TEXT),
        ("Updated address", Kind.TEXT),
        ("Do you use British Sign Language?", Kind.TEXT),
    ],
)
def test_the_kind_of_writing(label: str, kind: Kind) -> None:
    assert written_kind(label) is kind


def test_other_people_are_not_another_box_to_fill() -> None:
    assert asks_for_another("Other (specify)")
    assert not asks_for_another("You may tell other people")


def test_office_boxes_are_known() -> None:
    assert is_office_use("For office use only")
    assert not is_office_use("Post office")


def test_ids_of_what_is_written() -> None:
    assert written_id("Name of Child/Young person", Kind.TEXT) == "child_name"
    assert written_id("Student name", Kind.TEXT) == "child_name"
    assert written_id("Tel", Kind.TEXT) == "telephone"
    assert written_id("Email address", Kind.TEXT) == "email"
    assert [written_id(label, Kind.DATE) for label in ("D.O.B", "DOB")] == ["date_of_birth"] * 2
    assert written_id("Signature of young person (16+)", Kind.SIGNATURE) == "young_person_signature"
    assert written_id("Signature of parent or young person", Kind.SIGNATURE) == "signature"
    assert [written_id(label, Kind.DATE) for label in ("Dated", "Today’s date")] == ["signed_on"] * 2
    assert written_id("Favourite colour", Kind.TEXT) == "favourite_colour"


@given(st.text())
def test_a_slug_is_always_a_plain_name(text: str) -> None:
    made = slug(text)
    assert re.fullmatch(r"[a-z][a-z0-9_]{0,39}", made)


@given(st.text(max_size=300))
def test_a_short_label_stays_short(text: str) -> None:
    assert len(short_of(text)) <= 62
