"""One worker process: opened once, then one item after another."""

import logging
import os
import secrets
from dataclasses import dataclass, replace

from forms.catalogue import Catalogue, with_own
from intake import forms_in_use
from intake.errors import FormsNotReady
from intake.forms_in_use import InUse
from intake.handling import handle
from intake.preflight import languages
from intake.sandbox.client import DocumentSandbox
from intake.sandbox.limits import Limits
from intake.sandbox.ocr import OcrSandbox
from intake.settings import Settings
from intake.stages import Tools
from intake.wiring import open_paperchain

log = logging.getLogger("paperchain.worker")


@dataclass
class _Here:
    tools: Tools | None = None
    forms: InUse | None = None
    """By what `tools` read; None where that must be found out anew before the next letter."""
    behind: bool = False
    """Whether the log was told that letters are read by an older copy of the service's own forms."""


_here = _Here()


def limits_from(settings: Settings) -> Limits:
    """The reader's limits as the service set them."""
    work = settings.work
    return Limits(
        file_bytes=work.largest_file_mb << 20,
        pages=work.most_pages,
        frames=work.most_frames,
        stream_bytes=work.largest_stream_mb * 1_000_000,
        memory_bytes=work.memory_mb << 20,
        cpu_seconds=round(work.page_seconds),
        page_pixels=work.page_megapixels * 1_000_000,
        page_side_pt=work.page_side_points,
    )


def make_tools(settings: Settings, forms: InUse | None = None) -> Tools:
    """Opens everything a worker needs. Without `forms` it reads nothing yet: by which forms is not known."""
    return Tools(
        chain=open_paperchain(settings),
        documents=_documents(settings, forms),
        ocr=OcrSandbox(languages=languages(settings).used, allow_unprotected=settings.work.allow_unprotected),
        catalogue=_catalogue(forms),
        limits=limits_from(settings),
        worker=f"{os.uname().nodename}-{os.getpid()}-{secrets.token_hex(4)}",  # containers share names and numbers
    )


def _documents(settings: Settings, forms: InUse | None) -> DocumentSandbox:
    def may_start() -> None:
        if forms is None:
            raise FormsNotReady("By which forms letters are to be read is not known yet.")
        try:
            forms_in_use.need_whole(forms)
        except FormsNotReady:
            _here.forms = None
            raise

    return DocumentSandbox(
        allow_unprotected=settings.work.allow_unprotected,
        own_forms=None if forms is None else forms.copy,
        may_start=may_start,
    )


def _catalogue(forms: InUse | None) -> Catalogue:
    """All forms of the copy: the reader leaves out what is wrong, and filing asks again (`known_forms`)."""
    return with_own(None if forms is None else forms.copy)


def start(settings: Settings) -> None:
    """Called once when the process begins."""
    try:
        _here.forms = _forms_now(settings)
    except FormsNotReady:
        _here.forms = None  # asked anew for each letter
    _here.tools = make_tools(settings, _here.forms)


def run(number: int, holder: str | None = None) -> None:
    """Does what is due for one item by its number, under the lease of `holder` or of this process."""
    if _here.tools is None:
        raise RuntimeError("start() was not called in this process")
    tools = _here.tools = _by_the_forms_of_now(_here.tools)
    handle(tools if holder is None else replace(tools, worker=holder), number)


def _by_the_forms_of_now(tools: Tools) -> Tools:
    """The tools, with a locked-in reader that begins anew where a form of the service's own was changed. Asked between two items: a
    reading is of one text. Raises FormsNotReady, and the letter waits, where it is not known by what to read.
    """
    settings, before = tools.chain.settings, _here.forms
    forms = _here.forms = _forms_now(settings)
    if before is not None and forms.copy == before.copy:
        return tools
    tools.documents.close()
    return replace(tools, documents=_documents(settings, forms), catalogue=_catalogue(forms))


def _forms_now(settings: Settings) -> InUse:
    """As `forms_in_use.now`; the log is told when letters begin to be read by an older copy, and when they no longer are."""
    forms = forms_in_use.now(settings.forms_in_use, settings.own_forms, _here.forms)
    behind = forms.stood is None
    if behind and not _here.behind:
        log.warning(
            "a file of your own forms is wrong, or their folder is away: letters are read by them as they were before"
        )
    elif _here.behind and not behind:
        log.warning("your own forms are right again: letters are read by them as they are now")
    _here.behind = behind
    return forms
