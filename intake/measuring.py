"""Reads a folder of labelled scans through the sandbox and scores it, several files at once."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from time import perf_counter

from forms.accuracy.scoring import Case, ScanRead, Score, score_scan
from forms.accuracy.truth import FileTruth, FormTruth, TruthError, file_truths, form_truths
from forms.accuracy.worst import WHOLE_PAGE, Choice, Shown
from forms.catalogue import Catalogue
from forms.results import FormReading
from forms.template import Template
from intake.paged import PagedReader
from intake.reader import OneFile
from intake.sandbox.client import PageResult
from intake.settings import Settings
from records.errors import RecordsError

TRUTH, KINDS = "truth.jsonl", ("pages.jsonl", "files.jsonl")


class NotLabelled(RecordsError):
    """The folder cannot be scored; the message says why and what to do."""


@dataclass(frozen=True)
class Labelled:
    """One scan with its truth. `kinds` where the folder says what each page is."""

    path: Path
    forms: tuple[FormTruth, ...]
    kinds: FileTruth | None


@dataclass
class Measured:
    """What came of a folder. `seconds`: pages and seconds of each file."""

    scores: dict[str, Score] = field(default_factory=dict)
    shown: list[Shown] = field(default_factory=list)
    choice: Choice = field(default_factory=Choice)
    seconds: list[tuple[int, float]] = field(default_factory=list)
    forms: int = 0
    unusable: int = 0


Result = tuple[Labelled, OneFile, tuple[PageResult, ...], float]


def labelled(folder: Path) -> list[Labelled]:
    """The scans of a folder that are labelled. Raises NotLabelled."""
    if not folder.is_dir():
        raise NotLabelled(f"There is no folder {folder}.")
    if not (folder / TRUTH).is_file():
        raise NotLabelled(
            f"There is no {TRUTH} in {folder}: it says what is right, one line a form (see samples/README.md)."
        )
    try:
        forms = form_truths(_lines(folder / TRUTH))
        kinds = [one for name in KINDS if (folder / name).is_file() for one in file_truths(_lines(folder / name), name)]
    except TruthError as error:
        raise NotLabelled(str(error)) from None
    by_file = {one.file: one for one in kinds}
    names = sorted({one.file for one in forms} | set(by_file))
    missing = sum(not (folder / Path(name).name).is_file() for name in names)
    if missing:
        raise NotLabelled(
            f"{missing} of the {len(names)} scans that are labelled are not in {folder}. Copy them there."
        )
    if not names:
        raise NotLabelled(f"The {TRUTH} in {folder} holds no form.")
    return [
        Labelled(folder / Path(name).name, tuple(one for one in forms if one.file == name), by_file.get(name))
        for name in names
    ]


def measure(
    scans: Sequence[Labelled], settings: Settings, workers: int, each: Callable[[], None] = lambda: None
) -> Measured:
    """Reads and scores the scans, `workers` of them at once. `each` is called after every scan."""
    measured = Measured(forms=sum(len(scan.forms) for scan in scans))
    with ExitStack() as stack:
        free: SimpleQueue[PagedReader] = SimpleQueue()
        readers = [stack.enter_context(PagedReader(settings)) for _ in range(min(workers, len(scans)))]
        for reader in readers:
            reader.read(scans[0].path)  # the first file would else pay for the loading of the models
            free.put(reader)
        catalogue = readers[0].catalogue
        combs = in_figure_boxes(catalogue.templates())

        def one(scan: Labelled) -> Result:
            mine = free.get()
            try:
                started = perf_counter()
                found, pages = mine.read_with_pages(scan.path)
                return scan, found, pages, perf_counter() - started
            finally:
                free.put(mine)

        pool = ThreadPoolExecutor(max_workers=max(1, workers))
        stack.callback(pool.shutdown, wait=True, cancel_futures=True)
        for scan, found, pages, seconds in _in_order(pool, one, scans, 2 * workers):
            _add(measured, scan, found, pages, combs, catalogue)
            measured.seconds.append((len(pages), seconds))
            each()
    return measured


def in_figure_boxes(templates: Iterable[Template]) -> frozenset[tuple[str, str, str]]:
    """Form, edition and field of each date with a box for every figure: another edition of a form may have slashes there, and another goal."""
    return frozenset((form.id, form.edition, one.id) for form in templates for one in form.fields if one.comb)


def _in_order(
    pool: ThreadPoolExecutor, one: Callable[[Labelled], Result], scans: Sequence[Labelled], ahead: int
) -> Iterator[Result]:
    """Results in the order of the scans, with no more pages waiting in memory than `ahead` scans hold."""
    waiting: deque[Future[Result]] = deque()
    for scan in scans:
        waiting.append(pool.submit(one, scan))
        if len(waiting) >= ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _add(
    measured: Measured, scan: Labelled, found: OneFile, pages: Sequence[PageResult],
    combs: frozenset[tuple[str, str, str]], catalogue: Catalogue,
) -> None:  # fmt: skip
    forms = tuple(
        FormReading(part.form, part.edition or "", part.pages, part.fields) for part in found.parts if part.form
    )
    measured.unusable += found.error is not None
    read = ScanRead(forms, tuple(page.reading for page in pages), found.error)
    for difficulty, score in score_scan(scan.path.name, scan.forms, scan.kinds, read, combs).items():
        measured.scores.setdefault(difficulty, Score()).add(score)
        for case in measured.choice.of(score.cases):
            measured.shown.append(_with_picture(case, pages, forms, catalogue))


def _with_picture(
    case: Case, pages: Sequence[PageResult], forms: Sequence[FormReading], catalogue: Catalogue
) -> Shown:  # fmt: skip
    page = next((each for each in pages if each.number == case.page), None)
    if page is None:
        return Shown(case)
    if case.what in WHOLE_PAGE or case.field is None:
        return Shown(case, page.preview, page.preview_type)
    form = next((each for each in forms if case.page in each.pages and case.field in each.fields), None)
    question = catalogue.get(form.form, form.edition).field(case.field).short if form else ""
    return Shown(case, page.crops.get(case.field), "image/png", question)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise NotLabelled(f"{path.name} cannot be read as text.") from None
