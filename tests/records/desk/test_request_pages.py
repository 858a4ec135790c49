"""R1, R2, R6-R8, R19, R31, R69, R71, W13, W16: requests and breaches on the desk."""

import html
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from intake.wiring import Paperchain
from records.clock import Clock
from records.consents.tables import ConsentEvent
from records.people import known
from records.people import register as people
from records.people.birthdates import BirthDate
from records.people.facts import SafeContact
from records.people.tables import ChildFile
from records.policies import book
from records.policies.periods import in_words
from records.requests import effects, register
from records.requests.kinds import Closing, Event
from records.requests.tables import RequestRow
from records.tasks.tables import TaskRow
from records.vocabulary import Role
from tests import builders
from tests.builders import CARER, CHILD
from tests.requesting import a_file, act, colleague, recorded, step, words_of
from tests.reviewing import Browser, rows


@pytest.fixture
def chain(tmp_path: Path, clock: Clock) -> Iterator[Paperchain]:
    with builders.home(tmp_path / "home", clock) as made:
        yield made


@pytest.fixture
def officer(chain: Paperchain) -> Browser:
    return Browser(chain)


def refused(chain: Paperchain, officer: Browser, number: int, born: date, view: str, understanding: str) -> str:
    """The words of the letter of a refused request; one file each, told apart by its number alone."""
    _, carer, _ = a_file(chain, officer.id, number=number, pages=0, born=born)
    path = recorded(officer, file=f"PC-{number:04d}")
    step(officer, path, "who", person=str(carer), address="", address_again="")
    row = {"objects": "13", "not_asked": "12"}[view]
    assert step(officer, path, "allowed", understanding=understanding, view=view, confirm=row).status_code == 303
    assert (
        step(officer, path, "send", method="in_hand", typed_name=CARER, second_person=colleague(chain)).status_code
        == 303
    )
    return words_of(officer.post(f"{path}/letter", {"letter": "refused"}).content).replace(f"PC-{number:04d}", "PC-N")


def test_a_refusal_never_reveals_that_the_young_person_objected(chain: Paperchain, officer: Browser) -> None:
    objected = refused(chain, officer, 1, date(2011, 5, 14), "objects", "yes")  # 15 years, row 13
    too_old = refused(chain, officer, 2, date(2009, 5, 14), "not_asked", "not_noted")  # 17 years, row 12
    assert objected == too_old
    for word in ("object", "asked them", "does not want", "agree"):
        assert word not in objected.lower()


@pytest.mark.parametrize(("policy", "words"), [
    ("westminster", "By Westminster IASS, version 1."), ("northamptonshire", "By IASS Northamptonshire, version 1."),
])  # fmt: skip
def test_whether_somebody_is_allowed_names_the_policy_by_which_it_was_decided(
    tmp_path: Path, clock: Clock, policy: str, words: str
) -> None:
    """G8, R19: the two services differ in rows 12 and 13, so a row alone does not tell why."""
    with builders.home(tmp_path / "home", clock, service__policy=policy) as chain:
        officer = Browser(chain)
        _, carer, _ = a_file(chain, officer.id, pages=0)
        path = recorded(officer)
        step(officer, path, "who", person=str(carer), address="", address_again="")
        sent = {"understanding": "not_noted", "view": "not_asked", "confirm": "18", "best_interests": "yes"}
        assert step(officer, path, "allowed", **sent).status_code == 303
        page = html.unescape(officer.get(path).text)
        assert f"Row 18: The child is young. Tick that it is in their best interests. {words}" in page


