"""A day is a day in London (R12): an instant is never cut to its date in UTC, which in summer is yesterday's until one in the morning."""

import ast
import re
from datetime import UTC, date, datetime

from records.clock import day_of
from tests.invariants.source import modules, tree

CUT = re.compile(r"\b(?:\w*_at|at|now|moment|before|now\(\))\.date\(\)")
IN_UTC = {"records.retention.clock_guard"}
"""Names the days of entries as it compares them."""


def test_an_instant_of_a_summer_night_is_of_its_day_in_london() -> None:
    assert day_of(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == date(2026, 7, 2)


def test_no_instant_is_cut_to_its_date_in_utc() -> None:
    found = [name for name, path in modules().items() if name not in IN_UTC and CUT.search(path.read_text("utf-8"))]
    assert found == []


def test_no_day_is_named_as_the_machine_would_name_it() -> None:
    """The names that strftime gives follow the machine's locale; ours stand in `records.vocabulary`."""
    assert sorted(_named_by_strftime(ast.parse("f'{day:%A} {day.day}', day.strftime('%d %b')"))) == ["%A", "%b"]
    assert {name: found for name in modules() if (found := _named_by_strftime(tree(name)))} == {}


def _named_by_strftime(module: ast.Module) -> list[str]:
    formats = []
    for node in ast.walk(module):
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            formats.append(node.format_spec)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "strftime":
            formats.extend(node.args)
    words = [
        part.value
        for each in formats
        for part in ast.walk(each)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]
    return [name for word in words for name in re.findall(r"%[aAbBcxXp]", word)]
