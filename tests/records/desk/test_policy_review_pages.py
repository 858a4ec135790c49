"""W56-W58 and W62 on the desk: reviews of the policy, changes of the law, and questions about it, each with its task or its line on Today."""

import html
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from intake import policy_review
from intake.wiring import Paperchain
from records.audit.tables import AuditEntry
from records.clock import fixed
from records.policies import book
from records.policies.tables import LawChange, PolicyAnswer, PolicyQuestion, PolicyReview
from records.tasks.tables import TaskRow
from records.vocabulary import Role
from tests.builders import at, home
from tests.conftest import NOON
from tests.reviewing import Browser, rows

REVIEWS, QUESTIONS = "/settings/policy-reviews", "/settings/policy-questions"
YEARLY = "review of the policy is overdue"
LAW = "change of data protection law, with the review of the policy overdue"
ASKED, LATE = "question about the policy to answer", "question about the policy, the answer overdue"


@pytest.fixture(params=["westminster", "northamptonshire"])
def chain(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Paperchain]:
    with home(tmp_path / "home", fixed(NOON), service__policy=request.param) as chain:
        Browser(chain)  # the first entry of the record
        yield chain


def manager(chain: Paperchain, days: int = 0, role: Role = Role.MANAGER) -> Browser:
    """Somebody at the desk so many days later."""
    return Browser(at(chain, fixed(NOON + timedelta(days=days))), role, "Pat Example")


