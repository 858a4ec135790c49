"""Letters about consents: a person's own answers alone, only with leave, in their format, each print entered (R21, R29, R30, G1)."""

import io
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pypdf
import pytest
from sqlmodel import Session, select

from records.clock import Clock
from records.consents import bodies, changes
from records.consents.changes import Told
from records.consents.givers import Giver
from records.consents.items import KEEP, NEWS, ORDER, TALK, Category
from records.consents.outward import OUTWARD, NoLeave, went_out
from records.consents.standing import ConsentState, Route
from records.db import Database
from records.errors import NotFound, RefusedByRule
from records.letters import family, in_english, replies
from records.letters.agreed import About, change_confirmed, common_lead, please_answer_again, what_you_agreed
from records.letters.dpv import STATES
from records.letters.own import OwnAnswer
from records.letters.tables import LetterSent
from records.letters.writing import Layout, Sender, write
from records.people import known, merging, register
from records.people.facts import Details, LanguageAndFormat, SafeContact
from records.policies.values import ContactPoint
from records.tasks.tables import TaskRow
from tests.records.consents.homes import CARER, CHILD, OFFICER, WESTMINSTER, Home, open_file


@pytest.fixture(autouse=True)
def _without_a_printer_of_sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk that was made in this process by another test has handed one in; letters are looked at without it here."""
    monkeypatch.setattr(replies._here, "printer", None)


SENDER = Sender("Testshire Advice Service", ("01234 567890",))
ANSWERS = {
    "store": ConsentState.GIVEN, "news:email": ConsentState.REFUSED, "news:post": ConsentState.UNCLEAR,
    "contact:education": ConsentState.GIVEN, "contact:health": ConsentState.NOT_ANSWERED,
}  # fmt: skip
FATHER = "Alex Testwood"


def text_of(pdf: bytes) -> str:
    return " ".join("\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


def agreed(session: Session, home: Home, person: UUID, clock: Clock) -> str:
    made = family.print_agreed(
        session, OFFICER, home.file, person, sender=SENDER, policy=WESTMINSTER, moment=clock.now()
    )
    return text_of(made.pdf)


def father_says(session: Session, home: Home, clock: Clock, answers: dict[str, bool]) -> UUID:
    father = register.add_person(session, home.file, kind=register.CARER, name=FATHER, actor="o", at=clock.now())
    session.flush()
    known.record(
        session, home.file.id, father.id, Details(FATHER, "father"), true_on=clock.today(), actor="o", at=clock.now()
    )
    tell(session, home, father.id, clock, answers)
    return father.id


def tell(session: Session, home: Home, person: UUID, clock: Clock, answers: dict[str, bool]) -> UUID:
    told = Told(answers, Giver.PARENT_OR_CARER, person, Route.LETTER, clock.today(), uuid4())
    return changes.record(session, home.file, told, actor="o", at=clock.now(), policy=WESTMINSTER).change_id


def test_the_receipt_says_each_question_answer_since_when_and_how_to_change_it(
    database: Database, clock: Clock
) -> None:
    with database.writing() as session:
        home = open_file(session, clock.now(), ANSWERS)
        bodies.add(
            session, home.file, Category.EDUCATION, "Fernhill School", since=clock.today(), actor="o", at=clock.now()
        )
        text = agreed(session, home, home.carer, clock)
    assert f"Dear {CARER}" in text
    assert CHILD in text
    assert "The words asked about news:email No 1 March 2026" in text
    assert "Yes: Fernhill School" in text
    assert "We could not tell. We take it as no until you answer again" in text
    assert "You left this blank. We take it as no" in text
    assert "You can change any answer at any time" in text
    assert "line manager" in text
    assert "PC-0001" in text
    assert f"Until {CHILD}’s 25th birthday, unless the law has us keep it longer" in text  # F5
    assert f"{WESTMINSTER.title}, version {WESTMINSTER.version}" in text


def test_nobody_reads_of_another_persons_answers_on_their_receipt(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        home = open_file(session, clock.now(), ANSWERS)
        father = father_says(session, home, clock, {"contact:education": False, "share:health": True})
        mothers, fathers = agreed(session, home, home.carer, clock), agreed(session, home, father, clock)
    assert "contact:education Yes" in mothers
    assert FATHER not in mothers
    assert "health services" not in mothers
    assert CARER not in fathers
    assert "news:email" not in fathers
    assert "Share with health services Yes" in fathers


def test_what_the_young_person_told_on_a_joined_file_stands_on_their_receipt(database: Database, clock: Clock) -> None:
    """F22, F27, R21: joined files have one child, so a no on either is the last word on the receipt as it is at the gate."""
    told = (("contact:education", True, 12), ("contact:education", False, 3), ("contact:health", True, 3))
    with database.writing() as session:
        kept, taken = (open_file(session, clock.now(), {}, born=date(2009, 5, 14)) for _ in range(2))
        made = {}
        for home, (item, yes, ago) in zip((kept, taken, taken), told, strict=True):
            said = Told(
                {item: yes}, Giver.YOUNG_PERSON, home.child, Route.LETTER, clock.today() - timedelta(days=ago), uuid4()
            )
            made[item, yes] = changes.record(
                session, home.file, said, actor="o", at=clock.now(), policy=WESTMINSTER
            ).change_id
        merging.merge(session, kept.file, taken.file, why="The mother said so", by="o", at=clock.now())
        text = agreed(session, kept, kept.child, clock)
        data = family.export_record(
            session, OFFICER, kept.file, kept.child, sender=SENDER, policy=WESTMINSTER, moment=clock.now()
        )
        everybody = family.everybody(session, OFFICER, kept.file, WESTMINSTER, clock.now())
        confirmed = family.print_change(
            session, OFFICER, kept.file, made["contact:health", True], sender=SENDER, policy=WESTMINSTER, moment=clock.now()
        )  # fmt: skip
    assert "Education setting or provider No" in text
    assert "Education setting or provider Yes" not in text
    assert "Health service Yes" in text
    assert "Health service" in str(data.record)
    child = next(each for each in everybody if each.person.id == kept.child)
    assert {change.id for change in child.changes} == set(made.values())
    assert f"Dear {CHILD}" in text_of(confirmed.pdf)


def test_what_was_printed_on_a_joined_file_stands_in_the_list(database: Database, clock: Clock) -> None:
    """F22, R21: nothing of it is out of sight because two files are seen as one."""
    with database.writing() as session:
        kept, taken = (open_file(session, clock.now(), ANSWERS) for _ in range(2))
        agreed(session, taken, taken.carer, clock)
        assert not family.printed(session, kept.file.id)
        joining = merging.merge(session, kept.file, taken.file, why="The mother said so", by="o", at=clock.now())
        assert [row.person_id for row in family.printed(session, kept.file.id)] == [taken.carer]
        merging.unmerge(session, joining, by="o", at=clock.now())
        assert not family.printed(session, kept.file.id)


def test_a_print_is_entered_with_a_number_of_its_own_and_stands_in_what_went_out(
    database: Database, clock: Clock
) -> None:
    with database.writing() as session:
        home = open_file(session, clock.now(), ANSWERS)
        first, second = (
            family.print_agreed(
                session, OFFICER, home.file, home.carer, sender=SENDER, policy=WESTMINSTER, moment=clock.now()
            )
            for _ in range(2)
        )
        rows = family.printed(session, home.file.id)
        out = went_out(session, home.file.id)
    assert first.reference != second.reference
    assert {row.reference for row in rows} == {first.reference, second.reference}
    assert rows[0].policy_version == WESTMINSTER.version
    assert [row.person_id for row in out] == [home.carer] * 2
    assert first.reference in text_of(first.pdf)


def test_somebody_who_answered_nothing_gets_no_letter_and_nothing_is_entered(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        home = open_file(session, clock.now(), ANSWERS)
    with database.writing() as session, pytest.raises(NoLeave):
        agreed(session, home, home.child, clock)
    with database.writing() as session, pytest.raises(NotFound):
        agreed(session, home, uuid4(), clock)
    with database.reading() as session:
        assert session.exec(select(LetterSent)).all() == []
        shown = {
            each.person.id: each for each in family.everybody(session, OFFICER, home.file, WESTMINSTER, clock.now())
        }
    assert shown[home.child].refused
    assert not shown[home.carer].refused
    assert (shown[home.carer].answered, shown[home.carer].again) == (5, 2)


def test_a_safe_contact_instruction_stops_a_letter_and_a_safe_address_is_used(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        home = open_file(session, clock.now(), ANSWERS)
        safe = SafeContact(address="2 Aunt's Lane, Testtown, TT1 1TT")
        known.record(session, home.file.id, home.carer, safe, true_on=clock.today(), actor="o", at=clock.now())
        assert "2 Aunt's Lane Testtown TT1 1TT" in agreed(session, home, home.carer, clock)
        later = clock.now() + timedelta(seconds=1)
        stop = SafeContact(do_not_contact=True)
        known.record(session, home.file.id, home.carer, stop, true_on=clock.today(), actor="o", at=later)
        with pytest.raises(RefusedByRule, match="must not be contacted"):
            agreed(session, home, home.carer, clock)


def test_a_letter_comes_in_large_print_for_whoever_prefers_it(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        home = open_file(session, clock.now(), ANSWERS)
        wanted = LanguageAndFormat(format="large_print")
        known.record(session, home.file.id, home.carer, wanted, true_on=clock.today(), actor="o", at=clock.now())
        assert "Your answer: No" in agreed(session, home, home.carer, clock)


@pytest.mark.parametrize(("wanted", "said", "task"), [
    (LanguageAndFormat("pl"), "This letter is in English. You told us that you prefer Polish.", True),
    (LanguageAndFormat("bfi"), "You told us that you prefer British Sign Language.", True),
    (LanguageAndFormat("en", "other", "Braille"), "", True), (LanguageAndFormat("en-GB", "large_print"), "", False),
])  # fmt: skip
def test_a_letter_that_its_reader_may_not_read_says_so_first_and_leaves_a_task(
    database: Database, clock: Clock, wanted: LanguageAndFormat, said: str, task: bool
) -> None:
    """N19: we print no other language; so the letter says what to do, and the need is on the officer's list until it is met."""
    with database.writing() as session:
        home = open_file(session, clock.now(), ANSWERS)
        known.record(session, home.file.id, home.carer, wanted, true_on=clock.today(), actor="o", at=clock.now())
        for _ in range(2):
            text = agreed(session, home, home.carer, clock)
            assert said in text if said else "This letter is in English" not in text
        if said:
            assert text.index(said) < text.index("This is your copy")
        rows = session.exec(select(TaskRow).where(TaskRow.kind == in_english.UNREAD)).all()
        assert [row.file_id for row in rows] == ([home.file.id] if task else [])
        assert all("Polish" not in row.words and CARER not in row.words for row in rows)


