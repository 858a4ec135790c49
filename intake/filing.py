"""What a confirmed form sets in motion: consents, the child's file, the paper's place, documents under the file's key.

One transaction decides; documents are sealed under the child's key before it and the old blobs removed after it, so that a
crash leaves at worst a blob too many. G3: nothing read from paper counts before an officer confirmed it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, assert_never
from uuid import UUID

from sqlmodel import Session, col, select

from forms.results import FormReading
from forms.template import Template
from intake import arranging, copies, erasing, in_use, interpret
from intake.in_use import GIVER, NOES, SAID_BY, SAID_ON, template_of
from intake.wiring import Paperchain
from records import tasks
from records.cases import closing, telling
from records.cases.words import TurnedBy
from records.clock import day_of
from records.consents import changes, following, ledger
from records.consents.changes import Recorded
from records.consents.givers import Giver
from records.consents.items import STORE
from records.consents.ledger import FromForm, Given
from records.consents.standing import ConsentState, Route
from records.custody import asked_back, originals
from records.custody.originals import Paper
from records.custody.proposal import Proposal, ProposalKind, Wish, propose
from records.custody.tables import Original
from records.documents import holdings, keyring
from records.documents.tables import Document
from records.documents.text import index
from records.errors import ChangedMeanwhile, RefusedByRule
from records.guard import marks
from records.people import known, merging, register
from records.people.birthdates import BirthDate
from records.people.entitlement import GivenByChild
from records.people.namesakes import told_apart
from records.people.tables import ChildFile
from records.policies.settings import Policy
from records.post import inbox, review
from records.post.tables import Item, Part
from records.requests.working_days import england
from records.retention import several
from records.vocabulary import PartState, QuarantineReason

OPEN = (PartState.TO_REVIEW, PartState.QUARANTINED)


@dataclass(frozen=True)
class NewChild:
    """A child without a file yet. `born` is what the officer typed from the crop, not what was read."""

    name: str
    born: BirthDate | None


@dataclass(frozen=True)
class KnownChild:
    """A file that the officer chose. `born` is this form's word on the birth date, another source for R40."""

    file_id: UUID
    born: BirthDate | None


@dataclass(frozen=True)
class Confirmed:
    """What the officer decided about a form: every field's value, whose file, who signed and when."""

    answers: Mapping[str, str | None]
    child: NewChild | KnownChild
    giver: str
    signed_on: date | None
    legible: bool
    actor: UUID
    version: int
    more_children: str | None = None
    """What the form says of other children than this one: their names as typed, or empty; None where it names this child alone (F22)."""
    may_be: tuple[int, ...] = ()
    """Files that may be this child's and that this officer may not open: never shown to them, a manager decides."""


@dataclass(frozen=True)
class Outcome:
    """What became of the form."""

    file_id: UUID | None = None
    original_number: int | None = None
    """None where nothing was filed, and for a copy of another child's form: there is no second paper."""
    quarantined: QuarantineReason | None = None
    storing_withdrawn: bool = False
    """An answer sheet says No to keeping the file: a task to decide on erasing was raised (R31)."""
    reopened: bool = False
    """The file was closed, and is open again by this form."""


class StoringRefused(RefusedByRule):
    """The family said No to storing: nothing may be filed; the refusal must be settled first (R28)."""


@dataclass
class _Moved:
    """Blobs to delete once the transaction is safe."""

    old_blobs: list[str] = field(default_factory=list)


SAME_CHILD = "same_child"
MORE_CHILDREN, OTHER_NAMES = "more-children", "other-children"
"""Under which names it is kept that a form names another child too, and how that child is called there (F22)."""


