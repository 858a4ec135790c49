"""N4, N5: an anonymous enquiry that says who somebody is is noticed; the words of the field are not."""

from datetime import date
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.cases.personal import LOOKS_WORDS, Looks, looks_personal
from records.cases.plain_words import FIRST_NAMES, KNOWN
from records.cases.words import TOPIC_WORDS
from records.policies.periods import in_words


def kinds(text: str) -> set[Looks]:
    return {finding.looks for finding in looks_personal(text)}


@pytest.mark.parametrize(
    ("text", "looks"),
    [
        ("Born 14/5/2011", Looks.DATE),
        ("dob 14.05.11", Looks.DATE),
        ("2011-05-14", Looks.DATE),
        ("14th May 2011", Looks.DATE),
        ("14 of may", Looks.DATE),
        ("May 14, 2011", Looks.DATE),
        ("born in 2011", Looks.DATE),
        ("date of birth: March 2012", Looks.DATE),
        ("１４/０５/２０１１", Looks.DATE),  # full-width figures
        ("14/\u200b05/\u200b2011", Looks.DATE),  # letters without width between
        ("ring 07700 900123", Looks.TELEPHONE),
        ("+44 7700 900123", Looks.TELEPHONE),
        ("(020) 7946 0018", Looks.TELEPHONE),
        ("020-7946-0018", Looks.TELEPHONE),
        ("NHS 485 777 3456", Looks.TELEPHONE),
        ("write to rowan.testwood@example.org", Looks.EMAIL),
        ("rowan at example dot org", Looks.EMAIL),
        ("lives in W9 2EE", Looks.POSTCODE),
        ("nn16qx", Looks.POSTCODE),
        ("SW1A 1AA please", Looks.POSTCODE),
        ("12 High Street", Looks.ADDRESS),
        ("flat 3, 12 Marlborough Gardens", Looks.ADDRESS),
        ("Rowan Testwood asked about transport", Looks.NAME),
        ("asked for Mrs Testwood at school", Looks.NAME),
        ("wants the head, Mr Ingleby, to reply", Looks.NAME),
        ("the caller's son Rowan has autism", Looks.NAME),
        ("toby has no school place", Looks.NAME),
        ("a pupil named Zed", Looks.NAME),
        ("support for O'Brien at college", Looks.NAME),
        ("mother of Łukasz", Looks.NAME),
        ("asked about Test-Wood family", Looks.NAME),
    ],
)
def test_what_tells_who_somebody_is_is_noticed(text: str, looks: Looks) -> None:
    assert looks in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "EHCP",
        "June review",
        "Annual review in June 2026",
        "School year 2025/26",
        "academic year 2025-2026",
        "Year 9",
        "year 7 to year 11, 2025 2026",
        "Section 19 and section 42",
        "Part-time timetable",
        "1:1 support, 15 hours a week",
        "25 hours, £6,000 of notional funding",
        "£12000000 budget",
        "24/7 care",
        "KS3 2nd choice of school",
        "SENCo will not answer",
        "Local Offer and Local Authority",
        "Mum wants to appeal to the SEND Tribunal.",
        "Caller asked about DLA and PIP.",
        "Equality Act 2010",
        "Children and Families Act 2014",
        "Westminster, Kensington and Chelsea",
        "Northamptonshire policy on school transport",
        "They may choose another school. May they?",
        "Can a parent ask for an EHC needs assessment?",
        "Ofsted report, CAMHS waiting list, NHS therapy",
        "Half term. Easter holiday club.",
        "Year 5 and 6 children on the way to school",
        "WHAT DOES THE LAW SAY ABOUT TRANSPORT",
        "Speech and Language Therapy",
        "Polish leaflet asked for",
        *TOPIC_WORDS.values(),
    ],
)
def test_the_words_of_the_field_pass(text: str) -> None:
    assert looks_personal(text) == ()


def test_each_kind_has_words_for_the_warning() -> None:
    assert set(LOOKS_WORDS) == set(Looks)


def test_a_piece_is_told_once_and_in_order() -> None:
    found = looks_personal("Toby, 14/5/2011, toby@example.org, 07700 900123, W9 2EE, 14/5/2011")
    assert [finding.looks for finding in found] == [
        Looks.NAME, Looks.DATE, Looks.EMAIL, Looks.TELEPHONE, Looks.POSTCODE,
    ]  # fmt: skip


SHAPES = (
    "{d}/{m}/{y}",
    "{d:02}.{m:02}.{y}",
    "{y}-{m:02}-{d:02}",
    "{d} {month} {y}",
    "{month} {d}, {y}",
    "{d}-{m}-{yy:02}",
)
around = st.sampled_from(["", "born ", "the child, ", "EHCP since ", "("])


@given(st.dates(date(1990, 1, 1), date(2030, 12, 31)), st.sampled_from(SHAPES), around)
def test_every_full_date_is_noticed(day: date, shape: str, before: str) -> None:
    written = shape.format(d=day.day, m=day.month, y=day.year, yy=day.year % 100, month=in_words(day).split()[1])
    assert Looks.DATE in kinds(before + written)


@given(
    st.integers(100_000_000, 999_999_999),
    st.sampled_from(["0{}", "+44{}", "0044 {}"]),
    st.sampled_from(["", " ", "-"]),
    around,
)
def test_every_telephone_number_is_noticed(number: int, shape: str, between: str, before: str) -> None:
    figures = str(number)
    written = shape.format(between.join((figures[:4], figures[4:])))
    assert Looks.TELEPHONE in kinds(f"{before}{written}, please")


@given(st.from_regex(r"\A(NN|W|SW|B|EC)[1-9][0-9]? ?[0-9][ABD-HJLNP-UW-Z]{2}\Z"), st.booleans(), around)
def test_every_postcode_is_noticed(code: str, small: bool, before: str) -> None:
    assert Looks.POSTCODE in kinds(
        before + (code.casefold() if small and not code.endswith(("ST", "ND", "RD", "TH")) else code)
    )


@given(st.sampled_from(sorted(FIRST_NAMES)), st.sampled_from([str.title, str.upper, str.lower]))
def test_a_common_first_name_is_noticed_however_written(name: str, shape: object) -> None:
    assert callable(shape)
    assert Looks.NAME in kinds(f"the question is about {shape(name)} and school")


@given(st.lists(st.sampled_from(sorted(KNOWN - {"born", "at", "son", "daughter", "child", "pupil", "called", "i", "may", "march"})), max_size=12),
       st.sampled_from([str.title, str.upper, str.lower, str.capitalize]))  # fmt: skip
def test_known_words_never_warn(words: list[str], shape: object) -> None:
    assert callable(shape)
    assert looks_personal(shape(" ".join(words))) == ()


@given(st.text(max_size=300))
def test_any_text_is_looked_at_and_pieces_are_pieces_of_it(text: str) -> None:
    for finding in looks_personal(text):
        assert finding.piece and finding.looks in Looks


def test_a_long_text_is_looked_at_quickly() -> None:
    before = process_time()
    looks_personal("A 1" * 7000 + "a " * 5000)
    assert process_time() - before < 2