def test_a_refusal_is_not_sent_after_what_decided_it_has_changed(chain: Paperchain, officer: Browser) -> None:
    """R19, R40: a mother was refused what is held on a seventeen-year-old, who turns out to be eleven."""
    file_id, carer, _ = a_file(chain, officer.id, pages=0, born=date(2009, 5, 14))
    path = recorded(officer)
    step(officer, path, "who", person=str(carer), address="", address_again="")
    sent = {"understanding": "not_noted", "view": "not_asked"}
    assert step(officer, path, "allowed", **sent, confirm="12").status_code == 303
    with chain.db.writing() as session:
        later = chain.clock.now() + timedelta(minutes=1)
        people.settle_birth_date(
            session,
            people.get(session, file_id),
            BirthDate.on(date(2015, 5, 14)),
            evidence="passport",
            why="",
            actor="lee",
            at=later,
        )
    by_hand = {"method": "in_hand", "typed_name": CARER, "second_person": colleague(chain)}
    stopped = step(officer, path, "send", **by_hand)
    assert stopped.status_code == 422
    assert "Something has changed since it was settled that they are not allowed." in stopped.text
    assert step(officer, path, "allowed", **sent, confirm="18", best_interests="yes").status_code == 303
    assert "They may have it" in officer.get(path).text


def test_a_council_is_never_sent_the_pages(chain: Paperchain, officer: Browser) -> None:
    a_file(chain, officer.id, pages=0)
    path = recorded(officer, requester="body", name="Council")
    step(officer, path, "who", person="none", address="", address_again="")
    settled = step(officer, path, "allowed", understanding="not_noted", view="not_asked", confirm="1")
    assert settled.status_code == 303
    assert "They may not have it" in officer.get(path).text


def test_waiting_needs_a_reason_and_more_time_its_notice(chain: Paperchain, officer: Browser) -> None:
    _, carer, _ = a_file(chain, officer.id, pages=0)
    path = recorded(officer)
    assert "Say what you asked" in act(officer, path, "paused").text
    assert "notice" in act(officer, path, "extended", code="complex", words="Many papers").text
    assert "not enough by itself" in act(officer, path, "extended", code="large", on="20 11 2026", words="x").text
    step(officer, path, "who", person=str(carer), address="", address_again="")
    assert "Say why proof is needed" in act(officer, path, "identity_asked").text
    assert act(officer, path, "identity_asked", words="The voice was not known").status_code == 303
    assert "The time begins when the proof comes" in officer.get(path).text
    assert act(officer, path, "identity_seen", words="Passport").status_code == 303
    assert act(officer, path, "extended", code="complex", on="20 11 2026", words="Two files").status_code == 303
    assert "22 February 2027" in officer.get(path).text
    assert "once more" in act(officer, path, "close", code="unanswered").text or "not wait" in officer.get(path).text


def test_proof_asked_for_too_late_is_said_to_move_nothing(chain: Paperchain, officer: Browser) -> None:
    """R2: the page says what the clock does."""
    a_file(chain, officer.id, pages=0)
    late, early = recorded(officer, received="1 10 2026"), recorded(officer, received="19 11 2026")
    for what in ("identity_asked", "authority_asked"):
        for path, waits in ((late, False), (early, True)):
            answer = act(officer, path, what, words="The voice was not known")
            assert answer.status_code == 303
            page = officer.get(path).text
            assert ("the time does not wait for the proof" in page) is not waits
            assert ("The time begins when the proof comes." in page) is waits
    assert "Due Monday 2 November 2026" in officer.get(late).text


def test_a_wrong_year_of_receipt_takes_nothing_down_and_can_be_put_right(chain: Paperchain, officer: Browser) -> None:
    a_file(chain, officer.id, pages=0)
    path = recorded(officer)
    assert act(officer, path, "received", on="20 11 2022", words="Typed wrong").status_code == 303
    for page in ("/requests", path, "/files/42", "/files/42/requests"):
        assert officer.get(page).status_code == 200
    assert "are not known here" in officer.get(path).text
    assert act(officer, path, "received", on="19 11 2026", words="The year was wrong").status_code == 303
    assert "are not known here" not in officer.get(path).text


