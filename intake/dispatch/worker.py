"""One worker process: opened once, then one item after another."""

import logging
import os
import secrets
from dataclasses import dataclass, replace

from forms.catalogue import with_own
from intake import own_forms
from intake.errors import FormsNotReady
from intake.handling import handle
from intake.own_forms import Standing
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
    forms: Standing | None = None
    """How the folder of the service's own forms stood when `tools` were made to read by them."""


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


def make_tools(settings: Settings) -> Tools:
    """Opens everything a worker needs."""
    chain = open_paperchain(settings)
    return Tools(
        chain=chain,
        documents=DocumentSandbox(
            allow_unprotected=settings.work.allow_unprotected,
            own_forms=settings.own_forms,
            may_start=lambda: _need_the_same_forms(settings),
        ),
        ocr=OcrSandbox(languages=languages(settings).used, allow_unprotected=settings.work.allow_unprotected),
        # All of them: the reader has left out what is wrong, and filing asks again (`known_forms`).
        catalogue=with_own(settings.own_forms),
        limits=limits_from(settings),
        worker=f"{os.uname().nodename}-{os.getpid()}-{secrets.token_hex(4)}",  # containers share names and numbers
    )


def start(settings: Settings) -> None:
    """Called once when the process begins."""
    stood = own_forms.standing(settings.own_forms)
    _here.tools = make_tools(settings)
    # Not by a folder that went away or was written to meanwhile: then nobody knows by what the tools were made.
    _here.forms = stood if own_forms.standing(settings.own_forms) == stood else None


def run(number: int, holder: str | None = None) -> None:
    """Does what is due for one item by its number, under the lease of `holder` or of this process."""
    if _here.tools is None:
        raise RuntimeError("start() was not called in this process")
    tools = _here.tools = _by_the_forms_of_now(_here.tools)
    handle(tools if holder is None else replace(tools, worker=holder), number)


def _by_the_forms_of_now(tools: Tools) -> Tools:
    """The tools, with a locked-in reader that begins anew where a form of the service's own was changed. Asked between two items: a
    reading is of one text.

    While a file of the folder is wrong that was not before, somebody is at work on it. Until it is right, letters are read by what
    was there before: read without it they would be no forms at all, and would have to be sorted by hand. So they are while the folder
    is away: read by the forms of ours that it replaced, a tick could become another consent. Where this process never knew what stood
    there, it reads nothing: FormsNotReady, and the letter waits.
    """
    folder = tools.chain.settings.own_forms
    before, now = _here.forms, own_forms.standing(folder)
    if now is None and before is None:
        raise FormsNotReady(
            "The folder of your own forms cannot be read or is not there, and what stood in it is not known. Letters wait. "
            "Bring it back; or take it out of the settings, and start Paperchain again."
        )
    if now is None or now == before or (before is not None and now.wrong - before.wrong):
        return tools
    catalogue = with_own(folder)
    if own_forms.standing(folder) != now:
        return tools  # it went away, or was written to, meanwhile: the next item asks again
    _here.forms = now
    tools.documents.close()  # the next document starts it again
    return replace(tools, catalogue=catalogue)


def _need_the_same_forms(settings: Settings) -> None:
    """Asked when the locked-in reader begins anew, for it loads its forms from the folder. Raises FormsNotReady where the folder is no longer
    as it was when the tools were made to read by it: the letter is given back and waits.
    """
    if own_forms.standing(settings.own_forms) != _here.forms:
        raise FormsNotReady(
            "The reader of documents must begin anew, and the folder of your own forms is being changed or is not there. Letters wait. "
            "Mend the folder; or start Paperchain again, and they are read by what is there."
        )
