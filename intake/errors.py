"""What can go wrong in `intake`, each with words for staff. Never a name, a birth date or a file name in a message.

A document that cannot be used is no error: it is a `Refusal` (see `admission`). Errors here are about the machine.
"""

from records.errors import NotSetUp


class SandboxUnavailable(NotSetUp):
    """Untrusted documents cannot be locked in on this machine; the message says what is missing."""


class TesseractMissing(NotSetUp):
    """Text recognition is not installed, or lacks a language."""


class FormsNotReady(NotSetUp):
    """The forms by which letters were read cannot be loaded again just now."""


def told(error: BaseException) -> str:
    """What a log says of an error beside its kind: what to do, where the words are always the same. Nothing of any other."""
    return f" {error.message}" if isinstance(error, FormsNotReady) else ""
