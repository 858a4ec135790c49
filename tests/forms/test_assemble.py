"""Pages to forms: nothing mixed between families where order can tell, nothing filled in, no page lost."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.assemble import (
    APART,
    OTHER_ORDER,
    SEVERAL,
    SHORT_BESIDE,
    WRITTEN_BESIDE,
    WRITTEN_ON,
    WRITTEN_ON_POLICY,
    assemble,
    take_apart,
)  # fmt: skip
from forms.catalogue import Catalogue, load_catalogue
from forms.results import FieldReading, FormReading, PageKind, PageReading, UnknownPages
from forms.template import Kind

CATALOGUE = load_catalogue()
TWO = "northamptonshire-consent"
ONE = "westminster-consent"


def page(number: int, what: str) -> PageReading:
    """Page `number` of a scan. `what`: n1, n2 (form of two pages), w (form of one), p (policy), - blank, ? letter, ! unread."""
    if what in ("n1", "n2", "w"):
        template = CATALOGUE.get(ONE if what == "w" else TWO)
        on = 2 if what == "n2" else 1
        fields = tuple(
            FieldReading(one.id, one.kind, "yes" if one.kind.is_mark else None, False, 0.9, None, number, one.box, on)
            for one in template.on_page(on)
        )
        return PageReading(number, PageKind.FORM, template.id, template.edition, on, fields=fields)
    kind = {"p": PageKind.POLICY, "-": PageKind.BLANK, "?": PageKind.OTHER, "!": PageKind.UNREADABLE}[what]
    return PageReading(number, kind, reason="This page could not be read." if what == "!" else None)


def put_together(scan: str) -> list[FormReading | UnknownPages]:
    """The parts of a scan written as words, for example `n1 - n2`."""
    return assemble([page(number, what) for number, what in enumerate(scan.split(), start=1)], CATALOGUE)


def forms_of(scan: str) -> list[tuple[int, ...]]:
    return [part.pages for part in put_together(scan) if isinstance(part, FormReading)]


@pytest.mark.parametrize(
    ("scan", "pages"),
    [
        ("n1 n2", [(1, 2)]),
        ("n1 - n2 -", [(1, 3)]),
        ("n2 n1", [(2, 1)]),
        ("w", [(1,)]),
        ("w w", [(1,), (2,)]),
        ("n1", [(1,)]),
        ("n2", [(1,)]),
        ("n1 n2 n1 n2", [(1, 2), (3, 4)]),
        ("n1 n1 n2", [(1,), (2, 3)]),
        ("n1 n2 n2", [(1, 2), (3,)]),
        ("n2 n1 n2", [(1,), (2, 3)]),
        ("! n2 n1 n2 n1 n2", [(2,), (3, 4), (5, 6)]),
        ("n2 - w n1 - n2", [(1,), (3,), (4, 6)]),
        ("n2 n1 n2 n1", [(2, 1), (4, 3)]),
        ("n1 n2 n2 n1", [(1, 2), (4, 3)]),
        ("n1 - n2 - w - n1 - n2 -", [(1, 3), (5,), (7, 9)]),
        ("n1 w n2", [(1, 3), (2,)]),
        ("? n1 ? n2 ?", [(2, 4)]),
        ("p p p w", [(4,)]),
        ("p - ?", []),
        ("!", []),
    ],
)
def test_which_pages_make_a_form(scan: str, pages: list[tuple[int, ...]]) -> None:
    assert forms_of(scan) == pages


def test_a_missing_page_is_said_and_its_fields_are_asked() -> None:
    (form,) = put_together("n1")
    assert isinstance(form, FormReading)
    assert form.notes == ("Page 2 of this form is not in the scan.",)
    assert list(form.fields) == [one.id for one in CATALOGUE.get(TWO).fields]
    for one in CATALOGUE.get(TWO).on_page(2):
        read = form.fields[one.id]
        assert read.review
        assert read.reason == "Page 2 of this form is not in the scan."
        assert read.value == ("unclear" if one.kind.is_mark else "absent" if one.kind is Kind.SIGNATURE else None)
    assert all(form.fields[one.id].value == "yes" for one in CATALOGUE.get(TWO).on_page(1) if one.kind.is_mark)


def test_pages_out_of_order_are_said() -> None:
    (form,) = put_together("n2 n1")
    assert isinstance(form, FormReading)
    assert any("another order" in note for note in form.notes)


def test_pages_in_order_say_nothing() -> None:
    (form,) = put_together("n1 n2")
    assert isinstance(form, FormReading)
    assert form.notes == ()


@pytest.mark.parametrize(
    ("scan", "doubted"),
    [
        pytest.param("n1 n2", [()], id="one form, nothing beside it"),
        pytest.param("n1 - n2 - w", [(), ()], id="blank backs and another kind of form are no doubt"),
        pytest.param("w w", [(), ()], id="a form of one page cannot be put together wrongly"),
        pytest.param("n1 w n2", [(APART,), ()], id="another form in the middle"),
        pytest.param("n1 ? n2", [(APART,)], id="a letter in the middle"),
        pytest.param("n1 ! n2", [(APART,)], id="a page that could not be read, in the middle: it may be the right one"),
        pytest.param("n1 n2 n1 n2", [(SEVERAL.format(count=2),)] * 2, id="two families: their pages may be changed over"),
        pytest.param("n1 n2 n2", [(SHORT_BESIDE,), ("Page 1 of this form is not in the scan.",)], id="one second page too many"),
        pytest.param("n1 n1 n2", [("Page 2 of this form is not in the scan.",), (SHORT_BESIDE,)], id="one first page too many"),
        pytest.param("n2 n1", [(OTHER_ORDER,)], id="the wrong way round"),
    ],
)  # fmt: skip
def test_a_form_says_why_its_pages_may_be_of_two_families(scan: str, doubted: list[tuple[str, ...]]) -> None:
    assert [part.notes for part in put_together(scan) if isinstance(part, FormReading)] == doubted


@given(st.lists(st.sampled_from(["n1", "n2"]), min_size=3, max_size=9))
def test_no_form_of_two_pages_is_silent_where_pages_of_its_kind_are_left_over(scan: list[str]) -> None:
    forms = [part for part in put_together(" ".join(scan)) if isinstance(part, FormReading)]
    assert all(form.notes for form in forms)


def test_two_families_keep_their_own_answers() -> None:
    first, second = (part for part in put_together("n1 n2 n1 n2") if isinstance(part, FormReading))
    assert {field.page for field in first.fields.values()} == {1, 2}
    assert {field.page for field in second.fields.values()} == {3, 4}


def test_runs_of_other_pages_keep_their_reasons() -> None:
    unknown = [part for part in put_together("? ? - n1 n2 ! p p") if isinstance(part, UnknownPages)]
    assert [(part.pages, part.reason) for part in unknown] == [
        ((1, 2), "This is not one of our forms."),
        ((3,), "A blank page."),
        ((6,), "This page could not be read."),
        ((7, 8), "Pages of the policy, without a form."),
    ]


def test_pages_given_in_any_order_are_put_in_scan_order() -> None:
    pages = [page(2, "n2"), page(1, "n1"), page(3, "?")]
    assert assemble(pages, CATALOGUE) == assemble(sorted(pages, key=lambda one: one.number), CATALOGUE)


def test_no_pages_make_nothing() -> None:
    assert assemble([], CATALOGUE) == []


@given(st.lists(st.sampled_from(["n1", "n2", "w", "p", "-", "?", "!"]), min_size=1, max_size=12))
def test_every_page_is_in_exactly_one_part(scan: list[str]) -> None:
    parts = put_together(" ".join(scan))
    assert sorted(number for part in parts for number in part.pages) == list(range(1, len(scan) + 1))
    assert [min(part.pages) for part in parts] == sorted(min(part.pages) for part in parts)


OF_TWO = CATALOGUE.get(TWO).content_sum


def sum_of(*sums: str | None, catalogue: Catalogue = CATALOGUE) -> str | None:
    """What is kept of a form of two pages that were read by templates of these sums."""
    pages = [replace(page(n, f"n{n}"), template_sum=one) for n, one in enumerate(sums, start=1)]
    (found,) = assemble(pages, catalogue)
    assert isinstance(found, FormReading) and found.pages == (1, 2)
    again = assemble(take_apart(found, CATALOGUE.get(TWO)), catalogue)
    assert again == [found], "it keeps its sum when its pages are put together anew"
    return found.template_sum


def test_a_form_keeps_by_which_text_of_its_template_it_was_read() -> None:
    assert sum_of(OF_TWO, OF_TWO) == OF_TWO
    assert sum_of(None, None) is None, "read before it was kept"


def test_a_form_in_which_several_texts_had_a_part_is_of_none_of_them() -> None:
    before = "0123456789abcdef"
    for sums in ((OF_TWO, before), (before, OF_TWO), (OF_TWO, None)):
        assert sum_of(*sums) not in (OF_TWO, before, None), "read by two processes, one with the text of before"
    assert sum_of(before, before) not in (OF_TWO, before, None), "put together by another process, with another text"


def test_what_is_written_beside_the_questions_is_told_with_the_form_and_survives_taking_it_apart() -> None:
    pages = [page(1, "w"), replace(page(2, "n1"), reason=WRITTEN_ON), page(3, "n2")]
    plain, told = assemble(pages, CATALOGUE)
    assert isinstance(plain, FormReading) and plain.notes == ()
    assert isinstance(told, FormReading) and told.notes == (WRITTEN_BESIDE.format(page=2),)
    again = take_apart(told, CATALOGUE.get(TWO))
    assert [one.reason for one in again] == [WRITTEN_ON, None]
    assert assemble(again, CATALOGUE) == [told]


@pytest.mark.parametrize(("scan", "policy", "form"), [("p w w", 1, 0), ("w p - w", 2, 0), ("w - - p w", 4, 1)])
def test_a_policy_that_is_written_on_is_told_with_the_form_next_to_it(scan: str, policy: int, form: int) -> None:
    """Nobody looks at a page of the policy beside a form by itself."""
    pages = [page(number, what) for number, what in enumerate(scan.split(), start=1)]
    pages[policy - 1] = replace(pages[policy - 1], reason=WRITTEN_ON)
    found = assemble(pages, CATALOGUE)
    notes = [one.notes for one in found if isinstance(one, FormReading)]
    assert [WRITTEN_ON_POLICY.format(page=policy) in each for each in notes] == [n == form for n in range(len(notes))]
    assert [one.reason for one in found if isinstance(one, UnknownPages) and policy in one.pages] == [WRITTEN_ON]
