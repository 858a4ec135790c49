"""Templates check themselves; those that come with the project agree with their blanks."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from forms.blank_pages import POINT, BlankPage, blank_pages
from forms.catalogue import BLANKS, Catalogue, load_catalogue
from forms.errors import TemplateError
from forms.geometry import Box
from forms.template import Template, template_from_json

CATALOGUE = load_catalogue()
RAW = json.loads((BLANKS / "westminster-consent.2023.json").read_text("utf-8"))


def change(field: int, key: str, value: object) -> Callable[[dict[str, Any]], None]:
    """Puts a value into one field of the raw template."""

    def apply(raw: dict[str, Any]) -> None:
        raw["fields"][field][key] = value

    return apply


WRONG: dict[str, Callable[[dict[str, Any]], object]] = {
    "does not say its id": lambda raw: raw.pop("id"),
    "field store_on_database does not say its label": lambda raw: raw["fields"][0].pop("label"),
    "must not be empty": lambda raw: raw.update(edition=""),
    "has no pages": lambda raw: raw.update(pages=[], fields=[]),
    "fields must be a list": lambda raw: raw.update(fields=3),
    "field number 2 must stand in": lambda raw: raw["fields"].insert(1, 3),
    "“tittle” is no word of a template .perhaps “title”": lambda raw: raw.update(tittle=raw.pop("title")),
    "field store_on_database: “neded” is no word of a template .perhaps “needed”": change(0, "neded", False),
    "title must be words": lambda raw: raw.update(title=3),
    "field store_on_database: label must be words": change(0, "label", None),
    "field store_on_database: needed must be true or false": change(0, "needed", "false"),
    "field store_on_database: page must be a whole number": change(0, "page", "1"),
    "the id of the template has letters": lambda raw: raw.update(id="../ours"),
    "page 1 of the template does not say its height": lambda raw: raw["pages"][0].pop("height"),
    "page 1 of the template: “hight” is no word": lambda raw: raw["pages"][0].update(hight=1),
    "it has more than 100 pages": lambda raw: raw["pages"].extend(raw["pages"] * 100),
    "page 1 has more than 200 fields": lambda raw: raw["fields"].extend(
        raw["fields"][0] | {"id": f"q{n}"} for n in range(200)
    ),
    "page 1 has no size": lambda raw: raw.update(pages=[{"width": 0, "height": 842}]),
    "field 2_agree: an id begins with a small letter": change(0, "id", "2_agree"),
    "field Agree: an id begins with a small letter": change(0, "id", "Agree"),
    f"field {'a' * 81}: an id begins with a small letter": change(0, "id", "a" * 81),
    "labels may be text, yes, no or lead, not yess": change(0, "labels", {"yess": [1, 1, 2, 2]}),
    "stands twice": lambda raw: raw["fields"].append(raw["fields"][0]),
    "page 2 does not exist": change(0, "page", 2),
    "needs the boxes no, yes, and has tick": change(0, "boxes", {"tick": [1, 1, 2, 2]}),
    "has no area": change(0, "boxes", {"yes": [9, 9, 9, 12], "no": [1, 1, 2, 2]}),
    "is not inside page": change(0, "boxes", {"yes": [9, 9, 9000, 12], "no": [1, 1, 2, 2]}),
    "field store_on_database: yes of boxes must be four numbers": change(
        0, "boxes", {"yes": [9, 9, 9], "no": [1, 1, 2, 2]}
    ),
    "needs the wording": change(0, "wording", ""),
    "eight of them": change(0, "comb", [[1, 1, 2, 2]]),
    "field store_on_database: kind may be yes_no, tick, text, date or signature, not guess": change(0, "kind", "guess"),
}


@pytest.mark.parametrize(("fault", "spoil"), WRONG.items(), ids=list(WRONG))
def test_a_wrong_template_says_what_is_wrong(fault: str, spoil: Callable[[dict[str, Any]], object]) -> None:
    raw = copy.deepcopy(RAW)
    spoil(raw)
    with pytest.raises(TemplateError, match=fault):
        template_from_json(raw)


def test_a_right_template_is_taken() -> None:
    assert template_from_json(RAW) == CATALOGUE.get("westminster-consent", "2023")


def backwards(raw: Any) -> Any:
    """The same with the words in every { } the other way round, and whole numbers for such as are whole."""
    if isinstance(raw, dict):
        return {name: backwards(raw[name]) for name in reversed(raw)}
    if isinstance(raw, list):
        return [backwards(one) for one in raw]
    return int(raw) if isinstance(raw, float) and raw.is_integer() else raw


def test_what_decides_nothing_changes_no_sum() -> None:
    kept = template_from_json(RAW).content_sum
    assert len(kept) == 16 and int(kept, 16)
    assert template_from_json(json.loads(json.dumps(backwards(RAW), indent=7))).content_sum == kept
    assert template_from_json(RAW | {"title": "Our form"}).content_sum == kept, "it is what the form is called"
    plain = copy.deepcopy(RAW)
    plain["fields"][0] |= {"needed": True, "comb": []}
    assert template_from_json(plain).content_sum == kept, "so it is without these words"


CHANGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "edition": lambda raw: raw.update(edition="2024"),
    "language": lambda raw: raw.update(language="cy"),
    "the consent": change(0, "item", "news:post"),
    "no consent": change(0, "item", None),
    "wording": lambda raw: raw["fields"][0].update(wording=raw["fields"][0]["wording"] + "."),
    "what the desk asks": change(0, "short", "May we keep it?"),
    "a box": lambda raw: raw["fields"][0]["boxes"]["yes"].__setitem__(0, raw["fields"][0]["boxes"]["yes"][0] + 0.1),
    "yes and no": lambda raw: raw["fields"][0].update(
        boxes={"yes": raw["fields"][0]["boxes"]["no"], "no": raw["fields"][0]["boxes"]["yes"]}
    ),
    "an id": change(0, "id", "keep_it"),
    "needed": change(0, "needed", False),
    "a field less": lambda raw: raw["fields"].pop(),
    "order": lambda raw: raw["fields"].reverse(),
    "code": lambda raw: raw.update(code="AAAAAAAA"),
}


@pytest.mark.parametrize("spoil", CHANGES.values(), ids=list(CHANGES))
def test_what_decides_about_people_changes_the_sum(spoil: Callable[[dict[str, Any]], object]) -> None:
    raw = copy.deepcopy(RAW)
    spoil(raw)
    assert template_from_json(raw).content_sum != template_from_json(RAW).content_sum


MARK_BOXES = [
    pytest.param(blank, box, id=f"{field.id} {name}")
    for blank in blank_pages(CATALOGUE)
    if blank.known.template is not None
    for field in blank.known.template.on_page(blank.known.page)
    if field.kind.is_mark
    for name, box in field.boxes.items()
]


def ringed(blank: BlankPage, box: Box) -> bool:
    """Whether print runs along all four sides of a box on the blank, and nothing stands in it."""
    left, top, right, bottom = (round(value * POINT) for value in box)
    if (blank.darkness[top + 5 : bottom - 5, left + 5 : right - 5] > 128).any():
        return False
    near = blank.darkness > 100
    sides = [
        near[top - 6 : top + 6, left + 6 : right - 6].any(axis=0),
        near[bottom - 6 : bottom + 6, left + 6 : right - 6].any(axis=0),
        near[top + 6 : bottom - 6, left - 6 : left + 6].any(axis=1),
        near[top + 6 : bottom - 6, right - 6 : right + 6].any(axis=1),
    ]
    return min(float(side.mean()) for side in sides) > 0.9


@pytest.mark.parametrize(("blank", "box"), MARK_BOXES)
def test_a_mark_box_lies_in_its_printed_outline(blank: BlankPage, box: Box) -> None:
    assert ringed(blank, box)
    left, top, right, bottom = box
    half = (bottom - top) / 2
    assert not ringed(blank, (left, top + half, right, bottom + half))
    assert not ringed(blank, (left + half, top, right + half, bottom))


@pytest.mark.parametrize("template", CATALOGUE.templates(), ids=lambda one: one.id)
def test_boxes_of_different_fields_do_not_overlap(template: Template) -> None:
    for page in range(1, len(template.pages) + 1):
        boxes = [
            (one.id, box)
            for one in template.on_page(page)
            for name, box in one.boxes.items()
            if name in ("yes", "no", "tick")
        ]
        for n, (_, a) in enumerate(boxes):
            for _, b in boxes[n + 1 :]:
                assert a[0] >= b[2] or b[0] >= a[2] or a[1] >= b[3] or b[1] >= a[3]


def test_the_latest_edition_is_found_and_an_unknown_one_is_not() -> None:
    assert CATALOGUE.get("westminster-consent").edition == "2023"
    with pytest.raises(KeyError, match="westminster-consent 1999"):
        CATALOGUE.get("westminster-consent", "1999")
    with pytest.raises(KeyError, match="nothing"):
        Catalogue((), ()).get("nothing")
