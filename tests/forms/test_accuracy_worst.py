"""The page of worst cases: worst first, nothing from outside, nothing of a form's writing taken for HTML."""

import re
from html.parser import HTMLParser

from forms.accuracy.scoring import Case, What
from forms.accuracy.worst import MOST, MOST_OF_A_FILE, Choice, Shown, page

PNG = b"\x89PNG\r\n\x1a\nnot really"


def case(what: What, *, file: str = "a.pdf", reason: str | None = None, field: str | None = "child_name") -> Case:
    return Case(
        what, "hard", file, 2, field, "no", "yes", reason, ("corrected", "both_ticked"),
        {"yes.inside": 3.21, "no.inside": 0.5, "limit.empty_below": 0.16, "fit": 0.9},
    )  # fmt: skip


class Tags(HTMLParser):
    """Collects every tag with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def shown_page(*cases: Case, choice: Choice | None = None) -> str:
    choice = choice or Choice()
    return page([Shown(one, PNG, question="Keep it?") for one in choice.of(cases)], choice.counts, 30, "12 files.")


def test_the_worst_comes_first_and_one_line_says_what_is_shown() -> None:
    html = shown_page(*(case(what) for what in reversed(What)))
    places = [html.index(f'<section id="{what.name.lower()}"') for what in What]
    assert places == sorted(places)
    assert "What went wrong in reading 30 forms: 4 answers taken wrongly (1 of them a false yes), 3 pages" in html


def test_a_case_says_what_was_true_what_was_read_and_why() -> None:
    html = shown_page(case(What.FALSE_YES, reason="Both boxes have marks."))
    text = re.sub(r"<[^>]+>", " ", html)
    for told in ("Keep it?", "no", "yes", "Both boxes have marks.", "corrected, both ticked", "a.pdf, page 2", "hard"):
        assert told in text
    assert "3.21" in text and "empty_below 0.16" in text
    assert "data:image/png;base64,iVBOR" in html


def test_nothing_comes_from_outside_and_nothing_written_is_taken_for_html() -> None:
    evil = case(What.FALSE_YES, file='"><img src=http://x onerror=alert(1)>.pdf', reason="<script>1</script>")
    tags = Tags()
    tags.feed(shown_page(evil))
    names = [name for name, _ in tags.found]
    assert "script" not in names and "link" not in names and names.count("img") == 1
    for _, attributes in tags.found:
        assert not any(name.startswith("on") for name in attributes)
        assert (attributes.get("src") or "data:").startswith("data:")
        assert (attributes.get("href") or "#").startswith("#")
    assert any("default-src 'none'" in (attributes.get("content") or "") for _, attributes in tags.found)


def test_every_picture_says_what_it_is_and_a_missing_one_is_said() -> None:
    choice = Choice()
    cases = choice.of([case(What.MISSED_FORM, field=None), case(What.MISSED_YES)])
    html = page([Shown(cases[0], PNG), Shown(cases[1])], choice.counts, 1, "")
    assert 'alt="Page 2"' in html and "There is no picture of it." in html
    assert "reading 1 form:" in html


def test_kinds_without_cases_have_no_section_and_no_link() -> None:
    html = shown_page(case(What.FALSE_YES))
    assert html.count("<section") == 1 and html.count('href="#') == 1
    assert "<b>0</b> Missed yes" in html


def test_needless_questions_are_sampled_by_reason_and_not_all_from_one_scan() -> None:
    choice = Choice()
    cases = [case(What.NEEDLESS, file=f"{n // 5}.pdf", reason="Faint.") for n in range(60)]
    kept = choice.of([*cases, case(What.NEEDLESS, file="0.pdf", reason="Beside.")])
    assert choice.counts == {(What.NEEDLESS, "Faint."): 60, (What.NEEDLESS, "Beside."): 1}
    faint = [one for one in kept if one.reason == "Faint."]
    assert len(faint) == MOST[What.NEEDLESS] and len(kept) == len(faint) + 1
    assert sum(one.file == "0.pdf" for one in faint) == MOST_OF_A_FILE
    html = page([Shown(one) for one in kept], choice.counts, 9, "")
    assert f"{len(kept)} of 61 shown." in html and html.index("Faint.") < html.index("Beside.")


def test_every_wrong_answer_is_shown() -> None:
    assert len(Choice().of([case(What.FALSE_YES)] * 50)) == 50
