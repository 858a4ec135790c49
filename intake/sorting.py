"""Post that is no known form, settled by a person: filed with a child's papers, or not ours. Stopped items: see `stopped`.

As in `filing`, one transaction decides, documents are sealed under the child's key before it, and old blobs go after it.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session, col, select

from intake import arranging, erasing, filing, in_use
from intake.wiring import Paperchain
from records.cases import closing
from records.cases.words import TurnedBy
from records.consents import looking
from records.consents.items import Category
from records.custody import originals
from records.custody.originals import Paper
from records.custody.proposal import Proposal, ProposalKind, Wish, propose
from records.documents import holdings, keyring
from records.documents.tables import Document
from records.errors import NotFound, RefusedByRule
from records.people import exact, register
from records.people.tables import ChildFile
from records.post import inbox, review
from records.post.tables import Item, Part
from records.vocabulary import DocumentKind, PartKind, PartState


class SortedAs(StrEnum):
    """What a person says the pages are."""

    LETTER = "letter"
    REPORT = "report"
    UNKNOWN_FORM = "unknown_form"
    NOT_OURS = "not_ours"


SORTED_WORDS = {
    SortedAs.LETTER: "Letter",
    SortedAs.REPORT: "Report",
    SortedAs.UNKNOWN_FORM: "A form not recognised",
    SortedAs.NOT_OURS: "Not ours",
}


WITHOUT_A_YES = "This form waits for the family’s word on keeping it. File it once they have said yes; without a yes it is erased when its day has come."


class NoSuchFile(NotFound):
    """The typed file number is no file's."""


class AnotherChild(RefusedByRule):
    """The name or birth date typed beside the number is not that of its child."""


@dataclass(frozen=True)
class ForFile:
    """Pages that belong with a child's papers. `legible`: a person checked the picture against the paper (R54).

    `agency`: whose record it is, where it is another agency's (N13). `child`, `born`: a name or birth date that stands on the pages, typed so
    that a mistyped number is noticed before another family has them (P6, P8).
    """

    kind: SortedAs
    file_number: int
    paper: ProposalKind
    legible: bool
    agency: Category | None = None
    child: str = ""
    born: date | None = None


@dataclass(frozen=True)
class NotForUs:
    """Pages that are not the service's: kept as scanned, in no file."""


Decision = ForFile | NotForUs


@dataclass(frozen=True)
class Sorted:
    """What became of the pages: the number of the paper original, if there is one, and whether a closed file was opened again by them."""

    original: int | None = None
    reopened: bool = False


def sort_part(chain: Paperchain, number: int, part_id: UUID, decision: Decision, *, actor: str, version: int) -> Sorted:
    """Settles pages that wait to be sorted; also a form that waits for the family and that no text in use has read (R28).

    Raises NoSuchFile, ChangedMeanwhile, NotAskedToLook (N13), or RefusedByRule when the policy keeps paper.
    """
    with chain.db.writing() as session:
        item, part = inbox.by_number(session, number), review.get(session, part_id)
        if part.item_id != item.id:
            raise NotFound("There are no such pages in this item.")
        allowed = PartState.QUARANTINED if waits_unread(session, part) else PartState.TO_SORT
        review.check_open(part, actor, version, chain.clock.now(), (allowed,))
        done, old_blobs = Sorted(), list[str]()
        if allowed is PartState.QUARANTINED:
            if in_use.noted_no(session, part):
                raise RefusedByRule(arranging.SAID_NO, "R28")
            if isinstance(decision, NotForUs):
                raise RefusedByRule(WITHOUT_A_YES, "R28")
            old_blobs += _as_no_form(session, part)
        if isinstance(decision, ForFile):
            done, blobs = _file(chain, session, item, part, decision, actor)
            old_blobs += blobs
        else:
            part.reason = SORTED_WORDS[SortedAs.NOT_OURS]
            review.seen(session, erasing.along_with(session, item, part), actor, chain.clock.now())
            review.settle(session, part, PartState.NOT_OURS, file_id=None, actor=actor, at=chain.clock.now())
        old_blobs += arranging.tidy(session, item)
    for blob in old_blobs:
        chain.store.delete(blob)
    return done


def waits_unread(session: Session, part: Part) -> bool:
    """Whether it is a form that waits for the family and cannot be opened in Review any more: a person sorts it once they have said yes."""
    return part.state == PartState.QUARANTINED and in_use.why_unused(session, part) is not None


