"""R54, R56, R59, R61: each print carries what it must, and nothing that it must not."""

import io
from datetime import date

import pdfplumber
from PIL import Image

from records.custody import prints

DAY = date(2027, 1, 11)


def text_of(made: bytes) -> list[str]:
    with pdfplumber.open(io.BytesIO(made)) as pdf:
        return [page.extract_text() for page in pdf.pages]


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("L", (248, 351), 200).save(made, "PNG")
    return made.getvalue()


def test_the_sheet_of_a_sack_has_number_seal_count_and_room_for_two_signatures() -> None:
    [page] = text_of(prints.waste_sheet(12, "S 1001", 40, DAY))
    assert all(words in page for words in ("12", "S 1001", "40", "First person", "Second person"))
    assert page.count("Name and signature") == 3  # the contractor signs too


def test_an_item_list_of_many_pages_names_every_paper_and_repeats_its_head() -> None:
    pages = text_of(prints.item_list(12, "S 1001", "Anna", "Ben", [(f"O-{n}", "9", "1") for n in range(1, 151)], DAY))
    assert len(pages) > 2
    assert all("Paper Item Sheets" in page for page in pages)
    assert [word for page in pages for word in page.split() if word.startswith("O-")] == [
        f"O-{n}" for n in range(1, 151)
    ]


def test_a_certified_print_shows_each_picture_and_how_it_was_taken() -> None:
    made = prints.certified_print(
        [("Paper", "O-5"), ("Page 1", "2480 × 3508 points, 300 dots per inch")],
        [("Page 1 of item 3121", "image/png", picture()), ("Page 2 of item 3121", "image/png", picture())],
        "This print shows paper O-5, which we no longer have.", DAY, "Testwood SENDIASS",
    )  # fmt: skip
    first, second, third = text_of(made)
    assert first.startswith("Testwood SENDIASS\nCertified print of a paper"), "whoever certifies it"
    assert "300 dots per inch" in first
    assert "which we no longer have" in first
    assert "Page 1 of item 3121" in second
    assert "Page 2 of item 3121" in third
    with pdfplumber.open(io.BytesIO(made)) as pdf:
        assert [len(page.images) for page in pdf.pages] == [0, 1, 1]


def test_nothing_is_read_as_markup() -> None:
    [page] = text_of(prints.address_label(("#set text(red) *Morgan* $x$", "1 Invented Street")))
    assert page.startswith("#set text(red) *Morgan* $x$\n1 Invented Street")
