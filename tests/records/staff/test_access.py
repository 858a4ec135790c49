"""Every role, act and relation, against a table written by hand here: what is not in it is refused."""

from itertools import product
from uuid import uuid4

import pytest

from records.policies.values import NotesSeenBy
from records.staff.access import (
    BY_ROLE,
    OF_A_FILE,
    READING,
    Act,
    Actor,
    Allowed,
    Refused,
    Relation,
    Restriction,
    Subject,
    may,
    relation,
)
from records.vocabulary import Role

NONE, UNFILED, OWN, OTHERS = Relation.NONE, Relation.UNFILED, Relation.OWN_FILE, Relation.OTHERS_FILE
EVERYWHERE = frozenset(Relation)
STAFF, OFFICER_ONLY = NotesSeenBy.SERVICE_STAFF, NotesSeenBy.ALLOCATED_SUPPORTER

EVERYBODY = (
    Act.SEE_TODAY,
    Act.SEE_HELP,
    Act.SIGN_OUT,
    Act.SEE_POST,
    Act.SEE_ORIGINALS,
    Act.SEE_SETTINGS,
    Act.SEE_ENQUIRIES,
    Act.SHARE_FOR_SAFETY,
    Act.RECORD_WITHDRAWAL,
    Act.SEE_REQUESTS,
    Act.RECORD_REQUEST,
    Act.SEE_INCIDENTS,
    Act.RECORD_INCIDENT,
    Act.HANDLE_WASTE,
    Act.SEE_RETENTION,
    Act.LIST_DISPOSAL,
    Act.LOG_POLICY_QUESTION,
)
ITEM = (Act.OPEN_ITEM, Act.ACT_ON_ITEM, Act.SORT_ITEM)
FORM = (Act.OPEN_FORM, Act.CONFIRM_FORM, Act.REFUSE_STORING)
FILE = (Act.OPEN_FILE, Act.SEE_FILE_DOCUMENT, Act.READ_NOTES)
REFERRAL = (Act.OPEN_REFERRAL, Act.ACT_ON_REFERRAL)
CHANGES = (Act.CHANGE_CONSENT, Act.RESTRICT_FILE, Act.WRITE_TO_FAMILY, Act.CLOSE_FILE, Act.COVER_PART)
MANAGING = (
    Act.RECORD_POLICY_REVIEW, Act.ANSWER_POLICY_QUESTION,
    Act.MANAGE_PEOPLE, Act.SEE_HEALTH, Act.CHANGE_POLICY, Act.SEE_AUDIT, Act.EXPORT_AUDIT, Act.SEE_SAFETY, Act.ALLOCATE_FILES,
    Act.SEE_BREAK_GLASS, Act.SEE_REPORTS, Act.LET_OUT_REPORT,
)  # fmt: skip
PAPER = (Act.MOVE_ORIGINAL, Act.PRINT_LABEL)

WANTED: dict[tuple[Role, Act], frozenset[Relation]] = (
    {(role, act): EVERYWHERE for role in Role for act in EVERYBODY}
    | {(role, act): frozenset({NONE, UNFILED}) for role in (Role.ADMIN, Role.OFFICER) for act in ITEM}
    | {
        (role, act): EVERYWHERE
        for role in (Role.ADMIN, Role.OFFICER)
        for act in (Act.ADD_POST, Act.LOG_ENQUIRY, *PAPER)
    }
    | {(role, act): frozenset({NONE, UNFILED}) for role in (Role.ADMIN, Role.OFFICER) for act in REFERRAL}
    | {(Role.OFFICER, Act.DECIDE_REFERRAL): frozenset({NONE, UNFILED})}
    | {
        (Role.OFFICER, act): frozenset({NONE, OWN, OTHERS})
        for act in (Act.WRITE_NOTES, Act.MARK_DOCUMENT, Act.CHANGE_FILE_PEOPLE)
    }
    | {(role, act): frozenset({NONE, OWN, OTHERS}) for role in (Role.OFFICER, Role.MANAGER) for act in CHANGES}
    | {(Role.MANAGER, Act.LIFT_RESTRICTION): frozenset({NONE, OWN, OTHERS})}
    | {(role, Act.BREAK_GLASS): EVERYWHERE for role in (Role.OFFICER, Role.MANAGER)}
    | {(Role.OFFICER, act): frozenset({NONE, UNFILED}) for act in FORM}
    | {(Role.OFFICER, Act.SEE_REVIEW): EVERYWHERE}
    | {(Role.OFFICER, act): EVERYWHERE for act in (Act.LOOK_DISPOSAL, Act.PLACE_HOLD)}
    | {
        (Role.MANAGER, act): EVERYWHERE
        for act in (Act.APPROVE_DISPOSAL, Act.KEEP_LONGER, Act.CLOSE_MANY, Act.PLACE_HOLD, Act.LIFT_HOLD)
    }
    | {(role, act): EVERYWHERE for role in (Role.OFFICER, Role.MANAGER) for act in (Act.SEARCH_FILES, Act.SEND_NEWS)}
    | {(role, act): frozenset({NONE, OWN, OTHERS}) for role in (Role.OFFICER, Role.MANAGER) for act in FILE}
    | {(Role.MANAGER, act): EVERYWHERE for act in (*MANAGING, Act.DECIDE_REQUEST, Act.SETTLE_INCIDENT)}
    | {(role, Act.WORK_REQUEST): EVERYWHERE for role in (Role.OFFICER, Role.MANAGER)}
)
"""Where the policy lets colleagues read (S1 = service_staff)."""


