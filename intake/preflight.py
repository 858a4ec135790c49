"""What must be right before reading begins: each check gives one sentence that says how to mend it. `doctor` asks the same."""

import shutil
import socket
import subprocess
from dataclasses import dataclass
from importlib import metadata

from intake.sandbox.client import probe
from intake.settings import Settings
from records.errors import NotSetUp

STANDARD = "eng"
APT_LINE = "apt-get install -y tesseract-ocr tesseract-ocr-eng tesseract-ocr-osd"


def need_tesseract() -> str:
    """Raises NotSetUp when Tesseract is missing; returns its version."""
    program = shutil.which("tesseract")
    if program is None:
        raise NotSetUp(f"Tesseract is missing. Type: {APT_LINE}")
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=30)
    return (version.stdout or version.stderr).split("\n")[0]


@dataclass(frozen=True)
class Languages:
    """The language packs that are set: those that are there, and those that are not."""

    there: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def used(self) -> str:
        """What letters are read with. A missing pack never stops reading: without any they are read as English, or not at all."""
        return "+".join(self.there) or STANDARD

    @property
    def advice(self) -> str | None:
        """Which packages bring what is missing; None when nothing is."""
        if not self.missing:
            return None
        packages = " ".join(f"tesseract-ocr-{name.lower().replace('_', '-')}" for name in self.missing)
        return (
            f"Letters are read without {', '.join(self.missing)}: its language pack is not installed, or has another name. "
            f"Type: apt-get install -y {packages}"
        )


def languages(settings: Settings) -> Languages:
    """Which of the language packs that are set Tesseract has. All are missing where there is no Tesseract."""
    program, wanted = shutil.which("tesseract"), tuple(dict.fromkeys(filter(None, settings.work.languages.split("+"))))
    if program is None:
        return Languages((), wanted)
    told = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False, timeout=30)
    present = set(told.stdout.split("\n")[1:])
    return Languages(
        tuple(name for name in wanted if name in present), tuple(name for name in wanted if name not in present)
    )


def need_languages(settings: Settings) -> str:
    """Raises NotSetUp naming the packages of the packs that are missing; returns those that are there. Asked by `doctor` alone."""
    found = languages(settings)
    if found.advice is not None:
        raise NotSetUp(found.advice)
    return f"letters are read with {found.used}"


SAFE_PDFMINER = 20260107
"""An older one runs code that a document brings along (CVE-2025-64512)."""


def need_safe_parsers(version: str | None = None) -> None:
    """Raises NotSetUp where a library that opens documents has a hole that is known to let them take it over (P16). `version`: of pdfminer.six,
    else the one that is installed; it is not loaded for this."""
    found = metadata.version("pdfminer.six") if version is None else version
    if not found[:8].isdecimal() or int(found[:8]) < SAFE_PDFMINER:
        raise NotSetUp(
            f"pdfminer.six {found} lets a document run code; {SAFE_PDFMINER} or newer is needed. Run script/run again."
        )


def need_sandbox(settings: Settings) -> str:
    """Raises NotSetUp when untrusted documents cannot be locked in, unless the settings allow that, or are opened by a library that is not safe."""
    need_safe_parsers()
    found = probe()
    if found.protected:
        return "documents are opened in a process that is locked down"
    if settings.work.allow_unprotected:
        return "documents are opened WITHOUT protection, because [work] allow_unprotected is set"
    raise NotSetUp(
        "This system cannot lock in the reader that opens documents (it needs Linux 5.13 or newer with Landlock and seccomp; "
        "a container's own list of system calls may forbid them). Use such a system, or set allow_unprotected = true under [work] and accept the risk."
    )


def need_port(settings: Settings) -> None:
    """Raises NotSetUp when the desk's port is taken."""
    desk = settings.desk
    family = socket.AF_INET6 if ":" in desk.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((desk.host, desk.port))
        except OSError:
            raise NotSetUp(
                f"Port {desk.port} on {desk.host} is in use. Stop the other program, or set another port: PAPERCHAIN_DESK__PORT=8766."
            ) from None
