"""A service's policy: its settings S1–S23 and its periods, dated (G8). Pure; the data stands in the `.toml` files beside it.

Each file holds one service and its versions; the one in force on a date is chosen. A file that names an unknown setting,
leaves one out or gives a value of the wrong kind is refused as a whole. How the files are read stands in `reading.py`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from records.policies.periods import in_words
from records.policies.reading import Block, PolicyUnreadable, Row, Value, read_file
from records.policies.values import (
    AgencyRecords,
    Audience,
    ContactPoint,
    CouncilAudits,
    NotesSeenBy,
    OriginalsOnRequest,
    OverrideGround,
    PaperAfterScanning,
    ParentAccess,
    Register,
    Stored,
    Who,
)

__all__ = [
    "NoSuchPolicy",
    "Periods",
    "Policy",
    "PolicyUnreadable",
    "RetentionRule",
    "in_force",
    "load",
    "parse",
    "rebuilt",
    "services",
    "versions_of",
]


class NoSuchPolicy(LookupError):
    """No service of this name, or none of its versions in force yet. The message is a sentence for staff."""


@dataclass(frozen=True)
class RetentionRule:
    """S10: the age whose birthday ends the keeping, or None while the manager has set none. Which version says so.

    `may_extend`: the policy says "normally", so a manager may keep longer with a reason.
    `months_after_last_contact`: never before this long after the last contact (R36); 0 is off.
    """

    title: str
    version: str
    clause: str
    section: str
    age: int | None
    may_extend: bool = False
    months_after_last_contact: int = 0


@dataclass(frozen=True)
class Periods:
    """What else is a setting: lengths of time and counts. Where each comes from stands in the file."""

    waste_wait_days: int
    unanswered_storage_days: int
    refused_storage_working_days: int
    consent_refresh_months: int
    spoken_consent_days: int
    referral_holding_days: int
    signature_before_receipt_months: int
    months_after_last_contact: int
    destruction_limit_months: int
    unknown_birth_date_review_months: int
    no_child_review_months: int
    hold_review_months: int
    hold_after_request_months: int
    notice_after_hold_days: int
    shorter_keeping_notice_days: int
    request_target_days: int
    clarification_close_months: int
    return_working_days: int
    certificate_overdue_days: int
    lock_check_days: int
    rights_told_days: int
    training_refresh_months: int
    dbs_review_months: int
    waste_security_level: int
    sensitive_waste_security_level: int
    theme_minimum_families: int


@dataclass(frozen=True)
class Policy:
    """One version of one service's policy. None stands for "the policy sets no such age: law or judgement applies"."""

    service: str
    title: str
    nation: str
    version: str
    effective_from: date
    case_notes_seen_by: NotesSeenBy  # S1
    override_grounds: frozenset[OverrideGround]  # S2
    may_refer_themselves: frozenset[Who]  # S3
    permission_for_referrals_from: frozenset[Who]  # S4
    gate_opened_by: frozenset[Who]  # S5
    professionals_opened_by: frozenset[Who]  # S5, contacting professionals
    storing_needs_consent_for: frozenset[Stored]  # S6
    parent_access: ParentAccess  # S7
    direct_release_age: int | None  # S8
    guide_age: int | None  # S9
    retention: RetentionRule  # S10
    paper_after_scanning: PaperAfterScanning  # S11
    originals_on_request: OriginalsOnRequest  # S12
    agency_records: AgencyRecords  # S13
    council_audits: CouncilAudits  # S14
    review_months: int  # S15
    review_on_law_change: bool  # S15
    told_of_new_version: frozenset[Audience]  # S16
    offered_at_first_contact: bool  # S17
    languages_and_formats: bool  # S18
    staff_registers: frozenset[Register]  # S19
    volunteers_covered: bool  # S20
    contact_point: ContactPoint  # S21
    council_accounts: bool  # S22
    anonymous_contact: bool  # S23
    periods: Periods
    rows: tuple[Row, ...]
    """Every setting as the file gives it, with its words and its source, to show and to print."""


CODES = tuple(f"S{number}" for number in range(1, 24))


def services() -> tuple[str, ...]:
    """The services whose policies are carried, by name."""
    found = files("records.policies").iterdir()
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in found if entry.name.endswith(".toml")))


