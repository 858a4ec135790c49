"""Review on the desk: a form is confirmed, put aside, or erased; nothing counts before a person said so."""

import html
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2 as httpx
import pytest
from sqlmodel import SQLModel, select
from starlette.testclient import TestClient

from forms.catalogue import load_catalogue
from forms.results import FieldReading, FormReading
from forms.template import Kind, Template
from intake.app import make_app
from intake.wiring import Paperchain
from records.clock import Clock, fixed
from records.consents.tables import ConsentEvent
from records.custody.tables import Original
from records.db import Database
from records.documents import holdings
from records.documents.envelope import new_key, seal_json
from records.documents.pack import pack
from records.documents.store import FolderStore
from records.documents.tables import Document
from records.people import register
from records.people.birthdates import BirthDate
from records.people.tables import BirthDateFact, ChildFile, Person, SearchToken
from records.post import inbox, review
from records.post.tables import Item, Page, Part
from records.staff import accounts, sessions
from records.vocabulary import DocumentKind, ItemState, PartKind, PartState, QuarantineReason, Role, Source
from tests.builders import CARER, CHILD, at, settings

TEMPLATE: Template = load_catalogue().get("westminster-consent", "2023")
READ_BORN = "2011-05-14"
DOUBTFUL = "contact_by_telephone"
WHY_DOUBTFUL = "Both boxes have marks. One looks scribbled out."
CROP = b"\x89PNG crop of "
PICTURE = b"\x89PNG an invented page"
WRITTEN = {"child_name": CHILD, "date_of_birth": READ_BORN, "parent_name": CARER, "signed_on": "2026-03-01"}
ONE_LINE = "The form was erased. Only a line without names remains."


@pytest.fixture
def chain(tmp_path: Path, database: Database, clock: Clock) -> Paperchain:
    home = settings(tmp_path / "home")
    for folder in (home.inbox, home.stopped, home.documents):
        folder.mkdir(parents=True)
    return Paperchain(home, database, FolderStore(home.documents), clock)


class Browser:
    """Somebody signed in, who sends the CSRF token with every form."""

    def __init__(self, chain: Paperchain, role: Role = Role.OFFICER, name: str = "Lee") -> None:
        app = make_app(chain)
        desk = app.state.desk
        with chain.db.writing() as session:
            link = accounts.invite(session, role, chain.clock)
            account = accounts.accept(
                session, link, sign_in_name=f"{role}.{uuid4().hex[:6]}", display_name=name,
                password="four invented words here", clock=chain.clock,
            )  # fmt: skip
            token = sessions.begin(session, account, chain.clock)
            session.flush()
            found = sessions.find(session, token, chain.clock, desk.idle)
            assert found is not None
            self.csrf, self.id = found.csrf, account.id
        self.client = TestClient(app, base_url="http://localhost", cookies={desk.cookie: token}, follow_redirects=False)

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def post(self, path: str, fields: Mapping[str, object]) -> httpx.Response:
        return self.client.post(path, data={"csrf": self.csrf, **fields})

    def open(self, part: UUID) -> str:
        """Opens a form; the version that its page carries."""
        page = self.get(f"/review/{part}")
        assert page.status_code == 200, page.text
        return page.text.split('name="version" value="')[1].split('"')[0]


@pytest.fixture
def officer(chain: Paperchain) -> Browser:
    return Browser(chain)


def value_of(kind: Kind) -> str | None:
    match kind:
        case Kind.YES_NO | Kind.TICK:
            return "yes"
        case Kind.SIGNATURE:
            return "present"
        case _:
            return None


def reading(page: int = 1) -> FormReading:
    """A form on which everything was read, but for one scribbled answer and two boxes without a name."""
    fields = {}
    for field in TEMPLATE.fields:
        value = WRITTEN.get(field.id, value_of(field.kind))
        if field.id.startswith("contact_other"):
            value = None if field.kind is Kind.TEXT else "blank"
        doubt = field.id == DOUBTFUL
        fields[field.id] = FieldReading(
            id=field.id, kind=field.kind, value=None if doubt else value, review=doubt, confidence=0.9,
            reason=WHY_DOUBTFUL if doubt else None, page=page, box=(1, 1, 9, 9), template_page=1, crop=(10, 20, 30, 50),
        )  # fmt: skip
    return FormReading(TEMPLATE.id, TEMPLATE.edition, (page,), fields)


