"""Whole pages: either the right answer or a question, however the page was marked and scanned; never a yes from nothing."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.blank_pages import POINT
from forms.pale import PALER
from forms.reading import WHITE_ON_BLACK, read_page
from forms.register import Registration
from forms.results import FieldReading, PageKind, PageReading
from tests.golden import drawn
from tests.golden.drawn import CATALOGUE, Pixels

W, N = "westminster-consent", "northamptonshire-consent"
DPI = (200.0, 200.0)
MARKS = [
    ("store_on_database", "yes", "tick"),
    ("contact_by_email", "yes", "tick"),
    ("contact_by_telephone", "no", "tick"),
    ("contact_by_post", "no", "tick"),
    ("contact_la_sen", "tick", "tick"),
    ("contact_legal", "tick", "tick"),
]
ANSWERS = {
    "store_on_database": "yes", "contact_by_email": "yes", "contact_by_telephone": "no", "contact_by_post": "no",
    "contact_la_sen": "yes", "contact_legal": "yes",
}  # fmt: skip


def read(pixels: Pixels, dpi: tuple[float, float] | None = DPI) -> PageReading:
    return read_page(pixels, dpi, 1, CATALOGUE)[0]


def marks_of(reading: PageReading) -> dict[str, FieldReading]:
    return {field.id: field for field in reading.fields if field.kind.is_mark}


def plain(reading: PageReading) -> dict[str, str | None]:
    """Answers that nobody is asked about, blanks left out."""
    return {name: one.value for name, one in marks_of(reading).items() if not one.review and one.value != "blank"}


SCANS: dict[str, Callable[[Pixels], Pixels]] = {
    "as it is": lambda page: page,
    "on its side": lambda page: np.ascontiguousarray(np.rot90(page, 1)),
    "upside down": lambda page: np.ascontiguousarray(np.rot90(page, 2)),
    "on its other side": lambda page: np.ascontiguousarray(np.rot90(page, 3)),
    "skewed by 3 degrees": lambda page: drawn.skewed(page, 3.0, 0.95),
    "skewed by -3 degrees": lambda page: drawn.skewed(page, -3.0, 0.95),
    "scaled to 95 %": lambda page: drawn.skewed(page, 0.0, 0.95),
    "shifted": lambda page: drawn.skewed(page, 0.0, 1.0, (24.0, -18.0)),
    "noisy": drawn.noisy,
    "squeezed": drawn.squeezed,
    "upside down, skewed, noisy and squeezed": lambda page: drawn.squeezed(
        drawn.noisy(np.ascontiguousarray(np.rot90(drawn.skewed(page, 1.5, 0.97), 2)))
    ),
    "in black and white": lambda page: np.where(page > 128, 255, 0).astype(np.uint8),
    "at 300 dots to the inch": lambda page: np.asarray(cv2.resize(page, None, fx=1.5, fy=1.5), np.uint8),
}


@pytest.mark.parametrize("scan", SCANS.values(), ids=list(SCANS))
@pytest.mark.parametrize("shape", ["tick", "cross"])
def test_marks_are_read_or_asked_about_however_scanned(scan: Callable[[Pixels], Pixels], shape: str) -> None:
    page = scan(drawn.filled(W, 1, [(field, box, shape) for field, box, _ in MARKS]))
    found = read(page, None)
    assert found.kind is PageKind.FORM
    fields = marks_of(found)
    for name, field in fields.items():
        assert field.review or field.value == ANSWERS.get(name, "blank"), (name, field.value)
    assert sum(field.review for field in fields.values()) <= 2


@pytest.mark.parametrize(("form", "page"), [(W, 1), (N, 1), (N, 2)])
@pytest.mark.parametrize("scan", ["as it is", "upside down", "skewed by 3 degrees", "noisy", "squeezed"])
def test_an_unmarked_form_is_blank_and_nothing_is_asked(form: str, page: int, scan: str) -> None:
    found = read(SCANS[scan](drawn.picture(form, page)), None)
    assert (found.form, found.template_page) == (form, page)
    assert {(field.value, field.review) for field in marks_of(found).values()} == {("blank", False)}
    assert not any(field.review for field in found.fields)


@pytest.mark.parametrize("shape", ["solid", "scribble", "dot", "beside", "question"])
@pytest.mark.parametrize(("field", "box"), [("contact_by_email", "yes"), ("contact_health", "tick")])
def test_a_doubtful_mark_is_asked_about(shape: str, field: str, box: str) -> None:
    found = marks_of(read(drawn.filled(W, 1, [(field, box, shape)])))[field]
    assert found.review
    assert found.reason


def test_both_boxes_are_asked_about() -> None:
    found = marks_of(
        read(drawn.filled(W, 1, [("contact_by_email", "yes", "tick"), ("contact_by_email", "no", "tick")]))
    )
    assert (found["contact_by_email"].value, found["contact_by_email"].review) == ("unclear", True)


def test_a_crossed_out_yes_with_a_no_is_asked_about() -> None:
    marks = [
        ("contact_by_text", "yes", "tick"),
        ("contact_by_text", "yes", "scribble"),
        ("contact_by_text", "no", "tick"),
    ]
    found = marks_of(read(drawn.filled(W, 1, marks)))["contact_by_text"]
    assert found.review
    assert found.value != "yes"


def test_words_struck_through_are_asked_about() -> None:
    marks = [("contact_by_text", "yes", "tick"), ("contact_by_text", "yes", "strike")]
    assert marks_of(read(drawn.filled(W, 1, marks)))["contact_by_text"].review


def test_a_worn_pen_is_read_or_asked_about() -> None:
    found = marks_of(read(drawn.filled(W, 1, MARKS, drawn.WORN_PEN)))
    for name, value in ANSWERS.items():
        assert found[name].review or found[name].value == value


def test_a_resolution_that_is_wrong_changes_nothing() -> None:
    page = drawn.filled(W, 1, MARKS)
    assert plain(read(page, (72.0, 72.0))) == plain(read(page, (200.0, 200.0))) == ANSWERS


@pytest.mark.parametrize("kept", [0.2, 0.35, 0.5])
def test_half_a_page_is_never_read(kept: float) -> None:
    found = read(drawn.filled(W, 1, MARKS)[: round(2338 * kept)])
    assert found.kind is not PageKind.FORM
    assert found.fields == ()


def test_what_is_cut_off_the_foot_is_asked_about() -> None:
    found = read(drawn.filled(W, 1, MARKS)[:1403])
    assert plain(found) == ANSWERS
    below = [field for field in found.fields if field.box[3] * POINT > 1403]
    assert {field.id for field in below} >= {"child_name", "signature", "signed_on"}
    assert all(field.review and "cut off" in str(field.reason) for field in below)


@pytest.mark.parametrize("seed", range(3))
def test_a_letter_is_no_form(seed: int) -> None:
    assert read(drawn.letter(seed)).kind is PageKind.OTHER


def test_a_page_white_on_black_is_told_from_a_letter() -> None:
    pixels = 255 - drawn.picture("westminster-consent")
    reading, _ = read_page(pixels, (200.0, 200.0), 1, CATALOGUE)
    assert (reading.kind, reading.reason) == (PageKind.OTHER, WHITE_ON_BLACK)


def side_by_side(left: Pixels, right: Pixels) -> Pixels:
    """Two pages copied onto one sheet lying, each made smaller."""
    high, wide = 1654, 1169
    made = [cv2.resize(one, (wide, high), interpolation=cv2.INTER_AREA) for one in (left, right)]
    return np.hstack(made)


@pytest.mark.parametrize("other", ["form", "policy", "letter"])
def test_a_second_page_beside_a_form_is_not_lost_without_a_word(other: str) -> None:
    """One of them was read, and the other, perhaps another family's, was gone."""
    form = drawn.filled(W, 1, MARKS, seed=3)
    beside = {"form": form, "policy": drawn.picture("westminster-policy", 1), "letter": drawn.letter(seed=2)}[other]
    for sheet in (side_by_side(form, beside), side_by_side(beside, form), np.rot90(side_by_side(form, beside))):
        reading = read(np.ascontiguousarray(sheet))
        assert reading.kind is PageKind.UNREADABLE
        assert "holds a second page beside" in (reading.reason or "")


