"""Pages of an item arranged by a person: split, join, turn, mark as blank, sort by hand; and undo.

An edit takes parts out of use and puts new ones in their place: what was read, and the cut-outs that prove it, are kept with the
old ones until the item is settled, so that every edit can be undone. Nothing is deleted by an edit, and a settled part is never
touched. What was read of a form's page goes with that page, and what a form then lacks is said.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlmodel import Session, col, select

from forms.assemble import assemble, take_apart
from forms.results import FormReading, PageKind, PageReading
from intake import in_use, known_forms
from intake.wiring import Paperchain
from records.audit import trail
from records.documents import holdings, keyring
from records.documents.pack import pack, unpack
from records.documents.tables import Document
from records.documents.text import index
from records.errors import ChangedMeanwhile, RefusedByRule
from records.post import inbox, review
from records.post.arrangement import Edit, Group, change
from records.post.tables import Item, Page, PageEdit, Part
from records.vocabulary import DocumentKind, ItemState, PartKind, PartState

OPEN_ITEM = (ItemState.TO_REVIEW, ItemState.TO_SORT)
OPEN_PART = (PartState.TO_REVIEW, PartState.TO_SORT, PartState.NOTHING_TO_DO)
MEANWHILE = "Somebody else arranged the pages of this item first. Nothing of yours was saved; look at it again."
NO_TEMPLATE = (
    "The template of this form was taken away, or is not right. Ask for it to be mended, or sort the pages by hand."
)
SPLIT_BY_HAND = "These pages were put together by hand."
SAID_NO = (
    "An officer confirmed that the family says No to keeping this form, so it is not sorted by hand: erase it on the Review page, and "
    "scan its paper again if the No was a mistake."
)
NOT_A_FORM = "Somebody said that this is to be sorted by hand."
KIND_OF = {PageKind.BLANK: PartKind.BLANK, PageKind.POLICY: PartKind.POLICY, PageKind.SHEET: PartKind.SHEET}


@dataclass(frozen=True)
class _At:
    """Where an edit happens, and who makes it."""

    chain: Paperchain
    session: Session
    item: Item
    actor: str


def edit(chain: Paperchain, number: int, what: Edit, page: int, *, actor: str, arranged: int) -> None:
    """Makes one edit. `arranged` is how many edits the person had seen. Raises ChangedMeanwhile or RefusedByRule, in words."""
    with chain.db.writing() as session:
        at = _At(chain, session, _open_item(session, number, arranged), actor)
        if what is Edit.TURN:
            _turn(at, page)
            return
        rows = {row.number: row for row in inbox.pages_of(session, at.item)}
        parts = {part.id: part for part in inbox.parts_of(session, at.item)}
        groups = [
            Group(part.id, tuple(row.number for row in rows.values() if row.part_id == part.id))
            for part in parts.values()
        ]
        made = change([group for group in groups if group.pages], what, page)
        taken = [_usable(parts[one], actor, chain) for one in made.parts]
        if what is Edit.BY_HAND:
            _no_noted(session, taken)
        before = _as_it_is(rows.values(), taken)
        # What a person takes as no form keeps nothing of what was read: no template is wanted for that.
        readings = {} if what is Edit.BY_HAND else _readings(session, taken)
        new = [_part(at, what, page, numbers, rows, taken, readings) for numbers in made.groups]
        for part in taken:
            part.state, part.held_by, part.held_until = PartState.REPLACED, None, None
            session.add(part)
        for part, numbers in zip(new, made.groups, strict=True):
            _give(session, at.item, [rows[each] for each in numbers], part)
        session.flush()
        _close(
            at, what, page, before, _as_it_is([row for row in rows.values() if row.part_id in {p.id for p in new}], new)
        )


def undo(chain: Paperchain, number: int, *, actor: str, arranged: int) -> None:
    """Takes back the last edit that has not been taken back. Raises RefusedByRule when it cannot be any more."""
    with chain.db.writing() as session:
        at = _At(chain, session, _open_item(session, number, arranged), actor)
        last = undoable(session, at.item)
        if last is None:
            raise RefusedByRule("There is no edit to undo.", "P6")
        before, after = json.loads(last.before), json.loads(last.after)
        rows = {row.number: row for row in inbox.pages_of(session, at.item)}
        parts = {str(part.id): part for part in session.exec(select(Part).where(Part.item_id == at.item.id))}
        pages = {int(page): (UUID(part), turned) for page, (part, turned) in before["pages"].items()}
        if not all(part in parts for part in (*before["parts"], *after["parts"])) or not set(pages) <= set(rows):
            raise RefusedByRule(
                "This edit cannot be undone: some of its pages are settled, or what they were before is gone.", "P6"
            )
        for part in after["parts"]:
            _usable(parts[part], actor, chain)
        for part in set(after["parts"]) - set(before["parts"]):
            parts[part].state = PartState.REPLACED
            session.add(parts[part])
        for part, (state, decided_by) in before["parts"].items():
            parts[part].state, parts[part].decided_by = state, decided_by
            session.add(parts[part])
        for page, (part_id, turned) in pages.items():
            if rows[page].turned_by_hand != turned:
                rows[page].turned_by_hand = turned
                index.read_again(session, rows[page].picture_id)
            _give(session, at.item, [rows[page]], parts[str(part_id)])
        session.flush()
        _close(at, Edit.UNDO, last.page, json.loads(last.after), before, undoes=last.number)


def undoable(session: Session, item: Item) -> PageEdit | None:
    """The last edit that has not been taken back."""
    edits = session.exec(
        select(PageEdit).where(PageEdit.item_id == item.id).order_by(col(PageEdit.number).desc())
    ).all()
    undone = {one.undoes for one in edits}
    return next((one for one in edits if one.act != Edit.UNDO and one.number not in undone), None)


def tidy(session: Session, item: Item) -> list[str]:
    """Once an item is settled: what was kept to undo its edits goes. Returns the blobs to delete after the commit."""
    return [] if item.state in OPEN_ITEM else without_undo(session, item)


def without_undo(session: Session, item: Item) -> list[str]:
    """Takes away what is kept to undo the edits of an item. Returns the blobs to delete after the commit."""
    blobs = []
    for part in session.exec(select(Part).where(Part.item_id == item.id, Part.state == PartState.REPLACED)).all():
        for document in session.exec(select(Document).where(Document.part_id == part.id)).all():
            blobs.append(document.blob)
            session.delete(document)
        review.forget_noted(session, part)
        session.delete(part)
    session.flush()
    return blobs


def _open_item(session: Session, number: int, arranged: int) -> Item:
    item = inbox.by_number(session, number)
    if ItemState(item.state) not in OPEN_ITEM:
        raise ChangedMeanwhile("This item is settled or is being read, so its pages stay as they are.")
    if item.arranged != arranged:
        raise ChangedMeanwhile(MEANWHILE)
    return item


def _usable(part: Part, actor: str, chain: Paperchain) -> Part:
    """The part, if it may be taken apart: nobody has settled it, and nobody else has it open."""
    if PartState(part.state) not in OPEN_PART or part.file_id is not None:
        raise RefusedByRule("These pages are settled, or wait for the family, so they stay as they are.", "P6")
    other = review.holder(part, chain.clock.now())
    if other is not None and other.actor != actor:
        raise ChangedMeanwhile("Somebody else has this form open. Ask them, or wait until they have finished.")
    return part


def _no_noted(session: Session, parts: Sequence[Part]) -> None:
    """A form that cannot be opened any more, and on which a No to keeping was noted, is erased: whoever sorts its pages would not see that.

    One that can be opened is another matter: an officer may find on its own page that it says something else (R28).
    """
    for part in parts:
        if part.kind == PartKind.FORM and in_use.why_unused(session, part) and in_use.noted_no(session, part):
            raise RefusedByRule(SAID_NO, "R28")


def _turn(at: _At, page: int) -> None:
    rows = [row for row in inbox.pages_of(at.session, at.item) if row.number == page]
    if not rows:
        raise RefusedByRule("Choose a page first.", "P6")
    part = at.session.get(Part, rows[0].part_id) if rows[0].part_id else None
    parts = [] if part is None else [_usable(part, at.actor, at.chain)]
    before = _as_it_is(rows, parts)
    rows[0].turned_by_hand = (rows[0].turned_by_hand + 90) % 360
    at.session.add(rows[0])
    index.read_again(at.session, rows[0].picture_id)
    _close(at, Edit.TURN, page, before, _as_it_is(rows, parts))


# Any: JSON.
def _as_it_is(rows: Iterable[Page], parts: Sequence[Part]) -> dict[str, dict[str, list[str | int | None]]]:
    """Pages of these parts and the states of the parts, as an edit remembers them. Numbers, ids and states only."""
    ids = {part.id for part in parts}
    return {
        "pages": {str(row.number): [str(row.part_id), row.turned_by_hand] for row in rows if row.part_id in ids},
        "parts": {str(part.id): [part.state, part.decided_by] for part in parts},
    }


def _readings(session: Session, parts: Sequence[Part]) -> dict[int, tuple[Part, PageReading]]:
    """What was read of each page of these parts that is a form's. RefusedByRule where its template is not known any more, or was changed."""
    found = {}
    for part in parts:
        if part.kind == PartKind.FORM and part.sealed_reading is not None:
            form = FormReading.from_json(review.reading_json(session, part))
            try:
                template = known_forms.catalogue().get(form.form, form.edition)
            except KeyError as error:
                raise RefusedByRule(NO_TEMPLATE, "F22") from error
            why = known_forms.why_not_by(template, form.template_sum)
            if why is not None:
                raise RefusedByRule(why, "F22")
            pages = take_apart(form, template)
            for page in pages:
                found[page.number] = part, page
    return found


