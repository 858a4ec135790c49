"""The same post again is offered and never dropped; a copy goes only whole, at a person's word, while the other is kept."""

import zlib
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import pytest
from sqlmodel import select

from forms import looks
from forms.catalogue import load_catalogue
from forms.results import PageKind, PageReading
from forms.traces import COLUMNS, ROWS
from intake import copies
from intake.sandbox.client import DocumentResult, PageResult
from intake.sandbox.limits import Limits
from intake.stages import Tools, read_item
from intake.wiring import Paperchain
from records.audit.tables import AuditEntry
from records.clock import Clock
from records.db import Database
from records.documents import holdings, keyring
from records.documents.envelope import new_key
from records.documents.store import FolderStore
from records.documents.tables import Document
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.post import batches, duplicates, inbox
from records.post.duplicates import Why
from records.post.tables import Duplicate, PagePrint
from records.vocabulary import ItemState, PartState, Source
from tests.builders import settings
from tests.reviewing import blobs, rows

CATALOGUE = load_catalogue()
TEMPLATE = CATALOGUE.get("westminster-consent", "2023")
ME, OTHER = str(uuid4()), str(uuid4())


def trace(family: int, cells: int = 700) -> str:
    ink = np.zeros(COLUMNS * ROWS, bool)
    ink[np.random.default_rng(family).integers(0, len(ink), cells)] = True
    return b64encode(zlib.compress(np.packbits(ink).tobytes())).decode("ascii")


def form(number: int, family: int | None, **changes: str | int) -> PageReading:
    return replace(
        PageReading(number, PageKind.FORM, TEMPLATE.id, TEMPLATE.edition, 1, trace=None if family is None else trace(family)),
        **changes,
    )  # fmt: skip


def letter(number: int, wrote: int | None = None) -> PageReading:
    """A page that is no form; with the look of a letter when `wrote` says which."""
    if wrote is None:
        return PageReading(number, PageKind.OTHER)
    ink = np.random.default_rng([7, wrote]).random(looks.CELLS) < 0.3
    return PageReading(number, PageKind.OTHER, trace=b64encode(np.packbits(ink).tobytes()).decode("ascii"))


class Reader:
    def __init__(self, *pages: PageReading) -> None:
        self.pages = pages

    def read(self, data: bytes, limits: Limits, on_page: Callable[[PageResult], None]) -> DocumentResult:
        for one in self.pages:
            on_page(PageResult(one.number, len(self.pages), 9, 9, None, b"picture", "image/png", one, {}))
        return DocumentResult(len(self.pages), None, False)


class Writing:
    def lines(self, crops: object, dates: object, latest: int) -> dict[str, object]:
        return {}


@pytest.fixture
def chain(tmp_path: Path, database: Database, clock: Clock) -> Paperchain:
    home = settings(tmp_path / "home")
    home.documents.mkdir(parents=True)
    return Paperchain(home, database, FolderStore(home.documents), clock)


def taken(chain: Paperchain, *pages: PageReading, data: bytes | None = None) -> int:
    """An item of these pages, read. Its bytes are its own unless they are given."""
    key = new_key()
    whole = b"%PDF-1.7 " + (data or uuid4().bytes) + b"\n%%EOF"
    stored = holdings.put(chain.store, key, [whole], "application/pdf")
    with chain.db.writing() as session:
        number = inbox.take_in(
            session, claim_id=uuid4(), key_id=uuid4(), key=key, scan=stored, name="x.pdf", source=Source.FOLDER,
            actor="system", at=chain.clock.now(),
        ).number  # fmt: skip
    tools = Tools(chain, Reader(*pages), Writing(), CATALOGUE, Limits(), "here")  # type: ignore[arg-type]  # stand-ins
    read_item(tools, number)
    return number


def pairs(chain: Paperchain) -> list[tuple[int, int, str]]:
    with chain.db.reading() as session:
        items = {
            item.id: item.number for item in (inbox.by_number(session, n) for n in range(1, 10) if _is(session, n))
        }
        return sorted((items[one.item_id], items[one.other_id], one.why) for one in session.exec(select(Duplicate)))


