"""Review on the desk: a form is confirmed, put aside, or erased; nothing counts before a person said so."""

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from forms.results import LETTERS
from intake.desk import review_flow
from intake.wiring import Paperchain
from records.cases.telling import TELL_FAMILY
from records.clock import Clock, fixed
from records.consents.tables import ConsentEvent
from records.custody.tables import Original
from records.db import Database
from records.documents import keyring
from records.documents.store import FolderStore
from records.documents.tables import Document
from records.people import register
from records.people.birthdates import BirthDate
from records.people.tables import BirthDateFact, ChildFile, Person, SearchToken
from records.post import review
from records.post.tables import Confirmation, Item, Part
from records.tasks.tables import TaskRow
from records.vocabulary import ItemState, PartState, QuarantineReason, Role
from tests.builders import CARER, CHILD, at, home, settings
from tests.reviewing import (
    CROP,
    DOUBTFUL,
    PICTURE,
    READ_BORN,
    WHY_DOUBTFUL,
    Browser,
    answers,
    arrived,
    blobs,
    confirm,
    errors,
    rows,
    state_of,
    text,
    typed,
)


@pytest.fixture
def chain(tmp_path: Path, database: Database, clock: Clock) -> Paperchain:
    home = settings(tmp_path / "home")
    for folder in (home.inbox, home.stopped, home.documents):
        folder.mkdir(parents=True)
    return Paperchain(home, database, FolderStore(home.documents), clock)


@pytest.fixture
def officer(chain: Paperchain) -> Browser:
    return Browser(chain)


def test_the_queue_is_empty_in_words(officer: Browser) -> None:
    assert "No forms to review. New ones appear here when they have been read." in text(officer.get("/review"))


def test_the_queue_names_items_and_no_people(chain: Paperchain, officer: Browser) -> None:
    later = at(chain, fixed(chain.clock.now() + timedelta(minutes=1)))
    other, part = arrived(later)[0], arrived(chain)[0]
    page = text(officer.get("/review")).split("<tbody>")[1]

    assert page.index(f"/review/{part}") < page.index(f"/review/{other}")
    assert "1 to look at" in page
    assert "Rowan" not in page
    assert "Testwood" not in page


def test_a_form_shows_its_doubts_with_reason_and_crop(chain: Paperchain, officer: Browser) -> None:
    part = arrived(chain)[0]
    page = text(officer.get(f"/review/{part}"))

    assert "1 answer needs you" in page
    assert WHY_DOUBTFUL in page
    assert f"/review/{part}/crops/{DOUBTFUL}" in page
    assert officer.get(f"/review/{part}/crops/{DOUBTFUL}").content == CROP + DOUBTFUL.encode()
    assert officer.get(f"/review/{part}/pages/1").content == PICTURE
    card = page.split("pc-card--doubt")[1].split("</fieldset>")[0]
    assert "checked" not in card, "nothing may be chosen before a person has looked"


def test_the_reading_of_a_birth_date_is_not_shown(chain: Paperchain, officer: Browser) -> None:
    page = text(officer.get(f"/review/{arrived(chain)[0]}"))

    assert "14 May 2011" not in page
    assert READ_BORN not in page
    assert "1 March 2026" in page, "other dates are shown as read"


def test_a_name_spelt_by_the_computer_says_so(chain: Paperchain, officer: Browser) -> None:
    """G3: whoever confirms a name sees what its letters looked like, too."""
    part_id = arrived(chain)[0]
    with chain.db.writing() as session:
        part = session.get_one(Part, part_id)
        key = keyring.open_key(session, session.get_one(Item, part.item_id).key_id)
        raw = review.reading_json(session, part)
        raw["fields"]["parent_name"] |= {"value": "Lorna Keating", "evidence": {LETTERS: "Lorna Keatina"}}
        review.keep_reading(part, key, raw)
        session.add(part)
    page = text(officer.get(f"/review/{part_id}"))

    assert "The computer read “Lorna Keating” (letter by letter: “Lorna Keatina”). Type what you see." in page
    assert page.count("letter by letter") == 1
    assert 'value="Lorna Keatina"' in page.split('id="parent_name-read"')[1].split("</datalist>")[0]


def test_confirming_writes_consents_file_and_paper(chain: Paperchain, officer: Browser) -> None:
    part = arrived(chain)[0]
    answer = confirm(officer, part, contact_legal="blank")

    assert (answer.status_code, answer.headers["location"]) == (303, "/review")
    (file,), (paper,) = rows(chain, ChildFile), rows(chain, Original)
    assert f"Its paper is O-{paper.number}" in text(officer.get("/review"))
    states = {event.item_code: event.state for event in rows(chain, ConsentEvent)}
    assert states["store"] == "given"
    assert states["news:telephone"] == "refused"
    assert states["contact:legal"] == "not_answered"
    assert {event.effective_on for event in rows(chain, ConsentEvent)} == {date(2026, 3, 1)}
    assert state_of(chain, part) is PartState.CONFIRMED
    assert rows(chain, Item)[0].state == ItemState.FILED
    assert (paper.file_id, file.officer_id) == (file.id, officer.id)
    with chain.db.reading() as session:
        assert register.birth_dates(session, file) == [BirthDate.on(date(2011, 5, 14))]
        assert [person.name for person in register.people(session, file)] == [CHILD, CARER]


