"""The one answer to who may do what to which thing. Pure; every page, search, count and job asks it. Default: no.

| act                         | admin     | officer                 | manager             |
|-----------------------------|-----------|-------------------------|---------------------|
| post list, add post         | yes       | yes                     | list only (counts)  |
| open, sort an unfiled item  | yes       | yes                     | no                  |
| review, confirm, refuse     | no        | yes                     | no                  |
| search files                | no        | yes, as far as opened   | yes, as far as opened |
| open a file, its consents   | no        | own; others by S1       | by S1               |
| change people on a file     | no        | own; others by S1       | no                  |
| a file's documents          | no        | own; others by S1       | by S1               |
| record a change of consent  | no        | own; others by S1       | by S1               |
| record a withdrawal, unseen | yes       | yes                     | yes (W41)           |
| print letters about consents| no        | own; others by S1       | by S1               |
| share for safety            | yes       | yes                     | yes, and sees all   |
| originals: list, move, label| yes       | yes                     | list only           |
| count, seal, hand over waste| yes       | yes                     | yes                 |
| enquiries, holding list     | yes       | yes                     | list only (no name) |
| open, settle a held referral| yes       | yes                     | no                  |
| take a child who comes alone| no        | yes                     | no                  |
| read case notes             | no        | own; others by S1       | by S1               |
| write case notes            | no        | own; others by S1       | no                  |
| close a file, open it again | no       | own; others by S1       | by S1               |
| close due files, by number  | no        | no                      | yes                 |
| requests: list, record      | numbers   | yes                     | yes                 |
| open and work on a request  | no        | own file's; others by S1| yes (W12, R66)      |
| decide, approve a request   | no        | no                      | yes                 |
| breaches: list, record      | yes       | yes                     | yes                 |
| open, judge, close a breach | no        | no                      | yes                 |
| people and roles            | no        | no                      | yes                 |
| change the policy           | no        | no                      | yes                 |
| reviews of the policy       | see       | see                     | see and record      |
| questions about the policy  | see, log  | see, log                | see, log, answer    |
| read and export the audit   | no        | no                      | yes                 |
| reports: see, check, let out| no        | no                      | yes                 |
| list for news (F8)          | no        | of files they may open  | of files they may open |
| mark what the child gave    | no        | own; others by S1       | no                  |
| paper about several children| no        | own; others by S1       | by S1               |
| restrict a file             | no        | own; others by S1       | by S1               |
| lift a restriction          | no        | no                      | yes, as far as seen |
| allocate files, by number   | no        | no                      | yes                 |
| break-glass: open one       | no        | with a reason           | with a reason       |
| break-glass: weekly list    | no        | no                      | yes                 |
| files due: see, list        | yes       | yes                     | yes                 |
| a list: look through        | no        | yes                     | no                  |
| a list: approve; keep longer| no        | no                      | yes                 |
| holds: place                | no        | yes                     | yes                 |
| holds: lift; keep everything| no        | no                      | yes                 |

S1 (N10, W38): `service_staff` lets colleagues and managers read, so that a colleague can take over; `allocated_supporter`
lets the file's own officer alone. New items are private to admin staff and officers; a filed item is seen through its file.

What narrows and widens this, for whatever belongs to a file (`OF_A_FILE`):
- break-glass lets somebody whom S1 keeps out read one file until it ends; it never lets them change it, but for what only a manager decides:
  lifting a restriction, and covering another child's part of a paper (R42);
- a safeguarding restriction, of a file or of one document in it, lets only managers and the staff it names (it never widens S1);
- a restriction of processing (R69) lets only managers, and only read: stored, not used. Case notes still obey S1.
Who has broken glass and who is named comes with the `Actor`; whose file it is and what is restricted with the `Subject`.
"""

