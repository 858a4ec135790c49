"""What counts as found, false, taken wrongly, asked: every rule of the comparison, on readings made by hand."""

from dataclasses import replace

import pytest

from forms.accuracy import score, table
from forms.accuracy.scoring import ScanRead, Score, What, score_scan
from forms.accuracy.truth import FieldTruth, FileTruth, FormTruth
from forms.results import FieldReading, FormReading, PageKind, PageReading
from forms.template import Kind

FLAT = (2.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 1.0)


def read_field(name: str, kind: Kind, value: str | None, *, review: bool = False) -> FieldReading:
    return FieldReading(
        name,
        kind,
        value,
        review,
        0.9,
        "Look." if review else None,
        1,
        (10.0, 10.0, 30.0, 20.0),
        1,
        evidence={"fit": 0.9},
    )


def form(*fields: FieldReading, pages: tuple[int, ...] = (1,), name: str = "ours", edition: str = "1") -> FormReading:
    return FormReading(name, edition, pages, {one.id: one for one in fields})


def told(pages: tuple[int, ...] = (1,), edition: str | None = None, **fields: FieldTruth) -> FormTruth:
    return FormTruth("a.pdf", pages, "ours", "hard", fields, edition)


def one_mark(value: str, read: str, *, review: bool = False, flags: tuple[str, ...] = ()) -> Score:
    truth = told(x=FieldTruth(Kind.YES_NO, value, frozenset(flags)))
    reading = form(read_field("x", Kind.YES_NO, read, review=review))
    return score_scan("a.pdf", [truth], None, ScanRead((reading,)))["hard"]


@pytest.mark.parametrize(
    ("value", "read", "what"),
    [
        ("no", "yes", What.FALSE_YES),
        ("blank", "yes", What.FALSE_YES),
        ("unclear", "yes", What.FALSE_YES),
        ("yes", "no", What.MISSED_YES),
        ("yes", "blank", What.MISSED_YES),
        ("no", "blank", What.OTHER_WRONG),
        ("unclear", "blank", What.OTHER_WRONG),
    ],
)
def test_a_wrong_answer_that_was_taken_is_named_by_its_harm(value: str, read: str, what: What) -> None:
    one = one_mark(value, read)
    assert one.counts[what.value] == 1
    assert [case.what for case in one.cases] == [what]
    assert one.wrong == [("a.pdf", 1, "x", value, read)]
    assert one.counts["asked"] == one.counts["right"] == 0
    assert one.counts["forms with no question"] == 1


@pytest.mark.parametrize("value", ["yes", "no", "blank"])
def test_the_right_answer_is_taken_without_a_case(value: str) -> None:
    one = one_mark(value, value)
    assert one.counts["right"] == 1 and not one.cases


def test_a_question_is_never_a_wrong_answer_but_may_be_needless() -> None:
    needless = one_mark("no", "yes", review=True)
    assert [case.what for case in needless.cases] == [What.NEEDLESS] and not needless.wrong
    assert needless.cases[0].reason == "Look." and needless.cases[0].evidence == {"fit": 0.9}
    needed = one_mark("unclear", "unclear", review=True)
    assert not needed.cases
    assert needed.counts["asked"] == 1 and needed.counts["asked needlessly"] == 0


@pytest.mark.parametrize(
    ("value", "read", "review", "settled"),
    [("unclear", "unclear", True, 1), ("unclear", "yes", False, 0), ("no", "no", False, 1), ("no", "yes", True, 1)],
)
def test_corrected_and_unclear_marks_are_settled_by_a_question_or_the_right_answer(
    value: str, read: str, review: bool, settled: int
) -> None:
    one = one_mark(value, read, review=review, flags=("corrected",))
    assert (one.counts["unsettled"], one.counts["unsettled asked or right"]) == (1, settled)


def test_a_form_on_other_pages_or_of_another_edition_is_missed_and_false() -> None:
    for reading, truth in (
        (form(pages=(2,)), told()),
        (form(edition="2"), told(edition="1")),
        (form(name="theirs"), told()),
        (form(pages=(1, 2)), told()),
    ):
        kinds = FileTruth("a.pdf", ("form", "letter"), "hard")
        one = score_scan("a.pdf", [truth], kinds, ScanRead((reading,)))["hard"]
        assert one.counts["forms missed"] == 1 and one.counts["forms found"] == 0
        assert one.counts["forms found that are none"] == 1
        assert {case.what for case in one.cases} == {What.MISSED_FORM, What.FALSE_FORM}
        assert one.counts["chances of a false form"] == 2


