"""What people say of a paper: that it cannot be replaced (R55), that the family asks us to keep it (N16), or that either is over.

Appended; the newest word counts.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from records.audit import trail
from records.custody import facts, originals, waste
from records.custody.moves import Custody, Facts
from records.custody.tables import Original, PaperRemark
from records.errors import ChangedMeanwhile, RefusedByRule


class Irreplaceable(StrEnum):
    """Why a paper never goes in waste."""

    IDENTITY = "identity"
    CERTIFICATE = "certificate"
    COURT = "court"
    PHOTOGRAPH = "photograph"
    OTHER = "other"


class Asked(StrEnum):
    """What the family said of a paper after it was logged, by telephone or letter. Kept beside `Replaceable`, in the same column."""

    KEEP = "asked_to_keep"
    NO_LONGER = "asked_no_longer"


ASKED_NOW, UNKNOWN = "keep", "unknown"


class Replaceable(StrEnum):
    """Why a paper can be replaced after all. Codes, so that nothing about a family stands here."""

    MISTAKE = "mistake"
    COPY = "copy"


REPLACEABLE_WORDS = {
    Replaceable.MISTAKE: "It was marked by mistake",
    Replaceable.COPY: "It is a copy; the family has the original",
}
WORDS = {
    Irreplaceable.IDENTITY: "identity paper",
    Irreplaceable.CERTIFICATE: "certificate",
    Irreplaceable.COURT: "court paper with a seal",
    Irreplaceable.PHOTOGRAPH: "photograph",
    Irreplaceable.OTHER: "something that cannot be had again",
}


def mark(
    session: Session,
    original: Original,
    kind: Irreplaceable | None,
    reason: Replaceable | None,
    *,
    actor: str,
    at: datetime,
    version: int,
) -> None:
    """Says that a paper cannot be replaced, or (None) that it can. Taking it back needs a reason, and somebody else than who said it.

    A paper in a sack that is not sealed is taken out at once; a sealed sack is not collected while the paper is in it.
    """
    if original.version != version:
        raise ChangedMeanwhile(originals.moved_first(session, original))
    if kind is None:
        if original.irreplaceable is None:
            return
        if reason is None:
            raise RefusedByRule("Say why it can be replaced after all.", "R55")
        said = [remark for remark in remarks(session, original) if remark.irreplaceable]
        if said and said[-1].said_by == actor:
            raise RefusedByRule("You said yourself that it cannot be replaced. Somebody else must look at it.", "R55")
    original.irreplaceable = WORDS[kind] if kind else None
    session.add(original)
    session.add(
        PaperRemark(
            original_id=original.id, irreplaceable=kind, reason=reason, said_by=actor, said_at=at
        )
    )  # fmt: skip
    session.flush()
    trail.append(
        session, actor=actor, act="original_irreplaceable" if kind else "original_replaceable", subject_kind="original",
        subject_id=str(original.id), at=at, detail={"number": original.number},
    )  # fmt: skip
    if kind is not None:
        _out_of_the_sack(session, original, "irreplaceable", actor, at)


def keep(session: Session, original: Original, asked: bool, *, actor: str, at: datetime, version: int) -> None:
    """The family asked us after all to keep this paper, or no longer does (N16). RefusedByRule where it was not said here.

    A paper in a sack that is not sealed is taken out at once; a sealed sack is not collected while the paper is in it.
    """
    if original.version != version:
        raise ChangedMeanwhile(originals.moved_first(session, original))
    if facts.to_keep(original) is asked:
        return
    if not asked:
        said = said_to_keep(session, original)
        if said is None:
            raise RefusedByRule("The form says that it is kept. Only a new answer of the family changes that.", "N16")
        if said.said_by == actor:
            raise RefusedByRule("You said yourself that it is kept. Somebody else must look at it.", "N16")
    original.asked_to_keep = ASKED_NOW if asked else UNKNOWN
    session.add(original)
    reason = Asked.KEEP if asked else Asked.NO_LONGER
    session.add(PaperRemark(original_id=original.id, reason=reason, said_by=actor, said_at=at))
    session.flush()
    trail.append(
        session, actor=actor, act="original_asked_to_keep" if asked else "original_not_kept_any_more", subject_kind="original",
        subject_id=str(original.id), at=at, detail={"number": original.number},
    )  # fmt: skip
    if asked:
        _out_of_the_sack(session, original, "asked_to_keep", actor, at)


def said_to_keep(session: Session, original: Original) -> PaperRemark | None:
    """Who last said that the family asks us to keep it, when it is so by a remark and not by a form."""
    of_this = [each for each in remarks(session, original) if each.reason in set(Asked)]
    return of_this[-1] if of_this and of_this[-1].reason == Asked.KEEP else None


def _out_of_the_sack(session: Session, original: Original, why: str, actor: str, at: datetime) -> None:
    if original.state == Custody.TO_DISPOSE:
        waste.leave(session, original, why, actor=actor, at=at)
        originals.move(session, original, Custody.CHECKED, Facts(checked_by_person=True), actor=actor, at=at)


def remarks(session: Session, original: Original) -> Sequence[PaperRemark]:
    """Everything that was said, in order."""
    said = select(PaperRemark).where(PaperRemark.original_id == original.id)
    return session.exec(said.order_by(col(PaperRemark.said_at))).all()
