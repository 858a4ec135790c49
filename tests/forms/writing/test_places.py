"""Where day, month and year stand in the prepared picture of a date."""

from forms.catalogue import load_catalogue
from forms.template import Kind
from forms.writing.places import PAD_PX, date_places, dates_of

CATALOGUE = load_catalogue()


def test_every_date_of_every_form_has_its_places_in_order() -> None:
    for template in CATALOGUE.templates():
        dates = dates_of(template)
        assert set(dates) == {field.id for field in template.fields if field.kind is Kind.DATE}
        for groups in dates.values():
            spans = [span for group in groups for span in group]
            assert spans == sorted(spans)
            assert all(PAD_PX <= left < right for left, right in spans)


def test_figure_boxes_give_two_two_and_four_cells() -> None:
    field = CATALOGUE.get("northamptonshire-consent", "2025").field("date_of_birth")
    assert [len(group) for group in date_places(field)] == [2, 2, 4]


def test_gaps_between_slashes_give_one_place_each() -> None:
    field = CATALOGUE.get("westminster-consent", "2023").field("date_of_birth")
    assert [len(group) for group in date_places(field)] == [1, 1, 1]