from collections.abc import Set
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
    CHANGE_FILE_PEOPLE = "change_file_people"
    SEE_FILE_DOCUMENT = "see_file_document"
    CHANGE_CONSENT = "change_consent"
    WRITE_TO_FAMILY = "write_to_family"
    SHARE_FOR_SAFETY = "share_for_safety"
    RECORD_WITHDRAWAL = "record_withdrawal"
    SEE_SAFETY = "see_safety"
    SEE_ORIGINALS = "see_originals"
    MOVE_ORIGINAL = "move_original"
    PRINT_LABEL = "print_label"
    HANDLE_WASTE = "handle_waste"
    SEE_ENQUIRIES = "see_enquiries"
    LOG_ENQUIRY = "log_enquiry"
    OPEN_REFERRAL = "open_referral"
    ACT_ON_REFERRAL = "act_on_referral"
    DECIDE_REFERRAL = "decide_referral"
    READ_NOTES = "read_notes"
    WRITE_NOTES = "write_notes"
    SEE_REQUESTS = "see_requests"
    RECORD_REQUEST = "record_request"
    WORK_REQUEST = "work_request"
    DECIDE_REQUEST = "decide_request"
    SEE_INCIDENTS = "see_incidents"
    RECORD_INCIDENT = "record_incident"
    SETTLE_INCIDENT = "settle_incident"
    SEE_SETTINGS = "see_settings"
    MANAGE_PEOPLE = "manage_people"
    SEE_HEALTH = "see_health"
    CHANGE_POLICY = "change_policy"
    RECORD_POLICY_REVIEW = "record_policy_review"
    LOG_POLICY_QUESTION = "log_policy_question"
    ANSWER_POLICY_QUESTION = "answer_policy_question"
    SEE_AUDIT = "see_audit"
    SEND_NEWS = "send_news"
    SEE_RETENTION = "see_retention"
    LIST_DISPOSAL = "list_disposal"
    LOOK_DISPOSAL = "look_disposal"
    APPROVE_DISPOSAL = "approve_disposal"
    KEEP_LONGER = "keep_longer"
    PLACE_HOLD = "place_hold"
    LIFT_HOLD = "lift_hold"
    EXPORT_AUDIT = "export_audit"
    MARK_DOCUMENT = "mark_document"
    COVER_PART = "cover_part"
    CLOSE_FILE = "close_file"
    CLOSE_MANY = "close_many"
    RESTRICT_FILE = "restrict_file"
    LIFT_RESTRICTION = "lift_restriction"
    ALLOCATE_FILES = "allocate_files"
    BREAK_GLASS = "break_glass"
    SEE_BREAK_GLASS = "see_break_glass"
    SEE_REPORTS = "see_reports"
    LET_OUT_REPORT = "let_out_report"


class Relation(StrEnum):
    """How a thing stands to the person who asks."""

    NONE = "none"
    UNFILED = "unfiled"
    OWN_FILE = "own_file"
    OTHERS_FILE = "others_file"


class Restriction(StrEnum):
    """Why fewer people than usual may see something."""

    SAFEGUARDING = "safeguarding"
    PROCESSING = "processing"
    """R69: stored, not used."""


@dataclass(frozen=True)
class Actor:
    """Who asks. A disabled account may do nothing.

    `glass`: files that they opened by break-glass, while it lasts. `named`: restricted files and documents that they are named for.
    """

    id: UUID
    role: Role
    active: bool = True
    glass: Set[UUID] = frozenset()
    named: Set[UUID] = frozenset()


@dataclass(frozen=True)
class Subject:
    """What it is about: the officer of its file, or None while it belongs to no file; the file, and what restricts it.

    `sealed_off`: the documents asked for, or what they belong to, that are under a safeguarding restriction of their own.
    """

    officer_id: UUID | None
    file_id: UUID | None = None
    restricted: Restriction | None = None
    sealed_off: Set[UUID] = frozenset()


@dataclass(frozen=True)
class Allowed:
    """Yes."""


@dataclass(frozen=True)
class Refused:
    """No, and why; the page says no more than that there is nothing here."""

    reason: str


_EVERYBODY = frozenset({
    Act.SEE_TODAY, Act.SEE_HELP, Act.SIGN_OUT, Act.SEE_POST, Act.SEE_ORIGINALS, Act.SEE_SETTINGS, Act.SEE_ENQUIRIES,
    Act.SHARE_FOR_SAFETY, Act.RECORD_WITHDRAWAL,
    Act.HANDLE_WASTE,
    Act.SEE_RETENTION, Act.LIST_DISPOSAL,
    Act.SEE_REQUESTS, Act.RECORD_REQUEST, Act.SEE_INCIDENTS, Act.RECORD_INCIDENT,
    Act.LOG_POLICY_QUESTION,
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
        Act.REFUSE_STORING, Act.SEARCH_FILES, Act.OPEN_FILE, Act.CHANGE_FILE_PEOPLE, Act.SEE_FILE_DOCUMENT, Act.MOVE_ORIGINAL, Act.PRINT_LABEL,
        Act.LOG_ENQUIRY, Act.OPEN_REFERRAL, Act.ACT_ON_REFERRAL, Act.DECIDE_REFERRAL, Act.READ_NOTES, Act.WRITE_NOTES,
        Act.CHANGE_CONSENT, Act.WRITE_TO_FAMILY, Act.CLOSE_FILE,
        Act.MARK_DOCUMENT, Act.COVER_PART, Act.RESTRICT_FILE, Act.BREAK_GLASS, Act.LOOK_DISPOSAL, Act.PLACE_HOLD,
        Act.WORK_REQUEST, Act.SEND_NEWS,
    },
    Role.MANAGER: _EVERYBODY
    | {
        Act.RESTRICT_FILE, Act.LIFT_RESTRICTION, Act.ALLOCATE_FILES, Act.BREAK_GLASS, Act.SEE_BREAK_GLASS,
        Act.SEARCH_FILES, Act.OPEN_FILE, Act.SEE_FILE_DOCUMENT, Act.MANAGE_PEOPLE, Act.SEE_HEALTH, Act.CHANGE_POLICY, Act.SEE_AUDIT, Act.EXPORT_AUDIT, Act.READ_NOTES,
        Act.CHANGE_CONSENT, Act.WRITE_TO_FAMILY, Act.CLOSE_FILE, Act.SEE_SAFETY,
        Act.APPROVE_DISPOSAL, Act.KEEP_LONGER, Act.CLOSE_MANY, Act.COVER_PART, Act.PLACE_HOLD, Act.LIFT_HOLD,
        Act.RECORD_POLICY_REVIEW, Act.ANSWER_POLICY_QUESTION,
        Act.WORK_REQUEST, Act.DECIDE_REQUEST, Act.SETTLE_INCIDENT, Act.SEND_NEWS, Act.SEE_REPORTS, Act.LET_OUT_REPORT,
    },
}  # fmt: skip
"""What a role may do at all."""