def test_half_of_a_two_page_form_is_missed_but_not_false() -> None:
    halves = ScanRead((form(pages=(1,)), form(pages=(2,))))
    one = score_scan("a.pdf", [told(pages=(2, 1))], None, halves)["hard"]
    assert one.counts["forms missed"] == 1 and one.counts["forms found that are none"] == 0
    whole = score_scan("a.pdf", [told(pages=(2, 1))], None, ScanRead((form(pages=(1, 2)),)))["hard"]
    assert whole.counts["forms found"] == 1


def test_a_letter_read_as_a_form_is_false_in_a_file_without_forms() -> None:
    scores = score_scan("b.pdf", [], FileTruth("b.pdf", ("letter", "letter"), "clean"), ScanRead((form(pages=(2,)),)))
    assert scores["clean"].counts == {"chances of a false form": 2, "forms found that are none": 1}
    assert scores["clean"].cases[0].truth == "letter" and scores["clean"].cases[0].page == 2


def test_a_page_read_off_its_place_is_misregistered() -> None:
    field = read_field("x", Kind.YES_NO, "yes")
    for shift, misplaced in ((1.0, 0), (20.0, 1)):
        off = (2.0, 0.0, shift, 0.0, 2.0, 0.0, 0.0, 0.0, 1.0)
        page = PageReading(1, PageKind.FORM, "ours", "1", 1, 0, off, (field,))
        truth = replace(told(x=FieldTruth(Kind.YES_NO, "yes")), placements={1: FLAT})
        one = score_scan("a.pdf", [truth], None, ScanRead((form(field),), (page,)))["hard"]
        assert (one.counts["pages placed"], one.counts["pages misplaced"]) == (1, misplaced)


def test_dates_and_names_are_exact_suggested_wrong_or_taken_wrongly() -> None:
    truth = told(
        born=FieldTruth(Kind.DATE, "2014-03-02"),
        signed=FieldTruth(Kind.DATE, "2026-03-02"),
        gone=FieldTruth(Kind.DATE, "2026-03-02", frozenset({"lost"})),
        child=FieldTruth(Kind.TEXT, "ADA  Invented"),
        other=FieldTruth(Kind.TEXT, None),
        third=FieldTruth(Kind.TEXT, "Grandmother"),
    )
    reading = form(
        read_field("born", Kind.DATE, "2014-03-02", review=True),
        read_field("signed", Kind.DATE, "2026-03-07", review=True),
        read_field("gone", Kind.DATE, None),
        read_field("child", Kind.TEXT, "Ada invented", review=True),
        read_field("other", Kind.TEXT, None),
        read_field("third", Kind.TEXT, None),
    )
    combs = {(reading.form, reading.edition, "born"), (reading.form, "another edition", "signed")}
    one = score_scan("a.pdf", [truth], None, ScanRead((reading,)), combs)["hard"]
    assert one.counts["dates in boxes"] == one.counts["dates in boxes exact"] == 1
    assert (one.counts["dates on lines"], one.counts["dates on lines exact"]) == (1, 0)
    assert one.counts["dates on lines suggested wrong"] == 1
    assert (one.counts["dates fields"], one.counts["dates taken wrongly"]) == (2, 0)
    assert (one.counts["names"], one.counts["names exact"], one.counts["names fields"]) == (2, 1, 3)
    assert one.counts["names taken wrongly"] == 1
    assert [(case.what, case.field) for case in one.cases] == [(What.WRONG_WRITING, "third")]


@pytest.mark.parametrize(("read", "review", "name"), [
    ("present", False, "signatures right"), ("absent", False, "signatures wrong"), ("absent", True, "signatures asked"),
])  # fmt: skip
def test_signatures(read: str, review: bool, name: str) -> None:
    reading = form(read_field("s", Kind.SIGNATURE, read, review=review))
    one = score_scan("a.pdf", [told(s=FieldTruth(Kind.SIGNATURE, "present"))], None, ScanRead((reading,)))["hard"]
    assert one.counts[name] == one.counts["signatures"] == 1


def test_scores_of_raw_rows_are_summed_under_all() -> None:
    row = {
        "file": "a.pdf", "pages": [1], "form": "ours", "difficulty": "clean",
        "fields": {"x": {"kind": "tick", "value": "blank", "flags": []}},
    }  # fmt: skip
    spare = form(pages=(3,))
    scores = score([row], {"a.pdf": [form(read_field("x", Kind.TICK, "yes"))], "b.pdf": [spare]})
    assert scores["all"].counts["forms found that are none"] == 1
    assert scores["clean"].counts["false yes taken"] == scores["all"].counts["false yes taken"] == 1
    assert "false yes taken 1" in table(scores) and "a.pdf 1 x blank yes" in table(scores)
