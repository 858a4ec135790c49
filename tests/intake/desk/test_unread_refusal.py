"""A page that no form in use reads, on which a family says No to keeping it: erased at once, as a form that is read (N8, R28)."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from intake import quarantine_days, sorting
from intake.sorting import NotForUs
from intake.wiring import Paperchain
from records.clock import Clock
from records.consents.tables import ConsentEvent
from records.documents.tables import Document
from records.documents.text.spotting import RequestKind
from records.documents.text.tables import PossibleRequest
from records.errors import ChangedMeanwhile
from records.post import review
from records.post.tables import Item, Page, StorageRefusal
from records.tasks.tables import TaskRow
from records.vocabulary import ItemState, PartKind, PartState, Role
from tests.builders import CHILD, home
from tests.reviewing import Browser, arrived, blobs, confirm, errors, rows, state_of, text, typed

SAID = {
    **typed("date_of_birth", date(2011, 5, 14)),
    "child_name": CHILD,
    "giver": "parent_or_carer",
    "place": "on_form",
}


@pytest.fixture
def chain(tmp_path: Path, clock: Clock) -> Iterator[Paperchain]:
    with home(tmp_path / "home", clock) as made:
        yield made


@pytest.fixture
def officer(chain: Paperchain) -> Browser:
    return Browser(chain)


def unread(chain: Paperchain) -> UUID:
    """An item of one page in which no form was found, as it waits to be sorted."""
    [part] = arrived(chain)
    with chain.db.writing() as session:
        row, item = review.get(session, part), review.item_of(session, review.get(session, part))
        row.kind, row.state, row.form, row.edition, row.doubtful = PartKind.OTHER, PartState.TO_SORT, None, None, 0
        row.sealed_reading, item.state = None, ItemState.TO_SORT
        session.add_all([row, item])
    return part


def version(chain: Paperchain, part: UUID) -> int:
    with chain.db.reading() as session:
        return review.get(session, part).version


def test_a_no_on_a_page_that_no_form_reads_is_erased_at_once_and_stands_on_the_file(
    chain: Paperchain, officer: Browser
) -> None:
    confirm(officer, arrived(chain)[0])
    part, before = unread(chain), len(blobs(chain))
    path = f"/review/{part}/no"
    assert path in officer.get("/items/2").text
    assert "No form that is in use was read on these pages. A No needs no reading" in text(officer.get(path))
    assert (
        officer.post(path, {"version": version(chain, part), **SAID}).headers["location"] == f"/review/{part}/refused"
    )

    assert state_of(chain, part) is PartState.QUARANTINED, "out of sight of sorting and search until it is erased"
    assert "says No to keeping" in text(officer.get("/review"))
    with pytest.raises(ChangedMeanwhile):
        sorting.sort_part(chain, 2, part, NotForUs(), actor=str(officer.id), version=0)
    quarantine_days.remind(chain)
    assert "erase_form" in {task.kind for task in rows(chain, TaskRow) if task.closed_at is None}

    page = officer.get(f"/review/{part}/refused")
    assert "File PC-0001: Same name and date of birth" in text(page)
    sent = {"paper": "returned", "version": version(chain, part), "file": "1"}
    assert officer.post(f"/review/{part}/refused", sent).status_code == 303
    assert [row.number for row in rows(chain, Item)] == [1] and len(blobs(chain)) < before
    assert all(row.part_id != part for row in (*rows(chain, Page), *rows(chain, Document)))
    assert len(rows(chain, StorageRefusal)) == 1
    [no] = [event for event in rows(chain, ConsentEvent) if event.state == "withdrawn"]
    assert (no.item_code, no.giver) == ("store", "parent_or_carer")


def test_what_is_missing_is_asked_and_nothing_is_put_aside(chain: Paperchain, officer: Browser) -> None:
    part = unread(chain)
    answer = officer.post(f"/review/{part}/no", {"version": version(chain, part), **SAID, "giver": ""})
    assert (answer.status_code, errors(answer)) == (422, ["Choose who says No"])
    assert state_of(chain, part) is PartState.TO_SORT


def test_what_looks_like_a_request_is_answered_before_it_is_erased(chain: Paperchain, officer: Browser) -> None:
    part = unread(chain)
    with chain.db.writing() as session:
        row = review.get(session, part)
        [page] = [one for one in rows(chain, Page) if one.part_id == part]
        session.add(
            PossibleRequest(
                document_id=page.picture_id,
                item_id=row.item_id,
                kind=next(iter(RequestKind)),
                raised_on=date(2026, 1, 5),
            )
        )
    answer = officer.post(f"/review/{part}/no", {"version": version(chain, part), **SAID})
    assert answer.status_code == 422 and "looks like a request" in errors(answer)[0]
    assert state_of(chain, part) is PartState.TO_SORT


def test_it_is_offered_to_those_alone_who_settle_forms_and_for_what_waits_alone(
    chain: Paperchain, officer: Browser
) -> None:
    part = unread(chain)
    admin = Browser(chain, Role.ADMIN, "Kim")
    assert f"/review/{part}/no" not in admin.get("/items/1").text
    assert admin.get(f"/review/{part}/no").status_code in (403, 404)
    sorting.sort_part(chain, 1, part, NotForUs(), actor=str(officer.id), version=version(chain, part))
    assert f"/review/{part}/no" not in officer.get("/items/1").text
    assert officer.get(f"/review/{part}/no").status_code == 404
    assert officer.get(f"/review/{uuid4()}/no").status_code == 404