UNFILED_ONLY = frozenset({
    Act.OPEN_ITEM, Act.ACT_ON_ITEM, Act.SORT_ITEM, Act.OPEN_FORM, Act.CONFIRM_FORM, Act.REFUSE_STORING,
    Act.OPEN_REFERRAL, Act.ACT_ON_REFERRAL, Act.DECIDE_REFERRAL,
})  # fmt: skip
READING = frozenset({Act.OPEN_FILE, Act.SEE_FILE_DOCUMENT, Act.READ_NOTES})
"""What break-glass opens."""
THOUGH_RESTRICTED = READING | {Act.LIFT_RESTRICTION, Act.CHANGE_CONSENT, Act.WORK_REQUEST}
"""What a restriction of processing leaves to a manager: a withdrawal still has effect at once (R30)."""
OF_A_FILE = READING | {
    Act.CHANGE_FILE_PEOPLE, Act.WRITE_NOTES, Act.MARK_DOCUMENT, Act.RESTRICT_FILE, Act.LIFT_RESTRICTION, Act.CHANGE_CONSENT, Act.WRITE_TO_FAMILY,
    Act.WORK_REQUEST, Act.CLOSE_FILE, Act.COVER_PART,
}  # fmt: skip


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
            # A request may come before it is known whose file it is about.
            return Refused("It belongs to no file yet.") if act in OF_A_FILE - {Act.WORK_REQUEST} else Allowed()
        case Relation.OWN_FILE | Relation.OTHERS_FILE:
            if act in UNFILED_ONLY:
                return Refused("It is filed; open it through its file.")
            if subject is not None and act is Act.WORK_REQUEST and actor.role is Role.MANAGER:
                return Allowed()  # a request has a day that must be kept, and decisions of the manager's own (W12)
            if subject is None or act not in OF_A_FILE:
                return Allowed()
            return _of_a_file(actor, act, subject, notes_seen_by)


def _of_a_file(actor: Actor, act: Act, subject: Subject, notes_seen_by: NotesSeenBy) -> Allowed | Refused:
    """Restrictions first: nothing widens them. Then S1, and break-glass where S1 says no."""
    by_s1 = subject.officer_id == actor.id or notes_seen_by is NotesSeenBy.SERVICE_STAFF
    manager = actor.role is Role.MANAGER
    # A manager whom S1 keeps out must be able to look before deciding what is covered (R42).
    opens = READING | {Act.LIFT_RESTRICTION} | ({Act.COVER_PART} if manager else set())
    by_glass = subject.file_id in actor.glass and act in opens
    if subject.restricted is Restriction.PROCESSING:
        if not manager or act not in THOUGH_RESTRICTED:
            return Refused("Its processing is restricted: only a manager sees it, and it is not used (R69).")
        # Somebody must be able to see what is kept. Case notes stay what S1 makes them.
        if act is not Act.READ_NOTES and not subject.sealed_off:
            return Allowed()
    narrowed = set(subject.sealed_off)
    if subject.restricted is Restriction.SAFEGUARDING and subject.file_id is not None:
        narrowed.add(subject.file_id)
    if not manager and not narrowed <= actor.named:
        return Refused("It is restricted for safeguarding to the staff who are named on it.")
    if by_s1 or by_glass:
        return Allowed()
    return Refused("Only the file's own officer may see it (S1).")