def related(actor: Actor, wanted: Relation) -> Subject | None:
    match wanted:
        case Relation.NONE:
            return None
        case Relation.UNFILED:
            return Subject(officer_id=None)
        case Relation.OWN_FILE:
            return Subject(officer_id=actor.id)
        case Relation.OTHERS_FILE:
            return Subject(officer_id=uuid4())


def wanted(role: Role, act: Act, where: Relation, notes: NotesSeenBy) -> bool:
    allowed = where in WANTED.get((role, act), frozenset())
    if act is Act.WORK_REQUEST and role is Role.MANAGER:
        return allowed  # requests are managers' work, whosever file it is (W12, R66)
    return allowed and not (act in OF_A_FILE and where is OTHERS and notes is OFFICER_ONLY)


@pytest.mark.parametrize("notes", NotesSeenBy)
@pytest.mark.parametrize("role", Role)
def test_every_cell_of_the_table(role: Role, notes: NotesSeenBy) -> None:
    actor = Actor(uuid4(), role)
    for act, where in product(Act, Relation):
        answer = may(actor, act, related(actor, where), notes)
        assert isinstance(answer, Allowed) is wanted(role, act, where, notes), (
            f"{role} {act} {where} {notes}: say in WANTED above who may do a new act; what is not said is refused"
        )


@pytest.mark.parametrize("role", Role)
def test_a_disabled_account_may_do_nothing(role: Role) -> None:
    actor = Actor(uuid4(), role, active=False)
    for act, where in product(Act, Relation):
        assert isinstance(may(actor, act, related(actor, where), STAFF), Refused), (act, where)


@pytest.mark.parametrize("role", Role)
def test_an_unknown_act_is_refused(role: Role) -> None:
    actor = Actor(uuid4(), role)
    for where in Relation:
        answer = may(actor, "open_everything", related(actor, where), STAFF)  # type: ignore[arg-type]  # that is the point
        assert isinstance(answer, Refused)


def test_a_refusal_says_why() -> None:
    officer = Actor(uuid4(), Role.OFFICER)
    answer = may(officer, Act.OPEN_FILE, Subject(uuid4()), OFFICER_ONLY)
    assert answer == Refused("Only the file's own officer may see it (S1).")


def test_every_act_belongs_to_some_role() -> None:
    assert set().union(*BY_ROLE.values()) == set(Act)


def test_relations_of_a_file_to_a_person() -> None:
    actor = Actor(uuid4(), Role.OFFICER)
    assert [relation(actor, related(actor, each)) for each in Relation] == list(Relation)


FILE_ID, PART_ID = uuid4(), uuid4()
SAFEGUARDING, PROCESSING = Restriction.SAFEGUARDING, Restriction.PROCESSING


def allows(actor: Actor, act: Act, subject: Subject, notes: NotesSeenBy) -> bool:
    return isinstance(may(actor, act, subject, notes), Allowed)


@pytest.mark.parametrize("notes", NotesSeenBy)
@pytest.mark.parametrize("role", (Role.OFFICER, Role.MANAGER))
def test_break_glass_lets_somebody_read_one_file_and_change_nothing(role: Role, notes: NotesSeenBy) -> None:
    actor = Actor(uuid4(), role, glass={FILE_ID})
    theirs, another = Subject(uuid4(), FILE_ID), Subject(uuid4(), uuid4())
    for act in READING:
        assert allows(actor, act, theirs, notes), act
        assert allows(actor, act, another, notes) is (notes is STAFF), act
    for act in OF_A_FILE - READING - {Act.LIFT_RESTRICTION, Act.WORK_REQUEST, Act.COVER_PART}:
        assert allows(actor, act, theirs, notes) is allows(actor, act, another, notes), act
    # What is covered is a manager's own decision (R42): whom S1 keeps out must be able to look first.
    looks = role is Role.MANAGER or notes is STAFF
    assert allows(actor, Act.COVER_PART, theirs, notes) is looks


