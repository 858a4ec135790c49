"""A manager keeps a file longer than the rule, or sets a date where none can be counted (W40, R37). Appended, with a reason."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from records.audit import trail
from records.cases import closing
from records.clock import LONDON
from records.documents import keyring
from records.documents.envelope import seal_json, unseal_json
from records.errors import RefusedByRule
from records.people import merging
from records.people.tables import ChildFile
from records.people.typed import text_problem
from records.policies.periods import in_words
from records.retention.facts import Rules, due_by, of_file, to_review
from records.retention.schedule import Due
from records.retention.tables import KeepDecision

LONGEST_REASON = 500


def keep_to(
    session: Session, file: ChildFile, until: date, reason: str, *, rules: Rules, by: str, at: datetime
) -> None:
    """Raises RefusedByRule, in words, for an earlier date, one that has passed, or a reason that is missing."""
    if not reason.strip():
        raise RefusedByRule("Say why it is kept longer.", "W40")
    if len(reason) > LONGEST_REASON:
        raise RefusedByRule(f"Say why in at most {LONGEST_REASON} letters.", "W40")
    if problem := text_problem(reason, "Why it is kept longer"):
        raise RefusedByRule(f"{problem}.", "W40")
    if until <= at.astimezone(LONDON).date():
        raise RefusedByRule("The date must be after today.", "W40")
    joined = merging.ids_of(session, file.id)
    if not rules.now.may_extend and to_review(session, joined) is None:
        raise RefusedByRule("The policy does not let anybody keep longer. Place a hold if it must be kept.", "S10")
    found = due_by(of_file(session, file), rules)
    if isinstance(found, Due) and until <= found.due:
        raise RefusedByRule(f"It is kept to {in_words(found.last_day_kept)} already. Choose a later date.", "W40")
    decision = KeepDecision(file_id=file.id, until=until, sealed=b"", decided_by=by, decided_at=at)
    decision.sealed = seal_json(keyring.open_key(session, file.key_id), {"reason": reason.strip()}, decision.id.bytes)
    session.add(decision)
    session.flush()
    closing.called_off(session, joined, actor=by, at=at)
    trail.append(session, actor=by, act="kept_longer", subject_kind="file", subject_id=str(file.id), at=at)


def decisions(session: Session, file: ChildFile) -> Sequence[tuple[KeepDecision, str]]:
    """Every decision about a file with its reason, newest first."""
    rows = session.exec(
        select(KeepDecision).where(KeepDecision.file_id == file.id).order_by(col(KeepDecision.decided_at).desc())
    ).all()
    key = keyring.open_key(session, file.key_id)
    return [(row, str(unseal_json(key, row.sealed, row.id.bytes)["reason"])) for row in rows]
