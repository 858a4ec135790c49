"""An access copy made: pages of one file, covered parts burnt in, numbered, and looked into with two libraries before it is kept.

Pages are opened with the keys of one child's file alone: another family's page could not even be read (P8). Pictures and the finished PDF are
touched by locked-in processes alone.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from sqlmodel import Session

from intake.archive.bundle import CopyPage, bundle_pdf, place
from intake.archive.searchable import NotAPicture
from intake.errors import SandboxUnavailable
from intake.sandbox import wire
from intake.sandbox.host import Host, HostDied, deadline, sealed_memory
from intake.sandbox.limits import MEBIBYTE, Limits
from intake.wiring import Paperchain
from records.documents import holdings, keyring
from records.documents.areas import Area
from records.documents.envelope import fingerprint, unseal
from records.documents.tables import Document
from records.errors import ChangedMeanwhile, Damaged, RefusedByRule
from records.people import merging
from records.people.tables import ChildFile
from records.post import inbox
from records.press import Place
from records.requests import pages as page_rows
from records.requests import register
from records.requests.bundle import GROUNDS, Box, Plan, PlanPage
from records.requests.kinds import Event
from records.requests.tables import BundleMade, RequestRow
from records.vocabulary import DocumentKind

LOOK_AT_ONCE = 50
_SECONDS, _LOOK_SECONDS, _CPU = 30.0, 120.0, 100
_NOT_LOCKED = 3
Progress = Callable[[int, int], None]


class Failed(RefusedByRule):
    """The copy cannot be made, or is not what it must be; nothing was kept."""


class Burner:
    """The locked-in processes that cover and look. A context manager."""

    def __init__(self) -> None:
        self._host = Host("burn")

    def __enter__(self) -> Self:
        self._host.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._host.close()

    def burn(self, picture: bytes, boxes: Sequence[Box]) -> bytes:
        """The picture with its boxes covered for good. Raises Failed."""
        drawn = [[box.left, box.top, box.width, box.height, GROUNDS[box.code].mark] for box in boxes]
        return self._burnt(picture, {"job": "burn", "boxes": drawn})

    def cover(self, picture: bytes, areas: Sequence[Area]) -> bytes:
        """The picture, as a PNG, with these areas covered for good and every other pixel as it was. Raises Failed."""
        drawn = [[area.left, area.top, area.width, area.height] for area in areas]
        return self._burnt(picture, {"job": "cover", "boxes": drawn})

    def _burnt(self, picture: bytes, request: dict[str, Any]) -> bytes:
        message = self._do(picture, request, _SECONDS)
        if message.header.get("kind") != "burnt" or len(message.parts) != 1:
            raise Failed("A page cannot be opened, so the copy was not made. Leave it out, or ask for help.", "R65")
        return message.parts[0]

    def with_fields(self, pdf: bytes, fields: Sequence[tuple[Place, str, bool]], size: int) -> bytes:
        """A blank of our own press with fields to fill in on a screen: where, the words, whether of several lines. Raises Failed."""
        asked = [[each.page, each.name, words, list(each.box), lines] for each, words, lines in fields]
        message = self._do(pdf, {"job": "fields", "fields": asked, "size": size}, _SECONDS)
        if message.header.get("kind") != "filled" or len(message.parts) != 1:
            raise Failed("The form cannot be made now. Use the one to print.", "R70")
        return message.parts[0]

    def look(
        self, pdf: bytes, stamps: Sequence[str], boxes: dict[int, list[tuple[float, float, float, float]]]
    ) -> None:
        """Looks into a copy with two libraries: each page must say its number and no more, covered parts be dark, nothing be attached.

        Raises Failed with what is wrong.
        """
        for first in range(1, len(stamps) + 1, LOOK_AT_ONCE):
            last = min(first + LOOK_AT_ONCE - 1, len(stamps))
            some = {str(page): found for page, found in boxes.items() if first <= page <= last}
            message = self._do(pdf, {"job": "look", "first": first, "last": last, "boxes": some}, _LOOK_SECONDS)
            _believe(message.header, stamps, first, last)

    def _do(self, data: bytes, request: dict[str, Any], seconds: float) -> wire.Message:
        asked = {"limits": Limits().to_json(), "cpu_seconds": _CPU, "allow_unprotected": False, **request}
        descriptor = sealed_memory(data)
        try:
            with self._host.job(asked, [descriptor]) as job:
                try:
                    return job.receive(deadline(seconds), 64 * MEBIBYTE)
                except (wire.Ended, wire.TooSlow, wire.BadMessage):
                    pass
            if job.ending is not None and job.ending.exit_code == _NOT_LOCKED:
                raise SandboxUnavailable("This system cannot lock in the process that covers pages.")
            raise HostDied
        except HostDied:
            raise Failed(
                "A page cannot be worked on, so the copy was not made. Try again, or leave it out.", "R65"
            ) from None
        finally:
            os.close(descriptor)


def _believe(header: dict[str, Any], stamps: Sequence[str], first: int, last: int) -> None:
    found = header.get("pages")
    if header.get("kind") != "looked" or not isinstance(found, list) or len(found) != last - first + 1:
        raise Failed("The finished copy cannot be opened, so it was not kept.", "R65")
    if header.get("count") != len(stamps) or header.get("both") is not True:
        raise Failed("The finished copy does not have as many pages as it should, so it was not kept.", "R65")
    if header.get("said"):
        raise Failed("The finished copy holds more than pages, so it was not kept.", "R65")
    for number, words in enumerate(found, start=first):
        if words != [stamps[number - 1]] * 2:
            raise Failed(
                f"Page {number} of the finished copy holds text that it should not, so it was not kept.", "R65"
            )
    if header.get("light") != []:
        raise Failed("A covered part can be seen in the finished copy, so it was not kept.", "R65")


def stamp(reference: str, number: int, of: int) -> str:
    """The line below a page."""
    return f"{reference}, page {number} of {of}"


def _pages(
    chain: Paperchain, session: Session, plan: Plan, burner: Burner, reference: str, covered: dict[int, list[tuple[float, float, float, float]]],
    on_page: Progress,
) -> Iterator[CopyPage]:  # fmt: skip
    file = session.get_one(ChildFile, plan.file_id)
    keys = {each.id: keyring.open_key(session, each.key_id) for each in merging.files_of(session, file)}
    for number, page in enumerate(plan.pages, start=1):
        picture, turned = _picture(chain, session, page, keys), inbox.turned_by_hand(session, page.document_id)
        if page.boxes:
            picture = burner.burn(picture, page.boxes)
            lies = place(picture, turned)
            covered[number] = [lies.box(box.left, box.top, box.width, box.height) for box in page.boxes]
        yield CopyPage(picture, stamp(reference, number, len(plan.pages)), turned)
        on_page(number, len(plan.pages))


def _picture(chain: Paperchain, session: Session, page: PlanPage, keys: Mapping[UUID, bytes]) -> bytes:
    """A page's picture opened with the key of its file, one of this child's, whatever its row says. Damaged when it is not under it."""
    document = session.get_one(Document, page.document_id)
    plain = unseal(keys[page.file_id], chain.store.get(document.blob), document.id.bytes)
    if fingerprint(plain) != document.sha256:
        raise Damaged("A stored document does not match its fingerprint.")
    return plain


def family_copy(chain: Paperchain, session: Session, plan: Plan, *, reference: str) -> bytes:
    """Whole pages of one child's file as a PDF for the family, made and looked into as an access copy is (W18). Raises Failed."""
    with Burner() as burner:
        return _made(chain, session, plan, burner, reference, lambda done, of: None)