def _is(session: object, number: int) -> bool:
    try:
        inbox.by_number(session, number)  # type: ignore[arg-type]  # a session
    except NotFound:
        return False
    return True


def only_pair(chain: Paperchain) -> UUID:
    (pair,) = rows(chain, Duplicate)
    return UUID(str(pair.id))


def state(chain: Paperchain, number: int) -> ItemState:
    with chain.db.reading() as session:
        return ItemState(inbox.by_number(session, number).state)


def test_the_very_same_file_is_offered_once_and_kept(chain: Paperchain) -> None:
    for _ in range(3):
        taken(chain, form(1, 1), data=b"the same")

    assert pairs(chain) == [(2, 1, "same_bytes"), (3, 1, "same_bytes")]
    assert [state(chain, number) for number in (1, 2, 3)] == [ItemState.TO_REVIEW] * 3


def test_the_same_paper_is_offered_and_other_families_forms_are_not(chain: Paperchain) -> None:
    taken(chain, form(1, 1))
    taken(chain, form(1, 2))
    taken(chain, letter(1), form(2, 1))

    assert pairs(chain) == [(3, 1, "same_paper")]


def test_a_letter_scanned_again_is_offered_and_another_letter_is_not(chain: Paperchain) -> None:
    for wrote in (1, 2, 1, 1):
        taken(chain, letter(1, wrote))

    assert pairs(chain) == [(3, 1, "same_paper"), (4, 1, "same_paper")]
    assert [state(chain, number) for number in (1, 2, 3, 4)] == [ItemState.TO_SORT] * 4


def test_what_several_items_have_alike_is_print_and_told_of_none(chain: Paperchain) -> None:
    taken(chain, letter(1, 1))
    taken(chain, letter(1, 1))
    with chain.db.writing() as session:  # nobody ever took the first two for one
        session.delete(session.exec(select(Duplicate)).one())
    taken(chain, letter(1, 1))

    assert pairs(chain) == []


def test_a_letter_that_was_found_in_the_other_item_may_be_discarded_as_its_copy(chain: Paperchain) -> None:
    taken(chain, letter(1, 1), letter(2, 2))
    taken(chain, letter(1, 2))
    taken(chain, letter(1, 1), letter(2, 3))
    first, second = (one.id for one in sorted(rows(chain, Duplicate), key=lambda one: one.found_at))

    assert copies.discard(chain, 2, first, actor=ME) == 1
    with pytest.raises(RefusedByRule, match="did not find page 2"):
        copies.discard(chain, 3, second, actor=ME)


def test_blank_forms_letters_and_other_pages_of_a_form_are_the_same_as_nothing(chain: Paperchain) -> None:
    for page in (form(1, None), letter(1), form(1, 1), form(1, 1, template_page=2), form(1, 3, trace=trace(3, 60))):
        taken(chain, page)
        if page.trace is None or len(page.trace) < 200:
            taken(chain, page)

    assert pairs(chain) == []


def test_what_a_locked_in_reader_calls_a_trace_is_not_believed(chain: Paperchain) -> None:
    for _ in range(2):
        taken(chain, form(1, 1, trace="AAAA"))

    assert pairs(chain) == [] and rows(chain, PagePrint) == []


def test_traces_are_sealed_and_go_after_sixty_days(chain: Paperchain) -> None:
    taken(chain, form(1, 1))
    (kept,) = rows(chain, PagePrint)
    assert trace(1).encode() not in kept.sealed_print
    with chain.db.writing() as session:
        row = session.exec(select(PagePrint)).one()
        row.received_on -= timedelta(days=duplicates.WINDOW_DAYS + 1)
        session.add(row)

    taken(chain, form(1, 1))
    assert pairs(chain) == [] and len(rows(chain, PagePrint)) == 1


