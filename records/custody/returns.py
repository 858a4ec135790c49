"""Giving papers back, from asking to receipt (N16, R58-R61). The steps and what each needs stand in `returning`.

Opening a return locks its papers out of waste in the same transaction: each is moved, and held, before anything else can look at it.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

from records import holds
from records.audit import trail
from records.clock import LONDON
from records.consents.givers import Giver
from records.consents.tables import ConsentEvent
from records.custody import asked_back, losses, originals, waste
from records.custody.facts import keeping
from records.custody.moves import WORDS as PAPER_WORDS
from records.custody.moves import Custody, Facts
from records.custody.returning import (
    OPEN,
    WORDS,
    Entitlement,
    Method,
    NotYet,
    PictureWish,
    ReturnState,
    Stage,
    may_have,
    may_step,
    pauses,
)
from records.custody.returning import Proof as ProofSeen
from records.custody.tables import Original, PaperReturn, ReturnLine
from records.documents import keyring
from records.documents.envelope import seal_json, unseal_json
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.guard import marks
from records.holds import HoldKind, Scope
from records.people import known, merging, register
from records.people.birthdates import across
from records.people.entitlement import Child, GivenByChild, Values, given_stops
from records.people.facts import Channel
from records.people.preferences import send_refused
from records.people.relations import Kind
from records.staff import accounts

S, C = ReturnState, Custody
GONE = (C.RETURNED, C.DESTROYED, C.COLLECTED, C.LOST)
"""A paper in one of these cannot be found any more: a certified print of its picture goes instead (R61)."""
MAY_BE_CALLED_FOR = (C.SCANNED, C.CHECKED, C.HELD, C.OUT, C.CAME_BACK, C.TO_DISPOSE)


PicturesUnwanted = Callable[[Session, PaperReturn, Sequence[Original], datetime, int], None]
ON_PICTURES_UNWANTED: list[PicturesUnwanted] = []
"""Called in the same transaction with a return that has ended, its papers that have pictures, the moment, and in how many days the policy
wants requests answered, when whoever had them back wants the pictures erased (R61). The register of requests enters itself here."""


class Missing(RefusedByRule):
    """A step may not be taken yet; `field` is where."""

    def __init__(self, not_yet: NotYet) -> None:
        super().__init__(not_yet.reason, not_yet.rule)
        self.field = not_yet.field


def begin(
    session: Session, papers: Sequence[Original], *, number: int, file_id: UUID, person_id: UUID, asked_on: date, due_on: date,
    actor: str, at: datetime,
) -> PaperReturn:  # fmt: skip
    """Somebody asks for papers back. Each is locked out of waste at once. RefusedByRule when one is already on its way back."""
    if not papers:
        raise RefusedByRule("Choose at least one paper.", "N16")
    joined = merging.ids_of(session, file_id)
    if any(paper.file_id not in joined for paper in papers):
        raise NotFound("There is no such paper on this file.")  # never two families' papers in one envelope
    if asked_on > due_on:
        raise RefusedByRule("The day they asked must not be after the day it is due.", "R60")
    row = PaperReturn(
        number=number, file_id=file_id, person_id=person_id, state=S.ASKED, asked_on=asked_on, due_on=due_on,
        opened_by=actor, opened_at=at,
    )  # fmt: skip
    session.add(row)
    session.flush()
    for paper in papers:
        _lock(session, row, paper, actor, at)
        asked_back.opened(session, paper, actor=actor, at=at)
    _note(session, row, "return_opened", actor, at)
    return row


def _lock(session: Session, row: PaperReturn, paper: Original, actor: str, at: datetime) -> None:
    already = open_return_of(session, paper)
    if already is not None:
        raise RefusedByRule(f"O-{paper.number} is already being given back: see return R-{already.number}.", "N16")
    gone = paper.state in GONE
    session.add(ReturnLine(return_id=row.id, original_id=paper.id, gone=gone))
    if not gone:
        holds.place(
            session, kind=HoldKind.RETURN, scope=Scope.ORIGINAL, subject_id=paper.id, authority=f"Return R-{row.number}",
            reason="It was asked for.", source=source_of(row), by=actor, at=at,
        )  # fmt: skip
    _call_in(session, paper, actor, at)
    session.flush()


def _call_in(session: Session, paper: Original, actor: str, at: datetime) -> None:
    """To return, from wherever it is here. A paper in a sealed sack comes out when the sack is opened again; its hold keeps it here."""
    if paper.state in MAY_BE_CALLED_FOR:
        if paper.state == C.TO_DISPOSE:
            waste.leave(session, paper, "asked_for", actor=actor, at=at)
        originals.move(session, paper, C.TO_RETURN, Facts(), actor=actor, at=at)


def prove(
    session: Session, row: PaperReturn, *, proof: ProofSeen | None, entitled: Entitlement | None, picture: PictureWish,
    address: str, values: Values, actor: str, at: datetime, version: int,
) -> None:  # fmt: skip
    """Identity was seen, and somebody decided that this person may have these papers (R58, R19). `values`: what the policy says.

    `address`: where they may be posted to, empty when they are fetched. It is compared with the safe-contact instruction when it is sent.
    """
    _expect(session, row, version)
    stage = _stage(row, actor)
    _check(stage_with(stage, proof=proof, entitled=entitled is not None), S.TO_FIND)
    if entitled is not None:
        _may_have(session, row, entitled, values, at.astimezone(LONDON).date())
    row.proof, row.proof_by, row.proof_at = proof, actor, at
    row.entitled_why, row.entitled_by, row.entitled_at = entitled, actor, at
    row.picture_wish = picture
    row.sealed_address = seal_json(_key(session, row), {"address": address}, row.id.bytes) if address else None
    _save(session, row, S.TO_FIND, actor, at, policy=values.version)


def _may_have(session: Session, row: PaperReturn, why: Entitlement, values: Values, on: date) -> None:
    """R58: a paper goes to whoever gave it, who stands with the answers of a form; then what R19 says of it."""
    person, papers = known.person(session, row.file_id, row.person_id), lines(session, row)
    by_child, by_others = _givers(session, papers)
    is_child = person.kind == register.CHILD
    other = [paper.number for paper, _ in papers if paper.part_id in (by_others if is_child else by_child)]
    if why is Entitlement.GAVE_IT and other:
        whose = "A parent or carer" if is_child else "The young person"
        reason = f"{whose} gave us O-{other[0]}. It goes to them, or to somebody they authorised in writing"
        raise Missing(NotYet("entitled", reason, "R58"))
    born = across(register.birth_dates(session, register.get(session, row.file_id)))
    said = _said(session, row, papers, by_child)
    against = may_have(why, Kind(person.kind), said, Child(born), values, on)
    if against is not None:
        raise Missing(against)


def _givers(session: Session, papers: Sequence[tuple[Original, bool]]) -> tuple[set[UUID | None], set[UUID | None]]:
    """The parts of these papers that the young person gave, and those that others alone did, by the answers of a form."""
    givers = select(ConsentEvent.part_id, ConsentEvent.giver)
    wanted = givers.where(col(ConsentEvent.part_id).in_([paper.part_id for paper, _ in papers]))
    gave: dict[UUID | None, set[str]] = {}
    for part_id, giver in session.exec(wanted):
        gave.setdefault(part_id, set()).add(giver)
    by_child = {part_id for part_id, found in gave.items() if Giver.YOUNG_PERSON in found}
    return by_child, {part_id for part_id, found in gave.items() if found == {Giver.PARENT_OR_CARER}}


def _said(
    session: Session, row: PaperReturn, papers: Sequence[tuple[Original, bool]], by_child: set[UUID | None]
) -> dict[int, GivenByChild]:
    """What the young person says of each paper that can be theirs, by its number."""
    marked = marks.of_file(session, row.file_id)
    return {
        paper.number: marked.get(paper.part_id, GivenByChild.NOT_ASKED if paper.part_id in by_child else GivenByChild.NO)
        for paper, _ in papers
        if paper.part_id is not None
    }  # fmt: skip


def _still(session: Session, row: PaperReturn) -> None:
    """What the young person said since somebody decided that this person may have the papers counts until they have left (R19 row 3). Whoever
    sends them need not know more."""
    papers, kind = lines(session, row), known.person(session, row.file_id, row.person_id).kind
    by_child, _ = _givers(session, papers)
    if kind == register.CHILD or (kind == Kind.PROFESSIONAL and row.entitled_why == Entitlement.GAVE_IT):
        return  # as `may_have` decided it
    for number, given in sorted(_said(session, row, papers, by_child).items()):
        in_writing = given is GivenByChild.NOT_ASKED and row.entitled_why == Entitlement.AUTHORISED
        if not in_writing and given_stops(given) is not None:
            words = (
                f"Something has changed: O-{number} may not leave yet. Ask the file’s officer, or call this return off"
            )
            raise Missing(NotYet("receipt" if row.sealed_address is None else "tracking", words, "R19"))


def address_of(session: Session, row: PaperReturn) -> tuple[str, ...]:
    """Where it is posted to, a line each; empty when it is fetched. NotFound once the file was destroyed."""
    if row.sealed_address is None:
        return ()
    found: dict[str, str] = unseal_json(_key(session, row), row.sealed_address, row.id.bytes)
    return tuple(line.strip() for line in found["address"].splitlines() if line.strip())


def not_by_post(session: Session, row: PaperReturn) -> tuple[str, ...]:
    """Why nothing may be posted to this person at this address; empty when it may (P8)."""
    address = "\n".join(address_of(session, row))
    if not address:
        return ("No address was given when the request was checked. Give the papers by hand, or call the return off.",)
    return send_refused(session, row.file_id, row.person_id, channel=Channel.POST, address=address)


def not_by_hand(session: Session, row: PaperReturn) -> tuple[str, ...]:
    """Why nothing may be handed to this person; empty when it may (P8)."""
    return send_refused(session, row.file_id, row.person_id, channel=Channel.IN_PERSON)


def found(session: Session, row: PaperReturn, seen: set[int], *, actor: str, at: datetime, version: int) -> None:
    """Every paper of the return was found and is together. RefusedByRule names those that were not."""
    _expect(session, row, version)
    _check(_stage(row, actor), S.FOUND)
    for paper in waiting_for(session, row):
        _call_in(session, paper, actor, at)
    missing = [paper for paper in waiting_for(session, row) if paper.number not in seen]
    if missing:
        names = ", ".join(f"O-{paper.number}" for paper in missing)
        raise RefusedByRule(f"Find {names} too, or mark it as lost on its own page.", "R59")
    elsewhere = [paper for paper in waiting_for(session, row) if paper.state != C.TO_RETURN]
    if elsewhere:
        paper = elsewhere[0]
        raise RefusedByRule(
            f"O-{paper.number} is “{PAPER_WORDS[C(paper.state)].lower()}”. It must come out of there first.", "R59"
        )
    row.found_by, row.found_at = actor, at
    _save(session, row, S.FOUND, actor, at)


def check(session: Session, row: PaperReturn, counted: int, *, actor: str, at: datetime, version: int) -> None:
    """A second person compared the contents with the list, paper by paper."""
    _expect(session, row, version)
    _check(_stage(row, actor), S.READY)
    wanted = len(lines(session, row))
    if counted != wanted:
        raise Missing(NotYet("contents", f"You counted {counted}, but {wanted} papers are on the list", "R59"))
    row.checked_by, row.checked_at = actor, at
    _save(session, row, S.READY, actor, at)


def send_back(session: Session, row: PaperReturn, *, actor: str, at: datetime, version: int) -> None:
    """The second person found something wrong: the papers are looked for again. After it came back, it begins again too."""
    _expect(session, row, version)
    _check(_stage(row, actor), S.TO_FIND)
    for paper in waiting_for(session, row):
        _call_in(session, paper, actor, at)
    row.found_by = row.found_at = row.checked_by = row.checked_at = None
    row.method = row.tracking = row.receipt_due = row.sent_by = row.sent_at = None
    row.address_checked = False
    _save(session, row, S.TO_FIND, actor, at)


def send(
    session: Session, row: PaperReturn, *, tracking: str, address_checked: bool, receipt_due: date, actor: str, at: datetime,
    version: int,
) -> None:  # fmt: skip
    """Posted, tracked and signed for."""
    _expect(session, row, version)
    stage = stage_with(
        _stage(row, actor), method=Method.TRACKED_POST, tracking=tracking or None, address_checked=address_checked
    )
    _check(stage, S.SENT)
    _pause(session, row)
    _still(session, row)
    against = not_by_post(session, row)
    if against:
        raise RefusedByRule(against[0], "R59")
    for paper in waiting_for(session, row):
        move = Facts(second_person=_other(row, actor), reference=tracking)
        originals.move(session, paper, C.SENT, move, actor=actor, at=at)
    row.method, row.tracking, row.address_checked = Method.TRACKED_POST, tracking, True
    row.sent_by, row.sent_at, row.receipt_due = actor, at, receipt_due
    _save(session, row, S.SENT, actor, at)


def receive(
    session: Session, row: PaperReturn, *, receipt: str, by_hand: bool, actor: str, at: datetime, version: int, target_days: int
) -> None:  # fmt: skip
    """Somebody signed for it: by hand here, or with the post. The papers have left us for good.

    `target_days`: the policy's for requests, should they want the pictures erased.
    """
    _expect(session, row, version)
    method = Method.BY_HAND if by_hand else Method(row.method) if row.method else None
    _check(stage_with(_stage(row, actor), method=method, receipt=receipt or None), S.RECEIVED)
    if row.state == S.READY:
        _pause(session, row)
        _still(session, row)
        if against := not_by_hand(session, row):
            raise RefusedByRule(against[0], "R59")
        row.method = Method.BY_HAND
    for paper in waiting_for(session, row):
        move = Facts(second_person=_other(row, actor), reference=receipt)
        originals.move(session, paper, C.RETURNED, move, actor=actor, at=at)
    row.receipt = receipt
    _end(session, row, S.RECEIVED, "received", actor, at)
    _pictures(session, row, at, target_days)


def came_back(session: Session, row: PaperReturn, *, actor: str, at: datetime, version: int) -> None:
    """The post brought it back."""
    _expect(session, row, version)
    _check(_stage(row, actor), S.CAME_BACK)
    for paper in waiting_for(session, row):
        originals.move(session, paper, C.CAME_BACK, Facts(), actor=actor, at=at)
    _save(session, row, S.CAME_BACK, actor, at)


def lost(
    session: Session, row: PaperReturn, *, actor: str, at: datetime, version: int, target_days: int
) -> list[Original]:
    """It never arrived. Its papers are declared lost, with an incident for each (R71)."""
    _expect(session, row, version)
    _check(_stage(row, actor), S.LOST)
    papers = waiting_for(session, row)
    for paper in papers:
        losses.declare(session, paper, _other(row, actor) or "", actor=actor, at=at)
    _end(session, row, S.LOST, "lost", actor, at)
    _pictures(session, row, at, target_days)
    return papers


def cancel(session: Session, row: PaperReturn, why: str, *, actor: str, at: datetime, version: int) -> None:
    """Called off: the papers go back to where they were, or wait to be put away."""
    _expect(session, row, version)
    _check(_stage(row, actor), S.CANCELLED)
    for paper in waiting_for(session, row):
        if paper.state == C.TO_RETURN:
            place = originals.place_now(paper) if row.found_at is None else None
            to = C.HELD if place else C.CHECKED if paper.checked_by else C.SCANNED
            facts = Facts(checked_by_person=paper.checked_by is not None)
            originals.move(session, paper, to, facts, actor=actor, at=at, where=place)
    _end(session, row, S.CANCELLED, why, actor, at)


def paused_by(session: Session, row: PaperReturn) -> tuple[str, ...]:
    """Holds that pause a return (R58), in words."""
    found = []
    for paper in waiting_for(session, row):
        for hold in keeping(session, paper):
            if pauses(hold):
                found.append(f"O-{paper.number}: {hold.words}")
    return tuple(dict.fromkeys(found))


def lines(session: Session, row: PaperReturn) -> list[tuple[Original, bool]]:
    """Its papers by number, each with whether it had gone before it was asked for."""
    rows = session.exec(
        select(Original, ReturnLine.gone)
        .join(ReturnLine, col(ReturnLine.original_id) == Original.id)
        .where(ReturnLine.return_id == row.id)
        .order_by(col(Original.number))
    ).all()
    return [(paper, gone) for paper, gone in rows]


def waiting_for(session: Session, row: PaperReturn) -> list[Original]:
    """The papers of a return that are still to go: not those that had gone before, nor those that were lost meanwhile."""
    return [paper for paper, gone in lines(session, row) if not gone and paper.state not in GONE]


def open_return_of(session: Session, paper: Original) -> PaperReturn | None:
    """The open return that a paper is in."""
    return session.exec(
        select(PaperReturn)
        .join(ReturnLine, col(ReturnLine.return_id) == PaperReturn.id)
        .where(ReturnLine.original_id == paper.id, col(PaperReturn.state).in_(OPEN))
    ).first()


def by_number(session: Session, number: int) -> PaperReturn:
    row = (
        session.exec(select(PaperReturn).where(PaperReturn.number == number)).first()
        if number <= originals.LARGEST
        else None
    )
    if row is None:
        raise NotFound("There is no such return.")
    return row


def of_file(session: Session, file_id: UUID) -> Sequence[PaperReturn]:
    """Every return of a child's papers, on this file and on those joined to it, newest first."""
    wanted = select(PaperReturn).where(col(PaperReturn.file_id).in_(merging.ids_of(session, file_id)))
    return session.exec(wanted.order_by(col(PaperReturn.number).desc())).all()


