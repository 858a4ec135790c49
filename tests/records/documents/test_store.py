"""P1: a blob is complete when it appears, and half of one never does."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from records.documents.store import FolderStore
from records.errors import Damaged


def test_put_get_names_delete(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.put("ab12", [b"one", b"two"])
    assert store.get("ab12") == b"onetwo"
    assert list(store.names()) == ["ab12"]
    assert (tmp_path / "ab" / "ab12").stat().st_mode & 0o777 == 0o600
    store.delete("ab12")
    assert list(store.names()) == []
    store.delete("ab12")


def test_a_source_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def breaking() -> Iterator[bytes]:
        yield b"one"
        raise OSError(28, "No space left on device")

    store = FolderStore(tmp_path)
    with pytest.raises(OSError, match="No space"):
        store.put("ab12", breaking())
    assert list(store.names()) == []
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_missing_blob_is_damage_in_words(tmp_path: Path) -> None:
    with pytest.raises(Damaged, match="missing from the store"):
        FolderStore(tmp_path).get("ab12")


@pytest.mark.parametrize("name", ["../ab", "a/b", "", ".ab"])
def test_a_name_cannot_lead_out_of_the_store(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="letters and figures"):
        FolderStore(tmp_path).get(name)


def test_half_written_blobs_are_swept_at_start(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.put("ab12", [b"whole"])
    (tmp_path / "ab" / ".ab34.half").write_bytes(b"half")
    assert store.sweep_temporary() == 1
    assert list(store.names()) == ["ab12"]


def test_a_folder_that_others_write_into_is_swept_by_age(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.put("ab12", [b"whole"])
    half = tmp_path / "ab" / ".ab34.half"
    half.write_bytes(b"half")
    assert store.sweep_temporary(3600) == 0
    os.utime(half, (1, 1))
    assert store.sweep_temporary(3600) == 1


def test_a_mark_says_whose_folder_it_is_and_is_no_blob(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    assert store.mark() is None
    store.set_mark("abc")
    assert store.mark() == "abc"
    assert list(store.names()) == []
