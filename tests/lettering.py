"""A letter as it waits in the post, and a stand-in for text recognition. Invented people only."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from forms.catalogue import load_catalogue
from intake import sorting
from intake.sandbox.limits import Limits
from intake.sorting import ForFile, SortedAs
from intake.stages import Tools
from intake.wiring import Paperchain
from records.custody.proposal import ProposalKind
from records.documents import holdings
from records.documents.envelope import new_key
from records.documents.text.index import Word
from records.people import register
from records.people.tables import ChildFile
from records.post import inbox
from records.post.tables import Page, Part
from records.vocabulary import DocumentKind, ItemState, PartKind, PartState, Source
from tests.builders import CHILD
from tests.hostile import saved, sheet

CATALOGUE = load_catalogue()
PICTURE = saved(sheet(size=(400, 600)), "JPEG")
HERE = "this worker"
SCAN = b"a scan"


def said(text: str) -> list[Word]:
    return [Word(word, 10 * at, 20, 9, 18, 0) for at, word in enumerate(text.split())]


@dataclass
class Recognising:
    """Stands in for text recognition: the same words on every page, nothing, a fault, or something that happens meanwhile."""

    words: list[Word] | None = field(default_factory=lambda: said("Dear Quill I want a copy of my records"))
    fault: Exception | None = None
    meanwhile: Callable[[], None] | None = None
    times: int = 0
    turned: int = 0

    def page_words(self, picture: bytes, turned: int = 0) -> list[Word] | None:
        assert picture == PICTURE
        self.times += 1
        self.turned = turned
        if self.fault is not None:
            raise self.fault
        if self.meanwhile:
            self.meanwhile()
        return self.words


def tools(chain: Paperchain, ocr: Recognising) -> Tools:
    return Tools(chain, None, ocr, CATALOGUE, Limits(), HERE)  # type: ignore[arg-type]  # stand-ins


def letter(chain: Paperchain, pages: int = 1, kind: PartKind = PartKind.OTHER, scan: bytes = SCAN) -> tuple[int, UUID]:
    """An item of one part that was read and waits to be sorted."""
    key, key_id = new_key(), uuid4()
    stored = holdings.put(chain.store, key, [scan], "application/octet-stream")
    with chain.db.writing() as session:
        now = chain.clock.now()
        item = inbox.take_in(
            session, claim_id=uuid4(), key_id=key_id, key=key, scan=stored, name=f"{CHILD}.pdf", source=Source.FOLDER,
            actor="system", at=now,
        )  # fmt: skip
        inbox.move(session, item, ItemState.READING, actor="system", at=now)
        part = Part(item_id=item.id, kind=kind, state=PartState.TO_SORT, read_at=now)
        session.add(part)
        for number in range(1, pages + 1):
            picture = holdings.put(chain.store, key, [PICTURE], "image/jpeg")
            holdings.hold(
                session, picture, kind=DocumentKind.PAGE, key_id=key_id, at=now, item_id=item.id, part_id=part.id,
                page=number,
            )  # fmt: skip
            session.add(
                Page(
                    item_id=item.id, part_id=part.id, number=number, sheet=number, kind="other", picture_id=picture.id,
                    width=400, height=600, dpi=72.0,
                )
            )  # fmt: skip
        item.pages, item.read_at = pages, now
        session.flush()
        inbox.settle(session, item, actor="system", at=now)
        return item.number, part.id


def filed(chain: Paperchain, number: int, part: UUID, officer: UUID | None = None) -> ChildFile:
    officer = officer or uuid4()
    with chain.db.writing() as session:
        file = register.open_file(
            session, officer_id=officer, child_name=CHILD, actor=str(officer), at=chain.clock.now(),
            number=inbox.next_number(session, "file"),
        )  # fmt: skip
        version = session.get_one(Part, part).version
    decision = ForFile(SortedAs.LETTER, file.number, ProposalKind.CABINET, legible=True)
    sorting.sort_part(chain, number, part, decision, actor=str(officer), version=version)
    return file
