"""P15: each broken condition is told, in words, and a sound house is told to be sound."""

from dataclasses import replace
from datetime import timedelta

import pytest

from intake.health import Chain, Check, Facts, Failing, Folder, Level, Machine, findings, wrong
from tests.conftest import NOON

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
MACHINE = Machine("reading-room", watches=True, works=True, seen_at=NOON - 5 * SECOND, free_mb=40_000, protected=True)
SOUND = Facts(
    now=NOON, must_run=True, folders=(Folder("inbox", NOON - 4 * SECOND),), machines=(MACHINE,), unread=2,
    oldest=NOON - 3 * MINUTE, free_mb=40_000, smallest_free_mb=1024, last_entry_at=NOON - MINUTE, database_now=NOON,
    chain=Chain(NOON - MINUTE, 812), anchored_at=NOON - 5 * 60 * MINUTE, not_anchored=3, backed_up_at=NOON - 9 * 60 * MINUTE,
    backup_every=DAY,
)  # fmt: skip


def test_a_sound_house_is_sound_and_says_what_it_looked_at() -> None:
    found = findings(SOUND)
    assert [finding.check for finding in found] == list(Check)
    assert {finding.level for finding in found} == {Level.GOOD}
    assert [finding.words for finding in found] == [
        "Last looked at 4 seconds ago.",
        "1 machine reads the post.",
        "2 items wait to be read, the oldest for 3 minutes.",
        "Documents are opened in a process that is locked down.",
        "Every template is used.",
        "40,000 MB are free.",
        "Agrees with everything that was recorded.",
        "unbroken, 812 entries, checked 60 seconds ago",
        "written down in the anchor folder 5 hours ago",
        "made and read back 9 hours ago",
        "Gone through, nothing overdue.",
        "What runs by itself each day ended well.",
    ]


def machine(**changed: object) -> Facts:
    return replace(SOUND, machines=(replace(MACHINE, **changed),))  # type: ignore[arg-type]  # parts by name


@pytest.mark.parametrize(
    ("facts", "check", "says"),
    [
        pytest.param(
            replace(SOUND, folders=(Folder("inbox", NOON, "The scan folder cannot be reached."),)), Check.FOLDER,
            "cannot be reached", id="a folder that vanished",
        ),
        pytest.param(replace(SOUND, folders=()), Check.FOLDER, "Nobody watches", id="no watcher"),
        pytest.param(
            replace(SOUND, forms=("ours.1.json is not used: it has no pages.",)), Check.FORMS, "ours.1.json is not used",
            id="a wrong template",
        ),
        pytest.param(
            replace(SOUND, keeping=("Nobody has gone through the keeping times for 8 days.",)), Check.KEEPING, "8 days",
            id="silent retention",
        ),
        pytest.param(
            replace(SOUND, failing=(Failing("anchor mail", NOON.date() - DAY, 1),)), Check.DAILY, "‘anchor mail’ has failed each time since",
            id="a daily job that fails",
        ),
        pytest.param(
            replace(SOUND, machines=(MACHINE, replace(MACHINE, node="attic", seen_at=NOON - 3 * MINUTE))), Check.WORKERS,
            "‘attic’ has been silent for 3 minutes", id="a machine that died",
        ),
        pytest.param(machine(works=False, protected=None), Check.WORKERS, "Nobody reads the post", id="no reader"),
        pytest.param(
            replace(SOUND, unread=41, oldest=NOON - 2 * 60 * MINUTE), Check.QUEUE, "41 items wait to be read, the oldest for 2 hours",
            id="post that waits too long",
        ),
        pytest.param(machine(protected=False), Check.SANDBOX, "without protection", id="no sandbox"),
        pytest.param(replace(SOUND, free_mb=1023), Check.DISC, "Nothing more is taken in", id="a full disc here"),
        pytest.param(machine(free_mb=10), Check.DISC, "‘reading-room’ is nearly full (10 MB free)", id="a full disc there"),
        pytest.param(machine(clock_was=NOON + DAY), Check.CLOCK, "went back", id="a clock that went back"),
        pytest.param(
            replace(SOUND, last_entry_at=NOON + 3 * DAY), Check.CLOCK, "3 days before the newest entry",
            id="a clock before the record",
        ),
        pytest.param(
            replace(SOUND, database_now=NOON + 5 * MINUTE), Check.CLOCK, "5 minutes apart", id="clocks that differ"
        ),
        pytest.param(
            replace(SOUND, chain=Chain(NOON, None, 7)), Check.CHAIN, "broken at entry 7", id="a record that was altered"
        ),
        pytest.param(
            replace(SOUND, anchored_at=NOON - 5 * DAY), Check.ANCHOR, "last written down 5 days ago",
            id="an anchor folder that is away",
        ),
        pytest.param(
            replace(SOUND, backed_up_at=NOON - 8 * DAY), Check.BACKUP, "is 8 days old", id="backups that stopped"
        ),
    ],
)  # fmt: skip
def test_each_broken_condition_is_told_and_nothing_else(facts: Facts, check: Check, says: str) -> None:
    found = wrong(findings(facts))
    assert [finding.check for finding in found] == [check]
    assert says in found[0].words


def test_nobody_watching_and_nobody_reading_are_two_things() -> None:
    found = wrong(findings(replace(SOUND, machines=())))
    assert [finding.check for finding in found] == [Check.FOLDER, Check.WORKERS]


def test_what_need_not_run_is_no_fault() -> None:
    """The doctor looks at a home that is stopped, too."""
    assert wrong(findings(replace(SOUND, must_run=False, machines=(), folders=(), oldest=NOON - DAY))) == []


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param(replace(SOUND, free_mb=1500), id="little room"),
        pytest.param(replace(SOUND, failing=(Failing("backup", NOON.date(), 0),)), id="a daily job that failed today"),
        pytest.param(replace(SOUND, chain=None), id="a chain not checked yet"),
        pytest.param(replace(SOUND, chain=Chain(NOON - DAY, 3)), id="a chain checked long ago"),
    ],
)
def test_what_may_become_wrong_is_said_without_alarm(facts: Facts) -> None:
    found = findings(facts)
    assert wrong(found) == [] and any(finding.level is Level.LOOK for finding in found)


def test_a_service_without_backups_is_told_so_but_not_as_a_fault_of_today() -> None:
    found = findings(replace(SOUND, backed_up_at=None, backup_every=None))
    assert [(each.check, each.level) for each in found if each.level is not Level.GOOD] == [(Check.BACKUP, Level.LOOK)]
    assert any("Set folder under [backup]" in each.words for each in found)


def test_a_quiet_week_without_entries_needs_no_anchor() -> None:
    assert not wrong(findings(replace(SOUND, anchored_at=NOON - 6 * DAY, not_anchored=0)))
