"""The repository stands alone: it names no machine it was written on, no package host, and holds nothing huge."""

from collections import Counter

import pytest

from tests.invariants.source import ROOT, files

MOST_BYTES_A_FILE = 7_000_000  # the model that reads names is the largest file, at six million
MOST_BYTES = 60_000_000

# Joined here, so that this file does not hold what it looks for.
FORBIDDEN = [
    "/wo" + "rk/",
    ".lib" + "rary",
    "../sha" + "red",
    "issues sh" + "ow",
    "pypi" + ".org",
    "pythonhos" + "ted",
]


def text_holds(content: bytes, word: str) -> bool:
    return word.lower().encode() in content.lower()


@pytest.mark.parametrize("word", FORBIDDEN)
def test_no_file_names_the_machine_it_was_written_on(word: str) -> None:
    assert [str(path.relative_to(ROOT)) for path in files() if text_holds(path.read_bytes(), word)] == []


def test_a_forbidden_word_would_be_noticed() -> None:
    assert text_holds(b"see /WO" + b"RK/notes", FORBIDDEN[0])


def test_no_file_is_huge() -> None:
    assert [path.name for path in files() if path.stat().st_size > MOST_BYTES_A_FILE] == []


def test_the_whole_stays_small() -> None:
    assert 0 < sum(path.stat().st_size for path in files()) < MOST_BYTES


def test_no_two_pages_have_a_template_of_one_name() -> None:
    """All folders of templates are looked through in turn: of two with one name, the second would never be shown."""
    names = Counter(path.name for path in files() if path.suffix == ".html" and path.parent.name == "html")
    assert [name for name, count in names.items() if count > 1] == [] and len(names) > 50


def test_locked_packages_all_have_hashes() -> None:
    locks = sorted(ROOT.glob("requirements*.lock"))
    assert len(locks) >= 4
    for lock in locks:
        entries = lock.read_text("utf-8").replace("\\\n", " ").splitlines()
        pinned = [line for line in entries if "==" in line and not line.lstrip().startswith("#")]
        assert pinned
        assert [line for line in pinned if "--hash=sha256:" not in line] == []


def test_tests_use_the_versions_that_run() -> None:
    def pins(lock: str) -> dict[str, str]:
        lines = (ROOT / lock).read_text("utf-8").splitlines()
        named = (line.split()[0].split("==", 1) for line in lines if "==" in line and line[:1].isalnum())
        return dict(named)

    run, test = pins("requirements.lock"), pins("requirements-test.lock")
    assert run
    assert {name: version for name, version in run.items() if test.get(name) != version} == {}
