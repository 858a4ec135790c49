"""What must be right before reading begins: each check gives one sentence that says how to mend it. `doctor` asks the same."""

import shutil
import socket
import subprocess

from intake.sandbox.client import probe
from intake.settings import Settings
from records.errors import NotSetUp

APT_LINE = "apt-get install -y tesseract-ocr tesseract-ocr-eng tesseract-ocr-osd"


def need_tesseract(settings: Settings) -> str:
    """Raises NotSetUp when Tesseract or one of its languages is missing; returns its version."""
    program = shutil.which("tesseract")
    if program is None:
        raise NotSetUp(f"Tesseract is missing. Type: {APT_LINE}")
    told = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False, timeout=30)
    present = set(told.stdout.split("\n")[1:])
    missing = [language for language in settings.work.languages.split("+") if language not in present]
    if missing:
        raise NotSetUp(
            f"Tesseract lacks the language {missing[0]}. Type: apt-get install -y tesseract-ocr-{missing[0]}"
        )
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=30)
    return (version.stdout or version.stderr).split("\n")[0]


def need_sandbox(settings: Settings) -> str:
    """Raises NotSetUp when untrusted documents cannot be locked in, unless the settings allow that."""
    found = probe()
    if found.protected:
        return "documents are opened locked in"
    if settings.work.allow_unprotected:
        return "documents are opened WITHOUT protection, because [work] allow_unprotected is set"
    raise NotSetUp(
        "This system cannot lock in the reader that opens documents (it needs Linux 5.13 or newer with Landlock and seccomp). "
        "Use such a system, or set allow_unprotected = true under [work] and accept the risk."
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
