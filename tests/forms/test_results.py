"""Readings survive JSON, and say what must be asked."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from forms.results import FieldReading, FormReading, PageKind, PageReading, UnknownPages
from forms.template import Kind

numbers = st.floats(-2000, 2000, allow_nan=False)
words = st.text(max_size=20)
boxes = st.tuples(numbers, numbers, numbers, numbers)
field_readings = st.builds(
    FieldReading,
    id=words, kind=st.sampled_from(Kind), value=st.none() | words, review=st.booleans(), confidence=st.floats(0, 1),
    reason=st.none() | words, page=st.integers(1, 99), box=boxes, template_page=st.integers(1, 9),
    crop=st.none() | st.tuples(*[st.integers(0, 9999)] * 4), evidence=st.dictionaries(words, numbers | words, max_size=3),
)  # fmt: skip
page_readings = st.builds(
    PageReading,
    number=st.integers(1, 99), kind=st.sampled_from(PageKind), form=st.none() | words, edition=st.none() | words,
    template_page=st.none() | st.integers(1, 9), turned=st.sampled_from([0, 90, 180, 270]),
    placement=st.none() | st.tuples(*[numbers] * 9), fields=st.lists(field_readings, max_size=2).map(tuple),
    reason=st.none() | words, matches=st.dictionaries(words, numbers, max_size=2), sheet=st.none() | words, trace=st.none() | words,
    template_sum=st.none() | words,
)  # fmt: skip
form_readings = st.builds(
    FormReading,
    form=words, edition=words, pages=st.lists(st.integers(1, 99)).map(tuple),
    fields=st.dictionaries(words, field_readings, max_size=3), notes=st.lists(words, max_size=2).map(tuple),
    template_sum=st.none() | words,
)  # fmt: skip


@given(page_readings)
def test_a_page_survives_json(reading: PageReading) -> None:
    assert PageReading.from_json(json.loads(json.dumps(reading.to_json()))) == reading


@given(form_readings)
def test_a_form_survives_json(reading: FormReading) -> None:
    assert FormReading.from_json(json.loads(json.dumps(reading.to_json()))) == reading


@given(page_readings, form_readings)
def test_readings_from_before_a_sum_was_kept_are_read(page: PageReading, form: FormReading) -> None:
    old = {name: value for name, value in page.to_json().items() if name != "template_sum"}
    assert PageReading.from_json(old) == replace(page, template_sum=None)
    old = {name: value for name, value in form.to_json().items() if name != "template_sum"}
    assert FormReading.from_json(old) == replace(form, template_sum=None)


@given(st.builds(UnknownPages, pages=st.lists(st.integers(1, 99)).map(tuple), reason=words))
def test_unknown_pages_survive_json(unknown: UnknownPages) -> None:
    assert UnknownPages.from_json(json.loads(json.dumps(unknown.to_json()))) == unknown


@given(form_readings)
def test_what_to_ask_is_what_is_under_review(reading: FormReading) -> None:
    assert reading.to_ask == tuple(one for one in reading.fields.values() if one.review)


@given(form_readings, field_readings)
def test_a_field_is_replaced_alone(reading: FormReading, field: FieldReading) -> None:
    changed = reading.with_field(field)
    assert changed.fields[field.id] == field
    assert {name: one for name, one in changed.fields.items() if name != field.id} == {
        name: one for name, one in reading.fields.items() if name != field.id
    }