def test_an_empty_half_of_a_large_sheet_is_no_page() -> None:
    """A page that was scanned as if it were twice as large."""
    form = drawn.filled(W, 1, MARKS, seed=3)
    reading = read(side_by_side(form, np.full_like(form, 250)))
    assert reading.kind is PageKind.FORM


def test_white_paper_is_blank() -> None:
    assert read(np.full((2338, 1654), 250, np.uint8)).kind is PageKind.BLANK


@pytest.mark.parametrize("page", [1, 2, 3])
def test_a_policy_page_is_known(page: int) -> None:
    assert read(drawn.picture("westminster-policy", page)).kind is PageKind.POLICY


def test_nothing_is_measured_of_a_page_that_is_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    pixels = drawn.letter()
    asked: list[str] = []

    def noted(_: object) -> Pixels:
        asked.append("darkness")
        return pixels

    monkeypatch.setattr(Registration, "darkness", property(noted))
    assert read(pixels).kind is PageKind.OTHER
    assert not asked


def test_each_field_has_a_picture_of_its_place() -> None:
    reading, crops = read_page(drawn.filled(W, 1, MARKS), DPI, 1, CATALOGUE)
    for field in reading.fields:
        cut = cv2.imdecode(np.frombuffer(crops[field.id], np.uint8), cv2.IMREAD_UNCHANGED)
        assert field.crop is not None
        assert cut is not None
        assert cut.shape[:2] == (field.crop[3] - field.crop[1], field.crop[2] - field.crop[0])
    assert "limit.empty_below" in reading.fields[0].evidence


