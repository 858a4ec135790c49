"""Files in = records out on the desk and in print; the sheets to lay between papers."""

import io
import re
from pathlib import Path
from uuid import uuid4

import pypdf
import pytest

from intake.wiring import Paperchain
from records.clock import Clock
from records.db import Database
from records.documents.store import FolderStore
from records.post import inbox
from records.post.tables import Item, Page, Part
from records.vocabulary import ItemState, PartKind, Role
from tests.builders import CHILD, settings
from tests.reviewing import Browser, arrived, confirm, errors, text

DAY = "/post/days/2026-11-20"


@pytest.fixture
def chain(tmp_path: Path, database: Database, clock: Clock) -> Paperchain:
    home = settings(tmp_path / "home")
    home.inbox.mkdir(parents=True)
    home.documents.mkdir()
    return Paperchain(home, database, FolderStore(home.documents), clock)


def printed(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages).split())


def test_a_day_shows_where_every_page_is_and_prints_it(chain: Paperchain) -> None:
    first, _ = arrived(chain, backs=PartKind.BLANK)
    assert confirm(Browser(chain), first).status_code == 303

    who = Browser(chain, Role.ADMIN)
    page, receipt = text(who.get(DAY)), who.get(f"{DAY}/receipt")

    assert "2 pages in, 2 out: every page is in one place." in page
    assert receipt.headers["content-type"] == "application/pdf"
    assert "Files in: 1. Pages in: 2." in printed(receipt.content)
    assert "2 pages in, 2 out" in text(who.get("/post/days"))
    for shown in (page, printed(receipt.content)):
        assert CHILD not in shown


def test_a_lost_page_is_said_on_every_view(chain: Paperchain) -> None:
    arrived(chain, forms=2)
    with chain.db.writing() as session:
        session.delete(inbox.pages_of(session, inbox.by_number(session, 1))[0])
    who = Browser(chain)

    for shown in (text(who.get(DAY)), text(who.get("/post/days")), printed(who.get(f"{DAY}/receipt").content)):
        assert "The pages do not add up. Look at item 1" in shown


def test_the_items_of_a_long_day_stand_on_pages_and_its_sums_and_receipt_are_of_the_whole_day(
    chain: Paperchain,
) -> None:
    (form,) = arrived(chain)
    with chain.db.writing() as session:
        item = session.get_one(Item, session.get_one(Part, form).item_id)
        (page,) = inbox.pages_of(session, item)
        for number in range(2, 102):
            more = {"id": uuid4(), "number": number, "claim_id": uuid4(), "state": ItemState.TO_SORT}
            session.add(made := Item(**item.model_dump() | more))
            session.flush()
            session.add(Page(**page.model_dump() | {"id": uuid4(), "item_id": made.id, "part_id": None}))
    who = Browser(chain, Role.ADMIN)

    pages = [who.get(f"{DAY}?page={at}").text for at in (1, 2, 3)]
    shown = [[int(one) for one in re.findall(r'href="/items/(\d+)"', page)] for page in pages]

    assert shown == [[*range(1, 51)], [*range(51, 101)], [101]]
    assert who.get(f"{DAY}?page=4").text.count('href="/items/') == 1, "a page beyond the last is the last"
    for page in pages:
        assert "101 pages in, 101 out" in page and "Page " in page
    receipt = printed(who.get(f"{DAY}/receipt").content)
    assert "Files in: 101. Pages in: 101." in receipt and all(
        f" {number} 1 Waiting" in receipt for number in range(1, 102)
    )


@pytest.mark.parametrize("path", ["/post/days/2026-11-19", "/post/days/no-day", "/post/days/no-day/receipt"])
def test_a_day_without_post_is_no_page(chain: Paperchain, path: str) -> None:
    assert Browser(chain).get(path).status_code == 404


def test_days_are_empty_before_the_first_post(chain: Paperchain) -> None:
    assert "No post yet" in text(Browser(chain).get("/post/days"))


def test_sheets_are_printed_and_wrong_numbers_asked_again(chain: Paperchain) -> None:
    who = Browser(chain, Role.ADMIN)
    assert who.get("/post/sheets").status_code == 200

    separators = who.post("/post/sheets/separators", {"count": "2"})
    covers = who.post("/post/sheets/covers", {"files": "PC-0042, 43"})

    assert len(pypdf.PdfReader(io.BytesIO(separators.content)).pages) == 2
    assert "PC-0042" in printed(covers.content) and "PC-0043" in printed(covers.content)
    assert errors(who.post("/post/sheets/separators", {"count": "0"})) == ["Enter how many sheets, 1 to 200"]
    for typed in ("", "Rowan", "42 x", "0"):
        assert len(errors(who.post("/post/sheets/covers", {"files": typed}))) == 1


def test_a_manager_counts_but_prints_no_sheets(chain: Paperchain) -> None:
    arrived(chain)
    who = Browser(chain, Role.MANAGER)

    assert (who.get(DAY).status_code, who.get("/post/sheets").status_code) == (200, 404)