def test_a_confirmed_form_is_under_the_childs_key_and_seen_through_the_file(
    chain: Paperchain, officer: Browser
) -> None:
    part = arrived(chain)[0]
    before = set(blobs(chain))
    confirm(officer, part)

    (file,) = rows(chain, ChildFile)
    documents = rows(chain, Document)
    assert {(document.key_id, document.file_id) for document in documents} == {(file.key_id, file.id)}
    assert len(blobs(chain)) == len(documents)
    assert before.isdisjoint(blobs(chain)), "a blob under the item's key was left behind"
    for path in (f"/review/{part}", f"/review/{part}/pages/1", f"/review/{part}/crops/{DOUBTFUL}"):
        assert officer.get(path).status_code == 404
    page = text(officer.get(f"/files/{file.number}"))
    assert CHILD in page
    event = next(each for each in rows(chain, ConsentEvent) if each.field_id == DOUBTFUL)
    assert officer.get(f"/files/{file.number}/crops/{event.id}").content == CROP + DOUBTFUL.encode()


def test_proposal_and_decision_are_both_kept(chain: Paperchain, officer: Browser) -> None:
    confirm(officer, arrived(chain)[0], contact_by_email="no")

    with chain.db.reading() as session:
        part = session.exec(select(Part)).one()
        kept = review.last_confirmation(session, part) or {}
    assert (kept["contact_by_email"]["proposed"], kept["contact_by_email"]["confirmed"]) == ("yes", "no")
    assert (kept[DOUBTFUL]["proposed"], kept[DOUBTFUL]["confirmed"]) == (None, "no")


def test_a_form_that_another_persons_contradicts_is_a_question_for_a_person(
    chain: Paperchain, officer: Browser
) -> None:
    """R26, R27: said above the file, and a task; the gate takes it as no until one answer settles it."""
    first, second = arrived(chain, 2)
    confirm(officer, first)
    answer = confirm(officer, second, file="1", parent_name="Kit Testwood", contact_by_email="no")
    assert answer.status_code == 303, answer.text
    assert [task.kind for task in rows(chain, TaskRow) if task.kind == "answers_disagree"] == ["answers_disagree"]
    page = text(officer.get("/files/1"))
    assert "Two people do not agree on this. Ask the family which answer holds. This is about “News by email”." in page


def test_the_next_form_opens_after_one_was_confirmed(chain: Paperchain, officer: Browser) -> None:
    part, following = arrived(chain)[0], arrived(chain)[0]

    assert confirm(officer, part).headers["location"] == f"/review/{following}"


def test_a_missing_answer_is_asked_for_and_nothing_typed_is_lost(chain: Paperchain, officer: Browser) -> None:
    part = arrived(chain)[0]
    answer = confirm(officer, part, **{DOUBTFUL: None}, giver=None, child_name="Rowan T. Testwood")

    assert answer.status_code == 422
    assert errors(answer) == ["Choose an answer for ‘News by telephone’", "Choose who signed the form"]
    assert 'value="Rowan T. Testwood"' in text(answer)
    assert rows(chain, ConsentEvent) == []


def test_a_birth_date_that_differs_from_the_reading_is_asked_about_once(chain: Paperchain, officer: Browser) -> None:
    part = arrived(chain)[0]
    version = officer.open(part)
    sent = answers(version, **typed("date_of_birth", date(2011, 3, 14)))
    answer = officer.post(f"/review/{part}", sent)

    assert answer.status_code == 422
    assert errors(answer) == ["The computer read 14 May 2011. You typed 14 March 2011. Look again."]
    assert rows(chain, ChildFile) == []
    looked_at = text(answer).split('name="born-looked-at" value="')[1].split('"')[0]
    assert officer.post(f"/review/{part}", sent | {"born-looked-at": looked_at}).status_code == 303
    with chain.db.reading() as session:
        assert register.birth_dates(session, session.exec(select(ChildFile)).one()) == [BirthDate.on(date(2011, 3, 14))]


def test_what_was_looked_at_again_is_not_asked_a_third_time(chain: Paperchain, officer: Browser) -> None:
    """Another mistake on the page must not lose that the officer has looked."""
    part = arrived(chain)[0]
    sent = answers(officer.open(part), **typed("date_of_birth", date(2011, 3, 14)))
    sent["born-looked-at"] = "2011-03-14"
    answer = officer.post(f"/review/{part}", {name: value for name, value in sent.items() if name != "giver"})

    assert errors(answer) == ["Choose who signed the form"]
    assert 'name="born-looked-at" value="2011-03-14"' in text(answer)


