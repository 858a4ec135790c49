"""Imports point one way: between the packages, between the slices of `records`, and into the pure modules."""

import sys

import pytest

from tests.invariants.source import imports, modules, tree

# Lower may be imported by higher, never the reverse. `people` and `staff` seal their columns, so the part of `documents` that
# only seals counts as lower than both.
RANK = {
    "desk": 13,
    "backups": 12,
    "statistics": 12,
    "requests": 11,
    "retention": 10,
    "custody": 9,
    "letters": 8.5,
    "cases": 8,
    "consents": 7,
    "holds": 6.5,
    "post": 6,
    "guard": 4.7,
    "tasks": 4.5,
    "documents": 5,
    "people": 4,
    "staff": 3,
    "policies": 2,
    "audit": 1,
    "folders": 1,
    "machines": 1,
}
SEALING = {f"records.documents.{name}" for name in ("envelope", "keyring", "tables")}
SEALING_RANK = 1.5

# The modules marked ◇ in the architecture: rules without clock, database, settings or pixels.
PURE = {
    "forms.across_pages",
    "forms.again_name",
    "forms.answers",
    "forms.costs",
    "forms.dates",
    "forms.geometry",
    "forms.judging",
    "forms.likeness",
    "forms.marks",
    "forms.pale",
    "forms.printing.again_code",
    "forms.printing.code",
    "forms.printing.sheet_code",
    "forms.refusals",
    "forms.rejudge",
    "forms.results",
    "forms.writing.names",
    "forms.template",
    "intake.duplicates",
    "intake.health",
    "intake.interpret",
    "intake.separate",
    "intake.settled",
    "records.audit.chain",
    "records.cases.personal",
    "records.cases.plain_words",
    "records.cases.rules",
    "records.cases.words",
    "records.consents.gate",
    "records.consents.givers",
    "records.consents.items",
    "records.consents.look_rules",
    "records.consents.safety_facts",
    "records.consents.standing",
    "records.consents.typed",
    "records.custody.moves",
    "records.documents.areas",
    "records.documents.text.spotting",
    "records.holds.kinds",
    "records.people.ages",
    "records.people.birthdates",
    "records.people.facts",
    "records.people.matching",
    "records.people.name_keys",
    "records.people.relations",
    "records.people.short_names",
    "records.people.typed",
    "records.policies.changing",
    "records.policies.kinds",
    "records.policies.periods",
    "records.policies.phrases",
    "records.policies.reading",
    "records.policies.settings",
    "records.policies.values",
    "records.post.arrangement",
    "records.post.page_ledger",
    "records.post.stages",
    "records.requests.deadlines",
    "records.requests.kinds",
    "records.requests.standing",
    "records.requests.bundle",
    "records.requests.release",
    "records.requests.working_days",
    "records.people.entitlement",
    "records.retention.schedule",
    "records.staff.access",
    "records.statistics.suppression",
    "records.vocabulary",
}
PURE_MAY_USE = {"forms.errors", "intake.errors", "records.errors"}


def rank(name: str) -> float:
    """The height of a module of `records`; what stands beside the slices is lowest."""
    parts = name.split(".")
    if name in SEALING:
        return SEALING_RANK
    if parts[:2] == ["records", "migrations"]:
        return 0.5
    return RANK.get(parts[1], 0) if len(parts) > 1 else 0


def upward(name: str, imported: str) -> bool:
    """Whether this import points at something higher. Inside one slice everything may import everything."""
    if name.split(".")[:2] == imported.split(".")[:2]:
        return name in SEALING and imported not in SEALING
    return rank(imported) > rank(name)


def of_records() -> list[str]:
    return [name for name in modules() if name.startswith("records.")]


@pytest.mark.parametrize(
    ("package", "may_import"),
    [("forms", {"forms"}), ("records", {"records"}), ("intake", {"forms", "intake", "records"})],
)
def test_packages_import_one_way(package: str, may_import: set[str]) -> None:
    wrong = [
        f"{name} imports {imported}"
        for name in modules()
        if name.split(".")[0] == package
        for imported in imports(name)
        if imported.split(".")[0] in {"forms", "intake", "records"} - may_import
    ]
    assert wrong == []


def test_slices_of_records_import_one_way() -> None:
    wrong = [
        f"{name} imports {imported}"
        for name in of_records()
        for imported in imports(name)
        if imported in modules() and imported.startswith("records.") and upward(name, imported)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "imported", "points_up"),
    [
        ("records.people.register", "records.consents.ledger", True),
        ("records.people.register", "records.documents.envelope", False),
        ("records.people.register", "records.documents.holdings", True),
        ("records.documents.envelope", "records.documents.holdings", True),
        ("records.clock", "records.audit.trail", True),
        ("records.consents.ledger", "records.people.register", False),
    ],
)
def test_the_order_tells_up_from_down(name: str, imported: str, points_up: bool) -> None:
    assert upward(name, imported) == points_up


def test_every_slice_has_its_place_in_the_order() -> None:
    folders = {name.split(".")[1] for name in of_records() if name.count(".") > 1}
    assert folders - set(RANK) - {"migrations"} == set()


@pytest.mark.parametrize("name", sorted(PURE & set(modules())))
def test_pure_modules_import_only_pure_ones(name: str) -> None:
    packages = {name.rpartition(".")[0]}
    allowed = PURE | PURE_MAY_USE | packages
    wrong = [
        imported
        for imported in imports(name)
        if imported.split(".")[0] not in sys.stdlib_module_names and imported not in allowed
    ]
    assert wrong == []


def test_most_pure_modules_are_found() -> None:
    # A list of names that fit nothing would check nothing.
    assert len(PURE & set(modules())) >= 12


@pytest.mark.parametrize("name", sorted(modules()))
def test_every_module_says_what_it_holds(name: str) -> None:
    assert tree(name).body, f"{name} is empty"
    first = tree(name).body[0]
    docstring = getattr(getattr(first, "value", None), "value", None)
    assert isinstance(docstring, str) and len(docstring.strip()) > 20


@pytest.mark.parametrize("name", sorted(modules()))
def test_no_module_is_longer_than_500_lines(name: str) -> None:
    assert len(modules()[name].read_text("utf-8").splitlines()) <= 500