def _ask_manager(session: Session, decided: Confirmed, part: Part, file: ChildFile, at: datetime) -> None:
    """Two files may be one child's, and no officer may know of both (N10): managers, who pass files on by number, decide."""
    if not decided.may_be or not isinstance(decided.child, NewChild):
        return
    others = ", ".join(f"PC-{number:04d}" for number in decided.may_be[:5])
    tasks.raise_task(
        session, kind=SAME_CHILD, file_id=None, due=day_of(at), for_officer=None, raised_by="system", at=at,
        words=f"A form on the new file PC-{file.number:04d} may be about the child of {others}. Give both files to one officer, who compares them.",
        key=f"{SAME_CHILD}:{part.id}",
    )  # fmt: skip


def note_no(
    chain: Paperchain,
    part_id: UUID,
    answers: Mapping[str, str | None],
    *,
    giver: str | None,
    actor: UUID,
    version: int,
    more_children: str | None = None,
) -> None:
    """Keeps what an officer confirmed on a form that says No to storing, until it is erased or answered otherwise (R28).

    Raises ChangedMeanwhile when somebody else was first. Without it nothing can be erased as refused: `said_no`.
    """
    with chain.db.writing() as session:
        now, part = chain.clock.now(), review.get(session, part_id)
        review.check_open(part, str(actor), version, now, OPEN)
        reading = FormReading.from_json(review.reading_json(session, part))
        key, template = keyring.open_key(session, review.item_of(session, part).key_id), template_of(session, part)
        kept = _kept(template, reading, answers) | _more(more_children)
        kept[GIVER] = _noted(giver)
        # Which consents the noes are about is told by this text of the template alone, and the form goes whatever becomes of that.
        told = interpret.consents(template, dict(answers), {})
        noes = dict.fromkeys(one.item for one in told if one.state is ConsentState.REFUSED)
        kept[NOES] = _noted(" ".join(noes))
        review.remember(session, part, kept, key=key, policy_version=chain.policy().version, actor=str(actor), at=now)


@dataclass(frozen=True)
class ToldNo:
    """That a family says No to keeping a form that cannot be opened any more, or that no form in use reads: about whom, and by whom.

    `day` and `route`: when and how they said so since; None where it stands on the form.
    """

    name: str | None
    born: date | None
    giver: str
    day: date | None = None
    route: Route | None = None


ASKED_FIRST = (
    "Something on these pages looks like a request. Say first whether it is one: what is erased cannot be answered."
)
OPENS_AGAIN = "This form can be opened again, so nothing was saved. Answer it in Review."
CARRIED = (MORE_CHILDREN, OTHER_NAMES)
"""What was typed about the form before, and still tells whose it is."""


def note_told_no(chain: Paperchain, part_id: UUID, said: ToldNo, *, actor: UUID, version: int) -> None:
    """Keeps that the family says No to keeping a form of which the text that read it is not in use any more, or that none has read (R28).

    A No needs no template: the form does not wait for its day, nor for anybody to mend the template. Which other noes stand on it nobody
    can tell; the one to keeping it counts. Pages that wait to be sorted are put out of sight, until they are erased. Raises
    ChangedMeanwhile when somebody else was first, or when the form can be opened again; RefusedByRule while a page of its item looks like
    a request that nobody has answered.
    """
    with chain.db.writing() as session:
        now, part = chain.clock.now(), review.get(session, part_id)
        review.check_open(part, str(actor), version, now, (*OPEN, PartState.TO_SORT))
        if part.state == PartState.TO_SORT:
            if index.open_requests(session, [part.item_id]):
                raise RefusedByRule(ASKED_FIRST, "R62")
            review.put_aside(session, part, actor=str(actor), at=now)
        elif in_use.why_unused(session, part) is None:
            raise ChangedMeanwhile(OPENS_AGAIN)
        before = review.last_confirmation(session, part) or {}
        carried = (*CARRIED, *(("parent_name",) if said.giver == Giver.PARENT_OR_CARER else ()))
        kept = {name: before[name] for name in carried if name in before}
        kept |= {"child_name": _noted(said.name), "date_of_birth": _noted(said.born.isoformat() if said.born else None)}
        kept |= {GIVER: _noted(said.giver), NOES: _noted(STORE)}
        if said.day is not None and said.route is not None:
            kept |= {SAID_ON: _noted(said.day.isoformat()), SAID_BY: _noted(said.route)}
        key = keyring.open_key(session, review.item_of(session, part).key_id)
        review.remember(session, part, kept, key=key, policy_version=chain.policy().version, actor=str(actor), at=now)


