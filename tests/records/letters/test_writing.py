"""Letters to families, looked at through readers of PDF that are not ours."""

import io
from dataclasses import replace
from datetime import date

import pdfplumber
import pypdf
import pytest

from records.letters.writing import (
    Asks,
    Facts,
    Grid,
    Heading,
    Layout,
    Letter,
    Points,
    Sender,
    Signing,
    Together,
    Words,
    as_text,
    layout_for,
    write,
)

POINTS_PER_MM = 72 / 25.4
ADDRESS = ("Morgan Testwood", "Flat 4, Long Orchard House", "1 Wellingborough Road", "Northampton", "NN1 4EA")
LETTER = Letter(
    sender=Sender("Testshire Advice Service", ("01234 567890", "help@testshire.example")), to=ADDRESS,
    written_on=date(2026, 11, 20), reference="PC-0042", title="What you have agreed", greeting="Dear Morgan Testwood",
    blocks=(
        Words("This is your copy."), Facts((("As of", "20 November 2026"),)), Heading("News"),
        Grid(("Question", "Your answer"), (("By post", "Yes"),) * 20, (3, 1)), Points(("Call us",)), Points(("One", "Two"), numbered=True),
        Signing(("Signed",)),
    ),
    closing=("Yours sincerely", "Sam Officer"),
)  # fmt: skip


def in_the_window(pdf: bytes) -> str:
    """What the window of a DL or C5 envelope can show, however the sheet lies in it."""
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        left, top, right, bottom = (side * POINTS_PER_MM for side in (10, 45, 112, 102))
        return opened.pages[0].crop((left, top, right, bottom)).extract_text()


def sizes(pdf: bytes) -> set[float]:
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        return {
            round(float(letter["size"]), 1) for page in opened.pages for letter in page.chars if letter["text"].strip()
        }


@pytest.mark.parametrize("layout", Layout)
def test_a_letter_is_tagged_and_says_its_language_and_title_to_a_screen_reader(layout: Layout) -> None:
    pdf = write(LETTER, layout=layout)
    catalog = pypdf.PdfReader(io.BytesIO(pdf)).root_object
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "en-GB"
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part" in catalog["/Metadata"].get_object().get_data()
    roles = _roles(catalog["/StructTreeRoot"])
    assert {"/H1", "/H2", "/P", "/L", "/LI"} <= roles
    assert ("/TH" in roles) is (layout is Layout.STANDARD)


def _roles(node: object) -> set[str]:
    found: set[str] = set()
    waiting = [node]
    while waiting:
        each = waiting.pop()
        each = each.get_object() if isinstance(each, pypdf.generic.IndirectObject) else each
        if isinstance(each, list):
            waiting.extend(each)
        elif isinstance(each, dict):
            if each.get("/Type") != "/StructTreeRoot" and "/S" in each:
                found.add(str(each["/S"]))
            if "/K" in each:
                waiting.append(each["/K"])
    return found


@pytest.mark.parametrize("layout", Layout)
def test_only_the_address_can_be_read_through_the_window_of_an_envelope(layout: Layout) -> None:
    assert in_the_window(write(LETTER, layout=layout)).splitlines() == list(ADDRESS)


def test_an_address_too_long_for_its_place_moves_the_letter_down() -> None:
    longest = replace(LETTER, to=("An Unusually Long Family Name-Hyphenated",) * 6)
    text = pypdf.PdfReader(io.BytesIO(write(longest, layout=Layout.LARGE))).pages[0].extract_text()
    assert text.count("An Unusually") == 6
    assert text.rindex("An Unusually") < text.index("What you have agreed")
    assert "agreed" not in in_the_window(write(longest, layout=Layout.LARGE))


def test_print_is_12_point_or_larger_and_large_print_18() -> None:
    assert min(sizes(write(LETTER))) >= 12
    assert min(sizes(write(LETTER, layout=Layout.LARGE))) >= 18


def test_large_print_is_laid_out_afresh_with_the_words_of_each_column_at_each_answer() -> None:
    text = "\n".join(
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(write(LETTER, layout=Layout.LARGE))).pages
    )
    assert text.count("Your answer: Yes") == 20