def boxes(name: str, day: date) -> dict[str, str]:
    return {name: str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def a_review(on: date, **more: str | list[str]) -> dict[str, str | list[str]]:
    filled = {"reviewer": "Sam Invented", "capacity": "advisory_board", "outcome": "no_change", **boxes("on", on)}
    return {**filled, **more}


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def tasks(chain: Paperchain) -> list[TaskRow]:
    return [row for row in rows(chain, TaskRow) if row.closed_at is None]


def test_an_overdue_review_is_on_the_managers_today_alone_until_it_is_recorded(chain: Paperchain) -> None:
    assert YEARLY not in manager(chain, 365).get("/").text
    pat = manager(chain, 366)
    assert YEARLY in pat.get("/").text
    assert YEARLY not in manager(chain, 366, Role.OFFICER).get("/").text
    page = text_of(pat.get(REVIEWS).text)
    assert "The review was due by 20 November 2027 Overdue" in page and "No review is recorded yet." in page
    assert "counted from 20 November 2026, when this policy took effect here" in page
    sent = a_review(date(2027, 11, 20), minute="Board, point 4", outcome="new_version", version="Policy of 2027")
    assert pat.post(REVIEWS, sent).status_code == 303
    page = text_of(pat.get(REVIEWS).text)
    for words in ("Sam Invented, for: the advisory board. New version: Policy of 2027. Minute: Board, point 4.",
                  "The next review is due by 20 November 2028", "Settings of version 1 were in force"):  # fmt: skip
        assert words in page
    assert "Overdue" not in page and YEARLY not in pat.get("/").text
    with chain.db.reading() as session:
        assert not any("Sam" in str(entry.detail) for entry in session.exec(select(AuditEntry)))


def test_a_changed_setting_is_not_shown_as_a_review(chain: Paperchain) -> None:
    with chain.db.writing() as session:
        book.record(
            session, chain.book.versions, code="S9", value=14, begins=NOON.date(), reason="Our own age to ask at", seen=0,
            actor="x", at=NOON, today=NOON.date(),
        )  # fmt: skip
    pat = manager(chain, 366)
    assert YEARLY in pat.get("/").text and "No review is recorded yet." in pat.get(REVIEWS).text


WRONG: list[tuple[dict[str, str], str]] = [
    ({"reviewer": " "}, "Enter who reviewed the policy"),
    ({"capacity": ""}, "Choose in what capacity they reviewed it"),
    ({"capacity": "officer"}, "Choose in what capacity they reviewed it"),
    ({"outcome": ""}, "Choose what came of the review"),
    ({"outcome": "new_version"}, "Name the new version"),
    ({"version": "2"}, "Leave this empty when nothing changes"),
    ({"on-year": "2099"}, "The day must not be in the future"),
    ({"law": "odd"}, "Choose again which changes of the law it looked at"),
]


def test_a_review_needs_a_reviewer_a_capacity_and_what_came_of_it(chain: Paperchain) -> None:
    pat = manager(chain)
    for wrong, words in WRONG:
        answer = pat.post(REVIEWS, a_review(NOON.date(), minute="Kept words", **wrong))
        assert answer.status_code == 422 and words in html.unescape(answer.text) and "Kept words" in answer.text, wrong
    assert rows(chain, PolicyReview) == []


def test_the_yearly_task_offers_no_tick_and_a_tick_that_is_sent_all_the_same_is_refused(chain: Paperchain) -> None:
    pat = manager(chain, 365)
    policy_review.ask(at(chain, fixed(NOON + timedelta(days=365))))
    [task] = tasks(chain)
    page = pat.get("/tasks").text
    assert f'href="{REVIEWS}#record"' in page and f"/tasks/{task.id}/done" not in page
    answer = pat.post(f"/tasks/{task.id}/done", {})
    assert answer.status_code >= 400 and "in what capacity" in answer.text
    assert len(tasks(chain)) == 1
    assert pat.post(REVIEWS, a_review(date(2027, 11, 19))).status_code == 303
    assert tasks(chain) == []


def test_one_press_is_one_review(chain: Paperchain) -> None:
    pat = manager(chain)
    key = re.findall(r'name="key" value="([0-9a-f-]+)"', pat.get(REVIEWS).text)[0]
    for _ in range(2):
        assert pat.post(REVIEWS, a_review(NOON.date(), key=key)).status_code == 303
    assert len(rows(chain, PolicyReview)) == 1


def law(pat: Browser, changed_on: date, review_by: date, reference: str = "Invented Act 2027, section 4") -> int:
    sent = {"reference": reference, **boxes("changed_on", changed_on), **boxes("review_by", review_by)}
    return pat.post(f"{REVIEWS}/law", sent).status_code


def test_a_change_of_the_law_is_a_task_with_its_day_and_reference_until_a_review_looked_at_it(
    chain: Paperchain,
) -> None:
    pat = manager(chain, 10)
    assert law(pat, date(2027, 1, 1), date(2027, 2, 28)) == 303
    [task] = tasks(chain)
    assert task.due == date(2027, 2, 28) and "Invented Act 2027, section 4" in task.words
    assert pat.post(f"/tasks/{task.id}/done", {}).status_code >= 400 and len(tasks(chain)) == 1
    assert LAW not in text_of(manager(chain, 100).get("/").text)  # 28 February 2027
    after = manager(chain, 101)
    assert f"1 {LAW}" in text_of(after.get("/").text)
    assert "28 February 2027 Overdue" in text_of(after.get(REVIEWS).text)
    # A review that does not say it looked at it leaves it open.
    assert after.post(REVIEWS, a_review(date(2027, 3, 1))).status_code == 303
    assert len(tasks(chain)) == 1 and LAW in text_of(after.get("/").text)
    [row] = rows(chain, LawChange)
    assert after.post(REVIEWS, a_review(date(2027, 3, 1), law=[str(row.id)])).status_code == 303
    assert tasks(chain) == [] and LAW not in text_of(after.get("/").text)
    assert "Looked at in the review of 1 March 2027." in text_of(after.get(REVIEWS).text)
    assert after.post(REVIEWS, a_review(date(2027, 3, 1), law=[str(row.id)])).status_code == 409
    assert len(rows(chain, PolicyReview)) == 2


def test_a_review_from_before_the_change_was_known_cannot_have_looked_at_it(chain: Paperchain) -> None:
    pat = manager(chain, 10)
    assert law(pat, date(2026, 11, 25), date(2026, 12, 20)) == 303
    [row] = rows(chain, LawChange)
    answer = pat.post(REVIEWS, a_review(date(2026, 11, 24), law=[str(row.id)]))
    assert answer.status_code == 422 and "before the law changed" in answer.text
    assert rows(chain, PolicyReview) == [] and len(tasks(chain)) == 1


def test_a_change_of_the_law_needs_a_reference_and_a_day_that_can_be_kept(chain: Paperchain) -> None:
    pat = manager(chain)
    for reference, review_by, words in (
        ("", NOON.date(), "Say which law changed"),
        ("An Act", NOON.date() - timedelta(days=1), "must be today or later"),
        ("An Act", date(2027, 11, 21), "must be 20 November 2027 or earlier"),
    ):
        sent = {"reference": reference, **boxes("changed_on", NOON.date()), **boxes("review_by", review_by)}
        answer = pat.post(f"{REVIEWS}/law", sent)
        assert answer.status_code == 422 and words in html.unescape(answer.text), words
    assert rows(chain, LawChange) == [] and tasks(chain) == []


def test_where_the_policy_is_not_reviewed_for_the_law_none_is_recorded(chain: Paperchain) -> None:
    with chain.db.writing() as session:
        book.record(
            session, chain.book.versions, code="S15", value={"months": 12, "on_law_change": False}, begins=NOON.date(),
            reason="The board decided so", seen=0, actor="x", at=NOON, today=NOON.date(),
        )  # fmt: skip
    chain.book.forget()
    pat = manager(chain)
    page = pat.get(REVIEWS).text
    assert f'action="{REVIEWS}/law"' not in page and "not set to be reviewed when data protection law changes" in page
    assert law(pat, NOON.date(), NOON.date()) >= 400
    assert rows(chain, LawChange) == []


def question(who: Browser, on: date, **more: str) -> int:
    sent = {"asked_by": "a parent", "words": "How long do you keep letters?", **boxes("on", on), **more}
    return who.post(QUESTIONS, sent).status_code


def test_a_question_past_its_limit_is_on_the_managers_today_until_it_is_answered(chain: Paperchain) -> None:
    officer = manager(chain, 0, Role.OFFICER)
    assert "No question is logged." in officer.get(QUESTIONS).text
    assert question(officer, NOON.date()) == 303
    [row] = rows(chain, PolicyQuestion)
    assert row.answer_by == date(2026, 12, 18)
    assert ASKED not in text_of(officer.get("/").text)
    assert "Enter the answer" not in officer.get(QUESTIONS).text
    in_time, late = text_of(manager(chain, 28).get("/").text), text_of(manager(chain, 29).get("/").text)
    assert f"1 {ASKED}" in in_time and LATE not in in_time
    assert f"1 {LATE}" in late and ASKED not in late
    pat = manager(chain, 29)
    assert "Overdue" in pat.get(QUESTIONS).text
    here = f"{QUESTIONS}/{row.id}"
    early = pat.post(here, {"words": "Until the 25th birthday", **boxes("on", date(2026, 11, 19))})
    assert early.status_code == 422 and "when it was asked, or later" in early.text
    assert pat.post(here, {"words": "", **boxes("on", date(2026, 12, 19))}).status_code == 422
    told = {"words": "Until the 25th birthday", **boxes("on", date(2026, 12, 19))}
    assert pat.post(here, told).status_code == 303
    assert LATE not in text_of(pat.get("/").text)
    assert "Answered on 19 December 2026: Until the 25th birthday" in text_of(officer.get(QUESTIONS).text)
    assert pat.post(here, told).status_code == 409 and len(rows(chain, PolicyAnswer)) == 1


def test_the_limit_of_a_question_is_the_services_own_and_stays_as_it_was_logged(chain: Paperchain) -> None:
    pat = manager(chain)
    assert question(pat, NOON.date()) == 303
    with chain.db.writing() as session:
        book.record(
            session, chain.book.versions, code="request_target_days", value=7, begins=NOON.date(), reason="We answer in a week",
            seen=0, actor="x", at=NOON, today=NOON.date(),
        )  # fmt: skip
    assert question(manager(chain), NOON.date()) == 303
    assert sorted(row.answer_by for row in rows(chain, PolicyQuestion)) == [date(2026, 11, 27), date(2026, 12, 18)]


def test_whoever_types_a_name_into_a_question_is_asked_to_look_again(chain: Paperchain) -> None:
    pat = manager(chain)
    words = "Mrs Testwood asks who reads the notes"
    answer = pat.post(QUESTIONS, {"asked_by": "a parent", "words": words, **boxes("on", NOON.date())})
    assert answer.status_code == 422 and "may say who somebody is" in answer.text and words in answer.text
    assert rows(chain, PolicyQuestion) == []
    assert question(pat, NOON.date(), words=words, stays="yes") == 303
    assert question(pat, NOON.date(), asked_by="") == 422
    assert question(pat, NOON.date(), words="  ") == 422
    assert len(rows(chain, PolicyQuestion)) == 1


@pytest.mark.parametrize("role", [Role.OFFICER, Role.ADMIN])
def test_everybody_sees_reviews_and_only_a_manager_records_or_answers(chain: Paperchain, role: Role) -> None:
    assert question(manager(chain), NOON.date()) == 303
    [row] = rows(chain, PolicyQuestion)
    one = manager(chain, 0, role)
    page = one.get(REVIEWS)
    assert page.status_code == 200 and '<form method="post" action="/settings/policy' not in page.text
    assert one.post(REVIEWS, a_review(NOON.date())).status_code == 404
    assert law(one, NOON.date(), NOON.date()) == 404
    assert one.get(f"{QUESTIONS}/{row.id}").status_code == 404
    assert one.post(f"{QUESTIONS}/{row.id}", {"words": "x", **boxes("on", NOON.date())}).status_code == 404
    assert rows(chain, PolicyReview) == [] and rows(chain, PolicyAnswer) == []


def test_the_policy_page_and_settings_lead_there(chain: Paperchain) -> None:
    pat = manager(chain)
    for page in (pat.get("/settings/policy").text, pat.get("/settings").text):
        assert f'href="{REVIEWS}"' in page and f'href="{QUESTIONS}"' in page
