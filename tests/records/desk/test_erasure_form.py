"""R31, R64: nothing that destroys or lets out is chosen for anybody, and a list of thirty items is quick all the same. Invented people only."""

import html
import re
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from intake.wiring import Paperchain
from records.clock import Clock
from records.db import Database
from records.desk.erasure_form import filled, given_by, summed
from records.requests.erasure import Ground, UnitKind, Verdict
from records.requests.erasure_list import Unit
from tests.builders import made_on
from tests.requesting import a_file, recorded, step
from tests.reviewing import Browser

TODAY = date(2026, 11, 20)
FORM, LETTER, ANSWERS = (
    Unit(UUID(int=1), UnitKind.FORM, "Form of item 1"),
    Unit(UUID(int=2), UnitKind.LETTER, "Letter of item 2", pages=(UUID(int=8), UUID(int=9))),
    Unit(UUID(int=3), UnitKind.ANSWERS, "The answers"),
)
EVERY = (FORM, LETTER, ANSWERS)
KEPT = {"verdict-all": "keep", "ground-all": "legal_claim", "why-all": "Claim 17", "review-all": "20 5 2027"}
CHECKED = re.compile(r"<input[^>]* checked")


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
def chain(tmp_path: Path, database: Database, clock: Clock) -> Paperchain:
    return made_on(database, tmp_path, clock)


# What is filled in


def test_one_answer_is_filled_in_for_what_is_open_and_nothing_else() -> None:
    """R31: each item is decided; what somebody chose for one of them stands."""
    sent, count, wrong = filled({**KEPT, f"verdict-{FORM.id}": "erase", "recipients_told": "The school"}, EVERY, TODAY)
    assert (count, wrong) == (2, {}) and sent["recipients_told"] == "The school"
    given, mistakes = given_by(sent, EVERY, TODAY)
    assert mistakes == {}
    assert [given[unit.id][0].verdict for unit in EVERY] == [Verdict.ERASE, Verdict.KEEP, Verdict.KEEP]
    assert given[ANSWERS.id] == (given[LETTER.id][0], "Claim 17") and given[LETTER.id][0].code is Ground.LEGAL_CLAIM
    assert not sent["verdict-all"], "it is used up: a second press fills nothing in"


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        pytest.param({"verdict-all": ""}, "verdict-all", "Choose what is filled in", id="nothing is chosen for anybody"),
        pytest.param({"verdict-all": "pages"}, "verdict-all", "Choose what is filled in", id="pages are a letter's own"),
        pytest.param({"ground-all": ""}, "ground-all", "To fill in: choose the ground", id="R31: a named ground"),
        pytest.param({"ground-all": "honour"}, "ground-all", "To fill in: only the answers", id="R32: honouring keeps answers alone"),
        pytest.param({"why-all": ""}, "why-all", "To fill in: say what the ground is", id="R31: which claim"),
        pytest.param({"review-all": "20 5 2026"}, "review-all", "must be after today", id="R31: a review date"),
    ],
)  # fmt: skip
def test_what_cannot_be_decided_is_not_filled_in(change: dict[str, str], field: str, words: str) -> None:
    sent, count, wrong = filled(KEPT | change, EVERY, TODAY)
    assert (sent, count, list(wrong)) == (KEPT | change, 0, [field]) and words in wrong[field]


def test_erasing_is_filled_in_when_somebody_chooses_it_and_with_no_ground() -> None:
    sent, count, _ = filled({"verdict-all": "erase"}, EVERY, TODAY)
    assert count == 3 and {sent[f"verdict-{unit.id}"] for unit in EVERY} == {"erase"}
    assert not [name for name, value in sent.items() if name.startswith(("ground", "why", "review")) and value]


def test_many_open_items_are_one_sentence_and_other_mistakes_stay() -> None:
    _, mistakes = given_by({f"verdict-{LETTER.id}": "pages"}, EVERY, TODAY)
    assert list(summed(mistakes, 3).items()) == [
        (f"verdict-{FORM.id}", "2 of 3 items are not decided: choose for each whether it is erased or kept"),
        (f"pages-{LETTER.id}", mistakes[f"pages-{LETTER.id}"]),
    ]
    one = {field: words for field, words in mistakes.items() if field != f"verdict-{ANSWERS.id}"}
    assert summed(one, 3) == one, "a single one is named"


# On the desk


def test_on_a_new_list_nothing_is_chosen_and_one_press_fills_in_thirty(chain: Paperchain) -> None:
    officer = Browser(chain)
    _, _, ids = a_file(chain, officer.id, pages=30)
    path = recorded(officer, kind="erasure")
    step(officer, path, "who", person="none", address="", address_again="")
    page = officer.get(f"{path}/what").text
    assert not CHECKED.search(page) and " selected" not in page
    assert "30 of 30. Page, kept since" in page
    empty = step(officer, path, "what")
    assert empty.status_code == 422
    top = html.unescape(empty.text.split("govuk-error-summary__list")[1].split("</ul>")[0])
    assert top.count("<li>") == 1 and "30 of 30 items are not decided" in top and not CHECKED.search(empty.text)
    done = step(
        officer,
        path,
        "what",
        fill="yes",
        **{"verdict-all": "erase", f"verdict-{ids[0]}": "keep", "recipients_told": "The school"},
    )
    assert done.status_code == 200 and "Filled in for 29 items" in done.text and "The school" in done.text
    assert len(CHECKED.findall(done.text)) == 30 and "verdict-all" not in done.text
    assert not CHECKED.search(officer.get(f"{path}/what").text), "filling in decides nothing"


def test_what_goes_with_a_new_copy_is_chosen_for_nobody(chain: Paperchain) -> None:
    """R64: names, notes and answers leave with the copy only when somebody says so."""
    officer = Browser(chain)
    a_file(chain, officer.id)
    path = recorded(officer)
    page = officer.get(f"{path}/look").text
    assert "goes with the copy" in page and not CHECKED.search(page)
    version = page.split('name="version" value="')[1].split('"')[0]
    answer = officer.post(f"{path}/look/beside", {"version": version})
    assert (
        answer.status_code == 422
        and "Names, dates of birth, contact and other facts: choose what becomes of this" in answer.text
    )
    assert not CHECKED.search(answer.text)