def test_break_glass_opens_nothing_for_admin() -> None:
    assert not any(
        allows(Actor(uuid4(), Role.ADMIN, glass={FILE_ID}), act, Subject(uuid4(), FILE_ID), STAFF) for act in OF_A_FILE
    )


@pytest.mark.parametrize("subject", [
    Subject(uuid4(), FILE_ID, SAFEGUARDING), Subject(uuid4(), FILE_ID, sealed_off={PART_ID}),
])  # fmt: skip
def test_a_safeguarding_restriction_leaves_managers_and_the_staff_it_names(subject: Subject) -> None:
    own = Subject(None, subject.file_id, subject.restricted, subject.sealed_off)
    for act in READING:
        officer = Actor(uuid4(), Role.OFFICER, glass={FILE_ID})
        named = Actor(uuid4(), Role.OFFICER, named={FILE_ID, PART_ID})
        assert not allows(officer, act, subject, STAFF)
        assert not allows(officer, act, Subject(officer.id, own.file_id, own.restricted, own.sealed_off), STAFF)
        assert allows(named, act, subject, STAFF)
        assert allows(Actor(uuid4(), Role.MANAGER), act, subject, STAFF)


def test_a_safeguarding_restriction_never_widens_s1() -> None:
    restricted = Subject(uuid4(), FILE_ID, SAFEGUARDING)
    for actor in (Actor(uuid4(), Role.MANAGER), Actor(uuid4(), Role.OFFICER, named={FILE_ID})):
        assert not any(allows(actor, act, restricted, OFFICER_ONLY) for act in OF_A_FILE - {Act.WORK_REQUEST})


def test_one_document_can_be_sealed_off_in_a_file_whose_processing_is_restricted() -> None:
    both = Subject(uuid4(), FILE_ID, PROCESSING, {PART_ID})
    assert allows(Actor(uuid4(), Role.MANAGER), Act.SEE_FILE_DOCUMENT, both, STAFF)
    assert not allows(Actor(uuid4(), Role.OFFICER, named={PART_ID}), Act.SEE_FILE_DOCUMENT, both, STAFF)
    # What is shown so that somebody sees what is kept (R69) are the others: this one stays what S1 makes it.
    assert not allows(Actor(uuid4(), Role.MANAGER), Act.SEE_FILE_DOCUMENT, both, OFFICER_ONLY)
    assert allows(Actor(uuid4(), Role.MANAGER, glass={FILE_ID}), Act.SEE_FILE_DOCUMENT, both, OFFICER_ONLY)


@pytest.mark.parametrize("notes", NotesSeenBy)
def test_restricted_processing_leaves_managers_alone_to_read(notes: NotesSeenBy) -> None:
    restricted, manager = Subject(uuid4(), FILE_ID, PROCESSING), Actor(uuid4(), Role.MANAGER)
    officer = Actor(uuid4(), Role.OFFICER, glass={FILE_ID}, named={FILE_ID})
    own = Subject(officer.id, FILE_ID, PROCESSING)
    for act in OF_A_FILE:
        assert not allows(officer, act, own, notes), act
    left = {act for act in OF_A_FILE - {Act.WORK_REQUEST} if allows(manager, act, restricted, notes)}
    assert allows(manager, Act.WORK_REQUEST, restricted, notes)
    notes_too = {Act.READ_NOTES} if notes is STAFF else set()
    assert left == {Act.OPEN_FILE, Act.SEE_FILE_DOCUMENT, Act.LIFT_RESTRICTION, Act.CHANGE_CONSENT} | notes_too


def test_only_the_files_own_officer_and_managers_work_on_its_request_under_s1() -> None:
    theirs, manager, other = Subject(uuid4(), FILE_ID), Actor(uuid4(), Role.MANAGER), Actor(uuid4(), Role.OFFICER)
    assert allows(manager, Act.WORK_REQUEST, theirs, OFFICER_ONLY)
    assert not allows(other, Act.WORK_REQUEST, theirs, OFFICER_ONLY)
