"""A form of the service's own that was changed is read by from the next item on, without a new start."""

import errno
import json
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import cv2
import pytest

from forms.catalogue import BLANKS, with_own
from intake import forms_in_use, own_forms
from intake.dispatch import worker
from intake.errors import FormsNotReady
from intake.forms_in_use import InUse
from intake.sandbox.client import PageResult
from intake.sandbox.limits import Limits
from intake.settings import Settings
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

    def made(_: Settings, forms: InUse | None) -> Tools:
        catalogue = with_own(forms.copy if forms else None)
        return Tools(chain, cast(Any, documents), cast(Any, None), catalogue, Limits(), "a worker")

    monkeypatch.setattr(worker, "make_tools", made)
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

    monkeypatch.setattr("intake.own_forms.standing", lambda *_: None)
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
    back(folder)
    worker.run(2)
    assert None not in handled.sums and len(set(handled.sums)) == 1 and documents.ended == 0
    put(folder, RAW | {"language": "cy"})
    worker.run(3)
    assert handled.sums[2] not in (None, handled.sums[1]) and documents.ended == 1


def test_post_is_handled_while_the_folder_is_a_stale_handle(chain: Paperchain, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, documents, handled = begun(chain, monkeypatch)

    real = Path.stat

    def stale(path: Path, **how: Any) -> os.stat_result:
        if path.is_relative_to(folder):
            raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))
        return real(path, **how)

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
    assert (
        "is not there, or is empty. Letters wait, so that none is read by a form of ours"
        in own_forms.not_used(folder)[0]
    )
    for _ in range(2):
        with pytest.raises(FormsNotReady, match="Letters wait"):
            worker.run(1)
    assert handled.sums == [], "a form of ours might stand in the place of one of theirs"
    back(folder)
    (folder / "odd.json").write_text("{")
    worker.run(2)
    assert handled.sums[0] is not None and documents.ended == 1


def began_anew(chain: Paperchain, monkeypatch: pytest.MonkeyPatch) -> Handled:
    """The next process, after the worker was killed or Paperchain was started again."""
    monkeypatch.setattr(worker, "_here", worker._Here())
    monkeypatch.setattr(own_forms, "_seen", own_forms._Seen())
    monkeypatch.setattr(worker, "handle", (handled := Handled()).handle)
    worker.start(chain.settings)
    return handled


def no_picture(folder: Path) -> None:
    (folder / "ours.2023-1.png").unlink()


def half_saved(folder: Path) -> None:
    mine = folder / "ours.2023.json"
    mine.write_bytes(mine.read_bytes()[:400])