def test_another_difference_is_asked_about_again(chain: Paperchain, officer: Browser) -> None:
    part = arrived(chain)[0]
    sent = answers(officer.open(part), **typed("date_of_birth", date(2011, 3, 15)))
    answer = officer.post(f"/review/{part}", sent | {"born-looked-at": "2011-03-14"})

    assert errors(answer) == ["The computer read 14 May 2011. You typed 15 March 2011. Look again."]


def test_a_form_signed_long_before_it_came_is_asked_about_once(chain: Paperchain, officer: Browser) -> None:
    """F26: more than 12 months by the policy."""
    part = arrived(chain)[0]
    came = rows(chain, Item)[0].received_on
    sent = answers(officer.open(part), **typed("signed_on", came.replace(year=came.year - 1) - timedelta(days=1)))
    answer = officer.post(f"/review/{part}", sent)
    assert answer.status_code == 422 and rows(chain, ConsentEvent) == []
    assert "more than 12 months after it was signed. Look again" in errors(answer)[0]
    looked_at = text(answer).split('name="signed-looked-at" value="')[1].split('"')[0]
    another = answers(sent["version"], **typed("signed_on", came.replace(year=came.year - 3)))
    assert officer.post(f"/review/{part}", another | {"signed-looked-at": looked_at}).status_code == 422, "another day"
    assert officer.post(f"/review/{part}", sent | {"signed-looked-at": looked_at}).status_code == 303
    assert {row.effective_on for row in rows(chain, ConsentEvent)} == {
        came.replace(year=came.year - 1) - timedelta(days=1)
    }


def test_an_unlikely_birth_date_is_kept_as_written_and_counts_for_nothing(chain: Paperchain, officer: Browser) -> None:
    """R39: a parent's own date of birth in the child's place. It is queried, then unknown for every rule."""
    part = arrived(chain)[0]
    sent = answers(officer.open(part), **typed("date_of_birth", date(1984, 6, 2)))
    (said,) = errors(officer.post(f"/review/{part}", sent))
    assert said.startswith("The computer read 14 May 2011. You typed 2 June 1984. ") and "25" in said, "both doubts"
    sent["born-looked-at"] = "1984-06-02"
    assert officer.post(f"/review/{part}", sent).status_code == 303

    with chain.db.reading() as session:
        assert register.birth_dates(session, session.exec(select(ChildFile)).one()) == []
        kept = review.last_confirmation(session, session.exec(select(Part)).one()) or {}
    assert kept["date_of_birth"]["confirmed"] == "1984-06-02"


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        pytest.param(
            {"date_of_birth-day": "31", "date_of_birth-month": "2"},
            "Date of birth must be a real date, for example 27 3 2015", id="no such day",
        ),
        pytest.param({"date_of_birth-year": "2030"}, "Date of birth must be in the past", id="birth in the future"),
        pytest.param(
            {"signed_on-year": "2030"}, "The date signed must be today or in the past", id="signed in the future"
        ),
        pytest.param({"child_name": " "}, "Enter the name of the child or young person", id="no name"),
        pytest.param({"giver": "the_cat"}, "Choose who signed the form", id="nobody we know signed"),
        pytest.param({"contact_health": "no"}, "Choose an answer for ‘Health service’", id="no is no answer to a tick"),
    ],
)  # fmt: skip
def test_mistakes_are_put_in_words_at_their_field(
    chain: Paperchain, officer: Browser, changes: dict[str, str], asked: str
) -> None:
    answer = confirm(officer, arrived(chain)[0], **changes)

    assert answer.status_code == 422
    assert errors(answer) == [asked]
    assert rows(chain, ChildFile) == []


def test_a_birth_date_that_cannot_be_read_stays_unknown(chain: Paperchain, officer: Browser) -> None:
    nothing = {f"date_of_birth-{name}": "" for name in ("day", "month", "year")}
    assert confirm(officer, arrived(chain)[0], **nothing, **{"born-unreadable": "yes"}).status_code == 303

    with chain.db.reading() as session:
        assert register.birth_dates(session, session.exec(select(ChildFile)).one()) == []


def test_a_second_form_of_a_child_is_never_filed_by_likeness_alone(chain: Paperchain, officer: Browser) -> None:
    confirm(officer, arrived(chain)[0])
    (file,) = rows(chain, ChildFile)
    part = arrived(chain)[0]
    answer = confirm(officer, part)

    assert errors(answer) == ["Choose whose form this is"]
    assert f"File PC-{file.number:04d}: Same name and date of birth" in text(answer)
    assert state_of(chain, part) is PartState.TO_REVIEW
    assert confirm(officer, part, file=str(file.number)).status_code == 303
    assert [each.id for each in rows(chain, ChildFile)] == [file.id]
    assert len({event.part_id for event in rows(chain, ConsentEvent)}) == 2


def test_a_twin_in_name_gets_a_file_of_their_own_when_a_person_says_so(chain: Paperchain, officer: Browser) -> None:
    confirm(officer, arrived(chain)[0])
    confirm(officer, arrived(chain)[0], file="new")

    assert len(rows(chain, ChildFile)) == 2


