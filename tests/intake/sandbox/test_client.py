"""The document sandbox: locked in, checked at the border, and never brought down by what it opens."""

import contextlib
import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from forms.results import PageKind, PageReading
from intake.admission import RefusalCode
from intake.sandbox.client import DocumentSandbox, PageResult, Progress, hear_group, probe
from intake.sandbox.limits import Limits
from intake.sandbox.wire import BadMessage, Message
from tests.hostile import PLAIN_PAGE, good, many_strokes, page_tree, pdf, saved, sheet, stream

LIMITS = Limits()
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[DocumentSandbox]:
    with DocumentSandbox(reader="none") as made:
        made.read(good(), LIMITS, lambda page: None)
        yield made


def test_every_way_out_is_shut(sandbox: DocumentSandbox) -> None:
    found = sandbox.probe()
    assert found.open_doors == ()
    assert found.protected
    assert len(found.attempts) >= 12


def test_an_unlocked_process_would_be_noticed() -> None:
    """The same attempts, made by a process that is not locked in."""
    script = (
        "import os; from intake.sandbox.probing import attempts; print(sum(a.blocked for a in attempts(os.getppid())))"
    )
    told = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(told.stdout) <= 4


def test_this_machine_is_protected() -> None:
    assert probe().protected


NO_LANDLOCK = """
import ctypes, struct, sys
from intake.errors import SandboxUnavailable
from intake.sandbox.client import DocumentSandbox
from intake.sandbox.limits import Limits
from tests.hostile import good
# Landlock's first call answers "no such call", as on an old kernel.
steps = [(0x20, 0, 0, 0), (0x15, 0, 1, 444), (0x06, 0, 0, 0x00050026), (0x06, 0, 0, 0x7FFF0000)]
code = b"".join(struct.pack("=HBBI", *step) for step in steps)
class Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))
libc = ctypes.CDLL(None)
assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, ctypes.byref(Program(len(steps), code)), 0, 0) == 0
with DocumentSandbox(reader="none") as sandbox:
    try:
        sandbox.read(good(), Limits(), print)
        print("read")
    except SandboxUnavailable as error:
        print("refused")
with DocumentSandbox(reader="none", allow_unprotected=True) as sandbox:
    print(sandbox.read(good(), Limits(), lambda page: None).refusal)
"""