@settings(max_examples=25)
@given(
    shape=st.tuples(*[st.integers(0, 900)] * 2) | st.tuples(*[st.integers(1, 300)] * 2, st.integers(1, 5)),
    seed=st.integers(0, 2**32 - 1),
    kind=st.sampled_from(["noise", "black", "white", "stripes"]),
    dpi=st.none() | st.tuples(st.floats(-1, 1e6), st.floats(-1, 1e6)),
)  # fmt: skip
def test_any_array_is_taken_and_none_is_a_yes(
    shape: tuple[int, ...], seed: int, kind: str, dpi: tuple[float, float] | None
) -> None:
    match kind:
        case "noise":
            pixels = np.random.default_rng(seed).integers(0, 256, shape, np.uint8)
        case "stripes":
            pixels = np.zeros(shape, np.uint8)
            pixels[:: 2 + seed % 7] = 255
        case _:
            pixels = np.full(shape, 0 if kind == "black" else 255, np.uint8)
    assert plain(read(pixels, dpi)) == {}


@settings(max_examples=12)
@given(
    seed=st.integers(0, 2**32 - 1),
    field=st.sampled_from(["contact_by_email", "contact_by_telephone", "contact_by_text", "contact_by_post"]),
    left=st.floats(-0.5, 1.0), width=st.floats(0.1, 1.2), top=st.floats(-0.5, 1.0), height=st.floats(0.1, 1.2),
)  # fmt: skip
def test_erasing_ink_never_turns_no_into_yes(
    seed: int, field: str, left: float, width: float, top: float, height: float
) -> None:
    """Part of a mark in the box for no, or all of it, is rubbed out: what is left is a no, nothing, or a question."""
    page = drawn.filled(W, 1, [(field, "no", "tick")], seed=seed % 1000)
    x0, y0, x1, y1 = drawn.blank(W).known.template.field(field).boxes["no"]  # type: ignore[union-attr]
    across, down = x1 - x0, y1 - y0
    rows = slice(round((y0 + top * down) * POINT), round((y0 + (top + height) * down) * POINT))
    columns = slice(round((x0 + left * across) * POINT), round((x0 + (left + width) * across) * POINT))
    page[rows, columns] = drawn.picture(W)[rows, columns]
    found = plain(read(page))
    assert set(found.values()) <= {"no"}


def test_a_large_tick_that_goes_round_the_inside_of_its_box_is_seen() -> None:
    """Whether it is a yes is for the networks (that of 2.11 thinks that it may stand beside the box, and asks); it is never taken for nothing."""
    page = drawn.filled(W, 1, [("contact_health", "tick", "tick"), ("contact_by_email", "yes", "tick")])
    left, top, _, bottom = (
        round(edge * POINT) for edge in CATALOGUE.get(W, "2023").field("contact_legal").boxes["tick"]
    )
    around = [(left - 14, top - 2), (left - 4, bottom + 10), (left + 20, bottom + 10), (left + 56, bottom - 44)]
    cv2.polylines(page, [np.array(around, np.int32)], False, 40, 4, cv2.LINE_AA)
    found = {one.id: one for one in read_page(page, DPI, 1, CATALOGUE)[0].fields}
    legal = found["contact_legal"]
    assert float(legal.evidence["tick.inside"]) < 0.1 and float(legal.evidence["tick.close"]) > 0.6
    assert "yes" in (legal.value, legal.evidence.get("guess"))
    assert (found["contact_social_care"].value, found["contact_social_care"].review) == ("blank", False)


def written(page: Pixels, words: str, x: float, y: float, shade: int = 30) -> None:
    """Handwriting on a page; `x`, `y` in points, where it begins, on its line."""
    at = (round(x * POINT), round(y * POINT))
    cv2.putText(page, words, at, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 1.1, shade, 3, cv2.LINE_AA)


