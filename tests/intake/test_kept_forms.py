"""Copies of the service's own folder of forms: whole or not used, and nothing is left of workers that were killed."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from forms.catalogue import KINDS, Written, written
from intake import kept_forms, locks


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "forms"
    made.mkdir()
    (made / "ours.2023.json").write_text("{}")
    (made / "ours.2023-1.png").write_bytes(b"a picture")
    (made / "notes.txt").write_text("nothing that counts")
    (made / ".#ours.2023.json").symlink_to("an editor's own")
    return made


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "copies"


def files(folder: Path) -> Written:
    return written(folder, *KINDS)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_the_last_copy_is_found_and_older_ones_are_taken_away(folder: Path, place: Path) -> None:
    assert kept_forms.find(place, folder) is None
    first = kept_forms.keep(place, folder, files(folder))
    assert kept_forms.find(place, folder) == kept_forms.Kept(first, whole=True)
    assert names(first) == {"ours.2023.json", "ours.2023-1.png"}
    assert kept_forms.keep(place, folder, files(folder)) == first
    (folder / "ours.2023.json").write_text("{ }")
    second = kept_forms.keep(place, folder, files(folder))
    assert kept_forms.find(place, folder) == kept_forms.Kept(second, whole=True)
    assert second != first and not first.exists()


def test_a_copy_of_another_folder_does_not_count(folder: Path, place: Path) -> None:
    kept_forms.keep(place, folder, files(folder))
    assert kept_forms.find(place, folder.with_name("others")) is None
    kept_forms.forget(place)
    assert kept_forms.find(place, folder) is None and not place.exists()


def edited(copy: Path) -> None:
    (copy / "ours.2023.json").write_text("[]")


def renamed(copy: Path) -> None:
    (copy / "ours.2023.json").rename(copy / "ours.2024.json")


def one_more(copy: Path) -> None:
    (copy / "theirs.2023.json").write_text("{}")


def pointer_lost(copy: Path) -> None:
    (copy.parent / kept_forms.NOW).write_bytes(b"\0\0\0")


@pytest.mark.parametrize("spoil", [edited, renamed, one_more, shutil.rmtree, pointer_lost])
def test_what_is_not_what_was_copied_is_not_whole_and_is_made_anew(
    folder: Path, place: Path, spoil: Callable[[Path], None]
) -> None:
    copy = kept_forms.keep(place, folder, files(folder))
    spoil(copy)
    found = kept_forms.find(place, folder)
    assert found is not None and not found.whole
    assert kept_forms.keep(place, folder, files(folder)) == copy
    assert kept_forms.find(place, folder) == kept_forms.Kept(copy, whole=True)


def test_nothing_is_left_of_a_worker_that_was_killed_while_it_copied(folder: Path, place: Path) -> None:
    half = place / "part"
    half.mkdir(parents=True)
    (half / "ours.2023.json").write_text("{")
    (place / "new").write_text('{"folder": ')
    (place / ("0" * 64)).mkdir()
    copy = kept_forms.keep(place, folder, files(folder))
    assert names(place) == {copy.name, kept_forms.NOW, "lock"}


def test_a_folder_that_was_changed_since_it_was_looked_at_is_not_copied(folder: Path, place: Path) -> None:
    copy = kept_forms.keep(place, folder, files(folder))
    looked_at = files(folder)
    (folder / "ours.2023.json").write_text("{ half")
    with pytest.raises(OSError, match="changed"):
        kept_forms.keep(place, folder, looked_at)
    (folder / "ours.2023.json").unlink()
    with pytest.raises(OSError, match="changed"):
        kept_forms.keep(place, folder, looked_at)
    assert kept_forms.find(place, folder) == kept_forms.Kept(copy, whole=True)


def test_workers_copy_one_after_another(folder: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place.mkdir()
    monkeypatch.setattr(kept_forms, "_TRIES", 2)
    held = locks.try_hold(place / "lock")
    assert held is not None
    with pytest.raises(OSError, match="another worker"):
        kept_forms.keep(place, folder, files(folder))
    held.release()
    assert kept_forms.keep(place, folder, files(folder)).is_dir()


def test_a_file_that_cannot_be_opened_is_copied_as_an_empty_one(
    folder: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.read_bytes

    def locked(path: Path) -> bytes:
        if path == folder / "ours.2023-1.png":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", locked)
    copy = kept_forms.keep(place, folder, files(folder))
    assert (copy / "ours.2023-1.png").read_bytes() == b""
    monkeypatch.undo()
    assert kept_forms.keep(place, folder, files(folder)) != copy