def confirm(chain: Paperchain, part_id: UUID, decided: Confirmed) -> Outcome:
    """Writes the consents of a form. Raises StoringRefused, ChangedMeanwhile, or RefusedByRule with the reason."""
    with _then_delete(chain) as moved, chain.db.writing() as session:
        now = chain.clock.now()
        part = review.get(session, part_id)
        review.check_open(part, str(decided.actor), decided.version, now, OPEN)
        template, policy = template_of(session, part), chain.policy()
        reading = FormReading.from_json(review.reading_json(session, part))
        answers = dict(decided.answers)
        sheet = interpret.file_named(template)
        if sheet is None and interpret.storing(template, answers) is ConsentState.REFUSED:
            raise StoringRefused("The family does not agree to storing. Settle that first: nothing may be kept.", "R28")
        kept = _kept(template, reading, answers) | _more(decided.more_children)
        item = review.item_of(session, part)
        waits = interpret.quarantine(template, answers)
        if waits is not None:
            key = keyring.open_key(session, item.key_id)
            review.remember(
                session, part, kept, key=key, policy_version=policy.version, actor=str(decided.actor), at=now
            )
            ask_by = chain.clock.today() + timedelta(days=policy.periods.unanswered_storage_days)
            review.quarantine(session, part, waits, ask_by=ask_by, actor=str(decided.actor), at=now)
            return Outcome(quarantined=waits)
        file = (
            _file(session, decided, part, template, chain) if sheet is None else _file_of_sheet(session, decided, sheet)
        )
        first = several.need_other_child(session, part, file, decided.giver)
        _ask_manager(session, decided, part, file, now)
        file_key = keyring.open_key(session, file.key_id)
        _take_along(chain, session, part, item, file, moved)
        review.remember(
            session, part, kept, key=file_key, policy_version=policy.version, actor=str(decided.actor), at=now
        )
        if part.evidence_id is None:
            raise RefusedByRule("This form has no evidence kept with it, so it cannot be confirmed.", "G2")
        source = FromForm(
            form=template.id, edition=template.edition, part_id=part.id, evidence_id=part.evidence_id,
            giver=decided.giver, giver_person_id=_giver_person(session, file, decided), effective_on=decided.signed_on or item.received_on,
            effective_assumed=decided.signed_on is None, received_on=item.received_on,
            confirmed_by=str(decided.actor), policy_version=policy.version,
        )  # fmt: skip
        pages = {name: read.page for name, read in reading.fields.items()}
        given = [
            Given(event.item, event.field_id, event.state, event.wording, event.page, event.other_name)
            for event in interpret.consents(template, answers, pages)
        ]
        recorded = _record(session, file, source, given, now, policy)
        if decided.more_children is not None:
            following.names_another_child(session, file, part.id, actor=str(decided.actor), at=now)
        # A family that fills in a form again is in touch again; a sheet that says No to keeping the file ends things (R31).
        reopened = not recorded.storing_withdrawn and closing.after(
            session, file, TurnedBy.FORM, on=item.received_on, actor=str(decided.actor), at=now
        )
        copies.look_on_file(session, chain.clock, file, part)
        wish = interpret.paper_wish(template, answers)
        number = None if several.is_copy(session, part) else _paper(chain, session, item, part, file, wish, decided)
        review.seen(session, erasing.along_with(session, item, part), str(decided.actor), now)
        review.settle(session, part, PartState.CONFIRMED, file_id=file.id, actor=str(decided.actor), at=now)
        if decided.giver == Giver.YOUNG_PERSON:  # what they gave goes to no parent before they were asked (W29, R19)
            marks.mark(session, file, part.id, GivenByChild.NOT_ASKED, by=str(decided.actor), at=now)
        if first is not None:
            several.enter(session, first, part, by=str(decided.actor), at=now)
        moved.old_blobs += arranging.tidy(session, item)
        return Outcome(file.id, number, storing_withdrawn=recorded.storing_withdrawn, reopened=reopened)