def load(service: str, on: date) -> Policy:
    """The version of a service's policy in force on a day. NoSuchPolicy for an unknown service or too early a day."""
    return in_force(versions_of(service), on)


def versions_of(service: str) -> tuple[Policy, ...]:
    """Every version of a policy that is carried. NoSuchPolicy for an unknown service."""
    if service not in services():
        raise NoSuchPolicy(f"There is no policy of that name; there are {' and '.join(services())}.")
    return _carried(service)


def in_force(versions: Iterable[Policy], on: date) -> Policy:
    """The version that holds on a day: the one that took effect last. NoSuchPolicy before the first."""
    ordered = sorted(versions, key=lambda policy: policy.effective_from)
    begun = [policy for policy in ordered if policy.effective_from <= on]
    if not begun:
        raise NoSuchPolicy(f"The first version of this policy takes effect on {in_words(ordered[0].effective_from)}.")
    return begun[-1]


@cache
def _carried(service: str) -> tuple[Policy, ...]:
    policies = parse(files("records.policies").joinpath(f"{service}.toml").read_text(encoding="utf-8"))
    if policies[0].service != service:
        raise PolicyUnreadable("the file's name and its service differ")
    return policies


def parse(text: str) -> tuple[Policy, ...]:
    """Every version in a policy file. PolicyUnreadable names what is wrong and where."""
    service, title, nation, blocks = read_file(text, codes=CODES, periods=tuple(Periods.__dataclass_fields__))
    return tuple(_policy(service, title, nation, block) for block in blocks)


def rebuilt(policy: Policy, rows: tuple[Row, ...], version: str) -> Policy:
    """The same policy with other values. PolicyUnreadable for a value of the wrong kind."""
    return _policy(policy.service, policy.title, policy.nation, Block(version, policy.effective_from, rows))


def _policy(service: str, title: str, nation: str, block: Block) -> Policy:
    def s(number: int) -> Value:
        return block.value(f"S{number}")

    periods = Periods(**{name: block.value(name).whole() for name in Periods.__dataclass_fields__})
    return Policy(
        service=service,
        title=title,
        nation=nation,
        version=block.version,
        effective_from=block.effective_from,
        case_notes_seen_by=s(1).one(NotesSeenBy),
        override_grounds=s(2).some(OverrideGround),
        may_refer_themselves=s(3).some(Who),
        permission_for_referrals_from=s(4).some(Who),
        gate_opened_by=s(5).part("general", of=("general", "professionals")).some(Who),
        professionals_opened_by=s(5).part("professionals", of=("general", "professionals")).some(Who),
        storing_needs_consent_for=s(6).some(Stored),
        parent_access=s(7).one(ParentAccess),
        direct_release_age=s(8).whole_or("law_applies"),
        guide_age=s(9).whole_or("judged_on_understanding"),
        retention=_retention(title, block, periods),
        paper_after_scanning=s(11).one(PaperAfterScanning),
        originals_on_request=s(12).one(OriginalsOnRequest),
        agency_records=s(13).one(AgencyRecords),
        council_audits=s(14).one(CouncilAudits),
        review_months=s(15).part("months", of=("months", "on_law_change")).whole(),
        review_on_law_change=s(15).part("on_law_change", of=("months", "on_law_change")).flag(),
        told_of_new_version=s(16).some(Audience),
        offered_at_first_contact=s(17).flag(),
        languages_and_formats=s(18).flag(),
        staff_registers=s(19).some(Register),
        volunteers_covered=s(20).flag(),
        contact_point=s(21).one(ContactPoint),
        council_accounts=s(22).flag(),
        anonymous_contact=s(23).flag(),
        periods=periods,
        rows=block.rows,
    )


def _retention(title: str, block: Block, periods: Periods) -> RetentionRule:
    row, parts = block.row("S10"), ("birthday", "may_extend")
    return RetentionRule(
        title=title,
        version=block.version,
        clause=row.source,
        section=row.section,
        age=block.value("S10").part("birthday", of=parts).whole_or("not_set"),
        may_extend=block.value("S10").part("may_extend", of=parts).flag(),
        months_after_last_contact=periods.months_after_last_contact,
    )
