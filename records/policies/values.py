"""The words a service's policy may use as values of its settings S1–S23. Pure. What a policy is stands in `settings.py`."""

from enum import StrEnum


class NotesSeenBy(StrEnum):
    """S1: who may see case notes."""

    ALLOCATED_SUPPORTER = "allocated_supporter"
    SERVICE_STAFF = "service_staff"


class OverrideGround(StrEnum):
    """S2: grounds for sharing without consent."""

    SAFEGUARDING_CONCERN = "safeguarding_concern"
    RISK_OF_HARM = "risk_of_harm"
    ILLEGAL_ACTIVITY = "illegal_activity"


class Who(StrEnum):
    """S3, S4, S5: whose word counts.

    YOUNG_PERSON_BY_LAW: not named by the policy; counts from the end of compulsory school age (R20).
    """

    CHILD = "child"
    YOUNG_PERSON = "young_person"
    YOUNG_PERSON_BY_LAW = "young_person_by_law"
    PARENT = "parent"
    CARER = "carer"
    SERVICE_USER = "service_user"
    PERSON_CONCERNED = "person_concerned"
    FAMILY = "family"


class Stored(StrEnum):
    """S6: what is stored only with consent."""

    PERSONAL_DETAILS = "personal_details"
    CONTACT_DETAILS = "contact_details"
    CASE_SYSTEM = "case_system"


class ParentAccess(StrEnum):
    """S7: may a parent see what is held on the child? The law may still say otherwise (R16–R19)."""

    YES_SUBJECT_TO_LAW = "yes_subject_to_law"
    YES_UNLESS_CHILD_GAVE_AND_REFUSES = "yes_unless_child_gave_and_refuses"


class PaperAfterScanning(StrEnum):
    """S11."""

    KEPT_IF_ASKED = "kept_if_asked"
    CONFIDENTIAL_WASTE = "confidential_waste"


class OriginalsOnRequest(StrEnum):
    """S12."""

    RETURNED = "returned"
    MADE_AVAILABLE = "made_available"


class AgencyRecords(StrEnum):
    """S13: when records of other agencies may be opened."""

    ONLY_WHEN_ASKED = "only_when_asked"


class CouncilAudits(StrEnum):
    """S14: what of one family may go into an audit for the council."""

    NEVER_INDIVIDUAL = "never_individual"


class Audience(StrEnum):
    """S16: who is told of a new version of the policy."""

    OFFICERS = "officers"
    COUNCIL = "council"
    OTHER_AGENCIES = "other_agencies"
    ACTIVE_FAMILIES = "active_families"


class Register(StrEnum):
    """S19: what is recorded of each member of staff."""

    DBS = "dbs"
    CONFIDENTIALITY_TRAINING = "confidentiality_training"
    POLICY_COPY = "policy_copy"
    ICT_POLICY = "ict_policy_and_standards"


class ContactPoint(StrEnum):
    """S21: where to complain or withdraw."""

    MANAGER = "manager"
    LINE_MANAGER = "line_manager"
