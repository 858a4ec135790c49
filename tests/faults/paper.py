"""Papers given back or put in confidential waste, and a word withdrawn: broken at every call (P1, P10, issue of a lost page).

Each step is a transaction of its own, as on the desk. After a crash the same people go on from where the record says they are.
Invented people only.
"""

from collections import Counter
from datetime import date
from functools import partial
from pathlib import Path
from uuid import UUID

from sqlmodel import Session, col, select

from intake import filing
from intake.wiring import Paperchain
from records import holds
from records.audit.tables import AuditEntry
from records.consents import changes
from records.consents.changes import Told
from records.consents.givers import Giver
from records.consents.standing import ConsentState, Route
from records.consents.tables import ConsentChange, ConsentEvent
from records.custody import originals, pictures, returns, waste
from records.custody.certificates import Certificate
from records.custody.facts import BackupRule
from records.custody.moves import Custody
from records.custody.returning import OPEN, Entitlement, PictureWish, Proof, ReturnState
from records.custody.tables import Original, OriginalMove, PaperReturn, WasteBatch, WasteCertificate, WasteLine
from records.custody.waste import Collection, WasteState
from records.people import register
from records.people.entitlement import values_of
from records.people.tables import ChildFile, Person
from records.post import inbox
from records.post.tables import Part
from tests.faults.flows import Flow, decided, later, open_home, opened, started, swept, whole_store
from tests.faults.harness import tell, told
from tests.reviewing import arrived

ANNA, BEN = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
S, C, W = ReturnState, Custody, WasteState


def acts(session: Session, kind: str) -> list[str]:
    """What the record says was done to the one subject of this kind, in order."""
    wanted = select(AuditEntry.act).where(AuditEntry.subject_kind == kind).order_by(col(AuditEntry.sequence))
    return list(session.exec(wanted))


def where(session: Session) -> list[Custody]:
    """Where each paper is. Its moves lead there one by one, so none is doubled or lacking."""
    found = []
    for paper in session.exec(select(Original).order_by(col(Original.number))).all():
        moves = session.exec(select(OriginalMove).where(OriginalMove.original_id == paper.id)).all()
        comes, goes = Counter(move.from_state for move in moves), Counter(move.to_state for move in moves)
        goes.subtract(comes)
        open_ends = {state: count for state, count in goes.items() if count}
        assert open_ends == {paper.state: 1, None: -1}, f"the moves of O-{paper.number} do not lead to where it is"
        found.append(C(paper.state))
    return found


def _filed(home: Path, forms: int) -> None:
    """So many confirmed forms, each on its own file with its own paper."""
    open_home(home).db.close()
    for _ in range(forms):
        with opened(home) as chain:
            [part] = arrived(chain)
            with chain.db.reading() as session:
                version = session.get_one(Part, part).version
            filing.confirm(chain, part, decided(version))


# --- giving back

RETURN_ACTS = {
    S.ASKED: "return_opened", S.TO_FIND: "return_to_find", S.FOUND: "return_found", S.READY: "return_ready",
    S.SENT: "return_sent", S.RECEIVED: "return_received",
}  # fmt: skip
WAY_BACK = tuple(RETURN_ACTS)
AT = {S.SENT: C.SENT, S.RECEIVED: C.RETURNED}


def give_back(home: Path) -> None:
    """A paper is asked for, found, checked by a second person, posted, and its receipt comes: from wherever the return stands."""
    with started(home) as chain:
        while (reached := _step_back(chain)) is not None:
            tell(reached)


def _step_back(chain: Paperchain) -> ReturnState | None:
    at, today = chain.clock.now(), chain.clock.today()
    with chain.db.writing() as session:
        row = session.exec(select(PaperReturn)).first()
        if row is None:
            paper = session.exec(select(Original)).one()
            assert paper.file_id is not None
            carer = session.exec(select(Person).where(Person.kind == register.CARER)).one()
            row = returns.begin(
                session, [paper], number=inbox.next_number(session, "paper_return"), file_id=paper.file_id,
                person_id=carer.id, asked_on=today, due_on=today, actor=ANNA, at=at,
            )  # fmt: skip
            return S(row.state)
        version = row.version
        match S(row.state):
            case S.ASKED:
                returns.prove(
                    session, row, proof=Proof.KNOWN, entitled=Entitlement.GAVE_IT, picture=PictureWish.KEEP,
                    address="1 Invented Road\nTestwood", values=values_of(chain.policy()), actor=ANNA, at=at, version=version,
                )  # fmt: skip
            case S.TO_FIND:
                returns.found(session, row, {1}, actor=ANNA, at=at, version=version)
            case S.FOUND:
                returns.check(session, row, 1, actor=BEN, at=at, version=version)
            case S.READY:
                returns.send(
                    session, row, tracking="TT1", address_checked=True, receipt_due=date(2026, 12, 20), actor=ANNA, at=at,
                    version=version,
                )  # fmt: skip
            case S.SENT:
                returns.receive(
                    session, row, receipt="R1", by_hand=False, actor=ANNA, at=at, version=version, target_days=28
                )
            case _:
                return None
        return S(row.state)


