"""The one answer to who may do what to which thing. Pure; every page, search, count and job asks it. Default: no.

| act                         | admin     | officer                 | manager             |
|-----------------------------|-----------|-------------------------|---------------------|
| post list, add post         | yes       | yes                     | list only (counts)  |
| open, sort an unfiled item  | yes       | yes                     | no                  |
| review, confirm, refuse     | no        | yes                     | no                  |
| search files                | no        | yes, as far as opened   | yes, as far as opened |
| open a file, its consents   | no        | own; others by S1       | by S1               |
| a file's documents          | no        | own; others by S1       | by S1               |
| record a change of consent  | no        | own; others by S1       | by S1               |
| share for safety            | yes       | yes                     | yes, and sees all   |
| originals: list, move, label| yes       | yes                     | list only           |
| enquiries, holding list     | yes       | yes                     | list only (no name) |
| open, settle a held referral| yes       | yes                     | no                  |
| take a child who comes alone| no        | yes                     | no                  |
| read case notes             | no        | own; others by S1       | by S1               |
| write case notes            | no        | own; others by S1       | no                  |
| people and roles            | no        | no                      | yes                 |
| change the policy           | no        | no                      | yes                 |
| read and export the audit   | no        | no                      | yes                 |

S1 (N10, W38): `service_staff` lets colleagues and managers read, so that a colleague can take over; `allocated_supporter`
lets the file's own officer alone. New items are private to admin staff and officers; a filed item is seen through its file.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from records.policies.values import NotesSeenBy
from records.vocabulary import Role


class Act(StrEnum):
    """Everything that anybody can do on the desk."""

    SEE_TODAY = "see_today"
    SEE_HELP = "see_help"
    SIGN_OUT = "sign_out"
    SEE_POST = "see_post"
    ADD_POST = "add_post"
    OPEN_ITEM = "open_item"
    ACT_ON_ITEM = "act_on_item"
    SORT_ITEM = "sort_item"
    SEE_REVIEW = "see_review"
    OPEN_FORM = "open_form"
    CONFIRM_FORM = "confirm_form"
    REFUSE_STORING = "refuse_storing"
    SEARCH_FILES = "search_files"
    OPEN_FILE = "open_file"
    SEE_FILE_DOCUMENT = "see_file_document"
    CHANGE_CONSENT = "change_consent"
    SHARE_FOR_SAFETY = "share_for_safety"
    SEE_SAFETY = "see_safety"
    SEE_ORIGINALS = "see_originals"
    MOVE_ORIGINAL = "move_original"
    PRINT_LABEL = "print_label"
    SEE_ENQUIRIES = "see_enquiries"
    LOG_ENQUIRY = "log_enquiry"
    OPEN_REFERRAL = "open_referral"
    ACT_ON_REFERRAL = "act_on_referral"
    DECIDE_REFERRAL = "decide_referral"
    READ_NOTES = "read_notes"
    WRITE_NOTES = "write_notes"
    SEE_SETTINGS = "see_settings"
    MANAGE_PEOPLE = "manage_people"
    SEE_HEALTH = "see_health"
    CHANGE_POLICY = "change_policy"
    SEE_AUDIT = "see_audit"
    EXPORT_AUDIT = "export_audit"


class Relation(StrEnum):
    """How a thing stands to the person who asks."""

    NONE = "none"
    UNFILED = "unfiled"
    OWN_FILE = "own_file"
    OTHERS_FILE = "others_file"


@dataclass(frozen=True)
class Actor:
    """Who asks. A disabled account may do nothing."""

    id: UUID
    role: Role
    active: bool = True


@dataclass(frozen=True)
class Subject:
    """What it is about: the officer of its file, or None while it belongs to no file."""

    officer_id: UUID | None


@dataclass(frozen=True)
class Allowed:
    """Yes."""


@dataclass(frozen=True)
class Refused:
    """No, and why; the page says no more than that there is nothing here."""

    reason: str


_EVERYBODY = frozenset({
    Act.SEE_TODAY, Act.SEE_HELP, Act.SIGN_OUT, Act.SEE_POST, Act.SEE_ORIGINALS, Act.SEE_SETTINGS, Act.SEE_ENQUIRIES,
    Act.SHARE_FOR_SAFETY,
})  # fmt: skip

BY_ROLE: dict[Role, frozenset[Act]] = {
    Role.ADMIN: _EVERYBODY
    | {
        Act.ADD_POST, Act.OPEN_ITEM, Act.ACT_ON_ITEM, Act.SORT_ITEM, Act.MOVE_ORIGINAL, Act.PRINT_LABEL, Act.LOG_ENQUIRY,
        Act.OPEN_REFERRAL, Act.ACT_ON_REFERRAL,
    },
    Role.OFFICER: _EVERYBODY
    | {
        Act.ADD_POST, Act.OPEN_ITEM, Act.ACT_ON_ITEM, Act.SORT_ITEM, Act.SEE_REVIEW, Act.OPEN_FORM, Act.CONFIRM_FORM,
        Act.REFUSE_STORING, Act.SEARCH_FILES, Act.OPEN_FILE, Act.SEE_FILE_DOCUMENT, Act.MOVE_ORIGINAL, Act.PRINT_LABEL,
        Act.LOG_ENQUIRY, Act.OPEN_REFERRAL, Act.ACT_ON_REFERRAL, Act.DECIDE_REFERRAL, Act.READ_NOTES, Act.WRITE_NOTES,
        Act.CHANGE_CONSENT,
    },
    Role.MANAGER: _EVERYBODY
    | {
        Act.SEARCH_FILES, Act.OPEN_FILE, Act.SEE_FILE_DOCUMENT, Act.MANAGE_PEOPLE, Act.SEE_HEALTH, Act.CHANGE_POLICY, Act.SEE_AUDIT, Act.EXPORT_AUDIT, Act.READ_NOTES,
        Act.CHANGE_CONSENT, Act.SEE_SAFETY,
    },
}  # fmt: skip
"""What a role may do at all."""

UNFILED_ONLY = frozenset({
    Act.OPEN_ITEM, Act.ACT_ON_ITEM, Act.SORT_ITEM, Act.OPEN_FORM, Act.CONFIRM_FORM, Act.REFUSE_STORING,
    Act.OPEN_REFERRAL, Act.ACT_ON_REFERRAL, Act.DECIDE_REFERRAL,
})  # fmt: skip
OF_A_FILE = frozenset({Act.OPEN_FILE, Act.SEE_FILE_DOCUMENT, Act.READ_NOTES, Act.WRITE_NOTES, Act.CHANGE_CONSENT})


def relation(actor: Actor, subject: Subject | None) -> Relation:
    """How a thing stands to a person."""
    if subject is None:
        return Relation.NONE
    if subject.officer_id is None:
        return Relation.UNFILED
    return Relation.OWN_FILE if subject.officer_id == actor.id else Relation.OTHERS_FILE


def may(actor: Actor, act: Act, subject: Subject | None, notes_seen_by: NotesSeenBy) -> Allowed | Refused:
    """Whether a person may do something. Without a subject: whether their role may do it at all."""
    if not actor.active:
        return Refused("The account is disabled.")
    if act not in BY_ROLE[actor.role]:
        return Refused("The role does not include this.")
    match relation(actor, subject):
        case Relation.NONE:
            return Allowed()
        case Relation.UNFILED:
            return Refused("It belongs to no file yet.") if act in OF_A_FILE else Allowed()
        case Relation.OWN_FILE:
            return Refused("It is filed; open it through its file.") if act in UNFILED_ONLY else Allowed()
        case Relation.OTHERS_FILE:
            if act in UNFILED_ONLY:
                return Refused("It is filed; open it through its file.")
            if act in OF_A_FILE and notes_seen_by is not NotesSeenBy.SERVICE_STAFF:
                return Refused("Only the file's own officer may see it (S1).")
            return Allowed()
