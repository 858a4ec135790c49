"""F22: a form that names two children is confirmed for each, with each child's own name and birth date; nothing is taken over unseen."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from intake import other_child
from intake.wiring import Paperchain
from records.clock import Clock
from records.consents import asking, gate
from records.consents.items import STORE
from records.consents.standing import ConsentState
from records.consents.tables import ConsentEvent
from records.custody.tables import Original
from records.documents import holdings
from records.documents.pack import unpack
from records.documents.tables import Document
from records.errors import NotFound, RefusedByRule
from records.guard import marks
from records.people.entitlement import GivenByChild
from records.people.tables import ChildFile
from records.post.tables import Part
from records.retention import facts, several
from records.retention.tables import PaperAbout
from records.vocabulary import PartState, Role
from tests.builders import home
from tests.retaining import approved, days_on, family, run_over, there
from tests.reviewing import Browser, answers, arrived, confirm, errors, rows, state_of, text, typed

OTHER = {"child_name": "Robin Testwood", **typed("date_of_birth", date(2018, 2, 3)), "born-looked-at": "2018-02-03"}


@pytest.fixture
def chain(tmp_path: Path, clock: Clock) -> Iterator[Paperchain]:
    with home(tmp_path / "home", clock) as made:
        yield made


@pytest.fixture
def officer(chain: Paperchain) -> Browser:
    return Browser(chain)


def first(chain: Paperchain, officer: Browser) -> UUID:
    """A form that is confirmed for the child named first. Its part."""
    arrived(chain)  # another family's, in front: the pages of what is copied are counted from 1 all the same
    part = arrived(chain)[0]
    assert confirm(officer, part).status_code == 303
    return part


def copied(chain: Paperchain, officer: Browser, part: UUID) -> UUID:
    answer = officer.post("/files/1/several/form", {"form": str(part)})
    assert answer.status_code == 303
    return UUID(str(answer.headers["location"]).rpartition("/")[2])


def holds(chain: Paperchain, file: ChildFile) -> dict[str, ConsentState]:
    with chain.db.reading() as session:
        facts = asking.facts_of(session, file.id, chain.policy())
        return {item: held.state for item, held in gate.what_holds(facts, chain.clock.today()).items()}


def test_the_same_form_is_confirmed_for_the_other_child_beside_its_own_picture(
    chain: Paperchain, officer: Browser
) -> None:
    part = first(chain, officer)
    copy = copied(chain, officer, part)
    assert copied(chain, officer, part) == copy, "one that waits is not made twice"
    beside = text(officer.get("/files/1/several"))
    assert "waits in Review for another child whom it names" in beside and f'href="/review/{copy}"' in beside
    assert "Nobody has noted" not in beside and "Which form?" not in beside, "what waits already is not offered again"
    page = text(officer.get(f"/review/{copy}"))
    assert "This is a copy of the form on file PC-0001" in page and state_of(chain, copy) is PartState.TO_REVIEW
    assert officer.get(f"/review/{copy}/crops/signature").content == officer_crop(chain, part, "signature")
    events = len(rows(chain, ConsentEvent))
    done = officer.post(f"/review/{copy}", answers(officer.open(copy)) | OTHER | {"file": "new"})
    assert done.status_code == 303 and "Its paper is" not in text(officer.get("/review"))

    one, other = sorted(rows(chain, ChildFile), key=lambda file: file.number)
    assert holds(chain, other) == holds(chain, one) and holds(chain, other)[STORE] is ConsentState.GIVEN
    assert len(rows(chain, ConsentEvent)) == 2 * events
    assert {event.part_id for event in rows(chain, ConsentEvent) if event.file_id == other.id} == {copy}
    assert len(rows(chain, Original)) == 1, "there is one paper"
    shows = {(row.part_id, row.other_number) for row in rows(chain, PaperAbout)}
    assert shows == {(part, other.number), (copy, one.number)}, "each is asked about on the earlier child's date (R42)"
    assert "Also about the child of PC-0001" in text(officer.get(f"/files/{other.number}/several"))


def officer_crop(chain: Paperchain, part: UUID, field: str) -> bytes | None:
    with chain.db.reading() as session:
        proof = session.get_one(Document, session.get_one(Part, part).evidence_id)
        return unpack(holdings.fetch(session, chain.store, proof), field)


def test_a_copy_counts_for_nobody_until_it_is_confirmed_and_never_twice_for_one_child(
    chain: Paperchain, officer: Browser
) -> None:
    part = first(chain, officer)
    copy = copied(chain, officer, part)
    events = len(rows(chain, ConsentEvent))
    same = officer.post(f"/review/{copy}", answers(officer.open(copy)) | {"file": "1"})
    assert errors(same) == ["This form is on that child’s file already. Choose or open the file of the other child."]
    own = officer.post(f"/review/{copy}", answers(officer.open(copy)) | OTHER | {"giver": "young_person", "giver-looked-at": "2018-02-03"})  # fmt: skip
    assert "cannot be the other young person too" in " ".join(errors(own))
    assert len(rows(chain, ConsentEvent)) == events and len(rows(chain, ChildFile)) == 1
    assert state_of(chain, copy) is PartState.TO_REVIEW


def test_a_copy_stays_for_the_second_child_when_the_first_file_is_erased_and_says_so(
    chain: Paperchain, officer: Browser
) -> None:
    erased = family(chain)
    part = next(each.id for each in rows(chain, Part) if each.file_id == erased)
    copy = other_child.to_review(chain, 1, part, actor=str(officer.id))
    before, queue = text(officer.get(f"/review/{copy}")), text(officer.get("/review"))
    assert "This is a copy of the form on file PC-0001." in before and "has been erased" not in before
    assert "A copy, for a second child, of the form on PC-0001" in queue

    approved(chain, erased)
    run_over(days_on(chain, 32))
    assert not there(chain, erased) and state_of(chain, copy) is PartState.TO_REVIEW
    after = text(officer.get(f"/review/{copy}"))
    assert "a copy of a form that was on file PC-0001. That file has been erased since" in after
    assert "This is a copy of the form on file PC-0001" not in after
    assert "of the form that was on PC-0001. That file is erased" in text(officer.get("/review"))
    assert officer.get(f"/review/{copy}/crops/signature").status_code == 200, "its pictures are its own"

    done = officer.post(f"/review/{copy}", answers(officer.open(copy)) | OTHER | {"file": "new"})
    assert done.status_code == 303
    (other,) = rows(chain, ChildFile)
    assert other.id != erased and holds(chain, other)[STORE] is ConsentState.GIVEN
    with chain.db.reading() as session:
        asked = several.asked(session, facts.rules(chain.policy_on, chain.clock.today()), chain.clock.today())
    assert [(one.number, one.gone) for one in asked] == [(other.number, True)], (
        "the erased child’s part is to be covered"
    )


def test_a_no_to_keeping_the_other_childs_details_erases_the_copy_alone(chain: Paperchain, officer: Browser) -> None:
    part = first(chain, officer)
    copy = copied(chain, officer, part)
    assert (
        officer.post(f"/review/{copy}", answers(officer.open(copy), store_on_database="no") | OTHER).status_code == 303
    )
    page = text(officer.get(f"/review/{copy}/refused"))
    assert "erase" in page.lower()
    assert state_of(chain, part) is PartState.CONFIRMED and len(rows(chain, ChildFile)) == 1


def test_what_speaks_for_the_young_person_alone_or_is_no_form_is_not_copied(
    chain: Paperchain, officer: Browser
) -> None:
    part = first(chain, officer)
    assert errors(officer.post("/files/1/several/form", {"form": str(uuid4())})) == ["Choose the form"]
    with pytest.raises(NotFound):
        other_child.to_review(chain, 1, uuid4(), actor=str(officer.id))
    with chain.db.writing() as session:
        file = session.exec(select(ChildFile)).one()
        marks.mark(session, file, part, GivenByChild.AGREES, by=str(officer.id), at=chain.clock.now())
    with pytest.raises(RefusedByRule, match="signed this form themselves"):
        other_child.to_review(chain, 1, part, actor=str(officer.id))
    manager, admin = Browser(chain, Role.MANAGER, "Kim"), Browser(chain, Role.ADMIN, "Ash")
    for other in (manager, admin):
        assert other.post("/files/1/several/form", {"form": str(part)}).status_code == 404