def test_a_file_that_was_not_offered_cannot_be_chosen(chain: Paperchain, officer: Browser) -> None:
    confirm(officer, arrived(chain)[0], child_name="Alex Sample", **typed("date_of_birth", date(2012, 1, 2)), **{
        "born-looked-at": "2012-01-02"})  # fmt: skip
    (other,) = rows(chain, ChildFile)
    confirm(officer, arrived(chain)[0], file=str(other.number))

    assert len(rows(chain, ChildFile)) == 2


BLANK = "The question about keeping was left blank. Ask the family."
UNCLEAR = "The answer about keeping is unclear. Ask the family."
UNSIGNED = "Nobody signed it. Ask the family."


@pytest.mark.parametrize(
    ("field", "value", "reason", "words"),
    [
        ("store_on_database", "blank", QuarantineReason.STORE_NOT_ANSWERED, BLANK),
        ("store_on_database", "unclear", QuarantineReason.STORE_UNCLEAR, UNCLEAR),
        ("signature", "absent", QuarantineReason.NOT_SIGNED, UNSIGNED),
        ("signature", "unclear", QuarantineReason.NOT_SIGNED, UNSIGNED),
    ],
)
def test_without_a_signed_yes_to_storing_a_form_enters_no_file(
    chain: Paperchain, officer: Browser, field: str, value: str, reason: QuarantineReason, words: str
) -> None:
    part = arrived(chain)[0]
    answer = confirm(officer, part, **{field: value})

    assert (answer.status_code, answer.headers["location"]) == (303, "/review")
    queue = text(officer.get("/review"))
    assert f"Not filed. {words}" in queue
    assert "Waiting for the family" in queue
    with chain.db.reading() as session:
        row = session.get_one(Part, part)
        assert (row.state, row.quarantine) == (PartState.QUARANTINED, reason)
        days = chain.policy().periods.unanswered_storage_days
        assert row.ask_by == chain.clock.today() + timedelta(days=days)
    for table in (ChildFile, Person, BirthDateFact, SearchToken, ConsentEvent, Original):
        assert rows(chain, table) == [], table
    for typed_ in (CHILD, "14/5/2011"):
        assert "No file matches." in text(officer.post("/files/search", {"q": typed_}))


def test_a_form_that_waited_is_filed_when_the_family_says_yes(chain: Paperchain, officer: Browser) -> None:
    part = arrived(chain)[0]
    confirm(officer, part, store_on_database="blank")
    page = text(officer.get(f"/review/{part}"))

    assert BLANK in page
    assert f'name="parent_name" autocomplete="off" value="{CARER}"' in page, "it was typed before"
    assert 'name="signed_on-year" inputmode="numeric" autocomplete="off" value="2026"' in page
    assert 'name="date_of_birth-year" inputmode="numeric" autocomplete="off" value=""' in page
    assert confirm(officer, part).status_code == 303
    assert state_of(chain, part) is PartState.CONFIRMED
    assert {event.state for event in rows(chain, ConsentEvent) if event.item_code == "store"} == {"given"}


def test_a_second_officer_is_told_who_has_the_form(chain: Paperchain, officer: Browser) -> None:
    part = arrived(chain)[0]
    officer.open(part)
    second = Browser(chain, name="Sam")
    answer = second.get(f"/review/{part}")

    assert answer.status_code == 409
    assert "Lee opened this form at 12:00pm. Choose another, or ask Lee." in text(answer)
    assert CHILD not in text(answer)
    assert "with Lee" in text(second.get("/review"))
    assert "with you" in text(officer.get("/review")), "nobody is told their own name as if it were a colleague's"


def test_the_page_says_what_a_parents_name_is_for(chain: Paperchain, officer: Browser) -> None:
    """Left out, nobody but the child is on the file, and no letter can go to anybody."""
    part = arrived(chain)[0]
    page = text(officer.get(f"/review/{part}"))
    assert page.count("so that letters and papers can go to them") == 1


def test_what_is_missing_is_listed_as_it_stands_on_the_page(chain: Paperchain, officer: Browser) -> None:
    part = arrived(chain)[0]
    answer = officer.post(f"/review/{part}", {"version": officer.open(part)})
    page = text(answer)
    places = [page.rindex(words) for words in errors(answer)]

    assert len(places) >= 5
    assert places == sorted(places)


def test_a_form_left_for_later_is_free_for_others(chain: Paperchain, officer: Browser) -> None:
    part = arrived(chain)[0]
    officer.open(part)
    assert officer.post(f"/review/{part}/leave", {}).status_code == 303

    assert Browser(chain, name="Sam").get(f"/review/{part}").status_code == 200


def test_nobody_can_let_go_of_a_colleagues_form(chain: Paperchain, officer: Browser) -> None:
    part, second = arrived(chain)[0], Browser(chain, name="Sam")
    officer.open(part)
    second.post(f"/review/{part}/leave", {})

    assert second.get(f"/review/{part}").status_code == 409


