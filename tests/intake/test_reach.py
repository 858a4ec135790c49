"""A folder is known by its mark; what stands in its place is told from it (P3)."""

from pathlib import Path

import pytest

from intake import reach
from intake.reach import Known, Shown
from records.folders.looks import Trouble

HERE, THERE = (1, 10), (2, 20)


@pytest.mark.parametrize(
    ("known", "now", "trouble"),
    [
        pytest.param(Known("ours", False, HERE), Shown("ours", False, HERE), None, id="as it was"),
        pytest.param(Known("ours", True, HERE), Shown("ours", True, THERE), None, id="mounted again, another device"),
        pytest.param(Known("ours", False, HERE), Shown(None, False, HERE), Trouble.SHOWN_EMPTY, id="shown empty"),
        pytest.param(Known("ours", False, HERE), Shown(None, False, THERE), Trouble.REPLACED, id="deleted and made again"),
        pytest.param(Known("ours", False, HERE), Shown(None, True, THERE), Trouble.REPLACED, id="mounted over"),
        pytest.param(Known("ours", True, HERE), Shown(None, False, THERE), Trouble.NOT_MOUNTED, id="not mounted"),
        pytest.param(Known("ours", True), Shown(None, False, HERE), Trouble.NOT_MOUNTED, id="not mounted at the start"),
        pytest.param(Known("ours", False), Shown(None, False, HERE), Trouble.REPLACED, id="replaced while we were down"),
        pytest.param(Known("ours", True, HERE), Shown("theirs", True, HERE), Trouble.REPLACED, id="another share"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_folder(known: Known, now: Shown, trouble: Trouble | None) -> None:
    assert reach.judge(known, now) is trouble


def test_a_scan_below_an_unmounted_share_proves_nothing() -> None:
    assert {trouble for trouble in Trouble if reach.may_be_adopted(trouble)} == {Trouble.SHOWN_EMPTY, Trouble.REPLACED}


def test_a_folder_is_known_again_by_its_mark(tmp_path: Path) -> None:
    known = reach.adopt(tmp_path, reach.shown(tmp_path))
    assert reach.judge(known, reach.shown(tmp_path)) is None
    assert reach.adopt(tmp_path, reach.shown(tmp_path)) == known


@pytest.mark.parametrize("what", ["nothing", "a file"])
def test_what_is_no_folder_cannot_be_reached(tmp_path: Path, what: str) -> None:
    if what == "a file":
        (tmp_path / "inbox").write_bytes(b"")
    with pytest.raises(OSError, match=r"No such file|Not a directory"):
        reach.shown(tmp_path / "inbox")
