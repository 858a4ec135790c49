"""Whether somebody may see a file is asked of one rule, over one loader: nothing writes out for itself how a file stands."""

import ast

from tests.invariants.source import modules, tree

LOADER = "records.guard.standing"
NOBODYS = "Subject(None)"  # what belongs to no file yet


def test_only_the_loader_says_how_a_file_stands_to_a_person() -> None:
    wrong = [
        f"{name} line {node.lineno}: use records.guard.standing.about(file)"
        for name in modules()
        if name not in (LOADER, "records.staff.access")
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Subject"
        if ast.unparse(node) != NOBODYS
    ]
    assert not wrong, wrong