def _part(
    at: _At, what: Edit, page: int, numbers: Sequence[int], rows: Mapping[int, Page], taken: Sequence[Part],
    readings: Mapping[int, tuple[Part, PageReading]],
) -> Part:  # fmt: skip
    """A new part of these pages, with what was read on them."""
    now, own = at.chain.clock.now(), {number: readings[number] for number in numbers if number in readings}
    by_hand, blank = what is Edit.BY_HAND, what is Edit.BLANK and list(numbers) == [page]
    part = Part(
        id=uuid4(), item_id=at.item.id, kind=PartKind.OTHER, state=PartState.TO_SORT, read_at=now,
        reason=NOT_A_FORM if by_hand else SPLIT_BY_HAND,
        cover_file=next((one.cover_file for one in taken if one.id == rows[numbers[0]].part_id), None),
    )  # fmt: skip
    if blank:
        part.kind, part.state, part.reason = PartKind.BLANK, PartState.NOTHING_TO_DO, None
        part.decided_by, part.decided_at = at.actor, now
    elif own and not by_hand:
        _form(at, part, own)
    elif not by_hand:
        kinds = {PageKind(rows[number].kind) for number in numbers}
        alone = KIND_OF.get(kinds.pop()) if len(kinds) == 1 else None
        if alone is not None:
            part.kind, part.state, part.reason = alone, PartState.NOTHING_TO_DO, None
    at.session.add(part)
    at.session.flush()
    return part


