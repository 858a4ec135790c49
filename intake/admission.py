"""May this file be opened? Its size and first bytes decide here; what the parser later finds has its words here too. Pure.

Nothing here parses a document: that happens in the sandbox. Every refusal carries a sentence that says what happened and
what to do, beginning with "It", so that it can stand after "Item 3121" or under the item's own heading.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

MEBIBYTE = 1024 * 1024
# Enough to see what a file is; mail and web pages are known by their first lines.
HEAD_BYTES = 4096


class FileType(StrEnum):
    """The kinds of file that are opened."""

    PDF = "pdf"
    TIFF = "tiff"
    JPEG = "jpeg"
    PNG = "png"
    EMAIL = "email"


class RefusalCode(StrEnum):
    """Why a document cannot be used."""

    PASSWORD = "password"  # noqa: S105 - a reason, not a secret
    DAMAGED = "damaged"
    CUT_SHORT = "cut_short"
    EMPTY = "empty"
    WRONG_TYPE = "wrong_type"
    TOO_BIG = "too_big"
    TOO_MANY_PAGES = "too_many_pages"
    PAGE_TOO_BIG = "page_too_big"
    TOOK_TOO_LONG = "took_too_long"
    TOO_MUCH_MEMORY = "too_much_memory"
    PAGES_DISAGREE = "pages_disagree"
    READER_DIED = "reader_died"
    NO_PAGES = "no_pages"
    ATTACHMENT = "attachment"
    BROKEN_OFF = "broken_off"
    OUR_FAULT = "our_fault"
    STORE_DAMAGED = "store_damaged"


@dataclass(frozen=True)
class Refusal:
    """A document that cannot be used: a code for the record, a sentence for staff."""

    code: RefusalCode
    message: str


@dataclass(frozen=True)
class Unreadable:
    """How much of a document could be read before or around the damage."""

    readable: int
    pages: int


def refuse(code: RefusalCode, part: Unreadable | None = None, limit: int | None = None) -> Refusal:
    """The refusal in words. `part` and `limit` are numbers that make the sentence exact, where they are known.

    The words are made on this side of the sandbox: a sentence that came out of it would be the document's own.
    """
    return Refusal(code, _with_numbers(code, part, limit) or _SENTENCES[code])


_SENTENCES = {
    RefusalCode.PASSWORD: "It is locked with a password. Ask the sender for an unlocked copy and scan it again.",
    RefusalCode.DAMAGED: "It is damaged and cannot be opened. Scan it again, or ask the sender for another copy.",
    RefusalCode.CUT_SHORT: "It stopped part way: the end of the file is missing. Scan it again.",
    RefusalCode.EMPTY: "It is an empty file. Scan it again.",
    RefusalCode.WRONG_TYPE: (
        "It is not a scan. Paperchain reads PDF, TIFF, JPEG and PNG, and saved e-mails. Print it and scan it, or send it as a PDF."
    ),
    RefusalCode.TOO_BIG: "It is too big. Scan it in parts, or at 300 dots per inch.",
    RefusalCode.TOO_MANY_PAGES: "It has too many pages. Scan it in parts.",
    RefusalCode.PAGE_TOO_BIG: "It has a page that is too large to open. Scan it again at 300 dots per inch, on A4 or A3.",
    RefusalCode.TOOK_TOO_LONG: "It took too long to open and was stopped. Print it and scan the print.",
    RefusalCode.TOO_MUCH_MEMORY: "It needed too much memory to open and was stopped. Print it and scan the print.",
    RefusalCode.PAGES_DISAGREE: (
        "It is damaged: two ways of counting its pages do not agree. Print it and scan the print."
    ),
    RefusalCode.READER_DIED: (
        "It stopped the reader that opened it, so it may be damaged. Print it and scan the print."
    ),
    RefusalCode.NO_PAGES: "It has no pages. Scan it again.",
    RefusalCode.ATTACHMENT: (
        "It is an e-mail, and something in it cannot be opened here: another kind of file, another e-mail, or another "
        "alphabet. Print the e-mail and each attachment to PDF and add those."
    ),
    RefusalCode.BROKEN_OFF: (
        "It was being read when the computer stopped or ran out of memory, three times over. Try again when it is less "
        "busy. If it stops again, print it and scan the print."
    ),
    RefusalCode.OUR_FAULT: (
        "It could not be read because of a fault in Paperchain; the scan may be good. Try again. If it stops again, tell "
        "whoever looks after Paperchain."
    ),
    RefusalCode.STORE_DAMAGED: (
        "It is missing from the document store, or damaged there. Replace it with a new scan of the paper, or have the documents "
        "restored from a backup and try again."
    ),
}


def _with_numbers(code: RefusalCode, part: Unreadable | None, limit: int | None) -> str | None:
    """The sentence made exact, where there is something to say exactly."""
    if part and code is RefusalCode.CUT_SHORT:
        return f"It stopped part way: {part.readable} of {part.pages} pages can be read. Scan it again."
    if part and part.readable and code is RefusalCode.DAMAGED:
        return f"It is damaged: {part.readable} of {part.pages} pages can be read. Scan it again."
    if limit and code is RefusalCode.TOO_BIG:
        return f"It is too big. The most is {limit} MB. Scan it in parts, or at 300 dots per inch."
    if limit and code is RefusalCode.TOO_MANY_PAGES:
        return f"It has too many pages. The most is {limit:,}. Scan it in parts."
    return None


def admit(head: bytes, size: int, largest_bytes: int) -> FileType | Refusal:
    """What kind of document this is, or why it is not opened. `head` is the file's first HEAD_BYTES (or all of it)."""
    if size == 0:
        return refuse(RefusalCode.EMPTY)
    if size > largest_bytes:
        return refuse(RefusalCode.TOO_BIG, limit=largest_bytes // MEBIBYTE)
    if not head.strip(b"\0"):
        return Refusal(RefusalCode.DAMAGED, "It holds nothing but zeros: the scan was not saved. Scan it again.")
    kind = file_type(head)
    if kind is not None:
        return kind
    return Refusal(RefusalCode.WRONG_TYPE, _wrong_type(head))


def file_type(head: bytes) -> FileType | None:
    """The kind of document by its first bytes; its name is never asked."""
    if head.startswith(b"\xff\xd8\xff"):
        return FileType.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileType.PNG
    if head.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
        return FileType.TIFF
    # Some scanners and mail programs put a few bytes before the header; readers allow 1,024.
    # A file that is plainly something else (a zip, a program, a web page) is not a PDF for carrying the word inside.
    if b"%PDF-" in head[: 1024 + 5] and (head.lstrip()[:5] == b"%PDF-" or _other_kind(head) is None):
        return FileType.PDF
    if _is_mail(head):
        return FileType.EMAIL
    return None


_MAIL_HEAD = re.compile(rb"(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*){3,}")


def _is_mail(head: bytes) -> bool:
    """A whole e-mail as mail programs save it: header lines, a sender, and a line that only mail programs write."""
    found = _MAIL_HEAD.match(head.removeprefix(b"\xef\xbb\xbf"))
    if found is None:
        return False
    names = {line.split(b":")[0].lower() for line in found.group(0).split(b"\n") if line[:1] not in (b" ", b"\t")}
    return b"from" in names and bool(names & {b"mime-version", b"message-id", b"received"})


_PRINT_IT = "Print it and scan it, or save it as a PDF."
_OFFICE = (
    (b"word/", f"It is a Word document, not a scan. {_PRINT_IT}"),
    (b"xl/", f"It is a spreadsheet, not a scan. {_PRINT_IT}"),
    (b"ppt/", f"It is a presentation, not a scan. {_PRINT_IT}"),
    (b"mimetypeapplication/vnd.oasis.opendocument.text", f"It is a Writer document, not a scan. {_PRINT_IT}"),
    (b"mimetypeapplication/vnd.oasis.opendocument", f"It is an office document, not a scan. {_PRINT_IT}"),
    (b"mimetypeapplication/epub", f"It is an e-book, not a scan. {_PRINT_IT}"),
    (b"[Content_Types].xml", f"It is an office document, not a scan. {_PRINT_IT}"),
)
_HEADS: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", f"It is an Office document or a saved e-mail, not a scan. {_PRINT_IT}"),
    (b"{\\rtf", f"It is a text document, not a scan. {_PRINT_IT}"),
    (b"MZ", "It is a program, not a scan. Do not open it. Tell whoever looks after your computers."),
    (b"\x7fELF", "It is a program, not a scan. Do not open it. Tell whoever looks after your computers."),
    (b"#!", "It is a program, not a scan. Do not open it. Tell whoever looks after your computers."),
    (b"7z\xbc\xaf\x27\x1c", "It is a packed archive, not a scan. Unpack it and add the scans one by one."),
    (b"Rar!", "It is a packed archive, not a scan. Unpack it and add the scans one by one."),
    (b"\x1f\x8b", "It is a packed file, not a scan. Unpack it and add the scans one by one."),
    (b"GIF8", "It is a GIF picture. Save it as PNG or PDF, or scan the paper."),
    (b"BM", "It is a bitmap picture. Save it as PNG or PDF, or scan the paper."),
    (b"%!PS", f"It is a PostScript file. {_PRINT_IT}"),
    (b"\0\0\0\x0cjP  ", "It is a JPEG 2000 picture. Save it as PNG or PDF, or scan the paper."),
)
_PHOTO_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"})
_MAIL_LINE = re.compile(
    rb"\A(?:Return-Path|Received|Delivered-To|From|To|Subject|Date|MIME-Version|X-[A-Za-z-]+):", re.I
)
_PAGE_LINE = re.compile(rb"\A\s*(?:<!doctype\s+html|<html|<head|<body|<\?xml|<svg)", re.I)