def _paper(
    chain: Paperchain, session: Session, item: Item, part: Part, file: ChildFile, wish: str, decided: Confirmed
) -> int:
    """Enters the form's paper, with where it is proposed to go; returns its number."""
    policy = chain.policy()
    proposal = propose(policy, wish=Wish(wish), confirmed_on=chain.clock.today())
    original = originals.log(
        session,
        Paper(item.id, part.id, file.id, len({page.sheet for page in inbox.pages_of(session, item, part)}), wish),
        number=inbox.next_number(session, "original"), proposal=proposal,
        policy_version=policy.version, legible=decided.legible, actor=str(decided.actor), at=chain.clock.now(),
    )  # fmt: skip
    wanted_back(chain, session, original, proposal, item, actor=str(decided.actor))
    return original.number


def wanted_back(
    chain: Paperchain, session: Session, original: Original, proposal: Proposal, item: Item, *, actor: str
) -> None:
    """A paper that the family asked back as it came has its day from then on, as one has that they ask for later (N16, R60)."""
    if proposal.kind is ProposalKind.RETURN:
        due = england().after(item.received_on, chain.policy().periods.return_working_days)
        asked_back.ask(session, original, due, actor=actor, at=chain.clock.now())


@contextmanager
def _then_delete(chain: Paperchain) -> Iterator[_Moved]:
    """Deletes old blobs only after the transaction inside was committed."""
    moved = _Moved()
    yield moved
    for blob in moved.old_blobs:
        chain.store.delete(blob)


def _kept(template: Template, reading: FormReading, answers: Mapping[str, str | None]) -> dict[str, dict[str, Any]]:
    """Proposal, confidence and confirmed value of each field (G3)."""
    kept: dict[str, dict[str, Any]] = {}
    for question in interpret.questions(template, reading):
        kept[question.field.id] = {
            "proposed": question.value,
            "asked": question.review,
            "confidence": question.confidence,
            "confirmed": answers.get(question.field.id),
        }
    return kept


def _noted(words: str | None) -> dict[str, Any]:
    """Something about a form that no field of it asks, beside its fields."""
    return {"proposed": None, "asked": False, "confidence": 1.0, "confirmed": words}


def _more(names: str | None) -> dict[str, dict[str, Any]]:
    if names is None:
        return {}
    return {MORE_CHILDREN: _noted("yes"), OTHER_NAMES: _noted(names or None)}


def _file(session: Session, decided: Confirmed, part: Part, template: Template, chain: Paperchain) -> ChildFile:
    now, actor = chain.clock.now(), str(decided.actor)
    match decided.child:
        case NewChild(name=name):
            file = register.open_file(
                session, officer_id=decided.actor, child_name=name, actor=actor, at=now,
                number=inbox.next_number(session, "file"),
            )  # fmt: skip
            telling.ask(session, file, chain.policy(), actor=actor, at=now)
        case KnownChild(file_id=file_id):
            file = register.get(session, file_id)
        case _:
            assert_never(decided.child)
    register.add_birth_date(session, file, decided.child.born, part_id=part.id, actor=actor, at=now)
    for carer in _carers(template, decided):
        there = {person.name.casefold() for person in register.people(session, file)}
        if carer.casefold() not in there:
            register.add_person(session, file, kind=register.CARER, name=carer, actor=actor, at=now)
    return file