def test_a_late_save_is_refused_and_overwrites_nothing(chain: Paperchain, officer: Browser) -> None:
    """Lee went to lunch; Sam opened the form after twenty minutes and confirmed it."""
    part = arrived(chain)[0]
    stale = answers(officer.open(part), contact_by_email="no")
    second = Browser(at(chain, fixed(chain.clock.now() + timedelta(minutes=21))), name="Sam")
    fresh = answers(second.open(part))

    still_open = officer.post(f"/review/{part}", stale)
    assert still_open.status_code == 409
    assert "Somebody else opened this form." in text(still_open)
    assert second.post(f"/review/{part}", fresh).status_code == 303
    assert officer.post(f"/review/{part}", stale).status_code == 404
    states = [event.state for event in rows(chain, ConsentEvent) if event.item_code == "news:email"]
    assert states == ["given"]


def test_a_page_shown_after_a_mistake_does_not_pass_for_the_newest(chain: Paperchain, officer: Browser) -> None:
    """A correction that was begun on an old page stays refused, however often it is sent."""
    part = arrived(chain)[0]
    old = answers(officer.open(part), giver=None)
    second = Browser(at(chain, fixed(chain.clock.now() + timedelta(minutes=21))), name="Sam")
    second.open(part)
    second.post(f"/review/{part}/leave", {})
    page = text(officer.post(f"/review/{part}", old))

    version = page.split('name="version" value="')[1].split('"')[0]
    answer = officer.post(f"/review/{part}", answers(version))
    assert answer.status_code == 409
    assert "This form was saved meanwhile" in text(answer)
    assert rows(chain, ConsentEvent) == []


def addresses(part: UUID) -> list[str]:
    base = f"/review/{part}"
    return [base, f"{base}/refused", f"{base}/crops/{DOUBTFUL}", f"{base}/pages/1"]


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MANAGER])
def test_only_officers_review(chain: Paperchain, officer: Browser, role: Role) -> None:
    part, other = arrived(chain)[0], Browser(chain, role)
    version = officer.open(part)
    missing = other.get(f"/review/{uuid4()}")

    for path in ("/review", *addresses(part)):
        assert (other.get(path).status_code, other.get(path).text) == (404, missing.text)
    assert other.post(f"/review/{part}", answers(version)).status_code == 404
    assert other.post(f"/review/{part}/refused", {"version": version, "paper": "no_paper"}).status_code == 404
    assert state_of(chain, part) is PartState.TO_REVIEW


def test_a_settled_form_and_one_that_never_was_look_alike(chain: Paperchain, officer: Browser) -> None:
    part = arrived(chain)[0]
    confirm(officer, part)
    officer.get("/review")  # takes the notice away

    for settled, never in zip(addresses(part), addresses(uuid4()), strict=True):
        one, other = officer.get(settled), officer.get(never)
        assert one.status_code == other.status_code == 404
        assert text(one) == text(other)


def test_pages_and_crops_of_one_form_show_no_other(chain: Paperchain, officer: Browser) -> None:
    part, other = arrived(chain, forms=2)

    assert officer.get(f"/review/{part}/pages/1").status_code == 200
    assert officer.get(f"/review/{part}/pages/2").status_code == 404
    assert officer.get(f"/review/{other}/pages/1").status_code == 404
    assert officer.get(f"/review/{part}/crops/store").status_code == 404


def test_a_typed_form_is_reviewed_on_its_page_without_broken_pictures(chain: Paperchain, officer: Browser) -> None:
    part = arrived(chain, by_hand=False)[0]
    page = text(officer.get(f"/review/{part}"))

    assert f"/review/{part}/crops/" not in page
    assert f"/review/{part}/pages/1" in page
    assert "Look at the page: no picture was cut out of it." in page
    assert confirm(officer, part).status_code == 303


def test_an_unreadable_date_of_signing_is_replaced_by_the_day_of_arrival_and_marked(
    chain: Paperchain, officer: Browser
) -> None:
    """R26: never silently; and it has to be said, because something is written there."""
    part = arrived(chain)[0]
    nothing: dict[str, str | None] = {f"signed_on-{name}": "" for name in ("day", "month", "year")}
    assert errors(confirm(officer, part, **nothing)) == ["Enter the date signed, or say that it cannot be read"]
    assert confirm(officer, part, **nothing, **{"signed_on-unreadable": "yes"}).status_code == 303

    found = {(event.effective_on, event.effective_assumed) for event in rows(chain, ConsentEvent)}
    assert found == {(chain.clock.today(), True)}
    (file,) = rows(chain, ChildFile)
    assert "Not dated: the day it arrived is used" in text(officer.get(f"/files/{file.number}"))


