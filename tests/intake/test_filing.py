"""A confirmed form: consents with their evidence, the child's file, the paper's place, and whose key seals what."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from intake import filing
from intake.filing import Confirmed, KnownChild, NewChild, Outcome
from intake.wiring import Paperchain
from records.audit import trail
from records.audit.chain import Whole
from records.clock import Clock
from records.consents import ledger
from records.consents.ledger import FromForm, Given
from records.consents.standing import ConsentState
from records.consents.tables import ConsentEvent, Disclosure
from records.custody.tables import Original
from records.db import Database
from records.documents import holdings
from records.documents.pack import unpack
from records.documents.store import FolderStore
from records.documents.tables import Document
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.guard import marks
from records.people import register
from records.people.birthdates import BirthDate
from records.people.entitlement import GivenByChild
from records.people.tables import ChildFile, Person
from records.post import review
from records.post.tables import Confirmation, Item, Part
from records.tasks.tables import TaskRow
from records.vocabulary import DocumentKind, PartKind, PartState, QuarantineReason
from tests.builders import CARER, CHILD, settings
from tests.records.consents.homes import open_file
from tests.reviewing import CROP, DOUBTFUL, SCAN, TEMPLATE, WRITTEN, arrived, blobs, rows, state_of, value_of

OFFICER = uuid4()
BORN = BirthDate.on(date(2011, 5, 14))


@pytest.fixture
def chain(tmp_path: Path, database: Database, clock: Clock) -> Paperchain:
    home = settings(tmp_path / "home")
    for folder in (home.inbox, home.stopped, home.documents):
        folder.mkdir(parents=True)
    return Paperchain(home, database, FolderStore(home.documents), clock)


def decided(
    chain: Paperchain, part: UUID, child: NewChild | KnownChild | None = None, **changes: str | None
) -> Confirmed:
    """What an officer decides who agrees with the reading and says No where it was in doubt."""
    answers: dict[str, str | None] = {
        field.id: WRITTEN.get(field.id, value_of(field.kind)) for field in TEMPLATE.fields
    }
    answers |= {DOUBTFUL: "no", "contact_other_1": "blank", "contact_other_2": "blank"}
    with chain.db.reading() as session:
        version = session.get_one(Part, part).version
    return Confirmed(
        answers=answers | changes, child=child or NewChild(CHILD, BORN), giver="parent_or_carer",
        signed_on=date(2026, 3, 1), legible=True, actor=OFFICER, version=version,
    )  # fmt: skip


def confirm(
    chain: Paperchain, part: UUID, child: NewChild | KnownChild | None = None, **changes: str | None
) -> Outcome:
    return filing.confirm(chain, part, decided(chain, part, child, **changes))


def events(chain: Paperchain) -> dict[str, ConsentEvent]:
    return {event.item_code: event for event in rows(chain, ConsentEvent)}


@pytest.mark.parametrize("giver", ["parent_or_carer", "young_person"])
def test_a_form_that_the_young_person_signed_is_theirs_until_they_were_asked(chain: Paperchain, giver: str) -> None:
    """W29, R19: it goes into no parent's copy unasked."""
    (part,) = arrived(chain)
    outcome = filing.confirm(chain, part, replace(decided(chain, part), giver=giver))
    assert outcome.file_id is not None
    with chain.db.reading() as session:
        marked = marks.of_file(session, outcome.file_id)
    assert marked == ({part: GivenByChild.NOT_ASKED} if giver == "young_person" else {})


def test_every_consent_question_becomes_one_event_with_its_answer(chain: Paperchain) -> None:
    (part,) = arrived(chain)
    outcome = confirm(chain, part, contact_legal="blank", contact_health="unclear")

    found = events(chain)
    asked = [field.item for field in TEMPLATE.fields if field.item]
    assert len(rows(chain, ConsentEvent)) == len(asked)
    assert set(found) == set(asked)
    assert found["store"].state == "given"
    assert found["news:telephone"].state == "refused"
    assert found["contact:legal"].state == "not_answered"
    assert found["contact:health"].state == "unclear"
    assert {event.file_id for event in found.values()} == {outcome.file_id}


