"""The line above the post list says what staff must know about the folders, and no more."""

from datetime import UTC, datetime, timedelta

import pytest

from intake.desk.folder_line import NOBODY, line
from records.folders.looks import Trouble
from records.folders.tables import WatchedFolder

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
CAME = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)


def folder(path: str = "/home/inbox", trouble: Trouble | None = None, *, seconds_ago: float = 4) -> WatchedFolder:
    return WatchedFolder(
        watcher="home", path=path, mark="m", mounted=False, looked_at=NOW - timedelta(seconds=seconds_ago),
        trouble=trouble, since=datetime(2026, 11, 20, 8, 40, tzinfo=UTC) if trouble else None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("last", "rows", "problems", "calm"),
    [
        pytest.param(
            CAME, [folder(), folder("/mnt/scanner 2", seconds_ago=1)], [],
            "Last item arrived 9:12am. Watching 2 folders, last looked at 1 second ago.", id="two folders",
        ),
        pytest.param(
            datetime(2026, 7, 19, 13, 5, tzinfo=UTC), [folder()], [],
            "Last item arrived 19 July at 2:05pm. Watching the scan folder, last looked at 4 seconds ago.", id="one",
        ),
        pytest.param(None, [], [NOBODY], None, id="nobody ever watched"),
        pytest.param(
            CAME, [folder(trouble=Trouble.UNREACHABLE)],
            ["The scan folder cannot be reached since 8:40am. Items may be waiting on the scanner."],
            "Last item arrived 9:12am.", id="out of reach",
        ),
        pytest.param(
            None, [folder(), folder("/mnt/scanner 2", Trouble.NOT_MOUNTED)],
            ["The scan folder ‘scanner 2’ on the network is not connected since 8:40am. Items may be waiting on the scanner."],
            "Watching 1 folder, last looked at 4 seconds ago.", id="one of two",
        ),
        pytest.param(
            None, [folder(seconds_ago=31)],
            ["Nobody has looked at the scan folder since 9:29am. Start Paperchain again; scanned files wait safely there."],
            None, id="silence",
        ),
    ],
)  # fmt: skip
def test_what_the_line_says(
    last: datetime | None, rows: list[WatchedFolder], problems: list[str], calm: str | None
) -> None:
    said = line(last, rows, NOW, look_every_seconds=10)
    assert (list(said.problems), said.watching) == (problems, calm)


@pytest.mark.parametrize("trouble", list(Trouble))
def test_every_trouble_has_words(trouble: Trouble) -> None:
    (said,) = line(None, [folder(trouble=trouble)], NOW, look_every_seconds=10).problems
    assert "since 8:40am" in said
    assert "{" not in said
