"""What a person does to the pages of an item on its page: arrange them, undo that, say that blank pages are blank, have all read again."""

from starlette.responses import Response

from intake import arranging, reading_again
from intake.desk import post_view
from intake.wiring import Paperchain
from records.desk.numbers import whole
from records.desk.shell import Call, Pages
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.post import inbox, review
from records.post.arrangement import Edit
from records.post.tables import Item
from records.staff.access import Act
from records.vocabulary import ItemState

DONE = {
    Edit.SPLIT: "Split after page {page}.",
    Edit.JOIN: "Joined with the pages that follow.",
    Edit.TURN: "Page {page} was turned.",
    Edit.BLANK: "Page {page} is marked as blank. Its picture is kept.",
    Edit.BY_HAND: "These pages are to be sorted by hand.",
    Edit.UNDO: "The last change was undone.",
}


def make(chain: Paperchain) -> Pages:
    """The pages over one Paperchain."""
    pages = Pages()

    @pages.post("/items/{number:int}/arrange", rule=Act.SORT_ITEM)
    def arrange(call: Call, number: int) -> Response:
        _open(chain, call, number)
        what = Edit(call.sent["act"]) if call.sent.get("act") in set(Edit) else None
        page, arranged = _figures(call, "page"), _figures(call, "arranged")
        if what is None or arranged is None:
            raise ChangedMeanwhile("Nothing was changed. Open the page again.")
        try:
            if what is Edit.UNDO:
                arranging.undo(chain, number, actor=str(call.actor.id), arranged=arranged)
            else:
                arranging.edit(chain, number, what, page or 0, actor=str(call.actor.id), arranged=arranged)
        except RefusedByRule as refused:
            return call.go(_back(number, page), f"Nothing was changed. {refused.message}")
        return call.go(_back(number, page), DONE[what].format(page=page))

    @pages.post("/items/{number:int}/seen", rule=Act.SORT_ITEM)
    def seen(call: Call, number: int) -> Response:
        _open(chain, call, number)
        with chain.db.writing() as session:
            item = inbox.by_number(session, number)
            if ItemState(item.state) not in arranging.OPEN_ITEM or item.arranged != _figures(call, "arranged"):
                raise ChangedMeanwhile(arranging.MEANWHILE)
            now, actor = chain.clock.now(), str(call.actor.id)
            review.seen(session, inbox.parts_of(session, item), actor, now)
            inbox.settle(session, item, actor=actor, at=now)
            blobs = arranging.tidy(session, item)
            waits = ItemState(item.state) in arranging.OPEN_ITEM
        for blob in blobs:
            chain.store.delete(blob)
        return call.go(f"/items/{number}" if waits else "/post", "The blank pages and our own sheets are settled.")

    @pages.post("/items/{number:int}/read-again", rule=Act.SORT_ITEM)
    def read_again(call: Call, number: int) -> Response:
        _open(chain, call, number)
        version = _figures(call, "version")
        if version is None:
            raise ChangedMeanwhile("Nothing was changed. Open the page again.")
        try:
            reading_again.read_again(chain, number, actor=str(call.actor.id), version=version)
        except RefusedByRule as refused:
            return call.go(f"/items/{number}", f"Nothing was changed. {refused.message}")
        return call.go(f"/items/{number}", f"Item {number} is being read again.")

    return pages


def _open(chain: Paperchain, call: Call, number: int) -> Item:
    with chain.db.reading() as session:
        item = inbox.by_number(session, number)
        call.need(Act.SORT_ITEM, post_view.subject_of(session, item))
        return item


def _figures(call: Call, name: str) -> int | None:
    return whole(call.sent.get(name, ""))


def _back(number: int, page: int | None) -> str:
    """To the strip again, with the same page chosen."""
    if page is None:
        return f"/items/{number}#strip"
    if page < 1:
        raise NotFound("There is no such page.")
    return f"/items/{number}?page={page}#page-{page}"  # the fragment gives the page its focus back
