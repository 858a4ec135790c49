"""What the other pages of a form say of a mark: it only adds questions."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.across_pages import crosses_asked
from forms.answers import CROSS_AMONG_TICKS, PERHAPS_CROSS
from forms.assemble import assemble
from forms.marks import Content
from forms.rejudge import judge_again
from forms.results import FieldReading, FormReading, PageKind, PageReading
from tests.forms.measured import measured
from tests.golden.drawn import CATALOGUE

TEMPLATE = CATALOGUE.get("northamptonshire-consent", "2025")
FIRST = [one for one in TEMPLATE.on_page(1) if one.kind.is_mark]
SECOND = [one for one in TEMPLATE.on_page(2) if one.kind.is_mark]
CROSS = CROSS_AMONG_TICKS


def pages(marks: dict[str, Content]) -> list[PageReading]:
    """Both pages of the form, judged each by itself: these fields marked with a tick or a cross for yes, all others empty."""
    found = []
    for number in (1, 2):
        fields = tuple(
            measured(one, ("yes" if "yes" in one.boxes else "tick") if one.id in marks else None, marks.get(one.id, Content.TICKED))
            for one in TEMPLATE.on_page(number)
        )  # fmt: skip
        alone = FormReading(TEMPLATE.id, TEMPLATE.edition, (number,), {one.id: one for one in fields})
        judged = tuple(judge_again(alone, TEMPLATE).fields.values())
        found.append(PageReading(number, PageKind.FORM, TEMPLATE.id, TEMPLATE.edition, number, fields=judged))
    return found


def whole(marks: dict[str, Content]) -> FormReading:
    form = assemble(pages(marks), CATALOGUE)[0]
    assert isinstance(form, FormReading)
    return form


def test_a_lone_cross_is_seen_beside_the_ticks_of_another_page() -> None:
    """R23: on its own page it is the only mark, and was taken for a yes."""
    crossed = SECOND[0].id
    marks = {one.id: Content.TICKED for one in FIRST[:5]} | {crossed: Content.CROSSED}
    alone = {one.id: one for one in pages(marks)[1].fields}[crossed]
    assert (alone.value, alone.review) == ("yes", False)
    form = whole(marks)
    assert (form.fields[crossed].value, form.fields[crossed].review, form.fields[crossed].reason) == (
        "yes",
        True,
        CROSS,
    )
    assert not any(form.fields[one.id].review for one in FIRST)
    assert judge_again(form, TEMPLATE) == form


@pytest.mark.parametrize(("crossed", "asked"), [(0.33, True), (0.1, False)])
def test_a_mark_that_may_be_a_cross_is_asked_about_among_plain_ticks(crossed: float, asked: bool) -> None:
    """R23: it looked more like a tick than like a cross, and was taken for a yes; the writer's thirteen other marks were plain ticks."""
    page = pages({one.id: Content.TICKED for one in FIRST[:6]})[0]
    name = FIRST[0].id
    box = "yes" if "yes" in FIRST[0].boxes else "tick"
    there = {f"{box}.chance.crossed": crossed, f"{box}.chance.ticked": 0.9999 - crossed}
    fields = {one.id: one for one in page.fields}
    fields[name] = replace(fields[name], evidence={**fields[name].evidence, **there})
    judged = judge_again(FormReading(TEMPLATE.id, TEMPLATE.edition, (1,), fields), TEMPLATE).fields
    assert (judged[name].value, judged[name].review) == ("yes", asked)
    assert (judged[name].reason == PERHAPS_CROSS) is asked
    assert not any(one.review for id, one in judged.items() if id != name and one.kind.is_mark)


@pytest.mark.parametrize("kind", [Content.TICKED, Content.CROSSED])
def test_one_habit_on_both_pages_is_believed(kind: Content) -> None:
    marks = {one.id: kind for one in (*FIRST[:5], SECOND[0])}
    assert not any(one.review for one in whole(marks).fields.values() if one.kind.is_mark)


def test_a_form_of_one_page_and_what_was_typed_stay_as_they_are() -> None:
    marks = {one.id: Content.TICKED for one in FIRST[:5]} | {SECOND[0].id: Content.CROSSED}
    form = whole(marks)
    first = {name: one for name, one in form.fields.items() if one.page == 1}
    assert crosses_asked(first) == first
    typed = {
        name: replace(one, review=False, reason=None, evidence={"source": "letters"})
        for name, one in form.fields.items()
    }
    assert crosses_asked(typed) == typed


what = st.sampled_from([Content.TICKED, Content.CROSSED])


@given(st.dictionaries(st.sampled_from([one.id for one in (*FIRST, *SECOND)]), what, max_size=12))
def test_it_only_adds_questions(marks: dict[str, Content]) -> None:
    by_page: dict[str, FieldReading] = {one.id: one for page in pages(marks) for one in page.fields}
    for name, one in crosses_asked(by_page).items():
        before = by_page[name]
        assert one == before or (one.review and one.value == before.value and one.reason == CROSS)
