"""Every setting of the policy is read by the code, is fixed, or is said to be recorded only (G8): none does nothing unseen."""

import ast
from collections.abc import Iterator

from records.policies.kinds import KINDS, Fixed
from records.policies.recorded import RECORDED_ONLY
from records.policies.settings import CODES, Periods, Policy
from tests.invariants.source import modules, tree

OF_CODE = {
    "case_notes_seen_by": "S1", "override_grounds": "S2", "may_refer_themselves": "S3", "permission_for_referrals_from": "S4",
    "gate_opened_by": "S5", "professionals_opened_by": "S5", "storing_needs_consent_for": "S6", "parent_access": "S7",
    "direct_release_age": "S8", "guide_age": "S9", "retention": "S10", "paper_after_scanning": "S11", "originals_on_request": "S12",
    "agency_records": "S13", "council_audits": "S14", "review_months": "S15", "review_on_law_change": "S15",
    "told_of_new_version": "S16", "offered_at_first_contact": "S17", "languages_and_formats": "S18", "staff_registers": "S19",
    "volunteers_covered": "S20", "contact_point": "S21", "council_accounts": "S22", "anonymous_contact": "S23",
}  # fmt: skip
"""Which setting each field of a policy is."""

# Only the rule of keeping carries these under the policy's own words.
THROUGH_RETENTION = {"months_after_last_contact"}


def asked() -> Iterator[tuple[str, str]]:
    """`(what, field)` of each `what.field` in the code outside the policies themselves."""
    for name in modules():
        if name.startswith(("records.", "intake.")) and not name.startswith("records.policies"):
            for node in ast.walk(tree(name)):
                if isinstance(node, ast.Attribute):
                    yield _said(node.value), node.attr


def _said(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Call(func=ast.Attribute(attr=name)):
            return name
        case _:
            return ""


def read() -> set[str]:
    """The settings that are read."""
    found: set[str] = set()
    for what, name in asked():
        if name in OF_CODE and ("policy" in what):
            found.add(OF_CODE[name])
        if name in Periods.__dataclass_fields__ and (
            what == "periods" or (name in THROUGH_RETENTION and what in ("policy", "now"))
        ):
            found.add(name)
    return found


def test_every_field_of_a_policy_is_a_setting() -> None:
    other = {"service", "title", "nation", "version", "effective_from", "periods", "rows"}
    assert set(Policy.__dataclass_fields__) - other == set(OF_CODE) and set(OF_CODE.values()) == set(CODES)


def test_a_setting_is_read_or_fixed_or_said_to_be_recorded_only() -> None:
    used, fixed = read(), {code for code, kind in KINDS.items() if isinstance(kind, Fixed)}
    assert not used & RECORDED_ONLY, f"the page says that nothing depends on these: {sorted(used & RECORDED_ONLY)}"
    silent = set(KINDS) - used - fixed - RECORDED_ONLY
    assert not silent, f"nothing reads these settings, and no page says so: {sorted(silent)}"
    assert not RECORDED_ONLY & fixed