def test_an_event_keeps_wording_giver_dates_and_the_cut_out_it_rests_on(chain: Paperchain) -> None:
    (part,) = arrived(chain)
    confirm(chain, part)

    event = events(chain)["news:telephone"]
    field = next(field for field in TEMPLATE.fields if field.id == DOUBTFUL)
    assert (event.wording, event.field_id, event.page) == (field.wording, DOUBTFUL, 1)
    assert (event.form, event.edition, event.part_id) == (TEMPLATE.id, TEMPLATE.edition, part)
    assert (event.giver, event.confirmed_by, event.route) == ("parent_or_carer", str(OFFICER), "form")
    assert (event.effective_on, event.effective_assumed) == (date(2026, 3, 1), False)
    assert (event.received_on, event.policy_version) == (chain.clock.today(), chain.policy().version)
    with chain.db.reading() as session:
        evidence = holdings.fetch(session, chain.store, session.get_one(Document, event.evidence_id))
    assert unpack(evidence, DOUBTFUL) == CROP + DOUBTFUL.encode()


@pytest.mark.parametrize("alike", [False, True])
def test_of_two_who_bear_the_name_on_the_form_nobody_is_taken_for_its_signer(chain: Paperchain, alike: bool) -> None:
    """R27: a grandfather and a father of one name; the first on the file was taken."""
    (part,) = arrived(chain)
    with chain.db.writing() as session:
        file = register.open_file(
            session, officer_id=OFFICER, child_name=CHILD, actor="lee", at=chain.clock.now(), number=7
        )
        names = [CARER, CARER if alike else "Sam Sample"]
        first, _ = [
            register.add_person(session, file, kind=register.CARER, name=name, actor="lee", at=chain.clock.now()).id
            for name in names
        ]
        file_id = file.id
    confirm(chain, part, KnownChild(file_id, BORN), parent_name=CARER)
    assert {event.giver_person_id for event in rows(chain, ConsentEvent)} == {None if alike else first}


def test_an_undated_form_counts_from_the_day_it_came_and_says_so(chain: Paperchain) -> None:
    (part,) = arrived(chain)
    filing.confirm(chain, part, replace(decided(chain, part), signed_on=None))

    event = events(chain)["store"]
    assert (event.effective_on, event.effective_assumed) == (chain.clock.today(), True)


def test_who_other_is_stands_sealed_beside_its_tick(chain: Paperchain) -> None:
    (part,) = arrived(chain)
    confirm(chain, part, contact_other_1="yes", contact_other_1_name="Sam Sample", contact_other_2="yes")

    found = events(chain)
    with chain.db.reading() as session:
        file = session.exec(select(ChildFile)).one()
        assert ledger.named(session, file, found["contact:other_1"]) == "Sam Sample"
    assert found["contact:other_1"].state == "given"
    assert b"Sample" not in bytes(found["contact:other_1"].sealed_detail or b"")
    assert found["contact:other_2"].state == "unclear", "a tick without a name says nothing about anybody (F20)"


def test_the_file_belongs_to_the_officer_and_its_names_are_sealed(chain: Paperchain) -> None:
    (part,) = arrived(chain)
    outcome = confirm(chain, part)

    (file,) = rows(chain, ChildFile)
    assert (file.id, file.officer_id) == (outcome.file_id, OFFICER)
    with chain.db.reading() as session:
        assert [person.name for person in register.people(session, file)] == [CHILD, CARER]
        assert register.birth_dates(session, file) == [BORN]
    for person in rows(chain, Person):
        assert b"Testwood" not in bytes(person.sealed)


def test_a_known_childs_form_adds_to_the_file_and_no_person_twice(chain: Paperchain) -> None:
    (first,), (second,) = arrived(chain), arrived(chain)
    outcome = confirm(chain, first)
    assert outcome.file_id is not None
    later = confirm(chain, second, KnownChild(outcome.file_id, None), parent_name=CARER.upper())

    assert later.file_id == outcome.file_id
    assert later.original_number != outcome.original_number
    with chain.db.reading() as session:
        (file,) = session.exec(select(ChildFile)).all()
        assert [person.name for person in register.people(session, file)] == [CHILD, CARER]
        assert register.birth_dates(session, file) == [BORN]


