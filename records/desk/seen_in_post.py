"""A possible request that was seen in the post: who may record it, and that it is asked about no more once it is (R62)."""

from sqlmodel import Session, select

from records.desk.numbers import whole
from records.desk.shell import Call
from records.documents.text import index
from records.documents.text.index import Outcome
from records.documents.text.spotting import RequestKind as Seen
from records.guard.standing import about
from records.people import register as people
from records.people.tables import ChildFile
from records.post.tables import Item, Part
from records.staff.access import Act, Subject


def item_seen(session: Session, call: Call, typed: str) -> Item | None:
    """The item of the post that a request was seen in, for somebody who may open it."""
    number = whole(typed)
    if number is None:
        return None
    item = session.exec(select(Item).where(Item.number == number)).first()
    filed = (
        set()
        if item is None
        else {part.file_id for part in session.exec(select(Part).where(Part.item_id == item.id)) if part.file_id}
    )
    files = [people.get(session, one) for one in filed]
    mine = any(may_work(call, file) for file in files) if files else call.may(Act.OPEN_ITEM, Subject(None))
    return item if mine else None


def settle_seen(session: Session, item: Item | None, seen: str, call: Call) -> None:
    """The possible request in the post is a request now, so it is no longer asked about (R62)."""
    if item is None or seen not in set(Seen):
        return
    if any(one.kind == seen for one in index.open_requests(session, [item.id]).get(item.id, [])):
        index.close_requests(
            session, item.id, Seen(seen), Outcome.PASSED_ON, actor=str(call.actor.id), at=call.desk.clock.now()
        )


def may_work(call: Call, file: ChildFile | None) -> bool:
    """Whether this person may open a request about this file, or about none yet."""
    return call.may(Act.WORK_REQUEST, Subject(None) if file is None else about(file))