def test_date_reference_and_page_numbers_stand_on_the_letter_and_the_file_says_no_name() -> None:
    reader = pypdf.PdfReader(io.BytesIO(write(LETTER)))
    first, last = reader.pages[0].extract_text(), reader.pages[-1].extract_text()
    assert "20 November 2026" in first
    assert "PC-0042" in first
    assert f"Page {len(reader.pages)} of {len(reader.pages)}" in last
    assert reader.metadata is not None
    assert "Morgan" not in str(dict(reader.metadata)) + str(reader.xmp_metadata and reader.xmp_metadata.dc_title)


@pytest.mark.parametrize("name", ["李小龙", "محمد", "#text(size: 1pt)[x]", "a\u202eb\x00c\nd", "😀", "x" * 3_000])
def test_a_letter_is_printed_whatever_the_name_holds(name: str) -> None:
    assert write(replace(LETTER, greeting=f"Dear {name}", to=(name[:60],))).startswith(b"%PDF")


@pytest.mark.parametrize("layout", list(Layout))
def test_a_name_longer_than_its_place_is_broken_and_lies_on_nothing(layout: Layout) -> None:
    name = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaftschaferswessenschafe"
    long = replace(
        LETTER, to=(name, "1 High Street"), greeting=f"Dear {name}", blocks=(Facts(((name, name),)), Grid(("Question", "Your answer"), ((name, name),), (1, 1)))
    )  # fmt: skip
    pdf = write(long, layout=layout)
    assert in_the_window(pdf).replace("\n", "").replace("\u200b", "") == name + "1 High Street"
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        right = max(letter["x1"] for page in opened.pages for letter in page.chars)
    assert right <= (210 - 20) * POINTS_PER_MM + 0.5


def test_an_address_for_e_mails_is_never_broken_so_it_can_be_copied() -> None:
    address = "somebody.with.a.long.name@a-long-name-of-a-borough.example.org"
    text = pypdf.PdfReader(io.BytesIO(write(replace(LETTER, greeting=f"Write to {address}")))).pages[0].extract_text()
    assert address in text


def test_what_a_family_wrote_is_never_read_as_markup_and_cannot_rearrange_the_letter() -> None:
    text = (
        pypdf.PdfReader(io.BytesIO(write(replace(LETTER, greeting="Dear #strong[Jo] \u202eoJ *x*"))))
        .pages[0]
        .extract_text()
    )
    assert "Dear #strong[Jo]  oJ *x*" in text


def test_a_letter_that_would_mislead_is_refused() -> None:
    with pytest.raises(ValueError, match="lines"):
        replace(LETTER, to=("line",) * 7)
    with pytest.raises(ValueError, match="title"):
        replace(LETTER, title=" ")
    with pytest.raises(ValueError, match="cells"):
        Grid(("One", "Two"), (("only one",),))


@pytest.mark.parametrize(
    ("format", "layout"),
    [("standard", "standard"), ("large_print", "large"), ("easy_read", "large"), ("other", "standard")],
)
def test_the_layout_follows_the_format_a_person_prefers(format: str, layout: str) -> None:
    assert layout_for(format) == layout


def test_a_letter_as_plain_text_says_all_that_its_print_says() -> None:
    """N19: for a screen reader, an e-mail or a braille printer."""
    asked = Asks((("May we write to you?", "You left this blank."),))
    letter = replace(
        LETTER, blocks=(*LETTER.blocks, Together((asked, Words("Cut here.")))), prefers="cy", title="Agr\u202eeed"
    )
    text = as_text(letter)
    pages = pypdf.PdfReader(io.BytesIO(write(letter))).pages
    printed = " ".join(" ".join(page.extract_text() for page in pages).split())
    for words in (
        "Testshire Advice Service", "help@testshire.example", *ADDRESS, "20 November 2026", "PC-0042", "Dear Morgan Testwood", "This is your copy.",
        "News", "By post", "Call us", "Yours sincerely", "Sam Officer", "May we write to you?", "You left this blank.", "Cut here.", "This letter is in English.",
    ):  # fmt: skip
        assert words in text, words
        assert words in printed, words
    assert "1. One\n2. Two" in text
    assert "Question: By post\nYour answer: Yes" in text
    assert text.isprintable() or all(letter.isprintable() or letter == "\n" for letter in text)
    assert "AGR EED" in text, "a direction mark rearranges nothing"
