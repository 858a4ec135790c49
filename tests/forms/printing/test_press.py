"""A print and its template are one thing: boxes on the print, codes that read, nothing said less than the law asks."""

from functools import cache
from io import BytesIO
from pathlib import Path

import pdfplumber
import pypdf
import pytest
import zxingcpp

from forms.catalogue import load_catalogue, pages_of
from forms.drafting.checking import check
from forms.drafting.draft import draft_template
from forms.drafting.parts import pictures_of
from forms.errors import TemplateError
from forms.geometry import MM_PER_INCH, POINTS_PER_INCH
from forms.printing.code import LANGUAGES, PageCode, decode
from forms.printing.kept import write_print
from forms.printing.press import Printed, edition_name, print_form, print_source
from forms.printing.source import FIXED, SOURCES, Table, printable, source_of, table_of
from forms.template import LEAD, Kind
from tests.forms.drafting.test_draft import the_same

MM = POINTS_PER_INCH / MM_PER_INCH
PX = 200 / MM_PER_INCH  # dots in a millimetre of a picture
EVERY = [(form, language, large) for form in printable() for language in ("en-GB", "cy") for large in (False, True)]
PRINTS = pytest.mark.parametrize(("form", "language", "large"), EVERY)


@cache
def printed(form: str, language: str = "en-GB", large: bool = False) -> Printed:
    return print_form(form, language, large=large)


def text_of(made: Printed) -> str:
    with pdfplumber.open(BytesIO(made.pdf)) as document:
        return " ".join(page.extract_text() for page in document.pages).replace("\n", " ")


@PRINTS
def test_every_box_lies_on_the_print(form: str, language: str, large: bool, tmp_path: Path) -> None:
    made = printed(form, language, large)
    write_print(made, tmp_path)
    findings = check(made.template, pages_of(made.template, tmp_path))
    assert findings.faults == ()
    pictures = pictures_of(made.pdf)
    for field in made.template.fields:
        for left, top, right, bottom in field.comb or field.boxes.values():
            page = pictures[field.page - 1]
            for x, y in (
                (left, (top + bottom) / 2),
                (right, (top + bottom) / 2),
                ((left + right) / 2, top),
                ((left + right) / 2, bottom),
            ):
                column, row = round(x * 200 / 72), round(y * 200 / 72)
                assert page[row - 2 : row + 3, column - 2 : column + 3].min() < 100, (field.id, x, y)


@PRINTS
def test_boxes_are_large_enough_and_apart(form: str, language: str, large: bool) -> None:
    for field in printed(form, language, large).template.fields:
        for left, top, right, bottom in field.boxes.values():
            assert min(right - left, bottom - top) >= 5 * MM
        if field.kind is Kind.YES_NO:
            assert field.boxes["no"][0] - field.boxes["yes"][2] > 10 * MM


@PRINTS
def test_each_page_says_in_its_code_what_it_is(form: str, language: str, large: bool) -> None:
    made = printed(form, language, large)
    for number, picture in enumerate(pictures_of(made.pdf), start=1):
        found = [one.text for one in zxingcpp.read_barcodes(picture)]
        source = source_of(form, language)
        assert [decode(text) for text in found] == [
            PageCode(source.number, source.edition_number, language, large, number)
        ]
        assert found[0].startswith(made.template.code or "none")