def arrived(chain: Paperchain, forms: int = 1) -> list[UUID]:
    """An item as it stands when it has been read: one form on each page, under the item's own key."""
    key, key_id, store = new_key(), uuid4(), chain.store
    scan = holdings.put(store, key, [b"an invented scan of ", CHILD.encode()], "application/pdf")
    made = []
    with chain.db.writing() as session:
        now = chain.clock.now()
        item = inbox.take_in(
            session, claim_id=uuid4(), key_id=key_id, key=key, scan=scan, name=f"{CHILD}.pdf", source=Source.FOLDER,
            actor="system", at=now,
        )  # fmt: skip
        inbox.move(session, item, ItemState.READING, actor="system", at=now)
        for number in range(1, forms + 1):
            found = reading(number)
            crops = holdings.put(
                store, key, [pack({name: CROP + name.encode() for name in found.fields})], "application/octet-stream"
            )
            picture = holdings.put(store, key, [PICTURE], "image/png")
            part = Part(
                item_id=item.id, kind=PartKind.FORM, state=PartState.TO_REVIEW, form=found.form, edition=found.edition,
                evidence_id=crops.id, doubtful=1, read_at=now,
            )  # fmt: skip
            part.sealed_reading = seal_json(key, found.to_json(), part.id.bytes)
            session.add(part)
            for stored, kind, page in ((crops, DocumentKind.EVIDENCE, None), (picture, DocumentKind.PAGE, number)):
                holdings.hold(
                    session, stored, kind=kind, key_id=key_id, at=now, item_id=item.id, part_id=part.id, page=page
                )
            session.add(
                Page(
                    item_id=item.id, part_id=part.id, number=number, sheet=number, kind="form", picture_id=picture.id,
                    width=1240, height=1754,
                )
            )  # fmt: skip
            made.append(part.id)
        item.pages = forms
        session.flush()
        inbox.settle(session, item, actor="system", at=now)
    return made


def answers(version: str, **changes: str | None) -> dict[str, str]:
    """What an officer sends who agrees with the reading, typed what is written and settled the doubt. None leaves out."""
    sent: dict[str, str | None] = {"version": version, "giver": "parent_or_carer", "legible": "yes", DOUBTFUL: "no"}
    for field in TEMPLATE.fields:
        match field.kind:
            case Kind.YES_NO | Kind.TICK | Kind.SIGNATURE if field.id != DOUBTFUL:
                sent[field.id] = "blank" if field.id.startswith("contact_other") else value_of(field.kind)
            case Kind.TEXT:
                sent[field.id] = WRITTEN.get(field.id, "")
            case Kind.DATE:
                sent |= typed(field.id, date.fromisoformat(WRITTEN[field.id]))
    return {name: value for name, value in (sent | changes).items() if value is not None}


def typed(field: str, day: date) -> dict[str, str | None]:
    return {f"{field}-day": str(day.day), f"{field}-month": str(day.month), f"{field}-year": str(day.year)}


def confirm(who: Browser, part: UUID, **changes: str | None) -> httpx.Response:
    return who.post(f"/review/{part}", answers(who.open(part), **changes))


def rows(chain: Paperchain, table: type[SQLModel]) -> list[Any]:
    with chain.db.reading() as session:
        return list(session.exec(select(table)).all())


def state_of(chain: Paperchain, part: UUID) -> PartState:
    with chain.db.reading() as session:
        return PartState(session.get_one(Part, part).state)


def blobs(chain: Paperchain) -> list[Path]:
    return [path for path in chain.settings.documents.rglob("*") if path.is_file()]


def text(answer: httpx.Response) -> str:
    return html.unescape(answer.text)


def errors(answer: httpx.Response) -> list[str]:
    """What the summary at the top asks for, each found again at its field."""
    summary = text(answer).partition('govuk-error-summary__list">')[2].partition("</ul>")[0]
    found = [entry.partition('">')[2].partition("</a>")[0] for entry in summary.split("<li>")[1:]]
    for words in found:
        assert text(answer).count(words) == 2, words
    return found


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


def test_the_next_form_opens_after_one_was_confirmed(chain: Paperchain, officer: Browser) -> None:
    part, following = arrived(chain)[0], arrived(chain)[0]

    assert confirm(officer, part).headers["location"] == f"/review/{following}"


def test_a_missing_answer_is_asked_for_and_nothing_typed_is_lost(chain: Paperchain, officer: Browser) -> None:
    part = arrived(chain)[0]
    answer = confirm(officer, part, **{DOUBTFUL: None}, giver=None, child_name="Rowan T. Testwood")

    assert answer.status_code == 422
    assert errors(answer) == ["Choose an answer for ‘News by telephone’"]
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


def test_an_unlikely_birth_date_is_kept_as_written_and_counts_for_nothing(chain: Paperchain, officer: Browser) -> None:
    """R39: a parent's own date of birth in the child's place. It is queried, then unknown for every rule."""
    part = arrived(chain)[0]
    sent = answers(officer.open(part), **typed("date_of_birth", date(1984, 6, 2)))
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
    assert "Somebody else saved this form first." in text(answer)
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
