"""A file is taken when it is still, written to its end, and in nobody's hands."""

import os
import signal
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.settled import HEAD_BYTES, TAIL_BYTES, Readiness, Seen, Watched, has_writer, looks_finished, observe
from tests.hostile import good, saved, sheet, tiff


def finished(data: bytes) -> bool:
    return looks_finished(
        data[:HEAD_BYTES], data[-TAIL_BYTES:], len(data), lambda at, length: data[at : at + length]
    )  # fmt: skip


WHOLE = {
    "pdf": good(3),
    "png": saved(sheet().effect_spread(20), "PNG"),
    "jpeg": saved(sheet().effect_spread(20), "JPEG"),
    "tiff": saved(sheet().effect_spread(20), "TIFF"),
    "tiff of strips": saved(sheet("1"), "TIFF", compression="group4", save_all=True, append_images=[sheet("1")]),
    "big tiff": saved(sheet(), "TIFF", big_tiff=True),
    "tiff of frames": tiff(5),
}


@pytest.mark.parametrize("kind", WHOLE)
def test_a_whole_file_is_finished(kind: str) -> None:
    assert finished(WHOLE[kind])


@pytest.mark.parametrize("kind", [kind for kind in WHOLE if kind != "tiff of frames"])
# Up to where nothing but padding would be lost.
@given(share=st.floats(0.01, 0.97))
def test_a_cut_file_is_not(kind: str, share: float) -> None:
    data = WHOLE[kind]
    assert not finished(data[: int(len(data) * share)])


@pytest.mark.parametrize(
    ("data", "whole"),
    [
        pytest.param(b"", False, id="empty"),
        pytest.param(bytes(5000), False, id="length given before its content"),
        pytest.param(b"anything else", True, id="a kind that we do not know"),
        pytest.param(good() + b"\0" * 300 + b"\r\n", True, id="padded to a block"),
        pytest.param(good()[:-2], False, id="half of the end mark"),
        pytest.param(
            b"%PDF-1.4\n1 0 obj << /Linearized 1 /L 99999 /H [1 2] >> endobj startxref\n9\n%%EOF\n", False,
            id="for the web, cut",
        ),
        pytest.param(b"%PDF-1.4\nstartxref\n99999\n%%EOF\n", False, id="cross-reference beyond the end"),
        pytest.param(tiff(3, loop=True), True, id="a loop is damage, not growth"),
    ],
)  # fmt: skip
def test_odd_ends(data: bytes, whole: bool) -> None:
    assert finished(data) is whole


@given(
    noise=st.binary(max_size=300), start=st.sampled_from([b"II*\0", b"MM\0*", b"II+\0", b"%PDF-", b"\xff\xd8\xff", b""])
)
def test_never_fails_whatever_the_bytes(noise: bytes, start: bytes) -> None:
    assert finished(start + noise) in (True, False)


def at(seconds: float, size: int = 10, mtime: int = 1, inode: int = 1) -> Seen:
    return Seen(size, mtime, inode, seconds)


READY, WAIT = Readiness.READY, Readiness.WAIT


@pytest.mark.parametrize(
    ("now", "whole", "writer", "expected", "since"),
    [
        pytest.param(at(104.9), True, False, WAIT, 100, id="not still for long enough"),
        pytest.param(at(105), True, False, READY, 100, id="still for long enough"),
        pytest.param(at(105), True, None, READY, 100, id="system cannot tell who writes"),
        pytest.param(at(900), True, True, WAIT, 100, id="a writer holds it"),
        pytest.param(at(129.9), False, False, WAIT, 100, id="unfinished, and may still arrive"),
        pytest.param(at(130), False, False, READY, 100, id="unfinished for too long: stopped with a reason"),
        pytest.param(at(130), False, True, WAIT, 100, id="unfinished with a writer"),
        pytest.param(at(105, size=11), True, False, WAIT, 105, id="it grew"),
        pytest.param(at(105, mtime=2), True, False, WAIT, 105, id="it was written over"),
        pytest.param(at(105, inode=2), True, False, WAIT, 105, id="another file under its name"),
    ],
)
def test_when_a_file_is_ready(now: Seen, whole: bool, writer: bool | None, expected: Readiness, since: float) -> None:
    before = Watched(at(102), still_since=100)
    verdict = observe(before, now, finished=whole, writer=writer, still_seconds=5, unfinished_seconds=30)
    assert (verdict.readiness, verdict.still_since) == (expected, since)
    assert verdict.reason


def test_the_first_look_waits() -> None:
    verdict = observe(None, at(100), finished=True, writer=False, still_seconds=5, unfinished_seconds=30)
    assert (verdict.readiness, verdict.still_since) == (WAIT, 100)


def test_a_writer_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    with path.open("wb") as writing, path.open("rb") as reading:
        writing.write(b"%PDF")
        assert has_writer(reading.fileno()) is True
        writing.close()
        assert has_writer(reading.fileno()) is False


def test_what_cannot_be_leased_is_not_known() -> None:
    reading, writing = os.pipe()
    try:
        assert has_writer(reading) is None
    finally:
        os.close(reading)
        os.close(writing)


def test_asking_never_ends_us_while_others_open_the_file(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(b"%PDF")
    stop = threading.Event()

    def open_and_close() -> None:
        while not stop.is_set():
            path.open("ab").close()

    other = threading.Thread(target=open_and_close)
    assert signal.getsignal(signal.SIGIO) is signal.SIG_DFL
    with path.open("rb") as reading:
        other.start()
        answers = {has_writer(reading.fileno()) for _ in range(2000)}
        stop.set()
        other.join()
    assert answers <= {True, False}
    assert answers
