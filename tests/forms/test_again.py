"""Answer sheets: whatever a family is asked again, the sheet fits its pages, names itself, and is read as it was printed."""

from io import BytesIO
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pdfplumber
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import again, again_blank
from forms.again import A4, About
from forms.catalogue import load_catalogue
from forms.drafting.parts import pictures_of
from forms.geometry import Box, overlap
from forms.page import Grey
from forms.printing.again import print_sheet
from forms.printing.again_code import AgainCode, decode, encode
from forms.printing.code import LETTERS
from forms.printing.sheet_code import MOST_FILES
from forms.reading import read_page
from forms.results import PageKind, PageReading
from tests.bench.answer_sheets import filled

CATALOGUE = load_catalogue()
ROWS = again.kept(False).rows
FORMS = sorted({row.form for row in ROWS})
SIZES = pytest.mark.parametrize("large", [False, True], ids=["standard", "large"])
abouts = st.builds(
    About, st.just(again.EDITION), st.booleans(), st.integers(1, MOST_FILES), st.integers(1, (1 << len(ROWS)) - 1)
)


def bits(*fields: str) -> int:
    return sum(1 << n for n, row in enumerate(ROWS) if row.question.id in fields)


def read(picture: Grey) -> PageReading:
    return read_page(picture, (200.0, 200.0), 1, CATALOGUE)[0]


def ticked(picture: Grey, box: Box) -> None:
    x, y = (round((box[n] + box[n + 2]) / 2 / again.PX) for n in (0, 1))
    cv2.polylines(picture, [np.array([[x - 14, y - 2], [x - 5, y + 12], [x + 18, y - 18]], np.int32)], False, 40, 4)


def test_the_sheets_ask_every_consent_of_both_shipped_forms() -> None:
    for form in FORMS:
        items = {
            field.item for field in CATALOGUE.get(form).fields if field.item and not field.item.startswith("paper:")
        }
        assert items == {row.item for row in ROWS if row.form == form}


@SIZES
@pytest.mark.parametrize("form", FORMS)
def test_every_subset_of_a_forms_questions_fits_its_pages_and_reads_back_from_its_codes(form: str, large: bool) -> None:
    kept = again.kept(large)
    own = [n for n, row in enumerate(kept.rows) if row.form == form]
    for row in (*kept.rows, kept.end):
        for field in row.fields:
            for box in (*field.boxes.values(), *field.labels.values(), *field.comb):
                assert 0 <= box[0] < box[2] <= A4.width
                assert 0 <= box[1] < box[3] <= row.height * again.PX
    for subset in range(1, 1 << len(own)):
        questions = sum(1 << own[n] for n in range(len(own)) if subset >> n & 1)
        about = About(again.EDITION, large, 42, questions)
        placed = again.laid(about)
        assert [one.row for one in placed[:-1]] == [kept.rows[n] for n in own if questions >> n & 1]
        for one in placed:
            assert kept.frame.later <= one.top
            assert one.top + one.row.height <= kept.frame.bottom
        for before, after in pairwise(placed):
            assert after.page == before.page + 1 or after.top >= before.top + before.row.height
        for page in range(1, placed[-1].page + 1):
            assert decode(encode(about.code(page))) == AgainCode(again.EDITION, large, page, 42, questions)


@given(abouts)
def test_any_sheets_template_is_sound_and_is_found_by_its_name_and_by_its_codes(about: About) -> None:
    template = again.template_of(about)  # checks itself
    assert again.about(template.id, template.edition) == about
    assert CATALOGUE.get(template.id, template.edition) == template
    boxes = [(field.page, box) for field in template.fields for box in field.boxes.values() if field.kind.is_mark]
    assert not [
        1 for n, (page, box) in enumerate(boxes) for other, there in boxes[:n] if page == other and overlap(box, there)
    ]
    for page in range(1, len(template.pages) + 1):
        known = CATALOGUE.coded(encode(about.code(page)))
        assert known is not None
        assert (known.template, known.page) == (template, page)
    assert CATALOGUE.coded(encode(about.code(len(template.pages) + 1))) is None


@given(abouts, st.integers(0, 14), st.sampled_from(LETTERS))
def test_a_code_with_one_wrong_character_is_no_code(about: About, at: int, letter: str) -> None:
    text = encode(about.code(1))
    wrong = text[:at] + letter + text[at + 1 :]
    assert wrong == text or decode(wrong) is None


def test_no_name_makes_a_sheet_of_what_is_none() -> None:
    for edition in ("1S-0-1", "1S-1-0", "1S-1-ZZZZZ", "2S-1-1", "1X-1-1", "1S-1234567-1", "", None):
        with pytest.raises(KeyError):
            CATALOGUE.get(again.ID, edition)