def back_step_by_step(home: Path) -> ReturnState | None:
    """How far the return is: its paper, its lock, its hold and the record say the same, and nothing that was told is undone."""
    with opened(home) as chain, chain.db.reading() as session:
        whole_store(chain, session)
        [place] = where(session)
        rows, done = session.exec(select(PaperReturn)).all(), acts(session, "paper_return")
        if not rows:
            assert not done and place == C.CHECKED, "the paper was moved without a return"
            assert not told(home), "told of a return that is not there"
            return None
        [row] = rows
        reached = S(row.state)
        so_far = WAY_BACK[: WAY_BACK.index(reached) + 1]
        assert done == [RETURN_ACTS[state] for state in so_far], "the record tells another way"
        assert set(told(home)) <= set(so_far), "told of a step that was not taken"
        assert place == AT.get(reached, C.TO_RETURN), f"the return is {reached}, its paper {place}"
        standing = [hold for hold in holds.of_source(session, returns.source_of(row)) if hold.standing]
        assert len(standing) == (reached in OPEN), "the hold does not go with the return"
        assert len(returns.lines(session, row)) == 1
        if reached in OPEN:
            paper = session.exec(select(Original)).one()
            assert waste.why_not(
                session, paper, policy=chain.policy(), today=later(chain).date(), proof=None, backups=BackupRule()
            )
        return reached


def back_in_the_end(home: Path) -> None:
    back_step_by_step(home)
    give_back(home)
    assert back_step_by_step(home) == S.RECEIVED
    with opened(home) as chain:
        swept(chain)


# --- confidential waste

WASTE_ACTS = {
    W.OPEN: "waste_batch_opened", W.CLOSED: "waste_batch_closed", W.SEALED: "waste_batch_sealed",
    W.COLLECTED: "waste_batch_collected", W.DESTROYED: "waste_certificate_entered",
}  # fmt: skip
WAY_OUT = tuple(WASTE_ACTS)
LIES = {
    W.OPEN: C.TO_DISPOSE,
    W.CLOSED: C.TO_DISPOSE,
    W.SEALED: C.IN_SEALED_SACK,
    W.COLLECTED: C.COLLECTED,
    W.DESTROYED: C.DESTROYED,
}
PAPERS = 2


def waste_away(home: Path) -> None:
    """Two papers are bagged, counted twice, sealed, collected and certified: from wherever their sack stands."""
    with started(home) as chain:
        while (reached := _step_out(chain)) is not None:
            tell(reached)


def _step_out(chain: Paperchain) -> str | None:
    at = later(chain)
    with chain.db.reading() as session:
        waiting = session.exec(select(Original).where(Original.state == C.CHECKED)).first()
        proofs = pictures.proofs(session, chain.store, [waiting] if waiting else [])
    with chain.db.writing() as session:
        if waiting is not None:
            paper = originals.lock(session, waiting.id)
            number = 0 if waste.open_now(session) else inbox.next_number(session, "waste_batch")
            waste.add(
                session, paper, number=number, policy=chain.policy(), proof=proofs.get(paper.id), backups=BackupRule(), actor=ANNA, at=at,
                version=waiting.version,
            )  # fmt: skip
            return f"bagged {paper.number}"
        batch = session.exec(select(WasteBatch)).one()
        version = batch.version
        match W(batch.state):
            case W.OPEN:
                waste.close(
                    session,
                    batch,
                    seal="S1",
                    counted=PAPERS,
                    least_level=4,
                    policy=chain.policy(),
                    actor=ANNA,
                    at=at,
                    version=version,
                )
            case W.CLOSED:
                waste.seal(
                    session, batch, seal="s1", counted=PAPERS, policy=chain.policy(), actor=BEN, at=at, version=version
                )
            case W.SEALED:
                handed = Collection("Invented Shredding Ltd", "P Sample", "CN-5")
                waste.collect(session, batch, handed, policy=chain.policy(), actor=BEN, at=at, version=version)
            case W.COLLECTED:
                said = Certificate(
                    number="C-1", company="Invented Shredding Ltd", destroyed_on=at.date(), site="Testwood",
                    method="cross-cut", level=4, bags=1, seals=("S1",), signatory="P Sample",
                )  # fmt: skip
                assert not waste.certify(session, batch, said, actor=ANNA, at=at, version=version)
            case W.DESTROYED:
                return None
        return W(batch.state)