def _file_of_sheet(session: Session, decided: Confirmed, number: int) -> ChildFile:
    """The file that an answer sheet was printed for, or the one that it was joined to: no other, and never a new one."""
    if isinstance(decided.child, KnownChild):
        file = register.get(session, decided.child.file_id)
        if file.id == merging.root_id(session, register.by_number(session, number).id):
            return file
    raise RefusedByRule("An answer sheet belongs to the file that it was printed for, and to no other.", "R21")


def _record(
    session: Session,
    file: ChildFile,
    source: FromForm,
    given: list[Given],
    at: datetime,
    policy: Policy,
) -> Recorded:
    """Appends the answers. A no to what was agreed by its day is a withdrawal, with all that follows (R30, R31), on any form of ours.

    Hands back what was withdrawn, and whether the decision on erasing was opened.
    """
    before, day = ledger.answers_of(session, file.id), source.effective_on
    said = [
        replace(one, state=changes.state_of(one.item_code, False, before, day))
        if one.state is ConsentState.REFUSED
        else one
        for one in given
    ]
    ledger.record_form(session, file, source, said, at)
    withdrawn = tuple(one.item_code for one in said if one.state is ConsentState.WITHDRAWN)
    noes = tuple(one.item_code for one in said if one.state in (ConsentState.WITHDRAWN, ConsentState.REFUSED))
    storing = changes.storing_withdrawn(
        session, file, noes, source.effective_on, actor=source.confirmed_by, at=at, policy=policy
    )
    told = changes.past_recipients(session, file.id, withdrawn)
    recorded = Recorded(source.part_id, withdrawn, told, storing)
    following.after_change(session, file, recorded, actor=source.confirmed_by, at=at, policy=policy)
    return recorded


def _giver_person(session: Session, file: ChildFile, decided: Confirmed) -> UUID | None:
    """Whose word the form is: the child's, or the carer's whose name stands on it; None where that is not known (R27).

    Of two who bear that name on one file nobody can tell which one signed; on joined files they are one, unless somebody said that they are two.
    """
    people = register.people(session, file)
    if decided.giver == Giver.YOUNG_PERSON:
        return next((person.id for person in people if person.kind == register.CHILD), None)
    name = (decided.answers.get("parent_name") or "").strip().casefold()
    if decided.giver != Giver.PARENT_OR_CARER or not name:
        return None
    same = [person for person in people if person.kind != register.CHILD and person.name.casefold() == name]
    if len({person.file_id for person in same}) < len(same):
        return None
    facts = known.of_file(session, file.id) if len(same) > 1 else {}
    return same[0].id if same and not told_apart(same[0], same, facts) else None


def _carers(template: Template, decided: Confirmed) -> list[str]:
    name = (decided.answers.get("parent_name") or "").strip()
    return [name] if name and any(each.id == "parent_name" for each in template.fields) else []


def _take_along(chain: Paperchain, session: Session, part: Part, item: Item, file: ChildFile, moved: _Moved) -> None:
    """Seals the form's documents under the child's key. The scan goes along when every page of it is this family's;
    a scan that holds other families' pages stays under the item's own key until they are settled (P6)."""
    key = keyring.open_key(session, file.key_id)
    reading = review.reading_json(session, part)
    documents = list(session.exec(select(Document).where(Document.part_id == part.id)))
    others = [other for other in inbox.parts_of(session, item) if other.id != part.id]
    if all(other.state == PartState.NOTHING_TO_DO or other.file_id == file.id for other in others):
        backs = [other.id for other in others if other.file_id is None]
        documents += session.exec(select(Document).where(Document.item_id == item.id, col(Document.part_id).is_(None)))
        documents += session.exec(select(Document).where(col(Document.part_id).in_(backs)))
    for document in documents:
        moved.old_blobs.append(holdings.reseal(session, chain.store, document, file.key_id, key))
        document.file_id = file.id
    review.keep_reading(part, key, reading)
    session.flush()