def test_names_on_file_that_are_much_like_the_reading_are_offered_and_not_filled_in(
    chain: Paperchain, officer: Browser
) -> None:
    part = arrived(chain)[0]
    assert "Much like it on file" not in text(officer.get(f"/review/{part}"))
    confirm(officer, part, contact_legal="blank")
    (file,) = rows(chain, ChildFile)
    page = text(officer.get(f"/review/{arrived(chain)[0]}"))

    assert f"Much like it on file: {CHILD} (PC-{file.number:04d})" in page
    assert f'<option value="{CHILD}">' in page
    assert 'name="child_name" autocomplete="off" value=""' in page, "a person still types it"


def test_names_of_files_that_the_officer_may_not_open_are_not_offered(chain: Paperchain, officer: Browser) -> None:
    confirm(officer, arrived(chain)[0], contact_legal="blank")
    part = arrived(chain)[0]
    with chain.db.reading() as session:
        reading = review_flow.open_form(session, part).reading
        assert review_flow.on_file(session, reading, lambda file: True)
        assert review_flow.on_file(session, reading, lambda file: False) == ()


@pytest.mark.parametrize(("read", "offered"), [
    ("PAT ROWEN", False), ("FARID SEFTON", False), ("Farid Pembertom", True), ("FAR1D PEMBERT0N", True),
])  # fmt: skip
def test_another_child_with_the_same_first_name_is_not_shown(read: str, offered: bool) -> None:
    alike = review_flow.likely_names([read], ["Farid Pemberton"], least=review_flow.MUCH_ALIKE)
    assert bool(alike) is offered


def test_a_form_signed_by_a_child_of_nine_is_looked_at_again_once(chain: Paperchain, officer: Browser) -> None:
    """R16, R17: no age is presumed, yet a young child's own signature is far more often a parent's, ticked by mistake."""
    part = arrived(chain)[0]
    sent = answers(officer.open(part), **typed("date_of_birth", date(2017, 2, 14)))
    sent |= {"giver": "young_person", "born-looked-at": "2017-02-14"}
    answer = officer.post(f"/review/{part}", sent)

    assert answer.status_code == 422
    assert "Look again at who signed" in errors(answer)[0]
    assert 'name="giver-looked-at" value="2017-02-14"' in text(answer)
    assert rows(chain, ChildFile) == []
    assert officer.post(f"/review/{part}", sent | {"giver-looked-at": "2017-02-14"}).status_code == 303


@pytest.mark.parametrize("name", ["Rowan \u202eTestwood", "Rowan\x07", "12", "x" * 121])
def test_a_childs_name_that_cannot_be_kept_is_said_at_its_field(chain: Paperchain, officer: Browser, name: str) -> None:
    answer = confirm(officer, arrived(chain)[0], child_name=name)

    assert answer.status_code == 422
    assert errors(answer)[0].startswith("The name of the child or young person")
    assert rows(chain, ChildFile) == []


@pytest.mark.parametrize("storing", ["yes", "no"])
def test_whatever_is_typed_from_the_paper_is_kept_only_where_it_can_be_read(
    chain: Paperchain, officer: Browser, storing: str
) -> None:
    part = arrived(chain)[0]
    sent = answers(officer.open(part), contact_other_1="yes", store_on_database=storing)
    name, other = "Parent's name", "Name of other, first"
    for field, bad, begins in (
        ("parent_name", "Morgan \u202eTestwood", name), ("parent_name", "Morgan\x07", name), ("parent_name", "12", name),
        ("parent_name", "x" * 121, name), ("contact_other_1_name", "Elm\u200f Trust", other), ("contact_other_1_name", "y" * 20_000, other),
    ):  # fmt: skip
        answer = officer.post(f"/review/{part}", sent | {field: bad})
        assert answer.status_code == 422
        (said,) = errors(answer)
        assert said.startswith(begins)
        assert bad in text(answer) or "\x07" in bad, "what was typed stays"
    assert rows(chain, ChildFile) == rows(chain, Confirmation) == []


@pytest.mark.parametrize(("changes", "said"), [
    ({"date_of_birth-year": "1850"}, "Date of birth must be in 1900 or later"),
    ({"signed_on-year": "0001"}, "Date signed must be in 1900 or later"),
])  # fmt: skip
def test_a_year_that_no_paper_of_ours_can_hold_is_a_slip(
    chain: Paperchain, officer: Browser, changes: dict[str, str], said: str
) -> None:
    answer = confirm(officer, arrived(chain)[0], **changes)
    assert (answer.status_code, errors(answer)) == (422, [said])


def test_a_signature_of_before_this_edition_was_printed_is_asked_about_once(
    chain: Paperchain, officer: Browser
) -> None:
    """F26: the edition of 2023 cannot have been signed in 2022."""
    part = arrived(chain)[0]
    day = date(2022, 12, 31)
    sent = answers(officer.open(part), **typed("signed_on", day))
    answer = officer.post(f"/review/{part}", sent)
    assert answer.status_code == 422
    assert errors(answer) == [
        "This form is the edition of 2023, which was not printed yet on the day that was typed. Look again at the date signed, and confirm once more if it is right"
    ]
    assert officer.post(f"/review/{part}", sent | {"signed-looked-at": day.isoformat()}).status_code == 303