@pytest.mark.parametrize("data", [b"the same", None], ids=["bytes", "paper"])
@pytest.mark.parametrize("which", [1, 2])
def test_a_discarded_copy_is_erased_and_its_pages_stay_in_the_count(
    chain: Paperchain, which: int, data: bytes | None
) -> None:
    taken(chain, form(1, 1), data=data)
    before = len(blobs(chain))
    taken(chain, form(1, 1), data=data)
    with chain.db.reading() as session:
        old_key = inbox.by_number(session, which).key_id

    assert copies.discard(chain, which, only_pair(chain), actor=ME) == 3 - which

    assert len(blobs(chain)) == before
    assert (state(chain, which), state(chain, 3 - which)) == (ItemState.NOT_OURS, ItemState.TO_REVIEW)
    with chain.db.reading() as session:
        item = inbox.by_number(session, which)
        (part,) = inbox.parts_of(session, item)
        assert (part.state, part.sealed_reading, part.evidence_id, part.decided_by) == (PartState.COPY, None, None, ME)
        assert session.exec(select(Document).where(Document.item_id == item.id)).all() == []
        assert inbox.name_of(session, item) == f"item {which}"
        with pytest.raises(NotFound):
            keyring.open_key(session, old_key)
        ledger = batches.of_day(session, chain.clock.today()).sums
        assert ledger.balances and ledger.pages_in == 2
        assert {place.value: count for place, count in ledger.places.items() if count} == {"copy": 1, "waiting": 1}
        acts = [entry.act for entry in session.exec(select(AuditEntry)) if entry.actor == ME]
        assert "duplicate_discarded" in acts
    assert [one.item_id for one in rows(chain, PagePrint)] != [item.id]


def test_the_later_of_two_people_is_told(chain: Paperchain) -> None:
    for _ in range(2):
        taken(chain, form(1, 1))
    pair = only_pair(chain)
    copies.keep_both(chain, 2, pair, actor=ME)

    for late in (copies.keep_both, copies.discard):
        with pytest.raises(ChangedMeanwhile, match="Somebody else has answered"):
            late(chain, 1, pair, actor=OTHER)
    assert state(chain, 1) == state(chain, 2) == ItemState.TO_REVIEW


def test_two_copies_never_discard_each_other(chain: Paperchain) -> None:
    for _ in range(3):
        taken(chain, form(1, 1), data=b"the same")
    second, third = (one.id for one in sorted(rows(chain, Duplicate), key=lambda one: one.found_at))
    copies.discard(chain, 1, second, actor=ME)

    with pytest.raises(RefusedByRule, match="may be the only ones"):
        copies.discard(chain, 3, third, actor=ME)
    assert state(chain, 3) is ItemState.TO_REVIEW


@pytest.mark.parametrize(
    ("more", "said"),
    [
        pytest.param([letter(2)], "did not find page 2", id="a letter"),
        pytest.param([form(2, 5)], "did not find page 2", id="another family"),
        pytest.param([form(2, None)], "did not find page 2", id="an empty form"),
    ],
)
def test_a_page_that_the_other_has_not_is_never_discarded(
    chain: Paperchain, more: list[PageReading], said: str
) -> None:
    taken(chain, form(1, 1))
    taken(chain, form(1, 1), *more)

    with pytest.raises(RefusedByRule, match=said):
        copies.discard(chain, 2, only_pair(chain), actor=ME)
    assert PartState.COPY not in {part.state for part in _parts(chain, 2)}


def _parts(chain: Paperchain, number: int) -> list[object]:
    with chain.db.reading() as session:
        return list(inbox.parts_of(session, inbox.by_number(session, number)))


def test_a_pair_is_of_its_own_items_alone(chain: Paperchain) -> None:
    for _ in range(2):
        taken(chain, form(1, 1))
    taken(chain, form(1, 9))

    with pytest.raises(NotFound):
        copies.discard(chain, 3, only_pair(chain), actor=ME)
    with chain.db.reading() as session:
        item, other = inbox.by_number(session, 1), inbox.by_number(session, 2)
        assert copies.why_not(session, item, other, Why.SAME_PAPER) is None
        assert "proof" in (copies.why_not(session, item, other, Why.SAME_FORM) or "")