def _wrong_type(head: bytes) -> str:
    return _other_kind(head) or refuse(RefusalCode.WRONG_TYPE).message


def _other_kind(head: bytes) -> str | None:
    """What else this is, in words, or None when it cannot be told."""
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        for word, sentence in _OFFICE:
            if word in head:
                return sentence
        return "It is a zip archive, not a scan. Unpack it and add the scans one by one."
    for start, sentence in _HEADS:
        if head.startswith(start):
            return sentence
    if head[4:8] == b"ftyp" and head[8:12] in _PHOTO_BRANDS:
        return "It is a phone photo in a format that cannot be read (HEIC). Send it as JPEG, or scan the paper."
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "It is a WebP picture. Save it as PNG or PDF, or scan the paper."
    if head[4:8] == b"ftyp":
        return "It is a film or sound recording, not a scan."
    text = head.removeprefix(b"\xef\xbb\xbf")
    if _MAIL_LINE.match(text):
        return "It is a piece of a saved e-mail, not a scan. Save the whole e-mail as .eml and add it, or print it and scan it."
    if _PAGE_LINE.match(text):
        return f"It is a web page, not a scan. {_PRINT_IT}"
    if _is_text(text):
        return f"It is plain text, not a scan. {_PRINT_IT}"
    return None


def _is_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    try:
        # A character may be cut at the end of the head.
        head[: max(len(head) - 3, 1)].decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not any(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)