def overdue(session: Session, today: date) -> list[PaperReturn]:
    """Returns past their day, and posted ones whose receipt has not come in time (R60)."""
    late = func.coalesce(col(PaperReturn.receipt_due), col(PaperReturn.due_on)) < today
    wanted = select(PaperReturn).where(col(PaperReturn.state).in_(OPEN), late)
    return list(session.exec(wanted.order_by(col(PaperReturn.due_on), col(PaperReturn.number))).all())


def source_of(row: PaperReturn) -> str:
    """What its holds are known by."""
    return f"return:{row.id}"


def stage_with(stage: Stage, **more: object) -> Stage:
    return Stage(**{**vars(stage), **more})


def _stage(row: PaperReturn, actor: str) -> Stage:
    return Stage(
        S(row.state), actor, row.proof, row.entitled_why is not None, row.found_by, row.checked_by,
        Method(row.method) if row.method else None, row.address_checked, row.tracking, row.receipt,
    )  # fmt: skip


def _check(stage: Stage, to: ReturnState) -> None:
    against = may_step(stage, to)
    if against is not None:
        raise Missing(against)


def _key(session: Session, row: PaperReturn) -> bytes:
    return keyring.open_key(session, register.get(session, row.file_id).key_id)


def _pause(session: Session, row: PaperReturn) -> None:
    found = paused_by(session, row)
    if found:
        raise RefusedByRule(f"A hold pauses this return. {found[0]}", "R58")


