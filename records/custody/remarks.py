"""What people say of a paper: that it cannot be replaced, or that this was a mistake (R55). Appended; the newest word counts."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from records.audit import trail
from records.custody import originals, waste
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
    if kind is not None and original.state == Custody.TO_DISPOSE:
        waste.leave(session, original, "irreplaceable", actor=actor, at=at)
        originals.move(session, original, Custody.CHECKED, Facts(checked_by_person=True), actor=actor, at=at)


def remarks(session: Session, original: Original) -> Sequence[PaperRemark]:
    """Everything that was said, in order."""
    said = select(PaperRemark).where(PaperRemark.original_id == original.id)
    return session.exec(said.order_by(col(PaperRemark.said_at))).all()