def test_typed_text_is_kept_when_something_is_missing(chain: Paperchain, officer: Browser) -> None:
    answer = officer.post("/requests/new", {"name": "Morgan", "words": "All of it", "file": "PC-0042"})
    assert answer.status_code == 422
    for text in (
        "Choose what they ask for",
        "Choose who is asking",
        "Enter the day it was received",
        'value="Morgan"',
        "All of it",
    ):
        assert text in answer.text
    missing = {
        "kind": "access",
        "file": "PC-9999",
        "requester": "parent",
        "name": CARER,
        "route": "post",
        "received": "19 11 2026",
    }
    assert "No file has this number" in officer.post("/requests/new", missing).text
    future = officer.post("/requests/new", {**missing, "received": "21 11 2026", "file": ""})
    assert "must be today or in the past" in future.text


ASKS = {
    "kind": "withdrawal", "requester": "parent", "name": CARER, "route": "email", "received": "19 11 2026", "words": "No more.",
    "file": "PC-0042",
}  # fmt: skip
BY_NAME = {"name": CHILD, "born-day": "27", "born-month": "3", "born-year": "2015"}
SAYS_NO = {"who": "parent_or_carer", "called": CARER, "how": "email", "day": "19", "month": "11", "year": "2026"}


def test_a_withdrawal_about_a_known_file_is_recorded_as_one_and_not_as_a_request(
    chain: Paperchain, officer: Browser
) -> None:
    """W41, R30: it counts when it is recorded, not within a month; what was typed is kept."""
    a_file(chain, officer.id, pages=0)
    page = html.unescape(officer.post("/requests/new", ASKS).text)
    assert "A withdrawal counts at once, so it is recorded here and not as a request." in page
    for kept in ('value="PC-0042"', f'value="{CARER}"', "No more.", 'name="day" value="19"', 'value="email" checked'):
        assert kept in page, kept
    assert not rows(chain, RequestRow)
    sent = SAYS_NO | BY_NAME | {"file": "PC-0042", "no-contact:health": "yes", "key": str(uuid4())}
    assert officer.post("/withdrawals/new", sent).status_code == 303
    (event,) = rows(chain, ConsentEvent)
    assert (event.item_code, event.state, event.effective_on) == ("contact:health", "refused", date(2026, 11, 19))


def test_a_withdrawal_asked_for_as_a_request_is_not_answered_before_it_is_recorded(
    chain: Paperchain, officer: Browser
) -> None:
    """Nobody knew whose file it was: the request keeps it from being lost, is due today, and cannot be closed as done."""
    _, carer, _ = a_file(chain, officer.id, pages=0)
    path = str(officer.post("/requests/new", ASKS | {"file": ""}).headers["location"])
    assert "This does not count yet" in officer.get(path).text
    assert {task.due for task in rows(chain, TaskRow) if task.kind == "request"} == {chain.clock.today()}
    act(officer, path, "put", file="PC-0042")
    assert "This does not count yet" in officer.get(path).text
    step(officer, path, "who", person=str(carer), address="", address_again="")
    too_soon = step(officer, path, "what", done="All of it")
    assert too_soon.status_code == 422 and "Record the withdrawal on the file first" in too_soon.text
    with chain.db.writing() as session:  # as an older Paperchain left it: settled without anything recorded
        row = register.get(session, int(path.rsplit("/", 1)[1]))
        register.move(session, row, Event.WHAT_SETTLED, on=chain.clock.today(), by="x", at=chain.clock.now())
    sent = {"method": "in_hand", "typed_name": CARER, "typed_address": "", "second_person": colleague(chain)}
    assert "Record the withdrawal on the file first" in step(officer, path, "send", **sent).text

    no = SAYS_NO | BY_NAME | {"no-store": "yes", "key": str(uuid4())}
    assert officer.post("/withdrawals/new", no).status_code == 303
    assert "This does not count yet" not in officer.get(path).text
    assert step(officer, path, "what", done="All of it").status_code == 303