def test_a_change_is_confirmed_to_whoever_told_us_of_it(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        home = open_file(session, clock.now(), ANSWERS)
        change = tell(
            session, home, home.carer, clock, {"store": False, "contact:education": False, "news:email": True}
        )
        made = family.print_change(
            session, OFFICER, home.file, change, sender=SENDER, policy=WESTMINSTER, moment=clock.now()
        )
        other = open_file(session, clock.now(), ANSWERS)
        with pytest.raises(NotFound):
            family.print_change(
                session, OFFICER, other.file, change, sender=SENDER, policy=WESTMINSTER, moment=clock.now()
            )
    text = text_of(made.pdf)
    assert "On 20 November 2026 you told us" in text
    # A letter of the 5th may be entered on the 20th: nobody may write that nothing was done in between.
    assert "This counts from 20 November 2026. We will not do it any more unless you say yes again." in text
    no, yes = text.index("You said no to"), text.index("You said yes to")
    assert no < text.index("contact:education") < yes < text.index("news:email")
    assert "We now decide what is erased" in text


def test_please_answer_again_asks_the_unclear_and_blank_questions_alone(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        home = open_file(session, clock.now(), ANSWERS)
        made = family.print_again(
            session, OFFICER, home.file, home.carer, sender=SENDER, policy=WESTMINSTER, moment=clock.now()
        )
        clear = open_file(session, clock.now(), {"store": ConsentState.GIVEN})
        with pytest.raises(RefusedByRule, match="nothing to ask again"):
            family.print_again(
                session, OFFICER, clear.file, clear.carer, sender=SENDER, policy=WESTMINSTER, moment=clock.now()
            )
        session.rollback()
    text = text_of(made.pdf)
    assert "The words asked about news:post We could not tell which answer you meant." in text
    assert "The words asked about contact:health You left this blank." in text
    assert not [item for item in ("store", "news:email", "contact:education") if f"about {item}" in text]
    assert text.count("Yes No") == 2


def test_what_several_questions_share_is_printed_once_above_them() -> None:
    lead = "May we send you news? "
    assert common_lead([f"{lead}By email", f"{lead}By post"]) == lead
    assert common_lead(["By email", "By post"]) == ""
    assert common_lead([f"{lead}By email?"]) == lead, "of one question, what stands before its last sentence"
    assert common_lead(["By email?"]) == ""


LEAD = "In order to help you we may need to talk to others. Whom may we talk to: "
ABOUT = About(
    sender=SENDER, to=("Morgan Testwood",), on=date(2026, 11, 20), file_reference="PC-0042", name="Morgan Testwood",
    child="Kit Testwood", receipt="R-TEST-TEST", own_case=False, language="en-GB", contact_point=ContactPoint.MANAGER, kept_to_age=25, rules="Invented policy, version 1",
)  # fmt: skip


def asked(state: ConsentState) -> list[OwnAnswer]:
    """The questions of the Westminster form, all answered so."""
    wording = {"store": "We keep it safe. May we keep it?"} | {
        f"news:{way}": f"How may we write? By {way}" for way in ("email", "telephone", "text", "post")
    }
    return [
        OwnAnswer(item, wording.get(item, LEAD + words), state, date(2026, 3, 1))
        for item, words in (*KEEP, *NEWS, *TALK)
    ]  # fmt: skip


def test_what_is_asked_again_has_its_lead_once() -> None:
    for letter in (
        please_answer_again(ABOUT, asked(ConsentState.NOT_ANSWERED), frozenset(ORDER)),
        change_confirmed(ABOUT, date(2026, 11, 20), asked(ConsentState.WITHDRAWN), (), storing_withdrawn=False),
    ):
        text = text_of(write(letter))
        assert text.count(LEAD.strip()) == 1
        assert "Health service" in text and "By email" in text


def test_a_letter_about_storing_says_what_they_said() -> None:
    """A no where nobody had said yes takes nothing back; what follows is the same (R28, R31)."""
    for state, words, other in (
        (ConsentState.WITHDRAWN, "You took back your permission to store.", "do not let us store"),
        (ConsentState.REFUSED, "You do not let us store what is about you.", "took back"),
    ):
        letter = change_confirmed(ABOUT, date(2026, 11, 20), asked(state)[:1], (), storing_withdrawn=True)
        text = text_of(write(letter))
        assert f"{words} We now decide what is erased." in text and other not in text


def test_a_receipt_takes_two_pages_and_its_closing_never_stands_alone() -> None:
    for state in (ConsentState.GIVEN, ConsentState.NOT_ANSWERED, ConsentState.UNCLEAR, ConsentState.EXPIRED):
        for layout in Layout:
            pages = pypdf.PdfReader(io.BytesIO(write(what_you_agreed(ABOUT, asked(state)), layout=layout))).pages
            last = " ".join(pages[-1].extract_text().split())
            assert not last.startswith("Yours sincerely"), (state, layout)
            if (state, layout) == (ConsentState.NOT_ANSWERED, Layout.STANDARD):
                assert len(pages) == 2


def test_every_way_out_of_letters_is_marked_and_does_not_run_without_leave() -> None:
    ours = {each for each in OUTWARD if each.startswith("records.letters.")}
    assert {each.rpartition(".")[2] for each in ours} == {
        "agreed_letter",
        "again_letter",
        "ask_letter",
        "change_letter",
        "record_of",
    }
    for name in ("agreed_letter", "again_letter", "ask_letter", "change_letter", "record_of"):
        with pytest.raises(NoLeave):
            getattr(family, name)(leave=None)


# The field list of R21: header, processing, parties, events.
HEADER = {"schema_version", "record_id", "receipt_id", "pii_principal_id"}
PROCESSING = {
    "privacy_notice", "language", "purpose", "pii_information", "pii_controllers", "storage_location", "retention_period", "jurisdiction",
    "recipients", "withdrawal_method", "lawful_basis",
}  # fmt: skip
PARTY = {"party_id", "party_name", "party_address", "party_contact", "party_type"}
EVENT = {"event_time", "validity_duration", "entity_id", "event_type", "event_state"}


def test_the_record_has_every_field_of_the_standard_in_terms_of_its_own_context(
    database: Database, clock: Clock
) -> None:
    with database.writing() as session:
        home = open_file(session, clock.now(), ANSWERS)
        tell(session, home, home.carer, clock, {"store": False})
        father = father_says(session, home, clock, {"share:health": True})
        made = family.export_record(
            session, OFFICER, home.file, home.carer, sender=SENDER, policy=WESTMINSTER, moment=clock.now()
        )
    record = made.record
    assert set(record) >= HEADER
    assert record["@type"] == "dpv:ConsentRecord"
    assert {each["purpose"].rpartition(" ")[2] for each in record["processing"]} == set(ANSWERS)
    for each in record["processing"]:
        assert set(each) >= PROCESSING
        assert all(set(event) >= EVENT for event in each["events"])
        assert all(event["entity_id"] == f"urn:uuid:{home.carer}" for event in each["events"])
    store = next(each for each in record["processing"] if each["@id"].endswith(":store"))
    assert [event["event_state"] for event in store["events"]] == ["dpv:ConsentGiven", "dpv:ConsentWithdrawn"]
    assert all(set(each) >= PARTY for each in record["party_identification"])
    assert str(father) not in str(record)
    assert FATHER not in str(record)
    known_terms = set(record["@context"])
    assert _keys(record) <= known_terms | {"@context", "@id", "@type"}


def test_the_record_says_that_a_yes_has_run_out_and_how_long_a_spoken_one_holds(
    database: Database, clock: Clock
) -> None:
    """R21, R33, W27: a record whose last event is a yes would be read as one that holds."""
    spoken = Told(
        {"contact:health": True}, Giver.PARENT_OR_CARER, None, Route.TELEPHONE, clock.today() - timedelta(days=28), uuid4()
    )  # fmt: skip
    with database.writing() as session:
        home = open_file(session, clock.now(), {"store": ConsentState.GIVEN})
        told = replace(spoken, person=home.carer)
        changes.record(session, home.file, told, actor="o", at=clock.now(), policy=WESTMINSTER)
        made = family.export_record(
            session, OFFICER, home.file, home.carer, sender=SENDER, policy=WESTMINSTER, moment=clock.now()
        )
    of = {each["@id"].rpartition(":item:")[2]: each["events"] for each in made.record["processing"]}
    given, ended = of["contact:health"]
    assert (given["event_state"], given["validity_duration"]) == ("dpv:ConsentGiven", "P28D")
    assert (ended["event_state"], ended["effective_on"]) == ("dpv:ConsentExpired", clock.today().isoformat())
    assert [(each["event_state"], each["validity_duration"]) for each in of["store"]] == [("dpv:ConsentGiven", "P24M")]


def _keys(node: object) -> set[str]:
    """Every key outside the context, at any depth."""
    if isinstance(node, list):
        return {key for each in node for key in _keys(each)}
    if isinstance(node, dict):
        return set(node) | {key for name, each in node.items() if name != "@context" for key in _keys(each)}
    return set()


def test_every_state_has_its_own_term() -> None:
    assert set(STATES) == set(ConsentState)
    assert len(set(STATES.values())) == len(STATES)