def _as_no_form(session: Session, part: Part) -> list[str]:
    """What was read of a form, and noted about it, goes: its pages alone are filed. Returns the blobs to delete after the commit."""
    review.forget_noted(session, part)
    evidence = session.exec(
        select(Document).where(Document.part_id == part.id, Document.kind == DocumentKind.EVIDENCE)
    ).all()
    part.kind, part.form, part.edition, part.doubtful = PartKind.OTHER, None, None, 0
    review.forget_reading(part)
    session.add(part)
    for document in evidence:
        session.delete(document)
    session.flush()
    return [document.blob for document in evidence]


def _file(
    chain: Paperchain, session: Session, item: Item, part: Part, decision: ForFile, actor: str
) -> tuple[Sorted, list[str]]:
    """What became of them, and the blobs to delete after the commit."""
    now = chain.clock.now()
    try:
        file = register.by_number(session, decision.file_number)
    except NotFound:
        raise NoSuchFile("There is no file with that number. Look at it again.") from None
    typed = decision.child.strip() or decision.born
    if typed and not any(
        exact.fits(session, one, decision.child, decision.born) for one in register.all_of(session, file)
    ):
        raise AnotherChild(
            "The file of that number is not this child’s. Look at the number, and at the spelling, again.", "P6"
        )
    if decision.agency is not None:
        looking.file_under(
            session,
            file,
            part.id,
            decision.agency,
            policy=chain.policy(),
            today=chain.clock.today(),
            actor=actor,
            at=now,
        )
    proposal = paper_for(chain, decision.paper)
    old_blobs = _take_along(chain, session, part, item, file)
    sheets = len({page.sheet for page in inbox.pages_of(session, item, part)})
    wish = "return" if decision.paper is ProposalKind.RETURN else "unknown"
    original = originals.log(
        session, Paper(item.id, part.id, file.id, sheets, wish), number=inbox.next_number(session, "original"),
        proposal=proposal, policy_version=chain.policy().version, legible=decision.legible, actor=actor, at=now,
    )  # fmt: skip
    filing.wanted_back(chain, session, original, proposal, item, actor=actor)
    part.reason = SORTED_WORDS[decision.kind]
    review.seen(session, erasing.along_with(session, item, part), actor, now)
    review.settle(session, part, PartState.FILED, file_id=file.id, actor=actor, at=now)
    reopened = closing.after(session, file, TurnedBy.LETTER, on=item.received_on, actor=actor, at=now)
    return Sorted(original.number, reopened), old_blobs


def paper_for(chain: Paperchain, chosen: ProposalKind) -> Proposal:
    """What a person chose for the paper, as a proposal. Waste only under a policy that destroys paper, after its waiting time."""
    match chosen:
        case ProposalKind.CABINET:
            return Proposal(chosen, None, "Whoever sorted it chose the cabinet.", "W47")
        case ProposalKind.RETURN:
            return Proposal(chosen, None, "Whoever sorted it chose to return it to the family.", "N16")
        case ProposalKind.WASTE:
            proposal = propose(chain.policy(), wish=Wish.UNKNOWN, confirmed_on=chain.clock.today())
            if proposal.kind is not ProposalKind.WASTE:
                raise RefusedByRule("The policy does not say that paper is destroyed. Keep it or return it.", "S11")
            return proposal


def _take_along(chain: Paperchain, session: Session, part: Part, item: Item, file: ChildFile) -> list[str]:
    """Seals the pages under the child's key, and the whole scan when everything else in it is this file's or nobody's.
    Returns the old blobs."""
    key = keyring.open_key(session, file.key_id)
    reading = review.reading_json(session, part) if part.sealed_reading is not None else None
    documents = list(session.exec(select(Document).where(Document.part_id == part.id)))
    others = [other for other in inbox.parts_of(session, item) if other.id != part.id]
    if all(other.state == PartState.NOTHING_TO_DO or other.file_id == file.id for other in others):
        backs = [other.id for other in others if other.state == PartState.NOTHING_TO_DO]
        documents += session.exec(select(Document).where(Document.item_id == item.id, col(Document.part_id).is_(None)))
        documents += session.exec(select(Document).where(col(Document.part_id).in_(backs)))
    old = []
    for document in documents:
        old.append(holdings.reseal(session, chain.store, document, file.key_id, key))
        document.file_id = file.id
    if reading is not None:
        review.keep_reading(part, key, reading)
    session.flush()
    return old
