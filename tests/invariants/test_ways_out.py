"""N1, G1: every way out of the service asks the gate. The ways out are found in the source, not listed from memory.

A function through which something can leave (it prints a letter, offers a file to save, writes an e-mail or an export) is
either marked `@outward`, and then cannot run without leave of the gate, or stands in `STAYS` with the reason why nothing
about a family leaves by it. A new one that is neither fails here.
"""

import ast
import importlib
import inspect
from collections.abc import Iterator

import pytest

from records.consents import outward
from records.consents.outward import Leave, NoLeave
from tests.invariants.source import ROOT, imports, modules, tree

MAKES_A_PRINT = {"press"}
LETTERS = {"records.letters.writing.write", "records.letters.writing.as_text"}
RENDERS_A_LETTER = {("writing", "write"), ("writing", "as_text")}
SENDS_A_FILE = {"FileResponse", "StreamingResponse"}
OFFERS_TO_SAVE = "Content-Disposition"
MAILERS = {"smtplib", "email.mime.text", "email.mime.multipart"}

OWN_PAPERS = "gives a family its own paper back: the steps of a return check identity and authority (R58–R61)"
HAND_OVER = "a colleague takes over: it stays inside the service, and S1 says who may print it (W38)"

REPORT = "counts that identify nobody, of no family in particular: what may leave is decided by `reports.releasing.let_out` (N18, W44)"

ACCESS_COPY = "looked at and printed before it is sent; it leaves by `request_steps.settle_send`, which asks the gate"
STAYS = {
    "records.letters.writing.write": "lays out any letter; whoever makes one of a family's is found by its call",
    "records.desk.family_letter_pages.print_letter": "shows what `letters.family` made, which is marked",
    "records.desk.family_letter_pages.export_record": "shows what `letters.family` made, which is marked",
    "records.custody.labels.sheet": "stickers for the cabinet: numbers only",
    "records.custody.prints._press": OWN_PAPERS,
    "records.desk.return_prints.letter": OWN_PAPERS,
    "records.desk.news_pages.make_list": "shows the lines that `mailing.line` made, which is marked",
    "records.desk.access_pages.print_who_looked": "shows what `looks_letter` made, which is marked",
    "records.desk.original_pages.pdf": "shows a print of custody: numbers only, or a family's own paper",
    "records.desk.audit_pages.export_all": "the service's own record, for its manager: numbers and codes only (G5)",
    "records.cases.handover.print_sheet": HAND_OVER,
    "records.desk.note_pages.handover": HAND_OVER,
    "records.retention.certificate.pdf": "file numbers only: what was destroyed (R51)",
    "records.retention.erased.pdf": "a month, counts and staff: what was erased on request (R52)",
    "records.desk.request_letters.complaint_form": "a blank form",
    "records.requests.complaint.Blank.printed": "that blank form",
    "records.requests.complaint.Blank.for_screen": "that blank form",
    "intake.desk.complaint_pages.on_screen": "that blank form",
    "records.desk.request_letters.print_council": "says that a request came, and nothing from the file, where the person agreed to that",
    "records.desk.request_letters.print_letter": "answers whoever asked about their own request: nothing from the file is in it",
    "records.reports.prints.report": REPORT,
    "records.desk.report_pages.save_report": REPORT,
    "records.letters.safeguarding.sheet": "whom staff tell: nothing of any family is in it (W23)",
    "records.desk.safety_pages.sheet": "shows that sheet",
    "records.letters.neither.letter": "the one answer for everybody: nothing of any family is in it (N11)",
    "records.desk.enquiry_pages.neither_letter": "shows that letter",
    "records.desk.contact_pages.print_question": "shows what `letters.family` made, which is marked",
    "records.letters.rights.sheet": "what we promise everybody, and their rights: nothing of any family is in it (W24)",
    "records.desk.told_pages._sheet": "shows that sheet",
    "records.desk.told_pages.sheet_for_anybody": "shows that sheet",
    "intake.desk.bundle_pages._printing": ACCESS_COPY,
    "intake.desk.bundle_pages._pdf": ACCESS_COPY,
    "intake.desk.letter_pages.document": "an officer looks at post that has not been filed",
    "intake.desk.day_pages._pdf": "sheets for the scanner: no name",
}


