"""What is well and what is not, in words for people who scan post (P15). Pure: facts in, findings out.

The desk and `paperchain doctor` ask the same function. `intake/checkup.py` gathers the facts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from records.policies.periods import in_words

SILENT_AFTER = timedelta(seconds=40)
OLD_AFTER = timedelta(minutes=30)
CHAIN_OLD_AFTER = timedelta(hours=2)
CLOCK_SLACK = timedelta(minutes=2)
ANCHOR_OLD_AFTER = timedelta(days=4)  # over a long weekend nobody may work, so nothing may be entered
BACKUP_OLD_AFTER = timedelta(days=7)


class Level(StrEnum):
    """How much it matters."""

    GOOD = "good"
    LOOK = "look"
    WRONG = "wrong"


class Check(StrEnum):
    """What is looked at, in the order in which it is told."""

    FOLDER = "scan folder"
    WORKERS = "reading"
    QUEUE = "post"
    SANDBOX = "protection"
    FORMS = "forms"
    DISC = "disc"
    CLOCK = "clock"
    CHAIN = "audit chain"
    ANCHOR = "audit anchor"
    BACKUP = "backup"
    KEEPING = "keeping times"
    DAILY = "daily work"


@dataclass(frozen=True)
class Finding:
    """One answer: what was looked at, how it stands, and what to do if it is not well."""

    check: Check
    level: Level
    words: str


@dataclass(frozen=True)
class Folder:
    """A watched folder: its own name, when it was looked at, and in words what is wrong with it."""

    name: str
    looked_at: datetime
    problem: str | None = None


@dataclass(frozen=True)
class Machine:
    """A process that watches or works, as it told about itself. `clock_was`: a later time that its clock showed before."""

    node: str
    watches: bool
    works: bool
    seen_at: datetime
    free_mb: int
    protected: bool | None = None
    clock_was: datetime | None = None


@dataclass(frozen=True)
class Chain:
    """The newest check of the audit chain."""

    checked_at: datetime
    entries: int | None
    broken_at: int | None = None


@dataclass(frozen=True)
class Failing:
    """A daily job that fails each time: its name, the day on which that began, and how many days ago that was."""

    job: str
    since: date
    days: int


@dataclass(frozen=True)
class Facts:
    """Everything that is asked about. `must_run`: whether somebody should be watching and reading now.

    `not_anchored`: entries since the last anchor. `backup_every`: None where the settings name no folder for backups.
    """

    now: datetime
    must_run: bool
    folders: tuple[Folder, ...]
    machines: tuple[Machine, ...]
    unread: int
    oldest: datetime | None
    free_mb: int
    smallest_free_mb: int
    last_entry_at: datetime | None
    database_now: datetime | None
    chain: Chain | None
    anchored_at: datetime | None = None
    not_anchored: int = 0
    backed_up_at: datetime | None = None
    backup_every: timedelta | None = None
    keeping: tuple[str, ...] = ()
    """What is wrong with keeping and destroying, in words: a silence of more than 7 days, an overdue list, traces that were found."""
    failing: tuple[Failing, ...] = ()
    forms: tuple[str, ...] = ()
    """Which files of the service's own forms are not used, and why, in words."""


def findings(facts: Facts) -> list[Finding]:
    """One finding for each check, or several where several things are wrong with it."""
    return [
        *_folder(facts), *_workers(facts), *_queue(facts), *_sandbox(facts), *_forms(facts), *_disc(facts), *_clock(facts), *_chain(facts),
        *_anchor(facts), *_backup(facts), *_keeping(facts),
        *_daily(facts),
    ]  # fmt: skip


def wrong(found: Sequence[Finding]) -> list[Finding]:
    """What somebody must mend."""
    return [finding for finding in found if finding.level is Level.WRONG]


def _say(check: Check, problems: Sequence[str], good: str) -> list[Finding]:
    return [Finding(check, Level.WRONG, words) for words in problems] or [Finding(check, Level.GOOD, good)]


def _alive(facts: Facts) -> list[Machine]:
    return [machine for machine in facts.machines if facts.now - machine.seen_at <= SILENT_AFTER]


