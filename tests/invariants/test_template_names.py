"""The desk looks for a template in two folders, one after the other: a name in both would show another group's page."""

from collections import Counter

from tests.invariants.source import ROOT

FOLDERS = ("records/desk/html", "intake/desk/html")


def test_no_two_templates_have_one_name() -> None:
    names = Counter(path.name for folder in FOLDERS for path in (ROOT / folder).glob("*.html"))
    assert len(names) > 100 and [name for name, times in names.items() if times > 1] == []