@pytest.mark.parametrize("side", ["before", "behind"])
@pytest.mark.parametrize("shade", [40, 170], ids=["a ballpoint", "a pale pen"])
def test_a_word_in_the_row_of_a_tick_is_asked_about_and_the_other_rows_are_not(shade: int, side: str) -> None:
    rows = ("tell_others", "contact_on_behalf", "access_information")
    page = drawn.filled(N, 1, [(name, "yes", "tick") for name in rows], drawn.Pen(shade=shade))
    boxes = CATALOGUE.get(N).field("contact_on_behalf").boxes
    x = boxes["yes"][0] - 45 if side == "before" else boxes["no"][2] + 8
    written(page, "NO", x, boxes["yes"][3] - 6, shade)
    told = marks_of(read(page))
    assert told["contact_on_behalf"].review
    assert "beside its boxes" in str(told["contact_on_behalf"].reason)
    assert [(told[name].value, told[name].review) for name in (rows[0], rows[2])] == [("yes", False)] * 2


def test_a_mark_half_way_between_yes_and_no_is_asked_about_and_is_never_an_empty_pair() -> None:
    """It lies further from either box than what the scorer of marks looks at."""
    page = drawn.filled(W, 1, [("contact_by_email", "yes", "tick"), ("contact_legal", "tick", "tick")])
    boxes = CATALOGUE.get(W, "2023").field("store_on_database").boxes
    x, y = (boxes["yes"][2] + boxes["no"][0]) / 2 + 5, (boxes["yes"][1] + boxes["yes"][3]) / 2
    way = np.array([(x - 4, y), (x - 1, y + 5), (x + 6, y - 5)]) * POINT
    cv2.polylines(page, [way.round().astype(np.int32)], False, 40, 5, cv2.LINE_AA)
    told = marks_of(read(page))
    assert told["store_on_database"].review and told["store_on_database"].value == "unclear"
    assert (told["contact_by_email"].value, told["contact_by_email"].review) == ("yes", False)


def test_a_tick_between_two_questions_is_not_nothing() -> None:
    """It stands under the box of one and over that of the next, in neither; a question that is marked keeps its answer."""
    edition = CATALOGUE.get(W, "2023")
    above, below = (edition.field(name).boxes["yes"] for name in ("contact_by_telephone", "contact_by_text"))
    x, y = (above[0] + above[2]) / 2, (above[3] + below[1]) / 2
    way = np.array([(x - 3, y - 1), (x - 1, y + 3), (x + 5, y - 4)]) * POINT
    for marked, asked in (
        ("contact_by_email", {"contact_by_telephone", "contact_by_text"}),
        ("contact_by_text", {"contact_by_telephone"}),
    ):
        page = drawn.filled(W, 1, [(marked, "no", "tick")])
        cv2.polylines(page, [way.round().astype(np.int32)], False, 40, 4, cv2.LINE_AA)
        told = marks_of(read(page))
        assert {name for name, one in told.items() if one.review and one.kind.is_mark} == asked
        assert (told[marked].value, told[marked].review) == ("no", False)


def test_what_is_written_where_there_is_room_for_it_is_no_word_in_the_row() -> None:
    page = drawn.filled(N, 2, [("share_with_other", "yes", "tick")])
    left, _, _, bottom = CATALOGUE.get(N).field("share_with_other_name").box
    written(page, "Grandmother", left + 4, bottom - 4)
    told = marks_of(read(page))["share_with_other"]
    assert (told.value, told.review) == ("yes", False)


def test_a_streak_through_the_rows_is_no_word() -> None:
    page = drawn.filled(N, 1, [("tell_others", "yes", "tick")])
    x = round((CATALOGUE.get(N).field("tell_others").boxes["yes"][0] - 30) * POINT)
    page[:, x : x + 5] = 20
    told = marks_of(read(page))["tell_others"]
    assert (told.value, told.review) == ("yes", False)


@pytest.mark.parametrize(("dark", "asked"), [(48, True), (150, False)], ids=["as print that shows through", "as a pen"])
def test_a_signature_is_in_the_pen_of_its_page_or_asked_about(dark: int, asked: bool) -> None:
    """The same strokes; only how dark they are beside the ticks of the page tells whether somebody signed on this side of the sheet."""
    page = drawn.filled(W, 1, [(field, box, "tick") for field, box, _ in MARKS])
    left, top, _, bottom = (round(side * POINT) for side in CATALOGUE.get(W, "2023").field("signature").box)
    t = np.linspace(0, 1, 200)
    across, down = left + 60 + 240 * t + 12 * np.sin(60 * t), (top + bottom) / 2 + 20 * np.sin(31 * t) * (1 - 0.6 * t)
    cv2.polylines(page, [np.stack([across, down], axis=1).astype(np.int32)], False, 255 - dark, 3, cv2.LINE_AA)
    found = {field.id: field for field in read(page).fields}["signature"]
    assert (found.value, found.review, found.reason) == (("absent", True, PALER) if asked else ("present", False, None))
