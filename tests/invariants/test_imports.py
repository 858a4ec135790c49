"""Imports point one way: between the packages, between the slices of `records`, and into the pure modules."""

import ast
import re
import sys

import pytest

from tests.invariants.source import ROOT, imports, modules, tree

# Lower may be imported by higher, never the reverse. `people` and `staff` seal their columns, so the part of `documents` that
# only seals counts as lower than both.
RANK = {
    "desk": 13,
    "backups": 12,
    "reports": 11.5,
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

# Rules about people, and how marks are judged: they must say of themselves that they are pure, so that the test below holds them to it.
MUST_BE_PURE = {
    "forms.across_pages",
    "forms.again_name",
    "forms.answers",
    "forms.assemble",
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
    "forms.suggest",
    "forms.template",
    "forms.thresholds",
    "forms.writing.names",
    "intake.health",
    "intake.interpret",
    "intake.separate",
    "records.audit.chain",
    "records.cases.personal",
    "records.cases.plain_words",
    "records.cases.rules",
    "records.cases.words",
    "records.consents.gate",
    "records.consents.givers",
    "records.consents.items",
    "records.consents.look_rules",
    "records.consents.not_known",
    "records.consents.safety_facts",
    "records.consents.standing",
    "records.consents.typed",
    "records.custody.moves",
    "records.custody.places",
    "records.custody.waiting",
    "records.documents.areas",
    "records.documents.text.spotting",
    "records.holds.kinds",
    "records.people.ages",
    "records.people.birthdates",
    "records.people.entitlement",
    "records.people.facts",
    "records.people.matching",
    "records.people.name_keys",
    "records.people.refusals",
    "records.people.relations",
    "records.people.short_names",
    "records.people.typed",
    "records.people.written",
    "records.policies.changing",
    "records.policies.kinds",
    "records.policies.periods",
    "records.policies.phrases",
    "records.policies.reading",
    "records.policies.reviewing",
    "records.policies.settings",
    "records.policies.values",
    "records.post.arrangement",
    "records.post.page_ledger",
    "records.post.stages",
    "records.reports.disclosure",
    "records.reports.layout",
    "records.reports.measures",
    "records.reports.years",
    "records.requests.asker",
    "records.requests.breach",
    "records.requests.bundle",
    "records.requests.deadlines",
    "records.requests.erasure",
    "records.requests.kinds",
    "records.requests.others",
    "records.requests.release",
    "records.requests.standing",
    "records.requests.working_days",
    "records.retention.clock_guard",
    "records.retention.schedule",
    "records.retention.stops",
    "records.staff.access",
    "records.staff.duties",
    "records.vocabulary",
}
EXCEPT: dict[str, set[str]] = {
    "numpy": {"numpy", "numpy.typing"},
    "cv2": {"cv2"},
    "the catalogue that it is given": {"forms.catalogue"},
    "the parts of a letter": {"records.letters.writing"},
    "the zone of London": {"records.clock"},
    "that file": set(),
    "reading what is kept": {"pathlib"},
}
"""What a module may name after "Pure but for", and import: arithmetic on arrays, data that it is given, a file of the project's own."""
REACHES_OUT = {
    "asyncio", "ctypes", "fcntl", "glob", "http", "io", "logging", "multiprocessing", "os", "pathlib", "random", "secrets",
    "select", "shutil", "signal", "socket", "sqlite3", "subprocess", "tempfile", "threading", "time", "urllib",
}  # fmt: skip
"""Modules of Python that read or write something outside, or differ from run to run."""
ASKS_THE_TIME = {"now", "today", "utcnow", "time", "monotonic", "uuid1", "uuid4"}
PURE_MAY_USE = {"forms.errors", "intake.errors", "records.errors"}


def says_pure(name: str) -> set[str] | None:
    """What a module that calls itself pure may import all the same; None for one that does not. Raises KeyError for an exception that is not known."""
    told = re.search(r"\bPure\b(?:,? but for ([^.;]+))?", " ".join((ast.get_docstring(tree(name)) or "").split()))
    if told is None:
        return None
    return set[str]().union(*(EXCEPT[one] for one in re.split(r",? and |, ", told[1] or "") if one))


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


@pytest.mark.parametrize("name", sorted(name for name in modules() if says_pure(name) is not None))
def test_pure_modules_import_only_pure_ones(name: str) -> None:
    allowed = PURE_MAY_USE | {name.rpartition(".")[0]} | (says_pure(name) or set())
    wrong = [
        imported
        for imported in imports(name)
        if imported not in allowed
        and (imported.split(".")[0] not in sys.stdlib_module_names or imported.split(".")[0] in REACHES_OUT)
        and (imported not in modules() or says_pure(imported) is None)
    ]
    assert wrong == []
    calls = [node.func for node in ast.walk(tree(name)) if isinstance(node, ast.Call)]
    asked = [call.attr for call in calls if isinstance(call, ast.Attribute) and call.attr in ASKS_THE_TIME]
    assert asked + [call.id for call in calls if isinstance(call, ast.Name) and call.id in ASKS_THE_TIME] == []


def test_rules_say_that_they_are_pure() -> None:
    assert {name for name in MUST_BE_PURE if name not in modules() or says_pure(name) is None} == set()


def test_what_the_papers_call_pure_says_so_itself() -> None:
    """Modules that docs mark ◇: `records/consents/gate.py` ◇, `deadlines.py` ◇, and those named by their last part alone."""
    marked = [
        name for doc in sorted(ROOT.glob("docs/*.md")) for name in re.findall(r"`([\w/.]+)` ◇", doc.read_text("utf-8"))
    ]
    pure = {name for name in modules() if says_pure(name) is not None}
    ends = [name.removesuffix(".py").replace("/", ".") for name in marked]
    assert len(ends) >= 10
    assert [end for end in ends if not any(f".{name}".endswith(f".{end}") for name in pure)] == []


@pytest.mark.parametrize("name", sorted(modules()))
def test_every_module_says_what_it_holds(name: str) -> None:
    assert tree(name).body, f"{name} is empty"
    first = tree(name).body[0]
    docstring = getattr(getattr(first, "value", None), "value", None)
    assert isinstance(docstring, str) and len(docstring.strip()) > 20


@pytest.mark.parametrize("name", sorted(modules()))
def test_no_module_is_longer_than_500_lines(name: str) -> None:
    assert len(modules()[name].read_text("utf-8").splitlines()) <= 500
