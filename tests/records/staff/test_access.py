"""Every role, act and relation, against a table written by hand here: what is not in it is refused."""

from itertools import product
from uuid import uuid4

import pytest

from records.policies.values import NotesSeenBy
from records.staff.access import BY_ROLE, Act, Actor, Allowed, Refused, Relation, Subject, may, relation
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
)
ITEM = (Act.OPEN_ITEM, Act.ACT_ON_ITEM, Act.SORT_ITEM)
FORM = (Act.OPEN_FORM, Act.CONFIRM_FORM, Act.REFUSE_STORING)
FILE = (Act.OPEN_FILE, Act.SEE_FILE_DOCUMENT, Act.READ_NOTES)
REFERRAL = (Act.OPEN_REFERRAL, Act.ACT_ON_REFERRAL)
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
    | {(Role.OFFICER, Act.WRITE_NOTES): frozenset({NONE, OWN, OTHERS})}
    | {(Role.OFFICER, act): frozenset({NONE, UNFILED}) for act in FORM}
    | {(Role.OFFICER, Act.SEE_REVIEW): EVERYWHERE}
    | {(role, Act.SEARCH_FILES): EVERYWHERE for role in (Role.OFFICER, Role.MANAGER)}
    | {(role, act): frozenset({NONE, OWN, OTHERS}) for role in (Role.OFFICER, Role.MANAGER) for act in FILE}
    | {(Role.MANAGER, act): EVERYWHERE for act in (Act.MANAGE_PEOPLE, Act.SEE_HEALTH)}
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
    return allowed and not (act in (*FILE, Act.WRITE_NOTES) and where is OTHERS and notes is OFFICER_ONLY)


@pytest.mark.parametrize("notes", NotesSeenBy)
@pytest.mark.parametrize("role", Role)
def test_every_cell_of_the_table(role: Role, notes: NotesSeenBy) -> None:
    actor = Actor(uuid4(), role)
    for act, where in product(Act, Relation):
        answer = may(actor, act, related(actor, where), notes)
        assert isinstance(answer, Allowed) is wanted(role, act, where, notes), (role, act, where, notes)


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