def _folder(facts: Facts) -> list[Finding]:
    if not facts.folders or not any(machine.watches for machine in _alive(facts)):
        if facts.must_run:
            return [
                Finding(
                    Check.FOLDER,
                    Level.WRONG,
                    "Nobody watches the scan folder. Start Paperchain again; scanned files wait safely there.",
                )
            ]
        return [Finding(Check.FOLDER, Level.LOOK, "nobody watches it now")]
    problems = [folder.problem for folder in facts.folders if folder.problem]
    oldest = min(folder.looked_at for folder in facts.folders)
    return _say(Check.FOLDER, problems, f"Last looked at {_length(facts.now - oldest)} ago.")


def _workers(facts: Facts) -> list[Finding]:
    silent = [machine for machine in facts.machines if machine not in _alive(facts)]
    said = [
        Finding(
            Check.WORKERS, Level.WRONG if facts.must_run else Level.LOOK,
            f"Paperchain on ‘{machine.node}’ has been silent for {_length(facts.now - machine.seen_at)}. "
            "Look whether that machine runs, and start it again. Others take its work over.",
        )
        for machine in silent
    ]  # fmt: skip
    working = [machine for machine in _alive(facts) if machine.works]
    if working:
        return said or [
            Finding(Check.WORKERS, Level.GOOD, f"{_many(len(working), 'machine reads', 'machines read')} the post.")
        ]
    if facts.must_run:
        return [
            *said,
            Finding(
                Check.WORKERS,
                Level.WRONG,
                "Nobody reads the post. Start Paperchain again; what was taken in waits safely.",
            ),
        ]
    return said or [Finding(Check.WORKERS, Level.LOOK, "nobody reads the post now (start `paperchain run`)")]


def _queue(facts: Facts) -> list[Finding]:
    if not facts.unread or facts.oldest is None:
        return [Finding(Check.QUEUE, Level.GOOD, "0 items wait to be read.")]
    waits = facts.now - facts.oldest
    many = _many(facts.unread, "item waits", "items wait")
    if waits > OLD_AFTER and facts.must_run:
        words = f"{many} to be read, the oldest for {_length(waits)}. Tell whoever looks after Paperchain; it is too slow or stands still."
        return [Finding(Check.QUEUE, Level.WRONG, words)]
    return [Finding(Check.QUEUE, Level.GOOD, f"{many} to be read, the oldest for {_length(waits)}.")]


def _sandbox(facts: Facts) -> list[Finding]:
    working = [machine for machine in _alive(facts) if machine.works]
    bare = [machine for machine in working if machine.protected is False]
    if not working:
        return [Finding(Check.SANDBOX, Level.LOOK, "Nobody reads, so nothing is opened.")]
    return _say(
        Check.SANDBOX,
        [
            f"On ‘{machine.node}’ documents are opened without protection, because [work] allow_unprotected is set there. "
            "Take the setting out, or use a newer Linux."
            for machine in bare
        ],
        "Documents are opened in a process that is locked down.",
    )


def _forms(facts: Facts) -> list[Finding]:
    return _say(Check.FORMS, facts.forms, "Every template is used.")


def _disc(facts: Facts) -> list[Finding]:
    rooms = [("this machine", facts.free_mb)] + [(f"‘{machine.node}’", machine.free_mb) for machine in _alive(facts)]
    tight = {place: free for place, free in rooms if free < facts.smallest_free_mb}
    if tight:
        place, free = min(tight.items(), key=lambda pair: pair[1])
        words = f"The disc of {place} is nearly full ({free:,} MB free). Nothing more is taken in until there is room; scanned files wait safely in the folder."
        return [Finding(Check.DISC, Level.WRONG, words)]
    lowest = min(free for _, free in rooms)
    if lowest < 2 * facts.smallest_free_mb:
        return [
            Finding(
                Check.DISC,
                Level.LOOK,
                f"{lowest:,} MB are free. At {facts.smallest_free_mb:,} MB nothing more is taken in.",
            )
        ]
    return [Finding(Check.DISC, Level.GOOD, f"{lowest:,} MB are free.")]