def test_the_paper_is_logged_with_what_the_policy_proposes(chain: Paperchain) -> None:
    (part,) = arrived(chain)
    outcome = confirm(chain, part)

    (paper,) = rows(chain, Original)
    until = chain.clock.today() + timedelta(days=chain.policy().periods.waste_wait_days)
    assert (paper.number, paper.file_id, paper.part_id) == (outcome.original_number, outcome.file_id, part)
    assert (paper.proposal, paper.proposal_rule, paper.wait_until) == ("waste", "W47", until)
    assert (paper.sheets, paper.state, paper.asked_to_keep) == (1, "checked", "unknown")
    assert paper.policy_version == chain.policy().version


def test_paper_that_nobody_compared_is_scanned_and_not_checked(chain: Paperchain) -> None:
    """R54: only a person who compared image and paper may say that the image is good."""
    (part,) = arrived(chain)
    filing.confirm(chain, part, replace(decided(chain, part), legible=False))

    assert [paper.state for paper in rows(chain, Original)] == ["scanned"]


def test_documents_go_under_the_childs_key_and_the_old_blobs_go(chain: Paperchain) -> None:
    part = arrived(chain, backs=PartKind.BLANK)[0]
    before = set(blobs(chain))
    confirm(chain, part)

    (file,) = rows(chain, ChildFile)
    documents = rows(chain, Document)
    assert {(document.key_id, document.file_id) for document in documents} == {(file.key_id, file.id)}
    assert len(documents) == len(before) == len(blobs(chain))
    assert before.isdisjoint(blobs(chain))
    with chain.db.reading() as session:
        scan = session.exec(select(Document).where(Document.kind == DocumentKind.SCAN)).one()
        assert holdings.fetch(session, chain.store, scan) == SCAN
        assert review.reading_json(session, session.get_one(Part, part))["form"] == TEMPLATE.id


def test_a_scan_stays_under_its_items_key_while_another_familys_form_waits(chain: Paperchain) -> None:
    """P6: a shared scan is nobody's until every family in it is settled."""
    first, second = arrived(chain, forms=2)
    outcome = confirm(chain, first)

    (item,) = rows(chain, Item)
    mine = {document.part_id: document for document in rows(chain, Document) if document.kind == DocumentKind.EVIDENCE}
    (scan,) = (document for document in rows(chain, Document) if document.kind == DocumentKind.SCAN)
    assert (mine[first].file_id, mine[second].file_id) == (outcome.file_id, None)
    assert (mine[second].key_id, scan.key_id, scan.file_id) == (item.key_id, item.key_id, None)
    assert len(blobs(chain)) == len(rows(chain, Document))


def test_a_scan_of_two_families_is_given_to_neither(chain: Paperchain) -> None:
    first, second = arrived(chain, forms=2)
    confirm(chain, first)
    confirm(chain, second, NewChild("Alex Sample", None))

    (item,) = rows(chain, Item)
    (scan,) = (document for document in rows(chain, Document) if document.kind == DocumentKind.SCAN)
    assert len(rows(chain, ChildFile)) == 2
    assert (scan.key_id, scan.file_id) == (item.key_id, None)


def test_a_scan_follows_when_both_its_forms_are_one_familys(chain: Paperchain) -> None:
    first, second = arrived(chain, forms=2)
    outcome = confirm(chain, first)
    assert outcome.file_id is not None
    confirm(chain, second, KnownChild(outcome.file_id, BORN))

    (file,) = rows(chain, ChildFile)
    assert {(document.key_id, document.file_id) for document in rows(chain, Document)} == {(file.key_id, file.id)}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"store_on_database": "blank"}, QuarantineReason.STORE_NOT_ANSWERED),
        ({"store_on_database": "unclear"}, QuarantineReason.STORE_UNCLEAR),
        ({"store_on_database": None}, QuarantineReason.STORE_UNCLEAR),
        ({"signature": "absent"}, QuarantineReason.NOT_SIGNED),
        ({"signature": None}, QuarantineReason.NOT_SIGNED),
    ],
)
def test_a_form_that_may_not_be_kept_yet_waits_and_can_be_confirmed_later(
    chain: Paperchain, changes: dict[str, str | None], reason: QuarantineReason
) -> None:
    (part,) = arrived(chain)
    assert confirm(chain, part, None, **changes) == Outcome(quarantined=reason)

    assert state_of(chain, part) is PartState.QUARANTINED
    assert [rows(chain, table) for table in (ChildFile, Person, ConsentEvent, Original)] == [[], [], [], []]
    with chain.db.reading() as session:
        assert register.find_by_name(session, CHILD) == []
        assert register.find_by_birth_date(session, BORN.earliest) == []

    assert confirm(chain, part).file_id is not None
    assert state_of(chain, part) is PartState.CONFIRMED
    assert len(rows(chain, Confirmation)) == 2, "the first decision is kept beside the second"
    with chain.db.reading() as session:
        assert [found.file.number for found in register.find_by_name(session, CHILD)] == [1]
        assert isinstance(trail.check(session), Whole)


