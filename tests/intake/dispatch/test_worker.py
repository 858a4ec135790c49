"""A form of the service's own that was changed is read by from the next item on, without a new start."""

import errno
import json
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from forms.catalogue import BLANKS, with_own
from intake import own_forms
from intake.dispatch import worker
from intake.errors import FormsNotReady
from intake.sandbox.client import PageResult
from intake.sandbox.limits import Limits
from intake.stages import Tools
from intake.wiring import Paperchain
from tests.builders import home

NAME = "westminster-consent.2023"
RAW: dict[str, Any] = json.loads((BLANKS / f"{NAME}.json").read_text("utf-8")) | {"id": "ours"}


@dataclass
class Documents:
    """Stands in for the locked-in reader: how often it began anew."""

    ended: int = 0

    def close(self) -> None:
        self.ended += 1


@dataclass
class Handled:
    """What each item was read with: the sum of our form's text as the worker knew it, None where it did not."""

    sums: list[str | None] = field(default_factory=list)

    def handle(self, tools: Tools, number: int) -> None:
        known = [one for one in tools.catalogue.templates() if one.id == "ours"]
        self.sums.append(known[0].content_sum if known else None)


def put(folder: Path, raw: dict[str, Any]) -> None:
    (folder / "ours.2023.json").write_text(json.dumps(raw), "utf-8")


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Paperchain]:
    folder = tmp_path / "forms"
    folder.mkdir()
    put(folder, RAW)
    shutil.copy(BLANKS / f"{NAME}-1.png", folder / "ours.2023-1.png")
    with home(tmp_path / "home", forms__folder=str(folder)) as made:
        yield made


@pytest.fixture(autouse=True)
def _anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that begins."""
    monkeypatch.setattr(worker, "_here", worker._Here())
    monkeypatch.setattr(own_forms, "_seen", own_forms._Seen())


def own_folder(chain: Paperchain) -> Path:
    assert chain.settings.own_forms is not None
    return chain.settings.own_forms


def begun(chain: Paperchain, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Documents, Handled]:
    """A worker's process as it begins, with what stands in for its locked-in reader and for the handling of items."""
    folder, documents, handled = own_folder(chain), Documents(), Handled()
    made = Tools(chain, documents, None, with_own(folder), Limits(), "a worker")  # type: ignore[arg-type]  # stand-ins
    monkeypatch.setattr(worker, "make_tools", lambda _: made)
    monkeypatch.setattr(worker, "handle", handled.handle)
    worker.start(chain.settings)
    return folder, documents, handled


def test_a_changed_form_is_read_by_from_the_next_item_on(chain: Paperchain, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, documents, handled = begun(chain, monkeypatch)
    worker.run(1)
    worker.run(2)
    first = handled.sums[0]
    assert handled.sums == [first, first] and first is not None and documents.ended == 0

    (folder / "ours.2023.json").write_text("{")
    worker.run(3)
    assert handled.sums[-1] == first and documents.ended == 0, "somebody is at work on it"

    put(folder, RAW | {"language": "cy"})
    worker.run(4)
    assert handled.sums[-1] not in (None, first) and documents.ended == 1
    worker.run(5)
    assert handled.sums[-1] == handled.sums[-2] and documents.ended == 1

    monkeypatch.setattr("intake.own_forms.standing", lambda _: None)
    worker.run(6)
    assert documents.ended == 1, "its folder cannot be read just now"


def test_a_form_that_was_taken_away_is_read_by_no_longer(chain: Paperchain, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, documents, handled = begun(chain, monkeypatch)
    (folder / "ours.2023.json").unlink()
    worker.run(1)
    assert handled.sums == [None] and documents.ended == 1


def away(folder: Path) -> None:
    folder.rename(folder.parent / "away")


def empty(folder: Path) -> None:
    away(folder)
    folder.mkdir()


def back(folder: Path) -> None:
    if folder.is_dir():
        folder.rmdir()
    (folder.parent / "away").rename(folder)


@pytest.mark.parametrize("go", [away, empty])
def test_letters_are_read_by_what_stood_in_a_folder_that_is_away(
    chain: Paperchain, monkeypatch: pytest.MonkeyPatch, go: Callable[[Path], None]
) -> None:
    folder, documents, handled = begun(chain, monkeypatch)
    go(folder)
    worker.run(1)
    with pytest.raises(FormsNotReady):
        worker._need_the_same_forms(chain.settings)
    back(folder)
    worker.run(2)
    assert None not in handled.sums and len(set(handled.sums)) == 1 and documents.ended == 0
    worker._need_the_same_forms(chain.settings)
    put(folder, RAW | {"language": "cy"})
    worker.run(3)
    assert handled.sums[2] not in (None, handled.sums[1]) and documents.ended == 1


def test_post_is_handled_while_the_folder_is_a_stale_handle(chain: Paperchain, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, documents, handled = begun(chain, monkeypatch)

    def stale(_: Path, **__: object) -> os.stat_result:
        raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "stat", stale)
        worker.run(1)
        assert "ours" in {one.id for one in own_forms.readable(folder).templates()}
        assert "cannot be read: stale file handle" in own_forms.not_used(folder)[0]
    assert handled.sums != [None] and documents.ended == 0


def test_a_folder_that_was_away_at_the_start_is_read_by_once_it_is_there(
    chain: Paperchain, monkeypatch: pytest.MonkeyPatch
) -> None:
    away(own_folder(chain))
    folder, documents, handled = begun(chain, monkeypatch)
    assert "is not there. Letters wait, so that none is read by a form of ours" in own_forms.not_used(folder)[0]
    for _ in range(2):
        with pytest.raises(FormsNotReady, match="Letters wait"):
            worker.run(1)
    assert handled.sums == [], "a form of ours might stand in the place of one of theirs"
    back(folder)
    (folder / "odd.json").write_text("{")
    worker.run(2)
    assert handled.sums[0] is not None and documents.ended == 1


def test_a_reader_that_was_killed_does_not_begin_anew_by_other_forms(chain: Paperchain) -> None:
    """A file is wrong that was not before. The reader would load the folder without it, and find the form to be none of ours."""
    folder, scan = chain.settings.own_forms, (BLANKS / f"{NAME}-1.png").read_bytes()
    assert folder is not None
    for path in BLANKS.glob(f"{NAME}*"):
        shutil.copy(path, folder / path.name)
    mine = folder / f"{NAME}.json"
    mine.write_text(json.dumps(json.loads(mine.read_text("utf-8")) | {"language": "cy"}), "utf-8")
    (folder / "ours.2023.json").unlink()
    worker.start(chain.settings)
    tools = worker._here.tools
    assert tools is not None
    seen: list[str | None] = []

    def keep(page: PageResult) -> None:
        seen.append(page.reading.template_sum)

    def kill(pid: int | None) -> None:
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)

    try:
        tools.documents.read(scan, Limits(), keep)
        right = mine.read_bytes()
        mine.write_text("{")
        tools.documents.read(scan, Limits(), keep)
        kill(tools.documents.host_pid)
        for _ in range(2):
            with pytest.raises(FormsNotReady):
                tools.documents.read(scan, Limits(), keep)
        mine.write_bytes(right)
        tools = worker._here.tools = worker._by_the_forms_of_now(tools)
        tools.documents.read(scan, Limits(), keep)
        assert len(seen) == 3 and len(set(seen)) == 1 and seen[0] is not None
    finally:
        tools.documents.close()