def _other(row: PaperReturn, actor: str) -> str | None:
    """The second of the two who handled the papers."""
    return next((who for who in (row.checked_by, row.found_by) if who and who != actor), None)


def _expect(session: Session, row: PaperReturn, version: int) -> None:
    if row.version != version:
        last = row.closed_by or row.sent_by or row.checked_by or row.found_by or row.proof_by or row.opened_by
        who = accounts.display_names(session).get(last, "Somebody else")
        raise ChangedMeanwhile(f"{who} changed return R-{row.number} first. It is now: {WORDS[S(row.state)].lower()}.")


def _end(session: Session, row: PaperReturn, to: ReturnState, why: str, actor: str, at: datetime) -> None:
    row.closed_by, row.closed_at, row.closed_why = actor, at, why
    for hold in holds.of_source(session, source_of(row)):
        if hold.standing:
            holds.release(session, hold.id, why=f"The return was {WORDS[to].lower()}.", by=actor, at=at)
    _save(session, row, to, actor, at)


def _pictures(session: Session, row: PaperReturn, at: datetime, target_days: int) -> None:
    """The papers have left us: what they said about the pictures has effect (R61)."""
    papers = [paper for paper, _ in lines(session, row) if paper.part_id is not None]
    if row.picture_wish == PictureWish.ERASE and papers:
        for follow in ON_PICTURES_UNWANTED:
            follow(session, row, papers, at, target_days)


def _save(session: Session, row: PaperReturn, to: ReturnState, actor: str, at: datetime, **more: str) -> None:
    row.state = to
    session.add(row)
    session.flush()
    _note(session, row, f"return_{to}", actor, at, **more)


def _note(session: Session, row: PaperReturn, act: str, actor: str, at: datetime, **more: str) -> None:
    trail.append(
        session,
        actor=actor,
        act=act,
        subject_kind="paper_return",
        subject_id=str(row.id),
        at=at,
        detail={"number": row.number, **more},
    )
