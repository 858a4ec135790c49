"""W47, P10: what enters a sack, two people who count, and the way to the certificate."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlmodel import col, select

from records import holds
from records.custody import originals, remarks, returns, waste
from records.custody.bagging import Condition
from records.custody.certificates import Certificate, Gap
from records.custody.facts import BackupRule
from records.custody.moves import Custody, Facts
from records.custody.remarks import Irreplaceable
from records.custody.tables import Original, OriginalMove, PaperReturn, WasteBatch, WasteLine
from records.custody.waste import Blocked, Collection, WasteState
from records.db import Database
from records.documents.tables import Document
from records.errors import ChangedMeanwhile, RecordsError, RefusedByRule
from records.holds import HoldKind, Scope
from records.policies.settings import Policy
from records.post.tables import Item, Page, Part
from records.vocabulary import PartState
from tests.records.custody.papers import CABINET, LATER, NORTHAMPTONSHIRE, WASTE, WESTMINSTER, Cabinet, cabinet

HANDED = Collection("Invented Shredding Ltd", "P Sample", "CN-5")


@pytest.fixture
def papers(database: Database, tmp_path: Path) -> Cabinet:
    return cabinet(database, tmp_path)


def batch(papers: Cabinet, number: int = 1) -> WasteBatch:
    with papers.db.reading() as session:
        return waste.by_number(session, number)


def close(
    papers: Cabinet, counted: int, actor: str = "anna", seal: str = "S1", level: int = 4, policy: Policy = WESTMINSTER
) -> None:
    with papers.db.writing() as session:
        found = waste.by_number(session, 1)
        waste.close(
            session,
            found,
            seal=seal,
            counted=counted,
            least_level=level,
            policy=policy,
            actor=actor,
            at=papers.at,
            version=found.version,
        )


def seal(papers: Cabinet, counted: int, actor: str = "ben", seal: str = "s1", policy: Policy = WESTMINSTER) -> None:
    with papers.db.writing() as session:
        found = waste.by_number(session, 1)
        waste.seal(
            session, found, seal=seal, counted=counted, policy=policy, actor=actor, at=papers.at, version=found.version
        )


def collect(papers: Cabinet, policy: Policy = WESTMINSTER) -> None:
    with papers.db.writing() as session:
        found = waste.by_number(session, 1)
        waste.collect(session, found, HANDED, policy=policy, actor="ben", at=papers.at, version=found.version)


def certify(papers: Cabinet, **changes: object) -> tuple[Gap, ...]:
    said = {
        "number": "C-1", "company": "Invented Shredding Ltd", "destroyed_on": date(2027, 1, 11), "site": "Testwood",
        "method": "cross-cut", "level": 4, "bags": 1, "seals": ("S1",), "signatory": "P Sample", **changes,
    }  # fmt: skip
    with papers.db.writing() as session:
        found = waste.by_number(session, 1)
        certificate = Certificate(**said)  # type: ignore[arg-type]  # a test's own mapping
        return waste.certify(session, found, certificate, actor="anna", at=papers.at, version=found.version)


def test_a_sack_from_the_first_paper_to_the_certificate(papers: Cabinet) -> None:
    three = papers.log(3)
    papers.bag(three)
    close(papers, 3)
    seal(papers, 3)
    collect(papers)

    assert certify(papers) == ()

    assert {papers.now(paper).state for paper in three} == {Custody.DESTROYED}
    assert batch(papers).state == WasteState.DESTROYED
    with papers.db.reading() as session:
        moves = originals.moves_of(session, three[0])
        assert [paper.number for paper in waste.papers_in(session, batch(papers))] == [1, 2, 3]
    sealed = next(move for move in moves if move.to_state == Custody.IN_SEALED_SACK)
    assert (sealed.moved_by, sealed.second_person, sealed.reference) == ("ben", "anna", "S1")
    assert [move.reference for move in moves][-2:] == ["CN-5", "C-1"]


def _unsettle(papers: Cabinet, paper: Original) -> None:
    with papers.db.writing() as session:
        session.get_one(Part, paper.part_id).state = PartState.TO_REVIEW


def _hold(papers: Cabinet, paper: Original) -> None:
    with papers.db.writing() as session:
        holds.place(
            session, kind=HoldKind.COURT, scope=Scope.FILE, subject_id=paper.file_id, authority="Invented court",
            reason="A tribunal.", by="officer", at=papers.at,
        )  # fmt: skip


def _lose_a_page(papers: Cabinet, paper: Original) -> None:
    with papers.db.writing() as session:
        session.get_one(Item, paper.item_id).pages = 3


def _damage(papers: Cabinet, paper: Original) -> None:
    with papers.db.reading() as session:
        wanted = (
            select(Document.blob).join(Page, col(Page.picture_id) == Document.id).where(Page.part_id == paper.part_id)
        )
        blob = session.exec(wanted).first()
    found = next(path for path in papers.store.root.rglob("*") if path.is_file() and path.name == blob)
    found.write_bytes(b"damaged" + found.read_bytes()[7:])


def _flag(papers: Cabinet, paper: Original) -> None:
    with papers.db.writing() as session:
        found = originals.lock(session, paper.id)
        remarks.mark(session, found, Irreplaceable.PHOTOGRAPH, None, actor="anna", at=papers.at, version=found.version)


def _ask_back(papers: Cabinet, paper: Original) -> None:
    with papers.db.writing() as session:
        begin(papers, session, paper)


def begin(papers: Cabinet, session: object, paper: Original) -> PaperReturn:
    assert paper.file_id is not None
    return returns.begin(
        session, [originals.lock(session, paper.id)], number=1, file_id=paper.file_id,  # type: ignore[arg-type]
        person_id=papers.people[paper.file_id], asked_on=papers.at.date(), due_on=papers.at.date() + timedelta(days=14),
        actor="officer", at=papers.at,
    )  # fmt: skip


def _lose(papers: Cabinet, paper: Original) -> None:
    with papers.db.writing() as session:
        originals.move(
            session,
            originals.lock(session, paper.id),
            Custody.LOST,
            Facts(second_person="ben"),
            actor="anna",
            at=papers.at,
        )


@pytest.mark.parametrize(
    ("spoil", "condition"),
    [
        (_unsettle, Condition.SETTLED),
        (_hold, Condition.NO_HOLD),
        (_lose_a_page, Condition.PAGES),
        (_damage, Condition.FIXITY),
        (_flag, Condition.REPLACEABLE),
        (_ask_back, Condition.NO_REQUEST),
        (_lose, Condition.IN_HAND),
    ],
)
def test_what_is_stored_decides_whether_a_paper_may_be_bagged(
    papers: Cabinet, spoil: Callable[[Cabinet, Original], None], condition: Condition
) -> None:
    [paper] = papers.log()
    spoil(papers, paper)

    with pytest.raises(Blocked) as refused:
        papers.bag([paper])

    assert condition in {one.condition for one in refused.value.missing}
    assert papers.now(paper).state != Custody.TO_DISPOSE
    with papers.db.reading() as session:
        assert session.exec(select(WasteBatch)).all() == []


@pytest.mark.parametrize(
    ("logged", "condition"),
    [
        ({"legible": False}, Condition.LEGIBLE),
        ({"proposal": CABINET}, Condition.POLICY),
        ({"wish": "keep"}, Condition.NOT_KEPT),
    ],
)
def test_what_was_known_when_it_was_logged_decides_too(
    papers: Cabinet, logged: dict[str, object], condition: Condition
) -> None:
    [paper] = papers.log(**logged)  # type: ignore[arg-type]  # a table of its own arguments
    with pytest.raises(Blocked) as refused:
        papers.bag([paper])
    assert condition in {one.condition for one in refused.value.missing}


def test_a_paper_waits_its_thirty_days(database: Database, tmp_path: Path) -> None:
    early = cabinet(database, tmp_path, datetime(2026, 12, 23, 12, tzinfo=UTC))
    [paper] = early.log()
    with pytest.raises(Blocked, match="from 24 December 2026"):
        early.bag([paper])


def test_a_paper_that_the_policy_alone_sent_to_waste_is_kept_once_the_policy_keeps(papers: Cabinet) -> None:
    """S11, G8: shredding cannot be taken back, so the policy of the day on which it goes counts too; what the family asked for stands."""
    [by_policy] = papers.log()
    [asked_for] = papers.log(proposal=replace(WASTE, rule="N16"), wish="destroy")
    with pytest.raises(Blocked) as refused:
        papers.bag([by_policy], policy=NORTHAMPTONSHIRE)
    assert {one.condition for one in refused.value.missing} == {Condition.POLICY}
    papers.bag([asked_for], policy=NORTHAMPTONSHIRE)
    papers.bag([by_policy])


@pytest.mark.parametrize("step", ["close", "seal", "collect"])
def test_a_sack_stays_once_the_policy_keeps_what_it_alone_sent_there(papers: Cabinet, step: str) -> None:
    """S11: the policy of the day on which the paper goes counts, not that of the day on which it was bagged."""
    papers.bag(papers.log())
    papers.bag(papers.log(proposal=replace(WASTE, rule="N16"), wish="destroy"))
    if step != "close":
        close(papers, 2)
    if step == "collect":
        seal(papers, 2)
    act: Callable[[], None] = {
        "close": lambda: close(papers, 2, policy=NORTHAMPTONSHIRE),
        "seal": lambda: seal(papers, 2, policy=NORTHAMPTONSHIRE),
        "collect": lambda: collect(papers, policy=NORTHAMPTONSHIRE),
    }[step]
    with pytest.raises(RefusedByRule, match=r"Take O-1 out first\. The policy keeps"):
        act()


@pytest.mark.parametrize("known", [False, None])
def test_where_the_service_wants_a_backup_the_picture_must_be_in_one(papers: Cabinet, known: bool | None) -> None:
    [paper] = papers.log()
    with pytest.raises(Blocked, match="backup"):
        papers.bag([paper], backups=BackupRule(True, lambda session, original: known))
    papers.bag([paper], backups=BackupRule(True, lambda session, original: True))


def test_two_papers_on_one_sheet_are_not_bagged(papers: Cabinet) -> None:
    one, other = papers.log(2)
    with papers.db.writing() as session:
        session.exec(select(Item).where(Item.id == one.item_id)).one()
        [sheet] = [
            row
            for row in session.exec(select(originals.OriginalSheet))
            if row.original_id == one.id and row.sequence == 1
        ]
        session.add(originals.OriginalSheet(original_id=other.id, batch=sheet.batch, sequence=1))
    with pytest.raises(Blocked, match="O-2"):
        papers.bag([one])


def test_the_count_must_be_right_both_times_and_the_seal_the_same(papers: Cabinet) -> None:
    papers.bag(papers.log(2))
    with pytest.raises(RefusedByRule, match="You counted 3, but 2 papers are on the list"):
        close(papers, 3)
    close(papers, 2)
    with pytest.raises(RefusedByRule, match="You counted 1"):
        seal(papers, 1)
    with pytest.raises(RefusedByRule, match="not the seal number"):
        seal(papers, 2, seal="S2")
    with pytest.raises(RefusedByRule, match="A second person must count"):
        seal(papers, 2, actor="anna")
    seal(papers, 2)
    assert batch(papers).state == WasteState.SEALED


def test_the_list_is_frozen_once_the_sack_is_counted(papers: Cabinet) -> None:
    first, second = papers.log(2)
    papers.bag([first])
    close(papers, 1)
    papers.bag([second])  # goes in a new sack
    with papers.db.reading() as session:
        assert [paper.number for paper in waste.papers_in(session, batch(papers))] == [1]
        assert [paper.number for paper in waste.papers_in(session, batch(papers, 2))] == [2]


@pytest.mark.parametrize("when", ["before_closing", "before_sealing", "before_collecting"])
def test_a_hold_stops_the_sack_however_late_it_comes(papers: Cabinet, when: str) -> None:
    papers.bag([paper := papers.log()[0]])
    steps = {
        "before_closing": lambda: close(papers, 1),
        "before_sealing": lambda: seal(papers, 1),
        "before_collecting": lambda: collect(papers),
    }
    for name, step in steps.items():
        if name == when:
            _hold(papers, paper)
            with pytest.raises(RefusedByRule, match="Take O-1 out first"):
                step()
            break
        step()
    assert papers.now(paper).state in (Custody.TO_DISPOSE, Custody.IN_SEALED_SACK)


def test_a_paper_that_is_asked_for_comes_out_of_the_open_sack_and_the_count_starts_anew(papers: Cabinet) -> None:
    first, second = papers.log(2)
    papers.bag([first, second])
    close(papers, 2)

    _ask_back(papers, first)

    assert papers.now(first).state == Custody.TO_RETURN
    assert (batch(papers).state, batch(papers).counted) == (WasteState.OPEN, None)
    with papers.db.reading() as session:
        assert [paper.number for paper in waste.papers_in(session, batch(papers))] == [2]
        gone = [line for line in session.exec(select(WasteLine)) if line.removed_at]
    assert [(line.original_id, line.removed_why) for line in gone] == [(first.id, "asked_for")]


def test_a_paper_in_a_sealed_sack_that_is_asked_for_keeps_the_sack_here(papers: Cabinet) -> None:
    papers.bag([paper := papers.log()[0]])
    close(papers, 1)
    seal(papers, 1)
    _ask_back(papers, paper)
    with pytest.raises(RefusedByRule, match="Take O-1 out first"):
        collect(papers)
    with papers.db.writing() as session:
        found = waste.by_number(session, 1)
        with pytest.raises(RefusedByRule, match="second person"):
            waste.open_again(session, found, witness=None, actor="anna", at=papers.at, version=found.version)
        waste.open_again(session, found, witness="ben", actor="anna", at=papers.at, version=found.version)
    assert papers.now(paper).state == Custody.TO_DISPOSE


def test_a_certificate_with_a_gap_destroys_nothing_and_a_later_one_closes_the_sack(papers: Cabinet) -> None:
    papers.bag([paper := papers.log()[0]])
    close(papers, 1, level=5)
    seal(papers, 1)
    collect(papers)

    assert certify(papers, seals=("S9",)) == (Gap.SEAL, Gap.LEVEL)
    assert papers.now(paper).state == Custody.COLLECTED
    assert certify(papers, level=5) == ()
    assert papers.now(paper).state == Custody.DESTROYED


def test_a_sack_without_a_certificate_is_overdue_after_fourteen_days(papers: Cabinet) -> None:
    papers.bag(papers.log())
    close(papers, 1)
    seal(papers, 1)
    collect(papers)
    with papers.db.reading() as session:
        assert waste.overdue(session, LATER + timedelta(days=14), 14) == []
        assert [found.number for found in waste.overdue(session, LATER + timedelta(days=15), 14)] == [1]


def test_a_flagged_paper_cannot_be_unflagged_by_who_flagged_it(papers: Cabinet) -> None:
    [paper] = papers.log()
    _flag(papers, paper)
    with papers.db.writing() as session, pytest.raises(RefusedByRule, match="Somebody else must look"):
        found = originals.lock(session, paper.id)
        remarks.mark(
            session, found, None, remarks.Replaceable.MISTAKE, actor="anna", at=papers.at, version=found.version
        )
    with papers.db.writing() as session:
        found = originals.lock(session, paper.id)
        remarks.mark(session, found, None, remarks.Replaceable.COPY, actor="ben", at=papers.at, version=found.version)
    assert papers.now(paper).irreplaceable is None


def keep(papers: Cabinet, paper: Original, asked: bool, who: str) -> None:
    with papers.db.writing() as session:
        found = originals.lock(session, paper.id)
        remarks.keep(session, found, asked, actor=who, at=papers.at, version=found.version)


def test_a_family_that_rings_later_has_its_paper_kept(papers: Cabinet) -> None:
    """N16: it comes out of an open sack at once, keeps a sealed one from leaving, and a form's own answer is not undone here."""
    one, two, three = papers.log(3)
    papers.bag([one, two])
    keep(papers, one, True, "anna")
    assert papers.now(one).state == Custody.CHECKED
    close(papers, 1)
    seal(papers, 1)
    keep(papers, two, True, "anna")
    with pytest.raises(RefusedByRule, match="asked us to keep it"):
        collect(papers)
    with pytest.raises(RefusedByRule, match="You said yourself"):
        keep(papers, two, False, "anna")
    keep(papers, two, False, "ben")
    collect(papers)
    assert papers.now(two).state == Custody.COLLECTED
    with papers.db.writing() as session:
        session.get_one(Original, three.id).asked_to_keep = "keep"  # as a form said
    with pytest.raises(RefusedByRule, match="The form says that it is kept"):
        keep(papers, three, False, "ben")