def test_a_form_is_confirmed_once(chain: Paperchain) -> None:
    (part,) = arrived(chain)
    mine = decided(chain, part)
    filing.confirm(chain, part, mine)

    with pytest.raises(ChangedMeanwhile):
        filing.confirm(chain, part, mine)
    assert len(rows(chain, ChildFile)) == len(rows(chain, Original)) == 1


def test_a_save_on_an_old_version_is_refused(chain: Paperchain) -> None:
    (part,) = arrived(chain)
    old = decided(chain, part)
    confirm(chain, part, store_on_database="blank")

    with pytest.raises(ChangedMeanwhile):
        filing.confirm(chain, part, old)
    assert rows(chain, ChildFile) == []


def test_a_form_without_evidence_is_not_confirmed_and_nothing_is_half_done(chain: Paperchain) -> None:
    """G2: a consent that nobody could ever look at again is none."""
    (part,) = arrived(chain)
    with chain.db.writing() as session:
        session.get_one(Part, part).evidence_id = None

    with pytest.raises(RefusedByRule) as refused:
        confirm(chain, part)
    assert refused.value.rule == "G2"
    assert [rows(chain, table) for table in (ChildFile, ConsentEvent, Original, Confirmation)] == [[], [], [], []]
    assert state_of(chain, part) is PartState.TO_REVIEW
    with chain.db.reading() as session:
        for document in session.exec(select(Document)).all():
            holdings.fetch(session, chain.store, document)  # every blob that a row names is still there


def test_a_form_that_is_not_there_is_not_found(chain: Paperchain) -> None:
    (part,) = arrived(chain)
    with pytest.raises(NotFound):
        filing.confirm(chain, uuid4(), decided(chain, part))


@pytest.mark.parametrize(
    ("signed", "state"),
    [
        pytest.param(date(2026, 11, 18), ConsentState.WITHDRAWN, id="after the yes"),
        pytest.param(date(2026, 2, 1), ConsentState.REFUSED, id="before the yes, though it came later"),
    ],
)
def test_a_no_on_a_later_form_is_a_withdrawal_and_lists_who_may_need_telling(
    chain: Paperchain, signed: date, state: ConsentState
) -> None:
    """R26, R30: the same as on an answer sheet or told by telephone, whichever form it stands on."""
    with chain.db.writing() as session:
        now = chain.clock.now()
        home = open_file(session, now, {"store": ConsentState.GIVEN, "contact:health": ConsentState.GIVEN})
        session.add(
            Disclosure(
                file_id=home.file.id, purpose="contact", recipient="body", category="health", how="telephone", actor="x",
                at=now, policy_version="1",
            )
        )  # fmt: skip
        source = FromForm(
            form="westminster-consent", edition="2023", part_id=uuid4(), evidence_id=uuid4(), giver="parent_or_carer",
            effective_on=signed, effective_assumed=False, received_on=signed, confirmed_by="x", policy_version="1",
            giver_person_id=home.carer,
        )  # fmt: skip
        no = Given("contact:health", "contact_health", ConsentState.REFUSED, "The words asked", 1)
        withdrawn = filing._record(session, home.file, source, [no], now, chain.policy()).withdrawn
        events = [one for one in ledger.events(session, home.file.id) if one.part_id == source.part_id]
    assert [one.state for one in events] == [state]
    after = state is ConsentState.WITHDRAWN
    assert withdrawn == (("contact:health",) if after else ())
    assert [task.kind for task in rows(chain, TaskRow)] == (["tell_recipient"] if after else [])
