"""A stored reading judged again: the same borders give the same answers, stricter ones only add questions."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from forms import edition
from forms.answers import NOT_MARKED, NOT_NAMED
from forms.assemble import assemble
from forms.costs import STANDARD as COSTS
from forms.costs import Costs
from forms.judging import SPECKS
from forms.marks import Content
from forms.reading import read_page
from forms.rejudge import judge_again
from forms.results import FieldReading, FormReading
from forms.template import Kind
from forms.thresholds import STANDARD, Thresholds
from intake.pages import open_pages
from intake.sandbox.limits import Limits
from intake.sandbox.opening import PageProblem
from tests.forms.measured import measured, scores
from tests.golden.drawn import CATALOGUE

SAMPLES = Path(__file__).parents[2] / "samples"
STRICTER = replace(STANDARD, never_empty=0.3, never_marked=0.5, fit=0.8, words=0.5)
DEARER = replace(COSTS, false_yes=50_000.0, missed_yes=5_000.0)
SCANS = [
    "IASS-MFP_4767.pdf", "IASS-MFP_4766.pdf", "fax04769.pdf", "Photo scan 4788.pdf", "doc0477920250906.tif",
    "202409261151464774.pdf", "SCN_20260319130341_4776.pdf",
]  # fmt: skip


TEMPLATE = CATALOGUE.get("westminster-consent", "2023")
LOOSER = Costs(false_yes=1.0, missed_yes=1.0)


def plain() -> FormReading:
    """A form with a yes, a no and a tick, everything else empty."""
    meant = {"contact_by_email": "yes", "contact_by_text": "no", "contact_health": "tick"}
    fields = {field.id: measured(field, meant.get(field.id)) for field in TEMPLATE.fields}
    return stored(judge_again(FormReading(TEMPLATE.id, TEMPLATE.edition, (1,), fields), TEMPLATE))


def stored(form: FormReading) -> FormReading:
    """As it comes back from the database."""
    return FormReading.from_json(json.loads(json.dumps(form.to_json())))


def marks_of(form: FormReading) -> list[FieldReading]:
    return [one for one in form.fields.values() if one.kind.is_mark]


def again(form: FormReading, thresholds: Thresholds = STANDARD, costs: Costs = COSTS) -> FormReading:
    return judge_again(form, CATALOGUE.get(form.form, form.edition), thresholds, costs)


def only_adds_questions(before: FormReading, after: FormReading) -> bool:
    pairs = [(one, after.fields[one.id]) for one in before.fields.values()]
    return all(new.review if old.review else (new.review or new.value == old.value) for old, new in pairs)


def test_the_same_borders_give_the_same_reading() -> None:
    told = {
        name: plain().fields[name].value
        for name in ("contact_by_email", "contact_by_text", "contact_by_post", "contact_health")
    }
    assert list(told.values()) == ["yes", "no", "blank", "yes"]
    assert not any(one.review for one in marks_of(plain()))
    assert again(plain()) == plain()


@pytest.mark.parametrize(
    ("ticked", "ink", "after"),
    [
        (True, 0.0, NOT_NAMED),
        (True, 1.0, None),
        (True, 9.0, None),
        (False, 9.0, NOT_MARKED),
        (False, 4.0, None),
        (False, 1.0, None),
    ],
)
def test_other_and_the_words_on_its_line_belong_together(ticked: bool, ink: float, after: str | None) -> None:
    """F20: by the ink that was measured on the line."""
    form = plain()
    box = TEMPLATE.field("contact_other_2")
    line = replace(form.fields["contact_other_2_name"], evidence={"area": ink, "inside_scan": 1.0})
    form = form.with_field(replace(measured(box, "tick" if ticked else None), value=None)).with_field(line)
    found = again(form).fields
    assert found[box.id].reason == after
    assert found[box.id].review is (after is not None)
    assert not found["contact_other_1"].review
    cut_off = replace(line, evidence={"area": ink, "inside_scan": 0.0})
    assert not again(form.with_field(cut_off)).fields[box.id].review


def test_a_box_that_ink_contradicts_is_asked_about() -> None:
    after = again(plain(), replace(STANDARD, never_marked=3.0))
    assert after.fields["contact_by_email"].review and not after.fields["contact_by_post"].review
    assert only_adds_questions(plain(), after)


def test_a_stricter_border_asks_and_the_evidence_names_it() -> None:
    after = again(plain(), replace(STANDARD, fit=1.01, label_plain=1.01))
    assert all(one.review for one in marks_of(after))
    assert {one.evidence["limit.fit"] for one in marks_of(after)} == {1.01}
    assert plain().fields["contact_by_email"].evidence["limit.fit"] == STANDARD.fit
    assert only_adds_questions(plain(), after)


@pytest.mark.parametrize(
    ("question", "heads", "asked"), [(0.96, 0.96, False), (0.96, 0.89, True), (0.89, 0.96, True), (None, 0.96, True)]
)
def test_marks_in_a_table_that_hide_its_lines_are_believed_where_the_words_stand_plainly(
    question: float | None, heads: float, asked: bool
) -> None:
    form = plain()
    words = {"heads": heads} | ({} if question is None else {"question": question})
    fields = {
        name: replace(one, evidence={k: v for k, v in one.evidence.items() if k != "question"} | {"fit": 0.5} | words)
        for name, one in form.fields.items()
    }
    after = again(replace(form, fields=fields))
    assert {one.review for one in marks_of(after)} == {asked}
    assert only_adds_questions(form, after)


@pytest.mark.parametrize(("around", "asked"), [(0.0, False), (0.69, False), (0.70, True), (3.0, True)])
def test_specks_around_most_questions_put_the_page_to_a_person(around: float, asked: bool) -> None:
    form = plain()
    fields = {
        name: replace(one, evidence={**one.evidence, "specks": around if n % 3 else 0.0})
        for n, (name, one) in enumerate(form.fields.items())
    }
    after = marks_of(again(replace(form, fields=fields)))
    assert {one.review for one in after} == {asked}
    assert {one.reason for one in after} == {SPECKS if asked else None}


def test_specks_around_one_question_put_that_one_to_a_person() -> None:
    form = plain()
    one = form.fields["contact_by_email"]
    fields = {**form.fields, one.id: replace(one, evidence={**one.evidence, "specks": 1.4})}
    after = again(replace(form, fields=fields))
    assert [field.id for field in marks_of(after) if field.review] == [one.id]
    assert after.fields[one.id].reason == SPECKS


def test_a_cross_among_filled_boxes_is_asked_about() -> None:
    """R23: whoever fills in what is meant, and crosses two boxes, may mean no by them."""
    form = plain()
    names = [one.id for one in form.fields.values() if one.kind is Kind.YES_NO]
    ticks = [one.id for one in form.fields.values() if one.kind is Kind.TICK]
    for name in (*names, *ticks):
        box = "yes" if name in names else "tick"
        content = Content.CROSSED if name == names[0] else Content.FILLED
        one = form.fields[name]
        form = form.with_field(
            replace(one, evidence={**one.evidence, **{f"{box}.{k}": v for k, v in scores(content, 4.0).items()}})
        )
    crossed = again(form).fields[names[0]]
    assert (crossed.value, crossed.review) == ("yes", True)
    assert "cross" in (crossed.reason or "")


def test_a_dearer_mistake_asks() -> None:
    after = again(plain(), STANDARD, replace(COSTS, false_yes=1e9, missed_yes=1e9))
    assert after.fields["contact_by_email"].review and after.fields["contact_by_email"].value == "unclear"


def test_a_reading_older_than_the_scorer_is_judged_by_its_ink_and_has_no_price() -> None:
    def older(one: FieldReading) -> FieldReading:
        return replace(one, evidence={name: value for name, value in one.evidence.items() if ".chance." not in name})

    before = replace(plain(), fields={name: older(one) for name, one in plain().fields.items()})
    after = again(before, STANDARD, replace(COSTS, false_yes=1e9, missed_yes=1e9))
    assert {name: one.value for name, one in after.fields.items()} == {
        n: one.value for n, one in plain().fields.items()
    }
    assert not any(one.review for one in marks_of(after))
    stricter = again(before, replace(STANDARD, marked_from=3.0, total_from=3.0))
    assert stricter.fields["contact_by_email"].review
    assert only_adds_questions(after, stricter)


def test_what_no_border_decides_stays() -> None:
    bare = plain().with_field(replace(plain().fields["contact_by_post"], value="unclear", review=True, evidence={}))
    cut = replace(plain().fields["contact_legal"], value="unclear", review=True, confidence=0.0, reason="Cut off.")
    bare = bare.with_field(cut)
    after = again(bare)
    for name in ("contact_by_post", "contact_legal", "child_name", "signature"):
        assert after.fields[name] == bare.fields[name]


def test_lost_words_are_still_asked_about() -> None:
    one = plain().fields["contact_by_email"]
    after = again(plain().with_field(replace(one, evidence={**one.evidence, "question": 0.5})))
    assert after.fields["contact_by_email"].review
    assert STANDARD.label == edition.FOUND_AT


def test_words_that_another_question_fits_better_are_asked_about() -> None:
    one = plain().fields["contact_by_email"]
    for rival, asked in ((0.80, False), (0.98, True)):
        after = again(plain().with_field(replace(one, evidence={**one.evidence, "question": 0.90, "rival": rival})))
        assert after.fields["contact_by_email"].review is asked


def test_the_template_of_another_edition_is_refused() -> None:
    with pytest.raises(ValueError, match="not that of the reading"):
        judge_again(replace(plain(), edition="1999"), CATALOGUE.get("westminster-consent", "2023"))


def test_a_template_that_was_changed_since_is_refused() -> None:
    template = CATALOGUE.get("westminster-consent", "2023")
    judge_again(replace(plain(), template_sum=template.content_sum), template)
    with pytest.raises(ValueError, match="changed after the reading"):
        judge_again(replace(plain(), template_sum="0123456789abcdef"), template)


@pytest.mark.slow
def test_sample_scans_judged_again_answer_the_same_and_stricter_only_asks_more() -> None:
    asked = {"looser": 0, "as read": 0, "stricter": 0}
    for name in SCANS:
        pages = [
            read_page(page.pixels, page.dpi, page.number, CATALOGUE)[0]
            for page in open_pages((SAMPLES / name).read_bytes(), Limits())
            if not isinstance(page, PageProblem)
        ]
        for form in [stored(part) for part in assemble(pages, CATALOGUE) if isinstance(part, FormReading)]:
            assert again(form).fields == form.fields, name
            looser, stricter = again(form, STANDARD, LOOSER), again(form, STRICTER, DEARER)
            assert only_adds_questions(looser, form) and only_adds_questions(form, stricter), name
            for which, read in (("looser", looser), ("as read", form), ("stricter", stricter)):
                asked[which] += sum(one.review for one in marks_of(read))
    assert asked["looser"] <= asked["as read"] <= asked["stricter"]
    assert asked["looser"] < asked["stricter"]
