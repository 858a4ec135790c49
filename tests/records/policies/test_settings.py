"""S1–S23, G8: what each service's policy says, from when; and files that are refused."""

from dataclasses import fields
from datetime import date, timedelta
from importlib.resources import files

import pytest

from records.policies.settings import (
    CODES,
    NoSuchPolicy,
    Periods,
    PolicyUnreadable,
    in_force,
    load,
    parse,
    services,
)
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

TODAY = date(2026, 11, 24)

# The table of settings: code, field, Northamptonshire, Westminster.
TABLE = [
    ("S1", "case_notes_seen_by", NotesSeenBy.ALLOCATED_SUPPORTER, NotesSeenBy.SERVICE_STAFF),
    ("S2", "override_grounds", {OverrideGround.SAFEGUARDING_CONCERN},
     {OverrideGround.RISK_OF_HARM, OverrideGround.ILLEGAL_ACTIVITY}),
    ("S3", "may_refer_themselves", {Who.PARENT, Who.CARER, Who.YOUNG_PERSON_BY_LAW},
     {Who.CHILD, Who.YOUNG_PERSON, Who.PARENT, Who.CARER}),
    ("S4", "permission_for_referrals_from", {Who.PARENT, Who.CARER}, {Who.PERSON_CONCERNED, Who.FAMILY}),
    ("S5", "gate_opened_by", {Who.PARENT, Who.YOUNG_PERSON_BY_LAW}, {Who.SERVICE_USER}),
    ("S5", "professionals_opened_by", {Who.PARENT, Who.YOUNG_PERSON_BY_LAW}, {Who.PARENT, Who.CARER}),
    ("S6", "storing_needs_consent_for", {Stored.PERSONAL_DETAILS},
     {Stored.PERSONAL_DETAILS, Stored.CONTACT_DETAILS, Stored.CASE_SYSTEM}),
    ("S7", "parent_access", ParentAccess.YES_SUBJECT_TO_LAW, ParentAccess.YES_UNLESS_CHILD_GAVE_AND_REFUSES),
    ("S8", "direct_release_age", None, 16),
    ("S9", "guide_age", None, 13),
    ("S11", "paper_after_scanning", PaperAfterScanning.KEPT_IF_ASKED, PaperAfterScanning.CONFIDENTIAL_WASTE),
    ("S12", "originals_on_request", OriginalsOnRequest.RETURNED, OriginalsOnRequest.MADE_AVAILABLE),
    ("S13", "agency_records", AgencyRecords.ONLY_WHEN_ASKED, AgencyRecords.ONLY_WHEN_ASKED),
    ("S14", "council_audits", CouncilAudits.NEVER_INDIVIDUAL, CouncilAudits.NEVER_INDIVIDUAL),
    ("S15", "review_months", 12, 12),
    ("S15", "review_on_law_change", True, True),
    ("S16", "told_of_new_version", set(), set(Audience)),
    ("S17", "offered_at_first_contact", True, True),
    ("S18", "languages_and_formats", True, True),
    ("S19", "staff_registers", {Register.DBS},
     {Register.CONFIDENTIALITY_TRAINING, Register.POLICY_COPY, Register.ICT_POLICY}),
    ("S20", "volunteers_covered", True, True),
    ("S21", "contact_point", ContactPoint.MANAGER, ContactPoint.LINE_MANAGER),
    ("S22", "council_accounts", False, False),
    ("S23", "anonymous_contact", True, True),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "field", "northamptonshire", "westminster"), TABLE, ids=[f"{row[0]} {row[1]}" for row in TABLE]
)
def test_every_row_of_the_table(code: str, field: str, northamptonshire: object, westminster: object) -> None:
    for service, value in (("northamptonshire", northamptonshire), ("westminster", westminster)):
        assert getattr(load(service, TODAY), field) == value


def test_the_table_is_whole() -> None:
    """S10 has its own test below."""
    assert {row[0] for row in TABLE} | {"S10"} == set(CODES)


def test_only_westminster_sets_a_period() -> None:
    """S10, W40: until the 25th birthday, "normally"; Northamptonshire's manager must set one first."""
    westminster, northamptonshire = (load(name, TODAY).retention for name in ("westminster", "northamptonshire"))
    assert (westminster.age, westminster.may_extend, westminster.clause) == (25, True, "W40")
    assert (northamptonshire.age, northamptonshire.may_extend, northamptonshire.clause) == (None, False, "S10")


def test_a_silent_policy_is_marked_as_silent() -> None:
    """ "Not stated" in the table of settings: a default that the manager must confirm."""
    silent = {
        name: {row.code for row in load(name, TODAY).rows if not row.stated and row.code in CODES}
        for name in services()
    }
    assert silent == {
        "northamptonshire": {"S8", "S9", "S10", "S15", "S16", "S17", "S20", "S21"},
        "westminster": {"S13", "S18"},
    }