def out_step_by_step(home: Path) -> WasteState | None:
    """How far the sack is: list, papers, certificate and record say the same, and nothing that was told is undone."""
    with opened(home) as chain, chain.db.reading() as session:
        whole_store(chain, session)
        places, listed = where(session), session.exec(select(WasteLine)).all()
        batches, done = session.exec(select(WasteBatch)).all(), acts(session, "waste_batch")
        certificates = len(session.exec(select(WasteCertificate)).all())
        assert {f"bagged {n + 1}" for n, place in enumerate(places) if place == C.CHECKED}.isdisjoint(told(home))
        assert len({line.original_id for line in listed}) == len(listed), "a paper is twice in the sack"
        if not batches:
            assert places == [C.CHECKED] * PAPERS and not listed and not done
            return None
        [batch] = batches
        reached = W(batch.state)
        so_far = WAY_OUT[: WAY_OUT.index(reached) + 1]
        assert done == [WASTE_ACTS[state] for state in so_far], "the record tells another way"
        assert {word for word in told(home) if not word.startswith("bagged")} <= set(so_far), (
            "told of what was not done"
        )
        in_it = [place for place in places if place != C.CHECKED]
        assert set(in_it) == {LIES[reached]} and len(in_it) == len(listed), (
            f"the sack is {reached}, its papers {places}"
        )
        assert reached == W.OPEN or len(in_it) == PAPERS == batch.counted, "closed before all were counted"
        assert certificates == (reached == W.DESTROYED), "destroyed without its certificate"
        return reached


def out_in_the_end(home: Path) -> None:
    out_step_by_step(home)
    waste_away(home)
    assert out_step_by_step(home) == W.DESTROYED
    with opened(home) as chain:
        swept(chain)


# --- a word withdrawn by telephone

ITEMS = {"store": False, "contact:education": False, "news:email": False}
PRESSED = UUID("33333333-3333-4333-8333-333333333333")


def withdraw(home: Path) -> None:
    with started(home) as chain:
        with chain.db.writing() as session:
            file = session.exec(select(ChildFile)).one()
            carer = session.exec(select(Person).where(Person.kind == register.CARER)).one()
            said = Told(
                ITEMS,
                Giver.PARENT_OR_CARER,
                carer.id,
                Route.TELEPHONE,
                chain.clock.today(),
                PRESSED,
                note="On the telephone",
            )
            changes.record(session, file, said, actor=ANNA, at=chain.clock.now(), policy=chain.policy())
        tell("withdrawn")


def withdrawn_whole_or_not_at_all(home: Path) -> bool:
    with opened(home) as chain, chain.db.reading() as session:
        whole_store(chain, session)
        rows = session.exec(select(ConsentChange)).all()
        events = session.exec(select(ConsentEvent).where(col(ConsentEvent.change_id).is_not(None))).all()
        noted = session.exec(select(AuditEntry).where(AuditEntry.act == "consent_withdrawal")).all()
        assert {event.change_id for event in events} <= {row.id for row in rows}
        assert (len(rows), len(events), len(noted)) in ((0, 0, 0), (1, len(ITEMS), 1)), "half a withdrawal, or two"
        assert rows or not told(home), "told, but not recorded"
        if rows:
            assert {event.item_code for event in events} == set(ITEMS)
            assert ConsentState.WITHDRAWN in {event.state for event in events}
            assert changes.note_of(session, session.exec(select(ChildFile)).one(), rows[0]) == "On the telephone"
        return bool(rows)


def withdrawn_in_the_end(home: Path) -> None:
    withdrawn_whole_or_not_at_all(home)
    withdraw(home)  # the same press again: it adds nothing to what is there
    assert withdrawn_whole_or_not_at_all(home)
    with opened(home) as chain:
        swept(chain)


PAPER = (
    Flow("return", partial(_filed, forms=1), give_back, back_step_by_step, back_in_the_end),
    Flow("waste", partial(_filed, forms=PAPERS), waste_away, out_step_by_step, out_in_the_end),
    Flow("withdraw", partial(_filed, forms=1), withdraw, withdrawn_whole_or_not_at_all, withdrawn_in_the_end),
)
