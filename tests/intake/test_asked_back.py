"""N16, R60: a paper that the family asks back as it comes has its day, as one has that they ask for later. Invented people only."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from sqlmodel import select

from forms.catalogue import load_catalogue
from forms.results import FieldReading, FormReading
from forms.template import Kind
from intake import filing, sorting
from intake.filing import Confirmed, NewChild
from intake.sorting import ForFile, SortedAs
from intake.wiring import Paperchain
from records.custody.proposal import ProposalKind
from records.custody.tables import Original
from records.documents import keyring
from records.documents.envelope import seal_json
from records.people import register
from records.people.birthdates import BirthDate
from records.post.tables import Item, Part
from records.tasks.tables import TaskRow
from tests.builders import CARER, CHILD
from tests.intake.both_services import chain, officer
from tests.lettering import letter
from tests.reviewing import Browser, arrived

__all__ = ["chain", "officer"]  # fixtures, found by their names here

PRINTED = load_catalogue().get("westminster-consent", "2026")
"""A form that asks what to do with the paper."""


def a_form(chain: Paperchain, officer: Browser, wish: str) -> None:
    """A form of ours is confirmed on which only `wish` is ticked for the paper."""
    (part_id,) = arrived(chain)
    read, answers = {}, dict[str, str | None]()
    for field in PRINTED.fields:
        value = {Kind.YES_NO: "yes", Kind.TICK: "blank", Kind.SIGNATURE: "present"}.get(field.kind)
        answers[field.id] = "yes" if field.item == wish else value
        read[field.id] = FieldReading(field.id, field.kind, value, False, 0.9, None, 1, (1, 1, 9, 9), 1)
    answers |= {"child_name": CHILD, "parent_name": CARER}
    with chain.db.writing() as session:
        part = session.get_one(Part, part_id)
        part.edition = PRINTED.edition
        key = keyring.open_key(session, session.get_one(Item, part.item_id).key_id)
        reading = FormReading(PRINTED.id, PRINTED.edition, (1,), read)
        part.sealed_reading = seal_json(key, reading.to_json(), part.id.bytes)
        session.add(part)
        session.flush()
        version = part.version
    decided = Confirmed(
        answers,
        NewChild(CHILD, BirthDate.on(date(2011, 5, 14))),
        "parent_or_carer",
        date(2026, 11, 2),
        True,
        officer.id,
        version,
    )
    filing.confirm(chain, part_id, decided)


def a_letter(chain: Paperchain, officer: Browser, wish: str) -> None:
    """A letter is filed, and whoever sorts it says what becomes of the paper."""
    with chain.db.writing() as session:
        file = register.open_file(
            session, officer_id=officer.id, child_name=CHILD, actor="lee", at=chain.clock.now(), number=1
        )
        register.add_person(session, file, kind=register.CARER, name=CARER, actor="lee", at=chain.clock.now())
    number, part = letter(chain)
    with chain.db.reading() as session:
        version = session.get_one(Part, part).version
    kind = ProposalKind.RETURN if wish == "paper:return" else ProposalKind.CABINET
    sorting.sort_part(
        chain, number, part, ForFile(SortedAs.LETTER, 1, kind, legible=True), actor=str(officer.id), version=version
    )


def waiting(chain: Paperchain) -> list[TaskRow]:
    with chain.db.reading() as session:
        found = session.exec(select(TaskRow).where(TaskRow.kind == "paper_back")).all()
        return [row for row in found if row.closed_at is None]


Came = Callable[[Paperchain, Browser, str], None]


@pytest.mark.parametrize("came", [a_form, a_letter])
def test_a_paper_asked_back_as_it_comes_is_a_task_with_a_day_until_its_return_is_opened(
    chain: Paperchain, officer: Browser, came: Came
) -> None:
    came(chain, officer, "paper:return")
    (task,) = waiting(chain)
    assert (task.due, task.for_officer) == (date(2026, 12, 4), None)  # ten working days
    assert "The family asked for paper O-1 back." in officer.get("/tasks").text
    with chain.db.reading() as session:
        paper = session.exec(select(Original)).one()
        assert paper.file_id is not None
        people = register.people(session, register.get(session, paper.file_id))
    person: UUID = next(one.id for one in people if one.kind == register.CARER)
    asked = {"number": "1", "person": str(person), "asked-day": "20", "asked-month": "11", "asked-year": "2026"}
    assert officer.post("/files/1/originals/return", asked).status_code == 303
    assert waiting(chain) == []


@pytest.mark.parametrize("came", [a_form, a_letter])
def test_a_paper_that_nobody_asked_back_is_no_task(chain: Paperchain, officer: Browser, came: Came) -> None:
    came(chain, officer, "paper:destroy")
    assert waiting(chain) == []
