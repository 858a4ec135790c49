"""What can go wrong in `intake`, each with words for staff. Never a name, a birth date or a file name in a message.

A document that cannot be used is no error: it is a `Refusal` (see `admission`). Errors here are about the machine.
"""

from records.errors import NotSetUp


class SandboxUnavailable(NotSetUp):
    """Untrusted documents cannot be locked in on this machine; the message says what is missing."""


class TesseractMissing(NotSetUp):
    """Text recognition is not installed, or lacks a language."""


class OcrFailed(Exception):
    """Text recognition took too long or broke on these pixels: the crop stays for a person.

    It says nothing about the set-up; the next crops may well be read.
    """