def _made(
    chain: Paperchain, session: Session, plan: Plan, burner: Burner, reference: str, on_page: Progress
) -> bytes:  # fmt: skip
    covered: dict[int, list[tuple[float, float, float, float]]] = {}
    try:
        pdf = b"".join(bundle_pdf(_pages(chain, session, plan, burner, reference, covered, on_page)))
    except NotAPicture:
        raise Failed("A page is no picture that can be copied. Leave it out, and say why.", "R65") from None
    count = len(plan.pages)
    burner.look(pdf, [stamp(reference, one, count) for one in range(1, count + 1)], covered)
    return pdf


def make_copy(chain: Paperchain, number: int, *, actor: str, on_page: Progress = lambda done, of: None) -> int:
    """Makes the access copy of a request, checks and keeps it under the file's key. Returns its number of pages.

    Raises RefusedByRule while a page is open or the copy is not what it must be, ChangedMeanwhile when somebody decided otherwise
    while it was made: then nothing is kept.
    """
    with chain.db.reading() as session, Burner() as burner:
        row = register.get(session, number)
        plan = page_rows.plan(session, row)
        file = session.get_one(ChildFile, plan.file_id)
        key_id, count = file.key_id, len(plan.pages)
        pdf = _made(chain, session, plan, burner, f"PC-{file.number:04d}", on_page)
        stored = holdings.put(chain.store, keyring.open_key(session, key_id), [pdf], "application/pdf")
    try:
        with chain.db.writing() as session:
            row = register.get(session, number)
            _keep(chain, session, row, plan, stored, key_id, actor)
    except BaseException:
        chain.store.delete(stored.blob)
        raise
    return count


def _keep(
    chain: Paperchain, session: Session, row: RequestRow, plan: Plan, stored: holdings.Stored, key_id: UUID, actor: str
) -> None:
    now = chain.clock.now()
    if page_rows.plan(session, row).fingerprint() != plan.fingerprint():
        raise ChangedMeanwhile("Somebody decided otherwise about a page while the copy was made. Make it again.")
    document = holdings.hold(session, stored, kind=DocumentKind.BUNDLE, key_id=key_id, at=now, file_id=plan.file_id)
    session.add(
        BundleMade(
            request_id=row.id, file_id=plan.file_id, pages_id=document.id, pages=len(plan.pages), redactions=plan.boxes,
            plan=plan.fingerprint(), made_by=actor, made_at=now,
        )
    )  # fmt: skip
    session.flush()
    register.move(session, row, Event.MADE, on=chain.clock.today(), by=actor, at=now)