def test_periods_are_those_of_the_rules() -> None:
    """R5, R28, R33, R44, R45, R46, R55, R60."""
    for name in services():
        periods = load(name, TODAY).periods
        assert (periods.request_target_days, periods.unanswered_storage_days, periods.refused_storage_working_days) == (
            28,
            28,
            2,
        )
        assert (periods.consent_refresh_months, periods.hold_review_months, periods.hold_after_request_months) == (
            24,
            6,
            3,
        )
        assert (periods.notice_after_hold_days, periods.shorter_keeping_notice_days) == (14, 30)
        assert (periods.waste_wait_days, periods.return_working_days) == (30, 10)


def test_every_row_says_what_and_whence() -> None:
    """G8: each value carries words for people and the clause or rule behind it."""
    for name in services():
        rows = load(name, TODAY).rows
        assert [row.code for row in rows] == [*CODES, *(field.name for field in fields(Periods))]
        assert all(row.words and row.source[0] in "NWSRF" for row in rows)


def test_too_early_a_day_and_an_unknown_service_are_refused() -> None:
    with pytest.raises(NoSuchPolicy, match="25 May 2018"):
        load("westminster", date(2018, 5, 24))
    assert load("westminster", date(2018, 5, 25)).version == "1"
    with pytest.raises(NoSuchPolicy, match="westminster"):
        load("elsewhere", TODAY)


WESTMINSTER = files("records.policies").joinpath("westminster.toml").read_text(encoding="utf-8")


def _second_version(begins: date) -> str:
    block = WESTMINSTER[WESTMINSTER.index("[[versions]]") :]
    later = block.replace('version = "1"', 'version = "2"', 1).replace("2018-05-25", begins.isoformat(), 1)
    return later.replace("birthday = 25", "birthday = 26")


@pytest.mark.parametrize("later_first", [False, True])
def test_the_version_in_force_on_a_day_is_chosen(later_first: bool) -> None:
    """G8: settings have dates; the order in the file does not matter."""
    begins = date(2027, 1, 1)
    head, block = WESTMINSTER.split("[[versions]]")
    blocks = [f"[[versions]]{block}", _second_version(begins)]
    policies = parse(head + "\n".join(reversed(blocks) if later_first else blocks))
    before, on_the_day = (in_force(policies, day) for day in (begins - timedelta(days=1), begins))
    assert (before.version, before.retention.age) == ("1", 25)
    assert (on_the_day.version, on_the_day.retention.age, on_the_day.retention.version) == ("2", 26, "2")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        pytest.param('nation = "england-and-wales"', 'nation = "x"\ncounty = "x"', "county", id="unknown key of the file"),
        pytest.param("[versions.settings.S23]", "[versions.settings.S24]", "S24", id="unknown setting"),
        pytest.param("[versions.periods.waste_wait_days]", "[versions.periods.waste_wait]", "waste_wait", id="unknown period"),
        pytest.param('words = "Yes, and a copy on request"', 'note = "x"', "note", id="unknown key of a setting"),
        pytest.param("value = 13", "value = true", "S9", id="true is not a number"),
        pytest.param("value = 13", "value = -1", "S9", id="a negative age"),
        pytest.param("value = 30", 'value = "30"', "waste_wait_days", id="a text for a number"),
        pytest.param('value = "service_staff"', 'value = "everybody"', "S1", id="unknown word"),
        pytest.param('"risk_of_harm", "illegal', '"illegal_activity", "illegal', "S2", id="named twice"),
        pytest.param("birthday = 25", 'birthday = "unset"', "S10", id="an unknown way to set no period"),
        pytest.param("birthday = 25,", "birthday = 25, month = 1,", "S10", id="unknown part of a value"),
        pytest.param("effective_from = 2018-05-25", 'effective_from = "2018-05-25"', "effective_from", id="a text for a day"),
        pytest.param("effective_from = 2018-05-25", "effective_from = 2018-05-25T00:00:00", "effective_from", id="a moment"),
        pytest.param('service = "westminster"', "service = ", "TOML", id="no TOML"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_and_the_place_named(old: str, new: str, says: str) -> None:
    """G8: an unknown or missing key is never passed over."""
    assert old in WESTMINSTER
    with pytest.raises(PolicyUnreadable, match=says):
        parse(WESTMINSTER.replace(old, new, 1))


def test_a_missing_setting_is_refused() -> None:
    start, end = WESTMINSTER.index("[versions.settings.S7]"), WESTMINSTER.index("[versions.settings.S8]")
    with pytest.raises(PolicyUnreadable, match="missing S7"):
        parse(WESTMINSTER[:start] + WESTMINSTER[end:])


def test_two_versions_from_the_same_day_are_refused() -> None:
    with pytest.raises(PolicyUnreadable, match="share"):
        parse(WESTMINSTER + _second_version(date(2018, 5, 25)))
