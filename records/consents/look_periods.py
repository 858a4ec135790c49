"""From when until when the family wants us to look at the records of each body of a file, as known at a moment (N13)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from records.consents.look_rules import MayLook, Step, period
from records.consents.tables import LookRequest, NamedBody


def of_bodies(
    session: Session, rows: Sequence[NamedBody], known_at: datetime | None = None
) -> Mapping[UUID, tuple[MayLook, ...]]:
    """By body, where anything was ever asked. `known_at`: as recorded by then; None: by now."""
    looked_at = {row.id: row.looked_at_since for row in rows if row.looked_at_since is not None}
    if not looked_at:
        return {}
    found: dict[UUID, list[MayLook]] = defaultdict(list)
    with_requests = set()
    for row in session.exec(select(LookRequest).where(col(LookRequest.body_id).in_(looked_at))).all():
        with_requests.add(row.body_id)
        if known_at is not None and row.recorded_at > known_at:
            continue
        ended = row.ended if known_at is None or (row.ended_at is not None and row.ended_at <= known_at) else None
        found[row.body_id].append(period(row.asked_on, Step(ended) if ended else None, row.ended_on))
    for body, since in looked_at.items():
        if body not in with_requests and since is not None:  # noted before requests were records of their own
            found[body].append(MayLook(since))
    return {body: tuple(each) for body, each in found.items()}
