"""Another child's part of a page covered for good, broken at every call: the page is whole as it was, or covered, and nothing in between (R42).

The covered picture is made when the home is prepared: the tracer numbers the calls of one process, and the locked-in one that covers touches
none of our files. Invented people only.
"""

import hashlib
import json
from pathlib import Path
from unittest.mock import patch
from uuid import UUID

from sqlmodel import Session, select

from intake import retaining, several, sorting
from records.custody.proposal import ProposalKind
from records.documents import holdings, keyring
from records.documents.areas import Area
from records.documents.tables import Document
from records.people.tables import ChildFile
from records.post.tables import Page, Part
from records.retention import ledger, run
from records.retention import several as rules
from records.retention.tables import CoverArea, CoverDecision, PaperAbout, PendingBlob
from records.vocabulary import DocumentKind
from tests.faults.flows import Flow, open_home, opened, started, swept, whole_store
from tests.faults.harness import tell, told
from tests.lettering import letter
from tests.retaining import MANAGER, OFFICER, close_all, family

KNOWN, BURNT = "known.json", "burnt.png"


def _drawn(home: Path) -> None:
    """A letter on a sister's file that also shows her brother, whose file is due: an area is drawn on it, and an archive copy lies beside it."""
    chain = open_home(home)
    brother, sister = family(chain, "Brother Wrenfield"), family(chain, "Sister Wrenfield", born=None)
    number, part = letter(chain)
    with chain.db.reading() as session:
        to, other = session.get_one(ChildFile, sister).number, session.get_one(ChildFile, brother).number
        version = session.get_one(Part, part).version
    decided = sorting.ForFile(sorting.SortedAs.LETTER, to, ProposalKind.CABINET, legible=True)
    sorting.sort_part(chain, number, part, decided, actor=OFFICER, version=version)
    several.put_on(chain, to, part, other, actor=OFFICER)
    with chain.db.writing() as session:
        close_all(session, [brother], chain.clock.now())
        row = session.exec(select(PaperAbout).where(PaperAbout.part_id == part)).one()
        (page,) = rules.pages(session, row)
        area = Area(100, 50, 400, 100)
        rules.draw(session, row, page.picture_id, area, by=OFFICER, at=chain.clock.now())
        document = session.get_one(Document, page.picture_id)
        stored = holdings.put(
            chain.store, keyring.open_key(session, document.key_id), [b"%PDF of it"], "application/pdf"
        )
        holdings.hold(
            session, stored, kind=DocumentKind.ARCHIVE, key_id=document.key_id, at=chain.clock.now(), item_id=document.item_id, part_id=part,
            file_id=sister,
        )  # fmt: skip
        session.flush()
        burnt = several._burnt(chain, session, {page.picture_id: [area]})[page.picture_id]
        blobs = session.exec(select(Document.blob).where(Document.item_id == document.item_id)).all()
        known = {
            "number": to, "row": str(row.id), "picture": str(page.picture_id), "blobs": sorted(blobs), "others": len(_every(session)) - len(blobs),
            "before": document.sha256.hex(), "after": hashlib.sha256(burnt).hexdigest(),
        }  # fmt: skip
    (home.parent / BURNT).write_bytes(burnt)
    (home.parent / KNOWN).write_text(json.dumps(known))
    chain.db.close()


def _every(session: Session) -> list[str]:
    return list(session.exec(select(Document.blob)))


def cover(home: Path) -> None:
    known, burnt = json.loads((home.parent / KNOWN).read_text()), (home.parent / BURNT).read_bytes()
    with started(home) as chain:
        with patch.object(several, "_burnt", lambda chain, session, areas: dict.fromkeys(areas, burnt)):
            several.cover(chain, known["number"], UUID(known["row"]), 1, actor=MANAGER)
        run.finish_blobs(chain.db, chain.store)
        retaining.keep_ledger(chain)
        tell("covered")


def covered_whole_or_not_at_all(home: Path) -> bool:
    """Whether it is covered: then every older picture is gone or on its way; else all of it is as it was."""
    known = json.loads((home.parent / KNOWN).read_text())
    with opened(home) as chain, chain.db.reading() as session:
        whole_store(chain, session)
        page = session.exec(select(Page).where(Page.picture_id == UUID(known["picture"]))).one()
        shown = holdings.fetch(session, chain.store, session.get_one(Document, page.picture_id))
        named, pending = set(_every(session)), set(session.exec(select(PendingBlob.name)))
        assert not named & pending, "a document that stays is put down to be deleted"
        counts = tuple(len(session.exec(select(table)).all()) for table in (CoverArea, CoverDecision))
        entries = ledger.entries(session)
        assert ledger.check(chain.db.keys, entries) == len(entries)
        if not entries:
            assert hashlib.sha256(shown).hexdigest() == known["before"], "covered without an entry in the ledger"
            assert counts == (1, 0), "decided, but not covered"
            assert set(known["blobs"]) <= named & set(chain.store.names()), "something of the page is gone"
            assert not told(home), "told before it was done"
            return False
        assert hashlib.sha256(shown).hexdigest() == known["after"], "the ledger says that it is covered"
        assert counts == (0, 1) and len(entries) == 1
        assert not set(known["blobs"]) & named, "an older picture is still named"
        left = set(known["blobs"]) & set(chain.store.names())
        assert left <= pending, "an older picture that nobody will delete"
        assert len(named) == known["others"] + 1
        assert not told(home) or not left, "told before the older pictures were gone"
        return True


def covered_in_the_end(home: Path) -> None:
    if not covered_whole_or_not_at_all(home):
        cover(home)
    assert covered_whole_or_not_at_all(home)
    with opened(home) as chain:
        swept(chain)
        known = json.loads((home.parent / KNOWN).read_text())
        assert not set(known["blobs"]) & set(chain.store.names())


COVERING = (Flow("cover", _drawn, cover, covered_whole_or_not_at_all, covered_in_the_end),)
