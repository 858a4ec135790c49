"""A form that lacks a page makes the whole forms of its kind in other scans of these days ask whether the page is theirs."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import Session

from forms.assemble import lacking
from forms.catalogue import load_catalogue
from forms.results import FormReading, PageKind, PageReading
from forms.template import Template
from intake import strays
from intake.stacks import pieces
from intake.wiring import Paperchain
from records.clock import Clock
from records.db import Database
from records.documents import keyring
from records.documents.envelope import seal_json
from records.documents.store import FolderStore
from records.post.tables import Item, Part
from records.vocabulary import PartState
from tests.builders import settings
from tests.reviewing import Browser, arrived, text

CATALOGUE = load_catalogue()
LONG = next(one for one in CATALOGUE.templates() if len(one.pages) == 2)
OTHER = next(one for one in CATALOGUE.templates() if len(one.pages) == 2 and one is not LONG)


@pytest.mark.parametrize(
    ("short", "said"),
    [
        pytest.param({}, [], id="nothing is short"),
        pytest.param({12: {2}}, [(12, 2)], id="one lacks the second page"),
        pytest.param({12: {1}, 15: {2}}, [(12, 1), (15, 2)], id="one lacks each"),
    ],
)
def test_a_form_is_asked_about_the_pages_that_others_lack(
    short: dict[int, set[int]], said: list[tuple[int, int]]
) -> None:
    assert strays.questions({1, 2}, short) == tuple(strays.ONE.format(items=item, page=page) for item, page in said)


def test_a_form_is_not_asked_about_pages_that_it_lacks_itself() -> None:
    assert strays.questions({1}, {12: {2}}) == ()
    assert strays.questions({1}, {12: {1}}) == (strays.ONE.format(items=12, page=1),)


@pytest.mark.parametrize(("items", "words"), [([3, 4], "Items 3 and 4 hold"), ([6, 3, 5, 4], "Items 3, 4, 5 and others hold")])  # fmt: skip
def test_several_items_are_named_in_words_and_not_all(items: list[int], words: str) -> None:
    (said,) = strays.questions({1, 2}, {item: {2} for item in items})
    assert said.startswith(words) and "page 2" in said


@pytest.fixture
def chain(tmp_path: Path, database: Database, clock: Clock) -> Paperchain:
    home = settings(tmp_path / "home")
    for folder in (home.inbox, home.stopped, home.documents):
        folder.mkdir(parents=True)
    return Paperchain(home, database, FolderStore(home.documents), clock)


def form(page: int, number: int = 1, template: Template = LONG) -> PageReading:
    return PageReading(number, PageKind.FORM, template.id, template.edition, page)


def read(chain: Paperchain, *readings: PageReading) -> UUID:
    """A form as it stands after these pages were read."""
    (piece,) = pieces(readings, CATALOGUE)
    assert isinstance(piece.found, FormReading)
    (part_id,) = arrived(chain)
    with chain.db.writing() as session:
        part = session.get_one(Part, part_id)
        part.form, part.edition, part.reason = (
            piece.found.form,
            piece.found.edition,
            " ".join(piece.found.notes) or None,
        )
        key = keyring.open_key(session, session.get_one(Item, part.item_id).key_id)
        part.sealed_reading = seal_json(key, piece.found.to_json(), part.id.bytes)
    return part_id


def asked(session: Session, part_id: UUID) -> tuple[str, ...]:
    part = session.get_one(Part, part_id)
    return strays.elsewhere(session, session.get_one(Item, part.item_id), part)


WHOLE = (form(1), form(2, 2))


def test_a_whole_form_is_asked_about_while_another_scan_of_these_days_lacks_its_page(chain: Paperchain) -> None:
    whole, alone = read(chain, *WHOLE), read(chain, form(1, template=OTHER))
    with chain.db.reading() as session:
        assert asked(session, whole) == ()  # another kind of form is short
    short = read(chain, form(1))
    with chain.db.reading() as session:
        number = session.get_one(Item, session.get_one(Part, short).item_id).number
        assert asked(session, whole) == (strays.ONE.format(items=number, page=2),)
        assert asked(session, short) == asked(session, alone) == ()


@pytest.mark.parametrize(("days", "is_asked"), [(strays.WINDOW_DAYS, True), (strays.WINDOW_DAYS + 1, False)])
@pytest.mark.parametrize("later", [1, -1])
def test_only_the_post_of_these_days_is_looked_at(chain: Paperchain, days: int, later: int, is_asked: bool) -> None:
    whole, short = read(chain, *WHOLE), read(chain, form(1))
    with chain.db.writing() as session:
        session.get_one(Item, session.get_one(Part, short).item_id).received_on += timedelta(days=days * later)
    with chain.db.reading() as session:
        assert bool(asked(session, whole)) is is_asked


@pytest.mark.parametrize("state", strays.GONE)
def test_what_is_gone_asks_nothing(chain: Paperchain, state: PartState) -> None:
    whole, short = read(chain, *WHOLE), read(chain, form(1))
    with chain.db.writing() as session:
        session.get_one(Part, short).state = state
    with chain.db.reading() as session:
        assert asked(session, whole) == ()


def test_the_question_stands_on_the_item_and_above_the_answers_of_the_form(chain: Paperchain) -> None:
    lone, _ = read(chain, form(2)), read(chain, form(1))
    browser = Browser(chain)
    assert strays.ONE.format(items=2, page=2) in text(browser.get("/items/1"))
    page = text(browser.get(f"/review/{lone}"))
    assert "Page 1 of this form is not in the scan." in page
    assert strays.ONE.format(items=2, page=2) in page


def test_what_a_form_lacks_is_told_by_its_notes_and_by_the_text_that_joins_them() -> None:
    (piece,) = pieces([form(2)], CATALOGUE)
    assert isinstance(piece.found, FormReading)
    assert lacking(piece.found.notes, 2) == lacking(" ".join(piece.found.notes), 2) == {1}