def test_a_signature_of_before_the_child_on_file_was_born_is_asked_about_once(
    chain: Paperchain, officer: Browser
) -> None:
    """F26: the birth date on this form cannot be read, and the one on file says that the signature is too early."""
    first = arrived(chain)[0]
    born = date(2026, 6, 3)
    sent = answers(officer.open(first), **typed("date_of_birth", born), **typed("signed_on", date(2026, 9, 1)))
    assert officer.post(f"/review/{first}", sent | {"born-looked-at": born.isoformat()}).status_code == 303
    (file,) = rows(chain, ChildFile)
    part = arrived(chain)[0]
    nothing = {f"date_of_birth-{name}": "" for name in ("day", "month", "year")}
    sent = answers(officer.open(part), **nothing, **{"born-unreadable": "yes", "file": str(file.number)})
    answer = officer.post(f"/review/{part}", sent)

    assert answer.status_code == 422
    assert errors(answer) == [
        "The child on this file was not born yet on that day. Look again at the date signed, and confirm once more if it is right"
    ]
    assert officer.post(f"/review/{part}", sent | {"signed-looked-at": "2026-03-01"}).status_code == 303


@pytest.mark.parametrize("names", ["", "Robin Testwood"])
def test_a_form_that_names_two_children_counts_for_one_and_a_question_is_put_about_the_other(
    chain: Paperchain, officer: Browser, names: str
) -> None:
    """F22: nothing is read for a child whose file it is not filed on."""
    part = arrived(chain)[0]
    sent = answers(officer.open(part)) | {"more-children": "yes", "other-children": names}
    wrong = officer.post(f"/review/{part}", sent | {"other-children": "Robin \u202eTestwood"})
    assert errors(wrong) == [
        "The line with names of other children has a character that cannot be seen. Delete it and type it again by hand"
    ]
    assert officer.post(f"/review/{part}", sent).status_code == 303

    (file,) = rows(chain, ChildFile)
    assert {event.file_id for event in rows(chain, ConsentEvent)} == {file.id}
    tasks = text(officer.get("/tasks"))
    assert (
        "The family’s form also names another child. Nothing was recorded for that child. Confirm the form for them too"
        in tasks
    )
    assert "Robin" not in tasks
    with chain.db.reading() as session:
        kept = review.last_confirmation(session, session.get_one(Part, part)) or {}
        assert [person.name for person in register.people(session, file)] == [CHILD, CARER]
    assert (kept["more-children"]["confirmed"], kept["other-children"]["confirmed"]) == ("yes", names or None)


def test_a_form_of_two_children_that_waits_or_says_no_still_tells_of_the_other(
    chain: Paperchain, officer: Browser
) -> None:
    part = arrived(chain)[0]
    two = {"more-children": "yes", "other-children": "Robin Testwood"}
    assert confirm(officer, part, store_on_database="blank", **two).status_code == 303
    page = text(officer.get(f"/review/{part}"))
    assert 'name="more-children" value="yes" checked' in page
    assert 'name="other-children" autocomplete="off" value="Robin Testwood"' in page

    for said, told in ((two, True), ({}, False)):
        refused = confirm(officer, arrived(chain)[0], store_on_database="no", **said).headers["location"]
        assert ("This form names another child too." in text(officer.get(refused))) is told


def test_what_the_old_form_does_not_ask_stands_as_not_known_and_is_asked_for_later(
    chain: Paperchain, officer: Browser
) -> None:
    """F28: unknown stays unknown, never a default yes."""
    confirm(officer, arrived(chain)[0])
    page = text(officer.get("/files/1"))
    assert "Not known yet" in page
    for words in (
        "How to reach them", "How each parent or carer is related", "Who has parental responsibility", "Whether we may get information from others",
        "Whether it is safe to ring or write", "Their language and format", "What we do with the paper",
    ):  # fmt: skip
        assert words in page
    assert officer.post("/files/1/ask-family", {"item": "not_known"}).status_code == 303
    assert officer.post("/files/1/ask-family", {"item": "not_known"}).status_code == 303
    assert [row.words for row in rows(chain, TaskRow) if row.kind != TELL_FAMILY] == [
        "Ask the family what no form of theirs told us. The file’s page lists it under “Not known yet”."
    ]


