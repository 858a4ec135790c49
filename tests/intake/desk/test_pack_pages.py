"""W18: copies for the family to hand on themselves: given to one entitled person, entered as given to them, to nobody else."""

import html
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2 as httpx
import pytest
from sqlmodel import select

from intake import bundling
from intake.wiring import Paperchain
from records.clock import fixed
from records.consents.standing import ConsentState
from records.consents.tables import Disclosure
from records.documents import holdings, keyring
from records.documents.tables import Document
from records.guard import marks
from records.people import register
from records.people.entitlement import GivenByChild
from records.people.facts import Answer, Capacity, Evidence, Responsibility, Wishes
from records.people.known import record
from records.people.refusals import EVERYBODY
from records.post.tables import Item, Part
from records.vocabulary import DocumentKind, PartKind, PartState, Role
from tests.builders import home
from tests.conftest import NOON
from tests.records.consents.homes import Home, open_file
from tests.requesting import picture, words_of
from tests.reviewing import Browser, arrived


@dataclass
class World:
    """A file with one letter of two pages."""

    chain: Paperchain
    officer: Browser
    file: Home
    part: UUID

    def send(self, **fields: str) -> httpx.Response:
        sent = {"thing": str(self.part), "person": str(self.file.carer), "interests": "yes", "looked": "yes", **fields}
        return self.officer.post("/files/1/pack", sent)

    def went_out(self) -> list[Disclosure]:
        with self.chain.db.reading() as session:
            return list(session.exec(select(Disclosure)))


@pytest.fixture(params=["westminster", "northamptonshire"])
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    with home(tmp_path / "home", fixed(NOON), service__policy=request.param) as chain:
        officer = Browser(chain)
        (part,) = arrived(chain)
        with chain.db.writing() as session:
            made = open_file(session, chain.clock.now(), {"store": ConsentState.GIVEN}, officer=officer.id)
            proof = Responsibility(Answer.YES, Evidence.BIRTH_CERTIFICATE)
            record(
                session, made.file.id, made.carer, proof, true_on=chain.clock.today(), actor=str(officer.id), at=chain.clock.now()
            )  # fmt: skip
            key = keyring.open_key(session, made.file.key_id)
            row = Part(
                item_id=session.get_one(Part, part).item_id,
                kind=PartKind.OTHER,
                state=PartState.FILED,
                file_id=made.file.id,
            )
            session.add(row)
            assert session.get(Item, row.item_id) is not None
            for place in (1, 2):
                stored = holdings.put(chain.store, key, [picture(f"Plan, page {place}")], "image/jpeg")
                holdings.hold(
                    session, stored, kind=DocumentKind.PAGE, key_id=made.file.key_id, at=chain.clock.now(), file_id=made.file.id,
                    part_id=row.id, page=place,
                )  # fmt: skip
            session.flush()
            part = row.id
        yield World(chain, officer, made, part)


def test_the_copies_are_the_familys_and_no_disclosure_to_anybody_else_is_entered(world: World) -> None:
    assert "Encourage the family to share things themselves" in world.officer.get("/files/1/pack").text
    made = world.send()
    assert made.status_code == 200, html.unescape(made.text)
    assert "PC-0001, page 2 of 2" in words_of(made.content)
    (row,) = world.went_out()
    assert (row.recipient, row.person_id, row.body_id, row.things) == (
        "person",
        world.file.carer,
        None,
        str(world.part),
    )
    assert "Copies to hand on themselves" in world.officer.get("/files/1/letters").text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"thing": ""}, "A document that you chose is not here any more"),
        ({"person": str(uuid4())}, "Choose who takes the copies"),
        ({"looked": ""}, "looked through every page"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_entered(world: World, fields: dict[str, str], words: str) -> None:
    answer = world.send(**fields)
    assert answer.status_code == 422 and words in html.unescape(answer.text)
    assert world.went_out() == []


def test_who_is_not_entitled_or_did_not_come_to_us_gets_nothing(world: World) -> None:
    with world.chain.db.writing() as session:
        file = register.by_number(session, 1)
        other = register.add_person(
            session, file, kind=register.CARER, name="Sam Testwood", actor="x", at=world.chain.clock.now()
        )
        session.flush()
        other_id = str(other.id)
    for who in (other_id, str(world.file.child)):
        assert world.send(person=who).status_code == 422
    assert world.went_out() == []


@pytest.mark.parametrize(
    ("of_child", "fact", "words"),
    [
        pytest.param(
            False, Responsibility(Answer.YES, Evidence.COURT_ORDER, "No contact with the school"),
            "A court order limits this person's parental responsibility", id="a court order",
        ),
        pytest.param(True, Wishes("Not my mother", (EVERYBODY,)), "The child objects", id="the child refuses them"),
        pytest.param(
            True, Capacity("Who sees the records", "yes", "yes", "yes", "yes", "yes", "She told us why"),
            "The child understands it and has not been asked", id="the child can decide",
        ),
    ],
)  # fmt: skip
def test_what_the_file_knows_of_a_parent_and_of_the_child_counts(
    world: World, of_child: bool, fact: Responsibility | Wishes | Capacity, words: str
) -> None:
    who = world.file.child if of_child else world.file.carer
    with world.chain.db.writing() as session:
        today, at = world.chain.clock.today(), world.chain.clock.now()
        record(session, world.file.file.id, who, fact, true_on=today, actor="x", at=at)
    for page in (world.send(), world.officer.get("/files/1/people")):
        assert words in html.unescape(page.text)
    assert world.went_out() == []


def test_what_the_young_person_gave_and_does_not_let_go_is_not_copied(world: World) -> None:
    with world.chain.db.writing() as session:
        file = register.by_number(session, 1)
        marks.mark(session, file, world.part, GivenByChild.REFUSES, by="x", at=world.chain.clock.now())
    answer = world.send()
    assert answer.status_code == 422 and "W29" in html.unescape(answer.text)
    assert world.went_out() == []


@pytest.mark.parametrize("what", ["the child refuses them", "a page is gone"])
def test_what_is_said_while_the_copies_are_made_counts(
    world: World, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """R30: at once, also between the first look and what is given out."""
    make = bundling.family_copy

    def meanwhile(*args: Any, **kwargs: Any) -> bytes:
        made = make(*args, **kwargs)
        with world.chain.db.writing() as session:
            if what == "a page is gone":
                session.delete(
                    session.exec(select(Document).where(Document.part_id == world.part, Document.page == 2)).one()
                )
            else:
                wishes, today = Wishes("Not my mother", (EVERYBODY,)), world.chain.clock.today()
                record(
                    session,
                    world.file.file.id,
                    world.file.child,
                    wishes,
                    true_on=today,
                    actor="x",
                    at=world.chain.clock.now(),
                )
        return made

    monkeypatch.setattr(bundling, "family_copy", meanwhile)
    answer = world.send()
    assert answer.status_code == 422 and "while the copies were made" in html.unescape(answer.text)
    assert world.went_out() == []


def test_admin_staff_copy_nothing(world: World) -> None:
    assert Browser(world.chain, Role.ADMIN).get("/files/1/pack").status_code == 404