def _form(at: _At, part: Part, own: Mapping[int, tuple[Part, PageReading]]) -> None:
    """Makes the part a form again, with its reading and its cut-outs."""
    found = assemble([page for _, page in own.values()], known_forms.catalogue())
    if len(found) != 1 or not isinstance(found[0], FormReading):
        raise RefusedByRule("These are two forms. Each form stays a document of its own.", "P6")
    form, key = found[0], keyring.open_key(at.session, at.item.key_id)
    crops: dict[str, bytes] = {}
    for old in {one.id: one for one, _ in own.values()}.values():
        evidence = at.session.get(Document, old.evidence_id) if old.evidence_id else None
        packed = holdings.fetch(at.session, at.chain.store, evidence) if evidence else None
        names = [field.id for owner, page in own.values() if owner.id == old.id for field in page.fields]
        crops |= {name: crop for name in names if packed and (crop := unpack(packed, name)) is not None}
    stored = holdings.put(at.chain.store, key, [pack(crops)], "application/octet-stream")
    part.kind, part.state, part.reason = PartKind.FORM, PartState.TO_REVIEW, " ".join(form.notes) or None
    part.form, part.edition, part.evidence_id = form.form, form.edition, stored.id
    part.doubtful = sum(each.needs_answer for each in form.to_ask)
    review.keep_reading(part, key, form.to_json())
    holdings.hold(
        at.session, stored, kind=DocumentKind.EVIDENCE, key_id=at.item.key_id, at=at.chain.clock.now(), item_id=at.item.id,
        part_id=part.id,
    )  # fmt: skip


def _give(session: Session, item: Item, rows: Sequence[Page], part: Part) -> None:
    """These pages, with their pictures and copies of the scan, belong to the part now."""
    for row in rows:
        row.part_id = part.id
        session.add(row)
        for document in session.exec(
            select(Document).where(
                Document.item_id == item.id, Document.page == row.number, col(Document.part_id).is_not(None)
            )
        ):
            document.part_id = part.id
            session.add(document)


def _close(
    at: _At, what: Edit, page: int, before: object, after: object, *, undoes: int | None = None
) -> None:  # fmt: skip
    """Appends the edit, and brings the item's state up to date."""
    now = at.chain.clock.now()
    at.item.arranged += 1
    at.session.add(
        PageEdit(
            item_id=at.item.id, number=at.item.arranged, act=what, page=page, before=json.dumps(before), after=json.dumps(after),
            undoes=undoes, made_by=at.actor, made_at=now,
        )
    )  # fmt: skip
    _wake(at)
    inbox.settle(at.session, at.item, actor=at.actor, at=now)
    trail.append(
        at.session, actor=at.actor, act="pages_arranged", subject_kind="item", subject_id=str(at.item.id), at=now,
        detail={"number": at.item.number, "edit": what, "page": page},
    )  # fmt: skip


def _wake(at: _At) -> None:
    """An item of nothing but blank pages and our own print still waits until a person has said so of each (P6)."""
    parts = inbox.parts_of(at.session, at.item)
    if all(part.state == PartState.NOTHING_TO_DO for part in parts):
        for part in parts:
            if part.decided_by is None:
                part.state, part.reason = PartState.TO_SORT, part.reason or SPLIT_BY_HAND
                at.session.add(part)
        at.session.flush()
