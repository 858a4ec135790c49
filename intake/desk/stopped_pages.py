"""What a person does with an item that stopped. Each address is one act; its page is the item's own (`sort_pages`)."""

from collections.abc import Callable, Iterator
from typing import BinaryIO

from starlette.responses import Response

from intake import stopped
from intake.claiming import BLOCK
from intake.desk import post_view
from intake.desk.post_pages import NO_ROOM
from intake.uploads import NoRoom
from intake.wiring import Paperchain, in_words
from records.desk.numbers import whole
from records.desk.shell import Call, Pages
from records.errors import ChangedMeanwhile
from records.post import inbox
from records.staff.access import Act

FILE = "file"
CHOOSE = "Choose the file to put in its place"


def make(chain: Paperchain) -> Pages:
    """The acts on stopped items."""
    pages = Pages()

    @pages.post("/items/{number:int}/again", rule=Act.ACT_ON_ITEM)
    def again(call: Call, number: int) -> Response:
        _do(chain, call, number, stopped.try_again)
        return call.go(f"/items/{number}", f"Item {number} is being read again.")

    @pages.post("/items/{number:int}/not-ours", rule=Act.ACT_ON_ITEM)
    def not_ours(call: Call, number: int) -> Response:
        _do(chain, call, number, stopped.not_ours)
        return call.go("/post", f"Item {number} is marked as not ours. Its scan is kept.")

    @pages.post("/items/{number:int}/return", rule=Act.ACT_ON_ITEM)
    def return_to_sender(call: Call, number: int) -> Response:
        _do(chain, call, number, stopped.return_to_sender)
        return call.go("/post", f"Item {number} is marked as returned to the sender. Its scan is kept.")

    @pages.post("/items/{number:int}/replace", rule=Act.ACT_ON_ITEM)
    def replace(call: Call, number: int) -> Response:
        _allowed(chain, call, number)
        given = call.files(FILE)
        if not given:
            return call.go(f"/items/{number}", f"{CHOOSE}. Nothing was changed.")
        try:
            stopped.replace_scan(
                chain, number, given[0].filename or "", _blocks(given[0].file), actor=str(call.actor.id),
                version=_version(call),
            )  # fmt: skip
        except NoRoom:
            return call.go(f"/items/{number}", f"{NO_ROOM}. Nothing was changed.")
        except OSError as error:
            return call.go(f"/items/{number}", f"{in_words(error, chain.settings.documents)} Nothing was changed.")
        return call.go(f"/items/{number}", f"The new file of item {number} is being read. The one that came is kept.")

    @pages.post("/items/{number:int}/remove-replaced", rule=Act.ACT_ON_ITEM, fresh=True)
    def remove_replaced(call: Call, number: int) -> Response:
        _do(chain, call, number, stopped.remove_replaced)
        return call.go(f"/items/{number}", "The file that was replaced has been removed.")

    return pages


def _allowed(chain: Paperchain, call: Call, number: int) -> None:
    with chain.db.reading() as session:
        call.need(Act.ACT_ON_ITEM, post_view.subject_of(session, inbox.by_number(session, number)))


def _do(chain: Paperchain, call: Call, number: int, act: Callable[..., None]) -> None:
    _allowed(chain, call, number)
    act(chain, number, actor=str(call.actor.id), version=_version(call))


def _version(call: Call) -> int:
    version = whole(call.sent.get("version", ""))
    if version is None:
        raise ChangedMeanwhile("Nothing was saved. Open the page again.")
    return version


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    while block := stream.read(BLOCK):
        yield block