@pytest.mark.parametrize("go", [half_saved, no_picture, away, empty])
def test_a_worker_that_begins_anew_reads_by_what_was_right_before(
    chain: Paperchain, monkeypatch: pytest.MonkeyPatch, go: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    folder, _, handled = begun(chain, monkeypatch)
    worker.run(1)
    go(folder)
    for _ in range(2):
        again = began_anew(chain, monkeypatch)
        worker.run(2)
        worker.run(3)
        assert again.sums == handled.sums * 2 and None not in again.sums
        assert caplog.text.count("as they were before") == 1, "it is told once"
        caplog.clear()


@pytest.mark.parametrize("go", [half_saved, no_picture])
def test_a_mended_and_a_deleted_form_count_from_the_next_item_on(
    chain: Paperchain, monkeypatch: pytest.MonkeyPatch, go: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    folder, _, handled = begun(chain, monkeypatch)
    worker.run(1)
    go(folder)
    again = began_anew(chain, monkeypatch)
    worker.run(2)
    put(folder, RAW | {"language": "cy"})
    shutil.copy(BLANKS / f"{NAME}-1.png", folder / "ours.2023-1.png")
    worker.run(3)
    assert "right again" in caplog.text
    go(folder)
    worker.run(4)
    later = began_anew(chain, monkeypatch)
    worker.run(5)
    assert again.sums[0] == handled.sums[0] != again.sums[1] == again.sums[2] == later.sums[0]

    shutil.copy(BLANKS / f"{NAME}.json", folder / "theirs.2023.json")
    (folder / "ours.2023.json").unlink()
    for name in ("theirs.2023-1.png", f"{NAME}-1.png"):
        shutil.copy(BLANKS / f"{NAME}-1.png", folder / name)
    worker.run(6)
    assert later.sums[1] is None, "it was taken away"


def test_a_form_that_never_was_right_keeps_no_other_from_being_used(
    chain: Paperchain, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = own_folder(chain)
    (folder / "new.2026.json").write_text("{")
    _, documents, handled = begun(chain, monkeypatch)
    worker.run(1)
    put(folder, RAW | {"language": "cy"})
    worker.run(2)
    again = began_anew(chain, monkeypatch)
    worker.run(3)
    assert None not in handled.sums and handled.sums[0] != handled.sums[1] == again.sums[0] and documents.ended == 1


def test_every_worker_reads_by_the_copy_that_any_of_them_made_last(
    chain: Paperchain, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _, handled = begun(chain, monkeypatch)
    slow = worker._here
    put(folder, RAW | {"language": "cy"})
    quick = began_anew(chain, monkeypatch)
    worker.run(1)
    half_saved(folder)
    worker.run(2)
    monkeypatch.setattr(worker, "_here", slow)
    worker.run(3)
    assert len(set(quick.sums)) == 1 and None not in quick.sums and handled.sums == []


def test_a_damaged_copy_is_made_anew_and_never_read_by(chain: Paperchain, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, _, handled = begun(chain, monkeypatch)
    worker.run(1)
    right = (folder / "ours.2023.json").read_bytes()
    (copy,) = chain.settings.forms_in_use.glob("*/ours.2023.json")
    copy.write_bytes(right.replace(b'"store"', b'"share:la_sen"'))
    half_saved(folder)
    began_anew(chain, monkeypatch)
    with pytest.raises(FormsNotReady, match="damaged"):
        worker.run(2)
    assert "the copy of your forms as they were before" in own_forms.not_used(folder, chain.settings.forms_in_use)[1]
    (folder / "ours.2023.json").write_bytes(right)
    again = began_anew(chain, monkeypatch)
    worker.run(3)
    assert again.sums == handled.sums


@pytest.fixture
def replaced(chain: Paperchain) -> Path:
    """The folder with a form in the place of one of ours."""
    folder = own_folder(chain)
    for path in BLANKS.glob(f"{NAME}*"):
        shutil.copy(path, folder / path.name)
    mine = folder / f"{NAME}.json"
    mine.write_text(json.dumps(json.loads(mine.read_text("utf-8")) | {"language": "cy"}), "utf-8")
    (folder / "ours.2023.json").unlink()
    return folder


SCAN = (BLANKS / f"{NAME}-1.png").read_bytes()


def read_on(chain: Paperchain) -> str | None:
    """By which text a locked-in reader of its own reads the scan now."""
    tools = worker._here.tools
    assert tools is not None
    tools = worker._here.tools = worker._by_the_forms_of_now(tools)
    seen: list[str | None] = []

    def keep(page: PageResult) -> None:
        seen.append(page.reading.template_sum)

    assert tools.documents.read(SCAN, Limits(), keep).refusal is None
    (found,) = seen
    return found


def kill(pid: int | None) -> None:
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


def test_a_reader_that_was_killed_reads_on_by_the_same_text(chain: Paperchain, replaced: Path) -> None:
    """A file is wrong that was not before. By the folder without it the form would be none of ours, or be read by the one it replaces."""
    worker.start(chain.settings)
    mine = replaced / f"{NAME}.json"
    try:
        theirs = read_on(chain)
        right = mine.read_bytes()
        mine.write_text("{")
        assert read_on(chain) == theirs is not None
        assert worker._here.tools is not None
        kill(worker._here.tools.documents.host_pid)
        assert read_on(chain) == theirs
        mine.write_bytes(right.replace(b'"cy"', b'"pl"'))
        assert read_on(chain) not in (theirs, None)
    finally:
        assert worker._here.tools is not None
        worker._here.tools.documents.close()


def test_a_replaced_blank_is_read_by_from_the_next_item_on(chain: Paperchain, replaced: Path) -> None:
    worker.start(chain.settings)
    picture = replaced / f"{NAME}-1.png"
    try:
        theirs = read_on(chain)
        before = worker._here.forms
        reprinted = cv2.imread(str(picture))
        cv2.line(reprinted, (30, 30), (90, 30), 0, 4)
        picture.write_bytes(b"half a pict")
        assert read_on(chain) == theirs is not None, "by the whole one"
        cv2.imwrite(str(picture), reprinted)
        assert own_forms.not_used(replaced, chain.settings.forms_in_use) == ()
        assert read_on(chain) == theirs
        after = worker._here.forms
        assert before is not None and after is not None and before.copy != after.copy
        assert after.copy is not None and (after.copy / picture.name).read_bytes() == picture.read_bytes()
    finally:
        assert worker._here.tools is not None
        worker._here.tools.documents.close()


def test_a_reader_does_not_load_a_copy_that_was_replaced(chain: Paperchain, replaced: Path) -> None:
    worker.start(chain.settings)
    tools = worker._here.tools
    assert tools is not None
    mine = replaced / f"{NAME}.json"
    try:
        theirs = read_on(chain)
        kill(tools.documents.host_pid)
        mine.write_bytes(mine.read_bytes().replace(b'"cy"', b'"pl"'))
        forms_in_use.now(chain.settings.forms_in_use, replaced)  # another worker takes it up between two pages of ours
        with pytest.raises(FormsNotReady):
            tools.documents.read(SCAN, Limits(), lambda _: None)
        assert read_on(chain) not in (theirs, None)
    finally:
        worker._here.tools.documents.close()
