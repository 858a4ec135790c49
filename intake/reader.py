"""Reading files without storing anything: the sandbox, text recognition and assembly put together for one file at a time."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from forms.catalogue import with_own
from forms.results import FieldReading, FormReading
from forms.suggest import suggest
from forms.writing.places import dates_of
from intake import admission
from intake.admission import Refusal
from intake.dispatch.worker import limits_from
from intake.preflight import languages, need_sandbox, need_tesseract
from intake.sandbox.client import DocumentSandbox, PageResult
from intake.sandbox.ocr import OcrSandbox
from intake.settings import Settings
from intake.stacks import pieces
from records.clock import Clock

OCR_PREFIX = "ocr:"


@dataclass(frozen=True)
class Found:
    """One form, or one run of pages that are none. `notes`: what a person must know of the form as a whole, in sentences."""

    pages: tuple[int, ...]
    form: str | None = None
    edition: str | None = None
    reason: str | None = None
    fields: Mapping[str, FieldReading] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class OneFile:
    """What a file held, or why it cannot be used. `name` is without folders."""

    name: str
    parts: tuple[Found, ...] = ()
    error: str | None = None


class Reader:
    """Opens files in the sandbox and reads the forms in them."""

    def __init__(self, settings: Settings, only_form: str | None = None) -> None:
        need_tesseract()
        need_sandbox(settings)
        self._limits = limits_from(settings)
        self._only = only_form
        self._catalogue = with_own(settings.own_forms)
        # These files were not received: dates in them are judged as of today.
        self._today = Clock().today()
        self._stack = ExitStack()
        work = settings.work
        self._documents = self._stack.enter_context(
            DocumentSandbox(allow_unprotected=work.allow_unprotected, own_forms=settings.own_forms)
        )
        self._ocr = self._stack.enter_context(
            OcrSandbox(languages=languages(settings).used, allow_unprotected=work.allow_unprotected)
        )

    def __enter__(self) -> "Reader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def read(self, path: Path) -> OneFile:
        """Reads one file; a file that cannot be used is an answer, not an error."""
        try:
            data = path.read_bytes()
        except OSError as error:
            return OneFile(path.name, error=f"It cannot be opened: {(error.strerror or 'unknown reason').lower()}.")
        admitted = admission.admit(data[: admission.HEAD_BYTES], len(data), self._limits.file_bytes)
        if isinstance(admitted, Refusal):
            return OneFile(path.name, error=admitted.message)
        pages: list[PageResult] = []
        result = self._documents.read(data, self._limits, pages.append)
        if result.refusal is not None:
            return OneFile(path.name, error=result.refusal.message)
        pages.sort(key=lambda page: page.number)
        return OneFile(path.name, tuple(self._parts(pages)))

    def _parts(self, pages: list[PageResult]) -> list[Found]:
        crops = {(page.number, name): crop for page in pages for name, crop in page.crops.items()}
        parts = []
        for found in (piece.found for piece in pieces([page.reading for page in pages], self._catalogue)):
            if not isinstance(found, FormReading):
                parts.append(Found(found.pages, reason=found.reason))
            elif self._only and found.form != self._only:
                parts.append(Found(found.pages, reason=f"This is {found.form}, which was not asked for."))
            else:
                read = self._with_writing(found, crops)
                parts.append(Found(read.pages, read.form, read.edition, None, read.fields, read.notes))
        return sorted(parts, key=lambda part: min(part.pages))

    def _with_writing(self, found: FormReading, crops: Mapping[tuple[int, str], bytes]) -> FormReading:
        prepared = {
            name: crops[field.page, OCR_PREFIX + name]
            for name, field in found.fields.items()
            if (field.page, OCR_PREFIX + name) in crops
        }
        dates = dates_of(self._catalogue.get(found.form, found.edition))
        texts = self._ocr.lines(prepared, dates, self._today.year) if prepared else {}
        return suggest(found, texts, self._today)