def test_two_people_at_once_one_bags_it_and_one_is_told(papers: Cabinet) -> None:
    """One asks a paper back while another bags it: exactly one wins, and the paper never leaves."""
    [paper] = papers.log()
    barrier, told = Barrier(2), list[str]()

    def run(act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            act()
        except RecordsError as error:
            told.append(type(error).__name__)

    threads = [
        Thread(target=run, args=(act,)) for act in (lambda: papers.bag([paper]), lambda: _ask_back(papers, paper))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert papers.now(paper).state == Custody.TO_RETURN  # asking takes it out again when bagging came first
    assert told in ([], ["Blocked"])
    with papers.db.reading() as session:
        assert session.exec(select(PaperReturn)).one().number == 1
        assert [line.removed_why for line in session.exec(select(WasteLine))] == ([] if told else ["asked_for"])


def test_two_people_who_bag_the_same_paper_put_it_in_once(papers: Cabinet) -> None:
    [paper] = papers.log()
    barrier, told = Barrier(2), list[RecordsError]()

    def run() -> None:
        barrier.wait()
        try:
            papers.bag([paper])
        except RecordsError as error:
            told.append(error)

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(told) == 1
    assert isinstance(told[0], Blocked | ChangedMeanwhile)
    with papers.db.reading() as session:
        assert len(session.exec(select(WasteLine)).all()) == 1


@pytest.mark.slow
@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=False)
def test_birthlinks_day_no_flagged_paper_leaves_and_the_list_can_be_printed(papers: Cabinet) -> None:
    """P10: 40 bags were shredded there without a list, photographs of families among them."""
    many = papers.log(480, sheets=1)
    flagged = many[::11]
    for paper in flagged:
        _flag(papers, paper)
    refused = 0
    with papers.db.reading() as session:
        proofs = waste_proofs(session, papers, many)
    with papers.db.writing() as session:
        for paper in many:
            try:
                waste.add(
                    session, originals.lock(session, paper.id), number=1, policy=WESTMINSTER, proof=proofs.get(paper.id), backups=BackupRule(),
                    actor="anna", at=papers.at,
                )  # fmt: skip
            except Blocked:
                refused += 1
    left = len(many) - len(flagged)
    close(papers, left)
    seal(papers, left)
    collect(papers)
    assert certify(papers) == ()
    assert refused == len(flagged)
    with papers.db.reading() as session:
        destroyed = {
            move.original_id for move in session.exec(select(OriginalMove)) if move.to_state == Custody.DESTROYED
        }
        listed = {paper.id for paper in waste.papers_in(session, waste.by_number(session, 1))}
    assert destroyed.isdisjoint({paper.id for paper in flagged})
    assert len(destroyed) == left
    assert destroyed == listed


def waste_proofs(session: object, papers: Cabinet, many: list[Original]) -> dict[object, object]:
    from records.custody import pictures

    return dict(pictures.proofs(session, papers.store, many))  # type: ignore[arg-type]
