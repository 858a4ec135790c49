"""What the review page shows of a question."""

from dataclasses import replace

import pytest

from forms.catalogue import load_catalogue
from forms.results import FormReading
from forms.template import Field
from intake.desk.form_view import show

FORM = load_catalogue().get("westminster-consent", "2023")


def marks_right(field: Field) -> bool:
    reading = FormReading(FORM.id, FORM.edition, (1,), {})
    shown = show(replace(FORM, fields=(field,)), reading, (), {})
    return (shown.doubtful + shown.clear + shown.written)[0].marks_right


@pytest.mark.parametrize("on_the_right", [True, False])
def test_where_the_boxes_of_a_question_lie_in_its_cut_out_is_known(*, on_the_right: bool) -> None:
    field = FORM.field("contact_health")
    words = (200.0, 100.0, 400.0, 112.0)
    first = 420.0 if on_the_right else 120.0
    boxes = {name: (first + 30 * n, 100.0, first + 30 * n + 12, 112.0) for n, name in enumerate(field.boxes)}
    assert marks_right(replace(field, boxes=boxes, labels={"text": words})) is on_the_right


def test_a_place_to_write_in_is_shown_from_its_beginning() -> None:
    assert not marks_right(FORM.field("parent_name"))