def test_a_restriction_hides_the_file_and_a_correction_is_noted(chain: Paperchain, officer: Browser) -> None:
    file, carer, _ = a_file(chain, officer.id, pages=0)
    path = recorded(officer, kind="correction")
    step(officer, path, "who", person=str(carer), address="", address_again="")
    assert step(officer, path, "what", done="Page 2 says Monday. It was Tuesday.").status_code == 303
    assert "It was Tuesday." in officer.get("/files/42/requests").text
    other = recorded(officer, kind="restriction")
    step(officer, other, "who", person=str(carer), address="", address_again="")
    assert step(officer, other, "what", done="Kept, not used").status_code == 303
    assert officer.get("/files/42").status_code == 404
    with chain.db.reading() as session:
        assert len(effects.notes(session, session.get_one(ChildFile, file))) == 1


@pytest.mark.parametrize(
    ("safe", "stopped"),
    [
        (SafeContact(not_by=("in_person",)), True),
        (SafeContact(do_not_contact=True), True),
        (SafeContact(not_by=("post",)), False),
        (SafeContact(address="2 Safe Lane"), False),
    ],
)
def test_what_is_handed_over_asks_whether_they_may_be_met(
    chain: Paperchain, officer: Browser, safe: SafeContact, stopped: bool
) -> None:
    """An instruction never to contact somebody in person was not asked for, and one about post stood in the way."""
    file, carer, _ = a_file(chain, officer.id, pages=0, born=date(2011, 5, 14))
    path = recorded(officer)
    step(officer, path, "who", person=str(carer), address="", address_again="")
    step(officer, path, "allowed", understanding="yes", view="objects", confirm="13")
    with chain.db.writing() as session:
        known.record(session, file, carer, safe, true_on=chain.clock.today(), actor="x", at=chain.clock.now())
    shown = officer.get(f"{path}/send").text
    assert ("By hand, against a signature: This person must not be contacted in this way" in shown) is (
        safe.not_by == ("in_person",)
    )
    sent = step(officer, path, "send", method="in_hand", typed_name=CARER, second_person=colleague(chain))
    assert sent.status_code == (422 if stopped else 303)
    assert not stopped or "must not be contacted" in sent.text


def test_requests_stand_on_the_file_and_its_summary(chain: Paperchain, officer: Browser) -> None:
    a_file(chain, officer.id, pages=0)
    assert "No requests about this file" in officer.get("/files/42/requests").text
    recorded(officer)
    assert "last day 21 December 2026" in officer.get("/files/42").text
    assert "Request 1" in officer.get("/files/42/requests").text


def test_a_breach_goes_from_anybody_to_the_manager(chain: Paperchain) -> None:
    admin, manager = Browser(chain, Role.ADMIN, name="Ada"), Browser(chain, Role.MANAGER, name="Sam")
    wrong = admin.post(
        "/incidents/new", {"kind": "lost_paper", "words": "A form", "aware_on": "20 11 2026", "aware_at": "25:00"}
    )
    assert wrong.status_code == 422
    assert (
        admin.post(
            "/incidents/new", {"kind": "lost_paper", "words": "A form", "aware_on": "19 11 2026", "aware_at": "9:05"}
        ).status_code
        == 303
    )
    assert "Sunday 22 November 2026 at 9:05am" in admin.get("/incidents").text
    assert admin.get("/incidents/1").status_code == 404
    assert "1" in manager.get("/").text
    assert "breach or loss to settle" in manager.get("/").text

    def does(**fields: str) -> int:
        page = manager.get("/incidents/1").text
        return int(
            manager.post(
                "/incidents/1/act", {"version": page.split('name="version" value="')[1].split('"')[0], **fields}
            ).status_code
        )

    assert does(do="close", words="x") == 422
    assert does(do="judge", risk="likely", words="Read by strangers") == 303
    assert does(do="regulator", on="20 11 2026", time="10:00", words="IC-1") == 303
    assert does(do="close", words="A second look at each bag") == 303
    assert "told in time" in manager.get("/incidents/1").text


@pytest.mark.parametrize(
    "path", ["/requests/99", "/requests/99/who", "/requests/2147483648", "/incidents/99", "/requests/99/look"]
)
def test_what_is_not_there_is_not_found(chain: Paperchain, path: str) -> None:
    assert Browser(chain, Role.MANAGER).get(path).status_code == 404