def _clock(facts: Facts) -> list[Finding]:
    problems = [
        f"The clock of ‘{machine.node}’ went back: it stands {_length(machine.clock_was - machine.seen_at)} before a time that it "
        "showed already. Set it right: dates on papers and destruction days hang on it."
        for machine in _alive(facts)
        if machine.clock_was is not None
    ]
    if facts.last_entry_at is not None and facts.last_entry_at > facts.now + CLOCK_SLACK:
        problems.append(
            f"This machine's clock stands {_length(facts.last_entry_at - facts.now)} before the newest entry of the record. Set it "
            "right: dates on papers and destruction days hang on it."
        )
    if facts.database_now is not None and abs(facts.database_now - facts.now) > CLOCK_SLACK:
        problems.append(
            f"The clocks of this machine and of the database are {_length(abs(facts.database_now - facts.now))} apart. Set both by "
            "the same time server."
        )
    return _say(Check.CLOCK, problems, "Agrees with everything that was recorded.")


def _chain(facts: Facts) -> list[Finding]:
    chain = facts.chain
    if chain is None:
        return [Finding(Check.CHAIN, Level.LOOK, "Not checked yet since the start.")]
    if chain.broken_at is not None:
        words = f"The audit chain is broken at entry {chain.broken_at}. Keep this home as it is and tell the manager."
        return [Finding(Check.CHAIN, Level.WRONG, words)]
    age = facts.now - chain.checked_at
    level = Level.LOOK if age > CHAIN_OLD_AFTER else Level.GOOD
    return [Finding(Check.CHAIN, level, f"unbroken, {chain.entries} entries, checked {_length(age)} ago")]


def _anchor(facts: Facts) -> list[Finding]:
    if facts.anchored_at is None:
        return [Finding(Check.ANCHOR, Level.LOOK, "None written yet. The first comes soon after the start.")]
    age = facts.now - facts.anchored_at
    if facts.not_anchored and age > ANCHOR_OLD_AFTER:
        words = (
            f"The record was last written down {_length(age)} ago. Look whether the anchor folder can be written: until then "
            "nobody could tell that newer entries were cut off."
        )
        return [Finding(Check.ANCHOR, Level.WRONG, words)]
    return [Finding(Check.ANCHOR, Level.GOOD, f"written down in the anchor folder {_length(age)} ago")]


def _backup(facts: Facts) -> list[Finding]:
    age = facts.now - facts.backed_up_at if facts.backed_up_at is not None else None
    if facts.backup_every is None and age is None:
        words = (
            "None is made. Set folder under [backup], on another disc or machine: a broken disc would lose everything."
        )
        return [Finding(Check.BACKUP, Level.LOOK, words)]
    if age is None:
        return [Finding(Check.BACKUP, Level.LOOK, "None made yet. The first comes soon after the start.")]
    if age > BACKUP_OLD_AFTER:
        words = f"The last one that was read back is {_length(age)} old. Look whether the folder for backups is there and has room."
        return [Finding(Check.BACKUP, Level.WRONG, words)]
    late = facts.backup_every is not None and age > 2 * facts.backup_every
    return [Finding(Check.BACKUP, Level.LOOK if late else Level.GOOD, f"made and read back {_length(age)} ago")]


def _keeping(facts: Facts) -> list[Finding]:
    """P11: destroying must not stop silently."""
    level = Level.WRONG if facts.must_run else Level.LOOK
    return [Finding(Check.KEEPING, level, words) for words in facts.keeping] or [
        Finding(Check.KEEPING, Level.GOOD, "Gone through, nothing overdue.")
    ]


def _daily(facts: Facts) -> list[Finding]:
    """A job that fails once is tried again a quarter of an hour later; one that still does on the next day is somebody's to mend."""
    said = [
        Finding(
            Check.DAILY, Level.WRONG if each.days and facts.must_run else Level.LOOK,
            f"‘{each.job}’ has failed each time since {in_words(each.since)}. Tell whoever looks after Paperchain; the log says where.",
        )
        for each in facts.failing
    ]  # fmt: skip
    return said or [Finding(Check.DAILY, Level.GOOD, "What runs by itself each day ended well.")]


def _many(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}"


def _length(span: timedelta) -> str:
    """A length of time as people say it."""
    seconds = max(0, round(span.total_seconds()))
    for size, one in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= 2 * size or (size > 60 and seconds >= size):
            count = seconds // size
            return f"{count} {one}{'' if count == 1 else 's'}"
    return f"{seconds} second{'' if seconds == 1 else 's'}"
