"""The list of what is due asks a few questions for a hundred files at once: what it says of each is what the destroyer would find."""

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from intake.wiring import Paperchain
from records.cases import referrals
from records.cases.words import Capacity as AsWhom
from records.clock import Clock
from records.custody.tables import Original
from records.db import Database
from records.documents.tables import Document
from records.holds import register as holds
from records.holds.kinds import Category, HoldKind, Scope
from records.people import known, merging, register
from records.people.birthdates import BirthDate
from records.people.facts import Answer, Capacity
from records.people.tables import ChildFile
from records.post.tables import Part
from records.retention import disposal, facts, months
from records.retention.stops import Situation
from tests.builders import made_on
from tests.questions import asked
from tests.retaining import OFFICER, family


@pytest.fixture
def chain(tmp_path: Path, database: Database, clock: Clock) -> Paperchain:
    return made_on(database, tmp_path, clock)


def alike(session: Session, chain: Paperchain) -> dict[int, Situation]:
    """What the list says of each file; it must be what is found of each by itself."""
    rules = facts.rules(chain.policy_on, chain.clock.today())
    found = list(facts.of_files(session))
    together = facts.situations(session, found, rules)
    alone = [facts.situation(session, session.get_one(ChildFile, one.file_id), one, rules) for one in found]
    assert together == alone
    return {one.number: situation for one, situation in zip(found, together, strict=True)}


def test_the_list_says_of_each_file_what_is_found_of_it_alone(chain: Paperchain) -> None:
    ids = [
        family(chain, f"Rowan Canary{number}", paper_gone=number % 2 == 0, closed=number != 3) for number in range(9)
    ]
    at, today = chain.clock.now(), chain.clock.today()

    def subject(session: Session, scope: Scope, file: UUID) -> UUID:
        match scope:
            case Scope.ITEM:
                return session.exec(select(Part.item_id).where(Part.file_id == file)).first() or file
            case Scope.DOCUMENT:
                return session.exec(select(Document.id).where(Document.file_id == file)).first() or file
            case Scope.ORIGINAL:
                return session.exec(select(Original.id).where(Original.file_id == file)).first() or file
            case Scope.PERSON:
                return register.people(session, register.get(session, file))[0].id
        return file

    with chain.db.writing() as session:
        scopes = (Scope.FILE, Scope.ITEM, Scope.DOCUMENT, Scope.ORIGINAL, Scope.PERSON)
        for file, scope in zip(ids, scopes, strict=False):
            holds.place(
                session, kind=HoldKind.COURT, scope=scope, subject_id=subject(session, scope, file), authority="A court",
                reason="A claim.", by=OFFICER, at=at,
            )  # fmt: skip
        lifted = holds.place(
            session, kind=HoldKind.SAFEGUARDING, scope=Scope.FILE, subject_id=ids[5], authority="Lead", reason="An enquiry.",
            by=OFFICER, at=at,
        )  # fmt: skip
        holds.release(session, lifted.id, why="It is over.", by=OFFICER, at=at)
        child = register.people(session, register.get(session, ids[6]))[0]
        no = Answer.NO
        unable = Capacity("Where to live", no, no, no, no, no, "They could not say back what was said.")
        known.record(session, ids[6], child.id, unable, true_on=today, actor=OFFICER, at=at)
        referrals.log_on_file(
            session,
            register.get(session, ids[6]),
            AsWhom.PARENT,
            "A place",
            chain.policy(),
            received_on=today,
            actor=OFFICER,
            at=at,
        )
        merging.merge(
            session, register.get(session, ids[7]), register.get(session, ids[8]), why="One child", by=OFFICER, at=at
        )
    with chain.db.reading() as session:
        said = alike(session, chain)
        assert len(said) == 8 and sum(bool(each.holds) for each in said.values()) == 5
        assert sum(each.review is not None for each in said.values()) == 2
    for kind in (None, Category.FORMS):
        with chain.db.writing() as session:
            wide = holds.place(
                session, kind=HoldKind.MORATORIUM, scope=Scope.CATEGORY if kind else Scope.EVERYTHING, category=kind, authority="An inquiry",
                reason="All stays.", by=OFFICER, at=at,
            )  # fmt: skip
            assert all(each.holds for each in alike(session, chain).values())
            holds.release(session, wide.id, why="It is over.", by=OFFICER, at=at)
            alike(session, chain)


def test_the_list_asks_no_more_questions_for_forty_files_than_for_four(chain: Paperchain) -> None:
    rules = facts.rules(chain.policy_on, chain.clock.today())

    def add(count: int) -> None:
        with chain.db.writing() as session:
            last = session.exec(select(sa.func.max(ChildFile.number))).one() or 0
            for number in range(last + 1, last + 1 + count):
                file = register.open_file(
                    session,
                    officer_id=UUID(OFFICER),
                    child_name="Rowan Testwood",
                    actor=OFFICER,
                    at=chain.clock.now(),
                    number=number,
                )
                born = BirthDate.on(date(2000, 5, 14))
                register.add_birth_date(session, file, born, part_id=None, actor=OFFICER, at=chain.clock.now())
            months.refresh(session, rules)

    def questions() -> tuple[int, int]:
        with chain.db.reading() as session, asked(chain.db) as found:
            shown, _ = disposal.candidates(session, rules, chain.clock.today())
        return len(shown), len(found)

    add(4)
    few = questions()
    add(36)
    many = questions()
    assert (few[0], many[0]) == (4, 40) and many[1] == few[1]