def test_a_receipt_that_does_not_come_stands_on_today_until_it_is_recorded(chain: Paperchain, officer: Browser) -> None:
    a_file(chain, officer.id, pages=0)
    path = recorded(officer)
    with chain.db.writing() as session:
        row, now = register.get(session, 1), chain.clock.now()
        register.move(session, row, Event.SENT, on=date(2026, 11, 2), by=str(officer.id), at=now, code="tracked_post")
        register.close(session, row, Closing.DONE, hold_months=3, by=str(officer.id), at=now)
    assert "receipts of access copies, overdue" in officer.get("/").text
    assert "receipt expected by 16 November 2026" in officer.get("/requests").text
    assert "Say who signed" in act(officer, path, "receipt").text
    assert act(officer, path, "receipt", on="17 11 2026", words="Signed by the mother").status_code == 303
    assert "receipts of access copies" not in officer.get("/").text
    closed = officer.get(path).text
    assert "<strong>Closed.</strong> Answered" in closed and "The receipt of the copy came back" not in closed


def test_a_manager_refuses_an_excessive_request_with_reasons_and_the_letter_goes_first(
    chain: Paperchain, officer: Browser
) -> None:
    """R67: by a manager, in words, with the right to complain; sent only after the letter was printed."""
    manager, reason = Browser(chain, Role.MANAGER), "You had the same copy on 1 October, and nothing has come since."
    _, carer, _ = a_file(chain, officer.id, pages=1)
    path = recorded(officer)
    assert act(manager, path, "unfounded", code="excessive", words=reason).status_code == 422  # who asks is not settled
    step(officer, path, "who", person=str(carer), address="", address_again="")
    assert "manifestly unfounded or excessive" not in officer.get(path).text
    assert act(officer, path, "unfounded", code="excessive", words=reason).status_code == 422
    assert act(manager, path, "unfounded", code="excessive", words="").status_code == 422
    assert act(manager, path, "unfounded", code="not_entitled", words=reason).status_code == 422
    assert act(manager, path, "unfounded", code="excessive", words=reason).status_code == 303
    with chain.db.reading() as session:
        assert register.events(session, register.get(session, 1))[-1].code == "excessive"
    hand = {"method": "in_hand", "typed_name": CARER, "second_person": colleague(chain)}
    early = step(officer, path, "send", **hand)
    assert early.status_code == 422
    assert "Print the letter ‘We refuse your request’ first" in early.text
    letter = words_of(officer.post(f"{path}/letter", {"letter": "unfounded", "words": "Another reason"}).content)
    for words in (reason, "manifestly excessive", "You may complain in any way you like", "Information Commissioner"):
        assert words in letter, words
    assert "Another reason" not in letter
    assert step(officer, path, "send", **hand).status_code == 303
    with chain.db.reading() as session:
        events = register.events(session, register.get(session, 1))
    assert (events[-1].what, events[-1].code) == (Event.CLOSED, Closing.REFUSED)
    assert "it is manifestly excessive" in officer.get(path).text


def test_what_is_allowed_after_all_is_no_refusal_any_more_and_a_withdrawal_cannot_be_refused_so(
    chain: Paperchain, officer: Browser
) -> None:
    manager = Browser(chain, Role.MANAGER)
    _, carer, _ = a_file(chain, officer.id, pages=1)
    path = recorded(officer)
    step(officer, path, "who", person=str(carer), address="", address_again="")
    act(manager, path, "unfounded", code="unfounded", words="It is only to harass us.")
    assert step(officer, path, "allowed", understanding="yes", view="agrees", confirm="14").status_code == 303
    assert officer.post(f"{path}/letter", {"letter": "unfounded"}).status_code == 404
    complaint = recorded(officer, kind="complaint")
    assert act(manager, complaint, "unfounded", code="unfounded", words="So.").status_code == 422


