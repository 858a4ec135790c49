"""A saved e-mail → pages: its text drawn as it would be printed, then every attachment's pages. Runs only inside the sandbox.

No page is passed over: an attachment that cannot be opened here, or writing that cannot be drawn, stops the whole e-mail.
"""

import email
import email.errors
import email.policy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from email.message import EmailMessage
from html.parser import HTMLParser

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from intake.admission import HEAD_BYTES, FileType, RefusalCode, file_type
from intake.sandbox.limits import Limits
from intake.sandbox.opening import Document, Page, Stopped

DPI = 150.0
_WIDTH, _HEIGHT, _MARGIN = 1240, 1754, 100
_SIZE, _LINE = 24, 34
_LINES_A_PAGE = (_HEIGHT - 2 * _MARGIN) // _LINE
_SHOWN = ("From", "To", "Cc", "Date", "Subject")
MOST_PARTS = 200
MOST_TEXT = 400_000
# Parts that say something about the message and show nothing to a reader.
_SILENT = frozenset({"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"})
_BROKEN = (email.errors.CloseBoundaryNotFoundDefect, email.errors.StartBoundaryNotFoundDefect)
# The last Latin letter that Pillow's own typeface draws.
_LAST_LATIN = 0x24F

Opener = Callable[[bytes], Document]


@dataclass(frozen=True)
class _Place:
    """Where a page of the e-mail comes from: drawn lines, or a page of an attachment."""

    lines: tuple[str, ...] = ()
    attachment: Document | None = None
    page: int = 0


class Mail:
    """An e-mail that was opened. See `opening.Document`."""

    def __init__(self, data: bytes, limits: Limits, open_attachment: Opener) -> None:
        try:
            message = email.message_from_bytes(data, policy=email.policy.default)
            self._places = list(_places(message, open_attachment))
        except (Stopped, MemoryError):
            raise
        except Exception:
            raise Stopped(RefusalCode.DAMAGED) from None
        self.pages = len(self._places)
        if self.pages > limits.pages:
            raise Stopped(RefusalCode.TOO_MANY_PAGES)

    def page(self, number: int) -> Page:
        """See Document.page."""
        place = self._places[number - 1]
        if place.attachment is not None:
            return replace(place.attachment.page(place.page), number=number)
        return Page(number, _drawn(place.lines), (DPI, DPI), "rendered")


def _places(message: EmailMessage, open_attachment: Opener) -> Iterator[_Place]:
    body = message.get_body(preferencelist=("plain", "html"))
    others = [part for part in _parts(message) if part is not body and not _said_twice(part, body)]
    names = [part.get_filename() or part.get_content_type() for part in others]
    text = _text(body) if isinstance(body, EmailMessage) else ""
    head = [f"{name}: {message[name]}" for name in _SHOWN if message[name]]
    head += [f"Attachment: {name}" for name in names]
    wrapped = [line for said in [*head, "", *text[:MOST_TEXT].split("\n")] for line in _wrapped(_drawable(said))]
    if len(text) > MOST_TEXT:
        raise Stopped(RefusalCode.TOO_MANY_PAGES)
    for at in range(0, len(wrapped), _LINES_A_PAGE):
        yield _Place(tuple(wrapped[at : at + _LINES_A_PAGE]))
    for part in others:
        data = part.get_payload(decode=True)
        if not isinstance(data, bytes) or file_type(data[:HEAD_BYTES]) in (None, FileType.EMAIL):
            raise Stopped(RefusalCode.ATTACHMENT)
        opened = open_attachment(data)
        for number in range(1, opened.pages + 1):
            yield _Place(attachment=opened, page=number)


def _parts(message: EmailMessage) -> list[EmailMessage]:
    """The leaves of the message that hold something for a reader. An e-mail inside an e-mail counts as one of them."""
    found: list[EmailMessage] = []
    waiting: list[EmailMessage] = [message]
    while waiting:
        part = waiting.pop()
        if any(isinstance(defect, _BROKEN) for defect in part.defects):
            raise Stopped(RefusalCode.CUT_SHORT)
        kind = part.get_content_type()
        if kind == "message/rfc822" or kind.startswith("message/"):
            raise Stopped(RefusalCode.ATTACHMENT)
        if part.is_multipart():
            waiting.extend(reversed([one for one in part.iter_parts() if isinstance(one, EmailMessage)]))
        elif kind not in _SILENT:
            found.append(part)
        if len(found) + len(waiting) > MOST_PARTS:
            raise Stopped(RefusalCode.TOO_MANY_PAGES)
    return found


def _said_twice(part: EmailMessage, body: object) -> bool:
    """Whether this is the same text in another dress, as mail programs send it beside the plain one."""
    plain = isinstance(body, EmailMessage) and body.get_content_type() == "text/plain"
    return plain and part.get_content_type() == "text/html" and not part.is_attachment() and not part.get_filename()


def _text(part: EmailMessage) -> str:
    content = part.get_content()
    if not isinstance(content, str):
        raise Stopped(RefusalCode.ATTACHMENT)
    return _without_tags(content) if part.get_content_type() == "text/html" else content.replace("\r", "")


class _Tags(HTMLParser):
    """Keeps what a reader would see, with a new line where a block begins."""

    _BLOCKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "table", "blockquote", "hr"})
    _UNSEEN = frozenset({"script", "style", "head", "title"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See HTMLParser."""
        if tag in self._UNSEEN:
            self._hidden += 1
        elif tag in self._BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """See HTMLParser."""
        if tag in self._UNSEEN:
            self._hidden = max(self._hidden - 1, 0)

    def handle_data(self, data: str) -> None:
        """See HTMLParser."""
        if not self._hidden:
            self.pieces.append(" ".join(data.split()) + (" " if data[-1:].isspace() else ""))


def _without_tags(html: str) -> str:
    tags = _Tags()
    tags.feed(html)
    tags.close()
    return "".join(tags.pieces)


def _drawable(line: str) -> str:
    """The line as it can be drawn. Raises Stopped for letters that would come out as empty boxes: nobody could read them."""
    if any(sign.isalpha() and ord(sign) > _LAST_LATIN for sign in line):
        raise Stopped(RefusalCode.ATTACHMENT)
    return "".join(sign if sign.isprintable() else " " for sign in line.expandtabs(4))


def _wrapped(line: str) -> list[str]:
    """A line cut where it no longer fits, between words if it can be."""
    font, most = ImageFont.load_default(_SIZE), _WIDTH - 2 * _MARGIN
    cut: list[str] = []
    rest = line
    while font.getlength(rest) > most:
        # Estimated first: measuring each length in turn is slow on a line of a megabyte.
        room = max(int(len(rest[:400]) * most / max(font.getlength(rest[:400]), 1)), 1)
        while room > 1 and font.getlength(rest[:room]) > most:
            room -= 1
        space = rest.rfind(" ", 1, room)
        cut.append(rest[: space if space > room // 2 else room])
        rest = rest[len(cut[-1]) :].lstrip()
    return [*cut, rest]


def _drawn(lines: tuple[str, ...]) -> "np.typing.NDArray[np.uint8]":
    paper = Image.new("L", (_WIDTH, _HEIGHT), 255)
    pen, font = ImageDraw.Draw(paper), ImageFont.load_default(_SIZE)
    for at, line in enumerate(lines):
        pen.text((_MARGIN, _MARGIN + at * _LINE), line, font=font, fill=0)
    return np.asarray(paper)