@PRINTS
def test_corner_marks_show_which_way_is_up(form: str, language: str, large: bool) -> None:
    for picture in pictures_of(printed(form, language, large).pdf):
        height, width = picture.shape
        near, far = round(8 * PX) + 2, round(14 * PX) - 2
        mark = picture[near:far, near:far], picture[near:far, width - far : width - near]
        below = (
            picture[height - far : height - near, near:far],
            picture[height - far : height - near, width - far : width - near],
        )
        assert [float(part.mean()) < 10 for part in (*mark, *below)] == [True, True, True, False]
        middle = below[1][below[1].shape[0] // 2, below[1].shape[1] // 2]
        assert middle > 200
        assert all(float(edge.mean()) < 60 for edge in (below[1][:6], below[1][-6:], below[1][:, :6], below[1][:, -6:]))


@PRINTS
def test_every_answer_has_its_labels(form: str, language: str, large: bool) -> None:
    for field in printed(form, language, large).template.fields:
        assert set(field.labels) - {LEAD} == ({"text", "yes", "no"} if field.kind is Kind.YES_NO else {"text"})
        assert (LEAD in field.labels) == bool(field.kind.is_mark and field.wording != field.label)
        assert field.label and field.short


def test_the_print_feeds_the_same_consents_as_the_old_form() -> None:
    old, new = load_catalogue().get("westminster-consent", "2023"), printed("westminster-consent").template
    for field in old.fields:
        twin = new.field(field.id)
        assert (twin.kind, twin.item) == (field.kind, field.item)
    assert {f.item for f in new.fields} - {f.item for f in old.fields} == {"paper:return", "paper:destroy"}


def test_the_print_says_what_consent_needs() -> None:
    text = text_of(printed("westminster-consent"))
    for words in ("controller", "What it is for", "What we do", "change your mind", "at any time", "without a reason"):
        assert words in text
    added = {
        "role_parent",
        "role_carer",
        "role_young_person",
        "role_other",
        "young_person_signature",
        "return_to_me",
        "destroy_paper",
    }
    assert added <= {field.id for field in printed("westminster-consent").template.fields}


@pytest.mark.parametrize("form", printable())
@pytest.mark.parametrize("language", ["en-GB", "cy"])
def test_large_print_is_large(form: str, language: str) -> None:
    warning = "".join(table_of("cy").warning.split())
    with pdfplumber.open(BytesIO(printed(form, language, True).pdf)) as document:
        for page in document.pages:
            small = "".join(c["text"] for c in page.chars if c["size"] < 17.9 and c["text"].strip())
            # Only the warning to staff, which goes before a family sees the print.
            assert small == ("" if language == "en-GB" else warning)
            # Nothing lies where printers leave the paper white.
            assert max(c["bottom"] for c in page.chars) < page.height - 5 * MM
            assert min(c["top"] for c in page.chars) > 5 * MM


def test_a_page_of_longer_words_is_not_left_empty() -> None:
    """A break that was meant for the end of a page does not come a second time after words that ran over it."""
    with pdfplumber.open(BytesIO(printed("northamptonshire-consent", "cy").pdf)) as document:
        ends = [max(c["bottom"] for c in page.chars if c["bottom"] < 780) for page in document.pages]
    assert all(end > 600 for end in ends[:-1])


@PRINTS
def test_the_head_stands_clear_of_what_follows_it(form: str, language: str, large: bool) -> None:
    """The name of a service that takes two lines stood on the first words under it."""
    with pdfplumber.open(BytesIO(printed(form, language, large).pdf)) as document:
        for page in document.pages:
            lines = sorted({(round(char["top"]), round(char["bottom"])) for char in page.chars if char["text"].strip()})
            first = 36 * MM if large else 33 * MM
            head = [bottom for top, bottom in lines if top < first - 4]
            body = [top for top, _ in lines if top >= first - 4]
            assert min(body) - max(head) > (8 if large else 4), page.page_number


def test_the_pdf_is_tagged_and_names_its_language() -> None:
    for language in ("en-GB", "cy"):
        root = pypdf.PdfReader(BytesIO(printed("westminster-consent", language).pdf)).root_object
        assert "/Marked true" in str(root["/MarkInfo"]) or "'/Marked': True" in str(root["/MarkInfo"])
        assert "/StructTreeRoot" in root
        assert str(root["/Lang"]).lower().startswith(language.split("-")[0])


def test_a_print_is_the_same_whenever_it_is_made() -> None:
    assert print_form("westminster-consent").pdf == printed("westminster-consent").pdf


@pytest.mark.parametrize("form", printable())
@pytest.mark.parametrize("large", [False, True])
def test_a_draft_from_the_print_finds_every_field_again(form: str, large: bool) -> None:
    made = printed(form, "en-GB", large)
    draft = draft_template(made.pdf, "draft", "1")
    missed = [one.id for one in made.template.fields if not any(the_same(one, other) for other in draft.fields)]
    assert missed == []
    assert len(draft.fields) == len(made.template.fields)


@pytest.mark.parametrize("form", printable())
def test_the_welsh_table_has_every_word(form: str) -> None:
    assert printed(form, "cy").missing == ()
    assert "[" not in text_of(printed(form, "cy"))


def test_words_that_are_missing_are_printed_in_brackets_and_named() -> None:
    whole = table_of("cy")
    less = Table(
        "cy", True, "", {english: words for english, words in whole.words.items() if english != "Health service"}
    )
    source = source_of("westminster-consent", "cy", less)
    assert source.missing == ("Health service",)
    assert "[Health service]" in text_of(print_source(source, large=False))


def test_an_unchecked_translation_says_so_on_every_page() -> None:
    assert not table_of("cy").checked
    with pdfplumber.open(BytesIO(printed("westminster-consent", "cy").pdf)) as document:
        assert all("not checked by a translator" in page.extract_text() for page in document.pages)
    assert "not checked" not in text_of(printed("westminster-consent"))


def test_words_are_never_read_as_markup() -> None:
    odd = "#panic() *a* $x$ <b>"
    table = Table("cy", True, "", dict.fromkeys(table_of("cy").words, odd) | {word: word for word in FIXED.values()})
    assert odd in text_of(print_source(source_of("westminster-consent", "cy", table), large=False))


@pytest.mark.parametrize("word", ["Yes", "No"])
def test_words_too_long_for_their_place_are_refused(word: str) -> None:
    table = Table("cy", True, "", {**table_of("cy").words, word: "in no way and by no means whatever"})
    with pytest.raises(TemplateError, match="Use fewer"):
        print_source(source_of("westminster-consent", "cy", table), large=False)


@pytest.mark.parametrize(("form", "language"), [("nothing", "en-GB"), ("westminster-consent", "tlh"), ("cy", "en-GB")])
def test_what_cannot_be_printed_is_refused_in_words(form: str, language: str) -> None:
    with pytest.raises(TemplateError, match="There is no"):
        print_form(form, language)


def test_forms_have_numbers_of_their_own() -> None:
    numbers = [source_of(form).number for form in printable()]
    assert len(set(numbers)) == len(numbers)
    assert {path.stem for path in SOURCES.glob("??.toml")} <= set(LANGUAGES)


def test_editions_are_named_after_language_and_size() -> None:
    assert edition_name("2026", "cy", large=True) == "2026-cy-large"
    assert edition_name("2026", "en-GB", large=False) == "2026"