def test_a_file_that_the_officer_may_not_open_is_not_offered_and_a_manager_is_asked(
    tmp_path: Path, clock: Clock
) -> None:
    """N10: another supporter's file is hidden, also as a match; that two files may be one child's is for a manager to settle."""
    with home(tmp_path / "north", clock, service__policy="northamptonshire") as chain:
        own, other, manager = Browser(chain), Browser(chain, name="Sam"), Browser(chain, Role.MANAGER, "Kim")
        confirm(own, arrived(chain)[0])
        (hidden,) = rows(chain, ChildFile)
        first, second = arrived(chain)[0], arrived(chain)[0]

        assert f"PC-{hidden.number:04d}" not in text(other.get(f"/review/{first}"))
        assert confirm(other, first, file=str(hidden.number)).status_code == 303
        assert {file.officer_id for file in rows(chain, ChildFile)} == {own.id, other.id}
        said = [line for line in text(manager.get("/tasks")).splitlines() if "may be about the child of" in line]
        assert said and all(f"PC-{file.number:04d}" in said[0] for file in rows(chain, ChildFile))
        assert "may be about the child of" not in text(own.get("/tasks")) + text(other.get("/tasks"))
        assert errors(confirm(own, second)) == ["Choose whose form this is"], "their own file is still offered to them"


def test_a_form_is_erased_as_refused_only_after_an_officer_confirmed_the_no(
    chain: Paperchain, officer: Browser
) -> None:
    """Opened by its address, without a No on record, the page is not there."""
    part = arrived(chain)[0]
    version = officer.open(part)
    sent = {"version": version, "paper": "no_paper"}
    assert officer.get(f"/review/{part}/refused").status_code == 404
    assert officer.post(f"/review/{part}/refused", sent).status_code == 404

    assert confirm(officer, part, store_on_database="no").headers["location"] == f"/review/{part}/refused"
    assert officer.get(f"/review/{part}/refused").status_code == 200
    later = Browser(at(chain, fixed(chain.clock.now() + timedelta(minutes=21))), name="Sam")
    assert confirm(later, part, store_on_database="blank").status_code == 303, "looked at again: it was left blank"
    assert officer.post(f"/review/{part}/refused", sent).status_code == 404
    assert state_of(chain, part) is PartState.QUARANTINED


def test_a_form_opened_in_a_second_tab_can_be_confirmed_in_the_first(chain: Paperchain, officer: Browser) -> None:
    part = arrived(chain)[0]
    first = answers(officer.open(part))
    officer.open(part)
    assert officer.post(f"/review/{part}", first).status_code == 303
    assert state_of(chain, part) is PartState.CONFIRMED


def test_a_form_whose_template_was_taken_away_is_named_so_and_breaks_nothing(
    chain: Paperchain, officer: Browser
) -> None:
    gone, stays = arrived(chain)[0], arrived(chain)[0]
    with chain.db.writing() as session:
        row = session.get_one(Part, gone)
        row.form, row.edition = "a-form-of-before", "1999"
        session.add(row)
    queue = text(officer.get("/review"))
    assert "Form no longer in use" in queue and f"/review/{stays}" in queue and f"/review/{gone}" not in queue
    assert officer.get(f"/review/{gone}").headers["location"] == "/items/1"
    assert "no longer in use" in text(officer.get("/items/1"))
    assert officer.post(f"/review/{gone}", answers("1")).status_code == 409
    assert officer.get(f"/review/{gone}/refused").status_code in (404, 409)
    assert state_of(chain, gone) is PartState.TO_REVIEW


@pytest.mark.parametrize("figures", ["9" * 30, "9" * 5000, "\u0661\u0662", "1e3", "²"])
def test_figures_that_are_no_date_are_a_mistake_in_words(chain: Paperchain, officer: Browser, figures: str) -> None:
    answer = confirm(officer, arrived(chain)[0], **{"date_of_birth-year": figures})
    assert errors(answer) == ["Date of birth must be a real date, for example 27 3 2015"]


def test_a_form_that_cannot_be_opened_is_passed_over_and_the_confirmation_is_told(
    chain: Paperchain, officer: Browser
) -> None:
    gone, first, second = (arrived(chain)[0] for _ in range(3))
    with chain.db.writing() as session:
        row = session.get_one(Part, gone)
        row.form, row.edition = "a-form-of-before", "1999"
        session.add(row)
    for part, following, file in ((first, f"/review/{second}", "new"), (second, "/review", "1")):
        answer = confirm(officer, part, file=file)
        assert answer.headers["location"] == following
        assert "The form was confirmed. Its paper is O-" in text(officer.get(following))
    assert "Form no longer in use" in text(officer.get("/review")), "it stays in the list"


def test_a_parent_without_a_name_is_looked_at_twice(chain: Paperchain, officer: Browser) -> None:
    """F24: nobody would be on the file to write to. Where the paper has no name the form is confirmed without it all the same."""
    (part,) = arrived(chain)
    asked = confirm(officer, part, parent_name="")
    assert asked.status_code == 422
    (words,) = errors(asked)
    assert "confirm once more without it" in words and 'name="parent-looked-at" value="yes"' in asked.text
    assert confirm(officer, part, parent_name="", **{"parent-looked-at": "yes"}).status_code == 303
    by_child = arrived(chain)[0]  # blank beside a young person's signature is fine
    sent = {"giver": "young_person", "parent_name": "", "child_name": "Kit Testwood"}
    assert "Enter the name of the parent" not in text(confirm(officer, by_child, **sent))
