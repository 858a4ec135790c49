"""The disc of the power cuts keeps what was synced, and gives no more than a real one would."""

import pytest

from tests.faults.disc import SECTOR, Act, Cut, Disc, Left, Made, Moved, Removed, Synced, Written

NEW = (Made("/new"), Written("/new", None, b"x" * 4 * SECTOR))


def disc(*acts: Act) -> Disc:
    made = Disc({"/": None, "/old": b"old"})
    for act in acts:
        made.do(act)
    return made


@pytest.mark.parametrize(
    ("acts", "left", "expected"),
    [
        pytest.param(NEW, Left.NOTHING, {"/old": b"old"}, id="nothing synced"),
        pytest.param((*NEW, Synced("/new")), Left.NOTHING, {"/old": b"old"}, id="content without its name"),
        pytest.param((*NEW, Synced("/")), Left.NOTHING, {"/old": b"old", "/new": b""}, id="name without its content"),
        pytest.param(
            (*NEW, Synced("/new"), Synced("/")), Left.NOTHING, {"/old": b"old", "/new": b"x" * 4 * SECTOR}, id="both"
        ),
        pytest.param(NEW, Left.TORN, {"/old": b"old", "/new": b"x" * 2 * SECTOR}, id="the last write torn"),
        pytest.param(NEW, Left.NAMES_ONLY, {"/old": b"old", "/new": b""}, id="names only"),
        pytest.param((Moved("/old", "/moved"),), Left.NOTHING, {"/old": b"old"}, id="a move not synced"),
        pytest.param((Moved("/old", "/moved"), Synced("/")), Left.NOTHING, {"/moved": b"old"}, id="a move synced"),
        pytest.param((Removed("/old"),), Left.NAMES_ONLY, {}, id="removed"),
        pytest.param((Written("/old", 1, b"X"), Synced("/old")), Left.NOTHING, {"/old": b"oXd"}, id="written over"),
        pytest.param((Cut("/old", 1),), Left.NOTHING, {"/old": b"old"}, id="a cut not synced"),
        pytest.param((Cut("/old", 1), Synced("/old")), Left.NOTHING, {"/old": b"o"}, id="a cut synced"),
        pytest.param(
            (Made("/a"), Made("/b"), Synced("/"), Made("/c"), Made("/d")), Left.HALF,
            {"/old": b"old", "/a": b"", "/b": b"", "/c": b""}, id="names are kept in their order",
        ),
    ],
)  # fmt: skip
def test_what_a_power_cut_leaves(acts: tuple[Act, ...], left: Left, expected: dict[str, bytes]) -> None:
    assert disc(*acts).after_power_cut(left) == {"/": None, **expected}