def test_a_large_sheet_is_in_large_print_and_its_foot_takes_one_line() -> None:
    everything = About(again.EDITION, True, MOST_FILES, (1 << len(ROWS)) - 1)
    with pdfplumber.open(BytesIO(print_sheet(everything))) as document:
        for page in document.pages:
            written = [char for char in page.chars if char["text"].strip()]
            assert min(char["size"] for char in written) > 17.9
            foot = [char["bottom"] for char in written if char["top"] > 278 * page.height / 297]
            assert foot and max(foot) - min(foot) < 1


@SIZES
@pytest.mark.parametrize(
    "questions", [bits("contact_by_post"), bits("contact_other_1", "contact_legal", "share_with_other")]
)
def test_a_print_lies_where_the_reader_puts_it_together(questions: int, large: bool) -> None:
    about = About(again.EDITION, large, 42, questions)
    for page, picture in enumerate(pictures_of(print_sheet(about)), start=1):
        blank = again_blank.picture_of(about, page)
        frame = again.kept(large).frame
        inside = np.s_[frame.first : frame.bottom, 130:1530]
        # The renderer snaps thin lines to whole pixels: a pixel's width aside they are the same.
        near = cv2.erode(blank, np.ones((3, 3), np.uint8))[inside]
        assert int((picture[inside].astype(int) < near.astype(int) - 60).sum()) == 0


@SIZES
def test_a_filled_in_and_scanned_sheet_is_read_right_or_asked_about(large: bool, tmp_path: Path) -> None:
    about = About(again.EDITION, large, 42, bits("contact_by_post", "contact_health", "tell_others"))
    for number in range(2):
        made = filled(about, "typical", number, tmp_path)
        page = read_page(made.pages[0], made.recipes[0].resolution, 1, CATALOGUE)[0]
        assert (page.kind, page.form, page.edition) == (PageKind.FORM, again.ID, made.template.edition)
        marks = [field for field in page.fields if field.kind.is_mark]
        assert len(marks) == 3
        assert all(field.review or field.value == made.fields[field.id].value for field in marks)


def with_another_code(picture: Grey, other: Grey) -> Grey:
    zone = np.s_[48:252, 1310:1530]
    picture[zone] = other[zone]
    return picture


@pytest.mark.parametrize(
    ("printed", "claimed"),
    [
        ("contact_legal", "contact_social_care"), ("contact_by_email", "contact_by_post"), ("contact_other_1", "contact_other_2"),
        ("share_with_health", "share_with_social_care"), ("contact_health", "contact_legal"),
    ],
)  # fmt: skip
def test_words_under_another_sheets_code_are_never_read_as_its_answers(printed: str, claimed: str) -> None:
    about, other = (About(again.EDITION, False, 42, bits(one)) for one in (printed, claimed))
    picture = pictures_of(print_sheet(about))[0]
    ticked(picture, again.template_of(about).field(printed).boxes["yes"])
    assert read(picture.copy()).fields[0].value == "yes"
    page = read(with_another_code(picture, pictures_of(print_sheet(other))[0]))
    assert page.kind is not PageKind.FORM or all(f.value == "unclear" for f in page.fields if f.kind.is_mark)


def test_a_sheet_without_its_corner_marks_is_still_read() -> None:
    about = About(again.EDITION, False, 42, bits("contact_by_post", "contact_health"))
    picture = pictures_of(print_sheet(about))[0]
    ticked(picture, again.template_of(about).field("contact_health").boxes["yes"])
    picture[2200:, :160] = 255
    page = read(picture)
    assert [(f.id, f.value) for f in page.fields if f.kind.is_mark] == [
        ("contact_by_post", "blank"),
        ("contact_health", "yes"),
    ]


def test_a_sheet_whose_code_is_lost_goes_to_a_person_with_the_reason() -> None:
    picture = pictures_of(print_sheet(About(again.EDITION, False, 42, bits("contact_health"))))[0]
    picture[100:200, 1350:1480] = 0
    page = read(picture)
    assert page.kind is PageKind.OTHER
    assert (
        page.reason
        == "This looks like a page that we printed, but its code cannot be read. Read it by hand or scan it again."
    )


def test_half_a_sheet_goes_to_a_person_with_the_reason() -> None:
    picture = pictures_of(print_sheet(About(again.EDITION, False, 42, bits("contact_by_post", "contact_health"))))[0]
    picture[400:1500, :] = 255
    page = read(picture)
    assert page.kind is not PageKind.FORM
    assert (page.reason or "").startswith("This looks like “Answer sheet”")