def test_no_document_is_opened_without_protection_unless_told_to() -> None:
    told = subprocess.run([sys.executable, "-c", NO_LANDLOCK], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["refused", "None"]


def test_pages_come_one_by_one_with_their_pictures(sandbox: DocumentSandbox) -> None:
    pages: list[PageResult] = []
    result = sandbox.read(good(3), LIMITS, pages.append)
    assert (result.pages, result.refusal, result.digital) == (3, None, False)
    assert [(page.number, page.of) for page in pages] == [(1, 3), (2, 3), (3, 3)]
    for page in pages:
        shown = Image.open(io.BytesIO(page.preview))
        assert shown.size == (page.width, page.height)
        assert page.reading.kind is PageKind.OTHER


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_a_picture_keeps_nothing_of_the_file_it_came_from(sandbox: DocumentSandbox, kind: str) -> None:
    exif = Image.Exif()
    exif[270] = "Invented Canary"
    pages: list[PageResult] = []
    sandbox.read(saved(sheet("RGB"), kind, exif=exif), LIMITS, pages.append)
    assert b"Canary" not in pages[0].preview
    assert not Image.open(io.BytesIO(pages[0].preview)).getexif()


def test_a_fax_is_shown_with_square_dots(sandbox: DocumentSandbox) -> None:
    pages: list[PageResult] = []
    sandbox.read(saved(sheet("1", (1728, 1145)), "TIFF", dpi=(204, 98)), LIMITS, pages.append)
    assert pages[0].width / pages[0].height == pytest.approx((1728 / 204) / (1145 / 98), rel=0.01)


def test_refusals_come_back_in_words(sandbox: DocumentSandbox) -> None:
    refusal = sandbox.read(page_tree(b"3 0 R", 2, PLAIN_PAGE), LIMITS, lambda page: None).refusal
    assert refusal is not None
    assert refusal.code is RefusalCode.PAGES_DISAGREE
    assert sandbox.read(b"", LIMITS, lambda page: None).refusal is not None


def test_no_page_is_dropped_silently(sandbox: DocumentSandbox) -> None:
    broken = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R >>"
    tree = b"<< /Type /Pages /Kids [3 0 R 4 0 R 3 0 R] /Count 3 >>"
    data = pdf([b"<< /Type /Catalog /Pages 2 0 R >>", tree, PLAIN_PAGE, broken, stream(b"x", b"/Filter /FlateDecode")])
    pages: list[PageResult] = []
    result = sandbox.read(data, LIMITS, pages.append)
    assert [page.number for page in pages] == [1, 3]
    assert result.refusal is not None
    assert "2 of 3 pages can be read" in result.refusal.message


def test_a_warm_document_costs_little(sandbox: DocumentSandbox) -> None:
    data = good()
    took = []
    for _ in range(10):
        started = time.perf_counter()
        sandbox.read(data, LIMITS, lambda page: None)
        took.append(time.perf_counter() - started)
    # About 0.03 s where nothing else runs; the middle one, with room for a busy machine.
    assert sorted(took)[5] < 0.25


def test_the_warm_parent_is_started_again(sandbox: DocumentSandbox) -> None:
    before = sandbox.host_pid
    assert before is not None
    os.kill(before, signal.SIGKILL)
    assert sandbox.read(good(), LIMITS, lambda page: None).refusal is None
    assert sandbox.host_pid != before


def test_a_parent_that_dies_in_mid_document_costs_no_page(sandbox: DocumentSandbox) -> None:
    pages: list[PageResult] = []

    def keep(page: PageResult) -> None:
        pages.append(page)
        if page.number == 3 and sandbox.host_pid:
            os.kill(sandbox.host_pid, signal.SIGKILL)

    assert sandbox.read(good(8), LIMITS, keep).refusal is None
    assert [page.number for page in pages] == list(range(1, 9))


def children(sandbox: DocumentSandbox) -> list[int]:
    """The processes that read groups of pages."""
    parent = sandbox.host_pid
    return [int(each) for each in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_process_that_something_outside_ends_costs_no_page(sandbox: DocumentSandbox, how: signal.Signals) -> None:
    pages: list[PageResult] = []
    ended: list[int] = []

    def keep(page: PageResult) -> None:
        pages.append(page)
        if page.number == 5:
            ended.extend(children(sandbox))
            for each in children(sandbox):
                os.kill(each, how)

    assert sandbox.read(good(20), LIMITS, keep).refusal is None
    assert ended
    assert [page.number for page in pages] == list(range(1, 21))


def test_a_document_whose_process_is_ended_again_and_again_stops(sandbox: DocumentSandbox) -> None:
    """It is set aside with its reason, and does not go round for ever."""
    over = threading.Event()
    ended: set[int] = set()

    def shoot() -> None:
        while not over.is_set():
            for each in children(sandbox):
                ended.add(each)
                with contextlib.suppress(ProcessLookupError):  # gone since the list was made
                    os.kill(each, signal.SIGKILL)
            time.sleep(0.01)

    shooting = threading.Thread(target=shoot)
    shooting.start()
    refusal = sandbox.read(many_strokes(), LIMITS, lambda page: None).refusal
    over.set()
    shooting.join()
    assert refusal is not None
    assert refusal.code is RefusalCode.READER_DIED
    assert len(ended) == 2


def test_a_caller_that_fails_leaves_the_sandbox_usable(sandbox: DocumentSandbox) -> None:
    def fail(page: PageResult) -> None:
        raise KeyError(page.number)

    with pytest.raises(KeyError):
        sandbox.read(good(2), LIMITS, fail)
    assert sandbox.read(good(2), LIMITS, lambda page: None).refusal is None


def test_what_takes_too_long_by_the_clock_is_ended(sandbox: DocumentSandbox) -> None:
    slow = Limits(cpu_seconds=60, cpu_seconds_a_page=0, wall_factor=0.02)
    started = time.monotonic()
    refusal = sandbox.read(many_strokes(), slow, lambda page: None).refusal
    assert refusal is not None
    assert refusal.code is RefusalCode.TOOK_TOO_LONG
    assert time.monotonic() - started < 10


def test_two_threads_take_turns(sandbox: DocumentSandbox) -> None:
    results: list[int] = []

    def read(pages: int) -> None:
        results.append(sandbox.read(good(pages), LIMITS, lambda page: None).pages)

    threads = [threading.Thread(target=read, args=(pages,)) for pages in (1, 2, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [1, 2, 5]


@pytest.mark.slow
def test_a_long_scan_stays_within_its_memory(sandbox: DocumentSandbox) -> None:
    paper = saved(sheet("L", (2480, 3508)).effect_spread(3), "JPEG")
    image = stream(
        paper, b"/Type /XObject /Subtype /Image /Width 2480 /Height 3508 /ColorSpace /DeviceGray /BitsPerComponent 8 "
        b"/Filter /DCTDecode",
    )  # fmt: skip
    count = 200
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R /Resources << /XObject << /I %d 0 R >> >> >>"
    drawn = stream(b"595 0 0 842 0 0 cm /I Do")
    kids = b" ".join(b"%d 0 R" % (4 + n) for n in range(count))
    pages = [page % (4 + count + n) for n in range(count)]
    data = page_tree(kids, count, drawn, *pages, *[image] * count)
    seen: list[int] = []
    result = sandbox.read(data, LIMITS, lambda page: seen.append(page.number))
    assert result.refusal is None
    assert seen == list(range(1, count + 1))
    # Beside it there is the document itself, once in memory of the core and once in the memory file.
    assert result.memory_bytes + 2 * len(data) < 500 * 1024 * 1024


def test_the_sandbox_works_for_an_ordinary_user(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        assert probe().protected
        return
    # An interpreter in root's own folder is out of an ordinary user's reach; the system's own is not.
    script = "from intake.sandbox.client import probe; print(probe().protected)"
    paths = os.pathsep.join([str(ROOT), *(path for path in sys.path if path.endswith("site-packages"))])
    as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "env", f"PYTHONPATH={paths}"]
    for interpreter in (sys.executable, "/usr/bin/python3"):
        usable = subprocess.run(
            [*as_nobody, interpreter, "-c", "import numpy, pypdfium2"], capture_output=True, check=False
        )
        if usable.returncode == 0:
            told = subprocess.run(
                [*as_nobody, interpreter, "-c", script], capture_output=True, text=True, check=False, cwd="/"
            )
            assert told.stdout.strip() == "True", told.stderr
            return
    pytest.skip("no interpreter here can be used by an ordinary user")


class Lying:
    """A child that was taken over: says whatever it is told to say."""

    def __init__(self, *messages: Message) -> None:
        self._messages = list(messages)

    def receive(self, deadline: float, most_bytes: int) -> Message:
        return self._messages.pop(0)


OPENED = Message({"kind": "opened", "pages": 2, "digital": False})
READING = PageReading(1, PageKind.OTHER).to_json()
PICTURE = saved(sheet("L", (40, 50)), "PNG")


def page(*crops: bytes, **changes: object) -> Message:
    header = {
        "kind": "page", "number": 1, "of": 2, "width": 40, "height": 50, "dpi": [100, 100], "type": "image/png",
        "reading": READING, "crops": [],
    }  # fmt: skip
    return Message({**header, **changes}, (PICTURE, *crops))


def hear(*messages: Message) -> list[PageResult]:
    pages: list[PageResult] = []
    hear_group(Lying(*messages), LIMITS, 2, 0.0, Progress(), pages.append)  # type: ignore[arg-type]  # a stand-in
    return pages


def test_an_honest_message_is_taken() -> None:
    crop = page(PICTURE, crops=["contact_by_email"])
    (found,) = hear(OPENED, crop, Message({"kind": "end"}))
    assert found.crops == {"contact_by_email": PICTURE}


@pytest.mark.parametrize(
    "messages",
    [
        pytest.param([page()], id="page before the document was opened"),
        pytest.param([Message({"kind": "opened", "pages": 1001, "digital": False})], id="too many pages"),
        pytest.param([Message({"kind": "opened", "pages": True, "digital": False})], id="pages that are no number"),
        pytest.param([OPENED, Message({"kind": "opened", "pages": 3, "digital": False})], id="page count that changes"),
        pytest.param([OPENED, page(number=2)], id="page out of turn"),
        pytest.param([OPENED, page(of=3)], id="another page count"),
        pytest.param([OPENED, page(width=41)], id="picture of another size"),
        pytest.param([OPENED, page(type="text/html")], id="picture that is a web page"),
        pytest.param([OPENED, page(type="image/jpeg")], id="picture that is another kind"),
        pytest.param([OPENED, page(dpi=[0, 100])], id="no resolution"),
        pytest.param([OPENED, page(dpi=None)], id="resolution left out"),
        pytest.param([OPENED, page(crops=["contact_by_email"])], id="crop that is not there"),
        pytest.param([OPENED, page(PICTURE)], id="crop without a name"),
        pytest.param([OPENED, page(PICTURE, crops=["../../etc"])], id="name that is a path"),
        pytest.param([OPENED, page(PICTURE, PICTURE, crops=["a", "a"])], id="name twice"),
        pytest.param([OPENED, page(b"<svg/>", crops=["a"])], id="crop that is no picture"),
        pytest.param([OPENED, page(reading={**READING, "number": 2})], id="reading of another page"),
        pytest.param([OPENED, page(reading={**READING, "kind": "consent"})], id="reading of no kind"),
        pytest.param([OPENED, page(reading={**READING, "turned": 45})], id="turned by 45 degrees"),
        pytest.param([OPENED, page(reading={**READING, "reason": ["x"]})], id="reason that is no text"),
        pytest.param([OPENED, page(reading={**READING, "reason": "x" * 3000})], id="reason too long"),
        pytest.param([OPENED, page(reading={**READING, "template_sum": "the text in use"})], id="sum that is none"),
        pytest.param([OPENED, page(reading={**READING, "template_sum": 16})], id="sum that is no text"),
        pytest.param([OPENED, page(reading=None)], id="no reading"),
        pytest.param([OPENED, Message({"kind": "unreadable", "number": 1, "code": "<b>"})], id="code of its own"),
        pytest.param(
            [OPENED, Message({"kind": "unreadable", "number": 2, "code": "damaged"})], id="unreadable out of turn"
        ),
        pytest.param([Message({"kind": "refused", "code": "come in"})], id="refusal of its own"),
        pytest.param([Message({"kind": "end"})], id="end before the beginning"),
        pytest.param([Message({})], id="nothing"),
        pytest.param(
            [OPENED, page(), page(number=2, reading={**READING, "number": 2}), page(number=3)], id="page too many"
        ),
    ],
)
def test_a_lie_is_not_taken(messages: list[Message]) -> None:
    with pytest.raises(BadMessage):
        hear(*messages)


def test_a_document_that_other_programs_kept_from_the_machine_is_tried_again(sandbox: DocumentSandbox) -> None:
    pages: list[int] = []
    stopped = threading.Event()
    slow = Limits(cpu_seconds=20, cpu_seconds_a_page=0, wall_factor=0.1)
    over = slow.group_wall_seconds(4) + 1  # by the clock: nothing but time ends a group that computes nothing

    def keep(page: PageResult) -> None:
        pages.append(page.number)
        if page.number == 2 and not stopped.is_set():
            stopped.set()
            time.sleep(over)  # as on a machine that lets nobody on

    assert sandbox.read(good(4), slow, keep).refusal is None
    assert stopped.is_set() and pages == [1, 2, 3, 4]