def _functions(module: str) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function of a module with its whole name; an inner one counts as part of its outer one."""
    for node in tree(module).body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{module}.{node.name}" if isinstance(node, ast.ClassDef) else module
        for each in inside:
            if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{prefix}.{each.name}", each


def _leaks(function: ast.AST, printers: set[str] = MAKES_A_PRINT) -> bool:
    for node in ast.walk(function):
        if isinstance(node, ast.Constant) and node.value == OFFERS_TO_SAVE:
            return True
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name) and called.id in printers | SENDS_A_FILE:
                return True
            if (
                isinstance(called, ast.Attribute)
                and isinstance(called.value, ast.Name)
                and (called.value.id, called.attr) in RENDERS_A_LETTER
            ):
                return True
    return False


def _printers(module: str) -> set[str]:
    """The names by which this module can print: `press`, and whatever it calls the letters' `write` and `as_text`."""
    found = set(MAKES_A_PRINT)
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.ImportFrom):
            found |= {alias.asname or alias.name for alias in node.names if f"{node.module}.{alias.name}" in LETTERS}
    return found


def _innermost(module: str) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Functions of a module, those inside a `make(chain)` of pages by themselves."""
    for name, function in _functions(module):
        inner = [each for each in ast.walk(function) if isinstance(each, ast.FunctionDef) and each is not function]
        if inner and function.name == "make":
            yield from ((f"{module}.{each.name}", each) for each in inner)
        else:
            yield name, function


def _marked(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    names = {each.id if isinstance(each, ast.Name) else getattr(each, "attr", "") for each in function.decorator_list}
    return "outward" in names


def ways_out() -> dict[str, bool]:
    """Every function through which something can leave, and whether it is marked."""
    return {
        name: _marked(function)
        for module in modules()
        if module.split(".")[0] in ("records", "intake") and module != "records.press"
        for name, function in _innermost(module)
        if _leaks(function, _printers(module)) or _marked(function)
    }


def test_every_way_out_is_marked_or_lets_nothing_about_a_family_out() -> None:
    wrong = [name for name, marked in ways_out().items() if not marked and name not in STAYS]
    assert wrong == [], (
        "mark with @outward and pass the leave that let_out(...) gives, or say in STAYS why it stays inside"
    )


def test_the_list_of_what_stays_holds_nothing_that_is_gone() -> None:
    found = ways_out()
    assert [name for name in STAYS if name not in found] == []


def test_the_search_finds_ways_out() -> None:
    """A search that finds nothing would prove nothing."""
    planted = ast.parse(
        "def a():\n return press('x', {})\n"
        "def b():\n return writing.write(letter)\n"
        "def c():\n return Response(x, headers={'Content-Disposition': 'attachment'})\n"
        "def d():\n return 'nothing'\n"
        "def e():\n return writing.as_text(letter)\n"
    )
    assert [_leaks(each) for each in planted.body] == [True, True, True, False, True]
    assert len(ways_out()) >= 4


@pytest.mark.parametrize("name", sorted(name for name, marked in ways_out().items() if marked) or ["none yet"])
def test_every_marked_function_refuses_without_leave(name: str) -> None:
    if name == "none yet":
        return
    module, _, attribute = name.rpartition(".")
    function = getattr(importlib.import_module(module), attribute)
    assert inspect.signature(function).parameters["leave"].kind is inspect.Parameter.KEYWORD_ONLY
    for arguments in ({}, {"leave": None}, {"leave": object()}, {"leave": Leave.__new__(Leave)}):
        with pytest.raises((NoLeave, AttributeError)):
            function(**arguments)


def test_nothing_sends_mail_by_itself_but_the_head_of_the_record() -> None:
    """The anchor's mail holds numbers and hashes; its module knows nothing from which anything about a family could be taken."""
    assert [
        module
        for module in modules()
        if module.split(".")[0] in ("records", "intake") and MAILERS & set(imports(module))
    ] == ["intake.anchor_mail"]
    known = {each for each in imports("intake.anchor_mail") if each.startswith("records")}
    assert all(each.startswith(("records.audit", "records.clock")) for each in known)


def test_leave_is_made_by_the_gate_and_by_sharing_for_safety_alone() -> None:
    """Whoever could make a leave could leave the gate out."""
    makers, enterers = set(), set()
    for module in modules():
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name == "Leave":
                    makers.add(module)
            if isinstance(node, ast.ImportFrom) and node.module == outward.__name__:
                enterers |= {module for alias in node.names if alias.name == "enter"}
            if isinstance(node, ast.Attribute) and node.attr == "enter" and getattr(node.value, "id", "") == "outward":
                enterers.add(module)
    assert makers == {"records.consents.outward"}
    assert enterers == {"records.consents.safety"}


def test_an_access_copy_leaves_by_the_gate_alone() -> None:
    """What STAYS says of the access copy is true: sending one asks `let_out` before the request is answered."""
    source = (ROOT / "records" / "desk" / "request_steps.py").read_text("utf-8")
    body = source.split("def settle_send(")[1].split("\ndef ")[0]
    assert body.index("_let_out_copy(") < body.index("Event.SENT")
