"""Pages arranged by a person: what was read goes with its page, nothing is deleted, everything can be undone, the later is told."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from sqlmodel import select

from forms.catalogue import Catalogue, load_catalogue
from forms.results import FieldReading, FormReading, PageKind, PageReading
from forms.template import Kind
from intake import arranging
from intake.sandbox.client import DocumentResult, PageResult
from intake.sandbox.limits import Limits
from intake.stages import Tools, read_item
from intake.wiring import Paperchain
from records.clock import Clock
from records.db import Database
from records.documents import holdings
from records.documents.envelope import new_key
from records.documents.pack import unpack
from records.documents.store import FolderStore
from records.documents.tables import Document
from records.errors import ChangedMeanwhile, RefusedByRule
from records.post import batches, inbox, review
from records.post.arrangement import Edit
from records.post.tables import PageEdit, Part
from records.vocabulary import ItemState, PaperOutcome, PartKind, PartState, Source
from tests.builders import settings
from tests.reviewing import blobs, rows

CATALOGUE = load_catalogue()
LONG = next(one for one in CATALOGUE.templates() if len(one.pages) == 2)
ME, OTHER = str(uuid4()), str(uuid4())
Shape = list[tuple[str, str, list[int]]]


def form(number: int, page: int) -> PageReading:
    fields = tuple(
        FieldReading(
            each.id, each.kind, "yes" if each.kind.is_mark else None, False, 0.9, None, number, each.box, page,
            crop=(0, 0, 9, 9),
        )
        for each in LONG.fields
        if each.page == page
    )  # fmt: skip
    return PageReading(number, PageKind.FORM, LONG.id, LONG.edition, page, fields=fields)


class Reader:
    def __init__(self, *pages: PageReading) -> None:
        self.pages = pages

    def read(self, data: bytes, limits: Limits, on_page: Callable[[PageResult], None]) -> DocumentResult:
        for one in self.pages:
            crops = {each.id: f"{one.number} {each.id}".encode() for each in one.fields}
            on_page(PageResult(one.number, len(self.pages), 9, 9, None, b"picture", "image/png", one, crops))
        return DocumentResult(len(self.pages), None, False)


class Writing:
    def lines(self, crops: object, dates: object, latest: int) -> dict[str, object]:
        return {}


@pytest.fixture
def chain(tmp_path: Path, database: Database, clock: Clock) -> Paperchain:
    home = settings(tmp_path / "home")
    home.documents.mkdir(parents=True)
    return Paperchain(home, database, FolderStore(home.documents), clock)


def taken(chain: Paperchain, *pages: PageReading) -> int:
    """An item of these pages, read."""
    key = new_key()
    stored = holdings.put(chain.store, key, [b"%PDF-1.7 invented\n%%EOF"], "application/pdf")
    with chain.db.writing() as session:
        number = inbox.take_in(
            session, claim_id=uuid4(), key_id=uuid4(), key=key, scan=stored, name="x.pdf", source=Source.FOLDER,
            actor="system", at=chain.clock.now(),
        ).number  # fmt: skip
    tools = Tools(chain, Reader(*pages), Writing(), CATALOGUE, Limits(), "here")  # type: ignore[arg-type]  # stand-ins
    read_item(tools, number)
    return number


def letters(count: int) -> list[PageReading]:
    return [PageReading(number, PageKind.OTHER) for number in range(1, count + 1)]


def shape(chain: Paperchain, number: int) -> Shape:
    with chain.db.reading() as session:
        item = inbox.by_number(session, number)
        return [
            (part.kind, part.state, [page.number for page in inbox.pages_of(session, item, part)])
            for part in inbox.parts_of(session, item)
        ]


def edit(chain: Paperchain, number: int, what: Edit, page: int, actor: str = ME, arranged: int | None = None) -> None:
    with chain.db.reading() as session:
        seen = inbox.by_number(session, number).arranged if arranged is None else arranged
    if what is Edit.UNDO:
        arranging.undo(chain, number, actor=actor, arranged=seen)
    else:
        arranging.edit(chain, number, what, page, actor=actor, arranged=seen)


def reading(chain: Paperchain, number: int, place: int) -> FormReading:
    with chain.db.reading() as session:
        part = inbox.parts_of(session, inbox.by_number(session, number))[place]
        return FormReading.from_json(review.reading_json(session, part))


def crops(chain: Paperchain, number: int, place: int) -> dict[str, bytes]:
    with chain.db.reading() as session:
        part = inbox.parts_of(session, inbox.by_number(session, number))[place]
        packed = holdings.fetch(session, chain.store, session.get_one(Document, part.evidence_id))
        return {each.id: crop for each in LONG.fields if (crop := unpack(packed, each.id)) is not None}


def test_letters_are_split_and_joined(chain: Paperchain) -> None:
    number = taken(chain, *letters(3))

    edit(chain, number, Edit.SPLIT, 1)
    assert shape(chain, number) == [("other", "to_sort", [1]), ("other", "to_sort", [2, 3])]
    edit(chain, number, Edit.JOIN, 1)
    assert shape(chain, number) == [("other", "to_sort", [1, 2, 3])]


def test_a_form_of_two_families_comes_apart_with_what_was_read_on_each_page(chain: Paperchain) -> None:
    number = taken(chain, form(1, 1), form(2, 2))
    whole = reading(chain, number, 0)

    edit(chain, number, Edit.SPLIT, 1)

    assert shape(chain, number) == [("form", "to_review", [1]), ("form", "to_review", [2])]
    for place, own, lacks in ((0, 1, 2), (1, 2, 1)):
        found = reading(chain, number, place)
        assert found.pages == (own,)
        assert found.notes == (f"Page {lacks} of this form is not in the scan.",)
        for field in LONG.fields:
            read = found.fields[field.id]
            if field.page == own:
                assert read == whole.fields[field.id]
            else:
                assert read.review and read.value != "yes"
        kept = crops(chain, number, place)
        assert kept == {each.id: f"{own} {each.id}".encode() for each in LONG.fields if each.page == own}

    edit(chain, number, Edit.JOIN, 1)
    assert reading(chain, number, 0) == whole
    assert set(crops(chain, number, 0)) == {each.id for each in LONG.fields}


def test_two_whole_forms_are_never_joined(chain: Paperchain) -> None:
    number = taken(chain, form(1, 1), form(2, 2), form(3, 1), form(4, 2))
    before = shape(chain, number)

    with pytest.raises(RefusedByRule, match="two forms"):
        edit(chain, number, Edit.JOIN, 1)
    assert shape(chain, number) == before
    assert rows(chain, PageEdit) == []


@pytest.mark.parametrize(
    ("what", "page"), [(Edit.SPLIT, 1), (Edit.JOIN, 2), (Edit.TURN, 1), (Edit.BLANK, 3), (Edit.BY_HAND, 1)]
)
def test_every_edit_can_be_undone_and_nothing_is_deleted(chain: Paperchain, what: Edit, page: int) -> None:
    number = taken(chain, form(1, 1), form(2, 2), PageReading(3, PageKind.OTHER), PageReading(4, PageKind.OTHER))
    before, files, whole = shape(chain, number), set(blobs(chain)), reading(chain, number, 0)

    edit(chain, number, what, page)
    assert what is Edit.TURN or shape(chain, number) != before
    assert files <= set(blobs(chain))
    edit(chain, number, Edit.UNDO, 0)

    assert shape(chain, number) == before
    assert reading(chain, number, 0) == whole
    with chain.db.reading() as session:
        item = inbox.by_number(session, number)
        assert [row.turned_by_hand for row in inbox.pages_of(session, item)] == [0, 0, 0, 0]
        assert batches.of_day(session, item.received_on).sums.balances
        documents = session.exec(select(Document).where(Document.kind == "page")).all()
        owners = {row.picture_id: row.part_id for row in inbox.pages_of(session, item)}
        assert all(document.part_id == owners[document.id] for document in documents)
    assert [(one.act, one.undoes) for one in rows(chain, PageEdit)] == [(what, None), ("undo", 1)]
    with pytest.raises(RefusedByRule, match="no edit to undo"):
        edit(chain, number, Edit.UNDO, 0)


def test_edits_are_undone_one_by_one_from_the_last(chain: Paperchain) -> None:
    number = taken(chain, *letters(4))
    edit(chain, number, Edit.SPLIT, 2)
    edit(chain, number, Edit.SPLIT, 3)

    edit(chain, number, Edit.UNDO, 0)
    assert [pages for _, _, pages in shape(chain, number)] == [[1, 2], [3, 4]]
    edit(chain, number, Edit.SPLIT, 1)
    edit(chain, number, Edit.UNDO, 0)
    edit(chain, number, Edit.UNDO, 0)
    assert [pages for _, _, pages in shape(chain, number)] == [[1, 2, 3, 4]]


def test_the_later_of_two_people_is_told_and_changes_nothing(chain: Paperchain) -> None:
    number = taken(chain, *letters(3))
    edit(chain, number, Edit.SPLIT, 1, actor=OTHER, arranged=0)
    before = shape(chain, number)

    for what in (Edit.SPLIT, Edit.TURN, Edit.UNDO):
        with pytest.raises(ChangedMeanwhile, match="Somebody else arranged"):
            edit(chain, number, what, 2, arranged=0)
    assert shape(chain, number) == before


def test_a_form_that_an_officer_has_open_stays_as_it_is(chain: Paperchain) -> None:
    number = taken(chain, form(1, 1), form(2, 2))
    with chain.db.writing() as session:
        (part,) = inbox.parts_of(session, inbox.by_number(session, number))
        review.hold(session, part, OTHER, chain.clock.now())

    with pytest.raises(ChangedMeanwhile, match="open"):
        edit(chain, number, Edit.SPLIT, 1)
    edit(chain, number, Edit.SPLIT, 1, actor=OTHER)
    assert len(shape(chain, number)) == 2


def test_a_settled_part_is_never_touched_nor_undone_into(chain: Paperchain) -> None:
    number = taken(chain, *letters(3))
    edit(chain, number, Edit.SPLIT, 1)
    with chain.db.writing() as session:
        first, _ = inbox.parts_of(session, inbox.by_number(session, number))
        review.settle(session, first, PartState.FILED, file_id=uuid4(), actor=OTHER, at=chain.clock.now())

    for what, page in ((Edit.TURN, 1), (Edit.JOIN, 1), (Edit.BLANK, 1), (Edit.UNDO, 0)):
        with pytest.raises(RefusedByRule):
            edit(chain, number, what, page)
    edit(chain, number, Edit.SPLIT, 2)
    assert [state for _, state, _ in shape(chain, number)] == ["filed", "to_sort", "to_sort"]


def test_a_page_marked_blank_is_settled_and_an_item_of_them_is_done(chain: Paperchain) -> None:
    number = taken(chain, *letters(2))

    edit(chain, number, Edit.BLANK, 2)
    assert shape(chain, number) == [("other", "to_sort", [1]), ("blank", "nothing_to_do", [2])]
    edit(chain, number, Edit.BLANK, 1)
    with chain.db.reading() as session:
        item = inbox.by_number(session, number)
        assert item.state == ItemState.FILED
        assert batches.of_day(session, item.received_on).sums.done


def test_pages_read_as_blank_still_wait_when_nothing_else_does(chain: Paperchain) -> None:
    number = taken(chain, PageReading(1, PageKind.OTHER), PageReading(2, PageKind.BLANK))

    edit(chain, number, Edit.BLANK, 1)

    assert ("blank", "to_sort", [2]) in shape(chain, number)


def test_what_was_kept_for_undo_goes_when_the_item_is_settled(chain: Paperchain) -> None:
    number = taken(chain, form(1, 1), form(2, 2))
    edit(chain, number, Edit.BY_HAND, 1)
    with chain.db.writing() as session:
        assert arranging.tidy(session, inbox.by_number(session, number)) == []
        (part,) = inbox.parts_of(session, inbox.by_number(session, number))
        review.settle(session, part, PartState.NOT_OURS, file_id=None, actor=ME, at=chain.clock.now())
        gone = arranging.tidy(session, inbox.by_number(session, number))

    assert len(gone) == 1
    assert [one.state for one in rows(chain, Part)] == [PartState.NOT_OURS]


def test_a_refusal_erases_what_was_kept_for_undo_too(chain: Paperchain) -> None:
    number = taken(chain, form(1, 1), form(2, 2), PageReading(3, PageKind.OTHER))
    edit(chain, number, Edit.SPLIT, 1)
    with chain.db.writing() as session:
        first, second, _ = inbox.parts_of(session, inbox.by_number(session, number))
        review.forget(
            session,
            first,
            [second],
            paper=PaperOutcome.RETURNED,
            actor=ME,
            on=chain.clock.today(),
            at=chain.clock.now(),
        )

    left = rows(chain, Part)
    assert [(one.kind, one.sealed_reading) for one in left] == [(PartKind.OTHER, None)]
    assert [one.kind for one in rows(chain, Document) if one.kind == "evidence"] == []
    with chain.db.reading() as session:
        found = batches.of_day(session, chain.clock.today()).sums
    assert (found.pages_in, found.erased, found.balances) == (3, 2, True)


def test_the_template_has_marks_on_both_pages() -> None:
    """Else the tests above could not tell whose answers went where."""
    assert {field.page for field in LONG.fields if field.kind is Kind.YES_NO or field.kind is Kind.TICK} == {1, 2}


def test_a_form_whose_template_is_not_known_any_more_is_not_split_but_sorted_by_hand(
    chain: Paperchain, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = taken(chain, form(1, 1), form(2, 2))
    monkeypatch.setattr(arranging.known_forms, "catalogue", lambda: Catalogue((), ()))
    with pytest.raises(RefusedByRule, match="not right"):
        edit(chain, number, Edit.SPLIT, 1)
    edit(chain, number, Edit.BY_HAND, 1)
    assert {(kind, state) for kind, state, _ in shape(chain, number)} == {("other", "to_sort")}
