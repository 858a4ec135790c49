"""A run of pages says itself where another letter begins, or that a page is missing: by numbers, salutations and references."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.documents.text.joined import PageMark, begins, mark, questions

LETTER = "Testshire Council\nOur ref: SEN/2026/118\n3 March 2026\n\nDear Ms Quill\n\nWe met on 2/3 at school.\nAbout 1 of 3 plans\n"
MIDDLE = "the plan will be looked at again in the summer,\nand we hope to hear from you.\nWith thanks\n"
END = "we shall write again.\n\nYours sincerely\nP. Invented\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Page 2 of 3\n" + MIDDLE, PageMark(2, 3)),
        (MIDDLE + "Page 2 of 3", PageMark(2, 3)),
        (MIDDLE + "PAGE 2", PageMark(2, None)),
        (MIDDLE + "Tudalen 2 o 3", PageMark(2, 3)),
        (MIDDLE + "- 2 / 3 -", PageMark(2, 3)),
        (MIDDLE + "2 of 3", PageMark(2, 3)),
        (LETTER, None),
        ("see page 4 of the long report that was sent to you and to the school in the spring of last year, please\n" * 2, None),
        (MIDDLE + "Page 9 of 3", None),
        (MIDDLE + "1/04/2026", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_page_number_is_read_at_the_head_or_foot(text: str, found: PageMark | None) -> None:
    assert mark(text) == found


@pytest.mark.parametrize(
    ("text", "does"),
    [
        (LETTER, True),
        ("Annwyl Ms Quill\n" + MIDDLE, True),
        ("To whom it may concern\n" + MIDDLE, True),
        ("From: a@b.example\nSent: Monday\nTo: c@d.example\n" + MIDDLE, True),
        (MIDDLE, False),
        (END, False),
        ("My dear child came home\n" + MIDDLE, False),
        (MIDDLE * 3 + "Dear Sam, said the teacher\n", False),
        ("", False),
    ],
)
def test_a_letter_begins_with_a_salutation_or_the_head_of_an_e_mail(text: str, does: bool) -> None:
    assert begins(text) is does


def test_one_letter_of_several_pages_is_asked_nothing() -> None:
    assert questions([1, 2, 3], {1: LETTER, 2: MIDDLE, 3: END}) == ()
    numbered = {n: text + f"\nPage {n} of 3" for n, text in enumerate((LETTER, MIDDLE, END), 1)}
    assert questions([1, 2, 3], numbered) == ()


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        pytest.param({4: LETTER, 5: END, 6: LETTER}, ["Page 6 begins like a letter."], id="a salutation"),
        pytest.param({4: LETTER + "Page 1 of 2", 5: END + "Page 2 of 2", 6: MIDDLE + "Page 1"}, ["Page 6 says that it is page 1."], id="a first page"),
        pytest.param(
            {4: LETTER + "Page 1 of 3", 5: MIDDLE + "Page 2 of 3", 6: END + "Page 2 of 2"},
            ["Page 5 says that it is page 2 of 3, page 6 that it is page 2 of 2."], id="another letter's page",
        ),
        pytest.param({4: MIDDLE + "Page 2 of 3", 5: END + "Page 3 of 3"}, ["Page 4 says that it is page 2 of 3. What comes before"], id="the first page is elsewhere"),
        pytest.param({4: LETTER + "Page 1 of 2"}, ["Page 4 says that it is page 1 of 2. What comes after"], id="the last page is elsewhere"),
        pytest.param({4: LETTER, 5: "Our ref: HLT/99/17\n" + MIDDLE}, ["Page 5 gives another reference than page 4."], id="another reference"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_asked_about(texts: dict[int, str], said: list[str]) -> None:
    asked = questions(sorted(texts), texts)
    assert len(asked) == len(said) and all(one.startswith(start) for one, start in zip(asked, said, strict=True))


def test_no_question_holds_what_the_letter_says() -> None:
    asked = " ".join(questions([1, 2], {1: LETTER, 2: LETTER.replace("118", "7") + "Page 1"}))
    assert asked and not any(word in asked for word in ("Quill", "SEN", "2026"))


@given(st.lists(st.text(max_size=200), min_size=1, max_size=5), st.sets(st.integers(1, 5)))
def test_any_text_is_borne(texts: list[str], read: set[int]) -> None:
    pages = list(range(1, len(texts) + 1))
    questions(pages, {page: text for page, text in zip(pages, texts, strict=True) if page in read})
