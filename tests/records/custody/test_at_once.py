"""Several people act on one paper, one return or one sack at the same instant: one wins, each other is told (P1)."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from records import holds
from records.audit.tables import AuditEntry
from records.custody import originals, returns, waste
from records.custody.certificates import Certificate
from records.custody.moves import Custody
from records.custody.places import Place
from records.custody.returning import Entitlement, PictureWish, Proof, ReturnState
from records.custody.tables import Original, OriginalMove, PaperReturn, ReturnLine, WasteCertificate
from records.custody.waste import Collection, WasteState
from records.db import Database
from records.errors import ChangedMeanwhile, RefusedByRule
from records.people.entitlement import Values
from records.policies.values import ParentAccess
from records.post import inbox
from tests.records.custody.papers import WESTMINSTER, Cabinet, cabinet
from tests.together import at_once

DAY = date(2027, 1, 11)
VALUES = Values(ParentAccess.YES_SUBJECT_TO_LAW, None, None)
HANDED = Collection("Invented Shredding Ltd", "P Sample", "CN-5")
SAID = Certificate(
    number="C-1", company="Invented Shredding Ltd", destroyed_on=DAY, site="Testwood", method="cross-cut", level=4, bags=1,
    seals=("S1",), signatory="P Sample",
)  # fmt: skip


@pytest.fixture
def papers(database: Database, tmp_path: Path) -> Cabinet:
    return cabinet(database, tmp_path)


def acts(papers: Cabinet, *wanted: str) -> list[str]:
    with papers.db.reading() as session:
        found = select(AuditEntry.act).where(col(AuditEntry.act).in_(wanted))
        return list(session.exec(found.order_by(col(AuditEntry.sequence))))


def ask_back(papers: Cabinet, paper: Original, actor: str) -> Callable[[], None]:
    def act() -> None:
        with papers.db.writing() as session:
            assert paper.file_id is not None
            found = originals.lock(session, paper.id)
            returns.begin(
                session, [found], number=inbox.next_number(session, "paper_return"), file_id=paper.file_id,
                person_id=papers.people[paper.file_id], asked_on=DAY, due_on=DAY, actor=actor, at=papers.at,
            )  # fmt: skip

    return act


def test_two_who_ask_for_one_paper_open_one_return(papers: Cabinet) -> None:
    [paper] = papers.log()
    [told] = at_once(ask_back(papers, paper, "anna"), ask_back(papers, paper, "ben"))
    assert isinstance(told, RefusedByRule) and "already being given back: see return R-" in told.message
    with papers.db.reading() as session:
        assert len(session.exec(select(PaperReturn)).all()) == len(session.exec(select(ReturnLine)).all()) == 1
        assert len(holds.blocking(session, original_id=paper.id)) == 1


def test_eight_who_put_one_paper_away_put_it_in_one_place(papers: Cabinet) -> None:
    [paper] = papers.log()

    def put(drawer: int) -> Callable[[], None]:
        def act() -> None:
            with papers.db.writing() as session:
                found = originals.lock(session, paper.id)
                originals.put_away(
                    session, found, Place("A", str(drawer), ""), actor=f"p{drawer}", at=papers.at, version=paper.version
                )

        return act

    told = at_once(*(put(drawer) for drawer in range(1, 9)))
    assert [type(each) for each in told] == [ChangedMeanwhile] * 7
    assert all("first" in each.message for each in told)
    now = papers.now(paper)
    assert (now.state, f"p{now.drawer}") == (Custody.HELD, now.changed_by)
    with papers.db.reading() as session:
        wanted = select(OriginalMove).where(OriginalMove.original_id == paper.id, OriginalMove.to_state == Custody.HELD)
        assert len(session.exec(wanted).all()) == 1


def test_each_step_of_a_return_is_taken_by_one_of_two(papers: Cabinet) -> None:
    [paper] = papers.log()
    ask_back(papers, paper, "anna")()

    def step(act: Callable[[Session, PaperReturn, int, str], None], first: str, second: str) -> str:
        """Who was told, and what."""
        with papers.db.reading() as session:
            version = session.exec(select(PaperReturn)).one().version

        def by(actor: str) -> Callable[[], None]:
            def run() -> None:
                with papers.db.writing() as session:
                    act(session, session.exec(select(PaperReturn)).one(), version, actor)

            return run

        [told] = at_once(by(first), by(second))
        assert isinstance(told, ChangedMeanwhile)
        return told.message

    at = papers.at

    def prove(session: Session, row: PaperReturn, version: int, actor: str) -> None:
        returns.prove(
            session, row, proof=Proof.KNOWN, entitled=Entitlement.GAVE_IT, picture=PictureWish.KEEP, address="", actor=actor,
            values=VALUES, at=at, version=version,
        )  # fmt: skip

    assert "changed return R-1 first. It is now: to find." in step(prove, "anna", "ben")
    step(
        lambda session, row, version, who: returns.found(session, row, {1}, actor=who, at=at, version=version),
        "anna",
        "ben",
    )
    step(
        lambda session, row, version, who: returns.check(session, row, 1, actor=who, at=at, version=version),
        "cleo",
        "dan",
    )
    step(
        lambda session, row, version, who: returns.receive(
            session, row, receipt=f"R-{who}", by_hand=True, actor=who, at=at, version=version, target_days=28
        ),
        "anna", "ben",
    )  # fmt: skip
    assert acts(papers, "return_opened", "return_to_find", "return_found", "return_ready", "return_received") == [
        "return_opened", "return_to_find", "return_found", "return_ready", "return_received",
    ]  # fmt: skip
    with papers.db.reading() as session:
        assert session.exec(select(PaperReturn)).one().state == ReturnState.RECEIVED
    assert papers.now(paper).state == Custody.RETURNED


def test_each_step_of_a_sack_is_taken_by_one_of_two(papers: Cabinet) -> None:
    two = papers.log(2)
    papers.bag(two)
    at = papers.at

    def step(act: Callable[..., object], first: str, second: str) -> None:
        with papers.db.reading() as session:
            version = waste.by_number(session, 1).version

        def by(actor: str) -> Callable[[], None]:
            def run() -> None:
                with papers.db.writing() as session:
                    act(session, waste.by_number(session, 1), actor=actor, at=at, version=version)

            return run

        [told] = at_once(by(first), by(second))
        assert isinstance(told, ChangedMeanwhile) and "changed sack 1 first. It is now: " in told.message

    step(
        lambda *row, **who: waste.close(*row, seal="S1", counted=2, least_level=4, policy=WESTMINSTER, **who),
        "anna",
        "ben",
    )
    step(lambda *row, **who: waste.seal(*row, seal="s1", counted=2, policy=WESTMINSTER, **who), "cleo", "dan")
    step(lambda *row, **who: waste.collect(*row, HANDED, policy=WESTMINSTER, **who), "anna", "ben")
    step(lambda *row, **who: waste.certify(*row, SAID, **who), "anna", "ben")
    done = ("closed", "sealed", "collected")
    wanted = [*(f"waste_batch_{each}" for each in done), "waste_certificate_entered"]
    assert acts(papers, *wanted) == wanted
    with papers.db.reading() as session:
        assert len(session.exec(select(WasteCertificate)).all()) == 1
        assert waste.by_number(session, 1).state == WasteState.DESTROYED
    assert {papers.now(paper).state for paper in two} == {Custody.DESTROYED}
