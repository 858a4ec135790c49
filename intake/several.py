"""Pictures of papers about several children: put on each child's file, and covered for good on the earlier child's date (R42).

The rules, and what is drawn and decided, are in `records.retention.several`. Pixels are touched by a locked-in process alone.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from forms.results import COVERED, FormReading
from intake import arranging, erasing, filing
from intake.bundling import Burner, Failed
from intake.dispatch.worker import limits_from
from intake.wiring import Paperchain
from records import tasks
from records.audit import trail
from records.consents.tables import AgencyRecord
from records.desk.file_pages import CONTACT_FIELDS
from records.documents import holdings, keyring
from records.documents.areas import Area, of_pixels, touch
from records.documents.envelope import seal_json, unseal_json
from records.documents.holdings import Stored
from records.documents.pack import pack, unpack
from records.documents.tables import Document
from records.documents.text import index
from records.documents.text.tables import PageText
from records.errors import ChangedMeanwhile, Damaged, NotFound, RefusedByRule
from records.guard import marks
from records.guard.standing import restricted_parts
from records.people import merging, register
from records.people.entitlement import GivenByChild
from records.people.tables import ChildFile
from records.post import copying, review
from records.post.tables import Confirmation, Item, Page, PagePrint, Part
from records.retention import facts, ledger, several
from records.retention.ledger import What
from records.retention.tables import CoverArea, PaperAbout, PendingBlob
from records.vocabulary import DocumentKind, PartKind, PartState

SETTLED = (PartState.CONFIRMED, PartState.FILED)
COPIED, AGAIN = "copied_paper", "cover_again"
DAYS = 7
"""For the officer of the other file to look at what was put on it; no source sets it."""
UNREAD = "This part of the page was covered for good. Look at what is left of it, or answer ‘Cannot tell’."
NOTE = "A part of this form was covered for good, because it told of another child whose papers had to go. What stood there is not kept."
MEANWHILE = "Somebody changed this paper meanwhile. Nothing was saved; look at it again."


# ---------------------------------------------------------------------------------------------- on each child's file


def put_on(chain: Paperchain, number: int, part_id: UUID, other_number: int, *, actor: str) -> int:
    """Puts pictures of a paper on another child's file as well. Returns the number of the item that holds them there.

    Where the paper is a form, what a family wrote of how to reach them is covered on the copy: what may be kept of that was said for the
    first file alone (W39). Raises NotFound, or RefusedByRule with the reason.
    """
    with chain.db.reading() as session:
        _, part, other = _three(session, number, part_id, other_number)
        pages = _pages(session, part)
        before = _blobs(session, pages)
        pictures = _for_copy(chain, session, part, pages)
    with chain.db.writing() as session:
        now = chain.clock.now()
        _, part, other = _three(session, number, part_id, other_number)
        pages = _pages(session, part)
        if _blobs(session, pages) != before:
            raise ChangedMeanwhile(MEANWHILE)
        key = keyring.open_key(session, other.key_id)
        stored: list[tuple[Page, Stored]] = [
            (page, holdings.put(chain.store, key, [data], media))
            for page, (data, media) in zip(pages, pictures, strict=True)
        ]
        item = session.get_one(Item, part.item_id)
        made = copying.put_on_file(
            session, item, stored, file_id=other.id, file_key_id=other.key_id, actor=actor, at=now
        )
        _copy_text(session, part, stored, key)
        several.enter(session, part, made, by=actor, at=now)
        if other.officer_id != UUID(actor):
            tasks.raise_task(
                session, kind=COPIED, file_id=other.id, due=chain.clock.today() + timedelta(days=DAYS), for_officer=None, raised_by=actor,
                at=now, key=f"{COPIED}:{made.id}", words="A paper of another file that is about this child too was put on this file. Look at it.",
            )  # fmt: skip
        return session.get_one(Item, made.item_id).number


def _three(session: Session, number: int, part_id: UUID, other_number: int) -> tuple[ChildFile, Part, ChildFile]:
    file = _root(session, register.by_number(session, number))
    part = session.get(Part, part_id)
    if part is None or part.file_id not in merging.ids_of(session, file.id) or part.state not in SETTLED:
        raise NotFound("There is nothing here.")
    try:
        other = _root(session, register.by_number(session, other_number))
    except NotFound:
        raise RefusedByRule("There is no file with that number. Look at it again.", "R42") from None
    if part.id in restricted_parts(session, file.id):
        raise RefusedByRule("This document is restricted for safeguarding, so it is put on no other file.", "R42")
    if session.exec(select(AgencyRecord.id).where(AgencyRecord.part_id == part.id).limit(1)).first() is not None:
        raise RefusedByRule("This is another agency’s record about this child, so it is put on no other file.", "N13")
    if marks.of_file(session, file.id).get(part.id) in (GivenByChild.REFUSES, GivenByChild.NOT_ASKED):
        raise RefusedByRule(
            "The young person gave this and has not agreed that others see it, so it is put on no other file.", "W29"
        )
    several.need_other(session, file, part, other)
    return file, part, other


def _root(session: Session, file: ChildFile) -> ChildFile:
    return session.get_one(ChildFile, merging.root_id(session, file.id))


def _pages(session: Session, part: Part) -> Sequence[Page]:
    found = session.exec(select(Page).where(Page.part_id == part.id).order_by(col(Page.number))).all()
    if not found:
        raise NotFound("There is nothing here.")
    return found


def _blobs(session: Session, pages: Sequence[Page]) -> list[str]:
    return [session.get_one(Document, page.picture_id).blob for page in pages]


def _for_copy(chain: Paperchain, session: Session, part: Part, pages: Sequence[Page]) -> list[tuple[bytes, str]]:
    """The pictures as they are put on the other file, and their media types."""
    found, masks = [], _contact_areas(session, part, pages)
    for page in pages:
        document = session.get_one(Document, page.picture_id)
        found.append((holdings.fetch(session, chain.store, document), document.media_type))
    if not masks:
        return found
    with Burner() as burner:
        return [
            (_covered(burner, data, masks[page.number]), "image/png") if page.number in masks else (data, media)
            for page, (data, media) in zip(pages, found, strict=True)
        ]


def _contact_areas(session: Session, part: Part, pages: Sequence[Page]) -> dict[int, list[Area]]:
    found: dict[int, list[Area]] = {}
    if part.sealed_reading is not None:
        sizes = {page.number: (page.width, page.height) for page in pages}
        for each in review.reading_json(session, part)["fields"].values():
            if str(each["id"]).startswith(CONTACT_FIELDS) and each["crop"] and each["page"] in sizes:
                found.setdefault(each["page"], []).append(of_pixels(tuple(each["crop"]), sizes[each["page"]]))
    return found


def _covered(burner: Burner, picture: bytes, areas: Sequence[Area]) -> bytes:
    try:
        return burner.cover(picture, areas)
    except Failed:
        raise RefusedByRule("A page cannot be opened, so nothing was saved. Ask for help.", "R42") from None


def _copy_text(session: Session, part: Part, stored: Sequence[tuple[Page, Stored]], key: bytes) -> None:
    """Text that was recognised goes along; a letter that is not read yet is read by itself, and a form never (R62)."""
    for page, made in stored:
        text = session.get(PageText, page.picture_id)
        if part.kind == PartKind.OTHER and (text is None or text.sealed is None):
            continue
        document = session.get_one(Document, page.picture_id)
        index.copy(session, document.id, made.id, keyring.open_key(session, document.key_id), key)


# ---------------------------------------------------------------------------------------------- covered for good


@dataclass(frozen=True)
class Done:
    """What was covered."""

    areas: int
    pages: int


def cover(chain: Paperchain, number: int, about_id: UUID, typed: int | None, *, actor: str) -> Done:
    """Covers another child's part for good, as it is drawn, and destroys every older picture and text of those pages that we hold.

    `typed`: the number of areas, counted by a manager who drew none of them. Everything is asked anew in the transaction that covers: a hold
    wins, and so does whoever drew meanwhile. Call `run.finish_blobs` after it. RefusedByRule or ChangedMeanwhile: nothing was covered.
    """
    with chain.db.reading() as session:
        _, row = _of(session, number, about_id)
        drawn = several.areas(session, row)
        several.need_second(drawn, typed, actor)
        areas, before = _by_document(drawn), _blobs(session, several.pages(session, row))
        burnt = _burnt(chain, session, areas)
    with chain.db.writing() as session:
        file, row = _of(session, number, about_id)
        several.need_same(session, row, drawn)
        if _blobs(session, several.pages(session, row)) != before:
            raise ChangedMeanwhile(MEANWHILE)
        now, today = chain.clock.now(), chain.clock.today()
        why = several.against(session, row, file, facts.rules(chain.policy_on, today), today)
        if why:
            raise RefusedByRule(f"Nothing was covered. {why[0]}", "R42")
        part = session.get_one(Part, row.part_id)
        for name in dict.fromkeys(_put(chain, session, part, areas, burnt)):
            session.add(PendingBlob(name=name, run=None))
        what = What(
            kind=ledger.COVERED, rule="R42", policy_version=chain.policy().version, due=None, done=today, proposed_by=drawn[0].drawn_by,
            witnessed_by="", approved_by=actor,
        )  # fmt: skip
        ledger.record_cover(session, what, part.item_id, areas)
        several.covered(session, row, several.areas(session, row), by=actor, at=now)
        still = several.papers(session, row)
        if still:
            papers = ", ".join(f"O-{one}" for one in still)
            tasks.raise_task(
                session, kind=AGAIN, file_id=None, due=today, for_officer=None, raised_by=actor, at=now, key=f"{AGAIN}:{row.id}:{papers}",
                words=f"Paper {papers} still shows what was covered on its picture. Give it back or put it in confidential waste.",
            )  # fmt: skip
    return Done(len(drawn), len(areas))


def again(chain: Paperchain, session: Session, item_id: UUID, areas: Mapping[UUID, Sequence[Area]]) -> list[str]:
    """Covers in an older backup what was covered since (P12); returns the blobs to delete. What is not there yet, because the post was not
    read then, a person is asked to cover.
    """
    there = session.exec(
        select(Document).where(
            col(Document.id).in_(areas), Document.item_id == item_id, Document.kind == DocumentKind.PAGE
        )
    ).all()
    item = session.get_one(Item, item_id)
    if len(there) < len(areas):
        tasks.raise_task(
            session, kind=AGAIN, file_id=None, due=chain.clock.today(), for_officer=None, raised_by=trail.SYSTEM, at=chain.clock.now(),
            key=f"{AGAIN}:{item_id}",
            words=f"A part of item {item.number} was covered after the backup was made, in which it was not read yet. Cover it again.",
        )  # fmt: skip
    own = {document.id: areas[document.id] for document in there}
    burnt, blobs = _burnt(chain, session, own), list[str]()
    for part_id in {document.part_id for document in there if document.part_id is not None}:
        mine = {one.id: own[one.id] for one in there if one.part_id == part_id}
        blobs += _put(chain, session, session.get_one(Part, part_id), mine, burnt)
    return blobs


def _of(session: Session, number: int, about_id: UUID) -> tuple[ChildFile, PaperAbout]:
    file = _root(session, register.by_number(session, number))
    return file, several.one(session, file, about_id)


def _by_document(drawn: Sequence[CoverArea]) -> dict[UUID, list[Area]]:
    found: dict[UUID, list[Area]] = {}
    for each in drawn:
        found.setdefault(each.document_id, []).append(Area(each.left, each.top, each.width, each.height))
    return found


def _burnt(chain: Paperchain, session: Session, areas: Mapping[UUID, Sequence[Area]]) -> dict[UUID, bytes]:
    if not areas:
        return {}
    with Burner() as burner:
        return {
            one: _covered(burner, holdings.fetch(session, chain.store, session.get_one(Document, one)), each)
            for one, each in areas.items()
        }


def _put(
    chain: Paperchain, session: Session, part: Part, areas: Mapping[UUID, Sequence[Area]], burnt: Mapping[UUID, bytes]
) -> list[str]:
    """Puts the covered pictures in the place of the old ones, and takes away whatever else shows or tells what was there. Returns the blobs
    to delete: old pictures, the scan, the archive copy, cut-outs.
    """
    item, blobs = session.get_one(Item, part.item_id), list[str]()
    pages = session.exec(select(Page).where(Page.part_id == part.id, col(Page.picture_id).in_(areas))).all()
    for page in pages:
        document = session.get_one(Document, page.picture_id)
        blobs.append(holdings.replace(session, chain.store, document, burnt[document.id], "image/png"))
        text = session.get(PageText, document.id)
        if text is not None and text.sealed is not None:
            index.read_again(session, document.id)
    session.exec(delete(PagePrint).where(col(PagePrint.page_id).in_([page.id for page in pages])))
    for archive in session.exec(
        select(Document).where(Document.part_id == part.id, Document.kind == DocumentKind.ARCHIVE)
    ).all():
        blobs.append(archive.blob)
        session.delete(archive)
    by_number = {page.number: areas[page.picture_id] for page in pages}
    if part.sealed_reading is not None:
        blobs += _reading(chain, session, part, by_number, {page.number: (page.width, page.height) for page in pages})
    _other_names(session, part)
    session.flush()
    blobs += erasing.without_pages(chain, session, item, set(by_number), limits_from(chain.settings))
    return blobs + arranging.without_undo(session, item)  # what was arranged before shows it too


def _reading(
    chain: Paperchain,
    session: Session,
    part: Part,
    covered: Mapping[int, Sequence[Area]],
    sizes: Mapping[int, tuple[int, int]],
) -> list[str]:
    """What was read, and cut out as proof, where something is covered now goes; the rest stays.

    Where nobody has confirmed the form, as in a backup from before, what went is asked: nothing of it may pass for read or for left blank.
    """
    evidence = session.get(Document, part.evidence_id) if part.evidence_id else None
    key = keyring.open_key(session, evidence.key_id if evidence else session.get_one(Item, part.item_id).key_id)
    read = review.reading_json(session, part)
    gone = {name for name, each in read["fields"].items() if _touched(each, covered, sizes)}
    for name in gone:
        read["fields"][name] |= {
            "value": None, "review": True, "confidence": 0.0, "evidence": {COVERED: 1.0}, "reason": UNREAD,
        }  # fmt: skip
    if gone and NOTE not in read["notes"]:
        read["notes"] = [*read["notes"], NOTE]
    part.doubtful = sum(each.needs_answer for each in FormReading.from_json(read).to_ask)
    review.keep_reading(part, key, read)
    session.add(part)
    if evidence is None or not gone:
        return []
    packed = holdings.fetch(session, chain.store, evidence)
    stays = {name: crop for name in read["fields"] if name not in gone and (crop := unpack(packed, name)) is not None}
    return [holdings.replace(session, chain.store, evidence, pack(stays), evidence.media_type)]


def _touched(
    field: Mapping[str, Any], covered: Mapping[int, Sequence[Area]], sizes: Mapping[int, tuple[int, int]]
) -> bool:  # fmt: skip
    if field["page"] not in covered:
        return False
    if not field["crop"]:
        return True  # nobody knows where it stands
    where = of_pixels(tuple(field["crop"]), sizes[field["page"]])
    return any(touch(where, area) for area in covered[field["page"]])


def _other_names(session: Session, part: Part) -> None:
    """The other children's names, as they were typed when the form was confirmed, or first kept out of the files (F22)."""
    item = session.get_one(Item, part.item_id)
    file = session.get(ChildFile, part.file_id) if part.file_id else None
    # What was confirmed before the form had a file is under the item's key, what came later under the file's.
    keys = [keyring.open_key(session, one) for one in ([file.key_id] if file else []) + [item.key_id]]
    for row in session.exec(select(Confirmation).where(Confirmation.part_id == part.id)).all():
        key, answers = _opened(keys, row)
        if answers.get(filing.OTHER_NAMES, {}).get("confirmed"):
            answers[filing.OTHER_NAMES]["confirmed"] = None
            row.sealed_answers = seal_json(key, answers, row.id.bytes)
            session.add(row)


def _opened(keys: Sequence[bytes], row: Confirmation) -> tuple[bytes, dict[str, Any]]:
    for key in keys[:-1]:
        with suppress(Damaged):
            return key, unseal_json(key, row.sealed_answers, row.id.bytes)
    return keys[-1], unseal_json(keys[-1], row.sealed_answers, row.id.bytes)