def test_the_council_that_passed_it_on_is_told_no_more_than_that_it_came_and_only_if_the_person_agrees(
    chain: Paperchain, officer: Browser
) -> None:
    """W13, S22."""
    a_file(chain, officer.id, pages=0)
    path, to = recorded(officer, route="council"), {"to": "SEND Team\n1 Council Square", "reference": "AB/12"}
    assert "so it is told nothing" in officer.get(path).text
    assert officer.post(f"{path}/council-letter", to).status_code == 409
    assert act(officer, path, "council", code="agrees", words="").status_code == 422
    assert act(officer, path, "council", code="", words="By telephone").status_code == 422
    assert act(officer, path, "council", code="agrees", words="By telephone, today").status_code == 303
    letter = words_of(officer.post(f"{path}/council-letter", to).content)
    assert "It is being handled separately" in letter and "Your reference is AB/12" in letter
    for words in (CARER, CHILD, "PC-0042", "copy of information"):
        assert words not in letter, words
    assert act(officer, path, "council", code="not", words="They rang again").status_code == 303
    assert officer.post(f"{path}/council-letter", to).status_code == 409
    direct = recorded(officer)
    assert act(officer, direct, "council", code="agrees", words="x").status_code == 404


@pytest.mark.parametrize("sent", [{"understanding": "-Infinity"}, {"understanding": "yes", "view": "-Infinity"}])
def test_an_answer_about_the_child_that_is_no_choice_is_asked_again(
    chain: Paperchain, officer: Browser, sent: dict[str, str]
) -> None:
    _, carer, _ = a_file(chain, officer.id, pages=0)
    path = recorded(officer)
    step(officer, path, "who", person=str(carer), address="", address_again="")
    asked = step(officer, path, "allowed", **sent)
    assert asked.status_code == 422 and "Choose what was noted about the child" in asked.text


@pytest.mark.parametrize("role", list(Role))
def test_anybody_on_the_staff_prints_the_blank_complaint_form(chain: Paperchain, role: Role) -> None:
    """W42, R70."""
    who = Browser(chain, role)
    assert "/requests/complaint-form" in who.get("/requests").text
    for address in ("/requests/complaint-form", "/requests/complaint-form?print=large"):
        form = words_of(who.get(address).content)
        assert "You hear from us within 30 days" in form and "What happened, and when" in form
        assert "The line manager of" in form


@pytest.mark.parametrize(
    ("service", "whom"), [("northamptonshire", "Tell the manager of"), ("westminster", "Tell the line manager of")]
)
def test_letters_name_whom_the_policy_names_for_complaints(
    tmp_path: Path, clock: Clock, service: str, whom: str
) -> None:
    """S21, W42: and a change of the setting changes the next letter."""
    with builders.home(tmp_path / "home", clock, service__policy=service) as chain:
        officer = Browser(chain)
        a_file(chain, officer.id, pages=0)
        path = recorded(officer)

        def letter() -> str:
            return words_of(officer.post(f"{path}/letter", {"letter": "received"}).content)

        assert whom in letter()
        other = {"northamptonshire": "line_manager", "westminster": "manager"}[service]
        today = clock.today()
        with chain.db.writing() as session:
            book.record(
                session, chain.book.versions, code="S21", value=other, begins=today, reason="So decided", seen=0, actor="x",
                at=clock.now(), today=today,
            )  # fmt: skip
        chain.book.forget()
        assert whom not in letter() and "Tell the" in letter()


def test_the_target_of_the_policy_is_shown_wherever_the_request_is(chain: Paperchain, officer: Browser) -> None:
    """R5: `request_target_days`."""
    a_file(chain, officer.id, pages=0)
    path, today = recorded(officer), chain.clock.today()
    with chain.db.writing() as session:
        received = register.get(session, 1).received_on
        book.record(
            session, chain.book.versions, code="request_target_days", value=9, begins=today, reason="So decided", seen=0, actor="x",
            at=chain.clock.now(), today=today,
        )  # fmt: skip
    chain.book.forget()
    day = in_words(received + timedelta(days=9))
    for page in (path, "/requests", "/files/42", "/files/42/requests"):
        assert day in officer.get(page).text, page
